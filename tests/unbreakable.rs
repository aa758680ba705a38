//! Inputs that once broke something, most of them found by the fuzz targets (`fuzz/`), each under the name of what holds now.

mod properties;

use std::time::{Duration, Instant};

use lsp_server::{Connection, Message, Notification, Request, Response};
use openclaw_lint::Linter;
use openclaw_lint::host::MemoryHost;
use openclaw_lint::lsp::{Start, Unserved, serve};
use openclaw_lint::report::{Report, difference};
use openclaw_lint::rules::JsonPath;
use openclaw_lint::schema::Store;
use openclaw_lint::source::FileId;
use properties::{lsp, project};
use serde_json::json;

fn rules(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

fn file(report: &Report, name: &str) -> FileId {
    report.sources.iter().find(|(_, source)| source.name() == name).unwrap().0
}

#[test]
fn files_that_include_the_next_ten_times_come_to_an_end() {
    let mut linter = Linter::new();
    for level in 0..9 {
        let name = if level == 0 { "openclaw.json".to_owned() } else { format!("{level}.json5") };
        let next = format!("\"./{}.json5\",", level + 1).repeat(10);
        let text = format!("{{ $include: [{next}] }}");
        linter = if level == 0 { linter.file(name, text) } else { linter.beside(name, text) };
    }
    let linter = linter.beside("9.json5", "{ gateway: { mode: \"local\" } }");
    let start = Instant::now();
    let report = linter.lint();
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!(
        report.findings.iter().filter(|finding| finding.rule == "config/include" && !finding.blocking).count(),
        1
    );
    project::check(
        b"--- openclaw.json\n{ $include: ['a', 'a'] }\n--- a\n{ $include: ['b', 'b', 'b'] }\n--- b\n{ x: [1] }\n",
    );
}

/// The first recursed until the stack was full, the second took twice as long for each level, the third made more nodes than
/// there is memory for.
#[test]
fn paths_of_rules_are_bounded() {
    let filters = |depth: usize| format!("${}{}", "[?@".repeat(depth), "]".repeat(depth));
    let parens = |depth: usize| format!("$[?{}@.a{}]", "(".repeat(depth), ")".repeat(depth));
    for path in [parens(60_000), filters(40), format!("${}", "..*".repeat(12))] {
        assert!(JsonPath::parse(&path).is_err());
    }
    for path in [parens(7), filters(8), "$..a..b".to_owned(), "$['((((((((((..........']".to_owned()] {
        assert!(JsonPath::parse(&path).is_ok(), "{path}");
    }
}

#[test]
fn a_key_that_includes_may_be_spelt_with_escapes() {
    let report = Linter::new()
        .file("openclaw.json", r#"{ gateway: { "\u0024include": "./part.json5" } }"#)
        .beside("part.json5", "{ mode: 'nowhere' }")
        .lint();
    assert_eq!(rules(&report), ["schema/bad-value"]);
}

/// The first and the last character of the list were the same one, and were replaced twice.
#[test]
fn a_list_without_an_end_is_no_object_yet() {
    let text = "{ agents: { list: [";
    let report = Linter::new().file("openclaw.json", text).lint();
    for fix in report.findings.iter().flat_map(|finding| finding.fix.iter().chain(&finding.other_fixes)) {
        let mut spans: Vec<_> = fix.edits.iter().map(|edit| edit.span).collect();
        spans.sort_by_key(|span| span.start);
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{fix:?}");
    }
    assert!(!report.findings.is_empty());
}

#[test]
fn a_difference_hides_short_secrets_and_what_a_terminal_obeys() {
    let config = |port: &str| {
        format!(
            "{{\n  gateway: {{ auth: {{ token: 'ab\\'c' }}, port: {port} }}, // \u{1b}[2J\u{202e}\n  hooks: {{ token: \"x1\" }},\r\n}}"
        )
    };
    let lint = |port: &str| Linter::new().file("openclaw.json", config(port)).lint();
    let (before, after) = (lint("\"1\""), lint("1"));
    let shown =
        difference("openclaw.json", (&before, file(&before, "openclaw.json")), (&after, file(&after, "openclaw.json")));
    assert_eq!(
        shown,
        "--- a/openclaw.json\n+++ b/openclaw.json\n@@ -1,4 +1,4 @@\n {\n\
         -  gateway: { auth: { token: '•••' }, port: \"1\" }, // ␛[2J<U+202E>\n\
         +  gateway: { auth: { token: '•••' }, port: 1 }, // ␛[2J<U+202E>\n   hooks: { token: \"•••\" },\r\n }\n\
         \\ No newline at end of file\n"
    );
}

/// A request for the findings of a document that is closed before they are there waited for ever.
#[test]
fn the_server_answers_for_documents_that_are_closed_in_the_meantime() {
    let files = "--- openclaw.json\n{ gateway: { port: \"1\" } }\n--- settings\nclient pull\n";
    lsp::check(
        format!("{files}--- script\nopen openclaw.json\ndiagnose openclaw.json\nclose openclaw.json\n").as_bytes(),
    );
    let hasty = files.replace("pull", "pull hasty");
    let script = "open openclaw.json\ndiagnose openclaw.json\nmend openclaw.json\nchange openclaw.json all {}\nact openclaw.json\n";
    lsp::check(format!("{hasty}--- script\n{script}").as_bytes());
}

#[test]
fn a_key_pasted_as_a_name_is_in_no_answer() {
    let file = "--- openclaw.json\n{ agents: { entries: {\n  \"@{anthropic.api-key}\": {},\n} }, bindings: [{ agentId: '' }] }\n";
    let script = "open openclaw.json\nsymbol openclaw.json\nhover openclaw.json 1:9\ncomplete openclaw.json 2:29\n";
    lsp::check(format!("{file}--- script\n{script}").as_bytes());
}

fn start() -> Start {
    Start {
        release: Store::bundled().latest().unwrap(),
        mild: true,
        layout: None,
        environment: Default::default(),
        process_env: false,
        host_checks: false,
        language: None,
    }
}

/// A client's own answer may be on its way when it says `shutdown`; the error of the library quoted the message, and with it
/// what stands in documents.
#[test]
fn the_server_takes_what_comes_between_shutdown_and_exit() {
    let (server, client) = Connection::memory();
    let say = |message: Message| client.sender.send(message).unwrap();
    let request = |id: i32, method: &str| Message::Request(Request::new(id.into(), method.to_owned(), json!({})));
    let notify = |method: &str| Message::Notification(Notification::new(method.to_owned(), json!({ "a": 1 })));
    say(notify("textDocument/didOpen"));
    say(request(1, "textDocument/hover"));
    say(request(2, "initialize"));
    say(notify("$/setTrace"));
    say(request(3, "shutdown"));
    say(Message::Response(Response::new_ok(9.into(), json!(null))));
    say(request(4, "textDocument/hover"));
    say(notify("exit"));
    assert_eq!(serve(&server, start(), &MemoryHost::new("/w")), Ok(true));
    drop(server);
    let answers: Vec<(String, bool)> = client
        .receiver
        .iter()
        .map(|message| match message {
            Message::Response(response) => (response.id.to_string(), response.response_result.is_ok()),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [("1", false), ("2", true), ("3", true), ("4", false)].map(|(id, ok)| (id.to_owned(), ok));
    assert_eq!(answers, expected);
}

#[test]
fn a_client_that_never_comes_is_no_client() {
    let (server, client) = Connection::memory();
    drop(client);
    assert_eq!(serve(&server, start(), &MemoryHost::new("/w")), Err(Unserved));
}
