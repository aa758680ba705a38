//! `variants`: the configs of one folder that stand for different environments, side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::credentials::{Judgement, judge};
use crate::discover::Role;
use crate::language::Param;
use crate::project::{Config, Layout, Member, Origin, Path, Project, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::source::FileId;

use super::held::{Held, held};
use super::{Function, Input, options};

/// Credentials among the targets that several environments share. Outcome `default` (`slot`, `environments`; label
/// `other`), reported at each place but the first.
pub(super) const SHARED: Function = Function { name: "shared-credential", options: super::NO_OPTIONS, run: shared };

/// Providers that one environment has and another one lacks (outcome `missing-provider`: `provider`, `file`), and
/// environments that a variable chooses and no file is for (`not-there`: `name`, `value`, `files`).
pub(super) const VARIANTS: Function = Function { name: "variants", options: OPTIONS, run: variants };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["variables"],
    "properties": { "variables": { "type": "array", "items": { "type": "string" } } }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// Variables that choose the environment.
    variables: Vec<String>,
}

/// The environment that a file is for, by its name.
fn environment(role: &Role) -> Option<&str> {
    match role {
        Role::Variant(name) => Some(name),
        _ => None,
    }
}

fn shared(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let environments = environments(input.project);
    if environments.len() < 2 {
        return Vec::new();
    }
    let mut by_text: BTreeMap<&str, Vec<(&Held<'_>, &str)>> = BTreeMap::new();
    let all = held(input);
    for held in all.iter().filter(|held| is_real(held)) {
        let Some(name) = environments.get(&held.place.file) else { continue };
        by_text.entry(held.text.trim()).or_default().push((held, name));
    }
    by_text.into_values().flat_map(|same| violations(&same)).collect()
}

fn environments(project: &Project) -> BTreeMap<FileId, &str> {
    let configs = project.configs.iter().map(|config| (config.file, &config.role));
    let files = project.env_files.iter().map(|file| (file.file, &file.role));
    configs.chain(files).filter_map(|(file, role)| Some((file, environment(role)?))).collect()
}

fn is_real(held: &Held<'_>) -> bool {
    let judged = judge(held.slot, held.text);
    matches!(judged, Judgement::Usable { .. } | Judgement::Unusable { .. } | Judgement::Foreign { .. })
}

fn violations(same: &[(&Held<'_>, &str)]) -> Vec<Violation> {
    let Some(((first, first_name), others)) = same.split_first() else { return Vec::new() };
    let others = others.iter().filter(|(_, name)| name != first_name);
    let found = others.map(|(held, name)| {
        let mut violation = Violation::new("default", held.place)
            .param("slot", held.shown.clone())
            .param("environment", *name)
            .param("other", *first_name)
            .related(first.place, "other");
        violation.path.clone_from(&held.path);
        violation
    });
    found.collect()
}

fn variants(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    let configs = || input.project.configs.iter();
    let variants: Vec<(&Config, &str)> =
        configs().filter_map(|config| Some((config, environment(&config.role)?))).collect();
    if input.targets.is_empty() || variants.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (config, _) in &variants {
        for (other, _) in variants.iter().filter(|(other, _)| other.file != config.file) {
            found.extend(missing_providers(config, other));
        }
    }
    if variants.iter().any(|(config, _)| config.layout == Layout::Guide) {
        found.extend(not_there(input.project, &variants, &options.variables));
    }
    found
}

fn inside<'c>(config: &'c Config, keys: &[&str]) -> Option<&'c Value> {
    keys.iter().try_fold(config.root.as_ref()?, |value, key| value.get(key))
}

/// Providers of a config that another one has not.
fn missing_providers(config: &Config, other: &Config) -> Vec<Violation> {
    if config.layout != other.layout {
        return Vec::new();
    }
    let (keys, path): (&[&str], _) = match config.layout {
        Layout::Guide => (&["secrets"], Path::root().key("secrets")),
        Layout::OpenClaw => (&["models", "providers"], Path::root().key("models").key("providers")),
    };
    let (Some(own), Some(theirs)) = (inside(config, keys), inside(other, keys)) else { return Vec::new() };
    let lacks = |member: &&Member| !member.value.members().is_empty() && theirs.get(&member.key).is_none();
    let found = own.members().iter().filter(lacks).map(|member| {
        Violation::new("missing-provider", member.key_origin)
            .at_path(path.key(&member.key))
            .param("provider", &*member.key)
            .param("file", other.name.clone())
    });
    found.collect()
}

fn not_there(project: &Project, variants: &[(&Config, &str)], names: &[String]) -> Vec<Violation> {
    let live = project.env_files.iter().filter(|file| file.role == Role::Live);
    let entries = live.flat_map(|file| file.parsed.entries.iter().map(move |entry| (file, entry)));
    let chosen = entries.filter(|(_, entry)| entry.loaded && names.iter().any(|name| **name == *entry.key));
    let found = chosen.filter_map(|(file, entry)| {
        let value = entry.value.trim();
        let known = value.is_empty() || variants.iter().any(|(_, name)| name.eq_ignore_ascii_case(value));
        let files: Vec<&str> = variants.iter().map(|(config, _)| config.name.as_str()).collect();
        let violation = Violation::new("not-there", Origin { file: file.file, span: entry.value_span })
            .param("name", &*entry.key)
            .param("value", value)
            .param("files", Param::list(files, "`, `"));
        (!known).then_some(violation)
    });
    found.collect()
}
