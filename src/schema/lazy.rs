//! Reading a line of the schema store no further than a question needs.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

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

/// The value of a keyword.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word<'s> {
    /// Decoded.
    Value(&'s Value),
    /// As text.
    Text(&'s str),
}

impl<'s> Word<'s> {
    /// The value, which is no schema. A text that cannot be read is `null`, which no keyword understands.
    pub(super) fn value(self) -> Cow<'s, Value> {
        match self {
            Self::Value(value) => Cow::Borrowed(value),
            Self::Text(text) => Cow::Owned(serde_json::from_str(text).unwrap_or(Value::Null)),
        }
    }

    /// A string without escapes; `None` when it is anything else.
    pub(super) fn plain_str(self) -> Option<&'s str> {
        match self {
            Self::Value(value) => value.as_str(),
            Self::Text(text) => {
                text.strip_prefix('"')?.strip_suffix('"').filter(|inside| !inside.contains(['"', '\\']))
            }
        }
    }
}

/// An object's members with the texts of their values.
pub(super) struct Cut(pub(super) Vec<(&'static str, &'static str)>);

impl<'de: 'static> Deserialize<'de> for Cut {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_map(Members)
    }
}

struct Members;

impl Visitor<'static> for Members {
    type Value = Cut;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a schema object")
    }

    fn visit_map<A: MapAccess<'static>>(self, mut map: A) -> Result<Cut, A::Error> {
        let mut members = Vec::with_capacity(4);
        while let Some((key, value)) = map.next_entry::<&'static str, &'static RawValue>()? {
            members.push((key, value.get()));
        }
        Ok(Cut(members))
    }
}
