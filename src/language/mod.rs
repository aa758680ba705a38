//! The languages that people are spoken to in. Phrases in English enter, with their facts; the same in another language
//! leaves. What the phrases are about, nothing here knows: the table is `zh-CN.json5`, by their English.

mod phrase;
mod template;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use phrase::{Param, Params, Phrase};
pub use template::fill;

static CHINESE: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    // The build script has written the text, and a test reads it: it cannot fail here.
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/phrases.zh-CN.json"))).unwrap_or_default()
});

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, and what stands for all others.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All of them.
    pub const ALL: &[Self] = &[Self::English, Self::Chinese];

    /// Its name on the command line and in the configuration: a BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language with this tag.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.tag().eq_ignore_ascii_case(tag))
    }

    /// The language of a POSIX environment: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set decides.
    #[must_use]
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
        let locale = names.into_iter().find_map(|name| variable(name).filter(|value| !value.is_empty()));
        locale.map(|locale| Self::of_locale(&locale)).unwrap_or_default()
    }

    /// The language of a locale such as `zh_CN.UTF-8` or `zh-Hans-SG`. Readers of Traditional Chinese are spoken to in
    /// English: the other script is not theirs.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let name = locale.split(['.', '@']).next().unwrap_or_default().to_ascii_lowercase();
        let mut parts = name.split(['_', '-']);
        let chinese = parts.next() == Some("zh");
        let traditional = parts.any(|part| matches!(part, "tw" | "hk" | "mo" | "hant"));
        if chinese && !traditional { Self::Chinese } else { Self::English }
    }

    /// The words for an English text; the text itself where there are none, as for names and for what other programs say.
    #[must_use]
    pub fn text(self, english: &str) -> &str {
        match self {
            Self::English => english,
            Self::Chinese => CHINESE.get(english).map_or(english, String::as_str),
        }
    }

    /// Whether there are words for an English text.
    #[must_use]
    pub fn knows(self, english: &str) -> bool {
        self == Self::English || CHINESE.contains_key(english)
    }

    /// A phrase in this language.
    #[must_use]
    pub fn say(self, phrase: &Phrase) -> String {
        phrase.in_language(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_loads_whole() {
        assert!(CHINESE.len() > 100);
    }

    #[test]
    fn locales_choose_a_language() {
        for locale in ["zh_CN.UTF-8", "zh_CN", "zh", "zh-Hans", "zh_SG.utf8", "zh-Hans-HK@x"] {
            let simplified = !locale.contains("HK");
            assert_eq!(Language::of_locale(locale) == Language::Chinese, simplified, "{locale}");
        }
        for locale in ["", "C", "C.UTF-8", "POSIX", "en_US.UTF-8", "zh_TW.UTF-8", "zh_HK", "zh-Hant", "zha", "de_DE"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let language = |set: &[(&str, &str)]| {
            Language::of_environment(|name| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(language(&[]), Language::English);
        assert_eq!(language(&[("LANG", "zh_CN.UTF-8")]), Language::Chinese);
        assert_eq!(language(&[("LC_MESSAGES", "en_US"), ("LANG", "zh_CN.UTF-8")]), Language::English);
        assert_eq!(language(&[("LC_ALL", ""), ("LC_MESSAGES", "zh_CN"), ("LANG", "C")]), Language::Chinese);
        assert_eq!(language(&[("LC_ALL", "C.UTF-8"), ("LANG", "zh_CN.UTF-8")]), Language::English);
    }

    #[test]
    fn tags_name_languages() {
        assert_eq!(Language::from_tag("zh-cn"), Some(Language::Chinese));
        assert_eq!(Language::from_tag("en"), Some(Language::English));
        assert_eq!(Language::from_tag("de"), None);
    }
}
