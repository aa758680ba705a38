//! `base-url`: addresses of model providers.

use std::sync::Arc;

use serde::Deserialize;

use crate::credentials::{self, Category, Provider, azure, table};
use crate::project::reference::{self, Token};
use crate::project::{Layout, Origin, Path};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::{Entry, Node, Target};

use super::held::Variables;
use super::{Function, Input, endpoint, options};

/// Outcomes, all with `slot`, `provider` and `base` (the vendor's address): `scheme`, `http`, `portal`, `other-vendor`
/// (`owner`), `misspelt` (`found`, `suggestion`), `version-missing`, `doubled`, `endpoint` (`tail`). One finding for an address at most.
pub(super) const BASE_URL: Function = Function { name: "base-url", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "properties": {
        "portals": { "type": "array", "items": { "type": "string" } },
        "endpoints": { "type": "array", "items": { "type": "string" } }
    }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// Hosts of vendors' websites, which serve no API.
    #[serde(default)]
    portals: Vec<String>,
    /// Paths that programs append themselves.
    #[serde(default)]
    endpoints: Vec<String>,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    let variables = Variables::of(input.project);
    let found = input.targets.iter().filter_map(|target| match target {
        Target::Node(node) => Address::of_node(node, &variables),
        Target::Entry(entry) => Address::of_entry(entry),
        Target::Config(_) | Target::EnvFile(_) | Target::Project(_) => None,
    });
    found.filter_map(|address| address.violation(&options)).collect()
}

/// An address, and what is known about its place.
struct Address<'a> {
    url: &'a str,
    origin: Origin,
    path: Option<Path>,
    slot: String,
    /// The provider that the settings are named after.
    provider: Option<&'static Provider>,
    /// Whether the key that goes there is surely this provider's, so that no other one's address can be right.
    own_key: bool,
}

impl<'a> Address<'a> {
    fn of_node(node: &'a Node<'a>, variables: &Variables<'_>) -> Option<Self> {
        let url = node.value.as_str().filter(|_| !node.value.unresolved)?;
        let provider = owner(node);
        Some(Self {
            url: url.trim(),
            origin: node.value.origin,
            path: Some(node.path.clone()),
            slot: node.path.to_string(),
            provider,
            own_key: match node.config.layout {
                Layout::Guide => true,
                Layout::OpenClaw => provider.is_some_and(|provider| has_own_key(node, provider, variables)),
            },
        })
    }

    fn of_entry(entry: &'a Entry<'a>) -> Option<Self> {
        let role = table().env_role(&entry.entry.key)?;
        Some(Self {
            url: entry.entry.value.trim(),
            origin: entry.value_origin(),
            path: None,
            slot: entry.entry.key.to_string(),
            provider: role.providers.first().and_then(|provider| table().provider(provider.id)),
            // Addresses in variables serve to lead elsewhere.
            own_key: false,
        })
    }

    fn say(&self, outcome: &'static str) -> Violation {
        let mut violation = Violation::new(outcome, self.origin)
            .param("slot", self.slot.clone())
            .param("provider", self.provider.map(|provider| provider.name).unwrap_or_default())
            .param("base", self.base());
        violation.path.clone_from(&self.path);
        violation
    }

    fn base(&self) -> &'static str {
        self.provider.and_then(|provider| provider.base_url).unwrap_or_default()
    }

    fn violation(&self, options: &Options) -> Option<Violation> {
        // Azure's addresses have rules of their own.
        if self.url.is_empty() || azure::is_azure(self.url) {
            return None;
        }
        let Some(host) = endpoint::host(self.url) else {
            let looks_like_host =
                self.url.split('/').next().is_some_and(|host| host.contains('.') || host.contains(':'));
            let scheme = looks_like_host && !self.url.contains("://") && !self.url.contains('$');
            return scheme.then(|| self.say("scheme"));
        };
        let host = host.to_ascii_lowercase();
        if options.portals.contains(&host) {
            return Some(self.say("portal"));
        }
        let own = self.provider.is_some_and(|provider| !provider.self_hosted && is_own(provider, &host));
        if !own
            && self.own_key
            && let Some(owner) = endpoint::other_vendor(self.url)
            && self.provider.is_some_and(|provider| provider.name != owner)
        {
            return Some(self.say("other-vendor").param("owner", owner));
        }
        let known = own || endpoint::other_vendor(self.url).is_some();
        if known && self.url.to_ascii_lowercase().starts_with("http://") {
            return Some(self.say("http"));
        }
        if !known && let Some(suggestion) = slip_for(&host) {
            return Some(self.say("misspelt").param("found", host).param("suggestion", suggestion));
        }
        self.path_violation(options, own)
    }

    fn path_violation(&self, options: &Options, own: bool) -> Option<Violation> {
        let path = endpoint::tail(self.url).split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        if let Some(tail) = options.endpoints.iter().find(|tail| path.ends_with(tail.as_str())) {
            return Some(self.say("endpoint").param("tail", tail.as_str()));
        }
        if path.contains("/v1/v1") {
            return Some(self.say("doubled"));
        }
        let version = endpoint::tail(self.base()).trim_end_matches('/');
        (own && path.is_empty() && version == "/v1").then(|| self.say("version-missing"))
    }
}

/// Whether the key beside an address is the provider's own: a reference to its variable, or a key in its format.
fn has_own_key(node: &Node<'_>, provider: &Provider, variables: &Variables<'_>) -> bool {
    let settings = node.path.parent().and_then(|path| node.config.root.as_ref()?.at(&path));
    let Some(key) = settings.and_then(|settings| settings.get("apiKey")) else { return false };
    let is_own = |text: &str| {
        let foreign = credentials::detect(text);
        foreign.is_some_and(|found| found.owner == provider.name)
    };
    let Some(raw) = &key.raw else { return key.as_str().is_some_and(is_own) };
    let mut tokens = reference::tokens(raw);
    let Some(Token::Reference { name, .. }) = tokens.next() else { return false };
    // What the variable holds is the truth, where it can be seen.
    match variables.get(name) {
        Some((_, entry)) => is_own(&entry.value),
        None => table().env_role(name).is_some_and(|role| role.providers.iter().any(|known| known.id == provider.id)),
    }
}

/// Shorter hosts have too many neighbours.
const MIN_HOST: usize = 13;

/// The host of a vendor that differs in one letter, or in two neighbours.
fn slip_for(host: &str) -> Option<&'static str> {
    let near = |known: &&str| {
        known.len() >= MIN_HOST && is_close(host, known) && strsim::damerau_levenshtein(host, known) == 1
    };
    let of_model = |host: &&str| {
        table().providers_at(host).any(|vendor| vendor.category == Category::Model && !vendor.self_hosted)
    };
    table().hosts().filter(near).find(of_model)
}

/// Whether two hosts differ in one short piece: nearly all others need no closer look.
fn is_close(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let alike = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = |text: &[u8]| text.len() - alike;
    let ends = || a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    a.len().abs_diff(b.len()) <= 1 && rest(a).max(rest(b)) <= ends() + 2
}

/// The provider that the settings are named after.
fn owner(node: &Node<'_>) -> Option<&'static Provider> {
    let name = node.provider.as_deref()?;
    let guide = table().guide().iter().find(|entry| entry.id == name).map(|entry| entry.provider);
    table().provider(guide.unwrap_or(name))
}

fn is_own(provider: &Provider, host: &str) -> bool {
    let bases = provider.base_url.into_iter().chain(provider.alt_base_urls.iter().copied());
    bases.filter_map(endpoint::host).any(|own| own == host)
}
