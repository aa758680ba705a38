//! Renderers: one file per format. They take a finished [`Report`] and return text; nothing here decides or prints.

use crate::finding::{Finding, Severity};
use crate::source::{FileId, Sources};

/// What OpenClaw would do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It starts with it.
    Accepted,
    /// It refuses it.
    Refused,
    /// Its validator refuses it, and its gateway rewrites it at start.
    Migrates,
    /// Not a file that OpenClaw would read as its config: an env file, a guide-layout file, a template that is not JSON5.
    Unknown,
}

/// One linted file in the report.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// Its id in [`Report::sources`].
    pub file: FileId,
    /// `config` or `env`.
    pub kind: &'static str,
    /// `openclaw`, `guide` or none for env files.
    pub layout: Option<&'static str>,
    /// What OpenClaw would do with it.
    pub verdict: Verdict,
}

/// A finished run: everything that any format may show.
#[derive(Debug)]
pub struct Report {
    /// The release that verdicts speak of.
    pub target: String,
    /// Texts; only ever shown redacted.
    pub sources: Sources,
    /// Linted files, sorted by name.
    pub files: Vec<FileReport>,
    /// Findings, sorted by file, place, rule.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Number of findings of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}
