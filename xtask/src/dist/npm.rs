//! The npm packages: one for each platform with its program, and `openclaw-lint`, which has them all as optional
//! dependencies, so that npm installs the one that fits, and starts it.

use serde_json::{Map, Value, json};

use super::platform::PLATFORMS;
use super::{Facts, File, Files, NAME, Parts, Result, pack, plain};

/// What starts the program.
const LAUNCHER: &str = include_str!("launcher.js");

/// The packages' file names and bytes.
pub(super) fn build(parts: &Parts) -> Result<[(String, Vec<u8>); 2]> {
    let version = &parts.facts.version;
    let platform = parts.platform.npm_name();
    Ok([
        // As `npm pack` names it.
        (format!("{NAME}-{platform}-{version}.tgz"), pack::tar_gz("package", &of_platform(parts)?)?),
        (format!("{NAME}-{version}.tgz"), pack::tar_gz("package", &main(parts)?)?),
    ])
}

/// What every package.json says.
fn manifest(name: &str, facts: &Facts, description: &str) -> Map<String, Value> {
    let mut manifest = Map::new();
    manifest.insert("name".to_owned(), json!(name));
    manifest.insert("version".to_owned(), json!(facts.version));
    manifest.insert("description".to_owned(), json!(description));
    manifest.insert("license".to_owned(), json!(facts.license));
    if let Some(repository) = &facts.repository {
        manifest.insert("repository".to_owned(), json!({ "type": "git", "url": format!("git+{repository}.git") }));
    }
    manifest
}

fn text(manifest: Map<String, Value>) -> Result<File> {
    Ok(plain(serde_json::to_string_pretty(&Value::Object(manifest))? + "\n"))
}

fn licences(parts: &Parts) -> Files {
    let papers = parts.papers.iter().filter(|(name, _)| name.contains("LICENSE"));
    papers.map(|(name, file)| (name.clone(), plain(file.bytes.clone()))).collect()
}

/// The package with the program.
fn of_platform(parts: &Parts) -> Result<Files> {
    let platform = parts.platform;
    let name = format!("@{NAME}/{}", platform.npm_name());
    let libc = platform.libc.map(|libc| format!(", {libc}")).unwrap_or_default();
    let about = format!("The program of {NAME} for {} ({}{libc})", platform.os, platform.cpu);
    let mut manifest = manifest(&name, &parts.facts, &about);
    manifest.insert("os".to_owned(), json!([platform.os]));
    manifest.insert("cpu".to_owned(), json!([platform.cpu]));
    if let Some(libc) = platform.libc {
        manifest.insert("libc".to_owned(), json!([libc]));
    }
    // Plug'n'Play keeps packages zipped; a program has to be a file.
    manifest.insert("preferUnplugged".to_owned(), json!(true));
    let mut files = licences(parts);
    files.insert(platform.program(), File { bytes: parts.binary.clone(), executable: true });
    files.insert("README.md".to_owned(), plain(format!("# {name}\n\n{about}. Install `{NAME}`, which chooses it.\n")));
    files.insert("package.json".to_owned(), text(manifest)?);
    Ok(files)
}

/// The package that people install. It is the same whatever platform it is made on, but for the list of third-party
/// licences, which goes with the program.
fn main(parts: &Parts) -> Result<Files> {
    let facts = &parts.facts;
    let mut manifest = manifest(NAME, facts, &facts.description);
    manifest.insert("keywords".to_owned(), json!(facts.keywords));
    manifest.insert("bin".to_owned(), json!({ NAME: "bin/openclaw-lint.js" }));
    let pages: Vec<String> = parts.manual.keys().map(|name| format!("./man/{name}")).collect();
    manifest.insert("man".to_owned(), json!(pages));
    manifest.insert("engines".to_owned(), json!({ "node": ">=18" }));
    let packages = PLATFORMS.iter().map(|platform| (format!("@{NAME}/{}", platform.npm_name()), json!(facts.version)));
    manifest.insert("optionalDependencies".to_owned(), Value::Object(packages.collect()));
    let mut files = licences(parts);
    files.remove("THIRD-PARTY-LICENSES.txt");
    for (name, page) in &parts.manual {
        files.insert(format!("man/{name}"), plain(page.bytes.clone()));
    }
    for name in ["README.md", "README.zh-CN.md", "CHANGELOG.md"] {
        files.extend(parts.papers.get(name).map(|file| (name.to_owned(), plain(file.bytes.clone()))));
    }
    files.insert("bin/openclaw-lint.js".to_owned(), File { bytes: LAUNCHER.into(), executable: true });
    files.insert("package.json".to_owned(), text(manifest)?);
    Ok(files)
}
