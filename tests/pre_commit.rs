//! The hooks under the real pre-commit: a wrong config is not committed, a right one is. pre-commit is a program of PyPI;
//! where it is not installed, the test says so.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that is skipped says so")]

mod git;

use std::path::Path;
use std::process::Command;

use git::{BAD, GOOD, LINTER, Run, Scratch};

/// This repository as pre-commit gets it, at a tag. What cargo would build of it takes long: here that is a program of the
/// same name which runs the linter.
fn hooks() -> Scratch {
    let hooks = Scratch::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    hooks.stage(".pre-commit-hooks.yaml", std::fs::read(file).unwrap());
    hooks.stage("Cargo.toml", "[package]\nname = \"openclaw-lint\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    let main = format!(
        "use std::os::unix::process::CommandExt;\nfn main() {{\n    let error = std::process::Command::new({LINTER:?})\
         .args(std::env::args_os().skip(1)).exec();\n    panic!(\"{{error}}\");\n}}\n"
    );
    hooks.stage("src/main.rs", main);
    hooks.commit();
    hooks.git(&["tag", "v1.0.0"]);
    hooks
}

/// A repository in which `pre-commit install` was run, with these hooks; `None`, said aloud, without pre-commit.
fn repository(hooks: &Scratch, ids: &[&str]) -> Option<Scratch> {
    let program = std::env::var("PRE_COMMIT").unwrap_or_else(|_| "pre-commit".to_owned());
    if Command::new(&program).arg("--version").output().is_err() {
        eprintln!("skipped: there is no pre-commit here");
        return None;
    }
    let scratch = Scratch::new();
    let ids: String = ids.iter().map(|id| format!("      - id: {id}\n")).collect();
    let url = hooks.path("").display().to_string();
    scratch.stage(
        ".pre-commit-config.yaml",
        format!("repos:\n  - repo: file://{}\n    rev: v1.0.0\n    hooks:\n{ids}", url.trim_end_matches('/')),
    );
    scratch.stage("old/openclaw.json", BAD);
    scratch.commit();
    let mut install = scratch.command(&program, &scratch.path(""));
    let output = install.arg("install").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(scratch)
}

fn says(run: &Run, words: &[&str]) {
    for word in words {
        assert!(run.text.contains(word), "{word}: {}", run.text);
    }
}

#[test]
fn configs_that_a_commit_changes_are_checked() {
    let hooks = hooks();
    let Some(scratch) = repository(&hooks, &["openclaw-lint-system"]) else { return };
    scratch.stage("openclaw.json", BAD);
    let refused = scratch.try_commit(&[]);
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    says(&refused, &["openclaw-lint", "Failed", "schema/bad-value", "openclaw.json"]);
    assert!(!refused.text.contains("old/openclaw.json"), "only what changes is checked: {}", refused.text);
    scratch.stage("openclaw.json", GOOD);
    // What is not staged does not count: pre-commit puts it aside.
    scratch.write("openclaw.json", BAD);
    let passed = scratch.try_commit(&[]);
    assert_eq!(passed.code, Some(0), "{}", passed.text);
    says(&passed, &["Passed"]);
    assert_eq!(scratch.git(&["show", "HEAD:openclaw.json"]), GOOD);
    assert_eq!(std::fs::read_to_string(scratch.path("openclaw.json")).unwrap(), BAD);
    // Nothing of ours: the program is not even asked.
    scratch.git(&["checkout", "--quiet", "--", "."]);
    scratch.stage("package.json", "{}");
    scratch.stage("openclaw.plugin.json", "{}");
    scratch.stage(".env", "nonsense = = \"\n");
    says(&scratch.try_commit(&[]), &["no files to check", "Skipped"]);
}

#[test]
fn env_files_have_a_hook_of_their_own() {
    let hooks = hooks();
    let Some(scratch) = repository(&hooks, &["openclaw-lint-env-system"]) else { return };
    scratch.stage("openclaw.json", BAD);
    scratch.stage(".env.example", "ANTHROPIC_API_KEY=\n");
    let passed = scratch.try_commit(&[]);
    assert_eq!(passed.code, Some(0), "{}", passed.text);
    scratch.stage(".env.production", "ANTHROPIC_API_KEY=sk-proj-ofanothervendor0000000000000000000000000000\n");
    let refused = scratch.try_commit(&[]);
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    says(&refused, &["Failed", ".env.production:1"]);
    assert!(!refused.text.contains("ofanothervendor"), "{}", refused.text);
}

#[test]
fn all_files_of_a_repository() {
    let hooks = hooks();
    let Some(scratch) = repository(&hooks, &["openclaw-lint-system", "openclaw-lint-env-system"]) else { return };
    let program = std::env::var("PRE_COMMIT").unwrap_or_else(|_| "pre-commit".to_owned());
    let run = |arguments: &[&str]| {
        let output = scratch.command(&program, &scratch.path("")).args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    let all = run(&["run", "--all-files"]);
    assert!(all.contains("old/openclaw.json") && all.contains("schema/bad-value"), "{all}");
    let manifest = hooks.path(".pre-commit-hooks.yaml");
    assert_eq!(run(&["validate-manifest", manifest.to_str().unwrap()]), "");
}

#[test]
fn a_program_that_cargo_builds() {
    let hooks = hooks();
    let Some(scratch) = repository(&hooks, &["openclaw-lint", "openclaw-lint-env"]) else { return };
    let home = std::env::var_os("HOME").unwrap_or_default();
    let homes = [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")];
    let commit = || {
        let mut command = scratch.command("git", &scratch.path(""));
        for (name, folder) in homes {
            command.env(name, std::env::var_os(name).unwrap_or_else(|| Path::new(&home).join(folder).into()));
        }
        let output = command.args(["commit", "--message=x"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        Run { code: output.status.code(), text }
    };
    scratch.stage("openclaw.json", BAD);
    let refused = commit();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    says(&refused, &["schema/bad-value"]);
    scratch.stage("openclaw.json", GOOD);
    let passed = commit();
    assert_eq!(passed.code, Some(0), "{}", passed.text);
}
