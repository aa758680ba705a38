//! `completions`: what a shell needs to complete this program's arguments.

use clap::CommandFactory;
use openclaw_lint::language::{Language, Phrase};

use super::args::{Arguments, Completions};
use super::voice::Voice;
use super::{CLEAN, Outcome, Trouble, help, output, shells};

/// Wider than any sentence: shells break lines themselves.
const UNBROKEN: usize = 10_000;

pub(super) fn run(arguments: &Completions, voice: &Voice) -> Outcome {
    let mut command = Arguments::command();
    let language = voice.language();
    if language != Language::English {
        command = help::in_language(command, language, UNBROKEN);
    }
    let script = shells::script(arguments.shell, command).map_err(|error| Trouble(Phrase::new(error.to_string())))?;
    output::print(&script)?;
    Ok(CLEAN)
}
