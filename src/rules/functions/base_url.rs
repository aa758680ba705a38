//! `base-url`: addresses of model providers.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::credentials::{Provider, azure, table};
use crate::project::Layout;
use crate::rules::Violation;
use crate::rules::select::Node;

use super::names::nodes;
use super::{Function, Input, endpoint, options};

/// Outcomes, all with `slot`, `provider` and `base` (the vendor's address): `scheme`, `http`, `portal`, `other-vendor`
/// (`owner`; guide layout), `version-missing`, `doubled`, `endpoint` (`tail`). One finding for an address at most.
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

fn run(given: Option<&RawValue>, input: &Input<'_>) -> Vec<Violation> {
    let options: Options = options(given);
    nodes(input).filter_map(|node| violation(node, &options)).collect()
}

fn violation(node: &Node<'_>, options: &Options) -> Option<Violation> {
    let url = node.value.as_str()?.trim();
    // Azure's addresses have rules of their own.
    if url.is_empty() || node.value.unresolved || azure::endpoint(url).is_azure() {
        return None;
    }
    let provider = owner(node);
    let base = provider.and_then(|provider| provider.base_url).unwrap_or_default();
    let of = |outcome: &'static str| {
        Violation::new(outcome, node.value.origin)
            .at_path(node.path.clone())
            .param("slot", node.path.to_string())
            .param("provider", provider.map(|provider| provider.name).unwrap_or_default())
            .param("base", base)
    };
    let Some(host) = endpoint::host(url) else {
        let looks_like_host = url.split('/').next().is_some_and(|host| host.contains('.') || host.contains(':'));
        return (looks_like_host && !url.contains("://") && !url.contains('$')).then(|| of("scheme"));
    };
    let host = host.to_ascii_lowercase();
    if options.portals.contains(&host) {
        return Some(of("portal"));
    }
    let own = provider.is_some_and(|provider| !provider.self_hosted && is_own(provider, &host));
    if !own
        && node.config.layout == Layout::Guide
        && let Some(owner) = endpoint::other_vendor(url)
        && provider.is_some_and(|provider| provider.name != owner)
    {
        return Some(of("other-vendor").param("owner", owner));
    }
    let known = own || endpoint::other_vendor(url).is_some();
    if known && url.to_ascii_lowercase().starts_with("http://") {
        return Some(of("http"));
    }
    let path = endpoint::tail(url).split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    if let Some(tail) = options.endpoints.iter().find(|tail| path.ends_with(tail.as_str())) {
        return Some(of("endpoint").param("tail", tail.as_str()));
    }
    if path.contains("/v1/v1") {
        return Some(of("doubled"));
    }
    let version = endpoint::tail(base).trim_end_matches('/');
    (own && path.is_empty() && version == "/v1").then(|| of("version-missing"))
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
