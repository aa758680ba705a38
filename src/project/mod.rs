//! What OpenClaw would see: values with their origins, layouts, layers of variables. No checks are made here.

mod agent;
mod config;
mod environment;
pub mod include;
mod keys;
pub mod layout;
pub mod reference;
pub mod rewrite;
mod substitute;
mod value;

use crate::discover::Role;
use crate::source::FileId;
use crate::syntax::dotenv;

pub(crate) use agent::agent_id;
pub use config::{Config, Options, Written, plain};
pub use environment::Environment;
pub use layout::Layout;
pub use substitute::VariableUse;
pub use value::{Kind, Member, Members, Origin, Path, Segment, Value};

/// The files of one folder: configs and the env files beside them.
#[derive(Debug, Default)]
pub struct Project {
    /// Configs that could be read, sorted by name.
    pub configs: Vec<Config>,
    /// Env files, in the order in which OpenClaw would load them.
    pub env_files: Vec<EnvFile>,
    /// What the configs can see of variables.
    pub environment: Environment,
}

/// An env file as the checks see it.
#[derive(Debug)]
pub struct EnvFile {
    /// Its id.
    pub file: FileId,
    /// Its file name without folders.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Whether it is the `.env` of the folder in which OpenClaw is started: it comes before the others, and many names in it
    /// are not loaded.
    pub workspace: bool,
    /// Its entries.
    pub parsed: dotenv::EnvFile,
}
