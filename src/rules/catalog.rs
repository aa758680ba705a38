//! The bundled rules, as `build.rs` has packed them, each read when it is needed; documentation and examples in a text of
//! their own.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use crate::finding::Finding;
use crate::language::Language;

use super::model::Rule;
use super::packed::RULES;
use super::places;
use super::violation::Violation;

static DOCUMENTATION: &str = include_str!(concat!(env!("OUT_DIR"), "/rule-docs.json"));

static CHINESE_DOCUMENTATION: &str = include_str!(concat!(env!("OUT_DIR"), "/rule-docs.zh-CN.json"));

/// All rules of a run and the lists that their selectors name.
#[derive(Debug)]
pub struct Catalog {
    rules: Vec<Rule>,
    documentation: OnceLock<BTreeMap<String, Documentation>>,
    chinese: OnceLock<BTreeMap<String, Documentation>>,
}

/// What a person reads about a rule.
#[derive(Clone, Debug, Deserialize)]
pub struct Documentation {
    /// First version of openclaw-lint that has it.
    pub since: String,
    /// How sure its findings are.
    #[serde(default)]
    pub confidence: Option<String>,
    /// The step of [`super::AfterRefusal`] that it belongs to.
    #[serde(default)]
    pub after: Option<String>,
    /// Markdown.
    pub docs: String,
    /// Files that must and must not be reported.
    pub examples: Examples,
}

/// Executed examples.
#[derive(Clone, Debug, Deserialize)]
pub struct Examples {
    /// Each is reported just where `«…»` stands.
    pub bad: Vec<Example>,
    /// None is reported.
    pub good: Vec<Example>,
}

/// Files of one example.
#[derive(Clone, Debug, Deserialize)]
pub struct Example {
    /// What it shows.
    #[serde(default)]
    pub title: Option<String>,
    /// File name to text.
    pub files: BTreeMap<String, String>,
}

/// What differs in another language.
#[derive(Debug, Deserialize)]
struct TranslatedDocumentation {
    docs: String,
    examples: TranslatedExamples,
}

/// The titles of the examples, in their order.
#[derive(Debug, Deserialize)]
struct TranslatedExamples {
    bad: Vec<Option<String>>,
    good: Vec<Option<String>>,
}

impl TranslatedDocumentation {
    /// The whole, with the rest of the English one.
    fn over(self, english: &Documentation) -> Documentation {
        let titled = |examples: &[Example], titles: Vec<Option<String>>| {
            let titles = titles.into_iter().chain(std::iter::repeat(None));
            let titled = |(example, title)| Example { title, ..Example::clone(example) };
            examples.iter().zip(titles).map(titled).collect()
        };
        let examples = Examples {
            bad: titled(&english.examples.bad, self.examples.bad),
            good: titled(&english.examples.good, self.examples.good),
        };
        Documentation { docs: self.docs, examples, ..english.clone() }
    }
}

static BUNDLED: LazyLock<Catalog> = LazyLock::new(|| Catalog::with(Vec::new()));

fn bundled(own: Vec<Rule>) -> Catalog {
    let is_bundled_alone = own.is_empty();
    let mut rules: Vec<Rule> = RULES.iter().map(Rule::new).chain(own).collect();
    if !is_bundled_alone {
        rules.sort_by_key(|rule| rule.id);
    }
    Catalog { rules, documentation: OnceLock::new(), chinese: OnceLock::new() }
}

impl Catalog {
    /// The rules that ship with the program.
    #[must_use]
    pub fn bundled() -> &'static Self {
        &BUNDLED
    }

    /// The bundled rules and others.
    #[must_use]
    pub fn with(own: Vec<Rule>) -> Self {
        bundled(own)
    }

    /// Whether selectors may name this list.
    #[must_use]
    pub fn has_list(&self, name: &str) -> bool {
        places::has_list(name)
    }

    /// All checks of all rules, sorted by the rules' ids.
    #[must_use]
    pub fn checks(&self) -> &[Rule] {
        &self.rules
    }

    /// All rules, sorted by id: the first check of each.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.checks().chunk_by(|a, b| a.id == b.id).filter_map(<[Rule]>::first)
    }

    /// The rule with this id, or with this alias.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        let from = self.checks().partition_point(|rule| rule.id < name);
        let by_id = self.checks().get(from).filter(|rule| rule.id == name);
        by_id.or_else(|| self.rules().find(|rule| rule.words().aliases.iter().any(|alias| alias == name)))
    }

    /// What a person reads about a rule.
    #[must_use]
    pub fn documentation(&self, id: &str) -> Option<&Documentation> {
        let read = || serde_json::from_str(DOCUMENTATION).unwrap_or_default();
        self.documentation.get_or_init(read).get(id)
    }

    /// The same in a language: the prose and the titles of the examples.
    #[must_use]
    pub fn documentation_in(&self, id: &str, language: Language) -> Option<&Documentation> {
        if language == Language::English {
            return self.documentation(id);
        }
        let read = || {
            let all: BTreeMap<String, TranslatedDocumentation> =
                serde_json::from_str(CHINESE_DOCUMENTATION).unwrap_or_default();
            let whole =
                |(id, words): (String, TranslatedDocumentation)| Some((words.over(self.documentation(&id)?), id));
            all.into_iter().filter_map(whole).map(|(documentation, id)| (id, documentation)).collect()
        };
        self.chinese.get_or_init(read).get(id).or_else(|| self.documentation(id))
    }

    /// Words a violation of a built-in rule; `None` when the rule has no such outcome.
    #[must_use]
    pub fn finding(&self, rule: &str, violation: Violation, language: Language) -> Option<Finding> {
        self.rule(rule)?.finding(violation, language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::model::Words;

    #[test]
    fn the_bundled_rules_load_whole() {
        assert!(RULES.is_sorted_by(|a, b| a.id <= b.id), "sorted");
        for rule in RULES {
            serde_json::from_str::<Words>(rule.words).expect(rule.id);
        }
        let documentation: BTreeMap<String, Documentation> = serde_json::from_str(DOCUMENTATION).expect("docs");
        assert_eq!(documentation.len(), Catalog::bundled().rules().count());
    }

    #[test]
    fn every_rule_is_reachable_by_its_id() {
        let catalog = Catalog::bundled();
        assert!(catalog.rules().all(|rule| catalog.rule(rule.id).is_some_and(|found| found.id == rule.id)));
        assert!(catalog.rule("no/such-rule").is_none());
    }

    #[test]
    fn documentation_is_in_the_language_that_is_asked_for() {
        let page = |language| Catalog::bundled().documentation_in("secrets/exec-provider", language).unwrap();
        let (english, chinese) = (page(Language::English), page(Language::Chinese));
        let is_chinese = |text: &str| text.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(is_chinese(&chinese.docs) && !is_chinese(&english.docs));
        let titled =
            |page: &Documentation| page.examples.bad.iter().filter_map(|bad| bad.title.clone()).collect::<Vec<_>>();
        let (own, translated) = (titled(english), titled(chinese));
        assert!(own.len() > 1 && own.len() == translated.len(), "{own:?} {translated:?}");
        assert!(translated.iter().all(|title| is_chinese(title)) && !own.iter().any(|title| is_chinese(title)));
        let files = |page: &Documentation| page.examples.bad.iter().map(|bad| bad.files.clone()).collect::<Vec<_>>();
        assert_eq!(files(english), files(chinese));
    }
}
