//! All credentials of a project with what is known about each, for reports about authentication. Values stay here.

use std::collections::HashSet;

use crate::credentials::{Judgement, PlaceholderReason, judge, table};
use crate::discover::Role;
use crate::project::{Layout, Origin, Path, Project, Value};
use crate::rules::engine::Context;
use crate::rules::model::{Check, Given, Text};
use crate::rules::places::Places;
use crate::rules::select;
use crate::source::Sources;

use super::Input;
use super::credential::is_live;
use super::held::{Variables, held};

/// Where a credential comes from, highest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The environment of the process.
    Process,
    /// An env file; its number in the order of loading, its name.
    EnvFile(usize, String),
    /// The config itself.
    Config,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Like a credential for its place, or unknown.
    Configured,
    /// There is none: it is blank, or a variable that is set nowhere in sight.
    Missing,
    /// Not filled in.
    Placeholder,
    /// Cut off, altered, or another one's.
    InvalidFormat,
}

/// A credential, without its value.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The provider's id in the table; else the name that the config gives it.
    pub provider: String,
    /// The variable that holds it or that the config names.
    pub variable: Option<String>,
    /// The variable or path for words.
    pub slot: String,
    /// Where it stands.
    pub place: Option<Origin>,
    /// Where it comes from.
    pub layer: Layer,
    /// What it looks like.
    pub state: State,
    /// The `curl` line that asks the provider whether the key is good.
    pub verify: Option<String>,
}

/// The credentials of live files. The guide's environment goes before its files; OpenClaw's order is the same for
/// variables.
#[must_use]
pub(crate) fn inventory(project: &Project, sources: &Sources, context: &Context) -> Vec<Credential> {
    let check = Check { given: vec![credentials()].into(), ..Check::default() };
    let places = Places::new(project);
    let targets = select::targets(&check, &places);
    let input = Input { project, sources, context, targets: &targets };
    let mut found: Vec<Credential> = held(&input)
        .iter()
        .filter_map(|held| {
            let provider = held.provider().map(|provider| provider.id);
            let named = held.path.as_ref().map(|path| {
                held.layout.and_then(|layout| provider_of(layout, path)).unwrap_or_else(|| path.to_string())
            });
            let layer = match held.path {
                None => env_layer(project, held.place),
                Some(_) => Some(Layer::Config),
            }?;
            let variable = held.slot.env.map(str::to_owned);
            Some(Credential {
                provider: provider.map_or_else(|| named.unwrap_or_else(|| held.shown.clone()), str::to_owned),
                slot: held.shown.clone(),
                place: Some(held.place),
                layer,
                state: state(&judge(held.slot, held.text)),
                verify: held.verify(),
                variable,
            })
        })
        .collect();
    found.extend(unresolved(project));
    found.extend(from_process(project));
    found.extend(without_key(project, &found));
    found
}

fn env_layer(project: &Project, place: Origin) -> Option<Layer> {
    let (at, file) = project.env_files.iter().enumerate().find(|(_, file)| file.file == place.file)?;
    // Others are for other environments.
    (file.role == Role::Live).then(|| Layer::EnvFile(at, file.name.clone()))
}

const fn state(judgement: &Judgement) -> State {
    match judgement {
        Judgement::Empty | Judgement::Reference => State::Missing,
        Judgement::Marker | Judgement::Usable { .. } | Judgement::Unknown => State::Configured,
        Judgement::Placeholder(PlaceholderReason::TooShort) => State::InvalidFormat,
        Judgement::Sentinel | Judgement::Placeholder(_) => State::Placeholder,
        Judgement::Unusable { .. } | Judgement::Foreign { .. } | Judgement::Altered { .. } => State::InvalidFormat,
    }
}

/// `${VAR}` in configs that nothing in sight sets, where the variable or the place is a credential's.
fn unresolved(project: &Project) -> Vec<Credential> {
    let configs = project.configs.iter().filter(|config| config.role == Role::Live);
    let references = configs.flat_map(|config| config.references.iter().map(move |used| (config, used)));
    let missing = references.filter(|(_, used)| !used.resolved).filter_map(|(config, used)| {
        let by_variable = || {
            let role = table().env_role(&used.name).filter(|role| role.kind.is_secret())?;
            role.providers.first().map(|provider| provider.id.to_owned())
        };
        let provider = provider_of(config.layout, &used.path).or_else(by_variable)?;
        Some(Credential {
            provider,
            variable: Some(used.name.to_string()),
            slot: used.path.to_string(),
            place: Some(used.origin),
            layer: Layer::Config,
            state: State::Missing,
            verify: None,
        })
    });
    missing.collect()
}

/// The provider in `models.providers.<id>.apiKey` and `secrets.<id>.apiKey`.
fn provider_of(layout: Layout, path: &Path) -> Option<String> {
    let text = path.to_string();
    let rest = match layout {
        Layout::OpenClaw => text.strip_prefix("models.providers.")?,
        Layout::Guide => text.strip_prefix("secrets.")?,
    };
    let name = rest.strip_suffix(".apiKey")?;
    Some(id_of(name).to_owned())
}

/// The table's id for a configured name.
fn id_of(name: &str) -> &str {
    let guide = table().guide().iter().find(|entry| entry.id == name).map(|entry| entry.provider);
    guide.or_else(|| table().provider(name).map(|provider| provider.id)).unwrap_or(name)
}

/// Credentials in the environment of the process, when that counts.
fn from_process(project: &Project) -> Vec<Credential> {
    let names = table().env_names().map(|(name, _)| name);
    let found = names.filter_map(|name| {
        let text = project.environment.process(name)?;
        let role = table().env_role(name).filter(|role| role.kind.is_secret())?;
        let provider = role.providers.first()?;
        let slot = crate::credentials::Slot { provider: None, env: Some(name), key: None, foreign_endpoint: false };
        Some(Credential {
            provider: provider.id.to_owned(),
            variable: Some(name.to_owned()),
            slot: name.to_owned(),
            place: None,
            layer: Layer::Process,
            state: state(&judge(slot, text)),
            verify: table().verify(provider.id).map(|verify| verify.command(Some(name))),
        })
    });
    found.collect()
}

/// Providers that a live config sets up and that have no credential anywhere in sight.
fn without_key(project: &Project, known: &[Credential]) -> Vec<Credential> {
    let variables = Variables::of(project);
    let known: HashSet<&str> = known.iter().map(|credential| credential.provider.as_str()).collect();
    let mut found = Vec::new();
    for config in project.configs.iter().filter(|config| config.role == Role::Live) {
        let Some(root) = &config.root else { continue };
        let providers: Vec<(&str, Origin)> = match config.layout {
            Layout::Guide => {
                let secrets = root.get("secrets").map(Value::members).unwrap_or_default();
                let is_provider = |name: &str| table().guide().iter().any(|entry| entry.id == name);
                secrets.iter().filter(|m| is_provider(&m.key)).map(|m| (&*m.key, m.key_origin)).collect()
            }
            Layout::OpenClaw => {
                let providers = root.get("models").and_then(|models| models.get("providers")).map(Value::members);
                let own = |name: &str| table().provider(name).is_some_and(|provider| provider.self_hosted);
                let takes_key = |m: &&crate::project::Member| !own(&m.key) && m.value.get("apiKey").is_none();
                providers.unwrap_or_default().iter().filter(takes_key).map(|m| (&*m.key, m.key_origin)).collect()
            }
        };
        for (name, place) in providers {
            let id = id_of(name);
            let set = table().provider(id).is_some_and(|provider| provider.env.iter().any(|env| variables.sets(env)));
            if !set && !known.contains(id) {
                found.push(Credential {
                    provider: id.to_owned(),
                    variable: table().provider(id).and_then(|provider| provider.env.first()).map(ToString::to_string),
                    slot: name.to_owned(),
                    place: Some(place),
                    layer: Layer::Config,
                    state: State::Missing,
                    verify: None,
                });
            }
        }
    }
    found
}

fn credentials() -> Given {
    Given::Path("#credentials".to_owned().into())
}

/// The first credential of each file that is one for certain, and how many the file has. Whatever the file is for.
#[must_use]
pub(crate) fn live_credentials(project: &Project, sources: &Sources, context: &Context) -> Vec<(Origin, usize)> {
    let roles = ["live", "variant", "template", "backup"].map(Text::Borrowed).to_vec().into();
    let check = Check { given: vec![credentials()].into(), roles, ..Check::default() };
    let places = Places::new(project);
    let targets = select::targets(&check, &places);
    let input = Input { project, sources, context, targets: &targets };
    let mut found: Vec<(Origin, usize)> = Vec::new();
    for held in held(&input).iter().filter(|held| is_live(held)) {
        match found.iter_mut().find(|(first, _)| first.file == held.place.file) {
            Some((first, count)) => {
                *count += 1;
                if held.place.span < first.span {
                    *first = held.place;
                }
            }
            None => found.push((held.place, 1)),
        }
    }
    found
}
