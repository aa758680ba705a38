//! Subcommands. The only place of the project that prints.

mod args;
mod auth;
mod check;
mod fix;
mod init;
mod output;
mod progress;
mod rules;
mod schema;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::{Arguments, Command};

/// Nothing at or above the threshold.
const CLEAN: u8 = 0;
/// Findings at or above it.
const FINDINGS: u8 = 1;
/// Usage, unreadable input, or an internal error.
const TROUBLE: u8 = 2;

/// Runs the command line of this process.
pub(crate) fn run() -> ExitCode {
    let matches = match Arguments::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version are no errors; clap knows where each belongs.
            let trouble = error.use_stderr();
            let _ = error.print();
            return ExitCode::from(if trouble { TROUBLE } else { CLEAN });
        }
    };
    let result = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => match arguments.command {
            Command::Check(check) => check::run(&check, matches.subcommand_matches("check")),
            Command::Rules(arguments) => rules::list(&arguments),
            Command::Explain(arguments) => rules::explain(&arguments),
            Command::Fix(arguments) => fix::run(&arguments),
            Command::Auth(arguments) => auth::run(&arguments),
            Command::Init => init::run(),
            Command::Schema { action } => schema::run(&action),
        },
        Err(error) => Err(Trouble(error.to_string())),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(Trouble(message)) => {
            output::complain(&message);
            ExitCode::from(TROUBLE)
        }
    }
}

/// What keeps a command from doing its work, in words for the person who typed it.
#[derive(Debug)]
pub(crate) struct Trouble(String);

type Outcome = Result<u8, Trouble>;
