//! Names in a config: where a function finds those that it judges, where those that are valid, and when two are the same.
//! Nothing is judged here.

use std::collections::HashSet;

use serde::Deserialize;

use crate::project::{Config, Kind, Origin, Path, Value, agent_id};
use crate::rules::WrittenPath;
use crate::rules::select::{Node, Target};
use crate::rules::sets;
use crate::rules::written::Written;
use crate::schema::Version;

use super::Input;

/// Which text of a target is the name.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Each {
    /// The target itself, a string.
    #[default]
    Value,
    /// Each key of the target, an object.
    Key,
}

/// A name that is to be judged.
pub(super) struct Name<'a> {
    pub(super) config: &'a Config,
    pub(super) text: &'a str,
    /// Where it is written.
    pub(super) place: Origin,
    pub(super) path: Path,
    /// The value under a key; the text's own value otherwise.
    pub(super) value: &'a Value,
}

/// The names among the targets. Texts with a `${VAR}` that may be set elsewhere are left out.
pub(super) fn names<'a>(input: &'a Input<'a>, each: Each) -> impl Iterator<Item = Name<'a>> {
    nodes(input).flat_map(move |node| match each {
        Each::Value => value_name(input, node).into_iter().collect(),
        Each::Key => key_names(node).collect::<Vec<_>>(),
    })
}

/// The values among the targets.
pub(super) fn nodes<'a>(input: &'a Input<'a>) -> impl Iterator<Item = &'a Node<'a>> {
    input.targets.iter().filter_map(|target| match target {
        Target::Node(node) => Some(node),
        _ => None,
    })
}

fn value_name<'a>(input: &Input<'_>, node: &'a Node<'a>) -> Option<Name<'a>> {
    let text = node.value.as_str()?;
    let known = !node.value.unresolved || input.project.environment.is_complete();
    let name =
        || Name { config: node.config, text, place: node.value.origin, path: node.path.clone(), value: node.value };
    known.then(name)
}

fn key_names<'a>(node: &'a Node<'a>) -> impl Iterator<Item = Name<'a>> {
    node.value.members().iter().map(|member| Name {
        config: node.config,
        text: &member.key,
        place: member.key_origin,
        path: node.path.key(&member.key),
        value: &member.value,
    })
}

/// When two names are the same.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Compare {
    /// Letter by letter.
    #[default]
    Exact,
    /// Without blanks at the ends.
    Trimmed,
    /// Without blanks at the ends and without case.
    Folded,
    /// Without blanks at the ends and without case, with names that are in lower case already.
    FoldedToLower,
    /// The valid name is how it begins.
    StartsWith,
    /// As OpenClaw reads ids of agents.
    AgentId,
}

impl Compare {
    /// The form in which equal names are equal.
    pub(super) fn form(self, text: &str) -> String {
        match self {
            Self::Exact => text.to_owned(),
            Self::Trimmed | Self::StartsWith => text.trim().to_owned(),
            Self::Folded | Self::FoldedToLower => text.trim().to_lowercase(),
            Self::AgentId => agent_id(text),
        }
    }

    /// The form of a text in so many letters: what OpenClaw only makes of an empty or odd text does not count.
    pub(super) fn written_form(self, text: &str) -> String {
        match self {
            Self::AgentId => Self::Folded.form(text),
            other => other.form(text),
        }
    }

    /// The form of a valid name, for [`Compare::is_among`].
    pub(super) fn form_of_valid(self, valid: &str) -> String {
        match self {
            Self::FoldedToLower | Self::StartsWith => valid.to_owned(),
            _ => self.form(valid),
        }
    }

    /// Whether equal texts are the same name for certain: valid names have the same form as others.
    pub(super) fn has_one_form(self) -> bool {
        matches!(self, Self::Exact | Self::Trimmed | Self::Folded | Self::AgentId)
    }

    /// Whether a form is that of one of the valid names.
    pub(super) fn is_among(self, form: &str, valid: &HashSet<String>) -> bool {
        match self {
            Self::StartsWith => {
                let longest = valid.iter().map(String::len).max().unwrap_or(0).min(form.len());
                (0..=longest).filter_map(|end| form.get(..end)).any(|start| valid.contains(start))
            }
            _ => valid.contains(form),
        }
    }
}

/// Where valid names stand.
#[derive(Debug, Deserialize)]
#[serde(from = "Written<Vec<String>, LongSource>")]
pub(super) enum Source {
    /// These.
    List(Vec<String>),
    /// Keys of the objects at a JSONPath.
    Keys(WrittenPath),
    /// Strings at a JSONPath.
    Values(WrittenPath),
    /// A set of `rules/sets.json5`.
    Set(String),
}

/// A source that is no list.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LongSource {
    Keys(WrittenPath),
    Values(WrittenPath),
    Set(String),
}

impl From<Written<Vec<String>, LongSource>> for Source {
    fn from(written: Written<Vec<String>, LongSource>) -> Self {
        match written {
            Written::Short(list) => Self::List(list),
            Written::Long(LongSource::Keys(keys)) => Self::Keys(keys),
            Written::Long(LongSource::Values(values)) => Self::Values(values),
            Written::Long(LongSource::Set(set)) => Self::Set(set),
        }
    }
}

/// The schema of sources in the options of functions.
macro_rules! sources_schema {
    () => {
        r#"{
            "type": "array",
            "items": {
                "anyOf": [
                    { "type": "array", "items": { "type": "string" } },
                    { "type": "object", "required": ["keys"], "additionalProperties": false, "properties": { "keys": { "type": "string", "pattern": "^\\$" } } },
                    { "type": "object", "required": ["values"], "additionalProperties": false, "properties": { "values": { "type": "string", "pattern": "^\\$" } } },
                    { "type": "object", "required": ["set"], "additionalProperties": false, "properties": { "set": { "type": "string" } } }
                ]
            }
        }"#
    };
}
pub(super) use sources_schema;

/// All names of the sources; `None` when a set is not known for the release.
pub(super) fn valid<'a>(sources: &'a [Source], config: &'a Config, release: &Version) -> Option<Vec<&'a str>> {
    let mut names = Vec::new();
    for source in sources {
        match source {
            Source::List(list) => names.extend(list.iter().map(String::as_str)),
            Source::Keys(keys) => {
                names.extend(selected(config, keys).flat_map(Value::members).map(|member| &*member.key));
            }
            Source::Values(values) => names.extend(selected(config, values).filter_map(Value::as_str)),
            Source::Set(set) => sets::set(set, release)?.names().for_each(|name| names.push(name)),
        }
    }
    Some(names)
}

/// The values at a JSONPath of a config.
pub(super) fn selected<'a>(config: &'a Config, path: &WrittenPath) -> impl Iterator<Item = &'a Value> + use<'a> {
    let nodes = path.path().zip(config.root.as_ref()).map(|(path, root)| path.select(root));
    nodes.unwrap_or_default().into_iter().map(|selected| selected.value)
}

/// A member below a value, keys joined by dots.
pub(super) fn member<'v>(value: &'v Value, keys: &str) -> Option<&'v Value> {
    keys.split('.').try_fold(value, |value, key| value.get(key))
}

/// Whether a value is an object that names a secret instead of holding it.
pub(super) fn is_reference(value: &Value) -> bool {
    matches!(value.kind, Kind::Object(_)) && ["source", "provider", "id"].iter().all(|key| value.get(key).is_some())
}
