//! The host as the editor sees it: open documents are what stands in them, everything else is what the machine has.

use std::path::{Path, PathBuf};

use crate::host::{DirEntry, FileType, Host, Metadata, ReadError};

use super::documents::Documents;

pub(super) struct Overlay<'a> {
    pub(super) documents: &'a Documents,
    pub(super) machine: &'a dyn Host,
}

impl Overlay<'_> {
    fn text(&self, path: &Path) -> Option<&str> {
        self.documents.get(path).map(|document| document.text.as_str())
    }
}

impl Host for Overlay<'_> {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self.text(path) {
            Some(text) if text.len() as u64 > limit => Err(ReadError::TooLarge { size: text.len() as u64, limit }),
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.machine.read(path, limit),
        }
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        match (self.machine.metadata(path), self.text(path)) {
            (Ok(found), _) => Ok(found),
            (Err(_), Some(text)) => Ok(Metadata::new(FileType::File, text.len() as u64)),
            (Err(error), None) => Err(error),
        }
    }

    fn is_link(&self, path: &Path) -> bool {
        self.machine.is_link(path)
    }

    fn account(&self) -> Option<u32> {
        self.machine.account()
    }

    fn list(&self, directory: &Path) -> Result<Vec<DirEntry>, ReadError> {
        self.machine.list(directory)
    }

    fn canonicalize(&self, path: &Path) -> Option<PathBuf> {
        self.machine.canonicalize(path).or_else(|| self.text(path).map(|_| path.to_path_buf()))
    }

    fn var(&self, name: &str) -> Option<String> {
        self.machine.var(name)
    }

    fn home(&self) -> Option<PathBuf> {
        self.machine.home()
    }

    /// None: every path is absolute here, and reports name them so.
    fn current_dir(&self) -> Option<PathBuf> {
        None
    }

    fn now_unix_seconds(&self) -> i64 {
        self.machine.now_unix_seconds()
    }
}
