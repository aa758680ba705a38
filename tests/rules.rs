//! Every rule file: it has the right form, its words have their facts, and its examples are reported exactly where they
//! are marked. Good examples, and the configs under `tests/fixtures/correct/`, stay silent.
//!
//! How examples are written: `tests/examples/mod.rs`.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a broken rule file stops the test")]

mod examples;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use examples::{ANYWHERE, Text, expand, run, run_example};
use openclaw_lint::finding::Finding;
use openclaw_lint::language::Language;
use openclaw_lint::report::Report;
use openclaw_lint::rules::functions;
use openclaw_lint::rules::model::{Assertion, Given, Rule};
use openclaw_lint::rules::{Catalog, Example, JsonPath};
use openclaw_lint::schema::{Engine, Store};
use serde_json::{Value, json};

fn of_rule<'r>(report: &'r Report, rule: &str) -> Vec<&'r Finding> {
    report.findings.iter().filter(|finding| finding.rule == rule).collect()
}

fn shown(findings: &[&Finding], report: &Report) -> String {
    let one = |finding: &&Finding| {
        let source = report.sources.get(finding.primary.file).unwrap();
        format!(
            "  {} {:?} at «{}» in {}: {}\n",
            finding.rule,
            finding.severity,
            source.slice(finding.primary.span),
            source.name(),
            finding.message
        )
    };
    findings.iter().map(one).collect()
}

fn title(rule: &Rule, example: &Example) -> String {
    format!("{}, example `{}`", rule.id, example.title.as_deref().unwrap_or_default())
}

#[test]
fn bad_examples_are_reported_exactly_where_they_are_marked() {
    let mut wrong = Vec::new();
    let catalog = Catalog::bundled();
    for rule in catalog.rules() {
        for example in &catalog.documentation(rule.id).unwrap().examples.bad {
            let (report, marks) = run_example(example, Language::English);
            let findings = of_rule(&report, rule.id);
            let whole: Vec<String> =
                marks.iter().filter(|(_, marks)| marks[..] == [ANYWHERE]).map(|(name, _)| name.clone()).collect();
            let mut expected: Vec<(String, (u32, u32))> = marks
                .into_iter()
                .flat_map(|(name, marks)| marks.into_iter().map(move |mark| (name.clone(), mark)))
                .collect();
            let mut found: Vec<(String, (u32, u32))> = findings
                .iter()
                .map(|finding| {
                    let place = &finding.primary;
                    let name = report.sources.get(place.file).unwrap().name().to_owned();
                    let span = if whole.contains(&name) { ANYWHERE } else { (place.span.start, place.span.end) };
                    (name, span)
                })
                .collect();
            expected.sort();
            found.sort();
            if expected != found || found.is_empty() {
                let all: Vec<&Finding> = report.findings.iter().collect();
                wrong.push(format!(
                    "{}: expected {expected:?}, found {found:?}\n{}",
                    title(rule, example),
                    shown(&all, &report)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn good_examples_are_not_reported() {
    let mut wrong = Vec::new();
    let catalog = Catalog::bundled();
    for rule in catalog.rules() {
        for example in &catalog.documentation(rule.id).unwrap().examples.good {
            let (report, _) = run_example(example, Language::English);
            let findings = of_rule(&report, rule.id);
            if !findings.is_empty() {
                wrong.push(format!("{}:\n{}", title(rule, example), shown(&findings, &report)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

/// Each folder under `tests/fixtures/correct/` is a set of files as people have them, all right.
#[test]
fn correct_configs_are_silent() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/correct");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 30, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let mut files: Vec<(String, String)> = std::fs::read_dir(&case)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
            .map(|(name, text)| (name, expand(&text)))
            .collect();
        files.sort();
        let guides = case.file_name().unwrap().to_str().unwrap().starts_with("guide");
        let files = files.iter().map(|(name, text)| (name.as_str(), Text::Plain(text.clone())));
        let report = run(files, Language::English);
        let findings: Vec<&Finding> =
            report.findings.iter().filter(|finding| !(guides && finding.rule == "layout/guide")).collect();
        if !findings.is_empty() {
            wrong.push(format!("{}:\n{}", case.display(), shown(&findings, &report)));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

fn rule_files() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut files = Vec::new();
    for group in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in std::fs::read_dir(group).unwrap().map(|entry| entry.unwrap().path()) {
            let value = json5::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            files.push((file, value));
        }
    }
    files
}

#[test]
fn rule_files_have_the_form_of_the_rule_schema() {
    let schema: Value = serde_json::from_str(include_str!("../schemas/rule.json")).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    for (file, value) in rule_files() {
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{} at {}", error, error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
    }
}

#[test]
fn functions_exist_and_their_options_fit() {
    for rule in Catalog::bundled().checks() {
        let Assertion::Function(call) = &rule.check().then else { continue };
        let function =
            functions::function(&call.name).unwrap_or_else(|| panic!("{}: no function {}", rule.id, call.name));
        let schema: Value = serde_json::from_str(function.options).unwrap();
        let options: Value =
            call.options.as_ref().map_or_else(|| json!({}), |options| serde_json::from_str(options).unwrap());
        let validator = jsonschema::draft7::new(&schema).unwrap();
        assert!(validator.is_valid(&options), "{}: {options}", rule.id);
    }
    let names: Vec<&str> = functions::FUNCTIONS.iter().map(|function| function.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

/// The engine passes over fragments and paths that do not compile: they must not exist.
#[test]
fn fragments_and_paths_compile() {
    let engine = Engine::new();
    let selectors: Value = json5::from_str(include_str!("../rules/selectors.json5")).unwrap();
    let path = |rule: &Rule, path: &str| {
        JsonPath::parse(path).unwrap_or_else(|error| panic!("{}: {path}: {error}", rule.id));
    };
    for rule in Catalog::bundled().checks() {
        let check = rule.check();
        let asserted = match &check.then {
            Assertion::Schema(fragment) => Some(fragment),
            _ => None,
        };
        let conditions = check.when.iter().map(|condition| &condition.schema);
        assert!(conditions.chain(asserted).all(|fragment| fragment.compiles(&engine)), "{}", rule.id);
        check.when.iter().for_each(|condition| path(rule, &condition.given));
        for given in &check.given {
            match given {
                Given::Path(list) if list.starts_with('#') => {
                    let places = selectors[&list[1..]].as_array().map_or(0, Vec::len);
                    assert!(places > 0, "{}: {}", rule.id, &**list);
                }
                Given::Path(given) => path(rule, given),
                _ => {}
            }
        }
    }
    for place in selectors.as_object().unwrap().values().flat_map(|list| list.as_array().unwrap()) {
        if let Some(path) = place["path"].as_str() {
            JsonPath::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
}

#[test]
fn names_are_unique() {
    let mut names = BTreeSet::new();
    for rule in Catalog::bundled().rules() {
        for name in rule.words().aliases.iter().map(String::as_str).chain([rule.id]) {
            assert!(names.insert(name), "{name} stands twice");
        }
    }
}

#[test]
fn words_read_well() {
    for rule in Catalog::bundled().checks() {
        for (name, outcome) in &rule.words().outcomes {
            let place = format!("{}, outcome {name}", rule.id);
            assert!(!outcome.message.ends_with('.'), "{place}: a full stop");
            let help = outcome.help.as_deref().unwrap_or_default();
            assert!(!help.is_empty() && !help.ends_with('.'), "{place}: help");
            for text in [outcome.message.as_str(), help] {
                assert_eq!(text.matches('`').count() % 2, 0, "{place}: back-ticks in {text}");
                assert_eq!(text.matches("[[").count(), text.matches("]]").count(), "{place}: brackets in {text}");
                assert!(!text.contains("  ") && text.trim() == text, "{place}: blanks in {text}");
            }
        }
        let docs = Catalog::bundled().documentation(rule.id).unwrap();
        for forbidden in ["/work/", "/tmp/", "/root/"] {
            assert!(!docs.docs.contains(forbidden), "{}: a path of a machine", rule.id);
        }
    }
}

/// What the checks behind the rules deliver.
const PARAMETERS: &[(&str, &[&str])] = &[
    ("auth/", &["path", "smaller", "larger"]),
    ("credentials/in-", &["slot"]),
    ("credentials/missing", &["provider", "variable", "slot"]),
    ("credentials/short-lived", &["path"]),
    ("env/example-drift", &["name", "file"]),
    ("env/live-rotation", &["key"]),
    ("env/shadowed-credential", &["name", "file", "slot"]),
    ("env/unused-credential", &["name"]),
    ("lint/config", &["facts", "message", "help", "key", "path", "allowed", "rule", "suggestion", "value"]),
    ("lint/suppression", &["rule", "suggestion"]),
    ("logging/", &["path", "value", "key"]),
    ("monitoring/", &["path", "smaller", "larger"]),
    ("network/no-proxy", &["slot", "entry", "host", "missing", "provider"]),
    ("network/proxy", &["path", "first", "second"]),
    ("network/tls", &["key"]),
    ("providers/base-url", &["slot", "provider", "base", "owner", "tail", "found", "suggestion"]),
    ("providers/organization", &["path"]),
    ("stores/", &["path"]),
    ("variants/environment", &["provider", "file", "name", "value", "files"]),
    ("variants/shared-credential", &["slot", "environment", "other"]),
    ("agents/", &["first", "value", "key", "path", "suggestion", "known", "count", "other"]),
    ("browser/", &["key"]),
    ("channels/", &["value", "suggestion", "known", "package", "path"]),
    ("config/include", &["written"]),
    ("config/load-rewrite", &["path"]),
    (
        "credentials/",
        &["slot", "provider", "env", "verify", "found", "expected", "kind", "why", "owner", "belongs", "time", "claim"],
    ),
    ("env/duplicate-key", &["key"]),
    ("env/key-format", &["key", "suggestion"]),
    ("env/late-variable", &["key"]),
    ("env/misspelt-name", &["name", "suggestion"]),
    ("env/undefined-reference", &["name", "file", "suggestion"]),
    ("env/value-damaged", &["key"]),
    ("env/workspace-variable", &["key"]),
    ("network/ca-file", &["key"]),
    ("file/encoding", &["count"]),
    ("file/unreadable", &["facts"]),
    ("gateway/", &["value", "key", "path", "suggestion", "known", "other"]),
    ("layout/", &["key", "release"]),
    ("mcp/", &["path"]),
    ("models/", &["value", "key", "instead", "since"]),
    ("plugins/", &["value", "suggestion", "key"]),
    ("providers/azure-api-version", &["slot", "version", "latest", "base"]),
    ("providers/azure-host", &["slot", "origin", "base", "owner", "found", "suggestion", "suffix"]),
    ("providers/azure-missing-field", &["parent", "missing", "example"]),
    ("providers/azure-placeholder", &["slot", "origin", "base"]),
    ("providers/conflicting-auth", &["parent", "header"]),
    ("providers/conflicting-default", &["count", "providers", "first", "name", "path"]),
    ("schema/bad-key", &["key", "parent"]),
    ("schema/bad-value", &["path", "value", "allowed", "suggestion", "since", "until"]),
    ("schema/format", &["path", "format"]),
    ("schema/missing-field", &["parent", "missing"]),
    ("schema/not-allowed", &["path", "count", "most"]),
    ("schema/out-of-range", &["path", "limit"]),
    ("schema/pattern", &["path", "pattern"]),
    (
        "schema/unknown-key",
        &[
            "key",
            "from",
            "parent",
            "suggestion",
            "elsewhere",
            "valid",
            "until",
            "since",
            "target",
            "targets",
            "steps",
            "newer",
            "known",
            "name",
            "member",
            "by",
            "kept",
            "wrong",
        ],
    ),
    (
        "schema/wrong-type",
        &["path", "expected", "found", "required", "wrapper", "wrapped", "write", "member", "members", "key"],
    ),
    ("sandbox/", &["value", "key"]),
    ("secrets/", &["value", "path", "provider", "source", "declared", "suggestion"]),
    ("start/", &["path", "variable", "value", "known"]),
    ("syntax/duplicate-key", &["key"]),
    ("syntax/json5", &["message", "help", "instead"]),
    ("talk/", &["value", "suggestion", "known"]),
    ("tools/", &["value", "key", "suggestion", "known", "plugin", "package"]),
    ("values/", &["value", "path"]),
    ("workers/", &["key"]),
];

#[test]
fn words_name_only_parameters_that_are_delivered() {
    for rule in Catalog::bundled().checks() {
        let known = PARAMETERS
            .iter()
            .filter(|(prefix, _)| rule.id.starts_with(prefix))
            .flat_map(|(_, names)| names.iter())
            .collect::<Vec<_>>();
        for outcome in rule.words().outcomes.values() {
            let labels = outcome.labels.values().map(String::as_str);
            for text in labels.chain([outcome.message.as_str(), outcome.help.as_deref().unwrap_or_default()]) {
                for name in parameters(text) {
                    assert!(known.iter().any(|known| **known == name), "{}: {{{name}}} in {text}", rule.id);
                }
            }
        }
    }
}

/// The names in braces; prose in braces has other characters.
fn parameters(text: &str) -> Vec<&str> {
    let starts = text.match_indices('{').map(|(at, _)| &text[at + 1..]);
    let names = starts.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    names.filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase())).collect()
}

#[test]
fn no_word_stays_unfilled() {
    let catalog = Catalog::bundled();
    for rule in catalog.rules() {
        let names: Vec<&str> = PARAMETERS
            .iter()
            .filter(|(prefix, _)| rule.id.starts_with(prefix))
            .flat_map(|(_, names)| names.iter().copied())
            .collect();
        for example in &catalog.documentation(rule.id).unwrap().examples.bad {
            let (report, _) = run_example(example, Language::English);
            for finding in of_rule(&report, rule.id) {
                for text in [Some(&finding.message), finding.help.as_ref()].into_iter().flatten() {
                    let unfilled = parameters(text).into_iter().find(|name| names.contains(name));
                    assert_eq!(unfilled, None, "{}: {text}", finding.rule);
                    assert!(
                        !text.contains("[[") && !text.contains("]]") && !text.contains("``"),
                        "{}: {text}",
                        finding.rule
                    );
                }
                assert!(
                    finding.related.iter().all(|label| !label.message.is_empty()),
                    "{}: a label without words",
                    finding.rule
                );
            }
        }
    }
}

#[test]
fn related_places_have_the_words_of_their_rule() {
    let linter = openclaw_lint::Linter::new();
    let linter = linter.file(".env", "GATEWAY_TOKEN=changeme\n");
    let linter = linter.file("openclaw.json", "{ gateway: { mode: 'local', auth: { token: '${GATEWAY_TOKEN}' } } }");
    for (language, words) in [(Language::English, "used here"), (Language::Chinese, "在此处使用")] {
        let report = linter.clone().language(language).lint();
        let found = of_rule(&report, "credentials/placeholder");
        let labels: Vec<&str> =
            found.iter().flat_map(|found| &found.related).map(|label| label.message.as_str()).collect();
        assert_eq!(labels, [words]);
    }
}

/// A report hides what looks like a credential in any text; words of rules, filled with the facts of an example, do not.
#[test]
fn no_word_is_taken_for_a_secret() {
    let catalog = Catalog::bundled();
    let mut torn = BTreeSet::new();
    for rule in catalog.rules() {
        let examples = &catalog.documentation(rule.id).unwrap().examples;
        for example in examples.bad.iter().chain(&examples.good) {
            for language in [Language::English, Language::Chinese] {
                let (report, _) = run_example(example, language);
                for finding in &report.findings {
                    let fixes = finding.fix.iter().chain(&finding.other_fixes).map(|fix| &fix.title);
                    let labels = finding.related.iter().map(|label| &label.message);
                    let texts = [&finding.message].into_iter().chain(&finding.help).chain(fixes).chain(labels);
                    let hidden = |text: &&String| report.secrets.scrub(text) != text.as_str();
                    torn.extend(texts.filter(hidden).map(|text| format!("{}: {text}", finding.rule)));
                }
            }
        }
    }
    assert!(torn.is_empty(), "{}", torn.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Dotted paths between backticks: `gateway.auth.token`.
fn paths_in(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let word = |c: char| c.is_ascii_alphanumeric() || "-_$*<>{}".contains(c);
    let is_path = |text: &&str| {
        let steps: Vec<&str> = text.split('.').collect();
        steps.len() > 1 && steps.iter().all(|step| !step.is_empty() && step.chars().all(word))
    };
    quoted.filter(is_path).map(str::to_owned).collect()
}

/// Whether the newest release has a place for a path; a part that the reader chooses (`<id>`) stands for any key.
fn exists(path: &str) -> bool {
    let release = Store::bundled().latest().unwrap();
    let steps = path.split('.').map(|step| if step.starts_with(['<', '{']) { "x" } else { step });
    let path = steps.collect::<Vec<_>>().join(".");
    openclaw_lint::schema::takes(release, &path) || is_of_the_guide(&path)
}

/// Whether the troubleshooting guide has the key: rules for its layout speak of these.
fn is_of_the_guide(path: &str) -> bool {
    let below = |schema: &'static serde_json::Value, key| schema.get("properties")?.get(key);
    let steps: Vec<&str> = path.split('.').collect();
    // Sections of a provider of its own choice look like the others.
    let known = steps.iter().try_fold(openclaw_lint::schema::guide(), below);
    known.is_some() || path == "secrets.x"
}

/// Only paths that begin with a section of OpenClaw's are meant: files and hosts have dots as well.
fn is_of_openclaw(path: &str) -> bool {
    if path == "gateway.env" {
        return false;
    }
    let release = Store::bundled().latest().unwrap();
    let root = Store::bundled().root(release);
    path.split('.').next().is_some_and(|first| root.property(first).is_some())
}

#[test]
fn advice_names_only_keys_that_exist() {
    let catalog = Catalog::bundled();
    let mut seen = 0;
    let mut wrong = Vec::new();
    let mut look = |rule: &str, text: &str| {
        for path in paths_in(text).into_iter().filter(|path| is_of_openclaw(path)) {
            seen += 1;
            if !exists(&path) {
                wrong.push(format!("{rule}: `{path}` in: {text}"));
            }
        }
    };
    for rule in catalog.rules() {
        for outcome in rule.words().outcomes.values() {
            let titles = outcome.fixes.iter().map(|fix| fix.title.as_str());
            let targets = outcome.fixes.iter().map(|fix| fix.with.as_str());
            outcome.help.as_deref().into_iter().chain(titles).chain(targets).for_each(|text| look(rule.id, text));
        }
        // What comes out of them, with the parameters filled in, for files of the newest layout.
        for example in &catalog.documentation(rule.id).unwrap().examples.bad {
            let (report, _) = run_example(example, Language::English);
            for finding in report.findings.iter().filter(|_| report.files.iter().all(|f| f.layout != Some("guide"))) {
                look(&finding.rule, finding.help.as_deref().unwrap_or_default());
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(seen > 30, "{seen} paths were looked at");
}

#[test]
fn advice_names_only_commands_that_exist() {
    let catalog = Catalog::bundled();
    let commands = ["check", "fix", "rules", "explain", "auth", "upgrade", "convert", "init", "schema"];
    for rule in catalog.rules() {
        let documentation = catalog.documentation(rule.id).unwrap();
        let help = rule.words().outcomes.values().filter_map(|outcome| outcome.help.clone());
        for text in help.chain([documentation.docs.clone()]) {
            for (at, name) in text.match_indices("openclaw-lint ") {
                let word: String = text[at + name.len()..].chars().take_while(char::is_ascii_lowercase).collect();
                let quoted = text[..at].ends_with('`');
                assert!(!quoted || commands.contains(&word.as_str()), "{}: {word}", rule.id);
            }
        }
    }
}
