//! Open documents, by path. Every document is named by its path; the client's own spelling of its address is kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use url::Url;

use super::text::{Encoding, Text};

/// A document that the client has open.
#[derive(Clone)]
pub(super) struct Document {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: Text,
}

/// All of them. A copy is a moment: texts are shared.
#[derive(Clone, Default)]
pub(super) struct Documents {
    open: BTreeMap<PathBuf, Document>,
    encoding: Encoding,
}

impl Documents {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self { open: BTreeMap::new(), encoding }
    }

    pub(super) const fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn open(&mut self, uri: Uri, version: i32, text: String) -> PathBuf {
        let path = path_of(&uri);
        let text = Text::new(text, self.encoding);
        self.open.insert(path.clone(), Document { uri, version, text });
        path
    }

    /// `None` when the document is not open or the change is older than what is known.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<PathBuf> {
        let path = path_of(uri);
        let document = self.open.get_mut(&path).filter(|document| document.version <= version)?;
        document.version = version;
        document.text = document.text.changed(changes);
        Some(path)
    }

    pub(super) fn close(&mut self, uri: &Uri) -> PathBuf {
        let path = path_of(uri);
        self.open.remove(&path);
        path
    }

    pub(super) fn get(&self, path: &Path) -> Option<&Document> {
        self.open.get(path)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.open.keys().map(PathBuf::as_path)
    }

    /// The address of a path, as the client spells it if it has the document open.
    pub(super) fn uri(&self, path: &Path) -> Uri {
        let made =
            || Url::from_file_path(path).map_or_else(|()| Uri(path.display().to_string()), |url| Uri(url.into()));
        self.get(path).map_or_else(made, |document| document.uri.clone())
    }
}

/// What a path is called in a report: a name that leads back to it. One that is not Unicode is its address.
pub(super) fn name_of(path: &Path) -> String {
    let address = || Url::from_file_path(path).ok().map(String::from);
    let name = path.to_str().map(str::to_owned).or_else(address);
    name.unwrap_or_else(|| path.display().to_string())
}

/// The path of such a name.
pub(super) fn path_named(name: &str) -> PathBuf {
    if name.starts_with("file:") { path_of(&Uri(name.to_owned())) } else { PathBuf::from(name) }
}

/// The path of an address. Documents that are no files, such as those of an editor that were never saved, keep their
/// address as their path: nothing is found around them.
pub(super) fn path_of(uri: &Uri) -> PathBuf {
    let path = Url::parse(&uri.0).ok().filter(|url| url.scheme() == "file").and_then(|url| url.to_file_path().ok());
    path.unwrap_or_else(|| PathBuf::from(&uri.0))
}
