//! `required-members`: members that an object must have unless its key is a known one.

use std::sync::Arc;

use serde::Deserialize;

use crate::rules::model::Call;
use crate::rules::{Violation, sets};

use super::names::{Compare, Each, Name, names};
use super::{Function, Input, options};

/// Given an object of objects. The outcome is the name of the missing member; parameters `key` and `path`.
pub(super) const REQUIRED: Function = Function { name: "required-members", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["unless", "members"],
    "properties": {
        "unless": { "type": "string" },
        "members": { "type": "array", "items": { "type": "string" }, "minItems": 1 }
    }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// The set of known keys.
    unless: String,
    /// The members; an empty text counts as missing.
    members: Vec<String>,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    let Some(known) = sets::set(&options.unless, &input.context.release) else { return Vec::new() };
    let unknown = names(input, Each::Key).filter(|name| !known.contains(&Compare::Folded.form(name.text)));
    let objects = unknown.filter(|name| name.value.type_name() == "object");
    objects
        .flat_map(|name| options.members.iter().filter_map(move |member| violation(&name, member)).collect::<Vec<_>>())
        .collect()
}

fn violation(name: &Name<'_>, member: &str) -> Option<Violation> {
    let present = name.value.get(member).is_some_and(|value| value.as_str() != Some(""));
    let found = || Violation::new(member, name.place).at_path(name.path.key(member)).param("key", name.text);
    (!present).then(|| found().param("path", name.path.to_string()))
}
