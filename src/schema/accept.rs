//! A quick and certain yes. Compiling even a pruned schema costs more than everything else of a run, and most values are
//! right: what is surely accepted need not be compiled.
//!
//! [`accepts`] says yes only where the schema's keywords are simple enough to be sure; whatever it does not know is a no,
//! and then the validator decides. A property test holds it against the validator.

use serde_json::Value;

use crate::credentials::shape;

use super::keywords::{applies_to, is_annotation};
use super::prune::{Instance, Shape};
use super::store::SchemaRef;
use super::uri;

/// Whether `schema` surely accepts `instance`. As deep as the schema, whose references only point backwards.
pub(super) fn accepts<I: Instance>(schema: SchemaRef<'_>, instance: I) -> bool {
    let Some(keywords) = schema.node().as_object() else { return schema.node() == &Value::Bool(true) };
    let looked_at =
        |keyword: &str| !is_annotation(keyword) && applies_to(keyword).is_none_or(|shape| shape == instance.shape());
    keywords
        .iter()
        .filter(|(keyword, _)| looked_at(keyword))
        .all(|(keyword, value)| holds(schema, keyword, value, instance))
}

/// Whether `schema` surely refuses `instance`.
fn refuses<I: Instance>(schema: SchemaRef<'_>, instance: I) -> bool {
    let Some(keywords) = schema.node().as_object() else { return schema.node() == &Value::Bool(false) };
    keywords.iter().any(|(keyword, value)| match keyword.as_str() {
        "type" => !has_type(value, instance),
        "required" if instance.shape() == Shape::Object => !has_all(value, instance),
        "const" if instance.text().is_some() => value.as_str() != instance.text(),
        "enum" if instance.text().is_some() => is_one_of(value, instance) == Some(false),
        "properties" if instance.shape() == Shape::Object => instance
            .members()
            .any(|(key, member)| schema.property(key.as_ref()).is_some_and(|child| refuses(child, member))),
        _ => false,
    })
}

fn holds<I: Instance>(schema: SchemaRef<'_>, keyword: &str, value: &Value, instance: I) -> bool {
    let branches = |keyword| schema.branches(keyword);
    match keyword {
        "type" => has_type(value, instance),
        "enum" => is_one_of(value, instance) == Some(true),
        "const" => is_equal(value, instance) == Some(true),
        "required" => has_all(value, instance),
        "minimum" => compare(value, instance, |number, limit| number >= limit),
        "maximum" => compare(value, instance, |number, limit| number <= limit),
        "exclusiveMinimum" => compare(value, instance, |number, limit| number > limit),
        "exclusiveMaximum" => compare(value, instance, |number, limit| number < limit),
        "minLength" => length(instance, value, |length, limit| length >= limit),
        "maxLength" => length(instance, value, |length, limit| length <= limit),
        "minItems" => count(value, instance.items().count(), |count, limit| count >= limit),
        "maxItems" => count(value, instance.items().count(), |count, limit| count <= limit),
        "pattern" => instance.text().is_some_and(|text| matches(value, text)),
        "format" => value == "uri" && instance.text().is_some_and(uri::can_parse),
        "properties" => instance
            .members()
            .all(|(key, member)| schema.property(key.as_ref()).is_none_or(|child| accepts(child, member))),
        "additionalProperties" => schema.subschema(keyword).is_some_and(|child| {
            let mut extra = instance.members().filter(|(key, _)| schema.property(key.as_ref()).is_none());
            schema.node().get("patternProperties").is_none() && extra.all(|(_, member)| accepts(child, member))
        }),
        "propertyNames" => schema
            .subschema(keyword)
            .is_some_and(|names| instance.members().all(|(key, _)| is_name(names, key.as_ref()))),
        "items" => schema.subschema(keyword).is_some_and(|child| instance.items().all(|item| accepts(child, item))),
        "allOf" => branches(keyword).all(|branch| accepts(branch, instance)),
        "anyOf" => branches(keyword).any(|branch| accepts(branch, instance)),
        "oneOf" => {
            let accepting = branches(keyword).filter(|branch| accepts(*branch, instance)).count();
            let refusing = branches(keyword).filter(|branch| refuses(*branch, instance)).count();
            accepting == 1 && accepting + refusing == branches(keyword).count()
        }
        _ => false,
    }
}

fn has_type<I: Instance>(types: &Value, instance: I) -> bool {
    let fits = |name: &str| match instance.shape() {
        Shape::Null => name == "null",
        Shape::Bool => name == "boolean",
        Shape::Number => {
            name == "number" || name == "integer" && instance.number().is_some_and(|number| number.fract() == 0.0)
        }
        Shape::String => name == "string",
        Shape::Array => name == "array",
        Shape::Object => name == "object",
    };
    match types {
        Value::String(name) => fits(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    }
}

/// `None` where neither answer is sure.
fn is_equal<I: Instance>(value: &Value, instance: I) -> Option<bool> {
    match (value, instance.shape()) {
        (Value::String(expected), Shape::String) => Some(instance.text() == Some(expected.as_str())),
        (Value::Bool(expected), Shape::Bool) => Some(instance.boolean() == Some(*expected)),
        (Value::String(_) | Value::Bool(_), _) => Some(false),
        _ => None,
    }
}

fn is_one_of<I: Instance>(values: &Value, instance: I) -> Option<bool> {
    let mut sure = true;
    for value in values.as_array()? {
        match is_equal(value, instance) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => sure = false,
        }
    }
    sure.then_some(false)
}

fn has_all<I: Instance>(names: &Value, instance: I) -> bool {
    let has = |name: &str| instance.members().any(|(key, _)| key.as_ref() == name);
    names.as_array().is_some_and(|names| names.iter().all(|name| name.as_str().is_some_and(has)))
}

fn compare<I: Instance>(limit: &Value, instance: I, holds: fn(f64, f64) -> bool) -> bool {
    instance.number().zip(limit.as_f64()).is_some_and(|(number, limit)| holds(number, limit))
}

fn length<I: Instance>(instance: I, limit: &Value, holds: fn(usize, usize) -> bool) -> bool {
    instance.text().is_some_and(|text| count(limit, text.chars().count(), holds))
}

fn count(limit: &Value, count: usize, holds: fn(usize, usize) -> bool) -> bool {
    limit.as_u64().and_then(|limit| usize::try_from(limit).ok()).is_some_and(|limit| holds(count, limit))
}

/// Simple patterns are matched without compiling them; others are not known to match.
fn matches(pattern: &Value, text: &str) -> bool {
    pattern.as_str().and_then(|pattern| shape::Shape::parse(pattern).ok()).is_some_and(|shape| shape.matches(text))
}

/// Whether a key fulfils `propertyNames`.
fn is_name(names: SchemaRef<'_>, key: &str) -> bool {
    let Some(keywords) = names.node().as_object() else { return names.node() == &Value::Bool(true) };
    keywords.iter().filter(|(keyword, _)| !is_annotation(keyword)).all(|(keyword, value)| match keyword.as_str() {
        "type" => value == "string",
        "pattern" => matches(value, key),
        "minLength" => count(value, key.chars().count(), |count, limit| count >= limit),
        "maxLength" => count(value, key.chars().count(), |count, limit| count <= limit),
        "enum" => value.as_array().is_some_and(|values| values.iter().any(|value| value == key)),
        _ => false,
    })
}
