//! What the program has in tables of its own, or has read from a file: the tables cost a run nothing.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer};

/// A list.
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

/// Something that a run fills in. What belongs to a table lies beside it, with its like: the table itself is never written
/// to, and a run that fills in a few of them touches little memory.
#[derive(Debug)]
pub(crate) enum Kept<T: 'static> {
    /// Of a table.
    Bundled(&'static T),
    /// Of a file.
    Own(Box<T>),
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Bundled(kept) => kept,
            Self::Own(kept) => kept,
        }
    }
}

impl<T: Default> Default for Kept<T> {
    fn default() -> Self {
        Self::Own(Box::default())
    }
}
