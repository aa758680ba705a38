//! Texts of documents, and places in them as the protocol counts: lines and columns from 0, columns in the unit that client
//! and server have agreed on.

use std::sync::Arc;

use gen_lsp_types::{Position, PositionEncodingKind, Range, TextDocumentContentChangeEvent};

use super::edits::Edits;
use crate::source::{LineIndex, Span};

/// The unit of columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// What every client knows.
    #[default]
    Utf16,
    Utf32,
}

impl Encoding {
    /// The first of the client's that is known here; the client lists what it likes best first.
    pub(super) fn agreed(offered: Option<&[PositionEncodingKind]>) -> Self {
        let known = |kind: &PositionEncodingKind| match kind {
            PositionEncodingKind::UTF8 => Some(Self::Utf8),
            PositionEncodingKind::UTF16 => Some(Self::Utf16),
            PositionEncodingKind::UTF32 => Some(Self::Utf32),
            PositionEncodingKind::Custom(_) => None,
        };
        offered.unwrap_or_default().iter().find_map(known).unwrap_or_default()
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// So many changes cost less one after the other than a rope does.
const FEW: usize = 8;

/// A text with its lines. Cheap to clone.
#[derive(Clone)]
pub(super) struct Text(Arc<Inner>);

struct Inner {
    text: String,
    lines: LineIndex,
    encoding: Encoding,
}

impl Text {
    pub(super) fn new(text: String, encoding: Encoding) -> Self {
        let lines = LineIndex::new(&text);
        Self(Arc::new(Inner { text, lines, encoding }))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0.text
    }

    pub(super) fn slice(&self, span: Span) -> &str {
        span.slice(self.as_str())
    }

    /// The place of a byte offset; offsets past the end are at the end.
    pub(super) fn position(&self, offset: u32) -> Position {
        let (text, lines) = (self.as_str(), &self.0.lines);
        let line = lines.line_of(offset);
        let (characters, units) = lines.columns(text, offset);
        let character = match self.0.encoding {
            Encoding::Utf8 => {
                let mut end = (offset as usize).min(text.len());
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                let start = lines.line_span(text, line).map_or(0, |span| span.start);
                u32::try_from(end).unwrap_or(u32::MAX).saturating_sub(start)
            }
            Encoding::Utf16 => units,
            Encoding::Utf32 => characters,
        };
        Position { line: line - 1, character }
    }

    /// Where the line of a byte offset begins.
    pub(super) fn line_start(&self, offset: u32) -> u32 {
        let lines = &self.0.lines;
        lines.line_span(self.as_str(), lines.line_of(offset)).map_or(0, |line| line.start)
    }

    pub(super) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The byte offset of a place. Columns behind the end of a line are at its end, lines behind the last at the end.
    pub(super) fn offset(&self, position: Position) -> u32 {
        let text = self.as_str();
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let Some(line) = self.0.lines.line_span(text, position.line.saturating_add(1)) else { return end };
        let (mut column, mut offset) = (0, line.start);
        for c in line.slice(text).chars() {
            if column >= position.character as usize {
                break;
            }
            column += self.0.encoding.width(c);
            offset += u32::try_from(c.len_utf8()).unwrap_or(0);
        }
        offset
    }

    /// The text after changes, each of which counts in the text that those before it left.
    pub(super) fn changed(&self, changes: Vec<TextDocumentContentChangeEvent>) -> Self {
        if changes.len() > FEW {
            self.changed_often(changes)
        } else {
            changes.into_iter().fold(self.clone(), Self::edited)
        }
    }

    fn edited(self, change: TextDocumentContentChangeEvent) -> Self {
        let text = match change {
            TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => whole.text,
            TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                let (start, end) = (self.offset(part.range.start) as usize, self.offset(part.range.end) as usize);
                let (head, tail) = (self.as_str().get(..start.min(end)), self.as_str().get(start.max(end)..));
                [head.unwrap_or_default(), &part.text, tail.unwrap_or_default()].concat()
            }
        };
        Self::new(text, self.0.encoding)
    }

    fn changed_often(&self, changes: Vec<TextDocumentContentChangeEvent>) -> Self {
        let encoding = self.0.encoding;
        let mut edits = Edits::new(self.as_str(), encoding);
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    edits = Edits::new(&whole.text, encoding);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    edits.replace(part.range, &part.text);
                }
            }
        }
        Self::new(edits.into_text(), encoding)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_in_the_unit_that_was_agreed_on() {
        let text = "a: \"钥😀x\"\r\nb";
        for (encoding, column) in [(Encoding::Utf8, 11), (Encoding::Utf16, 7), (Encoding::Utf32, 6)] {
            let text = Text::new(text.to_owned(), encoding);
            let offset = u32::try_from(text.as_str().find('x').expect("x")).expect("small");
            let position = text.position(offset);
            assert_eq!((position.line, position.character), (0, column), "{encoding:?}");
            assert_eq!(text.offset(position), offset, "{encoding:?}");
        }
    }

    #[test]
    fn places_outside_are_at_the_nearest_end() {
        let text = Text::new("ab\ncd".to_owned(), Encoding::Utf16);
        assert_eq!(text.offset(Position { line: 0, character: 99 }), 2);
        assert_eq!(text.offset(Position { line: 99, character: 0 }), 5);
        assert_eq!(text.position(99), Position { line: 1, character: 2 });
    }

    /// Reading the text again for each edit would take minutes.
    #[test]
    fn edits_of_a_long_text_take_no_second_look_at_all_of_it() {
        const LINES: u32 = 8_000;
        let text = Text::new(
            "word: \"钥😀 and much else that stays as it is\",\n".repeat(LINES as usize * 4),
            Encoding::Utf16,
        );
        let edit = |line: u32| {
            let place = |character: u32| json!({ "line": line * 4, "character": character });
            let change = json!({ "range": { "start": place(7), "end": place(10) }, "text": "key" });
            serde_json::from_value(change).expect("a change")
        };
        let changed = text.changed((0..LINES).map(edit).collect());
        let expected = text.as_str().replacen("钥😀", "key", LINES as usize);
        assert_eq!(changed.as_str().lines().filter(|line| line.contains("\"key and")).count(), LINES as usize);
        assert_eq!(changed.as_str().len(), expected.len());
    }
}
