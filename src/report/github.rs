//! Annotations of GitHub Actions: workflow commands, one a finding, which the runner shows at the lines of a change.

use crate::finding::Severity;

use super::{FindingView, Options, Redacted};

/// `::error file=a,line=1,col=2,endLine=1,endColumn=5,title=rule::message`, lines and columns from 1.
pub(super) fn render(report: &Redacted<'_>, _: &Options<'_>) -> String {
    report.findings.iter().map(|finding| command(finding) + "\n").collect()
}

fn command(finding: &FindingView) -> String {
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let (start, end) = (&finding.place.start, &finding.place.end);
    // Columns count within one line only: with them, a command over several lines is refused.
    let columns =
        if start.line == end.line { format!(",col={},endColumn={}", start.column, end.column) } else { String::new() };
    let help = finding.help.as_ref().map(|help| format!("\n{}", help.shown(true))).unwrap_or_default();
    format!(
        "::{kind} file={},line={},endLine={}{columns},title={}::{}",
        property(&finding.place.path.shown(true).replace('\\', "/")),
        start.line,
        end.line,
        property(&finding.rule.shown(true)),
        data(&format!("{}{help}", finding.message.shown(true))),
    )
}

/// What would end a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What would end a property besides.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("100 %\r\n::error::x"), "100 %25%0D%0A::error::x");
        assert_eq!(property("a,b:c%"), "a%2Cb%3Ac%25");
    }
}
