//! Reports that are written while a tree is read: the same findings as in one piece, in an order that depends on nothing
//! but the names.
#![allow(clippy::unwrap_used, reason = "what cannot be prepared fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// More folders than are checked at a time.
const FOLDERS: usize = 150;

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openclaw-lint"));
    command.current_dir(folder).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

/// Folders with configs, of which some are wrong; some are state folders with an env file around.
fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..FOLDERS {
        let state = if at % 5 == 0 { ".openclaw" } else { "config" };
        let inside = folder.path().join(format!("host-{at:03}")).join(state);
        fs::create_dir_all(&inside).unwrap();
        let text = match at % 3 {
            0 => r#"{ gateway: { mode: "local", auth: { mode: "token", token: "${FLEET_TOKEN}" } } }"#,
            1 => "{ gateway: { mode: \"nowhere\" },\n  agent: 1 }",
            _ => "{ gateway: { mode: \"local\" } }",
        };
        fs::write(inside.join("openclaw.json"), text).unwrap();
        fs::write(inside.parent().unwrap().join(".env"), "FLEET_TOKEN=a-token-of-the-fleet\n\"\n").unwrap();
    }
    folder
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of_type<'v>(lines: &'v [Value], kind: &str) -> Vec<&'v Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

/// The objects without what says that they are lines, sorted.
fn plain(lines: &[&Value]) -> Vec<String> {
    let plain = |line: &&Value| {
        let of_lines = ["type", "errors", "warnings", "infos"];
        let own = line.as_object().unwrap().iter().filter(|(key, _)| !of_lines.contains(&key.as_str()));
        own.map(|(key, value)| format!("{key}: {value}\n")).collect()
    };
    let mut all: Vec<String> = lines.iter().map(plain).collect();
    all.sort();
    all
}

#[test]
fn the_parts_say_what_the_whole_says() {
    let folder = tree();
    let (whole, parts) =
        (run(folder.path(), &["check", "--format", "json"]), run(folder.path(), &["check", "--format", "jsonl"]));
    assert_eq!(whole.status.code(), parts.status.code());
    let whole: Value = serde_json::from_slice(&whole.stdout).unwrap();
    let parts = lines(&parts);
    for (key, kind) in [("findings", "finding"), ("files", "file")] {
        let expected: Vec<&Value> = whole[key].as_array().unwrap().iter().collect();
        assert!(expected.len() >= FOLDERS, "{key}");
        assert!(plain(&expected) == plain(&of_type(&parts, kind)), "{key} differ");
    }
    let end = parts.last().unwrap();
    assert_eq!((&end["type"], &end["summary"]), (&"run".into(), &whole["summary"]));

    let concise = run(folder.path(), &["check", "--format", "concise"]);
    let concise = String::from_utf8(concise.stdout).unwrap();
    assert_eq!(concise.lines().count(), whole["findings"].as_array().unwrap().len() + 1);
}

#[test]
fn a_line_follows_the_last_finding_of_its_file() {
    let folder = tree();
    let parts = lines(&run(folder.path(), &["check", "--format", "jsonl"]));
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for line in &parts {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        match line["type"].as_str().unwrap() {
            "finding" => *open.entry(text(&line["file"])).or_default() += 1,
            "file" => {
                let count = ["errors", "warnings", "infos"].map(|key| line[key].as_u64().unwrap()).iter().sum::<u64>();
                assert_eq!(open.remove(&text(&line["path"])).unwrap_or_default() as u64, count, "{line}");
            }
            _ => assert!(open.is_empty(), "{open:?}"),
        }
    }
}

#[test]
fn neither_threads_nor_the_way_of_naming_change_a_byte() {
    let folder = tree();
    let once = run(folder.path(), &["check", "--format", "jsonl"]).stdout;
    for threads in ["1", "2", "7"] {
        let again =
            program(folder.path()).args(["check", "--format", "jsonl"]).env("RAYON_NUM_THREADS", threads).output();
        assert!(again.unwrap().stdout == once, "{threads} threads");
    }
    // Names of a folder follow one another.
    let mut names: Vec<String> = Vec::new();
    for at in 0..FOLDERS {
        let state = if at % 5 == 0 { ".openclaw" } else { "config" };
        names.push(format!("host-{at:03}/.env"));
        names.push(format!("host-{at:03}/{state}/openclaw.json"));
    }
    for separator in ["\n", "\0"] {
        let mut child = program(folder.path());
        child.args(["check", "--format", "jsonl", "--files-from", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = child.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let list = names.join(separator);
        let writer = std::thread::spawn(move || stdin.write_all(list.as_bytes()));
        let listed = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(listed.stdout == once, "names between {separator:?}");
        assert_eq!(listed.status.code(), Some(1));
    }
}

#[test]
fn lines_come_before_the_list_ends() {
    let folder = tree();
    let mut child = program(folder.path());
    child.args(["check", "--format", "jsonl", "--files-from", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for at in 0..FOLDERS {
        let state = if at % 5 == 0 { ".openclaw" } else { "config" };
        writeln!(stdin, "host-{at:03}/{state}/openclaw.json").unwrap();
    }
    stdin.flush().unwrap();
    // The list is still open here: a program that waited for its end would keep this test waiting for ever.
    let mut first = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut first).unwrap();
    assert!(serde_json::from_str::<Value>(&first).unwrap()["type"].is_string(), "{first}");
    // A reader that goes away is no error, and ends the run.
    drop(stdout);
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn mistakes_in_the_linters_own_configuration_are_said_once() {
    let folder = tree();
    fs::write(folder.path().join("openclaw-lint.json5"), "{ rules: { \"no/such-rule\": \"off\" } }").unwrap();
    let parts = run(folder.path(), &["check", "--format", "jsonl"]);
    assert_eq!(parts.status.code(), Some(2));
    let parts = lines(&parts);
    let own = of_type(&parts, "finding").into_iter().filter(|finding| finding["rule"] == "lint/config").count();
    assert_eq!(own, 1);
}

#[test]
fn nothing_to_check_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let found = run(folder.path(), &["check", "--format", "jsonl"]);
    assert_eq!((found.status.code(), found.stdout.len()), (Some(2), 0));
    let found = run(folder.path(), &["check", "--format", "jsonl", "--allow-empty"]);
    assert_eq!((found.status.code(), found.stdout.len()), (Some(0), 0));
    let missing = run(folder.path(), &["check", "--format", "jsonl", "missing/openclaw.json"]);
    let parts = lines(&missing);
    assert_eq!(missing.status.code(), Some(2));
    assert_eq!(parts.first().unwrap()["rule"], "file/unreadable");
}
