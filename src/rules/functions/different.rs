//! `different`: a value that must not be the same as another one of the config.

use std::sync::Arc;

use serde::Deserialize;

use crate::project::{Kind, Origin, Value};
use crate::rules::model::Call;
use crate::rules::select::Node;
use crate::rules::{Violation, WrittenPath};

use super::names::{nodes, selected};
use super::{Function, Input, options};

/// Outcome `default` (`value`; label `other` unless it is a default).
pub(super) const DIFFERENT: Function = Function { name: "different", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["from"],
    "properties": {
        "from": { "type": "array", "items": { "type": "string", "pattern": "^\\$" }, "minItems": 1 },
        "default": { "type": ["number", "string"] },
        "within": { "type": "boolean" }
    }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// JSONPaths of the others.
    from: Vec<WrittenPath>,
    /// Their value when there is none.
    #[serde(default)]
    default: Option<serde_json::Value>,
    /// The value is a domain, the others are URLs: none of them may lie under it.
    #[serde(default)]
    within: bool,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    nodes(input).filter_map(|node| violation(node, &options)).collect()
}

fn violation(node: &Node<'_>, options: &Options) -> Option<Violation> {
    let own = text(node.value)?;
    let mut others: Vec<(String, Option<Origin>)> = Vec::new();
    for path in &options.from {
        others.extend(selected(node.config, path).filter_map(|value| Some((text(value)?, Some(value.origin)))));
    }
    if others.is_empty() {
        let default =
            options.default.as_ref().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        others.extend(default.map(|text| (text, None)));
    }
    let same = |other: &str| if options.within { lies_under(other, &own) } else { other == own };
    let (_, other) = others.into_iter().find(|(other, _)| same(other))?;
    let found = Violation::new("default", node.value.origin).at_path(node.path.clone()).param("value", own);
    Some(match other {
        Some(origin) => found.related(origin, "other"),
        None => found,
    })
}

/// Whether the host of a URL is a domain or lies under it.
fn lies_under(url: &str, domain: &str) -> bool {
    let domain = domain.trim().trim_end_matches('.').to_ascii_lowercase();
    let host = super::endpoint::host(url).map(str::to_ascii_lowercase).unwrap_or_default();
    let rest = host.strip_suffix(&domain);
    !domain.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn text(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::String(text) => Some(text.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
