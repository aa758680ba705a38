//! What the inside of a string means: escapes decoded, and decoded offsets led back to the source.

use std::ops::Range;

use super::error::ErrorKind;
use crate::bytes;

/// One stretch of a string's source: plain text, or one escape.
pub(super) struct Piece<'t> {
    /// Bytes of the source, counted from where reading began.
    pub(super) raw: Range<usize>,
    /// What they stand for.
    pub(super) meaning: Meaning<'t>,
}

/// What a piece stands for.
pub(super) enum Meaning<'t> {
    /// Itself.
    Text(&'t str),
    /// One character.
    Char(char),
    /// Half a surrogate pair, which no Rust string can hold: read as U+FFFD.
    LoneSurrogate,
    /// A line continuation: nothing.
    Nothing,
    /// An escape that does not exist, and what to read instead.
    Bad(ErrorKind, char),
}

impl Meaning<'_> {
    /// Length of the decoded text in bytes.
    fn len(&self) -> usize {
        match *self {
            Self::Text(text) => text.len(),
            Self::Char(c) | Self::Bad(_, c) => c.len_utf8(),
            Self::LoneSurrogate => char::REPLACEMENT_CHARACTER.len_utf8(),
            Self::Nothing => 0,
        }
    }

    /// Appends the decoded text.
    pub(super) fn push_to(&self, out: &mut String) {
        match *self {
            Self::Text(text) => out.push_str(text),
            Self::Char(c) | Self::Bad(_, c) => out.push(c),
            Self::LoneSurrogate => out.push(char::REPLACEMENT_CHARACTER),
            Self::Nothing => {}
        }
    }
}

/// The pieces of the source `raw` (without its quotes), in order.
pub(super) const fn pieces(raw: &str) -> Pieces<'_> {
    Pieces { raw, at: 0 }
}

/// Iterator of [`pieces`].
pub(super) struct Pieces<'t> {
    raw: &'t str,
    at: usize,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let rest = self.raw.get(self.at..)?;
        if rest.is_empty() {
            return None;
        }
        let (len, meaning) = match bytes::find(b'\\', rest.as_bytes()) {
            Some(0) => escape(rest),
            found => {
                let len = found.unwrap_or(rest.len());
                (len, Meaning::Text(rest.get(..len)?))
            }
        };
        let start = self.at;
        self.at += len;
        Some(Piece { raw: start..self.at, meaning })
    }
}

/// The escape that `rest` begins with: its length and meaning.
fn escape<'t>(rest: &str) -> (usize, Meaning<'t>) {
    let Some(c) = rest.get(1..).and_then(|tail| tail.chars().next()) else {
        return (1, Meaning::Nothing);
    };
    let len = 1 + c.len_utf8();
    let digit_follows = rest.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
    let meaning = match c {
        'b' => Meaning::Char('\u{8}'),
        'f' => Meaning::Char('\u{c}'),
        'n' => Meaning::Char('\n'),
        'r' => Meaning::Char('\r'),
        't' => Meaning::Char('\t'),
        'v' => Meaning::Char('\u{b}'),
        '0' if !digit_follows => Meaning::Char('\0'),
        '0'..='9' => Meaning::Bad(ErrorKind::BadEscape, c),
        'x' => return hex_escape(rest),
        'u' => return unicode_escape(rest),
        '\r' if rest.as_bytes().get(2) == Some(&b'\n') => return (3, Meaning::Nothing),
        '\r' | '\n' | '\u{2028}' | '\u{2029}' => Meaning::Nothing,
        other => Meaning::Char(other),
    };
    (len, meaning)
}

/// Up to `wanted` hexadecimal digits at byte `from`: how many there are, and their value.
fn hex_digits(rest: &str, from: usize, wanted: usize) -> (usize, u32) {
    let bytes = rest.as_bytes().get(from..).unwrap_or(&[]);
    let digits = bytes.iter().take(wanted).map_while(|&byte| char::from(byte).to_digit(16));
    digits.fold((0, 0), |(count, value), digit| (count + 1, value * 16 + digit))
}

fn hex_escape<'t>(rest: &str) -> (usize, Meaning<'t>) {
    match hex_digits(rest, 2, 2) {
        (2, value) => (4, Meaning::Char(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER))),
        (count, _) => (2 + count, Meaning::Bad(ErrorKind::BadHexEscape, char::REPLACEMENT_CHARACTER)),
    }
}

fn unicode_escape<'t>(rest: &str) -> (usize, Meaning<'t>) {
    let (count, value) = hex_digits(rest, 2, 4);
    if count < 4 {
        return (2 + count, Meaning::Bad(ErrorKind::BadUnicodeEscape, char::REPLACEMENT_CHARACTER));
    }
    if let Some(c) = char::from_u32(value) {
        return (6, Meaning::Char(c));
    }
    // JavaScript joins the halves after decoding, so line continuations may stand between them.
    let second = 6 + continuations(rest.get(6..).unwrap_or(""));
    let low = rest.get(second..).filter(|tail| tail.starts_with("\\u")).map(|tail| hex_digits(tail, 2, 4));
    let pair = match (value, low) {
        (0xD800..=0xDBFF, Some((4, low @ 0xDC00..=0xDFFF))) => {
            char::from_u32(0x1_0000 + ((value - 0xD800) << 10) + (low - 0xDC00))
        }
        _ => None,
    };
    pair.map_or((6, Meaning::LoneSurrogate), |c| (second + 6, Meaning::Char(c)))
}

/// Length of the line continuations that `rest` begins with.
fn continuations(rest: &str) -> usize {
    let mut at = 0;
    while let Some(tail) = rest.get(at..).filter(|tail| tail.starts_with('\\')) {
        match escape_of_line_end(tail) {
            0 => break,
            len => at += len,
        }
    }
    at
}

fn escape_of_line_end(tail: &str) -> usize {
    const ENDS: [&str; 5] = ["\\\r\n", "\\\n", "\\\r", "\\\u{2028}", "\\\u{2029}"];
    ENDS.iter().find(|end| tail.starts_with(**end)).map_or(0, |end| end.len())
}

/// The source range, within `raw`, of the `wanted` bytes of the decoded text, which is `total` bytes long.
///
/// `raw` may go on behind the string's end (closing quote): nothing behind the `total`th decoded byte is read. Line
/// continuations at the edges are left out; a range that cuts an escape or a character takes all of it.
pub(super) fn locate(raw: &str, wanted: Range<usize>, total: usize) -> Range<usize> {
    let wanted = wanted.start.min(total)..wanted.end.min(total);
    let mut start = None;
    let mut end = 0;
    let mut at = 0;
    for piece in pieces(raw) {
        let len = piece.meaning.len();
        let first = wanted.start.max(at);
        if at == total || (start.is_some() && wanted.end <= at) {
            break;
        }
        let cut = |offset: usize, edge: usize| match piece.meaning {
            Meaning::Text(_) => piece.raw.start + offset,
            _ => edge,
        };
        if start.is_none() && wanted.start < at + len {
            start = Some(cut(first - at, piece.raw.start));
        }
        end = cut((wanted.end.max(at) - at).min(len), piece.raw.end);
        at += len;
    }
    let start = floor(raw, start.unwrap_or(end));
    if wanted.is_empty() { start..start } else { start..ceil(raw, end) }
}

/// The last character boundary up to `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The first character boundary from `at` on.
fn ceil(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(raw: &str) -> String {
        let mut out = String::new();
        pieces(raw).for_each(|piece| piece.meaning.push_to(&mut out));
        out
    }

    #[test]
    fn surrogate_pairs_join_even_over_a_line_continuation() {
        assert_eq!(decoded("\\uD83D\\uDE00"), "\u{1F600}");
        assert_eq!(decoded("\\uD83D\\\n\\\r\n\\uDE00"), "\u{1F600}");
        assert_eq!(decoded("\\uD83D-\\uDE00"), "\u{FFFD}-\u{FFFD}");
    }

    #[test]
    fn decoded_ranges_lead_back_to_the_source() {
        let raw = "ab\\u0063\\\nde\\uD83D\\uDE00f\"tail";
        assert_eq!(decoded(&raw[..raw.len() - 5]), "abcde\u{1F600}f");
        let place = |range| &raw[locate(raw, range, 10)];
        assert_eq!(place(1..3), "b\\u0063");
        assert_eq!(place(2..3), "\\u0063");
        assert_eq!(place(3..5), "de", "the continuation before it is left out");
        assert_eq!(place(2..4), "\\u0063\\\nd", "one between is kept");
        assert_eq!(place(5..9), "\\uD83D\\uDE00");
        assert_eq!(place(6..7), "\\uD83D\\uDE00", "an escape is never cut");
        assert_eq!(place(9..99), "f");
        assert_eq!(locate(raw, 10..10, 10), raw.len() - 5..raw.len() - 5);
        assert_eq!(locate("\\\n\"", 0..0, 0), 0..0);
    }
}
