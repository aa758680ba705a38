//! Everything that people read is there in Chinese: rules, phrases, tables. A text that is missing, or that says something
//! with other facts than the English one, fails here. (The help of the command line: `src/cli/help.rs`.)

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a broken table stops the test")]

mod examples;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use examples::run_example;
use fancy_regex::Regex;
use openclaw_lint::credentials::table;
use openclaw_lint::language::Language;
use openclaw_lint::policy::Policies;
use openclaw_lint::rules::Catalog;
use serde_json::Value;

const CHINESE: Language = Language::Chinese;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json5(file: impl AsRef<Path>) -> Value {
    let file = root().join(file);
    let text = std::fs::read_to_string(&file).unwrap();
    json5::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(root().join(folder)).into_iter().map(|entry| entry.unwrap().into_path());
    let mut files: Vec<PathBuf> =
        entries.filter(|file| file.extension().is_some_and(|found| found == extension)).collect();
    files.sort();
    files
}

fn phrases() -> BTreeMap<String, String> {
    serde_json::from_value(json5("src/language/zh-CN.json5")).unwrap()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Four plain words of English in a row, outside of code.
fn english(text: &str) -> Option<String> {
    static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?s)```.*?```|`[^`]*`|https?://\\S+").unwrap());
    static WORDS: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?:\\b[a-z]{2,}\\b[ ,]+){3}[a-z]{2,}\\b").unwrap());
    let prose = CODE.replace_all(text, "`").into_owned();
    WORDS.find(&prose).unwrap().map(|found| found.as_str().to_owned())
}

/// The facts of a text, and how many of its parts may be left out.
fn facts(text: &str) -> (BTreeSet<String>, usize) {
    static FACT: LazyLock<Regex> = LazyLock::new(|| Regex::new("\\{([a-z_]+)\\}").unwrap());
    let names = FACT.captures_iter(text).map(|found| found.unwrap()[1].to_owned());
    (names.collect(), text.matches("[[").count())
}

/// Whether there is something to translate: more than facts and code.
fn has_words(text: &str) -> bool {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| Regex::new("`[^`]*`|\\{[a-z]+\\}").unwrap());
    OTHER.replace_all(text, "").chars().any(char::is_alphabetic)
}

/// What is wrong with a Chinese text.
fn compare(place: &str, english_text: &str, chinese: &str, wrong: &mut Vec<String>) {
    if facts(english_text) != facts(chinese) {
        wrong.push(format!("{place}: other facts in `{chinese}` than in `{english_text}`"));
    }
    if !chinese.matches('`').count().is_multiple_of(2) {
        wrong.push(format!("{place}: back-ticks in {chinese}"));
    }
    if has_words(english_text) && !is_chinese(chinese) {
        wrong.push(format!("{place}: no Chinese in {chinese}"));
    }
    if let Some(words) = english(chinese) {
        wrong.push(format!("{place}: English (`{words}`) in {chinese}"));
    }
}

fn keys(value: Option<&Value>) -> Vec<&str> {
    let mut keys: Vec<&str> =
        value.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    keys
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => {
            Some(lines.iter().map(|line| line.as_str().unwrap_or_default()).collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    }
}

/// An outcome in both languages: the same words, with the same facts.
fn compare_outcome(place: &str, english: &Value, chinese: &Value, wrong: &mut Vec<String>) {
    for field in ["message", "help"] {
        match (text(english.get(field)), text(chinese.get(field))) {
            (Some(english), Some(chinese)) => compare(&format!("{place}, {field}"), &english, &chinese, wrong),
            (None, None) => {}
            (Some(_), None) => wrong.push(format!("{place}: no {field}")),
            (None, Some(_)) => wrong.push(format!("{place}: {field}, which the English does not have")),
        }
    }
    if keys(english.get("labels")) != keys(chinese.get("labels")) {
        wrong.push(format!("{place}: other labels"));
    }
    for (name, label) in english.get("labels").and_then(Value::as_object).into_iter().flatten() {
        let chinese = chinese.get("labels").and_then(|labels| labels.get(name)).and_then(Value::as_str);
        compare(&format!("{place}, label {name}"), label.as_str().unwrap(), chinese.unwrap_or_default(), wrong);
    }
    let list = |value: &Value| value.get("fixes").and_then(Value::as_array).cloned().unwrap_or_default();
    let (fixes, titles) = (list(english), list(chinese));
    if fixes.len() != titles.len() {
        wrong.push(format!("{place}: {} titles of fixes, not {}", titles.len(), fixes.len()));
    }
    for (fix, title) in fixes.iter().zip(&titles) {
        let (english, chinese) = (fix["title"].as_str().unwrap(), title.as_str().unwrap_or_default());
        compare(&format!("{place}, fix"), english, chinese, wrong);
    }
}

fn compare_rule(rule: &Value, wrong: &mut Vec<String>) {
    let id = rule["id"].as_str().unwrap();
    let Some(chinese) = rule.get("zh-CN") else { return wrong.push(format!("{id}: not in Chinese")) };
    for field in ["summary", "docs"] {
        let (english, chinese) = (text(rule.get(field)).unwrap(), text(chinese.get(field)).unwrap_or_default());
        if !is_chinese(&chinese) {
            wrong.push(format!("{id}: no Chinese {field}"));
        }
        if let Some(words) = self::english(&chinese) {
            wrong.push(format!("{id}, {field}: English (`{words}`)"));
        }
        if field == "docs" && english.matches("\n\n").count() != chinese.matches("\n\n").count() {
            wrong.push(format!("{id}: another number of paragraphs in docs"));
        }
    }
    if keys(rule.get("outcomes")) != keys(chinese.get("outcomes")) {
        wrong.push(format!("{id}: other outcomes"));
    }
    for (name, outcome) in rule["outcomes"].as_object().unwrap() {
        let translated = chinese.get("outcomes").and_then(|outcomes| outcomes.get(name)).unwrap_or(&Value::Null);
        compare_outcome(&format!("{id}, {name}"), outcome, translated, wrong);
    }
    for list in ["bad", "good"] {
        let examples = rule["examples"][list].as_array().unwrap();
        let titles = chinese["examples"][list].as_array().cloned().unwrap_or_default();
        let titled: Vec<bool> = examples.iter().map(|example| example.get("title").is_some()).collect();
        if titled != titles.iter().map(|title| title.as_str().is_some_and(has_words)).collect::<Vec<_>>() {
            wrong.push(format!("{id}: other titles of {list} examples"));
        }
    }
}

#[test]
fn every_rule_is_there_in_chinese() {
    let mut wrong = Vec::new();
    let files: Vec<PathBuf> =
        files("rules", "json5").into_iter().filter(|file| file.parent() != Some(&root().join("rules"))).collect();
    assert!(files.len() > 100, "{} rules", files.len());
    for file in files {
        compare_rule(&json5(file), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is put together at run time is Chinese as well: facts, the parser's words, titles of fixes.
#[test]
fn findings_in_chinese_speak_no_english() {
    let mut wrong = Vec::new();
    let catalog = Catalog::bundled();
    for rule in catalog.rules() {
        for example in &catalog.documentation(rule.id).unwrap().examples.bad {
            let (report, _) = run_example(example, CHINESE);
            for finding in &report.findings {
                let plans = finding.plans.iter().map(|plan| &plan.title);
                let labels = finding.related.iter().map(|label| &label.message);
                let own = (finding.rule != "acme/own-rule").then_some(&finding.message);
                for text in own.into_iter().chain(&finding.help).chain(plans).chain(labels) {
                    if !is_chinese(text) || english(text).is_some() {
                        wrong.push(format!("{} (example of {}): {text}", finding.rule, rule.id));
                    }
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn explain_has_its_pages() {
    let catalog = Catalog::bundled();
    for rule in catalog.rules() {
        let page = catalog.documentation_in(rule.id, CHINESE).unwrap();
        assert!(is_chinese(&page.docs) && is_chinese(rule.summary(CHINESE)), "{}", rule.id);
        let own = catalog.documentation(rule.id).unwrap();
        assert_eq!(page.examples.bad.len(), own.examples.bad.len(), "{}", rule.id);
        assert_eq!(page.examples.good.len(), own.examples.good.len(), "{}", rule.id);
    }
}

/// The literals of a source file without its tests, and for each what stands before it.
fn literals(source: &str) -> Vec<(usize, String)> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let (mut found, mut at, bytes) = (Vec::new(), 0, source.as_bytes());
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at = source[at..].find('\n').map_or(bytes.len(), |end| at + end);
            }
            b'\'' if source[at..].starts_with("'\"'") => at += 3,
            b'\'' if source[at..].starts_with("'\\\"'") => at += 4,
            b'"' => {
                let start = at;
                let mut end = at + 1;
                while bytes[end] != b'"' {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                let raw = start > 0 && matches!(bytes[start - 1], b'r' | b'#');
                let text = source[start..=end].replace("\\\n", "\\u000a");
                if !raw && let Ok(text) = serde_json::from_str::<String>(&text) {
                    found.push((start, text));
                }
                at = end + 1;
            }
            _ => at += 1,
        }
    }
    found
}

/// Where the parenthesis that is open at `from` closes.
fn closing(source: &str, from: usize, literals: &[(usize, String)]) -> usize {
    let inside = |at: usize| literals.iter().any(|(start, text)| (*start..*start + text.len() + 2).contains(&at));
    let mut depth = 1;
    for (at, c) in source[from..].char_indices().map(|(at, c)| (from + at, c)) {
        depth += match c {
            '(' if !inside(at) => 1,
            ')' if !inside(at) => -1,
            _ => 0,
        };
        if depth == 0 {
            return at;
        }
    }
    source.len()
}

/// Calls whose literals are phrases.
const SPEAKERS: &[&str] = &[
    "Phrase::new(",
    "Phrase::count(",
    "Trouble::of_file(",
    "Param::list(",
    "language.text(",
    "about(",
    ".word(",
    "self.field(",
];

#[test]
fn phrases_of_the_source_are_in_the_table() {
    let (phrases, mut missing, mut count) = (phrases(), Vec::new(), 0);
    for file in files("src", "rs") {
        let source = std::fs::read_to_string(&file).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        let literals = literals(source);
        for speaker in SPEAKERS {
            for (at, _) in source.match_indices(speaker) {
                let from = at + speaker.len();
                let end = closing(source, from, &literals);
                for (start, text) in literals.iter().filter(|(start, _)| (from..end).contains(start)) {
                    // Names of facts, formats, patterns.
                    if [".with(", "format!(", "Some("].iter().any(|before| source[..*start].ends_with(before)) {
                        continue;
                    }
                    count += 1;
                    if !phrases.contains_key(text) && !text.is_empty() {
                        missing.push(format!("{}: {text:?}", file.display()));
                    }
                }
            }
        }
        // The parser's words stand in tables.
        if file.ends_with("syntax/json5/error.rs") {
            let words = literals.iter().map(|(_, text)| text).filter(|text| text.contains(' '));
            missing.extend(words.filter(|text| !phrases.contains_key(*text)).map(|text| format!("error.rs: {text:?}")));
        }
    }
    assert!(count > 150, "{count} phrases");
    assert!(missing.is_empty(), "src/language/zh-CN.json5 lacks:\n{}", missing.join("\n"));
}

#[test]
fn every_phrase_is_said_somewhere() {
    let mut said: BTreeSet<String> = BTreeSet::new();
    for file in files("src", "rs") {
        said.extend(literals(&std::fs::read_to_string(&file).unwrap()).into_iter().map(|(_, text)| text));
    }
    let help = std::fs::read_to_string(root().join("src/cli/args.rs")).unwrap();
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let providers = std::fs::read_to_string(root().join("rules/providers.json5")).unwrap();
    let elsewhere =
        |text: &str| help.contains(text) || manifest.contains(text) || providers.contains(&format!("\"{text}\""));
    // What the system and the crate `glob` say.
    const OTHERS: &[&str] = &["(os error ", "stream did not", "wildcard", "invalid range"];
    let of_the_system = |text: &str| OTHERS.iter().any(|other| text.contains(other));
    let unsaid: Vec<String> =
        phrases().into_keys().filter(|text| !said.contains(text) && !elsewhere(text) && !of_the_system(text)).collect();
    assert!(unsaid.is_empty(), "nothing says {unsaid:#?}");
}

#[test]
fn phrases_have_the_same_facts() {
    let mut wrong = Vec::new();
    for (english, chinese) in phrases() {
        let place = format!("{english:?}");
        if facts(&english) != facts(&chinese) {
            wrong.push(format!("{place}: other facts in {chinese}"));
        }
        if let Some(words) = self::english(&chinese) {
            wrong.push(format!("{place}: English (`{words}`) in {chinese}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn kinds_of_credentials_have_words() {
    let formats = table().providers().iter().flat_map(|provider| provider.formats());
    let lookalikes = table().providers().iter().flat_map(|provider| provider.lookalikes());
    let kinds = table().owners().iter().map(|owner| owner.kind).chain(lookalikes.map(|known| known.kind));
    let words = formats.flat_map(|format| [format.kind, format.length, format.why]).chain(kinds);
    let missing: BTreeSet<&str> = words.filter(|text| !text.is_empty() && !CHINESE.knows(text)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn tables_have_words() {
    for (file, fields) in [("rules/behaviour.json5", &["message", "help"][..]), ("rules/conversion.json5", &["note"])] {
        for entry in json5(file).as_array().unwrap() {
            for field in fields.iter().filter(|field| entry.get(**field).is_some()) {
                let text = entry[*field].as_str().unwrap();
                assert!(is_chinese(CHINESE.text(text)), "{file}: {text}");
            }
        }
    }
}

#[test]
fn a_rule_of_ones_own_may_speak_chinese() {
    let pack = |extra: &str| {
        format!(
            "{{ id: \"acme/no-debug\", summary: \"Debug logging\", severity: \"error\", given: [\"$.logging\"], then: {{ schema: {{ not: {{ required: [\"level\"] }} }} }}, outcomes: {{ default: {{ message: \"no level here\", help: \"remove it\" }} }}{extra} }}"
        )
    };
    let message = |extra: &str| {
        let files = BTreeMap::from([
            ("openclaw-lint.json5".to_owned(), "{ packs: [\"./own.json5\"], lang: \"zh-CN\" }".to_owned()),
            ("own.json5".to_owned(), pack(extra)),
            ("openclaw.json".to_owned(), "{ logging: { level: \"debug\" } }".to_owned()),
        ]);
        let example = openclaw_lint::rules::Example { title: None, files };
        let (report, _) = run_example(&example, CHINESE);
        let own = report.findings.iter().find(|finding| finding.rule == "acme/no-debug");
        let own = own.unwrap_or_else(|| panic!("{:#?}", report.findings));
        (own.message.clone(), own.help.clone().unwrap())
    };
    assert_eq!(message(""), ("no level here".to_owned(), "remove it".to_owned()));
    let chinese = ", \"zh-CN\": { outcomes: { default: { message: \"此处不得设置级别\" } } }";
    assert_eq!(message(chinese), ("此处不得设置级别".to_owned(), "remove it".to_owned()));
}

#[test]
fn the_configuration_may_choose() {
    let host = openclaw_lint::host::MemoryHost::new("/home/claw")
        .with_file("a/openclaw-lint.json5", "{ lang: \"zh-CN\" }")
        .with_file("b/openclaw-lint.json5", "{ rules: {} }");
    let language = |folders: &[&str]| Policies::find(folders.iter().map(Path::new), &[], &host).language();
    assert_eq!(language(&["a"]), Some(CHINESE));
    assert_eq!(language(&["b"]), None);
    assert_eq!(language(&["b", "a"]), Some(CHINESE));
    assert_eq!(language(&["c"]), None);
}
