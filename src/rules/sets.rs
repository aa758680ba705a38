//! Sets of names that OpenClaw knows beside its schema (`rules/sets.json5`). Data only: what a name means is for the rules
//! to say.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::schema::Version;

/// Names and JSON of the sets, sorted.
static PACKED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sets.rs"));

/// The sets that a run has asked for.
static SETS: LazyLock<Vec<OnceLock<Option<Set>>>> = LazyLock::new(|| PACKED.iter().map(|_| OnceLock::new()).collect());

/// A set.
#[derive(Debug, Deserialize)]
pub(super) struct Set {
    /// The first release for which the set is known to be whole.
    from: &'static str,
    /// Its names, when there is nothing more to say of them.
    #[serde(default)]
    names: Vec<&'static str>,
    /// Its names with facts: parameters for the words of a rule, and `outcome`. The facts are read when they are asked for.
    #[serde(default)]
    rows: BTreeMap<&'static str, &'static RawValue>,
}

impl Set {
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.iter().chain(self.rows.keys()).copied()
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.contains(&name) || self.rows.contains_key(name)
    }

    /// The facts of a name.
    pub(super) fn row(&self, name: &str) -> Option<BTreeMap<String, String>> {
        serde_json::from_str(self.rows.get(name)?.get()).ok()
    }
}

/// The set of this name, if it is known for the release.
pub(super) fn set(name: &str, release: &Version) -> Option<&'static Set> {
    let at = PACKED.binary_search_by_key(&name, |(name, _)| name).ok()?;
    let read = || PACKED.get(at).and_then(|(_, text)| serde_json::from_str(text).ok());
    let set: &'static Set = SETS.get(at)?.get_or_init(read).as_ref()?;
    Some(set).filter(|set| set.from.parse::<Version>().is_ok_and(|from| from <= *release))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_sets_load_whole() {
        assert!(PACKED.is_sorted_by_key(|(name, _)| *name) && PACKED.len() > 3);
        for (name, text) in PACKED {
            let set: Set = serde_json::from_str(text).expect(name);
            assert!(set.from.parse::<Version>().is_ok(), "{name}: {}", set.from);
            assert!(set.names().next().is_some(), "{name} is empty");
            assert!(set.rows.keys().all(|row| set.row(row).is_some()), "{name}: facts are texts");
        }
    }

    #[test]
    fn older_releases_have_no_set() {
        let version = |text: &str| text.parse::<Version>().expect("a version");
        assert!(set("channels", &version("2026.9.6")).is_some_and(|set| set.contains("telegram")));
        assert!(set("channels", &version("2026.10.1")).is_some());
        assert!(set("channels", &version("2026.5.4")).is_none());
    }
}
