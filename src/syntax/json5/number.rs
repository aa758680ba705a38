//! Number literals: decimal, hexadecimal, `Infinity` and `NaN`, as 64-bit floats like JavaScript's.

use super::error::{ErrorKind, NumberFault};

/// Reads the longest number literal that `rest` begins with: its length in bytes and its value. `None` when the text
/// breaks off where a digit must stand. What follows the literal is not looked at.
pub(super) fn scan(rest: &str) -> Option<(usize, f64)> {
    let bytes = rest.as_bytes();
    let signed = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let (len, magnitude) = unsigned(rest.get(signed..)?)?;
    let value = if bytes.first() == Some(&b'-') { -magnitude } else { magnitude };
    Some((signed + len, value))
}

fn unsigned(rest: &str) -> Option<(usize, f64)> {
    let bytes = rest.as_bytes();
    match bytes {
        [b'I', ..] => rest.starts_with("Infinity").then_some((8, f64::INFINITY)),
        [b'N', ..] => rest.starts_with("NaN").then_some((3, f64::NAN)),
        [b'0', b'x' | b'X', ..] => hexadecimal(bytes),
        _ => decimal(rest),
    }
}

fn digits(bytes: &[u8], from: usize) -> usize {
    let tail = bytes.get(from..).unwrap_or(&[]);
    tail.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(tail.len())
}

fn decimal(rest: &str) -> Option<(usize, f64)> {
    let bytes = rest.as_bytes();
    // A literal that begins with zero has no further digit before the point.
    let whole = if bytes.first() == Some(&b'0') { 1 } else { digits(bytes, 0) };
    let mut len = whole;
    if bytes.get(len) == Some(&b'.') {
        let fraction = digits(bytes, len + 1);
        len += 1 + fraction;
        if whole + fraction == 0 {
            return None;
        }
    } else if whole == 0 {
        return None;
    }
    if matches!(bytes.get(len), Some(b'e' | b'E')) {
        len += 1 + usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
        let exponent = digits(bytes, len);
        if exponent == 0 {
            return None;
        }
        len += exponent;
    }
    let literal = rest.get(..len)?;
    // Up to 15 digits are exact in both types, and the integer route is the faster one.
    let value = if len == whole && len <= 15 { small_integer(literal) } else { literal.parse().ok()? };
    Some((len, value))
}

fn small_integer(literal: &str) -> f64 {
    let value = literal.bytes().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    value as f64
}

/// Rounds to nearest, ties to even, as JavaScript does for literals of any length: digits beyond the 60th bit only
/// count as "some remainder", which the lowest bit of the 64 remembers.
fn hexadecimal(bytes: &[u8]) -> Option<(usize, f64)> {
    let digits = bytes.get(2..)?;
    let mut mantissa = 0_u64;
    let mut dropped = 0_i32;
    let mut len = 2;
    for digit in digits.iter().map_while(|&byte| char::from(byte).to_digit(16)) {
        len += 1;
        if mantissa >> 60 == 0 {
            mantissa = mantissa * 16 + u64::from(digit);
        } else {
            mantissa |= u64::from(digit != 0);
            dropped = dropped.saturating_add(4);
        }
    }
    (len > 2).then(|| (len, mantissa as f64 * 2_f64.powi(dropped)))
}

/// What is wrong with unquoted text that begins like a number but is none.
pub(super) fn classify(text: &str) -> ErrorKind {
    let body = text.trim_start_matches(['+', '-', ' ']);
    let bytes = body.as_bytes();
    let only = |allowed: fn(u8) -> bool| bytes.iter().all(|&byte| allowed(byte));
    if text.len() > body.len() + 1 && only(|b| b.is_ascii_digit() || b == b'.') {
        return ErrorKind::BadNumber(NumberFault::Digits);
    }
    match bytes {
        [b'0', b'0'..=b'9', ..] if only(|b| b.is_ascii_digit() || b == b'.') => ErrorKind::LeadingZero,
        [b'0', b'b' | b'B' | b'o' | b'O', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => {
            ErrorKind::BadNumber(NumberFault::Prefix)
        }
        [b'0', b'x' | b'X', ..] if only(|b| b.is_ascii_alphanumeric()) => {
            ErrorKind::BadNumber(NumberFault::Hexadecimal)
        }
        [b'0'..=b'9', ..] if only(|b| b.is_ascii_digit() || matches!(b, b'_' | b'.')) && bytes.contains(&b'_') => {
            ErrorKind::BadNumber(NumberFault::Separator)
        }
        [b'0'..=b'9' | b'.', ..] if only(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) => {
            let exponent = bytes.iter().filter(|b| matches!(b, b'e' | b'E')).count() == 1;
            match bytes.iter().filter(|&&b| b == b'.').count() {
                0 | 1 if exponent => ErrorKind::BadNumber(NumberFault::Exponent),
                // A date, a phone number, an address, a version.
                _ if bytes.len() > 1 => ErrorKind::UnquotedValue(None),
                _ => ErrorKind::BadNumber(NumberFault::Digits),
            }
        }
        [] => ErrorKind::BadNumber(NumberFault::Digits),
        _ => ErrorKind::UnquotedValue(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_hexadecimal_rounds_to_even() {
        let value = |text: &str| scan(text).map(|(_, value)| value);
        assert_eq!(value("0x20000000000001"), Some(9_007_199_254_740_992.0));
        assert_eq!(value("0x20000000000003"), Some(9_007_199_254_740_996.0));
        assert_eq!(value("0x200000000000010000000000000000"), Some(2_f64.powi(117)), "a tie goes to even");
        assert_eq!(value("0x200000000000010000000000000001"), Some(2_f64.powi(117) + 2_f64.powi(65)));
        assert_eq!(value(&format!("0x{}", "f".repeat(300))), Some(f64::INFINITY));
        assert_eq!(value(&format!("0x{}1", "0".repeat(300))), Some(1.0));
    }

    #[test]
    fn the_longest_literal_is_taken() {
        assert_eq!(scan("010"), Some((1, 0.0)));
        assert_eq!(scan("5.e3,"), Some((4, 5000.0)));
        assert_eq!(scan("-.5]"), Some((3, -0.5)));
        for broken in ["", "+", ".", "-.", "1e", "1e+", "0x", "-Infinit", "+ 1"] {
            assert_eq!(scan(broken), None, "{broken}");
        }
    }
}
