//! What to do after an HTTP 401, from `rules/after-401.json5`: one text for all rules that speak of it. A language enters,
//! its words leave; nobody's configuration is looked at here.

use serde::{Deserialize, Serialize};

use crate::credentials::table;
use crate::language::Language;

static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/after-401.json"));

/// What rules write before the step: `after: "401/format"`.
const PREFIX: &str = "401/";

/// What an HTTP 401 means and what to do about it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct AfterRefusal {
    /// The heading.
    pub title: String,
    /// What the answer means.
    pub intro: String,
    /// What to do, in this order.
    pub steps: Vec<Step>,
    #[serde(default, rename = "zh-CN", skip_serializing)]
    chinese: Option<Box<AfterRefusal>>,
}

/// One thing to do.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Step {
    /// What rules call it.
    #[serde(default)]
    pub id: String,
    /// The heading.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// Lines for a shell.
    #[serde(default)]
    pub commands: Vec<String>,
}

impl AfterRefusal {
    /// The text in a language.
    #[must_use]
    pub fn read(language: Language) -> Self {
        // The build script has written the text, and a test reads it: it cannot fail here.
        let mut english: Self = serde_json::from_str(TEXT).unwrap_or_default();
        for command in english.steps.iter_mut().flat_map(|step| &mut step.commands) {
            *command = filled(command);
        }
        match english.chinese.take().filter(|_| language == Language::Chinese) {
            Some(chinese) => chinese.with_commands_of(&english),
            None => english,
        }
    }

    fn with_commands_of(mut self, english: &Self) -> Self {
        for (step, own) in self.steps.iter_mut().zip(&english.steps) {
            step.id.clone_from(&own.id);
            step.commands.clone_from(&own.commands);
        }
        self
    }

    /// The step that a rule's `after` names, counted from 0.
    #[must_use]
    pub fn step_of(&self, after: &str) -> Option<usize> {
        let id = after.strip_prefix(PREFIX)?;
        self.steps.iter().position(|step| step.id == id)
    }
}

/// `{verify.PROVIDER}` is the command of the provider table.
fn filled(command: &str) -> String {
    let provider = command.strip_prefix("{verify.").and_then(|rest| rest.strip_suffix('}'));
    let verify = provider.and_then(|id| table().verify(id));
    verify.map_or_else(|| command.to_owned(), |verify| verify.command(None))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rules::Catalog;

    #[test]
    fn rules_name_steps_that_exist_and_every_step_but_the_key_has_rules() {
        let page = AfterRefusal::read(Language::English);
        let mut used = BTreeSet::new();
        for rule in Catalog::bundled().rules() {
            let documentation = Catalog::bundled().documentation(rule.id).unwrap();
            if let Some(after) = &documentation.after {
                used.insert(page.step_of(after).unwrap_or_else(|| panic!("{}: {after}", rule.id)));
            }
        }
        // Only the provider can say whether a key is good.
        let missing: Vec<&str> =
            (0..page.steps.len()).filter(|at| !used.contains(at)).map(|at| page.steps[at].id.as_str()).collect();
        assert_eq!(missing, ["key"]);
    }

    #[test]
    fn rules_that_speak_of_a_401_lead_to_the_page() {
        let mut without = Vec::new();
        for rule in Catalog::bundled().rules() {
            let documentation = Catalog::bundled().documentation(rule.id).unwrap();
            let words = rule.words().outcomes.values();
            let says = words.flat_map(|outcome| [Some(&outcome.message), outcome.help.as_ref()]).flatten();
            if documentation.after.is_none() && says.chain([&documentation.docs]).any(|text| text.contains("401")) {
                without.push(rule.id);
            }
        }
        without.dedup();
        assert_eq!(without, [""; 0]);
    }

    #[test]
    fn commands_are_those_of_the_page_and_of_the_provider_table() {
        let page = AfterRefusal::read(Language::English);
        let commands = |id: &str| page.steps.iter().find(|step| step.id == id).map(|step| step.commands.as_slice());
        let verify = ["anthropic", "openai"].map(|id| table().verify(id).unwrap().command(None));
        assert_eq!(commands("key").unwrap()[1..], verify);
        assert_eq!(commands("message").unwrap(), ["openclaw logs --follow"]);
    }

    #[test]
    fn both_languages_have_the_same_steps() {
        let [english, chinese] = [Language::English, Language::Chinese].map(AfterRefusal::read);
        let is_chinese = |page: &AfterRefusal| page.intro.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(is_chinese(&chinese) && !is_chinese(&english));
        assert_eq!(english.steps.len(), 7);
        assert_eq!(chinese.steps.len(), english.steps.len());
        let code = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>();
        for (own, other) in english.steps.iter().zip(&chinese.steps) {
            assert_eq!(code(&own.text), code(&other.text), "{}", own.id);
            assert_eq!(own.commands, other.commands);
            assert!(!own.commands.is_empty() && own.commands.iter().all(|command| !command.contains("{verify")));
            assert!(own.text != other.text && own.title != other.title, "{}", own.id);
        }
    }
}
