//! From selectors to the things that a rule looks at.

use crate::credentials::{self, Table};
use crate::discover::Role;
use crate::project::{Config, EnvFile, Origin, Path, Project, Segment, Value};

use super::model::{Check, EnvClass, EnvSelector, Given, Slot, Whole};
use super::path::{Selected, WrittenPath};
use super::places::Places;

/// One thing that a rule looks at.
#[derive(Clone, Debug)]
pub enum Target<'p> {
    /// A value in a config.
    Node(Node<'p>),
    /// An entry of an env file.
    Entry(Entry<'p>),
    /// A whole config.
    Config(&'p Config),
    /// A whole env file.
    EnvFile(&'p EnvFile),
    /// All files of one folder.
    Project(&'p Project),
}

/// A value in a config.
#[derive(Clone, Debug)]
pub struct Node<'p> {
    /// The config.
    pub config: &'p Config,
    /// The path of the value.
    pub path: Path,
    /// The value.
    pub value: &'p Value,
    /// Where its key is written; `None` for array items and the root.
    pub key: Option<Origin>,
    /// Whose slot it is: an id of the provider table, or the name a user gave a provider.
    pub provider: Option<String>,
}

/// An entry of an env file.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'p> {
    /// The file.
    pub file: &'p EnvFile,
    /// Index into its entries.
    pub index: usize,
    /// The entry.
    pub entry: &'p crate::syntax::dotenv::Entry,
}

impl Entry<'_> {
    /// Where the name is written.
    #[must_use]
    pub const fn key_origin(&self) -> Origin {
        Origin { file: self.file.file, span: self.entry.key_span }
    }

    /// Where the value is written, without quotes; the name's place when the value is empty.
    #[must_use]
    pub const fn value_origin(&self) -> Origin {
        let span = if self.entry.value_span.is_empty() { self.entry.key_span } else { self.entry.value_span };
        Origin { file: self.file.file, span }
    }
}

impl Check {
    /// Whether the rule applies to a config.
    fn takes_config(&self, config: &Config) -> bool {
        let layout = config.layout.name();
        let layout_fits = self.layouts.is_empty() || self.layouts.iter().any(|wanted| wanted == layout);
        layout_fits && self.takes_role(&config.role)
    }

    /// Whether the rule applies to files of a role.
    fn takes_role(&self, role: &Role) -> bool {
        let environment = match role {
            Role::Variant(name) => Some(name),
            _ => None,
        };
        let fits = self.environments.is_empty()
            || environment.is_some_and(|name| self.environments.iter().any(|wanted| wanted == name));
        let taken = if self.roles.is_empty() {
            matches!(role, Role::Live | Role::Variant(_))
        } else {
            self.roles.iter().any(|wanted| wanted == role.name())
        };
        fits && taken
    }
}

/// Everything in a project that a rule looks at.
pub(super) fn targets<'p>(rule: &Check, places: &Places<'p>) -> Vec<Target<'p>> {
    let (project, mut found) = (places.project, Vec::new());
    for given in &rule.given {
        match given {
            Given::Path(text) => match text.strip_prefix('#') {
                Some(list) => {
                    for slot in places.of(list) {
                        slot_targets(rule, slot, project, &mut found);
                    }
                }
                None => path_targets(rule, text, None, project, &mut found),
            },
            Given::Env { env } => env_targets(rule, env, project, &mut found),
            Given::Whole { whole } => whole_targets(rule, *whole, project, &mut found),
        }
    }
    found
}

fn slot_targets<'p>(rule: &Check, slot: &Slot, project: &'p Project, found: &mut Vec<Target<'p>>) {
    if let Some(path) = &slot.path {
        path_targets(rule, path, Some(slot), project, found);
    }
    if let Some(env) = &slot.env {
        env_targets(rule, env, project, found);
    }
}

fn path_targets<'p>(
    rule: &Check,
    written: &WrittenPath,
    slot: Option<&Slot>,
    project: &'p Project,
    found: &mut Vec<Target<'p>>,
) {
    let layout = slot.and_then(|slot| slot.layout.as_deref());
    let configs = project.configs.iter().filter(|config| rule.takes_config(config));
    let mut configs = configs.filter(|config| layout.is_none_or(|layout| layout == config.layout.name())).peekable();
    if configs.peek().is_none() {
        return;
    }
    let Some(path) = written.path() else { return };
    for config in configs {
        // What stands in a template for something else is not what OpenClaw will see.
        let is_filled = |value: &Value| {
            config.role != Role::Template
                || !value.as_written().is_some_and(|text| text.contains("{{") || text.contains('<'))
        };
        let selected = config.root.iter().flat_map(|root| path.select(root));
        for Selected { path, key, value } in selected.filter(|selected| is_filled(selected.value)) {
            let provider = slot.and_then(|slot| provider_of(slot, &path));
            found.push(Target::Node(Node { config, path, value, key, provider }));
        }
    }
}

fn provider_of(slot: &Slot, path: &Path) -> Option<String> {
    let from_path = slot.provider_step.and_then(|step| path.segments().get(step));
    match (slot.provider.as_deref(), from_path) {
        (Some(provider), _) => Some(provider.to_owned()),
        (None, Some(Segment::Key(key))) => Some(key.to_string()),
        _ => None,
    }
}

fn env_targets<'p>(rule: &Check, selector: &EnvSelector, project: &'p Project, found: &mut Vec<Target<'p>>) {
    for file in project.env_files.iter().filter(|file| rule.takes_role(&file.role)) {
        for (index, entry) in file.parsed.entries.iter().enumerate() {
            if env_matches(selector, &entry.key, credentials::table()) {
                found.push(Target::Entry(Entry { file, index, entry }));
            }
        }
    }
}

fn env_matches(selector: &EnvSelector, name: &str, table: &Table) -> bool {
    match selector {
        EnvSelector::Class(EnvClass::All) => true,
        EnvSelector::Class(EnvClass::Credential) => table.env_role(name).is_some_and(|role| role.kind.is_secret()),
        EnvSelector::Names(patterns) => patterns.iter().any(|pattern| wildcard(pattern, name)),
    }
}

/// `*` at either end stands for anything.
pub(super) fn wildcard(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

fn whole_targets<'p>(rule: &Check, whole: Whole, project: &'p Project, found: &mut Vec<Target<'p>>) {
    match whole {
        Whole::Config => found.extend(project.configs.iter().filter(|c| rule.takes_config(c)).map(Target::Config)),
        Whole::EnvFile => {
            let files = project.env_files.iter().filter(|file| rule.takes_role(&file.role));
            found.extend(files.map(Target::EnvFile));
        }
        Whole::Project => found.push(Target::Project(project)),
    }
}
