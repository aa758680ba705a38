//! The parser: one pass over the bytes of a file, linear on every input.
//!
//! The reference is one regular expression with a `g` and an `m` flag. What it does with backtracking is spelled out
//! here as plain steps:
//! - A match starts at a line's first non-blank. Where it does not match, the rest of that line is skipped.
//! - Blanks cross lines: between `export` and name, before and after `=`, and before an opening quote.
//! - After the separator the expression cannot fail, because "no value" is one of its alternatives.
//! - A closing quote counts only if nothing but blanks, a comment or the line's end follows it. The first quote without a
//!   backslash before it is tried, then the ones with a backslash, from the last to the first.
//! - Everything else is an unquoted value: up to the first `#`, `\r` or `\n`, wherever the `#` stands.

use super::model::{Entry, EnvFile, IgnoredLine, IgnoredReason, Quote, Separator};
use super::scan::{blank_len, byte, is_blank, line_end, name_end, skip_blanks, skip_blanks_in_line, terminator_len};
use super::value::{decode, strip_quotes};
use crate::source::Span;

/// Parses the text of one env file, which must be shorter than 4 GiB.
#[must_use]
pub fn parse(text: &str) -> EnvFile {
    let parser = Parser { text, bytes: text.as_bytes() };
    let mut file = EnvFile { has_bom: text.starts_with('\u{feff}'), ..EnvFile::default() };
    let mut at = 0;
    loop {
        at = skip_blanks(parser.bytes, at);
        if at >= parser.bytes.len() {
            return file;
        }
        let end = parser.statement(at, &mut file);
        at = end + terminator_len(parser.bytes, end);
    }
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
}

/// `export`, name and separator.
struct Head {
    key: Span,
    separator: Separator,
    separator_span: Span,
    export: bool,
    /// Where the value may start: right after `=`, or after the blank that `:` needs.
    value: usize,
}

/// A value and what follows it on its line.
struct Tail {
    value: Box<str>,
    value_span: Span,
    raw_span: Span,
    quote: Option<Quote>,
    comment: Option<Span>,
    /// The line terminator (or the end of the text) after which the next statement starts.
    end: usize,
}

impl Parser<'_> {
    /// Reads the comment, entry or ignored line that starts at `at`, a non-blank; returns the end of its last line.
    fn statement(&self, at: usize, file: &mut EnvFile) -> usize {
        if byte(self.bytes, at) == b'#' {
            let end = line_end(self.bytes, at);
            file.comments.push(span(at, end));
            return end;
        }
        let Some(head) = self.head(at) else {
            let end = line_end(self.bytes, at);
            file.ignored.push(self.ignored(at, end));
            return end;
        };
        let tail = self.tail(&head);
        let end = tail.end;
        file.comments.extend(tail.comment);
        file.entries.push(self.entry(at, head, tail));
        end
    }

    fn entry(&self, at: usize, head: Head, tail: Tail) -> Entry {
        let key = head.key.slice(self.text);
        let comment = tail.comment.filter(|comment| self.same_line(tail.raw_span.end, comment.start));
        let end = comment.map_or(tail.raw_span.end, |comment| comment.end);
        Entry {
            key: key.into(),
            key_span: head.key,
            value: tail.value,
            value_span: tail.value_span,
            raw_span: tail.raw_span,
            quote: tail.quote,
            separator: head.separator,
            separator_span: head.separator_span,
            export: head.export,
            comment,
            span: Span::new(offset(at), end),
            loaded: Entry::is_loadable(key),
        }
    }

    /// Whether no line ends between two offsets. A lone `:` may be followed by a comment on the next line.
    fn same_line(&self, from: u32, to: u32) -> bool {
        let between = Span::new(from, to).slice(self.text).as_bytes();
        line_end(between, 0) == between.len()
    }

    fn head(&self, at: usize) -> Option<Head> {
        let after = at + "export".len();
        if self.bytes.get(at..after) == Some(b"export") && blank_len(self.bytes, after) > 0 {
            let exported = self.assignment(skip_blanks(self.bytes, after), true);
            if exported.is_some() {
                return exported;
            }
        }
        self.assignment(at, false)
    }

    fn assignment(&self, at: usize, export: bool) -> Option<Head> {
        let end = name_end(self.bytes, at);
        if end == at {
            return None;
        }
        let colon_blank = if byte(self.bytes, end) == b':' { blank_len(self.bytes, end + 1) } else { 0 };
        if colon_blank > 0 {
            // The blank after the colon may be a line break; `\r\n` counts as one.
            let value = end + 1 + colon_blank.max(terminator_len(self.bytes, end + 1));
            return Some(Head::new(span(at, end), Separator::Colon, end, export, value));
        }
        let equals = skip_blanks(self.bytes, end);
        let found = byte(self.bytes, equals) == b'=';
        found.then(|| Head::new(span(at, end), Separator::Equals, equals, export, equals + 1))
    }

    fn tail(&self, head: &Head) -> Tail {
        let opening = skip_blanks(self.bytes, head.value);
        let quoted = Quote::from_byte(byte(self.bytes, opening)).and_then(|quote| self.quoted(opening, quote));
        quoted.unwrap_or_else(|| self.unquoted(head))
    }

    /// The quoted value whose opening quote stands at `opening`; `None` when no closing quote will do.
    fn quoted(&self, opening: usize, quote: Quote) -> Option<Tail> {
        let (closing, (comment, end)) = self.closing(opening, quote)?;
        let value_span = span(opening + 1, closing);
        Some(Tail {
            value: decode(value_span.slice(self.text), quote == Quote::Double),
            value_span,
            raw_span: span(opening, closing + 1),
            quote: Some(quote),
            comment,
            end,
        })
    }

    fn closing(&self, opening: usize, quote: Quote) -> Option<(usize, (Option<Span>, usize))> {
        let content = opening + 1;
        let bare = self.bare_quote(content, quote);
        let try_at = |at: usize| Some((at, self.rest_of_line(at + 1)?));
        let mut escaped = memchr::memrchr_iter(quote.byte(), self.bytes.get(content..bare).unwrap_or_default());
        try_at(bare).filter(|_| bare < self.bytes.len()).or_else(|| escaped.find_map(|at| try_at(content + at)))
    }

    /// The first `quote` from `content` on without a backslash before it, or the end of the text.
    fn bare_quote(&self, content: usize, quote: Quote) -> usize {
        let rest = self.bytes.get(content..).unwrap_or_default();
        let is_bare = |at: &usize| *at == 0 || byte(rest, at - 1) != b'\\';
        memchr::memchr_iter(quote.byte(), rest).find(is_bare).map_or(self.bytes.len(), |at| content + at)
    }

    /// What follows a closing quote: a comment or nothing, and where the line ends. `None` when text follows.
    fn rest_of_line(&self, at: usize) -> Option<(Option<Span>, usize)> {
        let stop = skip_blanks_in_line(self.bytes, at);
        if byte(self.bytes, stop) == b'#' {
            let end = line_end(self.bytes, stop);
            return Some((Some(span(stop, end)), end));
        }
        let ended = stop >= self.bytes.len() || terminator_len(self.bytes, stop) > 0;
        ended.then_some((None, stop))
    }

    fn unquoted(&self, head: &Head) -> Tail {
        let rest = self.bytes.get(head.value..).unwrap_or_default();
        let stop = memchr::memchr3(b'#', b'\n', b'\r', rest).map_or(self.bytes.len(), |at| head.value + at);
        let end = line_end(self.bytes, stop);
        let comment = (byte(self.bytes, stop) == b'#').then(|| span(stop, end));
        let text = self.text.get(head.value..stop).unwrap_or_default();
        let leading = text.len() - text.trim_start_matches(is_blank).len();
        let raw = text.trim_matches(is_blank);
        if raw.is_empty() {
            let nothing = Span::at(head.separator_span.end);
            return Tail { value: "".into(), value_span: nothing, raw_span: nothing, quote: None, comment, end };
        }
        let raw_span = span(head.value + leading, head.value + leading + raw.len());
        let stripped = strip_quotes(raw);
        let inner = Span::new(raw_span.start + 1, raw_span.end.saturating_sub(1));
        let value_span = if stripped.quote.is_some() { inner } else { raw_span };
        Tail { value: stripped.value, value_span, raw_span, quote: stripped.quote, comment, end }
    }

    fn ignored(&self, at: usize, end: usize) -> IgnoredLine {
        let line = self.text.get(at..end).unwrap_or_default().trim_end_matches(is_blank);
        IgnoredLine { span: span(at, at + line.len()), reason: ignored_reason(line) }
    }
}

impl Head {
    fn new(key: Span, separator: Separator, separator_at: usize, export: bool, value: usize) -> Self {
        Self { key, separator, separator_span: span(separator_at, separator_at + 1), export, value }
    }
}

fn ignored_reason(line: &str) -> IgnoredReason {
    let code = line.split('#').next().unwrap_or_default();
    let behind_name = byte(line.as_bytes(), name_end(line.as_bytes(), 0));
    if line.starts_with(';') || line.starts_with("//") {
        IgnoredReason::ForeignComment
    } else if line.starts_with(['=', ':']) {
        IgnoredReason::NoKey
    } else if behind_name == b':' {
        IgnoredReason::ColonWithoutBlank
    } else if code.contains('=') || code.contains(": ") {
        IgnoredReason::BadKey
    } else {
        IgnoredReason::NoSeparator
    }
}

fn span(start: usize, end: usize) -> Span {
    Span::new(offset(start), offset(end))
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, value, text under `value_span`, `raw_span`, `span`, and the comment.
    fn entries(text: &str) -> Vec<[String; 6]> {
        let under = |span: Span| span.slice(text).to_owned();
        let row = |entry: &Entry| {
            let comment = entry.comment.map(under).unwrap_or_default();
            let spans = [entry.value_span, entry.raw_span, entry.span].map(under);
            let [value, raw, whole] = spans;
            [entry.key.to_string(), entry.value.to_string(), value, raw, whole, comment]
        };
        parse(text).entries.iter().map(row).collect()
    }

    #[test]
    fn spans_count_in_the_original_text() {
        let text = "\u{feff}export 	A = \"x\\ny\" # c\r\nB:  b # d \rC='1\r\n2'\n";
        let expected = [
            ["A", "x\ny", "x\\ny", "\"x\\ny\"", "export 	A = \"x\\ny\" # c", "# c"],
            ["B", "b", "b", "b", "B:  b # d ", "# d "],
            ["C", "1\n2", "1\r\n2", "'1\r\n2'", "C='1\r\n2'", ""],
        ];
        assert_eq!(entries(text), expected);
        assert!(parse(text).has_bom);
    }

    /// What stands in the entry, as `[export ]key|separator|quote|raw|value span|comment`.
    fn parts(text: &str) -> Vec<String> {
        let under = |span: Span| span.slice(text);
        let row = |entry: &Entry| {
            let export = if entry.export { "export " } else { "" };
            let kind = match entry.separator {
                Separator::Equals => "=",
                Separator::Colon => ":",
            };
            assert_eq!(under(entry.separator_span), kind, "{text:?}");
            assert_eq!(under(entry.key_span), &*entry.key, "{text:?}");
            let quote = entry.quote.map(|quote| char::from(quote.byte()).to_string()).unwrap_or_default();
            let comment = entry.comment.map(under).unwrap_or_default();
            let (raw, value) = (under(entry.raw_span), under(entry.value_span));
            format!("{export}{}|{kind}|{quote}|{raw}|{value}|{comment}", entry.key)
        };
        parse(text).entries.iter().map(row).collect()
    }

    #[test]
    fn every_part_has_its_place() {
        for (text, expected) in [
            ("A=1", "A|=||1|1|"),
            ("  A = 1  ", "A|=||1|1|"),
            ("A: 1", "A|:||1|1|"),
            ("A:\t'1'", "A|:|'|'1'|1|"),
            ("A:\r\n1", "A|:||1|1|"),
            ("A:\n\n1", "A|:||||"),
            ("export A=1", "export A|=||1|1|"),
            ("export\n A=1", "export A|=||1|1|"),
            ("export =1", "export|=||1|1|"),
            ("export=1", "export|=||1|1|"),
            ("exported=1", "exported|=||1|1|"),
            ("export export=1", "export export|=||1|1|"),
            ("A\n=1", "A|=||1|1|"),
            ("A=\n'1'", "A|=|'|'1'|1|"),
            ("A=\n1", "A|=||||"),
            ("A=a b # c ", "A|=||a b|a b|# c "),
            ("A=a#b", "A|=||a|a|#b"),
            ("A='a' # b", "A|=|'|'a'|a|# b"),
            ("A='a'# b", "A|=|'|'a'|a|# b"),
            ("A=`a#b`", "A|=|`|`a#b`|a#b|"),
            ("A=\"a\\\"b\"", "A|=|\"|\"a\\\"b\"|a\\\"b|"),
            ("A=\"a\\\" b", "A|=||\"a\\\" b|\"a\\\" b|"),
            ("A='a' b'", "A|=|'|'a' b'|a' b|"),
            ("A='a' b", "A|=||'a' b|'a' b|"),
            ("A='a\\' # b\\' # c", "A|=|'|'a\\' # b\\'|a\\' # b\\|# c"),
            ("A='a\nb'", "A|=|'|'a\nb'|a\nb|"),
            ("A='a\nb", "A|=||'a|'a|"),
            ("A=''", "A|=|'|''||"),
            ("A='", "A|=||'|'|"),
            ("A=é", "A|=||é|é|"),
            ("A=\u{a0}é\u{3000}# c", "A|=||é|é|# c"),
            ("A='a'\u{2028}b", "A|=|'|'a'|a|"),
            ("A=a\u{2028}b", "A|=||a\u{2028}b|a\u{2028}b|"),
            ("A.b-C_9=1", "A.b-C_9|=||1|1|"),
        ] {
            assert_eq!(parts(text)[0], expected, "{text:?}");
        }
        assert_eq!(
            parts("A=1\rB=2\r\nC=3\nD='4'\u{2028}E=5"),
            ["A|=||1|1|", "B|=||2|2|", "C|=||3|3|", "D|=|'|'4'|4|", "E|=||5|5|"]
        );
        assert_eq!(parts("A=\"1\nB=2\n"), ["A|=||\"1|\"1|", "B|=||2|2|"], "an open quote ends with its line");
    }

    #[test]
    fn comments_are_those_of_lines_and_of_values() {
        let text = "# a\n  #b\rA=1 # c\u{2028}d=#e\u{2029}nothing # f\nB='#' #g";
        let file = parse(text);
        assert_eq!(
            file.comments.iter().map(|span| span.slice(text)).collect::<Vec<_>>(),
            ["# a", "#b", "# c", "#e", "#g"]
        );
        assert_eq!(file.ignored.iter().map(|line| line.span.slice(text)).collect::<Vec<_>>(), ["nothing # f"]);
        assert!(!file.has_bom);
    }

    #[test]
    fn an_empty_value_stands_right_after_its_separator() {
        for text in ["K=", "K=  ", "K= # c", "K=#c", "K=\nL", "K:\n# c"] {
            let entry = parse(text).entries.remove(0);
            assert_eq!((entry.value_span, entry.raw_span), (Span::at(2), Span::at(2)), "{text:?}");
        }
        let entry = parse("K=''").entries.remove(0);
        assert_eq!((entry.value_span, entry.raw_span), (Span::at(3), Span::new(2, 4)));
    }

    #[test]
    fn a_comment_on_the_next_line_belongs_to_no_entry() {
        let file = parse("K:\n# c\nL=1 # d\n  # e");
        assert_eq!(file.entries.iter().map(|entry| entry.comment.is_some()).collect::<Vec<_>>(), [false, true]);
        assert_eq!(file.comments.len(), 3);
    }

    #[test]
    fn a_quote_closes_only_where_the_line_can_end() {
        let value = |text| parse(text).entries.remove(0).value.to_string();
        assert_eq!(value(r#"K="a" b""#), r#"a" b"#);
        assert_eq!(value(r#"K="a\" # "b"#), r"a\");
        assert_eq!(value("K=\"a\nL=\"b\""), "\"a");
        assert_eq!(value("K='a\nL=b'"), "a\nL=b");
    }

    #[test]
    fn debug_output_hides_values() {
        let shown = format!("{:?}", parse("export NAME='zebra'").entries);
        assert!(
            shown.contains("key: \"NAME\"") && shown.contains("export: true") && !shown.contains("zebra"),
            "{shown}"
        );
    }

    #[test]
    fn names_that_openclaw_drops_are_marked() {
        let file = parse("A=1\nB-C=1\nD.E=1\n2F=1\n__proto__=1\n_G=1");
        assert_eq!(
            file.entries.iter().map(|entry| entry.loaded).collect::<Vec<_>>(),
            [true, false, false, false, false, true]
        );
        assert!(file.effective("B-C").is_none());
        assert!(file.effective("a").is_none(), "names are compared by case");
        assert_eq!(file.effective("_G").map(|entry| &*entry.key), Some("_G"));
    }

    #[test]
    fn the_last_duplicate_wins() {
        let file = parse("A=1\nB=2\na=3\nA=4\nB=5\nA=6");
        assert_eq!(file.duplicates(), [vec![0, 3, 5], vec![1, 4]]);
        assert_eq!(file.effective("A").map(|entry| &*entry.value), Some("6"));
    }

    #[test]
    fn skipped_lines_say_why() {
        let cases = [
            ("NAME", IgnoredReason::NoSeparator),
            ("export NAME", IgnoredReason::NoSeparator),
            ("just words # a=b", IgnoredReason::NoSeparator),
            ("NAME:value", IgnoredReason::ColonWithoutBlank),
            ("MY NAME=1", IgnoredReason::BadKey),
            ("set A=1", IgnoredReason::BadKey),
            ("\"A\": 1", IgnoredReason::BadKey),
            ("ключ=1", IgnoredReason::BadKey),
            ("=1", IgnoredReason::NoKey),
            ("; a=1", IgnoredReason::ForeignComment),
            ("// a=1", IgnoredReason::ForeignComment),
            (";", IgnoredReason::ForeignComment),
            ("/ a=1", IgnoredReason::BadKey),
            (": 1", IgnoredReason::NoKey),
            ("A:b=c", IgnoredReason::ColonWithoutBlank),
            ("MY NAME: 1", IgnoredReason::BadKey),
            ("MY NAME:1", IgnoredReason::NoSeparator),
            ("\"A\":1", IgnoredReason::NoSeparator),
            ("just words # a: b", IgnoredReason::NoSeparator),
            ("é", IgnoredReason::NoSeparator),
        ];
        for (line, reason) in cases {
            let text = format!("A=1\n  {line} \r\nB=2");
            let file = parse(&text);
            let skipped: Vec<_> = file.ignored.iter().map(|line| (line.span.slice(&text), line.reason)).collect();
            assert_eq!(skipped, [(line, reason)]);
            assert_eq!(file.entries.len(), 2);
        }
    }
}
