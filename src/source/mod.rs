//! Text of the linted files: spans and line numbers. Nothing here knows what the text means.

mod line_index;
mod span;

pub use line_index::{LineIndex, Position};
pub use span::Span;
