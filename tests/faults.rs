//! Faults of the machine: files that vanish or change, full disks, missing rights, readers that go away, interrupts, no home,
//! no terminal, names that are not Unicode. Nothing is lost, nothing half-written, and the exit code says what happened.
//! What needs a system that is not there (root, `setpriv`, `mount`, `script`) is skipped and says so.

#![cfg(unix)]
#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a helper that fails fails the test"
)]
#![allow(dead_code, reason = "helpers that other tests use")]

#[path = "lsp/client.rs"]
mod client;
#[path = "hostile/lab.rs"]
mod lab;

use std::ffi::OsString;
use std::fs;
use std::io::Read as _;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use client::{Client, push};
use lab::{Done, Lab, assert_tame, ended};
use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover::{ProblemKind, classify_explicit};
use openclaw_lint::host::{DirEntry, Host, MemoryHost, Metadata, ReadError};
use openclaw_lint::rules::Catalog;
use openclaw_lint::schema::Store;
use serde_json::json;

/// With something that `fix` mends.
const BAD: &str = "{\n  // mine\n  gateway: { port: \"18789\", mode: \"local\" },\n}\n";
const GOOD: &str = "{\n  // mine\n  gateway: { port: 18789, mode: \"local\" },\n}\n";

fn skip(why: &str) {
    eprintln!("skipped: {why}");
}

fn has(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

const NOBODY: u32 = 65_534;

/// The program as an account whom rights bind; `None` where there is none.
fn bound(lab: &Lab, arguments: &[&str]) -> Option<Command> {
    if !is_root() {
        return Some(lab.command(arguments));
    }
    if !has("setpriv") {
        skip("root is not bound by rights, and there is no setpriv");
        return None;
    }
    // Where it was built, others may not look.
    let program = std::env::temp_dir().join(format!("openclaw-lint-faults-{}", std::process::id()));
    if !program.exists() {
        fs::copy(env!("CARGO_BIN_EXE_openclaw-lint"), &program).unwrap();
    }
    for entry in walk(lab.path()) {
        std::os::unix::fs::chown(&entry, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let mut command = Command::new("setpriv");
    let account = NOBODY.to_string();
    command.args(["--reuid", &account, "--regid", &account, "--clear-groups"]).arg(program).args(arguments);
    command.current_dir(lab.path()).env("LC_ALL", "C.UTF-8");
    Some(command)
}

fn walk(path: &Path) -> Vec<PathBuf> {
    let mut all = vec![path.to_path_buf()];
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            all.extend(walk(&entry.unwrap().path()));
        }
    }
    all
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A world in which a file is there so many times, and then is not, or is another one.
struct Moving {
    world: MemoryHost,
    file: PathBuf,
    looks: AtomicUsize,
    after: Result<Vec<u8>, ReadError>,
}

impl Moving {
    fn moved(&self, path: &Path) -> Option<&Result<Vec<u8>, ReadError>> {
        if path != self.file {
            return None;
        }
        let left = self.looks.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| Some(left.saturating_sub(1)));
        (left == Ok(0)).then_some(&self.after)
    }
}

impl Host for Moving {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.moved(path).map_or_else(|| self.world.read(path, limit), Clone::clone)
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        match self.moved(path) {
            Some(Err(error)) => Err(error.clone()),
            _ => self.world.metadata(path),
        }
    }

    fn list(&self, directory: &Path) -> Result<Vec<DirEntry>, ReadError> {
        self.world.list(directory)
    }

    fn canonicalize(&self, path: &Path) -> Option<PathBuf> {
        match self.moved(path) {
            Some(Err(_)) => None,
            _ => self.world.canonicalize(path),
        }
    }

    fn var(&self, name: &str) -> Option<String> {
        self.world.var(name)
    }

    fn home(&self) -> Option<PathBuf> {
        self.world.home()
    }

    fn current_dir(&self) -> Option<PathBuf> {
        self.world.current_dir()
    }

    fn now_unix_seconds(&self) -> i64 {
        0
    }
}

fn input(path: &str, content: Content) -> Input {
    Input { path: PathBuf::from(path), shown: path.to_owned(), info: classify_explicit(path), content, context: false }
}

#[test]
fn included_files_may_vanish_or_change_at_any_moment() {
    let settings = Settings::new(Store::bundled().latest().unwrap());
    let top = "{ gateway: { $include: './part.json5' } }";
    let mut seen = std::collections::BTreeSet::new();
    let ends = [
        Err(ReadError::NotFound),
        Err(ReadError::Permission),
        Err(ReadError::Io("input/output error".to_owned())),
        Err(ReadError::Directory),
        Ok(b"{ por".to_vec()),
        Ok(b"{ prot: 1 }".to_vec()),
    ];
    for after in ends {
        for looks in 0..8 {
            let world =
                MemoryHost::new("/w").with_file("/w/openclaw.json", top).with_file("/w/part.json5", "{ port: 1 }");
            let file = PathBuf::from("/w/part.json5");
            let host = Moving { world, file, looks: AtomicUsize::new(looks), after: after.clone() };
            let inputs = vec![input("openclaw.json", Content::Bytes(top.into()))];
            let report = check::run(inputs, &settings, Catalog::bundled(), &host);
            seen.extend(report.findings.iter().map(|finding| finding.rule.clone()));
            assert!(report.findings.len() < 3, "{:?}", report.findings);
        }
    }
    assert!(seen.contains("config/include") && seen.contains("schema/unknown-key"), "{seen:?}");
}

#[test]
fn files_that_vanish_after_they_were_found_are_findings() {
    let settings = Settings::new(Store::bundled().latest().unwrap());
    for kind in [ProblemKind::Missing, ProblemKind::Permission] {
        let inputs =
            vec![input("openclaw.json", Content::Problem(kind)), input("b/openclaw.json", Content::Bytes(BAD.into()))];
        let report = check::run(inputs, &settings, Catalog::bundled(), &MemoryHost::new("/w"));
        let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
        assert_eq!(rules, ["schema/wrong-type", "file/unreadable"]);
        assert!(check::is_unread(&report.findings[1]));
    }
}

/// A config whose fix takes a while, and the fixed one.
fn long_fix() -> (String, String) {
    let servers =
        |args: &str| (0..1_500).map(|at| format!("  s{at}: {{ command: \"x\", args: {args} }},\n")).collect::<String>();
    let whole = |args| format!("{{ mcp: {{ servers: {{\n{} }} }} }}\n", servers(args));
    (whole("\"y\""), whole("[\"y\"]"))
}

#[test]
fn what_changes_while_it_is_fixed_is_not_written_over() {
    let (old, _) = long_fix();
    let other = old.replacen('{', "{ // by somebody else\n", 1);
    for delay in [20, 100, 250, 500, 1_000] {
        let lab = Lab::new(&[("openclaw.json", &old)]);
        let mut command = lab.command(&["fix", "--unsafe", "openclaw.json"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        // As editors do it.
        lab.write("new", &other);
        fs::rename(lab.at("new"), lab.at("openclaw.json")).unwrap();
        let done = lab::finish(child);
        assert!(lab.read("openclaw.json").contains("by somebody else"), "{delay}: {}{}", done.out, done.err);
        if done.code == Some(2) {
            let words = "openclaw.json has changed meanwhile: nothing is written, run `fix` again";
            assert!(done.err.contains(words), "{}", done.err);
        }
        assert_eq!(lab.names(), ["openclaw.json"]);
    }
}

#[test]
fn what_vanishes_while_it_is_fixed_does_not_come_back() {
    let (old, _) = long_fix();
    let lab = Lab::new(&[("openclaw.json", &old)]);
    let mut command = lab.command(&["fix", "--unsafe", "openclaw.json"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(100));
    fs::remove_file(lab.at("openclaw.json")).unwrap();
    let done = lab::finish(child);
    assert!(lab.names().is_empty(), "{:?} {}", lab.names(), done.err);
}

/// The files in their places. There is a moment in which a whole file lies beside its own.
fn in_place(lab: &Lab) -> Vec<String> {
    lab.names()
        .into_iter()
        .filter(|name| !name.starts_with(".openclaw.json.") && !name.starts_with(".report.json."))
        .collect()
}

#[test]
fn an_interrupt_leaves_the_old_file_or_the_new_one() {
    let (old, new) = long_fix();
    for (number, delay) in (0..24).map(|at| at * 60).enumerate() {
        let lab = Lab::new(&[("openclaw.json", &old)]);
        let signal = if number % 2 == 0 { rustix::process::Signal::INT } else { rustix::process::Signal::TERM };
        let mut command = lab.command(&["fix", "--unsafe", "openclaw.json"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        let id = rustix::process::Pid::from_child(&child);
        let _ = rustix::process::kill_process(id, signal);
        let status = child.wait().unwrap();
        let text = lab.read("openclaw.json");
        assert!(text == old || text == new, "half a file after {delay} ms");
        assert_eq!(in_place(&lab), ["openclaw.json"], "after {delay} ms");
        // As shells expect: ended by the signal, which is 130 or 143 there, unless it was done.
        assert!(status.signal() == Some(signal.as_raw()) || status.success(), "{status:?}");
    }
}

#[test]
fn an_interrupted_report_is_whole_or_not_there() {
    let keys: String = (0..6_000).map(|at| format!("  key{at}: {at},\n")).collect();
    let lab = Lab::new(&[("openclaw.json", &format!("{{\n{keys}}}\n"))]);
    for delay in (0..12).map(|at| at * 100) {
        lab.write("report.json", "{}");
        let mut command = lab.command(&["check", "--format", "json", "--output", "report.json", "openclaw.json"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        let id = rustix::process::Pid::from_child(&child);
        let _ = rustix::process::kill_process(id, rustix::process::Signal::INT);
        child.wait().unwrap();
        let report: serde_json::Value = serde_json::from_str(&lab.read("report.json")).unwrap();
        assert!(report.is_object());
        assert_eq!(in_place(&lab), ["openclaw.json", "report.json"], "after {delay} ms");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let keys: String = (0..5_000).map(|at| format!("  key{at}: {at},\n")).collect();
    let lab = Lab::new(&[("openclaw.json", &format!("{{\n{keys}}}\n"))]);
    for format in ["full", "concise", "json", "jsonl", "html"] {
        let mut command = lab.command(&["check", "--format", format, "openclaw.json"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdout.take().unwrap();
        pipe.read_exact(&mut [0; 10]).unwrap();
        drop(pipe);
        let done = lab::finish(child);
        assert_eq!((done.code, done.err.as_str()), (Some(1), ""), "{format}");
    }
    let mut command = lab.command(&["rules"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(lab::finish(child).err, "");
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    if !Path::new("/dev/full").exists() {
        return skip("there is no /dev/full");
    }
    let lab = Lab::new(&[("openclaw.json", BAD)]);
    for format in ["full", "concise", "json", "jsonl", "sarif"] {
        let mut command = lab.command(&["check", "--format", format, "openclaw.json"]);
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let child = command.stdin(Stdio::null()).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        let done = lab::finish(child);
        assert_eq!(done.code, Some(2), "{format}");
        assert!(done.err.contains("cannot write the report: No space left on device"), "{format}: {}", done.err);
    }
    let done = lab.run(&["check", "--output", "/dev/full", "openclaw.json"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("cannot write /dev/full: No space left on device"), "{}", done.err);
}

/// Fixes, conversions, env files, baselines and reports where there is no room for them.
fn no_room(lab: &Lab, run: impl Fn(&[&str]) -> Done) {
    let names = lab.names();
    let before: Vec<String> = names.iter().map(|name| lab.read(name)).collect();
    for arguments in [
        &["fix", "--unsafe", "openclaw.json"][..],
        &["fix", "--unsafe", "--backup", "openclaw.json"],
        &["check", "--format", "html", "--output", "kept.txt", "openclaw.json"],
        &["check", "--write-baseline", "kept.txt", "openclaw.json"],
        &["convert", "--output", "kept.txt", "guide.json5"],
        &["convert", "--env-file", "kept.env", "guide.json5"],
    ] {
        let done = run(arguments);
        assert_eq!(done.code, Some(2), "{arguments:?}: {}{}", lab::start(&done.out), done.err);
        assert!(done.err.contains("cannot write"), "{arguments:?}: {}", done.err);
        let after: Vec<String> = lab.names().iter().map(|name| lab.read(name)).collect();
        assert_eq!((lab.names(), after == before), (names.clone(), true), "{arguments:?}");
    }
}

/// Files that do not fit a second time into so many bytes.
fn roomy() -> Vec<(&'static str, String)> {
    let (old, _) = long_fix();
    let comment = format!("// {}\n", "x".repeat(60_000));
    let guide =
        format!("{{\n{comment} secrets: {{ anthropic: {{ apiKey: \"{}\" }} }},\n}}\n", "not-a-real-key-".repeat(4_000));
    vec![
        ("guide.json5", guide),
        ("kept.env", "KEPT=1\n".to_owned()),
        ("kept.txt", "what was there\n".to_owned()),
        ("openclaw.json", old),
    ]
}

#[test]
fn a_disk_without_room_keeps_what_it_has() {
    if !is_root() || !has("mount") || !has("umount") {
        return skip("only root may mount a small disk");
    }
    let folder = tempfile::tempdir().unwrap();
    let small = folder.path().join("small");
    fs::create_dir(&small).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "none"]).arg(&small).status();
    if !mounted.is_ok_and(|status| status.success()) {
        return skip("no tmpfs can be mounted here");
    }
    let lab = Lab::within(&small);
    for (name, text) in roomy() {
        lab.write(name, text);
    }
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        // The rest of the room.
        fs::write(lab.at("filler"), vec![b'x'; 1 << 20]).unwrap_err();
        no_room(&lab, |arguments| lab.run(arguments));
    }));
    Command::new("umount").arg(&small).status().unwrap();
    result.unwrap();
}

#[test]
fn a_limit_on_file_sizes_keeps_what_is_there() {
    let lab = Lab::new(&[]);
    for (name, text) in roomy() {
        lab.write(name, text);
    }
    let limited = |trap: &str, arguments: &[&str]| {
        let script = format!("{trap} ulimit -f 16; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_openclaw-lint")).args(arguments);
        command.current_dir(lab.path()).env("LC_ALL", "C.UTF-8");
        ended(command)
    };
    // The error, and the signal that comes before it.
    no_room(&lab, |arguments| limited("trap '' XFSZ;", arguments));
    let before = lab.read("openclaw.json");
    let done = limited("", &["fix", "--unsafe", "openclaw.json"]);
    assert!(done.code.is_none(), "{:?}", done.code);
    assert_eq!(lab.read("openclaw.json"), before);
    assert_eq!(lab.names(), ["guide.json5", "kept.env", "kept.txt", "openclaw.json"]);
}

#[test]
fn without_the_right_to_write_nothing_changes() {
    let lab = Lab::new(&[("a/openclaw.json", BAD), ("b/openclaw.json", BAD), ("c/openclaw.json", BAD)]);
    mode(&lab.at("a/openclaw.json"), 0o444);
    mode(lab.path(), 0o755);
    let Some(command) = bound(&lab, &["fix", "."]) else { return };
    mode(&lab.at("b"), 0o555);
    let done = ended(command);
    mode(&lab.at("b"), 0o755);
    assert_eq!(done.code, Some(2), "{}{}", done.out, done.err);
    assert!(done.err.contains("cannot write a/openclaw.json: it is read-only"), "{}", done.err);
    assert!(done.err.contains("cannot write b/openclaw.json: Permission denied"), "{}", done.err);
    let texts = ["a/openclaw.json", "b/openclaw.json", "c/openclaw.json"].map(|name| lab.read(name));
    assert_eq!(texts, [BAD, BAD, GOOD], "the others are fixed all the same");
    assert!(done.out.contains("1 fix applied in 1 file"), "{}", done.out);
}

#[test]
fn what_may_not_be_read_is_said_and_the_rest_is_checked() {
    let lab = Lab::new(&[("a/openclaw.json", BAD), ("b/openclaw.json", BAD), ("c/openclaw.json", BAD)]);
    mode(lab.path(), 0o755);
    let Some(mut command) = bound(&lab, &["check", "--format", "concise", "."]) else { return };
    mode(&lab.at("a/openclaw.json"), 0);
    mode(&lab.at("c"), 0);
    command.stdin(Stdio::null());
    let done = ended(command);
    mode(&lab.at("c"), 0o755);
    assert_eq!(done.code, Some(2), "{}{}", done.out, done.err);
    assert_eq!(done.out.matches("this account may not read it").count(), 2, "{}", done.out);
    assert!(done.out.contains("b/openclaw.json:3:20: error[schema/wrong-type]"), "{}", done.out);
}

#[test]
fn a_tree_that_cannot_be_written_is_checked() {
    let lab = Lab::new(&[("a/openclaw.json", BAD)]);
    mode(lab.path(), 0o755);
    let Some(command) = bound(&lab, &["check", "--format", "concise", "."]) else { return };
    mode(&lab.at("a"), 0o555);
    let done = ended(command);
    mode(&lab.at("a"), 0o755);
    assert_eq!((done.code, done.err.as_str()), (Some(1), ""));
}

#[test]
fn owners_and_rights_stay() {
    let lab = Lab::new(&[("openclaw.json", BAD)]);
    mode(&lab.at("openclaw.json"), 0o640);
    if is_root() {
        std::os::unix::fs::chown(lab.at("openclaw.json"), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let before = fs::metadata(lab.at("openclaw.json")).unwrap();
    let done = lab.run(&["fix", "--backup", "openclaw.json"]);
    assert_eq!((done.code, lab.read("openclaw.json").as_str()), (Some(0), GOOD), "{}", done.err);
    let after = fs::metadata(lab.at("openclaw.json")).unwrap();
    let facts = |found: &fs::Metadata| (found.uid(), found.gid(), found.mode());
    assert_eq!(facts(&after), facts(&before));
    assert_eq!(lab.read("openclaw.json.bak"), BAD);
    assert_eq!(fs::metadata(lab.at("openclaw.json.bak")).unwrap().mode(), before.mode());
}

#[test]
fn neither_home_nor_terminal_is_needed() {
    let lab = Lab::new(&[("openclaw.json", BAD)]);
    for (name, value) in
        [("TERM", "dumb"), ("TERM", ""), ("TERM", "no-such-terminal"), ("HOME", ""), ("HOME", "/no/such/home")]
    {
        for arguments in
            [&["check", "."][..], &["check", "--user"], &["fix", "--dry-run", "."], &["auth", "."], &["rules"]]
        {
            let mut command = lab.command(arguments);
            command.env_clear().env("LC_ALL", "C.UTF-8").env(name, value);
            let done = ended(command);
            assert!(done.code.is_some_and(|code| code <= 2), "{name}={value} {arguments:?}");
            assert!(!done.err.contains("panicked"), "{}", done.err);
            assert_tame(&done.out);
            assert_tame(&done.err);
        }
    }
}

#[test]
fn a_dumb_terminal_gets_no_escapes() {
    if !has("script") {
        return skip("there is no `script` to make a terminal");
    }
    let lab = Lab::new(&[("openclaw.json", BAD)]);
    let program = env!("CARGO_BIN_EXE_openclaw-lint");
    let mut command = Command::new("script");
    command.args(["-qec", &format!("'{program}' check openclaw.json"), "/dev/null"]);
    command.current_dir(lab.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("TERM", "dumb").env("LC_ALL", "C.UTF-8");
    let done = ended(command);
    assert!(done.out.contains("schema/wrong-type"), "{}{}", done.out, done.err);
    assert_tame(&done.out.replace('\r', ""));
}

fn odd(bytes: &[u8]) -> OsString {
    OsString::from_vec(bytes.to_vec())
}

#[test]
fn names_that_are_not_unicode_are_checked_and_fixed() {
    let lab = Lab::new(&[]);
    // Three that look alike, and a folder.
    let names = [odd(b"openclaw.\xff.json"), odd(b"openclaw.\xfe.json"), odd(b"openclaw.\xfd.json")];
    if fs::write(lab.path().join(&names[0]), BAD).is_err() {
        return skip("this file system takes Unicode names only");
    }
    let texts = [BAD.to_owned(), BAD.replace("mine", "second"), "{\n  // third\n  gateway: {},\n}\n".to_owned()];
    for (name, text) in names.iter().zip(&texts) {
        fs::write(lab.path().join(name), text).unwrap();
    }
    let folder = lab.path().join(odd(b"d\xff"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("openclaw.json"), BAD).unwrap();
    for format in ["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html"] {
        let done = lab.run(&["check", "--format", format, "."]);
        assert_eq!(done.code, Some(1), "{format}: {}", done.err);
        assert_tame(&done.out);
        assert!(done.out.matches("schema/wrong-type").count() >= 3, "{format}: {}", done.out);
    }
    let done = lab.run(&["fix", "."]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    let read = |name: &OsString| fs::read_to_string(lab.path().join(name)).unwrap();
    let fixed = [GOOD.to_owned(), GOOD.replace("mine", "second"), texts[2].clone()];
    assert_eq!([read(&names[0]), read(&names[1]), read(&names[2])], fixed);
    assert_eq!(fs::read_to_string(folder.join("openclaw.json")).unwrap(), GOOD);
}

#[test]
fn editors_may_have_addresses_that_are_not_unicode() {
    let mut client = Client::start(&[], push());
    let root = client.uri("");
    let root = root.trim_end_matches('/');
    for address in [format!("{root}/d%FF/openclaw.json"), format!("{root}/openclaw.%FF.json")] {
        let document = json!({ "uri": address, "languageId": "json5", "version": 1, "text": BAD });
        client.notify("textDocument/didOpen", json!({ "textDocument": document }));
        let found = loop {
            let lsp_server::Message::Notification(sent) = client.read() else { continue };
            if sent.method == "textDocument/publishDiagnostics" && sent.params["uri"] == address {
                break sent.params["diagnostics"].clone();
            }
        };
        assert_eq!(found[0]["code"], "schema/wrong-type", "{address}: {found}");
    }
    assert_eq!(client.end().0, 0);
}
