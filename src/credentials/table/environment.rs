//! Variables: what they hold, and which of them OpenClaw reads.

use serde::Deserialize;

use super::Provider;

/// A name that people expect OpenClaw to read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Misread {
    /// The name in the file.
    pub name: &'static str,
    /// The name OpenClaw reads; empty: none.
    pub reads: &'static str,
    /// The provider id without which the name is another tool's business.
    #[serde(default, borrow)]
    pub only_for: Option<&'static str>,
}

/// Names that mean something to OpenClaw, beyond provider credentials.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KnownEnv {
    /// The supported operator contract.
    #[serde(borrow)]
    pub contract: Vec<&'static str>,
    /// Documented elsewhere.
    #[serde(borrow)]
    pub documented: Vec<&'static str>,
    /// Read by container set-ups, never by the program.
    #[serde(borrow)]
    pub container_only: Vec<&'static str>,
    /// Set by OpenClaw for its children.
    #[serde(borrow)]
    pub injected: Vec<&'static str>,
    /// Read without any promise.
    #[serde(borrow)]
    pub internal: Vec<&'static str>,
    /// Writes secrets somewhere or lowers a guard.
    #[serde(borrow)]
    pub dangerous: Vec<&'static str>,
    /// Prefixes of the product's earlier names.
    #[serde(borrow)]
    pub legacy_prefixes: Vec<&'static str>,
    /// Other owners' variables that OpenClaw or its runtime reads.
    #[serde(borrow)]
    pub foreign: Vec<&'static str>,
}

impl KnownEnv {
    /// Every `OPENCLAW_` name that is read.
    pub fn openclaw(&self) -> impl Iterator<Item = &'static str> {
        [&self.contract, &self.documented, &self.container_only, &self.injected, &self.internal]
            .into_iter()
            .flatten()
            .copied()
    }

    /// Whether the name is known in any group.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.openclaw()
            .chain(self.dangerous.iter().copied())
            .chain(self.foreign.iter().copied())
            .any(|known| known == name)
    }
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EnvKind {
    /// A credential that the provider issued.
    Credential,
    /// A secret that the user makes up (gateway token, webhook secret, password).
    Chosen,
    /// Several credentials, separated by commas, semicolons or spaces.
    List,
    /// An admin or session key for usage reports.
    Admin,
    /// A public identifier, such as an application id.
    Identifier,
    /// An endpoint.
    Url,
    /// A path of a file.
    Path,
    /// Any other setting.
    Setting,
}

impl EnvKind {
    /// Whether the value must stay secret.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self, EnvKind::Credential | EnvKind::Chosen | EnvKind::List | EnvKind::Admin)
    }
}

/// What a variable is to OpenClaw.
#[derive(Debug, Clone)]
pub struct EnvRole<'a> {
    /// The name as the table spells it: the base name for a rotation name such as `OPENAI_API_KEY_2`.
    pub name: &'static str,
    /// What it holds.
    pub kind: EnvKind,
    /// The providers that read it.
    pub providers: Vec<&'a Provider>,
    /// Whether OpenClaw reads it only as a further key to rotate through.
    pub rotation: bool,
}
