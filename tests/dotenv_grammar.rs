//! The env-file grammar against the answers of the reference parser.
//!
//! `fixtures/dotenv-reference.jsonl` holds texts of ours (handmade ones and seeded random ones) and what
//! `parse()` of npm `dotenv` 17.4.2 made of each; `fixtures/dotenv-reference.md` tells how to make it again. Set
//! `DOTENV_REFERENCE` to a longer file of the same shape to compare more.

use std::collections::BTreeMap;
use std::path::PathBuf;

use openclaw_lint::syntax::dotenv::{EnvFile, parse};

/// What the reference's object would hold: the last entry of every name. JavaScript drops `__proto__`.
fn as_object(file: &EnvFile) -> BTreeMap<String, String> {
    let pairs = file.entries.iter().filter(|entry| &*entry.key != "__proto__");
    pairs.map(|entry| (entry.key.to_string(), entry.value.to_string())).collect()
}

fn compare(path: &PathBuf) -> usize {
    let fixture = std::fs::read_to_string(path).expect("the reference file is readable");
    let mut wrong = Vec::new();
    let mut compared = 0;
    for line in fixture.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("one JSON object per line");
        let text = case["text"].as_str().expect("`text` is a string");
        let expected = case["parsed"].as_object().expect("`parsed` is an object");
        let expected: BTreeMap<String, String> =
            expected.iter().map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect();
        let actual = as_object(&parse(text));
        if actual != expected {
            wrong.push(format!("{text:?}\n  reference {expected:?}\n  ours      {actual:?}"));
        }
        compared += 1;
    }
    let shown = wrong.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {compared} texts differ:\n{shown}", wrong.len());
    compared
}

#[test]
fn every_text_reads_as_the_reference_reads_it() {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dotenv-reference.jsonl");
    assert!(compare(&own) >= 800);
    if let Some(more) = std::env::var_os("DOTENV_REFERENCE") {
        println!("{} more texts agree", compare(&PathBuf::from(more)));
    }
}
