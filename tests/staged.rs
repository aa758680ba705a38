//! `check --staged` and `hook`, in repositories that the real git made.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what cannot be prepared fails the test")]

mod git;

use std::os::unix::fs::{PermissionsExt, symlink};

use git::{BAD, GOOD, Scratch};

#[test]
fn what_is_staged_counts_and_not_the_work_tree() {
    let scratch = Scratch::new();
    scratch.stage("openclaw.json", BAD);
    scratch.write("openclaw.json", GOOD);
    scratch.staged(&[]).refuses(&["openclaw.json"]);
    scratch.stage("openclaw.json", GOOD);
    scratch.write("openclaw.json", BAD);
    scratch.staged(&[]).passes();
}

#[test]
fn files_that_the_commit_leaves_alone_are_not_reported() {
    let scratch = Scratch::new();
    scratch.stage("a/openclaw.json", BAD);
    scratch.stage("b/openclaw.json", GOOD);
    scratch.commit();
    assert_eq!(scratch.staged(&[]).text, "", "nothing is staged");
    scratch.stage("b/openclaw.json", format!("{GOOD}\n"));
    scratch.staged(&[]).passes();
    scratch.stage("b/openclaw.json", BAD);
    scratch.staged(&[]).refuses(&["b/openclaw.json"]);
    // A change of rights is none of what it says.
    scratch.git(&["update-index", "--chmod=+x", "a/openclaw.json"]);
    scratch.staged(&[]).refuses(&["b/openclaw.json"]);
}

#[test]
fn files_that_are_gone_moved_or_only_announced() {
    let scratch = Scratch::new();
    scratch.stage("openclaw.json", BAD);
    scratch.stage("kept/openclaw.json", GOOD);
    scratch.commit();
    scratch.git(&["rm", "--quiet", "openclaw.json"]);
    scratch.staged(&[]).passes();
    scratch.git(&["reset", "--quiet", "--hard"]);
    scratch.git(&["mv", "openclaw.json", "openclaw.production.json"]);
    scratch.staged(&[]).refuses(&["openclaw.production.json"]);
    scratch.git(&["reset", "--quiet", "--hard"]);
    scratch.write("new/openclaw.json", BAD);
    scratch.git(&["add", "--intent-to-add", "new/openclaw.json"]);
    scratch.staged(&[]).passes();
    // Deleted from the work tree, and still in the next commit.
    scratch.stage("kept/openclaw.json", BAD);
    std::fs::remove_file(scratch.path("kept/openclaw.json")).unwrap();
    scratch.staged(&[]).refuses(&["kept/openclaw.json"]);
}

#[test]
fn a_conflict_is_resolved_before_it_is_checked() {
    let scratch = Scratch::new();
    scratch.stage("openclaw.json", "{}\n");
    scratch.commit();
    scratch.git(&["checkout", "--quiet", "-b", "other"]);
    scratch.stage("openclaw.json", BAD);
    scratch.commit();
    scratch.git(&["checkout", "--quiet", "main"]);
    scratch.stage("openclaw.json", GOOD);
    scratch.commit();
    let merge = scratch.command("git", &scratch.path("")).args(["merge", "--quiet", "other"]).output().unwrap();
    assert!(!merge.status.success());
    scratch.staged(&[]).fails("openclaw.json has a merge conflict");
    scratch.stage("openclaw.json", GOOD);
    scratch.staged(&[]).passes();
}

/// Looks like a key of Anthropic, and is none.
fn key() -> String {
    let letters = b"qW3eR7tY1uI9oP5aS2dF8gH4jK6lZ0xCvBnMmNbVcXzLkJ";
    let middle: String = (0..93).map(|at| char::from(letters[(at * 29 + at / 7) % letters.len()])).collect();
    format!("sk-ant-api03-{middle}AA")
}

#[test]
fn env_files_are_staged_or_local() {
    let scratch = Scratch::new();
    let config = r#"{ gateway: { mode: "local", auth: { mode: "token", token: "${LAB_TOKEN}" } } }"#;
    scratch.write(".gitignore", ".env\n");
    scratch.stage("openclaw.json", config);
    // What nobody commits is as it is on this machine.
    scratch.write(".env", "OTHER=x\n");
    let missing = scratch.staged(&[]);
    assert!(missing.text.contains("no env file here sets `LAB_TOKEN`"), "{}", missing.text);
    let local = format!("LAB_TOKEN=a-token-of-the-laboratory\nANTHROPIC_API_KEY={}\n", key());
    scratch.write(".env", &local);
    assert_eq!(scratch.staged(&[]).text, "no findings in 1 file\n");
    // What is staged is as it is there: with a credential that everybody would get.
    scratch.git(&["add", "--force", ".env"]);
    scratch.write(".env", "OTHER=x\n");
    let found = scratch.staged(&["--fail-on", "warning"]);
    found.refuses(&[".env"]);
    assert!(found.text.contains("credentials/tracked") && !found.text.contains("LAB_TOKEN"), "{}", found.text);
    // Taken out of the index and kept on the machine, it is local again.
    scratch.git(&["rm", "--quiet", "--force", "--cached", ".env"]);
    scratch.write(".env", &local);
    assert_eq!(scratch.staged(&[]).text, "no findings in 1 file\n");
}

/// Git keeps what has not changed of a large index in a file of its own.
#[test]
fn a_split_index_tracks_what_is_in_either_part() {
    let scratch = Scratch::new();
    scratch.git(&["config", "core.splitIndex", "true"]);
    scratch.git(&["config", "splitIndex.maxPercentChange", "100"]);
    // Nothing but the index says that such a file is tracked.
    scratch.write(".gitignore", ".env\n");
    scratch.stage("openclaw.json", r#"{ gateway: { mode: "local" } }"#);
    scratch.stage(".env", format!("ANTHROPIC_API_KEY={}\n", key()));
    scratch.git(&["update-index", "--split-index"]);
    let check = || scratch.lint_at(&scratch.path(""), &["check", "--format", "concise"]).text;
    let tracked = || check().lines().any(|line| line.starts_with(".env:") && line.contains("credentials/tracked"));
    assert!(tracked(), "in the shared part: {}", check());
    scratch.stage(".env", format!("# Mine\nANTHROPIC_API_KEY={}\n", key()));
    assert!(tracked(), "replaced: {}", check());
    scratch.git(&["rm", "--quiet", "--cached", "--force", ".env"]);
    let shared = std::fs::read_dir(scratch.path(".git")).unwrap();
    let shared = shared.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("shared"));
    assert!(shared.count() > 0, "the index is still split");
    assert!(!tracked(), "taken out: {}", check());
}

#[test]
fn an_env_file_that_changes_is_judged_with_the_config_beside_it() {
    let scratch = Scratch::new();
    scratch.stage("openclaw.json", BAD);
    scratch.stage(".env", "ANTHROPIC_API_KEY=\n");
    scratch.commit();
    scratch.stage(".env", "ANTHROPIC_API_KEY=sk-proj-wrongvendor\n");
    let found = scratch.staged(&["--fail-on", "info"]);
    assert_eq!(found.code, Some(1), "{}", found.text);
    assert!(found.text.lines().any(|line| line.starts_with(".env:1")), "{}", found.text);
    assert!(!found.text.contains("openclaw.json:"), "{}", found.text);
    assert!(!found.text.contains("wrongvendor"), "{}", found.text);
}

#[test]
fn included_files_are_read_as_they_are_staged() {
    let scratch = Scratch::new();
    scratch.stage("openclaw.json", r#"{ gateway: { $include: "./parts/gateway.json5" } }"#);
    scratch.stage("parts/gateway.json5", "{ mode: \"local\" }");
    scratch.write("parts/gateway.json5", "{ mode: \"nowhere\" }");
    scratch.staged(&[]).passes();
    scratch.commit();
    // The config itself does not change.
    scratch.stage("parts/gateway.json5", "{ mode: \"nowhere\" }");
    scratch.staged(&[]).refuses(&["parts/gateway.json5"]);
    scratch.stage("parts/gateway.json5", "{ mode: ");
    scratch.staged(&[]).refuses(&["openclaw.json"]);
}

#[test]
fn an_include_that_was_forgotten_is_missed() {
    let scratch = Scratch::new();
    scratch.stage("openclaw.json", r#"{ gateway: { $include: "./gateway.json5" } }"#);
    scratch.write("gateway.json5", "{ mode: \"local\" }");
    scratch.staged(&[]).refuses(&["openclaw.json"]);
    // What git ignores is local on purpose.
    scratch.write(".gitignore", "gateway.json5\n");
    scratch.staged(&[]).passes();
}

#[test]
fn links_and_submodules() {
    let scratch = Scratch::new();
    scratch.stage("configs/machine.json", GOOD);
    symlink("configs/machine.json", scratch.path("openclaw.json")).unwrap();
    scratch.git(&["add", "openclaw.json"]);
    scratch.staged(&[]).passes();
    scratch.commit();
    // What the link leads to changes.
    scratch.stage("configs/machine.json", BAD);
    scratch.write("configs/machine.json", GOOD);
    scratch.staged(&[]).refuses(&["openclaw.json"]);
    scratch.git(&["reset", "--quiet", "--hard"]);
    // A repository within the repository has an index of its own.
    let inner = Scratch::new();
    inner.stage("openclaw.json", BAD);
    inner.commit();
    let url = inner.path("").display().to_string();
    scratch.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "inner"]);
    scratch.staged(&[]).passes();
    scratch.write("inner/openclaw.json", format!("{BAD}\n"));
    scratch.git_at(&scratch.path("inner"), &["add", "."]);
    let found = scratch.lint_at(&scratch.path("inner"), &["check", "--staged", "--format", "concise"]);
    found.refuses(&["openclaw.json"]);
}

#[test]
fn packed_objects_packed_refs_and_sha256() {
    for format in ["sha1", "sha256"] {
        let option = format!("--object-format={format}");
        let scratch = Scratch::with(&[&option]);
        scratch.stage("old/openclaw.json", BAD);
        for round in 0..30 {
            let filler = format!("// round {round}\n{}", "// a line of which there are many\n".repeat(200));
            scratch.stage("openclaw.json", format!("{filler}{GOOD}"));
            scratch.commit();
        }
        let bad = format!("{}{BAD}", "// a line of which there are many\n".repeat(200));
        scratch.stage("openclaw.json", bad);
        scratch.commit();
        scratch.git(&["gc", "--quiet", "--aggressive", "--prune=now"]);
        assert!(scratch.path(".git/packed-refs").is_file());
        scratch.staged(&[]).passes();
        // An object of the pack, staged anew.
        scratch.git(&["checkout", "--quiet", "HEAD~3", "--", "openclaw.json"]);
        scratch.staged(&[]).passes();
        scratch.commit();
        scratch.git(&["checkout", "--quiet", "HEAD~1", "--", "openclaw.json"]);
        scratch.staged(&[]).refuses(&["openclaw.json"]);
    }
}

#[test]
fn linked_work_trees_have_an_index_of_their_own() {
    let scratch = Scratch::new();
    scratch.stage("openclaw.json", GOOD);
    scratch.commit();
    let linked = scratch.beside("linked");
    scratch.git(&["worktree", "add", "--quiet", linked.to_str().unwrap()]);
    scratch.git(&["pack-refs", "--all"]);
    let lint = || scratch.lint_at(&linked, &["check", "--staged", "--format", "concise"]);
    lint().passes();
    std::fs::write(linked.join("openclaw.json"), BAD).unwrap();
    scratch.git_at(&linked, &["add", "."]);
    lint().refuses(&["openclaw.json"]);
    scratch.staged(&[]).passes();
    // Hooks are everybody's.
    let said = scratch.lint_at(&linked, &["hook", "install"]);
    assert_eq!(said.code, Some(0), "{}", said.text);
    assert!(scratch.path(".git/hooks/pre-commit").is_file());
    let mut commit = scratch.command("git", &linked);
    assert!(!commit.args(["commit", "--quiet", "--message=x"]).output().unwrap().status.success());
    std::fs::write(linked.join("openclaw.json"), format!("{GOOD}\n")).unwrap();
    scratch.git_at(&linked, &["commit", "--quiet", "--all", "--message=x"]);
}

#[test]
fn other_forms_of_index() {
    for (name, value) in [("core.splitIndex", "true"), ("feature.manyFiles", "true"), ("index.version", "4")] {
        let scratch = Scratch::new();
        scratch.git(&["config", name, value]);
        scratch.stage("a/openclaw.json", GOOD);
        scratch.git(&["update-index", if name == "core.splitIndex" { "--split-index" } else { "--refresh" }]);
        scratch.commit();
        scratch.stage("a/openclaw.json", BAD);
        scratch.stage("b/openclaw.json", GOOD);
        scratch.staged(&[]).refuses(&["a/openclaw.json"]);
    }
    let scratch = Scratch::new();
    scratch.stage("a/openclaw.json", GOOD);
    scratch.stage("b/openclaw.json", GOOD);
    scratch.commit();
    scratch.git(&["sparse-checkout", "set", "--sparse-index", "a"]);
    scratch.stage("a/openclaw.json", BAD);
    scratch.staged(&[]).refuses(&["a/openclaw.json"]);
}

#[test]
fn refs_that_cannot_be_read_are_said() {
    let version = Scratch::new().git(&["version"]);
    let words: Vec<u32> = version.split(['.', ' ']).filter_map(|word| word.parse().ok()).collect();
    if words.as_slice() < [2, 45].as_slice() {
        return;
    }
    let scratch = Scratch::with(&["--ref-format=reftable"]);
    scratch.stage("openclaw.json", GOOD);
    scratch.commit();
    let found = scratch.staged(&[]);
    assert_eq!(found.code, Some(0), "{}", found.text);
    assert!(found.text.contains("the last commit cannot be read"), "{}", found.text);
    scratch.stage("openclaw.json", BAD);
    scratch.staged(&[]).refuses(&["openclaw.json"]);
}

#[test]
fn paths_narrow_what_is_checked() {
    let scratch = Scratch::new();
    scratch.stage("a/openclaw.json", BAD);
    scratch.stage("b/openclaw.json", BAD);
    scratch.stage("b/machine.conf", BAD);
    scratch.staged(&["a"]).refuses(&["a/openclaw.json"]);
    scratch.staged(&["b/machine.conf"]).refuses(&["b/machine.conf"]);
    scratch.staged(&["--exclude", "a", "--exclude", "b"]).passes();
    scratch.staged(&["--include", "*.conf", "--exclude", "openclaw.json"]).refuses(&["b/machine.conf"]);
    scratch.staged(&["nothing.json"]).passes();
    let below = scratch.lint_at(&scratch.path("b"), &["check", "--staged", "--format", "concise", "."]);
    below.refuses(&["openclaw.json"]);
    scratch.staged(&["-"]).fails("--staged");
    let outside = scratch.lint_at(&scratch.beside(""), &["check", "--staged"]);
    outside.fails("is in no git repository");
}

#[test]
fn the_linters_own_configuration_counts() {
    let scratch = Scratch::new();
    scratch.stage("openclaw.json", BAD);
    scratch.write("openclaw-lint.json5", r#"{ rules: { "schema/*": "warning" } }"#);
    let found = scratch.staged(&[]);
    assert_eq!(found.code, Some(0), "{}", found.text);
    assert!(found.text.contains("warning[schema/bad-value]"), "{}", found.text);
    // Staged, it is what is staged.
    scratch.git(&["add", "openclaw-lint.json5"]);
    scratch.write("openclaw-lint.json5", r#"{ rules: { "schema/*": "off" } }"#);
    assert!(scratch.staged(&[]).text.contains("warning[schema/bad-value]"));
}

#[test]
fn what_a_filter_has_encrypted_is_read_from_the_work_tree() {
    let scratch = Scratch::new();
    scratch.stage("openclaw.json", b"\0GITCRYPT\0\x01\x02\x03\xFF\xFE".as_slice());
    scratch.write("openclaw.json", GOOD);
    scratch.staged(&[]).passes();
    scratch.write("openclaw.json", BAD);
    scratch.staged(&[]).refuses(&["openclaw.json"]);
}

#[test]
fn formats_are_those_of_check() {
    let scratch = Scratch::new();
    scratch.stage("sub/openclaw.json", BAD);
    scratch.stage("sub/good/openclaw.json", GOOD);
    let found = scratch.lint_at(&scratch.path(""), &["check", "--staged", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&found.text).unwrap();
    let files: Vec<&str> =
        report["files"].as_array().unwrap().iter().filter_map(|file| file["path"].as_str()).collect();
    assert_eq!(files, ["sub/good/openclaw.json", "sub/openclaw.json"]);
    assert_eq!(report["findings"][0]["file"], "sub/openclaw.json");
    assert_eq!(report["findings"][0]["rule"], "schema/bad-value");
}

#[test]
fn the_hook_refuses_and_lets_through() {
    let scratch = Scratch::new();
    let hook = scratch.path(".git/hooks/pre-commit");
    let said = scratch.lint_at(&scratch.path(""), &["hook", "install"]);
    assert_eq!(said.code, Some(0), "{}", said.text);
    assert!(said.text.contains(".git/hooks/pre-commit written"), "{}", said.text);
    assert_eq!(std::fs::metadata(&hook).unwrap().permissions().mode() & 0o111, 0o111);
    scratch.stage("openclaw.json", BAD);
    assert_eq!(scratch.try_commit(&[]).code, Some(1));
    scratch.stage("openclaw.json", GOOD);
    scratch.try_commit(&[]).passes();
    // `git commit --all` and `git commit FILE` have another index.
    scratch.stage("good/openclaw.json", GOOD);
    scratch.write("openclaw.json", BAD);
    assert!(scratch.try_commit(&["--all"]).text.contains("openclaw.json:1"));
    assert_eq!(scratch.try_commit(&["openclaw.json"]).code, Some(1));
    scratch.try_commit(&["good/openclaw.json"]).passes();
    assert_eq!(scratch.git(&["log", "--oneline"]).lines().count(), 2);
    assert_eq!(scratch.git(&["show", "HEAD:good/openclaw.json"]), GOOD);
    // Without the linter nothing is committed, and that is said.
    let mut commit = scratch.command("/bin/sh", &scratch.path(""));
    commit.args(["-c", "PATH=/usr/bin:/bin .git/hooks/pre-commit"]).env("HOME", "/nonexistent");
    let output = commit.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && text.contains("is not on the PATH"), "{text}");
}

#[test]
fn a_hook_is_installed_once_and_taken_away() {
    let scratch = Scratch::new();
    let hook = scratch.path(".git/hooks/pre-commit");
    let run = |action: &str| scratch.lint_at(&scratch.path(""), &["hook", action]);
    run("install").passes();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o644)).unwrap();
    let again = run("install");
    assert!(again.code == Some(0) && again.text.contains("is there already"), "{}", again.text);
    assert_eq!(std::fs::metadata(&hook).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(std::fs::read_to_string(&hook).unwrap(), run("print").text);
    assert!(run("uninstall").text.contains("removed"));
    assert!(!hook.exists());
    assert!(run("uninstall").text.contains("does not run openclaw-lint"));
}

#[test]
fn somebodys_own_hook_stays_as_it_is() {
    let scratch = Scratch::new();
    let hook = scratch.path(".git/hooks/pre-commit");
    let run = |action: &str| scratch.lint_at(&scratch.path(""), &["hook", action]);
    let own = "#!/bin/sh\nmake check\n";
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, own).unwrap();
    run("install").fails("openclaw-lint check --staged || exit $?");
    assert!(run("uninstall").text.contains("does not run openclaw-lint"));
    assert_eq!(std::fs::read_to_string(&hook).unwrap(), own);
    let with_line = format!("{own}openclaw-lint check --staged || exit $?\n");
    std::fs::write(&hook, &with_line).unwrap();
    assert!(run("install").text.contains("runs openclaw-lint already"));
    run("uninstall").fails("by hand");
    assert_eq!(std::fs::read_to_string(&hook).unwrap(), with_line);
    std::fs::write(&hook, "#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n").unwrap();
    run("install").fails(".pre-commit-config.yaml");
    std::fs::remove_file(&hook).unwrap();
    symlink("/nonexistent/hook", &hook).unwrap();
    run("install").fails("a hook of your own");
}

#[test]
fn hooks_go_where_git_looks_for_them() {
    let scratch = Scratch::new();
    let run = || scratch.lint_at(&scratch.path(""), &["hook", "install"]);
    scratch.git(&["config", "core.hooksPath", ".githooks"]);
    run().passes();
    assert!(scratch.path(".githooks/pre-commit").is_file());
    scratch.stage("openclaw.json", BAD);
    assert_eq!(scratch.try_commit(&[]).code, Some(1));
    // One that the account has for all repositories.
    scratch.git(&["config", "--unset", "core.hooksPath"]);
    scratch.git(&["config", "--global", "core.hooksPath", "~/hooks"]);
    let said = run();
    assert!(said.code == Some(0) && said.text.contains("is not of this repository alone"), "{}", said.text);
    assert!(scratch.beside("hooks/pre-commit").is_file());
    assert_eq!(scratch.try_commit(&[]).code, Some(1));
}
