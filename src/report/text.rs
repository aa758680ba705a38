//! Text on its way out: scrubbed strings, what stands for characters that must not reach a terminal, widths, wrapping.
//! Nothing here knows findings or files.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Longest text that a terminal format shows, in characters; a key of a megabyte must not fill the screen.
const MAX_SHOWN: usize = 2_000;

/// A string without credentials. Only [`Redacted`](super::Redacted) makes them.
///
/// `Display` gives what a terminal may show. A format that escapes control and format characters by its own rules (JSON
/// does, see `escape_json`) takes [`Text::exact`]. Cheap to clone: findings repeat names of files and rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Arc<str>);

impl Text {
    /// Wraps a string that was scrubbed.
    pub(super) fn scrubbed(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The scrubbed string, control characters and all.
    #[must_use]
    pub fn exact(&self) -> &str {
        &self.0
    }

    /// The scrubbed string, to be kept.
    pub(super) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// On one line, every control and invisible character made visible, clipped at 2000 characters.
    ///
    /// Without `unicode` the answer is pure ASCII.
    #[must_use]
    pub fn shown(&self, unicode: bool) -> String {
        let mut out = String::with_capacity(self.0.len());
        for (count, c) in self.0.chars().enumerate() {
            if count == MAX_SHOWN {
                out.push_str(ellipsis(unicode));
                break;
            }
            glyph(c, unicode).push_to(&mut out);
        }
        out
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(true))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A text on one line for a terminal, as [`Text`] is shown: for names of files, which may hold anything.
#[must_use]
pub fn one_line(text: &str) -> String {
    Text::scrubbed(text).to_string()
}

/// A text of several lines for a terminal: line breaks and tabs stay, and what a terminal would obey or not show becomes
/// visible. Nothing is clipped.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let stays = |c: char| matches!(c, ' '..='~' | '\n' | '\t' | '\u{FE0E}' | '\u{FE0F}') || !is_invisible(c);
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let ends_line = c == '\r' && rest.peek() == Some(&'\n');
        if stays(c) || ends_line { out.push(c) } else { glyph(c, true).push_to(&mut out) }
    }
    Cow::Owned(out)
}

/// What stands for a character on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    /// One character: itself, or the picture of a control character.
    Char(char),
    /// `<U+202E>`
    Code(char),
    /// A fixed replacement in ASCII mode.
    Ascii(&'static str),
    /// Nothing: an emoji variation selector, which has no width and no meaning of its own.
    Nothing,
}

impl Glyph {
    /// Terminal columns.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Char(c) => c.width().unwrap_or(0),
            Self::Code(c) => code_digits(c) + 4,
            Self::Ascii(text) => text.len(),
            Self::Nothing => 0,
        }
    }

    /// Appends it.
    pub(super) fn push_to(self, out: &mut String) {
        match self {
            Self::Char(c) => out.push(c),
            Self::Code(c) => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
            Self::Ascii(text) => out.push_str(text),
            Self::Nothing => {}
        }
    }
}

fn code_digits(c: char) -> usize {
    match u32::from(c) {
        0..=0xFFFF => 4,
        0x1_0000..=0xF_FFFF => 5,
        _ => 6,
    }
}

/// Picks what stands for `c`. In ASCII mode everything beyond ASCII is spelled out.
pub(super) fn glyph(c: char, unicode: bool) -> Glyph {
    match c {
        ' '..='~' => Glyph::Char(c),
        '\u{FE0E}' | '\u{FE0F}' => Glyph::Nothing,
        _ if !unicode => ASCII.iter().find(|(from, _)| *from == c).map_or(Glyph::Code(c), |(_, to)| Glyph::Ascii(to)),
        '\0'..='\x1F' => Glyph::Char(char::from_u32(0x2400 + u32::from(c)).unwrap_or('?')),
        '\x7F' => Glyph::Char('\u{2421}'),
        _ if is_invisible(c) => Glyph::Code(c),
        _ => Glyph::Char(c),
    }
}

/// ASCII for the characters that reports and messages use themselves.
const ASCII: &[(char, &str)] = &[
    ('•', "*"),
    ('…', "..."),
    ('“', "\""),
    ('”', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('–', "-"),
    ('—', "-"),
    ('→', "->"),
    ('\n', "\\n"),
    ('\r', "\\r"),
    ('\t', "\\t"),
];

/// The mark of clipped text.
pub(super) const fn ellipsis(unicode: bool) -> &'static str {
    if unicode { "…" } else { "..." }
}

/// Controls, bidirectional controls, and characters without a glyph: sorted, inclusive.
const INVISIBLE: &[(u32, u32)] = &[
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x034F, 0x034F),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x1_10BD, 0x1_10BD),
    (0x1_10CD, 0x1_10CD),
    (0x1_3430, 0x1_345F),
    (0x1_BCA0, 0x1_BCA3),
    (0x1_D173, 0x1_D17A),
    (0xE_0000, 0xE_0FFF),
];

/// Whether a person would not see `c`, or a terminal would obey it.
pub(super) fn is_invisible(c: char) -> bool {
    let code = u32::from(c);
    let after = INVISIBLE.partition_point(|(first, _)| *first <= code);
    after.checked_sub(1).and_then(|at| INVISIBLE.get(at)).is_some_and(|(_, last)| code <= *last)
}

/// Whether finished JSON has nothing in it that [`escape_json`] would look at.
pub(super) fn is_plain(json: &[u8]) -> bool {
    json.is_ascii() && memchr::memchr(0x7F, json).is_none()
}

/// Escapes what a terminal would obey in finished JSON, losing nothing: outside strings JSON has no such character.
pub(super) fn escape_json(json: String) -> String {
    // A report of a hundred megabytes is not copied for nothing.
    if is_plain(json.as_bytes()) {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || c < '\x7F' || !is_invisible(c) {
            out.push(c);
            continue;
        }
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

/// Terminal columns of `text`, which holds no control characters.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Breaks `text` into lines of at most `first` columns for the first and `rest` for the others.
///
/// Lines break at spaces and around wide characters; a longer word is cut.
#[must_use]
pub fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Lines { done: Vec::new(), line: String::new(), used: 0, room: first.max(2), rest: rest.max(2) };
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut gap = usize::from(lines.used > 0);
        for piece in pieces(word) {
            lines.push(gap, piece);
            gap = 0;
        }
    }
    if lines.used > 0 || lines.done.is_empty() {
        lines.done.push(lines.line);
    }
    lines.done
}

/// The lines of a paragraph as one text: Chinese characters stand beside each other without a blank. Lists, code and tables
/// keep their lines.
#[must_use]
pub fn joined(paragraph: &str) -> String {
    let keeps = |line: &str| line.starts_with(['-', '*', ' ', '|', '#']) || line.starts_with("```");
    if paragraph.lines().any(keeps) {
        return paragraph.to_owned();
    }
    let wide = |c: Option<char>| c.is_some_and(|c| c.width() == Some(2));
    let mut text = String::with_capacity(paragraph.len());
    for line in paragraph.lines() {
        let before = text.chars().next_back();
        // Full-width marks stand beside anything.
        let mark = before.is_some_and(|c| CLOSING.contains(c)) && wide(before);
        let touching = mark || wide(before) && wide(line.chars().next());
        if !text.is_empty() && !touching {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

struct Lines {
    done: Vec<String>,
    line: String,
    used: usize,
    room: usize,
    rest: usize,
}

impl Lines {
    fn push(&mut self, gap: usize, piece: &str) {
        let wide = width(piece);
        if self.used + gap + wide <= self.room {
            self.line.extend(std::iter::repeat_n(' ', gap));
            self.line.push_str(piece);
            self.used += gap + wide;
            return;
        }
        if self.used > 0 {
            self.finish();
        }
        for c in piece.chars() {
            let wide = c.width().unwrap_or(0);
            if self.used + wide > self.room {
                self.finish();
            }
            self.line.push(c);
            self.used += wide;
        }
    }

    fn finish(&mut self) {
        self.done.push(std::mem::take(&mut self.line));
        self.used = 0;
        self.room = self.rest;
    }
}

/// Closing marks that must not begin a line.
const CLOSING: &str = "，。、；：？！）」』】》〉〕］｝”’,.;:!?)";

/// Opening marks that must not end a line.
const OPENING: &str = "（「『【《〈〔［｛“‘(";

/// Cuts a word before and after each wide character and each `<U+...>`.
fn pieces(word: &str) -> Vec<&str> {
    let is_wide = |c: char| c.width() == Some(2);
    let breaks = |before: char, c: char| is_wide(c) || is_wide(before) || c == '<' || before == '>';
    let mut cuts = Vec::new();
    let mut before: Option<char> = None;
    for (at, c) in word.char_indices() {
        if before.is_some_and(|before| breaks(before, c) && !OPENING.contains(before)) && !CLOSING.contains(c) {
            cuts.push(at);
        }
        before = Some(c);
    }
    cuts.push(word.len());
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    starts.zip(&cuts).filter_map(|(start, end)| word.get(start..*end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_see_no_control_character() {
        let text = Text::scrubbed("a\x1b[31m\u{202e}b\u{9b}\n\t\u{200b}\x7f❤\u{fe0f}");
        assert_eq!(text.to_string(), "a␛[31m<U+202E>b<U+009B>␊␉<U+200B>␡❤");
        assert_eq!(text.shown(false), "a<U+001B>[31m<U+202E>b<U+009B>\\n\\t<U+200B><U+007F><U+2764>");
    }

    #[test]
    fn texts_of_several_lines_keep_their_lines() {
        assert_eq!(visible("a\x1b[2J\r\n\tb\rc\u{202e}\u{9b}\n"), "a␛[2J\r\n\tb␍c<U+202E><U+009B>\n");
        assert!(matches!(visible("plain ❤\u{fe0f}\n"), Cow::Borrowed(_)));
        assert_eq!(one_line("a\nb"), "a␊b");
    }

    #[test]
    fn the_invisible_ranges_are_sorted() {
        assert!(INVISIBLE.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert!(INVISIBLE.iter().all(|(first, last)| first <= last));
    }

    #[test]
    fn json_loses_nothing_and_hides_nothing() {
        let text = "a\x1b\u{202e}\u{9b}\x7f\u{e0041}钥\u{2028}";
        let json = escape_json(serde_json::to_string(text).unwrap());
        assert_eq!(json, "\"a\\u001b\\u202e\\u009b\\u007f\\udb40\\udc41钥\\u2028\"");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn long_texts_are_clipped() {
        let shown = Text::scrubbed("x".repeat(1_000_000)).to_string();
        assert_eq!(shown.chars().count(), MAX_SHOWN + 1);
    }

    #[test]
    fn paragraphs_are_joined_and_lists_are_not() {
        assert_eq!(joined("一行，\n`a` 和\nb\n字"), "一行， `a` 和 b 字".replace("， `", "，`"));
        assert_eq!(joined("one\n`two`\nthree"), "one `two` three");
        assert_eq!(joined("- a\n- b"), "- a\n- b");
        assert_eq!(joined("```sh\na\n```"), "```sh\na\n```");
    }

    #[test]
    fn lines_break_at_spaces_and_between_wide_characters() {
        assert_eq!(wrap("one two three", 7, 5), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4, 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("钥匙不对。请改", 6, 8), ["钥匙不", "对。请改"]);
        assert_eq!(wrap("", 5, 5), [""]);
        assert_eq!(wrap("改为（甲）。", 6, 6), ["改为", "（甲）", "。"].map(str::to_owned).to_vec().as_slice());
        assert!(wrap("钥匙 abc", 3, 3).iter().all(|line| width(line) <= 3));
    }
}
