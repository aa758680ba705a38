//! Real public configs, where the folder that holds them is beside the project: all are read, nothing crashes, every
//! range lies in its file, and no format prints what looks like a credential.

#![allow(
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test says why it skips, and stops at what it cannot read"
)]

use std::path::PathBuf;

use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover;
use openclaw_lint::finding::Safety;
use openclaw_lint::fix::mend;
use openclaw_lint::host::RealHost;
use openclaw_lint::report::{self, Format, Options, Report, Verdict};
use openclaw_lint::rules::Catalog;
use openclaw_lint::schema::Store;
use openclaw_lint::source::FileId;
use openclaw_lint::syntax::json5;
use rayon::prelude::*;

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("OPENCLAW_LINT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let corpus = folder.join("corpus");
    if corpus.is_dir() {
        return Some(corpus);
    }
    eprintln!("skipped: {} is absent", corpus.display());
    None
}

fn inputs(corpus: &PathBuf) -> Vec<Input> {
    let entries = walkdir::WalkDir::new(corpus).into_iter().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file = discover::stdin_file(Some(&name));
        let content = Content::Bytes(std::fs::read(&path).unwrap());
        Input {
            shown: path.strip_prefix(corpus).unwrap().display().to_string(),
            path,
            info: file.name,
            content,
            context: false,
        }
    };
    files.map(read).collect()
}

#[test]
fn every_range_of_a_finding_lies_in_its_file() {
    let Some(corpus) = shared() else { return };
    let settings = Settings { now: 1_795_000_000, ..Settings::new(Store::bundled().latest().unwrap()) };
    let inputs = inputs(&corpus);
    let count = inputs.len();
    assert_eq!(count, 78);
    let report = check::run(inputs, &settings, Catalog::bundled(), &RealHost);
    assert_eq!(report.files.len(), count);
    for finding in &report.findings {
        let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| (edit.file, edit.span)));
        let places = std::iter::once(&finding.primary).chain(&finding.related).map(|label| (label.file, label.span));
        for (file, span) in places.chain(edits) {
            let text = report.sources.get(file).unwrap().text();
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{} {span:?}", finding.rule);
        }
        assert!(!finding.message.contains(['{', '}']), "unfilled words: {}", finding.message);
    }
    for format in [Format::Full, Format::Concise, Format::Json, Format::Sarif] {
        let text = report::render(format, &report, &Options::default());
        assert!(!text.contains('\u{1b}'), "no escape bytes without colour");
    }
}

#[test]
fn fixes_rescue_what_can_be_rescued_and_lose_nothing() {
    let Some(corpus) = shared() else { return };
    let settings = Settings { now: 1_795_000_000, ..Settings::new(Store::bundled().latest().unwrap()) };
    let results: Vec<(Verdict, Verdict)> =
        inputs(&corpus).par_iter().filter_map(|input| rescued(input, &settings)).collect();
    let accepted = results.iter().filter(|(_, after)| *after == Verdict::Accepted).count();
    assert!(accepted >= 70, "{accepted} of {} are accepted after all fixes", results.len());
    assert!(results.iter().all(|(before, after)| *before != Verdict::Accepted || *after == Verdict::Accepted));
}

/// The verdicts before and after all fixes; `None` for what is no text.
fn rescued(input: &Input, settings: &Settings) -> Option<(Verdict, Verdict)> {
    let Content::Bytes(bytes) = &input.content else { return None };
    let text = std::str::from_utf8(bytes).ok()?;
    let check = |text: &str| -> (Report, FileId) {
        let input = Input { content: Content::Bytes(text.as_bytes().to_vec()), ..input.clone() };
        let report = check::run(vec![input], settings, Catalog::bundled(), &RealHost);
        let file = report.files.first().unwrap().file;
        (report, file)
    };
    let verdict = |text: &str| check(text).0.files.first().unwrap().verdict;
    let mended = mend(text, Safety::Unsafe, check);
    let again = mend(&mended.text, Safety::Unsafe, check);
    assert_eq!(again.text, mended.text, "{}: a second run changes something", input.shown);
    let comments = json5::parse(text, &json5::Options::default());
    for comment in comments.comments() {
        let lines = text[comment.span.start as usize..comment.span.end as usize].lines();
        lines.for_each(|line| assert!(mended.text.contains(line.trim()), "{}: a comment is lost", input.shown));
    }
    Some((verdict(text), verdict(&mended.text)))
}
