//! What a release says of a path: the schemas that fit, and what they allow.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::project::{Path, Segment};
use crate::schema::{Release, SchemaRef, Store};

/// The schemas that may judge what stands at a path; several where there are alternatives.
pub(super) fn schemas(root: SchemaRef<'static>, path: &Path) -> Vec<SchemaRef<'static>> {
    let mut found = open(root);
    for segment in path.segments() {
        let next = found.into_iter().filter_map(|schema| match segment {
            Segment::Key(key) => schema.property(key).or_else(|| schema.subschema("additionalProperties")),
            Segment::Index(index) => schema.subschema("items").or_else(|| schema.branches("items").nth(*index)),
        });
        found = next.filter(|schema| schema.node().is_object()).flat_map(open).collect();
    }
    found
}

/// A schema, or the alternatives that it is made of.
fn open(schema: SchemaRef<'static>) -> Vec<SchemaRef<'static>> {
    let branches =
        ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|keyword| schema.branches(keyword).collect::<Vec<_>>());
    let below: Vec<_> = branches.flat_map(open).collect();
    std::iter::once(schema).chain(below).collect()
}

/// The schema of a layout: a release's, or the guide's.
pub(super) fn root(release: &'static Release, is_guide: bool) -> SchemaRef<'static> {
    if is_guide { SchemaRef::from(crate::schema::guide()) } else { Store::bundled().root(release) }
}

/// What may stand at a path.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Allowed {
    /// Names of types, in the order of the schemas.
    pub(super) types: Vec<String>,
    /// Values, as JSON.
    pub(super) values: Vec<String>,
    /// Limits, such as `1 to 65535`.
    pub(super) limits: Option<String>,
    /// Whether it is for people who know the guide's layout: its own words.
    pub(super) description: Option<String>,
}

pub(super) fn allowed(schemas: &[SchemaRef<'static>]) -> Allowed {
    let mut allowed = Allowed::default();
    let push = |list: &mut Vec<String>, text: String| {
        if !list.contains(&text) {
            list.push(text);
        }
    };
    for schema in schemas {
        for value in
            schema.keyword("enum").and_then(Json::as_array).into_iter().flatten().chain(schema.keyword("const"))
        {
            push(&mut allowed.values, value.to_string());
        }
        match schema.keyword("type") {
            Some(Json::String(name)) => push(&mut allowed.types, name.clone()),
            Some(Json::Array(names)) => {
                names.iter().filter_map(Json::as_str).for_each(|name| push(&mut allowed.types, name.to_owned()));
            }
            _ => {}
        }
        let limit = |keyword: &str| schema.keyword(keyword).filter(|value| value.is_number()).map(Json::to_string);
        let limits = match (limit("minimum"), limit("maximum")) {
            (Some(low), Some(high)) => Some(format!("{low} … {high}")),
            (Some(low), None) => Some(format!("≥ {low}")),
            (None, Some(high)) => Some(format!("≤ {high}")),
            (None, None) => None,
        };
        // Integers without a limit of their own have JavaScript's.
        allowed.limits =
            allowed.limits.or(limits.filter(|text| !text.contains("9007199254740991") || !text.starts_with('-')));
        let description = schema.keyword("description").and_then(Json::as_str);
        allowed.description = allowed.description.or_else(|| description.map(str::to_owned));
    }
    if allowed.values.is_empty() && allowed.types.iter().any(|name| name == "boolean") {
        allowed.values = vec!["true".to_owned(), "false".to_owned()];
    }
    allowed
}

/// The keys that may stand in an object, with the schemas of their values.
pub(super) fn keys(schemas: &[SchemaRef<'static>]) -> BTreeMap<&'static str, Vec<SchemaRef<'static>>> {
    let mut keys: BTreeMap<&'static str, Vec<SchemaRef<'static>>> = BTreeMap::new();
    for (name, child) in schemas.iter().flat_map(|schema| schema.properties()) {
        // A key that is named to be refused.
        if child.node().as_bool() != Some(false) {
            keys.entry(name).or_default().extend(open(child));
        }
    }
    keys
}
