//! Sets of names that OpenClaw knows beside its schema (`rules/sets.json5`). Data only: what a name means is for the rules
//! to say.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::schema::Version;

static PACKED: &str = include_str!(concat!(env!("OUT_DIR"), "/sets.json"));

/// A set.
#[derive(Debug, Deserialize)]
pub(super) struct Set {
    /// The first release for which the set is known to be whole.
    from: String,
    /// Its names, when there is nothing more to say of them.
    #[serde(default)]
    names: Vec<String>,
    /// Its names with facts: parameters for the words of a rule, and `outcome`.
    #[serde(default)]
    rows: BTreeMap<String, BTreeMap<String, String>>,
}

impl Set {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().chain(self.rows.keys()).map(String::as_str)
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name) || self.rows.contains_key(name)
    }

    /// The facts of a name.
    pub(super) fn row(&self, name: &str) -> Option<&BTreeMap<String, String>> {
        self.rows.get(name)
    }
}

static SETS: LazyLock<BTreeMap<String, Set>> = LazyLock::new(|| serde_json::from_str(PACKED).unwrap_or_default());

/// The set of this name, if it is known for the release.
pub(super) fn set(name: &str, release: &Version) -> Option<&'static Set> {
    SETS.get(name).filter(|set| set.from.parse::<Version>().is_ok_and(|from| from <= *release))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_sets_load_whole() {
        let sets: BTreeMap<String, Set> = serde_json::from_str(PACKED).expect("sets.json");
        for (name, set) in &sets {
            assert!(set.from.parse::<Version>().is_ok(), "{name}: {}", set.from);
            assert!(set.names().next().is_some(), "{name} is empty");
        }
        assert_eq!(SETS.len(), sets.len());
    }

    #[test]
    fn older_releases_have_no_set() {
        let version = |text: &str| text.parse::<Version>().expect("a version");
        assert!(set("channels", &version("2026.9.6")).is_some_and(|set| set.contains("telegram")));
        assert!(set("channels", &version("2026.10.1")).is_some());
        assert!(set("channels", &version("2026.5.4")).is_none());
    }
}
