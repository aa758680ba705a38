//! `one-of`: a name that must be one of those that stand elsewhere in the config, or in a set.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;
use strsim::damerau_levenshtein;

use crate::language::Param;
use crate::project::Config;
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::schema::{Fragment, Version, suggest};
use crate::source::FileId;

use super::names::{Compare, Each, Name, Source, names, sources_schema, valid};
use super::{Function, Input, options};

/// Outcomes: `near` (`suggestion`), `none` when there is no valid name at all, `row` names of the set `rows`, `default`;
/// all with `value` and `known`, the valid names.
pub(super) const ONE_OF: Function = Function { name: "one-of", options: OPTIONS, run };

const OPTIONS: &str = concat!(
    r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["names"],
    "properties": {
        "each": { "enum": ["value", "key"] },
        "compare": { "enum": ["exact", "trimmed", "folded", "folded-to-lower", "starts-with", "agent-id"] },
        "allow": { "type": "object" },
        "names": "#,
    sources_schema!(),
    r#",
        "implied": "#,
    sources_schema!(),
    r#",
        "slips": { "type": "integer", "minimum": 1 },
        "whenEmpty": { "type": "array", "items": { "type": "string" } },
        "facts": { "type": "string" }
    }
}"#
);

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    #[serde(default)]
    each: Each,
    #[serde(default)]
    compare: Compare,
    /// Texts that are right whatever the names are: a JSON Schema fragment.
    #[serde(default)]
    allow: Option<Fragment>,
    /// Where valid names stand.
    #[serde(default)]
    names: Vec<Source>,
    /// Where names stand that are right as well when they are written out, but are not to be suggested.
    #[serde(default)]
    implied: Vec<Source>,
    /// Suggest only what is at most so many slips of the pen away; absent: what is likely meant.
    #[serde(default)]
    slips: Option<usize>,
    /// The valid names when `names` has none.
    #[serde(default)]
    when_empty: Vec<String>,
    /// A set whose rows have facts about wrong names; their outcome is `known`.
    #[serde(default)]
    facts: Option<String>,
}

/// Longest list of names in a message.
const LISTED: usize = 12;

/// Most wrong names of a run that are compared with the right ones, and most that they are compared with.
const COMPARED: usize = 1_000;
const CANDIDATES: usize = 1_000;

/// What is right in a config.
struct Right<'a> {
    known: Vec<&'a str>,
    /// The forms of these.
    forms: OnceCell<HashSet<String>>,
    implied: Vec<&'a str>,
    implied_forms: OnceCell<HashSet<String>>,
}

/// Most right names among which one is looked for as it is written, before all of them are brought into a form.
const FEW: usize = 64;

impl<'a> Right<'a> {
    fn of(config: &'a Config, options: &'a Options, release: &Version) -> Option<Self> {
        let mut known = valid(&options.names, config, release)?;
        if known.is_empty() {
            known.extend(options.when_empty.iter().map(String::as_str));
        }
        let implied = valid(&options.implied, config, release)?;
        Some(Self { forms: OnceCell::new(), implied_forms: OnceCell::new(), known, implied })
    }

    fn has(&self, name: &str, form: &str, compare: Compare) -> bool {
        let all = |names: &[&str]| names.iter().map(|name| compare.form_of_valid(name)).collect();
        let written = compare.has_one_form() && self.known.len() <= FEW && self.known.contains(&name);
        written
            || compare.is_among(form, self.forms.get_or_init(|| all(&self.known)))
            || compare.is_among(&compare.written_form(name), self.implied_forms.get_or_init(|| all(&self.implied)))
    }
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    let mut right: HashMap<FileId, Option<Right<'_>>> = HashMap::new();
    let mut compared = 0;
    let mut wrong: Vec<(Name<'_>, Violation)> = Vec::new();
    for name in names(input, options.each) {
        let release = &input.context.release;
        let right = right.entry(name.config.file).or_insert_with(|| Right::of(name.config, &options, release));
        let Some(right) = right else { continue };
        if let Some(violation) = violation(&name, right, &options, release, compared < COMPARED) {
            compared += 1;
            wrong.push((name, violation));
        }
    }
    // Last, because it may have to be compiled.
    if let Some(allow) = &options.allow {
        wrong.retain(|(name, _)| !allow.allows(&input.context.engine, name.text));
    }
    wrong.into_iter().map(|(_, violation)| violation).collect()
}

fn violation(
    name: &Name<'_>,
    right: &Right<'_>,
    options: &Options,
    release: &Version,
    compared: bool,
) -> Option<Violation> {
    let Right { known, implied, .. } = right;
    let form = options.compare.form(name.text);
    if right.has(name.text, &form, options.compare) {
        return None;
    }
    let facts = options.facts.as_deref().and_then(|set| crate::rules::sets::set(set, release)?.row(&form));
    // The plugin that brings the name is named elsewhere: it is there, as far as the file can tell.
    if facts.as_ref().and_then(|facts| facts.get("plugin")).is_some_and(|plugin| implied.contains(&plugin.as_str())) {
        return None;
    }
    let candidates = known.iter().copied().take(if compared { CANDIDATES } else { 0 });
    let near = suggest::nearest(name.text.trim(), candidates);
    let near = near.filter(|near| options.slips.is_none_or(|slips| damerau_levenshtein(near, name.text) <= slips));
    let outcome = match (&facts, near) {
        (Some(_), _) => "known",
        (None, Some(_)) => "near",
        (None, None) if known.is_empty() => "none",
        (None, None) => "default",
    };
    let listed: &[&str] = if known.len() <= LISTED { known } else { &[] };
    let list = Param::list(listed.iter().copied(), "`, `");
    let mut found = Violation::new(outcome, name.place).at_path(name.path.clone()).param("value", name.text);
    found =
        found.param("path", name.path.to_string()).param("suggestion", near.unwrap_or_default()).param("known", list);
    found = facts.into_iter().flatten().fold(found, |found, (fact, value)| match fact.as_str() {
        "package" => found.param("package", value),
        "plugin" => found.param("plugin", value),
        _ => found,
    });
    Some(found)
}
