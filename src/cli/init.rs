//! `init`: a commented configuration to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

use openclaw_lint::policy;

use super::{CLEAN, Outcome, Trouble, output};

const TEXT: &str = include_str!("init.json5");

/// Never writes over a file.
pub(super) fn run() -> Outcome {
    let Some(name) = policy::NAMES.first() else { return Ok(CLEAN) };
    let file = OpenOptions::new().write(true).create_new(true).open(name);
    let written = file.and_then(|mut file| file.write_all(TEXT.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Trouble(format!("{name} is there already")),
        _ => Trouble(format!("cannot write {name}: {error}")),
    })?;
    output::note(&format!("{name} written: it says what can be set"));
    Ok(CLEAN)
}
