//! From the schema that OpenClaw prints to the one that says what a file may hold. Every step is described in
//! `schemas/README.md`; the verdict on a file is what counts, so nothing is simplified that would change it, except
//! where the printed schema is wrong about OpenClaw's own validator.

mod dialect;

use serde_json::{Map, Value};

use super::{Holds, holds, is_annotation};

/// How deep a schema may nest: deeper than any real one, and shallow enough for every recursion over it.
const MAX_DEPTH: usize = 128;

/// Places where a JavaScript pattern has the flag `i`, which the printed schema loses: the schema's pointer, the pattern
/// as printed, and what it means.
const CASE_INSENSITIVE: &[(&str, &str, &str)] = &[
    (
        "/properties/agents/properties/entries/propertyNames",
        "^[a-z0-9_][a-z0-9_-]{0,63}$",
        "^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$",
    ),
    (
        "/properties/mcp/properties/servers/additionalProperties/properties/codex/properties/agents/items",
        "^[a-z0-9][a-z0-9_-]{0,63}$",
        "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
    ),
    // OpenClaw builds both maps of servers from one definition.
    (
        "/properties/nodeHost/properties/mcp/properties/servers/additionalProperties/properties/codex/properties/agents/items",
        "^[a-z0-9][a-z0-9_-]{0,63}$",
        "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
    ),
];

/// Normalises one printed schema.
///
/// # Errors
/// A `$ref` that leads nowhere, or nesting beyond any real schema: the release needs a look before it is stored.
pub fn normalise(schema: &Value) -> Result<Value, String> {
    let inlined = Inliner::default().inline(schema)?;
    Ok(rewrite(&inlined, ""))
}

/// Replaces every `$ref` by what it names.
///
/// The printed document embeds whole schemas with `$defs` of their own, whose references still count from their old
/// root: `#/$defs/X` means the nearest enclosing `$defs`.
#[derive(Default)]
struct Inliner<'s> {
    /// The `$defs` around the current place, outermost first.
    scopes: Vec<&'s Map<String, Value>>,
    /// The definitions being replaced at the moment, and the scope each was found in.
    open: Vec<(usize, &'s str)>,
    depth: usize,
}

impl<'s> Inliner<'s> {
    fn inline(&mut self, schema: &'s Value) -> Result<Value, String> {
        let Value::Object(keywords) = schema else {
            return Ok(schema.clone());
        };
        if let Some(Value::String(reference)) = keywords.get("$ref") {
            return self.resolve(reference);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH} schemas"));
        }
        let definitions = ["$defs", "definitions"].iter().find_map(|keyword| keywords.get(*keyword)?.as_object());
        self.scopes.extend(definitions);
        let result = self.inline_keywords(keywords);
        if definitions.is_some() {
            self.scopes.pop();
        }
        self.depth -= 1;
        result
    }

    fn inline_keywords(&mut self, keywords: &'s Map<String, Value>) -> Result<Value, String> {
        let mut out = Map::new();
        for (keyword, value) in keywords {
            if matches!(keyword.as_str(), "$defs" | "definitions") {
                continue;
            }
            let value = match (holds(keyword), value) {
                (None, value) => value.clone(),
                (Some(Holds::List | Holds::SchemaOrList), Value::Array(list)) => {
                    list.iter().map(|child| self.inline(child)).collect::<Result<_, _>>()?
                }
                (Some(Holds::Map), Value::Object(map)) => {
                    let child = |(name, child): (&String, &'s Value)| Ok((name.clone(), self.inline(child)?));
                    Value::Object(map.iter().map(child).collect::<Result<_, String>>()?)
                }
                (Some(_), child) => self.inline(child)?,
            };
            out.insert(keyword.clone(), value);
        }
        Ok(Value::Object(out))
    }

    /// In draft 7 the siblings of a `$ref` do not count.
    fn resolve(&mut self, reference: &str) -> Result<Value, String> {
        let name = reference
            .strip_prefix("#/$defs/")
            .or_else(|| reference.strip_prefix("#/definitions/"))
            .ok_or_else(|| format!("cannot resolve the reference {reference}"))?;
        let found = self.scopes.iter().enumerate().rev().find_map(|(at, scope)| {
            scope.get_key_value(name).map(|(name, definition)| (at, name.as_str(), definition))
        });
        let (at, name, definition) = found.ok_or_else(|| format!("no $defs around {reference} has it"))?;
        // The store is a tree, so a definition that contains itself is cut at its second round, where everything is
        // accepted: too little said, never something wrong. No release so far has one.
        if self.open.contains(&(at, name)) {
            return Ok(Value::Bool(true));
        }
        self.open.push((at, name));
        let inner_scopes = self.scopes.split_off(at + 1);
        let result = self.inline(definition);
        self.scopes.extend(inner_scopes);
        self.open.pop();
        result
    }
}

/// Everything that needs no definitions, bottom up. `path` is the JSON pointer of the schema in the document.
fn rewrite(schema: &Value, path: &str) -> Value {
    let Value::Object(keywords) = schema else {
        return schema.clone();
    };
    let mut out = Map::new();
    for (keyword, value) in keywords.iter().filter(|(keyword, _)| *keyword == "default" || !is_annotation(keyword)) {
        out.insert(keyword.clone(), rewrite_keyword(keyword, value, path));
    }
    drop_defaulted_from_required(&mut out);
    drop_vacuous_property_names(&mut out);
    drop_unasserted_format(&mut out);
    repair_pattern(&mut out, path);
    for union in ["anyOf", "oneOf"] {
        fold_constants(&mut out, union);
    }
    out.sort_keys();
    Value::Object(out)
}

fn rewrite_keyword(keyword: &str, value: &Value, path: &str) -> Value {
    let below = |segment: &str| format!("{path}/{keyword}/{}", segment.replace('~', "~0").replace('/', "~1"));
    match (holds(keyword), value) {
        (None, value) => value.clone(),
        (Some(Holds::List | Holds::SchemaOrList), Value::Array(list)) => {
            list.iter().enumerate().map(|(at, child)| rewrite(child, &below(&at.to_string()))).collect()
        }
        // The order of `properties` is OpenClaw's own, and the one to list them in.
        (Some(Holds::Map), Value::Object(map)) => {
            Value::Object(map.iter().map(|(name, child)| (name.clone(), rewrite(child, &below(name)))).collect())
        }
        (Some(_), child) => rewrite(child, &format!("{path}/{keyword}")),
    }
}

/// The schema is printed as the configuration looks *after* defaults: a required property with a default may be absent
/// from a file.
fn drop_defaulted_from_required(schema: &mut Map<String, Value>) {
    let Some(Value::Array(required)) = schema.get("required") else {
        return;
    };
    let has_default = |name: &str| {
        schema.get("properties").and_then(|all| all.get(name)).is_some_and(|it| it.get("default").is_some())
    };
    let mut kept: Vec<&str> = required.iter().filter_map(Value::as_str).filter(|name| !has_default(name)).collect();
    kept.sort_unstable();
    kept.dedup();
    let kept = Value::from(kept);
    if kept.as_array().is_some_and(Vec::is_empty) {
        schema.remove("required");
    } else {
        schema.insert("required".to_owned(), kept);
    }
}

/// The name of a property is always a string.
fn drop_vacuous_property_names(schema: &mut Map<String, Value>) {
    if schema.get("propertyNames") == Some(&serde_json::json!({"type": "string"})) {
        schema.remove("propertyNames");
    }
}

/// OpenClaw asserts URLs (with `URL.canParse`). Every other format that it prints comes with the very pattern that it
/// checks instead, or names a check of its own library.
fn drop_unasserted_format(schema: &mut Map<String, Value>) {
    if schema.get("format").is_some_and(|format| format != "uri") {
        schema.remove("format");
    }
}

fn repair_pattern(schema: &mut Map<String, Value>, path: &str) {
    if let Some(Value::String(pattern)) = schema.get_mut("pattern") {
        let insensitive =
            CASE_INSENSITIVE.iter().find(|(place, printed, _)| *place == path && *printed == pattern.as_str());
        *pattern = insensitive.map_or_else(|| dialect::repair(pattern), |(_, _, meant)| (*meant).to_owned());
    }
}

/// Joins the branches of a union that only list values into one `enum`, in the order of the schema.
///
/// The verdict stays: for `oneOf` because the values differ, so that at most one of the joined branches ever matched.
fn fold_constants(schema: &mut Map<String, Value>, union: &str) {
    let Some(Value::Array(branches)) = schema.get(union) else {
        return;
    };
    let constants: Vec<(usize, Constants)> =
        branches.iter().enumerate().filter_map(|(at, branch)| Some((at, Constants::read(branch)?))).collect();
    let Some((&(first, _), true)) = constants.first().zip(Some(constants.len() > 1)) else {
        return;
    };
    let Some(joined) = Constants::join(constants.iter().map(|(_, constants)| constants), union == "oneOf") else {
        return;
    };
    let is_constant = |at: usize| constants.iter().any(|(index, _)| *index == at);
    let folded: Vec<Value> = branches
        .iter()
        .enumerate()
        .filter(|(at, _)| *at == first || !is_constant(*at))
        .map(|(at, branch)| if at == first { Value::Object(joined.clone()) } else { branch.clone() })
        .collect();
    let clash = joined.keys().any(|keyword| schema.contains_key(keyword));
    if folded.len() == 1 && !clash {
        schema.remove(union);
        schema.extend(joined);
    } else {
        schema.insert(union.to_owned(), Value::Array(folded));
    }
}

/// A schema that does nothing but list values.
struct Constants {
    kind: Option<String>,
    values: Vec<Value>,
}

impl Constants {
    fn read(schema: &Value) -> Option<Self> {
        let schema = schema.as_object()?;
        if !schema.keys().all(|keyword| matches!(keyword.as_str(), "type" | "const" | "enum")) {
            return None;
        }
        let values = match (schema.get("const"), schema.get("enum")) {
            (Some(value), None) => vec![value.clone()],
            (None, Some(Value::Array(values))) => values.clone(),
            _ => return None,
        };
        let kind = match schema.get("type") {
            None => None,
            Some(Value::String(kind)) => Some(kind.clone()),
            Some(_) => return None,
        };
        // A value of another type than the branch asks for would never match on its own, but would in the joined list.
        let fits = values.iter().all(|value| kind.as_deref().is_none_or(|kind| has_type(value, kind)));
        fits.then_some(Self { kind, values })
    }

    fn join<'c>(all: impl Iterator<Item = &'c Self> + Clone, distinct: bool) -> Option<Map<String, Value>> {
        let mut values: Vec<Value> = Vec::new();
        for value in all.clone().flat_map(|constants| &constants.values) {
            if !values.contains(value) {
                values.push(value.clone());
            } else if distinct {
                return None;
            }
        }
        let mut kinds = all.map(|constants| constants.kind.as_deref());
        let first = kinds.next().flatten();
        let mut joined = Map::new();
        joined.insert("enum".to_owned(), Value::Array(values));
        if let Some(kind) = first.filter(|kind| kinds.all(|other| other == Some(kind))) {
            joined.insert("type".to_owned(), Value::from(kind));
        }
        Some(joined)
    }
}

fn has_type(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::normalise;
    use serde_json::{Value, json};

    fn normal(schema: Value) -> Value {
        normalise(&schema).unwrap()
    }

    #[test]
    fn a_property_with_a_default_may_be_absent() {
        let schema = json!({"required": ["b", "a"], "properties": {"b": {"type": "string"}, "a": {"default": 1}}});
        let expected = json!({"required": ["b"], "properties": {"b": {"type": "string"}, "a": {"default": 1}}});
        assert_eq!(normal(schema), expected);
    }

    #[test]
    fn prose_goes_and_properties_called_like_prose_stay() {
        let schema =
            json!({"title": "x", "$schema": "y", "properties": {"title": {"description": "z", "type": "string"}}});
        assert_eq!(normal(schema), json!({"properties": {"title": {"type": "string"}}}));
    }

    #[test]
    fn a_dangling_reference_means_the_nearest_definitions() {
        let inner =
            json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"type": "number"}}, "items": {"$ref": "#/$defs/a"}});
        let schema =
            json!({"$defs": {"b": {"type": "string"}}, "properties": {"x": inner, "y": {"$ref": "#/$defs/b"}}});
        let expected = json!({"properties": {"x": {"items": {"type": "number"}}, "y": {"type": "string"}}});
        assert_eq!(normal(schema), expected);
    }

    #[test]
    fn a_definition_within_itself_is_cut() {
        let schema = json!({"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a"});
        let outer = json!({"properties": {"x": {"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}, "not": {"$ref": "#/$defs/a"}}}});
        assert!(normalise(&schema).is_err(), "a reference beside its own definitions has none around it");
        assert_eq!(normal(outer), json!({"properties": {"x": {"not": {"items": true}}}}));
    }

    #[test]
    fn a_reference_to_nothing_is_an_error() {
        assert!(normalise(&json!({"items": {"$ref": "#/$defs/none"}})).is_err());
        assert!(normalise(&json!({"items": {"$ref": "https://example.com/x"}})).is_err());
    }

    #[test]
    fn unions_of_constants_become_enums() {
        let on_off =
            json!({"anyOf": [{"type": "string", "const": "on"}, {"type": "string", "enum": ["off"]}], "default": "on"});
        assert_eq!(normal(on_off), json!({"enum": ["on", "off"], "type": "string", "default": "on"}));
        let mixed = json!({"anyOf": [{"const": 1}, {"type": "object"}, {"const": "a"}]});
        assert_eq!(normal(mixed), json!({"anyOf": [{"enum": [1, "a"]}, {"type": "object"}]}));
        let overlapping = json!({"oneOf": [{"const": 1}, {"const": 1}]});
        assert_eq!(normal(overlapping.clone()), overlapping);
    }

    #[test]
    fn patterns_that_lost_their_flag_take_both_cases() {
        let schema = json!({"properties": {"agents": {"properties": {"entries": {
            "propertyNames": {"type": "string", "pattern": "^[a-z0-9_][a-z0-9_-]{0,63}$"}}}}}});
        let pointer = "/properties/agents/properties/entries/propertyNames/pattern";
        assert_eq!(normal(schema).pointer(pointer), Some(&json!("^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$")));
    }

    #[test]
    fn only_the_format_that_is_asserted_stays() {
        assert_eq!(normal(json!({"format": "email", "pattern": "@"})), json!({"pattern": "@"}));
        assert_eq!(normal(json!({"format": "uri"})), json!({"format": "uri"}));
    }
}
