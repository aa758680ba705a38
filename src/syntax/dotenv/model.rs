//! What an env file is made of. Plain data; nothing here reads text.

use std::collections::HashMap;
use std::fmt;

use super::scan;
use crate::source::{Hidden, Span};

/// One parsed env file. Every span counts UTF-8 bytes in the original text, line breaks as they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFile {
    /// The assignments the grammar found, in file order.
    pub entries: Vec<Entry>,
    /// Lines that are neither blank nor comment and that the grammar skips without a word, in file order.
    pub ignored: Vec<IgnoredLine>,
    /// Every comment from its `#` to the end of its line, in file order: whole lines and those after a value.
    pub comments: Vec<Span>,
    /// Whether the text starts with a byte order mark. The reference takes it for a blank.
    pub has_bom: bool,
}

impl EnvFile {
    /// The entry that OpenClaw uses for `key`: the last one, names compared by case. Entries that OpenClaw drops
    /// ([`Entry::loaded`]) are never effective.
    #[must_use]
    pub fn effective(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.loaded && &*entry.key == key)
    }

    /// Groups of indices into `entries` that share a key, two or more each; groups in the order of their first
    /// member, members in file order. Only the last member of a group is effective.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Vec<usize>> {
        let mut group_of: HashMap<&str, usize> = HashMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let group = *group_of.entry(&entry.key).or_insert(groups.len());
            match groups.get_mut(group) {
                Some(members) => members.push(index),
                None => groups.push(vec![index]),
            }
        }
        groups.retain(|members| members.len() > 1);
        groups
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Entry");
        out.field("key", &self.key).field("value", &Hidden(&self.value)).field("quote", &self.quote);
        out.field("separator", &self.separator).field("export", &self.export).field("comment", &self.comment);
        out.field("span", &self.span).field("loaded", &self.loaded).finish_non_exhaustive()
    }
}

/// One assignment. Debug output does not show the value.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name, as written.
    pub key: Box<str>,
    /// Where the name stands, without `export`.
    pub key_span: Span,
    /// The value exactly as `dotenv` 17.4.2 yields it.
    pub value: Box<str>,
    /// The text inside the quotes, or the unquoted text without the blanks around it. Empty, and right after the
    /// separator, when there is no text at all.
    pub value_span: Span,
    /// Like `value_span`, with the quotes.
    pub raw_span: Span,
    /// The quotes that the grammar takes off. `None` also when a quote stands there but stays in the value.
    pub quote: Option<Quote>,
    /// What stands between name and value.
    pub separator: Separator,
    /// Where the `=` or `:` stands, one byte.
    pub separator_span: Span,
    /// Whether the word `export` stands before the name.
    pub export: bool,
    /// The comment after the value on the same line, from its `#` to the end of the line.
    pub comment: Option<Span>,
    /// The whole entry from `export` or name to the end of the value or of its comment, without the line break.
    pub span: Span,
    /// Whether OpenClaw takes the entry over. It drops every name that does not match `^[A-Za-z_][A-Za-z0-9_]*$`,
    /// and JavaScript itself swallows `__proto__`.
    pub loaded: bool,
}

impl Entry {
    /// Whether OpenClaw takes over an entry with this name.
    #[must_use]
    pub fn is_loadable(key: &str) -> bool {
        scan::is_identifier(key) && key != "__proto__"
    }
}

/// A quotation mark that the grammar knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quote {
    /// `'`
    Single,
    /// `"`, the only one in which `\n` and `\r` are escapes.
    Double,
    /// `` ` ``
    Backtick,
}

impl Quote {
    /// The quote that the byte stands for.
    pub(super) const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b'\'' => Some(Self::Single),
            b'"' => Some(Self::Double),
            b'`' => Some(Self::Backtick),
            _ => None,
        }
    }

    /// The quote's byte.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Single => b'\'',
            Self::Double => b'"',
            Self::Backtick => b'`',
        }
    }
}

/// What separates name and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Separator {
    /// `=`, blanks allowed on both sides.
    Equals,
    /// `:`, right after the name and followed by a blank.
    Colon,
}

/// A line that sets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IgnoredLine {
    /// The line without the blanks around it.
    pub span: Span,
    /// Why the grammar skips it.
    pub reason: IgnoredReason,
}

/// Why a line is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IgnoredReason {
    /// No `=` and no `: ` in the line, so there is no value.
    NoSeparator,
    /// `NAME:value`; a colon separates only when a blank follows.
    ColonWithoutBlank,
    /// A separator, but what stands before it is no name: a blank inside, a quote, a letter outside ASCII.
    BadKey,
    /// A separator with nothing before it.
    NoKey,
    /// A comment in another language's style (`;` or `//`).
    ForeignComment,
}
