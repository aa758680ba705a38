//! `plain-secrets`: members that hold a secret, where only a reference to one may stand.

use serde_json::value::RawValue;

use crate::credentials::is_secret_key;
use crate::project::{Member, Path, Value};
use crate::rules::Violation;
use crate::rules::select::Node;

use super::names::{is_reference, nodes};
use super::{Function, Input, NO_OPTIONS};

/// Given objects that are searched at any depth. Outcome `default` at each such member (`path`), reported at the object.
pub(super) const PLAIN_SECRETS: Function = Function { name: "plain-secrets", options: NO_OPTIONS, run };

fn run(_: Option<&RawValue>, input: &Input<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for node in nodes(input) {
        search(node, node.value, &mut node.path.clone(), &mut found);
    }
    found
}

/// As deep as the parser allows documents to be.
fn search(node: &Node<'_>, value: &Value, path: &mut Path, found: &mut Vec<Violation>) {
    for (index, item) in value.items().iter().enumerate() {
        path.push(crate::project::Segment::Index(index));
        search(node, item, path, found);
        path.pop();
    }
    for member in value.members() {
        path.push(crate::project::Segment::Key(member.key.clone()));
        if !is_secret_key(&member.key) {
            search(node, &member.value, path, found);
        } else if !is_reference(&member.value) {
            found.push(violation(node, member, path));
        }
        path.pop();
    }
}

fn violation(node: &Node<'_>, member: &Member, path: &Path) -> Violation {
    let mut violation = Violation::new("default", member.key_origin).at_path(path.clone());
    violation.config_path = Some(node.path.clone());
    violation.param("path", path.to_string()).param("key", &*member.key)
}
