//! The machine-readable contract, version 1: see `schemas/report.json`. Keys are never renamed; optional ones are left
//! out when there is nothing to say.

use serde::Serialize;

use super::text::escape_json;
use super::{EditView, FindingView, FixView, LabelView, Options, Place, Point, Redacted, TOOL, Text, Totals};
use crate::finding::Severity;

/// Version of the contract.
const SCHEMA_VERSION: u32 = 1;

/// One indented object.
pub(super) fn render(report: &Redacted<'_>, _options: &Options<'_>) -> String {
    let output = Output {
        header: Header::new(&report.target),
        files: report.files.iter().map(File::new).collect(),
        findings: report.findings.iter().map(Finding::new).collect(),
        summary: Summary::new(&report.totals()),
    };
    to_json(&output)
}

/// Indented JSON with a final line break, and nothing raw that a terminal would obey.
pub(super) fn to_json(value: &impl Serialize) -> String {
    // Plain structs and strings always serialise.
    let mut json = escape_json(serde_json::to_string_pretty(value).unwrap_or_default());
    json.push('\n');
    json
}

#[derive(Serialize)]
struct Output<'r> {
    #[serde(flatten)]
    header: Header<'r>,
    files: Vec<File<'r>>,
    findings: Vec<Finding<'r>>,
    summary: Summary,
}

/// What speaks, and of what.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header<'r> {
    schema_version: u32,
    tool: Tool,
    target: Target<'r>,
}

impl<'r> Header<'r> {
    pub(super) fn new(target: &'r Text) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool { name: TOOL.0, version: TOOL.1 },
            target: Target { openclaw: target },
        }
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Target<'r> {
    openclaw: &'r Text,
}

/// A linted file.
#[derive(Serialize)]
pub(super) struct File<'r> {
    path: &'r Text,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<&'static str>,
    verdict: &'static str,
}

impl<'r> File<'r> {
    pub(super) fn new(file: &'r super::FileView) -> Self {
        Self { path: &file.path, kind: file.kind, layout: file.layout, verdict: file.verdict.name() }
    }
}

/// A finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding<'r> {
    rule: &'r Text,
    severity: Severity,
    blocking: bool,
    message: &'r Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'r Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'r Text>,
    file: &'r Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    config_path: Option<&'r Text>,
    #[serde(skip_serializing_if = "<[Text]>::is_empty")]
    also_at: &'r [Text],
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'r Text>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    releases: &'r [String],
    range: Range,
    related: Vec<Related<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix<'r>>,
}

impl<'r> Finding<'r> {
    pub(super) fn new(finding: &'r FindingView) -> Self {
        Self {
            rule: &finding.rule,
            severity: finding.severity,
            blocking: finding.blocking,
            message: &finding.message,
            help: finding.help.as_ref(),
            url: finding.url.as_ref(),
            file: &finding.place.path,
            config_path: finding.config_path.as_ref(),
            also_at: &finding.also_at,
            pointer: finding.pointer.as_ref(),
            releases: &finding.releases,
            range: Range::new(&finding.place),
            related: finding.related.iter().map(Related::new).collect(),
            fix: finding.fix.as_ref().map(Fix::new),
        }
    }
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    offset: u32,
    line: u32,
    column: u32,
}

impl Range {
    fn new(place: &Place) -> Self {
        let position = |point: Point| Position { offset: point.offset, line: point.line, column: point.column };
        Self { start: position(place.start), end: position(place.end) }
    }
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r Text,
    file: &'r Text,
    range: Range,
}

impl<'r> Related<'r> {
    fn new(label: &'r LabelView) -> Self {
        Self { message: &label.message, file: &label.place.path, range: Range::new(&label.place) }
    }
}

#[derive(Serialize)]
struct Fix<'r> {
    title: &'r Text,
    safety: crate::finding::Safety,
    edits: Vec<Edit<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Edit<'r> {
    file: &'r Text,
    range: Range,
    new_text: &'r Text,
}

impl<'r> Fix<'r> {
    fn new(fix: &'r FixView) -> Self {
        let edit = |edit: &'r EditView| Edit {
            file: &edit.place.path,
            range: Range::new(&edit.place),
            new_text: &edit.new_text,
        };
        Self { title: &fix.title, safety: fix.safety, edits: fix.edits.iter().map(edit).collect() }
    }
}

/// Counts of a run.
#[derive(Serialize)]
pub(super) struct Summary {
    errors: usize,
    warnings: usize,
    infos: usize,
    files: usize,
}

impl Summary {
    pub(super) const fn new(totals: &Totals) -> Self {
        Self { errors: totals.errors, warnings: totals.warnings, infos: totals.infos, files: totals.files }
    }
}
