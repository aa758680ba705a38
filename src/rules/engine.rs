//! Runs rules over one project.

use serde_json::value::RawValue;

use crate::finding::Finding;
use crate::project::Project;
use crate::schema::{Engine, Failure, Fragment, Version};
use crate::source::Sources;

use super::JsonPath;
use super::catalog::Catalog;
use super::functions::{self, Input};
use super::model::{Assertion, Check, Condition, Rule};
use super::select::{self, Node, Target};
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
}

/// Findings of all rules of the catalogue for one project.
#[must_use]
pub fn run(project: &Project, sources: &Sources, catalog: &Catalog, context: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Rules that make the same check share its answer: each has words for some of the outcomes.
    let mut answers: Vec<(&Rule, Vec<Violation>)> = Vec::new();
    for rule in catalog.rules().iter().filter(|rule| rule.may_concern(project)) {
        let known = answers.iter().position(|(asked, _)| asked.checks_like(rule));
        let known = known.unwrap_or_else(|| {
            answers.push((rule, check(rule.check(), project, sources, catalog, context)));
            answers.len() - 1
        });
        let violations = answers.get(known).map(|(_, violations)| violations.as_slice()).unwrap_or_default();
        findings.extend(violations.iter().cloned().filter_map(|violation| rule.finding(violation)));
    }
    findings
}

fn check(rule: &Check, project: &Project, sources: &Sources, catalog: &Catalog, context: &Context) -> Vec<Violation> {
    let mut targets = select::targets(rule, project, catalog);
    targets.retain(|target| conditions_hold(&rule.when, target, &context.engine));
    if targets.is_empty() {
        return Vec::new();
    }
    match &rule.then {
        Assertion::Builtin => Vec::new(),
        Assertion::Schema(fragment) => schema_violations(fragment, &targets, &context.engine),
        Assertion::Function(call) => {
            let input = Input { project, sources, catalog, context, targets: &targets };
            functions::call(&call.name, call.options.as_deref(), &input)
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
        let nodes = JsonPath::parse(&condition.given).ok().zip(root).map(|(path, root)| path.select(root));
        let fragment = Fragment::read(engine, &condition.schema);
        let some =
            nodes.unwrap_or_default().iter().any(|(_, value)| fragment.as_ref().is_ok_and(|f| f.is_valid(value)));
        some != condition.none
    })
}

fn schema_violations(fragment: &RawValue, targets: &[Target<'_>], engine: &Engine) -> Vec<Violation> {
    let Ok(fragment) = Fragment::read(engine, fragment) else { return Vec::new() };
    let nodes = targets.iter().filter_map(|target| match target {
        Target::Node(node) => Some(node),
        _ => None,
    });
    nodes.flat_map(|node| fragment.failures(node.value).into_iter().map(|failure| failed(node, &failure))).collect()
}

/// A failing keyword names the outcome; its facts are the parameters.
fn failed(node: &Node<'_>, failure: &Failure) -> Violation {
    let mut path = node.path.clone();
    failure.path.segments().iter().for_each(|segment| path.push(segment.clone()));
    let root = node.config.root.as_ref();
    let value = root.and_then(|root| root.at(&path)).unwrap_or(node.value);
    let key = root.and_then(|root| select::key_origin(root, &path));
    let mut violation =
        Violation::new(failure.keyword.clone(), value.origin).at_path(path.clone()).param("path", path.to_string());
    if let Some(key) = path.last_key() {
        violation = violation.param("key", key);
    }
    for (name, value) in &failure.params {
        violation = violation.param(name, value.clone());
    }
    // A missing member has no place of its own: its object's key is the tightest one.
    if failure.keyword == "required" {
        violation.place = key.unwrap_or(value.origin);
    }
    violation.key = key;
    violation
}
