//! `schema`: the bundled releases, and a release's schema for editors.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use openclaw_lint::language::Phrase;
use openclaw_lint::schema::{Release, Store, Version, VersionError};

use super::args::{SchemaAction, SchemaPrint};
use super::output;
use super::voice::Voice;
use super::{CLEAN, Outcome, Trouble};

pub(super) fn run(action: &SchemaAction, voice: &Voice) -> Outcome {
    match action {
        SchemaAction::List => list(),
        SchemaAction::Print(arguments) => print(arguments, voice),
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

fn print(arguments: &SchemaPrint, voice: &Voice) -> Outcome {
    let schema = Store::bundled().root(release(&arguments.openclaw_version, voice)?).expand();
    let text = serde_json::to_string_pretty(&schema).map_err(|error| Trouble(Phrase::new(error.to_string())))? + "\n";
    match &arguments.output {
        Some(file) => output::write(file, &text)?,
        None => output::print(&text)?,
    }
    Ok(CLEAN)
}

/// What `PROGRAM config schema` prints.
pub(super) fn printed_by(program: &Path) -> Result<String, Trouble> {
    let trouble = |what: &dyn std::fmt::Display| Trouble::of_file("`{file} config schema`: {error}", program, what);
    let output = Command::new(program).args(["config", "schema"]).output().map_err(|error| trouble(&error))?;
    if !output.status.success() {
        return Err(trouble(&output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| trouble(&Phrase::new("its output is not UTF-8")))
}

/// The release to judge by. One between or after the bundled releases is judged by the newest before it, and that is said.
pub(super) fn release(wanted: &str, voice: &Voice) -> Result<&'static Release, Trouble> {
    let store = Store::bundled();
    let latest = store.latest().ok_or_else(|| Trouble(Phrase::new("this build has no schemas")))?;
    if matches!(wanted, "auto" | "latest") {
        return Ok(latest);
    }
    let version: Version = wanted.parse().map_err(|error: VersionError| Trouble(error.phrase()))?;
    let nearest = store.nearest(&version).filter(|release| release.version.cmp_core(&version).is_le());
    let Some(nearest) = nearest else {
        let first = store.releases().first().map(|release| release.version.to_string()).unwrap_or_default();
        let phrase = Phrase::new("OpenClaw {version} is older than the known releases ({first} to {last})");
        let phrase = phrase.with("version", version.to_string()).with("first", first);
        return Err(Trouble(phrase.with("last", latest.version.to_string())));
    };
    if nearest.version != version {
        let phrase = Phrase::new(if nearest.version == latest.version {
            "OpenClaw {version} is not among the known releases; judged by {known}, the newest before it (`openclaw-lint schema list`)"
        } else {
            "OpenClaw {version} is not among the known releases; judged by {known}, the nearest before it (`openclaw-lint schema list`)"
        });
        voice.note(&phrase.with("version", version.to_string()).with("known", nearest.version.to_string()));
    }
    Ok(nearest)
}
