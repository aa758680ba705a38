//! `references`: `${VAR}` in configs that no layer in sight gives a value.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::discover::Role;
use crate::project::{Config, Origin, VariableUse};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::{Target, wildcard};

use super::held::Variables;
use super::{Function, Input, options};

/// Outcomes, all with the parameter `name`: `near` (`suggestion`, `file`; label `near`), `empty` (`file`; label `near`),
/// `unset` when every layer is known, `default` else. Nothing is found for folders without an env file in use.
pub(super) const REFERENCES: Function = Function { name: "references", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "properties": { "ignore": { "type": "array", "items": { "type": "string", "pattern": "^\\*?[A-Z0-9_]+\\*?$" } } }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// Variables that are not to be looked for, `*` as wildcard at either end.
    #[serde(default)]
    ignore: Vec<String>,
}

/// Longest names that are compared, most names of a run that are, and most names they are compared with.
const COMPARED: usize = 64;
const NAMES: usize = 200;
const CANDIDATES: usize = 500;

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let live = input.project.env_files.iter().any(|file| file.role == Role::Live);
    let complete = input.project.environment.is_complete();
    let unresolved = || configs(input).flat_map(|config| &config.references).filter(|used| !used.resolved);
    if !(live || complete) || unresolved().next().is_none() {
        return Vec::new();
    }
    let options: Arc<Options> = options(given);
    let variables = Variables::of(input.project);
    let wanted = unresolved().filter(|used| !options.ignore.iter().any(|pattern| wildcard(pattern, &used.name)));
    let mut nearest = Nearest { variables: &variables, known: HashMap::new() };
    wanted.map(|used| violation(used, &mut nearest, complete)).collect()
}

fn configs<'a>(input: &Input<'a>) -> impl Iterator<Item = &'a Config> {
    input.targets.iter().filter_map(|target| match target {
        Target::Config(config) => Some(*config),
        _ => None,
    })
}

fn violation(used: &VariableUse, nearest: &mut Nearest<'_>, complete: bool) -> Violation {
    let variables = nearest.variables;
    let of = |outcome| Violation::new(outcome, used.origin).at_path(used.path.clone()).param("name", &*used.name);
    if let Some((file, entry)) = variables.get(&used.name) {
        let place = Origin { file: file.file, span: entry.key_span };
        return of("empty").param("file", file.name.clone()).related(place, "near");
    }
    match nearest.of(&used.name) {
        Some(name) => {
            let found = of("near").param("suggestion", name);
            match variables.get(name) {
                Some((file, entry)) => {
                    let place = Origin { file: file.file, span: entry.key_span };
                    found.param("file", file.name.clone()).related(place, "near")
                }
                None => found,
            }
        }
        None if complete => of("unset"),
        None => of("default"),
    }
}

/// What was found for each name: configs use the same variable many times.
struct Nearest<'a> {
    variables: &'a Variables<'a>,
    known: HashMap<Box<str>, Option<&'a str>>,
}

impl<'a> Nearest<'a> {
    fn of(&mut self, name: &str) -> Option<&'a str> {
        if let Some(found) = self.known.get(name) {
            return *found;
        }
        let found = if self.known.len() < NAMES { nearest(name, self.variables) } else { None };
        self.known.insert(name.into(), found);
        found
    }
}

/// The one variable whose name is a small slip away: a third of the shorter name's letters would be another name.
fn nearest<'a>(name: &str, variables: &'a Variables<'a>) -> Option<&'a str> {
    const SLIP: usize = 2;
    let bounded = |known: &&str| known.len() <= COMPARED && known.len().abs_diff(name.len()) <= SLIP;
    if name.len() > COMPARED || name.len() < 5 {
        return None;
    }
    let distance = |known: &'a str| (strsim::damerau_levenshtein(&plain(known), &plain(name)), known);
    let candidates = variables.names().filter(bounded).take(CANDIDATES).map(distance);
    let mut near: Vec<(usize, &str)> = candidates.filter(|(slip, known)| *slip <= SLIP.min(known.len() / 5)).collect();
    near.sort_unstable();
    match near.as_slice() {
        [(_, only)] => Some(only),
        [(best, only), (second, _), ..] if best < second => Some(only),
        _ => None,
    }
}

/// `BOTTOKEN` and `bot_token` are one name to a person.
fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_uppercase()).collect()
}
