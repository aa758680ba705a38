//! `lsp`: the language server over standard input and output.

use lsp_server::Connection;
use openclaw_lint::host::RealHost;
use openclaw_lint::language::Phrase;
use openclaw_lint::lsp::{Start, serve};

use super::args::Lsp;
use super::check::{layout, process_env};
use super::voice::Voice;
use super::{CLEAN, FINDINGS, Outcome, Trouble, schema};

pub(super) fn run(arguments: &Lsp, voice: &Voice) -> Outcome {
    let start = Start {
        release: schema::release(&arguments.openclaw_version, voice)?,
        mild: arguments.openclaw_version == "auto",
        layout: layout(arguments.layout),
        environment: process_env(),
        process_env: arguments.process_env,
        host_checks: arguments.host_checks,
        language: voice.chosen(),
    };
    let (connection, threads) = Connection::stdio();
    let ended = serve(&connection, start, &RealHost);
    // The thread that writes ends with the channel.
    drop(connection);
    let ended = ended.map_err(|error| {
        let error = Phrase::new(error.to_string());
        Trouble(Phrase::new("this is not the Language Server Protocol: {error}").with("error", error))
    })?;
    if !ended {
        // The thread that reads may wait for more of what nobody sends.
        return Ok(FINDINGS);
    }
    threads.join().map_err(|error| {
        Trouble(Phrase::new("cannot write to the editor: {error}").with("error", Phrase::new(error.to_string())))
    })?;
    Ok(CLEAN)
}
