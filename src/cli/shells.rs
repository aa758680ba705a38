//! Scripts that complete arguments, for shells. It knows no other module, so that `xtask dist` can use it as well.

use std::io;

use clap::Command;
use clap_complete::Shell;

/// The script of a shell for this program.
///
/// # Errors
/// When the script is not UTF-8.
pub(crate) fn script(shell: Shell, mut command: Command) -> io::Result<String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "openclaw-lint", &mut script);
    let script = String::from_utf8(script).map_err(io::Error::other)?;
    // clap_complete spells a program's hyphen in two ways, so that bash offers nothing behind a command
    // (https://github.com/clap-rs/clap/issues/6421).
    Ok(script.replace("openclaw__subcmd__lint", "openclaw__lint"))
}
