//! The outside world, as one small trait: files, environment and clock. [`RealHost`] is the only place of the library
//! that touches them; everything else asks a [`Host`], so that editors, tests and embedders can supply their own.
//!
//! Nothing here knows what the files mean. Relative paths count from [`Host::current_dir`].

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::Read;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fmt, fs, io};

use crate::language::Phrase;

use walkdir::WalkDir;

/// Why a path could not be read, looked at or listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing there, or a symbolic link whose target is missing.
    NotFound,
    /// The account may not read it.
    Permission,
    /// A directory where a file was wanted.
    Directory,
    /// A pipe, socket or device: reading it could block or never end.
    NotRegular,
    /// Symbolic links that lead back to themselves.
    LinkLoop,
    /// Longer than the caller's limit. `size` is in bytes and at least one more than `limit`; a file that grows while
    /// it is read may be longer still.
    TooLarge {
        /// Bytes known to be there.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// Anything else, in the words of the operating system.
    Io(String),
}

impl ReadError {
    /// What happened, in words.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        Phrase::new(match self {
            Self::NotFound => "no such file or directory",
            Self::Permission => "permission denied",
            Self::Directory => "is a directory, not a file",
            Self::NotRegular => "is a pipe, socket or device, not a regular file",
            Self::LinkLoop => "symbolic links lead back to themselves",
            Self::TooLarge { size, limit } => {
                let phrase = Phrase::new("is {size} bytes long; at most {limit} are read");
                return phrase.with("size", size.to_string()).with("limit", limit.to_string());
            }
            Self::Io(message) => return Phrase::new(message.clone()),
        })
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl std::error::Error for ReadError {}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NotFound,
            io::ErrorKind::PermissionDenied => Self::Permission,
            io::ErrorKind::IsADirectory => Self::Directory,
            // The kind has no stable name in code yet; its printed name is the same on every platform.
            kind if format!("{kind:?}") == "FilesystemLoop" => Self::LinkLoop,
            _ => Self::Io(error.to_string()),
        }
    }
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileType {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link. Only [`Host::list`] answers this; [`Host::metadata`] follows links.
    Link,
    /// A pipe, socket or device.
    Other,
}

impl From<fs::FileType> for FileType {
    fn from(kind: fs::FileType) -> Self {
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Directory
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::Other
        }
    }
}

/// Type and size of what a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Its type, links followed.
    pub file_type: FileType,
    /// Its length in bytes, as the file system claims; never a reason to allocate.
    pub size: u64,
    /// How many names (hard links) it has; 1 where that is not known.
    pub names: u64,
    /// Who may do what with it; `None` where there are no such rights.
    pub rights: Option<Rights>,
}

/// Rights of a file on Unix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Permission bits, as `chmod` takes them.
    pub mode: u32,
    /// Number of the account that owns it.
    pub owner: u32,
}

impl Metadata {
    /// Of something with one name and unknown rights.
    #[must_use]
    pub const fn new(file_type: FileType, size: u64) -> Self {
        Self { file_type, size, names: 1, rights: None }
    }
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// Its name, without the directory.
    pub name: OsString,
    /// Its type, links not followed.
    pub file_type: FileType,
}

/// Files, environment and clock.
pub trait Host: Sync {
    /// The content of a regular file, links followed.
    ///
    /// # Errors
    /// [`ReadError::TooLarge`] above `limit` bytes, whatever the metadata says; [`ReadError::NotRegular`] for pipes and
    /// devices, which are never opened.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError>;

    /// Type and size, links followed.
    ///
    /// # Errors
    /// As for [`Host::read`], without the limit.
    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError>;

    /// Whether the path itself is a symbolic link; a world without links need not say.
    fn is_link(&self, _path: &Path) -> bool {
        false
    }

    /// Number of the account that runs the program; `None` where accounts have none.
    fn account(&self) -> Option<u32> {
        None
    }

    /// The entries of a directory in no particular order, without `.` and `..`.
    ///
    /// # Errors
    /// As for [`Host::metadata`].
    fn list(&self, directory: &Path) -> Result<Vec<DirEntry>, ReadError>;

    /// The absolute path with all links resolved; `None` when nothing is there.
    fn canonicalize(&self, path: &Path) -> Option<PathBuf>;

    /// A variable of the process environment. `None` when it is unset or not UTF-8.
    fn var(&self, name: &str) -> Option<String>;

    /// The account's home directory as the operating system knows it.
    fn home(&self) -> Option<PathBuf>;

    /// The current directory, absolute.
    fn current_dir(&self) -> Option<PathBuf>;

    /// Seconds since 1970-01-01T00:00:00Z.
    fn now_unix_seconds(&self) -> i64;

    /// Whether anything is there.
    fn exists(&self, path: &Path) -> bool {
        self.metadata(path).is_ok()
    }

    /// Whether the path leads to a regular file.
    fn is_file(&self, path: &Path) -> bool {
        self.metadata(path).is_ok_and(|found| found.file_type == FileType::File)
    }

    /// Whether the path leads to a directory.
    fn is_dir(&self, path: &Path) -> bool {
        self.metadata(path).is_ok_and(|found| found.file_type == FileType::Directory)
    }
}

/// The machine itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealHost;

impl Host for RealHost {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        // Looked at before it is opened: opening a pipe waits for a writer.
        let claimed = regular_size(self.metadata(path)?)?;
        if claimed > limit {
            return Err(ReadError::TooLarge { size: claimed, limit });
        }
        let file = fs::File::open(path)?;
        let mut bytes = Vec::with_capacity(usize::try_from(claimed).unwrap_or(0));
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        let size = bytes.len() as u64;
        if size > limit { Err(ReadError::TooLarge { size, limit }) } else { Ok(bytes) }
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        let found = fs::metadata(path)?;
        Ok(with_rights(Metadata::new(found.file_type().into(), found.len()), &found))
    }

    fn is_link(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
    }

    fn account(&self) -> Option<u32> {
        account()
    }

    fn list(&self, directory: &Path) -> Result<Vec<DirEntry>, ReadError> {
        // One level at a time: which folders are entered is decided by `discover`, for every host alike.
        let entries = WalkDir::new(directory).min_depth(1).max_depth(1);
        let entry = |entry: walkdir::Result<walkdir::DirEntry>| {
            let entry = entry.map_err(|error| error.into_io_error().map_or(ReadError::LinkLoop, ReadError::from))?;
            Ok(DirEntry { name: entry.file_name().to_owned(), file_type: FileType::from(entry.file_type()) })
        };
        entries.into_iter().map(entry).collect()
    }

    fn canonicalize(&self, path: &Path) -> Option<PathBuf> {
        fs::canonicalize(path).ok()
    }

    fn var(&self, name: &str) -> Option<String> {
        env::var(name).ok()
    }

    fn home(&self) -> Option<PathBuf> {
        env::home_dir().filter(|home| !home.as_os_str().is_empty())
    }

    fn current_dir(&self) -> Option<PathBuf> {
        env::current_dir().ok()
    }

    fn now_unix_seconds(&self) -> i64 {
        let since = |at: SystemTime| at.duration_since(UNIX_EPOCH).ok().map(|passed| passed.as_secs());
        since(SystemTime::now()).and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or(0)
    }
}

#[cfg(unix)]
fn with_rights(metadata: Metadata, found: &fs::Metadata) -> Metadata {
    use std::os::unix::fs::MetadataExt;
    let rights = Rights { mode: found.mode() & 0o7777, owner: found.uid() };
    Metadata { names: found.nlink(), rights: Some(rights), ..metadata }
}

#[cfg(not(unix))]
fn with_rights(metadata: Metadata, _: &fs::Metadata) -> Metadata {
    metadata
}

#[cfg(unix)]
fn account() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn account() -> Option<u32> {
    None
}

/// The size, if this is a regular file.
fn regular_size(found: Metadata) -> Result<u64, ReadError> {
    match found.file_type {
        FileType::File => Ok(found.size),
        FileType::Directory => Err(ReadError::Directory),
        FileType::Link | FileType::Other => Err(ReadError::NotRegular),
    }
}

/// A world made of values, for tests and embedders. Directories exist because something lies below them.
#[derive(Clone, Default)]
pub struct MemoryHost {
    /// Content by absolute path.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// Symbolic links: path to the path that it leads to.
    pub links: BTreeMap<PathBuf, PathBuf>,
    /// Number of names and rights of files, by absolute path.
    pub attributes: BTreeMap<PathBuf, (u64, Rights)>,
    /// Number of the account.
    pub account: Option<u32>,
    /// Paths (files or directories) that answer every question with this error.
    pub faults: BTreeMap<PathBuf, ReadError>,
    /// The environment.
    pub vars: BTreeMap<String, String>,
    /// The home directory.
    pub home: Option<PathBuf>,
    /// The current directory; relative paths count from here, or from `/` without one.
    pub cwd: Option<PathBuf>,
    /// Seconds since 1970.
    pub now: i64,
}

// The files and variables may hold credentials: debug output counts them only.
impl fmt::Debug for MemoryHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("MemoryHost");
        out.field("files", &self.files.len()).field("vars", &self.vars.len());
        out.field("home", &self.home).field("cwd", &self.cwd).field("now", &self.now).finish_non_exhaustive()
    }
}

impl MemoryHost {
    /// An empty world with this current directory.
    #[must_use]
    pub fn new(cwd: impl Into<PathBuf>) -> Self {
        Self { cwd: Some(cwd.into()), ..Self::default() }
    }

    /// Adds a file.
    #[must_use]
    pub fn with_file(mut self, path: impl AsRef<Path>, content: impl Into<Vec<u8>>) -> Self {
        let path = self.absolute(path.as_ref());
        self.files.insert(path, content.into());
        self
    }

    /// Adds a symbolic link; a relative target counts from the link's folder.
    #[must_use]
    pub fn with_link(mut self, path: impl AsRef<Path>, target: impl AsRef<Path>) -> Self {
        let path = self.absolute(path.as_ref());
        let target = lexical(&path.parent().unwrap_or(&path).join(target));
        self.links.insert(path, target);
        self
    }

    /// Sets a variable.
    #[must_use]
    pub fn with_var(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.vars.insert(name.into(), value.into());
        self
    }

    /// Makes every question about `path` fail.
    #[must_use]
    pub fn with_fault(mut self, path: impl AsRef<Path>, error: ReadError) -> Self {
        let path = self.absolute(path.as_ref());
        self.faults.insert(path, error);
        self
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        let base = self.cwd.clone().unwrap_or_else(|| PathBuf::from("/"));
        lexical(&base.join(path))
    }

    /// Where a path leads to. A circle of links ends somewhere in it, where there is no file.
    fn followed(&self, path: &Path) -> PathBuf {
        const LONGEST: usize = 40;
        let start = self.absolute(path);
        std::iter::successors(Some(&start), |path| self.links.get(*path)).take(LONGEST).last().unwrap_or(&start).clone()
    }

    fn checked(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let path = self.followed(path);
        self.faults.get(&path).map_or(Ok(path), |fault| Err(fault.clone()))
    }

    fn below<'a>(&'a self, directory: &'a Path) -> impl Iterator<Item = &'a Path> {
        let paths =
            self.files.range::<Path, _>((Bound::Included(directory), Bound::Unbounded)).map(|(path, _)| path.as_path());
        let faulty = self.faults.keys().map(PathBuf::as_path);
        paths
            .take_while(move |path| path.starts_with(directory))
            .chain(faulty.filter(move |p| p.starts_with(directory)))
    }
}

impl Host for MemoryHost {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let path = self.checked(path)?;
        let size = regular_size(self.metadata(&path)?)?;
        if size > limit {
            return Err(ReadError::TooLarge { size, limit });
        }
        self.files.get(&path).cloned().ok_or(ReadError::NotFound)
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        let path = self.checked(path)?;
        if let Some(content) = self.files.get(&path) {
            let found = Metadata::new(FileType::File, content.len() as u64);
            return Ok(self.attributes.get(&path).copied().map_or(found, |(names, rights)| Metadata {
                names,
                rights: Some(rights),
                ..found
            }));
        }
        if self.below(&path).next().is_some() || self.cwd.as_ref() == Some(&path) {
            return Ok(Metadata::new(FileType::Directory, 0));
        }
        Err(ReadError::NotFound)
    }

    fn is_link(&self, path: &Path) -> bool {
        self.links.contains_key(&self.absolute(path))
    }

    fn account(&self) -> Option<u32> {
        self.account
    }

    fn list(&self, directory: &Path) -> Result<Vec<DirEntry>, ReadError> {
        let directory = self.checked(directory)?;
        if self.metadata(&directory)?.file_type != FileType::Directory {
            return Err(ReadError::NotFound);
        }
        let mut names = BTreeSet::new();
        for path in self.below(&directory) {
            let inside = path.strip_prefix(&directory).unwrap_or(path);
            names.extend(inside.components().next().map(|first| first.as_os_str().to_owned()));
        }
        let entry = |name: OsString| {
            let is_file = self.files.contains_key(&directory.join(&name));
            DirEntry { name, file_type: if is_file { FileType::File } else { FileType::Directory } }
        };
        Ok(names.into_iter().map(entry).collect())
    }

    fn canonicalize(&self, path: &Path) -> Option<PathBuf> {
        let path = self.followed(path);
        self.metadata(&path).is_ok().then_some(path)
    }

    fn var(&self, name: &str) -> Option<String> {
        self.vars.get(name).cloned()
    }

    fn home(&self) -> Option<PathBuf> {
        self.home.clone()
    }

    fn current_dir(&self) -> Option<PathBuf> {
        self.cwd.clone()
    }

    fn now_unix_seconds(&self) -> i64 {
        self.now
    }
}

/// The path without `.` and `..`, by its text alone.
#[must_use]
pub fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            // Above the root there is only the root.
            Component::ParentDir if out.has_root() => {}
            _ => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_paths_are_taken_from_the_current_directory() {
        let host = MemoryHost::new("/work").with_file("a/openclaw.json", "{}");
        assert_eq!(host.read(Path::new("./a/../a/openclaw.json"), 10), Ok(b"{}".to_vec()));
        assert_eq!(host.canonicalize(Path::new("a")), Some(PathBuf::from("/work/a")));
        assert!(host.is_dir(Path::new("/work")) && host.is_dir(Path::new("a")));
        assert_eq!(host.list(Path::new("a/openclaw.json")), Err(ReadError::NotFound));
    }

    #[test]
    fn a_limit_counts_bytes_inclusively() {
        let host = MemoryHost::new("/").with_file("x", "12345");
        assert!(host.read(Path::new("x"), 5).is_ok());
        assert_eq!(host.read(Path::new("x"), 4), Err(ReadError::TooLarge { size: 5, limit: 4 }));
    }

    #[test]
    fn faults_answer_every_question() {
        let host = MemoryHost::new("/").with_file("d/x", "1").with_fault("d", ReadError::Permission);
        assert_eq!(host.list(Path::new("d")), Err(ReadError::Permission));
        assert!(!host.exists(Path::new("d")));
    }

    #[test]
    fn dots_are_resolved_by_text() {
        assert_eq!(lexical(Path::new("/a/./b/../c")), PathBuf::from("/a/c"));
        assert_eq!(lexical(Path::new("/../a")), PathBuf::from("/a"));
        assert_eq!(lexical(Path::new("../a/..")), PathBuf::from(".."));
    }

    #[test]
    fn debug_output_holds_no_content() {
        let host = MemoryHost::new("/").with_file("x", "SECRET").with_var("K", "SECRET");
        assert!(!format!("{host:?}").contains("SECRET"));
    }
}
