//! Counts of a run, or of a part of it.

use super::{Report, Verdict};
use crate::finding::Severity;

/// What the end of a report counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Findings of severity `error`.
    pub errors: usize,
    /// Findings of severity `warning`.
    pub warnings: usize,
    /// Findings of severity `info`.
    pub infos: usize,
    /// Files that were linted.
    pub files: usize,
    /// Files that OpenClaw would refuse.
    pub refused: usize,
    /// Files that its gateway would rewrite at start.
    pub migrated: usize,
}

impl Totals {
    /// Those of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut totals = Self { files: report.files.len(), ..Self::default() };
        for finding in &report.findings {
            *match finding.severity {
                Severity::Error => &mut totals.errors,
                Severity::Warning => &mut totals.warnings,
                Severity::Info => &mut totals.infos,
            } += 1;
        }
        for file in &report.files {
            totals.refused += usize::from(file.verdict == Verdict::Refused);
            totals.migrated += usize::from(file.verdict == Verdict::Migrates);
        }
        totals
    }

    /// Adds those of another part of the run.
    pub const fn add(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.files += other.files;
        self.refused += other.refused;
        self.migrated += other.migrated;
    }

    /// The number of findings of a severity.
    #[must_use]
    pub const fn count(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Info => self.infos,
        }
    }
}
