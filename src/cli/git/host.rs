//! The work tree as the next commit would leave it: staged files are what the index has, env files that nobody commits
//! and files that git ignores are what the machine has. What was merely forgotten is not there.

use std::path::{Component, Path, PathBuf};

use openclaw_lint::discover::{Kind, Tracking, classify, tracking};
use openclaw_lint::host::{DirEntry, FileType, Host, Metadata, ReadError, RealHost, lexical};
use openclaw_lint::policy;

use gix_index::entry::Mode;

use super::repository::Repository;
use super::staged::{Entry, Staged, path as path_of};

/// Links that lead on to links; then they lead in a circle.
const LINKS: usize = 40;

/// See the module.
pub(in crate::cli) struct StagedHost<'a> {
    repository: &'a Repository,
    staged: &'a Staged,
    current: PathBuf,
    /// Whether files that were forgotten are there all the same.
    lenient: bool,
}

/// What a path leads to, links followed.
enum Place<'a> {
    /// A file of the index, at this path below the top.
    File(PathBuf, &'a Entry),
    /// A folder with files of the index.
    Folder(PathBuf),
    /// Something of the machine.
    Machine(PathBuf),
}

impl<'a> StagedHost<'a> {
    /// `current`: the current folder, links resolved.
    pub(in crate::cli) const fn new(repository: &'a Repository, staged: &'a Staged, current: PathBuf) -> Self {
        Self { repository, staged, current, lenient: false }
    }

    /// With everything that the work tree has beside what is staged: the linter's own configuration need not be committed.
    pub(in crate::cli) fn lenient(&self) -> Self {
        Self { repository: self.repository, staged: self.staged, current: self.current.clone(), lenient: true }
    }

    /// The path below the top of the work tree; `None` outside of it and in the repository's own folder.
    pub(in crate::cli) fn inside(&self, path: &Path) -> Option<PathBuf> {
        let absolute = lexical(&self.current.join(path));
        let relative = |path: &Path| path.strip_prefix(&self.repository.work_tree).ok().map(Path::to_path_buf);
        let inside = relative(&absolute).or_else(|| {
            // A name of the work tree that leads through a link.
            let folder = RealHost.canonicalize(absolute.parent()?)?;
            relative(&folder.join(absolute.file_name()?))
        })?;
        (inside.components().next() != Some(Component::Normal(".git".as_ref()))).then_some(inside)
    }

    fn place(&self, path: &Path) -> Result<Place<'a>, ReadError> {
        let mut path = lexical(&self.current.join(path));
        for _ in 0..LINKS {
            let Some(inside) = self.inside(&path) else { return self.machine(path) };
            match self.first_entry(&inside) {
                Some((at, entry)) if entry.mode == Mode::SYMLINK => {
                    let target = self.staged.bytes(entry)?.unwrap_or_default();
                    let rest = inside.strip_prefix(&at).unwrap_or(Path::new(""));
                    let folder = self.repository.work_tree.join(at.parent().unwrap_or(Path::new("")));
                    path = lexical(&folder.join(path_of(&target)).join(rest));
                }
                Some((at, entry)) if at == inside && entry.mode != Mode::COMMIT => {
                    return Ok(Place::File(inside, entry));
                }
                Some((_, entry)) if entry.mode != Mode::COMMIT => return Err(ReadError::NotFound),
                None if self.staged.folder(&inside).is_some() => return Ok(Place::Folder(inside)),
                // A submodule: what is in it is not staged here.
                Some(_) => return Ok(Place::Machine(path)),
                None => return self.machine(path),
            }
        }
        Err(ReadError::LinkLoop)
    }

    /// The entry at a path, or the one that stands where the path wants a folder.
    fn first_entry(&self, inside: &Path) -> Option<(PathBuf, &'a Entry)> {
        let mut above: Vec<&Path> = inside.ancestors().collect();
        above.reverse();
        above.into_iter().find_map(|path| Some((path.to_owned(), self.staged.entry(path)?)))
    }

    fn machine(&self, path: PathBuf) -> Result<Place<'a>, ReadError> {
        let is_there = self.lenient || self.inside(&path).is_none() || is_local(&path);
        if is_there || tracking(&RealHost, &path) == Some(Tracking::Ignored) {
            Ok(Place::Machine(path))
        } else {
            Err(ReadError::NotFound)
        }
    }

    /// The env files of a folder that nobody commits, where OpenClaw would read them.
    fn local_env_files(&self, folder: &Path, entries: &mut Vec<DirEntry>) {
        let near = entries.iter().any(|entry| {
            let name = entry.name.to_string_lossy();
            // Beside a config, and around a state folder.
            classify(&name).is_some_and(|info| info.kind == Kind::Config)
                || entry.file_type == FileType::Directory && name.starts_with('.')
        });
        if near {
            let found = RealHost.list(&self.repository.work_tree.join(folder)).unwrap_or_default();
            let found = found.into_iter().filter(|entry| is_env(Path::new(&entry.name)));
            let new = found.filter(|entry| entry.file_type != FileType::Directory);
            let new: Vec<DirEntry> =
                new.filter(|entry| !entries.iter().any(|known| known.name == entry.name)).collect();
            entries.extend(new);
        }
    }
}

/// Files that count as they are on this machine when they are not staged.
fn is_local(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    is_env(path) || name == ".gitignore" || policy::NAMES.contains(&&*name)
}

fn is_env(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    classify(&name).is_some_and(|info| info.kind == Kind::Env)
}

impl Host for StagedHost<'_> {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self.place(path)? {
            Place::File(inside, entry) => {
                let size = self.staged.size(entry)?;
                if size > limit {
                    return Err(ReadError::TooLarge { size, limit });
                }
                match self.staged.bytes(entry)? {
                    Some(bytes) => Ok(bytes),
                    None => RealHost.read(&self.repository.work_tree.join(inside), limit),
                }
            }
            Place::Folder(_) => Err(ReadError::Directory),
            // Hooks may have an index of their own.
            Place::Machine(path) if path == self.repository.git_dir.join("index") => {
                RealHost.read(&self.repository.index, limit)
            }
            Place::Machine(path) => RealHost.read(&path, limit),
        }
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        match self.place(path)? {
            Place::File(_, entry) => Ok(Metadata::new(FileType::File, self.staged.size(entry)?)),
            Place::Folder(_) => Ok(Metadata::new(FileType::Directory, 0)),
            Place::Machine(path) => RealHost.metadata(&path),
        }
    }

    fn is_link(&self, path: &Path) -> bool {
        match self.inside(path).and_then(|inside| self.staged.entry(&inside)) {
            Some(entry) => entry.mode == Mode::SYMLINK,
            None => RealHost.is_link(path),
        }
    }

    fn account(&self) -> Option<u32> {
        RealHost.account()
    }

    fn list(&self, directory: &Path) -> Result<Vec<DirEntry>, ReadError> {
        match self.place(directory)? {
            Place::Folder(inside) => {
                let entries = self.staged.folder(&inside).into_iter().flatten();
                let entries = entries.map(|(name, kind)| DirEntry { name: name.clone(), file_type: *kind });
                let mut entries: Vec<DirEntry> = entries.collect();
                self.local_env_files(&inside, &mut entries);
                Ok(entries)
            }
            Place::File(..) => Err(ReadError::NotFound),
            Place::Machine(path) => RealHost.list(&path),
        }
    }

    fn canonicalize(&self, path: &Path) -> Option<PathBuf> {
        match self.place(path).ok()? {
            Place::File(inside, _) | Place::Folder(inside) => Some(self.repository.work_tree.join(inside)),
            Place::Machine(path) => RealHost.canonicalize(&path),
        }
    }

    fn var(&self, name: &str) -> Option<String> {
        RealHost.var(name)
    }

    fn home(&self) -> Option<PathBuf> {
        RealHost.home()
    }

    fn current_dir(&self) -> Option<PathBuf> {
        Some(self.current.clone())
    }

    fn now_unix_seconds(&self) -> i64 {
        RealHost.now_unix_seconds()
    }
}
