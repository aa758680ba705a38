//! A quick and certain answer. Compiling even a pruned schema costs more than everything else of a run, and most values
//! are right: what is surely accepted need not be compiled.
//!
//! [`verdict`] answers only where the schema's keywords are simple enough to be sure; where it does not, the validator
//! decides. Property tests hold it against the validator.

use serde_json::Value;

use super::lazy::Word;
use super::prune::{Instance, Shape};
use super::store::SchemaRef;
use super::uri;

/// Whether `schema` surely accepts `instance`.
pub(super) fn accepts<I: Instance>(schema: SchemaRef<'_>, instance: I) -> bool {
    verdict(schema, instance) == Some(true)
}

/// Whether `schema` accepts `instance`; `None` where no answer is sure. As deep as the schema, whose references only point
/// backwards.
pub(super) fn verdict<I: Instance>(schema: SchemaRef<'_>, instance: I) -> Option<bool> {
    let Some(keywords) = schema.words() else { return schema.node().as_bool() };
    let shape = instance.shape();
    let mut answer = Some(true);
    for (keyword, word) in keywords.filter(|(keyword, word)| word.looks_at(keyword, shape)) {
        // What else stands beside a `$ref` counts for nothing in draft 7.
        if keyword == "$ref" {
            return None;
        }
        answer = and(answer, || holds(schema, keyword, word, instance));
    }
    answer
}

/// A sure no decides, whatever else there is.
fn and(answer: Option<bool>, next: impl FnOnce() -> Option<bool>) -> Option<bool> {
    match answer {
        Some(false) => Some(false),
        Some(true) => next(),
        None => next().filter(|next| !next),
    }
}

fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for answer in answers {
        all = and(all, || answer);
        if all == Some(false) {
            break;
        }
    }
    all
}

fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.map(|answer| answer.map(|answer| !answer))).map(|none| !none)
}

/// Whether a keyword of a schema holds for an instance; `None` where no answer is sure.
pub(super) fn holds<I: Instance>(schema: SchemaRef<'_>, keyword: &str, word: Word<'_>, instance: I) -> Option<bool> {
    let child = || schema.child(word);
    match keyword {
        "type" => Some(has_type(word, instance)),
        "properties" => all(instance
            .members()
            .filter_map(|(key, member)| schema.property(key.as_ref()).map(|child| verdict(child, member)))),
        "additionalProperties" => holds_for_extra(schema, child()?, instance),
        "propertyNames" => {
            let names = child()?;
            all(instance.members().map(|(key, _)| verdict(names, Name(key.as_ref()))))
        }
        "items" => {
            let child = child()?;
            all(instance.items().map(|item| verdict(child, item)))
        }
        "contains" => {
            let child = child()?;
            any(instance.items().map(|item| verdict(child, item)))
        }
        "not" => verdict(child()?, instance).map(|answer| !answer),
        "allOf" => all(schema.children(word)?.into_iter().map(|branch| verdict(branch, instance))),
        "anyOf" => any(schema.children(word)?.into_iter().map(|branch| verdict(branch, instance))),
        "oneOf" => holds_for_one(&schema.children(word)?, instance),
        "if" => {
            let branch = if verdict(child()?, instance)? { "then" } else { "else" };
            schema.subschema(branch).map_or(Some(true), |branch| verdict(branch, instance))
        }
        // Said by `if`.
        "then" | "else" => Some(true),
        "pattern" => word.matches(instance.text()?),
        _ => holds_value(keyword, word.value(), instance),
    }
}

fn holds_for_extra<I: Instance>(schema: SchemaRef<'_>, child: SchemaRef<'_>, instance: I) -> Option<bool> {
    let mut extra = instance.members().filter(|(key, _)| schema.property(key.as_ref()).is_none()).peekable();
    let has_patterns = || schema.words().into_iter().flatten().any(|(keyword, _)| keyword == "patternProperties");
    if extra.peek().is_some() && has_patterns() {
        return None;
    }
    all(extra.map(|(_, member)| verdict(child, member)))
}

fn holds_for_one<I: Instance>(branches: &[SchemaRef<'_>], instance: I) -> Option<bool> {
    let answers: Vec<Option<bool>> = branches.iter().map(|branch| verdict(*branch, instance)).collect();
    let accepting = answers.iter().filter(|answer| **answer == Some(true)).count();
    match accepting {
        2.. => Some(false),
        _ if answers.contains(&None) => None,
        accepting => Some(accepting == 1),
    }
}

/// Keywords that hold no schema.
fn holds_value<I: Instance>(keyword: &str, value: &Value, instance: I) -> Option<bool> {
    match keyword {
        "enum" => is_one_of(value, instance),
        "const" => is_equal(value, instance),
        "required" => has_all(value, instance),
        "minimum" => compare(value, instance, |number, limit| number >= limit),
        "maximum" => compare(value, instance, |number, limit| number <= limit),
        "exclusiveMinimum" => compare(value, instance, |number, limit| number > limit),
        "exclusiveMaximum" => compare(value, instance, |number, limit| number < limit),
        "minLength" => length(instance, value, |length, limit| length >= limit),
        "maxLength" => length(instance, value, |length, limit| length <= limit),
        "minProperties" => count(value, instance.members().count(), |count, limit| count >= limit),
        "maxProperties" => count(value, instance.members().count(), |count, limit| count <= limit),
        "minItems" => count(value, instance.items().count(), |count, limit| count >= limit),
        "maxItems" => count(value, instance.items().count(), |count, limit| count <= limit),
        "format" => (value == "uri" && uri::can_parse(instance.text()?)).then_some(true),
        _ => None,
    }
}

fn has_type<I: Instance>(types: Word<'_>, instance: I) -> bool {
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
    match types.plain_str() {
        Some(name) => fits(name),
        None => types.value().as_array().is_some_and(|names| names.iter().filter_map(Value::as_str).any(fits)),
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
    any(values.as_array()?.iter().map(|value| is_equal(value, instance)))
}

fn has_all<I: Instance>(names: &Value, instance: I) -> Option<bool> {
    let has = |name: &str| instance.members().any(|(key, _)| key.as_ref() == name);
    all(names.as_array()?.iter().map(|name| name.as_str().map(has)))
}

fn compare<I: Instance>(limit: &Value, instance: I, holds: fn(f64, f64) -> bool) -> Option<bool> {
    Some(holds(instance.number()?, limit.as_f64()?))
}

fn length<I: Instance>(instance: I, limit: &Value, holds: fn(usize, usize) -> bool) -> Option<bool> {
    count(limit, instance.text()?.chars().count(), holds)
}

fn count(limit: &Value, count: usize, holds: fn(usize, usize) -> bool) -> Option<bool> {
    Some(holds(count, usize::try_from(limit.as_u64()?).ok()?))
}

/// A key, for `propertyNames`.
#[derive(Clone, Copy)]
struct Name<'k>(&'k str);

impl<'k> Instance for Name<'k> {
    type Key = &'k str;

    fn shape(self) -> Shape {
        Shape::String
    }

    fn members(self) -> impl Iterator<Item = (&'k str, Self)> {
        std::iter::empty()
    }

    fn items(self) -> impl Iterator<Item = Self> {
        std::iter::empty()
    }

    fn text(&self) -> Option<&str> {
        Some(self.0)
    }

    fn number(self) -> Option<f64> {
        None
    }

    fn boolean(self) -> Option<bool> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Engine;
    use serde_json::json;

    #[test]
    fn a_sure_answer_is_the_validators() {
        let schemas = [
            json!(true),
            json!(false),
            json!({"const": "open"}),
            json!({"not": {"const": "open"}}),
            json!({"not": {"required": ["a", "b"]}}),
            json!({"enum": ["open", true, 1, null]}),
            json!({"type": ["string", "null"], "maxLength": 2}),
            json!({"type": "integer", "minimum": 1, "exclusiveMaximum": 5}),
            json!({"contains": {"const": "open"}}),
            json!({"items": {"type": "string"}, "minItems": 1, "maxItems": 2}),
            json!({"items": [{"const": 1}]}),
            json!({"uniqueItems": true}),
            json!({"anyOf": [{"const": "open"}, {"type": "number"}]}),
            json!({"oneOf": [{"type": "number"}, {"minimum": 2}]}),
            json!({"oneOf": [{"const": "open"}, {"pattern": "^x"}]}),
            json!({"allOf": [{"type": "object"}, {"required": ["a"]}]}),
            json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}),
            json!({"if": {"pattern": "(?!x)"}, "then": false}),
            json!({"then": false}),
            json!({"properties": {"a": {"const": true}, "b": {"type": "string"}}, "additionalProperties": false}),
            json!({"additionalProperties": {"type": "string"}}),
            json!({"patternProperties": {"^a": false}, "additionalProperties": false}),
            json!({"propertyNames": {"enum": ["a", "b"], "minLength": 1}}),
            json!({"definitions": {"x": {}}, "$ref": "#/definitions/x", "type": "string"}),
            json!({"pattern": "^[a-z]{1,3}$"}),
            json!({"format": "uri"}),
        ];
        let instances = [
            json!(null),
            json!(true),
            json!(1),
            json!(2.5),
            json!(7),
            json!("open"),
            json!("x"),
            json!("https://example.com"),
            json!([]),
            json!(["open", "open"]),
            json!([1, "x", null]),
            json!({}),
            json!({"a": true}),
            json!({"a": 1, "b": "x"}),
            json!({"b": "x", "c": []}),
        ];
        let mut sure = 0;
        for schema in &schemas {
            let validator = Engine::new().build(schema).unwrap();
            for instance in &instances {
                let answer = verdict(SchemaRef::from(schema), instance);
                assert!(
                    answer.is_none_or(|it| it == validator.is_valid(instance)),
                    "{schema} for {instance}: {answer:?}"
                );
                sure += usize::from(answer.is_some());
            }
        }
        assert!(sure * 5 > schemas.len() * instances.len() * 4, "few answers: {sure}");
    }
}
