//! Credentials in their slots, whatever kind of file they stand in. The functions that judge credentials start from
//! here; nothing is judged here.

use std::collections::{HashMap, HashSet};

use crate::credentials::{self, Provider, table};
use crate::discover::Role;
use crate::language::Param;
use crate::project::reference::{self, Token};
use crate::project::{Config, EnvFile, Layout, Origin, Path, Project, Value};
use crate::rules::select::{Entry, Node, Target};
use crate::source::FileId;
use crate::syntax::dotenv;

use super::Input;
use super::endpoint;

/// A credential where OpenClaw would take it from.
pub(super) struct Held<'a> {
    /// The slot, for the judgement.
    pub(super) slot: credentials::Slot<'a>,
    /// The value, variables replaced.
    pub(super) text: &'a str,
    /// The slot's name for words: a variable or a path.
    pub(super) shown: String,
    /// Where the value is written.
    pub(super) place: Origin,
    /// Where it is used, when that is somewhere else.
    pub(super) used: Option<Origin>,
    /// The path of the value, in configs.
    pub(super) path: Option<Path>,
    /// The layout, in configs.
    pub(super) layout: Option<Layout>,
    /// The address beside it, in configs.
    base: Option<&'a str>,
}

impl Held<'_> {
    /// The providers whose slot it is, for words; empty when nobody is known.
    pub(super) fn owners(&self) -> Param {
        let role = self.slot.env.and_then(|name| table().env_role(name));
        let of_role = || role.iter().flat_map(|role| &role.providers).map(|provider| provider.name);
        let mut names: Vec<&str> = match self.slot.provider {
            Some(provider) => vec![provider.name],
            None => of_role().collect(),
        };
        names.dedup();
        Param::list(names, " or ")
    }

    /// The provider, or the first of several that read the variable.
    pub(super) fn provider(&self) -> Option<&Provider> {
        let role = self.slot.env.and_then(|name| table().env_role(name));
        self.slot.provider.or_else(|| role.and_then(|role| role.providers.first().copied()))
    }

    /// The `curl` line that asks the provider about the key, taking it from the variable that its layout has for it.
    pub(super) fn verify(&self) -> Option<String> {
        let provider = self.provider().filter(|_| !self.slot.foreign_endpoint)?;
        let guide = || table().guide().iter().find(|entry| entry.provider == provider.id)?.env.first().copied();
        let variable = self.slot.env.or_else(|| if self.layout == Some(Layout::Guide) { guide() } else { None });
        let origin = self.base.filter(|base| !base.contains('@')).map(endpoint::origin);
        table().verify(provider.id).map(|verify| verify.command_at(variable, origin))
    }
}

/// The credentials among the targets. Values that are not text, unresolved references, entries without effect and values
/// of other targets' variables are left out.
pub(super) fn held<'a>(input: &Input<'a>) -> Vec<Held<'a>> {
    let variables = Variables::of(input.project);
    let lenient = Lenient::of(input.project);
    let finder = Finder { variables: &variables, lenient: &lenient };
    let found = input.targets.iter().filter_map(|target| match target {
        Target::Node(node) => finder.in_config(node),
        Target::Entry(entry) => finder.in_env_file(entry),
        Target::Config(_) | Target::EnvFile(_) | Target::Project(_) => None,
    });
    found.collect()
}

/// The entries that count: in a file the last one of a name, across files the first file's.
pub(super) struct Variables<'a> {
    by_name: HashMap<&'a str, (&'a EnvFile, &'a dotenv::Entry)>,
    last: HashSet<(FileId, usize)>,
}

impl<'a> Variables<'a> {
    pub(super) fn of(project: &'a Project) -> Self {
        let (mut by_name, mut last) = (HashMap::new(), HashSet::new());
        // Later insertions overwrite: files backwards, entries forwards.
        for file in project.env_files.iter().rev() {
            let mut of_file = HashMap::new();
            for (index, entry) in file.parsed.entries.iter().enumerate().filter(|(_, entry)| entry.loaded) {
                of_file.insert(&*entry.key, (index, entry));
            }
            last.extend(of_file.values().map(|(index, _)| (file.file, *index)));
            if matches!(file.role, Role::Live | Role::Variant(_)) {
                by_name.extend(of_file.into_iter().map(|(name, (_, entry))| (name, (file, entry))));
            }
        }
        Self { by_name, last }
    }

    /// Whether an entry is the one of its file that counts.
    fn counts(&self, entry: &Entry<'_>) -> bool {
        self.last.contains(&(entry.file.file, entry.index))
    }

    pub(super) fn get(&self, name: &str) -> Option<(&'a EnvFile, &'a dotenv::Entry)> {
        self.by_name.get(name).copied()
    }

    /// Whether the variable has a value.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.get(name).is_some_and(|(_, entry)| !entry.value.trim().is_empty())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.by_name.keys().copied()
    }
}

/// Where any key may be right, because the endpoint is not the vendor's.
struct Lenient<'a> {
    variables: HashSet<&'a str>,
    providers: HashSet<&'static str>,
}

impl<'a> Lenient<'a> {
    fn of(project: &'a Project) -> Self {
        let mut lenient = Self { variables: HashSet::new(), providers: HashSet::new() };
        for config in &project.configs {
            lenient.add_config(config);
        }
        let entries = project.env_files.iter().flat_map(|file| &file.parsed.entries);
        for entry in entries.filter(|entry| !entry.value.trim().is_empty()) {
            let Some(role) = table().env_role(&entry.key).filter(|role| role.kind == credentials::EnvKind::Url) else {
                continue;
            };
            let foreign = role.providers.iter().filter(|provider| endpoint::is_foreign(Some(provider), &entry.value));
            lenient.providers.extend(foreign.map(|provider| provider.id));
        }
        lenient
    }

    fn add_config(&mut self, config: &'a Config) {
        let parents: [&[&str]; 2] = [&["models", "providers"], &["secrets"]];
        for parent in parents {
            let parent =
                config.root.as_ref().and_then(|root| parent.iter().try_fold(root, |value, key| value.get(key)));
            for member in parent.map(Value::members).unwrap_or_default() {
                let provider = endpoint::provider(&member.key, &member.value);
                if !endpoint::overridden(provider, &member.value) {
                    continue;
                }
                self.providers.extend(provider.map(|provider| provider.id));
                let key = member.value.get("apiKey").and_then(Value::as_written).unwrap_or_default();
                self.variables.extend(reference::tokens(key).filter_map(|token| match token {
                    Token::Reference { name, .. } => Some(name),
                    Token::Escape { .. } => None,
                }));
            }
        }
    }
}

/// The variable of `env.NAME` and `env.vars.NAME`.
fn variable_of<'a>(node: &'a Node<'a>) -> Option<&'a str> {
    let parent = node.path.parent()?.to_string();
    matches!(parent.as_str(), "env" | "env.vars").then(|| node.path.last_key()).flatten()
}

struct Finder<'f, 'a> {
    variables: &'f Variables<'a>,
    lenient: &'f Lenient<'a>,
}

impl<'a> Finder<'_, 'a> {
    fn in_env_file(&self, entry: &Entry<'a>) -> Option<Held<'a>> {
        // The others have no effect, and `env/duplicate-key` speaks of them.
        if !self.variables.counts(entry) {
            return None;
        }
        let name = &*entry.entry.key;
        let role = table().env_role(name)?;
        let by_provider = role.providers.iter().any(|provider| self.lenient.providers.contains(provider.id));
        let foreign_endpoint = by_provider || self.lenient.variables.contains(name);
        Some(Held {
            slot: credentials::Slot { provider: None, env: Some(name), key: None, foreign_endpoint },
            text: &entry.entry.value,
            shown: name.to_owned(),
            place: entry.value_origin(),
            used: None,
            path: None,
            layout: None,
            base: None,
        })
    }

    fn in_config(&self, node: &'a Node<'a>) -> Option<Held<'a>> {
        let text = node.value.as_str()?;
        if let Some(name) = variable_of(node) {
            return self.in_config_variable(node, name, text);
        }
        let parent = node.path.parent().and_then(|path| node.config.root.as_ref()?.at(&path));
        let named = node.provider.as_deref();
        let provider = match (named, parent) {
            (Some(name), Some(parent)) => endpoint::provider(name, parent),
            _ => None,
        };
        let foreign_endpoint = parent.is_some_and(|parent| endpoint::overridden(provider, parent));
        let (place, used) = match &node.value.raw {
            None => (node.value.origin, None),
            Some(raw) => self.source(raw, provider, node.value)?,
        };
        let key = node.path.last_key();
        Some(Held {
            slot: credentials::Slot { provider, env: None, key, foreign_endpoint },
            text,
            shown: node.path.to_string(),
            place,
            used,
            path: Some(node.path.clone()),
            layout: Some(node.config.layout),
            base: parent.and_then(endpoint::override_of),
        })
    }

    /// A variable that the config sets itself.
    fn in_config_variable(&self, node: &'a Node<'a>, name: &'a str, text: &'a str) -> Option<Held<'a>> {
        let role = table().env_role(name).filter(|role| role.kind.is_secret())?;
        let by_provider = role.providers.iter().any(|provider| self.lenient.providers.contains(provider.id));
        let foreign_endpoint = by_provider || self.lenient.variables.contains(name);
        // A value with a reference in it is dropped, which another rule says.
        node.value.raw.is_none().then(|| Held {
            slot: credentials::Slot { provider: None, env: Some(name), key: None, foreign_endpoint },
            text,
            shown: node.path.to_string(),
            place: node.value.origin,
            used: None,
            path: Some(node.path.clone()),
            layout: Some(node.config.layout),
            base: None,
        })
    }

    /// Where a value that came through a variable is to be mended; `None` when nothing can be said about it, or when it is
    /// judged where it is set.
    fn source(&self, raw: &str, provider: Option<&Provider>, value: &Value) -> Option<(Origin, Option<Origin>)> {
        if value.unresolved {
            return None;
        }
        let mut tokens = reference::tokens(raw);
        let Some(Token::Reference { name, range }) = tokens.next() else { return Some((value.origin, None)) };
        if range != (0..raw.len()) {
            return None;
        }
        let here = Some((value.origin, None));
        match table().env_role(name).filter(|role| role.kind.is_secret()) {
            Some(role) => {
                let same = |known: &&Provider| provider.is_some_and(|provider| provider.id == known.id);
                let judged_there = provider.is_none() || role.providers.iter().any(same);
                if judged_there { None } else { here }
            }
            None => match self.variables.get(name) {
                Some((file, entry)) => {
                    let place = Origin { file: file.file, span: entry.value_span };
                    Some((place, Some(value.origin)))
                }
                None => here,
            },
        }
    }
}
