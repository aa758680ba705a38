//! Cutting a schema down to the part that one instance can touch. Knows schemas and the shape of the instance; no
//! validation happens here.
//!
//! Compiling the schema of a release takes 25 to 50 ms; compiling what an ordinary configuration touches takes 0.2 ms.
//! The cut is exact: the pruned schema gives the same errors (keyword, instance path, schema path, message) as the whole
//! one for **this** instance, and means nothing for another. What is cut can never be evaluated:
//!
//! - properties that the instance does not have, and `items` or `additionalProperties` that meet no element;
//! - assertions about another type than the instance's (`pattern` for a number): they ignore it;
//! - annotations;
//! - schemas of members and elements that surely accept them, and other keywords that surely hold ([`super::accept`]).
//!
//! Branches of `anyOf` and `oneOf`, and elements of a tuple, keep their index, so that every schema path of an error
//! leads to the same place in the whole schema.

use serde_json::{Map, Value};

use super::accept::{accepts, holds};
use super::lazy::Word;
use super::store::SchemaRef;

/// The JSON type of an instance, as far as keywords tell types apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// Any number, whole or not
    Number,
    /// A string
    String,
    /// An array
    Array,
    /// An object
    Object,
}

/// A document that a schema is to be pruned by: a cheap handle on one of its nodes.
///
/// Each key of an object comes once.
pub trait Instance: Copy {
    /// A key of an object, escapes decoded.
    type Key: AsRef<str>;

    /// The node's type.
    fn shape(self) -> Shape;

    /// The members of an object; nothing for another type.
    fn members(self) -> impl Iterator<Item = (Self::Key, Self)>;

    /// The elements of an array; nothing for another type.
    fn items(self) -> impl Iterator<Item = Self>;

    /// The text of a string.
    fn text(&self) -> Option<&str>;

    /// The value of a number.
    fn number(self) -> Option<f64>;

    /// The value of a boolean.
    fn boolean(self) -> Option<bool>;
}

impl<'a> Instance for &'a Value {
    type Key = &'a String;

    fn shape(self) -> Shape {
        match self {
            Value::Null => Shape::Null,
            Value::Bool(_) => Shape::Bool,
            Value::Number(_) => Shape::Number,
            Value::String(_) => Shape::String,
            Value::Array(_) => Shape::Array,
            Value::Object(_) => Shape::Object,
        }
    }

    fn members(self) -> impl Iterator<Item = (&'a String, Self)> {
        self.as_object().into_iter().flatten()
    }

    fn items(self) -> impl Iterator<Item = Self> {
        self.as_array().into_iter().flatten()
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn number(self) -> Option<f64> {
        self.as_f64()
    }

    fn boolean(self) -> Option<bool> {
        self.as_bool()
    }
}

/// The smallest schema that judges `instance` as `schema` does.
///
/// Decodes only the nodes of the store that the instance reaches. Time is linear in the instance, times the number of
/// union branches above each node.
#[must_use]
pub fn prune<I: Instance>(schema: SchemaRef<'_>, instance: I) -> Value {
    prune_for(schema, &[instance])
}

/// More instances than this are asked first whether all are right: their members need not be gathered then.
const MANY: usize = 64;

/// As [`cut`], with the schema that accepts everything where there is nothing to judge.
fn prune_for<I: Instance>(schema: SchemaRef<'_>, instances: &[I]) -> Value {
    cut(schema, instances).unwrap_or(Value::Bool(true))
}

/// Prunes for several instances that one schema is applied to (the elements of an array, say); `None` where it surely
/// accepts them all. Both are found out in one walk, so that a mistake deep inside does not have everything around it
/// looked at once more on each level. The recursion is as deep as the schema, whose references only ever point backwards:
/// it ends on any input.
fn cut<I: Instance>(schema: SchemaRef<'_>, instances: &[I]) -> Option<Value> {
    if instances.is_empty() || instances.len() > MANY && instances.iter().all(|instance| accepts(schema, *instance)) {
        return None;
    }
    let Some(keywords) = schema.words() else {
        let node = schema.node();
        return (node.as_bool() != Some(true)).then(|| node.clone());
    };
    let mut pruned = Map::new();
    let mut split = None;
    for (keyword, word) in keywords {
        let looking = || instances.iter().filter(|instance| word.looks_at(keyword, instance.shape()));
        if looking().next().is_none() {
            continue;
        }
        let value = match keyword {
            "properties" => cut_properties(split.get_or_insert_with(|| Split::of(schema, instances))),
            "additionalProperties" => {
                cut_additional_properties(schema, word, split.get_or_insert_with(|| Split::of(schema, instances)))
            }
            "items" => cut_items(schema, word, instances),
            _ => {
                let sure =
                    |(keyword, word)| looking().all(|instance| holds(schema, keyword, word, *instance) == Some(true));
                (!decider(schema, keyword, word).is_none_or(sure)).then(|| kept(schema, keyword, word, instances))
            }
        };
        if let Some(value) = value {
            pruned.insert(keyword.to_owned(), value);
        }
    }
    if pruned.is_empty() {
        return None;
    }
    if let Some(split) = split.filter(|_| pruned.contains_key("additionalProperties")) {
        name_present(schema, &split, &mut pruned);
    }
    Some(Value::Object(pruned))
}

/// The keyword that says whether one holds: itself, or the `if` that it belongs to.
fn decider<'s>(schema: SchemaRef<'s>, keyword: &'s str, word: Word<'s>) -> Option<(&'s str, Word<'s>)> {
    match keyword {
        "then" | "else" => schema.words()?.find(|(keyword, _)| *keyword == "if"),
        _ => Some((keyword, word)),
    }
}

/// What a keyword without a walk of its own is cut to, where it may not hold.
fn kept<I: Instance>(schema: SchemaRef<'_>, keyword: &str, word: Word<'_>, instances: &[I]) -> Value {
    match keyword {
        "additionalItems" => prune_additional_items(schema, instances),
        "allOf" | "anyOf" | "oneOf" => schema.branches(keyword).map(|branch| prune_for(branch, instances)).collect(),
        "if" | "then" | "else" => {
            schema.subschema(keyword).map_or(Value::Bool(true), |child| prune_for(child, instances))
        }
        // `not`, because its error quotes the schema, and rare ones whose instances are not worth working out: kept
        // whole, which is always exact.
        _ => schema.expand_keyword(keyword, word.value()),
    }
}

/// The members of all instances.
struct Split<'s, I: Instance> {
    /// Those that `properties` names, with their schemas; those of one name beside each other.
    known: Vec<(I::Key, SchemaRef<'s>, I)>,
    /// The others.
    extra: Vec<I>,
}

impl<'s, I: Instance> Split<'s, I> {
    fn of(schema: SchemaRef<'s>, instances: &[I]) -> Self {
        let (mut known, mut extra) = (Vec::new(), Vec::new());
        for (name, value) in instances.iter().flat_map(|instance| instance.members()) {
            match schema.property(name.as_ref()) {
                Some(child) => known.push((name, child, value)),
                None => extra.push(value),
            }
        }
        // The names of one object differ.
        if instances.len() > 1 {
            known.sort_by(|(a, ..), (b, ..)| a.as_ref().cmp(b.as_ref()));
        }
        Self { known, extra }
    }
}

/// The properties that may be wrong.
fn cut_properties<I: Instance>(split: &Split<'_, I>) -> Option<Value> {
    let mut wrong: Vec<(&str, Value)> = Vec::new();
    for same in split.known.chunk_by(|(a, ..), (b, ..)| a.as_ref() == b.as_ref()) {
        let pruned = match same {
            [(name, child, value)] => cut(*child, &[*value]).map(|pruned| (name.as_ref(), pruned)),
            [(name, child, _), ..] => {
                let values: Vec<I> = same.iter().map(|(.., value)| *value).collect();
                cut(*child, &values).map(|pruned| (name.as_ref(), pruned))
            }
            [] => None,
        };
        wrong.extend(pruned);
    }
    wrong.sort_by_key(|(name, _)| *name);
    let wrong: Map<String, Value> = wrong.into_iter().map(|(name, pruned)| (name.to_owned(), pruned)).collect();
    (!wrong.is_empty()).then_some(Value::Object(wrong))
}

/// Members that `properties` does not name; `None` where all are right. Those that match `patternProperties` are among
/// them: more than needed, and therefore still exact.
fn cut_additional_properties<I: Instance>(
    schema: SchemaRef<'_>,
    word: Word<'_>,
    split: &Split<'_, I>,
) -> Option<Value> {
    let child = schema.child(word).or_else(|| schema.subschema("additionalProperties"))?;
    // All or none: the pruned schema is applied to every one of them.
    cut(child, &split.extra)
}

/// Names the properties that are right beside `additionalProperties`, which would take them for unknown ones.
fn name_present<I: Instance>(schema: SchemaRef<'_>, split: &Split<'_, I>, pruned: &mut Map<String, Value>) {
    if !schema.words().into_iter().flatten().any(|(keyword, _)| keyword == "properties") {
        return;
    }
    let known = pruned.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(known) = known else { return };
    for (name, ..) in &split.known {
        known.entry(name.as_ref()).or_insert(Value::Bool(true));
    }
    // A closed object without a single property reports an unknown key as a `false` schema, not as an additional
    // property: one name that the instance does not have keeps the error the same.
    if let (true, Some((name, _))) = (known.is_empty(), schema.properties().next()) {
        known.insert(name.to_owned(), Value::Bool(true));
    }
    known.sort_keys();
}

/// The elements; `None` where all are right.
fn cut_items<I: Instance>(schema: SchemaRef<'_>, word: Word<'_>, instances: &[I]) -> Option<Value> {
    let is_list = schema.children(word).is_some();
    let child = if is_list { None } else { schema.child(word).or_else(|| schema.subschema("items")) };
    if let Some(child) = child {
        let elements: Vec<I> = instances.iter().flat_map(|instance| instance.items()).collect();
        return cut(child, &elements);
    }
    let at = |index: usize| instances.iter().filter_map(|instance| instance.items().nth(index)).collect::<Vec<I>>();
    Some(schema.branches("items").enumerate().map(|(index, child)| prune_for(child, &at(index))).collect())
}

fn prune_additional_items<I: Instance>(schema: SchemaRef<'_>, instances: &[I]) -> Value {
    let Some(child) = schema.subschema("additionalItems") else {
        return Value::Bool(true);
    };
    let tuple = schema.branches("items").count();
    let extra: Vec<I> = instances.iter().flat_map(|instance| instance.items().skip(tuple)).collect();
    prune_for(child, &extra)
}
