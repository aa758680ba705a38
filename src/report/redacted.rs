//! The view of a report that formats get: every string scrubbed, every place with its line and column. The report and
//! its sources stay behind; no format can reach them.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::finding::{Edit, Finding, Fix, Label, Safety, Severity};
use crate::language::Language;
use crate::project::{Path, Segment};
use crate::redact::{self, Secrets};
use crate::source::{FileId, SourceFile, Span};

use super::excerpt::{Excerpt, ExcerptStyle};
use super::{Report, Text, Totals, Verdict};

/// A report without credentials.
pub struct Redacted<'r> {
    report: &'r Report,
    /// Secrets of files that nobody marked.
    late: Secrets,
    /// How the files are called that something is said of.
    names: HashMap<FileId, Text>,
    /// The release that verdicts speak of.
    pub target: Text,
    /// The language of the report.
    pub language: Language,
    /// Linted files.
    pub files: Vec<FileView>,
    /// Findings.
    pub findings: Vec<FindingView>,
}

/// A linted file.
#[derive(Clone, Debug)]
pub struct FileView {
    /// Its id.
    pub file: FileId,
    /// How it is called.
    pub path: Text,
    /// `config` or `env`.
    pub kind: &'static str,
    /// `openclaw`, `guide` or none.
    pub layout: Option<&'static str>,
    /// What OpenClaw would do with it.
    pub verdict: Verdict,
}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// UTF-8 bytes from 0.
    pub offset: u32,
    /// From 1.
    pub line: u32,
    /// Characters from 1.
    pub column: u32,
}

/// A range in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// How it is called.
    pub path: Text,
    /// First byte.
    pub start: Point,
    /// One past the last byte.
    pub end: Point,
}

impl Place {
    /// Its bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.start.offset, self.end.offset)
    }
}

/// A place with words.
#[derive(Clone, Debug)]
pub struct LabelView {
    /// The place.
    pub place: Place,
    /// What is to be seen there.
    pub message: Text,
}

/// A replacement.
#[derive(Clone, Debug)]
pub struct EditView {
    /// What is replaced.
    pub place: Place,
    /// By what.
    pub new_text: Text,
}

/// A way to mend a finding.
#[derive(Clone, Debug)]
pub struct FixView {
    /// In the imperative.
    pub title: Text,
    /// How far to trust it. Display only when a text had to be scrubbed: it must not be applied.
    pub safety: Safety,
    /// The edits.
    pub edits: Vec<EditView>,
}

/// A finding; the fields are those of [`Finding`].
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "documented at Finding")]
pub struct FindingView {
    pub rule: Text,
    pub severity: Severity,
    pub blocking: bool,
    pub migrates: bool,
    pub releases: Vec<String>,
    pub message: Text,
    pub help: Option<Text>,
    pub url: Option<Text>,
    pub place: Place,
    pub related: Vec<LabelView>,
    /// Dot-joined path that OpenClaw reports.
    pub config_path: Option<Text>,
    /// The same for further paths.
    pub also_at: Vec<Text>,
    /// RFC 6901 pointer of the value itself.
    pub pointer: Option<Text>,
    /// For places outside configs: the name that is assigned on that line.
    pub env_key: Option<Text>,
    pub fix: Option<FixView>,
    /// Further ways to mend it, for a person to choose.
    pub other_fixes: Vec<FixView>,
}

impl<'r> Redacted<'r> {
    /// Scrubs a report.
    #[must_use]
    pub fn new(report: &'r Report) -> Self {
        let late = late_secrets(report);
        let scrubber = Scrubber::new(report, &late);
        let files = report.files.iter().map(|file| FileView {
            file: file.file,
            path: scrubber.path(file.file),
            kind: file.kind,
            layout: file.layout,
            verdict: file.verdict,
        });
        let (target, files) = (scrubber.text(&report.target), files.collect());
        let findings = report.findings.iter().map(|finding| scrubber.finding(finding)).collect();
        let names = scrubber.paths.into_inner();
        Self { report, late, names, target, language: report.language, files, findings }
    }

    /// The lines around some spans of a file, redacted and clipped. `None` for a file that is not in the report.
    #[must_use]
    pub fn excerpt(&self, file: FileId, spans: &[Span], style: ExcerptStyle) -> Option<Excerpt> {
        let source = self.report.sources.get(file)?;
        let secrets = if self.report.secrets.knows(file) { &self.report.secrets } else { &self.late };
        let name = self.names.get(&file).map_or(UNKNOWN.to_owned(), |name| name.shown(style.unicode));
        Some(Excerpt::new(name, source, secrets.spans(file), spans, style))
    }

    /// Lines and bytes of a file. `None` for a file that is not in the report.
    #[must_use]
    pub fn size(&self, file: FileId) -> Option<(u32, usize)> {
        let source = self.report.sources.get(file)?;
        Some((source.lines().line_count(), source.text().len()))
    }

    /// The counts.
    #[must_use]
    pub fn totals(&self) -> Totals {
        Totals::of(self.report)
    }

    /// Number of findings of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.report.count(severity)
    }
}

/// Looks for secrets in files that findings point into and that nobody marked: forgetting to mark must not leak.
fn late_secrets(report: &Report) -> Secrets {
    let mut late = Secrets::default();
    for finding in &report.findings {
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.file);
        let labels = std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.file);
        for file in labels.chain(edits) {
            let unknown = !report.secrets.knows(file) && !late.knows(file);
            if let Some(source) = report.sources.get(file).filter(|_| unknown) {
                redact::mark_text(&mut late, file, source);
            }
        }
    }
    late
}

/// What a file is called that is not in the report.
const UNKNOWN: &str = "<unknown file>";

struct Scrubber<'r> {
    report: &'r Report,
    late: &'r Secrets,
    /// Names of files, each scrubbed once.
    paths: RefCell<HashMap<FileId, Text>>,
    /// Texts that many findings share.
    repeated: RefCell<HashMap<&'r str, Text>>,
}

impl<'r> Scrubber<'r> {
    fn new(report: &'r Report, late: &'r Secrets) -> Self {
        Self { report, late, paths: RefCell::default(), repeated: RefCell::default() }
    }
}

impl<'r> Scrubber<'r> {
    fn text(&self, text: &str) -> Text {
        let text = self.report.secrets.scrub(text);
        Text::scrubbed(self.late.scrub_learnt(&text))
    }

    /// The same for a text that others have as well: a rule's id, its page, the words of a label.
    fn repeated(&self, text: &'r str) -> Text {
        self.repeated.borrow_mut().entry(text).or_insert_with(|| self.text(text)).clone()
    }

    fn source(&self, file: FileId) -> Option<&SourceFile> {
        self.report.sources.get(file)
    }

    fn path(&self, file: FileId) -> Text {
        if let Some(path) = self.paths.borrow().get(&file) {
            return path.clone();
        }
        let Some(source) = self.source(file) else { return Text::scrubbed(UNKNOWN) };
        let name = self.report.secrets.scrub_path(source.name());
        let path = Text::scrubbed(self.late.scrub_learnt(&name));
        self.paths.borrow_mut().insert(file, path.clone());
        path
    }

    fn place(&self, file: FileId, span: Span) -> Place {
        let point = |offset: u32| {
            let position = self.source(file).map(|source| source.position(offset));
            let (line, column) = position.map_or((1, 1), |position| (position.line, position.column));
            Point { offset, line, column }
        };
        Place { file, path: self.path(file), start: point(span.start), end: point(span.end) }
    }

    fn label(&self, label: &'r Label) -> LabelView {
        LabelView { place: self.place(label.file, label.span), message: self.repeated(&label.message) }
    }

    /// Keys are scrubbed one by one, before a pointer's escapes can hide them.
    fn keys(&self, path: &'r Path) -> Path {
        let mut scrubbed = Path::root();
        for segment in path.segments() {
            scrubbed.push(match segment {
                Segment::Key(key) => Segment::Key(self.repeated(key).shared()),
                index @ Segment::Index(_) => index.clone(),
            });
        }
        scrubbed
    }

    fn fix(&self, fix: &'r Fix) -> FixView {
        let edits: Vec<_> = fix.edits.iter().map(|edit| self.edit(edit)).collect();
        let whole = edits.iter().zip(&fix.edits).all(|(shown, edit)| shown.new_text.exact() == edit.new_text);
        FixView { title: self.text(&fix.title), safety: if whole { fix.safety } else { Safety::DisplayOnly }, edits }
    }

    fn edit(&self, edit: &'r Edit) -> EditView {
        EditView { place: self.place(edit.file, edit.span), new_text: self.repeated(&edit.new_text) }
    }

    fn finding(&self, finding: &'r Finding) -> FindingView {
        let place = self.place(finding.primary.file, finding.primary.span);
        let outside_configs = finding.path.is_none() && finding.config_path.is_none();
        let env_key = if outside_configs { self.env_key(&place) } else { None };
        FindingView {
            rule: self.repeated(&finding.rule),
            severity: finding.severity,
            migrates: finding.migrates,
            releases: finding.releases.clone(),
            blocking: finding.blocking,
            message: self.text(&finding.message),
            help: finding.help.as_deref().map(|help| self.repeated(help)),
            url: finding.url.as_deref().map(|url| self.repeated(url)),
            place,
            related: finding.related.iter().map(|label| self.label(label)).collect(),
            config_path: finding.config_path.as_ref().map(|path| self.text(&self.keys(path).to_string())),
            also_at: finding.also_at.iter().map(|path| self.text(&self.keys(path).to_string())).collect(),
            pointer: finding.path.as_ref().map(|path| self.text(&self.keys(path).pointer())),
            env_key,
            fix: finding.fix.as_ref().map(|fix| self.fix(fix)),
            other_fixes: finding.other_fixes.iter().map(|fix| self.fix(fix)).collect(),
        }
    }

    /// The name before the first `=` of the line, if it is one and no secret.
    fn env_key(&self, place: &Place) -> Option<Text> {
        const LONGEST: usize = 96;
        let source = self.source(place.file)?;
        let line = source.lines().line_span(source.text(), place.start.line)?;
        let text = source.slice(line);
        let start = text.as_bytes().get(..LONGEST).unwrap_or(text.as_bytes());
        let name = text.get(..memchr::memchr(b'=', start)?)?;
        let end = line.start + u32::try_from(name.len()).ok()?;
        let secrets = if self.report.secrets.knows(place.file) { &self.report.secrets } else { self.late };
        let spans = secrets.spans(place.file);
        let next = spans.get(spans.partition_point(|span| span.end <= line.start));
        let hidden = next.is_some_and(|span| span.start < end);
        let name = name.trim();
        let name = name.strip_prefix("export ").unwrap_or(name).trim();
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        (!hidden && is_name && !name.is_empty()).then(|| self.text(name))
    }
}
