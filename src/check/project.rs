//! From the files of one folder to a project.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::bytes;
use crate::discover::{Kind, Role};
use crate::host::{Host, lexical};
use crate::project::include::{self, Budget, Confinement, LARGEST, Library, Resolver};
use crate::project::rewrite::Known;
use crate::project::{Config, EnvFile, Environment, Options, Project, Written};
use crate::redact::{self, Secrets};
use crate::rules;
use crate::schema::{SchemaRef, Store};
use crate::source::decode::decode;
use crate::source::{FileId, SourceFile, Sources};
use crate::syntax::{dotenv, json5};

use super::{Loaded, Settings};

/// Files that OpenClaw itself loads, in its order; other env files come after them.
const LOADED: &[&str] = &[".env", "gateway.env"];

/// What all projects of a run share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) sources: &'a Sources,
    pub(super) library: &'a Library,
    pub(super) settings: &'a Settings,
    pub(super) host: &'a dyn Host,
    pub(super) known: Known,
}

pub(super) fn build(group: &[Loaded], shared: &Shared<'_>) -> Project {
    let mut project = Project { env_files: env_files(group, shared), ..Project::default() };
    project.environment = environment(&project.env_files, shared.settings);
    for loaded in group.iter().filter(|loaded| loaded.readable && loaded.info.kind == Kind::Config) {
        let Some(source) = shared.sources.get(loaded.file) else { continue };
        let document = json5::parse(source.text(), &json5::Options::default());
        let written =
            Written { file: loaded.file, name: file_name(&loaded.path), role: loaded.info.role.clone(), document };
        project.configs.push(config(loaded, written, &project.environment, shared));
    }
    project
}

fn config(loaded: &Loaded, written: Written, environment: &Environment, shared: &Shared<'_>) -> Config {
    let options = Options { layout: shared.settings.layout, known: shared.known };
    Config::new(written, shared.sources, environment, &options, |value| {
        let top = absolute(shared.host, &loaded.path);
        let confinement = Confinement::around(shared.host, &top, &include_roots(environment));
        Resolver::new(shared.host, shared.sources, shared.library, confinement, top).resolve(value)
    })
}

/// What is secret in the files of a project. Only asked for when there is something to report.
pub(super) fn secrets(project: &Project, sources: &Sources) -> Secrets {
    let mut secrets = Secrets::default();
    for file in &project.env_files {
        if let Some(source) = sources.get(file.file) {
            redact::mark_env(&mut secrets, file.file, source, &file.parsed);
        }
    }
    for config in &project.configs {
        if let Some(source) = sources.get(config.file) {
            redact::mark_config(&mut secrets, config.file, source, &config.document);
        }
        // A file may be included many times.
        let files: BTreeSet<FileId> = config.includes.iter().map(|site| site.file).collect();
        for source in files.into_iter().filter_map(|file| Some((file, sources.get(file)?))) {
            let document = json5::parse(source.1.text(), &json5::Options::default());
            redact::mark_config(&mut secrets, source.0, source.1, &document);
        }
    }
    secrets
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn absolute(host: &dyn Host, path: &Path) -> PathBuf {
    lexical(&host.current_dir().unwrap_or_default().join(path))
}

/// Further folders that the environment allows includes from, as in a `PATH`.
fn include_roots(environment: &Environment) -> Vec<PathBuf> {
    let roots = environment.value("OPENCLAW_INCLUDE_ROOTS").unwrap_or_default();
    roots.split(':').filter(|root| !root.is_empty()).map(PathBuf::from).collect()
}

fn env_files(group: &[Loaded], shared: &Shared<'_>) -> Vec<EnvFile> {
    let mut files = Vec::new();
    for loaded in group.iter().filter(|loaded| loaded.readable && loaded.info.kind == Kind::Env) {
        let Some(source) = shared.sources.get(loaded.file) else { continue };
        let mut parsed = dotenv::parse(source.text());
        if loaded.workspace {
            let release = &shared.settings.release.version;
            parsed.entries.iter_mut().for_each(|entry| entry.loaded &= !rules::workspace_ignores(&entry.key, release));
        }
        files.push(EnvFile {
            file: loaded.file,
            name: file_name(&loaded.path),
            role: loaded.info.role.clone(),
            workspace: loaded.workspace,
            parsed,
        });
    }
    files.sort_by_key(|file| {
        (!file.workspace, LOADED.iter().position(|name| *name == file.name).unwrap_or(LOADED.len()), file.file)
    });
    files
}

/// Variables that a config in this folder can see: the process first, then the env files, the first file winning.
fn environment(files: &[EnvFile], settings: &Settings) -> Environment {
    let mut environment = Environment::default();
    if let Some(process) = &settings.process_env {
        process.iter().for_each(|(name, value)| environment.define(name, value));
        environment.complete();
    }
    for file in files.iter().filter(|file| matches!(file.role, Role::Live | Role::Variant(_))) {
        // Within one file the last of equal names wins, across files the first: hence backwards here.
        for entry in file.parsed.entries.iter().rev().filter(|entry| entry.loaded) {
            environment.define(&entry.key, &entry.value);
        }
    }
    environment
}

/// Which old keys the target release still has, and so does not rewrite.
pub(super) fn known(settings: &Settings) -> Known {
    let root = settings.own_schema.map_or_else(|| Store::bundled().root(settings.release), SchemaRef::from);
    let agents = root.property("agents");
    let has = |schema: Option<SchemaRef<'_>>, key: &str| schema.is_some_and(|schema| schema.property(key).is_some());
    let providers = root.property("models").and_then(|models| models.property("providers"));
    let kept = has(root.property("plugins"), "installs") || !has(agents, "list");
    Known {
        // The last release with `agents.list` is the last that drops the other.
        plugin_installs: kept,
        agents_list: has(agents, "list"),
        agent_context_tokens: has(agents.and_then(|agents| agents.property("defaults")), "contextTokens"),
        provider_context_tokens: has(providers.and_then(|map| map.subschema("additionalProperties")), "contextTokens"),
    }
}

/// Reads what the configs among `texts` include, at any depth, so that everything later works on texts alone.
pub(super) fn load_includes(
    tops: &[(PathBuf, FileId)],
    sources: &mut Sources,
    settings: &Settings,
    host: &dyn Host,
) -> Library {
    let mut library = Library::default();
    for (path, file) in tops {
        if !mentions_include(sources, *file) {
            continue;
        }
        let top = absolute(host, path);
        let roots = settings.process_env.as_ref().and_then(|process| process.get("OPENCLAW_INCLUDE_ROOTS"));
        let roots: Vec<PathBuf> = roots.into_iter().flat_map(|roots| roots.split(':')).map(PathBuf::from).collect();
        let confinement = Confinement::around(host, &top, &roots);
        let mut budget = Budget::default();
        let mut waiting = vec![(top, *file)];
        'files: while let Some((path, file)) = waiting.pop() {
            let text = sources.get(file).map(SourceFile::text).unwrap_or_default();
            let document = json5::parse(text, &json5::Options::default());
            let folder = path.parent().map(PathBuf::from).unwrap_or_default();
            for (_, written) in include::written(&document) {
                let Ok(included) = include::locate(host, &confinement, &folder, written) else { continue };
                if library.knows(&included) {
                    continue;
                }
                let loaded = load(&included, path.parent(), written, sources, host);
                let bytes = loaded.and_then(|file| sources.get(file)).map_or(0, |source| source.text().len());
                if !budget.take(bytes) {
                    library.overflow();
                    break 'files;
                }
                waiting.extend(loaded.map(|file| (included.clone(), file)));
                library.insert(included, loaded);
            }
        }
    }
    library
}

/// A key may be spelt with escapes: with the numbers of its characters, with a backslash before one that means nothing
/// else, or over several lines.
fn mentions_include(sources: &Sources, file: FileId) -> bool {
    let Some(text) = sources.get(file).map(SourceFile::text) else { return false };
    let spells =
        |escaped: u8| matches!(escaped, b'u' | b'x' | b'$' | b'i' | b'c' | b'l' | b'd' | b'e' | b'\n' | b'\r' | 0x80..);
    let mut next = 0;
    let (contains, text) = (text.contains("$include"), text.as_bytes());
    contains
        || bytes::has(b'\\', text)
            && memchr::memchr_iter(b'\\', text).any(|at| {
                // The second of two is what the first escapes.
                let escapes = at >= next;
                next = if escapes { at + 2 } else { next };
                escapes && text.get(at + 1).is_some_and(|escaped| spells(*escaped))
            })
}

/// Adds an included file to the sources, shown relative to where the run started.
fn load(path: &Path, folder: Option<&Path>, written: &str, sources: &mut Sources, host: &dyn Host) -> Option<FileId> {
    let bytes = host.read(path, LARGEST).ok()?;
    let decoded = decode(bytes);
    let current = host.current_dir().unwrap_or_default();
    let shown = path.strip_prefix(&current).map(|path| path.display().to_string());
    let shown = shown.unwrap_or_else(|_| {
        folder.map_or_else(|| written.to_owned(), |folder| lexical(&folder.join(written)).display().to_string())
    });
    Some(sources.add(SourceFile::new(shown, decoded.text)))
}
