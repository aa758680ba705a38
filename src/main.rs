//! The command line: arguments in, text and an exit code out. Everything that decides lives in the library.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
