//! Fixes: from what a rule says to edits of the text, and edits applied, checked again and only then kept.
//!
//! Edits touch what is wrong and nothing else: comments, order, indentation, quotes and line endings stay. No edit ever
//! writes a value that may be a credential.

mod apply;
mod convert;
mod edits;
mod extract;
mod sheet;
#[cfg(test)]
mod tests;

pub use apply::{Mended, mend};
pub(crate) use apply::{compatible, edited};
pub use convert::{Converted, Note, Variable, convert};
pub(crate) use edits::resolve;
pub use extract::{Place, extract};
