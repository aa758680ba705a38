//! The text as bytes: white space, comments, strings, and where unquoted text ends. No grammar enters here.

use std::sync::Arc;

use memchr::{memmem, memrchr2};

use crate::bytes::{find, find2, find3};

use super::error::{ErrorKind, Faults};
use super::string::{Meaning, pieces};
use super::tree::{Comment, CommentKind};
use crate::source::Span;

/// How far to look for the end of a placeholder or of an unquoted key. A bound, so that looking again at the same text
/// stays cheap however often it happens.
const REACH: usize = 512;

/// How far back on its line an odd quote explains other errors.
const LOST_QUOTE_REACH: usize = 256;

/// A cursor over the text, and what was noticed on the way.
pub(super) struct Lexer<'t> {
    pub(super) text: &'t str,
    bytes: &'t [u8],
    pub(super) pos: usize,
    pub(super) faults: Faults,
    pub(super) comments: Vec<Comment>,
    pub(super) lone_surrogates: Vec<Span>,
    pub(super) raw_separators: Vec<Span>,
}

/// A string that was read.
pub(super) struct Quoted {
    pub(super) value: Arc<str>,
    /// Whether the end of the string is only a guess.
    pub(super) guessed: bool,
}

/// What stands between tokens at some place.
enum Trivia {
    Nothing,
    Space(usize),
    /// A comment up to this offset.
    Comment(CommentKind, usize),
    /// `#` up to the line's end.
    Hash(usize),
    /// A line that a merge left, up to its end.
    Conflict(usize),
    /// `/*` without an end.
    Open,
}

/// A span from offsets into a text that was checked to be shorter than 4 GiB.
pub(super) fn span(start: usize, end: usize) -> Span {
    let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t str, max_errors: usize) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            faults: Faults::new(max_errors),
            comments: Vec::new(),
            lone_surrogates: Vec::new(),
            raw_separators: Vec::new(),
        }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(self.pos)
    }

    /// The text from `at` on.
    pub(super) fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or("")
    }

    pub(super) fn char_at(&self, at: usize) -> Option<char> {
        self.rest(at).chars().next()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    fn bytes_from(&self, at: usize) -> &'t [u8] {
        self.bytes.get(at..).unwrap_or(&[])
    }

    pub(super) fn report(&mut self, kind: ErrorKind, at: Span) {
        self.faults.report(kind, at, None);
    }

    // ---- between tokens ------------------------------------------------------------------------------------------

    /// Moves to the next token, keeping the comments on the way.
    pub(super) fn skip_trivia(&mut self) {
        loop {
            // Indentation is half of many a file.
            let rest = self.bytes_from(self.pos);
            let is_token = |&byte: &u8| !BLANK.get(usize::from(byte)).copied().unwrap_or(false);
            self.pos += rest.iter().position(is_token).unwrap_or(rest.len());
            match self.peek() {
                Some(b'/' | b'#' | 0x0B | 0x0C | 0x80.. | b'<' | b'=' | b'>' | b'|') => {}
                _ => return,
            }
            let start = self.pos;
            match self.trivia(start) {
                Trivia::Nothing => return,
                Trivia::Space(len) => self.pos += len,
                Trivia::Comment(kind, end) => {
                    self.comments.push(Comment { span: span(start, end), kind });
                    self.pos = end;
                }
                Trivia::Hash(end) => self.hash_comments(start, end),
                Trivia::Conflict(end) => self.conflict_marker(start, end),
                Trivia::Open => {
                    self.report(ErrorKind::UnterminatedComment, span(start, start + 2));
                    self.pos = self.text.len();
                }
            }
        }
    }

    /// The offset of the next token from `at` on; keeps nothing.
    pub(super) fn trivia_end(&self, mut at: usize) -> usize {
        loop {
            at = match self.trivia(at) {
                Trivia::Nothing => return at,
                Trivia::Space(len) => at + len,
                Trivia::Comment(_, end) | Trivia::Hash(end) | Trivia::Conflict(end) => end,
                Trivia::Open => self.text.len(),
            }
        }
    }

    fn trivia(&self, at: usize) -> Trivia {
        match self.bytes_from(at) {
            [b' ' | b'\n' | b'\t' | b'\r' | 0x0B | 0x0C, ..] => Trivia::Space(1),
            [b'#', ..] => Trivia::Hash(self.line_end(at)),
            [b'/', b'/', ..] => Trivia::Comment(CommentKind::Line, self.line_end(at)),
            [b'/', b'*', rest @ ..] => match memmem::find(rest, b"*/") {
                Some(len) => Trivia::Comment(CommentKind::Block, at + len + 4),
                None => Trivia::Open,
            },
            [b'<' | b'=' | b'>' | b'|', ..] if self.is_conflict_marker(at) => Trivia::Conflict(self.line_end(at)),
            [0x80..=0xFF, ..] => match self.char_at(at) {
                Some(c) if is_wide_space(c) => Trivia::Space(c.len_utf8()),
                _ => Trivia::Nothing,
            },
            _ => Trivia::Nothing,
        }
    }

    /// Whether the line that begins at `at` is one of those with which git marks a conflict.
    fn is_conflict_marker(&self, at: usize) -> bool {
        let marks = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
        marks.iter().any(|mark| self.bytes_from(at).starts_with(mark.as_bytes())) && self.indent_if_first(at) == Some(0)
    }

    /// One error for all of them. Both sides are read.
    fn conflict_marker(&mut self, start: usize, end: usize) {
        if !self.faults.has(ErrorKind::ConflictMarker) {
            self.report(ErrorKind::ConflictMarker, span(start, end));
        }
        self.pos = end;
    }

    /// One error for lines of `#` comments that follow each other.
    fn hash_comments(&mut self, start: usize, mut end: usize) {
        loop {
            let next = end + self.bytes_from(end).iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if self.byte(next) != Some(b'#') {
                break;
            }
            end = self.line_end(next);
        }
        self.report(ErrorKind::HashComment, span(start, end));
        self.pos = end;
    }

    /// The offset of the line terminator (U+2028 and U+2029 count) that ends the line of `at`, or of the text's end.
    pub(super) fn line_end(&self, mut at: usize) -> usize {
        loop {
            match find3(b'\n', b'\r', 0xE2, self.bytes_from(at)) {
                None => return self.text.len(),
                Some(found) if self.byte(at + found) != Some(0xE2) || self.is_separator(at + found) => {
                    return at + found;
                }
                Some(found) => at += found + 1,
            }
        }
    }

    /// Whether U+2028 or U+2029 stands at `at`.
    fn is_separator(&self, at: usize) -> bool {
        matches!(self.bytes_from(at), [0xE2, 0x80, 0xA8 | 0xA9, ..])
    }

    pub(super) fn has_line_break(&self, start: usize, end: usize) -> bool {
        find2(b'\n', b'\r', self.bytes.get(start..end).unwrap_or(&[])).is_some()
    }

    /// The indentation of `at` in bytes when it is the first token of its line.
    pub(super) fn indent_if_first(&self, at: usize) -> Option<usize> {
        let before = self.bytes.get(..at)?;
        let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let start = at - blanks;
        (start == 0 || matches!(self.byte(start - 1), Some(b'\n' | b'\r'))).then_some(blanks)
    }

    /// The indentation in bytes of the line that `at` is on; `None` when it begins too far away.
    pub(super) fn indent_of_line(&self, at: usize) -> Option<usize> {
        let from = at.saturating_sub(LOST_QUOTE_REACH);
        let start = match memrchr2(b'\n', b'\r', self.bytes.get(from..at)?) {
            Some(found) => from + found + 1,
            None if from == 0 => 0,
            None => return None,
        };
        Some(self.bytes_from(start).iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count())
    }

    // ---- strings -------------------------------------------------------------------------------------------------

    /// Reads the string whose opening quote, `"` or `'`, is at the cursor.
    pub(super) fn quoted(&mut self) -> Quoted {
        let start = self.pos;
        let quote = self.peek().unwrap_or(b'"');
        let (end, has_escape) = self.string_end(start, quote);
        if self.byte(end) != Some(quote) {
            return self.broken_string(start, end, quote);
        }
        self.pos = end + 1;
        let value = if has_escape { self.decode(start + 1, end) } else { Arc::from(self.slice(start + 1, end)) };
        Quoted { value, guessed: false }
    }

    /// The offset of the quote that ends the string opened at `start`, or of the line break or text end that comes
    /// first; and whether a backslash stands before it. Notes raw separators.
    fn string_end(&mut self, start: usize, quote: u8) -> (usize, bool) {
        let mut at = start + 1;
        let mut has_escape = false;
        loop {
            at += plain_length(self.bytes_from(at), quote);
            match self.byte(at) {
                Some(b'\\') => {
                    has_escape = true;
                    at += self.escape_length(at);
                }
                Some(0xE2) => {
                    if self.is_separator(at) {
                        self.raw_separators.push(span(at, at + 3));
                    }
                    at += 1;
                }
                _ => return (at, has_escape),
            }
        }
    }

    /// Bytes to step over so that an escaped quote or line break does not count.
    fn escape_length(&self, at: usize) -> usize {
        match self.bytes_from(at) {
            [_, b'\r', b'\n', ..] => 3,
            [_, _, ..] => 2,
            _ => 1,
        }
    }

    /// Decodes the string source between two offsets and reports its bad escapes.
    pub(super) fn decode(&mut self, start: usize, end: usize) -> Arc<str> {
        let mut value = String::with_capacity(end - start);
        for piece in pieces(self.slice(start, end)) {
            let place = span(start + piece.raw.start, start + piece.raw.end);
            match piece.meaning {
                Meaning::Bad(kind, _) => self.report(kind, place),
                Meaning::LoneSurrogate => self.lone_surrogates.push(place),
                _ => {}
            }
            piece.meaning.push_to(&mut value);
        }
        value.into()
    }

    /// A string that its line does not close: either it goes on below, or the closing quote was forgotten.
    fn broken_string(&mut self, start: usize, line_end: usize, quote: u8) -> Quoted {
        if let Some(end) = self.close_below(line_end, quote) {
            let length = if self.rest(line_end).starts_with("\r\n") { 2 } else { 1 };
            let place = span(line_end, line_end + length);
            self.faults.report(ErrorKind::LineBreakInString, place, Some(span(start, start + 1)));
            self.pos = end + 1;
            return Quoted { value: self.decode(start + 1, end), guessed: false };
        }
        let content = self.slice(start + 1, line_end);
        let smart: &[char] = if quote == b'"' { &DOUBLE_SMART } else { &SINGLE_SMART };
        if let Some(found) = content.find(smart) {
            let end = start + 1 + found;
            self.pos = end + self.char_at(end).map_or(1, char::len_utf8);
            self.report(ErrorKind::SmartQuotes, span(start, self.pos));
            return Quoted { value: self.decode(start + 1, end), guessed: true };
        }
        // The comma that separates this entry from the next is more likely meant than part of the text.
        let content = content.trim_end();
        let end = start + 1 + content.strip_suffix(',').unwrap_or(content).len();
        let from = start.saturating_sub(LOST_QUOTE_REACH);
        let before = self.bytes.get(from..start).unwrap_or(&[]);
        let line = from + memrchr2(b'\n', b'\r', before).unwrap_or(0);
        self.faults.report_lost_quote(ErrorKind::UnterminatedString, span(start, end), span(line, start).start);
        self.pos = end;
        Quoted { value: self.decode(start + 1, end), guessed: true }
    }

    /// The next quote of that kind below `from`, if it looks like a closing one.
    ///
    /// Each quote of a kind is looked for once, from the one before it: all searches together read the text once.
    fn close_below(&self, from: usize, quote: u8) -> Option<usize> {
        let at = from + find(quote, self.bytes_from(from))?;
        let before = self.slice(from, at);
        let line = before.rsplit(['\n', '\r']).next().unwrap_or("").trim_end();
        let opens = line.ends_with([':', ',', '[', '{', '(', '\\', '=']);
        let after = self.rest(at + 1).trim_start_matches([' ', '\t']);
        let closes = after.is_empty() || after.starts_with([',', '}', ']', '\n', '\r']) || after.starts_with("//");
        (!opens && (closes || (after.starts_with(':') && !line.is_empty()))).then_some(at)
    }

    /// Whether a string opens at `at` that is not closed on its line.
    pub(super) fn is_open_string(&self, at: usize) -> bool {
        self.byte(at).is_some_and(is_quote) && !self.quoted_extent(at).1
    }

    /// The offset behind the string opened at `at`, or of its line's end; keeps nothing.
    pub(super) fn quoted_end(&self, at: usize) -> usize {
        self.quoted_extent(at).0
    }

    fn quoted_extent(&self, start: usize) -> (usize, bool) {
        let quote = self.byte(start).unwrap_or(b'"');
        let mut at = start + 1;
        loop {
            at += plain_length(self.bytes_from(at), quote);
            match self.byte(at) {
                Some(b'\\') => at += self.escape_length(at),
                Some(0xE2) => at += 1,
                Some(byte) if byte == quote => return (at + 1, true),
                _ => return (at.min(self.text.len()), false),
            }
        }
    }

    /// The content of the back-tick or typographic string at `at`: its start, its end, and the offset behind it.
    pub(super) fn foreign_string(&self, at: usize) -> Option<(usize, usize, usize)> {
        let open = self.char_at(at)?;
        let start = at + open.len_utf8();
        let closers: &[char] = match open {
            '`' => &['`'],
            c if DOUBLE_SMART.contains(&c) => &DOUBLE_SMART,
            c if SINGLE_SMART.contains(&c) => &SINGLE_SMART,
            _ => return None,
        };
        let plain_quote = if closers.contains(&'”') { '"' } else { '\'' };
        let closes = |c: char| closers.contains(&c) || (open != '`' && c == plain_quote);
        // A template string may span lines.
        let breaks = |c: char| open != '`' && matches!(c, '\n' | '\r');
        let end = start + self.rest(start).find(|c| closes(c) || breaks(c))?;
        if !self.char_at(end).is_some_and(closes) {
            return None;
        }
        Some((start, end, end + self.char_at(end)?.len_utf8()))
    }

    // ---- unquoted text -------------------------------------------------------------------------------------------

    /// Where the template placeholder at `at` ends; `None` when none begins there.
    pub(super) fn placeholder_end(&self, at: usize) -> Option<usize> {
        const MARKS: [(&str, &str); 5] = [("{{", "}}"), ("{%", "%}"), ("${", "}"), ("<%", "%>"), ("<", ">")];
        let (open, close) = MARKS.into_iter().find(|(open, _)| self.bytes_from(at).starts_with(open.as_bytes()))?;
        let start = at + open.len();
        let window = self.bytes.get(start..self.text.len().min(start + REACH))?;
        let line = window.get(..find2(b'\n', b'\r', window).unwrap_or(window.len()))?;
        let mut len = memmem::find(line, close.as_bytes())?;
        let content = line.get(..len)?;
        let is_object = || {
            let trimmed = content.trim_ascii_start();
            trimmed.first().copied().is_some_and(is_quote) && trimmed.contains(&b':')
        };
        let refused = match open {
            "<" => content.is_empty() || content.iter().any(|&byte| is_quote(byte) || matches!(byte, b'<' | b'{')),
            "{{" => is_object(),
            _ => false,
        };
        // Handlebars' `{{{ … }}}`.
        if open == "{{" && content.first() == Some(&b'{') && line.get(len + 2) == Some(&b'}') {
            len += 1;
        }
        (!refused).then_some(start + len + close.len())
    }

    /// Where the unquoted value that begins at `at` ends, as far as a person would say: placeholders, times,
    /// addresses and further words of the line belong to it; a word before a colon does not.
    pub(super) fn unquoted_value_end(&self, start: usize) -> usize {
        let mut at = start;
        loop {
            if let Some(end) = self.placeholder_end(at) {
                at = end;
                continue;
            }
            let next = self.char_at(at);
            at = match next {
                Some(' ' | '\t') => match self.next_word(at) {
                    Some(word) => word,
                    None => return at,
                },
                Some(':') if self.rest(at).starts_with("://") => at + 3,
                Some(':') if self.continues_value(at + 1) => at + 1,
                Some('\'') if self.is_apostrophe(at) => at + 1,
                Some('(') => self.parenthesis_end(at),
                Some('/') if matches!(self.byte(at + 1), Some(b'/' | b'*')) => return at,
                Some(c) if self.ends_unquoted(at, c) => return at,
                Some(c) => at + c.len_utf8(),
                None => return at,
            };
        }
    }

    /// The next word of an unquoted value, behind the blanks at `at`.
    fn next_word(&self, at: usize) -> Option<usize> {
        let word = at + self.bytes_from(at).iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let begins = self.continues_value(word) && self.byte(word) != Some(b'#') && self.trivia_end(word) == word;
        let is_key = || {
            let end = self.unquoted_key_end(word);
            let behind = self.bytes_from(end).iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            self.byte(end + behind) == Some(b':') && !self.rest(end).starts_with("://")
        };
        (begins && !is_key()).then_some(word)
    }

    /// Whether unquoted text goes on at `at`.
    fn continues_value(&self, at: usize) -> bool {
        self.char_at(at).is_some_and(|c| !c.is_whitespace() && c != ':' && !self.ends_unquoted(at, c))
    }

    /// The offset behind the parenthesis that closes the one at `at`, if it is near; otherwise behind that one.
    fn parenthesis_end(&self, at: usize) -> usize {
        let window = self.bytes.get(at..self.text.len().min(at + REACH)).unwrap_or(&[]);
        at + 1 + find2(b')', b'\n', window).filter(|&found| window.get(found) == Some(&b')')).unwrap_or(0)
    }

    /// Whether the quote at `at` stands between letters.
    fn is_apostrophe(&self, at: usize) -> bool {
        let letter = |at: usize| self.byte(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80);
        at.checked_sub(1).is_some_and(letter) && letter(at + 1)
    }

    fn ends_unquoted(&self, at: usize, c: char) -> bool {
        match c {
            '{' => self.placeholder_end(at).is_none(),
            ',' | '}' | '[' | ']' | ':' | ';' | '"' | '\'' | '`' => true,
            _ => is_wide_space(c) || is_invisible(c),
        }
    }

    /// Where the unquoted key that begins at `start` ends, or a place inside one that is longer than any key.
    pub(super) fn unquoted_key_end(&self, start: usize) -> usize {
        let mut at = start;
        while at < start + REACH {
            if let Some(end) = self.placeholder_end(at) {
                at = end;
                continue;
            }
            match self.char_at(at) {
                Some(' ' | '\t' | '=') | None => return at,
                Some('/') if matches!(self.byte(at + 1), Some(b'/' | b'*')) => return at,
                Some(c) if self.ends_unquoted(at, c) => return at,
                Some(c) => at += c.len_utf8(),
            }
        }
        at
    }

    /// Whether a key and a colon stand at `at`.
    pub(super) fn looks_like_key(&self, at: usize) -> bool {
        let end = match self.byte(at) {
            Some(byte) if is_quote(byte) => self.quoted_end(at),
            _ => self.unquoted_key_end(at),
        };
        end > at && self.byte(self.trivia_end(end)) == Some(b':')
    }

    /// The span of the token at `at`, for a report.
    pub(super) fn token_span(&self, at: usize) -> Span {
        let end = match self.byte(at) {
            Some(byte) if is_quote(byte) => self.quoted_end(at),
            _ => self.unquoted_key_end(at),
        };
        let one = self.char_at(at).map_or(0, char::len_utf8);
        span(at, end.max(at + one))
    }

    /// Steps over brackets, the one at the cursor up to its partner, without reading what they hold.
    pub(super) fn skip_balanced(&mut self) {
        let mut depth = 0_usize;
        loop {
            self.skip_trivia();
            match self.peek() {
                None => return,
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth = depth.saturating_sub(1),
                Some(byte) if is_quote(byte) => {
                    self.pos = self.quoted_end(self.pos);
                    continue;
                }
                Some(_) => {}
            }
            self.pos += self.char_at(self.pos).map_or(1, char::len_utf8);
            if depth == 0 {
                return;
            }
        }
    }
}

const DOUBLE_SMART: [char; 6] = ['“', '”', '„', '‟', '«', '»'];
const SINGLE_SMART: [char; 4] = ['‘', '’', '‚', '‛'];

/// Whether the byte is a quote that JSON5 knows.
pub(super) const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
}

/// White space and line terminators outside ASCII: NBSP, BOM, category Zs, U+2028, U+2029.
const fn is_wide_space(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

/// Characters that a person would not see at all, and cannot have meant.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fffd}')
}

/// Bytes before the next one that matters inside a string.
fn plain_length(bytes: &[u8], quote: u8) -> usize {
    let table = if quote == b'"' { &IN_DOUBLE } else { &IN_SINGLE };
    let matters = |&byte: &u8| table.get(usize::from(byte)).copied().unwrap_or(false);
    bytes.iter().position(matters).unwrap_or(bytes.len())
}

// What stands between tokens nearly everywhere.
static BLANK: [bool; 256] = byte_set(b" \n\t\r");

// What matters inside a string: its quote, the backslash, line breaks, and the first byte of U+2028 and U+2029.
static IN_DOUBLE: [bool; 256] = byte_set(b"\"\\\n\r\xE2");
static IN_SINGLE: [bool; 256] = byte_set(b"'\\\n\r\xE2");

/// A table that says of each byte whether it is one of `members`.
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler; no byte is above 255")]
pub(super) const fn byte_set(members: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut rest = members;
    while let [byte, tail @ ..] = rest {
        table[*byte as usize] = true;
        rest = tail;
    }
    table
}
