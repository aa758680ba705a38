//! Providers, and what their keys look like.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::EnvKind;
use super::sections::{lazily, read};
use crate::credentials::shape::Shape;

/// What a provider is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Category {
    /// Language models.
    Model,
    /// Web search.
    Search,
    /// Speech, image, video.
    Media,
    /// Messaging channels.
    Channel,
    /// OpenClaw's own gateway.
    Gateway,
}

/// One provider or channel.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Provider {
    /// OpenClaw's id, such as `anthropic`.
    pub id: &'static str,
    /// The name for people, such as `Anthropic`.
    pub name: &'static str,
    /// Other ids that mean the same provider.
    #[serde(default, borrow)]
    pub aliases: Vec<&'static str>,
    /// What it is used for.
    pub category: Category,
    /// Variables in the order in which OpenClaw tries them.
    #[serde(borrow)]
    pub env: Vec<&'static str>,
    /// Variables for usage reports; they hold admin keys.
    #[serde(default, borrow)]
    pub usage_env: Vec<&'static str>,
    /// Variables (and config slots) that are not simply a credential.
    #[serde(default, borrow)]
    pub roles: BTreeMap<&'static str, EnvKind>,
    /// Default endpoint.
    #[serde(default, borrow)]
    pub base_url: Option<&'static str>,
    /// Other endpoints of the vendor: regions and plans.
    #[serde(default, borrow)]
    pub alt_base_urls: Vec<&'static str>,
    /// The user runs the server and makes the key up: no format is enforced.
    #[serde(default)]
    pub self_hosted: bool,
    /// Ids of providers whose keys are legitimate here; `*` means any.
    #[serde(default, borrow)]
    pub accepts: Vec<&'static str>,
    /// Config key to the slot that [`KeyFormat::slots`] names.
    #[serde(default, borrow)]
    pub config_slots: BTreeMap<&'static str, &'static str>,
    /// Not parsed before someone asks: most runs judge the keys of a few providers only.
    #[serde(default, borrow, rename = "formats")]
    formats_json: Option<&'static RawValue>,
    #[serde(default, borrow, rename = "lookalikes")]
    lookalikes_json: Option<&'static RawValue>,
    #[serde(skip)]
    formats: OnceLock<Vec<KeyFormat>>,
    #[serde(skip)]
    lookalikes: OnceLock<Vec<Lookalike>>,
}

impl Provider {
    /// Formats, the most certain first.
    #[must_use]
    pub fn formats(&self) -> &[KeyFormat] {
        lazily(&self.formats, self.formats_json.map_or("[]", RawValue::get)).as_slice()
    }

    /// What often lands here by mistake and is known from its shape.
    #[must_use]
    pub fn lookalikes(&self) -> &[Lookalike] {
        lazily(&self.lookalikes, self.lookalikes_json.map_or("[]", RawValue::get)).as_slice()
    }

    /// Whether any format of the vendor is known.
    #[must_use]
    pub fn has_formats(&self) -> bool {
        self.formats_json.is_some()
    }

    /// Whether both lists can be read.
    pub(super) fn check(&self) -> Result<(), String> {
        let text = |json: Option<&'static RawValue>| json.map_or("[]", RawValue::get);
        let formats = read::<Vec<KeyFormat>>(text(self.formats_json)).map(drop);
        formats
            .and_then(|()| read::<Vec<Lookalike>>(text(self.lookalikes_json)).map(drop))
            .map_err(|e| format!("{}: {e}", self.id))
    }

    /// What a variable holds for this provider, if it reads it.
    pub(super) fn kind_of(&self, name: &str) -> Option<EnvKind> {
        self.slots().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }

    /// All variables and slots that this provider names, with their roles.
    pub fn slots(&self) -> impl Iterator<Item = (&'static str, EnvKind)> {
        let role = |name: &&'static str, default| (*name, self.roles.get(name).copied().unwrap_or(default));
        let env = self.env.iter().map(move |name| role(name, EnvKind::Credential));
        let usage = self.usage_env.iter().map(move |name| role(name, EnvKind::Admin));
        let rest = self.roles.iter().filter(|(name, _)| !self.env.contains(name) && !self.usage_env.contains(name));
        env.chain(usage).chain(rest.map(|(name, kind)| (*name, *kind)))
    }
}

/// How much is known about a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Confidence {
    /// Length and alphabet are published.
    Exact,
    /// Length and alphabet are known, but sources differ or the shape is not unique.
    Shape,
    /// Only the prefix is known.
    Prefix,
}

/// One format of a provider's credentials.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyFormat {
    /// What it is, such as `API key`.
    pub kind: &'static str,
    /// Literal gate in front of the pattern; empty when there is none.
    pub prefix: &'static str,
    /// The anchored pattern, see [`Shape`].
    pub pattern: &'static str,
    /// How much is known about it.
    pub confidence: Confidence,
    /// Whether no other provider is known to issue this shape.
    pub distinctive: bool,
    /// Whether it can authenticate requests.
    pub usable: bool,
    /// The expected length for people, such as `108 characters`.
    pub length: &'static str,
    /// Prefixes that look like this format and are something else.
    #[serde(default, borrow)]
    pub exclude: Vec<&'static str>,
    /// Variables or config slots it belongs in; `None`: every credential of the provider; empty: nowhere.
    #[serde(default, borrow)]
    pub slots: Option<Vec<&'static str>>,
    /// Why it cannot be used, when it cannot.
    #[serde(default)]
    pub why: &'static str,
    /// The pattern of a value that was one of these and has lost or gained characters; empty when none is known.
    #[serde(default)]
    pub damaged: &'static str,
    #[serde(skip)]
    shape: OnceLock<Option<Shape>>,
}

impl KeyFormat {
    /// Whether the whole value has this format.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        value.starts_with(self.prefix)
            && !self.exclude.iter().any(|other| value.starts_with(other))
            && self.shape().is_some_and(|shape| shape.matches(value))
    }

    /// The parsed pattern; a test makes sure that there always is one.
    #[must_use]
    pub fn shape(&self) -> Option<&Shape> {
        self.shape.get_or_init(|| Shape::parse(self.pattern).ok()).as_ref()
    }

    /// Whether the value is one of these with characters missing or added. Values that have the format do not count.
    pub(crate) fn is_damaged(&self, value: &str) -> bool {
        !self.damaged.is_empty()
            && !self.exclude.iter().any(|other| value.starts_with(other))
            && Shape::parse(self.damaged).is_ok_and(|shape| shape.matches(value))
    }

    /// A prefix that says whose key this is; a bare `sk-` is everybody's.
    pub(crate) fn own_prefix(&self) -> Option<&'static str> {
        (self.distinctive && !self.prefix.is_empty() && self.prefix != "sk-").then_some(self.prefix)
    }

    pub(crate) fn is_firm(&self) -> bool {
        self.confidence != Confidence::Prefix
    }
}

/// Something that lands in a provider's slot by mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Lookalike {
    /// The anchored pattern, see [`Shape`].
    pub pattern: &'static str,
    /// Whose it is.
    pub owner: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// Where it belongs.
    #[serde(borrow)]
    pub belongs_in: Vec<&'static str>,
    /// Slots in which it is a mistake; empty: all.
    #[serde(default, borrow)]
    pub slots: Vec<&'static str>,
}

/// A prefix and whose key it announces.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Owner {
    /// The prefix.
    pub prefix: &'static str,
    /// The whole shape, where the prefix alone says too little.
    #[serde(default, borrow)]
    pub pattern: Option<&'static str>,
    /// Whose it is.
    pub owner: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// Where it belongs; empty: in no slot of OpenClaw.
    #[serde(borrow)]
    pub belongs_in: Vec<&'static str>,
    /// Ids of the providers in whose slots it is at home.
    #[serde(default, borrow)]
    pub providers: Vec<&'static str>,
}

/// One provider of the guide layout, `secrets.<id>`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GuideProvider {
    /// The key under `secrets`.
    pub id: &'static str,
    /// The provider id of the table.
    pub provider: &'static str,
    /// Variables that the guide exports for it.
    #[serde(borrow)]
    pub env: Vec<&'static str>,
    /// The variable for the organization id.
    #[serde(default, borrow)]
    pub organization_env: Option<&'static str>,
    /// Members it may have.
    #[serde(borrow)]
    pub fields: Vec<&'static str>,
    /// Members it must have.
    #[serde(borrow)]
    pub required: Vec<&'static str>,
}
