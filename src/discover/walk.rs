//! The walk through directories: a stack, no recursion, one listing for each directory.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use super::globs::Globs;
use super::ignores::Ignores;
use super::names::{Kind, NameInfo, Role, classify, classify_explicit};
use super::shown::Shown;
use super::{Candidate, Problem, ProblemKind, Request};
use crate::host::{DirEntry, FileType, Host, ReadError, lexical};

/// Deeper nesting than this many directories is a problem. Paths on Linux, at most 4096 bytes long, stay below it.
const MAX_DEPTH: usize = 2048;

/// The state of one discovery.
pub(super) struct Walk<'a> {
    host: &'a dyn Host,
    shown: &'a Shown,
    include: Globs,
    exclude: Globs,
    no_ignore: bool,
    stack: Vec<Frame>,
    seen: HashSet<PathBuf>,
    /// Canonical paths of the named directories.
    pub(super) roots: HashSet<PathBuf>,
    pub(super) found: Vec<Candidate>,
    pub(super) problems: Vec<Problem>,
    pub(super) ignored: usize,
}

/// A directory to list.
struct Frame {
    /// As given, or below a given one; empty for the current directory.
    path: PathBuf,
    /// Canonical.
    real: PathBuf,
    /// From the named directory, with `/` behind each part.
    relative: String,
    ignores: Ignores,
    depth: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(host: &'a dyn Host, request: &Request, shown: &'a Shown) -> Self {
        let mut problems = Vec::new();
        Self {
            host,
            shown,
            include: Globs::new(&request.include, &mut problems),
            exclude: Globs::new(&request.exclude, &mut problems),
            no_ignore: request.no_ignore,
            stack: Vec::new(),
            seen: HashSet::new(),
            roots: HashSet::new(),
            found: Vec::new(),
            problems,
            ignored: 0,
        }
    }

    /// Takes a path that was named: a file at once, a directory when the walk [runs](Self::run).
    pub(super) fn named(&mut self, path: &Path) {
        if path.as_os_str().is_empty() {
            // An unset variable in a script; never the current directory.
            self.problems.push(Problem { path: PathBuf::new(), shown: "''".to_owned(), kind: ProblemKind::Missing });
            return;
        }
        let name = file_name(path);
        match self.host.metadata(path).map(|found| found.file_type) {
            Ok(FileType::Directory) => {
                if is_usable_config(classify(&name).as_ref()) {
                    self.problem(path, ProblemKind::DirectoryInsteadOfFile);
                }
                self.root(path);
            }
            Ok(FileType::File) => self.take(path, classify_explicit(&name), true),
            Ok(FileType::Link | FileType::Other) => self.problem(path, ProblemKind::NotRegular),
            Err(error) => self.problem(path, error.into()),
        }
    }

    /// Takes a file of the account. Something else in its place is a problem.
    pub(super) fn account_file(&mut self, path: Option<&Path>, kind: Kind) {
        let Some(path) = path else { return };
        match self.host.metadata(path).map(|found| found.file_type) {
            Ok(FileType::File) => self.take(path, NameInfo { kind, ..classify_explicit(&file_name(path)) }, false),
            Ok(FileType::Directory) => self.problem(path, ProblemKind::DirectoryInsteadOfFile),
            Ok(FileType::Link | FileType::Other) => self.problem(path, ProblemKind::NotRegular),
            Err(error) => self.problem(path, error.into()),
        }
    }

    fn take(&mut self, path: &Path, name: NameInfo, explicit: bool) {
        let given = without_dots(path);
        let real = self.real(path);
        let directory = real.parent().map(Path::to_path_buf).unwrap_or_default();
        self.found.push(Candidate {
            path: given,
            real,
            directory,
            name,
            explicit,
            wanted: true,
            link: false,
            ignored: false,
            fault: None,
        });
    }

    fn root(&mut self, path: &Path) {
        let real = self.real(path);
        if !self.roots.insert(real.clone()) {
            return;
        }
        let ignores = if self.no_ignore { Ignores::default() } else { Ignores::above(self.host, &real) };
        self.stack.push(Frame { path: without_dots(path), real, relative: String::new(), ignores, depth: 0 });
    }

    /// Walks everything that was named.
    pub(super) fn run(&mut self) {
        while let Some(frame) = self.stack.pop() {
            if self.seen.insert(frame.real.clone()) {
                self.directory(frame);
            }
        }
    }

    fn directory(&mut self, mut frame: Frame) {
        let entries = match self.host.list(&frame.real) {
            Ok(entries) => entries,
            Err(error) => return self.problem(&frame.path, error.into()),
        };
        if !self.no_ignore {
            let has = |name: &str| entries.iter().any(|entry| entry.name == name);
            if has(".git") {
                frame.ignores = Ignores::of_repository(self.host, &frame.real);
            }
            if has(".gitignore") {
                frame.ignores = frame.ignores.below(self.host, &frame.real);
            }
        }
        for entry in entries {
            let name = entry.name.to_string_lossy().into_owned();
            if entry.file_type == FileType::Directory {
                self.enter(&frame, &entry.name, &name);
            } else {
                self.file(&frame, &entry, &name);
            }
        }
    }

    fn enter(&mut self, parent: &Frame, entry: &OsStr, name: &str) {
        let relative = format!("{}{name}", parent.relative);
        if is_passed_over(name) || self.exclude.matches(&relative, name) {
            return;
        }
        let real = parent.real.join(entry);
        if parent.ignores.skip(&real, true) {
            self.ignored += usize::from(is_state_directory(name));
            return;
        }
        let path = parent.path.join(entry);
        if is_usable_config(classify(name).as_ref()) {
            self.problem(&path, ProblemKind::DirectoryInsteadOfFile);
        }
        if parent.depth >= MAX_DEPTH {
            return self.problem(&path, ProblemKind::TooDeep);
        }
        let (ignores, depth) = (parent.ignores.clone(), parent.depth + 1);
        self.stack.push(Frame { path, real, relative: relative + "/", ignores, depth });
    }

    fn file(&mut self, parent: &Frame, entry: &DirEntry, name: &str) {
        let known = classify(name);
        let relative = format!("{}{name}", parent.relative);
        let included = self.include.matches(&relative, name);
        if (known.is_none() && !included) || self.exclude.matches(&relative, name) {
            return;
        }
        let info = known.unwrap_or_else(|| classify_explicit(name));
        let here = parent.real.join(&entry.name);
        let (real, fault) = match self.target(&here, entry.file_type) {
            Ok(target) => (target.unwrap_or_else(|| here.clone()), None),
            // A directory linked to under an env file's name is a virtual environment, or nothing of ours.
            Err(ProblemKind::DirectoryInsteadOfFile) if !is_usable_config(Some(&info)) => return,
            Err(fault) => (here.clone(), Some(fault)),
        };
        self.found.push(Candidate {
            path: parent.path.join(&entry.name),
            real,
            directory: parent.real.clone(),
            name: info,
            explicit: false,
            wanted: included,
            link: entry.file_type == FileType::Link,
            ignored: parent.ignores.skip(&here, false),
            fault,
        });
    }

    /// What a directory's entry leads to, if that is a regular file: itself (`None`) or the canonical path of its target.
    fn target(&self, here: &Path, file_type: FileType) -> Result<Option<PathBuf>, ProblemKind> {
        match file_type {
            FileType::File => return Ok(None),
            FileType::Directory => return Err(ProblemKind::DirectoryInsteadOfFile),
            FileType::Other => return Err(ProblemKind::NotRegular),
            FileType::Link => {}
        }
        match self.host.metadata(here).map(|found| found.file_type) {
            Ok(FileType::File) => self.host.canonicalize(here).ok_or(ProblemKind::BrokenLink).map(Some),
            Ok(FileType::Directory) => Err(ProblemKind::DirectoryInsteadOfFile),
            Ok(FileType::Link | FileType::Other) => Err(ProblemKind::NotRegular),
            Err(ReadError::NotFound) => Err(ProblemKind::BrokenLink),
            Err(error) => Err(error.into()),
        }
    }

    /// The canonical path, or the best guess at it.
    fn real(&self, path: &Path) -> PathBuf {
        let guess = || lexical(&self.host.current_dir().unwrap_or_default().join(path));
        self.host.canonicalize(path).unwrap_or_else(guess)
    }

    fn problem(&mut self, path: &Path, kind: ProblemKind) {
        self.problems.push(Problem { path: path.to_path_buf(), shown: self.shown.path(path), kind });
    }
}

/// Directories that are never entered unless they are named.
fn is_passed_over(name: &str) -> bool {
    let hidden = name.starts_with('.') && !is_state_directory(name);
    hidden || name == "node_modules"
}

/// `.openclaw`, `.openclaw-dev`, `.clawdbot`.
pub(crate) fn is_state_directory(name: &str) -> bool {
    name.starts_with(".openclaw") || name == ".clawdbot"
}

/// Whether OpenClaw, or the guide's way of using it, would read a file of this name as its configuration.
fn is_usable_config(info: Option<&NameInfo>) -> bool {
    info.is_some_and(|info| info.kind == Kind::Config && matches!(info.role, Role::Live | Role::Variant(_)))
}

/// The last part of a path as text; bytes that are not UTF-8 become U+FFFD.
fn file_name(path: &Path) -> String {
    path.file_name().map(OsStr::to_string_lossy).map_or_else(String::new, std::borrow::Cow::into_owned)
}

/// The path without `.` parts, which only lengthen it. `..` stays: before it there may be a link.
fn without_dots(path: &Path) -> PathBuf {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.map(|part| OsString::from(part.as_os_str())).collect()
}
