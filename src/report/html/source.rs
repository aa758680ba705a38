//! The source of a file with its findings between the lines.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::escape::escaped;
use super::{Page, Section};
use crate::language::Phrase;
use crate::report::{Excerpt, ExcerptStyle};
use crate::source::{FileId, Span};

/// Columns of a line; longer ones are clipped around what is found in them.
const WIDTH: usize = 400;
/// Files up to here are shown whole.
const WHOLE_LINES: u32 = 2_000;
const WHOLE_BYTES: usize = 256 << 10;
/// Lines around a place that are open, and those of a file that is not shown whole.
const CONTEXT: u32 = 3;
/// Fewer lines than this are not worth a fold.
const FOLD_FROM: usize = 6;

/// What is underlined.
struct Mark {
    range: Range<usize>,
    class: &'static str,
    finding: usize,
    /// Of several that meet the first one is drawn: the findings' own places come before related ones.
    order: usize,
}

/// The lines of a file, what is underlined in them, and the findings that follow each.
struct Sheet<'p, 'r> {
    page: &'p Page<'r>,
    section: &'p Section<'r>,
    excerpt: Excerpt,
    /// Sorted by where they start.
    marks: Vec<Mark>,
    /// Numbers of findings by the line that they follow.
    after: BTreeMap<u32, Vec<usize>>,
    /// Lines with something in them.
    places: BTreeSet<u32>,
}

/// The section's source and findings.
pub(super) fn draw<'r>(page: &Page<'r>, section: &Section<'r>) -> String {
    let (spans, owners) = places(page, section);
    let (lines, bytes) = page.report.size(section.file).unwrap_or_default();
    let whole = lines <= WHOLE_LINES && bytes <= WHOLE_BYTES;
    let context = if whole { u32::MAX } else { CONTEXT };
    let style = ExcerptStyle { width: WIDTH, context, unicode: true };
    let Some(excerpt) =
        page.report.excerpt(section.file, &spans.iter().map(|(span, _)| *span).collect::<Vec<_>>(), style)
    else {
        return section.findings.iter().map(|(number, finding)| page.finding(*number, finding)).collect();
    };
    let marks = excerpt.marks().zip(&owners).enumerate();
    let mark = |(order, (range, (class, finding))): (usize, (Option<Range<usize>>, &Owner))| {
        Some(Mark { range: range?, class, finding: *finding, order })
    };
    let mut marks: Vec<Mark> = marks.filter_map(mark).collect();
    marks.sort_by_key(|mark| mark.range.start);
    let mut after: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (number, finding) in &section.findings {
        after.entry(finding.place.start.line).or_default().push(*number);
    }
    let places = spans.iter().map(|(_, line)| *line).collect();
    Sheet { page, section, excerpt, marks, after, places }.html()
}

type Owner = (&'static str, usize);

/// The places of the findings, then those that are related to them; with their lines, and what they are.
fn places(page: &Page<'_>, section: &Section<'_>) -> (Vec<(Span, u32)>, Vec<Owner>) {
    let (mut spans, mut owners) = (Vec::new(), Vec::new());
    for (number, finding) in &section.findings {
        spans.push((finding.place.span(), finding.place.start.line));
        owners.push((finding.severity.name(), *number));
    }
    // Places that findings of other files lead to are here, too: links go to them.
    for (number, label) in page.related.get(&section.file).into_iter().flatten() {
        spans.push((label.place.span(), label.place.start.line));
        owners.push(("related", *number));
    }
    (spans, owners)
}

impl Sheet<'_, '_> {
    fn html(&self) -> String {
        let lines: Vec<(u32, Range<usize>)> = self.excerpt.lines().collect();
        let mut out = String::from("<div class=\"source\">\n");
        let mut last = 0;
        let mut rest = lines.as_slice();
        while let Some((first, _)) = rest.first() {
            if *first > last + 1 {
                out.push_str(&format!(
                    "<p class=\"gap\">{}</p>\n",
                    self.lines_phrase("Lines {first} to {last} are not shown", last + 1, first - 1)
                ));
            }
            let length = self.run(rest);
            let (run, later) = rest.split_at(length);
            rest = later;
            last = run.last().map_or(last, |(number, _)| *number);
            self.push_run(run, &mut out);
        }
        let all = self.page.report.size(self.section.file).map_or(0, |(lines, _)| lines);
        // The empty line after the last line break is not counted.
        if all > last + 1 {
            out.push_str(&format!(
                "<p class=\"gap\">{}</p>\n",
                self.lines_phrase("Lines {first} to {last} are not shown", last + 1, all - 1)
            ));
        }
        out.push_str("</div>\n");
        out
    }

    fn lines_phrase(&self, phrase: &'static str, first: u32, last: u32) -> String {
        let phrase = Phrase::new(phrase).with("first", first.to_string());
        self.page.say(&phrase.with("last", last.to_string()))
    }

    fn near(&self, line: u32) -> bool {
        self.places.range(line.saturating_sub(CONTEXT)..=line.saturating_add(CONTEXT)).next().is_some()
    }

    /// How many lines come next that are shown alike: up to a finding, a fold, or a gap.
    fn run(&self, lines: &[(u32, Range<usize>)]) -> usize {
        let Some((first, _)) = lines.first() else { return 0 };
        let near = self.near(*first);
        let mut length = 0;
        let mut before = first - 1;
        for (number, _) in lines {
            if *number != before + 1 || self.near(*number) != near {
                break;
            }
            before = *number;
            length += 1;
            if self.after.contains_key(number) {
                break;
            }
        }
        length
    }

    fn push_run(&self, run: &[(u32, Range<usize>)], out: &mut String) {
        let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else { return };
        let folded = !self.near(*first) && run.len() >= FOLD_FROM;
        if folded {
            let summary = self.lines_phrase("Lines {first} to {last}, without findings", *first, *last);
            out.push_str(&format!("<details class=\"far\"><summary>{summary}</summary>\n"));
        }
        out.push_str("<pre>");
        for (number, range) in run {
            self.push_line(*number, range, out);
        }
        out.push_str("</pre>\n");
        if folded {
            out.push_str("</details>\n");
        }
        let numbers = self.after.get(last).into_iter().flatten();
        for (number, finding) in numbers.filter_map(|number| Some((number, self.page.report.findings.get(*number)?))) {
            out.push_str(&self.page.finding(*number, finding));
        }
    }

    fn push_line(&self, number: u32, range: &Range<usize>, out: &mut String) {
        let FileId(file) = self.section.file;
        out.push_str(&format!("<span class=\"l\" id=\"L{file}-{number}\" data-n=\"{number}\">"));
        let here = self.marks_in(range);
        let mut cuts: BTreeSet<usize> = BTreeSet::from([range.start, range.end]);
        for mark in &here {
            cuts.extend([mark.range.start, mark.range.end]);
        }
        let cuts: Vec<usize> = cuts.into_iter().collect();
        let empty = |at: usize| here.iter().find(|mark| mark.range.is_empty() && mark.range.start == at);
        for (index, start) in cuts.iter().enumerate() {
            if let Some(mark) = empty(*start) {
                out.push_str(&format!("<mark class=\"{} empty\" data-for=\"f{}\"></mark>", mark.class, mark.finding));
            }
            let Some(end) = cuts.get(index + 1) else { break };
            let text = escaped(self.excerpt.text().get(*start..*end).unwrap_or(""));
            // The first one is the finding's own place, where several meet.
            match here.iter().find(|mark| mark.range.start <= *start && *end <= mark.range.end) {
                Some(mark) => out
                    .push_str(&format!("<mark class=\"{}\" data-for=\"f{}\">{text}</mark>", mark.class, mark.finding)),
                None => out.push_str(&text),
            }
        }
        out.push_str("\n</span>");
    }

    /// In the order in which they are drawn.
    fn marks_in(&self, line: &Range<usize>) -> Vec<&Mark> {
        let first = self.marks.partition_point(|mark| mark.range.start < line.start);
        let here = self.marks.iter().skip(first).take_while(|mark| mark.range.start <= line.end);
        let mut here: Vec<&Mark> = here.collect();
        here.sort_by_key(|mark| mark.order);
        here
    }
}
