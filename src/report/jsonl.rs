//! The contract of `json` as lines, for programs that read as they go: see `$defs/line` of `schemas/report.json`. Each
//! finding is a line; a file's line follows its last finding; the run's line comes last, so that a reader knows that
//! nothing was cut off.

use std::collections::HashMap;

use serde::Serialize;

use super::json::{File, Finding, Header, Summary};
use super::text::{escape_json, is_plain};
use super::{FileView, Options, Redacted, Text, Totals};
use crate::finding::Severity;
use crate::language::Language;
use crate::source::FileId;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'r> {
    Finding(Box<Finding<'r>>),
    File(FileLine<'r>),
    Run(RunLine<'r>),
}

#[derive(Serialize)]
struct FileLine<'r> {
    #[serde(flatten)]
    file: File<'r>,
    errors: usize,
    warnings: usize,
    infos: usize,
}

#[derive(Serialize)]
struct RunLine<'r> {
    #[serde(flatten)]
    header: Header<'r>,
    summary: Summary,
}

/// The lines of findings and files.
pub(super) fn part(report: &Redacted<'_>, _: &Options<'_>) -> String {
    let mut out = Vec::new();
    let views: HashMap<FileId, &FileView> = report.files.iter().map(|file| (file.file, file)).collect();
    let mut left: HashMap<FileId, usize> = HashMap::new();
    for finding in &report.findings {
        *left.entry(finding.place.file).or_default() += 1;
    }
    let mut counts: HashMap<FileId, [usize; 3]> = HashMap::new();
    for finding in &report.findings {
        push(&mut out, &Line::Finding(Box::new(Finding::new(finding))));
        let file = finding.place.file;
        let count = counts.entry(file).or_default();
        let [errors, warnings, infos] = count;
        *match finding.severity {
            Severity::Error => errors,
            Severity::Warning => warnings,
            Severity::Info => infos,
        } += 1;
        let Some(rest) = left.get_mut(&file) else { continue };
        *rest -= 1;
        if let (0, Some(view)) = (*rest, views.get(&file)) {
            push(&mut out, &file_line(view, *count));
        }
    }
    for file in report.files.iter().filter(|file| !left.contains_key(&file.file)) {
        push(&mut out, &file_line(file, [0; 3]));
    }
    // What is serialised is UTF-8.
    String::from_utf8(out).unwrap_or_default()
}

/// The run's line.
pub(super) fn end(target: &str, _language: Language, totals: &Totals) -> String {
    let (mut out, target) = (Vec::new(), Text::scrubbed(target));
    push(&mut out, &Line::Run(RunLine { header: Header::new(&target), summary: Summary::new(totals) }));
    // What is serialised is UTF-8.
    String::from_utf8(out).unwrap_or_default()
}

fn file_line(file: &FileView, [errors, warnings, infos]: [usize; 3]) -> Line<'_> {
    Line::File(FileLine { file: File::new(file), errors, warnings, infos })
}

fn push(out: &mut Vec<u8>, line: &Line<'_>) {
    let start = out.len();
    // Plain structs and strings always serialise.
    if serde_json::to_writer(&mut *out, line).is_err() {
        out.truncate(start);
    }
    if !out.get(start..).is_some_and(is_plain) {
        let line = String::from_utf8(out.split_off(start)).unwrap_or_default();
        out.extend_from_slice(escape_json(line).as_bytes());
    }
    out.push(b'\n');
}
