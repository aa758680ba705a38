//! Where credentials, models and the like stand: the lists of `rules/selectors.json5`.

use std::sync::OnceLock;

use crate::project::Project;

use super::model::Slot;
use super::packed::{PackedSlot, SELECTORS};

/// Whether selectors may name a list.
pub(super) fn has_list(name: &str) -> bool {
    SELECTORS.iter().any(|(list, _)| *list == name)
}

/// The places of the lists that a project can have. Many rules name the same list: it is asked for once.
pub(super) struct Places<'p> {
    pub(super) project: &'p Project,
    lists: Vec<OnceLock<Vec<&'static Slot>>>,
}

impl<'p> Places<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        Self { project, lists: SELECTORS.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Those of one list; none for an unknown name.
    pub(super) fn of(&self, name: &str) -> &[&'static Slot] {
        let at = SELECTORS.iter().position(|(list, _)| *list == name);
        let Some(((_, places), open)) = at.and_then(|at| SELECTORS.get(at).zip(self.lists.get(at))) else { return &[] };
        let is_open = |place: &&PackedSlot| place.gate.is_open(self.project);
        open.get_or_init(|| places.iter().filter(is_open).map(|place| &place.slot).collect())
    }
}
