//! Character classes of the reference grammar and the scans built on them. Only bytes and offsets enter here.
//!
//! The reference is a JavaScript regular expression, so a blank is what JavaScript's `\s` matches and a line ends at
//! what JavaScript calls a line terminator: U+2028 and U+2029 too.

/// The byte at `at`, or 0 past the end (NUL has no meaning in the grammar).
pub(super) fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// Length in bytes of the blank character at `at`; 0 when there is none. Line terminators are blanks.
pub(super) fn blank_len(bytes: &[u8], at: usize) -> usize {
    let Some(rest) = bytes.get(at..) else { return 0 };
    match rest {
        [b'\t'..=b'\r' | b' ', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE1, 0x9A, 0x80, ..]
        | [0xE2, 0x80, 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF, ..]
        | [0xE2, 0x81, 0x9F, ..]
        | [0xE3, 0x80, 0x80, ..]
        | [0xEF, 0xBB, 0xBF, ..] => 3,
        _ => 0,
    }
}

/// Length in bytes of the line terminator at `at`, `\r\n` counted as one; 0 when there is none.
pub(super) fn terminator_len(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([b'\r' | b'\n', ..]) => 1,
        Some([0xE2, 0x80, 0xA8 | 0xA9, ..]) => 3,
        _ => 0,
    }
}

/// The first offset from `at` on that is no blank; crosses lines.
pub(super) fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match blank_len(bytes, at) {
            0 => return at,
            len => at += len,
        }
    }
}

/// The first offset from `at` on that is no blank or is a line terminator.
pub(super) fn skip_blanks_in_line(bytes: &[u8], mut at: usize) -> usize {
    while terminator_len(bytes, at) == 0 {
        match blank_len(bytes, at) {
            0 => return at,
            len => at += len,
        }
    }
    at
}

/// The offset of the first line terminator from `at` on, or the end of the text.
pub(super) fn line_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr3(b'\n', b'\r', 0xE2, bytes.get(at..).unwrap_or_default()) {
        at += found;
        if terminator_len(bytes, at) > 0 {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// The end of the name (`[A-Za-z0-9_.-]`) that starts at `at`; `at` itself when there is none.
pub(super) fn name_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| is_name_byte(**byte)).count()
}

/// The end of the identifier (`[A-Za-z_][A-Za-z0-9_]*`) that starts at `at`; `at` itself when there is none.
pub(super) fn identifier_end(bytes: &[u8], at: usize) -> usize {
    if byte(bytes, at).is_ascii_digit() {
        return at;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

/// Whether all of `name` is one identifier.
pub(super) fn is_identifier(name: &str) -> bool {
    !name.is_empty() && identifier_end(name.as_bytes(), 0) == name.len()
}

/// Whether JavaScript's `\s` matches `c`.
pub(super) fn is_blank(c: char) -> bool {
    let mut buffer = [0; 4];
    blank_len(c.encode_utf8(&mut buffer).as_bytes(), 0) > 0
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_those_of_javascript() {
        let blanks = "\t\n\u{b}\u{c}\r \u{a0}\u{1680}\u{2000}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";
        assert_eq!(skip_blanks(blanks.as_bytes(), 0), blanks.len());
        let line = "\t\u{b}\u{c} \u{a0}\u{1680}\u{2000}\u{200a}\u{202f}\u{205f}\u{3000}\u{feff}";
        for end in ["", "x", "\n", "\r", "\r\n", "\u{2028}", "\u{2029}"] {
            assert_eq!(skip_blanks_in_line(format!("{line}{end}").as_bytes(), 0), line.len(), "{end:?}");
        }
        for other in ['\u{85}', '\u{180e}', '\u{200b}', '\u{2060}', 'x'] {
            assert!(!is_blank(other), "{other:?}");
        }
    }

    #[test]
    fn a_line_ends_at_every_javascript_terminator() {
        assert_eq!(line_end("a\u{2029}b".as_bytes(), 0), 1);
        assert_eq!(line_end("€\r\n".as_bytes(), 0), 3);
        assert_eq!(line_end("€".as_bytes(), 0), 3);
        assert_eq!(line_end("€\u{2028}\n".as_bytes(), 0), 3);
        for (end, len) in [("\r\n", 2), ("\r", 1), ("\n\r", 1), ("\u{2028}", 3), ("\u{2029}", 3), ("€", 0), ("", 0)] {
            assert_eq!(terminator_len(end.as_bytes(), 0), len, "{end:?}");
        }
    }

    #[test]
    fn identifiers_do_not_start_with_a_digit() {
        assert!(is_identifier("_A1"));
        assert!(!is_identifier("1A"));
        assert!(!is_identifier("A-B"));
        assert!(!is_identifier(""));
        assert!(!is_identifier("é"));
        assert_eq!((identifier_end(b"$A_9.b", 1), identifier_end(b"9", 0)), (4, 0));
        assert_eq!((name_end(b"$A_9.b-c d", 1), name_end("é".as_bytes(), 0)), (8, 0));
    }
}
