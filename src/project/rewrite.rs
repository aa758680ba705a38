//! What OpenClaw itself changes while it loads a config, before it validates: the changes that only warn.
//! Source: `config validate` of 2026.9.6. A release that still knows an old key leaves it alone.

use std::collections::HashSet;

use super::agent::agent_id;
use super::{Kind, Member, Members, Origin, Path, Value};

/// Which keys the target release knows.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Whether `agents.list` is a key of the release.
    pub agents_list: bool,
    /// Whether `agents.defaults.contextTokens` is.
    pub agent_context_tokens: bool,
    /// Whether `models.providers.*.contextTokens` is.
    pub provider_context_tokens: bool,
    /// Whether `plugins.installs` is left for the validator: releases before 2026.8.1 drop it without a word.
    pub plugin_installs: bool,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// What was changed: the name of an outcome.
    pub outcome: &'static str,
    /// Where the old key is written.
    pub origin: Origin,
    /// Where it stands in the config.
    pub path: Path,
}

/// Makes the changes.
pub(super) fn apply(root: &mut Value, known: Known) -> Vec<Rewrite> {
    let mut done = Vec::new();
    if !known.provider_context_tokens {
        provider_context(root, &mut done);
    }
    if !known.agent_context_tokens {
        agent_context(root, &mut done);
    }
    if !known.agents_list {
        agents_list(root, &mut done);
    }
    if !known.plugin_installs
        && let Some(plugins) = get_mut(root, "plugins")
    {
        take(plugins, "installs");
    }
    copilot_discovery(root);
    done
}

fn get_mut<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    members_mut(value)?.find_mut(key).map(|member| &mut member.value)
}

fn members_mut(value: &mut Value) -> Option<&mut Members> {
    match &mut value.kind {
        Kind::Object(members) => Some(members),
        _ => None,
    }
}

fn take(value: &mut Value, key: &str) -> Option<Member> {
    let members = members_mut(value)?;
    members.find(key)?;
    let mut list: Vec<Member> = std::mem::take(members).into();
    let taken = list.iter().position(|member| &*member.key == key).map(|at| list.remove(at));
    *members = list.into();
    taken
}

fn add(members: &mut Members, new: Member) {
    let mut list: Vec<Member> = std::mem::take(members).into();
    list.push(new);
    *members = list.into();
}

/// `models.providers.*.contextTokens` and `contextWindow` go to those of the provider's models that lack them.
fn provider_context(root: &mut Value, done: &mut Vec<Rewrite>) {
    let Some(providers) = get_mut(root, "models").and_then(|models| get_mut(models, "providers")) else { return };
    for provider in members_mut(providers).into_iter().flat_map(Members::iter_mut) {
        let path = Path::root().key("models").key("providers").key(&provider.key);
        for key in ["contextTokens", "contextWindow"] {
            let Some(moved) = take(&mut provider.value, key) else { continue };
            let models = get_mut(&mut provider.value, "models").map(|models| &mut models.kind);
            let mut kept = false;
            if let Some(Kind::Array(models)) = models {
                for members in models.iter_mut().filter_map(members_mut) {
                    kept = true;
                    if members.find(key).is_none() {
                        add(members, moved.clone());
                    }
                }
            }
            let outcome = if kept { "provider-context-moved" } else { "provider-context-dropped" };
            done.push(Rewrite { outcome, origin: moved.key_origin, path: path.key(key) });
        }
    }
}

fn agent_context(root: &mut Value, done: &mut Vec<Rewrite>) {
    let path = Path::root().key("agents");
    let Some(agents) = get_mut(root, "agents") else { return };
    let mut drop_from = |value: &mut Value, path: Path| {
        if let Some(dropped) = take(value, "contextTokens") {
            let path = path.key("contextTokens");
            done.push(Rewrite { outcome: "agent-context-dropped", origin: dropped.key_origin, path });
        }
    };
    if let Some(defaults) = get_mut(agents, "defaults") {
        drop_from(defaults, path.key("defaults"));
    }
    for entry in get_mut(agents, "entries").and_then(members_mut).into_iter().flat_map(Members::iter_mut) {
        drop_from(&mut entry.value, path.key("entries").key(&entry.key));
    }
    if let Some(Kind::Array(list)) = get_mut(agents, "list").map(|list| &mut list.kind) {
        for (index, entry) in list.iter_mut().enumerate() {
            drop_from(entry, path.key("list").index(index));
        }
    }
}

/// `agents.list` becomes `agents.entries` when every id is there once, as OpenClaw reads it, and no entries exist.
fn agents_list(root: &mut Value, done: &mut Vec<Rewrite>) {
    let Some(agents) = get_mut(root, "agents") else { return };
    let clean = agents.get("entries").is_none() && agents.get("list").is_some_and(is_clean_roster);
    if !clean {
        return;
    }
    let Some(list) = take(agents, "list") else { return };
    // One default among several: the others no longer need it to be said of them.
    let is_default = |item: &&Value| item.get("default").and_then(Value::as_bool) == Some(true);
    let owned = list.value.items().len() > 1 && list.value.items().iter().filter(is_default).count() == 1;
    let Kind::Array(items) = list.value.kind else { return };
    let entries = items.into_iter().filter_map(|mut item| {
        let id = take(&mut item, "id")?;
        let key = id.value.as_str()?.into();
        if owned {
            take(&mut item, "default");
        }
        Some(Member { key, key_origin: id.value.origin, value: item })
    });
    let origin = list.value.origin;
    let entries = Value::new(Kind::Object(entries.collect()), origin);
    let Some(members) = members_mut(agents) else { return };
    add(members, Member { key: "entries".into(), key_origin: list.key_origin, value: entries });
    if owned && members.find("ownership").is_none() {
        let explicit = Value::new(Kind::String("explicit".into()), origin);
        add(members, Member { key: "ownership".into(), key_origin: list.key_origin, value: explicit });
    }
    let path = Path::root().key("agents").key("list");
    done.push(Rewrite { outcome: "agents-list", origin: list.key_origin, path });
}

fn is_clean_roster(list: &Value) -> bool {
    let mut seen = HashSet::new();
    let Kind::Array(items) = &list.kind else { return false };
    items.iter().all(|item| {
        let id = item.get("id").and_then(Value::as_str);
        id.is_some_and(|id| agent_id(id) == id && seen.insert(id))
    })
}

/// `plugins.entries.github-copilot.config.discovery` goes without a word when it says no more than `enabled`.
fn copilot_discovery(root: &mut Value) {
    let path = ["plugins", "entries", "github-copilot", "config"];
    let mut here = Some(root);
    for key in path {
        here = here.and_then(|value| get_mut(value, key));
    }
    let Some(config) = here else { return };
    let trivial = config.get("discovery").is_some_and(|discovery| {
        matches!(discovery.kind, Kind::Object(_)) && discovery.members().iter().all(|member| &*member.key == "enabled")
    });
    if trivial {
        take(config, "discovery");
    }
}
