//! Subcommands. The only place of the project that prints.

mod args;
mod auth;
mod check;
mod completions;
mod convert;
mod env_file;
mod files_from;
mod fix;
mod format;
mod git;
mod help;
mod hook;
mod init;
mod lsp;
mod output;
mod progress;
mod prose;
mod replace;
mod rules;
mod schema;
mod shells;
mod staged;
mod stream;
mod upgrade;
mod voice;

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use openclaw_lint::language::Phrase;
use openclaw_lint::report::one_line;

use args::{Arguments, CheckAlone, Command};
use voice::Voice;

/// Nothing at or above the threshold.
const CLEAN: u8 = 0;
/// Findings at or above it.
const FINDINGS: u8 = 1;
/// Usage, unreadable input, or an internal error.
const TROUBLE: u8 = 2;

/// Runs the command line of this process.
pub(crate) fn run() -> ExitCode {
    if let Some((matches, arguments)) = check_alone() {
        let voice = Voice::new(arguments.global.lang);
        return ended(check::run(&arguments.check, &voice, Some(&matches)), &voice);
    }
    let matches = match Arguments::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let language = Voice::of_arguments(std::env::args()).language();
            help::print(Arguments::command(), &error, language, output::columns());
            // Help and version are no errors.
            return ExitCode::from(if error.use_stderr() { TROUBLE } else { CLEAN });
        }
    };
    match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => {
            let voice = Voice::new(arguments.global.lang);
            ended(command(&arguments.command, &voice, &matches), &voice)
        }
        Err(error) => ended(Err(Trouble(Phrase::new(error.to_string()))), &Voice::default()),
    }
}

/// What `check` is asked, if that is what is asked and nothing is wrong with it or wants help.
fn check_alone() -> Option<(ArgMatches, CheckAlone)> {
    let own: Vec<_> = std::env::args_os().skip(1).collect();
    own.first().filter(|name| *name == "check")?;
    let matches = CheckAlone::command().try_get_matches_from(own).ok()?;
    let arguments = CheckAlone::from_arg_matches(&matches).ok()?;
    Some((matches, arguments))
}

fn ended(result: Outcome, voice: &Voice) -> ExitCode {
    match result {
        Ok(code) => ExitCode::from(code),
        Err(Trouble(phrase)) => {
            output::complain(&voice.say(&phrase));
            ExitCode::from(TROUBLE)
        }
    }
}

fn command(command: &Command, voice: &Voice, matches: &ArgMatches) -> Outcome {
    match command {
        Command::Check(arguments) => check::run(arguments, voice, matches.subcommand_matches("check")),
        Command::Rules(arguments) => rules::list(arguments, voice),
        Command::Explain(arguments) => rules::explain(arguments, voice),
        Command::Fix(arguments) => fix::run(arguments, voice),
        Command::Auth(arguments) => auth::run(arguments, voice),
        Command::Upgrade(arguments) => upgrade::run(arguments, voice),
        Command::Convert(arguments) => convert::run(arguments, voice),
        Command::Lsp(arguments) => lsp::run(arguments, voice),
        Command::Init => init::run(voice),
        Command::Hook { action } => hook::run(action, voice),
        Command::Schema { action } => schema::run(action, voice),
        Command::Completions(arguments) => completions::run(arguments, voice),
    }
}

/// What keeps a command from doing its work, for the person who typed it.
#[derive(Debug)]
pub(crate) struct Trouble(Phrase);

impl Trouble {
    /// About a file, with what the system says.
    fn of_file(phrase: &'static str, file: &Path, error: &dyn Display) -> Self {
        let phrase = Phrase::new(phrase).with("file", one_line(&file.display().to_string()));
        Self(phrase.with("error", Phrase::new(error.to_string())))
    }
}

type Outcome = Result<u8, Trouble>;
