//! `layout`: which of the two layouts a config is written in, when that is worth a word.

use crate::project::{Config, Layout, Origin, Path, Value};
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::path::key_origin;
use crate::rules::select::Target;

use super::{Function, Input, NO_OPTIONS};

/// Outcomes: `guide`, once for a config in the guide layout; `mixed` (parameter `key`) for each key of the guide in a
/// config of OpenClaw's. Both have the parameter `release`.
pub(super) const LAYOUT: Function = Function { name: "layout", options: NO_OPTIONS, run };

fn run(_: &Call, input: &Input<'_>) -> Vec<Violation> {
    let configs = input.targets.iter().filter_map(|target| match target {
        Target::Config(config) => Some(*config),
        _ => None,
    });
    let release = input.context.release.to_string();
    let found = configs.flat_map(|config| match config.layout {
        Layout::Guide => guide(config).into_iter().collect(),
        Layout::OpenClaw => mixed(config),
    });
    found.map(|violation| violation.param("release", release.clone())).collect()
}

/// Underlines the first key, or the start of a config without any.
fn guide(config: &Config) -> Option<Violation> {
    let root = config.root.as_ref()?;
    let written = |value: &Value| Origin { file: value.origin.file, span: value.origin.span };
    let place = root.members().iter().find(|member| &*member.key != "$schema");
    let place = place.map_or_else(|| written(root), |member| member.key_origin);
    let mut violation = Violation::new("guide", place).at_path(Path::root());
    violation.refuses = false;
    Some(violation)
}

fn mixed(config: &Config) -> Vec<Violation> {
    let Some(root) = config.root.as_ref() else { return Vec::new() };
    let found = config.foreign_keys.iter().filter_map(|pointer| {
        let path = Path::from_pointer(root, pointer);
        let key = key_origin(root, &path)?;
        Some(Violation::new("mixed", key).param("key", path.to_string()).at_path(path))
    });
    found.collect()
}
