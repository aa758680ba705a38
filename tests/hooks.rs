//! The hooks that pre-commit reads choose the files that are ours.
#![allow(clippy::unwrap_used, reason = "what cannot be prepared fails the test")]

use std::sync::LazyLock;

use fancy_regex::Regex;
use openclaw_lint::discover::{Kind, classify, file_patterns};
use proptest::prelude::*;
use saphyr::{LoadableYamlNode, YamlOwned};

static PATTERNS: LazyLock<Patterns> = LazyLock::new(Patterns::new);

struct Patterns {
    configs: Regex,
    env_files: Regex,
    exclude: Regex,
}

impl Patterns {
    fn new() -> Self {
        let patterns = file_patterns();
        let regex = |text: &str| Regex::new(text).unwrap();
        Self {
            configs: regex(&patterns.configs),
            env_files: regex(&patterns.env_files),
            exclude: regex(&patterns.exclude),
        }
    }

    fn take(&self, path: &str) -> bool {
        let is = |regex: &Regex| regex.is_match(path).unwrap();
        (is(&self.configs) || is(&self.env_files)) && !is(&self.exclude)
    }
}

#[test]
fn usual_names_are_chosen_and_those_of_others_are_not() {
    for ours in [
        "openclaw.json",
        ".openclaw/openclaw.json5",
        "a/b/OpenClaw.JSON",
        "openclaw.production.json",
        "prod.openclaw.json",
        "clawdbot.json",
        "openclaw.json.template",
        "openclaw.json-example",
        "openclaw.json.bak.1",
        "openclaw.json~",
        "openclaw-remote.json",
        "lock/openclaw.json",
        ".env",
        "deploy/.env.production",
        "gateway.env",
        ".env.example",
        ".env-example",
        "env.sample",
    ] {
        assert!(PATTERNS.take(ours), "{ours}");
    }
    for theirs in [
        "openclaw-lint.json5",
        ".openclaw-lint.json5",
        "openclaw.plugin.json",
        "openclaw.schema.json",
        "openclaw-plugin.json",
        "openclaw.json.md",
        "openclaw.json/readme",
        "package.json",
        "my-openclaw.json",
        ".envrc",
        ".env.ts",
        ".env.json",
        "env",
        "vite.env.d.ts",
        "environment",
    ] {
        assert!(!PATTERNS.take(theirs), "{theirs}");
    }
}

#[test]
fn every_hook_of_the_file_is_whole() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.pre-commit-hooks.yaml")).unwrap();
    let hooks = YamlOwned::load_from_str(&text).unwrap().remove(0);
    let patterns = file_patterns();
    let mut ids = Vec::new();
    for hook in hooks.as_vec().unwrap() {
        let text = |key: &str| hook.as_mapping_get(key).and_then(YamlOwned::as_str).unwrap().to_owned();
        let files = if text("id").contains("-env") { &patterns.env_files } else { &patterns.configs };
        assert_eq!((&text("files"), text("exclude")), (files, patterns.exclude.clone()));
        assert_eq!(text("entry"), "openclaw-lint check");
        ids.push((text("id"), text("language")));
    }
    let expected = [
        ("openclaw-lint", "rust"),
        ("openclaw-lint-env", "rust"),
        ("openclaw-lint-system", "system"),
        ("openclaw-lint-env-system", "system"),
    ];
    assert_eq!(ids, expected.map(|(id, language)| (id.to_owned(), language.to_owned())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn only_ours_are_chosen(
        name in "(openclaw|clawdbot|\\.env|env|\\.?openclaw-lint|prod|plugin|lock|my)([-_. ]?(openclaw|env|json5?|plugin|lock|bak|example|md|prod|1|x)){0,4}~?",
    ) {
        prop_assert!(!PATTERNS.take(&name) || classify(&name).is_some(), "{name} is none of ours");
    }

    #[test]
    fn every_config_is_chosen(
        name in "(openclaw|prod\\.openclaw|clawdbot)([-_.](prod|dev|plugin|x|schema|config)){0,2}\\.json5?([-_.](example|bak|1|md|x)){0,2}~?",
    ) {
        let is_config = classify(&name).is_some_and(|info| info.kind == Kind::Config);
        prop_assert_eq!(PATTERNS.take(&name), is_config, "{}", name);
    }

    #[test]
    fn every_usual_env_file_is_chosen(
        name in "(\\.env|prod\\.env|gateway\\.env|env)([-_.](local|example|bak|prod|ts|json|x)){0,2}",
    ) {
        prop_assert_eq!(PATTERNS.take(&name), classify(&name).is_some(), "{}", name);
    }
}
