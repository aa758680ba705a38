//! From one place to another: definitions, references, renaming of variables, links.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use gen_lsp_types::{DocumentLink, Location, TextEdit, Uri, WorkspaceEdit};

use crate::host::{Host, lexical};
use crate::project::include;
use crate::source::Span;
use crate::syntax::json5::NodeKind;

use super::around::{Around, ConfigFile, references};
use super::completion::{string, target};
use super::overlay::Overlay;
use super::place::{self, touches};

/// The variable at a place: in a reference of a config, as a name of an env file, or in `env.vars`.
pub(super) fn variable(around: &Around, path: &Path, offset: u32) -> Option<(String, Span)> {
    if let Some(file) = around.env_file(path) {
        let entry = file.parsed.entries.iter().find(|entry| touches(entry.key_span, offset))?;
        return Some((entry.key.to_string(), entry.key_span));
    }
    let config = around.config(path)?;
    references(config).into_iter().find(|(_, span)| touches(*span, offset)).or_else(|| {
        let (name, span) = own_variables(config).into_iter().find(|(_, span)| touches(*span, offset))?;
        Some((name, span))
    })
}

/// The names in `env.vars`, without their quotes.
fn own_variables(config: &ConfigFile) -> Vec<(String, Span)> {
    let document = &config.document;
    let vars =
        ["env", "vars"].iter().try_fold(document.root(), |at, key| Some(document.member(at?, key).map(|m| m.value)));
    let Some(NodeKind::Object(members)) = vars.flatten().map(|vars| &document.node(vars).kind) else {
        return Vec::new();
    };
    let name = |member: &crate::syntax::json5::Member| {
        (member.key.to_string(), document.key_subspan(config.text.as_str(), member, 0..member.key.len()))
    };
    members.iter().map(name).collect()
}

/// Every place that names a variable.
fn places<'a>(around: &'a Around, name: &'a str) -> impl Iterator<Item = (&'a Path, &'a super::text::Text, Span)> {
    let in_configs = around.configs.iter().flat_map(move |config| {
        let named = references(config).into_iter().chain(own_variables(config)).filter(move |(other, _)| other == name);
        named.map(|(_, span)| (config.path.as_path(), &config.text, span))
    });
    let in_files = around.env_files.iter().flat_map(move |file| {
        let entries = file.parsed.entries.iter().filter(move |entry| &*entry.key == name);
        entries.map(|entry| (file.path.as_path(), &file.text, entry.key_span))
    });
    in_configs.chain(in_files)
}

pub(super) fn definitions(around: &Around, path: &Path, offset: u32, overlay: &Overlay<'_>) -> Vec<Location> {
    if let Some((name, _)) = variable(around, path, offset) {
        let definitions = around.definitions(&name);
        let at = |definition: &super::around::Definition<'_>| Location {
            uri: overlay.documents.uri(definition.path),
            range: definition.text.range(definition.span),
        };
        return definitions.iter().map(at).collect();
    }
    let Some(config) = around.config(path) else { return Vec::new() };
    if let Some((_, file)) = includes(config, overlay).into_iter().find(|(span, _)| touches(*span, offset)) {
        let start = gen_lsp_types::Position { line: 0, character: 0 };
        return vec![Location { uri: overlay.documents.uri(&file), range: gen_lsp_types::Range { start, end: start } }];
    }
    named(config, offset)
        .map(|span| Location { uri: overlay.documents.uri(path), range: config.text.range(span) })
        .into_iter()
        .collect()
}

/// The key of another part of the config that a value names.
fn named(config: &ConfigFile, offset: u32) -> Option<Span> {
    let place = place::at(&config.document, offset)?;
    let id = string(config, &place)?;
    let object = place::node(&config.document, &target(&place.path)?)?;
    let same = |key: &str| key.eq_ignore_ascii_case(id);
    let NodeKind::Object(members) = &config.document.node(object).kind else { return None };
    members.iter().find(|member| same(&member.key)).map(|member| member.key_span)
}

pub(super) fn references_to(around: &Around, path: &Path, offset: u32, overlay: &Overlay<'_>) -> Vec<Location> {
    if let Some((name, _)) = variable(around, path, offset) {
        let at = |(path, text, span): (&Path, &super::text::Text, Span)| Location {
            uri: overlay.documents.uri(path),
            range: text.range(span),
        };
        return places(around, &name).map(at).collect();
    }
    let Some(config) = around.config(path) else { return Vec::new() };
    uses(config, offset)
        .into_iter()
        .map(|span| Location { uri: overlay.documents.uri(path), range: config.text.range(span) })
        .collect()
}

/// The values that name the key at a place.
fn uses(config: &ConfigFile, offset: u32) -> Vec<Span> {
    let Some(place) = place::at(&config.document, offset) else { return Vec::new() };
    let (Some(id), Some(parent)) = (place.path.last_key(), place.path.parent()) else { return Vec::new() };
    let mut found = Vec::new();
    let mut waiting: Vec<_> =
        config.document.root().map(|root| (root, crate::project::Path::root())).into_iter().collect();
    while let Some((node, path)) = waiting.pop() {
        match &config.document.node(node).kind {
            NodeKind::Object(members) => {
                waiting.extend(members.iter().map(|member| (member.value, path.key(&member.key))))
            }
            NodeKind::Array(items) => {
                waiting.extend(items.iter().enumerate().map(|(at, item)| (*item, path.index(at))))
            }
            NodeKind::String(text) if text.eq_ignore_ascii_case(id) && target(&path).as_ref() == Some(&parent) => {
                found.push(config.document.node(node).span);
            }
            _ => {}
        }
    }
    found.sort_by_key(|span| span.start);
    found
}

/// The variable renamed everywhere; `None` when the new name could not be referred to.
pub(super) fn rename(
    around: &Around,
    path: &Path,
    offset: u32,
    new_name: &str,
    overlay: &Overlay<'_>,
) -> Option<WorkspaceEdit> {
    let (name, _) = variable(around, path, offset)?;
    if !crate::project::reference::is_name(new_name) {
        return None;
    }
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for (path, text, span) in places(around, &name) {
        let edit = TextEdit { range: text.range(span), new_text: new_name.to_owned() };
        changes.entry(overlay.documents.uri(path)).or_default().push(edit);
    }
    Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

/// The paths in `$include`, without their quotes, and the files that they lead to.
fn includes(config: &ConfigFile, overlay: &Overlay<'_>) -> Vec<(Span, PathBuf)> {
    let document = &config.document;
    let folder = config.path.parent().unwrap_or(Path::new(""));
    let found = include::written(document).into_iter().filter_map(|(id, written)| {
        let file = lexical(&folder.join(written));
        let span = || document.subspan(config.text.as_str(), id, 0..written.len());
        overlay.is_file(&file).then(|| (span(), file))
    });
    found.collect()
}

pub(super) fn links(config: &ConfigFile, overlay: &Overlay<'_>) -> Vec<DocumentLink> {
    let mut links: Vec<DocumentLink> = includes(config, overlay)
        .into_iter()
        .map(|(span, file)| DocumentLink {
            range: config.text.range(span),
            target: Some(overlay.documents.uri(&file)),
            ..DocumentLink::default()
        })
        .collect();
    let address = config.document.root().and_then(|root| config.document.member(root, "$schema"));
    if let Some(member) = address
        && let NodeKind::String(text) = &config.document.node(member.value).kind
        && (text.starts_with("https://") || text.starts_with("http://"))
    {
        let range = config.text.range(config.document.subspan(config.text.as_str(), member.value, 0..text.len()));
        links.push(DocumentLink { range, target: Some(Uri(text.to_string())), ..DocumentLink::default() });
    }
    links
}
