//! What `build.rs` makes of the providers in `rules/providers.json5`: the JSON text of each, and sorted lists of the names
//! that lead to it, so that a run reads the few providers it meets.

include!(concat!(env!("OUT_DIR"), "/packed_providers.rs"));

/// The entries of a sorted list with this name.
pub(super) fn named(list: &'static [(&'static str, usize)], name: &str) -> &'static [(&'static str, usize)] {
    let first = list.partition_point(|(known, _)| *known < name);
    let rest = list.get(first..).unwrap_or_default();
    let count = rest.iter().take_while(|(known, _)| *known == name).count();
    rest.get(..count).unwrap_or_default()
}
