//! Completion: keys, values, ids of other parts of the config, variables.

use gen_lsp_types::{CompletionItem, CompletionItemKind, CompletionItemTextEdit, TextEdit};

use crate::credentials::table;
use crate::project::{Path, Segment};
use crate::source::Span;
use crate::syntax::json5::{KeyStyle, NodeKind};

use super::around::{Around, ConfigFile, EnvFile, references};
use super::facts::{self, allowed};
use super::lint::Options;
use super::place::{self, Part, touches};
use super::shown;

pub(super) fn in_config(config: &ConfigFile, around: &Around, offset: u32, options: &Options) -> Vec<CompletionItem> {
    if let Some(open) = open_reference(config, offset) {
        return variables(config, around, open);
    }
    let Some(place) = place::at(&config.document, offset) else { return Vec::new() };
    match place.part {
        Part::Key => keys(config, &place.path.parent().unwrap_or_else(Path::root), Some(place.span), offset, options),
        Part::Inside => keys(config, &place.path, None, offset, options),
        Part::Value => values(config, &place, options),
    }
}

fn item(label: &str, kind: CompletionItemKind, edit: TextEdit) -> CompletionItem {
    CompletionItem {
        label: label.to_owned(),
        kind: Some(kind),
        text_edit: Some(CompletionItemTextEdit::TextEdit(edit)),
        ..CompletionItem::default()
    }
}

/// The bytes after `${` up to the cursor, and whether the brace is closed, when the cursor is in a reference in a string.
fn open_reference(config: &ConfigFile, offset: u32) -> Option<(Span, bool)> {
    let text = config.text.as_str();
    let before = text.get(..offset as usize)?;
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let start = line + before.get(line..)?.rfind("${")? + 2;
    let typed = before.get(start..)?;
    let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let rest = text.get(offset as usize..).unwrap_or_default();
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let closed = rest.get(end..).is_some_and(|rest| rest.starts_with('}'));
    let span = Span::new(u32::try_from(start).ok()?, offset + u32::try_from(if closed { end } else { 0 }).ok()?);
    is_name(typed).then_some((span, closed))
}

/// Variables that the env files set, and those that other places of the config refer to.
fn variables(config: &ConfigFile, around: &Around, (span, closed): (Span, bool)) -> Vec<CompletionItem> {
    let own = references(config).into_iter().filter(|(_, place)| !touches(*place, span.end)).map(|(name, _)| name);
    let is_name = |name: &String| crate::project::reference::is_name(name);
    let mut names: Vec<String> = around.names().into_iter().map(str::to_owned).chain(own).filter(is_name).collect();
    names.sort_unstable();
    names.dedup();
    let range = config.text.range(span);
    let end = if closed { "" } else { "}" };
    let made = |name: &String| {
        let edit = TextEdit { range, new_text: format!("{name}{end}") };
        CompletionItem { detail: where_set(name, around), ..item(name, CompletionItemKind::Variable, edit) }
    };
    names.iter().map(made).collect()
}

fn where_set(name: &str, around: &Around) -> Option<String> {
    let definitions = around.definitions(name);
    let first = definitions.first()?;
    Some(first.path.file_name()?.to_string_lossy().into_owned())
}

/// Keys that the object at a path may have and has not.
fn keys(
    config: &ConfigFile,
    object: &Path,
    typed: Option<Span>,
    offset: u32,
    options: &Options,
) -> Vec<CompletionItem> {
    let schemas = facts::schemas(facts::root(options.release, config.is_guide), object);
    let there = place::keys(&config.document, object);
    let style = there
        .first()
        .or(place::keys(&config.document, &Path::root()).first())
        .map_or(KeyStyle::Bare, |key| key.key_style);
    let current = typed.map(|span| span.start);
    let is_free =
        |name: &str| !there.iter().any(|member| &*member.key == name && Some(member.key_span.start) != current);
    let replaced = typed.unwrap_or(Span::at(offset));
    // What is typed before a colon has one already.
    let rest = config.text.as_str().get(replaced.end as usize..).unwrap_or_default();
    let colon = if rest.trim_start().starts_with(':') { "" } else { ": " };
    let range = config.text.range(replaced);
    let known = facts::keys(&schemas);
    let mut items: Vec<CompletionItem> = known
        .into_iter()
        .filter(|(name, _)| is_free(name))
        .map(|(name, schemas)| {
            let known = allowed(&schemas);
            let edit = TextEdit { range, new_text: format!("{}{colon}", written(name, style)) };
            let detail = if known.values.is_empty() { known.types.join(" | ") } else { short(&known.values) };
            CompletionItem {
                detail: (!detail.is_empty()).then_some(detail),
                ..item(name, CompletionItemKind::Property, edit)
            }
        })
        .collect();
    if !config.is_guide && object.to_string() == "models.providers" {
        let ids = table().providers().iter().map(|provider| (provider.id, provider.name));
        items.extend(ids.filter(|(id, _)| is_free(id)).map(|(id, name)| {
            let edit = TextEdit { range, new_text: format!("{}{colon}", written(id, style)) };
            CompletionItem { detail: Some(name.to_owned()), ..item(id, CompletionItemKind::Module, edit) }
        }));
    }
    items
}

/// A few values, for a line.
fn short(values: &[String]) -> String {
    const SHOWN: usize = 6;
    let more = if values.len() > SHOWN { " | …" } else { "" };
    format!("{}{more}", values.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(" | "))
}

fn written(name: &str, style: KeyStyle) -> String {
    let bare = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    match style {
        KeyStyle::Bare if bare => name.to_owned(),
        KeyStyle::Single => format!("'{name}'"),
        KeyStyle::Bare | KeyStyle::Double => format!("\"{name}\""),
    }
}

fn values(config: &ConfigFile, place: &place::Place, options: &Options) -> Vec<CompletionItem> {
    let schemas = facts::schemas(facts::root(options.release, config.is_guide), &place.path);
    let range = config.text.range(place.span);
    let single = config.text.slice(place.span).starts_with('\'');
    let quoted = |text: &str| if single { format!("'{text}'") } else { format!("\"{text}\"") };
    let of_schema = allowed(&schemas).values.into_iter().map(|json| {
        let text = serde_json::from_str::<String>(&json).ok();
        let new_text = text.as_deref().map_or_else(|| json.clone(), quoted);
        let label = text.unwrap_or(json);
        CompletionItem {
            filter_text: Some(new_text.clone()),
            ..item(&label, CompletionItemKind::EnumMember, TextEdit { range, new_text })
        }
    });
    let ids = ids(config, &place.path).into_iter().map(|id| {
        let new_text = quoted(&id);
        CompletionItem {
            filter_text: Some(new_text.clone()),
            ..item(&id, CompletionItemKind::Reference, TextEdit { range, new_text })
        }
    });
    of_schema.chain(ids).collect()
}

/// Ids of other parts of the config that may stand at a path.
fn ids(config: &ConfigFile, path: &Path) -> Vec<String> {
    target(path)
        .map(|object| {
            let members = place::keys(&config.document, &object);
            members.into_iter().map(|member| member.key.to_string()).filter(|id| shown(id) == *id).collect()
        })
        .unwrap_or_default()
}

/// The object whose keys a value at this path names.
pub(super) fn target(path: &Path) -> Option<Path> {
    let keys: Vec<&str> = path
        .segments()
        .iter()
        .map(|segment| match segment {
            Segment::Key(key) => &**key,
            Segment::Index(_) => "*",
        })
        .collect();
    let under = |names: &[&str]| names.iter().fold(Path::root(), |path, name| path.key(name));
    match keys.as_slice() {
        [.., "agentId"] | ["broadcast", _, "*"] => Some(under(&["agents", "entries"])),
        [.., "provider"]
            if keys.contains(&"secrets") || keys.iter().any(|key| key.ends_with("Key") || key.ends_with("oken")) =>
        {
            Some(under(&["secrets", "providers"]))
        }
        ["gateway", "defaultProvider"] => Some(under(&["secrets"])),
        ["gateway", "roles", "default"] => Some(under(&["gateway", "roles", "definitions"])),
        ["browser", "defaultProfile"] => Some(under(&["browser", "profiles"])),
        _ => None,
    }
}

/// Names that OpenClaw reads or configs refer to, at the start of a line of an env file.
pub(super) fn in_env_file(file: &EnvFile, around: &Around, offset: u32) -> Vec<CompletionItem> {
    let text = file.text.as_str();
    let before = text.get(..offset as usize).unwrap_or_default();
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let typed = before.get(line..).unwrap_or_default();
    let start =
        line + typed.len() - typed.trim_start().len() + if typed.trim_start().starts_with("export ") { 7 } else { 0 };
    let name = before.get(start..).unwrap_or_default();
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Vec::new();
    }
    let rest = text.get(offset as usize..).unwrap_or_default();
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let equals = if rest.get(end..).is_some_and(|rest| rest.trim_start().starts_with('=')) { "" } else { "=" };
    let offset_of = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let range = file.text.range(Span::new(offset_of(start), offset + offset_of(end)));
    let is_free =
        |name: &str| !file.parsed.entries.iter().any(|entry| &*entry.key == name && !touches(entry.key_span, offset));
    let used = around.configs.iter().flat_map(references).map(|(name, _)| name);
    let used: Vec<String> = used.filter(|name| shown(name) == *name).collect();
    let made = |name: &str, detail: Option<String>, rank: &str| {
        let edit = TextEdit { range, new_text: format!("{name}{equals}") };
        CompletionItem {
            detail,
            sort_text: Some(format!("{rank}{name}")),
            ..item(name, CompletionItemKind::Variable, edit)
        }
    };
    let mut items: Vec<CompletionItem> = Vec::new();
    for name in used.iter().filter(|name| is_free(name)) {
        if !items.iter().any(|item| item.label == *name) {
            items.push(made(name, owners(name), "0"));
        }
    }
    for (name, _) in table().env_names().filter(|(name, _)| is_free(name)) {
        if !used.iter().any(|used| used == name) && !items.iter().any(|item| item.label == name) {
            items.push(made(name, owners(name), "1"));
        }
    }
    items
}

fn owners(name: &str) -> Option<String> {
    let role = table().env_role(name)?;
    let names: Vec<&str> = role.providers.iter().map(|provider| provider.name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Whether a value is a string: its text is then taken as it is.
pub(super) fn string<'c>(config: &'c ConfigFile, place: &place::Place) -> Option<&'c str> {
    match &config.document.node(place.node).kind {
        NodeKind::String(text) if place.part == Part::Value => Some(text),
        _ => None,
    }
}
