//! Reading a line of the schema store no further than a question needs.

use std::sync::OnceLock;

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
