//! Reading a line of the schema store no further than a question needs.

use std::sync::OnceLock;

use memchr::{memchr, memchr2};
use serde_json::Value;

use crate::credentials::shape;

use super::keywords::{applies_to, is_annotation};
use super::prune::Shape;

/// Cells that are filled when they are asked for. They are made in groups, so that a run that visits a few of thousands
/// does not touch the memory of all.
pub(super) struct Lazy<T>(Box<[OnceLock<Group<T>>]>);

type Group<T> = Box<[OnceLock<Box<T>>]>;

const GROUP: usize = 32;

impl<T> Lazy<T> {
    pub(super) fn new(length: usize) -> Self {
        Self(std::iter::repeat_with(OnceLock::new).take(length.div_ceil(GROUP)).collect())
    }

    /// The value of a cell, made at the first question; `None` far behind the last cell.
    pub(super) fn get(&self, index: u32, make: impl FnOnce() -> T) -> Option<&T> {
        let index = index as usize;
        let group = self.0.get(index / GROUP)?;
        let group = group.get_or_init(|| std::iter::repeat_with(OnceLock::new).take(GROUP).collect());
        Some(group.get(index % GROUP)?.get_or_init(|| Box::new(make())))
    }
}

/// A keyword of a line: its value is decoded when it is asked for, once.
pub(super) struct Keyword {
    pub(super) name: &'static str,
    /// The value as it is written.
    pub(super) text: &'static str,
    looked_at: LookedAt,
    value: OnceLock<Box<Value>>,
    pattern: OnceLock<Option<Box<shape::Shape>>>,
}

impl Keyword {
    pub(super) fn new((name, text): (&'static str, &'static str)) -> Self {
        let looked_at = LookedAt::of(name);
        Self { name, text, looked_at, value: OnceLock::new(), pattern: OnceLock::new() }
    }
}

/// When an instance has to be looked at because of a keyword.
#[derive(Debug, Clone, Copy)]
enum LookedAt {
    Never,
    Always,
    /// When it has this shape.
    For(Shape),
}

impl LookedAt {
    fn of(keyword: &str) -> Self {
        if is_annotation(keyword) { Self::Never } else { applies_to(keyword).map_or(Self::Always, Self::For) }
    }
}

/// The value of a keyword.
#[derive(Clone, Copy)]
pub(super) enum Word<'s> {
    /// Decoded.
    Value(&'s Value),
    /// As a line has it.
    Cut(&'s Keyword),
}

impl<'s> Word<'s> {
    /// The value, which is no schema. A text that cannot be read is `null`, which no keyword understands.
    pub(super) fn value(self) -> &'s Value {
        match self {
            Self::Value(value) => value,
            Self::Cut(keyword) => {
                keyword.value.get_or_init(|| Box::new(serde_json::from_str(keyword.text).unwrap_or(Value::Null)))
            }
        }
    }

    /// A string without escapes; `None` when it is anything else.
    pub(super) fn plain_str(self) -> Option<&'s str> {
        match self {
            Self::Value(value) => value.as_str(),
            Self::Cut(Keyword { text, .. }) => {
                let inside = text.strip_prefix('"')?.strip_suffix('"')?;
                (!inside.bytes().any(|byte| matches!(byte, b'"' | b'\\'))).then_some(inside)
            }
        }
    }

    /// What the answer of a simple pattern is for a text; `None` where none is sure.
    pub(super) fn matches(self, text: &str) -> Option<bool> {
        let parse = |pattern: &Value| shape::Shape::parse(pattern.as_str()?).ok();
        match self {
            Self::Value(value) => parse(value)?.verdict(text),
            Self::Cut(keyword) => {
                let pattern = keyword.pattern.get_or_init(|| parse(self.value()).map(Box::new));
                pattern.as_ref()?.verdict(text)
            }
        }
    }

    /// Whether an instance of this shape has to be looked at because of it.
    pub(super) fn looks_at(self, keyword: &str, shape: Shape) -> bool {
        let looked_at = match self {
            Self::Value(_) => LookedAt::of(keyword),
            Self::Cut(keyword) => keyword.looked_at,
        };
        match looked_at {
            LookedAt::Never => false,
            LookedAt::Always => true,
            LookedAt::For(wanted) => wanted == shape,
        }
    }
}

/// The members of an object with the texts of their values, in their order. `None` for a text that is not as the store
/// writes it: JSON without white space between tokens and without escapes in keys.
pub(super) fn members(text: &'static str) -> Option<Vec<(&'static str, &'static str)>> {
    let mut members = Vec::with_capacity(4);
    let mut rest = text.strip_prefix('{')?;
    while rest != "}" {
        let quoted = rest.strip_prefix('"')?;
        let (key, after) = quoted.split_at_checked(memchr(b'"', quoted.as_bytes())?)?;
        let after = after.strip_prefix("\":").filter(|_| !key.contains('\\'))?;
        let (value, after) = after.split_at_checked(value_end(after.as_bytes())?)?;
        members.push((key, value));
        rest = match after.strip_prefix(',') {
            Some("}") => return None,
            Some(next) => next,
            None => after,
        };
    }
    Some(members)
}

/// Where the value ends that a text begins with, in bytes.
fn value_end(text: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        match text.get(at)? {
            b'"' => at = string_end(text, at + 1)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' if depth == 0 => return (at > 0).then_some(at),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
}

/// The quote that ends a string.
fn string_end(text: &[u8], from: usize) -> Option<usize> {
    let at = from + memchr2(b'"', b'\\', text.get(from..)?)?;
    if text.get(at) == Some(&b'"') { Some(at) } else { string_end(text, at + 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_texts() {
        let text = r#"{"type":"a \"b\", c\\","":[{"x":[1,2]},"]"],"not":{},"n":-1.5e3,"b":true}"#;
        let expected = [
            ("type", r#""a \"b\", c\\""#),
            ("", r#"[{"x":[1,2]},"]"]"#),
            ("not", "{}"),
            ("n", "-1.5e3"),
            ("b", "true"),
        ];
        assert_eq!(members(text).unwrap(), expected);
        assert_eq!(members("{}").unwrap(), []);
    }

    #[test]
    fn what_the_store_does_not_write_is_not_cut() {
        for text in [
            "",
            "true",
            "{",
            r#"{"a"#,
            r#"{"a""#,
            r#"{"a":"#,
            r#"{"a":}"#,
            r#"{"a":1"#,
            r#"{"a":1,"#,
            r#"{"a":1,}"#,
            r#"{"a" :1}"#,
            r#"{"a":"1}"#,
            r#"{"a":"1\"#,
            r#"{"\u0061":1}"#,
            r#"{"a":1]"#,
            r#"{"a":1}}"#,
            "{a:1}",
        ] {
            assert_eq!(members(text), None, "{text}");
        }
    }
}
