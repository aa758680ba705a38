//! Packs the JSON5 tables in `rules/` into strict JSON, so that a run parses little and fast. A broken file fails the
//! build with its name; everything deeper is checked by the tests.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Map, Value, json};
use walkdir::{DirEntry, WalkDir};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Fields of a rule that a run does not need; they go into the documentation text.
const DOCUMENTATION: &[&str] = &["since", "confidence", "docs", "examples"];

/// Fields whose long texts may be written as a list of lines.
const LONG: &[&str] = &["docs", "examples"];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut providers = read(Path::new("rules/providers.json5"))?;
    compact(&mut providers, "rules/providers.json5: $")?;
    // One file a section, so that a run reads only what it needs; the whole is for checking the table.
    for (section, value) in providers.as_object().into_iter().flatten() {
        fs::write(out.join(format!("providers.{section}.json")), value.to_string())?;
    }
    fs::write(out.join("providers.json"), providers.to_string())?;

    let (mut rules, mut documentation) = (BTreeMap::new(), Map::new());
    for file in rule_files(Path::new("rules"))? {
        let Value::Object(mut rule) = read(&file)? else {
            return Err(format!("{}: not an object", file.display()).into());
        };
        for field in LONG {
            rule.get_mut(*field).into_iter().for_each(join_lines);
        }
        let id = rule.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let expected = file.with_extension("");
        if expected.strip_prefix("rules")? != Path::new(&id) {
            return Err(format!("{}: its id is `{id}`", file.display()).into());
        }
        let (docs, engine): (Map<_, _>, Map<_, _>) = rule
            .into_iter()
            .filter(|(key, _)| key != "$schema")
            .partition(|(key, _)| DOCUMENTATION.contains(&key.as_str()));
        documentation.insert(id.clone(), Value::Object(docs));
        rules.insert(id, engine);
    }
    fs::write(out.join("sets.json"), read(Path::new("rules/sets.json5"))?.to_string())?;
    let selectors = read(Path::new("rules/selectors.json5"))?;
    let rules: Vec<Value> = rules.into_values().flat_map(checks).collect();
    fs::write(out.join("rules.json"), json!({ "selectors": selectors, "rules": rules }).to_string())?;
    fs::write(out.join("rule-docs.json"), Value::Object(documentation).to_string())?;
    Ok(())
}

/// One entry for each check of a rule, with the words that the check can use.
fn checks(mut rule: Map<String, Value>) -> Vec<Value> {
    let Some(Value::Array(checks)) = rule.remove("checks") else { return vec![Value::Object(rule)] };
    let entry = |check: Value| {
        let mut entry = rule.clone();
        entry.extend(check.as_object().cloned().unwrap_or_default());
        if let Some(outcome) = entry.get("outcome").and_then(Value::as_str).map(str::to_owned) {
            let words = entry.get_mut("outcomes").and_then(Value::as_object_mut);
            words.into_iter().for_each(|words| words.retain(|name, _| *name == outcome));
        }
        Value::Object(entry)
    };
    checks.into_iter().map(entry).collect()
}

/// Keys for people who read a table, of no use to the program.
const PROSE: [&str; 2] = ["note", "source"];

/// Drops prose and refuses strings that JSON would have to escape: those could not be borrowed from the binary.
fn compact(value: &mut Value, path: &str) -> Result<()> {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !PROSE.contains(&key.as_str()));
            members.iter_mut().try_for_each(|(key, member)| compact(member, &format!("{path}.{key}")))
        }
        Value::Array(items) => {
            items.iter_mut().enumerate().try_for_each(|(index, item)| compact(item, &format!("{path}[{index}]")))
        }
        Value::String(text) if text.contains(|c: char| c == '"' || c == '\\' || c.is_control()) => {
            Err(format!("{path}: write the string without double quotes, backslashes and control characters").into())
        }
        _ => Ok(()),
    }
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    json5::from_str(&text).map_err(|error| format!("{}: {error}", file.display()).into())
}

/// Turns lists of lines into texts, at any depth. Lists of anything else stay lists.
fn join_lines(value: &mut Value) {
    match value {
        Value::Array(items) => match items.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
            Some(lines) if !lines.is_empty() => *value = lines.join("\n").into(),
            _ => items.iter_mut().for_each(join_lines),
        },
        Value::Object(members) => members.values_mut().for_each(join_lines),
        _ => {}
    }
}

/// `rules/<group>/<name>.json5`; tables lie in `rules/` itself.
fn rule_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = WalkDir::new(folder).min_depth(2).max_depth(2).into_iter();
    let mut files = entries.map(|entry| entry.map(DirEntry::into_path)).collect::<std::result::Result<Vec<_>, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json5"));
    Ok(files)
}
