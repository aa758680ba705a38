//! Which keys a config has, in a form that is quickly asked. Read by `build.rs` too, which asks for the keys of rules
//! beforehand, and so without any knowledge of the rest of the program.

/// A set of keys that may claim to have one that it has not.
#[derive(Debug, Default)]
pub(crate) struct Keys([u64; 16]);

#[allow(dead_code, reason = "`build.rs` asks for places alone")]
impl Keys {
    pub(crate) fn add(&mut self, key: &str) {
        let place = place_of(key);
        self.0.get_mut(usize::from(place >> 6)).into_iter().for_each(|word| *word |= 1 << (place & 63));
    }

    /// Whether it may have the key of this place; `false` is certain.
    pub(crate) fn may_have(&self, place: u16) -> bool {
        self.0.get(usize::from(place >> 6)).is_some_and(|word| word & 1 << (place & 63) != 0)
    }
}

/// The place of a key in such a set, below 1,024. By length, first, last and middle byte: the keys of OpenClaw differ in
/// these.
pub(crate) fn place_of(key: &str) -> u16 {
    let byte = |at: usize| key.as_bytes().get(at).map_or(0, |byte| usize::from(*byte));
    let (first, middle, last) = (byte(0), byte(key.len() / 2), byte(key.len().wrapping_sub(1)));
    let hash = first.wrapping_mul(31) ^ middle.wrapping_mul(131) ^ last.wrapping_mul(7) ^ key.len().wrapping_mul(257);
    (hash & 1023) as u16
}
