//! `FORMAT` and `FORMAT=FILE`: what a report is written in, and where to.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Command, Error};

use super::args::Format;

/// A report that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Its format.
    pub(crate) format: Format,
    /// Where it goes; none: where a following `--output` says, else to standard output.
    pub(crate) file: Option<PathBuf>,
}

/// Reads a [`Wanted`]; help, completions and errors list the formats.
#[derive(Clone)]
pub(crate) struct WantedParser;

impl TypedValueParser for WantedParser {
    type Value = Wanted;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Wanted, Error> {
        let formats = EnumValueParser::<Format>::new();
        // A name that is not Unicode may follow the sign, and every format is ASCII.
        let bytes = value.as_encoded_bytes();
        let sign = bytes.iter().position(|byte| *byte == b'=').filter(|at| at + 1 < bytes.len());
        let Some(name) = sign.and_then(|at| std::str::from_utf8(bytes.get(..at)?).ok()) else {
            return formats.parse_ref(command, argument, value).map(|format| Wanted { format, file: None });
        };
        let format = formats.parse_ref(command, argument, OsStr::new(name))?;
        Ok(Wanted { format, file: Some(file_after(value, name.len() + 1)) })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let formats: Vec<PossibleValue> = EnumValueParser::<Format>::new().possible_values()?.collect();
        Some(Box::new(formats.into_iter()))
    }
}

/// The rest of an argument, from a byte that stands behind ASCII.
#[cfg(unix)]
fn file_after(value: &OsStr, from: usize) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(value.as_bytes().get(from..).unwrap_or_default()))
}

/// The rest of an argument, from a byte that stands behind ASCII.
#[cfg(not(unix))]
fn file_after(value: &OsStr, from: usize) -> PathBuf {
    PathBuf::from(value.to_string_lossy().get(from..).unwrap_or_default())
}
