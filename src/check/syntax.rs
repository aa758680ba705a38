//! Findings of the JSON5 front end.

use crate::finding::Finding;
use crate::language::Language;
use crate::project::{Config, Layout, Origin};
use crate::rules::{Catalog, Violation, listed};
use crate::source::Span;
use crate::syntax::json5::{NodeId, NodeKind};

pub(super) fn check(config: &Config, catalog: &Catalog, language: Language) -> Vec<Finding> {
    let violations = errors(config).chain(heavy(config)).chain(duplicates(config)).chain(surrogates(config));
    let mut findings = listed(violations, catalog, language);
    if config.layout == Layout::Guide {
        // OpenClaw never reads this file as it stands.
        findings.iter_mut().for_each(|finding| finding.blocking = false);
    }
    findings
}

type Named = (&'static str, Violation);

fn errors(config: &Config) -> Box<dyn Iterator<Item = Named> + '_> {
    let file = config.file;
    if config.is_unrendered_template() {
        let first = config.document.errors().first();
        let place = |span| Origin { file, span };
        return Box::new(
            first.map(|error| ("syntax/template", Violation::new("unrendered", place(error.span)))).into_iter(),
        );
    }
    Box::new(config.document.errors().iter().map(move |error| {
        let mut violation = Violation::new(error.name(), Origin { file, span: error.span })
            .param("instead", error.instead().unwrap_or_default())
            .param("message", error.message())
            .param("help", error.help());
        if let Some(span) = error.related {
            violation = violation.related(Origin { file, span }, error.related_message().unwrap_or("opened"));
        }
        violation.config_path = Some(crate::project::Path::root());
        ("syntax/json5", violation)
    }))
}

/// Nothing else is said of the values of such a file.
fn heavy(config: &Config) -> impl Iterator<Item = Named> + '_ {
    let start = config.document.root().map_or(Span::at(0), |root| config.document.node(root).span);
    let place = Origin { file: config.file, span: Span::new(start.start, (start.start + 1).min(start.end)) };
    config.heavy.then(|| ("syntax/json5", Violation::new("too-heavy", place))).into_iter()
}

/// The first of equal keys is the primary place; the last one wins.
fn duplicates(config: &Config) -> impl Iterator<Item = Named> + '_ {
    let file = config.file;
    config.document.duplicates().into_iter().filter_map(move |duplicate| {
        let NodeKind::Object(members) = &config.document.node(duplicate.object).kind else { return None };
        let mut places = duplicate.members.iter().filter_map(|index| members.get(*index));
        let (first, last) = (places.next()?, places.next_back()?);
        let place = |span| Origin { file, span };
        let same = same_value(config, first.value, last.value);
        let outcome = if same { "same-value" } else { "different-value" };
        let mut violation = Violation::new(outcome, place(first.key_span)).param("key", &*duplicate.key);
        for middle in places {
            violation = violation.related(place(middle.key_span), "ignored");
        }
        Some(("syntax/duplicate-key", violation.related(place(last.key_span), "wins")))
    })
}

/// Compared without recursion: nested values count as different unless their text is the same.
fn same_value(config: &Config, a: NodeId, b: NodeId) -> bool {
    match (&config.document.node(a).kind, &config.document.node(b).kind) {
        (NodeKind::String(a), NodeKind::String(b)) => a == b,
        (NodeKind::Bool(a), NodeKind::Bool(b)) => a == b,
        (NodeKind::Number(a), NodeKind::Number(b)) => a.to_bits() == b.to_bits(),
        (NodeKind::Null, NodeKind::Null) => true,
        _ => false,
    }
}

fn surrogates(config: &Config) -> impl Iterator<Item = Named> + '_ {
    let file = config.file;
    let spans = config.document.lone_surrogates().iter();
    spans.map(move |span| ("syntax/lone-surrogate", Violation::new("default", Origin { file, span: *span })))
}
