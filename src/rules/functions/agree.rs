//! `env-agree`: two names of one setting, such as `HTTP_PROXY` and `http_proxy`, that must not disagree.

use std::sync::Arc;

use serde::Deserialize;

use crate::project::Origin;
use crate::rules::Violation;
use crate::rules::model::Call;

use super::held::Variables;
use super::{Function, Input, options};

/// Outcomes `different` and `masked` (the first is blank), with `first` and `second`, at the name that does not count;
/// label `wins`.
pub(super) const AGREE: Function = Function { name: "env-agree", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["pairs"],
    "properties": {
        "pairs": {
            "type": "array",
            "items": { "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 }
        }
    }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// The name that wins, and the other.
    pairs: Vec<(String, String)>,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    if input.targets.is_empty() || input.project.env_files.is_empty() {
        return Vec::new();
    }
    let options: Arc<Options> = options(given);
    let variables = Variables::of(input.project);
    let found = options.pairs.iter().filter_map(|(first, second)| {
        let (first_file, winner) = variables.get(first)?;
        let (second_file, loser) = variables.get(second)?;
        let (winning, losing) = (winner.value.trim(), loser.value.trim());
        let outcome = match (winning, losing) {
            (a, b) if a == b => return None,
            (_, "") => return None,
            ("", _) => "masked",
            _ => "different",
        };
        let place = Origin { file: second_file.file, span: loser.key_span };
        let other = Origin { file: first_file.file, span: winner.key_span };
        let violation = Violation::new(outcome, place).param("first", first.as_str()).param("second", second.as_str());
        Some(violation.related(other, "wins"))
    });
    found.collect()
}
