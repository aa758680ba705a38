//! What is around a document: the configs and env files that belong together, parsed, and where variables come from.

use std::path::{Path, PathBuf};

use crate::discover::{self, Kind, Role};
use crate::host::Host;
use crate::project::{Layout, layout, plain, reference};
use crate::rules::workspace_ignores;
use crate::source::decode::decode;
use crate::source::{FileId, Span};
use crate::syntax::json5::NodeKind;
use crate::syntax::{dotenv, json5};

use super::lint::{self, Options};
use super::overlay::Overlay;
use super::text::Text;

/// A config.
pub(super) struct ConfigFile {
    pub(super) path: PathBuf,
    pub(super) text: Text,
    pub(super) document: json5::Document,
    pub(super) is_guide: bool,
}

/// An env file.
pub(super) struct EnvFile {
    pub(super) path: PathBuf,
    pub(super) text: Text,
    pub(super) parsed: dotenv::EnvFile,
    /// Whether its variables count: templates and backups are only to be shown.
    pub(super) is_live: bool,
}

/// The files around one, itself among them. Env files stand in the order in which they are loaded.
pub(super) struct Around {
    pub(super) configs: Vec<ConfigFile>,
    pub(super) env_files: Vec<EnvFile>,
}

/// Where a variable is set.
pub(super) struct Definition<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a Text,
    /// The name.
    pub(super) span: Span,
    /// Whether there is a value.
    pub(super) is_empty: bool,
    /// Whether it stands in the config itself, which only fills what is missing or blank.
    pub(super) in_config: bool,
}

/// Names of the env files that OpenClaw itself loads, in its order.
const LOADED: [&str; 2] = [".env", "gateway.env"];

impl Around {
    pub(super) fn of(path: &Path, overlay: &Overlay<'_>, options: &Options) -> Self {
        let mut around = Self { configs: Vec::new(), env_files: Vec::new() };
        let mut seen = Vec::new();
        for folder in lint::folders_of(path, overlay.documents, overlay) {
            for file in lint::files_of(&folder, overlay) {
                if !seen.contains(&file) {
                    around.add(&file, &folder, overlay, options);
                    seen.push(file);
                }
            }
        }
        if !seen.iter().any(|known| known == path) {
            // An included file, or one that the client calls JSON5.
            around.add_config(path, overlay, options);
        }
        let order = |file: &EnvFile| {
            let name = file.path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let own = file.path.components().count();
            (own, LOADED.iter().position(|known| *known == name).unwrap_or(LOADED.len()), file.path.clone())
        };
        // A file further up is the workspace's, which comes first.
        around.env_files.sort_by_key(order);
        around
    }

    fn add(&mut self, path: &Path, folder: &Path, overlay: &Overlay<'_>, options: &Options) {
        let info = path.file_name().and_then(|name| discover::classify(&name.to_string_lossy()));
        let Some(info) = info else { return };
        if info.kind == Kind::Config {
            self.add_config(path, overlay, options);
            return;
        }
        let Some(text) = read(path, overlay) else { return };
        let mut parsed = dotenv::parse(text.as_str());
        if path.parent() != Some(folder) {
            let release = &options.release.version;
            parsed.entries.iter_mut().for_each(|entry| entry.loaded &= !workspace_ignores(&entry.key, release));
        }
        let is_live = matches!(info.role, Role::Live | Role::Variant(_));
        self.env_files.push(EnvFile { path: path.to_path_buf(), text, parsed, is_live });
    }

    fn add_config(&mut self, path: &Path, overlay: &Overlay<'_>, options: &Options) {
        let Some(text) = read(path, overlay) else { return };
        let document = json5::parse(text.as_str(), &json5::Options::default());
        let detected = || plain(FileId(0), &document).map(|value| layout::detect(&value).layout);
        let is_guide = options.layout.or_else(detected) == Some(Layout::Guide);
        self.configs.push(ConfigFile { path: path.to_path_buf(), text, document, is_guide });
    }

    pub(super) fn config(&self, path: &Path) -> Option<&ConfigFile> {
        self.configs.iter().find(|config| config.path == path)
    }

    pub(super) fn env_file(&self, path: &Path) -> Option<&EnvFile> {
        self.env_files.iter().find(|file| file.path == path)
    }

    /// Where a variable is set, what counts first: the env files in their order, then the `env.vars` of configs.
    pub(super) fn definitions(&self, name: &str) -> Vec<Definition<'_>> {
        let files = self.env_files.iter().filter(|file| file.is_live);
        let entries = files.filter_map(|file| {
            let entry = file.parsed.entries.iter().rev().find(|entry| entry.loaded && &*entry.key == name)?;
            let is_empty = entry.value.is_empty();
            Some(Definition { path: &file.path, text: &file.text, span: entry.key_span, is_empty, in_config: false })
        });
        let vars = self.configs.iter().filter_map(|config| {
            let document = &config.document;
            let env = document.member(document.root()?, "env")?.value;
            let member = document.member(document.member(env, "vars")?.value, name)?;
            let NodeKind::String(value) = &document.node(member.value).kind else { return None };
            let is_empty = value.trim().is_empty();
            Some(Definition {
                path: &config.path,
                text: &config.text,
                span: member.key_span,
                is_empty,
                in_config: true,
            })
        });
        entries.chain(vars).collect()
    }

    /// Every name that the live env files set.
    pub(super) fn names(&self) -> Vec<&str> {
        let live = self.env_files.iter().filter(|file| file.is_live);
        let mut names: Vec<&str> = live
            .flat_map(|file| file.parsed.entries.iter().filter(|entry| entry.loaded).map(|entry| &*entry.key))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The references of a config: name, the bytes of the name alone, and the string's node.
pub(super) fn references(config: &ConfigFile) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for (id, node) in config.document.nodes() {
        let NodeKind::String(value) = &node.kind else { continue };
        for token in reference::tokens(value) {
            if let reference::Token::Reference { name, range } = token {
                let inside = range.start + 2..range.end - 1;
                found.push((name.to_owned(), config.document.subspan(config.text.as_str(), id, inside)));
            }
        }
    }
    found
}

pub(super) fn read(path: &Path, overlay: &Overlay<'_>) -> Option<Text> {
    if let Some(document) = overlay.documents.get(path) {
        return Some(document.text.clone());
    }
    const LARGEST: u64 = 32 << 20;
    let decoded = decode(overlay.read(path, LARGEST).ok()?);
    Some(Text::new(decoded.text, overlay.documents.encoding()))
}
