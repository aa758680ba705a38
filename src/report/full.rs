//! For people at a terminal: each finding with its lines, what OpenClaw would do, and a summary. miette draws the
//! boxes; it sees excerpts only, never a file, and asks the terminal nothing.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles,
};

use super::excerpt::{Excerpt, ExcerptStyle};
use super::summary::{files, summary};
use super::text::{self, wrap};
use super::{FileView, FindingView, LabelView, Options, Redacted, Text, Verdict, fix_remark};
use crate::finding::Severity;
use crate::language::Phrase;
use crate::source::{FileId, Span};

/// Lines around a place; none when the previous finding has just shown them.
const CONTEXT: u32 = 2;
/// Narrower terminals get lines of this width all the same.
const MIN_WIDTH: usize = 40;
/// Fewer columns than this beside a title, and the message begins below it.
const MIN_BESIDE: usize = 8;
/// Fewer columns than this beside a label, and its words go below the box.
const MIN_LABEL: usize = 18;
/// Related places shown per finding.
const MAX_RELATED: usize = 8;
/// More accepted files than this are only counted.
const MAX_ACCEPTED: usize = 8;

/// Columns of the verbs of verdicts.
const VERBS: usize = 8;

/// The report for people.
pub(super) fn render(report: &Redacted<'_>, options: &Options<'_>) -> String {
    let mut blocking: HashMap<FileId, usize> = HashMap::new();
    for finding in report.findings.iter().filter(|finding| finding.blocking) {
        *blocking.entry(finding.place.file).or_default() += 1;
    }
    let mut page = Page {
        report,
        options,
        width: options.width.max(MIN_WIDTH),
        styles: styles(options.color),
        out: String::new(),
        linked: HashSet::new(),
        blocking,
        shown: None,
    };
    for finding in &report.findings {
        page.finding(finding);
        page.out.push('\n');
    }
    page.verdicts();
    page.summary();
    without_trailing_blanks(&page.out)
}

/// miette's colours, without the loud underlined path.
fn styles(color: bool) -> ThemeStyles {
    let plain = ThemeStyles::none();
    if color { ThemeStyles { link: plain.link.bold(), ..ThemeStyles::ansi() } } else { plain }
}

fn without_trailing_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(line.trim_end_matches(' '));
        out.push('\n');
    }
    out
}

struct Page<'a> {
    report: &'a Redacted<'a>,
    options: &'a Options<'a>,
    width: usize,
    styles: ThemeStyles,
    out: String,
    /// Rules whose page was named.
    linked: HashSet<&'a Text>,
    /// How many findings of a file block.
    blocking: HashMap<FileId, usize>,
    /// Lines that the last box with context showed.
    shown: Option<(FileId, Range<u32>)>,
}

impl<'a> Page<'a> {
    fn text(&self, text: &Text) -> String {
        text.shown(self.options.unicode)
    }

    fn say(&self, phrase: &Phrase) -> String {
        self.report.language.say(phrase)
    }

    fn word(&self, english: &'static str) -> &str {
        self.report.language.text(english)
    }

    fn finding(&mut self, finding: &'a FindingView) {
        let (beside, elsewhere): (Vec<_>, Vec<_>) =
            finding.related.iter().take(MAX_RELATED).partition(|label| label.place.file == finding.place.file);
        let severity = self.word(finding.severity.name());
        let title = format!("{severity}[{}]:", self.linked_rule(finding));
        let title_width = text::width(severity) + text::width(&self.text(&finding.rule)) + 3;
        let spans: Vec<Span> =
            std::iter::once(finding.place.span()).chain(beside.iter().map(|label| label.place.span())).collect();
        let excerpt = self.excerpt(finding, &spans);
        let (labels, unplaced) = self.labels(excerpt.as_ref(), &beside);
        let styles = self.highlights(finding.severity, &labels);
        self.diagram(&title, title_width, &self.text(&finding.message), finding.severity, excerpt, labels, styles);
        for label in unplaced {
            self.note_line(label);
        }
        for label in elsewhere {
            self.note_excerpt(label);
        }
        let more = finding.related.len().saturating_sub(MAX_RELATED);
        if more > 0 {
            self.field("note", &self.say(&Phrase::count(more, "and 1 more place", "and {count} more places")));
        }
        self.advice(finding);
    }

    /// Help, fix, and the rule's page where it is first needed.
    fn advice(&mut self, finding: &'a FindingView) {
        if let Some(help) = &finding.help {
            self.field("help", &self.text(help));
        }
        if let Some(fix) = &finding.fix {
            let how = self.word(fix_remark(fix.safety));
            self.field("fix", &format!("{}{how}", self.text(&fix.title)));
        }
        if let Some(url) = finding.url.as_ref().filter(|_| !self.options.links && self.linked.insert(&finding.rule)) {
            self.field("docs", &self.text(url));
        }
    }

    fn linked_rule(&self, finding: &FindingView) -> String {
        let rule = self.text(&finding.rule);
        match &finding.url {
            Some(url) if self.options.links => format!("\x1b]8;;{}\x1b\\{rule}\x1b]8;;\x1b\\", url.shown(false)),
            _ => rule,
        }
    }

    fn excerpt(&mut self, finding: &FindingView, spans: &[Span]) -> Option<Excerpt> {
        let place = &finding.place;
        let line = place.start.line;
        let seen = self.shown.as_ref().is_some_and(|(file, lines)| *file == place.file && lines.contains(&line));
        let context = if seen && spans.len() == 1 { 0 } else { CONTEXT };
        let style = ExcerptStyle { width: self.width, context, unicode: self.options.unicode };
        if context > 0 {
            self.shown = Some((place.file, line.saturating_sub(context)..line + context + 1));
        }
        self.report.excerpt(place.file, spans, style)
    }

    /// Labels for miette (the primary one first), and the related places whose words do not fit into the box.
    fn labels<'l>(
        &self,
        excerpt: Option<&Excerpt>,
        beside: &[&'l LabelView],
    ) -> (Vec<LabeledSpan>, Vec<&'l LabelView>) {
        let Some(excerpt) = excerpt else { return (Vec::new(), beside.to_vec()) };
        let mut marks = excerpt.marks();
        let primary = marks.next().flatten().unwrap_or(0..0);
        let mut labels = vec![LabeledSpan::new_primary_with_span(None, (primary.start, primary.len()))];
        let mut unplaced = Vec::new();
        for (label, mark) in beside.iter().zip(marks) {
            // miette would move overlapping underlines aside, where they point at nothing.
            let Some(mark) = mark.filter(|mark| !labels.iter().any(|placed| overlap(placed, mark))) else {
                unplaced.push(*label);
                continue;
            };
            let message = self.text(&label.message);
            let room = self.label_room(excerpt, &mark);
            let fits = room >= MIN_LABEL || text::width(&message) <= room;
            if !fits {
                unplaced.push(*label);
            }
            let words = (fits && !message.is_empty()).then(|| wrap(&message, room, room).join("\n"));
            labels.push(LabeledSpan::new_with_span(words, (mark.start, mark.len())));
        }
        (labels, unplaced)
    }

    /// Columns to the right of a label's hook.
    fn label_room(&self, excerpt: &Excerpt, mark: &Range<usize>) -> usize {
        let before = excerpt.text().get(..mark.start).unwrap_or("");
        let start = text::width(before.rsplit('\n').next().unwrap_or(""));
        let wide = text::width(excerpt.text().get(mark.clone()).unwrap_or("")).max(1);
        let hook = start + wide / 2 + 1;
        self.width.saturating_sub(excerpt.gutter() + hook + 4)
    }

    /// One style per label in the order of their offsets, in which miette takes them: the primary one stands out.
    fn highlights(&self, severity: Severity, labels: &[LabeledSpan]) -> ThemeStyles {
        let mut styles = self.styles.clone();
        let primary = match severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Info => styles.advice,
        };
        let mut sorted: Vec<_> = labels.iter().collect();
        sorted.sort_by_key(|label| label.offset());
        let style = |label: &&LabeledSpan| if label.primary() { primary.bold() } else { styles.help };
        if self.options.color && !sorted.is_empty() {
            styles.highlights = sorted.iter().map(style).collect();
        }
        styles
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one picture")]
    fn diagram(
        &mut self,
        title: &str,
        title_width: usize,
        message: &str,
        severity: Severity,
        excerpt: Option<Excerpt>,
        mut labels: Vec<LabeledSpan>,
        styles: ThemeStyles,
    ) {
        labels.sort_by_key(LabeledSpan::offset);
        let (beside, room) = (self.width.saturating_sub(title_width + 3), self.width.saturating_sub(4));
        let lines = if beside < MIN_BESIDE {
            std::iter::once(String::new()).chain(wrap(message, room, room)).collect()
        } else {
            wrap(message, beside, room)
        };
        let picture = Picture { message: lines.join("\n"), severity, excerpt, labels };
        let mut characters = if self.options.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        for icon in [&mut characters.error, &mut characters.warning, &mut characters.advice] {
            title.clone_into(icon);
        }
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_links(false)
            .with_width(self.width)
            .with_wrap_lines(false)
            .with_context_lines(1)
            .without_cause_chain()
            .without_syntax_highlighting();
        // Writing to a string does not fail, and the excerpt answers every question about its own spans.
        let _ = handler.render_report(&mut self.out, &picture);
    }

    fn note_excerpt(&mut self, label: &LabelView) {
        let style = ExcerptStyle { width: self.width, context: 0, unicode: self.options.unicode };
        let Some(excerpt) = self.report.excerpt(label.place.file, &[label.place.span()], style) else {
            return self.note_line(label);
        };
        let (labels, _) = self.labels(Some(&excerpt), &[]);
        let styles = self.highlights(Severity::Info, &labels);
        let title = format!("{}:", self.word("note"));
        let width = text::width(&title);
        self.diagram(&title, width, &self.text(&label.message), Severity::Info, Some(excerpt), labels, styles);
    }

    fn note_line(&mut self, label: &LabelView) {
        let place = &label.place;
        let mut line = format!("{}:{}:{}", self.text(&place.path), place.start.line, place.start.column);
        if !label.message.exact().is_empty() {
            line.push_str(": ");
            line.push_str(&self.text(&label.message));
        }
        self.field("note", &line);
    }

    /// A named paragraph under a box.
    fn field(&mut self, name: &'static str, words: &str) {
        const INDENT: usize = 8;
        let room = self.width.saturating_sub(INDENT);
        let name = self.word(name);
        let label = format!("{}{name}: ", " ".repeat((INDENT - 2).saturating_sub(text::width(name))));
        self.out.push_str(&self.styles.help.style(label).to_string());
        self.out.push_str(&wrap(words, room, room).join(&format!("\n{:INDENT$}", "")));
        self.out.push('\n');
    }

    fn verdicts(&mut self) {
        let with = |verdict: Verdict| self.report.files.iter().filter(move |file| file.verdict == verdict);
        let few = with(Verdict::Accepted).count() <= MAX_ACCEPTED;
        let shown: Vec<&FileView> = with(Verdict::Refused)
            .chain(with(Verdict::Migrates))
            .chain(with(Verdict::Accepted).filter(|_| few))
            .collect();
        let rest = if few { 0 } else { with(Verdict::Accepted).count() };
        if shown.is_empty() && rest == 0 {
            return;
        }
        let target = self.text(&self.report.target);
        if let ([file], 0) = (&*shown, rest) {
            let line = Phrase::new("OpenClaw {target} would {verdict}").with("target", target);
            let line = self.say(&line.with("verdict", self.verdict(file, 0)));
            self.out.push_str(&format!("{}\n\n", self.fitted(file, &line, 0)));
            self.migration_note();
            return;
        }
        let title = self.say(&Phrase::new("OpenClaw {target} would").with("target", target));
        self.out.push_str(&format!("{title}\n"));
        for file in shown {
            let line = format!("  {}\n", self.fitted(file, &self.verdict(file, VERBS), 2));
            self.out.push_str(&line);
        }
        if rest > 0 {
            let verb = self.word("accept");
            let line = format!("  {verb}{}{}\n", gap(verb, VERBS), self.say(&files(rest)));
            self.out.push_str(&line);
        }
        self.out.push('\n');
        self.migration_note();
    }

    /// What is lost when the gateway mends a file.
    fn migration_note(&mut self) {
        let migrates = |file: &&FileView| file.verdict == Verdict::Migrates;
        if self.report.files.iter().filter(migrates).count() > 0 {
            const NOTE: &str =
                "A start that migrates writes the file anew, without comments; `openclaw-lint fix` keeps them.";
            self.out.push_str(&wrap(self.report.language.text(NOTE), self.width, self.width).join("\n"));
            self.out.push_str("\n\n");
        }
    }

    /// `refuse  a/openclaw.json (2 blocking findings)`
    fn verdict(&self, file: &FileView, column: usize) -> String {
        let remark = if file.verdict == Verdict::Migrates { self.word(" when its gateway starts") } else { "" };
        let verb = self.verb(file);
        let blocking = self.blocking.get(&file.file).copied().unwrap_or(0);
        let reason = Phrase::count(blocking, " (1 blocking finding)", " ({count} blocking findings)");
        let reason = if blocking > 0 { self.say(&reason) } else { String::new() };
        let gap = gap(verb, column);
        format!("{verb}{gap}{}{remark}{reason}", self.text(&file.path))
    }

    fn verb(&self, file: &FileView) -> &str {
        self.word(match file.verdict {
            Verdict::Refused => "refuse",
            Verdict::Migrates => "migrate",
            Verdict::Accepted | Verdict::Unknown => "accept",
        })
    }

    /// The line with the verdict on a file behind so many blanks: on several lines if it is long, and its verb in colour.
    fn fitted(&self, file: &FileView, line: &str, indent: usize) -> String {
        let room = self.width.saturating_sub(indent);
        let lines = if text::width(line) > room { wrap(line, room, room) } else { vec![line.to_owned()] };
        let verb = self.verb(file);
        let style = match file.verdict {
            Verdict::Refused => self.styles.error,
            Verdict::Migrates => self.styles.warning,
            Verdict::Accepted | Verdict::Unknown => self.styles.advice,
        };
        lines.join(&format!("\n{:indent$}", "")).replacen(verb, &style.style(verb).to_string(), 1)
    }

    fn summary(&mut self) {
        let style = match () {
            () if self.report.count(Severity::Error) > 0 => self.styles.error,
            () if self.report.count(Severity::Warning) > 0 => self.styles.warning,
            () => self.styles.advice,
        };
        let style = if self.options.color { style.bold() } else { style };
        let lines = wrap(&summary(&self.report.totals(), self.report.language), self.width, self.width).join("\n");
        self.out.push_str(&format!("{}\n", style.style(lines)));
    }
}

/// The blanks, at least one, between a word and a column.
fn gap(word: &str, column: usize) -> String {
    " ".repeat(column.saturating_sub(text::width(word)).max(1))
}

/// Whether two underlines would meet; an empty place is one column wide.
fn overlap(placed: &LabeledSpan, mark: &Range<usize>) -> bool {
    placed.offset() < mark.end.max(mark.start + 1) && mark.start < placed.offset() + placed.len().max(1)
}

/// What miette draws: a message and a box.
#[derive(Debug)]
struct Picture {
    message: String,
    severity: Severity,
    excerpt: Option<Excerpt>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Picture {}

impl Diagnostic for Picture {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
