//! What `fix` makes of keys that OpenClaw moved, against what OpenClaw's own migrations make of them.
//!
//! `fixtures/migrations.jsonl` holds a config a line and the values that `openclaw doctor --fix` of 2026.9.6 puts elsewhere,
//! by JSON Pointer. Synthetic configs, each refused as it stands and accepted after OpenClaw's migrations.

use std::path::PathBuf;

use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover;
use openclaw_lint::finding::Safety;
use openclaw_lint::fix::mend;
use openclaw_lint::host::MemoryHost;
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
