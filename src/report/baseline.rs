//! Findings that are known and left alone, by their fingerprints: lines may move, new findings show.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::language::Phrase;

use super::{Redacted, Report, fingerprints};

/// The version of the file's form.
const VERSION: u32 = 1;

/// Known findings. Neither values nor lines are in it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Baseline {
    schema_version: u32,
    findings: Vec<Known>,
}

/// One finding; rule and file are for people who read the file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Known {
    fingerprint: String,
    rule: String,
    file: String,
}

impl Baseline {
    /// All findings of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let redacted = Redacted::new(report);
        let known = fingerprints(&redacted).into_iter().zip(&redacted.findings).map(|(fingerprint, finding)| Known {
            fingerprint,
            rule: finding.rule.exact().to_string(),
            file: finding.place.path.exact().replace('\\', "/"),
        });
        Self { schema_version: VERSION, findings: known.collect() }
    }

    /// Reads what [`Baseline::to_json`] wrote.
    ///
    /// # Errors
    /// When the text is no such file, in words for a person.
    pub fn parse(text: &str) -> Result<Self, Phrase> {
        let baseline: Self = serde_json::from_str(text).map_err(|error: serde_json::Error| {
            Phrase::new("this is no baseline: {error}").with("error", error.to_string())
        })?;
        match baseline.schema_version {
            VERSION => Ok(baseline),
            other => {
                let phrase = Phrase::new("a baseline of version {found}; this program reads {known}");
                Err(phrase.with("found", other.to_string()).with("known", VERSION.to_string()))
            }
        }
    }

    /// As JSON, one line a finding, so that version control shows what changed.
    #[must_use]
    pub fn to_json(&self) -> String {
        let lines: Vec<String> = self
            .findings
            .iter()
            .filter_map(|known| Some(format!("  {}", serde_json::to_string(known).ok()?)))
            .collect();
        let findings = if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join(",\n")) };
        format!("{{\"schemaVersion\": {VERSION}, \"findings\": {findings}}}\n")
    }

    /// How many findings it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Takes known findings out of a report, but never what could not be read. Returns how many known ones are gone.
    pub fn apply(&self, report: &mut Report) -> usize {
        let known: BTreeSet<&str> = self.findings.iter().map(|known| known.fingerprint.as_str()).collect();
        let prints = fingerprints(&Redacted::new(report));
        let present = prints.iter().filter(|print| known.contains(print.as_str())).count();
        let mut prints = prints.into_iter();
        report.findings.retain(|finding| {
            let is_known = prints.next().is_some_and(|print| known.contains(print.as_str()));
            !is_known || crate::check::is_unread(finding)
        });
        known.len().saturating_sub(present)
    }
}
