//! The lines around some places of a file, fit for a terminal: redacted, sanitised, clipped. Source text enters, only
//! what may be shown leaves. The cost depends on the excerpt, not on the file.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::text::{Glyph, ellipsis, glyph};
use crate::source::{SourceFile, Span};

/// Columns of a tab, wherever it stands: a clipped line has no tab stops.
const TAB: usize = 4;

/// How excerpts look.
#[derive(Clone, Copy, Debug)]
pub struct ExcerptStyle {
    /// Columns for line numbers and text together.
    pub width: usize,
    /// Lines before and after each place.
    pub context: u32,
    /// Without it, pure ASCII.
    pub unicode: bool,
}

/// Lines of one file, and where the wanted places went.
///
/// Every character of a secret is one `•`, so that columns stay true. Spans that reach over a line's end are cut there.
pub struct Excerpt {
    name: String,
    text: String,
    chunks: Vec<Chunk>,
    marks: Vec<Mark>,
}

/// Neighbouring lines.
struct Chunk {
    /// Number of the first, from 1.
    first: u32,
    lines: u32,
    /// Where they stand in the excerpt's text.
    range: Range<usize>,
}

struct Mark {
    /// Where the place went; `None` when it was clipped away.
    range: Option<Range<usize>>,
    line: u32,
    column: u32,
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Excerpt {
    /// Draws the lines around `spans` (the first one matters most); `secrets` are sorted and merged.
    pub(super) fn new(
        name: String,
        source: &SourceFile,
        secrets: &[Span],
        spans: &[Span],
        style: ExcerptStyle,
    ) -> Self {
        let wanted: Vec<Wanted> = spans.iter().map(|span| Wanted::new(source, *span)).collect();
        let blocks = blocks(source, &wanted, style.context);
        let last = blocks.last().map_or(1, |block| block.end - 1);
        let gutter = 4 + last.to_string().len();
        // The mark of a place after the last character needs a column, too.
        let pen = Pen { source, secrets, room: style.width.saturating_sub(gutter + 1).max(16), unicode: style.unicode };
        let marks = wanted.iter().map(Wanted::unplaced).collect();
        let mut excerpt = Self { name, text: String::new(), chunks: Vec::new(), marks };
        let mut by_line: HashMap<u32, Vec<usize>> = HashMap::new();
        for (index, wanted) in wanted.iter().enumerate() {
            by_line.entry(wanted.line).or_default().push(index);
        }
        for block in blocks {
            let start = excerpt.text.len();
            let (first, lines) = (block.start, block.end - block.start);
            for line in block {
                let here = by_line.get(&line).map_or(&[][..], Vec::as_slice);
                pen.draw(line, &wanted, here, &mut excerpt);
            }
            excerpt.chunks.push(Chunk { first, lines, range: start..excerpt.text.len() });
        }
        excerpt
    }

    /// The lines, each ended by `\n`; blocks follow each other without a mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where each of the wanted spans stands in [`Excerpt::text`]; `None` when it was clipped away.
    pub fn marks(&self) -> impl Iterator<Item = Option<Range<usize>>> + '_ {
        self.marks.iter().map(|mark| mark.range.clone())
    }

    /// The lines with their numbers, and where each stands in [`Excerpt::text`], without its line break.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u32, Range<usize>)> + '_ {
        self.chunks.iter().flat_map(|chunk| {
            let text = self.text.get(chunk.range.clone()).unwrap_or("");
            let mut start = chunk.range.start;
            (chunk.first..).zip(text.lines()).map(move |(number, line)| {
                let range = start..start + line.len();
                start = range.end + 1;
                (number, range)
            })
        })
    }

    /// Terminal columns before the text of each line.
    pub(super) fn gutter(&self) -> usize {
        let last = self.chunks.last().map_or(1, |chunk| chunk.first + chunk.lines - 1);
        4 + last.to_string().len()
    }
}

/// A place that has to be shown.
struct Wanted {
    line: u32,
    column: u32,
    /// Cut at the line's end.
    span: Span,
}

impl Wanted {
    fn new(source: &SourceFile, span: Span) -> Self {
        let position = source.position(span.start);
        let line = source.lines().line_span(source.text(), position.line).unwrap_or_default();
        let within = |offset: u32| offset.clamp(line.start, line.end);
        let span = Span::new(within(span.start), within(span.end));
        Self { line: position.line, column: position.column, span }
    }

    fn unplaced(&self) -> Mark {
        Mark { range: None, line: self.line, column: self.column }
    }
}

/// Runs of line numbers around the wanted lines. A gap of one line is no gap; the empty line after the last line break
/// is no context.
fn blocks(source: &SourceFile, wanted: &[Wanted], context: u32) -> Vec<Range<u32>> {
    let index = source.lines();
    let mut last = index.line_count();
    if last > 1 && index.line_span(source.text(), last).is_some_and(Span::is_empty) {
        last -= 1;
    }
    let around = |wanted: &Wanted| {
        let end = wanted.line.saturating_add(context).min(last).max(wanted.line);
        wanted.line.saturating_sub(context).max(1)..end + 1
    };
    let mut ranges: Vec<_> = wanted.iter().map(around).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    let mut blocks: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        match blocks.last_mut() {
            Some(block) if range.start <= block.end + 1 => block.end = block.end.max(range.end),
            _ => blocks.push(range),
        }
    }
    blocks
}

/// Draws lines of one file.
struct Pen<'a> {
    source: &'a SourceFile,
    secrets: &'a [Span],
    /// Columns of a line.
    room: usize,
    unicode: bool,
}

/// How far one can see from a place: columns and bytes, and whether the end was in sight.
struct Sight {
    columns: usize,
    bytes: usize,
    whole: bool,
}

impl Pen<'_> {
    /// `here`: which of the wanted places are in this line.
    fn draw(&self, number: u32, wanted: &[Wanted], here: &[usize], excerpt: &mut Excerpt) {
        let line = self.source.lines().line_span(self.source.text(), number).unwrap_or_default();
        let spans: Vec<Span> = here.iter().filter_map(|index| Some(wanted.get(*index)?.span)).collect();
        let focus = spans.first().copied().unwrap_or(Span::at(line.start));
        let start = self.window_start(line, focus);
        let ranges = self.draw_window(line, start, &spans, &mut excerpt.text);
        excerpt.text.push('\n');
        for (index, range) in here.iter().zip(ranges) {
            if let Some(mark) = excerpt.marks.get_mut(*index) {
                mark.range = range;
            }
        }
    }

    /// Where the visible part of a line begins, so that `focus` is in it with something on both sides.
    fn window_start(&self, line: Span, focus: Span) -> u32 {
        let before = self.sight_back(Span::new(line.start, focus.start), self.room);
        let inside = self.sight(focus, self.room);
        let after = self.sight(Span::new(focus.end, line.end), self.room);
        let cut = self.cut();
        let all = before.whole && inside.whole && after.whole;
        let all = all && before.columns + inside.columns + after.columns <= self.room;
        let from_start = before.whole && before.columns + inside.columns + cut <= self.room;
        if all || from_start || before.whole && before.columns <= self.room / 2 {
            return line.start;
        }
        let free = self.room.saturating_sub(2 * cut + inside.columns.min(self.room / 2));
        let unused = if after.whole { (free / 2).saturating_sub(after.columns) } else { 0 };
        let left = self.sight_back(Span::new(line.start, focus.start), free / 2 + unused);
        focus.start - u32::try_from(left.bytes).unwrap_or(0)
    }

    fn cut(&self) -> usize {
        ellipsis(self.unicode).chars().count()
    }

    fn sight(&self, span: Span, limit: usize) -> Sight {
        let text = span.slice(self.source.text());
        self.look(text.char_indices().map(|(at, c)| (span.start as usize + at, c)), limit)
    }

    fn sight_back(&self, span: Span, limit: usize) -> Sight {
        let text = span.slice(self.source.text());
        self.look(text.char_indices().rev().map(|(at, c)| (span.start as usize + at, c)), limit)
    }

    fn look(&self, chars: impl Iterator<Item = (usize, char)>, limit: usize) -> Sight {
        let mut sight = Sight { columns: 0, bytes: 0, whole: false };
        for (count, (at, c)) in chars.enumerate() {
            let columns = self.cell(at, c).width();
            if sight.columns + columns > limit || count > self.most() {
                return sight;
            }
            sight.columns += columns;
            sight.bytes += c.len_utf8();
        }
        Sight { whole: true, ..sight }
    }

    /// Most characters of a line, for the sake of those without width.
    const fn most(&self) -> usize {
        self.room * 4
    }

    fn cell(&self, at: usize, c: char) -> Cell {
        let after = self.secrets.partition_point(|span| span.start as usize <= at);
        let secret = after.checked_sub(1).and_then(|index| self.secrets.get(index));
        if secret.is_some_and(|span| at < span.end as usize) {
            return Cell::Glyph(glyph('•', self.unicode));
        }
        match c {
            '\t' => Cell::Blank(TAB),
            // Editors hide the byte-order mark, too.
            '\u{FEFF}' if at == 0 => Cell::Blank(0),
            _ => Cell::Glyph(glyph(c, self.unicode)),
        }
    }

    /// Answers with where each of the places went.
    fn draw_window(&self, line: Span, start: u32, places: &[Span], out: &mut String) -> Vec<Option<Range<usize>>> {
        let mut room = self.room;
        if start > line.start {
            out.push_str(ellipsis(self.unicode));
            room = room.saturating_sub(self.cut());
        }
        let text = Span::new(start, line.end).slice(self.source.text());
        let first = out.len();
        let mut used = 0;
        // Where the text has to stop when the line turns out not to fit.
        let mut stop = (out.len(), start as usize);
        let mut end = None;
        let mut drawn: Vec<(usize, usize)> = Vec::with_capacity(text.len().min(self.most()) + 1);
        for (count, (at, c)) in text.char_indices().enumerate() {
            let at = start as usize + at;
            let cell = self.cell(at, c);
            if used + cell.width() > room || count > self.most() {
                end = Some(stop);
                break;
            }
            drawn.push((at, out.len()));
            cell.push_to(out);
            used += cell.width();
            if used + self.cut() <= room {
                stop = (out.len(), at + c.len_utf8());
            }
        }
        let clipped = end.is_some();
        let (length, stop) = end.unwrap_or((out.len(), line.end as usize));
        out.truncate(length);
        drawn.retain(|(at, _)| *at < stop);
        drawn.push((stop, length));
        if clipped {
            out.push_str(ellipsis(self.unicode));
        }
        places.iter().map(|span| place(&drawn, *span, first, clipped)).collect()
    }
}

/// Where `span` went: `drawn` maps source offsets to excerpt offsets, in order, the end of what is visible last.
fn place(drawn: &[(usize, usize)], span: Span, first: usize, clipped: bool) -> Option<Range<usize>> {
    let (start, end) = (span.start as usize, span.end as usize);
    let visible_from = drawn.first()?.0;
    let visible_to = drawn.last()?.0;
    let hidden_right = if clipped { start >= visible_to } else { start > visible_to };
    if hidden_right || start < visible_from && end <= visible_from {
        return None;
    }
    // A span inside a character belongs to it.
    let at = |offset: usize| {
        let index = drawn.partition_point(|(source, _)| *source < offset);
        drawn.get(index).or(drawn.last()).map_or(first, |(_, shown)| *shown)
    };
    Some(at(start)..at(end).max(at(start)))
}

/// What is drawn for a character of the file.
#[derive(Clone, Copy)]
enum Cell {
    Glyph(Glyph),
    Blank(usize),
}

impl Cell {
    fn width(self) -> usize {
        match self {
            Self::Glyph(glyph) => glyph.width(),
            Self::Blank(columns) => columns,
        }
    }

    fn push_to(self, out: &mut String) {
        match self {
            Self::Glyph(glyph) => glyph.push_to(out),
            Self::Blank(columns) => out.extend(std::iter::repeat_n(' ', columns)),
        }
    }
}

/// miette asks twice: with context lines for what to draw, and without for the place in the header.
impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let at = span.offset();
        let chunk = self.chunks.iter().find(|chunk| at < chunk.range.end).ok_or(MietteError::OutOfBounds)?;
        let data = self.text.get(chunk.range.clone()).ok_or(MietteError::OutOfBounds)?;
        let for_header = context_lines_before == 0 && context_lines_after == 0;
        let here = |mark: &&Mark| mark.range.as_ref().is_some_and(|range| range.start == at);
        let mark = self.marks.iter().find(here).filter(|_| for_header);
        let (line, column) = mark.map_or((chunk.first, 1), |mark| (mark.line, mark.column));
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            SourceSpan::from((chunk.range.start, data.len())),
            line.saturating_sub(1) as usize,
            column.saturating_sub(1) as usize,
            chunk.lines as usize,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, secrets: &[Span], spans: &[Span], width: usize) -> Excerpt {
        let style = ExcerptStyle { width, context: 1, unicode: true };
        Excerpt::new("f".to_owned(), &SourceFile::new("f", text), secrets, spans, style)
    }

    fn marked(excerpt: &Excerpt) -> Vec<Option<&str>> {
        excerpt.marks().map(|range| range.map(|range| &excerpt.text[range])).collect()
    }

    fn find(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(u32::try_from(start).unwrap(), u32::try_from(start + part.len()).unwrap())
    }

    #[test]
    fn secrets_are_covered_character_by_character() {
        let text = "{\n  key: '秘密123', // x\n}\n";
        let drawn = excerpt(text, &[find(text, "秘密123")], &[find(text, "key"), find(text, "// x")], 80);
        assert_eq!(drawn.text(), "{\n  key: '•••••', // x\n}\n");
        assert_eq!(marked(&drawn), [Some("key"), Some("// x")]);
    }

    #[test]
    fn nothing_reaches_the_terminal_raw() {
        let text = "\u{feff}a\x1b[2J\tb\u{202e}c\u{7}\r\nnext";
        let drawn = excerpt(text, &[], &[find(text, "b")], 80);
        assert_eq!(drawn.text(), "a␛[2J    b<U+202E>c␇\nnext\n");
        assert_eq!(marked(&drawn), [Some("b")]);
    }

    #[test]
    fn a_long_line_is_clipped_around_the_place() {
        let text = format!("{}HERE{}", "a".repeat(900_000), "b".repeat(100_000));
        let drawn = excerpt(&text, &[], &[find(&text, "HERE"), Span::new(5, 9)], 40);
        assert_eq!(drawn.text(), "…aaaaaaaaaaaaaaHEREbbbbbbbbbbbbbb…\n");
        assert_eq!(marked(&drawn), [Some("HERE"), None]);
        let all = excerpt(&text, &[], &[Span::new(0, 1_000_000)], 40);
        assert_eq!(all.text().chars().count(), 35);
    }

    #[test]
    fn lines_never_exceed_the_width() {
        for text in ["钥".repeat(500), "e\u{301}".repeat(500), "\t".repeat(200), "\u{202e}".repeat(99), "😀".repeat(70)]
        {
            let middle = u32::try_from(text.len() / 2).unwrap();
            for width in [20, 41, 80] {
                let drawn = excerpt(&text, &[], &[Span::new(middle, middle + 3)], width);
                assert!(super::super::text::width(drawn.text().trim_end_matches('\n')) <= width, "{width} {drawn:?}");
            }
        }
        let zalgo = format!("a{}", "\u{301}".repeat(1_000_000));
        assert!(excerpt(&zalgo, &[], &[Span::new(0, 1)], 80).text().len() < 2_000);
    }

    #[test]
    fn places_far_apart_are_separate_blocks() {
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let drawn = excerpt(text, &[], &[find(text, "2"), find(text, "8")], 80);
        assert_eq!(drawn.text(), "1\n2\n3\n7\n8\n9\n");
        assert_eq!(drawn.chunks.iter().map(|chunk| chunk.first).collect::<Vec<_>>(), [1, 7]);
        let near = excerpt(text, &[], &[find(text, "2"), find(text, "6")], 80);
        assert_eq!(near.text(), "1\n2\n3\n4\n5\n6\n7\n", "a gap of one line is shown");
    }

    #[test]
    fn the_end_of_the_file_and_an_empty_file_have_a_place() {
        let end = excerpt("a\nb", &[], &[Span::at(3)], 80);
        assert_eq!((end.text(), end.marks().collect::<Vec<_>>()), ("a\nb\n", vec![Some(3..3)]));
        let after_break = excerpt("a\n", &[], &[Span::at(2)], 80);
        assert_eq!((after_break.text(), after_break.marks().collect::<Vec<_>>()), ("a\n\n", vec![Some(2..2)]));
        let empty = excerpt("", &[], &[Span::at(0)], 80);
        assert_eq!((empty.text(), empty.marks().collect::<Vec<_>>()), ("\n", vec![Some(0..0)]));
        let beyond = excerpt("ab", &[], &[Span::new(50, 60)], 80);
        assert_eq!(beyond.marks().collect::<Vec<_>>(), [Some(2..2)]);
    }

    #[test]
    fn a_place_over_several_lines_is_cut_at_the_first_end() {
        let text = "{ a: [\r\n 1,\r\n ] }";
        let drawn = excerpt(text, &[], &[Span::new(5, 16)], 80);
        assert_eq!(marked(&drawn), [Some("[")]);
    }

    #[test]
    fn ascii_mode_is_ascii() {
        let style = ExcerptStyle { width: 40, context: 1, unicode: false };
        let text = format!("键: secret {}", "x".repeat(100));
        let secrets = [find(&text, "secret")];
        let drawn = Excerpt::new("f".to_owned(), &SourceFile::new("f", &*text), &secrets, &[Span::new(0, 3)], style);
        assert_eq!(drawn.text(), "<U+952E>: ****** xxxxxxxxxxxxxx...\n");
    }
}
