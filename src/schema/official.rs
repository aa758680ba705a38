//! The paths under which OpenClaw itself reports a schema error. It reports failed unions in two ways: most sections
//! name the union as a whole, or the one branch in which everything but a limit or a pattern was right; the sections of
//! channels and plugins name what every branch says, and the union too.
//!
//! Source: verdicts of `config validate` of 2026.9.6.

use std::collections::HashSet;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as ErrorKind;

use crate::project::{Path, Segment, Value};

use super::fragment::instance_path;

/// All paths, without duplicates; never empty.
pub(super) fn paths(error: &ValidationError<'_>, root: &Value) -> Vec<Path> {
    let path = instance_path(error.instance_path(), root);
    let mut found = if lists_branches(&path) { every_branch(error, root) } else { report(error, root).paths };
    if found.len() > 1 {
        let mut seen = HashSet::new();
        found.retain(|path| seen.insert(path.clone()));
    }
    found
}

/// Whether the section of a path is one whose unions are reported branch by branch.
fn lists_branches(path: &Path) -> bool {
    let key = |at: usize| match path.segments().get(at) {
        Some(Segment::Key(key)) => &**key,
        _ => "",
    };
    match key(0) {
        "channels" => !matches!(key(1), "defaults" | "modelByChannel"),
        "plugins" => key(1) == "entries" && key(3) == "config",
        _ => false,
    }
}

fn every_branch(error: &ValidationError<'_>, root: &Value) -> Vec<Path> {
    let mut paths = Vec::new();
    for branch in branches(error).unwrap_or_default() {
        paths.extend(branch.iter().flat_map(|error| every_branch(error, root)));
    }
    paths.push(own_path(error, root));
    paths
}

/// What one error comes to outside of channels and plugins.
struct Report {
    paths: Vec<Path>,
    /// Whether it ends the check of its branch. Limits and patterns do not.
    ends: bool,
}

fn report(error: &ValidationError<'_>, root: &Value) -> Report {
    let Some(branches) = branches(error) else {
        return Report { paths: vec![own_path(error, root)], ends: ends(error.kind()) };
    };
    if let ErrorKind::OneOfNotValid { .. } = error.kind() {
        return discriminated(error, branches, root);
    }
    let mut open = branches.iter().map(|branch| together(branch, root)).filter(|branch| !branch.ends);
    match (open.next(), open.next()) {
        (Some(only), None) => only,
        _ => Report { paths: vec![own_path(error, root)], ends: true },
    }
}

/// Branches that a constant member tells apart: the one that it names, else that member.
fn discriminated(error: &ValidationError<'_>, branches: &[Vec<ValidationError<'static>>], root: &Value) -> Report {
    let path = own_path(error, root);
    let refused = |branch: &[ValidationError<'static>]| {
        branch.iter().find_map(|error| {
            let at = own_path(error, root);
            let constant = matches!(error.kind(), ErrorKind::Constant { .. });
            (constant && at.parent().as_ref() == Some(&path)).then_some(at)
        })
    };
    match branches.iter().find(|branch| refused(branch).is_none()) {
        Some(meant) => together(meant, root),
        None => {
            let at = branches.first().and_then(|branch| refused(branch));
            Report { paths: vec![at.unwrap_or(path)], ends: true }
        }
    }
}

fn together(errors: &[ValidationError<'static>], root: &Value) -> Report {
    let mut all = Report { paths: Vec::new(), ends: false };
    for error in errors {
        let one = report(error, root);
        all.ends |= one.ends;
        all.paths.extend(one.paths);
    }
    all
}

fn branches<'e>(error: &'e ValidationError<'_>) -> Option<&'e [Vec<ValidationError<'static>>]> {
    match error.kind() {
        ErrorKind::AnyOf { context } | ErrorKind::OneOfNotValid { context } => Some(context),
        _ => None,
    }
}

/// An unknown key is reported at its object, a missing member and a bad name at the member.
fn own_path(error: &ValidationError<'_>, root: &Value) -> Path {
    let path = instance_path(error.instance_path(), root);
    match error.kind() {
        ErrorKind::Required { property } => match property.as_str() {
            Some(property) => path.key(property),
            None => path,
        },
        ErrorKind::PropertyNames { error } => match error.instance().as_str() {
            Some(name) => path.key(name),
            None => path,
        },
        _ => path,
    }
}

const fn ends(kind: &ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::Pattern { .. }
            | ErrorKind::Format { .. }
            | ErrorKind::Maximum { .. }
            | ErrorKind::Minimum { .. }
            | ErrorKind::ExclusiveMaximum { .. }
            | ErrorKind::ExclusiveMinimum { .. }
            | ErrorKind::MaxItems { .. }
            | ErrorKind::MinItems { .. }
            | ErrorKind::MaxLength { .. }
            | ErrorKind::MinLength { .. }
            | ErrorKind::MultipleOf { .. }
    )
}
