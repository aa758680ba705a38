//! Whatever the files and the findings are: formats do not fail, full lines fit, and JSON is JSON.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails the test")]
#![allow(clippy::indexing_slicing, reason = "indices are drawn from the length")]

use openclaw_lint::finding::{Finding, Severity};
use openclaw_lint::redact::Secrets;
use openclaw_lint::report::{Format, Options, Report, render};
use openclaw_lint::source::{FileId, SourceFile, Sources, Span};
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

/// Well-formed, and without the characters that XML 1.0 has not.
fn is_xml(text: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(text);
    let illegal = |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}');
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return !text.contains(illegal),
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Every element is one that the page is made of, and each is closed: no text became markup.
fn is_page(html: &str) -> bool {
    let body = html.split_once("<body>").and_then(|(_, rest)| rest.split_once("<script>")).map_or("", |(body, _)| body);
    let known = "a article button code dd details div dl dt fieldset form h1 h2 h3 header kbd label legend main mark option p pre \
                 section select span summary table tbody td th thead tr";
    let known: Vec<&str> = known.split_whitespace().collect();
    let mut open = Vec::new();
    for tag in body.split('<').skip(1) {
        let Some((tag, _)) = tag.split_once('>') else { return false };
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        let values: Vec<&str> = tag.split('"').step_by(2).collect();
        let names_only = values.iter().all(|between| !between.contains(['\'', '`', '&']));
        match name {
            _ if !names_only => return false,
            "input" => {}
            _ if !known.contains(&name) => return false,
            _ if tag.starts_with('/') => {
                if open.pop() != Some(name) {
                    return false;
                }
            }
            _ => open.push(name),
        }
    }
    // `main` is closed behind the script.
    open.is_empty()
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
            let output = render(format, &report, &options);
            prop_assert!(!output.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{}", output);
            if matches!(format, Format::Json | Format::Sarif | Format::Gitlab) {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&output).is_ok());
            } else if format == Format::Jsonl {
                for line in output.lines() {
                    prop_assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{}", line);
                }
            } else if format == Format::Junit {
                prop_assert!(is_xml(&output), "{}", output);
            } else if format == Format::Html {
                prop_assert!(is_page(&output), "{}", output);
            } else if format != Format::Github {
                // GitHub shows annotations on a page; all others may meet an old terminal.
                prop_assert!(unicode || output.is_ascii(), "{}", output);
            }
            if format == Format::Full {
                for line in output.lines() {
                    let columns: usize = line.chars().map(|c| unicode_width::UnicodeWidthChar::width(c).unwrap_or(0)).sum();
                    prop_assert!(columns <= width.max(40), "{columns}: {line}\n{output}");
                }
            }
        }
    }
}
