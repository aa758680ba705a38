//! Renderers: one file per format. A finished [`Report`] enters, text leaves; nothing here decides or prints.
//!
//! No format sees the report itself: [`render`] makes a [`Redacted`] view of it first, in which every string is free of
//! credentials and knows how to be shown on a terminal ([`Text`]). Source text comes only through [`Redacted::excerpt`].
//! A new format is one file with `render(&Redacted, &Options) -> String` and one line in `FORMATS`.

mod auth;
mod baseline;
mod concise;
mod difference;
mod excerpt;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
mod redacted;
mod sarif;
mod summary;
mod text;
mod totals;
mod touching;
mod upgrade;

use crate::finding::{Finding, Safety, Severity};
use crate::language::Language;
use crate::redact::Secrets;
use crate::source::{FileId, Sources};

pub use auth::{AuthOptions, AuthReport, auth_report};
pub use baseline::Baseline;
pub use difference::difference;
pub use excerpt::{Excerpt, ExcerptStyle};
pub use fingerprint::fingerprints;
pub use redacted::{EditView, FileView, FindingView, FixView, LabelView, Place, Point, Redacted};
pub use text::{Text, joined, one_line, visible, wrap};
pub use totals::Totals;
pub use upgrade::{Upgrade, UpgradeReport, UpgradedFile, upgrade_report};

/// What OpenClaw would do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It starts with it.
    Accepted,
    /// It refuses it.
    Refused,
    /// Its validator refuses it, and its gateway rewrites it at start.
    Migrates,
    /// Not a file that OpenClaw would read as its config: an env file, a guide-layout file, a template that is not JSON5.
    Unknown,
}

impl Verdict {
    /// Lower-case name, as in the output formats.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Migrates => "migrates",
            Self::Unknown => "unknown",
        }
    }
}

/// One linted file in the report.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// Its id in [`Report::sources`].
    pub file: FileId,
    /// `config` or `env`.
    pub kind: &'static str,
    /// `openclaw`, `guide` or none for env files.
    pub layout: Option<&'static str>,
    /// What OpenClaw would do with it.
    pub verdict: Verdict,
}

/// A finished run: everything that any format may show.
#[derive(Debug)]
pub struct Report {
    /// The release that verdicts speak of.
    pub target: String,
    /// The language of the findings, and of what the formats for people say besides.
    pub language: Language,
    /// Texts; only ever shown redacted.
    pub sources: Sources,
    /// What must not be shown of them, and nowhere else. A file that nobody marked is searched when it is shown.
    pub secrets: Secrets,
    /// Linted files, sorted by name.
    pub files: Vec<FileReport>,
    /// Findings, sorted by file, place, rule.
    pub findings: Vec<Finding>,
}

/// What the output should look like. The caller finds out about the terminal; nothing here does.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// Columns; at least 40 are used.
    pub width: usize,
    /// ANSI colours.
    pub color: bool,
    /// Box drawing and other characters beyond ASCII; without it the text formats are pure ASCII.
    pub unicode: bool,
    /// OSC 8 hyperlinks on rule ids.
    pub links: bool,
    /// All rules of this run, for the formats that list them.
    pub rules: &'a [RuleInfo],
    /// The mildest severity that makes the run fail, for the formats that know failures; none: it never does.
    pub fail_on: Option<Severity>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { width: 80, color: false, unicode: true, links: false, rules: &[], fail_on: Some(Severity::Error) }
    }
}

/// A rule, as formats describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// `group/kebab-name`.
    pub id: String,
    /// One sentence.
    pub summary: String,
    /// The long explanation, plain text.
    pub help: String,
    /// Its page.
    pub url: Option<String>,
    /// Severity unless configured otherwise.
    pub severity: Severity,
}

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people: excerpts, help, verdicts.
    Full,
    /// One line a finding.
    Concise,
    /// One JSON object, the stable contract.
    Json,
    /// The same, one JSON object a line.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit's XML, for pages with test results.
    Junit,
    /// One page for a browser.
    Html,
}

/// How a format is written.
#[derive(Clone, Copy)]
enum Shape {
    /// When the run is over.
    Whole(fn(&Redacted<'_>, &Options<'_>) -> String),
    /// Part by part while the run goes on, and an end that counts: release, language, counts.
    Parts(fn(&Redacted<'_>, &Options<'_>) -> String, fn(&str, Language, &Totals) -> String),
}

/// All formats: the name on the command line, and the renderer.
const FORMATS: &[(Format, &str, Shape)] = &[
    (Format::Full, "full", Shape::Whole(full::render)),
    (Format::Concise, "concise", Shape::Parts(concise::part, concise::end)),
    (Format::Json, "json", Shape::Whole(json::render)),
    (Format::Jsonl, "jsonl", Shape::Parts(jsonl::part, jsonl::end)),
    (Format::Sarif, "sarif", Shape::Whole(sarif::render)),
    (Format::Github, "github", Shape::Whole(github::render)),
    (Format::Gitlab, "gitlab", Shape::Whole(gitlab::render)),
    (Format::Junit, "junit", Shape::Whole(junit::render)),
    (Format::Html, "html", Shape::Whole(html::render)),
];

impl Format {
    /// All formats, in the order of their documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|(format, ..)| *format)
    }

    /// The format with this name on the command line.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        FORMATS.iter().find(|(_, known, _)| *known == name).map(|(format, ..)| *format)
    }

    /// Whether it can be written part by part, while the run goes on.
    #[must_use]
    pub fn has_parts(self) -> bool {
        matches!(self.shape(), Some(Shape::Parts(..)))
    }

    fn shape(self) -> Option<Shape> {
        FORMATS.iter().find(|(format, ..)| *format == self).map(|(.., shape)| *shape)
    }

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(format, ..)| *format == self).map_or("", |(_, name, _)| name)
    }
}

/// The report in a format; ends with a line break. The same input gives the same bytes.
#[must_use]
pub fn render(format: Format, report: &Report, options: &Options<'_>) -> String {
    let redacted = Redacted::new(report);
    match format.shape() {
        Some(Shape::Whole(render)) => render(&redacted, options),
        Some(Shape::Parts(part, end)) => {
            part(&redacted, options) + &end(&report.target, report.language, &Totals::of(report))
        }
        None => String::new(),
    }
}

/// What a format says of a part of a run; `None` for one that needs the whole ([`Format::has_parts`]).
///
/// The parts of a run and [`render_end`], one after the other, are its report.
#[must_use]
pub fn render_part(format: Format, report: &Report, options: &Options<'_>) -> Option<String> {
    match format.shape()? {
        Shape::Parts(part, _) => Some(part(&Redacted::new(report), options)),
        Shape::Whole(_) => None,
    }
}

/// What a format says at the end of a run for the release `target`; `None` for one that needs the whole.
#[must_use]
pub fn render_end(format: Format, target: &str, language: Language, totals: &Totals) -> Option<String> {
    match format.shape()? {
        Shape::Parts(_, end) => Some(end(target, language, totals)),
        Shape::Whole(_) => None,
    }
}

/// Name and version of this tool, for formats that state them.
const TOOL: (&str, &str) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));

/// What is said behind the title of a fix, in English.
const fn fix_remark(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "",
        Safety::Unsafe => " (unsafe: look at it first)",
        Safety::DisplayOnly => " (by hand)",
    }
}

impl Report {
    /// The view of it without credentials: every string scrubbed, every place with its line and column.
    #[must_use]
    pub fn redacted(&self) -> Redacted<'_> {
        Redacted::new(self)
    }

    /// A text about the files without what is secret in them.
    #[must_use]
    pub fn text(&self, text: &str) -> Text {
        Text::scrubbed(self.secrets.scrub(text))
    }

    /// The name of a file, likewise.
    #[must_use]
    pub fn path(&self, name: &str) -> Text {
        Text::scrubbed(self.secrets.scrub_path(name))
    }

    /// Number of findings of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}
