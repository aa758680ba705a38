//! Packs: files with rules of the user's own, in the form of the bundled ones.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use glob::Pattern;

use crate::host::{FileType, Host};
use crate::project::{Kind, Value};
use crate::rules::model::{Assertion, Check, Given, Rule, Words};
use crate::rules::{Catalog, JsonPath, Violation, functions};
use crate::schema::{Engine, Fragment, suggest};

use super::{MATCHING, Problem, read};

static SCHEMA: LazyLock<Option<Fragment>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../schemas/pack.json")).ok());

/// The files of a glob below a folder, sorted. Stars stay within one folder.
pub(super) fn files(folder: &Path, glob: &str, host: &dyn Host) -> Vec<PathBuf> {
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    let (parent, name) = glob.rsplit_once('/').unwrap_or(("", glob));
    let parent = folder.join(parent);
    let Ok(pattern) = Pattern::new(name) else { return Vec::new() };
    let mut files: Vec<PathBuf> = host
        .list(&parent)
        .unwrap_or_default()
        .into_iter()
        .filter(|entry| {
            entry.file_type != FileType::Directory && pattern.matches_with(&entry.name.to_string_lossy(), MATCHING)
        })
        .map(|entry| parent.join(entry.name))
        .collect();
    files.sort();
    files
}

/// The rules of a file; one with mistakes gives none and says why.
pub(super) fn load(file: &Path, current: &Path, host: &dyn Host, problems: &mut Vec<Problem>) -> Vec<Rule> {
    let mut violations = Vec::new();
    let (text, root) = read::read(file, host, &mut violations);
    let mut rules = Vec::new();
    // A file holds one rule or a list of them.
    let items = root.iter().flat_map(|root| match &root.kind {
        Kind::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(root),
    });
    for item in items {
        let misfits: Vec<Violation> = SCHEMA.iter().flat_map(|schema| read::misfits(schema, item)).collect();
        if misfits.is_empty() {
            rules.extend(rule(item, &mut violations));
        } else {
            violations.extend(misfits);
        }
    }
    if !violations.is_empty() {
        problems.push(Problem { shown: read::shown(file, current), text, violations });
    }
    rules
}

/// One rule: an entry for each of its checks.
fn rule(value: &Value, violations: &mut Vec<Violation>) -> Vec<Rule> {
    let before = violations.len();
    let (Some(id), json) = (value.get("id").and_then(Value::as_str), value.to_json()) else { return Vec::new() };
    if Catalog::bundled().rule(id).is_some() {
        let place = value.get("id").map_or(value.place(), |id| id.origin);
        violations.push(Violation::new("taken", place).param("rule", id));
    }
    let words: Result<Words, _> = serde_json::from_value(json.clone());
    let parts: Vec<&Value> = match value.get("checks") {
        Some(checks) => checks.items().iter().collect(),
        None => vec![value],
    };
    let mut rules = Vec::new();
    for part in parts {
        let mut whole = json.clone();
        if let (Some(whole), serde_json::Value::Object(own)) = (whole.as_object_mut(), part.to_json()) {
            whole.extend(own);
        }
        let words: Option<Words> = words.is_ok().then(|| serde_json::from_value(whole.clone()).ok()).flatten();
        match (serde_json::from_value::<Check>(whole), words) {
            (Ok(check), Some(words)) => {
                judge(&check, part, violations);
                rules.push(Rule::own(id, check, words));
            }
            _ => violations.push(Violation::new("form", part.place()).param("path", id)),
        }
    }
    if violations.len() > before { Vec::new() } else { rules }
}

/// Whether what a check names is there.
fn judge(check: &Check, written: &Value, violations: &mut Vec<Violation>) {
    let place = |keys: &[&str]| {
        keys.iter().try_fold(written, |value, key| value.get(key)).map_or(written.place(), |value| value.origin)
    };
    for (at, given) in check.given.iter().enumerate() {
        let Given::Path(text) = given else { continue };
        let place = written.get("given").and_then(|given| given.items().get(at)).map_or(written.place(), |v| v.origin);
        match text.strip_prefix('#') {
            Some(list) if !Catalog::bundled().has_list(list) => {
                violations.push(Violation::new("no-list", place).param("value", list));
            }
            None if JsonPath::parse(text).is_err() => violations.push(Violation::new("no-path", place)),
            _ => {}
        }
    }
    match &check.then {
        Assertion::Schema(fragment) if !fragment.compiles(&Engine::new()) => {
            violations.push(Violation::new("no-schema", place(&["then", "schema"])));
        }
        Assertion::Function(call) => match functions::function(&call.name) {
            None => {
                let near = suggest::nearest(&call.name, functions::FUNCTIONS.iter().map(|function| function.name));
                let violation = Violation::new("no-function", place(&["then", "function", "name"]));
                violations.push(violation.param("value", &*call.name).param("suggestion", near.unwrap_or_default()));
            }
            Some(function) => {
                let schema: Option<Fragment> = serde_json::from_str(function.options).ok();
                let options = written.get("then").and_then(|then| then.get("function")?.get("options"));
                if let (Some(schema), Some(options)) = (schema, options) {
                    violations.extend(read::misfits(&schema, options));
                }
            }
        },
        _ => {}
    }
}
