//! What a check reports: an outcome, its parameters and places. The rule file turns it into words.

use crate::finding::{Finding, Plan};
use crate::language::{Language, Param, Params, fill};
use crate::project::{Origin, Path};

use super::model::{FixWords, Outcome, OutcomeTranslation, Rule};

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
    pub fn param(mut self, name: &'static str, value: impl Into<Param>) -> Self {
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
    pub fn finding(&self, violation: Violation, language: Language) -> Option<Finding> {
        let outcome = self.outcome(&violation.outcome)?;
        let words = Wording::new(self, &violation.outcome, outcome, language);
        let fill = |text: &str| fill(text, &violation.params, language);
        let place = violation.key.filter(|_| outcome.at_key).unwrap_or(violation.place);
        let severity = outcome.severity.unwrap_or(self.words().severity);
        let mut finding = Finding::new(self.id, severity, fill(words.message()), place.file, place.span);
        finding.help = words.help().map(fill).filter(|help| !help.is_empty());
        finding.blocking = violation.refuses && outcome.blocking.unwrap_or(self.words().blocking);
        finding.migrates = outcome.migrates;
        finding.url = self.words().links.first().map(ToString::to_string);
        for (origin, label) in &violation.related {
            finding = finding.related(origin.file, origin.span, words.label(label).map(fill).unwrap_or_default());
        }
        finding.config_path = violation.config_path.or_else(|| violation.path.clone());
        finding.also_at = violation.also_at;
        finding.path = violation.path;
        let of_gateway = outcome.fixes.iter().position(|fix| fix.gateway).unwrap_or(0);
        let plan = |(at, fix): (usize, &FixWords)| Plan {
            action: fix.action,
            // Code, not words.
            text: crate::language::fill(&fix.with, &violation.params, Language::English),
            title: fill(words.fix(at, fix)),
            safety: fix.safety,
            of_gateway: outcome.migrates && at == of_gateway,
        };
        finding.plans = outcome.fixes.iter().enumerate().map(plan).collect();
        Some(finding)
    }
}

/// The words of an outcome in a language; the English ones where a pack has no others.
struct Wording<'r> {
    english: &'r Outcome,
    translated: Option<&'r OutcomeTranslation>,
}

impl<'r> Wording<'r> {
    fn new(rule: &'r Rule, name: &str, english: &'r Outcome, language: Language) -> Self {
        let outcomes = rule.translation(language).map(|translation| &translation.outcomes);
        let own = rule.words().outcomes.contains_key(name);
        let translated = outcomes.and_then(|outcomes| outcomes.get(if own { name } else { "default" }));
        Self { english, translated }
    }

    fn message(&self) -> &'r str {
        self.translated.map_or(&self.english.message, |words| &words.message)
    }

    fn help(&self) -> Option<&'r str> {
        self.translated.and_then(|words| words.help.as_deref()).or(self.english.help.as_deref())
    }

    fn label(&self, name: &str) -> Option<&'r str> {
        let translated = self.translated.and_then(|words| words.labels.get(name));
        translated.or_else(|| self.english.labels.get(name)).map(String::as_str)
    }

    fn fix(&self, at: usize, english: &'r FixWords) -> &'r str {
        self.translated.and_then(|words| words.fixes.get(at)).unwrap_or(&english.title)
    }
}
