//! `schema`: the bundled releases, and a release's schema for editors.

use std::fmt::Write as _;

use openclaw_lint::schema::{Release, Store, Version};

use super::args::{SchemaAction, SchemaPrint};
use super::output;
use super::{CLEAN, Outcome, Trouble};

pub(super) fn run(action: &SchemaAction) -> Outcome {
    match action {
        SchemaAction::List => list(),
        SchemaAction::Print(arguments) => print(arguments),
    }
}

fn list() -> Outcome {
    let mut text = String::new();
    for release in Store::bundled().releases() {
        let _ = writeln!(text, "{}", release.version);
    }
    output::print(&text)?;
    Ok(CLEAN)
}

fn print(arguments: &SchemaPrint) -> Outcome {
    let schema = Store::bundled().root(release(&arguments.openclaw_version)?).expand();
    let text = serde_json::to_string_pretty(&schema).map_err(|error| Trouble(error.to_string()))? + "\n";
    match &arguments.output {
        Some(file) => output::write(file, &text)?,
        None => output::print(&text)?,
    }
    Ok(CLEAN)
}

/// The release to judge by. One between or after the bundled releases is judged by the newest before it, and that is said.
pub(super) fn release(wanted: &str) -> Result<&'static Release, Trouble> {
    let store = Store::bundled();
    let latest = store.latest().ok_or_else(|| Trouble("this build has no schemas".to_owned()))?;
    if matches!(wanted, "auto" | "latest") {
        return Ok(latest);
    }
    let version: Version = wanted.parse().map_err(|error| Trouble(format!("{error}")))?;
    let nearest = store.nearest(&version).filter(|release| release.version.cmp_core(&version).is_le());
    let Some(nearest) = nearest else {
        let first = store.releases().first().map(|release| release.version.to_string()).unwrap_or_default();
        return Err(Trouble(format!(
            "OpenClaw {version} is older than the known releases ({first} to {})",
            latest.version
        )));
    };
    if nearest.version != version {
        let next = if nearest.version == latest.version { "newest" } else { "nearest" };
        output::note(&format!(
            "OpenClaw {version} is not among the known releases; judged by {}, the {next} before it (`openclaw-lint schema list`)",
            nearest.version
        ));
    }
    Ok(nearest)
}
