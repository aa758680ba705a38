//! OpenClaw version numbers: `2026.9.6`, `2026.7.1-1`, `2026.8.0-beta.2`. Parsing and order only; which releases are
//! known is the store's matter.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::language::Phrase;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A version of OpenClaw, ordered as its releases are.
///
/// The scheme is calendar-like, `year.month.patch`. A suffix that is one number (`-1`) is a re-release and sorts after
/// the plain version, unlike in semantic versioning; any other suffix is a pre-release and sorts before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    core: [u32; 3],
    suffix: Suffix,
}

/// The variants are in release order: the derived order relies on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Suffix {
    Pre(Vec<Part>),
    None,
    Rerelease(u32),
}

/// One dot-separated part of a pre-release; numbers sort before words, as in semantic versioning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Number(u32),
    Word(String),
}

/// The text is no OpenClaw version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionError {
    text: String,
}

impl VersionError {
    /// What is wrong, in words.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let phrase = Phrase::new("`{text}` is not an OpenClaw version: write year.month.patch, such as 2026.9.6");
        phrase.with("text", &self.text)
    }
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl std::error::Error for VersionError {}

impl Version {
    /// A plain release: year, month and patch.
    pub(crate) const fn release(core: [u32; 3]) -> Self {
        Self { core, suffix: Suffix::None }
    }

    /// Year, month and patch.
    #[must_use]
    pub fn core(&self) -> [u32; 3] {
        self.core
    }

    /// Whether this is a pre-release (`-beta.2`).
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        matches!(self.suffix, Suffix::Pre(_))
    }

    /// Compares year, month and patch alone, so that a beta of a release counts as that release.
    #[must_use]
    pub fn cmp_core(&self, other: &Self) -> Ordering {
        self.core.cmp(&other.core)
    }
}

impl FromStr for Version {
    type Err = VersionError;

    /// A leading `v` and a build suffix (`+abc`) are ignored.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        parse(text).ok_or_else(|| VersionError { text: shorten(text) })
    }
}

fn parse(text: &str) -> Option<Version> {
    let text = text.trim();
    let text = text.strip_prefix('v').unwrap_or(text);
    let text = text.split('+').next()?;
    let (core, suffix) = match text.split_once('-') {
        Some((core, suffix)) => (core, Some(suffix)),
        None => (text, None),
    };
    let mut numbers = core.split('.');
    let core = [number(numbers.next()?)?, number(numbers.next()?)?, number(numbers.next()?)?];
    if numbers.next().is_some() {
        return None;
    }
    let suffix = suffix.map_or(Some(Suffix::None), parse_suffix)?;
    Some(Version { core, suffix })
}

fn parse_suffix(text: &str) -> Option<Suffix> {
    let parts = text.split('.').map(parse_part).collect::<Option<Vec<_>>>()?;
    match parts.as_slice() {
        [Part::Number(rerelease)] => Some(Suffix::Rerelease(*rerelease)),
        _ => Some(Suffix::Pre(parts)),
    }
}

fn parse_part(text: &str) -> Option<Part> {
    let word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !word {
        return None;
    }
    Some(number(text).map_or_else(|| Part::Word(text.to_owned()), Part::Number))
}

/// Digits only: `u32::from_str` alone would take a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// What an error repeats of a text that may be anything.
fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// As its text.
impl Serialize for Version {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(input)?.parse().map_err(D::Error::custom)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, patch] = self.core;
        write!(f, "{year}.{month}.{patch}")?;
        match &self.suffix {
            Suffix::None => Ok(()),
            Suffix::Rerelease(number) => write!(f, "-{number}"),
            Suffix::Pre(parts) => parts.iter().enumerate().try_for_each(|(at, part)| {
                f.write_str(if at == 0 { "-" } else { "." })?;
                match part {
                    Part::Number(number) => write!(f, "{number}"),
                    Part::Word(word) => f.write_str(word),
                }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn versions_sort_in_release_order() {
        let order = [
            "2026.2.26",
            "2026.7.0",
            "2026.7.1-alpha",
            "2026.7.1-beta.2",
            "2026.7.1-beta.10",
            "2026.7.1",
            "2026.7.1-1",
            "2026.7.1-2",
            "2026.7.2",
            "2026.10.1",
        ];
        let mut sorted: Vec<_> = order.iter().rev().map(|text| version(text)).collect();
        sorted.sort();
        assert_eq!(sorted.iter().map(ToString::to_string).collect::<Vec<_>>(), order);
    }

    #[test]
    fn a_leading_v_and_a_build_suffix_do_not_count() {
        assert_eq!(version("v2026.9.6+g1a2b"), version(" 2026.9.6 "));
    }

    #[test]
    fn a_beta_shares_its_release_core() {
        let (beta, release) = (version("2026.8.0-beta.2"), version("2026.8.0"));
        assert!(beta.is_prerelease() && !release.is_prerelease());
        assert!(!version("2026.8.0-1").is_prerelease());
        assert_eq!(beta.cmp_core(&release), Ordering::Equal);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "2026",
            "2026.9",
            "2026.9.6.1",
            "2026.9.x",
            "2026.9.+6",
            "2026.9.6-",
            "2026.9.6-a..b",
            "2026.9.99999999999",
        ] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }
}
