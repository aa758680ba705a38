//! `layers`: one variable or credential that is given in several places with different values.
//!
//! Source: OpenClaw 2026.9.6 sets a variable from the first place that names it: the process, `.env`, `gateway.env`; an
//! empty value counts as named. The config's `env.vars` fill only what is missing or blank. The guide: the environment
//! goes before the file.

use std::collections::{HashMap, HashSet};

use crate::credentials::{EnvKind, Judgement, Slot, judge, table};
use crate::discover::Role;
use crate::project::{EnvFile, Layout, Origin, Path, Project, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::source::Span;
use crate::syntax::dotenv::Entry;

use super::held::Variables;
use super::{Function, Input, NO_OPTIONS, endpoint};

/// Outcomes, all with `name` and at the value that does not count (label `wins`): `shadowed` (`file`), `masked` (`file`:
/// the one with the empty value), `process`, `config-variable` (`file`), `guide` (`file`, `slot`), `gateway` and
/// `two-keys` (`slot`, `file`), `two-keys-process` (`slot`).
pub(super) const LAYERS: Function = Function { name: "layers", options: NO_OPTIONS, run };

fn run(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let (project, variables) = (input.project, Variables::of(input.project));
    if input.targets.is_empty() || project.env_files.is_empty() && !project.environment.is_complete() {
        return Vec::new();
    }
    let mut found = between_files(project);
    for config in project.configs.iter().filter(|config| matches!(config.role, Role::Live | Role::Variant(_))) {
        let Some(root) = &config.root else { continue };
        match config.layout {
            Layout::Guide => found.extend(guide(root, project, &variables)),
            Layout::OpenClaw => {
                found.extend(config_variables(root, project, &variables));
                found.extend(gateway(root, &variables));
                found.extend(two_keys(root, project, &variables));
            }
        }
    }
    found
}

/// The entries of a file that count: the last of equal names.
fn entries(file: &EnvFile) -> Vec<&Entry> {
    let loaded = || file.parsed.entries.iter().filter(|entry| entry.loaded);
    let last: HashMap<&str, Span> = loaded().map(|entry| (&*entry.key, entry.key_span)).collect();
    loaded().filter(|entry| last.get(&*entry.key) == Some(&entry.key_span)).collect()
}

const fn place(file: &EnvFile, entry: &Entry) -> Origin {
    Origin { file: file.file, span: entry.key_span }
}

fn between_files(project: &Project) -> Vec<Violation> {
    let live: Vec<&EnvFile> = project.env_files.iter().filter(|file| file.role == Role::Live).collect();
    let used: HashSet<&str> =
        project.configs.iter().flat_map(|config| &config.references).map(|used| &*used.name).collect();
    // What neither OpenClaw nor a config of the folder reads may differ as it likes.
    let matters = |name: &str| table().env_role(name).is_some() || used.contains(name);
    let mut winners: HashMap<&str, (&EnvFile, &Entry)> = HashMap::new();
    let mut found = Vec::new();
    for file in live {
        let entries = entries(file);
        for entry in entries.iter().filter(|entry| matters(&entry.key)) {
            if let Some((winning, by)) = winners.get(&*entry.key) {
                found.extend(shadowed(file, entry, winning, by));
            } else if let Some(value) = project.environment.process(&entry.key)
                && *value != *entry.value
            {
                found.push(Violation::new("process", place(file, entry)).param("name", &*entry.key));
            }
        }
        entries.into_iter().for_each(|entry| _ = winners.entry(&entry.key).or_insert((file, entry)));
    }
    found
}

fn shadowed(file: &EnvFile, entry: &Entry, winning: &EnvFile, by: &Entry) -> Option<Violation> {
    let outcome = match (&*by.value, &*entry.value) {
        (a, b) if a == b => return None,
        (_, "") => return None,
        ("", _) => "masked",
        _ => "shadowed",
    };
    let violation = Violation::new(outcome, place(file, entry)).param("name", &*entry.key);
    Some(violation.param("file", winning.name.clone()).related(place(winning, by), "wins"))
}

/// `env.vars` whose value is never used, because an env file has another.
fn config_variables(root: &Value, project: &Project, variables: &Variables<'_>) -> Vec<Violation> {
    let vars = root.get("env").and_then(|env| env.get("vars")).map(Value::members).unwrap_or_default();
    let found = vars.iter().filter_map(|member| {
        let value = member.value.as_str().filter(|text| !text.trim().is_empty() && !text.contains("${"))?;
        let path = Path::root().key("env").key("vars").key(&member.key);
        if let Some(winning) = project.environment.process(&member.key).filter(|text| !text.trim().is_empty()) {
            let violation = Violation::new("process", member.key_origin).at_path(path).param("name", &*member.key);
            return (*winning != *value).then_some(violation);
        }
        let (file, entry) = variables.get(&member.key).filter(|(_, entry)| !entry.value.trim().is_empty())?;
        let violation = Violation::new("config-variable", member.key_origin)
            .at_path(path)
            .param("name", &*member.key)
            .param("file", file.name.clone())
            .related(place(file, entry), "wins");
        (*entry.value != *value).then_some(violation)
    });
    found.collect()
}

/// A key in the file and another one in the environment, which wins.
fn guide(root: &Value, project: &Project, variables: &Variables<'_>) -> Vec<Violation> {
    let found = table().guide().iter().filter_map(|entry| {
        let key = root.get("secrets")?.get(entry.id)?.get("apiKey")?;
        let path = Path::root().key("secrets").key(entry.id).key("apiKey");
        if let Some(name) = entry.env.iter().find(|name| project.environment.process(name).is_some()) {
            let violation = Violation::new("process", key.origin).at_path(path).param("name", *name);
            return in_process(key, name, project).then_some(violation);
        }
        in_environment(key, path, entry.env.iter().copied(), variables)
            .map(|found| Violation { outcome: "guide".to_owned(), ..found })
    });
    found.collect()
}

/// Whether the environment of the process has another key than the config's own.
fn in_process(key: &Value, name: &str, project: &Project) -> bool {
    let text = key.as_str().filter(|text| !text.trim().is_empty() && !key.unresolved);
    let set = project.environment.process(name).filter(|text| !text.trim().is_empty());
    text.zip(set).is_some_and(|(text, set)| text.trim() != set.trim())
}

/// The config's own key for a provider, and another one in the provider's variable.
fn two_keys(root: &Value, project: &Project, variables: &Variables<'_>) -> Vec<Violation> {
    let providers = root.get("models").and_then(|models| models.get("providers")).map(Value::members);
    let found = providers.unwrap_or_default().iter().filter_map(|member| {
        let provider = table().provider(&member.key)?;
        let key = member.value.get("apiKey").filter(|key| key.raw.is_none())?;
        if provider.self_hosted || endpoint::overridden(Some(provider), &member.value) {
            return None;
        }
        let slot = Slot { provider: Some(provider), env: None, key: Some("apiKey"), foreign_endpoint: false };
        if !matches!(judge(slot, key.as_str()?), Judgement::Usable { .. } | Judgement::Unknown) {
            return None;
        }
        let path = Path::root().key("models").key("providers").key(&member.key).key("apiKey");
        let names = provider.env.iter().copied();
        let names = names.filter(|name| {
            table().env_role(name).is_some_and(|role| role.kind == EnvKind::Credential && role.name == *name)
        });
        if let Some(name) = names.clone().find(|name| project.environment.process(name).is_some()) {
            let violation = Violation::new("two-keys-process", key.origin).param("slot", path.to_string());
            let violation = violation.at_path(path).param("name", name);
            return in_process(key, name, project).then_some(violation);
        }
        in_environment(key, path, names, variables)
    });
    found.collect()
}

fn in_environment<'n>(
    key: &Value,
    path: Path,
    names: impl Iterator<Item = &'n str>,
    variables: &Variables<'_>,
) -> Option<Violation> {
    let text = key.as_str().filter(|text| !text.trim().is_empty() && !key.unresolved)?;
    let mut set = names.filter(|name| variables.sets(name)).peekable();
    let name = *set.peek()?;
    // The same key under one of several names is the same key.
    let same = set.any(|name| variables.get(name).is_some_and(|(_, entry)| entry.value.trim() == text.trim()));
    let (file, entry) = variables.get(name).filter(|_| !same)?;
    let violation = Violation::new("two-keys", key.origin).param("slot", path.to_string()).at_path(path);
    Some(violation.param("name", name).param("file", file.name.clone()).related(place(file, entry), "wins"))
}

/// Clients take the config's token, other parts of the gateway the variable's.
fn gateway(root: &Value, variables: &Variables<'_>) -> Option<Violation> {
    let gateway = root.get("gateway")?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let mode = text(gateway.get("auth").and_then(|auth| auth.get("mode")));
    let remote = text(gateway.get("mode")).is_some_and(|mode| mode == "remote");
    if remote || mode.is_some_and(|mode| mode != "token") {
        return None;
    }
    let token = gateway.get("auth")?.get("token").filter(|token| token.raw.is_none())?;
    let path = Path::root().key("gateway").key("auth").key("token");
    let found = in_environment(token, path, std::iter::once("OPENCLAW_GATEWAY_TOKEN"), variables)?;
    Some(Violation { outcome: "gateway".to_owned(), ..found })
}
