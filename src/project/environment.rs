//! Variables that a config can see, layer by layer.

use std::collections::HashMap;

/// Values of variables for substitution. The first layer that has a name wins; an empty value counts as missing, and it
/// hides the layers below, as in OpenClaw's loader.
#[derive(Clone, Default)]
pub struct Environment {
    values: HashMap<Box<str>, Box<str>>,
    process: HashMap<Box<str>, Box<str>>,
    complete: bool,
}

// Values are credentials more often than not.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment").field("names", &self.values.len()).field("complete", &self.complete).finish()
    }
}

impl Environment {
    /// Adds a variable below the layers that are there already.
    pub fn define(&mut self, name: &str, value: &str) {
        if !self.values.contains_key(name) {
            self.values.insert(name.into(), value.into());
        }
    }

    /// Fills a variable that is missing or blank, as the config's own `env.vars` do.
    pub fn fill(&mut self, name: &str, value: &str) {
        if self.values.get(name).is_none_or(|known| known.trim().is_empty()) {
            self.values.insert(name.into(), value.into());
        }
    }

    /// Says that what is here so far is the process's own environment, and that no layer beyond those to come exists: a
    /// variable that is not here is not set anywhere.
    pub fn complete(&mut self) {
        self.process = self.values.clone();
        self.complete = true;
    }

    /// The value of a variable in the process itself, when that counts.
    #[must_use]
    pub fn process(&self, name: &str) -> Option<&str> {
        self.process.get(name).map(|value| &**value)
    }

    /// Whether a variable that is not here is surely unset.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// The value of a variable that is set and not empty.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|value| &**value).filter(|value| !value.is_empty())
    }

    /// Whether a layer names the variable, be it with an empty value.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }
}
