//! Text of the linted files: spans, line numbers, files. Nothing here knows what the text means.

pub mod decode;
mod file;
mod hidden;
mod line_index;
mod span;

pub use file::{FileId, SourceFile, Sources};
pub(crate) use hidden::Hidden;
pub use line_index::{LineIndex, Position};
pub use span::Span;
