//! What can be wrong with a text, in words for a person. No content of the text enters a message, except punctuation,
//! the keywords of the table below and names of characters: a string or a bare word may be a credential.

use crate::language::{Param, Phrase};
use crate::source::Span;

/// The two kinds of bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bracket {
    /// `{` and `}`: an object.
    Brace,
    /// `[` and `]`: an array.
    Square,
}

impl Bracket {
    /// The closing bracket.
    #[must_use]
    pub const fn close(self) -> char {
        match self {
            Self::Brace => '}',
            Self::Square => ']',
        }
    }

    /// The opening bracket.
    #[must_use]
    pub const fn open(self) -> char {
        match self {
            Self::Brace => '{',
            Self::Square => '[',
        }
    }

    const fn container(self) -> &'static str {
        match self {
            Self::Brace => "object",
            Self::Square => "array",
        }
    }
}

/// A word of another language that people write where JSON5 wants a value.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// As written.
    pub written: &'static str,
    /// The JSON5 value that is probably meant.
    pub instead: &'static str,
}

/// The words that a message may name.
const WORDS: &[Word] = &[
    Word { written: "True", instead: "true" },
    Word { written: "TRUE", instead: "true" },
    Word { written: "yes", instead: "true" },
    Word { written: "Yes", instead: "true" },
    Word { written: "YES", instead: "true" },
    Word { written: "on", instead: "true" },
    Word { written: "On", instead: "true" },
    Word { written: "ON", instead: "true" },
    Word { written: "False", instead: "false" },
    Word { written: "FALSE", instead: "false" },
    Word { written: "no", instead: "false" },
    Word { written: "No", instead: "false" },
    Word { written: "NO", instead: "false" },
    Word { written: "off", instead: "false" },
    Word { written: "Off", instead: "false" },
    Word { written: "OFF", instead: "false" },
    Word { written: "None", instead: "null" },
    Word { written: "nil", instead: "null" },
    Word { written: "Null", instead: "null" },
    Word { written: "NULL", instead: "null" },
    Word { written: "undefined", instead: "null" },
    Word { written: "nan", instead: "NaN" },
    Word { written: "NAN", instead: "NaN" },
    Word { written: "inf", instead: "Infinity" },
    Word { written: "infinity", instead: "Infinity" },
];

impl Word {
    /// The table's entry for `text`.
    pub(super) fn find(text: &str) -> Option<&'static Self> {
        WORDS.iter().find(|word| word.written == text)
    }
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberFault {
    /// A sign or a point without digits, or signs in a row.
    Digits,
    /// `e` without an exponent, or with a broken one.
    Exponent,
    /// `0x` without, or with other than, hexadecimal digits.
    Hexadecimal,
    /// `0b` or `0o`.
    Prefix,
    /// `1_000`.
    Separator,
}

/// The kinds of mistake that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Nothing but white space and comments.
    EmptyDocument,
    /// 4 GiB or more: not read at all.
    TooLarge,
    /// More brackets inside each other than the limit given.
    TooDeep(u32),
    /// Something stands behind the one value of the document.
    TextAfterDocument,
    /// The document begins with a key instead of `{`.
    MissingBraces,
    /// Two members or elements without a comma between them. The related span is the end of the first.
    MissingComma,
    /// A key and a value without a colon between them. The related span is the key.
    MissingColon,
    /// Another sign where a comma or a colon must stand.
    WrongSeparator {
        /// The sign in the text.
        found: char,
        /// What JSON5 wants there.
        expected: char,
    },
    /// A value, or a colon, where a key must stand.
    MissingKey,
    /// A key without a value.
    MissingValue,
    /// A comma before the first member or element.
    LeadingComma,
    /// Two or more commas in a row.
    ExtraComma,
    /// A key with characters that only a quoted key may have.
    KeyNeedsQuotes,
    /// A `\` in an unquoted key that begins no usable `\uXXXX`.
    BadKeyEscape,
    /// `"key": value` directly inside `[ ]`.
    KeyInArray,
    /// Unquoted text where a value must stand; the word when it is one of another language's keywords.
    UnquotedValue(Option<&'static Word>),
    /// `{{ … }}`, `${…}`, `$NAME`, `<…>` and the like outside a string: the text is a template, not JSON5 yet.
    TemplatePlaceholder,
    /// The marks of an unresolved merge; only the first one of a text is reported.
    ConflictMarker,
    /// A `#` comment.
    HashComment,
    /// A `/*` without `*/`.
    UnterminatedComment,
    /// A string in back-ticks.
    BacktickString,
    /// A string in typographic quotes.
    SmartQuotes,
    /// A string that its line does not close.
    UnterminatedString,
    /// A raw line break in a string that is closed further down. The related span is the opening quote.
    LineBreakInString,
    /// A backslash before a digit.
    BadEscape,
    /// `\x` without two hexadecimal digits.
    BadHexEscape,
    /// `\u` without four hexadecimal digits.
    BadUnicodeEscape,
    /// `010`.
    LeadingZero,
    /// Another broken number.
    BadNumber(NumberFault),
    /// A bracket that is never closed. The related span is where it was opened.
    Unclosed(Bracket),
    /// `]` for `}` or the other way round. The related span is the opening bracket.
    WrongBracket {
        /// The kind in the text.
        found: Bracket,
        /// The kind that is open.
        expected: Bracket,
    },
    /// A closing bracket too many.
    StrayBracket(Bracket),
    /// Text between a value and the next comma or bracket.
    UnexpectedText,
    /// A character that cannot stand there.
    UnexpectedCharacter(char),
}

/// One mistake and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where; empty only at the end of the text.
    pub span: Span,
    /// A second place that explains the first, such as the bracket that was never closed.
    pub related: Option<Span>,
}

impl SyntaxError {
    /// What is wrong, in one line.
    #[must_use]
    pub fn message(&self) -> Phrase {
        self.kind.message()
    }

    /// The name of the kind; words that JSON5 writes otherwise (`True`) have one of their own.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.kind {
            ErrorKind::UnquotedValue(Some(_)) => "unquoted-word",
            kind => kind.name(),
        }
    }

    /// The text that surely belongs here instead.
    #[must_use]
    pub fn instead(&self) -> Option<String> {
        match self.kind {
            ErrorKind::WrongSeparator { expected, .. } => Some(expected.to_string()),
            ErrorKind::UnquotedValue(Some(word)) if word.instead != "null" => Some(word.instead.to_string()),
            _ => None,
        }
    }

    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> Option<Phrase> {
        self.kind.help()
    }

    /// What stands at the related span.
    #[must_use]
    pub const fn related_message(&self) -> Option<&'static str> {
        if self.related.is_none() {
            return None;
        }
        match self.kind {
            ErrorKind::MissingComma => Some("the comma belongs after this"),
            ErrorKind::MissingColon => Some("the colon belongs after this key"),
            ErrorKind::Unclosed(_) | ErrorKind::WrongBracket { .. } => Some("opened here"),
            ErrorKind::LineBreakInString => Some("the string begins here"),
            ErrorKind::TextAfterDocument => Some("the document ends here"),
            ErrorKind::StrayBracket(_) => Some("this still belongs inside"),
            _ => None,
        }
    }
}

impl ErrorKind {
    /// A stable name in kebab-case, for machine-readable output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.text().0
    }

    fn message(self) -> Phrase {
        match self {
            Self::TooDeep(limit) => {
                Phrase::new("more than {limit} brackets are open inside each other").with("limit", limit.to_string())
            }
            Self::WrongSeparator { found, expected } => {
                let phrase = Phrase::new("`{found}` stands where JSON5 wants `{expected}`");
                phrase.with("found", found.to_string()).with("expected", expected.to_string())
            }
            Self::UnquotedValue(Some(word)) => {
                Phrase::new("`{written}` is not a value in JSON5").with("written", word.written)
            }
            Self::Unclosed(bracket) => Phrase::new("the {container} is not closed: `{close}` is missing")
                .with("container", Phrase::new(bracket.container()))
                .with("close", bracket.close().to_string()),
            Self::WrongBracket { found, expected } => Phrase::new("`{close}` cannot close what `{open}` opened")
                .with("close", found.close().to_string())
                .with("open", expected.open().to_string()),
            Self::StrayBracket(bracket) => {
                Phrase::new("one `{close}` too many").with("close", bracket.close().to_string())
            }
            Self::UnexpectedCharacter(c) => Phrase::new("{character} cannot stand here").with("character", name_of(c)),
            other => Phrase::new(other.text().1),
        }
    }

    fn help(self) -> Option<Phrase> {
        match self {
            Self::WrongSeparator { expected, .. } => {
                Some(Phrase::new("write `{expected}` instead").with("expected", expected.to_string()))
            }
            Self::UnquotedValue(Some(Word { instead: "null", .. })) => {
                Some(Phrase::new("leave the key out, or write `null`; text goes in quotes"))
            }
            Self::UnquotedValue(Some(Word { instead, written })) => {
                let phrase = Phrase::new("write `{instead}`, or \"{written}\" in quotes if the text is meant");
                Some(phrase.with("instead", *instead).with("written", *written))
            }
            Self::Unclosed(bracket) => Some(
                Phrase::new("put `{close}` behind the {container}'s last entry")
                    .with("close", bracket.close().to_string())
                    .with("container", Phrase::new(bracket.container())),
            ),
            Self::WrongBracket { expected, .. } => {
                Some(Phrase::new("write `{close}` here").with("close", expected.close().to_string()))
            }
            Self::BadNumber(fault) => Some(Phrase::new(fault.help())),
            other => Some(other.text().2).filter(|help| !help.is_empty()).map(Phrase::new),
        }
    }

    /// Name, message and help; the last two empty where they are put together from the parts above.
    const fn text(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::EmptyDocument => (
                "empty-document",
                "the file holds no value",
                "an empty configuration is written `{}`; OpenClaw refuses a file with nothing in it",
            ),
            Self::TooLarge => ("too-large", "the file is too large to read (4 GiB or more)", ""),
            Self::TooDeep(_) => (
                "too-deep",
                "",
                "no configuration nests like this: look for a generator that repeats itself, or a bracket never closed",
            ),
            Self::TextAfterDocument => (
                "text-after-document",
                "there is text after the end of the document",
                "a file holds one value: remove the rest, or the closing bracket that comes too early",
            ),
            Self::MissingBraces => (
                "missing-braces",
                "the document begins with a key, not with `{`",
                "put `{` before the first key and `}` after the last value",
            ),
            Self::MissingComma => {
                ("missing-comma", "a comma is missing before this", "put `,` after the entry before it")
            }
            Self::MissingColon => ("missing-colon", "a colon is missing between key and value", "write `key: value`"),
            Self::WrongSeparator { .. } => ("wrong-separator", "", ""),
            Self::MissingKey => (
                "missing-key",
                "a key is missing here",
                "an object holds `key: value` pairs; a list of values is written `[ ]`",
            ),
            Self::MissingValue => (
                "missing-value",
                "this key has no value",
                "write `key: value`; use `null` for nothing, or remove the key",
            ),
            Self::LeadingComma => ("leading-comma", "a comma stands before the first entry", "remove the comma"),
            Self::ExtraComma => (
                "extra-comma",
                "there is nothing between these commas",
                "remove the extra comma: JSON5 allows one after each entry, and no empty slots",
            ),
            Self::KeyNeedsQuotes => (
                "key-needs-quotes",
                "this key needs quotes",
                "put it in quotes: a bare key has letters, digits, `$` and `_` only, and does not begin with a digit",
            ),
            Self::BadKeyEscape => (
                "bad-key-escape",
                "this `\\` escape is not allowed in an unquoted key",
                "put the key in quotes; unquoted, only `\\u` with four hexadecimal digits that give a letter is allowed",
            ),
            Self::KeyInArray => (
                "key-in-array",
                "a key cannot stand directly inside `[ ]`",
                "wrap `key: value` in `{ }`, or close the array before it",
            ),
            Self::UnquotedValue(_) => ("unquoted-value", "this text needs quotes", "put it in quotes: \"...\""),
            Self::TemplatePlaceholder => (
                "template-placeholder",
                "a template placeholder stands outside a string",
                "fill in the template first, or put the placeholder in quotes",
            ),
            Self::ConflictMarker => (
                "conflict-marker",
                "a merge conflict is not resolved",
                "keep one of the two sides, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`",
            ),
            Self::HashComment => ("hash-comment", "`#` does not begin a comment in JSON5", "write `//` instead of `#`"),
            Self::UnterminatedComment => ("unterminated-comment", "this comment is never closed", "close it with `*/`"),
            Self::BacktickString => {
                ("backtick-string", "back-ticks do not make a string in JSON5", "use \"...\" or '...'")
            }
            Self::SmartQuotes => (
                "smart-quotes",
                "typographic quotes do not make a string",
                "replace them with straight ones, \"...\" or '...'; word processors and chats change them",
            ),
            Self::UnterminatedString => (
                "unterminated-string",
                "this string is not closed before its line ends",
                "add the closing quote, or the one missing earlier on the line; a quote inside a string is written `\\\"`",
            ),
            Self::LineBreakInString => (
                "line-break-in-string",
                "a string cannot go on over a line break",
                "write `\\n` for a line break, or end the line with `\\` to go on without one",
            ),
            Self::BadEscape => (
                "bad-escape",
                "a backslash before a digit is not an escape",
                "write `\\\\` for a backslash, or `\\xHH` for a character by its code",
            ),
            Self::BadHexEscape => (
                "bad-hex-escape",
                "`\\x` needs two hexadecimal digits",
                "write `\\xHH`, or `\\\\x` for a backslash and an x",
            ),
            Self::BadUnicodeEscape => (
                "bad-unicode-escape",
                "`\\u` needs four hexadecimal digits",
                "write `\\uHHHH`, or `\\\\u` for a backslash and a u",
            ),
            Self::LeadingZero => (
                "leading-zero",
                "a number cannot begin with a zero and another digit",
                "remove the zero, or put the digits in quotes if they are a name; octal does not exist in JSON5",
            ),
            Self::BadNumber(_) => ("bad-number", "this is not a number", ""),
            Self::Unclosed(_) => ("unclosed", "", ""),
            Self::WrongBracket { .. } => ("wrong-bracket", "", ""),
            Self::StrayBracket(_) => ("stray-bracket", "", "remove it, or look for an opening bracket that is missing"),
            Self::UnexpectedText => (
                "unexpected-text",
                "this text does not belong to the value before it",
                "remove it or add a comma; a quote inside a string is written with a backslash before it",
            ),
            Self::UnexpectedCharacter(_) => ("unexpected-character", "", "remove it, or put the text in quotes"),
        }
    }

    /// Whether the text would be right as a key, with quotes or without.
    const fn is_about_unquoted_text(self) -> bool {
        matches!(self, Self::UnquotedValue(_) | Self::LeadingZero | Self::BadNumber(_))
    }

    /// Whether an odd quote on the same line explains this error as well.
    pub(super) const fn is_explained_by_a_lost_quote(self) -> bool {
        matches!(
            self,
            Self::MissingComma
                | Self::MissingColon
                | Self::MissingValue
                | Self::MissingKey
                | Self::KeyNeedsQuotes
                | Self::UnquotedValue(_)
                | Self::UnexpectedText
                | Self::UnexpectedCharacter(_)
        )
    }

    /// Whether brackets are in doubt from here on.
    pub(super) const fn casts_doubt_on_brackets(self) -> bool {
        matches!(
            self,
            Self::UnterminatedString
                | Self::UnterminatedComment
                | Self::SmartQuotes
                | Self::Unclosed(_)
                | Self::WrongBracket { .. }
                | Self::StrayBracket(_)
                | Self::TooDeep(_)
        )
    }
}

impl NumberFault {
    const fn help(self) -> &'static str {
        match self {
            Self::Digits => "write digits directly after one sign or point",
            Self::Exponent => "write a whole number after `e`, as in `1e3`",
            Self::Hexadecimal => "write `0x` with digits 0-9 and a-f only, or put the text in quotes",
            Self::Prefix => "write the number in decimal, or in hexadecimal with `0x`",
            Self::Separator => "write the digits without `_`",
        }
    }
}

/// Names of characters that cannot be seen, or are taken for others.
const NAMES: &[(char, &str)] = &[
    ('\0', "a NUL character (is the file UTF-16?)"),
    ('\u{7f}', "a DELETE character"),
    ('\u{85}', "a NEXT LINE character"),
    ('\u{ad}', "a soft hyphen"),
    ('\u{180e}', "a Mongolian vowel separator"),
    ('\u{200b}', "a zero-width space"),
    ('\u{200c}', "a zero-width non-joiner"),
    ('\u{200d}', "a zero-width joiner"),
    ('\u{200e}', "a left-to-right mark"),
    ('\u{200f}', "a right-to-left mark"),
    ('\u{2060}', "a word joiner"),
    ('\u{fffd}', "a replacement character (is the file UTF-8?)"),
];

fn name_of(c: char) -> Param {
    let code = format!("U+{:04X}", u32::from(c));
    match NAMES.iter().find(|(named, _)| *named == c) {
        Some((_, name)) => Phrase::new("{name}, {code},").with("name", Phrase::new(*name)).with("code", code).into(),
        None if c.is_ascii_graphic() => format!("`{c}`").into(),
        None => Phrase::new("the character {code}").with("code", code).into(),
    }
}

/// Where errors go: at most `max` of them are kept.
#[derive(Debug)]
pub(super) struct Faults {
    kept: Vec<SyntaxError>,
    max: usize,
    any: bool,
    doubt: Option<u32>,
}

impl Faults {
    pub(super) const fn new(max: usize) -> Self {
        Self { kept: Vec::new(), max, any: false, doubt: None }
    }

    pub(super) fn report(&mut self, kind: ErrorKind, span: Span, related: Option<Span>) {
        self.any = true;
        if kind.casts_doubt_on_brackets() {
            self.doubt = self.doubt.max(Some(span.start));
        }
        if self.kept.len() < self.max {
            self.kept.push(SyntaxError { kind, span, related });
        }
    }

    /// Reports an odd quote, instead of the errors from `line_start` on that it explains.
    pub(super) fn report_lost_quote(&mut self, kind: ErrorKind, span: Span, line_start: u32) {
        while self.kept.last().is_some_and(|e| e.span.start >= line_start && e.kind.is_explained_by_a_lost_quote()) {
            self.kept.pop();
        }
        self.report(kind, span, None);
    }

    /// Takes back the last report if it is about the unquoted text that begins at `start`.
    pub(super) fn retract_unquoted(&mut self, start: u32) {
        let about = |e: &SyntaxError| e.span.start == start && e.kind.is_about_unquoted_text();
        if self.kept.last().is_some_and(about) {
            self.kept.pop();
        }
    }

    /// Whether a bracket opened at `offset` may only seem to be open because of an error already reported.
    pub(super) fn brackets_in_doubt_since(&self, offset: u32) -> bool {
        self.doubt.is_some_and(|doubt| doubt > offset)
    }

    /// Whether an error of that kind is among those kept.
    pub(super) fn has(&self, kind: ErrorKind) -> bool {
        self.kept.iter().any(|error| error.kind == kind)
    }

    /// Whether nothing was ever reported.
    pub(super) const fn is_empty(&self) -> bool {
        !self.any
    }

    /// The errors in source order, each once.
    pub(super) fn into_sorted(self) -> Vec<SyntaxError> {
        let mut kept = self.kept;
        kept.sort_by_key(|error| (error.span.start, error.span.end));
        let mut once: Vec<SyntaxError> = Vec::with_capacity(kept.len());
        for error in kept {
            // Recovery reads some text twice; an error about the same place may have come in between.
            if !once.iter().rev().take_while(|other| other.span == error.span).any(|other| *other == error) {
                once.push(error);
            }
        }
        once
    }
}
