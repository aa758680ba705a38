//! What a report may be made of, and what every format makes of it.

use openclaw_lint::finding::{Finding, Fix};
use openclaw_lint::language::Language;
use openclaw_lint::report::{Format, Options, Report, render};

use super::{bundle::Bundle, is_sound};

/// Every place lies in its file, and every format says it all without a key.
pub fn check(report: &Report, bundle: &Bundle) {
    places_lie_in_their_files(report);
    for (unicode, width) in [(true, 80), (false, 40)] {
        // Who reads Chinese has a terminal that shows it.
        let unicode = unicode || report.language != Language::English;
        let options = Options { unicode, width, ..Options::default() };
        for format in Format::all() {
            let output = render(format, report, &options);
            is_fit_to_print(format, &output, &options);
            bundle.is_safe(&output);
        }
    }
}

fn places_lie_in_their_files(report: &Report) {
    for finding in &report.findings {
        let labels = std::iter::once(&finding.primary).chain(&finding.related).map(|label| (label.file, label.span));
        let edits = fixes(finding).flat_map(|fix| fix.edits.iter().map(|edit| (edit.file, edit.span)));
        for (file, span) in labels.chain(edits) {
            let text = report.sources.get(file).unwrap_or_else(|| panic!("{file:?} of {finding:?}")).text();
            assert!(is_sound(text, span), "{span:?} of {} in {text:?}", finding.rule);
        }
        for fix in fixes(finding) {
            let mut spans: Vec<_> = fix.edits.iter().map(|edit| (edit.file, edit.span)).collect();
            spans.sort_unstable();
            let apart =
                |pair: &[(_, openclaw_lint::source::Span)]| pair[0].0 != pair[1].0 || pair[0].1.end <= pair[1].1.start;
            assert!(spans.windows(2).all(apart), "edits of {} overlap: {:?}", finding.rule, fix);
        }
    }
}

pub fn fixes(finding: &Finding) -> impl Iterator<Item = &Fix> {
    finding.fix.iter().chain(&finding.other_fixes)
}

/// What a terminal would obey, or no person would see.
const UNSEEN: [std::ops::RangeInclusive<char>; 5] = [
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{feff}'..='\u{feff}',
    '\u{61c}'..='\u{61c}',
];

/// Of one format, without colours.
pub fn is_fit_to_print(format: Format, output: &str, options: &Options<'_>) {
    let (width, unicode) = (options.width, options.unicode);
    let raw = |c: char| c.is_control() && c != '\n' || UNSEEN.iter().any(|range| range.contains(&c));
    assert!(!output.contains(raw), "{format:?}: {:?} in {output:?}", output.chars().find(|c| raw(*c)));
    if matches!(format, Format::Json | Format::Sarif | Format::Gitlab) {
        assert!(serde_json::from_str::<serde_json::Value>(output).is_ok());
    } else if format == Format::Jsonl {
        for line in output.lines() {
            assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        }
    } else if format == Format::Junit {
        assert!(is_xml(output), "{output}");
    } else if format == Format::Html {
        assert!(is_page(output), "{output}");
    } else if format != Format::Github {
        // GitHub shows annotations on a page; all others may meet an old terminal.
        assert!(unicode || output.is_ascii(), "{output}");
    }
    if format == Format::Full {
        for line in output.lines() {
            let columns: usize = line.chars().map(|c| unicode_width::UnicodeWidthChar::width(c).unwrap_or(0)).sum();
            // Ids and the names of files stay whole.
            let is_whole = line.ends_with("]:") || line.trim_start().starts_with([',', '╭']);
            assert!(columns <= width.max(40) || is_whole, "{columns}: {line}\n{output}");
        }
    }
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
