//! GitLab's code quality report: what a merge request shows beside its changes.

use serde::Serialize;

use crate::finding::Severity;

use super::text::escape_json;
use super::{Options, Redacted, Text, fingerprints};

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r Text,
    /// The same for the same mistake when other lines change.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    /// From 1.
    begin: u32,
}

pub(super) fn render(report: &Redacted<'_>, _: &Options<'_>) -> String {
    let issues = report.findings.iter().zip(fingerprints(report)).map(|(finding, fingerprint)| {
        let help = finding
            .help
            .as_ref()
            .map(|help| format!("{}{}", report.language.text("; "), help.exact()))
            .unwrap_or_default();
        Issue {
            description: format!("{}{help}", finding.message.exact()),
            check_name: &finding.rule,
            fingerprint,
            severity: match finding.severity {
                Severity::Error if finding.blocking => "critical",
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location {
                path: finding.place.path.exact().replace('\\', "/"),
                lines: Lines { begin: finding.place.start.line },
            },
        }
    });
    let issues: Vec<Issue<'_>> = issues.collect();
    escape_json(serde_json::to_string_pretty(&issues).unwrap_or_default()) + "\n"
}
