//! `workspace`: variables in the `.env` of the folder where OpenClaw is started that it does not take from there.
//!
//! Source: OpenClaw 2026.9.6, whose loader filters this file and no other: whoever may write into a project must not redirect
//! a gateway that is started in it.

use std::collections::HashSet;

use crate::project::Origin;
use crate::rules::model::Call;
use crate::rules::{Violation, sets};
use crate::schema::Version;

use super::held::Variables;
use super::{Function, Input, NO_OPTIONS, Target};

/// Outcomes with the parameter `key`: `needed` when a config of the folder refers to it and nothing else sets it, else
/// `ignored`.
pub(super) const WORKSPACE: Function = Function { name: "workspace", options: NO_OPTIONS, run };

fn run(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let variables = Variables::of(input.project);
    let references = input.project.configs.iter().flat_map(|config| &config.references);
    let used: HashSet<&str> = references.map(|used| &*used.name).collect();
    let needed =
        |key: &str| used.contains(key) && !variables.sets(key) && input.project.environment.process(key).is_none();
    let files = input.targets.iter().filter_map(|target| match target {
        Target::EnvFile(file) if file.workspace => Some(*file),
        _ => None,
    });
    let mut found = Vec::new();
    for file in files {
        for entry in file.parsed.entries.iter().filter(|entry| ignores(&entry.key, &input.context.release)) {
            let outcome = if needed(&entry.key) { "needed" } else { "ignored" };
            let place = Origin { file: file.file, span: entry.key_span };
            found.push(Violation::new(outcome, place).param("key", &*entry.key));
        }
    }
    found
}

/// Whether a release passes over a variable in that file.
pub(crate) fn ignores(name: &str, release: &Version) -> bool {
    let name = name.to_ascii_uppercase();
    let listed = |set| sets::set(set, release).is_some_and(|set| set.contains(&name));
    let patterns = || sets::set("workspace-patterns", release).into_iter().flat_map(sets::Set::names);
    listed("workspace-variables") || listed("blocked-variables") || patterns().any(|pattern| fits(pattern, &name))
}

/// `START_*`, `*_END`, `*_WORDS_*`.
fn fits(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(words), Some(_)) => format!("_{name}_").contains(words.trim_end_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provider_keys_and_addresses_are_ignored_and_channel_tokens_are_not() {
        let release = "2026.9.6".parse().expect("a version");
        for name in [
            "OPENAI_API_KEY",
            "openai_api_key",
            "OPENCLAW_GATEWAY_TOKEN",
            "X_BASE_URL",
            "MY_DISABLE_TLS",
            "NODE_OPTIONS",
        ] {
            assert!(ignores(name, &release), "{name}");
        }
        for name in ["TELEGRAM_BOT_TOKEN", "DISCORD_BOT_TOKEN", "WM", "DISABLE_TLSX", "BASE_URL_X"] {
            assert!(!ignores(name, &release), "{name}");
        }
    }
}
