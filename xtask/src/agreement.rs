//! `agreement`: our verdicts beside OpenClaw's own, on real configs and on generated cases.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover;
use openclaw_lint::host::MemoryHost;
use openclaw_lint::project::Layout;
use openclaw_lint::report::Verdict;
use openclaw_lint::rules::Catalog;
use openclaw_lint::schema::Store;
use rayon::prelude::*;
use serde::Deserialize;

use crate::Result;

/// The folder in which a case's config lies, as OpenClaw's state folder does in an account's home.
const STATE: &str = "/home/user/.openclaw";
/// Disagreements that are printed.
const SHOWN: usize = 40;

/// A case, or one line of the corpus verdicts.
#[derive(Deserialize)]
struct Case {
    id: String,
    #[serde(default)]
    family: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    files: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    bytes: Option<String>,
    valid: bool,
    issues: Vec<Issue>,
}

#[derive(Deserialize)]
struct Issue {
    path: String,
}

/// What a family of cases adds up to.
#[derive(Clone, Debug, Default)]
struct Tally {
    cases: usize,
    agree: usize,
    false_alarms: usize,
    misses: usize,
    paths: usize,
    named: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.agree += other.agree;
        self.false_alarms += other.false_alarms;
        self.misses += other.misses;
        self.paths += other.paths;
        self.named += other.named;
    }
}

/// Prints agreement of verdicts, false alarms and how many of OpenClaw's issue paths we name, and the first
/// disagreements. `cases` is a file of cases; the default is the one in `shared`.
pub(crate) fn run(shared: &Path, cases: Option<&Path>, family: Option<&str>) -> Result<()> {
    let verdicts = shared.join("corpus-verdicts.jsonl");
    if cases.is_none() && family.is_none() {
        if verdicts.exists() {
            let corpus = read_corpus(&shared.join("corpus"), &verdicts)?;
            report("real configs", &corpus);
        } else {
            println!("{} is absent: nothing compared", verdicts.display());
        }
    }
    let default = shared.join("oracle/cases.jsonl.gz");
    let file = cases.unwrap_or(&default);
    if !file.exists() {
        println!("{} is absent: nothing compared", file.display());
        return Ok(());
    }
    let mut cases = read_cases(file)?;
    cases.retain(|case| family.is_none_or(|family| case.family == family));
    report("cases", &cases);
    Ok(())
}

fn read_corpus(folder: &Path, verdicts: &Path) -> Result<Vec<Case>> {
    let lines = std::fs::read_to_string(verdicts)?;
    let read = |line: &str| -> Result<Case> {
        let mut case: Case = serde_json::from_str(line)?;
        let bytes = std::fs::read(folder.join(&case.id))?;
        case.text = Some(String::from_utf8_lossy(&bytes).into_owned());
        case.family = "real".to_owned();
        Ok(case)
    };
    lines.lines().map(read).collect()
}

fn read_cases(file: &Path) -> Result<Vec<Case>> {
    let open = File::open(file)?;
    let text: Box<dyn Read> =
        if file.extension().is_some_and(|end| end == "gz") { Box::new(GzDecoder::new(open)) } else { Box::new(open) };
    let lines = BufReader::new(text).lines();
    lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

fn report(title: &str, cases: &[Case]) {
    let start = std::time::Instant::now();
    let judged: Vec<(&Case, Tally, String)> =
        cases.par_iter().filter_map(|case| judge(case).map(|(tally, note)| (case, tally, note))).collect();
    let mut families: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut total = Tally::default();
    for (case, tally, _) in &judged {
        families.entry(&case.family).or_default().add(tally);
        total.add(tally);
    }
    println!("{title}: {} in {:.1} s", judged.len(), start.elapsed().as_secs_f64());
    println!(
        "{:<20} {:>6} {:>8} {:>12} {:>7} {:>12}",
        "family", "cases", "agree %", "false alarms", "misses", "paths named %"
    );
    for (family, tally) in &families {
        row(family, tally);
    }
    row("all", &total);
    let differing = judged.iter().filter(|(_, tally, _)| tally.agree == 0);
    for (case, tally, note) in differing.take(SHOWN) {
        println!("{} {}: {note}", if tally.false_alarms > 0 { "false alarm" } else { "miss" }, case.id);
    }
}

fn row(name: &str, tally: &Tally) {
    let (agree, named) = (share(tally.agree, tally.cases), share(tally.named, tally.paths));
    println!("{name:<20} {:>6} {agree:>8.2} {:>12} {:>7} {named:>12.2}", tally.cases, tally.false_alarms, tally.misses);
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 }
}

/// `None` for cases that are no text.
fn judge(case: &Case) -> Option<(Tally, String)> {
    let text = case.text.as_deref()?;
    if case.bytes.is_some() {
        return None;
    }
    let config = PathBuf::from(STATE).join("openclaw.json");
    let mut host = MemoryHost::new("/home/user");
    let mut inputs = vec![input(&config, text)];
    for (name, content) in &case.files {
        let content = content.as_str().unwrap_or_default();
        let path = openclaw_lint::host::lexical(&PathBuf::from(STATE).join(name));
        host = host.with_file(&path, content);
        if name == ".env" {
            inputs.push(input(&path, content));
        }
    }
    let release = Store::bundled().latest()?;
    let settings = Settings { layout: Some(Layout::OpenClaw), release, now: 0, process_env: Some(case.env.clone()) };
    let report = check::run(inputs, &settings, Catalog::bundled(), &host);
    let file = report.files.iter().find(|file| file.kind == "config")?;
    let accepted = file.verdict == Verdict::Accepted;
    let blocking = report.findings.iter().filter(|finding| finding.blocking);
    let ours: BTreeSet<String> = blocking
        .clone()
        .flat_map(|finding| finding.config_path.iter().chain(&finding.also_at).map(ToString::to_string))
        .collect();
    let named = case.issues.iter().filter(|issue| ours.contains(&issue.path)).count();
    let tally = Tally {
        cases: 1,
        agree: usize::from(accepted == case.valid),
        false_alarms: usize::from(case.valid && !accepted),
        misses: usize::from(!case.valid && accepted),
        paths: case.issues.len(),
        named,
    };
    if let Some(mut out) =
        std::env::var_os("AGR_OUT").and_then(|p| File::options().append(true).create(true).open(p).ok())
    {
        use std::io::Write;
        let ours_all: Vec<_> = report
            .findings
            .iter()
            .filter(|f| f.blocking)
            .map(|f| format!("{} {}", f.rule, f.config_path.clone().unwrap_or_default()))
            .collect();
        let theirs_all: Vec<&str> = case.issues.iter().map(|i| i.path.as_str()).collect();
        let missed: Vec<&str> = case.issues.iter().map(|i| i.path.as_str()).filter(|p| !ours.contains(*p)).collect();
        if accepted != case.valid || !missed.is_empty() {
            let line = serde_json::json!({"id": case.id, "family": case.family, "valid": case.valid, "accepted": accepted, "theirs": theirs_all, "missed": missed, "ours": ours_all});
            let _ = out.write_all(format!("{line}\n").as_bytes());
        }
    }
    let theirs: Vec<&str> = case.issues.iter().map(|issue| issue.path.as_str()).collect();
    let note = if case.valid {
        blocking
            .map(|finding| format!("{} at {}", finding.rule, finding.config_path.clone().unwrap_or_default()))
            .collect::<Vec<_>>()
            .join(", ")
    } else {
        theirs.join(", ")
    };
    Some((tally, note))
}

fn input(path: &Path, text: &str) -> Input {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let content = Content::Bytes(text.as_bytes().to_vec());
    Input {
        path: path.to_owned(),
        shown: path.display().to_string(),
        info: discover::classify_explicit(&name),
        content,
        context: false,
    }
}
