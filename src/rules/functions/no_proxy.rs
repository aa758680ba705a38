//! `no-proxy`: lists of hosts that are reached without the proxy.
//!
//! Source: undici's `EnvHttpProxyAgent`, which OpenClaw 2026.9.6 uses: entries are parted by commas and blanks, `*` counts
//! only alone, an entry is a host with or without a port.

use crate::credentials::{Category, table};
use crate::project::{Layout, Origin, Path};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::Target;

use super::{Function, Input, NO_OPTIONS, endpoint};

/// Outcomes, all with `slot` and `entry`: `separator`, `address` (`host`), `wildcard`, `everything`, `range`, `pattern`,
/// `loopback` (`missing`), `provider` (`provider`; in the guide layout, whose lists are for its providers alone).
pub(super) const NO_PROXY: Function = Function { name: "no-proxy", options: NO_OPTIONS, run };

/// A list, and where it stands.
struct List<'a> {
    text: &'a str,
    slot: String,
    place: Origin,
    path: Option<Path>,
    guide: bool,
}

fn run(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let lists = input.targets.iter().filter_map(|target| match target {
        Target::Node(node) if !node.value.unresolved => Some(List {
            text: node.value.as_str()?,
            slot: node.path.to_string(),
            place: node.value.origin,
            path: Some(node.path.clone()),
            guide: node.config.layout == Layout::Guide,
        }),
        Target::Entry(entry) if entry.entry.loaded => Some(List {
            text: &entry.entry.value,
            slot: entry.entry.key.to_string(),
            place: entry.value_origin(),
            path: None,
            guide: false,
        }),
        _ => None,
    });
    lists.filter_map(|list| problem(&list)).collect()
}

/// The first thing that is wrong; one list, one finding.
fn problem(list: &List<'_>) -> Option<Violation> {
    let of = |outcome: &'static str, entry: &str| {
        let mut violation = Violation::new(outcome, list.place).param("slot", list.slot.clone()).param("entry", entry);
        violation.path.clone_from(&list.path);
        violation
    };
    if list.text.trim().is_empty() {
        return None;
    }
    if list.text.contains(';') {
        return Some(of("separator", ";"));
    }
    let entries: Vec<&str> =
        list.text.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty()).collect();
    for entry in &entries {
        if let Some((_, rest)) = entry.split_once("://") {
            let host = rest.split('/').next().unwrap_or_default();
            return Some(of("address", entry).param("host", host));
        }
        if *entry == "*" {
            return Some(of(if entries.len() > 1 { "wildcard" } else { "everything" }, entry));
        }
        if entry.trim_start_matches("*.").contains('*') {
            let numbers = entry.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'*'));
            return Some(of(if numbers { "range" } else { "pattern" }, entry));
        }
        if let Some((host, bits)) = entry.split_once('/') {
            let is_range = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
            return Some(if is_range { of("range", entry) } else { of("address", entry).param("host", host) });
        }
    }
    let has = |name: &str| entries.iter().any(|entry| entry.trim_matches(['[', ']']).eq_ignore_ascii_case(name));
    if list.guide
        && let Some((entry, provider)) = bypassed(&entries)
    {
        return Some(of("provider", entry).param("provider", provider));
    }
    match (has("localhost"), has("127.0.0.1")) {
        (true, false) => Some(of("loopback", "localhost").param("missing", "127.0.0.1")),
        (false, true) => Some(of("loopback", "127.0.0.1").param("missing", "localhost")),
        _ => None,
    }
}

/// A vendor's host among the entries: requests to it go past the proxy.
fn bypassed<'e>(entries: &[&'e str]) -> Option<(&'e str, &'static str)> {
    entries.iter().find_map(|entry| {
        let host = entry.trim_start_matches('*').trim_start_matches('.').split(':').next()?;
        let covers = |base: &str| {
            let found = endpoint::host(base).unwrap_or_default();
            found == host || host.contains('.') && found.strip_suffix(host).is_some_and(|rest| rest.ends_with('.'))
        };
        let mut models = table().providers().iter().filter(|p| p.category == Category::Model && !p.self_hosted);
        let provider = models.find(|provider| provider.base_url.is_some_and(covers))?;
        Some((*entry, provider.name))
    })
}
