//! The value tree that OpenClaw would see, each value with the place it comes from.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::source::{FileId, Hidden, Span};

/// Where a value or key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file (an included file's own id for included values).
    pub file: FileId,
    /// Its bytes there.
    pub span: Span,
}

/// A JSON value with its origin. Duplicate keys are already resolved (the last one wins) and `__proto__` is gone. Debug
/// output shows no text of values.
#[derive(Clone)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it is written.
    pub origin: Origin,
    /// For strings that hold `${VAR}`: the text before variables were replaced.
    pub raw: Option<Box<str>>,
    /// Whether a `${VAR}` in it had no value that the linter could see.
    pub unresolved: bool,
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Value");
        out.field("kind", &self.kind).field("origin", &self.origin).field("raw", &self.raw.as_deref().map(Hidden));
        out.field("unresolved", &self.unresolved).finish()
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(value) => f.debug_tuple("Bool").field(value).finish(),
            Self::Number(number) => f.debug_tuple("Number").field(number).finish(),
            Self::String(text) => f.debug_tuple("String").field(&Hidden(text)).finish(),
            Self::Array(items) => f.debug_tuple("Array").field(items).finish(),
            Self::Object(members) => f.debug_tuple("Object").field(members).finish(),
        }
    }
}

/// The six JSON types. Numbers are JavaScript's: NaN and the infinities occur.
#[derive(Clone)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// Any number.
    Number(f64),
    /// A string, escapes decoded and variables replaced.
    String(Arc<str>),
    /// An array.
    Array(Vec<Value>),
    /// An object in source order.
    Object(Members),
}

/// Objects with more members than this have an index of their keys.
const WIDE: usize = 32;

/// The members of an object in source order, each key once. Wide objects are searched by an index: a check that looks up
/// each of a hundred thousand keys must not walk past all of them each time.
#[derive(Clone, Default)]
pub struct Members {
    list: Box<[Member]>,
    #[expect(clippy::box_collection, reason = "few objects have one, and all values are as large as this makes them")]
    places: Option<Box<HashMap<Arc<str>, u32>>>,
}

impl Members {
    /// The member with this key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Member> {
        self.list.get(self.place(key)?)
    }

    /// The same, to be changed. Its key must stay as it is.
    pub(super) fn find_mut(&mut self, key: &str) -> Option<&mut Member> {
        let place = self.place(key)?;
        self.list.get_mut(place)
    }

    /// All of them, to be changed. Their keys must stay as they are.
    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Member> {
        self.list.iter_mut()
    }

    fn place(&self, key: &str) -> Option<usize> {
        match &self.places {
            Some(places) => places.get(key).map(|place| *place as usize),
            None => {
                // Names of one kind (`team-1`, `team-2`) are told apart by their ends.
                let last = key.as_bytes().last();
                self.list.iter().position(|member| member.key.as_bytes().last() == last && &*member.key == key)
            }
        }
    }
}

impl From<Vec<Member>> for Members {
    fn from(list: Vec<Member>) -> Self {
        let places = (list.len() > WIDE).then(|| {
            let places = (0..).zip(&list).map(|(place, member)| (Arc::clone(&member.key), place));
            Box::new(places.collect())
        });
        Self { list: list.into(), places }
    }
}

impl From<Members> for Vec<Member> {
    fn from(members: Members) -> Self {
        members.list.into()
    }
}

impl FromIterator<Member> for Members {
    fn from_iter<I: IntoIterator<Item = Member>>(members: I) -> Self {
        members.into_iter().collect::<Vec<_>>().into()
    }
}

impl Deref for Members {
    type Target = [Member];

    fn deref(&self) -> &[Member] {
        &self.list
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(f)
    }
}

/// One member of an object.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key, escapes decoded.
    pub key: Arc<str>,
    /// Where the key is written.
    pub key_origin: Origin,
    /// Its value.
    pub value: Value,
}

impl Value {
    /// A value that was read as it stands.
    #[must_use]
    pub const fn new(kind: Kind, origin: Origin) -> Self {
        Self { kind, origin, raw: None, unresolved: false }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn as_f64(&self) -> Option<f64> {
        match self.kind {
            Kind::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The string as written, before variables were replaced.
    #[must_use]
    pub fn as_written(&self) -> Option<&str> {
        self.raw.as_deref().or_else(|| self.as_str())
    }

    /// The members of an object; empty for anything else.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array; empty for anything else.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => &[],
        }
    }

    /// The member with this key.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        match &self.kind {
            Kind::Object(members) => members.find(key),
            _ => None,
        }
    }

    /// The value under this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.member(key).map(|member| &member.value)
    }

    /// The value at a path of keys and indices.
    #[must_use]
    pub fn at(&self, path: &Path) -> Option<&Value> {
        path.segments().iter().try_fold(self, |value, segment| match segment {
            Segment::Key(key) => value.get(key),
            Segment::Index(index) => value.items().get(*index),
        })
    }

    /// The place to underline: the value itself, of an object or array its opening bracket.
    #[must_use]
    pub const fn place(&self) -> Origin {
        match &self.kind {
            Kind::Object(_) | Kind::Array(_) => {
                let start = self.origin.span.start;
                Origin { span: Span::new(start, start + 1), ..self.origin }
            }
            _ => self.origin,
        }
    }

    /// The path of the innermost object or array that is written around a place of the same file.
    #[must_use]
    pub fn path_around(&self, place: Origin) -> Path {
        let around = |value: &&Self| value.origin.file == place.file && value.origin.span.contains(place.span);
        let (mut path, mut here) = (Path::root(), self);
        loop {
            let member = here.members().iter().find(|member| around(&&member.value));
            let item = here.items().iter().enumerate().find(|(_, item)| around(item));
            (here, _) = match (member, item) {
                (Some(member), _) => (&member.value, path.push(Segment::Key(member.key.clone()))),
                (None, Some((index, item))) => (item, path.push(Segment::Index(index))),
                (None, None) => return path,
            };
        }
    }

    /// The type's name in JSON's own words (`NaN` and the infinities are named as such).
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "boolean",
            Kind::Number(number) if number.is_nan() => "NaN",
            Kind::Number(number) if number.is_infinite() => "Infinity",
            Kind::Number(_) => "number",
            Kind::String(_) => "string",
            Kind::Array(_) => "array",
            Kind::Object(_) => "object",
        }
    }

    /// A copy as `serde_json` value, without origins. NaN and the infinities, which JSON lacks, become null.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            Kind::Null => serde_json::Value::Null,
            Kind::Bool(value) => (*value).into(),
            Kind::Number(number) => json_number(*number),
            Kind::String(text) => serde_json::Value::String(text.to_string()),
            Kind::Array(items) => items.iter().map(Self::to_json).collect(),
            Kind::Object(members) => {
                let entries = members.iter().map(|member| (member.key.to_string(), member.value.to_json()));
                serde_json::Value::Object(entries.collect())
            }
        }
    }
}

/// JavaScript prints whole numbers without a fraction; so do we, as long as they are exact.
fn json_number(number: f64) -> serde_json::Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within the exact range")]
        return (number as i64).into();
    }
    serde_json::Number::from_f64(number).map_or(serde_json::Value::Null, serde_json::Value::Number)
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// Into an object.
    Key(Arc<str>),
    /// Into an array, from 0.
    Index(usize),
}

/// The way from the root to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Vec<Segment>);

impl Path {
    /// The root.
    #[must_use]
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// Its steps.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// This path and one more key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.push(Segment::Key(key.into()));
        path
    }

    /// This path and one more index.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.push(Segment::Index(index));
        path
    }

    /// Adds a step.
    pub fn push(&mut self, segment: Segment) {
        self.0.push(segment);
    }

    /// Takes the last step off.
    pub fn pop(&mut self) -> Option<Segment> {
        self.0.pop()
    }

    /// The path of the containing value; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let mut path = self.clone();
        path.pop().map(|_| path)
    }

    /// The last key on the way, skipping indices.
    #[must_use]
    pub fn last_key(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|segment| match segment {
            Segment::Key(key) => Some(&**key),
            Segment::Index(_) => None,
        })
    }

    /// Reads an RFC 6901 pointer against `root`: a digit step is an index where the value is an array.
    #[must_use]
    pub fn from_pointer(root: &Value, pointer: &str) -> Self {
        let mut path = Self::root();
        let mut here = Some(root);
        for token in pointer.split('/').skip(1) {
            let token = match token.contains('~') {
                true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
                false => Cow::Borrowed(token),
            };
            let items = here.map(Value::items).unwrap_or_default();
            let index = if items.is_empty() { None } else { token.parse::<usize>().ok() };
            (here, _) = match (index, here.and_then(|value| value.member(&token))) {
                (Some(index), _) => (items.get(index), path.push(Segment::Index(index))),
                (None, Some(member)) => (Some(&member.value), path.push(Segment::Key(Arc::clone(&member.key)))),
                (None, None) => (None, path.push(Segment::Key(token.into()))),
            };
        }
        path
    }

    /// RFC 6901 pointer; empty for the root.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut out = String::new();
        for segment in &self.0 {
            out.push('/');
            match segment {
                Segment::Key(key) if memchr::memchr2(b'~', b'/', key.as_bytes()).is_none() => out.push_str(key),
                Segment::Key(key) => out.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Segment::Index(index) => out.push_str(&index.to_string()),
            }
        }
        out
    }
}

/// Dot-joined as OpenClaw's validator prints it: `agents.list.0.id`, `<root>` for the root.
impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return f.write_str("<root>");
        }
        for (at, segment) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(".")?;
            }
            match segment {
                Segment::Key(key) => f.write_str(key)?,
                Segment::Index(index) => write!(f, "{index}")?,
            }
        }
        Ok(())
    }
}
