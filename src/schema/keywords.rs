//! What each draft-07 keyword holds and to which JSON types it applies: two tables, nothing about OpenClaw.

use super::prune::Shape;

/// What a keyword's value is made of, where it is made of schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// One schema (`not`, `additionalProperties`).
    Schema,
    /// An array of schemas (`anyOf`).
    List,
    /// An object whose values are schemas (`properties`).
    Map,
    /// One schema or an array of them (`items`).
    SchemaOrList,
}

/// The keywords below which a walk over a schema finds further schemas. `dependencies` is missing on purpose: its
/// values may be name lists, and no release uses it, so it is carried as plain data.
const SUBSCHEMAS: &[(&str, Holds)] = &[
    ("additionalItems", Holds::Schema),
    ("additionalProperties", Holds::Schema),
    ("allOf", Holds::List),
    ("anyOf", Holds::List),
    ("contains", Holds::Schema),
    ("else", Holds::Schema),
    ("if", Holds::Schema),
    ("items", Holds::SchemaOrList),
    ("not", Holds::Schema),
    ("oneOf", Holds::List),
    ("patternProperties", Holds::Map),
    ("properties", Holds::Map),
    ("propertyNames", Holds::Schema),
    ("then", Holds::Schema),
];

/// Assertions that ignore every instance of another type.
const APPLIES_TO: &[(&str, Shape)] = &[
    ("additionalItems", Shape::Array),
    ("additionalProperties", Shape::Object),
    ("contains", Shape::Array),
    ("dependencies", Shape::Object),
    ("exclusiveMaximum", Shape::Number),
    ("exclusiveMinimum", Shape::Number),
    ("format", Shape::String),
    ("items", Shape::Array),
    ("maxItems", Shape::Array),
    ("maxLength", Shape::String),
    ("maxProperties", Shape::Object),
    ("maximum", Shape::Number),
    ("minItems", Shape::Array),
    ("minLength", Shape::String),
    ("minProperties", Shape::Object),
    ("minimum", Shape::Number),
    ("multipleOf", Shape::Number),
    ("pattern", Shape::String),
    ("patternProperties", Shape::Object),
    ("properties", Shape::Object),
    ("propertyNames", Shape::Object),
    ("required", Shape::Object),
    ("uniqueItems", Shape::Array),
];

/// Keywords that assert nothing.
const ANNOTATIONS: &[&str] = &[
    "$comment",
    "$id",
    "$schema",
    "default",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// What `keyword` holds, if it holds schemas.
#[must_use]
pub fn holds(keyword: &str) -> Option<Holds> {
    lookup(SUBSCHEMAS, keyword)
}

/// The only type of instance that `keyword` looks at; `None` when it looks at every type.
#[must_use]
pub fn applies_to(keyword: &str) -> Option<Shape> {
    lookup(APPLIES_TO, keyword)
}

/// Whether `keyword` asserts nothing.
#[must_use]
pub fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword)
}

fn lookup<T: Copy>(table: &[(&str, T)], keyword: &str) -> Option<T> {
    table.iter().find(|(name, _)| *name == keyword).map(|(_, value)| *value)
}
