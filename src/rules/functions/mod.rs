//! Named functions that rules call where JSON Schema cannot say it. Each is general: what it looks for comes from its
//! options and from the tables.

use std::any::Any;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::project::Project;
use crate::source::Sources;

use super::engine::Context;
use super::model::Call;
use super::select::Target;
use super::violation::Violation;

mod agree;
mod azure;
mod base_url;
mod conflicts;
mod credential;
mod different;
mod direct_messages;
mod drift;
mod endpoint;
mod env;
mod gateway_auth;
mod held;
mod inside;
pub(crate) mod inventory;
mod jwt;
mod layers;
mod layout;
mod names;
mod no_proxy;
mod one_of;
mod ordered;
mod plain_secrets;
mod references;
mod required;
mod retired;
mod roster;
mod secret_provider;
mod unique;
mod variants;
pub(crate) mod workspace;

/// What a function may look at.
#[derive(Debug)]
pub struct Input<'a> {
    /// All files of the folder.
    pub project: &'a Project,
    /// Their texts.
    pub sources: &'a Sources,
    /// Clock and target release.
    pub context: &'a Context,
    /// What the rule has selected, in file order.
    pub targets: &'a [Target<'a>],
}

/// A named function.
pub struct Function {
    /// The name in rule files.
    pub name: &'static str,
    /// A JSON Schema (draft-07) for its options.
    pub options: &'static str,
    run: fn(&Call, &Input<'_>) -> Vec<Violation>,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Function").field("name", &self.name).finish_non_exhaustive()
    }
}

/// All functions, sorted by name.
pub const FUNCTIONS: &[Function] = &[
    azure::AZURE,
    azure::FIELDS,
    azure::VERSION,
    base_url::BASE_URL,
    conflicts::AUTHENTICATION,
    credential::CREDENTIAL,
    conflicts::DEFAULT_PROVIDER,
    different::DIFFERENT,
    direct_messages::DIRECT_MESSAGES,
    agree::AGREE,
    env::DUPLICATES,
    env::LINES,
    env::NAMES,
    env::VALUES,
    drift::DRIFT,
    gateway_auth::GATEWAY_AUTH,
    inside::INSIDE,
    jwt::JWT,
    layers::LAYERS,
    layout::LAYOUT,
    drift::MISSING,
    no_proxy::NO_PROXY,
    one_of::ONE_OF,
    ordered::ORDERED,
    plain_secrets::PLAIN_SECRETS,
    references::REFERENCES,
    required::REQUIRED,
    retired::RETIRED,
    roster::ROSTER,
    secret_provider::SECRET_PROVIDER,
    variants::SHARED,
    unique::UNIQUE,
    drift::UNUSED,
    variants::VARIANTS,
    workspace::WORKSPACE,
];

/// Options of functions that take none.
const NO_OPTIONS: &str = r#"{ "type": "object", "maxProperties": 0 }"#;

/// The function with this name.
#[must_use]
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// Makes a call; an unknown name finds nothing (the loader refuses rules that name one).
pub(super) fn call(call: &Call, input: &Input<'_>) -> Vec<Violation> {
    function(&call.name).map(|function| (function.run)(call, input)).unwrap_or_default()
}

/// The options of a call, which have been checked against the function's schema; defaults when there are none. They are read
/// once: a run makes the same call for every config.
fn options<T: DeserializeOwned + Default + Send + Sync + 'static>(call: &Call) -> Arc<T> {
    let read = || call.options.as_ref().and_then(|options| serde_json::from_str(options).ok()).unwrap_or_default();
    let known = call.read.get_or_init(|| Arc::new(read()) as Arc<dyn Any + Send + Sync>);
    // A call is one of one function, which has one type of options.
    Arc::clone(known).downcast().unwrap_or_else(|_| Arc::new(read()))
}
