//! `direct-messages`: who may write to a channel, account by account, and whether that is anybody at all.

use std::sync::Arc;

use serde::Deserialize;

use crate::project::{Origin, Path, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::Node;

use super::names::{member, nodes};
use super::{Function, Input, options};

/// Given channels. Outcomes `open` and `allowlist` (`path`), at the list of senders or, without one, at the channel.
pub(super) const DIRECT_MESSAGES: Function = Function { name: "direct-messages", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "properties": { "except": { "type": "array", "items": { "type": "string" } } }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// Channels with rules of their own.
    #[serde(default)]
    except: Vec<String>,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    let excepted = |node: &&Node<'_>| !options.except.iter().any(|id| node.path.last_key() == Some(id));
    nodes(input).filter(excepted).flat_map(channel).collect()
}

/// One place with a policy: a channel, or an account of it.
struct Scope<'a> {
    value: &'a Value,
    parent: Option<&'a Value>,
    path: Path,
    key: Origin,
}

fn channel(node: &Node<'_>) -> Vec<Violation> {
    let key = node.key.unwrap_or(node.value.origin);
    let own = Scope { value: node.value, parent: None, path: node.path.clone(), key };
    let accounts = node.value.get("accounts").map(Value::members).unwrap_or_default();
    let accounts = accounts.iter().map(|account| Scope {
        value: &account.value,
        parent: Some(node.value),
        path: node.path.key("accounts").key(&account.key),
        key: account.key_origin,
    });
    if is_off(node.value) {
        return Vec::new();
    }
    std::iter::once(own)
        .chain(accounts.filter(|account| !is_off(account.value)))
        .filter_map(|scope| violation(&scope))
        .collect()
}

fn is_off(value: &Value) -> bool {
    value.type_name() != "object" || value.get("enabled").and_then(Value::as_bool) == Some(false)
}

fn violation(scope: &Scope<'_>) -> Option<Violation> {
    let inherited = |key: &str, old: &str| {
        let of = |value| member(value, key).or_else(|| member(value, old));
        of(scope.value).or_else(|| scope.parent.and_then(of))
    };
    let outcome = inherited("dmPolicy", "dm.policy")?.as_str()?;
    let senders = inherited("allowFrom", "dm.allowFrom");
    let listed = senders.map(Value::items).unwrap_or_default();
    let reached = match outcome {
        "open" => listed.iter().any(|sender| sender.as_str().is_some_and(|sender| sender.trim() == "*")),
        "allowlist" => listed.iter().any(|sender| sender.as_str().is_none_or(|sender| !sender.trim().is_empty())),
        _ => true,
    };
    if reached || senders.is_some_and(|senders| senders.type_name() != "array") {
        return None;
    }
    let own = scope.value.member("allowFrom").map(|member| member.key_origin);
    let found = Violation::new(outcome, own.unwrap_or(scope.key)).at_path(scope.path.key("allowFrom"));
    Some(found.param("path", scope.path.to_string()))
}
