//! Functions about env files: lines, names and values.

use std::collections::HashSet;

use crate::credentials::{SuggestionReason, table};
use crate::project::{EnvFile, Layout, Origin};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::{Entry, Target};
use crate::source::Span;
use crate::syntax::dotenv::{self, HazardKind, IgnoredReason};

use super::held::Variables;
use super::{Function, Input, NO_OPTIONS};

/// Variables that are set more than once in a file. Outcomes `same-value`, `different-value` and `last-empty` with the
/// parameter `key`, labels `ignored` and `wins`.
pub(super) const DUPLICATES: Function = Function { name: "env-duplicates", options: NO_OPTIONS, run: duplicates };

/// Lines that set nothing, and names that OpenClaw drops or that differ in case only. Outcomes `no-separator`,
/// `colon-without-blank`, `bad-key`, `no-key`, `foreign-comment`, `dropped` and `case` (parameters `key`, `suggestion`).
pub(super) const LINES: Function = Function { name: "env-lines", options: NO_OPTIONS, run: lines };

/// Names that OpenClaw does not read, next to one that it does. Outcomes `typo`, `misread`, `legacy`, `unread` with the
/// parameters `name` and `suggestion`.
pub(super) const NAMES: Function = Function { name: "env-names", options: NO_OPTIONS, run: names };

/// Values that are not what the line looks like. Outcomes are named after the hazards of the env grammar; the parameter
/// is `key`.
pub(super) const VALUES: Function = Function { name: "env-values", options: NO_OPTIONS, run: values };

fn files<'a>(input: &Input<'a>) -> impl Iterator<Item = &'a EnvFile> {
    input.targets.iter().filter_map(|target| match target {
        Target::EnvFile(file) => Some(*file),
        _ => None,
    })
}

fn entries<'a>(input: &Input<'a>) -> impl Iterator<Item = Entry<'a>> {
    input.targets.iter().filter_map(|target| match target {
        Target::Entry(entry) => Some(*entry),
        _ => None,
    })
}

fn duplicates(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let groups = files(input).flat_map(|file| file.parsed.duplicates().into_iter().map(move |group| (file, group)));
    groups.filter_map(|(file, group)| duplicate(file, &group)).collect()
}

/// The first line is the primary place, the last one wins.
fn duplicate(file: &EnvFile, group: &[usize]) -> Option<Violation> {
    let mut entries = group.iter().filter_map(|index| file.parsed.entries.get(*index));
    let (first, last) = (entries.next()?, entries.next_back()?);
    let place = |entry: &dotenv::Entry| Origin { file: file.file, span: entry.key_span };
    let outcome = match (&*first.value, &*last.value) {
        (a, b) if a == b => "same-value",
        (_, "") => "last-empty",
        _ => "different-value",
    };
    let mut violation = Violation::new(outcome, place(first)).param("key", &*first.key);
    for middle in entries {
        violation = violation.related(place(middle), "ignored");
    }
    Some(violation.related(place(last), "wins"))
}

fn lines(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in files(input) {
        let place = |span: Span| Origin { file: file.file, span };
        let ignored = file.parsed.ignored.iter();
        found.extend(ignored.map(|line| Violation::new(ignored_outcome(line.reason), place(line.span))));
        found.extend(file.parsed.entries.iter().filter_map(|entry| bad_name(entry, place(entry.key_span))));
    }
    found
}

const fn ignored_outcome(reason: IgnoredReason) -> &'static str {
    match reason {
        IgnoredReason::NoSeparator => "no-separator",
        IgnoredReason::ColonWithoutBlank => "colon-without-blank",
        IgnoredReason::BadKey => "bad-key",
        IgnoredReason::NoKey => "no-key",
        IgnoredReason::ForeignComment => "foreign-comment",
    }
}

fn bad_name(entry: &dotenv::Entry, place: Origin) -> Option<Violation> {
    if !dotenv::Entry::is_loadable(&entry.key) {
        let name: String = entry.key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let usable = !name.starts_with(|c: char| c.is_ascii_digit()) && name != *entry.key;
        let suggestion = if usable { name } else { String::new() };
        return Some(Violation::new("dropped", place).param("key", &*entry.key).param("suggestion", suggestion));
    }
    if !entry.key.contains(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let suggestion = table().suggest_env(&entry.key).filter(|found| found.reason == SuggestionReason::Case)?.name?;
    Some(Violation::new("case", place).param("key", &*entry.key).param("suggestion", suggestion))
}

/// So many unknown names are compared with the known ones: real files have a few dozen.
const COMPARED: usize = 1_000;

fn names(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let used: HashSet<&str> =
        input.project.configs.iter().flat_map(|config| &config.references).map(|used| &*used.name).collect();
    let variables = Variables::of(input.project);
    let guide = input.project.configs.iter().any(|config| config.layout == Layout::Guide);
    let known = |name: &str| table().env_role(name).is_some() || guide && is_guide_name(name);
    let unknown = entries(input).filter(|entry| entry.entry.loaded && !used.contains(&*entry.entry.key));
    let unknown = unknown.filter(|entry| !known(&entry.entry.key)).take(COMPARED);
    unknown.filter_map(|entry| name(&entry, &variables, input)).collect()
}

fn is_guide_name(name: &str) -> bool {
    table().guide().iter().any(|entry| entry.env.contains(&name) || entry.organization_env == Some(name))
}

fn name(entry: &Entry<'_>, variables: &Variables<'_>, input: &Input<'_>) -> Option<Violation> {
    let found = table().suggest_env(&entry.entry.key)?;
    let outcome = match found.reason {
        SuggestionReason::Typo => "typo",
        SuggestionReason::Misread if found.name.is_none() => "unread",
        SuggestionReason::Misread => "misread",
        SuggestionReason::LegacyPrefix => "legacy",
        // `env/key-format` speaks of case.
        SuggestionReason::Case => return None,
    };
    let both = found.name.is_some_and(|name| variables.sets(name));
    let wanted = found.only_for.is_none_or(|provider| configures(input, provider));
    let violation = Violation::new(outcome, entry.key_origin()).param("name", &*entry.entry.key);
    (wanted && !both).then(|| violation.param("suggestion", found.name.unwrap_or_default()))
}

/// Whether a config of the folder configures a provider.
fn configures(input: &Input<'_>, provider: &str) -> bool {
    let roots = input.project.configs.iter().filter_map(|config| config.root.as_ref());
    roots.filter_map(|root| root.get("models")?.get("providers")).any(|providers| providers.get(provider).is_some())
}

fn values(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for entry in entries(input) {
        let Some(text) = input.sources.get(entry.file.file).map(crate::source::SourceFile::text) else { continue };
        for hazard in entry.entry.hazards(text) {
            let span = hazard.span;
            if let Some(outcome) = hazard_outcome(hazard.kind, span.slice(text)) {
                let place = Origin { file: entry.file.file, span };
                found.push(Violation::new(outcome, place).param("key", &*entry.entry.key));
            }
        }
    }
    found
}

/// Hazards that certainly give another value than meant. The rest of them may be meant: `\n` in a regular expression, `$`
/// in a password, a space that nobody sees in a text.
fn hazard_outcome(kind: HazardKind, text: &str) -> Option<&'static str> {
    Some(match kind {
        HazardKind::HashTruncation => "hash-truncation",
        HazardKind::UnterminatedQuote => "unterminated-quote",
        HazardKind::TextAfterQuote => "text-after-quote",
        HazardKind::StrayQuote => "stray-quote",
        HazardKind::EmptySwallowsNextLine => "empty-swallows-next-line",
        HazardKind::SwallowsAssignments => "swallows-assignments",
        HazardKind::EscapedQuoteKept => "escaped-quote-kept",
        HazardKind::ReferenceNotExpanded if text.starts_with("${") || text.starts_with("$(") => {
            "reference-not-expanded"
        }
        HazardKind::SmartQuotes => "smart-quotes",
        HazardKind::RepeatedName => "repeated-name",
        HazardKind::ExportList | HazardKind::SecondAssignment => "second-assignment",
        _ => return None,
    })
}
