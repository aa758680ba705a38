//! What a check reports: an outcome, its parameters and places. The rule file turns it into words.

use crate::finding::{Finding, Plan};
use crate::project::{Origin, Path};

use super::model::{FixWords, Outcome, Rule};
use super::template;

/// Parameters for the words of an outcome. Values may quote keys, names and numbers of a file, never a credential.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(&'static str, String)>);

impl Params {
    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Violation {
    /// Which outcome of the rule.
    pub outcome: String,
    /// Parameters of its words.
    pub params: Params,
    /// The place.
    pub place: Origin,
    /// The place of the key, for outcomes that underline it.
    pub key: Option<Origin>,
    /// The path of the value, in configs.
    pub path: Option<Path>,
    /// The path that OpenClaw reports for the same issue, where it differs from `path`.
    pub config_path: Option<Path>,
    /// Further paths under which OpenClaw reports it.
    pub also_at: Vec<Path>,
    /// Other places, with the name of their label in the outcome.
    pub related: Vec<(Origin, &'static str)>,
    /// False where OpenClaw never reads the file as it stands, whatever the rule says.
    pub refuses: bool,
}

impl Violation {
    /// A violation at a place.
    #[must_use]
    pub fn new(outcome: impl Into<String>, place: Origin) -> Self {
        Self {
            outcome: outcome.into(),
            params: Params::default(),
            place,
            key: None,
            path: None,
            config_path: None,
            also_at: Vec::new(),
            related: Vec::new(),
            refuses: true,
        }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn param(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.params = self.params.with(name, value);
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, place: Origin, label: &'static str) -> Self {
        self.related.push((place, label));
        self
    }

    /// Names the value in its config.
    #[must_use]
    pub fn at_path(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }

    /// Underlines another place.
    #[must_use]
    pub const fn at(mut self, place: Origin) -> Self {
        self.place = place;
        self
    }
}

impl Rule {
    /// The words for an outcome: its own, else those of `default`.
    #[must_use]
    pub fn outcome(&self, name: &str) -> Option<&Outcome> {
        let outcomes = &self.words().outcomes;
        outcomes.get(name).or_else(|| outcomes.get("default"))
    }

    /// Turns a violation into a finding; `None` when the rule has no words for it (it has switched this outcome off).
    #[must_use]
    pub fn finding(&self, violation: Violation) -> Option<Finding> {
        let outcome = self.outcome(&violation.outcome)?;
        let fill = |text: &str| template::fill(text, &violation.params);
        let place = violation.key.filter(|_| outcome.at_key).unwrap_or(violation.place);
        let severity = outcome.severity.unwrap_or(self.words().severity);
        let mut finding = Finding::new(self.id, severity, fill(&outcome.message), place.file, place.span);
        finding.help = outcome.help.as_deref().map(fill).filter(|help| !help.is_empty());
        finding.blocking = violation.refuses && outcome.blocking.unwrap_or(self.words().blocking);
        finding.url = self.words().links.first().map(ToString::to_string);
        for (origin, label) in &violation.related {
            let words = outcome.labels.get(*label).map(|text| fill(text)).unwrap_or_default();
            finding = finding.related(origin.file, origin.span, words);
        }
        finding.config_path = violation.config_path.or_else(|| violation.path.clone());
        finding.also_at = violation.also_at;
        finding.path = violation.path;
        let plan = |words: &FixWords| Plan {
            action: words.action,
            text: fill(&words.with),
            title: fill(&words.title),
            safety: words.safety,
        };
        finding.plans = outcome.fixes.iter().map(plan).collect();
        Some(finding)
    }
}
