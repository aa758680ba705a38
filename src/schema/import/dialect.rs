//! Regular expressions of JavaScript, rewritten so that they mean the same to `fancy-regex` and stay valid JavaScript
//! (the validator checks that they are).

/// JavaScript's `\s`, for use inside a character class.
const SPACE: &str = r"\t\n\u000b\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
const DIGIT: &str = "0-9";
const WORD: &str = "A-Za-z0-9_";

/// The pattern with the same meaning in both dialects.
///
/// - `\0` becomes `\x00`; `[` inside a class is escaped.
/// - The validator itself narrows `\d`, `\w`, `\s` and `.` to what they mean in JavaScript, but leaves patterns with
///   look-around alone, so in these they are written out.
///
/// Flags cannot be repaired here: the dump of a schema loses them (see `normalise`).
pub(super) fn repair(pattern: &str) -> String {
    let look_around = ["(?=", "(?!", "(?<"].iter().any(|opening| pattern.contains(opening));
    let mut out = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let (token, tail) = rest.split_at(token_len(rest, c));
        match (token, in_class) {
            (r"[\s\S]" | r"[\d\D]" | r"[\w\W]", false) => out.push_str(token),
            (r"\0", _) if !tail.starts_with(|c: char| c.is_ascii_digit()) => out.push_str(r"\x00"),
            (r"\d" | r"\w" | r"\s" | r"\D" | r"\W" | r"\S", _) if look_around => push_class(&mut out, token, in_class),
            (".", false) if look_around => out.push_str(r"[^\n\r\u2028\u2029]"),
            ("[", true) => out.push_str(r"\["),
            _ => out.push_str(token),
        }
        in_class = match token {
            "[" => true,
            "]" => false,
            _ => in_class,
        };
        rest = tail;
    }
    out
}

/// Bytes of the next unit: an escape, a class that means "any character", or one character.
fn token_len(rest: &str, first: char) -> usize {
    if [r"[\s\S]", r"[\d\D]", r"[\w\W]"].iter().any(|any| rest.starts_with(any)) {
        return 6;
    }
    let escaped = if first == '\\' { rest.chars().nth(1).map_or(0, char::len_utf8) } else { 0 };
    first.len_utf8() + escaped
}

fn push_class(out: &mut String, token: &str, in_class: bool) {
    let set = match token {
        r"\d" | r"\D" => DIGIT,
        r"\w" | r"\W" => WORD,
        _ => SPACE,
    };
    let negated = matches!(token, r"\D" | r"\W" | r"\S");
    match (in_class, negated) {
        (true, false) => out.push_str(set),
        // A negated set within a set has no spelling that both dialects know; none occurs.
        (true, true) => out.push_str(token),
        (false, false) => out.push_str(&format!("[{set}]")),
        (false, true) => out.push_str(&format!("[^{set}]")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_escape_and_a_bracket_within_a_class_are_spelled_out() {
        assert_eq!(repair(r"^\/[^\0]*[^/\0]$"), r"^\/[^\x00]*[^/\x00]$");
        assert_eq!(repair(r"^[^.[\]]+$"), r"^[^.\[\]]+$");
    }

    #[test]
    fn shorthands_are_written_out_only_beside_look_around() {
        assert_eq!(repair(r"^\d+\s.$"), r"^\d+\s.$");
        assert_eq!(repair(r"^(?!\d)[\w.].$"), r"^(?![0-9])[A-Za-z0-9_.][^\n\r\u2028\u2029]$");
        assert_eq!(repair(r"(?![\s\S])\S"), format!(r"(?![\s\S])[^{SPACE}]"));
    }
}
