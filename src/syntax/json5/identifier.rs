//! Bare keys: the ECMAScript `IdentifierName`. No quoted text enters here.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::identifier_table::{CONTINUE_ONLY, START};
use super::lexer::byte_set;

/// A name read at the start of some text.
pub(super) struct Name<'t> {
    /// Bytes it takes in the source.
    pub(super) len: usize,
    /// Its value, escapes decoded.
    pub(super) value: Cow<'t, str>,
    /// Whether reading stopped at a `\` that begins no usable escape.
    pub(super) bad_escape: bool,
}

/// Whether the ASCII byte may begin a name; a backslash (escape) and non-ASCII bytes are decided elsewhere.
pub(super) const fn is_ascii_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'$' | b'_')
}

/// Which bytes may follow in a name: ASCII letters, digits, `$` and `_`.
static ASCII_PART: [bool; 256] = byte_set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789$_");

fn is_ascii_part(byte: u8) -> bool {
    ASCII_PART.get(usize::from(byte)).copied().unwrap_or(false)
}

fn is_start(c: char) -> bool {
    u8::try_from(c).map_or_else(|_| listed(START, c), |byte| is_ascii_start(byte) || (byte >= 0x80 && listed(START, c)))
}

fn is_part(c: char) -> bool {
    is_start(c) || c.is_ascii_digit() || (!c.is_ascii() && listed(CONTINUE_ONLY, c))
}

fn listed(table: &[(u32, u32)], c: char) -> bool {
    let c = u32::from(c);
    let place = |&(first, last): &(u32, u32)| match () {
        () if c < first => Ordering::Greater,
        () if c > last => Ordering::Less,
        () => Ordering::Equal,
    };
    table.binary_search_by(place).is_ok()
}

/// Reads the name that `rest` begins with; `None` when none begins there.
pub(super) fn scan(rest: &str) -> Option<Name<'_>> {
    let bytes = rest.as_bytes();
    let len = bytes.iter().position(|&byte| !is_ascii_part(byte)).unwrap_or(bytes.len());
    let needs_care = bytes.get(len).is_some_and(|&byte| byte == b'\\' || byte >= 0x80);
    if bytes.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    if needs_care {
        return scan_slowly(rest);
    }
    (len > 0).then(|| Name { len, value: Cow::Borrowed(rest.get(..len).unwrap_or("")), bad_escape: false })
}

/// The same for names with escapes or letters outside ASCII.
fn scan_slowly(rest: &str) -> Option<Name<'_>> {
    let mut value = String::new();
    let mut at = 0;
    let mut escaped = false;
    let mut bad_escape = false;
    while let Some(raw) = rest.get(at..).and_then(|tail| tail.chars().next()) {
        let (c, len) = if raw == '\\' { (unicode_escape(rest, at).unwrap_or('\0'), 6) } else { (raw, raw.len_utf8()) };
        let fits = if at == 0 { is_start(c) } else { is_part(c) };
        if !fits {
            bad_escape = raw == '\\';
            break;
        }
        escaped |= raw == '\\';
        value.push(c);
        at += len;
    }
    let value = if escaped { Cow::Owned(value) } else { Cow::Borrowed(rest.get(..at).unwrap_or("")) };
    (at > 0 || bad_escape).then_some(Name { len: at, value, bad_escape })
}

/// The character that the `\uXXXX` at byte `at` of `text` stands for; halves of a surrogate pair are none.
fn unicode_escape(text: &str, at: usize) -> Option<char> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    all_hex.then(|| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_ascending_and_of_the_stated_size() {
        for (table, size) in [(START, 125_277), (CONTINUE_ONLY, 2_755)] {
            assert!(table.iter().all(|(first, last)| first <= last));
            assert!(table.windows(2).all(|pair| pair[0].1 < pair[1].0));
            assert_eq!(table.iter().map(|(first, last)| last - first + 1).sum::<u32>(), size);
        }
    }

    #[test]
    fn names_end_where_the_reference_ends_them() {
        let name = |text| scan(text).map(|name| (name.len, name.value.into_owned(), name.bad_escape));
        assert_eq!(name("abc-d"), Some((3, "abc".to_owned(), false)));
        assert_eq!(name("1a"), None);
        assert_eq!(name("\u{fc}ber:"), Some((5, "\u{fc}ber".to_owned(), false)));
        assert_eq!(name("s\\u0069g"), Some((8, "sig".to_owned(), false)));
        assert_eq!(name("a\\x41"), Some((1, "a".to_owned(), true)));
        assert_eq!(name("\\u0031"), Some((0, String::new(), true)), "a digit cannot come first, escaped or not");
        assert_eq!(name("a\u{200d}b"), Some((5, "a\u{200d}b".to_owned(), false)));
        assert_eq!(name("\u{200d}b"), None);
    }
}
