//! `starts`: what becomes of old configs when the gateway starts, foretold and asked of OpenClaw itself.
//!
//! The configs are made from the bundled schemas: each is what one release takes, by chance, and every other one has what our
//! fixes make of it beside it, so that an old key meets the new one.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use openclaw_lint::Linter;
use openclaw_lint::finding::Safety;
use openclaw_lint::fix::mend;
use openclaw_lint::schema::{SchemaRef, Store};
use openclaw_lint::source::FileId;
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use crate::cases::Case;
use crate::{Result, oracle};

/// Which configs, and how many.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The release that starts, as npm names it; the newest bundled one is what our verdicts are about
    #[arg(long, default_value = "2026.9.6")]
    openclaw_version: String,
    /// How many configs
    #[arg(long, default_value_t = 1000)]
    count: usize,
    /// Where chance begins: the same number makes the same configs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Sections of each
    #[arg(long, default_value_t = 3)]
    sections: usize,
    /// Only this section, such as `channels`
    #[arg(long)]
    only: Option<String>,
    /// Write the configs with what became of them to this file, as JSON lines
    #[arg(long)]
    out: Option<PathBuf>,
    /// A folder for the npm packages, kept for the next time
    #[arg(long)]
    work: Option<PathBuf>,
    /// Processes at a time
    #[arg(long, default_value_t = 2)]
    jobs: usize,
}

/// Disagreements that are printed.
const SHOWN: usize = 20;

/// Makes configs, asks, compares; a verdict that differs is an error.
pub(crate) fn run(args: &Args) -> Result<()> {
    let cases: Vec<Case> = (0..args.count).into_par_iter().map(|at| case(args, at)).collect();
    let default = Path::new("target/oracle").join(&args.openclaw_version);
    let work = args.work.as_deref().unwrap_or(&default);
    let asked = oracle::starts(work, &args.openclaw_version, &cases, args.jobs.max(1))?;
    if let Some(out) = &args.out {
        write(out, &asked)?;
    }
    let foretold: Vec<&str> = asked.par_iter().map(Case::foretell).collect();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut different = Vec::new();
    for (case, ours) in asked.iter().zip(foretold) {
        let theirs = case.start.as_deref().unwrap_or_default();
        *counts.entry((theirs, ours)).or_default() += 1;
        if theirs != ours {
            different.push((case, theirs, ours));
        }
    }
    for ((theirs, ours), count) in counts {
        println!("{count:>6} {theirs}, foretold: {ours}");
    }
    for (case, theirs, ours) in different.iter().take(SHOWN) {
        println!("{}: {theirs}, foretold: {ours}: {}", case.id, case.text.as_deref().unwrap_or_default());
    }
    let (count, all) = (different.len(), asked.len());
    if count == 0 { Ok(()) } else { Err(format!("{count} of {all} starts were foretold wrongly").into()) }
}

fn write(file: &Path, asked: &[Case]) -> Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    for case in asked {
        let config: Value = serde_json::from_str(case.text.as_deref().unwrap_or_default())?;
        writeln!(out, "{}", json!({ "verdict": case.start, "config": config }))?;
    }
    Ok(())
}

fn case(args: &Args, at: usize) -> Case {
    let mut maker = Maker(fastrand::Rng::with_seed(args.seed.wrapping_add((at as u64) << 32)));
    let store = Store::bundled();
    let release = maker.0.choice(store.releases());
    let sections: Vec<(&str, SchemaRef<'_>)> =
        release.map(|release| store.root(release).properties().collect()).unwrap_or_default();
    let mut config = Map::new();
    for _ in 0..args.sections {
        let named = |(name, _): &&(&str, SchemaRef<'_>)| args.only.as_ref().is_none_or(|only| only == name);
        let fitting: Vec<_> = sections.iter().filter(named).collect();
        if let Some((name, schema)) = maker.0.choice(fitting) {
            merge(&mut config, Map::from_iter([((*name).to_owned(), maker.value(*schema, 0))]));
        }
    }
    let mut text = Value::Object(config.clone()).to_string();
    if at % 2 == 1
        && let Ok(Value::Object(mut mended)) = json5::from_str(&mended(&text))
    {
        merge(&mut mended, config);
        text = Value::Object(mended).to_string();
    }
    Case::of_text(format!("{}/{at}", args.seed), text)
}

fn mended(text: &str) -> String {
    mend(text, Safety::Unsafe, |text| (Linter::new().file("openclaw.json", text).lint(), FileId(0))).text
}

/// What is new goes to what is there, object by object.
fn merge(there: &mut Map<String, Value>, new: Map<String, Value>) {
    for (key, value) in new {
        match (there.get_mut(&key), value) {
            (Some(Value::Object(there)), Value::Object(value)) => merge(there, value),
            (_, value) => drop(there.insert(key, value)),
        }
    }
}

/// Texts that stand for ids, paths, models, addresses and words.
const TEXTS: [&str; 16] = [
    "main",
    "alpha",
    "Home Office",
    "work-1",
    "telegram",
    "slack",
    "auto",
    "off",
    "default",
    "openai/gpt-5",
    "123456",
    "+15551234567",
    "https://example.com/v1",
    "./notes",
    "/srv/data",
    "5m",
];

/// Objects further down get what they must have only.
const DEEPEST: usize = 9;

/// Makes values that a schema takes, as far as its types, words and limits go.
struct Maker(fastrand::Rng);

impl Maker {
    fn text(&mut self) -> &'static str {
        self.0.choice(TEXTS).unwrap_or_default()
    }

    fn value(&mut self, schema: SchemaRef<'_>, depth: usize) -> Value {
        if let Some(value) = schema.keyword("const") {
            return value.clone();
        }
        if let Some(values) = schema.keyword("enum").and_then(Value::as_array) {
            return self.0.choice(values).cloned().unwrap_or_default();
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            let branches: Vec<SchemaRef<'_>> = schema.branches(keyword).collect();
            if let Some(branch) = self.0.choice(branches) {
                return self.value(branch, depth);
            }
        }
        let types: Vec<&str> = match schema.keyword("type") {
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(name)) => vec![name],
            _ => vec!["string", "integer", "boolean"],
        };
        match self.0.choice(types).unwrap_or_default() {
            "boolean" => self.0.bool().into(),
            "number" | "integer" => self.number(schema),
            "string" => self.text().into(),
            "array" => {
                let items = schema.subschema("items");
                let count = if depth < DEEPEST { self.0.usize(1..3) } else { 0 };
                (0..count).map(|_| items.map_or(json!("text"), |items| self.value(items, depth + 1))).collect()
            }
            "object" => self.object(schema, depth).into(),
            _ => Value::Null,
        }
    }

    fn number(&mut self, schema: SchemaRef<'_>) -> Value {
        let limit = |keyword: &str| schema.keyword(keyword).and_then(Value::as_f64);
        let least = limit("minimum").or_else(|| limit("exclusiveMinimum").map(|limit| limit + 1.0)).unwrap_or(0.0);
        let most = limit("maximum").unwrap_or(least + 100.0);
        #[expect(clippy::cast_possible_truncation, reason = "limits of configs are small")]
        let (least, most) = (least.ceil() as i64, most.floor() as i64);
        if least <= most { self.0.i64(least..=most.min(least.saturating_add(20))).into() } else { json!(least) }
    }

    fn object(&mut self, schema: SchemaRef<'_>, depth: usize) -> Map<String, Value> {
        let required = schema.keyword("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|required| required.iter().any(|known| known == name));
        let properties: Vec<(&str, SchemaRef<'_>)> = schema.properties().collect();
        let mut members: Vec<(&str, SchemaRef<'_>)> =
            properties.iter().copied().filter(|(name, _)| is_required(name)).collect();
        if depth < DEEPEST {
            for _ in 0..if self.0.u8(..4) == 0 { 2 } else { 1 } {
                members.extend(self.0.choice(&properties).copied());
            }
            let others = schema.subschema("additionalProperties").filter(|others| others.node().is_object());
            if let Some(others) = others.filter(|_| properties.is_empty() || self.0.u8(..5) == 0) {
                members.push((self.text(), others));
            }
        }
        members.into_iter().map(|(name, schema)| (name.to_owned(), self.value(schema, depth + 1))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_configs() {
        let args = |seed| Args {
            openclaw_version: String::new(),
            count: 0,
            seed,
            sections: 3,
            only: None,
            out: None,
            work: None,
            jobs: 1,
        };
        let text = |seed, at| case(&args(seed), at).text;
        assert_eq!(text(1, 4), text(1, 4));
        assert_ne!(text(1, 4), text(2, 4));
        let made: Vec<Case> = (0..60).map(|at| case(&args(3), at)).collect();
        let outcomes: std::collections::BTreeSet<&str> = made.iter().map(Case::foretell).collect();
        assert_eq!(outcomes.into_iter().collect::<Vec<_>>(), ["accepted", "migrates", "refused"]);
    }
}
