//! Comments that silence: one for a rule takes away the findings of that rule at its place, and nothing else.

use openclaw_lint::check::is_unread;
use openclaw_lint::discover::{self, Kind};
use openclaw_lint::finding::{Finding, Severity};
use openclaw_lint::report::Report;
use openclaw_lint::source::{FileId, LineIndex, SourceFile, Span};
use openclaw_lint::syntax::{dotenv, json5};

use super::bundle::Bundle;
use super::{hash, report};

/// So many findings of an input are silenced, each in turn.
const TRIED: usize = 3;

/// What comments are about.
const OWN: &str = "lint/suppression";

pub fn check(data: &[u8]) {
    let bundle = Bundle::read(data);
    let before = bundle.lint();
    report::check(&before, &bundle);
    let can_have_one: Vec<&Finding> =
        before.findings.iter().filter(|found| found.rule != OWN && !is_unread(found)).collect();
    let start = hash(&String::from_utf8_lossy(data));
    for step in 0..TRIED.min(can_have_one.len()) {
        let finding = can_have_one[(start + step) % can_have_one.len()];
        silenced(&bundle, &before, finding, false);
        silenced(&bundle, &before, finding, true);
    }
}

/// A comment goes in a line of its own above the finding; with `whole` it speaks of the file and goes to its start.
pub fn silenced(bundle: &Bundle, before: &Report, finding: &Finding, whole: bool) {
    let file = finding.primary.file;
    let source = before.sources.get(file).unwrap();
    let name = source.name();
    // Included files have no say.
    let Some(kind) = kind(name).filter(|_| bundle.linted().contains(&name)) else { return };
    let line = source.lines().line_of(finding.primary.span.start);
    let start = if whole { 0 } else { source.lines().line_span(source.text(), line).unwrap().start };
    if !has_room(kind, source, start) || speaks(source, line) && !whole {
        return;
    }
    let (mark, scope) = (if kind == Kind::Env { '#' } else { '/' }, if whole { "-file" } else { "" });
    let mark = if mark == '/' { "//" } else { "#" };
    let comment = format!("{mark} openclaw-lint-ignore{scope} {}: it is meant so\n", finding.rule);
    let (head, tail) = source.text().split_at(start as usize);
    let after = bundle.with(name, &format!("{head}{comment}{tail}")).lint();
    let added = u32::try_from(comment.len()).unwrap();
    let moved = |at: u32| if at >= start { at + added } else { at };
    let expected = before.findings.iter().filter(|found| {
        let here = found.primary.file == file && found.rule == finding.rule;
        !(here && (whole || source.lines().line_of(found.primary.span.start) == line))
    });
    let expected =
        expected.map(|found| Said::of(found, before, |at| if found.primary.file == file { moved(at) } else { at }));
    let found = after.findings.iter().map(|found| Said::of(found, &after, |at| at));
    assert_eq!(sorted(expected), sorted(found), "`{comment}` at {start} of {name}: {:?}", source.text());
    let verdicts = |report: &Report| report.files.iter().map(|file| file.verdict).collect::<Vec<_>>();
    assert_eq!(verdicts(before), verdicts(&after), "a comment changes what OpenClaw does");
}

fn kind(name: &str) -> Option<Kind> {
    Some(discover::classify(name.rsplit('/').next()?)?.kind)
}

/// Whether a line can be put before an offset: not into a string, a comment or an entry, and the file can be read.
fn has_room(kind: Kind, source: &SourceFile, at: u32) -> bool {
    let text = source.text();
    let across = |span: Span| span.start < at && at < span.end;
    if text.contains(['\0', '\u{fffd}']) || at == 0 && text.starts_with('\u{feff}') {
        return false;
    }
    if kind == Kind::Env {
        let file = dotenv::parse(text);
        let spans = file.entries.iter().map(|entry| entry.span).chain(file.ignored.iter().map(|line| line.span));
        return !spans.chain(file.comments.iter().copied()).any(across);
    }
    let document = json5::parse(text, &json5::Options::default());
    let values = document
        .nodes()
        .filter(|(_, node)| !matches!(node.kind, json5::NodeKind::Object(_) | json5::NodeKind::Array(_)));
    let keys = document.nodes().filter_map(|(_, node)| match &node.kind {
        json5::NodeKind::Object(members) => Some(members.iter().map(|member| member.key_span)),
        _ => None,
    });
    let spans = values.map(|(_, node)| node.span).chain(keys.flatten());
    let comments = document.comments().iter().map(|comment| comment.span);
    document.is_valid() && !spans.chain(comments).any(across)
}

/// A comment above a line that is a comment speaks of a later one.
fn speaks(source: &SourceFile, line: u32) -> bool {
    let span = LineIndex::new(source.text()).line_span(source.text(), line).unwrap();
    let text = span.slice(source.text()).trim();
    text.is_empty() || text.starts_with("//") || text.starts_with('#')
}

/// What is said, without the words: they may name lines.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    rule: String,
    file: String,
    start: u32,
    end: u32,
    severity: Severity,
    blocking: bool,
}

impl Said {
    fn of(found: &Finding, report: &Report, moved: impl Fn(u32) -> u32) -> Self {
        let name = |file: FileId| report.sources.get(file).unwrap().name().to_owned();
        let (start, end) = (moved(found.primary.span.start), moved(found.primary.span.end));
        let file = name(found.primary.file);
        Self { rule: found.rule.clone(), file, start, end, severity: found.severity, blocking: found.blocking }
    }
}

fn sorted(said: impl Iterator<Item = Said>) -> Vec<Said> {
    let mut said: Vec<Said> = said.collect();
    said.sort();
    said
}
