//! Where text goes: standard output, files, standard error; and what the terminal can show.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;

use anstream::{AutoStream, ColorChoice as Choice};
use openclaw_lint::language::{Language, Phrase};
use openclaw_lint::report::visible;

use super::Trouble;
use super::args::{ColorChoice, Look};
use super::replace::replace;

/// Columns where no terminal says otherwise.
const COLUMNS: u16 = 80;

/// What standard output can show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    pub(super) color: bool,
    pub(super) unicode: bool,
    pub(super) width: usize,
}

impl Terminal {
    /// What was asked for, else what the terminal says. Who reads another language than English reads its letters.
    pub(super) fn detect(look: &Look, language: Language) -> Self {
        let color = match look.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => AutoStream::choice(&io::stdout()) != Choice::Never,
        };
        let width = look.width.map_or_else(columns, usize::from);
        Self { color, unicode: speaks_unicode() || language != Language::English, width }
    }

    /// A file shows no colours.
    pub(super) const fn plain() -> Self {
        Self { color: false, unicode: true, width: COLUMNS as usize }
    }
}

/// Columns of the terminal.
pub(super) fn columns() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0);
    usize::from(terminal.unwrap_or(COLUMNS))
}

/// POSIX: the first of these variables that is set decides; an unset locale is the C locale, but most terminals of today
/// that do not say so still read UTF-8.
fn speaks_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8") || !matches!(locale.as_str(), "c" | "posix")
    })
}

/// Writes to standard output. A reader that has gone away (`| head`) is no error.
pub(super) fn print(text: &str) -> Result<(), Trouble> {
    print_part(text).map(drop)
}

/// As [`print`], for a part of a text: `Break` says that nobody reads the rest.
pub(super) fn print_part(text: &str) -> Result<ControlFlow<()>, Trouble> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => {
            let phrase = Phrase::new("cannot write the report: {error}");
            Err(Trouble(phrase.with("error", Phrase::new(error.to_string()))))
        }
    }
}

/// Writes a file. What was in it stays when that fails; a pipe or a device is written to as it is.
pub(super) fn write(file: &Path, text: &str) -> Result<(), Trouble> {
    let there = std::fs::symlink_metadata(file);
    // A link is followed, be it to nothing.
    let is_link = there.as_ref().is_ok_and(std::fs::Metadata::is_symlink);
    let is_plain = if is_link { file.is_file() } else { there.is_ok_and(|there| there.is_file()) || !file.exists() };
    let written = if is_plain { replace(file, text.as_bytes(), 0o666) } else { std::fs::write(file, text) };
    let written = written.or_else(|error| match error.kind() {
        // A file that may be written in a folder that may not.
        io::ErrorKind::PermissionDenied if is_plain => std::fs::write(file, text),
        _ => Err(error),
    });
    written.map_err(|error| Trouble::of_file("cannot write {file}: {error}", file, &error))
}

/// Says on standard error what went wrong.
pub(super) fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "openclaw-lint: {}", visible(message));
}

/// Says on standard error what a person may want to know.
pub(super) fn note(message: &str) {
    let _ = writeln!(io::stderr(), "{}", visible(message));
}

/// How wide the terminal is that shows standard error; `None` when that goes elsewhere.
pub(super) fn stderr_columns() -> Option<usize> {
    let columns = || terminal_size::terminal_size_of(io::stderr()).map_or(COLUMNS, |(width, _)| width.0);
    io::stderr().is_terminal().then(|| usize::from(columns()))
}

/// Writes to standard error what does not matter: a bar, or nothing at all.
pub(super) fn show(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
