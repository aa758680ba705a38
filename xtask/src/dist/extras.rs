//! Completions and man pages, made from the program's own arguments.

use clap::{Command, CommandFactory as _, ValueEnum as _};
use clap_complete::{Generator as _, Shell};
use clap_mangen::Man;

use super::{Files, NAME, Result, plain};

#[allow(dead_code, unreachable_pub, reason = "the program's own file, of which only the command is needed")]
#[path = "../../../src/cli/args.rs"]
mod args;
#[path = "../../../src/cli/shells.rs"]
mod shells;

/// The command as the program has it. Its own `version` is this tool's here.
fn command() -> Command {
    args::Arguments::command().name(NAME)
}

/// A script for each shell.
pub(super) fn completions() -> Result<Files> {
    let script =
        |shell: &Shell| -> Result<_> { Ok((shell.file_name(NAME), plain(shells::script(*shell, command())?))) };
    Shell::value_variants().iter().map(script).collect()
}

/// A page for the program and for each of its commands.
pub(super) fn manual(version: &str) -> Result<Files> {
    // clap keeps what is there for the whole run.
    let own: &'static str = version.to_owned().leak();
    let mut command = command().version(own).disable_help_subcommand(true);
    command.build();
    let mut pages = Files::new();
    add(&command, version, &mut pages)?;
    Ok(pages)
}

fn add(command: &Command, version: &str, pages: &mut Files) -> Result<()> {
    let page = Man::new(command.clone()).source(format!("{NAME} {version}")).manual("OpenClaw Lint");
    let mut text = Vec::new();
    page.render(&mut text)?;
    pages.insert(page.get_filename(), plain(text));
    command.get_subcommands().filter(|inner| !inner.is_hide_set()).try_for_each(|inner| add(inner, version, pages))
}
