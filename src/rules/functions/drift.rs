//! Functions about env files that do not fit together, or that nobody reads.

use std::collections::HashSet;

use crate::credentials::{is_secret_key, table};
use crate::discover::Role;
use crate::project::{EnvFile, Layout, Origin, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::syntax::dotenv::Entry;

use super::held::Variables;
use super::{Function, Input, NO_OPTIONS};

/// Variables of `.env` and of its example that the other one lacks. Outcomes `not-in-example` and `only-in-example`
/// (`name`, `file`).
pub(super) const DRIFT: Function = Function { name: "example-drift", options: NO_OPTIONS, run: drift };

/// Credentials in env files that nothing reads. Outcome `default` (`name`).
pub(super) const UNUSED: Function = Function { name: "unused-credential", options: NO_OPTIONS, run: unused };

/// Providers of the guide layout without a key anywhere. Outcomes `missing` and `unseen` (no env file in sight), both
/// with `provider` and `variable`, and `empty` (`slot`, `variable`).
pub(super) const MISSING: Function = Function { name: "missing-credential", options: NO_OPTIONS, run: missing };

fn at(file: &EnvFile, entry: &Entry) -> Origin {
    Origin { file: file.file, span: entry.key_span }
}

fn loaded(file: &EnvFile) -> impl Iterator<Item = &Entry> {
    let mut seen = HashSet::new();
    file.parsed.entries.iter().filter(move |entry| entry.loaded && seen.insert(&*entry.key))
}

fn drift(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let file = |role: fn(&Role) -> bool, name: &str| {
        input.project.env_files.iter().find(|file| role(&file.role) && file.name.starts_with(name))
    };
    let live = file(|role| *role == Role::Live, ".env");
    let example = file(|role| *role == Role::Template, ".env");
    let (Some(live), Some(example), false) = (live, example, input.targets.is_empty()) else { return Vec::new() };
    let lacking = |outcome: &'static str, from: &EnvFile, other: &EnvFile| -> Vec<Violation> {
        let names: HashSet<&str> = loaded(other).map(|entry| &*entry.key).collect();
        let only = loaded(from).filter(|entry| !names.contains(&*entry.key));
        let violation = |entry: &Entry| {
            Violation::new(outcome, at(from, entry)).param("name", &*entry.key).param("file", other.name.clone())
        };
        only.map(violation).collect()
    };
    let mut found = lacking("not-in-example", live, example);
    found.extend(lacking("only-in-example", example, live));
    found
}

fn unused(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let configs = || input.project.configs.iter().filter(|config| matches!(config.role, Role::Live | Role::Variant(_)));
    // Without a config that could be read, nobody knows what is used.
    if input.targets.is_empty() || configs().next().is_none() || configs().any(|config| !config.document.is_valid()) {
        return Vec::new();
    }
    let live = input.project.env_files.iter().filter(|file| file.role == Role::Live);
    let mut entries = live.flat_map(|file| loaded(file).map(move |entry| (file, entry))).peekable();
    if entries.peek().is_none() {
        return Vec::new();
    }
    let mut used: HashSet<&str> = HashSet::new();
    for config in configs() {
        used.extend(config.references.iter().map(|used| &*used.name));
        config.root.iter().for_each(|root| named(root, &mut used));
    }
    let guide = table().guide();
    let by_guide = |name: &str| guide.iter().any(|entry| entry.env.contains(&name));
    let known = |name: &str| table().env_role(name).is_some() || by_guide(name) || table().suggest_env(name).is_some();
    let unused = entries.filter(|(_, entry)| {
        !entry.value.trim().is_empty() && is_secret_key(&entry.key) && !used.contains(&*entry.key) && !known(&entry.key)
    });
    unused.map(|(file, entry)| Violation::new("default", at(file, entry)).param("name", &*entry.key)).collect()
}

/// Strings that may name a variable: ids of SecretRefs, lists of names.
fn named<'v>(value: &'v Value, used: &mut HashSet<&'v str>) {
    let is_name =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    used.extend(value.as_str().map(|text| text.trim_start_matches('$')).filter(|text| is_name(text)));
    value.items().iter().for_each(|item| named(item, used));
    for member in value.members() {
        used.insert(&member.key);
        named(&member.value, used);
    }
}

fn missing(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let variables = Variables::of(input.project);
    let mut found = Vec::new();
    for config in input.project.configs.iter().filter(|config| matches!(config.role, Role::Live | Role::Variant(_))) {
        let Some(secrets) = config.root.as_ref().and_then(|root| root.get("secrets")) else { continue };
        let stored = ["vault", "aws"].iter().any(|store| {
            secrets.get(store).and_then(|store| store.get("enabled")).and_then(Value::as_bool) == Some(true)
        });
        if config.layout != Layout::Guide || stored || input.targets.is_empty() {
            continue;
        }
        // Azure's four fields have a rule of their own.
        for entry in table().guide().iter().filter(|entry| entry.required.len() == 1) {
            let Some(member) = secrets.member(entry.id).filter(|member| member.value.type_name() == "object") else {
                continue;
            };
            let in_env =
                entry.env.iter().any(|name| variables.sets(name) || input.project.environment.value(name).is_some());
            let key = member.value.member("apiKey");
            let empty = key.is_some_and(|key| key.value.as_str().is_some_and(|text| text.trim().is_empty()));
            if in_env || key.is_some() && !empty {
                continue;
            }
            let seen = input.project.environment.is_complete()
                || input.project.env_files.iter().any(|file| file.role == Role::Live);
            let outcome = match (empty, seen) {
                (true, _) => "empty",
                (false, true) => "missing",
                (false, false) => "unseen",
            };
            let place = key.map_or(member.key_origin, |key| key.value.origin);
            found.push(
                Violation::new(outcome, place)
                    .at_path(crate::project::Path::root().key("secrets").key(entry.id).key("apiKey"))
                    .param("provider", entry.id)
                    .param("variable", entry.env.first().copied().unwrap_or_default()),
            );
        }
    }
    found
}
