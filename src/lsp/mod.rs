//! The language server: findings as one types, fixes, hover, completion and navigation, for any editor.
//!
//! One thread reads and answers, another lints. What an edit has made old is dropped, never shown: a folder has a counter, each
//! change raises it, and a result counts only if nothing has changed since. Texts come from the open documents, everything
//! else from the [`Host`]. Nothing that is sent holds a credential: findings and fixes pass through the
//! redacted view, hover, symbols and completion name keys and variables, never values, and pass through `shown`.

mod actions;
mod around;
mod client;
mod completion;
mod documents;
mod edits;
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

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crossbeam_channel::unbounded;
use gen_lsp_types::InitializeParams;
use lsp_server::{Connection, ErrorCode, Message, RequestId, Response};
use serde_json::Value as Json;

use crate::host::Host;
use crate::language::Language;
use crate::project::Layout;
use crate::redact::Secrets;
use crate::schema::Release;

use client::Client;
use server::Server;

/// The name of this server, and the source of its diagnostics.
pub(super) const NAME: &str = "openclaw-lint";

/// A name from a file as it may be sent: where a name should stand, somebody may have pasted a credential.
fn shown(name: &str) -> Cow<'_, str> {
    Secrets::default().scrub(name)
}

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

/// The client went before it said `initialize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unserved;

impl fmt::Display for Unserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing has said `initialize`")
    }
}

impl std::error::Error for Unserved {}

/// Serves one client until it says goodbye; whether it did so as the protocol asks (shutdown, then exit).
///
/// Messages that do not belong where they come are answered or passed over, and no error quotes one: they hold texts of
/// documents. The handshake of `lsp_server` does otherwise, and panics when the client is gone.
///
/// # Errors
/// When there was no client at all.
pub fn serve(connection: &Connection, start: Start, machine: &dyn Host) -> Result<bool, Unserved> {
    let (id, params) = initialize(connection)?;
    // Parts that cannot be read are as if they were not there: a client is never refused for them.
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let client = Client::of(&params);
    // A client that is gone is seen at the next message.
    let _ = connection.sender.send(Response::new_ok(id, client.answer()).into());
    let (tasks, to_do) = unbounded();
    let (done, results) = unbounded();
    let goodbye = std::thread::scope(|scope| {
        scope.spawn(move || lint::work(&to_do, &done, machine));
        // Its end closes the channel of tasks, and so the thread.
        Server::new(connection, machine, client, start, &params, tasks).run(&results)
    });
    Ok(goodbye)
}

/// Waits for the first thing that a client has to say.
fn initialize(connection: &Connection) -> Result<(RequestId, Json), Unserved> {
    loop {
        match connection.receiver.recv().map_err(|_| Unserved)? {
            Message::Request(request) if request.method == "initialize" => return Ok((request.id, request.params)),
            Message::Request(request) => {
                let message = format!("{} comes before `initialize`", request.method);
                let response = Response::new_err(request.id, ErrorCode::ServerNotInitialized as i32, message);
                let _ = connection.sender.send(response.into());
            }
            Message::Notification(notification) if notification.method == "exit" => return Err(Unserved),
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
}
