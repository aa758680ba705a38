//! Edits of a text as the protocol sends them: each counts places in the text that those before it left. A rope finds lines and
//! columns anew after each edit without reading the text again; thousands of edits in one message are not unusual when an
//! editor replaces a word everywhere.

use gen_lsp_types::{Position, Range};
use ropey::{Rope, RopeSlice};

use super::text::Encoding;

/// A text while it is edited.
pub(super) struct Edits {
    rope: Rope,
    encoding: Encoding,
}

impl Edits {
    pub(super) fn new(text: &str, encoding: Encoding) -> Self {
        Self { rope: Rope::from_str(text), encoding }
    }

    pub(super) fn replace(&mut self, range: Range, text: &str) {
        let (start, end) = (self.place(range.start), self.place(range.end));
        let start_of_both = start.min(end);
        // Places are in the text, so that neither can fail.
        let removed = self.rope.try_remove(start_of_both..start.max(end));
        let _ = removed.and_then(|()| self.rope.try_insert(start_of_both, text));
    }

    pub(super) fn into_text(self) -> String {
        self.rope.into()
    }

    /// How many characters stand before a place. Columns behind the end of a line are at its end, lines behind the last at
    /// the end of the text.
    fn place(&self, position: Position) -> usize {
        let line = position.line as usize;
        let found = self.rope.get_line(line).zip(self.rope.try_line_to_char(line).ok());
        found.map_or_else(
            || self.rope.len_chars(),
            |(line, start)| start + self.column(line, position.character as usize),
        )
    }

    /// How many characters of a line stand before a column. Inside a character it is behind it.
    fn column(&self, line: RopeSlice<'_>, column: usize) -> usize {
        let length = length(line);
        let (before, start) = match self.encoding {
            Encoding::Utf8 => {
                let before = line.try_byte_to_char(column).unwrap_or(length);
                (before, line.try_char_to_byte(before))
            }
            Encoding::Utf16 => {
                let before = line.try_utf16_cu_to_char(column).unwrap_or(length);
                (before, line.try_char_to_utf16_cu(before))
            }
            Encoding::Utf32 => (column, Ok(column)),
        };
        let inside = start.is_ok_and(|start| start < column);
        (before + usize::from(inside)).min(length)
    }
}

/// Characters of a line without its line break.
fn length(line: RopeSlice<'_>) -> usize {
    let mut last = line.chars_at(line.len_chars()).reversed();
    let line_break = match (last.next(), last.next()) {
        (Some('\n'), Some('\r')) => 2,
        (Some('\n' | '\r'), _) => 1,
        _ => 0,
    };
    line.len_chars() - line_break
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::Text;
    use super::*;

    /// Characters of one to four bytes and of one and two units, and every line break.
    const PIECES: [&str; 9] = ["a", "\n", "\r", "\r\n", "钥", "😀", "é", "\u{2028}", "{ a: 1,\n b: [] }"];

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12).prop_map(|pieces| pieces.concat())
    }

    fn position() -> impl Strategy<Value = Position> {
        (0_u32..8, 0_u32..14).prop_map(|(line, character)| Position { line, character })
    }

    proptest! {
        /// Places are counted anew from the whole text before each edit.
        #[test]
        fn many_edits_do_what_one_after_the_other_does(
            original in text(),
            // Long enough that a rope has several parts.
            repeated in prop::sample::select(&[1_usize, 1, 300][..]),
            edits in prop::collection::vec((position(), position(), text()), 0..24),
            encoding in prop::sample::select(&[Encoding::Utf8, Encoding::Utf16, Encoding::Utf32][..]),
        ) {
            let mut expected = original.repeat(repeated);
            let mut edited = Edits::new(&expected, encoding);
            for (start, end, new) in edits {
                let text = Text::new(expected.clone(), encoding);
                let (from, to) = (text.offset(start) as usize, text.offset(end) as usize);
                expected.replace_range(from.min(to)..from.max(to), &new);
                edited.replace(Range { start, end }, &new);
            }
            prop_assert_eq!(edited.into_text(), expected);
        }
    }
}
