//! From byte offsets to lines and columns.

use super::Span;

/// A place for a person: both numbers count from 1, columns in Unicode characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Line starts of one text. Lines end at `\n`, at `\r\n`, and at a `\r` that stands alone.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`, which must be shorter than 4 GiB.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let carriage_return_of_pair = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
            if !carriage_return_of_pair {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// Number of lines; a final line break opens one more (empty) line.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The span of a line (from 1) in `text`, without its line break.
    #[must_use]
    pub fn line_span(&self, text: &str, line: u32) -> Option<Span> {
        let index = line.checked_sub(1)? as usize;
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).copied().unwrap_or(u32::try_from(text.len()).unwrap_or(u32::MAX));
        let content = Span::new(start, end).slice(text).trim_end_matches(['\r', '\n']);
        Some(Span::new(start, start + u32::try_from(content.len()).unwrap_or(0)))
    }

    /// The line (from 1) that holds the byte `offset`; offsets past the end belong to the last line.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// Line and column of the byte `offset` of `text`. An offset inside a character counts as that character.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = self.starts.get(line as usize - 1).copied().unwrap_or(0) as usize;
        let mut wanted = (offset as usize).min(text.len());
        while !text.is_char_boundary(wanted) {
            wanted -= 1;
        }
        // Counting a whole slice is vectorised: a column far into a minified file stays cheap.
        let full = text.get(start..wanted).unwrap_or("").chars().count();
        Position { line, column: u32::try_from(full + 1).unwrap_or(u32::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, offset: u32) -> (u32, u32) {
        let position = LineIndex::new(text).position(text, offset);
        (position.line, position.column)
    }

    #[test]
    fn columns_count_characters_from_one() {
        let text = "a\n钥匙: x\r\nlast";
        assert_eq!(place(text, 0), (1, 1));
        assert_eq!(place(text, 2), (2, 1));
        assert_eq!(place(text, 2 + 6), (2, 3));
        assert_eq!(place(text, 3), (2, 1), "inside a character");
        assert_eq!(place(text, u32::try_from(text.len()).unwrap()), (3, 5));
    }

    #[test]
    fn a_lone_carriage_return_ends_a_line() {
        assert_eq!(place("a\rb", 2), (2, 1));
        assert_eq!(LineIndex::new("a\r\nb\n").line_count(), 3);
    }

    #[test]
    fn line_spans_leave_out_the_break() {
        let text = "ab\r\ncd";
        let index = LineIndex::new(text);
        assert_eq!(index.line_span(text, 1), Some(Span::new(0, 2)));
        assert_eq!(index.line_span(text, 2), Some(Span::new(4, 6)));
        assert_eq!(index.line_span(text, 3), None);
    }
}
