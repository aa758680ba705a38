//! Several files that belong together: includes, variables, layers, layouts, releases.

use openclaw_lint::report::{Format, Options, Report, render};

use super::bundle::Bundle;
use super::report;

/// The report keeps its word, and is the same each time and in whatever order the files came.
pub fn check(data: &[u8]) {
    holds(&Bundle::read(data));
}

pub fn holds(bundle: &Bundle) {
    let report = bundle.lint();
    report::check(&report, bundle);
    assert_eq!(report.files.len(), bundle.linted().len());
    let said = all_of(&report);
    assert!(all_of(&bundle.lint()) == said, "the second run says something else");
    assert!(all_of(&bundle.linter_from_behind().lint()) == said, "the order of the files matters");
}

/// Everything that is said.
pub fn all_of(report: &Report) -> String {
    render(Format::Json, report, &Options::default())
}
