//! The linter's own configuration: severities, exceptions for files, and packs of rules.
//!
//! `openclaw-lint.json5` (or `.openclaw-lint.json5`) in the folder of the linted files or the nearest one above. It is
//! read with the project's own JSON5 parser, so that mistakes in it are shown where they are.

mod pack;
mod read;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use glob::{MatchOptions, Pattern};

use crate::finding::{Finding, Severity};
use crate::host::Host;
use crate::language::Language;
use crate::rules::{Catalog, Violation};
use crate::source::FileId;

/// Names of the file, the first that exists wins.
pub const NAMES: &[&str] = &["openclaw-lint.json5", ".openclaw-lint.json5"];

/// Larger files are refused.
const LARGEST: u64 = 1 << 20;

const MATCHING: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

/// What a configuration says, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Policy {
    /// Where it lies; paths in it are relative to this.
    folder: PathBuf,
    /// The language of messages, if it says one.
    language: Option<Language>,
    /// For all files, then for some.
    levels: Vec<Levels>,
    /// The bundled rules with those of the packs; `None` without packs.
    catalog: Option<Catalog>,
    /// Files of which something is to be said: the configuration, packs.
    pub(crate) problems: Vec<Problem>,
}

/// Severities for some files.
#[derive(Debug, Default)]
struct Levels {
    /// Globs; empty: every file.
    files: Vec<Pattern>,
    /// Rule, alias or `group/*`, and its severity; `None`: off.
    rules: Vec<(String, Option<Severity>)>,
}

/// A file of the configuration with mistakes in it. The places of its violations have yet to get the file's id.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) shown: String,
    pub(crate) text: String,
    pub(crate) violations: Vec<Violation>,
}

impl Policy {
    /// The rules of a run with it.
    #[must_use]
    pub const fn catalog(&self) -> Option<&Catalog> {
        self.catalog.as_ref()
    }

    /// Takes away what is switched off and changes severities. `path`: the file of the findings.
    pub fn apply(&self, findings: &mut Vec<Finding>, catalog: &Catalog, path: impl Fn(&Finding) -> PathBuf) {
        if self.levels.is_empty() {
            return;
        }
        // What is said of a rule in a file is asked once.
        let mut known: HashMap<FileId, HashMap<String, Option<Option<Severity>>>> = HashMap::new();
        let mut level = |finding: &Finding| {
            let rules = known.entry(finding.primary.file).or_default();
            if let Some(level) = rules.get(&finding.rule) {
                return *level;
            }
            let level = self.level(finding, catalog, &path(finding));
            rules.insert(finding.rule.clone(), level);
            level
        };
        findings.retain_mut(|finding| match level(finding) {
            Some(Some(severity)) => {
                finding.severity = severity;
                true
            }
            Some(None) => false,
            None => true,
        });
    }

    /// The last entry that fits; the inner `None` is `off`.
    fn level(&self, finding: &Finding, catalog: &Catalog, path: &Path) -> Option<Option<Severity>> {
        let relative = path.strip_prefix(&self.folder).unwrap_or(path);
        let relative = relative.to_string_lossy().replace('\\', "/");
        let name = relative.rsplit('/').next().unwrap_or(&relative);
        let fits = |levels: &&Levels| {
            let matches = |glob: &Pattern| glob.matches_with(&relative, MATCHING) || glob.matches_with(name, MATCHING);
            levels.files.is_empty() || levels.files.iter().any(matches)
        };
        let rules = self.levels.iter().filter(fits).flat_map(|levels| &levels.rules);
        rules.filter(|(rule, _)| is_named(&finding.rule, rule, catalog)).map(|(_, level)| *level).last()
    }
}

/// Whether `named` (an id, an alias, or `group/*`) stands for the rule.
fn is_named(id: &str, named: &str, catalog: &Catalog) -> bool {
    match named.strip_suffix("/*") {
        Some(group) => id.split_once('/').is_some_and(|(own, _)| own == group),
        None => named == id || catalog.rule(named).is_some_and(|rule| rule.id == id),
    }
}

/// Configurations by the folder of linted files.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    by_folder: BTreeMap<PathBuf, Arc<Policy>>,
    packs: Vec<PathBuf>,
}

impl Policies {
    /// None at all.
    #[must_use]
    pub const fn none() -> Self {
        Self { by_folder: BTreeMap::new(), packs: Vec::new() }
    }

    /// Finds and reads the configurations of folders; `packs` are further files with rules, for all of them.
    #[must_use]
    pub fn find<'p>(folders: impl Iterator<Item = &'p Path>, packs: &[PathBuf], host: &dyn Host) -> Self {
        let mut found = Self { by_folder: BTreeMap::new(), packs: packs.to_vec() };
        let mut read: BTreeMap<Option<PathBuf>, Arc<Policy>> = BTreeMap::new();
        let current = host.current_dir().unwrap_or_default();
        for folder in folders {
            if found.by_folder.contains_key(folder) {
                continue;
            }
            let absolute = crate::host::lexical(&current.join(folder));
            let file = absolute
                .ancestors()
                .find_map(|folder| NAMES.iter().map(|name| folder.join(name)).find(|file| host.is_file(file)));
            if file.is_none() && packs.is_empty() {
                continue;
            }
            let policy = read
                .entry(file.clone())
                .or_insert_with(|| Arc::new(read::policy(file.as_deref(), &found.packs, &current, host)));
            found.by_folder.insert(folder.to_owned(), Arc::clone(policy));
        }
        found
    }

    /// The rules of each configuration that has packs, the bundled ones included.
    pub fn catalogs(&self) -> impl Iterator<Item = &Catalog> {
        self.by_folder.values().filter_map(|policy| policy.catalog())
    }

    /// The one for a folder.
    #[must_use]
    pub fn of(&self, folder: &Path) -> Option<&Policy> {
        self.by_folder.get(folder).map(|policy| &**policy)
    }

    /// The language that a configuration asks for; of several, the one of the first folder.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.by_folder.values().find_map(|policy| policy.language)
    }

    /// Each once.
    pub(crate) fn all(&self) -> Vec<&Arc<Policy>> {
        let mut all: Vec<&Arc<Policy>> = Vec::new();
        for policy in self.by_folder.values() {
            if !all.iter().any(|known| Arc::ptr_eq(known, policy)) {
                all.push(policy);
            }
        }
        all
    }
}
