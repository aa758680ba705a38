//! Large and hostile files: bounded work and memory, a clear message, and never a panic, a hang or a raw control byte.
//! Everything is made here. Sizes are such that work in the square of them would not end before the program is killed.

#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper that fails fails the test"
)]
#![allow(dead_code, reason = "helpers that other tests use")]

#[path = "lsp/client.rs"]
mod client;
#[path = "hostile/lab.rs"]
mod lab;

use client::{Client, push};
use lab::{Lab, assert_tame, fed, start};
use openclaw_lint::Linter;
use openclaw_lint::report::{Format, Options, render};
use serde_json::json;

/// Findings of a test that looks at all formats.
const MANY: usize = 10_000;

/// Findings for an editor, which waits for a minute at most.
const FEW: usize = 4_000;

const FORMATS: [&str; 9] = ["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html"];

fn object(count: usize, line: impl Fn(usize) -> String) -> String {
    format!("{{\n{}}}\n", (0..count).map(line).collect::<String>())
}

fn last_key() -> String {
    format!("key{}", MANY - 1)
}

fn unknown_keys(count: usize) -> String {
    object(count, |at| format!("  key{at}: {at},\n"))
}

/// The report of a config in every format.
fn reports(text: &str) -> Vec<(Format, String)> {
    let report = Linter::new().file("openclaw.json", text).lint();
    Format::all().map(|format| (format, render(format, &report, &Options::default()))).collect()
}

#[test]
fn unknown_keys_are_all_in_every_format() {
    for (format, text) in reports(&unknown_keys(MANY)) {
        let times = |part: &str| text.matches(part).count();
        let expected = match format {
            Format::Full => times("error[schema/unknown-key]"),
            Format::Concise => times(": error[schema/unknown-key] "),
            Format::Json => times("\"rule\": \"schema/unknown-key\""),
            Format::Jsonl => times("\"rule\":\"schema/unknown-key\""),
            Format::Sarif => times("\"ruleId\": \"schema/unknown-key\""),
            Format::Github => times("::error "),
            Format::Gitlab => times("\"check_name\": \"schema/unknown-key\""),
            Format::Junit => times("<failure "),
            Format::Html => times("<article class=\"finding error\""),
        };
        assert_eq!(expected, MANY, "{format:?}");
        assert_tame(&text);
    }
}

#[test]
fn one_line_with_all_of_them_has_columns_and_excerpts() {
    let text = unknown_keys(MANY).replace('\n', "").replace(": ", &format!(": /* {} */ ", "钥".repeat(100)));
    assert!(text.len() > 3_000_000 && text.lines().count() == 1);
    for (format, out) in reports(&text) {
        match format {
            Format::Concise => {
                let last = out.lines().rev().nth(1).unwrap();
                let column = text[..text.find(&last_key()).unwrap()].chars().count() + 1;
                assert!(last.starts_with(&format!("openclaw.json:1:{column}: error")), "{last}");
            }
            Format::Full => assert!(out.lines().all(|line| line.chars().count() <= 160)),
            _ => assert!(out.contains(&last_key()), "{format:?}"),
        }
    }
}

#[test]
fn duplicate_keys_are_one_finding_each() {
    let same = object(100_000, |_| "  gateway: {},\n".to_owned());
    let report = Linter::new().file("openclaw.json", same).lint();
    let found: Vec<_> = report.findings.iter().filter(|finding| finding.rule == "syntax/duplicate-key").collect();
    assert_eq!((found.len(), found[0].related.len()), (1, 99_999));
    for format in Format::all() {
        assert!(!render(format, &report, &Options::default()).is_empty());
    }
    let pairs = object(MANY, |at| format!("  k{at}: 1,\n  k{at}: 2,\n"));
    let report = Linter::new().file("openclaw.json", pairs).lint();
    let count = |rule: &str| report.findings.iter().filter(|finding| finding.rule == rule).count();
    assert_eq!((count("syntax/duplicate-key"), count("schema/unknown-key")), (MANY, MANY));
}

#[test]
fn a_million_brackets_are_one_mistake() {
    for (open, close) in [("[", "]"), ("{a:", "}"), ("[", ""), ("", "]"), ("{", ""), ("[{a:", "}]")] {
        let text = format!("{}1{}", open.repeat(1_000_000), close.repeat(1_000_000));
        let done = fed(Lab::new(&[]).command(&["check", "--format", "json", "-"]), text.into_bytes());
        let found = done.rules();
        assert!(
            done.code == Some(1) && found.iter().any(|(rule, _)| rule == "syntax/json5"),
            "{open}{close}: {found:?}"
        );
        assert!(found.iter().map(|(_, count)| count).sum::<usize>() < 105, "{open}{close}: {found:?}");
        assert!(done.out.len() < 200_000);
    }
}

#[test]
fn a_file_of_a_gigabyte_is_not_read() {
    let lab = Lab::new(&[]);
    let file = std::fs::File::create(lab.at("openclaw.json")).unwrap();
    // A file with a hole takes no room.
    file.set_len(1 << 30).unwrap();
    for arguments in [&["check"][..], &["fix"], &["fix", "--diff"], &["upgrade", "--from", "2026.2.26"]] {
        let done = lab.run(&[arguments, &["openclaw.json"]].concat());
        assert_eq!(done.code, Some(2), "{arguments:?}: {}{}", done.out, done.err);
        assert!(format!("{}{}", done.out, done.err).contains("33554432"), "{arguments:?}: {}{}", done.out, done.err);
    }
    let done = lab.run(&["check", "--format", "concise", "openclaw.json"]);
    assert!(done.out.contains("not read: 1073741824 bytes, and the limit is 33554432"), "{}", done.out);
    let done = lab.run(&["convert", "openclaw.json"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("is 1073741824 bytes long; at most 33554432 are read"), "{}", done.err);
    // Standard input has no length.
    let done = fed(lab.command(&["check", "--max-file-size", "1M", "--format", "concise", "-"]), vec![b' '; 40 << 20]);
    assert_eq!(done.code, Some(2));
    assert!(done.out.contains("file/unreadable"), "{}{}", done.out, done.err);
}

fn including(level: usize, times: usize) -> String {
    let part = format!("\"./part{level}.json5\"");
    format!("{{ $include: [{}] }}", vec![part; times].join(", "))
}

#[test]
fn an_exponential_include_stops_with_a_message() {
    let lab = Lab::new(&[("openclaw.json", &including(0, 10)), ("part9.json5", "{ gateway: { port: 18789 } }")]);
    for level in 0..9 {
        lab.write(&format!("part{level}.json5"), including(level + 1, 10));
    }
    let done = lab.run(&["check", "--format", "json", "openclaw.json"]);
    let json = done.json();
    assert_eq!((done.code, json["findings"].as_array().unwrap().len()), (Some(1), 1), "{}", start(&done.out));
    let message = json["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("the config includes more than 20,000 files or 32 MiB"), "{message}");
    assert_eq!(json["files"][0]["verdict"], "unknown");
}

#[test]
fn ten_thousand_includes_are_followed_and_circles_are_not() {
    let parts: String = (0..10_000).map(|at| format!("\"./p/{at}.json5\", ")).collect();
    let lab = Lab::new(&[("openclaw.json", &format!("{{ $include: [{parts}] }}"))]);
    for at in 0..10_000 {
        lab.write(
            &format!("p/{at}.json5"),
            format!("{{ env: {{ vars: {{ V{at}: \"x\" }} }}, agents: {{ list: [] }} }}"),
        );
    }
    let done = lab.run(&["check", "--format", "json", "openclaw.json"]);
    assert!(done.rules().iter().all(|(rule, _)| rule != "config/include"), "{:?}", done.rules());
    let lab = Lab::new(&[
        ("openclaw.json", "{ a: { $include: \"./x.json5\" } }"),
        ("x.json5", "{ b: { $include: [\"./y.json5\", \"./x.json5\"] }, c: { $include: \"./openclaw.json\" } }"),
        ("y.json5", "{ $include: \"./x.json5\" }"),
    ]);
    let done = lab.run(&["check", "--format", "json", "openclaw.json"]);
    assert!(done.rules().contains(&("config/include".to_owned(), 3)), "{:?}", done.rules());
}

#[test]
fn brackets_are_nested_no_deeper_through_includes() {
    let nested = |depth: usize, inside: &str| format!("{}{inside}{}", "[".repeat(depth), "]".repeat(depth));
    let mut lab =
        Linter::new().file("openclaw.json", format!("{{ a: {} }}", nested(500, "{ $include: './p0.json5' }")));
    for level in 0..10 {
        let inside = format!("{{ $include: './p{}.json5' }}", level + 1);
        lab = lab.beside(format!("p{level}.json5"), nested(500, &inside));
    }
    let report = lab.lint();
    let found: Vec<&str> = report.findings.iter().filter(|f| f.rule == "config/include").map(|f| &*f.message).collect();
    assert_eq!(found, ["`./p0.json5` is not included here: with it, brackets would be nested deeper than 512 levels"]);
}

#[test]
fn paths_that_are_longer_together_than_memory_are_refused() {
    let long = format!("{{ models: {{ providers: {{ {}: {} }} }} }}", "k".repeat(1_000_000), unknown_keys(5_000));
    let deep = format!("{}{}{}", "[".repeat(500), "\"${A}\",".repeat(200_000), "]".repeat(500));
    for text in [long, deep] {
        let report = Linter::new().file("openclaw.json", text).beside(".env", "B=1\n").lint();
        let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
        assert_eq!(rules, ["syntax/json5"]);
        assert!(report.findings[0].message.contains("longer than 512 MiB together"));
        assert_eq!(report.files[0].verdict.name(), "unknown");
    }
}

#[test]
fn comments_that_silence_cost_a_search_each() {
    let text = object(MANY, |at| format!("  // openclaw-lint-ignore schema/unknown-key: note {at}\n  key{at}: 1,\n"));
    let report = Linter::new().file("openclaw.json", text).lint();
    assert_eq!(report.findings.len(), 0);
    let row = object(MANY, |at| format!("  // openclaw-lint-ignore schema/unknown-key: note {at}\n"));
    let report = Linter::new().file("openclaw.json", row).lint();
    assert_eq!(report.findings.iter().filter(|finding| finding.rule == "lint/suppression").count(), MANY);
    let names = "schema/unknown-key ".repeat(MANY);
    let line = format!("/* openclaw-lint-ignore {names}: all of them */ {}", unknown_keys(MANY).replace('\n', " "));
    assert_eq!(Linter::new().file("openclaw.json", line).lint().findings.len(), 0);
}

#[test]
fn names_are_compared_with_many_names() {
    let agents = (0..MANY).map(|at| format!("a{at}: {{ name: \"{at}\" }}, ")).collect::<String>();
    let bindings = (0..MANY).map(|at| format!("{{ agentId: \"z{at}\", match: {{ channel: \"telegram\" }} }}, "));
    let text = format!("{{ agents: {{ entries: {{ {agents} }} }}, bindings: [{}] }}", bindings.collect::<String>());
    let report = Linter::new().file("openclaw.json", text).lint();
    assert_eq!(report.findings.iter().filter(|finding| finding.rule == "agents/unknown-agent").count(), MANY);
}

#[test]
fn env_files_of_many_mistakes_are_read_once() {
    let text: String = (0..MANY / 8).map(|at| format!("bad line {at}\nKEY{at}=a\nKEY{at}=b\nTOKEN{at}='x\n")).collect();
    let lab = Lab::new(&[(".env", &text), ("gateway.env", &text), ("openclaw.json", "{}")]);
    let done = lab.run(&["check", "--format", "json", "."]);
    let found = done.rules();
    assert!(found.iter().map(|(_, count)| count).sum::<usize>() > MANY / 4, "{found:?}");
    let done = lab.run(&["fix", "--unsafe", "--dry-run", "."]);
    assert!(done.code.is_some_and(|code| code < 2), "{}", done.err);
}

#[test]
fn many_fixes_are_made_at_once() {
    let text = format!(
        "{{ env: {{ vars: {{ A: \"1\" }} }}, mcp: {{ servers: {{\n{}}} }} }}\n",
        (0..MANY / 4)
            .map(|at| format!("  // server {at}\n  s{at}: {{ command: \"x\", args: \"y\" }}, // why {at}\n"))
            .collect::<String>()
    );
    let lab = Lab::new(&[("openclaw.json", &text)]);
    let diff = lab.run(&["fix", "--unsafe", "--diff", "openclaw.json"]);
    let done = lab.run(&["fix", "--unsafe", "openclaw.json"]);
    assert_eq!((done.code, diff.code), (Some(0), Some(0)), "{}{}", start(&done.out), done.err);
    let fixed = lab.read("openclaw.json");
    assert_eq!(fixed.matches("args: [\"y\"]").count(), MANY / 4, "{}", start(&fixed));
    assert_eq!((fixed.matches("// server").count(), fixed.matches("// why").count()), (MANY / 4, MANY / 4));
    assert_eq!(diff.out.lines().filter(|line| line.starts_with("+  s")).count(), MANY / 4, "{}", start(&diff.out));
}

#[test]
fn unknown_keys_are_commented_out_or_left_and_the_rest_stays() {
    let text = object(MANY / 2, |at| format!("  // note {at}\n  key{at}: {at}, // why {at}\n"));
    let lab = Lab::new(&[("openclaw.json", &text)]);
    let done = lab.run(&["fix", "--unsafe", "openclaw.json"]);
    assert!(done.code.is_some_and(|code| code < 2), "{}{}", start(&done.out), done.err);
    let fixed = lab.read("openclaw.json");
    assert_eq!((fixed.matches("// note").count(), fixed.matches("// why").count()), (MANY / 2, MANY / 2));
}

#[test]
fn upgrades_and_conversions_of_large_files_end() {
    let lab = Lab::new(&[("openclaw.json", &unknown_keys(MANY))]);
    let done = lab.run(&["upgrade", "--from", "2026.2.26", "--format", "json", "openclaw.json"]);
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert_eq!(done.json()["files"][0]["refused"].as_array().unwrap().len(), MANY);
    let keys = (0..MANY).map(|at| format!("  // note {at}\n  apiKey: \"not-a-real-{at}\",\n")).collect::<String>();
    let rest = (0..MANY).map(|at| format!("  zebra{at}: {at}, // x\n")).collect::<String>();
    lab.write("guide.json5", format!("{{\n secrets: {{ anthropic: {{\n{keys} }} }},\n{rest}}}\n"));
    let done = lab.run(&["convert", "guide.json5"]);
    assert_eq!(done.code, Some(0), "{}", start(&done.err));
    assert_eq!(done.out.matches("// note").count(), MANY);
    assert_eq!(done.err.lines().filter(|line| line.contains("zebra")).count(), MANY);
}

#[test]
fn a_pattern_made_to_hurt_is_named_and_ends() {
    let pack = r#"{
        id: "own/slow", since: "1.0.0", summary: "Slow", severity: "error", confidence: "high",
        given: ["$.env.vars.*"],
        then: { schema: { type: "string", pattern: "^(?:(a|a(?=a*))+b|a+)$" } },
        outcomes: { default: { message: "`{path}` is wrong" } },
        docs: ["x"], examples: { bad: [], good: [] },
    }"#;
    let values: String = (0..MANY).map(|at| format!("V{at}: \"{}\",\n", "a".repeat(40))).collect();
    let config = format!("{{ env: {{ vars: {{ {values} }} }} }}");
    let lab = Lab::new(&[("own.json5", pack), ("openclaw.json", &config)]);
    let done = lab.run(&["check", "--rules", "own.json5", "--format", "json", "openclaw.json"]);
    assert_eq!((done.code, done.rules()), (Some(2), vec![("lint/config".to_owned(), 1)]), "{}", done.err);
    let message = done.json()["findings"][0]["message"].as_str().unwrap().to_owned();
    assert_eq!(message, "the rule `own/slow` cannot say whether this is right: a pattern of it takes too long here");
    // One that would not fit into memory is no pattern.
    lab.write("own.json5", pack.replace("^(?:(a|a(?=a*))+b|a+)$", "(((a{500}){500}){500}){500}"));
    let done = lab.run(&["check", "--rules", "own.json5", "--format", "json", "openclaw.json"]);
    assert_eq!(done.code, Some(2), "{}", start(&done.out));
}

/// What a terminal obeys, and what it shows in another order, in every place where a file can have it.
const WILD: &str = "{ \"a\x1b[2J\u{202e}\u{9b}31m\\nb\\u001b]0;x\\u0007\": 1, // \x1b[31m \u{2066}\n \
    gateway: { bind: \"\x1b]0;owned\x07\u{200f}\", \"tok\u{202e}en\": 2, port: \"18789\" },\n \
    agents: { entries: { \"x\\u001b[1m\\u202e\": { model: \"no\\u001b[2Jbody/m\" } } } }\n";

#[test]
fn nothing_that_a_terminal_obeys_comes_out() {
    let lab = Lab::new(&[("openclaw.json", WILD), (".env", "A\x1b[2J=1\nOPENAI_API_KEY=\u{202e}x\x07\nb\x1b d\n")]);
    lab.write("od\x1b[2Jd\n::error::x/openclaw.json", WILD);
    lab.write("guide.json5", WILD.replace("agents", "monitoring"));
    for format in FORMATS {
        let done = lab.run(&["check", "--format", format, "."]);
        assert_eq!(done.code, Some(1), "{format}: {}", done.err);
        assert_tame(&done.out);
        assert_tame(&done.err);
    }
    let github = lab.run(&["check", "--format", "github", "."]);
    assert!(github.out.lines().all(|line| line.starts_with("::")) && !github.out.contains("\n::error::x"));
    for arguments in [
        &["fix", "--dry-run", "--unsafe", "."][..],
        &["fix", "--diff", "--unsafe", "."],
        &["upgrade", "--from", "2026.2.26", "."],
        &["upgrade", "--from", "2026.2.26", "--format", "json", "."],
        &["upgrade", "--from", "2026.2.26", "--format", "markdown", "."],
        &["auth", "."],
        &["auth", "--format", "json", "."],
        &["check", "no\x1b[2Jthing\n.json"],
        &["check", "--rules", "no\x1b[2Jthing.json5", "."],
        &["fix", "no\x1b[2Jthing.json"],
        &["convert", "no\x1b[2J\nthing.json"],
        &["check", "--baseline", "no\x1b[2J.json", "."],
        &["check", "--output", "no\x1b[2J/\n.json", "."],
        &["explain", "no\x1b[2J/rule"],
        &["check", "--no-such\x1b[2J"],
        &["check", "--format", "\x1b[2J"],
    ] {
        let done = lab.run(arguments);
        assert!(done.code.is_some(), "{arguments:?}");
        assert_tame(&done.out);
        assert_tame(&done.err);
    }
    // What `convert` writes is the file, as it is; what it says is not.
    let done = lab.run(&["convert", "guide.json5"]);
    assert_tame(&done.err);
}

#[test]
fn editors_get_all_of_it() {
    let mut client = Client::start(&[], push());
    client.open("openclaw.json", &unknown_keys(FEW));
    assert_eq!(client.published("openclaw.json", 1).len(), FEW);
    let document = json!({ "uri": client.uri("openclaw.json") });
    let everywhere = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": FEW + 2, "character": 0 } });
    let context = json!({ "diagnostics": [] });
    let actions = client.request(
        "textDocument/codeAction",
        json!({ "textDocument": document, "range": everywhere, "context": context }),
    );
    assert!(actions.as_array().unwrap().len() >= FEW);
    let line = unknown_keys(FEW).replace('\n', " ");
    let mut client = Client::start(&[], push());
    client.open("openclaw.json", &line);
    let found = client.published("openclaw.json", 1);
    assert_eq!(found.len(), FEW);
    let column = line.find(&format!("key{}", FEW - 1)).unwrap();
    assert_eq!(found.last().unwrap()["range"]["start"], json!({ "line": 0, "character": column }));
    let deep = format!("{}1{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let mut client = Client::start(&[], push());
    client.open("openclaw.json", &deep);
    assert_eq!(client.published("openclaw.json", 1).len(), 1);
    let document = json!({ "uri": client.uri("openclaw.json") });
    client.request("textDocument/documentSymbol", json!({ "textDocument": document }));
    assert_eq!(client.end().0, 0);
}
