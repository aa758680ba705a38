//! Places where the grammar does something that the writer of the line did not expect. Facts of the text only: whether
//! one of them is worth a finding, and how severe, is for the rules to say.

use super::model::{Entry, Quote};
use super::scan::{
    blank_len, byte, identifier_end, is_blank, line_end, name_end, skip_blanks, skip_blanks_in_line, terminator_len,
};
use crate::source::Span;

/// One surprising place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hazard {
    /// The text that causes the surprise.
    pub span: Span,
    /// The surprise.
    pub kind: HazardKind,
}

/// What surprises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HazardKind {
    /// An unquoted value is cut at a `#` that has no blank before it. Span: from the `#` to the end of the line.
    HashTruncation,
    /// A value starts with a quote that nothing closes: the quote stays, and the value ends with its line.
    /// Span: the quote.
    UnterminatedQuote,
    /// Text stands after the closing quote, so all quotes stay in the value. Span: that text.
    TextAfterQuote,
    /// The quotes come off, but the same quote stands inside, without a backslash. Span: each quote inside.
    QuoteInside,
    /// A value ends with a quote that nothing opens; it stays in the value. Span: the quote.
    StrayQuote,
    /// Nothing stands on the name's own line, so the value is taken from a later one. Span: the value.
    EmptySwallowsNextLine,
    /// A quoted value runs over lines that look like assignments of their own. Span: the first of them, up to its `=`.
    SwallowsAssignments,
    /// Name and separator stand on different lines, or `export` and name. Span: from the first to the separator.
    SplitAcrossLines,
    /// A backslash before the enclosing quote stays in the value. Span: backslash and quote.
    EscapedQuoteKept,
    /// `\n` or `\r` outside double quotes stays two characters. Span: those two.
    EscapeNotExpanded,
    /// `\n` or `\r` in a value that starts with a double quote becomes a line break. Span: those two.
    EscapeExpanded,
    /// `$NAME`, `${NAME}` or `$(command)` stays as it is; not reported in single quotes, where every reader keeps it.
    /// Span: the reference, or the `$(`.
    ReferenceNotExpanded,
    /// A typographic quote at an end of the value quotes nothing and stays. Span: the quote.
    SmartQuotes,
    /// A character that nobody sees: zero width, no-break or other foreign blank, byte order mark, bidirectional control,
    /// U+2028 and U+2029. Span: a run of them.
    InvisibleCharacters,
    /// A control character other than tab and line breaks. Span: a run of them.
    ControlCharacters,
    /// The value starts with the name and `=` again. Span: the repetition.
    RepeatedName,
    /// `export A=1 B=2`: all after the first `=` is the value of the first name. Span: the second assignment.
    ExportList,
    /// `A=1 B=2` without `export`: the same surprise. Span: the second assignment.
    SecondAssignment,
    /// A carriage return without a line feed ends the line here, but not for other readers. Span: the carriage return.
    LoneCarriageReturn,
}

impl Entry {
    /// The surprising places of this entry, sorted by span. `text` is the text the entry was parsed from.
    #[must_use]
    pub fn hazards(&self, text: &str) -> Vec<Hazard> {
        let mut found = Found { text, entry: self, hazards: Vec::new() };
        found.layout();
        found.comment();
        found.quotes();
        found.characters();
        found.references();
        found.assignments();
        found.hazards.sort_unstable();
        found.hazards
    }
}

struct Found<'a> {
    text: &'a str,
    entry: &'a Entry,
    hazards: Vec<Hazard>,
}

impl Found<'_> {
    fn add(&mut self, kind: HazardKind, span: Span) {
        self.hazards.push(Hazard { span, kind });
    }

    /// Adds a span that is counted from `base`.
    fn add_at(&mut self, kind: HazardKind, base: u32, start: usize, end: usize) {
        self.add(kind, Span::new(base + to_u32(start), base + to_u32(end)));
    }

    fn breaks_line(&self, span: Span) -> bool {
        let bytes = span.slice(self.text).as_bytes();
        line_end(bytes, 0) < bytes.len()
    }

    fn layout(&mut self) {
        let entry = self.entry;
        let head = Span::new(entry.span.start, entry.separator_span.start);
        if self.breaks_line(head) {
            self.add(HazardKind::SplitAcrossLines, head);
        }
        if self.breaks_line(Span::new(entry.separator_span.end, entry.raw_span.start)) {
            self.add(HazardKind::EmptySwallowsNextLine, entry.raw_span);
        }
        self.lone_carriage_returns();
    }

    fn lone_carriage_returns(&mut self) {
        let entry = self.entry;
        let bytes = self.text.as_bytes();
        let break_at = skip_blanks_in_line(bytes, entry.span.end as usize);
        let end = break_at + usize::from(byte(bytes, break_at) == b'\r');
        let start = entry.span.start as usize;
        for at in memchr::memchr_iter(b'\r', bytes.get(start..end).unwrap_or_default()) {
            if byte(bytes, start + at + 1) != b'\n' {
                self.add_at(HazardKind::LoneCarriageReturn, entry.span.start, at, at + 1);
            }
        }
    }

    fn comment(&mut self) {
        let Some(comment) = self.entry.comment.filter(|_| self.entry.quote.is_none()) else { return };
        let before = Span::new(self.entry.key_span.start, comment.start).slice(self.text);
        if !before.ends_with(is_blank) {
            self.add(HazardKind::HashTruncation, comment);
        }
    }

    fn quotes(&mut self) {
        match self.entry.quote {
            Some(quote) => self.quotes_inside(quote),
            None => self.quotes_kept(),
        }
        self.smart_quotes();
    }

    fn quotes_inside(&mut self, quote: Quote) {
        let content = self.entry.value_span.slice(self.text).as_bytes();
        for at in memchr::memchr_iter(quote.byte(), content) {
            let escaped = at > 0 && byte(content, at - 1) == b'\\';
            let (kind, start) =
                if escaped { (HazardKind::EscapedQuoteKept, at - 1) } else { (HazardKind::QuoteInside, at) };
            self.add_at(kind, self.entry.value_span.start, start, at + 1);
        }
    }

    /// An unquoted value with a quote at one of its ends.
    fn quotes_kept(&mut self) {
        let raw = self.entry.raw_span.slice(self.text).as_bytes();
        let base = self.entry.raw_span.start;
        if let Some(opening) = raw.first().and_then(|byte| Quote::from_byte(*byte)) {
            let is_closing = |at: &usize| *at > 0 && byte(raw, at - 1) != b'\\';
            let closing = memchr::memchr_iter(opening.byte(), raw).find(is_closing);
            match closing {
                Some(at) => self.add_at(HazardKind::TextAfterQuote, base, skip_blanks(raw, at + 1), raw.len()),
                None => self.add_at(HazardKind::UnterminatedQuote, base, 0, 1),
            }
        } else if let Some(closing) = raw.last().and_then(|byte| Quote::from_byte(*byte))
            && memchr::memchr_iter(closing.byte(), raw).take(2).count() == 1
        {
            self.add_at(HazardKind::StrayQuote, base, raw.len() - 1, raw.len());
        }
    }

    fn smart_quotes(&mut self) {
        let value = self.entry.value_span.slice(self.text);
        let ends = [value.char_indices().next(), value.char_indices().next_back().filter(|(at, _)| *at > 0)];
        for (at, c) in ends.into_iter().flatten() {
            if SMART_QUOTES.contains(c) {
                self.add_at(HazardKind::SmartQuotes, self.entry.value_span.start, at, at + c.len_utf8());
            }
        }
    }

    fn characters(&mut self) {
        self.runs(HazardKind::InvisibleCharacters, is_invisible);
        self.runs(HazardKind::ControlCharacters, is_control);
    }

    /// Adds every run of characters of one class in the value.
    fn runs(&mut self, kind: HazardKind, class: fn(char) -> bool) {
        let base = self.entry.value_span.start;
        let value = self.entry.value_span.slice(self.text);
        let mut start = None;
        for (at, c) in value.char_indices() {
            match (start, class(c)) {
                (None, true) => start = Some(at),
                (Some(from), false) => {
                    self.add_at(kind, base, from, at);
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(from) = start {
            self.add_at(kind, base, from, value.len());
        }
    }

    fn references(&mut self) {
        let value = self.entry.value_span.slice(self.text).as_bytes();
        let base = self.entry.value_span.start;
        let double = self.entry.raw_span.slice(self.text).starts_with('"');
        let escape = if double { HazardKind::EscapeExpanded } else { HazardKind::EscapeNotExpanded };
        let mut references = References::default();
        let mut at = 0;
        while let Some(found) = memchr::memchr2(b'\\', b'$', value.get(at..).unwrap_or_default()) {
            at += found;
            let (kind, len) = match (byte(value, at), byte(value, at + 1)) {
                (b'\\', b'n' | b'r') => (escape, 2),
                (b'$', _) if self.entry.quote != Some(Quote::Single) => {
                    (HazardKind::ReferenceNotExpanded, references.len_at(value, at))
                }
                _ => (escape, 0),
            };
            if len > 0 {
                self.add_at(kind, base, at, at + len);
            }
            at += len.max(1);
        }
    }

    fn assignments(&mut self) {
        self.repeated_name();
        if self.entry.quote.is_none() {
            self.second_assignment();
        } else {
            self.swallowed_assignment();
        }
    }

    fn repeated_name(&mut self) {
        let value = self.entry.value_span.slice(self.text);
        let bare = value.strip_prefix("export ").unwrap_or(value);
        if bare.strip_prefix(&*self.entry.key).is_some_and(|rest| rest.starts_with('=')) {
            let len = value.len() - bare.len() + self.entry.key.len() + 1;
            self.add_at(HazardKind::RepeatedName, self.entry.value_span.start, 0, len);
        }
    }

    fn second_assignment(&mut self) {
        let kind = if self.entry.export { HazardKind::ExportList } else { HazardKind::SecondAssignment };
        let value = self.entry.value_span.slice(self.text).as_bytes();
        let behind_blank = |at: usize| Some(at + blank_len(value, at)).filter(|word| *word > at);
        if let Some(word) = (0..value.len()).filter_map(behind_blank).find(|word| assigns(value, *word)) {
            self.add_at(kind, self.entry.value_span.start, word, value.len());
        }
    }

    fn swallowed_assignment(&mut self) {
        let value = self.entry.value_span.slice(self.text).as_bytes();
        let mut end = line_end(value, 0);
        while end < value.len() {
            let start = end + terminator_len(value, end);
            let mut name = skip_blanks_in_line(value, start);
            if value.get(name..name + 7) == Some(b"export ") {
                name = skip_blanks_in_line(value, name + 7);
            }
            if assigns(value, name) {
                let equals = skip_blanks_in_line(value, identifier_end(value, name));
                return self.add_at(HazardKind::SwallowsAssignments, self.entry.value_span.start, name, equals + 1);
            }
            end = line_end(value, start);
        }
    }
}

/// Whether an identifier and an `=` stand at `at`, and the `=` is no padding of base64 text.
fn assigns(bytes: &[u8], at: usize) -> bool {
    let name = identifier_end(bytes, at);
    if name == at || name != name_end(bytes, at) {
        return false;
    }
    let equals = skip_blanks_in_line(bytes, name);
    byte(bytes, equals) == b'=' && !matches!(byte(bytes, equals + 1), b'=' | b'\n' | b'\r' | 0)
}

/// Finds references in one value, from left to right.
#[derive(Default)]
struct References {
    /// No closing brace stands before this offset; keeps a row of open braces from being searched again and again.
    barren_until: usize,
}

impl References {
    /// Length of the reference that starts with the `$` at `at`; 0 when the `$` starts none.
    fn len_at(&mut self, bytes: &[u8], at: usize) -> usize {
        let name = identifier_end(bytes, at + 1);
        match byte(bytes, at + 1) {
            b'(' => 2,
            b'{' => self.braced_len(bytes, at),
            _ if name > at + 1 => name - at,
            _ => 0,
        }
    }

    fn braced_len(&mut self, bytes: &[u8], at: usize) -> usize {
        let name = identifier_end(bytes, at + 2);
        if name == at + 2 || name < self.barren_until {
            return 0;
        }
        let rest = bytes.get(name..).unwrap_or_default();
        let stop = name + memchr::memchr3(b'}', b'\n', b'\r', rest).unwrap_or(rest.len());
        if byte(bytes, stop) == b'}' {
            return stop + 1 - at;
        }
        self.barren_until = stop;
        0
    }
}

/// Typographic quotes that word processors and chat programs put in place of `'` and `"`.
const SMART_QUOTES: &str = "‘’‚‛“”„‟‹›«»＂＇「」´";

/// Format and blank characters that leave no trace on a screen. Tabs, spaces and line breaks are not among them.
fn is_invisible(c: char) -> bool {
    match c {
        '\0'..='\u{9f}' => false,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{ffa0}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => is_blank(c),
    }
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

fn to_u32(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::HazardKind::*;
    use super::*;

    fn hazards(text: &str) -> Vec<(HazardKind, &str)> {
        let file = parse(text);
        let found = file.entries.iter().flat_map(|entry| entry.hazards(text));
        found.map(|hazard| (hazard.kind, hazard.span.slice(text))).collect()
    }

    #[test]
    fn ordinary_lines_are_silent() {
        for text in [
            "KEY=value",
            "KEY=\"value\" # why",
            "export KEY='a $b \\'",
            "KEY = v # comment",
            "KEY={\"a\":1}",
            "KEY=say \"hi\"",
            "KEY=",
            "KEY=\nOTHER=1",
            "KEY=\"-----BEGIN KEY-----\nabcdefg==\nABC=\n-----END KEY-----\"",
            "KEY=a==",
            "PRICE=5$",
            "URL=https://h.example/?a=1&b=2",
            "KEY=v\r\nOTHER=w\r\n",
        ] {
            assert_eq!(hazards(text), [], "{text:?}");
        }
    }

    #[test]
    fn each_hazard_is_found_where_it_stands() {
        let cases: &[(&str, HazardKind, &str)] = &[
            ("K=v#c", HashTruncation, "#c"),
            ("K=#c", HashTruncation, "#c"),
            ("K=\"abc", UnterminatedQuote, "\""),
            ("K=\"abc\" def", TextAfterQuote, "def"),
            ("K='it's'", QuoteInside, "'"),
            ("K=abc\"", StrayQuote, "\""),
            ("K=\n'next'", EmptySwallowsNextLine, "'next'"),
            ("K:\nL=1", EmptySwallowsNextLine, "L=1"),
            ("K='a\nexport L=1\nM='", SwallowsAssignments, "L="),
            ("K\n=1", SplitAcrossLines, "K\n"),
            ("K=\"a\\\"b\"", EscapedQuoteKept, "\\\""),
            ("K='a\\nb'", EscapeNotExpanded, "\\n"),
            ("K=\"C:\\new\"", EscapeExpanded, "\\n"),
            ("K=x${A:-b}", ReferenceNotExpanded, "${A:-b}"),
            ("K=a$b-c", ReferenceNotExpanded, "$b"),
            ("K=$(id)", ReferenceNotExpanded, "$("),
            ("K=a\u{200b}\u{feff}b", InvisibleCharacters, "\u{200b}\u{feff}"),
            ("K=a\u{1b}[0m", ControlCharacters, "\u{1b}"),
            ("K=K=v", RepeatedName, "K="),
            ("K=\"export K=v\"", RepeatedName, "export K="),
            ("export A=1 B=2", ExportList, "B=2"),
            ("A=1 B=2", SecondAssignment, "B=2"),
            ("A=1\rB=2\n", LoneCarriageReturn, "\r"),
        ];
        for (text, kind, slice) in cases {
            assert_eq!(hazards(text), [(*kind, *slice)], "{text:?}");
        }
    }

    /// All hazards of each text, in order.
    #[test]
    fn what_else_surprises_and_what_does_not() {
        let cases: &[(&str, &[(HazardKind, &str)])] = &[
            ("export\n A=1", &[(SplitAcrossLines, "export\n A")]),
            ("export A\n=1", &[(SplitAcrossLines, "export A\n")]),
            ("A\n\n=1", &[(SplitAcrossLines, "A\n\n")]),
            ("A = 1", &[]),
            ("export A=1", &[]),
            ("K=\n\n'next'", &[(EmptySwallowsNextLine, "'next'")]),
            ("K=\u{2028}'next'", &[(EmptySwallowsNextLine, "'next'")]),
            ("K=\t'next'", &[]),
            ("K:\n\nL", &[]),
            ("K=\n", &[]),
            ("K:\n# c", &[]),
            ("A=1\r", &[(LoneCarriageReturn, "\r")]),
            ("A=1\rB", &[(LoneCarriageReturn, "\r")]),
            ("A=1\r\nB=2", &[]),
            ("A='1\r2\r\n3'", &[(LoneCarriageReturn, "\r")]),
            ("A=1 \rB=2", &[(LoneCarriageReturn, "\r")]),
            ("A=1 # c\rB=2", &[(LoneCarriageReturn, "\r")]),
            ("A='1'\rB=2", &[(LoneCarriageReturn, "\r")]),
            ("\rA=1", &[]),
            ("A\r=1", &[(SplitAcrossLines, "A\r"), (LoneCarriageReturn, "\r")]),
            ("A=\r'1'", &[(LoneCarriageReturn, "\r"), (EmptySwallowsNextLine, "'1'")]),
            ("K=v #c", &[]),
            ("K=v\t#c", &[]),
            ("K=v\u{a0}#c", &[]),
            ("K= #c", &[]),
            ("K=v##c", &[(HashTruncation, "##c")]),
            ("K=\"v\"#c", &[]),
            ("K='v' #c", &[]),
            ("K=\"v#c", &[(UnterminatedQuote, "\""), (HashTruncation, "#c")]),
            ("K=é#c", &[(HashTruncation, "#c")]),
            ("K='a'b'c'", &[(QuoteInside, "'"), (QuoteInside, "'")]),
            ("K=\"a\"b\"", &[(QuoteInside, "\"")]),
            ("K='a\\'b'", &[(EscapedQuoteKept, "\\'")]),
            ("K='a\\'b'c'", &[(EscapedQuoteKept, "\\'"), (QuoteInside, "'")]),
            ("K=\"\\\"\"", &[(EscapedQuoteKept, "\\\"")]),
            ("K='''", &[(QuoteInside, "'")]),
            ("K=\"a\" # \"b\"", &[]),
            ("K=`a`b`", &[(QuoteInside, "`")]),
            ("K=`a\\`b`", &[(EscapedQuoteKept, "\\`")]),
            ("K=\"a", &[(UnterminatedQuote, "\"")]),
            ("K=\"", &[(UnterminatedQuote, "\"")]),
            ("K='a\"", &[(UnterminatedQuote, "'")]),
            ("K=`a", &[(UnterminatedQuote, "`")]),
            ("K=\"a\\\"", &[]),
            ("K=\"a\\\"b\"c", &[(TextAfterQuote, "c")]),
            ("K=\"a\"b", &[(TextAfterQuote, "b")]),
            ("K=\"a\"  b", &[(TextAfterQuote, "b")]),
            ("K=\"a\" b # c", &[(TextAfterQuote, "b")]),
            ("K='a' 'b", &[(TextAfterQuote, "'b")]),
            ("K=a\"", &[(StrayQuote, "\"")]),
            ("K=a'", &[(StrayQuote, "'")]),
            ("K=a`", &[(StrayQuote, "`")]),
            ("K=a\"b\"", &[]),
            ("K=a\"\"", &[]),
            ("K=a\"'", &[(StrayQuote, "'")]),
            ("K=\"a'", &[(UnterminatedQuote, "\"")]),
            ("K=“a”", &[(SmartQuotes, "“"), (SmartQuotes, "”")]),
            ("K=“", &[(SmartQuotes, "“")]),
            ("K=”a", &[(SmartQuotes, "”")]),
            ("K=a”", &[(SmartQuotes, "”")]),
            ("K=‘a’", &[(SmartQuotes, "‘"), (SmartQuotes, "’")]),
            ("K=«a»", &[(SmartQuotes, "«"), (SmartQuotes, "»")]),
            ("K=\"“a”\"", &[(SmartQuotes, "“"), (SmartQuotes, "”")]),
            ("K=a“b”c", &[]),
            ("K=´a´", &[(SmartQuotes, "´"), (SmartQuotes, "´")]),
            ("K=\u{200b}", &[(InvisibleCharacters, "\u{200b}")]),
            ("K=a\u{200b}", &[(InvisibleCharacters, "\u{200b}")]),
            ("K=\u{200b}a", &[(InvisibleCharacters, "\u{200b}")]),
            ("K=a\u{200b}b\u{200c}c", &[(InvisibleCharacters, "\u{200b}"), (InvisibleCharacters, "\u{200c}")]),
            ("K=\"a\tb\"", &[]),
            ("K=a\tb", &[]),
            ("K='a\0\u{1}b\u{7f}\u{85}'", &[(ControlCharacters, "\0\u{1}"), (ControlCharacters, "\u{7f}\u{85}")]),
            ("K=a\u{7}\u{200b}b", &[(ControlCharacters, "\u{7}"), (InvisibleCharacters, "\u{200b}")]),
            (
                "K='\u{200b}\u{7}\u{200b}'",
                &[(InvisibleCharacters, "\u{200b}"), (ControlCharacters, "\u{7}"), (InvisibleCharacters, "\u{200b}")],
            ),
            ("K=\\n", &[(EscapeNotExpanded, "\\n")]),
            ("K=a\\r", &[(EscapeNotExpanded, "\\r")]),
            ("K=a\\tb", &[]),
            ("K='a\\n\\r'", &[(EscapeNotExpanded, "\\n"), (EscapeNotExpanded, "\\r")]),
            ("K=\"a\\n\\r\"", &[(EscapeExpanded, "\\n"), (EscapeExpanded, "\\r")]),
            ("K=\"a\\nb", &[(UnterminatedQuote, "\""), (EscapeExpanded, "\\n")]),
            ("K=`a\\nb`", &[(EscapeNotExpanded, "\\n")]),
            ("K=a\\\\n", &[(EscapeNotExpanded, "\\n")]),
            ("K=\"a\\\\n\"", &[(EscapeExpanded, "\\n")]),
            ("K=a\\", &[]),
            ("K=$A", &[(ReferenceNotExpanded, "$A")]),
            ("K=$A$B", &[(ReferenceNotExpanded, "$A"), (ReferenceNotExpanded, "$B")]),
            ("K=$", &[]),
            ("K=$$A", &[(ReferenceNotExpanded, "$A")]),
            ("K=$1", &[]),
            ("K=$(a)", &[(ReferenceNotExpanded, "$(")]),
            ("K=$()", &[(ReferenceNotExpanded, "$(")]),
            ("K=${A}", &[(ReferenceNotExpanded, "${A}")]),
            ("K=${A", &[]),
            ("K=${A}${B", &[(ReferenceNotExpanded, "${A}")]),
            ("K=${A${B}", &[(ReferenceNotExpanded, "${A${B}")]),
            ("K=${A${B", &[]),
            ("K=${}", &[]),
            ("K=${1}", &[]),
            ("K=${A:-${B}}", &[(ReferenceNotExpanded, "${A:-${B}")]),
            ("K='$A'", &[]),
            ("K='${A}\\n'", &[(EscapeNotExpanded, "\\n")]),
            ("K=\"$A\"", &[(ReferenceNotExpanded, "$A")]),
            ("K=`$A`", &[(ReferenceNotExpanded, "$A")]),
            ("K=\"a$\\n$b\"", &[(EscapeExpanded, "\\n"), (ReferenceNotExpanded, "$b")]),
            ("K=\"${A\n}\"", &[]),
            ("K=\"${A\n${B}\"", &[(ReferenceNotExpanded, "${B}")]),
            ("K=a$A-b", &[(ReferenceNotExpanded, "$A")]),
            ("K=a\\$A", &[(ReferenceNotExpanded, "$A")]),
            ("K=K=v", &[(RepeatedName, "K=")]),
            ("K=K = v", &[]),
            ("K=KK=v", &[]),
            ("K=K:v", &[]),
            ("K=export K=v", &[(RepeatedName, "export K="), (SecondAssignment, "K=v")]),
            ("K=export  K=v", &[(SecondAssignment, "K=v")]),
            ("K='K=v'", &[(RepeatedName, "K=")]),
            ("export K=K=v", &[(RepeatedName, "K=")]),
            ("K=K", &[]),
            ("K=L=v", &[]),
            ("A=1 B=2", &[(SecondAssignment, "B=2")]),
            ("A=1\tB=2", &[(SecondAssignment, "B=2")]),
            ("A=1  B=2 C=3", &[(SecondAssignment, "B=2 C=3")]),
            ("A= B=2", &[]),
            ("A=B=2", &[]),
            ("A=1 B =2", &[(SecondAssignment, "B =2")]),
            ("A=1 B= 2", &[(SecondAssignment, "B= 2")]),
            ("A=1 B==2", &[]),
            ("A=1 B=", &[]),
            ("A=1 b-c=2", &[]),
            ("A=1 2=3", &[]),
            ("A=1 =2", &[]),
            ("A=1 B", &[]),
            ("A=1 B C=2", &[(SecondAssignment, "C=2")]),
            ("A=1 x=y # c", &[(SecondAssignment, "x=y")]),
            ("A=\"1 B=2\"", &[]),
            ("export A=1 B=2", &[(ExportList, "B=2")]),
            ("A='1' B=2", &[(TextAfterQuote, "B=2"), (SecondAssignment, "B=2")]),
            ("A=é B=2", &[(SecondAssignment, "B=2")]),
            ("A=1\u{a0}B=2", &[(InvisibleCharacters, "\u{a0}"), (SecondAssignment, "B=2")]),
            ("K='a\nL=1'", &[(SwallowsAssignments, "L=")]),
            ("K='a\n L = 1'", &[(SwallowsAssignments, "L =")]),
            ("K=\"a\n\nL=1\nM=2\"", &[(SwallowsAssignments, "L=")]),
            ("K='a\nexport L=1'", &[(SwallowsAssignments, "L=")]),
            ("K='a\nexport  L=1'", &[(SwallowsAssignments, "L=")]),
            ("K='a\nexportL=1'", &[(SwallowsAssignments, "exportL=")]),
            ("K='a\nL=='", &[]),
            ("K='a\nL=\n'", &[]),
            ("K='a\nL='", &[]),
            ("K='a\nL=\r\n'", &[]),
            ("K='a\nL-M=1'", &[]),
            ("K='a\n1L=1'", &[]),
            ("K='a\n=1'", &[]),
            ("K='a\nL'", &[]),
            ("K='a\r\nL=1'", &[(SwallowsAssignments, "L=")]),
            ("K='a\rL=1'", &[(LoneCarriageReturn, "\r"), (SwallowsAssignments, "L=")]),
            ("K='a\u{2028}L=1'", &[(InvisibleCharacters, "\u{2028}"), (SwallowsAssignments, "L=")]),
            ("K='L=1'", &[]),
            ("K=`a\nL=1`", &[(SwallowsAssignments, "L=")]),
            ("K=\"a\nb c\nL=1\"", &[(SwallowsAssignments, "L=")]),
        ];
        for (text, expected) in cases {
            assert_eq!(hazards(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn characters_that_leave_no_trace() {
        let invisible = "\u{a0}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{1680}\u{17b4}\u{17b5}\u{180b}\u{180f}\u{2003}\u{200b}\u{200f}\
                         \u{2028}\u{202a}\u{202e}\u{2060}\u{206f}\u{3000}\u{3164}\u{feff}\u{ffa0}\u{fff9}\u{fffb}\u{e0000}\u{e007f}";
        for c in invisible.chars() {
            let text = format!("K=a{c}b");
            assert_eq!(hazards(&text), [(InvisibleCharacters, &text[3..text.len() - 1])], "{c:?}");
        }
        for c in "\té\u{34e}\u{180a}\u{1810}\u{2010}\u{2070}\u{fffc}\u{e0080}".chars() {
            assert_eq!(hazards(&format!("K=a{c}b")), [], "{c:?}");
        }
    }

    #[test]
    fn smart_quotes_count_at_the_ends_only() {
        assert_eq!(hazards("K=“x”"), [(SmartQuotes, "“"), (SmartQuotes, "”")]);
        assert_eq!(hazards("K=it’s"), []);
        assert_eq!(hazards("K=’"), [(SmartQuotes, "’")]);
    }

    #[test]
    fn an_open_quote_and_a_hash_are_two_hazards() {
        assert_eq!(hazards("K=\"a#b"), [(UnterminatedQuote, "\""), (HashTruncation, "#b")]);
    }
}
