//! The same config, judged by several releases.

use std::path::PathBuf;

use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover;
use openclaw_lint::host::MemoryHost;
use openclaw_lint::report::Report;
use openclaw_lint::rules::Catalog;
use openclaw_lint::schema::{Store, Version};

fn checked(text: &str, version: &str) -> Report {
    let version: Version = version.parse().expect("a version");
    let release = Store::bundled().release(&version).expect("a bundled release");
    let input = Input {
        path: PathBuf::from("/project/openclaw.json"),
        shown: "openclaw.json".to_owned(),
        info: discover::classify_explicit("openclaw.json"),
        content: Content::Bytes(text.as_bytes().to_vec()),
        context: false,
    };
    check::run(vec![input], &Settings::new(release), Catalog::bundled(), &MemoryHost::new("/home/user"))
}

fn blocking(text: &str, version: &str) -> Vec<String> {
    let report = checked(text, version);
    let blocking = report.findings.iter().filter(|finding| finding.blocking);
    blocking.map(|finding| format!("{} {}", finding.rule, finding.config_path.clone().unwrap_or_default())).collect()
}

#[test]
fn a_key_is_judged_by_the_release() {
    let keyed = r#"{ tools: { web: { search: { apiKey: "${BRAVE_API_KEY}" } } } }"#;
    assert_eq!(blocking(keyed, "2026.7.1"), [""; 0]);
    assert!(!blocking(keyed, "2026.8.1").is_empty());
}

#[test]
fn install_records_are_dropped_while_they_were() {
    let installs = r#"{ plugins: { installs: { feishu: { source: "npm" } } } }"#;
    assert_eq!(blocking(installs, "2026.4.1"), [""; 0]);
    assert_eq!(blocking(installs, "2026.5.28"), [""; 0]);
    assert_eq!(blocking(installs, "2026.7.35"), [""; 0]);
    assert_eq!(blocking(installs, "2026.8.1"), ["schema/unknown-key plugins"]);
}

#[test]
fn a_roster_needs_an_owner_where_agents_can_have_one() {
    let two = |key: &str| format!("{{ agents: {{ {key} }} }}");
    let list = two(r#"list: [{ id: "home" }, { id: "work" }]"#);
    assert_eq!(blocking(&list, "2026.7.35"), [""; 0]);
    let entries = two("entries: { home: {}, work: {} }");
    assert_eq!(blocking(&entries, "2026.9.6"), ["agents/roster agents.ownership"]);
}

#[test]
fn every_release_accepts_an_empty_config_and_refuses_an_unknown_key() {
    for release in Store::bundled().releases() {
        let version = release.version.to_string();
        assert_eq!(blocking("{}", &version), [""; 0], "{version}");
        assert_eq!(blocking("{ gatewy: {} }", &version).len(), 1, "{version}");
    }
}
