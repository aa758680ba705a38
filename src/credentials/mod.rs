//! Provider facts and what follows from them: key formats, markers, placeholders, tokens, Azure names.
//!
//! Values to be judged may enter; nothing that carries a value leaves, and nothing here knows files, findings or rules.
//! All facts stand in `rules/providers.json5`.

pub mod azure;
mod clean;
mod judge;
pub mod jwt;
mod packed;
mod placeholder;
mod redact;
mod secret_key;
pub mod shape;
mod suggest;
#[doc(hidden)]
pub mod synthetic;
mod table;

pub use clean::{CleanReason, Cleaned, Removed, clean};
pub use judge::{Detected, Judgement, Slot, detect, judge};
pub use placeholder::PlaceholderReason;
pub(crate) use placeholder::is_harmless;
pub use redact::find_secrets;
pub use secret_key::{is_secret_key, may_be_secret};
pub use suggest::{Suggestion, SuggestionReason};
pub use table::{
    Azure, AzureCloud, AzureHost, AzureService, Category, Confidence, EnvKind, EnvRole, GuideProvider, KeyFormat,
    KnownEnv, Lookalike, Markers, Misread, Owner, Placeholders, Provider, Redaction, Table, Verify, WeakGateway,
    check_table, table,
};

#[cfg(test)]
mod tests;
