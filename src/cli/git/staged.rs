//! What the next commit would hold: the files of the index, and which of them differ from the last commit.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix_index::entry::{Flags, Mode, Stage};
use gix_index::hash::ObjectId;
use gix_index::{File, decode};
use gix_object::Find;
use gix_odb::{HeaderExt, Store};
use openclaw_lint::host::{FileType, ReadError};
use openclaw_lint::language::Phrase;

use super::super::Trouble;
use super::head::Head;
use super::repository::Repository;

/// How blobs begin that a filter has written: of git-crypt, of Git LFS.
const FILTERED: [&[u8]; 2] = [b"\0GITCRYPT\0", b"version https://git-lfs.github.com/spec/"];

/// A file of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) mode: Mode,
    pub(super) id: ObjectId,
}

/// The index.
pub(in crate::cli) struct Staged {
    /// By path below the top of the work tree. Nothing in it is only announced (`git add --intent-to-add`).
    entries: BTreeMap<PathBuf, Entry>,
    /// What is in each folder. Submodules are not: they are repositories of their own.
    folders: HashMap<PathBuf, BTreeMap<OsString, FileType>>,
    conflicts: Vec<PathBuf>,
    objects: Arc<Store>,
}

impl Staged {
    /// Reads the index of a repository; without one nothing is staged.
    pub(in crate::cli) fn read(repository: &Repository) -> Result<Self, Trouble> {
        let trouble = |error: &dyn Display| Trouble::of_file("cannot read {file}: {error}", &repository.index, error);
        let objects = Store::at_opts(
            repository.objects.clone(),
            repository.hash,
            &mut std::iter::empty(),
            gix_odb::store::init::Options::default(),
        );
        let objects =
            objects.map_err(|error| Trouble::of_file("cannot read {file}: {error}", &repository.objects, &error))?;
        let mut staged = Self {
            entries: BTreeMap::new(),
            folders: HashMap::from([(PathBuf::new(), BTreeMap::new())]),
            conflicts: Vec::new(),
            objects: Arc::new(objects),
        };
        if !repository.index.exists() {
            return Ok(staged);
        }
        let options = decode::Options { thread_limit: Some(1), ..Default::default() };
        let index = File::at(&repository.index, repository.hash, false, options).map_err(|error| trouble(&error))?;
        for entry in index.entries() {
            let file = path(entry.path(&index));
            if entry.stage() != Stage::Unconflicted {
                staged.conflicts.push(file);
            } else if !entry.flags.contains(Flags::INTENT_TO_ADD) && entry.mode != Mode::DIR {
                staged.add(file, Entry { mode: entry.mode, id: entry.id });
            }
        }
        staged.conflicts.dedup();
        Ok(staged)
    }

    fn add(&mut self, file: PathBuf, entry: Entry) {
        let mut below = match entry.mode {
            Mode::COMMIT => None,
            Mode::SYMLINK => Some(FileType::Link),
            _ => Some(FileType::File),
        };
        let mut here = file.as_path();
        while let (Some(kind), Some(folder), Some(name)) = (below, here.parent(), here.file_name()) {
            let is_known = self.folders.contains_key(folder);
            self.folders.entry(folder.to_owned()).or_default().insert(name.to_owned(), kind);
            // Whoever knew the folder has told those above it.
            below = (!is_known).then_some(FileType::Directory);
            here = folder;
        }
        self.entries.insert(file, entry);
    }

    /// The files that `wanted` names and that the last commit has otherwise, or not at all; `false` beside them where the
    /// last commit cannot be read, so that all of them are there.
    pub(in crate::cli) fn changed(
        &self,
        repository: &Repository,
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<(Vec<PathBuf>, bool), Trouble> {
        if let Some(file) = self.conflicts.iter().find(|file| wanted(file)) {
            let phrase = Phrase::new("{file} has a merge conflict: resolve it, and stage what comes of it");
            return Err(Trouble(phrase.with("file", file.display().to_string())));
        }
        let head = Head::of(repository, &self.objects);
        let is_known = head.is_ok();
        let mut head = head.unwrap_or_else(|_| Head::empty(repository, &self.objects));
        let mut changed = Vec::new();
        for (file, entry) in self.entries.iter().filter(|(file, _)| wanted(file)) {
            let before =
                head.entry(file).map_err(|error| Trouble::of_file("cannot read {file}: {error}", file, &error))?;
            let same = |(mode, id): (Mode, ObjectId)| id == entry.id && kind(mode) == kind(entry.mode);
            if entry.mode != Mode::COMMIT && !before.is_some_and(same) {
                changed.push(file.clone());
            }
        }
        Ok((changed, is_known))
    }

    pub(super) fn entry(&self, file: &Path) -> Option<&Entry> {
        self.entries.get(file)
    }

    pub(super) fn folder(&self, folder: &Path) -> Option<&BTreeMap<OsString, FileType>> {
        self.folders.get(folder)
    }

    /// Bytes of a file, before they are read.
    pub(super) fn size(&self, entry: &Entry) -> Result<u64, ReadError> {
        self.objects.to_cache_arc().header(entry.id).map(|header| header.size()).map_err(unreadable)
    }

    /// The bytes of a file; `None` where a filter stands between them and the work tree: they are a cipher, or only say
    /// where the content is.
    pub(super) fn bytes(&self, entry: &Entry) -> Result<Option<Vec<u8>>, ReadError> {
        let mut bytes = Vec::new();
        let handle = self.objects.to_cache_arc();
        if handle.try_find(&entry.id, &mut bytes).map_err(unreadable)?.is_none() {
            return Err(ReadError::NotFound);
        }
        Ok((!FILTERED.iter().any(|start| bytes.starts_with(start))).then_some(bytes))
    }
}

/// Who may do what with a file is nothing to us.
fn kind(mode: Mode) -> Mode {
    if [Mode::SYMLINK, Mode::COMMIT, Mode::DIR].contains(&mode) { mode } else { Mode::FILE }
}

fn unreadable(error: gix_error::Error) -> ReadError {
    ReadError::Io(error.to_string())
}

/// A path as git writes it.
#[cfg(unix)]
pub(in crate::cli) fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// A path as git writes it: with `/`, in UTF-8.
#[cfg(not(unix))]
pub(in crate::cli) fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
