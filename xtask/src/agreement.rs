//! `agreement`: our verdicts beside OpenClaw's own, on real configs and on generated cases.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::json;

use crate::cases::{self, Case, Judgement};
use crate::{Result, Shared};

/// Verdicts on real configs: of the newest release, and of several.
const REAL: [(&str, &str); 2] =
    [("real configs", "corpus-verdicts.jsonl"), ("real configs, by release", "corpus-verdicts-by-version.jsonl")];

/// Disagreements that are printed.
const SHOWN: usize = 40;

/// What is compared.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    shared: Shared,
    /// A file of cases (JSON lines, perhaps gzipped) instead of the one in the shared folder
    #[arg(long)]
    cases: Option<PathBuf>,
    /// Only cases of this family
    #[arg(long)]
    family: Option<String>,
    /// Write every case with a difference to this file, as JSON lines
    #[arg(long)]
    details: Option<PathBuf>,
    /// Write an even sample of the cases to this file, gzipped, instead of comparing
    #[arg(long)]
    sample: Option<PathBuf>,
}

/// What cases add up to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    cases: usize,
    agree: usize,
    false_alarms: usize,
    misses: usize,
    paths: usize,
    named: usize,
}

impl Tally {
    fn of(case: &Case, ours: &Judgement) -> Self {
        Self {
            cases: 1,
            agree: usize::from(ours.accepted == case.valid),
            false_alarms: usize::from(case.valid && !ours.accepted),
            misses: usize::from(!case.valid && ours.accepted),
            paths: case.issues.len(),
            named: case.issues.iter().filter(|issue| ours.paths.contains(&issue.path)).count(),
        }
    }

    fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.agree += other.agree;
        self.false_alarms += other.false_alarms;
        self.misses += other.misses;
        self.paths += other.paths;
        self.named += other.named;
    }

    fn row(&self, name: &str) {
        let (agree, named) = (share(self.agree, self.cases), share(self.named, self.paths));
        let (alarms, misses) = (self.false_alarms, self.misses);
        println!("{name:<20} {:>6} {agree:>8.2} {alarms:>12} {misses:>7} {named:>12.2}", self.cases);
    }
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 }
}

/// Prints agreement of verdicts, false alarms and how many of OpenClaw's issue paths we name, and the first
/// disagreements.
pub(crate) fn run(args: &Args) -> Result<()> {
    let shared = &args.shared.shared;
    if args.cases.is_none() && args.family.is_none() && args.sample.is_none() {
        for (title, name) in REAL {
            let verdicts = shared.join(name);
            if verdicts.exists() {
                report(title, &judge(cases::read_corpus(&shared.join("corpus"), &verdicts)?));
            } else {
                println!("{} is absent: nothing compared", verdicts.display());
            }
        }
    }
    let default = shared.join("oracle/cases.jsonl.gz");
    let file = args.cases.as_ref().unwrap_or(&default);
    if !file.exists() {
        println!("{} is absent: nothing compared", file.display());
        return Ok(());
    }
    let mut cases = cases::read(file)?;
    cases.retain(|case| args.family.as_ref().is_none_or(|family| case.family == *family));
    if let Some(out) = &args.sample {
        let sample = cases::sample(&cases);
        println!("{} of {} cases", sample.len(), cases.len());
        return cases::write(out, &sample);
    }
    let start = std::time::Instant::now();
    let judged = judge(cases);
    println!("judged in {:.1} s", start.elapsed().as_secs_f64());
    report("cases", &judged);
    args.details.as_ref().map_or(Ok(()), |file| details(file, &judged))
}

fn judge(cases: Vec<Case>) -> Vec<(Case, Judgement)> {
    cases
        .into_par_iter()
        .filter_map(|case| {
            let judgement = case.judge()?;
            Some((case, judgement))
        })
        .collect()
}

fn report(title: &str, judged: &[(Case, Judgement)]) {
    let mut families: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut total = Tally::default();
    for (case, ours) in judged {
        let tally = Tally::of(case, ours);
        families.entry(&case.family).or_default().add(&tally);
        total.add(&tally);
    }
    println!("{title}: {}", judged.len());
    println!(
        "{:<20} {:>6} {:>8} {:>12} {:>7} {:>12}",
        "family", "cases", "agree %", "false alarms", "misses", "paths named %"
    );
    families.iter().for_each(|(family, tally)| tally.row(family));
    total.row("all");
    for (case, ours) in judged.iter().filter(|(case, ours)| ours.accepted != case.valid).take(SHOWN) {
        if case.valid {
            println!("false alarm {}: {}", case.id, ours.blocking.join(", "));
        } else {
            println!("miss {}: {}", case.id, theirs(case).join(", "));
        }
    }
}

fn theirs(case: &Case) -> Vec<&str> {
    case.issues.iter().map(|issue| issue.path.as_str()).collect()
}

fn details(file: &Path, judged: &[(Case, Judgement)]) -> Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for (case, ours) in judged {
        let missed: Vec<&str> = theirs(case).into_iter().filter(|path| !ours.paths.contains(*path)).collect();
        if ours.accepted == case.valid && missed.is_empty() {
            continue;
        }
        let line = json!({
            "id": case.id, "valid": case.valid, "accepted": ours.accepted, "missed": missed, "ours": ours.blocking,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What must hold on the committed sample: verdicts of OpenClaw 2026.9.6, see `docs/agreement.md`.
    const AGREEMENT: f64 = 99.8;
    const FALSE_ALARMS: f64 = 0.1;
    const NAMED: f64 = 98.0;

    #[test]
    fn our_verdicts_are_openclaws() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/agreement.jsonl.gz");
        let judged = judge(cases::read(&file).expect("the committed sample"));
        let mut total = Tally::default();
        let mut families = std::collections::BTreeSet::new();
        for (case, ours) in &judged {
            total.add(&Tally::of(case, ours));
            families.insert(case.family.as_str());
        }
        assert!(total.cases >= 3000 && families.len() >= 38, "{} cases, {} families", total.cases, families.len());
        let different: Vec<&str> = judged
            .iter()
            .filter(|(case, ours)| case.valid != ours.accepted)
            .map(|(case, _)| case.id.as_str())
            .collect();
        assert!(share(total.agree, total.cases) >= AGREEMENT, "{total:?}: {different:?}");
        assert!(share(total.false_alarms, total.cases) <= FALSE_ALARMS, "{total:?}: {different:?}");
        assert!(share(total.named, total.paths) >= NAMED, "{total:?}");
    }

    #[test]
    fn a_difference_is_noticed() {
        let case: Case = serde_json::from_str(
            r#"{ "id": "x/1", "family": "x", "text": "{ gateway: { tokn: 1 } }", "valid": true, "issues": [] }"#,
        )
        .expect("a case");
        let ours = case.judge().expect("a judgement");
        let tally = Tally::of(&case, &ours);
        assert_eq!((tally.agree, tally.false_alarms), (0, 1));
        assert_eq!(ours.blocking, ["schema/unknown-key at gateway"]);
    }
}
