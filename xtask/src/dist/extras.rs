//! Completions and man pages, made from the program's own arguments.

use clap::{Command, CommandFactory as _, ValueEnum as _};
use clap_complete::{Generator as _, Shell};
use clap_mangen::Man;

use super::{Files, NAME, Result, plain};

#[allow(dead_code, unreachable_pub, reason = "the program's own file, of which only the command is needed")]
#[path = "../../../src/cli/args.rs"]
mod args;
#[path = "../../../src/cli/format.rs"]
mod format;
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
    // Without a date, what follows would slip into its place.
    let text = String::from_utf8(text)?.replacen(" 1  \"", " 1 \"\" \"", 1);
    pages.insert(page.get_filename(), plain(text));
    command.get_subcommands().filter(|inner| !inner.is_hide_set()).try_for_each(|inner| add(inner, version, pages))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn there_is_a_page_for_every_command() {
        let pages = manual("1.2.3").expect("pages");
        for command in command().get_subcommands() {
            let name = format!("openclaw-lint-{}.1", command.get_name());
            assert!(pages.contains_key(&name), "{name}");
        }
        let text = String::from_utf8_lossy(&pages["openclaw-lint-schema-print.1"].bytes);
        assert!(text.contains(".TH openclaw-lint-schema-print 1 \"\" \"openclaw-lint 1.2.3\""), "{text}");
        assert!(text.contains("\\fB\\-\\-openclaw\\-version\\fR"), "{text}");
    }

    #[test]
    fn groff_has_nothing_to_warn_of() {
        for (name, page) in manual("1.2.3").expect("pages") {
            let mut groff = Command::new("groff");
            groff.args(["-man", "-Tutf8", "-ww", "-z"]).stdin(Stdio::piped()).stderr(Stdio::piped());
            let Ok(mut child) = groff.spawn() else {
                eprintln!("skipped: there is no groff here");
                return;
            };
            child.stdin.take().expect("its standard input").write_all(&page.bytes).expect("the page");
            let output = child.wait_with_output().expect("groff ends");
            assert!(
                output.status.success() && output.stderr.is_empty(),
                "{name}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }

    #[test]
    fn there_are_completions_for_every_shell() {
        let names: Vec<String> = completions().expect("scripts").into_keys().collect();
        let expected =
            ["_openclaw-lint", "_openclaw-lint.ps1", "openclaw-lint.bash", "openclaw-lint.elv", "openclaw-lint.fish"];
        assert_eq!(names, expected);
    }
}
