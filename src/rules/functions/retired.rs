//! `retired`: a name that stands in a set of names that are refused.

use std::sync::Arc;

use serde::Deserialize;

use crate::rules::model::Call;
use crate::rules::{Violation, sets};

use super::names::{Compare, Each, Name, names};
use super::{Function, Input, options};

/// The outcome is that of the name's row, `default` without one, or `no-successor` when it names no `instead`. Parameters:
/// `value`, and of the row `instead` and `since`.
pub(super) const RETIRED: Function = Function { name: "retired", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["set"],
    "properties": {
        "set": { "type": "string" },
        "each": { "enum": ["value", "key"] },
        "compare": { "enum": ["exact", "trimmed", "folded"] }
    }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    set: String,
    #[serde(default)]
    each: Each,
    #[serde(default)]
    compare: Compare,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    let Some(set) = sets::set(&options.set, &input.context.release) else { return Vec::new() };
    names(input, options.each).filter_map(|name| violation(&name, set, options.compare)).collect()
}

fn violation(name: &Name<'_>, set: &sets::Set, compare: Compare) -> Option<Violation> {
    let form = compare.form(name.text);
    let row = set.row(&form);
    if row.is_none() && !set.contains(&form) {
        return None;
    }
    let row = row.as_ref();
    let fact = |fact: &str| row.and_then(|row| row.get(fact)).cloned().unwrap_or_default();
    let outcome = match row.and_then(|row| row.get("outcome")) {
        Some(outcome) => outcome.as_str(),
        None if row.is_none_or(|row| row.contains_key("instead")) => "default",
        None => "no-successor",
    };
    let found = Violation::new(outcome, name.place).at_path(name.path.clone()).param("value", name.text);
    Some(found.param("instead", fact("instead")).param("since", fact("since")))
}
