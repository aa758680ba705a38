//! From the text of a configuration to a [`Policy`].

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use glob::Pattern;

use crate::finding::Severity;
use crate::host::Host;
use crate::language::{Language, Param, Phrase};
use crate::project::{Origin, Value, plain};
use crate::rules::{Catalog, Violation};
use crate::schema::{Engine, Fragment, suggest};
use crate::source::{FileId, Span};
use crate::syntax::json5;

use super::{LARGEST, Levels, Policy, Problem, pack};

static SCHEMA: LazyLock<Option<Fragment>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../schemas/config.json")).ok());

/// A place until the file has its id.
pub(super) const HERE: FileId = FileId(0);

pub(super) fn policy(file: Option<&Path>, packs: &[PathBuf], current: &Path, host: &dyn Host) -> Policy {
    let mut policy = Policy::default();
    let mut rules = Vec::new();
    let (mut text, mut root, mut violations) = (String::new(), None, Vec::new());
    if let Some(file) = file {
        policy.folder = file.parent().map(PathBuf::from).unwrap_or_default();
        (text, root) = read(file, host, &mut violations);
    }
    if let Some(root) = &root {
        policy.language = root.get("lang").and_then(Value::as_str).and_then(Language::from_tag);
        violations.extend(SCHEMA.iter().flat_map(|schema| misfits(schema, root)));
        for glob in root.get("packs").map(Value::items).unwrap_or_default() {
            let Some(pattern) = glob.as_str() else { continue };
            let files = pack::files(&policy.folder, pattern, host);
            if files.is_empty() {
                violations.push(Violation::new("no-pack", glob.origin).param("value", pattern));
            }
            for file in files {
                rules.extend(pack::load(&file, current, host, &mut policy.problems));
            }
        }
    }
    for file in packs {
        rules.extend(pack::load(&current.join(file), current, host, &mut policy.problems));
    }
    if !rules.is_empty() {
        policy.catalog = Some(Catalog::with(rules));
    }
    if let Some(root) = &root {
        let catalog = policy.catalog.as_ref().unwrap_or(Catalog::bundled());
        policy.levels.extend(levels(root, catalog, &mut violations));
        for item in root.get("overrides").map(Value::items).unwrap_or_default() {
            let globs = item.get("files").map(Value::items).unwrap_or_default();
            let files: Vec<Pattern> = globs.iter().filter_map(|value| glob(value, &mut violations)).collect();
            // Without a glob that can match it would be for every file.
            if !files.is_empty() {
                policy.levels.extend(levels(item, catalog, &mut violations).map(|levels| Levels { files, ..levels }));
            }
        }
    }
    if let Some(file) = file.filter(|_| !violations.is_empty()) {
        policy.problems.push(Problem { shown: shown(file, current), text, violations });
    }
    policy
}

/// The name of a file in reports: relative to where the run started, when it lies there.
pub(super) fn shown(file: &Path, current: &Path) -> String {
    file.strip_prefix(current).unwrap_or(file).display().to_string()
}

/// Reads and parses a file; what is wrong with it as JSON5 becomes violations.
pub(super) fn read(file: &Path, host: &dyn Host, violations: &mut Vec<Violation>) -> (String, Option<Value>) {
    let whole = || Origin { file: HERE, span: Span::at(0) };
    let bytes = match host.read(file, LARGEST) {
        Ok(bytes) => bytes,
        Err(error) => {
            violations.push(Violation::new("unreadable", whole()).param("facts", error.phrase()));
            return (String::new(), None);
        }
    };
    let Ok(text) = String::from_utf8(bytes) else {
        violations.push(Violation::new("unreadable", whole()).param("facts", Phrase::new("it is no UTF-8 text")));
        return (String::new(), None);
    };
    let document = json5::parse(&text, &json5::Options::default());
    violations.extend(document.errors().iter().map(|error| {
        Violation::new("syntax", Origin { file: HERE, span: error.span })
            .param("message", error.message())
            .param("help", error.help())
    }));
    let root = if document.is_valid() { plain(HERE, &document) } else { None };
    (text, root)
}

/// How a value differs from a schema, as violations.
pub(super) fn misfits(schema: &Fragment, root: &Value) -> Vec<Violation> {
    let failures = schema.failures(&Engine::new(), root);
    let found = failures.into_iter().map(|failure| {
        let value = root.at(&failure.path).unwrap_or(root);
        let param = |name: &str| {
            let found = failure.params.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let path = match failure.path.segments() {
            [] => Param::from(Phrase::new("the file")),
            _ => failure.path.to_string().into(),
        };
        match failure.keyword.as_str() {
            "additionalProperties" => {
                let unexpected = param("unexpected");
                let first = unexpected.split("`, `").next().unwrap_or_default().to_owned();
                let place = value.member(&first).map_or(value.place(), |member| member.key_origin);
                Violation::new("unknown-key", place).param("key", first).param("path", path)
            }
            "required" => {
                Violation::new("missing-key", value.place()).param("key", param("missing")).param("path", path)
            }
            "enum" => {
                Violation::new("not-allowed", value.place()).param("allowed", param("allowed")).param("path", path)
            }
            _ => Violation::new("form", value.place()).param("path", path),
        }
    });
    found.collect()
}

fn levels(object: &Value, catalog: &Catalog, violations: &mut Vec<Violation>) -> Option<Levels> {
    let members = object.get("rules")?.members();
    let mut rules = Vec::new();
    for member in members {
        let named = &*member.key;
        let known = match named.strip_suffix("/*") {
            Some(group) => catalog.rules().any(|rule| rule.id.split_once('/').is_some_and(|(own, _)| own == group)),
            None => catalog.rule(named).is_some(),
        };
        if !known {
            let near = suggest::nearest(named, catalog.rules().map(|rule| rule.id)).unwrap_or_default();
            let violation = Violation::new("unknown-rule", member.key_origin).param("rule", named);
            violations.push(violation.param("suggestion", near));
            continue;
        }
        let level = match member.value.as_str() {
            Some("off") => None,
            Some("info") => Some(Severity::Info),
            Some("warning") => Some(Severity::Warning),
            Some("error") => Some(Severity::Error),
            // The schema has said so.
            _ => continue,
        };
        rules.push((named.to_owned(), level));
    }
    Some(Levels { files: Vec::new(), rules })
}

fn glob(value: &Value, violations: &mut Vec<Violation>) -> Option<Pattern> {
    let text = value.as_str()?;
    match Pattern::new(text.strip_prefix("./").unwrap_or(text)) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            violations.push(Violation::new("glob", value.origin).param("facts", Phrase::new(error.msg)));
            None
        }
    }
}
