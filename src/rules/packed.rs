//! What `build.rs` makes of the rule files: texts that are read when a project needs them, and a gate before each that
//! says cheaply when none does.

use crate::project::{Config, Project, Value};

include!(concat!(env!("OUT_DIR"), "/packed_rules.rs"));

/// A rule file, cut into what a run asks and what it says.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) id: &'static str,
    pub(super) gate: Gate,
    /// JSON of a [`super::model::Check`].
    pub(super) check: &'static str,
    /// JSON of a [`super::model::Words`].
    pub(super) words: &'static str,
}

/// What stands for a rule that was not packed: it is asked in every project.
pub(super) static OWN: Packed =
    Packed { id: "", gate: Gate { always: true, env_files: true, keys: &[] }, check: "", words: "" };

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
    /// JSON of a [`super::model::Slot`].
    pub(super) slot: &'static str,
}

/// What a project must have, any one of it, so that a selector can find something. Built-in rules have a gate that never
/// opens: nothing calls them.
#[derive(Debug)]
pub(super) struct Gate {
    /// The project itself is enough.
    always: bool,
    /// Any env file.
    env_files: bool,
    /// A config with all these keys, one below the other; `*` stands for any key or index.
    keys: &'static [&'static [&'static str]],
}

impl Gate {
    pub(super) fn is_open(&self, project: &Project) -> bool {
        self.always
            || self.env_files && !project.env_files.is_empty()
            || project.configs.iter().any(|config| self.lets_in(config))
    }

    /// Most configs have not even the keys, in any place: that is asked before anybody walks through them.
    fn lets_in(&self, config: &Config) -> bool {
        let Some(root) = &config.root else { return false };
        let known = config.keys();
        let may_have = |key: &&str| *key == ANY || known.may_have(key);
        // Neighbours in the list begin alike.
        let mut missing = None;
        self.keys.iter().any(|keys| {
            let first = keys.first();
            if missing.is_some() && missing == first {
                return false;
            }
            if !first.is_none_or(may_have) {
                missing = first;
                return false;
            }
            keys.iter().skip(1).all(may_have) && leads_to(keys, root)
        })
    }
}

/// Stands for any key or index.
const ANY: &str = "*";

/// As deep as the path is long.
fn leads_to(keys: &[&str], value: &Value) -> bool {
    match keys.split_first() {
        None => true,
        Some((&ANY, rest)) => {
            value.members().iter().any(|member| leads_to(rest, &member.value))
                || value.items().iter().any(|item| leads_to(rest, item))
        }
        Some((key, rest)) => value.get(key).is_some_and(|value| leads_to(rest, value)),
    }
}
