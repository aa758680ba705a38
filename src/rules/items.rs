//! Lists that the program has, or that were read from a pack.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer};

/// A list: of the program itself, which costs a run nothing, or of a pack.
pub enum Items<T: 'static> {
    /// A table that `build.rs` has written.
    Bundled(&'static [T]),
    /// Read from a file.
    Own(Vec<T>),
}

impl<T: fmt::Debug> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<T> Deref for Items<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Bundled(items) => items,
            Self::Own(items) => items,
        }
    }
}

impl<'i, T> IntoIterator for &'i Items<T> {
    type Item = &'i T;
    type IntoIter = std::slice::Iter<'i, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self::Bundled(&[])
    }
}

impl<T> From<Vec<T>> for Items<T> {
    fn from(items: Vec<T>) -> Self {
        Self::Own(items)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::Own)
    }
}
