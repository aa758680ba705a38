//! How many findings of a rule are listed for a file. A file of ten megabytes can be wrong in five million places; nobody
//! reads them, and each takes a kilobyte of the report. None is lost without a word: the last one says how many there are.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::language::{Language, Phrase};
use crate::source::FileId;

use super::Catalog;
use super::violation::Violation;

/// Findings of one rule in one file that are listed each.
pub(crate) const MOST: usize = 100_000;

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
#[derive(Default)]
pub(super) struct List {
    findings: Vec<Finding>,
    /// By rule and file, and where the first stands that was left out.
    counts: BTreeMap<(&'static str, FileId), (usize, Option<Finding>)>,
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
        if *count > MOST {
            *count += 1;
            return;
        }
        let Some(finding) = say(rule, violation) else { return };
        *count += 1;
        if *count > MOST { *first = Some(finding) } else { self.findings.push(finding) }
    }

    /// All of them, and how many others there are.
    pub(super) fn findings(mut self, language: Language) -> Vec<Finding> {
        for (count, first) in self.counts.into_values() {
            let Some(first) = first else { continue };
            let phrase = Phrase::new("{message}; from here on {count} more of this rule in this file are not listed");
            let phrase = phrase.with("message", &first.message).with("count", count - MOST - 1);
            let message = language.say(&phrase);
            self.findings.push(Finding { message, plans: Vec::new(), ..first });
        }
        self.findings
    }
}
