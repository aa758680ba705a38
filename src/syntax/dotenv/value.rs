//! From raw text to the value that the reference yields. Slices of the file enter, owned values leave.

use super::model::Quote;
use super::scan;

/// An unquoted or oddly quoted text as the reference leaves it.
pub(super) struct Stripped {
    /// The value, escapes done.
    pub(super) value: Box<str>,
    /// The quote around the whole text, if the reference took one off.
    pub(super) quote: Option<Quote>,
}

/// The value of `content`: line breaks become `\n`, and with `escapes` also `\n` and `\r` written out.
pub(super) fn decode(content: &str, escapes: bool) -> Box<str> {
    if memchr::memchr2(b'\r', b'\\', content.as_bytes()).is_none() {
        return content.into();
    }
    let mut value = String::with_capacity(content.len());
    let mut chars = content.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\r', Some('\n')) => {}
            ('\r', _) => value.push('\n'),
            ('\\', Some('n')) if escapes => push_escape(&mut value, &mut chars, '\n'),
            ('\\', Some('r')) if escapes => push_escape(&mut value, &mut chars, '\r'),
            _ => value.push(c),
        }
    }
    value.into()
}

fn push_escape(value: &mut String, chars: &mut impl Iterator<Item = char>, meaning: char) {
    chars.next();
    value.push(meaning);
}

/// The value of `raw`, a trimmed text that did not match as a quoted one but may still have quotes at both ends.
///
/// The reference takes quotes off line by line in its own sense of a line, so a text that holds U+2028 or U+2029 can
/// lose a pair in its middle. `raw` has no other line break.
pub(super) fn strip_quotes(raw: &str) -> Stripped {
    let bytes = raw.as_bytes();
    let escapes = bytes.first() == Some(&b'"');
    let last = QuoteEnds::of(bytes);
    let mut kept = String::new();
    let mut quote = None;
    let (mut copied, mut line) = (0, 0);
    loop {
        let opening = Quote::from_byte(scan::byte(bytes, line));
        let pair = opening.and_then(|opening| Some((opening, last.after(opening, line)?)));
        let mut rest = line;
        if let Some((opening, closing)) = pair {
            kept.push_str(raw.get(copied..line).unwrap_or_default());
            kept.push_str(raw.get(line + 1..closing).unwrap_or_default());
            (copied, rest) = (closing + 1, closing);
            if line == 0 && closing + 1 == bytes.len() {
                quote = Some(opening);
            }
        }
        let end = scan::line_end(bytes, rest);
        if end == bytes.len() {
            break;
        }
        line = end + scan::terminator_len(bytes, end);
    }
    kept.push_str(raw.get(copied..).unwrap_or_default());
    Stripped { value: decode(&kept, escapes), quote }
}

/// The last offset of each quote that stands at a line's end.
struct QuoteEnds([(Quote, Option<usize>); 3]);

impl QuoteEnds {
    fn of(bytes: &[u8]) -> Self {
        let mut ends = [(Quote::Single, None), (Quote::Double, None), (Quote::Backtick, None)];
        let mut line = 0;
        loop {
            let end = scan::line_end(bytes, line);
            if let Some(at) = end.checked_sub(1)
                && let Some((_, last)) = ends.iter_mut().find(|(quote, _)| scan::byte(bytes, at) == quote.byte())
            {
                *last = Some(at);
            }
            if end == bytes.len() {
                return Self(ends);
            }
            line = end + scan::terminator_len(bytes, end);
        }
    }

    fn after(&self, wanted: Quote, at: usize) -> Option<usize> {
        self.0.iter().find(|(quote, _)| *quote == wanted)?.1.filter(|closing| *closing > at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(raw: &str) -> (String, Option<Quote>) {
        let Stripped { value, quote } = strip_quotes(raw);
        (value.into(), quote)
    }

    #[test]
    fn only_a_matching_pair_around_the_whole_comes_off() {
        assert_eq!(stripped(r#""a" b""#), (r#"a" b"#.into(), Some(Quote::Double)));
        assert_eq!(stripped(r#""a"b"#), (r#""a"b"#.into(), None));
        assert_eq!(stripped("\""), ("\"".into(), None));
        assert_eq!(stripped("'a\""), ("'a\"".into(), None));
    }

    #[test]
    fn an_opening_double_quote_turns_escapes_on_even_if_it_stays() {
        assert_eq!(stripped(r#""a\nb"#).0, "\"a\nb");
        assert_eq!(stripped(r"a\nb").0, r"a\nb");
        assert_eq!(stripped(r#""\\n"x"#).0, "\"\\\n\"x");
    }

    #[test]
    fn quotes_come_off_per_javascript_line() {
        assert_eq!(stripped("x\u{2028}'b'"), ("x\u{2028}b".into(), None));
        assert_eq!(stripped("'a' x'\u{2028}b").0, "a' x\u{2028}b");
        assert_eq!(stripped("'a'\u{2028}'b'").0, "a'\u{2028}'b", "from the first to the last at a line's end");
        assert_eq!(stripped("'a\u{2028}x\u{2029}b'"), ("a\u{2028}x\u{2029}b".into(), Some(Quote::Single)));
        assert_eq!(stripped("\"a\"\u{2028}'b'\u{2028}`c`").0, "a\u{2028}b\u{2028}c");
        assert_eq!(stripped("'a'x\u{2028}\u{2028}'b'x").0, "'a'x\u{2028}\u{2028}'b'x");
        assert_eq!(stripped("x\u{2028}'\u{2028}'").0, "x\u{2028}\u{2028}", "an opening quote may end its line");
        assert_eq!(stripped("'a long line\u{2028}b'\u{2028}c").0, "a long line\u{2028}b\u{2028}c");
        assert_eq!(stripped("x'\u{2028}'b").0, "x'\u{2028}'b", "a closing quote stands behind its opening one");
    }

    #[test]
    fn line_breaks_become_newlines() {
        assert_eq!(&*decode("a\r\nb\rc\\n", false), "a\nb\nc\\n");
        assert_eq!(&*decode("a\\r\\n", true), "a\r\n");
        assert_eq!(&*decode("\r\r\n\n\\\\n\\t\\", true), "\n\n\n\\\n\\t\\");
        assert_eq!(&*decode("\\n\\r", false), "\\n\\r");
    }
}
