//! The schemas in this repository: the generated store is whole, and both it and the guide's schema say what they should.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "helpers of tests")]

use openclaw_lint::schema::{Engine, SchemaRef, Store, fingerprint, guide};
use serde_json::{Value, json};

fn latest() -> SchemaRef<'static> {
    let store = Store::bundled();
    store.root(store.latest().unwrap())
}

fn accepts(schema: &Value, instance: &Value) -> bool {
    Engine::new().build(schema).unwrap().is_valid(instance)
}

#[test]
fn every_release_rebuilds_to_what_was_imported() {
    let store = Store::bundled();
    assert!(store.releases().len() >= 62);
    assert_eq!(store.latest().unwrap(), store.releases().iter().max_by_key(|release| release.version.clone()).unwrap());
    for release in store.releases() {
        let root = store.root(release);
        assert!(root.is_closed(), "{} takes unknown keys", release.version);
        assert_eq!(fingerprint(&root.expand()), release.fingerprint, "{}", release.version);
    }
}

#[test]
fn the_index_names_the_start_of_every_line() {
    let store = Store::bundled();
    let pool = include_str!("../schemas/openclaw/pool.jsonl");
    assert_eq!(pool.lines().count(), store.len());
    for (at, line) in (0..).zip(pool.lines()) {
        assert_eq!(store.line(at), Some(line));
    }
    assert_eq!(store.line(u32::try_from(store.len()).unwrap()), None);
}

#[test]
fn the_oldest_and_the_newest_release_compile() {
    let store = Store::bundled();
    for release in [store.releases().first().unwrap(), store.latest().unwrap()] {
        Engine::new().build(&store.root(release).expand()).unwrap();
    }
}

#[test]
fn agents_may_be_named_in_either_case() {
    let schema = latest().expand();
    assert!(accepts(&schema, &json!({"agents": {"entries": {"Main_1": {}}}})));
    assert!(!accepts(&schema, &json!({"agents": {"entries": {"-main": {}}}})));
    let codex = |agent: &str| json!({"mcp": {"servers": {"x": {"command": "y", "codex": {"agents": [agent]}}}}});
    assert!(accepts(&schema, &codex("Main")) && !accepts(&schema, &codex("_main")));
}

#[test]
fn urls_are_judged_as_javascript_parses_them() {
    let schema = latest().expand();
    let proxy = |url: &str| json!({"proxy": {"proxyUrl": url}});
    assert!(accepts(&schema, &proxy("http://127.0.0.1:3128")));
    assert!(!accepts(&schema, &proxy("127.0.0.1:3128")));
}

#[test]
fn nothing_is_fetched_and_other_documents_are_out_of_reach() {
    for reference in ["https://example.com/schema.json", "file:///etc/hosts"] {
        assert!(Engine::new().build(&json!({"$ref": reference})).is_err());
    }
}

#[test]
fn the_kinds_of_error_are_the_known_ones() {
    let schema = json!({
        "additionalProperties": false,
        "required": ["r"],
        "properties": {"a": {"type": "string"}, "b": {"enum": [1]}, "c": {"anyOf": [{"type": "null"}, {"type": "array"}]},
            "d": {"pattern": "^x$", "minLength": 9, "format": "uri"}, "e": {"const": 1}, "f": {"maximum": 1}}});
    let instance = json!({"a": 1, "b": 2, "c": 3, "d": "y", "e": 2, "f": 2, "z": 0});
    let validator = Engine::new().build(&schema).unwrap();
    let mut kinds: Vec<_> = validator
        .iter_errors(&instance)
        .map(|error| format!("{} {} {}", error.instance_path(), error.schema_path(), error.kind().keyword()))
        .collect();
    kinds.sort();
    insta::assert_snapshot!(kinds.join("\n"));
}

#[test]
fn the_guide_schema_takes_the_guide_and_nothing_unknown() {
    let example = json!({
        "$schema": "./guide.json",
        "secrets": {
            "anthropic": {"apiKey": "{{ANTHROPIC_API_KEY}}", "apiUrl": "https://api.anthropic.com"},
            "openai": {"apiKey": "k", "apiUrl": "https://api.openai.com/v1", "organization": "org-x"},
            "google": {"apiKey": "k"},
            "azure": {"apiKey": "k", "apiBase": "https://r.openai.azure.com", "apiVersion": "2024-02-15-preview", "deployment": "d"},
            "vault": {"enabled": true, "address": "https://vault.example"}, "aws": {"enabled": true, "region": "eu-central-1"},
            "encryption": {"enabled": false, "key": "k"}},
        "auth": {
            "tokenRefresh": {"enabled": true, "interval": 3600, "threshold": 300},
            "providers": {"azure": {"useManagedIdentity": true, "clientId": "00000000-0000-0000-0000-000000000000"}}},
        "gateway": {"defaultProvider": "anthropic", "routing": {"chat": {"anything": ["goes"]}}},
        "network": {"proxy": "http://p:8080", "noProxy": "localhost,127.0.0.1"},
        "logging": {"level": "info", "http": {"enabled": true, "headers": false}},
        "monitoring": {
            "authErrors": {"enabled": true, "threshold": 5, "window": "5m", "actions": ["email", "slack", "pagerduty"]},
            "tokenExpiry": {"enabled": true, "warningDays": 7, "criticalDays": 1},
            "usageAlerts": {"enabled": true, "quotaPercentage": 80}}});
    assert!(accepts(guide(), &example));
    for unknown in [
        json!({"agents": {}}),
        json!({"secrets": {"anthropic": {"key": "k"}}}),
        json!({"logging": {"file": "x"}}),
        json!({"gateway": {"port": 1}}),
        json!({"monitoring": {"authErrors": {"actions": ["fax"]}}}),
    ] {
        assert!(!accepts(guide(), &unknown), "{unknown}");
    }
}

#[test]
fn every_object_of_the_guide_schema_is_closed_but_the_routing_rules() {
    let mut pending = vec![("".to_owned(), SchemaRef::from(guide()))];
    while let Some((path, schema)) = pending.pop() {
        let is_object = schema.keyword("type") == Some(&json!("object"));
        assert_eq!(is_object, schema.is_closed(), "{path}");
        pending.extend(schema.properties().map(|(name, child)| (format!("{path}.{name}"), child)));
    }
}
