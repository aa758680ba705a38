//! What `build.rs` makes of the rule files: checks that need no reading, words that are read when something is found, and a
//! gate before each check that says cheaply when it can find nothing.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::bundled::{Items, Kept};
use crate::discover::Role;
use crate::project::{Config, Kind, Layout, Project, Value};

use crate::schema::{Compiled, Fragment, Version};

use super::model::{Assertion, Call, Check, Condition, EnvClass, EnvSelector, Given, ReadOptions, Slot, Text, Whole};
use super::path::WrittenPath;
use super::steps::Step;
#[cfg(test)]
use super::steps::{LAYOUTS, ROLES};

include!(concat!(env!("OUT_DIR"), "/packed_rules.rs"));

/// A rule file, cut into what a run asks and what it says.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) id: &'static str,
    pub(super) gate: Gate,
    /// The same for all rules that make it.
    pub(super) check: &'static Check,
    /// JSON of a [`super::model::Words`].
    pub(super) words: &'static str,
}

/// What stands for a rule that was not packed: it is asked in every project.
pub(super) static OWN: Packed = Packed {
    id: "",
    gate: Gate { always: true, configs: true, env_files: true, layouts: !0, roles: !0, keys: &[], also: &[] },
    check: &NOTHING,
    words: "",
};

/// Checks nothing.
static NOTHING: Check = Check {
    layouts: Items::Bundled(&[]),
    roles: Items::Bundled(&[]),
    environments: Items::Bundled(&[]),
    from: None,
    given: Items::Bundled(&[]),
    when: Items::Bundled(&[]),
    then: Assertion::Builtin,
    at: None,
    outcome: None,
};

/// What rules say in Chinese: JSON of a [`super::model::Translation`] for each id, sorted.
static CHINESE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.zh-CN.rs"));

/// What a bundled rule says in Chinese.
pub(super) fn chinese(id: &str) -> Option<&'static str> {
    let at = CHINESE.binary_search_by_key(&id, |(id, _)| id).ok()?;
    CHINESE.get(at).map(|(_, text)| *text)
}

/// One place of a selector list.
#[derive(Debug)]
pub(super) struct PackedSlot {
    pub(super) gate: Gate,
    pub(super) slot: Slot,
}

/// What a project must have so that a check can find something, or a selector. Built-in rules have a gate that never opens:
/// nothing calls them.
#[derive(Debug)]
pub(super) struct Gate {
    /// The project itself is enough.
    always: bool,
    /// Any config.
    configs: bool,
    /// Any env file.
    env_files: bool,
    /// The layouts of configs that count: a bit for each of [`LAYOUTS`].
    layouts: u8,
    /// The roles of files that count: a bit for each of [`ROLES`].
    roles: u8,
    /// A config that has all keys of any of these.
    keys: &'static [Way],
    /// And for each of these a config that has all its keys.
    also: &'static [Way],
}

/// Keys one below the other; `*` stands for any key or index.
#[derive(Debug)]
struct Way {
    /// To what a selector selects.
    keys: &'static [&'static str],
    /// The places of these keys in a set, but for `*`.
    places: &'static [u16],
    /// And on to what a schema has to see there, should it be an object. Of anything else schemas may think what they like.
    below: &'static [&'static str],
    /// The texts that may be at the end; empty: anything may.
    values: &'static [&'static str],
}

impl Gate {
    pub(super) fn is_open(&self, project: &Project) -> bool {
        let takes = |role: &Role| self.roles & role_bit(role) != 0;
        let fits = |config: &&Config| takes(&config.role) && self.layouts & layout_bit(config.layout) != 0;
        let configs = || project.configs.iter().filter(fits);
        let found = self.always
            || self.configs && configs().next().is_some()
            || self.env_files && project.env_files.iter().any(|file| takes(&file.role))
            || configs().any(|config| any_leads(self.keys, config));
        found && self.also.iter().all(|way| configs().any(|config| any_leads(std::slice::from_ref(way), config)))
    }
}

/// Whether a config has what any of these want. Most have not even the keys, in any place: that is asked before anybody walks
/// through them.
fn any_leads(ways: &[Way], config: &Config) -> bool {
    let Some(root) = &config.root else { return false };
    let known = config.keys();
    ways.iter().any(|way| {
        way.places.iter().all(|place| known.may_have(*place))
            && leads_to(way.keys, root, &|value| may_see((way.below, way.values), value))
    })
}

/// The bit of a layout, in the order of [`LAYOUTS`].
const fn layout_bit(layout: Layout) -> u8 {
    match layout {
        Layout::OpenClaw => 1,
        Layout::Guide => 2,
    }
}

/// The bit of a role, in the order of [`ROLES`].
const fn role_bit(role: &Role) -> u8 {
    match role {
        Role::Live => 1,
        Role::Variant(_) => 2,
        Role::Template => 4,
        Role::Backup => 8,
    }
}

/// Stands for any key or index.
const ANY: &str = "*";

/// As deep as the path is long.
fn leads_to(keys: &[&str], value: &Value, end: &dyn Fn(&Value) -> bool) -> bool {
    match keys.split_first() {
        None => end(value),
        Some((&ANY, rest)) => {
            value.members().iter().any(|member| leads_to(rest, &member.value, end))
                || value.items().iter().any(|item| leads_to(rest, item, end))
        }
        Some((key, rest)) => value.get(key).is_some_and(|value| leads_to(rest, value, end)),
    }
}

/// Whether a schema that has to see these keys in objects, and such a text at their end, may see them. What is no object, it
/// has to see for itself.
fn may_see((keys, values): (&[&str], &[&str]), value: &Value) -> bool {
    let Some((key, rest)) = keys.split_first() else {
        return values.is_empty() || value.as_str().is_some_and(|text| values.contains(&text));
    };
    let may_see = |value| may_see((rest, values), value);
    match &value.kind {
        Kind::Object(members) if *key == ANY => members.iter().any(|member| may_see(&member.value)),
        Kind::Object(_) => value.get(key).is_some_and(may_see),
        Kind::Array(items) if *key == ANY => items.iter().any(may_see),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    /// A check without what was compiled in the meantime.
    fn shown(check: &Check) -> Json {
        let entries = |env: &EnvSelector| match env {
            EnvSelector::Names(names) => json!(**names),
            EnvSelector::Class(class) => json!(format!("{class:?}")),
        };
        let given = check.given.iter().map(|given| match given {
            Given::Path(path) => json!([**path, path.path().map(|path| format!("{path:?}"))]),
            Given::Env { env } => json!({ "env": entries(env) }),
            Given::Whole { whole } => json!({ "whole": format!("{whole:?}") }),
        });
        let when = check.when.iter().map(|when| json!([*when.given, when.schema.schema(), when.none]));
        let then = match &check.then {
            Assertion::Schema(fragment) => fragment.schema().clone(),
            Assertion::Function(call) => {
                let options = call.options.as_deref().map(|options| serde_json::from_str::<Json>(options).unwrap());
                json!({ "name": call.name, "options": options })
            }
            Assertion::Builtin => json!("builtin"),
        };
        json!({
            "layouts": *check.layouts, "environments": *check.environments, "at": check.at, "outcome": check.outcome,
            "from": check.from.as_ref().map(ToString::to_string), "then": then,
            "given": given.collect::<Vec<_>>(), "when": when.collect::<Vec<_>>(),
        })
    }

    /// The build and the loader of packs read the same rule file: they find the same checks in it.
    #[test]
    fn checks_are_those_of_the_rule_files() {
        let mut count = 0;
        for rules in RULES.chunk_by(|a, b| a.id == b.id) {
            let id = rules[0].id;
            let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(id).with_extension("json5");
            let whole: Json = json5::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            let parts = whole["checks"].as_array().map_or_else(|| vec![json!({})], Clone::clone);
            assert_eq!(parts.len(), rules.len(), "{id}");
            for (part, rule) in parts.into_iter().zip(rules) {
                let mut written = whole.clone();
                written.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
                let read: Check = serde_json::from_value(written).unwrap();
                assert_eq!(shown(rule.check), shown(&read), "{id}");
                assert!(read.roles.is_empty() || *read.roles == *rule.check.roles, "{id}");
                count += 1;
            }
        }
        assert_eq!(count, RULES.len());
    }

    #[test]
    fn bits_stand_in_the_order_of_the_build() {
        for layout in [Layout::OpenClaw, Layout::Guide] {
            assert_eq!(
                LAYOUTS.iter().position(|name| *name == layout.name()),
                Some(layout_bit(layout).ilog2() as usize)
            );
        }
        for role in [Role::Live, Role::Variant(String::new()), Role::Template, Role::Backup] {
            assert_eq!(ROLES.iter().position(|name| *name == role.name()), Some(role_bit(&role).ilog2() as usize));
        }
    }
}
