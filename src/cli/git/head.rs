//! The files of the last commit, looked up one by one.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix_index::entry::Mode;
use gix_index::hash::{self, ObjectId};
use gix_object::{CommitRefIter, Find, TreeRefIter};
use gix_odb::Store;
use gix_ref::Target;
use gix_ref::file::Store as Refs;

use super::repository::Repository;
use super::staged::path;

/// Symbolic refs lead to symbolic refs; git follows this many.
const DEEPEST: usize = 5;

/// Trees of the last commit, each read once.
pub(super) struct Head {
    objects: Arc<Store>,
    hash: hash::Kind,
    root: Option<ObjectId>,
    folders: HashMap<PathBuf, HashMap<OsString, (Mode, ObjectId)>>,
}

impl Head {
    /// Before the first commit there are no files.
    pub(super) fn of(repository: &Repository, objects: &Arc<Store>) -> gix_error::Result<Self> {
        let head = commit(repository)?;
        let mut buffer = Vec::new();
        let root = match head {
            Some(id) => match objects.to_cache_arc().try_find(&id, &mut buffer)? {
                Some(commit) => Some(CommitRefIter::from_bytes(commit.data, repository.hash).tree_id()?),
                None => None,
            },
            None => None,
        };
        Ok(Self { objects: Arc::clone(objects), hash: repository.hash, root, folders: HashMap::new() })
    }

    /// No file at all.
    pub(super) fn empty(repository: &Repository, objects: &Arc<Store>) -> Self {
        Self { objects: Arc::clone(objects), hash: repository.hash, root: None, folders: HashMap::new() }
    }

    /// What stands at a path below the top of the work tree.
    pub(super) fn entry(&mut self, file: &Path) -> gix_error::Result<Option<(Mode, ObjectId)>> {
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Ok(None) };
        self.load(folder)?;
        Ok(self.folders.get(folder).and_then(|entries| entries.get(name)).copied())
    }

    fn load(&mut self, folder: &Path) -> gix_error::Result<()> {
        if self.folders.contains_key(folder) {
            return Ok(());
        }
        let id = if folder.as_os_str().is_empty() {
            self.root
        } else {
            self.entry(folder)?.filter(|(mode, _)| *mode == Mode::DIR).map(|(_, id)| id)
        };
        let entries = id.map(|id| self.tree(&id)).transpose()?.unwrap_or_default();
        self.folders.insert(folder.to_owned(), entries);
        Ok(())
    }

    fn tree(&self, id: &hash::oid) -> gix_error::Result<HashMap<OsString, (Mode, ObjectId)>> {
        let mut buffer = Vec::new();
        let handle = self.objects.to_cache_arc();
        let Some(found) = handle.try_find(id, &mut buffer)? else { return Ok(HashMap::new()) };
        let mut entries = HashMap::new();
        for entry in TreeRefIter::from_bytes(found.data, self.hash) {
            let entry = entry?;
            entries.insert(path(entry.filename).into_os_string(), (Mode::from(entry.mode), entry.oid.to_owned()));
        }
        Ok(entries)
    }
}

fn commit(repository: &Repository) -> gix_error::Result<Option<ObjectId>> {
    let (git_dir, common_dir) = (repository.git_dir.clone(), repository.common_dir.clone());
    let refs = Refs::for_linked_worktree(git_dir, common_dir, repository.hash);
    let mut next = refs.try_find("HEAD")?;
    for _ in 0..DEEPEST {
        let Some(reference) = next else { return Ok(None) };
        match reference.target {
            Target::Object(id) => return Ok(Some(id)),
            Target::Symbolic(name) => next = refs.try_find(name.as_ref())?,
        }
    }
    Ok(None)
}
