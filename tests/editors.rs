//! The set-ups of `docs/editors.md`: each is read by a parser of its format, names the program as it must, and catches the
//! files that are ours. That of Emacs is tried in Emacs, where there is one.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what is not as expected stops the test"
)]

use std::path::Path;
use std::process::{Command, Stdio};

use glob::Pattern;
use serde_json::{Value, json};

fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The first block of a language under a heading.
fn snippet(heading: &str, language: &str) -> String {
    let text = std::fs::read_to_string(here("docs/editors.md")).unwrap();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
    let section = section.split("\n## ").next().unwrap();
    let (_, block) = section.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("no {language}"));
    block.split_once("```").unwrap().0.to_owned()
}

/// Whether one of the patterns catches each of the names.
fn catches(patterns: &[&str], names: &[&str]) {
    for name in names {
        let caught = patterns.iter().any(|pattern| Pattern::new(pattern).unwrap().matches(name));
        assert!(caught, "{name} is not caught by {patterns:?}");
        assert!(openclaw_lint::discover::classify(name).is_some(), "{name} is not ours");
    }
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|each| each.as_str().unwrap()).collect()
}

const CONFIGS: [&str; 4] = ["openclaw.json", "openclaw.production.json", "openclaw-prod.json", "team.openclaw.json"];
const ENVS: [&str; 3] = [".env", ".env.production", "gateway.env"];

/// Settings that the server knows; it would take no notice of others.
fn settings(given: &Value) {
    let known = ["openclawVersion", "layout", "lang", "processEnv", "hostChecks"];
    for key in given.as_object().unwrap().keys() {
        assert!(known.contains(&key.as_str()), "{key}");
    }
}

#[test]
fn helix() {
    let table: toml::Table = snippet("Helix", "toml").parse().unwrap();
    let config = serde_json::to_value(table).unwrap();
    let server = &config["language-server"]["openclaw-lint"];
    assert_eq!((&server["command"], &server["args"]), (&json!("openclaw-lint"), &json!(["lsp"])));
    settings(&server["config"]);
    for (language, names) in [("json5", CONFIGS.as_slice()), ("env", ENVS.as_slice())] {
        let languages = config["language"].as_array().unwrap();
        let language = languages.iter().find(|each| each["name"] == language).unwrap();
        assert_eq!(language["language-servers"], json!(["openclaw-lint"]));
        let pattern = |each: &Value| match each["glob"].as_str() {
            Some(glob) => glob.to_owned(),
            None => format!("*.{}", each.as_str().unwrap()),
        };
        let patterns: Vec<String> = language["file-types"].as_array().unwrap().iter().map(pattern).collect();
        catches(&patterns.iter().map(String::as_str).collect::<Vec<_>>(), names);
    }
}

#[test]
fn zed() {
    let config: Value = serde_json::from_str(&snippet("Zed", "json")).unwrap();
    catches(&strings(&config["file_types"]["JSONC"]), &CONFIGS);
    let server = &config["lsp"]["json-language-server"];
    assert_eq!(server["binary"], json!({ "path": "openclaw-lint", "arguments": ["lsp"] }));
    settings(&server["initialization_options"]);
}

#[test]
fn sublime_text() {
    let config: Value = serde_json::from_str(&snippet("Sublime Text", "json")).unwrap();
    let client = &config["clients"]["openclaw-lint"];
    assert_eq!((&client["enabled"], &client["command"]), (&json!(true), &json!(["openclaw-lint", "lsp"])));
    settings(&client["initializationOptions"]);
}

#[test]
fn jetbrains() {
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(here("editors/jetbrains/openclaw-lint").join(name)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let template = read("template.json");
    assert_eq!(template["programArgs"]["default"], "openclaw-lint lsp");
    let mappings = template["fileTypeMappings"].as_array().unwrap();
    let patterns = |id: &str| {
        let mapping = mappings.iter().find(|mapping| mapping["languageId"] == id).unwrap();
        strings(&mapping["fileType"]["patterns"])
    };
    catches(&patterns("json5"), &CONFIGS);
    catches(&patterns("dotenv"), &ENVS);
    settings(&read("initializationOptions.json"));
    assert!(read("settings.json").is_object() && read("clientSettings.json").is_object());
}

#[test]
fn a_session_in_emacs() {
    let asked = ["--batch", "--eval", "(progn (package-initialize) (require 'eglot))"];
    let has_eglot = Command::new("emacs").args(asked).stdin(Stdio::null()).output();
    if !has_eglot.is_ok_and(|output| output.status.success()) {
        println!("no Emacs with Eglot here: not tested with it");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |name: &str, text: &str| std::fs::write(root.join(name), text).unwrap();
    write("configuration.el", &snippet("Emacs", "elisp"));
    write("openclaw.json", "// mine\n{\n  gateway: { port: \"18789\", mode: \"local\" },\n  agnts: {},\n}\n");
    write("gateway.env", "LOG_LEVEL=a\nLOG_LEVEL=b\n");
    let programs = Path::new(env!("CARGO_BIN_EXE_openclaw-lint")).parent().unwrap().to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(programs).chain(std::env::split_paths(&path))).unwrap();
    let output = Command::new("emacs")
        .arg("--batch")
        .arg("--load")
        .arg(here("tests/fixtures/emacs/session.el"))
        .env("PATH", path)
        .env("HOME", root)
        .env("LC_ALL", "C.UTF-8")
        .env("CONFIGURATION", root.join("configuration.el"))
        .env("FOLDER", root)
        .env("SEEN", root.join("seen.json"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let seen: Value = serde_json::from_str(&std::fs::read_to_string(root.join("seen.json")).unwrap()).unwrap();
    let has = |file: &Value, line: u64, rule: &str| {
        let found = file["found"].as_array().unwrap();
        found.iter().any(|each| each["line"] == line && each["text"].as_str().unwrap().contains(rule))
    };
    assert_eq!(seen[0]["mode"], "openclaw-mode");
    assert!(has(&seen[0], 3, "schema/wrong-type") && has(&seen[0], 4, "schema/unknown-key"), "{seen}\n{said}");
    assert_eq!(seen[1]["mode"], "openclaw-env-mode");
    assert!(has(&seen[1], 1, "env/duplicate-key"), "{seen}\n{said}");
}
