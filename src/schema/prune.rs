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
//! - schemas of members and elements that surely accept them ([`super::accept`]).
//!
//! Branches of `anyOf` and `oneOf`, and elements of a tuple, keep their index, so that every schema path of an error
//! leads to the same place in the whole schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::accept::accepts;
use super::keywords::{applies_to, is_annotation};
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
/// A duplicate key may be reported once or each time: pruning by more than the validator looks at stays exact.
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
    if accepts(schema, instance) {
        return Value::Bool(true);
    }
    prune_for(schema, &[instance])
}

/// Prunes for several instances that one schema is applied to (the elements of an array, say). The recursion is as deep
/// as the schema, whose references only ever point backwards: it ends on any input.
fn prune_for<I: Instance>(schema: SchemaRef<'_>, instances: &[I]) -> Value {
    let Some(keywords) = schema.node().as_object() else {
        return schema.node().clone();
    };
    if instances.is_empty() {
        return Value::Bool(true);
    }
    let relevant = |keyword: &str| {
        !is_annotation(keyword)
            && applies_to(keyword).is_none_or(|shape| instances.iter().any(|instance| instance.shape() == shape))
    };
    let mut pruned = Map::new();
    for (keyword, value) in keywords.iter().filter(|(keyword, _)| relevant(keyword)) {
        let value = match keyword.as_str() {
            "properties" => prune_properties(schema, instances),
            "additionalProperties" => prune_additional_properties(schema, instances),
            "items" => prune_items(schema, instances),
            "additionalItems" => prune_additional_items(schema, instances),
            "allOf" | "anyOf" | "oneOf" => {
                schema.branches(keyword).map(|branch| prune_for(branch, instances)).collect()
            }
            "if" | "then" | "else" => {
                schema.subschema(keyword).map_or(Value::Bool(true), |child| prune_for(child, instances))
            }
            // `not`, because its error quotes the schema, and rare ones whose instances are not worth working out: kept
            // whole, which is always exact.
            _ => schema.expand_keyword(keyword, value),
        };
        pruned.insert(keyword.clone(), value);
    }
    Value::Object(pruned)
}

/// The known members of all instances, by property.
fn prune_properties<I: Instance>(schema: SchemaRef<'_>, instances: &[I]) -> Value {
    let mut present: BTreeMap<&str, Vec<I>> = BTreeMap::new();
    for (key, value) in instances.iter().flat_map(|instance| instance.members()) {
        if let Some((name, _)) = schema.property_entry(key.as_ref()) {
            present.entry(name).or_default().push(value);
        }
    }
    let mut pruned = Map::new();
    for (name, values) in present {
        if let Some(child) = schema.property(name) {
            let right = values.iter().all(|value| accepts(child, *value));
            pruned.insert(name.to_owned(), if right { Value::Bool(true) } else { prune_for(child, &values) });
        }
    }
    // A closed object without a single property reports an unknown key as a `false` schema, not as an additional
    // property: one name that the instance does not have keeps the error the same.
    if let (true, Some((name, _))) = (pruned.is_empty(), schema.properties().next()) {
        pruned.insert(name.to_owned(), Value::Bool(true));
    }
    Value::Object(pruned)
}

/// Members that `properties` does not name. Those that match `patternProperties` are among them: more than needed, and
/// therefore still exact.
fn prune_additional_properties<I: Instance>(schema: SchemaRef<'_>, instances: &[I]) -> Value {
    let Some(child) = schema.subschema("additionalProperties") else {
        return Value::Bool(true);
    };
    let extra: Vec<I> = instances
        .iter()
        .flat_map(|instance| instance.members())
        .filter(|(key, _)| schema.property_entry(key.as_ref()).is_none())
        .map(|(_, value)| value)
        .collect();
    // All or none: the pruned schema is applied to every one of them.
    if extra.iter().all(|value| accepts(child, *value)) { Value::Bool(true) } else { prune_for(child, &extra) }
}

fn prune_items<I: Instance>(schema: SchemaRef<'_>, instances: &[I]) -> Value {
    if let Some(child) = schema.subschema("items") {
        let elements: Vec<I> = instances.iter().flat_map(|instance| instance.items()).collect();
        return prune_for(child, &elements);
    }
    let at = |index: usize| instances.iter().filter_map(|instance| instance.items().nth(index)).collect::<Vec<I>>();
    schema.branches("items").enumerate().map(|(index, child)| prune_for(child, &at(index))).collect()
}

fn prune_additional_items<I: Instance>(schema: SchemaRef<'_>, instances: &[I]) -> Value {
    let Some(child) = schema.subschema("additionalItems") else {
        return Value::Bool(true);
    };
    let tuple = schema.branches("items").count();
    let extra: Vec<I> = instances.iter().flat_map(|instance| instance.items().skip(tuple)).collect();
    prune_for(child, &extra)
}
