//! One line a finding, in the shape that editors and `grep` know. Then the summary.

use super::summary::summary;
use super::{FindingView, Options, Redacted, Totals};
use crate::language::Language;

/// `path:line:column: severity[rule] message; help`. Editors look for the severity: it is the same word in every language.
pub(super) fn part(report: &Redacted<'_>, options: &Options<'_>) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        out.push_str(&line(finding, report.language.text("; "), options));
        out.push('\n');
    }
    out
}

/// The summary.
pub(super) fn end(_target: &str, language: Language, totals: &Totals) -> String {
    summary(totals, language) + "\n"
}

fn line(finding: &FindingView, between: &str, options: &Options<'_>) -> String {
    let shown = |text: &super::Text| text.shown(options.unicode);
    let start = &finding.place.start;
    let paint = |code: &str, text: String| if options.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text };
    let color = match finding.severity {
        crate::finding::Severity::Error => "31",
        crate::finding::Severity::Warning => "33",
        crate::finding::Severity::Info => "36",
    };
    let place = paint("1", format!("{}:{}:{}", shown(&finding.place.path), start.line, start.column));
    let kind = paint(color, format!("{}[{}]", finding.severity.name(), shown(&finding.rule)));
    let help = finding.help.as_ref().map(|help| format!("{between}{}", shown(help))).unwrap_or_default();
    format!("{place}: {kind} {}{help}", shown(&finding.message))
}
