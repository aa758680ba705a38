//! Hover: what a key is, which values it takes, which releases know it, and where a variable comes from. Never a value: it
//! may be a credential.

use std::fmt::Write;

use gen_lsp_types::{Contents, Hover, MarkupContent, MarkupKind};

use crate::credentials::{EnvKind, table};
use crate::language::{Language, Phrase};
use crate::project::Path;
use crate::schema::{self, Release};

use super::around::{Around, ConfigFile, Definition, EnvFile, references};
use super::facts::{self, allowed};
use super::lint::Options;
use super::place::{self, Part, touches};
use super::shown;

/// So many allowed values are listed.
const SHOWN: usize = 12;

pub(super) fn in_config(config: &ConfigFile, around: &Around, offset: u32, options: &Options) -> Option<Hover> {
    let language = options.language;
    if let Some((name, span)) = references(config).into_iter().find(|(_, span)| touches(*span, offset)) {
        let text = variable(&name, around, language);
        return Some(hover(text, config.text.range(span)));
    }
    let place = place::at(&config.document, offset).filter(|place| place.part != Part::Inside)?;
    let key = place::member(&config.document, &place.path)?;
    let span = if place.part == Part::Key { key.key_span } else { place.span };
    let mut text = key_text(&place.path, config, options)?;
    if let Some(source) = slot(&place.path, config, around, language) {
        let _ = write!(text, "\n\n{source}");
    }
    Some(hover(text, config.text.range(span)))
}

pub(super) fn in_env_file(file: &EnvFile, around: &Around, offset: u32, options: &Options) -> Option<Hover> {
    let entry = file.parsed.entries.iter().find(|entry| touches(entry.key_span, offset))?;
    Some(hover(variable(&entry.key, around, options.language), file.text.range(entry.key_span)))
}

fn hover(value: String, range: gen_lsp_types::Range) -> Hover {
    let contents = Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value });
    Hover { contents, range: Some(range) }
}

fn key_text(path: &Path, config: &ConfigFile, options: &Options) -> Option<String> {
    let (release, language) = (options.release, options.language);
    let schemas = facts::schemas(facts::root(release, config.is_guide), path);
    let mut text = format!("**`{}`**", escaped(&shown(&path.to_string())));
    let known = allowed(&schemas);
    let facts = [&known.types, &known.values];
    if facts.iter().all(|list| list.is_empty()) && !schemas.iter().any(|schema| schema.properties().next().is_some()) {
        let life = if config.is_guide { None } else { lifetime(path, release, language) };
        let _ = write!(text, "\n\n{}", life?);
        return Some(text);
    }
    if !known.types.is_empty() {
        let _ = write!(text, ": {}", known.types.join(" | "));
    }
    if let Some(limits) = &known.limits {
        let _ = write!(text, ", {limits}");
    }
    if !known.values.is_empty() {
        let shown: Vec<String> = known.values.iter().take(SHOWN).map(|value| format!("`{}`", escaped(value))).collect();
        let rest = known.values.len().saturating_sub(SHOWN);
        let more = if rest > 0 { format!(" +{rest}") } else { String::new() };
        let _ = write!(text, "\n\n{}: {}{more}", language.text("allowed"), shown.join(", "));
    }
    if let Some(description) = &known.description {
        let _ = write!(text, "\n\n{description}");
    }
    if config.is_guide {
        let _ = write!(
            text,
            "\n\n{}",
            language.text("a key of the troubleshooting guide; no release of OpenClaw reads it")
        );
    } else if let Some(life) = lifetime(path, release, language) {
        let _ = write!(text, "\n\n{life}");
    }
    Some(text)
}

/// Since and until which release a key is known.
fn lifetime(path: &Path, target: &Release, language: Language) -> Option<String> {
    let (first, last) = schema::lifetime(path)?;
    let releases = schema::Store::bundled().releases();
    let is_first = releases.first().is_some_and(|release| release.version == first.version);
    let is_last = releases.last().is_some_and(|release| release.version == last.version);
    let (first_name, last_name) = (first.version.to_string(), last.version.to_string());
    let phrase = match (is_first, is_last) {
        (true, true) => Phrase::new("in every release since {first}").with("first", first_name),
        (false, true) => Phrase::new("since OpenClaw {first}").with("first", first_name),
        (true, false) => Phrase::new("until OpenClaw {last}").with("last", last_name),
        (false, false) => {
            Phrase::new("from OpenClaw {first} to {last}").with("first", first_name).with("last", last_name)
        }
    };
    let outside = target.version < first.version || target.version > last.version;
    let note = Phrase::new("; not in {target}").with("target", target.version.to_string());
    Some(format!("{}{}", language.say(&phrase), if outside { language.say(&note) } else { String::new() }))
}

/// What a variable is, and where it is set.
fn variable(name: &str, around: &Around, language: Language) -> String {
    let mut text = format!("**`{}`**", escaped(&shown(name)));
    if let Some(role) = table().env_role(name) {
        let owners: Vec<&str> = role.providers.iter().map(|provider| provider.name).collect();
        let kind = match role.kind {
            EnvKind::Credential => "a credential of {owners}",
            EnvKind::Chosen => "a secret of your own choice, for {owners}",
            EnvKind::List => "several credentials of {owners}",
            EnvKind::Admin => "an admin key of {owners}, for usage reports",
            EnvKind::Identifier => "an identifier of {owners}",
            EnvKind::Url => "an address of {owners}",
            EnvKind::Path => "a path of a file, for {owners}",
            EnvKind::Setting => "a setting of {owners}",
        };
        let phrase =
            Phrase::new(kind).with("owners", if owners.is_empty() { "OpenClaw".to_owned() } else { owners.join(", ") });
        let _ = write!(text, ": {}", language.say(&phrase));
    }
    let _ = write!(text, "\n\n{}", origins(&around.definitions(name), language));
    text
}

/// The places where a variable is set, the one that counts first.
fn origins(definitions: &[Definition<'_>], language: Language) -> String {
    let Some(winner) = winner(definitions) else {
        return language.text("set in no file here; the environment of the process may have it").to_owned();
    };
    let at = |definition: &Definition<'_>| {
        let name = definition.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        format!("`{}:{}`", escaped(&name), definition.text.position(definition.span.start).line + 1)
    };
    let place = at(winner);
    let first = if winner.is_empty {
        Phrase::new("set to nothing in {place}, which hides what comes after")
    } else {
        Phrase::new("from {place}")
    };
    let mut lines = vec![language.say(&first.with("place", place))];
    let others = definitions.iter().filter(|definition| !std::ptr::eq(*definition, winner));
    lines.extend(others.map(|other| language.say(&Phrase::new("not used: {place}").with("place", at(other)))));
    lines.push(language.text("the environment of the process goes before all of them").to_owned());
    lines.join("\n\n")
}

/// The first place counts, be it empty; the config's own fills what is missing or blank.
fn winner<'d>(definitions: &'d [Definition<'d>]) -> Option<&'d Definition<'d>> {
    let first = definitions.iter().find(|definition| !definition.in_config);
    let own = || definitions.iter().find(|definition| definition.in_config && !definition.is_empty);
    match first {
        Some(first) if !first.is_empty => Some(first),
        first => own().or(first),
    }
}

/// Where the credential of a provider really comes from: its key in the config, or its variables.
fn slot(path: &Path, config: &ConfigFile, around: &Around, language: Language) -> Option<String> {
    let mut steps = path.segments().iter().map(|segment| match segment {
        crate::project::Segment::Key(key) => &**key,
        crate::project::Segment::Index(_) => "",
    });
    let (parents, id, key) = match (steps.next()?, steps.next()?, steps.next()?, steps.next()) {
        ("models", "providers", id, Some(key)) => ("models", id, key),
        ("secrets", id, key, None) if config.is_guide => ("secrets", id, key),
        _ => return None,
    };
    if key != "apiKey" {
        return None;
    }
    let names: Vec<&str> = if parents == "secrets" {
        table().guide().iter().find(|entry| entry.id == id)?.env.to_vec()
    } else {
        table().provider(id)?.env.clone()
    };
    let set =
        names.iter().find_map(|name| Some((name, around.definitions(name))).filter(|(_, found)| !found.is_empty()))?;
    let phrase = if config.is_guide {
        Phrase::new("`{name}` is set as well and goes before this key")
    } else {
        Phrase::new("`{name}` is set as well")
    };
    Some(format!("{}\n\n{}", language.say(&phrase.with("name", *set.0)), origins(&set.1, language)))
}

/// Text of a file in Markdown code: no back-tick and no control character ends it.
fn escaped(text: &str) -> String {
    text.chars().map(|c| if c == '`' || c.is_control() { '\u{fffd}' } else { c }).collect()
}
