//! The linted files themselves. Text is kept as it was read; nothing here may print it.

use std::fmt;
use std::sync::OnceLock;

use super::{LineIndex, Position, Span};

/// Index of a file in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// One file: how it is shown and what it holds.
pub struct SourceFile {
    name: String,
    text: String,
    lines: OnceLock<LineIndex>,
}

// The text may hold credentials: debug output shows its length only.
impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceFile").field("name", &self.name).field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

impl SourceFile {
    /// A file shown as `name` (a path relative to where the run started, or what the caller calls it).
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), lines: OnceLock::new() }
    }

    /// The name for reports.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, as read (a byte-order mark is still there).
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line starts, indexed on first use: a clean file never pays for it.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column (both from 1, columns in characters) of a byte offset.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }

    /// The text under `span`.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        span.slice(&self.text)
    }
}

/// All files of a run; ids are handed out in order.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        id
    }

    /// The file with this id.
    ///
    /// Ids come from [`Sources::add`] of the same value; a foreign id answers with `None`.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }
}
