//! From bytes to text, the way OpenClaw does it: always UTF-8, what is not becomes U+FFFD. What was odd about the bytes
//! is kept as facts, for rules to report. Nothing here judges or prints.

use crate::bytes;

/// A text and what its bytes looked like.
#[derive(Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text. A byte-order mark is still there as U+FEFF. For UTF-16 this is the text that an editor would show, not
    /// what OpenClaw makes of it: see [`TextFacts::unparsable`].
    pub text: String,
    /// What was found in the bytes.
    pub facts: TextFacts,
}

// The text may hold credentials.
impl std::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded").field("bytes", &self.text.len()).field("facts", &self.facts).finish()
    }
}

/// What the bytes of a text file looked like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFacts {
    /// How the bytes encode the text.
    pub encoding: Encoding,
    /// Whether a byte-order mark comes first. OpenClaw takes the UTF-8 one as white space.
    pub bom: bool,
    /// Broken UTF-8, if any. `None` for UTF-16.
    pub invalid: Option<InvalidUtf8>,
    /// Whether this is no text at all: an archive, an image, an encrypted file.
    pub binary: bool,
    /// How lines end.
    pub line_breaks: LineBreaks,
}

impl TextFacts {
    /// Why parsing the text would be pointless; `None` for ordinary files, also with some broken bytes. The caller
    /// reports this one thing and does not parse.
    #[must_use]
    pub const fn unparsable(&self) -> Option<Unparsable> {
        match self.encoding {
            Encoding::Utf16Le | Encoding::Utf16Be => Some(Unparsable::Utf16),
            Encoding::Utf8 if self.binary => Some(Unparsable::Binary),
            Encoding::Utf8 => None,
        }
    }
}

/// A reason not to parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unparsable {
    /// UTF-16, which OpenClaw reads as broken UTF-8 and cannot parse. Windows PowerShell's `>` writes it.
    Utf16,
    /// Not text.
    Binary,
}

/// How bytes encode text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, perhaps with broken bytes.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// Bytes that are not UTF-8. Each such sequence became one U+FFFD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidUtf8 {
    /// Offset of the first bad byte; the same in the bytes and in the decoded text.
    pub first_offset: usize,
    /// Number of bad sequences.
    pub count: usize,
}

/// How lines end. A file without line breaks has [`LineBreaks::None`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineBreaks {
    /// One line only.
    None,
    /// `\n`.
    Lf,
    /// `\r\n`.
    CrLf,
    /// `\r`.
    Cr,
    /// More than one kind.
    Mixed,
}

/// Decodes the bytes of a file. Linear in their number; well-formed UTF-8 is not copied.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> Decoded {
    if let Some((encoding, bom)) = detect_utf16(&bytes) {
        let text = decode_utf16(&bytes, encoding);
        let line_breaks = line_breaks(&text);
        return Decoded { text, facts: TextFacts { encoding, bom, invalid: None, binary: false, line_breaks } };
    }
    let binary = looks_binary(&bytes);
    let bom = bytes.starts_with(b"\xEF\xBB\xBF");
    let (text, invalid) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let first_offset = error.utf8_error().valid_up_to();
            let (text, count) = decode_lossy(error.as_bytes());
            (text, Some(InvalidUtf8 { first_offset, count }))
        }
    };
    let line_breaks = line_breaks(&text);
    Decoded { text, facts: TextFacts { encoding: Encoding::Utf8, bom, invalid, binary, line_breaks } }
}

/// The text with one U+FFFD for each bad sequence, and their number. The sequences are those of the WHATWG decoder that
/// Node uses.
fn decode_lossy(bytes: &[u8]) -> (String, usize) {
    let mut text = String::with_capacity(bytes.len());
    let mut count = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            count += 1;
        }
    }
    (text, count)
}

/// How much of a file is looked at to tell what it is.
const SAMPLE: usize = 8 * 1024;

fn sample(bytes: &[u8]) -> &[u8] {
    bytes.get(..SAMPLE).unwrap_or(bytes)
}

/// UTF-16 by its mark, or by the NUL that is every other byte of ASCII text. The flag says whether the mark is there.
fn detect_utf16(bytes: &[u8]) -> Option<(Encoding, bool)> {
    if bytes.starts_with(b"\xFF\xFE") {
        return Some((Encoding::Utf16Le, true));
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Some((Encoding::Utf16Be, true));
    }
    if !sample(bytes).contains(&0) {
        return None;
    }
    let (mut pairs, mut high_first, mut low_first) = (0_usize, 0_usize, 0_usize);
    for pair in sample(bytes).chunks_exact(2) {
        pairs += 1;
        match pair {
            [0, 0] => return None,
            [0, _] => high_first += 1,
            [_, 0] => low_first += 1,
            _ => {}
        }
    }
    // A third is enough: values may be Chinese, but quotes, braces and keys are ASCII. Both kinds at once is no text.
    let mostly = |count: usize, other: usize| pairs >= 2 && count * 3 >= pairs && other * 20 <= count;
    if mostly(low_first, high_first) {
        Some((Encoding::Utf16Le, false))
    } else if mostly(high_first, low_first) {
        Some((Encoding::Utf16Be, false))
    } else {
        None
    }
}

fn decode_utf16(bytes: &[u8], encoding: Encoding) -> String {
    let unit = |pair: &[u8]| match (pair, encoding) {
        ([high, low], Encoding::Utf16Be) => u16::from_be_bytes([*high, *low]),
        ([low, high], _) => u16::from_le_bytes([*low, *high]),
        _ => u16::from(b'?'),
    };
    let units = bytes.chunks_exact(2).map(unit);
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Whether so many bytes are control characters that no person wrote this. Broken UTF-8 alone says nothing: a comment in
/// GBK is mostly that.
fn looks_binary(bytes: &[u8]) -> bool {
    let sample = sample(bytes);
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127);
    let controls = sample.iter().filter(is_control).count();
    controls >= 4 && controls * 20 >= sample.len()
}

fn line_breaks(text: &str) -> LineBreaks {
    let bytes = text.as_bytes();
    // The usual case needs no look at each line.
    if !bytes::has(b'\r', bytes) {
        return if bytes::find(b'\n', bytes).is_some() { LineBreaks::Lf } else { LineBreaks::None };
    }
    let (mut lf, mut crlf, mut cr) = (false, false, false);
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let carriage_return_before = at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\r');
        match bytes.get(at) {
            Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => crlf = true,
            Some(b'\r') => cr = true,
            _ if carriage_return_before => {}
            _ => lf = true,
        }
    }
    match (lf, crlf, cr) {
        (false, false, false) => LineBreaks::None,
        (true, false, false) => LineBreaks::Lf,
        (false, true, false) => LineBreaks::CrLf,
        (false, false, true) => LineBreaks::Cr,
        _ => LineBreaks::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CONFIG: &str = "{\n  // 网关\n  gateway: { port: 18789 },\n}\n";

    fn utf16(text: &str, big_endian: bool, bom: bool) -> Vec<u8> {
        let mark = bom.then_some(0xFEFF);
        let unit = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
        mark.into_iter().chain(text.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn ordinary_text_has_no_odd_facts() {
        let decoded = decode(CONFIG.into());
        assert_eq!(decoded.text, CONFIG);
        let facts = &decoded.facts;
        assert_eq!((facts.encoding, facts.bom, facts.invalid, facts.binary), (Encoding::Utf8, false, None, false));
        assert_eq!((facts.line_breaks, facts.unparsable()), (LineBreaks::Lf, None));
    }

    #[test]
    fn a_byte_order_mark_stays_in_the_text() {
        let decoded = decode(b"\xEF\xBB\xBF{}".to_vec());
        assert_eq!(decoded.text, "\u{FEFF}{}");
        assert!(decoded.facts.bom && decoded.facts.unparsable().is_none());
    }

    #[test]
    fn utf16_is_told_with_and_without_its_mark() {
        for (big_endian, encoding) in [(false, Encoding::Utf16Le), (true, Encoding::Utf16Be)] {
            for bom in [false, true] {
                let decoded = decode(utf16(CONFIG, big_endian, bom));
                assert_eq!((decoded.facts.encoding, decoded.facts.bom), (encoding, bom));
                assert_eq!(decoded.facts.unparsable(), Some(Unparsable::Utf16));
                assert_eq!(decoded.text.trim_start_matches('\u{FEFF}'), CONFIG);
            }
        }
        assert_eq!(decode(utf16("{}", false, false)).facts.encoding, Encoding::Utf16Le);
    }

    #[test]
    fn half_a_utf16_unit_at_the_end_is_dropped() {
        let mut bytes = utf16("KEY=1", false, true);
        bytes.push(b'x');
        assert_eq!(decode(bytes).text, "\u{FEFF}KEY=1");
    }

    #[test]
    fn broken_utf8_is_replaced_and_counted() {
        let decoded = decode(b"a: '\xFF\xFE', b: '\xE4\xBD'".to_vec());
        assert_eq!(decoded.text, "a: '\u{FFFD}\u{FFFD}', b: '\u{FFFD}'");
        assert_eq!(decoded.facts.invalid, Some(InvalidUtf8 { first_offset: 4, count: 3 }));
        assert_eq!(decoded.facts.unparsable(), None);
    }

    #[test]
    fn a_comment_in_gbk_is_text() {
        let gbk = b"{ // \xCD\xF8\xB9\xD8\xC5\xE4\xD6\xC3\xCD\xF8\xB9\xD8\xC5\xE4\xD6\xC3\n }";
        assert!(!decode(gbk.to_vec()).facts.binary);
    }

    #[test]
    fn archives_and_zeros_are_binary() {
        let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(decode(noise).facts.unparsable(), Some(Unparsable::Binary));
        assert_eq!(decode(vec![0; 100]).facts.unparsable(), Some(Unparsable::Binary));
        assert!(!decode(b"{ a: '\0' }".to_vec()).facts.binary, "one NUL is a mistake, not an archive");
    }

    #[test]
    fn line_break_styles() {
        let style = |text: &str| decode(text.into()).facts.line_breaks;
        assert_eq!(style("{}"), LineBreaks::None);
        assert_eq!(style("{\r\n}\r\n"), LineBreaks::CrLf);
        assert_eq!(style("{\r}"), LineBreaks::Cr);
        assert_eq!(style("{\r\n}\n"), LineBreaks::Mixed);
        assert_eq!(style("\r\r\n"), LineBreaks::Mixed);
    }

    #[test]
    fn debug_output_holds_no_text() {
        assert!(!format!("{:?}", decode(b"SECRET".to_vec())).contains("SECRET"));
    }

    proptest! {
        #[test]
        fn any_bytes_decode_as_the_standard_library_does(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let expected = String::from_utf8_lossy(&bytes).into_owned();
            let decoded = decode(bytes);
            if decoded.facts.encoding == Encoding::Utf8 {
                prop_assert_eq!(&decoded.text, &expected);
            }
        }

        #[test]
        fn any_text_decodes_to_itself(text in "[^\\x00]{0,100}") {
            prop_assert_eq!(decode(text.clone().into_bytes()).text, text);
        }
    }
}
