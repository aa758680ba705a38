//! `${VAR}` in strings of a config, by OpenClaw's grammar: upper-case names only, `$${VAR}` is an escape, one pass.

use std::ops::Range;

use crate::bytes;

/// A piece of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'t> {
    /// `${NAME}`
    Reference {
        /// The name.
        name: &'t str,
        /// Its bytes in the string, braces included.
        range: Range<usize>,
    },
    /// `$${NAME}`, which stands for the literal `${NAME}`.
    Escape {
        /// The name.
        name: &'t str,
        /// Its bytes in the string.
        range: Range<usize>,
    },
}

/// All references and escapes of a string, in order.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + bytes::find(b'$', text.as_bytes().get(from..)?)?;
            let (escaped, open) = match text.get(at + 1..)?.strip_prefix('$') {
                Some(after) if braced_name(after).is_some() => (true, at + 1),
                _ => (false, at),
            };
            let Some(name) = braced_name(text.get(open + 1..)?) else {
                from = at + 1;
                continue;
            };
            let end = open + 1 + name.len() + 2;
            from = end;
            let range = at..end;
            return Some(if escaped { Token::Escape { name, range } } else { Token::Reference { name, range } });
        }
    })
}

/// The name in a leading `{NAME}`.
fn braced_name(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('{')?.split_once('}')?;
    is_name(name).then_some(name)
}

/// Whether a name can be referenced: `[A-Z_][A-Z0-9_]*`.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let rest_fits = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    rest_fits && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(&str, bool)> {
        let pairs = tokens(text).map(|token| match token {
            Token::Reference { name, range } => {
                assert_eq!(text.get(range), Some(format!("${{{name}}}").as_str()));
                (name, true)
            }
            Token::Escape { name, .. } => (name, false),
        });
        pairs.collect()
    }

    #[test]
    fn references_are_upper_case_names_in_braces() {
        assert_eq!(names("${A}/v1/${B_2}"), [("A", true), ("B_2", true)]);
        for literal in ["$A", "${a}", "${A:-b}", "${}", "${A", "${A-B}", "${1A}", "$", "{A}"] {
            assert_eq!(names(literal), [], "{literal}");
        }
    }

    #[test]
    fn a_doubled_dollar_escapes() {
        assert_eq!(names("$${A} ${B}"), [("A", false), ("B", true)]);
        assert_eq!(names("$$${A}"), [("A", false)]);
        assert_eq!(names("$$A ${B}"), [("B", true)]);
    }
}
