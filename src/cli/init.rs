//! `init`: a commented configuration to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use openclaw_lint::language::{Language, Phrase};
use openclaw_lint::policy;

use super::voice::Voice;
use super::{CLEAN, Outcome, Trouble};

const ENGLISH: &str = include_str!("init.json5");
const CHINESE: &str = include_str!("init.zh-CN.json5");

/// Never writes over a file.
pub(super) fn run(voice: &Voice) -> Outcome {
    let Some(name) = policy::NAMES.first() else { return Ok(CLEAN) };
    let text = match voice.language() {
        Language::English => ENGLISH,
        Language::Chinese => CHINESE,
    };
    let file = OpenOptions::new().write(true).create_new(true).open(name);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Trouble(Phrase::new("{file} is there already").with("file", *name)),
        _ => Trouble::of_file("cannot write {file}: {error}", Path::new(name), &error),
    })?;
    voice.note(&Phrase::new("{file} written: it says what can be set").with("file", *name));
    Ok(CLEAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_say_the_same() {
        let read = |text: &str| json5::from_str::<serde_json::Value>(text).expect("JSON5");
        assert_eq!(read(ENGLISH), read(CHINESE));
        let settings = |text: &str| text.matches("// \"").count() + text.matches("// {").count();
        assert_eq!(settings(ENGLISH), settings(CHINESE));
        assert_eq!(ENGLISH.lines().count(), CHINESE.lines().count());
    }
}
