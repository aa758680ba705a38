//! Every rule file: it has the right form, its words have their facts, and its examples are reported exactly where they
//! are marked. Good examples, and the configs under `tests/fixtures/correct/`, stay silent.
//!
//! In examples `«…»` marks what must be underlined. `@{provider.kind}` is a synthetic key of a format of the provider
//! table (`@{provider.kind/short}` the same with its last characters missing), `@{jwt.NAME}` a token, `@{char.HEX}` a
//! character, `@{bytes.HEX}` and `@{problem.NAME}` a whole file that is no text or cannot be read.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a broken rule file stops the test")]

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::credentials::{self, synthetic};
use openclaw_lint::discover::{self, ProblemKind};
use openclaw_lint::finding::Finding;
use openclaw_lint::host::MemoryHost;
use openclaw_lint::policy::Policies;
use openclaw_lint::report::Report;
use openclaw_lint::rules::functions;
use openclaw_lint::rules::model::{Assertion, Given, Rule};
use openclaw_lint::rules::{Catalog, Example, JsonPath};
use openclaw_lint::schema::{Engine, Store};
use serde_json::{Value, json};

/// The moment of every run here: 2026-11-18.
const NOW: i64 = 1_795_000_000;

/// The text of a file of an example, and the marked ranges in it.
struct Marked {
    content: Text,
    marks: Vec<(u32, u32)>,
}

enum Text {
    Plain(String),
    Bytes(Vec<u8>),
    Problem(ProblemKind),
}

fn marked(text: &str) -> Marked {
    if let Some(special) = text.strip_prefix("@{bytes.").or_else(|| text.strip_prefix("@{problem.")) {
        let name = special.strip_suffix('}').expect("nothing stands after a file that is no text");
        let content = if text.starts_with("@{bytes") { Text::Bytes(hex(name)) } else { Text::Problem(problem(name)) };
        return Marked { content, marks: Vec::new() };
    }
    let (mut plain, mut marks, mut open) = (String::new(), Vec::new(), None);
    let text = expand(text);
    for c in text.chars() {
        let at = u32::try_from(plain.len()).unwrap();
        match c {
            '«' => open = Some(at),
            '»' => marks.push((open.take().expect("« before »"), at)),
            c => plain.push(c),
        }
    }
    assert!(open.is_none(), "a mark is not closed: {text}");
    Marked { content: Text::Plain(plain), marks }
}

/// Replaces `@{…}`.
fn expand(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, from)) = rest.split_once("@{") {
        let (name, after) = from.split_once('}').expect("`@{` is closed");
        out.push_str(before);
        out.push_str(&stand_in(name));
        rest = after;
    }
    out + rest
}

fn stand_in(name: &str) -> String {
    let (group, kind) = name.split_once('.').expect("`@{group.name}`");
    match group {
        "jwt" => token(kind),
        "char" => char::from_u32(u32::from_str_radix(kind, 16).unwrap()).unwrap().to_string(),
        provider => key(provider, kind),
    }
}

fn key(provider: &str, kind: &str) -> String {
    let (kind, short) = kind.strip_suffix("/short").map_or((kind, false), |kind| (kind, true));
    let provider = credentials::table().provider(provider).unwrap_or_else(|| panic!("no provider {provider}"));
    let slug = |text: &str| {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("-")
    };
    let kinds: Vec<String> = provider.formats().iter().map(|format| slug(format.kind)).collect();
    let format = provider.formats().iter().find(|format| slug(format.kind) == kind);
    let format = format.unwrap_or_else(|| panic!("{} has no {kind}, but {kinds:?}", provider.id));
    let mut key = synthetic::key(format, 7);
    if short {
        key.truncate(key.len() - 9);
    }
    key
}

/// Unsigned nonsense with the claims that the name asks for.
fn token(name: &str) -> String {
    let day = 86_400;
    let (alg, claims) = match name {
        "valid" => ("RS256", json!({ "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 3600 })),
        "expired" => ("RS256", json!({ "iat": NOW - 3 * day - 3600, "exp": NOW - 3 * day })),
        "future" => ("RS256", json!({ "nbf": NOW + day, "exp": NOW + 2 * day })),
        "milliseconds" => ("RS256", json!({ "exp": (NOW + day) * 1000 })),
        "unsigned" => ("none", json!({ "exp": NOW + day })),
        "never" => ("RS256", json!({ "iat": NOW - day, "exp": NOW - 2 * day })),
        other => panic!("no token {other}"),
    };
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signature = if alg == "none" { String::new() } else { URL_SAFE_NO_PAD.encode([0x5a_u8; 48]) };
    format!("{}.{}.{signature}", part(json!({ "alg": alg, "typ": "JWT" })), part(claims))
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn problem(name: &str) -> ProblemKind {
    match name {
        "permission" => ProblemKind::Permission,
        "directory" => ProblemKind::DirectoryInsteadOfFile,
        "not-found" => ProblemKind::Missing,
        other => panic!("no problem {other}"),
    }
}

/// Checks files of one folder together.
fn run<'t>(files: impl IntoIterator<Item = (&'t str, Text)>) -> Report {
    let mut host = MemoryHost::new("/home/claw/.openclaw");
    host.now = NOW;
    let mut inputs = Vec::new();
    for (name, text) in files {
        let content = match text {
            Text::Plain(text) => {
                host = host.with_file(name, text.clone());
                Content::Bytes(text.into_bytes())
            }
            Text::Bytes(bytes) => {
                host = host.with_file(name, bytes.clone());
                Content::Bytes(bytes)
            }
            Text::Problem(problem) => Content::Problem(problem),
        };
        // Parts are read by the configs that include them.
        if !name.contains(".part.")
            && !name.starts_with(".git")
            && !name.starts_with("openclaw-lint")
            && !name.starts_with("own.")
        {
            let info = discover::classify_explicit(name);
            inputs.push(Input { path: PathBuf::from(name), shown: name.to_owned(), info, content, context: false });
        }
    }
    let release = Store::bundled().latest().expect("a bundled release");
    let policies = Policies::find(std::iter::once(Path::new("")), &[], &host);
    let settings = Settings { now: NOW, host_checks: true, policies, ..Settings::new(release) };
    check::run(inputs, &settings, Catalog::bundled(), &host)
}

/// Where a finding about a file as a whole stands does not matter.
const ANYWHERE: (u32, u32) = (u32::MAX, u32::MAX);

fn run_example(example: &Example) -> (Report, HashMap<String, Vec<(u32, u32)>>) {
    let (mut texts, mut marks) = (Vec::new(), HashMap::new());
    for (name, text) in &example.files {
        let Marked { content, marks: found } = marked(text);
        let whole = !matches!(content, Text::Plain(_));
        texts.push((name.as_str(), content));
        let whole = whole && !name.starts_with(".git/");
        marks.insert(name.clone(), if whole { vec![ANYWHERE] } else { found });
    }
    (run(texts), marks)
}

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
            let (report, marks) = run_example(example);
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
            let (report, _) = run_example(example);
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
        let report = run(files.iter().map(|(name, text)| (name.as_str(), Text::Plain(text.clone()))));
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
            call.options.as_ref().map_or_else(|| json!({}), |options| serde_json::from_str(options.get()).unwrap());
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
                    assert!(places > 0, "{}: {list}", rule.id);
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
    ("providers/base-url", &["slot", "provider", "base", "owner", "tail"]),
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
    ("env/misspelt-name", &["name", "suggestion"]),
    ("env/undefined-reference", &["name", "file", "suggestion"]),
    ("env/value-damaged", &["key"]),
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
    ("schema/bad-value", &["path", "value", "allowed", "suggestion"]),
    ("schema/format", &["path", "format"]),
    ("schema/missing-field", &["parent", "missing"]),
    ("schema/not-allowed", &["path"]),
    ("schema/out-of-range", &["path", "limit"]),
    ("schema/pattern", &["path", "pattern"]),
    (
        "schema/unknown-key",
        &["key", "parent", "suggestion", "elsewhere", "valid", "until", "since", "target", "name", "member"],
    ),
    ("schema/wrong-type", &["path", "expected", "found", "wrapper"]),
    ("sandbox/", &["value", "key"]),
    ("secrets/", &["value", "path", "provider", "source", "declared", "suggestion"]),
    ("start/", &["path", "variable", "value", "known"]),
    ("syntax/duplicate-key", &["key"]),
    ("syntax/json5", &["message", "help"]),
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
            let (report, _) = run_example(example);
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
