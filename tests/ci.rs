//! The GitHub action and the GitLab template do what they say: their files are read as those services read them, and their
//! commands are run with the real program.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a helper that fails fails the test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use saphyr::{LoadableYamlNode, YamlOwned};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn yaml(file: &str) -> YamlOwned {
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    YamlOwned::load_from_str(&text).unwrap().remove(0)
}

fn text(value: &YamlOwned) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value:?}"))
}

fn map(value: &YamlOwned) -> BTreeMap<String, &YamlOwned> {
    value.as_mapping().unwrap().iter().map(|(key, value)| (text(key).to_owned(), value)).collect()
}

/// A workspace with a config that is wrong, one that is right, and a PATH that begins with the program.
struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = folder.path().join("work").join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        write("a b/openclaw.json", "{ gateway: { mode: \"local\", prot: 1 } }\n");
        write("good/openclaw.json", "{ gateway: { mode: \"local\" } }\n");
        write("list.txt", "good/openclaw.json\n");
        Self { folder }
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.work().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    fn run(&self, script: &str, shell: &[&str], variables: &[(String, String)], with_program: bool) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_openclaw-lint")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let path = if with_program { format!("{}:{path}", program.display()) } else { path };
        let file = |name: &str| self.folder.path().join(name);
        Command::new(shell[0])
            .args(&shell[1..])
            .arg(script)
            .current_dir(self.work())
            .env("PATH", path)
            .env("LC_ALL", "C.UTF-8")
            .env("NO_COLOR", "1")
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_OUTPUT", file("output"))
            .env("GITHUB_PATH", file("path"))
            .env("RUNNER_TEMP", self.folder.path())
            .envs(variables.iter().cloned())
            .output()
            .unwrap()
    }

    /// Runs a step of the action as the runner would.
    fn step(&self, index: usize, inputs: &[(&str, &str)], with_program: bool) -> Output {
        let action = yaml("action.yml");
        let defaults = map(&action["inputs"]);
        let step = &action["runs"]["steps"][index];
        assert_eq!(text(&step["shell"]), "bash");
        assert!(inputs.iter().all(|(name, _)| defaults.contains_key(*name)));
        let value = |name: &str| {
            let given = inputs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            given.unwrap_or_else(|| text(&defaults[name]["default"]).to_owned())
        };
        let variables = map(&step["env"]).into_iter().map(|(name, template)| {
            let mut template = text(template).to_owned();
            while let Some((before, rest)) = template.split_once("${{") {
                let (expression, after) = rest.split_once("}}").unwrap();
                let resolved = match expression.trim() {
                    "github.server_url" => format!("file://{}", self.folder.path().display()),
                    "github.action_repository" => "owner/openclaw-lint".to_owned(),
                    "github.action_ref" => "main".to_owned(),
                    other => value(other.strip_prefix("inputs.").unwrap()),
                };
                template = format!("{before}{resolved}{after}");
            }
            (name, template)
        });
        let variables: Vec<_> = variables.collect();
        self.run(
            text(&step["run"]),
            &["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c"],
            &variables,
            with_program,
        )
    }

    fn outputs(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("output")).unwrap_or_default()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_action_is_one_that_github_takes() {
    let action = yaml("action.yml");
    assert_eq!(text(&action["runs"]["using"]), "composite");
    let known: Vec<String> = map(&action["inputs"]).into_keys().collect();
    for (name, input) in map(&action["inputs"]) {
        assert!(!text(&input["description"]).is_empty(), "{name}");
        assert!(input["default"].as_str().is_some(), "{name}: the default is a text");
    }
    let guide = std::fs::read_to_string(root().join("docs/ci.md")).unwrap();
    for name in &known {
        assert!(guide.contains(&format!("`{name}`")), "docs/ci.md says what `{name}` is");
    }
    let mut used = Vec::new();
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        // An input that stood in a script would be run as one.
        assert!(!text(&step["run"]).contains("${{"));
        for value in map(&step["env"]).into_values() {
            used.extend(known.iter().filter(|name| text(value).contains(&format!("${{{{ inputs.{name} }}}}"))));
        }
    }
    used.sort();
    assert_eq!(used, known.iter().collect::<Vec<_>>(), "each input is used once");
}

#[test]
fn the_action_lints_annotates_and_writes_sarif() {
    let workspace = Workspace::new();
    assert!(workspace.step(0, &[], true).status.success(), "what is on the PATH is taken");
    assert!(!workspace.folder.path().join("path").exists());
    let output = workspace.step(1, &[("reports", "html=report.html\n  junit=junit.xml\n")], true);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("::error file=a b/openclaw.json,line=1,endLine=1,col="), "{}", said(&output));
    assert!(said(&output).contains("error[schema/unknown-key]: `prot` is no key"), "{}", said(&output));
    assert_eq!(workspace.outputs(), "exit-code=1\nsarif-file=openclaw-lint.sarif\n");
    let sarif: serde_json::Value = serde_json::from_str(&workspace.read("openclaw-lint.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "schema/unknown-key");
    assert!(workspace.read("report.html").contains("schema/unknown-key"));
    assert!(workspace.read("junit.xml").starts_with("<?xml"));
}

#[test]
fn every_input_of_the_action_reaches_the_program() {
    let workspace = Workspace::new();
    let inputs = [
        ("paths", "  openclaw.json\n"),
        ("working-directory", "a b"),
        ("fail-on", "never"),
        ("openclaw-version", "2026.9.6"),
        ("annotations", "false"),
        ("sarif-file", "out.sarif"),
        ("arguments", "--no-config\n--exclude\n$(touch pwned) `touch pwned`; touch pwned\n"),
    ];
    let output = workspace.step(1, &inputs, true);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!said(&output).contains("::error") && said(&output).contains("prot"), "{}", said(&output));
    assert_eq!(workspace.outputs(), "exit-code=0\nsarif-file=a b/out.sarif\n");
    assert!(!workspace.work().join("a b/pwned").exists());
    let listed = workspace.step(1, &[("files-from", "list.txt"), ("sarif-file", "")], true);
    assert_eq!(listed.status.code(), Some(0), "{}", said(&listed));
    assert!(said(&listed).contains("no findings in 1 file"), "{}", said(&listed));
    assert!(workspace.outputs().ends_with("sarif-file=a b/out.sarif\nexit-code=0\n"));
    let wrong = workspace.step(1, &[("fail-on", "sometimes")], true);
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
}

#[test]
fn the_action_installs_a_release_and_checks_its_sum() {
    let workspace = Workspace::new();
    let machine = Command::new("uname").arg("-m").output().unwrap();
    let machine = String::from_utf8(machine.stdout).unwrap().trim().replace("arm64", "aarch64");
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-musl" };
    let stem = format!("openclaw-lint-v0.1.0-{machine}-{system}");
    let release = workspace.folder.path().join("owner/openclaw-lint/releases/download/v0.1.0");
    let inside = release.join(&stem);
    std::fs::create_dir_all(&inside).unwrap();
    let program = inside.join("openclaw-lint");
    std::fs::write(&program, "#!/bin/sh\necho this is it\n").unwrap();
    let script =
        format!("chmod +x {stem}/openclaw-lint && tar -czf {stem}.tar.gz {stem} && sha256sum *.tar.gz >SHA256SUMS");
    let packed = Command::new("sh").args(["-c", &script]).current_dir(&release).status().unwrap();
    assert!(packed.success());

    let inputs = [("install", "release"), ("version", "v0.1.0")];
    let output = workspace.step(0, &inputs, false);
    assert!(output.status.success(), "{}", said(&output));
    let bin = std::fs::read_to_string(workspace.folder.path().join("path")).unwrap();
    let installed = Command::new(Path::new(bin.trim()).join("openclaw-lint")).output().unwrap();
    assert_eq!(String::from_utf8(installed.stdout).unwrap(), "this is it\n");

    // With another sum nothing is installed.
    std::fs::remove_file(Path::new(bin.trim()).join("openclaw-lint")).unwrap();
    std::fs::write(release.join("SHA256SUMS"), format!("{}  {stem}.tar.gz\n", "0".repeat(64))).unwrap();
    let output = workspace.step(0, &inputs, false);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("did NOT match") || said(&output).contains("FAILED"), "{}", said(&output));
    assert!(!Path::new(bin.trim()).join("openclaw-lint").exists());
    let output = workspace.step(0, &[("install", "magic")], false);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn the_gitlab_template_lints_and_writes_what_it_uploads() {
    let workspace = Workspace::new();
    let template = yaml("ci/gitlab.yml");
    let job = &template["openclaw-lint"];
    let lines = |part: &str| {
        let lines: Vec<&str> = job[part].as_sequence().unwrap().iter().map(text).collect();
        lines.join("\n")
    };
    let variables: Vec<_> =
        map(&job["variables"]).into_iter().map(|(name, value)| (name, text(value).to_owned())).collect();
    let script = format!("{}\n{}", lines("before_script"), lines("script"));
    let output = workspace.run(&script, &["sh", "-e", "-c"], &variables, true);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(text(&job["artifacts"]["when"]), "always");
    let reports = map(&job["artifacts"]["reports"]);
    let quality: serde_json::Value = serde_json::from_str(&workspace.read(text(reports["codequality"]))).unwrap();
    assert_eq!(quality[0]["check_name"], "schema/unknown-key");
    assert_eq!(quality[0]["location"]["path"], "a b/openclaw.json");
    assert!(workspace.read(text(reports["junit"])).contains("<failure "));
    let pages = job["artifacts"]["paths"].as_sequence().unwrap();
    assert!(pages.iter().all(|page| workspace.read(text(page)).starts_with("<!doctype html>")));
}
