//! Our JSON5 parser against the official suite and against answers of the npm package `json5`. Both are data beside the
//! project; without them there is nothing to do.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Instant;

use flate2::read::GzDecoder;
use openclaw_lint::syntax::json5::{Document, NodeId, NodeKind, Options, parse};
use serde_json::Value;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// Disagreements that are shown.
const SHOWN: usize = 20;

/// What to run against.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder with `conformance/`; by default `../shared` beside the project, or $OPENCLAW_LINT_SHARED
    #[arg(long, env = "OPENCLAW_LINT_SHARED")]
    shared: Option<PathBuf>,
    /// Also time the parser on generated configurations of this many megabytes (use a release build)
    #[arg(long, value_name = "MB")]
    speed: Option<usize>,
}

/// One row of the table.
#[derive(Default)]
struct Tally {
    cases: usize,
    accepted: usize,
    false_accepts: usize,
    false_rejects: usize,
    other_values: usize,
    lone_surrogates: Vec<String>,
    same_place: usize,
    same_token: usize,
    rejected_with_place: usize,
    disagreements: Vec<String>,
}

/// What the reference says about a text.
struct Expected {
    /// The value as JSON text, where it is known.
    value: Option<String>,
    valid: bool,
    /// Line and column of the reference's error.
    at: Option<(usize, usize)>,
}

/// Runs both suites; an error when anything disagrees.
pub(crate) fn run(args: &Args) -> Result<()> {
    if let Some(megabytes) = args.speed {
        time(megabytes);
    }
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = args.shared.clone().unwrap_or_else(beside).join("conformance");
    if !folder.is_dir() {
        println!("conformance: skipped, there is no folder {}", folder.display());
        return Ok(());
    }
    let suite = official(&folder.join("json5-tests"))?;
    let answers = recorded(&folder.join("json5-cases.jsonl.gz"))?;
    println!("| suite | cases | accepted | false accepts | false rejects | other values | lone surrogates |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    suite.print("json5-tests");
    answers.print("npm json5 2.2.3");
    println!(
        "first error at the reference's line and column: {} of {}; the reference's place inside our span: {}",
        answers.same_place, answers.rejected_with_place, answers.same_token
    );
    println!("texts with lone surrogates, accepted with U+FFFD in the value (a Rust string cannot hold them):");
    answers.lone_surrogates.iter().for_each(|text| println!("  {text:?}"));
    let disagreements = suite.disagreements.len() + answers.disagreements.len();
    suite.disagreements.iter().chain(&answers.disagreements).take(SHOWN).for_each(|line| println!("{line}"));
    if disagreements > 0 {
        return Err(format!("{disagreements} disagreements").into());
    }
    Ok(())
}

impl Tally {
    fn print(&self, name: &str) {
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} |",
            self.cases,
            self.accepted,
            self.false_accepts,
            self.false_rejects,
            self.other_values,
            self.lone_surrogates.len()
        );
    }

    fn check(&mut self, name: &str, text: &str, expected: &Expected) {
        let document = parse(text, &Options::default());
        self.cases += 1;
        self.accepted += usize::from(document.is_valid());
        match (expected.valid, document.is_valid()) {
            (false, true) => {
                self.false_accepts += 1;
                self.disagreements.push(format!("false accept: {name}"));
            }
            (true, false) => {
                self.false_rejects += 1;
                let why = document.errors().first().map(|error| error.message().to_string());
                self.disagreements.push(format!("false reject: {name}: {why:?}"));
            }
            (true, true) => self.check_value(name, text, &document, expected),
            (false, false) => self.check_place(text, &document, expected),
        }
    }

    fn check_value(&mut self, name: &str, text: &str, document: &Document, expected: &Expected) {
        let Some(wanted) = &expected.value else { return };
        let mut wanted = wanted.clone();
        if !document.lone_surrogates().is_empty() {
            self.lone_surrogates.push(text.to_owned());
            wanted = replace_surrogates(&wanted);
        }
        let mut ours = String::new();
        if let Some(root) = document.root() {
            write_json(document, root, &mut ours);
        }
        let parsed = |json: &str| serde_json::from_str::<Value>(json).ok();
        if !parsed(&ours).zip(parsed(&wanted)).is_some_and(|(ours, wanted)| is_same(&ours, &wanted)) {
            self.other_values += 1;
            self.disagreements.push(format!("other value: {name}: {ours} instead of {wanted}"));
        }
    }

    fn check_place(&mut self, text: &str, document: &Document, expected: &Expected) {
        let (Some(wanted), Some(error)) = (expected.at, document.errors().first()) else { return };
        self.rejected_with_place += 1;
        self.same_place += usize::from(reference_place(text, error.span.start as usize) == wanted);
        let start = reference_place(text, error.span.start as usize);
        let end = reference_place(text, error.span.end as usize);
        self.same_token += usize::from(start <= wanted && wanted <= end);
    }
}

/// Line and column as the npm package counts them: lines end at `\n` only, columns are UTF-16 units, and the line
/// break itself already counts as column 0 of the next line.
fn reference_place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    if text.get(offset..).is_some_and(|rest| rest.starts_with('\n')) {
        return (line + 1, 0);
    }
    let last = before.rsplit('\n').next().unwrap_or("");
    (line, last.encode_utf16().count() + 1)
}

/// The official suite: the file's extension says what is expected.
fn official(folder: &Path) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut files = Vec::new();
    for group in fs::read_dir(folder)? {
        let group = group?.path();
        if group.is_dir() {
            files.extend(fs::read_dir(group)?.collect::<std::io::Result<Vec<_>>>()?.into_iter().map(|e| e.path()));
        }
    }
    files.sort();
    for path in files {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let valid = match extension {
            "json" | "json5" => true,
            "js" | "txt" => false,
            _ => continue,
        };
        let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
        // Strict JSON has a second reader to compare with.
        let value = serde_json::from_str::<Value>(&text).ok().map(|value| value.to_string());
        tally.check(&path.display().to_string(), &text, &Expected { value, valid, at: None });
    }
    Ok(tally)
}

/// Generated texts with the answers of the npm package.
fn recorded(file: &Path) -> Result<Tally> {
    let mut tally = Tally::default();
    for line in BufReader::new(GzDecoder::new(File::open(file)?)).lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let text = case.get("text").and_then(Value::as_str).ok_or("a case without text")?;
        let number = |index| Some(usize::try_from(case.get("at")?.get(index)?.as_u64()?).unwrap_or(0));
        let expected = Expected {
            value: case.get("value").and_then(Value::as_str).map(str::to_owned),
            valid: case.get("ok").and_then(Value::as_bool).ok_or("a case without answer")?,
            at: number(0).zip(number(1)),
        };
        tally.check(&format!("{text:?}"), text, &expected);
    }
    Ok(tally)
}

/// Writes a value as `JSON.stringify` would; of repeated keys the last one counts, as in every JSON reader used here.
fn write_json(document: &Document, id: NodeId, out: &mut String) {
    match &document.node(id).kind {
        NodeKind::Null | NodeKind::Error => out.push_str("null"),
        NodeKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        NodeKind::Number(value) => write_number(*value, out),
        NodeKind::String(value) => out.push_str(&Value::from(&**value).to_string()),
        NodeKind::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write_json(document, *item, out);
            }
            out.push(']');
        }
        NodeKind::Object(members) => {
            out.push('{');
            for (index, member) in members.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(&Value::from(&*member.key).to_string());
                out.push(':');
                write_json(document, member.value, out);
            }
            out.push('}');
        }
    }
}

/// Whether two values are equal when all numbers are floats and the order of keys does not count.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(key, value): (&String, &Value)| other.get(key).is_some_and(|other| is_same(value, other));
            one.len() == other.len() && one.iter().all(same)
        }
        _ => one == other,
    }
}

/// JSON text with U+FFFD for the lone surrogates, which `JSON.stringify` writes as escapes (and pairs as characters).
fn replace_surrogates(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        let is_surrogate = ["\\ud8", "\\ud9", "\\uda", "\\udb", "\\udc", "\\udd", "\\ude", "\\udf"]
            .iter()
            .any(|start| escape.starts_with(start));
        let (escape, after) = escape.split_at(if is_surrogate { 6 } else { 2 });
        out.push_str(before);
        out.push_str(if is_surrogate { "\\ufffd" } else { escape });
        rest = after;
    }
    out + rest
}

/// A number in JavaScript's notation. The same digits on both sides, so that a JSON reader which rounds badly rounds
/// both in the same way.
fn write_number(value: f64, out: &mut String) {
    if !value.is_finite() {
        out.push_str("null");
    } else if value == 0.0 {
        out.push('0');
    } else if (1e-6..1e21).contains(&value.abs()) {
        let _ = write!(out, "{value}");
    } else {
        let text = format!("{value:e}");
        out.push_str(&if text.contains("e-") { text } else { text.replace('e', "e+") });
    }
}

/// Prints the best of several runs over a strict-JSON-like and a JSON5-like configuration.
fn time(megabytes: usize) {
    for (name, json5) in [("JSON", false), ("JSON5", true)] {
        let text = generate(megabytes * 1_000_000, json5);
        // Kept until the end: a process that lints does not parse into memory that the allocator has to tidy up first.
        let mut documents = Vec::new();
        let seconds = (0..9).map(|_| {
            let start = Instant::now();
            documents.push(parse(&text, &Options::default()));
            start.elapsed().as_secs_f64()
        });
        let best = seconds.fold(f64::INFINITY, f64::min);
        assert!(documents.iter().all(Document::is_valid), "the generated text is valid");
        println!("{name}: {:.0} MB/s ({} bytes, {:.1} ms)", text.len() as f64 / best / 1e6, text.len(), best * 1e3);
    }
}

/// A configuration-like text: providers with models, comments, numbers, short and long strings.
fn generate(size: usize, json5: bool) -> String {
    let mut text = String::with_capacity(size + 1000);
    let q = if json5 { "" } else { "\"" };
    let s = if json5 { "'" } else { "\"" };
    text.push_str("{\n");
    let mut number = 0;
    while text.len() < size {
        if json5 {
            let _ = writeln!(text, "  // provider number {number}: kept for the second region");
        }
        let _ = writeln!(text, "  {q}provider_{number}{q}: {{");
        let _ = writeln!(text, "    {q}baseUrl{q}: {s}https://gateway-{number}.example.test/v1{s},");
        let _ = writeln!(text, "    {q}enabled{q}: {}, {q}timeoutMs{q}: {},", number % 2 == 0, 1000 + number);
        let _ = writeln!(text, "    {q}models{q}: [");
        for model in 0..4 {
            let _ = write!(text, "      {{ {q}id{q}: {s}model-{model}{s}, {q}contextWindow{q}: {}, ", 4096 << model);
            let _ = write!(text, "{q}cost{q}: {{ {q}input{q}: 0.{model}5, {q}output{q}: 1.25 }}, ");
            let _ = writeln!(text, "{q}name{q}: {s}A model with a \\u0022name\\u0022 {model}{s} }},");
        }
        let _ = writeln!(text, "      null\n    ],");
        let _ = writeln!(text, "    {q}notes{q}: {s}{}{s}\n  }},", "words that describe the provider; ".repeat(4));
        number += 1;
    }
    let _ = write!(text, "  {q}last{q}: []{}\n}}\n", if json5 { "," } else { "" });
    text
}
