//! Which branch of a failed union a person meant.
//!
//! A union fails with one list of errors a branch. Showing them all helps nobody: the branch whose type and
//! discriminator fit is the one that was meant, and where several fit alike their demands are merged.

use std::collections::BTreeSet;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as ErrorKind;

use crate::project::{Path, Value};

use super::fragment::instance_path;

/// What to say about a failed union.
#[derive(Debug)]
pub(super) enum Choice {
    /// No branch takes a value of this type: the types that some branch takes.
    Types(Vec<&'static str>),
    /// The branches differ in the values of one place: all values that some branch takes there.
    Values(Path, Vec<serde_json::Value>),
    /// The branches differ in which member they demand.
    Missing(Path, Vec<String>),
    /// The branch that was meant, by its index.
    Branch(usize),
}

type Errors = [ValidationError<'static>];

struct Branch<'e> {
    index: usize,
    errors: &'e Errors,
    paths: Vec<Path>,
    root: &'e Value,
}

/// Chooses for the value at `path`.
pub(super) fn choose(root: &Value, path: &Path, context: &[Vec<ValidationError<'static>>]) -> Choice {
    let branches: Vec<Branch<'_>> =
        context.iter().enumerate().map(|(index, errors)| branch(root, index, errors)).collect();
    let (mistyped, fitting): (Vec<_>, Vec<_>) =
        branches.into_iter().partition(|branch| branch.root_types(path).is_some());
    if fitting.is_empty() {
        return Choice::Types(merged_types(&mistyped, path));
    }
    if let Some(values) = values_at(&fitting, path) {
        return Choice::Values(path.clone(), values);
    }
    let fitting = match by_discriminator(fitting, path) {
        Ok(left) => left,
        Err((at, values)) => return Choice::Values(at, values),
    };
    best(&fitting)
}

fn branch<'e>(root: &'e Value, index: usize, errors: &'e Errors) -> Branch<'e> {
    let paths = errors.iter().map(|error| instance_path(error.instance_path(), root)).collect();
    Branch { index, errors, paths, root }
}

impl<'e> Branch<'e> {
    fn located(&self) -> impl Iterator<Item = (&Path, &'e ValidationError<'static>)> {
        self.paths.iter().zip(self.errors)
    }

    /// The types that the branch takes at `path`, when the value has another one.
    fn root_types(&self, path: &Path) -> Option<Vec<&'static str>> {
        self.located().filter(|(at, _)| *at == path).find_map(|(_, error)| types(error))
    }

    /// A place directly below `path` whose constant does not match: the branch's discriminator says no.
    fn refused_discriminator(&self, path: &Path) -> Option<(Path, Vec<serde_json::Value>)> {
        self.errors.iter().find_map(|error| refusal(error, path, self.root))
    }

    fn depth(&self) -> usize {
        self.paths.iter().map(|path| path.segments().len()).max().unwrap_or(0)
    }

    fn unknown_keys(&self) -> usize {
        let unknown = |error: &ValidationError<'_>| match error.kind() {
            ErrorKind::AdditionalProperties { unexpected } => unexpected.len(),
            _ => 0,
        };
        self.errors.iter().map(unknown).sum()
    }

    /// The single member that the branch misses, when that is all that is wrong.
    fn only_missing(&self) -> Option<(&Path, &str)> {
        match (self.errors, self.paths.first()) {
            ([error], Some(path)) => match error.kind() {
                ErrorKind::Required { property } => Some((path, property.as_str()?)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The types that the schema of an error takes, where that is all that is wrong: of a union within a union those of its branches.
fn types(error: &ValidationError<'_>) -> Option<Vec<&'static str>> {
    match error.kind() {
        ErrorKind::Type { kind } => Some(super::validate::type_names(kind)),
        ErrorKind::AnyOf { context } | ErrorKind::OneOfNotValid { context } => {
            let same = |inner: &&ValidationError<'static>| inner.instance_path() == error.instance_path();
            let of = |errors: &Vec<ValidationError<'static>>| errors.iter().filter(same).find_map(types);
            context.iter().map(of).collect::<Option<Vec<_>>>().map(|types| types.concat())
        }
        _ => None,
    }
}

/// The same for one error: a union within the union says no when all its branches do, at one place.
fn refusal(error: &ValidationError<'_>, path: &Path, root: &Value) -> Option<(Path, Vec<serde_json::Value>)> {
    let at = instance_path(error.instance_path(), root);
    if let Some(values) = options(error) {
        return (at.segments().len() == path.segments().len() + 1).then_some((at, values));
    }
    let (ErrorKind::AnyOf { context } | ErrorKind::OneOfNotValid { context }) = error.kind() else { return None };
    let of = |errors: &Vec<ValidationError<'static>>| errors.iter().find_map(|error| refusal(error, path, root));
    let refused: Vec<(Path, Vec<serde_json::Value>)> = context.iter().map(of).collect::<Option<_>>()?;
    let place =
        refused.first().filter(|(place, _)| at == *path && refused.iter().all(|(at, _)| at == place))?.0.clone();
    Some((place, merged(refused.into_iter().flat_map(|(_, values)| values))))
}

/// Each value once.
fn merged(values: impl Iterator<Item = serde_json::Value>) -> Vec<serde_json::Value> {
    let mut merged = Vec::new();
    for value in values {
        if !merged.contains(&value) {
            merged.push(value);
        }
    }
    merged
}

fn options(error: &ValidationError<'_>) -> Option<Vec<serde_json::Value>> {
    match error.kind() {
        ErrorKind::Enum { options } => options.as_array().cloned(),
        ErrorKind::Constant { expected_value } => Some(vec![(**expected_value).clone()]),
        _ => None,
    }
}

fn merged_types(branches: &[Branch<'_>], path: &Path) -> Vec<&'static str> {
    let mut types: Vec<&'static str> = Vec::new();
    for name in branches.iter().filter_map(|branch| branch.root_types(path)).flatten() {
        if !types.contains(&name) {
            types.push(name);
        }
    }
    types
}

/// All values at `path` itself, when that is what every branch complains of.
fn values_at(branches: &[Branch<'_>], path: &Path) -> Option<Vec<serde_json::Value>> {
    let mut all = Vec::new();
    for branch in branches {
        let values = branch.located().find_map(|(at, error)| options(error).filter(|_| at == path))?;
        all.extend(values.into_iter().filter(|value| !all.contains(value)).collect::<Vec<_>>());
    }
    Some(all)
}

/// Drops branches whose discriminator refuses the value. When every branch does so at the same place, its values are
/// what can stand there.
fn by_discriminator<'e>(
    branches: Vec<Branch<'e>>,
    path: &Path,
) -> Result<Vec<Branch<'e>>, (Path, Vec<serde_json::Value>)> {
    let refused: Vec<Option<(Path, Vec<serde_json::Value>)>> =
        branches.iter().map(|branch| branch.refused_discriminator(path)).collect();
    if refused.iter().any(Option::is_none) {
        let left = branches.into_iter().zip(refused).filter(|(_, refused)| refused.is_none());
        return Ok(left.map(|(branch, _)| branch).collect());
    }
    let places: BTreeSet<Path> = refused.iter().flatten().map(|(at, _)| at.clone()).collect();
    match places.into_iter().collect::<Vec<_>>().as_slice() {
        [place] if branches.len() > 1 => {
            Err((place.clone(), merged(refused.into_iter().flatten().flat_map(|(_, values)| values))))
        }
        _ => Ok(branches),
    }
}

/// The branch that got furthest: deepest error, then fewest unknown keys, then fewest errors. Branches that each miss
/// one member of the same object are merged.
fn best(branches: &[Branch<'_>]) -> Choice {
    let missing: Option<Vec<(&Path, &str)>> = branches.iter().map(Branch::only_missing).collect();
    if let Some([(at, _), (next, _), ..]) = missing.as_deref()
        && at == next
    {
        let mut names: Vec<String> = Vec::new();
        for (_, name) in missing.iter().flatten() {
            if !names.iter().any(|known| known == name) {
                names.push((*name).to_owned());
            }
        }
        return Choice::Missing((*at).clone(), names);
    }
    let rank = |branch: &&Branch<'_>| {
        (std::cmp::Reverse(branch.depth()), branch.unknown_keys(), branch.errors.len(), branch.index)
    };
    let index = branches.iter().min_by_key(rank).map_or(0, |branch| branch.index);
    Choice::Branch(index)
}
