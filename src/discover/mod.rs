//! Which files to lint: paths come in, a list of files goes out. Nothing here reads a linted file; names, types and
//! sizes are all it looks at, through a [`Host`].
//!
//! **Named files** are always taken, whatever their name and whatever ignores them: pre-commit hooks pass files so.
//!
//! **Directories** are walked. Taken are the names that [`classify`] knows and those that an include pattern matches.
//! An env file is only taken where OpenClaw could meet it: in the named directory itself, beside a configuration, or in a
//! directory above one. A monorepo's other `.env` files are nobody's business here.
//!
//! - Hidden directories are passed over, except state directories: `.openclaw`, `.openclaw-<profile>`, `.clawdbot`.
//!   `node_modules` and `.git` are always passed over.
//! - Links to files are followed, links to directories are not. A file that is found by several names is taken once.
//! - What git ignores is passed over and counted: `.gitignore` files from the repository's root down (outside of a
//!   repository, from the named directory down) and `.git/info/exclude`. A repository within another has its own rules.
//!   One exception: an env file right beside a configuration that is taken. To be ignored is its proper state, and the
//!   configuration's variables are in it.
//! - `no_ignore` switches ignore files off. There is no ignore file of our own: `exclude` patterns, which live in the
//!   linter's configuration, do that, and prune directories.
//! - Patterns are those of the `glob` crate (`*`, `**`, `?`, `[...]`), against the path from the named directory and
//!   against the file name. `include` adds files, also ignored ones, but does not open passed-over directories; `exclude`
//!   wins over `include`.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

use crate::host::{FileType, Host, ReadError};
use crate::language::Phrase;

mod account;
mod globs;
mod ignores;
mod names;
mod patterns;
mod shown;
mod tracked;
mod walk;

pub use account::{Account, AccountError, account};
pub use names::{Kind, NameInfo, Role, classify, classify_explicit};
pub use patterns::{FilePatterns, file_patterns};
pub use tracked::{Tracking, tracking};

use shown::Shown;
use walk::Walk;
pub(crate) use walk::is_state_directory;

/// What to look for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Files and directories; none means the current directory.
    pub paths: Vec<PathBuf>,
    /// Patterns of further files to take.
    pub include: Vec<String>,
    /// Patterns of files and directories to pass over.
    pub exclude: Vec<String>,
    /// Take what git ignores, too.
    pub no_ignore: bool,
    /// Add the files that OpenClaw itself would read for this account.
    pub user: bool,
    /// The profile for `user`; without it `OPENCLAW_PROFILE` counts.
    pub profile: Option<String>,
    /// Larger files (in bytes) become problems.
    pub max_file_size: u64,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            no_ignore: false,
            user: false,
            profile: None,
            max_file_size: 16 << 20,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Discovered {
    /// The files, sorted by the bytes of their paths, each real file once.
    pub files: Vec<FoundFile>,
    /// What could not be looked at, sorted by path.
    pub problems: Vec<Problem>,
    /// Number of files, and of state directories, that were passed over because git ignores them.
    pub ignored: usize,
    /// For `user`: the paths that were tried, in OpenClaw's order, and whether something was there.
    pub looked_for: Vec<(PathBuf, bool)>,
}

/// A file to lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// The path for opening it, as given or below a given one.
    pub path: PathBuf,
    /// The path for reports: relative to the current directory when below it, with `/`, unsafe characters escaped.
    pub shown: String,
    /// What its name says.
    pub name: NameInfo,
    /// Whether it was named itself, not found.
    pub explicit: bool,
}

/// Something that could not be looked at, or that stands where a file should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where; for a pattern, the pattern.
    pub path: PathBuf,
    /// The same, fit for reports.
    pub shown: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong with a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A named path does not exist.
    Missing,
    /// A directory or file may not be looked at.
    Permission,
    /// A link whose target is missing.
    BrokenLink,
    /// Links that lead back to themselves.
    LinkLoop,
    /// A directory with the name of a configuration. Its files were looked at like any directory's.
    DirectoryInsteadOfFile,
    /// A pipe, socket or device.
    NotRegular,
    /// Above the size limit; both in bytes.
    TooLarge {
        /// Its size.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// Directories nested deeper than any system allows.
    TooDeep,
    /// An include or exclude pattern that cannot work, and why.
    BadPattern(Phrase),
    /// The profile's name is not one that OpenClaw takes.
    BadProfile,
    /// No home directory to look for the account's files in.
    NoHome,
    /// Anything else, in the words of the operating system.
    Io(String),
}

impl From<ReadError> for ProblemKind {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotFound => Self::Missing,
            ReadError::Permission => Self::Permission,
            ReadError::Directory => Self::DirectoryInsteadOfFile,
            ReadError::NotRegular => Self::NotRegular,
            ReadError::LinkLoop => Self::LinkLoop,
            ReadError::TooLarge { size, limit } => Self::TooLarge { size, limit },
            ReadError::Io(message) => Self::Io(message),
        }
    }
}

impl ProblemKind {
    /// What is wrong, in words.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        Phrase::new(match self {
            Self::Missing => "there is no such file or directory",
            Self::Permission => "this account may not read it; check its owner and mode",
            Self::BrokenLink => "this link leads to a file that is not there",
            Self::LinkLoop => "symbolic links lead back to themselves",
            Self::DirectoryInsteadOfFile => {
                "this is a directory, but OpenClaw expects a file; container runtimes create such a directory when they mount a file that is missing"
            }
            Self::NotRegular => {
                "this is a pipe, socket or device, which is never read; pass its content as `-` instead"
            }
            Self::TooLarge { size, limit } => {
                let phrase = Phrase::new("not read: {size} bytes, and the limit is {limit}");
                return phrase.with("size", size.to_string()).with("limit", limit.to_string());
            }
            Self::TooDeep => "directories are nested too deeply here; name the inner directory to check it",
            Self::BadPattern(reason) => {
                return Phrase::new("this pattern cannot work: {reason}").with("reason", reason.clone());
            }
            Self::BadProfile => "a profile name is a letter or digit, then at most 63 letters, digits, `_` or `-`",
            Self::NoHome => "no home directory is known; set HOME or OPENCLAW_HOME",
            Self::Io(message) => return Phrase::new(message.clone()),
        })
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.shown, self.kind)
    }
}

impl Problem {
    /// Where it is and what is wrong, in words.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        Phrase::new("{file}: {problem}").with("file", &self.shown).with("problem", self.kind.phrase())
    }

    fn of_pattern(pattern: &str, kind: ProblemKind) -> Self {
        Self { path: pattern.into(), shown: shown::escape(Path::new(pattern)), kind }
    }
}

/// Finds the files of a request. Never fails as a whole: what cannot be looked at is a problem, the rest goes on.
#[must_use]
pub fn discover(host: &dyn Host, request: &Request) -> Discovered {
    let shown = Shown::new(host);
    let mut walk = Walk::new(host, request, &shown);
    if request.paths.is_empty() {
        walk.named(Path::new("."));
    }
    request.paths.iter().for_each(|path| walk.named(path));
    walk.run();
    let mut looked_for = Vec::new();
    if request.user {
        add_account(host, request, &mut walk, &mut looked_for);
    }
    let Walk { found, mut problems, mut ignored, roots, .. } = walk;
    let mut wanted = related(found, &roots, &mut ignored);
    wanted.sort_by(|a, b| a.preference().cmp(&b.preference()));
    let mut seen = HashSet::new();
    wanted.retain(|file| seen.insert(file.real.clone()));
    let mut files = Vec::with_capacity(wanted.len());
    for file in wanted {
        match file.fault.map_or_else(|| check_size(host, &file.real, request.max_file_size), Err) {
            Ok(()) => files.push(FoundFile {
                shown: shown.path(&file.path),
                path: file.path,
                name: file.name,
                explicit: file.explicit,
            }),
            Err(kind) => problems.push(Problem { shown: shown.path(&file.path), path: file.path, kind }),
        }
    }
    files.sort_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    problems.sort_by(|a, b| (a.path.as_os_str(), &a.kind).cmp(&(b.path.as_os_str(), &b.kind)));
    problems.dedup();
    Discovered { files, problems, ignored, looked_for }
}

/// The env files in the directory of `config`, sorted by name: live ones and variants, not templates and backups; around a
/// state directory also the `.env` of the directory in which OpenClaw may be started. The
/// files themselves are not opened. For those who lint a single file and need its variables.
#[must_use]
pub fn env_files_beside(host: &dyn Host, config: &Path) -> Vec<PathBuf> {
    let directory = config.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_wanted = |name: &str| {
        classify(name).is_some_and(|info| info.kind == Kind::Env && !matches!(info.role, Role::Template | Role::Backup))
    };
    let entries = host.list(directory).unwrap_or_default().into_iter();
    let names = entries.filter(|entry| entry.name.to_str().is_some_and(is_wanted)).map(|entry| entry.name);
    let mut paths: Vec<PathBuf> =
        names.map(|name| config.with_file_name(name)).filter(|path| host.is_file(path)).collect();
    let is_state = directory.file_name().and_then(|name| name.to_str()).is_some_and(is_state_directory);
    let around = directory.parent().filter(|_| is_state).map(|parent| parent.join(".env"));
    paths.extend(around.filter(|path| host.is_file(path)));
    paths.sort();
    paths
}

/// Standard input as a file: `name` (of `--stdin-filename`) tells what it is; without one it is an `openclaw.json`.
#[must_use]
pub fn stdin_file(name: Option<&str>) -> FoundFile {
    let path = PathBuf::from(name.unwrap_or("<stdin>"));
    let file_name = path.file_name().map(|last| last.to_string_lossy().into_owned());
    let name = classify_explicit(file_name.as_deref().unwrap_or_default());
    FoundFile { shown: shown::escape(&path), path, name, explicit: true }
}

/// A file that may be taken.
#[derive(Debug)]
struct Candidate {
    path: PathBuf,
    /// Its canonical path.
    real: PathBuf,
    /// The canonical directory in which it was found (a link's target may lie elsewhere).
    directory: PathBuf,
    name: NameInfo,
    explicit: bool,
    /// Taken wherever it lies: named, matched by an include pattern, or the account's.
    wanted: bool,
    link: bool,
    ignored: bool,
    /// Why it cannot be read, where the walk has seen that already.
    fault: Option<ProblemKind>,
}

impl Candidate {
    /// Of several names of one file, the least is kept.
    fn preference(&self) -> (bool, bool, &std::ffi::OsStr) {
        (!self.explicit, self.link, self.path.as_os_str())
    }
}

/// The candidates without ignored files and without env files that belong to no configuration.
fn related(found: Vec<Candidate>, roots: &HashSet<PathBuf>, ignored: &mut usize) -> Vec<Candidate> {
    let is_config = |file: &&Candidate| file.name.kind == Kind::Config && (file.wanted || !file.ignored);
    // Each directory with a configuration at or below it; true: right in it.
    let mut near: HashMap<PathBuf, bool> = HashMap::new();
    for file in found.iter().filter(is_config) {
        if near.insert(file.directory.clone(), true).is_none() {
            let above = file.directory.ancestors().skip(1);
            for directory in above {
                if near.contains_key(directory) {
                    break;
                }
                near.insert(directory.to_path_buf(), false);
            }
        }
    }
    let mut keep = |file: &Candidate| {
        let place = near.get(&file.directory);
        let beside = file.name.kind == Kind::Env && place == Some(&true);
        let belongs = file.name.kind == Kind::Config || place.is_some() || roots.contains(&file.directory);
        let skipped = file.ignored && belongs && !file.wanted && !beside;
        *ignored += usize::from(skipped);
        file.wanted || (belongs && !skipped)
    };
    found.into_iter().filter(|file| keep(file)).collect()
}

fn check_size(host: &dyn Host, path: &Path, limit: u64) -> Result<(), ProblemKind> {
    let found = host.metadata(path)?;
    match found.file_type {
        FileType::File if found.size <= limit => Ok(()),
        FileType::File => Err(ProblemKind::TooLarge { size: found.size, limit }),
        FileType::Directory => Err(ProblemKind::DirectoryInsteadOfFile),
        FileType::Link | FileType::Other => Err(ProblemKind::NotRegular),
    }
}

/// Adds the account's files: the configuration OpenClaw would choose, and the env files it would load.
fn add_account(host: &dyn Host, request: &Request, walk: &mut Walk<'_>, looked_for: &mut Vec<(PathBuf, bool)>) {
    let account = match account(host, request.profile.as_deref()) {
        Ok(account) => account,
        Err(AccountError::BadProfile(name)) => {
            walk.problems.push(Problem::of_pattern(&name, ProblemKind::BadProfile));
            return;
        }
        Err(AccountError::NoHome) => {
            walk.problems.push(Problem::of_pattern("~", ProblemKind::NoHome));
            return;
        }
    };
    let look = |path: &PathBuf| (path.clone(), host.exists(path));
    looked_for.extend(account.config_candidates.iter().chain(&account.env_files).map(look));
    walk.account_file(account.config.as_deref(), Kind::Config);
    account.env_files.iter().filter(|path| host.exists(path)).for_each(|path| walk.account_file(Some(path), Kind::Env));
}
