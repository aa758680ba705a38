//! Whatever the files and the findings are: formats do not fail, full lines fit, and JSON is JSON.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails the test")]
#![allow(clippy::indexing_slicing, reason = "indices are drawn from the length")]

mod properties;

use openclaw_lint::finding::{Finding, Severity};
use openclaw_lint::redact::Secrets;
use openclaw_lint::report::{Format, Options, Report, render};
use openclaw_lint::source::{FileId, SourceFile, Sources, Span};
use properties::report::is_fit_to_print;
use proptest::prelude::*;

fn piece() -> impl Strategy<Value = String> {
    let odd = [
        "\n", "\r\n", "\r", "\t", "钥匙", "😀", "e\u{301}", "\u{202e}", "\x1b[31m", "\u{200d}", "\u{feff}", "\0",
        "\u{9b}",
    ];
    prop_oneof![
        3 => "[ -~]{0,30}",
        2 => (0..odd.len()).prop_map(move |at| odd[at].to_owned()),
        1 => any::<char>().prop_map(String::from),
        1 => (0..odd.len(), 1_usize..200).prop_map(move |(at, times)| odd[at].repeat(times)),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

/// Also past the end, and inside characters.
fn span() -> impl Strategy<Value = Span> {
    (0_u32..400, 0_u32..60).prop_map(|(start, length)| Span::new(start, start + length))
}

/// File, span and words of some places; the first one is the primary place.
type Places = Vec<(u32, Span, String)>;

fn places() -> impl Strategy<Value = Places> {
    prop::collection::vec((0_u32..3, span(), text()), 1..6)
}

fn report(texts: &[String], secrets: &[(u32, Span)], findings: &[Places]) -> Report {
    let mut sources = Sources::default();
    for text in texts {
        sources.add(SourceFile::new("a/b.json", text.as_str()));
    }
    let mut hidden = Secrets::default();
    for (file, span) in secrets {
        hidden.mark(FileId(*file), *span);
    }
    let findings = findings.iter().filter_map(|places| {
        let ((file, span, words), related) = places.split_first()?;
        let finding = Finding::new("a/b", Severity::Warning, words.as_str(), FileId(*file), *span).help(words.as_str());
        Some(related.iter().fold(finding, |finding, (file, span, words)| finding.related(FileId(*file), *span, words)))
    });
    let findings = findings.collect();
    let language = openclaw_lint::language::Language::English;
    Report { target: "1".to_owned(), language, sources, secrets: hidden, files: Vec::new(), findings }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_report_can_be_rendered(
        texts in prop::collection::vec(text(), 1..3),
        secrets in prop::collection::vec((0_u32..3, span()), 0..4),
        findings in prop::collection::vec(places(), 0..4),
        width in 0_usize..130,
        unicode: bool,
    ) {
        let report = report(&texts, &secrets, &findings);
        let options = Options { width, unicode, ..Options::default() };
        for format in Format::all() {
            is_fit_to_print(format, &render(format, &report, &options), &options);
        }
    }
}
