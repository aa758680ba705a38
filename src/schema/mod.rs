//! What a configuration may contain, by OpenClaw release and for the guide layout, and what a validation error means for
//! a person. The only user of `jsonschema`.
//!
//! [`validate()`] judges a config by a release: it [`prune`]s the schema at [`Store::root`] by the config's value, builds the
//! result with an [`Engine`], and reads each error with [`SchemaRef::owner`], which leads from the pruned schema back to
//! the whole one.

mod accept;
mod behaviour;
mod belongs;
mod branch;
mod cut;
mod engine;
mod fragment;
mod history;
mod import;
mod instance;
mod keywords;
mod lazy;
mod lifetime;
mod members;
mod official;
mod pattern;
mod prune;
mod room;
mod store;
pub mod suggest;
mod uri;
mod validate;
mod version;

use std::sync::OnceLock;

use serde_json::Value;

pub use behaviour::{Behaviour, behaviour};
pub use engine::Engine;
pub(crate) use fragment::Compiled;
pub use fragment::{Failure, Fragment, SLOW_PATTERN};
pub use history::takes;
pub(crate) use history::{dropped, migration};
pub use import::normalise;
pub use instance::Tree;
pub use keywords::{Holds, applies_to, holds, is_annotation};
pub(crate) use lifetime::lifetime;
pub use prune::{Instance, Shape, prune};
pub use store::{Release, SchemaRef, Store, fingerprint};
pub use uri::can_parse as can_parse_url;
pub use validate::{Issue, Judge, shown_value, validate};
pub use version::{Version, VersionError};

/// The schema of the guide layout (`schemas/guide.json`), with titles and descriptions for hover.
#[must_use]
pub fn guide() -> &'static Value {
    static GUIDE: OnceLock<Value> = OnceLock::new();
    GUIDE.get_or_init(|| {
        // A test reads this very file; an empty schema would accept every document.
        serde_json::from_str(include_str!("../../schemas/guide.json")).unwrap_or(Value::Bool(true))
    })
}
