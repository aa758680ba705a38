//! The rule model, the catalogue of bundled rules, the engine and the named functions that rules call.
//!
//! A rule is a data file in `rules/`. What is Rust here is general: nothing in this folder knows a provider, a key of
//! OpenClaw's configuration or the words of a message.

mod after;
mod catalog;
mod engine;
pub mod functions;
mod listed;
pub mod model;
mod packed;
mod path;
mod places;
mod select;
mod sets;
mod steps;
mod violation;
mod written;

pub use crate::bundled::Items;
pub use after::{AfterRefusal, Step};
pub use catalog::{Catalog, Documentation, Example, Examples};
pub(crate) use engine::is_large;
pub use engine::{Context, run};
pub use functions::inventory::{Credential, Layer, State};
pub(crate) use functions::inventory::{inventory, live_credentials};
pub(crate) use functions::workspace::ignores as workspace_ignores;
pub(crate) use listed::listed;
pub use path::{JsonPath, WrittenPath};
pub use select::Target;
pub use violation::Violation;
