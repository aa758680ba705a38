//! A static linter for OpenClaw configuration: every `openclaw*.json` variant and the env files beside it.
//!
//! Data flows one way: discover, source, syntax, project, check, report. See `docs/architecture.md` for what each
//! module may know of the others.

pub mod check;
pub mod credentials;
pub mod discover;
pub mod finding;
pub mod fix;
pub mod host;
pub mod language;
pub mod lsp;
pub mod policy;
pub mod project;
pub mod redact;
pub mod report;
pub mod rules;
pub mod schema;
pub mod source;
pub mod syntax;
