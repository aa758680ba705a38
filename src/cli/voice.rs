//! The language of a run: what `--lang` says, else the linter's configuration, else the locale.

use std::path::Path;
use std::sync::OnceLock;

use openclaw_lint::host::RealHost;
use openclaw_lint::language::{Language, Phrase};
use openclaw_lint::policy::Policies;

use super::output;

/// Who speaks on standard error, in which language. It is found out when there is something to say.
#[derive(Debug, Default)]
pub(super) struct Voice {
    asked: Option<Language>,
    settled: OnceLock<Language>,
}

impl Voice {
    /// With what `--lang` says.
    pub(super) fn new(asked: Option<Language>) -> Self {
        Self { asked, settled: OnceLock::new() }
    }

    /// With what `--lang` says in arguments that cannot be read otherwise.
    pub(super) fn of_arguments(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut asked = None;
        while let Some(argument) = arguments.next() {
            match argument.strip_prefix("--lang") {
                Some("") => asked = arguments.next(),
                Some(value) => asked = value.strip_prefix('=').map(str::to_owned),
                None => {}
            }
        }
        Self::new(asked.and_then(|tag| Language::from_tag(&tag)))
    }

    /// What `--lang` says.
    pub(super) const fn chosen(&self) -> Option<Language> {
        self.asked
    }

    /// The language; where no file has been looked at, the configuration of the current folder counts.
    pub(super) fn language(&self) -> Language {
        let here = || Policies::find(std::iter::once(Path::new("")), &[], &RealHost).language();
        *self.settled.get_or_init(|| self.asked.or_else(here).unwrap_or_else(of_environment))
    }

    /// The language of a run with these configurations.
    pub(super) fn settle(&self, policies: &Policies) -> Language {
        let configured = || policies.language();
        *self.settled.get_or_init(|| self.asked.or_else(configured).unwrap_or_else(of_environment))
    }

    pub(super) fn say(&self, phrase: &Phrase) -> String {
        self.language().say(phrase)
    }

    /// Says on standard error what a person may want to know.
    pub(super) fn note(&self, phrase: &Phrase) {
        output::note(&self.say(phrase));
    }
}

fn of_environment() -> Language {
    Language::of_environment(|name| std::env::var(name).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_read_off_any_arguments() {
        let asked = |words: &[&str]| Voice::of_arguments(words.iter().map(|word| (*word).to_owned())).asked;
        assert_eq!(asked(&["check", "--lang", "zh-CN", "--no-such"]), Some(Language::Chinese));
        assert_eq!(asked(&["--lang=en", "--help"]), Some(Language::English));
        assert_eq!(asked(&["--lang", "xx"]), None);
        assert_eq!(asked(&["--language"]), None);
    }
}
