//! `secret-provider`: references to secrets name a provider of the right kind.

use std::sync::Arc;

use serde::Deserialize;

use crate::project::{Config, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::Node;
use crate::schema::suggest;

use super::names::{is_reference, member, nodes};
use super::{Function, Input, options};

/// Given values that may be references. Outcomes: `mismatch` (`provider`, `source`, `declared`; label `declared`),
/// `undeclared` (`provider`, `source`), `undeclared-near` (also `suggestion`).
pub(super) const SECRET_PROVIDER: Function = Function { name: "secret-provider", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["builtIn"],
    "properties": { "builtIn": { "type": "array", "items": { "type": "string" } } }
}"#;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    /// Kinds of source whose provider `default` need not be declared.
    built_in: Vec<String>,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    nodes(input).filter(|node| is_reference(node.value)).filter_map(|node| violation(node, &options)).collect()
}

fn violation(node: &Node<'_>, options: &Options) -> Option<Violation> {
    let text = |key: &str| node.value.get(key).and_then(Value::as_str);
    let (source, provider) = (text("source")?, text("provider")?);
    let place = node.value.get("provider").map_or(node.value.origin, |value| value.origin);
    let at = |outcome| {
        let found = Violation::new(outcome, place).at_path(node.path.clone());
        found.param("path", node.path.to_string()).param("provider", provider).param("source", source)
    };
    if is_built_in(node.config, source, provider, options) {
        return None;
    }
    let declared = providers(node.config);
    match declared.and_then(|providers| providers.member(provider)) {
        Some(entry) => {
            let kind = entry.value.get("source").and_then(Value::as_str).filter(|kind| *kind != source)?;
            Some(at("mismatch").param("declared", kind).related(entry.key_origin, "declared"))
        }
        None => {
            let names = declared.map(Value::members).unwrap_or_default().iter().map(|member| &*member.key);
            Some(match suggest::nearest(provider, names) {
                Some(near) => at("undeclared-near").param("suggestion", near),
                None => at("undeclared"),
            })
        }
    }
}

/// The built-in provider is `default`, unless the config gives the kind of source another default name.
fn is_built_in(config: &Config, source: &str, provider: &str, options: &Options) -> bool {
    let renamed = config.root.as_ref().and_then(|root| member(root, "secrets.defaults")?.get(source)?.as_str());
    options.built_in.iter().any(|kind| kind == source) && provider == renamed.unwrap_or("default")
}

fn providers(config: &Config) -> Option<&Value> {
    config.root.as_ref().and_then(|root| member(root, "secrets.providers"))
}
