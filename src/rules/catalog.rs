//! The bundled rules, as `build.rs` has packed them: what a run needs in one text, documentation and examples in another.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use crate::finding::Finding;

use super::model::{Rule, Slot};
use super::violation::Violation;

static ENGINE: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.json"));
static DOCUMENTATION: &str = include_str!(concat!(env!("OUT_DIR"), "/rule-docs.json"));

/// All rules of a run and the lists that their selectors name.
#[derive(Debug)]
pub struct Catalog {
    packed: Packed,
    documentation: OnceLock<BTreeMap<String, Documentation>>,
}

#[derive(Debug, Deserialize)]
struct Packed {
    selectors: BTreeMap<String, Vec<Slot>>,
    rules: Vec<Rule>,
}

/// What a person reads about a rule.
#[derive(Clone, Debug, Deserialize)]
pub struct Documentation {
    /// First version of openclaw-lint that has it.
    pub since: String,
    /// How sure its findings are.
    #[serde(default)]
    pub confidence: Option<String>,
    /// Markdown.
    pub docs: String,
    /// Files that must and must not be reported.
    pub examples: Examples,
}

/// Executed examples.
#[derive(Clone, Debug, Deserialize)]
pub struct Examples {
    /// Each is reported just where `«…»` stands.
    pub bad: Vec<Example>,
    /// None is reported.
    pub good: Vec<Example>,
}

/// Files of one example.
#[derive(Clone, Debug, Deserialize)]
pub struct Example {
    /// What it shows.
    #[serde(default)]
    pub title: Option<String>,
    /// File name to text.
    pub files: BTreeMap<String, String>,
}

static BUNDLED: LazyLock<Catalog> = LazyLock::new(|| {
    // The build script has read the same text, and a test loads it: it cannot fail here.
    let packed = serde_json::from_str(ENGINE).unwrap_or(Packed { selectors: BTreeMap::new(), rules: Vec::new() });
    Catalog { packed, documentation: OnceLock::new() }
});

impl Catalog {
    /// The rules that ship with the program.
    #[must_use]
    pub fn bundled() -> &'static Self {
        &BUNDLED
    }

    /// All checks of all rules, sorted by the rules' ids.
    #[must_use]
    pub fn checks(&self) -> &[Rule] {
        &self.packed.rules
    }

    /// All rules, sorted by id: the first check of each.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.checks().chunk_by(|a, b| a.id == b.id).filter_map(<[Rule]>::first)
    }

    /// The rule with this id, or with this alias.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        let from = self.checks().partition_point(|rule| rule.id.as_str() < name);
        let by_id = self.checks().get(from).filter(|rule| rule.id == name);
        by_id.or_else(|| self.rules().find(|rule| rule.aliases.iter().any(|alias| alias == name)))
    }

    /// The places that a selector list names; empty for an unknown name.
    #[must_use]
    pub fn selector(&self, name: &str) -> &[Slot] {
        self.packed.selectors.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a person reads about a rule.
    #[must_use]
    pub fn documentation(&self, id: &str) -> Option<&Documentation> {
        let read = || serde_json::from_str(DOCUMENTATION).unwrap_or_default();
        self.documentation.get_or_init(read).get(id)
    }

    /// Words a violation of a built-in rule; `None` when the rule has no such outcome.
    #[must_use]
    pub fn finding(&self, rule: &str, violation: Violation) -> Option<Finding> {
        self.rule(rule)?.finding(violation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_rules_load_whole() {
        let packed: Packed = serde_json::from_str(ENGINE).expect("rules.json");
        assert!(packed.rules.is_sorted_by(|a, b| a.id <= b.id), "sorted");
        let ids: std::collections::BTreeSet<&str> = packed.rules.iter().map(|rule| rule.id.as_str()).collect();
        let documentation: BTreeMap<String, Documentation> = serde_json::from_str(DOCUMENTATION).expect("docs");
        assert_eq!(documentation.len(), ids.len());
    }
}
