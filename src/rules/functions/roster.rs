//! `roster`: which of several entries speaks for the installation.

use crate::project::{Origin, Path, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::Node;

use super::names::nodes;
use super::{Function, Input, NO_OPTIONS};

/// Given an object with `entries` and `ownership`. Outcomes: `empty`, `unread` (a `list` of which nothing was read),
/// `no-owner` (`count`, `first`, `workspace`: where the first one works, as JSON), `several-defaults`, `default-and-owner`
/// (label `other`).
pub(super) const ROSTER: Function = Function { name: "roster", options: NO_OPTIONS, run };

/// Where an agent works that has no folder of its own. Source: OpenClaw's documentation of `agents.defaults.workspace`.
const WORKSPACE: &str = "~/.openclaw/workspace";

fn run(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    nodes(input).filter_map(violation).collect()
}

fn violation(node: &Node<'_>) -> Option<Violation> {
    let agents = node.value;
    let ownership = agents.member("ownership");
    let explicit = ownership.is_some_and(|member| member.value.as_str() == Some("explicit"));
    let entries = agents.member("entries");
    let members = entries.map(|member| member.value.members()).unwrap_or_default();
    let is_default = |entry: &Value| entry.get("default").and_then(Value::as_bool) == Some(true);
    let defaults: Vec<Origin> =
        members.iter().filter(|member| is_default(&member.value)).map(|member| member.key_origin).collect();
    let whole = || entries.map(|member| member.key_origin).or(node.key).unwrap_or(node.value.origin);
    let at = |outcome, place, path: Path| Violation::new(outcome, place).at_path(path);
    if members.is_empty() {
        // An old list that could not be read leaves no entry either.
        let list = agents.member("list").filter(|_| entries.is_none());
        let unread = list.filter(|list| !list.value.items().is_empty());
        let lost = explicit || list.is_some();
        return match unread {
            Some(list) => Some(at("unread", list.key_origin, node.path.key("entries"))),
            None => lost.then(|| at("empty", whole(), node.path.key("entries"))),
        };
    }
    match (defaults.as_slice(), explicit) {
        ([first, second, ..], _) => {
            Some(at("several-defaults", *second, node.path.key("entries")).related(*first, "other"))
        }
        ([default], true) => {
            let place = ownership.map_or(*default, |member| member.key_origin);
            Some(at("default-and-owner", place, node.path.key("ownership")).related(*default, "other"))
        }
        ([], false) if members.len() > 1 => {
            let found = at("no-owner", whole(), node.path.key("ownership"));
            let first = members.first().map(|member| &*member.key).unwrap_or_default();
            let workspace = agents.get("defaults").and_then(|defaults| defaults.get("workspace")?.as_str());
            let found = found.param("count", members.len().to_string()).param("first", first);
            Some(found.param("workspace", serde_json::Value::from(workspace.unwrap_or(WORKSPACE)).to_string()))
        }
        _ => None,
    }
}
