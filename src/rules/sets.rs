//! Sets of names that OpenClaw knows beside its schema (`rules/sets.json5`). Data only: what a name means is for the rules
//! to say.

use std::collections::BTreeMap;

use crate::schema::Version;

/// The sets by name, sorted; `build.rs` writes them.
static SETS: &[(&str, Set)] = include!(concat!(env!("OUT_DIR"), "/sets.rs"));

/// A set.
#[derive(Debug)]
pub(super) struct Set {
    /// The first release for which the set is known to be whole.
    from: &'static str,
    /// Its names, when there is nothing more to say of them.
    names: &'static [&'static str],
    /// Its names with facts, sorted: JSON of parameters for the words of a rule, and `outcome`.
    rows: &'static [(&'static str, &'static str)],
}

impl Set {
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.iter().copied().chain(self.rows.iter().map(|(name, _)| *name))
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.contains(&name) || self.facts(name).is_some()
    }

    /// The facts of a name.
    pub(super) fn row(&self, name: &str) -> Option<BTreeMap<String, String>> {
        serde_json::from_str(self.facts(name)?).ok()
    }

    fn facts(&self, name: &str) -> Option<&'static str> {
        let at = self.rows.binary_search_by_key(&name, |(name, _)| name).ok()?;
        self.rows.get(at).map(|(_, facts)| *facts)
    }
}

/// The set of this name, if it is known for the release.
pub(super) fn set(name: &str, release: &Version) -> Option<&'static Set> {
    let at = SETS.binary_search_by_key(&name, |(name, _)| name).ok()?;
    let (_, set) = SETS.get(at)?;
    Some(set).filter(|set| set.from.parse::<Version>().is_ok_and(|from| from <= *release))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_sets_load_whole() {
        assert!(SETS.is_sorted_by_key(|(name, _)| *name) && SETS.len() > 3);
        for (name, set) in SETS {
            assert!(set.from.parse::<Version>().is_ok(), "{name}: {}", set.from);
            assert!(set.names().next().is_some(), "{name} is empty");
            assert!(set.names().all(|row| set.contains(row)), "{name}");
            assert_eq!(set.names().count(), set.names.len() + set.rows.len(), "{name}");
            assert!(set.rows.is_sorted_by_key(|(row, _)| *row), "{name}");
            for (row, facts) in set.rows {
                let facts: BTreeMap<String, String> = serde_json::from_str(facts).expect("facts are texts");
                assert_eq!(set.row(row), Some(facts), "{name}: {row}");
            }
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
