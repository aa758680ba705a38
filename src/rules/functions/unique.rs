//! `unique`: members of an object that must differ, by their key or by one of their own members.

use std::path::Path as FilePath;
use std::sync::Arc;

use serde::Deserialize;

use crate::host::lexical;
use crate::project::{Member, Origin};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::Node;

use super::names::{Compare, member, nodes};
use super::{Function, Input, options};

/// Outcome `default` at the later of two (`key`, `other`; label `other`).
pub(super) const UNIQUE: Function = Function { name: "unique", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "properties": {
        "compare": { "enum": ["exact", "folded", "agent-id"] },
        "folder": {
            "type": "object",
            "additionalProperties": false,
            "required": ["member", "default"],
            "properties": { "member": { "type": "string" }, "default": { "type": "string" } }
        },
        "report": { "enum": ["member", "object"] }
    }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// How keys are compared.
    #[serde(default)]
    compare: Compare,
    /// Compare a folder in each member instead.
    #[serde(default)]
    folder: Option<Folder>,
    /// Under which path OpenClaw reports it.
    #[serde(default)]
    report: Report,
}

#[derive(Deserialize)]
struct Folder {
    /// Its key in each member, keys joined by dots.
    member: String,
    /// The folder where the member names none; `{key}` stands for the member's key.
    default: String,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Report {
    #[default]
    Member,
    Object,
}

/// What must differ, and where it is written.
struct Entry<'a> {
    member: &'a Member,
    form: String,
    place: Origin,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    nodes(input).flat_map(|node| violations(node, &options)).collect()
}

fn violations(node: &Node<'_>, options: &Options) -> Vec<Violation> {
    let mut entries: Vec<Entry<'_>> = node.value.members().iter().map(|member| entry(member, options)).collect();
    // Sorting keeps the order of equal ones, so that the later is the one to be named.
    entries.sort_by(|a, b| a.form.cmp(&b.form));
    let pairs = entries.windows(2).filter_map(|pair| match pair {
        [first, second] if first.form == second.form => Some((first, second)),
        _ => None,
    });
    pairs.map(|(first, second)| violation(node, first, second, options.report)).collect()
}

fn entry<'a>(member: &'a Member, options: &Options) -> Entry<'a> {
    let Some(folder) = &options.folder else {
        return Entry { member, form: options.compare.form(&member.key), place: member.key_origin };
    };
    let written = self::member(&member.value, &folder.member).filter(|value| value.as_str().is_some());
    let form = match written.and_then(|value| value.as_str()) {
        Some(written) => absolute(written),
        None => absolute(&folder.default.replace("{key}", &Compare::AgentId.form(&member.key))),
    };
    Entry { member, form, place: written.map_or(member.key_origin, |value| value.origin) }
}

/// Without `.`, `..` and a slash at the end. `~` stays: all are of one account.
fn absolute(path: &str) -> String {
    lexical(FilePath::new(path.trim())).to_string_lossy().into_owned()
}

fn violation(node: &Node<'_>, first: &Entry<'_>, second: &Entry<'_>, report: Report) -> Violation {
    let path = node.path.key(&second.member.key);
    let mut found = Violation::new("default", second.place).at_path(path);
    found = found.param("key", &*second.member.key).param("other", &*first.member.key).related(first.place, "other");
    if let Report::Object = report {
        found.config_path = Some(node.path.clone());
    }
    found
}
