//! The env-file front end: text to entries with spans, by the grammar of npm `dotenv` 17.4.2, which is what OpenClaw
//! loads its `.env` files with. What enters: the text of one file. What does not: which variables OpenClaw knows, where
//! files lie, which file wins; those are the project's business.
//!
//! [`parse`] never fails: the reference skips what it does not understand, and so do we, but the skipped lines are
//! kept in [`EnvFile::ignored`]. [`Entry::hazards`] tells where the grammar does something a person would not expect, and
//! [`reading`] what bash, Docker, Compose or systemd would make of the same entry.

mod hazards;
mod model;
mod parser;
mod readers;
mod scan;
mod value;

pub use hazards::{Hazard, HazardKind};
pub use model::{Entry, EnvFile, IgnoredLine, IgnoredReason, Quote, Separator};
pub use parser::parse;
pub use readers::{Difference, DifferenceKind, Reader, Reading, RejectReason, reading};
