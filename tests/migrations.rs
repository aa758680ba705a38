//! What `fix` makes of keys that OpenClaw moved, against what OpenClaw's own migrations make of them.
//!
//! `fixtures/migrations.jsonl` holds a config a line and the values that `openclaw doctor --fix` of 2026.9.6 puts elsewhere,
//! by JSON Pointer. Synthetic configs, each refused as it stands and accepted after OpenClaw's migrations.
//!
//! `fixtures/starts.jsonl` holds a config a line, made from the schemas of older releases or with an old key beside the new one, and
//! what becomes of it when the gateway of 2026.9.6 starts: accepted as it stands, migrated, or refused.

use std::path::PathBuf;

use openclaw_lint::Linter;
use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover;
use openclaw_lint::finding::Safety;
use openclaw_lint::fix::mend;
use openclaw_lint::host::MemoryHost;
use openclaw_lint::report::{Report, Verdict};
use openclaw_lint::rules::Catalog;
use openclaw_lint::schema::Store;
use openclaw_lint::source::FileId;
use serde_json::{Map, Value};

fn fixed(text: &str) -> Value {
    let settings = Settings::new(Store::bundled().latest().expect("a release"));
    let check = |text: &str| {
        let input = Input {
            path: PathBuf::from("/project/openclaw.json"),
            shown: "openclaw.json".to_owned(),
            info: discover::classify_explicit("openclaw.json"),
            content: Content::Bytes(text.as_bytes().to_vec()),
            context: false,
        };
        let report = check::run(vec![input], &settings, Catalog::bundled(), &MemoryHost::new("/home/user"));
        (report, FileId(0))
    };
    json5::from_str(&mend(text, Safety::Unsafe, check).text).expect("JSON5")
}

#[test]
fn moved_values_stand_where_openclaw_puts_them() {
    let cases = include_str!("fixtures/migrations.jsonl");
    let (mut right, mut all, mut missed) = (0, 0, Vec::new());
    for line in cases.lines() {
        let case: Map<String, Value> = serde_json::from_str(line).expect("a case");
        let text = serde_json::to_string_pretty(&case["config"]).expect("JSON");
        let after = fixed(&text);
        for (pointer, value) in case["moved"].as_object().expect("an object") {
            all += 1;
            if after.pointer(pointer) == Some(value) {
                right += 1;
            } else {
                missed.push(format!("{} {pointer}", case["id"]));
            }
        }
    }
    assert!(all > 400, "the cases are read");
    assert!(right * 100 >= all * 95, "{right} of {all}: {missed:#?}");
}

#[test]
fn objects_on_the_way_are_made_once() {
    let text =
        "{\n  channels: {\n    signal: {\n      cliPath: \"signal-cli\",\n      autoStart: true,\n    },\n  },\n}\n";
    let signal = fixed(text).pointer("/channels/signal").cloned().expect("the channel");
    assert_eq!(signal, serde_json::json!({ "transport": { "cliPath": "signal-cli", "kind": "managed-native" } }));
}

fn verdict(report: &Report) -> Verdict {
    report.files.first().expect("a file").verdict
}

#[test]
fn what_a_start_does_is_foretold() {
    let (mut all, mut wrong) = (0, Vec::new());
    for line in include_str!("fixtures/starts.jsonl").lines() {
        let case: Map<String, Value> = serde_json::from_str(line).expect("a case");
        let report = Linter::new().file("openclaw.json", case["config"].to_string()).lint();
        let foretold = verdict(&report).name();
        all += 1;
        if foretold != case["verdict"] {
            wrong.push(format!("{foretold}: {line}"));
        }
    }
    assert!(all > 500, "the cases are read");
    assert_eq!(wrong, Vec::<String>::new());
}

/// The gateway drops comments; a fix that would lose one is not offered.
#[test]
fn comments_do_not_keep_the_gateway_from_its_migrations() {
    for text in [
        "{ messages: { tts: { // spoken\n auto: 'always' } } }",
        "{ agents: { list: [ // one\n { id: 'Home' } ] } }",
        "{ channels: { telegram: { heartbeat: { /* why */ showOk: true }, heartbeatVisibility: { showOk: false } } } }",
        "{ agents: { defaults: { agentRuntime: { /* why */ id: 'pi' } } } }",
    ] {
        let report = Linter::new().file("openclaw.json", text).lint();
        assert_eq!(verdict(&report), Verdict::Migrates, "{text}");
        let fixes = report.findings.iter().flat_map(|finding| finding.fix.iter().chain(&finding.other_fixes));
        for fix in fixes {
            let mut edits = fix.edits.clone();
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
            let mut left = text.to_owned();
            for edit in edits {
                left.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.new_text);
            }
            let comment = ["// spoken", "// one", "why"].into_iter().find(|comment| text.contains(comment)).unwrap();
            assert!(left.contains(comment), "{}: {left}", fix.title);
        }
    }
}
