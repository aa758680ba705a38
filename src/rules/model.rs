//! The shape of a rule file. What each field means to an author is written in `schemas/rule.json`.

use std::any::Any;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::bundled::{Items, Kept};
use crate::finding::{Action, Safety, Severity};
use crate::language::Language;
use crate::project::Project;
use crate::schema::{Fragment, Version};

use super::packed::Packed;
use super::path::WrittenPath;
use super::written::Written;

/// A text of the program, or of a pack.
pub type Text = Cow<'static, str>;

/// One check of a bundled rule: a rule file with `checks` becomes one of these for each, all with its id. What a run needs of it is read when it is needed: most rules concern nothing in a config, and of
/// those that do most find nothing wrong.
#[derive(Debug)]
pub struct Rule {
    /// `group/kebab-name`.
    pub id: &'static str,
    packed: &'static Packed,
    /// Of a pack; of a bundled rule it is packed.
    check: Option<Box<Check>>,
    words: OnceLock<Box<Words>>,
    chinese: OnceLock<Option<Box<Translation>>>,
}

/// What a rule looks at and what must hold there.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Layouts it applies to; empty: all.
    #[serde(default)]
    pub layouts: Items<Text>,
    /// File roles it applies to (`live`, `variant`, `template`, `backup`); empty: live and variant.
    #[serde(default)]
    pub roles: Items<Text>,
    /// Environments it applies to, by what the names of the files say (`openclaw.production.json`); empty: any and none.
    #[serde(default)]
    pub environments: Items<Text>,
    /// The first OpenClaw release that it applies to; absent: all.
    #[serde(default)]
    pub from: Option<Version>,
    /// What it looks at; absent for built-in rules.
    #[serde(default)]
    pub given: Items<Given>,
    /// Conditions on other parts of the same config: all must hold.
    #[serde(default)]
    pub when: Items<Condition>,
    /// What must hold for each thing it looks at.
    pub then: Assertion,
    /// A member of what it looks at, keys joined by dots: that is where a violation lies and is reported. Absent: where
    /// the violation itself says.
    #[serde(default)]
    pub at: Option<Text>,
    /// The outcome of every violation; absent: the violation names it.
    #[serde(default)]
    pub outcome: Option<Text>,
}

/// What a rule says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Words {
    /// One line.
    pub summary: String,
    /// Severity of outcomes that do not name their own.
    pub severity: Severity,
    /// Whether OpenClaw refuses a file because of it, for outcomes that do not say otherwise.
    #[serde(default)]
    pub blocking: bool,
    /// What can be wrong: outcome name to its words.
    pub outcomes: BTreeMap<String, Outcome>,
    /// A page with more.
    #[serde(default)]
    pub links: Vec<String>,
    /// Other names of the rule: OpenClaw's own check ids.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// In Chinese, of a rule in a pack; those of bundled rules are read by themselves.
    #[serde(default, rename = "zh-CN")]
    pub chinese: Option<Translation>,
}

/// What a rule says in another language.
#[derive(Debug, Default, Deserialize)]
pub struct Translation {
    /// As [`Words::summary`].
    #[serde(default)]
    pub summary: Option<String>,
    /// As [`Words::outcomes`].
    #[serde(default)]
    pub outcomes: BTreeMap<String, OutcomeTranslation>,
}

/// The words for one thing that can be wrong, in another language.
#[derive(Debug, Deserialize)]
pub struct OutcomeTranslation {
    /// As [`Outcome::message`].
    pub message: String,
    /// As [`Outcome::help`].
    #[serde(default)]
    pub help: Option<String>,
    /// As [`Outcome::labels`].
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The titles of [`Outcome::fixes`], in their order.
    #[serde(default)]
    pub fixes: Vec<String>,
}

impl Rule {
    pub(super) const fn new(packed: &'static Packed) -> Self {
        Self { id: packed.id, packed, check: None, words: OnceLock::new(), chinese: OnceLock::new() }
    }

    /// A rule of the user's own.
    ///
    /// Its id lives as long as the program, as those of the bundled rules do: findings carry ids, and packs are few.
    #[must_use]
    pub fn own(id: &str, check: Check, words: Words) -> Self {
        let id = kept(id);
        let (check, words) = (Some(Box::new(check)), Box::new(words).into());
        Self { id, packed: &super::packed::OWN, check, words, chinese: OnceLock::new() }
    }

    /// What it looks at and asks.
    #[must_use]
    pub fn check(&self) -> &Check {
        self.check.as_deref().unwrap_or(self.packed.check)
    }

    /// What it says.
    #[must_use]
    pub fn words(&self) -> &Words {
        // The build script has written the text, and a test reads all of them: it cannot fail here.
        self.words.get_or_init(|| serde_json::from_str(self.packed.words).unwrap_or_default())
    }

    /// What it says in a language other than English; `None` where it says nothing in it.
    #[must_use]
    pub fn translation(&self, language: Language) -> Option<&Translation> {
        let read = || serde_json::from_str(super::packed::chinese(self.packed.id)?).ok();
        match language {
            Language::English => None,
            Language::Chinese => self.words().chinese.as_ref().or_else(|| self.chinese.get_or_init(read).as_deref()),
        }
    }

    /// One line about it.
    #[must_use]
    pub fn summary(&self, language: Language) -> &str {
        let translated = self.translation(language).and_then(|translation| translation.summary.as_deref());
        translated.unwrap_or(&self.words().summary)
    }

    /// Whether the project can have anything that the rule looks at; most have not, and the rule is not even read.
    pub(super) fn may_concern(&self, project: &Project) -> bool {
        self.packed.gate.is_open(project)
    }

    /// Whether a finding of it can say that OpenClaw refuses or mends a file.
    pub(super) fn bears_on_verdict(&self) -> bool {
        let words = self.words();
        words.blocking || words.outcomes.values().any(|outcome| outcome.blocking == Some(true) || outcome.migrates)
    }

    /// Whether another rule makes the same check: `build.rs` writes one for all that make it.
    #[must_use]
    pub fn checks_like(&self, other: &Self) -> bool {
        std::ptr::eq(self.check(), other.check())
    }
}

impl Default for Words {
    fn default() -> Self {
        Self {
            summary: String::new(),
            severity: Severity::Error,
            blocking: false,
            outcomes: BTreeMap::new(),
            links: Vec::new(),
            aliases: Vec::new(),
            chinese: None,
        }
    }
}

/// A copy of an id that lives as long as the program; the same one each time, since an editor reads packs again and again.
fn kept(id: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(id) {
        return known;
    }
    let id: &'static str = Box::leak(id.into());
    kept.insert(id);
    id
}

/// A selector: a text, or an object with one member.
#[derive(Debug, Deserialize)]
#[serde(from = "Written<WrittenPath, LongGiven>")]
pub enum Given {
    /// A JSONPath (`$...`), or the name of a list in `rules/selectors.json5` (`#credentials`).
    Path(WrittenPath),
    /// Entries of env files.
    Env {
        /// Which entries.
        env: EnvSelector,
    },
    /// The whole of something, once.
    Whole {
        /// `config`, `env-file` or `project`.
        whole: Whole,
    },
}

/// A selector that is no text.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LongGiven {
    Env(EnvSelector),
    Whole(Whole),
}

impl From<Written<WrittenPath, LongGiven>> for Given {
    fn from(written: Written<WrittenPath, LongGiven>) -> Self {
        match written {
            Written::Short(path) => Self::Path(path),
            Written::Long(LongGiven::Env(env)) => Self::Env { env },
            Written::Long(LongGiven::Whole(whole)) => Self::Whole { whole },
        }
    }
}

/// Which entries of an env file.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum EnvSelector {
    /// Names, `*` as wildcard at either end.
    Names(Items<Text>),
    /// `all` entries, or those that hold a `credential` of a known provider.
    Class(EnvClass),
}

/// Classes of env entries.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum EnvClass {
    /// Every entry.
    All,
    /// Entries whose name holds a credential of a provider in the table.
    Credential,
}

/// Things that are looked at once.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Whole {
    /// Each config file.
    Config,
    /// Each env file.
    EnvFile,
    /// The files of one folder together.
    Project,
}

/// A condition: some node of `given` satisfies `schema`; with `none: true`, no node does.
#[derive(Debug, Deserialize)]
pub struct Condition {
    /// A JSONPath.
    pub given: WrittenPath,
    /// A JSON Schema fragment.
    pub schema: Fragment,
    /// Turns the condition round.
    #[serde(default)]
    pub none: bool,
}

/// What must hold.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Assertion {
    /// The node satisfies a JSON Schema fragment. Outcomes are named by the failing keyword; `default` serves the rest.
    Schema(Fragment),
    /// A named function finds nothing.
    Function(Call),
    /// Checked by the program itself (syntax, schema, files); the rule file gives it words.
    #[default]
    Builtin,
}

/// A call of a named function.
#[derive(Debug, Deserialize)]
pub struct Call {
    /// Its name in [`super::functions`].
    pub name: Text,
    /// Its options, a JSON text, checked against the function's own schema when the rule is loaded by the tests.
    #[serde(default, deserialize_with = "text_of")]
    pub options: Option<Text>,
    /// The options as the function has read them.
    #[serde(skip)]
    pub(super) read: Kept<ReadOptions>,
}

/// Options as a function reads them; each has a type of its own.
pub(super) type ReadOptions = OnceLock<Arc<dyn Any + Send + Sync>>;

fn text_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Text>, D::Error> {
    Option::<Box<RawValue>>::deserialize(deserializer)
        .map(|raw| raw.map(|raw| String::from(Box::<str>::from(raw)).into()))
}

/// The words for one thing that can be wrong. `{name}` stands for a parameter.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// One sentence without a full stop.
    pub message: String,
    /// What to write instead.
    #[serde(default)]
    pub help: Option<String>,
    /// Its own severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Its own answer to whether OpenClaw refuses the file.
    #[serde(default)]
    pub blocking: Option<bool>,
    /// Whether the gateway itself mends this when it starts; the first fix that fits then does what it does.
    #[serde(default)]
    pub migrates: bool,
    /// Whether the key rather than the value is underlined.
    #[serde(default)]
    pub at_key: bool,
    /// Words for related places, by the name under which the check reports them.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What mends it, the best first; the first that fits the text is proposed.
    #[serde(default)]
    pub fixes: Vec<FixWords>,
}

/// A fix, as a rule file describes it. `{name}` stands for a parameter.
#[derive(Debug, Deserialize)]
pub struct FixWords {
    /// In the imperative.
    pub title: String,
    /// What is to be done.
    pub action: Action,
    /// With what; see [`Action`].
    #[serde(default)]
    pub with: String,
    /// How far to trust it.
    pub safety: Safety,
    /// Whether the gateway does this, where it mends the finding by itself and that is not the first.
    #[serde(default)]
    pub gateway: bool,
}

/// A place of a list in `rules/selectors.json5`: where a kind of thing stands in either layout.
#[derive(Debug)]
pub struct Slot {
    /// The layout it belongs to; absent: both.
    pub layout: Option<Text>,
    /// A JSONPath.
    pub path: Option<WrittenPath>,
    /// Entries of env files instead.
    pub env: Option<EnvSelector>,
    /// The provider whose slot it is.
    pub provider: Option<Text>,
    /// Or the step of the path (from 0) that names the provider.
    pub provider_step: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_packs_are_kept_once() {
        let id = |text: &str| Rule::own(text, Check::default(), Words::default()).id;
        assert!(std::ptr::eq(id("acme/one"), id("acme/one")));
        assert_ne!(id("acme/one"), id("acme/two"));
    }

    fn own(words: &str) -> Rule {
        let words = format!("{{ summary: 's', severity: 'error', {words} }}");
        Rule::own("acme/rule", Check::default(), json5::from_str(&words).unwrap())
    }

    #[test]
    fn rules_that_block_or_migrate_bear_on_the_verdict() {
        for (words, bears) in [
            ("outcomes: { a: { message: 'm' } }", false),
            ("outcomes: { a: { message: 'm', blocking: false } }", false),
            ("outcomes: { a: { message: 'm', blocking: true } }", true),
            ("outcomes: { a: { message: 'm' }, b: { message: 'm', migrates: true } }", true),
            ("blocking: true, outcomes: { a: { message: 'm' } }", true),
        ] {
            assert_eq!(own(words).bears_on_verdict(), bears, "{words}");
        }
    }

    #[test]
    fn a_summary_is_in_the_language_that_the_rule_has() {
        let rule = own("outcomes: {}, 'zh-CN': { summary: '概' }");
        assert_eq!((rule.summary(Language::English), rule.summary(Language::Chinese)), ("s", "概"));
        let rule = own("outcomes: {}, 'zh-CN': {}");
        assert_eq!((rule.summary(Language::English), rule.summary(Language::Chinese)), ("s", "s"));
        let bundled = crate::rules::Catalog::bundled().rule("lint/suppression").unwrap();
        let [english, chinese] = [Language::English, Language::Chinese].map(|language| bundled.summary(language));
        assert!(english.is_ascii() && !chinese.is_ascii(), "{english}, {chinese}");
    }
}
