//! `ordered`: of two numbers in one object, the first must be smaller than the second.

use std::sync::Arc;

use serde::Deserialize;

use crate::rules::Violation;
use crate::rules::model::Call;

use super::names::nodes;
use super::{Function, Input, options};

/// Outcome `default` (`smaller`, `larger`: the two numbers; label `other`), reported at the first. Objects that lack one
/// of them are right.
pub(super) const ORDERED: Function = Function { name: "ordered", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["smaller", "larger"],
    "properties": { "smaller": { "type": "string" }, "larger": { "type": "string" } }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// Key of the number that must be the smaller one.
    smaller: String,
    /// Key of the other.
    larger: String,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    let found = nodes(input).filter_map(|node| {
        let (small, large) = (node.value.get(&options.smaller)?, node.value.get(&options.larger)?);
        let (smaller, larger) = (small.as_f64()?, large.as_f64()?);
        let violation = Violation::new("default", small.origin)
            .at_path(node.path.key(&options.smaller))
            .param("smaller", smaller.to_string())
            .param("larger", larger.to_string())
            .related(large.origin, "other");
        (smaller >= larger).then_some(violation)
    });
    found.collect()
}
