//! Fixes: from what a rule says to edits of the text, and edits applied, checked again and only then kept.
//!
//! Edits touch what is wrong and nothing else: comments, order, indentation, quotes and line endings stay. No edit ever
//! writes a value that may be a credential.

mod apply;
mod edits;

pub use apply::{Mended, mend};
pub(crate) use edits::resolve;
