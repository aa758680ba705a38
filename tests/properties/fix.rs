//! The fixer: what it leaves can be read by two parsers, has every comment, and is not fixed again; keys are not copied.

use std::cell::RefCell;

use openclaw_lint::finding::{Edit, Safety};
use openclaw_lint::fix::mend;
use openclaw_lint::report::{Report, Verdict, difference};
use openclaw_lint::source::FileId;
use openclaw_lint::syntax::{dotenv, json5};

use super::bundle::Bundle;
use super::report;

pub fn check(data: &[u8]) {
    holds(&Bundle::read(data));
}

pub fn holds(bundle: &Bundle) {
    let report = bundle.lint();
    report::check(&report, bundle);
    for name in bundle.linted() {
        for allowed in [Safety::Safe, Safety::Unsafe] {
            mended(bundle, name, allowed);
        }
    }
}

fn lint(bundle: &Bundle, name: &str, text: &str) -> (Report, FileId) {
    let report = bundle.with(name, text).lint();
    let file = report.sources.iter().find(|(_, source)| source.name() == name).map(|(id, _)| id);
    (report, file.unwrap_or(FileId(u32::MAX)))
}

fn mended(bundle: &Bundle, name: &str, allowed: Safety) {
    // As `fix` does it: the mark stays where it is.
    let text = bundle.get(name).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let check = |text: &str| lint(bundle, name, text);
    let tried = Tried::default();
    let new = mend(text, allowed, |text| {
        let (report, file) = check(text);
        tried.borrow_mut().push((text.to_owned(), untouched(text, &report)));
        (report, file)
    });
    touch_only_what_edits_name(&tried);
    for title in &new.applied {
        bundle.is_safe(title);
    }
    if new.text == text {
        return;
    }
    let (before, after) = (lint(bundle, name, text), lint(bundle, name, &new.text));
    report::check(&after.0, bundle);
    let shown = difference("openclaw.json", (&before.0, before.1), (&after.0, after.1));
    bundle.is_safe(&shown);
    let raw = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    assert!(!shown.contains(raw) && !shown.replace("\r\n", "\n").contains('\r'), "{shown:?}");
    let kind = before.0.files.iter().find(|file| file.file == before.1).map(|file| file.kind);
    if kind == Some("config") {
        assert!(is_json5(&new.text), "{text:?} has become {:?}", new.text);
        for comment in json5::parse(text, &json5::Options::default()).comments() {
            let written = comment.span.slice(text);
            assert!(
                written.lines().all(|line| new.text.contains(line.trim())),
                "{written:?} is gone from {:?}",
                new.text
            );
        }
    } else {
        let entries = |text: &str| dotenv::parse(text).entries.iter().filter(|entry| entry.loaded).count();
        assert!(entries(&new.text) > 0 || entries(text) == 0, "{text:?} has become {:?}", new.text);
    }
    let verdict = |(report, file): &(Report, FileId)| {
        report.files.iter().find(|known| known.file == *file).map(|known| known.verdict)
    };
    let was_accepted = verdict(&before) == Some(Verdict::Accepted);
    assert!(!was_accepted || verdict(&after) == Some(Verdict::Accepted), "{text:?} has become {:?}", new.text);
    for piece in &bundle.telltales {
        assert!(new.text.matches(piece.as_str()).count() <= text.matches(piece.as_str()).count(), "a key was copied");
    }
    let again = mend(&new.text, allowed, check);
    assert_eq!(again.text, new.text, "a second run changes something of {text:?}");
}

/// All texts that were tried, each with what lies between the edits of the report on it.
type Tried = RefCell<Vec<(String, Vec<String>)>>;

/// Every text that was tried is an earlier one with other bytes where edits of the earlier one's report are, and the same
/// bytes everywhere else.
fn touch_only_what_edits_name(tried: &Tried) {
    let tried = tried.borrow();
    for (at, (text, _)) in tried.iter().enumerate().skip(1) {
        let comes_from = |(before, parts): &(String, Vec<String>)| before == text || has_parts(text, parts);
        assert!(tried[..at].iter().any(comes_from), "{text:?} is made of none of {:?}", &tried[..at]);
    }
}

/// What lies between the edits of a report.
fn untouched(text: &str, report: &Report) -> Vec<String> {
    let edits = report.findings.iter().flat_map(report::fixes).flat_map(|fix| &fix.edits);
    let is_here = |edit: &&Edit| report.sources.get(edit.file).is_some_and(|source| source.text() == text);
    let mut spans: Vec<_> = edits.filter(is_here).map(|edit| edit.span).collect();
    spans.sort_unstable();
    let (mut parts, mut done) = (Vec::new(), 0);
    for span in spans {
        parts.push(text.get(done..span.start as usize).unwrap_or_default().to_owned());
        done = done.max(span.end as usize);
    }
    parts.push(text[done..].to_owned());
    parts
}

/// Whether a text begins with the first part, ends with the last, and has the others between them in their order.
fn has_parts(text: &str, parts: &[String]) -> bool {
    let [first, middle @ .., last] = parts else { return parts == [text] };
    let Some(mut rest) = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else {
        return false;
    };
    middle.iter().all(|part| {
        let after = rest.find(part.as_str()).map(|at| &rest[at + part.len()..]);
        rest = after.unwrap_or_default();
        after.is_some()
    })
}

/// In the eyes of our parser, which bounds the depth, and of another one.
fn is_json5(text: &str) -> bool {
    let ours = json5::parse(text, &json5::Options::default()).is_valid();
    ours && ::json5::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
