//! The shape of a rule file. What each field means to an author is written in `schemas/rule.json`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::finding::Severity;
use crate::schema::{Engine, Fragment};

/// One check of a rule, without documentation and examples (see [`super::Documentation`]): what a run needs. A rule file
/// with `checks` becomes one of these for each, all with the same id.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// `group/kebab-name`.
    pub id: String,
    /// One line.
    pub summary: String,
    /// Severity of outcomes that do not name their own.
    pub severity: Severity,
    /// Whether OpenClaw refuses a file because of it, for outcomes that do not say otherwise.
    #[serde(default)]
    pub blocking: bool,
    /// Layouts it applies to; empty: all.
    #[serde(default)]
    pub layouts: Vec<String>,
    /// File roles it applies to (`live`, `variant`, `template`, `backup`); empty: live and variant.
    #[serde(default)]
    pub roles: Vec<String>,
    /// What it looks at; absent for built-in rules.
    #[serde(default)]
    pub given: Vec<Given>,
    /// Conditions on other parts of the same config: all must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// What must hold for each thing it looks at.
    pub then: Assertion,
    /// A member of what it looks at, keys joined by dots: that is where a violation lies and is reported. Absent: where
    /// the violation itself says.
    #[serde(default)]
    pub at: Option<String>,
    /// The outcome of every violation; absent: the violation names it.
    #[serde(default)]
    pub outcome: Option<String>,
    /// What can be wrong: outcome name to its words.
    pub outcomes: BTreeMap<String, Outcome>,
    /// A page with more.
    #[serde(default)]
    pub links: Vec<String>,
    /// Other names of the rule: OpenClaw's own check ids.
    #[serde(default)]
    pub aliases: Vec<String>,
}

impl Rule {
    /// Whether another rule calls the same function for the same things.
    #[must_use]
    pub fn asks_like(&self, other: &Self) -> bool {
        let same_call = match (&self.then, &other.then) {
            (Assertion::Function(a), Assertion::Function(b)) => {
                a.name == b.name && a.options.as_ref().map(|o| o.get()) == b.options.as_ref().map(|o| o.get())
            }
            _ => false,
        };
        let unconditional = self.when.is_empty() && other.when.is_empty();
        same_call
            && unconditional
            && self.given == other.given
            && self.roles == other.roles
            && self.layouts == other.layouts
    }
}

/// A selector.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Given {
    /// A JSONPath (`$...`), or the name of a list in `rules/selectors.json5` (`#credentials`).
    Path(String),
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

/// Which entries of an env file.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum EnvSelector {
    /// Names, `*` as wildcard at either end.
    Names(Vec<String>),
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
    pub given: String,
    /// A JSON Schema fragment.
    pub schema: Schema,
    /// Turns the condition round.
    #[serde(default)]
    pub none: bool,
}

/// A JSON Schema fragment, compiled when it is first needed and then kept.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Schema {
    text: Box<RawValue>,
    #[serde(skip)]
    compiled: OnceLock<Result<Fragment, String>>,
}

impl Schema {
    /// The compiled fragment.
    ///
    /// # Errors
    /// The text is no JSON Schema; says why.
    pub fn fragment(&self, engine: &Engine) -> Result<&Fragment, &str> {
        self.compiled.get_or_init(|| Fragment::compile(engine, &self.text)).as_ref().map_err(String::as_str)
    }
}

/// What must hold.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Assertion {
    /// The node satisfies a JSON Schema fragment. Outcomes are named by the failing keyword; `default` serves the rest.
    Schema(Schema),
    /// A named function finds nothing.
    Function(Call),
    /// Checked by the program itself (syntax, schema, files); the rule file gives it words.
    Builtin,
}

/// A call of a named function.
#[derive(Debug, Deserialize)]
pub struct Call {
    /// Its name in [`super::functions`].
    pub name: String,
    /// Its options, checked against the function's own schema when the rule is loaded by the tests.
    #[serde(default)]
    pub options: Option<Box<RawValue>>,
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
    /// Whether the key rather than the value is underlined.
    #[serde(default)]
    pub at_key: bool,
    /// Words for related places, by the name under which the check reports them.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

/// A list in `rules/selectors.json5`: where a kind of thing stands in either layout.
#[derive(Debug, Deserialize)]
pub struct Slot {
    /// The layout it belongs to; absent: both.
    #[serde(default)]
    pub layout: Option<String>,
    /// A JSONPath.
    #[serde(default)]
    pub path: Option<String>,
    /// Entries of env files instead.
    #[serde(default)]
    pub env: Option<EnvSelector>,
    /// The provider whose slot it is.
    #[serde(default)]
    pub provider: Option<String>,
    /// Or the step of the path (from 0) that names the provider.
    #[serde(default, rename = "providerStep")]
    pub provider_step: Option<usize>,
}
