//! Runs rules over one project.

use rayon::prelude::*;

use crate::finding::Finding;
use crate::language::Language;
use crate::project::{Kind, Path, Project, Value};
use crate::schema::{Engine, Failure, Fragment, SLOW_PATTERN, Version, shown_value};
use crate::source::Sources;

use super::catalog::Catalog;
use super::functions::{self, Input};
use super::listed::List;
use super::model::{Assertion, Check, Condition, Rule};
use super::places::Places;
use super::select::{self, Entry, Node, Target};
use super::violation::Violation;

/// What a run knows besides the files.
#[derive(Clone, Debug)]
pub struct Context {
    /// The moment of the run, in seconds since 1970 UTC; given from outside so that findings are reproducible.
    pub now: i64,
    /// The OpenClaw release that is linted for.
    pub release: Version,
    /// Compiles the schema fragments of rules.
    pub engine: Engine,
    /// The language of the findings.
    pub language: Language,
    /// Whether only findings are wanted that bear on whether OpenClaw takes a file.
    pub verdict_only: bool,
}

/// Findings of all rules of the catalogue for one project.
#[must_use]
pub fn run(project: &Project, sources: &Sources, catalog: &Catalog, context: &Context) -> Vec<Finding> {
    let wanted = |rule: &&Rule| rule.may_concern(project) && (!context.verdict_only || rule.bears_on_verdict());
    let rules: Vec<&Rule> = catalog.checks().iter().filter(wanted).collect();
    #[cfg(test)]
    tests::closed_gates_hide_nothing(project, sources, catalog, context);
    // Rules that make the same check share its answer: each has words for some of the outcomes.
    let mut asked: Vec<&Rule> = Vec::new();
    let mut answered_by: Vec<usize> = Vec::with_capacity(rules.len());
    for rule in &rules {
        let known = asked.iter().position(|known| known.checks_like(rule));
        answered_by.push(known.unwrap_or(asked.len()));
        if known.is_none() {
            asked.push(rule);
        }
    }
    let places = Places::new(project);
    let answer = |rule: &&Rule| check(rule.check(), &places, sources, context);
    let answers: Vec<Vec<Violation>> = if is_large(project, sources) {
        asked.par_iter().map(answer).collect()
    } else {
        asked.iter().map(answer).collect()
    };
    let mut list = List::default();
    for (rule, at) in rules.iter().zip(answered_by) {
        let mut slow = false;
        for violation in answers.get(at).map(Vec::as_slice).unwrap_or_default() {
            if violation.outcome == SLOW_PATTERN {
                // Once is enough, in words that are not the rule's.
                let words = |config, violation| Catalog::bundled().finding(config, violation, context.language);
                if !std::mem::replace(&mut slow, true) {
                    list.add("lint/config", violation.clone().param("rule", rule.id), words);
                }
                continue;
            }
            list.add(rule.id, violation.clone(), |_, violation| rule.finding(violation, context.language));
        }
    }
    list.findings(context.language)
}

/// Whether the checks of a project take longer than it takes to start threads for them.
pub(crate) fn is_large(project: &Project, sources: &Sources) -> bool {
    const BYTES: usize = 64 * 1024;
    let files = project.configs.iter().map(|config| config.file).chain(project.env_files.iter().map(|file| file.file));
    files.filter_map(|file| sources.get(file)).map(|source| source.text().len()).sum::<usize>() > BYTES
}

fn check(rule: &Check, places: &Places<'_>, sources: &Sources, context: &Context) -> Vec<Violation> {
    let mut violations = ask(rule, places, sources, context);
    if let Some(outcome) = &rule.outcome {
        let named = violations.iter_mut().filter(|violation| violation.outcome != SLOW_PATTERN);
        named.for_each(|violation| violation.outcome = outcome.to_string());
    }
    violations
}

fn ask(rule: &Check, places: &Places<'_>, sources: &Sources, context: &Context) -> Vec<Violation> {
    if rule.from.as_ref().is_some_and(|from| context.release < *from) {
        return Vec::new();
    }
    let project = places.project;
    let mut targets = select::targets(rule, places);
    targets.retain(|target| conditions_hold(&rule.when, target, &context.engine));
    if targets.is_empty() {
        return Vec::new();
    }
    match &rule.then {
        Assertion::Builtin => Vec::new(),
        Assertion::Schema(fragment) => {
            let complete = project.environment.is_complete();
            schema_violations(fragment, rule.at.as_deref(), &targets, &context.engine, complete)
        }
        Assertion::Function(call) => {
            let input = Input { project, sources, context, targets: &targets };
            functions::call(call, &input)
        }
    }
}

/// Conditions speak of the target's own config; targets outside configs have none and pass.
fn conditions_hold(conditions: &[Condition], target: &Target<'_>, engine: &Engine) -> bool {
    let root = match target {
        Target::Node(node) => node.config.root.as_ref(),
        Target::Config(config) => config.root.as_ref(),
        Target::Entry(_) | Target::EnvFile(_) | Target::Project(_) => return conditions.is_empty(),
    };
    conditions.iter().all(|condition| {
        let nodes = condition.given.path().zip(root).map(|(path, root)| path.select(root));
        let some = nodes.unwrap_or_default().iter().any(|selected| condition.schema.is_valid(engine, selected.value));
        some != condition.none
    })
}

fn schema_violations(
    fragment: &Fragment,
    at: Option<&str>,
    targets: &[Target<'_>],
    engine: &Engine,
    complete: bool,
) -> Vec<Violation> {
    let nodes = targets.iter().filter_map(|target| match target {
        Target::Node(node) => Some(node),
        _ => None,
    });
    let failures = |node: &Node<'_>| match at {
        Some(at) => fragment
            .failures(engine, node.value)
            .first()
            .map(|failure| reported_at(node, at, failure))
            .into_iter()
            .collect(),
        None => fragment
            .failures(engine, node.value)
            .iter()
            .filter_map(|failure| failed(node, failure, complete))
            .collect::<Vec<_>>(),
    };
    let mut violations: Vec<Violation> = nodes.flat_map(failures).collect();
    let entries = targets.iter().filter_map(|target| match target {
        Target::Entry(entry) if entry.entry.loaded => Some(entry),
        _ => None,
    });
    violations.extend(entries.filter_map(|entry| of_entry(entry, fragment, engine)));
    violations
}

/// An entry of an env file is judged by its value, as a string. The value itself is no parameter: it may be a credential.
fn of_entry(entry: &Entry<'_>, fragment: &Fragment, engine: &Engine) -> Option<Violation> {
    let value = Value::new(Kind::String((&*entry.entry.value).into()), entry.value_origin());
    let failure = fragment.failures(engine, &value).into_iter().next()?;
    let mut violation = Violation::new(failure.keyword, entry.value_origin()).param("key", &*entry.entry.key);
    violation = violation.param("path", &*entry.entry.key);
    violation.key = Some(entry.key_origin());
    Some(violation)
}

/// A failing keyword names the outcome; its facts are the parameters. `None` where a `${VAR}` that is set elsewhere may
/// make the text right.
fn failed(node: &Node<'_>, failure: &Failure, complete: bool) -> Option<Violation> {
    let mut path = node.path.clone();
    failure.path.segments().iter().for_each(|segment| path.push(segment.clone()));
    let value = node.config.root.as_ref().and_then(|root| root.at(&path)).unwrap_or(node.value);
    if value.unresolved && !complete && is_about_text(&failure.keyword) {
        return None;
    }
    let mut violation = violation(node, path, value, failure);
    if failure.keyword == "required" {
        // A missing member has no place of its own: its object's key is the tightest one.
        violation.place = violation.key.unwrap_or(violation.place);
        let missing = failure.params.iter().find(|(name, _)| *name == "missing");
        violation.config_path = missing.and_then(|(_, name)| Some(violation.path.as_ref()?.key(name)));
    }
    Some(violation)
}

/// Whether a keyword judges the text of a value rather than that it is there.
fn is_about_text(keyword: &str) -> bool {
    !matches!(keyword, "type" | "falseSchema")
}

/// A failure that is reported at a member of the target, there or not.
fn reported_at(node: &Node<'_>, at: &str, failure: &Failure) -> Violation {
    let keys = at.split('.').filter(|key| !key.is_empty());
    let path = keys.fold(node.path.clone(), |path, key| path.key(key));
    let value = node.config.root.as_ref().and_then(|root| root.at(&path));
    let mut violation = violation(node, path, value.unwrap_or(node.value), failure);
    if value.is_none() {
        violation.place = node.key.unwrap_or(violation.place);
    }
    violation
}

fn violation(node: &Node<'_>, path: Path, value: &Value, failure: &Failure) -> Violation {
    let key = node.config.root.as_ref().and_then(|root| super::path::key_origin(root, &path));
    let container = value.type_name() == "object" || value.type_name() == "array";
    let place = key.filter(|_| container).unwrap_or_else(|| value.place());
    let mut violation = Violation::new(failure.keyword.clone(), place).param("path", path.to_string());
    violation = violation.param("value", shown_value(value, &path).unwrap_or_default());
    violation = violation.param("key", path.last_key().unwrap_or_default());
    for (name, value) in &failure.params {
        violation = violation.param(name, value.clone());
    }
    violation.key = key;
    violation.at_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Linter;
    use serde_json::{Value as Json, json};

    /// Called in every run of the unit tests.
    pub(super) fn closed_gates_hide_nothing(
        project: &Project,
        sources: &Sources,
        catalog: &Catalog,
        context: &Context,
    ) {
        for rule in catalog.checks().iter().filter(|rule| !rule.may_concern(project)) {
            let violations = check(rule.check(), &Places::new(project), sources, context);
            assert!(violations.is_empty(), "{}: {violations:?} in {:?}", rule.id, project.configs);
        }
    }

    /// The examples of rules, and each with a part of it made something else.
    #[test]
    fn gates_are_open_where_rules_find_something() {
        let catalog = Catalog::bundled();
        let all = catalog.rules().filter_map(|rule| catalog.documentation(rule.id)).map(|page| &page.examples);
        let texts = all.flat_map(|examples| examples.bad.iter().chain(&examples.good)).map(|example| &example.files);
        let mut lints = 0;
        let mut lint = |files: &[(&String, String)]| {
            lints += 1;
            let _ = files.iter().fold(Linter::new(), |linter, (name, text)| linter.file(name, text.as_str())).lint();
        };
        let mut turn = 0_usize;
        for files in texts {
            let plain: Vec<(&String, String)> =
                files.iter().map(|(name, text)| (name, text.replace(['«', '»'], ""))).collect();
            lint(&plain);
            for (at, (_, text)) in plain.iter().enumerate() {
                let Ok(json) = json5::from_str::<Json>(text) else { continue };
                for pointer in pointers(&json) {
                    turn += 1;
                    let other = [json!("x"), json!({}), json!([]), json!(7)][turn % 4].clone();
                    // One of a few: each takes a moment.
                    if !turn.is_multiple_of(5) {
                        continue;
                    }
                    let (mut files, mut json) = (plain.clone(), json.clone());
                    *json.pointer_mut(&pointer).unwrap() = other;
                    files[at].1 = json.to_string();
                    lint(&files);
                }
            }
        }
        assert!(lints > 500, "{lints}");
    }

    fn pointers(json: &Json) -> Vec<String> {
        fn add(json: &Json, at: &str, all: &mut Vec<String>) {
            all.push(at.to_owned());
            let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
            match json {
                Json::Object(members) => {
                    members.iter().for_each(|(key, value)| add(value, &format!("{at}/{}", escaped(key)), all));
                }
                Json::Array(items) => {
                    items.iter().enumerate().for_each(|(index, item)| add(item, &format!("{at}/{index}"), all));
                }
                _ => {}
            }
        }
        let mut all = Vec::new();
        add(json, "", &mut all);
        all
    }
}
