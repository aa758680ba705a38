//! Lines for env files, with the credentials that leave a config.

use std::fs;
use std::path::Path;

use openclaw_lint::fix::Variable;
use openclaw_lint::syntax::dotenv;

use super::Trouble;
use super::replace::append;

/// An env file as it is; empty when there is none yet.
pub(super) fn read(file: &Path) -> Result<String, Trouble> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Trouble::of_file("cannot read {file}: {error}", file, &error)),
    }
}

/// Adds lines to an env file that only its owner can read; says how many could not be written. Names that are there stay.
pub(super) fn add(file: &Path, variables: &[Variable]) -> Result<usize, Trouble> {
    let old = read(file)?;
    let known = dotenv::parse(&old);
    let mut added = if old.is_empty() || old.ends_with('\n') { String::new() } else { "\n".to_owned() };
    let mut left = 0;
    for variable in variables {
        let is_new = !known.entries.iter().any(|entry| *entry.key == *variable.name);
        match variable.line().filter(|_| is_new) {
            Some(line) => added.push_str(&line),
            None => left += 1,
        }
    }
    append(file, added.as_bytes()).map_err(|error| Trouble::of_file("cannot write {file}: {error}", file, &error))?;
    Ok(left)
}
