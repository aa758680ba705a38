//! A schema pruned by an instance must judge that instance exactly as the whole schema does: same errors, same paths,
//! same words, down to the errors inside of unions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use openclaw_lint::schema::{Engine, SchemaRef, Store, prune};
use serde_json::{Map, Value, json};

const INSTANCES: usize = 3_000;

/// The whole schema of the newest release, and its validator: built once, it takes longer than all the pruned ones.
struct Whole {
    engine: Engine,
    root: SchemaRef<'static>,
    validator: Validator,
}

impl Whole {
    fn new() -> Self {
        let store = Store::bundled();
        let root = store.root(store.latest().unwrap());
        let engine = Engine::new();
        let validator = engine.build(&root.expand()).unwrap();
        Self { engine, root, validator }
    }

    /// How many errors both gave.
    fn assert_same(&self, instance: &Value) -> usize {
        let pruned = prune(self.root, instance);
        let expected = errors(self.validator.iter_errors(instance));
        let found = errors(self.engine.build(&pruned).unwrap().iter_errors(instance));
        assert_eq!(found, expected, "for the instance {instance}");
        for line in &expected {
            let path = line.split('\u{1}').nth(1).unwrap();
            assert!(self.root.owner(path).is_some_and(|owner| owner.node().is_object()), "no owner for {path}");
        }
        expected.len()
    }
}

fn errors<'i>(errors: impl Iterator<Item = ValidationError<'i>>) -> Vec<String> {
    let mut lines: Vec<String> = errors.map(|error| line(&error)).collect();
    lines.sort();
    lines
}

fn line(error: &ValidationError<'_>) -> String {
    let branches: Vec<Vec<String>> = match error.kind() {
        ValidationErrorKind::AnyOf { context }
        | ValidationErrorKind::OneOfNotValid { context }
        | ValidationErrorKind::OneOfMultipleValid { context } => context
            .iter()
            .map(|branch| {
                let mut lines: Vec<String> = branch.iter().map(line).collect();
                lines.sort();
                lines
            })
            .collect(),
        _ => Vec::new(),
    };
    let (keyword, message) = (error.kind().keyword(), error.masked());
    format!("{}\u{1}{}\u{1}{keyword}\u{1}{message}\u{1}{branches:?}", error.instance_path(), error.schema_path())
}

/// Enough randomness for a test, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const WORDS: &[&str] =
    &["main", "x", "", "https://example.com", "http:// bad", "0", "ABC", "ünï", "-a", "discord", "a b", "/run/s"];

fn anything(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth > 3 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(random.one_in(2)),
        2 => json!(random.below(70_000) as i64 - 5),
        3 => json!(0.5),
        4 | 5 => json!(random.pick(WORDS)),
        6 => (0..random.below(3)).map(|_| anything(random, depth + 1)).collect(),
        _ => (0..random.below(3)).map(|_| ((*random.pick(WORDS)).to_owned(), anything(random, depth + 1))).collect(),
    }
}

/// An instance that mostly fits.
fn fitting(schema: SchemaRef<'_>, random: &mut Random, depth: usize) -> Value {
    if let Some(constant) = schema.keyword("const") {
        return constant.clone();
    }
    if let Some(Value::Array(values)) = schema.keyword("enum") {
        return random.pick(values).clone();
    }
    for union in ["anyOf", "oneOf"] {
        let branches: Vec<_> = schema.branches(union).collect();
        if !branches.is_empty() {
            return fitting(*random.pick(&branches), random, depth);
        }
    }
    let kind = match schema.keyword("type") {
        Some(Value::Array(kinds)) => random.pick(kinds).as_str().unwrap_or_default(),
        Some(kind) => kind.as_str().unwrap_or_default(),
        None => return anything(random, depth),
    };
    match kind {
        "object" => object(schema, random, depth),
        "array" => array(schema, random, depth),
        "string" => json!(random.pick(WORDS)),
        "boolean" => json!(random.one_in(2)),
        "null" => Value::Null,
        _ => schema.keyword("minimum").cloned().unwrap_or_else(|| json!(random.below(100))),
    }
}

fn object(schema: SchemaRef<'_>, random: &mut Random, depth: usize) -> Value {
    let required: BTreeSet<&str> =
        schema.keyword("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties: Vec<_> = schema.properties().collect();
    let wanted = [6, 5, 4, 3][depth.min(3)];
    let mut out = Map::new();
    for (name, child) in &properties {
        if required.contains(name) || (depth < 9 && random.one_in(1 + properties.len() / wanted)) {
            out.insert((*name).to_owned(), fitting(*child, random, depth + 1));
        }
    }
    if let Some(child) = schema.subschema("additionalProperties").filter(|child| child.node().is_object()) {
        for _ in 0..random.below(3) {
            out.insert((*random.pick(WORDS)).to_owned(), fitting(child, random, depth + 1));
        }
    }
    Value::Object(out)
}

fn array(schema: SchemaRef<'_>, random: &mut Random, depth: usize) -> Value {
    let tuple: Vec<_> = schema.branches("items").collect();
    if !tuple.is_empty() {
        return tuple.iter().map(|child| fitting(*child, random, depth + 1)).collect();
    }
    let Some(child) = schema.subschema("items") else {
        return json!([]);
    };
    (0..random.below(4)).map(|_| fitting(child, random, depth + 1)).collect()
}

/// What people do to a configuration: unknown keys, wrong types, dropped and misspelt fields.
fn spoil(value: &mut Value, random: &mut Random, chances: usize) {
    if random.one_in(chances) {
        *value = anything(random, 0);
        return;
    }
    match value {
        Value::Object(members) => {
            if random.one_in(chances) {
                members.insert("unknownKey".to_owned(), anything(random, 0));
            }
            if let Some(name) = members.keys().nth(random.below(members.len() * 3)).cloned() {
                let dropped = members.shift_remove(&name).unwrap();
                if random.one_in(2) {
                    members.insert(format!("{name}s"), dropped);
                }
            }
            members.values_mut().for_each(|member| spoil(member, random, chances));
        }
        Value::Array(items) => {
            if random.one_in(chances) {
                items.push(anything(random, 0));
            }
            items.iter_mut().for_each(|item| spoil(item, random, chances));
        }
        _ => {}
    }
}

#[test]
fn generated_instances_get_the_same_errors_from_the_pruned_schema() {
    let whole = Whole::new();
    let mut random = Random(2026);
    let mut errors = 0;
    for round in 0..INSTANCES {
        let mut instance = fitting(whole.root, &mut random, 0);
        if round % 3 != 0 {
            spoil(&mut instance, &mut random, if round % 3 == 1 { 60 } else { 12 });
        }
        errors += whole.assert_same(&instance);
    }
    assert!(errors > INSTANCES, "the instances are too tame to prove anything: {errors} errors");
}

#[test]
fn every_subschema_agrees_on_odd_values() {
    let whole = Whole::new();
    let mut pending = vec![(whole.root, 0)];
    let mut seen = BTreeSet::new();
    let odd = [json!(null), json!("x"), json!(-1), json!([]), json!([1, "a"]), json!({}), json!({"unknownKey": 1})];
    while let Some((schema, depth)) = pending.pop() {
        if !seen.insert(schema.node().to_string()) || depth > 40 {
            continue;
        }
        let validator = whole.engine.build(&schema.expand()).unwrap();
        for instance in &odd {
            let pruned = whole.engine.build(&prune(schema, instance)).unwrap();
            let (found, expected) = (errors(pruned.iter_errors(instance)), errors(validator.iter_errors(instance)));
            assert_eq!(found, expected, "{instance} by {}", schema.expand());
        }
        let children = ["additionalProperties", "items", "not"].iter().filter_map(|keyword| schema.subschema(keyword));
        let branches = ["anyOf", "oneOf", "allOf", "items"].iter().flat_map(|keyword| schema.branches(keyword));
        let properties = schema.properties().map(|(_, child)| child);
        pending.extend(children.chain(branches).chain(properties).map(|child| (child, depth + 1)));
    }
    assert!(seen.len() > 500);
}

/// The folder of measured material beside the project, when it is there.
fn shared(part: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("OPENCLAW_LINT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = folder.join(part);
    if !path.exists() {
        eprintln!("skipped: no {}", path.display());
        return None;
    }
    Some(path)
}

/// `None` for what is no JSON5, or nested so deeply that the parser would run out of stack.
fn document(text: &str) -> Option<Value> {
    let brackets = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
    if brackets > 5_000 { None } else { json5::from_str(text).ok() }
}

#[test]
fn published_configurations_get_the_same_errors_from_the_pruned_schema() {
    let Some(corpus) = shared("corpus") else { return };
    let whole = Whole::new();
    let mut compared = 0;
    for entry in walkdir::WalkDir::new(corpus).into_iter().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        if let Some(instance) = document(&text) {
            whole.assert_same(&instance);
            compared += 1;
        }
    }
    eprintln!("compared {compared} published configurations");
}

#[test]
fn measured_cases_get_the_same_errors_from_the_pruned_schema() {
    let Some(cases) = shared("oracle/cases.jsonl.gz") else { return };
    let Ok(output) = Command::new("gzip").arg("-dc").arg(cases).output() else {
        eprintln!("skipped: no gzip");
        return;
    };
    let whole = Whole::new();
    let mut compared = 0;
    for line in output.stdout.split(|byte| *byte == b'\n').step_by(17) {
        let Ok(case) = serde_json::from_slice::<Value>(line) else { continue };
        if let Some(instance) = case["text"].as_str().and_then(document) {
            whole.assert_same(&instance);
            compared += 1;
        }
    }
    eprintln!("compared {compared} measured cases");
}
