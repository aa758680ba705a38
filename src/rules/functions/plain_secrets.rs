//! `plain-secrets`: members that hold a secret, where only a reference to one may stand.

use std::sync::Arc;

use serde::Deserialize;

use crate::credentials::is_secret_key;
use crate::project::{Member, Path, Segment, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::Node;
use crate::schema::{Engine, Fragment};

use super::names::nodes;
use super::{Function, Input, options};

/// Given objects that are searched at any depth. Outcome `default` at each such member (`path`), reported at the object.
pub(super) const PLAIN_SECRETS: Function = Function { name: "plain-secrets", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["reference"],
    "properties": { "reference": { "type": "object" }, "keys": { "type": "array", "items": { "type": "string" } } }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// What may stand there: a JSON Schema fragment.
    #[serde(default)]
    reference: Option<Fragment>,
    /// Keys that hold secrets besides those that look like it.
    #[serde(default)]
    keys: Vec<String>,
}

struct Search<'a> {
    keys: &'a [String],
    reference: &'a Fragment,
    engine: &'a Engine,
    found: Vec<Violation>,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    let Some(reference) = &options.reference else { return Vec::new() };
    let engine = &input.context.engine;
    let mut search = Search { keys: &options.keys, reference, engine, found: Vec::new() };
    for node in nodes(input) {
        search.value(node, node.value, &mut node.path.clone());
    }
    search.found
}

impl Search<'_> {
    /// As deep as the parser allows documents to be.
    fn value(&mut self, node: &Node<'_>, value: &Value, path: &mut Path) {
        for (index, item) in value.items().iter().enumerate() {
            path.push(Segment::Index(index));
            self.value(node, item, path);
            path.pop();
        }
        for member in value.members() {
            path.push(Segment::Key(member.key.clone()));
            if !self.is_secret(&member.key) {
                self.value(node, &member.value, path);
            } else if !self.reference.is_valid(self.engine, &member.value) {
                self.found.push(violation(node, member, path));
            }
            path.pop();
        }
    }

    fn is_secret(&self, key: &str) -> bool {
        is_secret_key(key) || self.keys.iter().any(|known| known == key)
    }
}

fn violation(node: &Node<'_>, member: &Member, path: &Path) -> Violation {
    let mut violation = Violation::new("default", member.key_origin).at_path(path.clone());
    violation.config_path = Some(node.path.clone());
    violation.param("path", path.to_string()).param("key", &*member.key)
}
