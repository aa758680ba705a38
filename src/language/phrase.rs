//! A text with facts, in no language yet.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{Language, fill};

/// A fact in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Param {
    /// The same in every language: names, paths, numbers, code.
    Text(String),
    /// Words.
    Phrase(Phrase),
    /// Several, with what stands between them, itself a phrase: `", "` or `` "` or `" ``.
    List(Vec<Self>, &'static str),
}

impl Param {
    /// Facts in a row.
    pub fn list(items: impl IntoIterator<Item = impl Into<Self>>, between: &'static str) -> Self {
        Self::List(items.into_iter().map(Into::into).collect(), between)
    }

    /// As it is written in a language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Phrase(phrase) => Cow::Owned(phrase.in_language(language)),
            Self::List(items, between) => {
                let items: Vec<Cow<'_, str>> = items.iter().map(|item| item.in_language(language)).collect();
                Cow::Owned(items.join(language.text(between)))
            }
        }
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Param {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Cow<'_, str>> for Param {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

impl From<Arc<str>> for Param {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<usize> for Param {
    fn from(number: usize) -> Self {
        Self::Text(number.to_string())
    }
}

impl From<Phrase> for Param {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(phrase)
    }
}

impl From<Option<Phrase>> for Param {
    fn from(phrase: Option<Phrase>) -> Self {
        phrase.map_or_else(|| Self::Text(String::new()), Self::Phrase)
    }
}

/// Named facts. Values may quote keys, names and numbers of a file, never a credential.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Params(Vec<(&'static str, Param)>);

impl Params {
    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// The fact with a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Param> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// A text in English, with `{name}` for its facts; [`Language::say`] puts it into words. One without a translation stays as it
/// is, so that texts of other programs can be phrases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phrase {
    english: Cow<'static, str>,
    params: Params,
}

impl Phrase {
    /// A text without facts, or before they are given.
    #[must_use]
    pub fn new(english: impl Into<Cow<'static, str>>) -> Self {
        Self { english: english.into(), params: Params::default() }
    }

    /// One text for one, another (with `{count}`) for any other number.
    #[must_use]
    pub fn count(count: usize, one: &'static str, many: &'static str) -> Self {
        if count == 1 { Self::new(one) } else { Self::new(many).with("count", count) }
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params = self.params.with(name, value);
        self
    }

    pub(super) fn in_language(&self, language: Language) -> String {
        fill(language.text(&self.english), &self.params, language)
    }
}

/// In English.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_phrases_within_phrases_are_filled() {
        let types = Param::list(["a", "b"], " or ");
        let phrase = Phrase::new("{who}: {what}").with("who", "x").with("what", Phrase::new("{t}!").with("t", types));
        assert_eq!(phrase.to_string(), "x: a or b!");
        assert_eq!(Language::Chinese.say(&phrase), "x: a 或 b!");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(Phrase::count(1, "1 file", "{count} files").to_string(), "1 file");
        assert_eq!(Phrase::count(0, "1 file", "{count} files").to_string(), "0 files");
    }
}
