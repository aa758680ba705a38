//! Git repositories, read without running git: where one is, what its index holds, and files as they are staged.
//!
//! The only place that knows the variables git gives its hooks.

mod head;
mod host;
mod repository;
mod staged;

pub(super) use host::StagedHost;
pub(super) use repository::{Repository, current_dir};
pub(super) use staged::{Staged, path};
