//! One report of a run by several releases.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::host::Host;
use crate::language::{Param, Phrase};
use crate::report::{Report, Verdict};
use crate::rules::Catalog;
use crate::schema::Release;
use crate::source::{FileId, Span};

use super::{Input, Settings, Watch, order, run_watched};

/// Checks files by each of some releases; findings that not all of them have say whose they are. A file gets the worst of
/// its verdicts. `None` without releases.
#[must_use]
pub fn run_several(
    inputs: &[Input],
    settings: &Settings,
    releases: &[&'static Release],
    catalog: &'static Catalog,
    host: &dyn Host,
    watch: Watch<'_>,
) -> Option<Report> {
    let one = |release: &&'static Release| {
        run_watched(inputs.to_vec(), &Settings { release, ..settings.clone() }, catalog, host, watch)
    };
    let mut reports: Vec<Report> = releases.iter().map(one).collect();
    for report in &mut reports {
        let target = report.target.clone();
        report.findings.iter_mut().for_each(|finding| finding.releases = vec![target.clone()]);
    }
    let all = reports.len();
    let mut merged = reports.into_iter().reduce(merge)?;
    for finding in &mut merged.findings {
        if finding.releases.len() == all {
            finding.releases.clear();
        } else {
            let phrase = Phrase::new("{message} (OpenClaw {releases})").with("message", &finding.message);
            let phrase = phrase.with("releases", Param::list(finding.releases.iter(), ", "));
            finding.message = settings.language.say(&phrase);
        }
    }
    merged.findings.sort_by(|a, b| order(a).cmp(&order(b)));
    Some(merged)
}

/// The runs read the same files in the same order, so that their ids agree.
fn merge(mut merged: Report, other: Report) -> Report {
    merged.target = format!("{}, {}", merged.target, other.target);
    for (file, other) in merged.files.iter_mut().zip(&other.files) {
        file.verdict = worst(file.verdict, other.verdict);
    }
    let mut places: HashMap<Identity, usize> = HashMap::new();
    for (at, finding) in merged.findings.iter().enumerate() {
        places.entry(identity(finding)).or_insert(at);
    }
    for finding in other.findings {
        match places.get(&identity(&finding)).and_then(|at| merged.findings.get_mut(*at)) {
            Some(known) => known.releases.extend(finding.releases),
            None => {
                places.insert(identity(&finding), merged.findings.len());
                merged.findings.push(finding);
            }
        }
    }
    merged.secrets.absorb(other.secrets);
    merged
}

/// What two runs have to agree on for a finding to be the same.
type Identity = (bool, FileId, Span, String, String);

fn identity(finding: &Finding) -> Identity {
    let place = &finding.primary;
    (finding.blocking, place.file, place.span, finding.rule.clone(), finding.message.clone())
}

const fn worst(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Refused, _) | (_, Verdict::Refused) => Verdict::Refused,
        (Verdict::Migrates, _) | (_, Verdict::Migrates) => Verdict::Migrates,
        _ => one,
    }
}
