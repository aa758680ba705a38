//! The language server: findings as one types, fixes, hover, completion and navigation, for any editor.
//!
//! One thread reads and answers, another lints. What an edit has made old is dropped, never shown: a folder has a counter, each
//! change raises it, and a result counts only if nothing has changed since. Texts come from the open documents, everything
//! else from the [`Host`]. Nothing that is sent holds a credential: findings and fixes pass through the
//! redacted view, hover and completion name keys and variables, never values.

mod actions;
mod around;
mod client;
mod completion;
mod documents;
mod facts;
mod hover;
mod lint;
mod navigation;
mod outline;
mod overlay;
mod place;
mod requests;
mod server;
mod text;

use std::collections::BTreeMap;

use crossbeam_channel::unbounded;
use gen_lsp_types::InitializeParams;
use lsp_server::{Connection, ProtocolError};

use crate::host::Host;
use crate::language::Language;
use crate::project::Layout;
use crate::schema::Release;

use client::Client;
use server::Server;

/// The name of this server, and the source of its diagnostics.
pub(super) const NAME: &str = "openclaw-lint";

/// How to judge, before the client says otherwise.
#[derive(Clone, Debug)]
pub struct Start {
    /// The release to lint for.
    pub release: &'static Release,
    /// Whether a newer release than the newest known one may know more keys.
    pub mild: bool,
    /// The layout; `None`: read off each file.
    pub layout: Option<Layout>,
    /// The environment of the process, used when it or the client says so.
    pub environment: BTreeMap<String, String>,
    /// Whether it is the top layer of variables.
    pub process_env: bool,
    /// Whether to look at files of this machine that configs name, besides the included ones.
    pub host_checks: bool,
    /// The language of messages; `None`: the client's.
    pub language: Option<Language>,
}

/// Serves one client until it says goodbye; whether it did so as the protocol asks (shutdown, then exit).
///
/// # Errors
/// When the client breaks the protocol: no `initialize`, or no more messages in the middle of something.
pub fn serve(connection: &Connection, start: Start, machine: &dyn Host) -> Result<bool, ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    // Parts that cannot be read are as if they were not there: a client is never refused for them.
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let client = Client::of(&params);
    connection.initialize_finish(id, client.answer())?;
    let (tasks, to_do) = unbounded();
    let (done, results) = unbounded();
    std::thread::scope(|scope| {
        scope.spawn(move || lint::work(&to_do, &done, machine));
        // Its end closes the channel of tasks, and so the thread.
        Server::new(connection, machine, client, start, &params, tasks).run(&results)
    })
}
