//! What other programs make of an entry that OpenClaw reads in its own way. One entry and the lines it stands on enter;
//! the rest of the file, the environment and the program's version do not, so a reading is what the text alone decides.
//!
//! The facts were taken from bash 5.2, Docker 28.2, systemd 252 (all three run) and the parser of compose-go (read).

mod bash;
mod compose;
mod docker;
mod systemd;

use super::model::{Entry, EnvFile, Separator};
use super::scan::{byte, is_blank, line_end};

/// A program that reads env files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// `set -a; . FILE` in bash.
    Bash,
    /// `docker run --env-file FILE`.
    Docker,
    /// `env_file:` and `.env` of Docker Compose.
    Compose,
    /// `EnvironmentFile=` of a systemd unit.
    Systemd,
}

/// What a reader makes of an entry, compared with what OpenClaw makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The same value.
    Same,
    /// Another value, or a value that the text cannot tell.
    Differs(Difference),
    /// The reader does not set the variable, or refuses the whole file.
    Rejected(RejectReason),
}

/// Another value than OpenClaw's.
#[derive(Clone, PartialEq, Eq)]
pub struct Difference {
    /// What the reader sees, as far as the entry's own lines tell: references are not expanded, and the value is empty
    /// where the variable stays unset. May hold a credential, so it must never be printed unredacted.
    pub value: Box<str>,
    /// Why it differs; the weightiest reason if there are several.
    pub kind: DifferenceKind,
}

impl std::fmt::Debug for Difference {
    /// Leaves the value out, because debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Difference").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Why a value differs, lightest reason first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// None of the others.
    Other,
    /// Blanks around the value stay.
    SpaceKept,
    /// A backslash goes that OpenClaw keeps, with or without a meaning for the character after it.
    EscapeRemoved,
    /// A backslash stays that OpenClaw takes as an escape.
    EscapeKept,
    /// Quotes go that OpenClaw keeps.
    QuotesRemoved,
    /// Quotes stay that OpenClaw takes off.
    QuotesKept,
    /// A carriage return stays in the value.
    CarriageReturnKept,
    /// The value goes on at a `#` that has no blank before it.
    HashKept,
    /// The comment becomes part of the value.
    CommentKept,
    /// The line does not end where it ends for OpenClaw: at a lone carriage return, U+2028 or U+2029.
    LineBreakKept,
    /// A backslash at the line's end takes the next line in.
    LineContinued,
    /// Only the first line of the value counts.
    FirstLineOnly,
    /// The value ends at a blank, and what follows is taken for more names.
    WordSplit,
    /// `<` or `>` ends the value and names a file to read or to overwrite.
    Redirected,
    /// A reference is replaced by what it stands for.
    Expanded,
    /// A part of the line is run as a command.
    CommandRun,
}

/// Why a reader does not set the variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RejectReason {
    /// The byte order mark becomes part of the first name or command.
    ByteOrderMark,
    /// The name has a character that the reader does not allow.
    InvalidName,
    /// `export` is no keyword for this reader.
    ExportPrefix,
    /// A blank stands between name and `=`.
    SpaceBeforeSeparator,
    /// `:` separates nothing.
    ColonSeparator,
    /// Name and separator stand on different lines.
    SplitAcrossLines,
    /// The entry does not start a line for this reader, because the break before it is none.
    NotAtLineStart,
    /// A quote is still open where the entry ends: the reader goes on into the lines below, or refuses the file.
    OpenQuote,
    /// Text that the reader cannot take stands after the closing quote.
    TextAfterQuote,
    /// An unquoted parenthesis: a syntax error, or an array that is not exported.
    Parenthesis,
    /// A `$` that starts no reference.
    InvalidReference,
    /// The line is longer than the reader's limit.
    LineTooLong,
}

/// What `reader` makes of `file.entries[entry]`; `text` is the text the file was parsed from. An index out of range
/// reads as [`Reading::Same`].
#[must_use]
pub fn reading(text: &str, file: &EnvFile, entry: usize, reader: Reader) -> Reading {
    let Some(entry) = file.entries.get(entry) else { return Reading::Same };
    let lines = Lines::of(text, entry, reader);
    let read = match reader {
        Reader::Bash => bash::read,
        Reader::Docker => docker::read,
        Reader::Compose => compose::read,
        Reader::Systemd => systemd::read,
    };
    match lines.refusal(reader).map_or_else(|| read(&lines), Err) {
        Err(reason) => Reading::Rejected(reason),
        Ok(seen) => lines.compare(seen),
    }
}

/// The value as a reader sees it.
#[derive(Default)]
struct Seen {
    value: String,
    /// A reason why the text cannot tell the value.
    open: Option<DifferenceKind>,
}

impl Seen {
    fn literal(value: &str) -> Self {
        Self { value: value.to_owned(), open: None }
    }

    /// The variable is not set, or the line does something else besides.
    fn not_set(kind: DifferenceKind) -> Self {
        Self { value: String::new(), open: Some(kind) }
    }

    fn note(&mut self, kind: DifferenceKind) {
        self.open = self.open.max(Some(kind));
    }
}

/// An entry and the text around it that other readers look at.
struct Lines<'a> {
    entry: &'a Entry,
    /// The blanks between the start of the line and the entry.
    indent: &'a str,
    /// Whether the text before the entry belongs to the same line for this reader.
    mid_line: bool,
    /// Whether the byte order mark stands right before the entry's line.
    bom: bool,
    /// From after `export` to the name; empty without `export`.
    after_export: &'a str,
    /// The blanks between name and separator.
    gap: &'a str,
    /// Everything after the separator up to the break that ends the entry's last line; a `\r` before `\n` is included.
    body: &'a str,
    /// Whether the break after `body` is one for OpenClaw only.
    odd_break: bool,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str, entry: &'a Entry, reader: Reader) -> Self {
        let slice = |from: u32, to: usize| text.get(from as usize..to).unwrap_or_default();
        let before = slice(0, entry.span.start as usize);
        let is_break = |c: char| c == '\n' || (c == '\r' && reader == Reader::Systemd);
        let outer = before.trim_end_matches(|c| is_blank(c) && !is_break(c));
        let starts_file = outer.is_empty();
        let bom = starts_file && before.starts_with('\u{feff}');
        let indent = before.get(outer.len()..).unwrap_or_default();
        let end = line_end(text.as_bytes(), entry.span.end as usize);
        let (first, second) = (byte(text.as_bytes(), end), byte(text.as_bytes(), end + 1));
        let crlf = first == b'\r' && second == b'\n';
        let ends_line = end >= text.len() || first == b'\n' || crlf || (first == b'\r' && reader == Reader::Systemd);
        let name = entry.key_span.start as usize;
        Self {
            entry,
            indent: indent.strip_prefix('\u{feff}').filter(|_| bom).unwrap_or(indent),
            mid_line: !starts_file && !outer.ends_with(is_break),
            bom,
            after_export: if entry.export { slice(entry.span.start + "export".len() as u32, name) } else { "" },
            gap: slice(entry.key_span.end, entry.separator_span.start as usize),
            body: slice(entry.separator_span.end, end + usize::from(crlf)),
            odd_break: !ends_line,
        }
    }

    /// Reasons that are decided before the value is looked at.
    fn refusal(&self, reader: Reader) -> Option<RejectReason> {
        let shell_like = matches!(reader, Reader::Bash | Reader::Systemd);
        let colon = self.entry.separator == Separator::Colon;
        let exported = self.entry.export && !self.after_export.contains('\n');
        let strict_gap = !self.gap.is_empty() && matches!(reader, Reader::Bash | Reader::Docker);
        let odd_gap = shell_like && self.gap.contains(|c| !matches!(c, ' ' | '\t'));
        let odd_indent = shell_like && self.indent.contains(|c| !matches!(c, ' ' | '\t'));
        let table = [
            (self.bom && shell_like, RejectReason::ByteOrderMark),
            (self.mid_line, RejectReason::NotAtLineStart),
            (odd_indent || !allows_name(reader, &self.entry.key), RejectReason::InvalidName),
            (exported && matches!(reader, Reader::Docker | Reader::Systemd), RejectReason::ExportPrefix),
            (colon && reader != Reader::Compose, RejectReason::ColonSeparator),
            (self.gap.contains('\n'), RejectReason::SplitAcrossLines),
            (strict_gap || odd_gap, RejectReason::SpaceBeforeSeparator),
        ];
        table.into_iter().find_map(|(applies, reason)| applies.then_some(reason))
    }

    fn compare(&self, seen: Seen) -> Reading {
        let odd = self.odd_break.then_some(DifferenceKind::LineBreakKept);
        let open = seen.open.max(odd);
        if open.is_none() && *seen.value == *self.entry.value {
            return Reading::Same;
        }
        let kind = open.unwrap_or_else(|| self.explain(&seen.value));
        Reading::Differs(Difference { value: seen.value.into(), kind })
    }

    /// Why a value that the text decides differs from OpenClaw's.
    fn explain(&self, value: &str) -> DifferenceKind {
        let ours = &*self.entry.value;
        let value_end = self.entry.raw_span.end;
        let hash = self.entry.comment.is_some() && value.matches('#').count() > ours.matches('#').count();
        let blank_before_hash = self.entry.comment.is_some_and(|comment| comment.start > value_end);
        let backslashes = (value.matches('\\').count(), ours.matches('\\').count());
        let quoted = |text: &str| text.matches(['\'', '"', '`']).count();
        let table = [
            (self.body.contains('\n') && !value.contains('\n'), DifferenceKind::FirstLineOnly),
            (hash && blank_before_hash, DifferenceKind::CommentKept),
            (hash, DifferenceKind::HashKept),
            (value.contains('\r') && !ours.contains('\r'), DifferenceKind::CarriageReturnKept),
            (quoted(value) > quoted(ours) && backslashes.0 >= backslashes.1, DifferenceKind::QuotesKept),
            (quoted(value) < quoted(ours), DifferenceKind::QuotesRemoved),
            (backslashes.0 > backslashes.1, DifferenceKind::EscapeKept),
            (backslashes.0 < backslashes.1, DifferenceKind::EscapeRemoved),
            (value.trim_matches(is_blank) == ours.trim_matches(is_blank), DifferenceKind::SpaceKept),
        ];
        table.into_iter().find_map(|(applies, kind)| applies.then_some(kind)).unwrap_or(DifferenceKind::Other)
    }
}

fn allows_name(reader: Reader, name: &str) -> bool {
    let digit_first = name.starts_with(|c: char| c.is_ascii_digit());
    match reader {
        Reader::Bash | Reader::Systemd => super::scan::is_identifier(name),
        Reader::Compose => !digit_first && !name.contains('-'),
        Reader::Docker => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use DifferenceKind as D;
    use RejectReason as R;

    enum Expected {
        Same,
        Differs(D, &'static str),
        Rejected(R),
    }
    use Expected::{Differs, Rejected, Same};

    /// The first entry of each text, read by bash, Docker, Compose and systemd.
    fn table() -> Vec<(&'static str, [Expected; 4])> {
        vec![
            ("K=v", [Same, Same, Same, Same]),
            (
                "K=v#c",
                [
                    Differs(D::HashKept, "v#c"),
                    Differs(D::HashKept, "v#c"),
                    Differs(D::HashKept, "v#c"),
                    Differs(D::HashKept, "v#c"),
                ],
            ),
            ("K=v # c", [Same, Differs(D::CommentKept, "v # c"), Same, Differs(D::CommentKept, "v # c")]),
            (
                "K=# c",
                [
                    Differs(D::CommandRun, ""),
                    Differs(D::HashKept, "# c"),
                    Differs(D::HashKept, "# c"),
                    Differs(D::HashKept, "# c"),
                ],
            ),
            (
                "K= # c",
                [Same, Differs(D::CommentKept, " # c"), Differs(D::CommentKept, "# c"), Differs(D::CommentKept, "# c")],
            ),
            ("K=\"v#c\"", [Same, Differs(D::QuotesKept, "\"v#c\""), Same, Same]),
            ("K = v", [Rejected(R::SpaceBeforeSeparator), Rejected(R::SpaceBeforeSeparator), Same, Same]),
            ("K= v", [Differs(D::CommandRun, ""), Differs(D::SpaceKept, " v"), Same, Same]),
            ("export K=v", [Same, Rejected(R::ExportPrefix), Same, Rejected(R::ExportPrefix)]),
            ("K: v", [Rejected(R::ColonSeparator), Rejected(R::ColonSeparator), Same, Rejected(R::ColonSeparator)]),
            ("K=", [Same, Same, Same, Same]),
            (
                "K=\"a\\nb\"",
                [
                    Differs(D::EscapeKept, "a\\nb"),
                    Differs(D::QuotesKept, "\"a\\nb\""),
                    Same,
                    Differs(D::EscapeKept, "a\\nb"),
                ],
            ),
            ("K='a\\nb'", [Same, Differs(D::QuotesKept, "'a\\nb'"), Same, Same]),
            (
                "K=\"a\\\"b\"",
                [
                    Differs(D::EscapeRemoved, "a\"b"),
                    Differs(D::QuotesKept, "\"a\\\"b\""),
                    Differs(D::EscapeRemoved, "a\"b"),
                    Differs(D::EscapeRemoved, "a\"b"),
                ],
            ),
            (
                "K=\"abc\"def",
                [
                    Differs(D::QuotesRemoved, "abcdef"),
                    Same,
                    Differs(D::QuotesRemoved, "abc"),
                    Differs(D::QuotesRemoved, "abcdef"),
                ],
            ),
            ("K={\"a\":1}", [Differs(D::QuotesRemoved, "{a:1}"), Same, Same, Same]),
            ("K='a\nb'", [Same, Differs(D::FirstLineOnly, "'a"), Same, Same]),
            ("K=\"abc", [Rejected(R::OpenQuote), Same, Rejected(R::OpenQuote), Rejected(R::OpenQuote)]),
            ("K=${A}", [Differs(D::Expanded, "${A}"), Same, Differs(D::Expanded, "${A}"), Same]),
            ("K=a$b", [Differs(D::Expanded, "a$b"), Same, Differs(D::Expanded, "a$b"), Same]),
            ("K=a&b", [Differs(D::CommandRun, ""), Same, Same, Same]),
            ("K=a b c", [Differs(D::CommandRun, ""), Same, Same, Same]),
            ("export K=a b", [Differs(D::WordSplit, "a"), Rejected(R::ExportPrefix), Same, Rejected(R::ExportPrefix)]),
            (
                "K=`id`",
                [
                    Differs(D::CommandRun, ""),
                    Differs(D::QuotesKept, "`id`"),
                    Differs(D::QuotesKept, "`id`"),
                    Differs(D::QuotesKept, "`id`"),
                ],
            ),
            ("K=a\\\nb", [Differs(D::LineContinued, "a"), Same, Same, Differs(D::LineContinued, "a")]),
            ("\u{feff}K=v", [Rejected(R::ByteOrderMark), Same, Same, Rejected(R::ByteOrderMark)]),
            ("K=v\r\nL=w", [Differs(D::CarriageReturnKept, "v\r"), Same, Same, Same]),
            ("K-1=v", [Rejected(R::InvalidName), Same, Rejected(R::InvalidName), Rejected(R::InvalidName)]),
            ("1K=v", [Rejected(R::InvalidName), Same, Rejected(R::InvalidName), Rejected(R::InvalidName)]),
            (
                "K=\n\"next\"",
                [
                    Differs(D::FirstLineOnly, ""),
                    Differs(D::FirstLineOnly, ""),
                    Differs(D::FirstLineOnly, ""),
                    Differs(D::FirstLineOnly, ""),
                ],
            ),
            ("K=a\u{200b}b", [Same, Same, Same, Same]),
            (
                "K=v\rL=w",
                [Differs(D::LineBreakKept, "v"), Differs(D::LineBreakKept, "v"), Differs(D::LineBreakKept, "v"), Same],
            ),
            ("K=a>b", [Differs(D::Redirected, "a"), Same, Same, Same]),
            ("K=(a)", [Rejected(R::Parenthesis), Same, Same, Same]),
            ("K=pa$%ss", [Same, Same, Rejected(R::InvalidReference), Same]),
            ("K=a\\tb", [Differs(D::EscapeRemoved, "atb"), Same, Same, Differs(D::EscapeRemoved, "atb")]),
        ]
    }

    #[test]
    fn the_same_line_reads_differently_elsewhere() {
        for (text, expected) in table() {
            let file = parse(text);
            let readers = [Reader::Bash, Reader::Docker, Reader::Compose, Reader::Systemd];
            for (reader, expected) in readers.into_iter().zip(expected) {
                let expected = match expected {
                    Same => Reading::Same,
                    Differs(kind, value) => Reading::Differs(Difference { kind, value: value.into() }),
                    Rejected(reason) => Reading::Rejected(reason),
                };
                let actual = reading(text, &file, 0, reader);
                if let Reading::Differs(difference) = &actual {
                    assert_eq!(actual, expected, "{reader:?} {text:?} sees {:?}", difference.value);
                }
                assert_eq!(actual, expected, "{reader:?} {text:?}");
            }
        }
    }

    /// What `reader` makes of the last entry, in short.
    fn told(text: &str, reader: Reader) -> String {
        let file = parse(text);
        match reading(text, &file, file.entries.len() - 1, reader) {
            Reading::Same => "same".to_owned(),
            Reading::Differs(difference) => format!("{:?} {}", difference.kind, difference.value),
            Reading::Rejected(reason) => format!("{reason:?}"),
        }
    }

    fn each_is_told(reader: Reader, cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(told(text, reader), *expected, "{text:?}");
        }
    }

    #[test]
    fn bash_reads_one_word_and_looks_at_what_follows() {
        each_is_told(
            Reader::Bash,
            &[
                ("K=a;", "Other a"),
                ("K=a; ", "Other a"),
                ("K=a;b", "CommandRun a"),
                ("K=a;\tb", "CommandRun a"),
                ("K=a;#c", "Other a"),
                ("K=a; # c", "Other a"),
                ("K=a ; b", "CommandRun a"),
                ("K=a;;", "CommandRun a"),
                ("K=a;\nL=1", "same"),
                ("K=a;'\n;b'", "CommandRun a"),
                ("K=a#b", "HashKept a#b"),
                ("K=a #b", "same"),
                ("K=a\t#b", "same"),
                ("K=#b", "HashKept #b"),
                ("K=a&", "CommandRun "),
                ("K=a & b", "CommandRun "),
                ("K=a|b", "CommandRun "),
                ("K=a | b", "CommandRun "),
                ("K=a<b", "Redirected a"),
                ("K=a >b", "Redirected a"),
                ("K=a b=c", "WordSplit a"),
                ("K=a b", "CommandRun "),
                ("K=a\tb", "CommandRun "),
                ("K=a 1=b", "CommandRun "),
                ("K=a b-c=d", "CommandRun "),
                ("K=a =b", "CommandRun "),
                ("export K=a b", "WordSplit a"),
                ("export K=a b=c", "WordSplit a"),
                ("export\nK=a b", "CommandRun "),
                ("K=(a)", "Parenthesis"),
                ("K=a)", "Parenthesis"),
                ("K=a(b", "Parenthesis"),
                ("K=~", "Expanded ~"),
                ("K=~/x", "Expanded ~/x"),
                ("K=a:~/x", "Expanded a:~/x"),
                ("K=a~", "same"),
                ("K='~'", "same"),
                ("K=a:b", "same"),
                ("K='a'b", "QuotesRemoved ab"),
                ("K='a'\"b\"c", "QuotesRemoved abc"),
                ("K='a'\\''b'", "QuotesRemoved a'b"),
                ("K=\"a'b\"", "same"),
                ("K='a\"b'", "same"),
                ("K=a'b", "OpenQuote"),
                ("K=a\"b", "OpenQuote"),
                ("K=\"a\\\"b\"", "EscapeRemoved a\"b"),
                ("K=\"a\\\\b\"", "EscapeRemoved a\\b"),
                ("K=\"a\\`b\"", "EscapeRemoved a`b"),
                ("K=\"a\\$b\"", "EscapeRemoved a$b"),
                ("K=\"a\\nb\"", "EscapeKept a\\nb"),
                ("K=\"a\\qb\"", "same"),
                ("K=\"a\\\nb\"", "LineContinued ab"),
                ("K=\"abc\\\nd\"", "LineContinued abcd"),
                ("K=\"abc\\\"d\"", "EscapeRemoved abc\"d"),
                ("K=\"a`b`c\"", "CommandRun "),
                ("K=\"a`b\"", "OpenQuote"),
                ("K=\"$(id)\"", "CommandRun "),
                ("K=\"x${A}y\"", "Expanded x${A}y"),
                ("K=\"x${A:-b}y\"", "Expanded x${A:-b}y\""),
                ("K=\"x$A.y\"", "Expanded x$A.y"),
                ("K=\"a$ b\"", "same"),
                ("K=\"a$\"", "same"),
                ("K=\"$1\"", "Expanded "),
                ("K=\"$'a'\"", "same"),
                ("K=\"a\" # c", "same"),
                ("K=\"a\"# c", "CommandRun "),
                ("K=$'a'", "Expanded "),
                ("K=$\"a\"", "QuotesRemoved a"),
                ("K=x$", "same"),
                ("K=x$.", "same"),
                ("K=x$$", "Expanded x"),
                ("K=x$1", "Expanded x"),
                ("K=x$?", "Expanded x"),
                ("K=x$-", "Expanded x"),
                ("K=x$!", "Expanded x"),
                ("K=x$#", "Expanded x"),
                ("K=x$@", "Expanded x"),
                ("K=x$*", "Expanded x"),
                ("K=x$[1]", "Expanded x"),
                ("K=x$_y", "Expanded x$_y"),
                ("K=x${A}b", "Expanded x${A}b"),
                ("K=x${A} b", "CommandRun "),
                ("export K=x${A} b", "Expanded x${A}"),
                ("K=\"x${A}\" b", "CommandRun "),
                ("K=x${A:-b}c", "Expanded x${A:-b}c"),
                ("K=x${A:-b c}d", "Expanded x${A:-b c}d"),
                ("K=x${}", "Expanded x${}"),
                ("K=x${A", "Expanded x${A"),
                ("K=x${A:-'\n'}", "Expanded x${A:-'"),
                ("K=$A.b", "Expanded $A.b"),
                ("K=$Ab", "Expanded $Ab"),
                ("K=x$(id)b", "CommandRun x"),
                ("K=x`id`b", "CommandRun "),
                ("K=`id", "OpenQuote"),
                ("K=a\\", "LineContinued a"),
                ("K=a\\\nb", "LineContinued a"),
                ("K='a\\'b\\\nc\"' #\"", "LineContinued a\\bc' #"),
                ("K=a\\ b", "EscapeRemoved a b"),
                ("K=\\\\", "EscapeRemoved \\"),
                ("K=a\\\"b", "EscapeRemoved a\"b"),
                ("K=a\\#b", "HashKept a#b"),
                ("K=a\\$b", "EscapeRemoved a$b"),
                ("export K={a,b}", "Expanded {a,b}"),
                ("export K={a..b}", "Expanded {a..b}"),
                ("export K={a}", "same"),
                ("export K={a.b}", "same"),
                ("export K={a,b", "same"),
                ("export K=x{a,b}", "Expanded x{a,b}"),
                ("export K={a}{b,c}", "Expanded {a}{b,c}"),
                ("export K='{a,b}'", "same"),
                ("export K=a,b}", "same"),
                ("export\nK={a,b}", "same"),
                ("K={a,b}", "same"),
                ("K=a\rL=b", "NotAtLineStart"),
                ("K='a\rb'", "CarriageReturnKept a\rb"),
            ],
        );
    }

    #[test]
    fn compose_takes_quotes_and_references() {
        each_is_told(
            Reader::Compose,
            &[
                ("K= a", "same"),
                ("K=\ta\t", "same"),
                ("K=\u{b}a", "same"),
                ("K=\u{c}a", "same"),
                ("K=\u{85}a", "Other a"),
                ("K=\u{a0}a", "same"),
                ("K=\u{2003}a", "SpaceKept \u{2003}a"),
                ("K=a #b", "same"),
                ("K=a# b", "HashKept a# b"),
                ("K=a\t#b", "CommentKept a\t#b"),
                ("K=#b", "HashKept #b"),
                ("K='a'", "same"),
                ("K=' a '", "same"),
                ("K='a' # b", "same"),
                ("K='a'#b", "same"),
                ("K='a' b", "QuotesRemoved a"),
                ("K='a' b=c", "QuotesRemoved a"),
                ("K='a' b:c", "QuotesRemoved a"),
                ("K='a' b c", "TextAfterQuote"),
                ("K='a'b", "QuotesRemoved a"),
                ("K='a' =c", "QuotesRemoved a"),
                ("K='a' ?", "TextAfterQuote"),
                ("K='a'\t", "same"),
                ("K='a'\nL=1", "same"),
                ("K='a\\'b'", "EscapeRemoved a'b"),
                ("K='a\\\\'", "same"),
                ("K='a\\\\'b'", "TextAfterQuote"),
                ("K='a\\nb'", "same"),
                ("K='$A'", "same"),
                ("K='a", "OpenQuote"),
                ("K='a\"b'", "same"),
                ("K=\"a'b\"", "same"),
                ("K=\"\\a\\b\\f\\n\\r\\t\\v\"", "EscapeRemoved \u{7}\u{8}\u{c}\n\r\t\u{b}"),
                ("K=\"a\\qb\"", "same"),
                ("K=\"a\\\\nb\"", "Other a\\nb"),
                ("K=\"a\\\\\"", "EscapeRemoved a\\"),
                ("K=\"a\\\"b\"", "EscapeRemoved a\"b"),
                ("K=\"a\\$b\"", "Expanded a$b"),
                ("K=\"a\\$$b\"", "Expanded a$$b"),
                ("K=\"$A\"", "Expanded $A"),
                ("K=\"a", "OpenQuote"),
                ("K=\"a\" \"b\"", "TextAfterQuote"),
                ("K=\"a\nb\"", "same"),
                ("K=$A", "Expanded $A"),
                ("K=$$A", "Expanded $A"),
                ("K=a$$", "Expanded a$"),
                ("K=$$$A", "Expanded $$A"),
                ("K=$", "InvalidReference"),
                ("K=a$ b", "InvalidReference"),
                ("K=$1", "InvalidReference"),
                ("K=$.", "InvalidReference"),
                ("K=${A}", "Expanded ${A}"),
                ("K=${", "Expanded ${"),
                ("K=$A$", "InvalidReference"),
                ("K=`a`", "QuotesKept `a`"),
                ("K=a\\nb", "same"),
                ("K=a\\", "same"),
                ("K=a\rL=b", "NotAtLineStart"),
            ],
        );
    }

    #[test]
    fn docker_takes_the_line_as_it_is() {
        each_is_told(
            Reader::Docker,
            &[
                ("K= a ", "SpaceKept  a "),
                ("K=\"a\"", "QuotesKept \"a\""),
                ("K=a # b", "CommentKept a # b"),
                ("K=a#b", "HashKept a#b"),
                ("K=a\r\nL=1", "same"),
                ("K=\"a\r\nb\"", "FirstLineOnly \"a"),
                ("K=\"a\nb\"", "FirstLineOnly \"a"),
                ("K=$A", "same"),
            ],
        );
        // Indent, name, `=` and value, without the line break.
        let line = |blanks: usize, value: usize| format!("{}K={}\r\n", " ".repeat(blanks), "v".repeat(value));
        for (text, expected) in [
            (line(0, 65_532), "same"),
            (line(0, 65_533), "LineTooLong"),
            (line(1, 65_531), "same"),
            (line(1, 65_532), "LineTooLong"),
            (line(0, 65_532).replace('K', "KK"), "LineTooLong"),
        ] {
            assert_eq!(told(&text, Reader::Docker), expected, "{}", text.len());
        }
    }

    #[test]
    fn systemd_opens_quotes_again() {
        each_is_told(
            Reader::Systemd,
            &[
                ("K= a ", "same"),
                ("K=\ta\t", "same"),
                ("K=a b", "same"),
                ("K=a  b \t", "same"),
                ("K='a'", "same"),
                ("K=' a '", "same"),
                ("K='a'b", "QuotesRemoved ab"),
                ("K='a' 'b'", "QuotesRemoved ab"),
                ("K='a'\"b\"", "QuotesRemoved ab"),
                ("K=\"a\" b", "QuotesRemoved ab"),
                ("K=\"a\" b c ", "QuotesRemoved ab c"),
                ("K=a'b'", "same"),
                ("K=a\"b\"", "same"),
                ("K=a 'b'", "same"),
                ("K=a\\ ", "EscapeRemoved a "),
                ("K=a\\ \t", "EscapeRemoved a "),
                ("K=a\\tb", "EscapeRemoved atb"),
                ("K=a\\\nb", "LineContinued a"),
                ("K='a\\'b\\\nc'", "LineContinued a\\bc'"),
                ("K='a\\'b\\\rc'", "LineContinued a\\bc'"),
                ("K=a\\\\", "EscapeRemoved a\\"),
                ("K=a\\", "LineContinued a"),
                ("K=\\a", "EscapeRemoved a"),
                ("K='a\\'b'", "Other a\\b'"),
                ("K='a\\\\b'", "same"),
                ("K=\"a\\\"b\"", "EscapeRemoved a\"b"),
                ("K=\"a\\\\b\"", "EscapeRemoved a\\b"),
                ("K=\"a\\`b\"", "EscapeRemoved a`b"),
                ("K=\"a\\$b\"", "EscapeRemoved a$b"),
                ("K=\"a\\qb\"", "same"),
                ("K=\"a\\\nb\"", "LineContinued ab"),
                ("K=\"a\\", "OpenQuote"),
                ("K=\"a", "OpenQuote"),
                ("K='a", "OpenQuote"),
                ("K='a\nb'", "same"),
                ("K=\"a\nb\"", "same"),
                ("K=a #b", "CommentKept a #b"),
                ("K=a#b", "HashKept a#b"),
                ("K=#b", "HashKept #b"),
                ("K=\n'a'", "FirstLineOnly "),
                ("K=\r'a'", "Other "),
                ("K=a\rL=b", "same"),
                ("K='a' \nL=1", "same"),
                ("K='a'\rL=1", "same"),
                ("K=a \\\n b", "LineContinued a "),
                ("K=$A", "same"),
                ("K=`a`", "QuotesKept `a`"),
            ],
        );
    }

    #[test]
    fn what_stands_around_the_value_is_looked_at_first() {
        for (text, expected) in [
            ("\u{feff}K=v", ["ByteOrderMark", "same", "same", "ByteOrderMark"]),
            ("\u{feff} K=v", ["ByteOrderMark", "same", "same", "ByteOrderMark"]),
            (" \u{feff}K=v", ["InvalidName", "same", "same", "InvalidName"]),
            ("\u{feff}A=1\nK=v", ["same", "same", "same", "same"]),
            ("\u{a0}K=v", ["InvalidName", "same", "same", "InvalidName"]),
            ("\u{2003}K=v", ["InvalidName", "same", "same", "InvalidName"]),
            (" K=v", ["same", "same", "same", "same"]),
            ("\tK=v", ["same", "same", "same", "same"]),
            ("\u{b}K=v", ["InvalidName", "same", "same", "InvalidName"]),
            ("A=1\n K=v", ["same", "same", "same", "same"]),
            ("A=1\rK=v", ["NotAtLineStart", "NotAtLineStart", "NotAtLineStart", "same"]),
            ("A=1\r\nK=v", ["same", "same", "same", "same"]),
            ("A=1\u{2028}K=v", ["same", "same", "same", "same"]),
            ("x\u{2029}K=v", ["NotAtLineStart", "NotAtLineStart", "NotAtLineStart", "NotAtLineStart"]),
            ("\nK=v", ["same", "same", "same", "same"]),
            ("\rK=v", ["InvalidName", "same", "same", "same"]),
            ("\u{2028}K=v", ["InvalidName", "same", "same", "InvalidName"]),
            ("K=v\u{2028}L", ["same", "same", "same", "same"]),
            ("K=v\u{2028}", ["LineBreakKept v", "LineBreakKept v", "LineBreakKept v", "LineBreakKept v"]),
            ("K=v\r", ["LineBreakKept v", "LineBreakKept v", "LineBreakKept v", "same"]),
            ("K=v\r\n", ["CarriageReturnKept v\r", "same", "same", "same"]),
            ("K=v\rL", ["LineBreakKept v", "LineBreakKept v", "LineBreakKept v", "same"]),
            ("K\t=v", ["SpaceBeforeSeparator", "SpaceBeforeSeparator", "same", "same"]),
            ("K =v", ["SpaceBeforeSeparator", "SpaceBeforeSeparator", "same", "same"]),
            ("K\u{a0}=v", ["SpaceBeforeSeparator", "SpaceBeforeSeparator", "same", "SpaceBeforeSeparator"]),
            ("K\u{b}=v", ["SpaceBeforeSeparator", "SpaceBeforeSeparator", "same", "SpaceBeforeSeparator"]),
            ("K\n=v", ["SplitAcrossLines", "SplitAcrossLines", "SplitAcrossLines", "SplitAcrossLines"]),
            ("K \n =v", ["SplitAcrossLines", "SplitAcrossLines", "SplitAcrossLines", "SplitAcrossLines"]),
            ("K\r\n=v", ["SplitAcrossLines", "SplitAcrossLines", "SplitAcrossLines", "SplitAcrossLines"]),
            ("export K=v", ["same", "ExportPrefix", "same", "ExportPrefix"]),
            ("export\tK=v", ["same", "ExportPrefix", "same", "ExportPrefix"]),
            ("export\nK=v", ["same", "same", "same", "same"]),
            ("export \nK=v", ["same", "same", "same", "same"]),
            ("A=1\nexport\nK=v", ["same", "same", "same", "same"]),
            ("export K =v", ["SpaceBeforeSeparator", "ExportPrefix", "same", "ExportPrefix"]),
            ("K: v", ["ColonSeparator", "ColonSeparator", "same", "ColonSeparator"]),
            ("K:\nv", ["ColonSeparator", "ColonSeparator", "FirstLineOnly ", "ColonSeparator"]),
            ("K:\tv", ["ColonSeparator", "ColonSeparator", "same", "ColonSeparator"]),
            ("K-1=v", ["InvalidName", "same", "InvalidName", "InvalidName"]),
            ("K.1=v", ["InvalidName", "same", "same", "InvalidName"]),
            ("1K=v", ["InvalidName", "same", "InvalidName", "InvalidName"]),
            ("_K=v", ["same", "same", "same", "same"]),
            ("K= v", ["CommandRun ", "SpaceKept  v", "same", "same"]),
            ("K=v ", ["same", "SpaceKept v ", "same", "same"]),
            ("K=v\t# c", ["same", "CommentKept v\t# c", "CommentKept v\t# c", "CommentKept v\t# c"]),
            ("K=v # c", ["same", "CommentKept v # c", "same", "CommentKept v # c"]),
            ("K=v# c", ["CommandRun ", "HashKept v# c", "HashKept v# c", "HashKept v# c"]),
            ("K=v ## c", ["same", "CommentKept v ## c", "same", "CommentKept v ## c"]),
            ("K= # c", ["same", "CommentKept  # c", "CommentKept # c", "CommentKept # c"]),
            ("K='v' # c", ["same", "CommentKept 'v' # c", "same", "CommentKept v# c"]),
            ("K='v'# c", ["CommandRun ", "HashKept 'v'# c", "same", "HashKept v# c"]),
            ("K='#' # c", ["same", "CommentKept '#' # c", "same", "CommentKept ## c"]),
            ("K=\"a\\nb\"", ["EscapeKept a\\nb", "QuotesKept \"a\\nb\"", "same", "EscapeKept a\\nb"]),
            ("K=\"a\\rb\"", ["EscapeKept a\\rb", "QuotesKept \"a\\rb\"", "same", "EscapeKept a\\rb"]),
            (
                "K=\"a\r\nb\"",
                [
                    "CarriageReturnKept a\r\nb",
                    "FirstLineOnly \"a",
                    "CarriageReturnKept a\r\nb",
                    "CarriageReturnKept a\r\nb",
                ],
            ),
            ("K='a\nb'", ["same", "FirstLineOnly 'a", "same", "same"]),
            ("K=a'b'", ["QuotesRemoved ab", "same", "same", "same"]),
            ("K=a\\b", ["EscapeRemoved ab", "same", "same", "EscapeRemoved ab"]),
            ("K=a\\\\b", ["EscapeRemoved a\\b", "same", "same", "EscapeRemoved a\\b"]),
            (
                "K=\"a\\\\b\"",
                ["EscapeRemoved a\\b", "QuotesKept \"a\\\\b\"", "EscapeRemoved a\\b", "EscapeRemoved a\\b"],
            ),
            ("K='a' b", ["CommandRun ", "same", "QuotesRemoved a", "QuotesRemoved ab"]),
            ("K=\"a\" b\"", ["CommandRun ", "QuotesKept \"a\" b\"", "TextAfterQuote", "Other ab\""]),
            ("K=a\u{7}b", ["same", "same", "same", "same"]),
            ("K=", ["same", "same", "same", "same"]),
            ("K=\"\"", ["same", "QuotesKept \"\"", "same", "same"]),
            ("K= ", ["same", "SpaceKept  ", "same", "same"]),
            ("K=\n", ["same", "same", "same", "same"]),
            ("K=\n\n v", ["same", "same", "same", "same"]),
            ("K=\nv", ["same", "same", "same", "same"]),
            ("K=\n'v'", ["FirstLineOnly ", "FirstLineOnly ", "FirstLineOnly ", "FirstLineOnly "]),
            ("K='\u{2028}v'", ["same", "QuotesKept '\u{2028}v'", "same", "same"]),
        ] {
            let readers = [Reader::Bash, Reader::Docker, Reader::Compose, Reader::Systemd];
            assert_eq!(readers.map(|reader| told(text, reader)), expected, "{text:?}");
        }
    }

    #[test]
    fn a_difference_does_not_show_its_value() {
        let difference = Difference { value: "synthetic".into(), kind: D::SpaceKept };
        assert_eq!(format!("{difference:?}"), "Difference { kind: SpaceKept, .. }");
    }

    #[test]
    fn an_unknown_index_is_no_panic() {
        assert_eq!(reading("", &parse(""), 7, Reader::Bash), Reading::Same);
    }
}
