//! What holds for comments that silence (`properties/suppress.rs`), on random rows of a config and of an env file: several
//! findings in a line, of one rule in several lines, and comments that are there already.

mod properties;

use proptest::prelude::*;

const MEMBERS: &[&str] = &[
    "gatewy: {},",
    "gateway: { mode: \"local\", port: \"1\" },",
    "gateway: { mode: \"lan\", prt: 1, bnd: 2 }, agnts: {},",
    "logging: { level: \"verbose\" },",
    "logging: { level: \"verbose\" }, logging: { levl: 1 },",
    "agents: { defaults: { workspace: 7, 名字: 1 } },",
    "models: { providers: { openai: { apiKey: \"YOUR_API_KEY\", modls: [] } } },",
    "models: { providers: {\n  anthropic: { apiKey: \"${ANTHROPIC_API_KEY}\",\n  baseUrl: \"http://localhost:\" } } },",
    "env: { vars: { A: \"\\\n\" } },",
    "// a comment",
    "/* another\n*/",
    "// openclaw-lint-ignore schema/unknown-key: said before",
    "// openclaw-lint-ignore schema/wrong-type, schema/bad-value: said before",
    "// openclaw-lint-ignore schema/unknown-key",
    "// openclaw-lint-ignore no/such-rule: said before",
    "// openclaw-lint-ignore-file schema/bad-value: said before",
    "",
];

const ENTRIES: &[&str] = &[
    "A=1",
    "A=2",
    "OPENAI_API_KEY=your-api-key-here",
    "OPENAI_API_KEY=\"open",
    "export ANTHROPIC_API_KEY = placeholder # why",
    "B C",
    "“D”=1",
    "# a comment",
    "# openclaw-lint-ignore env/duplicate-key: said before",
    "# openclaw-lint-ignore-file env/duplicate-key: said before",
    "",
];

fn rows(of: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(of), 0..most).prop_map(|rows| rows.join("\n"))
}

/// With line endings of either kind.
fn bundles() -> impl Strategy<Value = String> {
    (rows(MEMBERS, 8), rows(ENTRIES, 6), any::<bool>()).prop_map(|(members, entries, windows)| {
        let end = |text: String| if windows { text.replace('\n', "\r\n") } else { text };
        let (config, entries) = (end(format!("{{\n{members}\n}}\n")), end(format!("{entries}\n")));
        format!("--- openclaw.json\n{config}--- .env\n{entries}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_comment_silences_what_it_names_and_nothing_else(files in bundles()) {
        properties::suppress::check(files.as_bytes());
    }
}
