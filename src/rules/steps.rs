//! The simple JSONPaths that nearly all rules use: child steps and wildcards. Read by `build.rs` too, and so without any
//! knowledge of the rest of the program.

use std::borrow::Cow;

/// The layouts that rules name, each with a bit in their gates.
#[cfg_attr(not(test), allow(dead_code, reason = "for `build.rs`"))]
pub(crate) const LAYOUTS: [&str; 2] = ["openclaw", "guide"];
/// The roles of files that rules name, as well.
#[cfg_attr(not(test), allow(dead_code, reason = "for `build.rs`"))]
pub(crate) const ROLES: [&str; 4] = ["live", "variant", "template", "backup"];

/// One step of a simple path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `.name` or `['name']`
    Key(Cow<'static, str>),
    /// `[3]`
    Index(usize),
    /// `.*` or `[*]`
    Any,
}

/// The steps of a path that has child steps and wildcards only; `None` for any other.
#[must_use]
pub(crate) fn simple_steps(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = dotted(rest).or_else(|| bracketed(rest))?;
        steps.push(step);
        rest = after;
    }
    Some(steps)
}

fn dotted(text: &str) -> Option<(Step, &str)> {
    let text = text.strip_prefix('.')?;
    if let Some(after) = text.strip_prefix('*') {
        return Some((Step::Any, after));
    }
    // Bytes, not characters: a run reads a hundred paths before it has seen anything.
    let ends = |byte: u8| !(byte.is_ascii_alphanumeric() || byte == b'_');
    let (name, after) = text.split_at_checked(text.bytes().position(ends).unwrap_or(text.len()))?;
    let starts_well = name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    starts_well.then(|| (Step::Key(name.to_owned().into()), after))
}

fn bracketed(text: &str) -> Option<(Step, &str)> {
    let (inside, after) = text.strip_prefix('[')?.split_once(']')?;
    if inside == "*" {
        return Some((Step::Any, after));
    }
    if !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((Step::Index(inside.parse().ok()?), after));
    }
    let quote = ['\'', '"'].into_iter().find(|quote| inside.starts_with(*quote))?;
    let name = inside.strip_prefix(quote)?.strip_suffix(quote)?;
    let plain = !name.bytes().any(|byte| matches!(byte, b'\'' | b'"' | b'\\'));
    plain.then(|| (Step::Key(name.to_owned().into()), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn child_steps_and_wildcards_are_simple() {
        let key = |name: &str| Step::Key(name.to_owned().into());
        for (path, steps) in [
            ("$", vec![]),
            ("$.a.b_1._", vec![key("a"), key("b_1"), key("_")]),
            ("$.*.a", vec![Step::Any, key("a")]),
            ("$[*].a", vec![Step::Any, key("a")]),
            ("$.a[3][12]", vec![key("a"), Step::Index(3), Step::Index(12)]),
            ("$['b c'].d", vec![key("b c"), key("d")]),
            ("$[\"b.c\"]", vec![key("b.c")]),
        ] {
            assert_eq!(simple_steps(path), Some(steps), "{path}");
        }
        for path in [
            "",
            "a",
            "$a",
            "$.",
            "$..a",
            "$.1a",
            "$.a-b",
            "$[]",
            "$[-1]",
            "$[1:2]",
            "$[?@.a]",
            "$[a]",
            "$['a",
            "$['a\"]",
            "$['a\\'b']",
            "$['a\"b']",
            "$['a','b']",
            "$['\\a']",
        ] {
            assert_eq!(simple_steps(path), None, "{path}");
        }
    }
}
