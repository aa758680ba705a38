//! The last line of the formats for people. Counts enter, a sentence leaves.

use super::{Redacted, Verdict};
use crate::finding::Severity;

/// `3 errors, 1 warning in 4 files; 1 file would be refused, 2 migrated`, without a line break.
pub(super) fn summary(report: &Redacted<'_>) -> String {
    let files = report.files.len();
    let place = count(files, "file");
    let with = |verdict: Verdict| report.files.iter().filter(|file| file.verdict == verdict).count();
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let counts = severities.map(|severity| (report.count(severity), severity.name()));
    let parts: Vec<_> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, name)| count(*n, name)).collect();
    let mut line = match (parts.is_empty(), files) {
        (true, 0) => return "no files to check".to_owned(),
        (true, _) => format!("no findings in {place}"),
        (false, _) => format!("{} in {place}", parts.join(", ")),
    };
    let fates = [(with(Verdict::Refused), "refused"), (with(Verdict::Migrates), "migrated")];
    let fates = fates.iter().filter(|(n, _)| *n > 0).enumerate().map(|(at, (n, fate))| match at {
        0 => format!("; {} would be {fate}", count(*n, "file")),
        _ => format!(", {n} {fate}"),
    });
    line.extend(fates);
    line
}

/// `1 file`, `2 files`.
pub(super) fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
