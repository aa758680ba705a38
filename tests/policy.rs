//! The linter's own configuration: where it is found, what it changes, and what stays.

use std::path::{Path, PathBuf};

use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover;
use openclaw_lint::host::MemoryHost;
use openclaw_lint::policy::Policies;
use openclaw_lint::report::{Baseline, Format, Options, Report, Verdict, render};
use openclaw_lint::rules::Catalog;
use openclaw_lint::schema::Store;

const BAD: &str =
    "{ gateway: { mode: \"local\", prot: 1 }, channels: { telegram: { botToken: \"your-token-here\" } } }";

fn run(files: &[(&str, &str)]) -> Report {
    let mut host = MemoryHost::new("/work");
    for (name, text) in files {
        host = host.with_file(name, *text);
    }
    let inputs: Vec<Input> = files
        .iter()
        .filter(|(name, _)| !name.contains("lint") && !name.starts_with("policy/"))
        .map(|(name, text)| input(name, text))
        .collect();
    let folders: Vec<PathBuf> = inputs.iter().map(|input| input.path.parent().unwrap().to_owned()).collect();
    let policies = Policies::find(folders.iter().map(PathBuf::as_path), &[], &host);
    let settings = Settings { policies, ..Settings::new(Store::bundled().latest().unwrap()) };
    check::run(inputs, &settings, Catalog::bundled(), &host)
}

fn input(name: &str, text: &str) -> Input {
    let path = PathBuf::from(name);
    let info = discover::classify_explicit(&Path::new(name).file_name().unwrap().to_string_lossy());
    Input { path, shown: name.to_owned(), info, content: Content::Bytes(text.as_bytes().to_vec()), context: false }
}

fn rules(report: &Report) -> Vec<(String, &'static str)> {
    report.findings.iter().map(|finding| (finding.rule.clone(), finding.severity.name())).collect()
}

#[test]
fn severities_change_and_the_verdict_stays() {
    let report = run(&[
        ("openclaw.json", BAD),
        ("openclaw-lint.json5", "{ rules: { 'schema/unknown-key': 'off', 'credentials/*': 'info' } }"),
    ]);
    assert_eq!(rules(&report), [("credentials/placeholder".to_owned(), "info")]);
    assert_eq!(report.files[0].verdict, Verdict::Refused, "OpenClaw refuses it, whatever we are told to say");
}

#[test]
fn the_nearest_file_above_counts_and_globs_are_relative_to_it() {
    let report = run(&[
        ("a/deploy/openclaw.json", BAD),
        (
            "a/openclaw-lint.json5",
            "{ overrides: [{ files: ['deploy/*'], rules: { 'schema/*': 'off', 'credentials/placeholder': 'info' } }] }",
        ),
        ("openclaw-lint.json5", "{ rules: { 'credentials/*': 'off' } }"),
    ]);
    assert_eq!(rules(&report), [("credentials/placeholder".to_owned(), "info")]);
}

#[test]
fn a_rule_of_ones_own_is_a_rule() {
    let pack = "[{ id: 'acme/port', summary: 'x', severity: 'warning', given: ['$.gateway'], \
        then: { schema: { required: ['port'] } }, outcomes: { required: { message: 'no {missing}', help: 'add it' } } }]";
    let report = run(&[
        ("openclaw.json", "{ gateway: { mode: 'local' } } // openclaw-lint-ignore start/hooks: nothing"),
        ("lint/p.json5", pack),
        ("openclaw-lint.json5", "{ packs: ['lint/*.json5'] }"),
    ]);
    let found: Vec<&str> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(found, ["no port", "nothing here is reported by `start/hooks`"]);
}

#[test]
fn a_broken_pack_checks_nothing_and_says_where() {
    let report = run(&[
        ("openclaw.json", "{ gateway: { mode: 'local' } }"),
        (
            "lint/p.json5",
            "{ id: 'schema/unknown-key', summary: 'x', severity: 'error', given: ['$.[', '#nothing'],\n then: { schema: { type: 7 } }, outcomes: { a: { message: 'x' } } }",
        ),
        ("openclaw-lint.json5", "{ packs: ['lint/*.json5'] }"),
    ]);
    let messages: Vec<String> = report.findings.iter().map(|finding| finding.message.clone()).collect();
    assert!(report.findings.iter().all(|finding| finding.rule == "lint/config" && check::is_unread(finding)));
    assert_eq!(
        messages,
        [
            "`schema/unknown-key` is a bundled rule",
            "this is no path that rules can look at",
            "there is no list `#nothing`",
            "this is no JSON Schema (draft 7)"
        ]
    );
}

#[test]
fn a_baseline_survives_edits_elsewhere_and_shows_what_is_new() {
    let before = run(&[("openclaw.json", BAD)]);
    let baseline = Baseline::parse(&Baseline::of(&before).to_json()).unwrap();
    let mut after =
        run(&[("openclaw.json", &format!("// a comment\n\n{}", BAD.replace("prot: 1", "prot: 1, bnd: 2")))]);
    assert_eq!(baseline.apply(&mut after), 0);
    let left: Vec<&str> = after.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("`bnd`"));
    let mut mended = run(&[("openclaw.json", "{ gateway: { mode: 'local' } }")]);
    assert_eq!(baseline.apply(&mut mended), baseline.len(), "all of them are gone");
    assert!(Baseline::parse("{\"schemaVersion\": 9, \"findings\": []}").is_err());
}

/// The code blocks of a language on a page.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let opening = format!("```{language}\n");
    page.split(opening.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_example_of_the_page_about_rules_says_what_the_page_says() {
    let page = include_str!("../docs/writing-rules.md");
    let [pack, configuration, config] = blocks(page, "json5")[..] else { panic!("three blocks of JSON5") };
    let [output] = blocks(page, "text")[..] else { panic!("one block of output") };
    let report = run(&[
        ("openclaw.production.json", config),
        ("openclaw-lint.json5", configuration),
        ("policy/acme.json5", pack),
    ]);
    let found = render(Format::Concise, &report, &Options::default());
    assert_eq!(found.trim(), output.trim());
    let right = config
        .replace("openrouter: { apiKey: \"${OPENROUTER_API_KEY}\" },", "")
        .replace("openrouter/auto", "azure/gpt-5")
        .replace("gateway:", "proxy: { enabled: true, proxyUrl: \"http://proxy.acme.example:8080\" }, gateway:");
    let report = run(&[
        ("openclaw.production.json", &right),
        ("openclaw-lint.json5", configuration),
        ("policy/acme.json5", pack),
    ]);
    assert_eq!(rules(&report), []);
}
