//! Our value tree as the instance of `jsonschema`: no copy, and errors lead back to origins.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};

use crate::project::{Kind, Member, Members, Origin, Value};
use crate::source::{FileId, Span};

use super::prune::{Instance, Shape};

/// The representation: nodes are references into [`Value`] trees.
#[derive(Debug)]
pub struct Tree;

/// A string node for `propertyNames`.
#[derive(Debug, Default)]
pub struct NameBuffer(Option<Value>);

impl Json for Tree {
    type Node<'a> = &'a Value;
    type PreparedKey = Box<str>;
    type StringBuffer = NameBuffer;

    // Values are owned trees.
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(buffer: &mut NameBuffer, string: &str, f: impl FnOnce(&Value) -> T) -> T {
        let nowhere = Origin { file: FileId(u32::MAX), span: Span::at(0) };
        f(buffer.0.insert(Value::new(Kind::String(string.into()), nowhere)))
    }
}

/// A finite number.
#[derive(Clone, Copy, Debug)]
pub struct Finite(f64);

impl Finite {
    fn whole(self) -> Option<f64> {
        (self.0.fract() == 0.0).then_some(self.0)
    }
}

impl JsonNumber for Finite {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and in range")]
    fn as_u64(&self) -> Option<u64> {
        self.whole().filter(|number| (0.0..18_446_744_073_709_551_616.0).contains(number)).map(|number| number as u64)
    }

    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    fn as_i64(&self) -> Option<i64> {
        let range = -9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0;
        self.whole().filter(|number| range.contains(number)).map(|number| number as i64)
    }

    fn as_f64(&self) -> Option<f64> {
        Some(self.0)
    }

    fn as_str(&self) -> Cow<'_, str> {
        self.0.to_string().into()
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Owned(serde_json::Number::from_f64(self.0).unwrap_or_else(|| 0.into()))
    }

    fn is_integer(&self) -> bool {
        self.whole().is_some()
    }
}

impl<'a> Node<'a, Tree> for &'a Value {
    type Object = &'a Members;
    type Array = &'a [Value];
    type Number = Finite;

    fn as_object(&self) -> Option<&'a Members> {
        match &self.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<&'a [Value]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match &self.kind {
            Kind::String(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<Finite> {
        self.as_f64().filter(|number| number.is_finite()).map(Finite)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// NaN and the infinities, which JSON lacks, count as null: no schema of ours allows null where it allows numbers.
    fn json_type(&self) -> JsonType {
        match &self.kind {
            Kind::Null => JsonType::Null,
            Kind::Bool(_) => JsonType::Boolean,
            Kind::Number(number) if number.is_finite() => JsonType::Number,
            Kind::Number(_) => JsonType::Null,
            Kind::String(_) => JsonType::String,
            Kind::Array(_) => JsonType::Array,
            Kind::Object(_) => JsonType::Object,
        }
    }

    /// Without what is in an object or array: errors carry a copy of their instance, and nobody reads more of it than the
    /// text of a name.
    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        Cow::Owned(match &self.kind {
            Kind::Array(_) => serde_json::Value::Array(Vec::new()),
            Kind::Object(_) => serde_json::Value::Object(serde_json::Map::new()),
            _ => self.to_json(),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Value>(self).addr()))
    }
}

impl<'a> Object<'a, Tree> for &'a Members {
    type Node = &'a Value;
    type MemberName = &'a str;
    type MembersIter = std::iter::Map<std::slice::Iter<'a, Member>, fn(&'a Member) -> (&'a str, &'a Value)>;

    fn len(&self) -> usize {
        <[Member]>::len(self)
    }

    fn get(&self, key: &Box<str>) -> Option<&'a Value> {
        self.find(key).map(|member| &member.value)
    }

    fn members(&self) -> Self::MembersIter {
        self.iter().map(|member| (&*member.key, &member.value))
    }
}

impl<'a> Array<'a, Tree> for &'a [Value] {
    type Node = &'a Value;
    type ElementsIter = std::slice::Iter<'a, Value>;

    fn len(&self) -> usize {
        <[Value]>::len(self)
    }

    fn elements(&self) -> Self::ElementsIter {
        self.iter()
    }
}

impl<'a> Instance for &'a Value {
    type Key = &'a str;

    fn shape(self) -> Shape {
        match self.json_type() {
            JsonType::Null => Shape::Null,
            JsonType::Boolean => Shape::Bool,
            JsonType::Number | JsonType::Integer => Shape::Number,
            JsonType::String => Shape::String,
            JsonType::Array => Shape::Array,
            JsonType::Object => Shape::Object,
        }
    }

    fn members(self) -> impl Iterator<Item = (&'a str, Self)> {
        Value::members(self).iter().map(|member| (&*member.key, &member.value))
    }

    fn items(self) -> impl Iterator<Item = Self> {
        Value::items(self).iter()
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn number(self) -> Option<f64> {
        self.as_f64().filter(|number| number.is_finite())
    }

    fn boolean(self) -> Option<bool> {
        self.as_bool()
    }
}
