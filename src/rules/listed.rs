//! How many findings of a rule are listed for a file. A file of ten megabytes can be wrong in five million places; nobody
//! reads them, and each takes a kilobyte of the report. None is lost without a word: the last one says how many there are.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::language::{Language, Phrase};
use crate::source::FileId;

use super::Catalog;
use super::violation::Violation;

/// Findings of one rule in one file that are listed each.
const MOST: usize = 100_000;

/// The findings of violations, of rules that checks name.
pub(crate) fn listed(
    violations: impl IntoIterator<Item = (&'static str, Violation)>,
    catalog: &Catalog,
    language: Language,
) -> Vec<Finding> {
    let mut list = List::default();
    let say = |rule, violation| catalog.finding(rule, violation, language);
    violations.into_iter().for_each(|(rule, violation)| list.add(rule, violation, say));
    list.findings(language)
}

/// A list that grows no further than is useful.
pub(super) struct List {
    most: usize,
    findings: Vec<Finding>,
    /// By rule and file, and where the first stands that was left out.
    counts: BTreeMap<(&'static str, FileId), (usize, Option<Finding>)>,
}

impl Default for List {
    fn default() -> Self {
        Self { most: MOST, findings: Vec::new(), counts: BTreeMap::new() }
    }
}

impl List {
    /// Adds what a violation comes to in words, if that is anything.
    pub(super) fn add(
        &mut self,
        rule: &'static str,
        violation: Violation,
        say: impl FnOnce(&'static str, Violation) -> Option<Finding>,
    ) {
        let file = violation.place.file;
        let (count, first) = self.counts.entry((rule, file)).or_default();
        if *count > self.most {
            *count += 1;
            return;
        }
        let Some(finding) = say(rule, violation) else { return };
        *count += 1;
        if *count > self.most { *first = Some(finding) } else { self.findings.push(finding) }
    }

    /// All of them, and how many others there are.
    pub(super) fn findings(mut self, language: Language) -> Vec<Finding> {
        for (count, first) in std::mem::take(&mut self.counts).into_values() {
            let Some(first) = first else { continue };
            let phrase = Phrase::new("{message}; from here on {count} more of this rule in this file are not listed");
            let phrase = phrase.with("message", &first.message).with("count", count - self.most - 1);
            let message = language.say(&phrase);
            self.findings.push(Finding { message, plans: Vec::new(), ..first });
        }
        self.findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Action, Plan, Safety};
    use crate::project::Origin;
    use crate::source::Span;

    #[test]
    fn what_is_not_listed_is_counted_by_rule_and_file() {
        let mut list = List { most: 3, ..List::default() };
        let say = |rule, violation| {
            let found = Catalog::bundled().finding(rule, violation, Language::English);
            let (text, title, safety) = (String::new(), String::new(), Safety::Safe);
            let plan = Plan { action: Action::Cut, text, title, safety, of_gateway: false };
            found.map(|found| Finding { plans: vec![plan], ..found })
        };
        let wrong = |file, at| Violation::new("default", Origin { file: FileId(file), span: Span::at(at) });
        for at in 0..10 {
            list.add("syntax/lone-surrogate", wrong(0, at), say);
            list.add("syntax/lone-surrogate", wrong(1, at / 5), say);
            list.add("schema/format", wrong(0, at), say);
        }
        list.add("schema/pattern", wrong(0, 0), say);
        let findings = list.findings(Language::English);
        let count =
            |rule: &str, file| findings.iter().filter(|f| f.rule == rule && f.primary.file == FileId(file)).count();
        assert_eq!(count("syntax/lone-surrogate", 0) + count("syntax/lone-surrogate", 1), 8);
        assert_eq!((count("schema/format", 0), count("schema/pattern", 0)), (4, 1));
        let last: Vec<_> = findings.iter().filter(|f| f.message.contains("are not listed")).collect();
        assert_eq!((last.len(), last[0].primary.span), (3, Span::at(3)));
        // What mends one place mends none of the others.
        assert!(findings.iter().all(|found| found.plans.is_empty() == found.message.contains("are not listed")));
        assert!(
            last[0].message.ends_with("; from here on 6 more of this rule in this file are not listed"),
            "{}",
            last[0].message
        );
    }
}
