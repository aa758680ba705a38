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
    /// What stands before each block of [`BLOCK`] bytes. Without it, columns of a hundred thousand places in one line of
    /// ten megabytes would each be counted from its start.
    before: Vec<Counts>,
}

/// Bytes of a block; shorter lines are counted from their start.
const BLOCK: usize = 4096;

/// How many characters a text has, and how many of them UTF-16 writes as two units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    characters: u32,
    pairs: u32,
}

impl Counts {
    /// Counts the first bytes of characters: the bytes may begin or end inside of one.
    fn of(bytes: &[u8]) -> Self {
        Self { characters: count(bytes, |byte| byte & 0xC0 != 0x80), pairs: count(bytes, |byte| byte >= 0xF0) }
    }

    const fn and(self, other: Self) -> Self {
        Self { characters: self.characters + other.characters, pairs: self.pairs + other.pairs }
    }
}

/// How many bytes pass a test.
fn count(bytes: &[u8], test: impl Fn(u8) -> bool + Copy) -> u32 {
    // Blocks are short enough for small counters, which the compiler turns into vectors.
    let of_block = |block: &[u8]| u32::from(block.iter().fold(0_u8, |sum, byte| sum + u8::from(test(*byte))));
    bytes.chunks(255).map(of_block).sum()
}

impl LineIndex {
    /// Indexes `text`, which must be shorter than 4 GiB.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        // Room for lines of an ordinary length: a list that grows step by step is copied each time.
        const LINE: usize = 24;
        let mut starts = Vec::with_capacity(bytes.len() / LINE + 1);
        starts.push(0);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let carriage_return_of_pair = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
            if !carriage_return_of_pair {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        let mut before = Vec::new();
        let ends = starts.iter().skip(1).copied().chain([u32::try_from(bytes.len()).unwrap_or(u32::MAX)]);
        if starts.iter().zip(ends).any(|(start, end)| (end - start) as usize > BLOCK) {
            let mut counts = Counts::default();
            for block in bytes.chunks(BLOCK) {
                before.push(counts);
                counts = counts.and(Counts::of(block));
            }
            before.push(counts);
        }
        Self { starts, before }
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
        let (characters, _) = self.columns(text, offset);
        Position { line, column: characters.saturating_add(1) }
    }

    /// What stands in the line of the byte `offset` before it: characters, and units of UTF-16.
    #[must_use]
    pub fn columns(&self, text: &str, offset: u32) -> (u32, u32) {
        let line = self.line_of(offset);
        let start = self.starts.get(line as usize - 1).copied().unwrap_or(0) as usize;
        let mut wanted = (offset as usize).min(text.len());
        while !text.is_char_boundary(wanted) {
            wanted -= 1;
        }
        if wanted.saturating_sub(start) <= BLOCK {
            let counts = Counts::of(text.as_bytes().get(start..wanted).unwrap_or_default());
            return (counts.characters, counts.characters + counts.pairs);
        }
        let (from, to) = (self.before(text, start), self.before(text, wanted));
        let (characters, pairs) = (to.characters - from.characters, to.pairs - from.pairs);
        (characters, characters + pairs)
    }

    /// What stands before a byte.
    fn before(&self, text: &str, offset: usize) -> Counts {
        let block = offset / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..offset).unwrap_or_default();
        self.before.get(block).copied().unwrap_or_default().and(Counts::of(rest))
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
    fn columns_far_into_a_long_line_are_those_that_counting_gives() {
        let text = format!("first\n{}\nlast", "a钥😀".repeat(3_000));
        let index = LineIndex::new(&text);
        for (offset, _) in text.char_indices().step_by(97) {
            let line = text[..offset].rfind('\n').map_or(0, |at| at + 1);
            let before = &text[line..offset];
            let expected = (before.chars().count(), before.encode_utf16().count());
            let (characters, units) = index.columns(&text, u32::try_from(offset).unwrap());
            assert_eq!((characters as usize, units as usize), expected, "{offset}");
        }
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
