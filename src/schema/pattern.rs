//! Regular expressions of schemas that others wrote, looked at before they are compiled.

use serde_json::Value;

/// More counted repeats than this, those within others multiplied, compile to nothing that fits into memory. The compiler
/// multiplies them without a look at the bounds of its numbers (`fancy-regex` 0.20, `analyze.rs`), so they do not get there.
const MOST_REPEATS: u64 = 1_000_000;

/// Whether a pattern in a schema repeats something too often to be compiled.
pub(super) fn unbounded(schema: &Value) -> bool {
    let endless = |pattern: &str| repeats(pattern) > MOST_REPEATS;
    match schema {
        Value::Object(members) => members.iter().any(|(key, value)| match (key.as_str(), value) {
            ("pattern", Value::String(pattern)) => endless(pattern),
            ("patternProperties", Value::Object(map)) if map.keys().any(|pattern| endless(pattern)) => true,
            _ => unbounded(value),
        }),
        Value::Array(items) => items.iter().any(unbounded),
        _ => false,
    }
}

/// How often the part of a pattern that is repeated most comes at least: 6 for `((a{2}){3})*`.
fn repeats(pattern: &str) -> u64 {
    // The most in each open group, and that of what a count would repeat.
    let (mut open, mut last) = (vec![1], 1_u64);
    let mut rest = pattern.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'\\' => (rest, last) = (rest.get(1..).unwrap_or_default(), 1),
            b'[' => {
                let class = rest.iter().skip(1).position(|byte| *byte == b']').map_or(rest.len(), |at| at + 2);
                (rest, last) = (rest.get(class..).unwrap_or_default(), 1);
            }
            b'(' => {
                open.push(1);
                last = 1;
            }
            b')' if open.len() > 1 => last = open.pop().unwrap_or(1),
            b'{' => {
                let end = rest.iter().position(|byte| *byte == b'}').unwrap_or(rest.len());
                let (count, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
                let least = count.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
                let number =
                    std::str::from_utf8(least).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
                match number {
                    Some("") => (rest, last) = (after, last),
                    Some(number) => {
                        (rest, last) = (after, last.saturating_mul(number.parse().unwrap_or(u64::MAX).max(1)))
                    }
                    // A brace like any other letter.
                    None => last = 1,
                }
            }
            // What is repeated may be counted too, and what was counted again; blanks may mean nothing.
            b'*' | b'+' | b'?' | b'}' | b' ' | b'\t' | b'\n' => {}
            _ => last = 1,
        }
        if let Some(most) = open.last_mut() {
            *most = last.max(*most);
        }
    }
    open.into_iter().fold(1, u64::max)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn repeats_within_repeats_multiply() {
        for (pattern, expected) in [
            ("", 1),
            ("^[a-z]{3}$", 3),
            ("a{3}b{4}", 4),
            ("((a{2}){3})*", 6),
            ("(a{2}b{5}){3}", 15),
            ("(a{2}|(b{5}){4}){3}", 60),
            ("a{2,}{3}", 6),
            ("(a{2})+{3}", 6),
            ("\\(a{2}\\){3}", 3),
            ("[(]{2}[)]{3}", 3),
            ("[]{9}]{2}", 2),
            ("a{,9}{x}{", 1),
            ("a{2}3{4}", 4),
            ("(a{2}", 2),
            ("a{0}", 1),
            ("a{99999999999999999999999}", u64::MAX),
            ("(a{4294967296}){4294967296}", u64::MAX),
        ] {
            assert_eq!(repeats(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn all_patterns_of_a_schema_are_looked_at() {
        for schema in [
            json!({"pattern": "(a{2000}){2000}"}),
            json!({"properties": {"x": {"anyOf": [true, {"patternProperties": {"(a{2000}){2000}": true}}]}}}),
        ] {
            assert!(unbounded(&schema), "{schema}");
        }
        assert!(!unbounded(&json!({"pattern": "a{2000}", "enum": ["(a{2000}){2000}"]})));
    }
}
