//! A static linter for OpenClaw configuration: every `openclaw*.json` variant and the env files beside it.
//!
//! Data flows one way: discover, source, syntax, project, check, report. See `docs/architecture.md` for what each
//! module may know of the others.
//!
//! [`Linter`] lints texts that are in memory; `docs/library.md` shows how. [`check::run`] is what it stands on.

mod bundled;
mod bytes;
pub mod check;
pub mod credentials;
pub mod discover;
pub mod finding;
pub mod fix;
pub mod host;
pub mod language;
mod linter;
pub mod lsp;
pub mod policy;
pub mod project;
pub mod redact;
pub mod report;
pub mod rules;
pub mod schema;
pub mod source;
pub mod syntax;

pub use linter::Linter;
