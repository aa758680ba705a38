//! What git does with a file: the repository's index says what it tracks, its ignore files what it passes over.

use std::path::{Path, PathBuf};

use gix_index::State;
use gix_index::hash::Kind::{Sha1, Sha256};

use crate::host::{Host, lexical};

use super::ignores::{Ignores, first_line};

/// Larger indices are not read: nobody would wait for them.
const LARGEST_INDEX: u64 = 256 << 20;

/// What git does with a file of a work tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracking {
    /// It is in the index: committed, or staged for the next commit.
    Tracked,
    /// It is passed over.
    Ignored,
    /// It is neither: `git add .` would take it.
    Untracked,
}

/// What git does with a file; `None` outside of repositories and where the index cannot be read.
pub fn tracking(host: &dyn Host, path: &Path) -> Option<Tracking> {
    let path = lexical(&host.current_dir().unwrap_or_default().join(path));
    let folder = path.parent()?;
    let root = folder.ancestors().find(|folder| host.exists(&folder.join(".git")))?;
    let inside: PathBuf = path.strip_prefix(root).ok()?.to_owned();
    // Git writes `/` on every system.
    let name = inside.to_str()?.replace('\\', "/");
    if is_in_index(host, root, &name)? {
        return Some(Tracking::Tracked);
    }
    let mut rules = Ignores::of_repository(host, root);
    let mut here = root.to_owned();
    for part in &inside {
        rules = rules.below(host, &here);
        here.push(part);
        if rules.skip(&here, here != path) {
            return Some(Tracking::Ignored);
        }
    }
    Some(Tracking::Untracked)
}

/// A repository without an index tracks nothing yet.
fn is_in_index(host: &dyn Host, root: &Path, name: &str) -> Option<bool> {
    let dot_git = root.join(".git");
    // A linked work tree has an index of its own.
    let folder = match first_line(host, &dot_git) {
        Some(target) => root.join(target.strip_prefix("gitdir:").unwrap_or(&target).trim()),
        None => dot_git,
    };
    let file = folder.join("index");
    if !host.exists(&file) {
        return Some(false);
    }
    // Git may put another index in its place at any time: what is half of one and half of the other is read again.
    let index = read_index(host, &file).or_else(|| read_index(host, &file))?;
    if find(&index, name).is_some() {
        return Some(true);
    }
    // A split index holds what changed since another was written, and says what of that is gone.
    let Some(link) = index.link() else { return Some(false) };
    let shared = read_index(host, &folder.join(format!("sharedindex.{}", link.shared_index_checksum)))?;
    let Some(at) = find(&shared, name) else { return Some(false) };
    let mut is_gone = false;
    if let Some(bitmaps) = &link.bitmaps {
        bitmaps.delete.for_each_set_bit(|gone| {
            is_gone |= gone == at;
            Some(())
        })?;
    }
    Some(!is_gone)
}

fn read_index(host: &dyn Host, file: &Path) -> Option<State> {
    let bytes = host.read(file, LARGEST_INDEX).ok()?;
    // Which hashes a repository has stands in its configuration; an index of the other kind cannot be read.
    [Sha1, Sha256].into_iter().find_map(|hash| {
        let options = gix_index::decode::Options { thread_limit: Some(1), ..Default::default() };
        // The time of the file is for writers; any will do.
        let time = State::new(hash).timestamp();
        State::from_bytes(&bytes, time, hash, options).ok().map(|(index, _)| index)
    })
}

fn find(index: &State, name: &str) -> Option<usize> {
    index.entries().iter().position(|entry| **entry.path(index) == *name.as_bytes())
}
