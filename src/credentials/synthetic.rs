//! Made-up keys of the right shape, for tests and for the redaction property test.
//!
//! Only formats enter, never a value that someone typed. The keys are drawn from a seeded generator, so they are nobody's; where a format
//! carries a checksum, theirs is wrong.

use super::shape::{Node, Shape};
use super::table::KeyFormat;

/// Repeats without a limit are drawn up to this many beyond their minimum.
const SPREAD: u64 = 24;
/// Tries to avoid a prefix that the format excludes.
const TRIES: u64 = 16;

/// A key that matches `format`, the same for the same seed.
#[must_use]
pub fn key(format: &KeyFormat, seed: u64) -> String {
    let Some(shape) = format.shape() else { return String::new() };
    let draw = |attempt: u64| from_shape(shape, seed.wrapping_mul(TRIES).wrapping_add(attempt));
    (0..TRIES).map(draw).find(|key| format.matches(key)).unwrap_or_default()
}

/// A value of this shape, the same for the same seed.
#[must_use]
pub fn from_shape(shape: &Shape, seed: u64) -> String {
    let mut generator = SplitMix(seed);
    let mut value = String::new();
    sequence(shape.nodes(), &mut generator, &mut value);
    value
}

fn sequence(nodes: &[Node], generator: &mut SplitMix, value: &mut String) {
    for node in nodes {
        match node {
            Node::Set { set, min, max } => {
                // `.` stands for printable ASCII; a made-up key stays with what keys are made of.
                let tame: Vec<u8> = set.members().filter(|byte| byte.is_ascii_alphanumeric()).collect();
                let all: Vec<u8> = set.members().collect();
                let alphabet = if all.len() > 90 { tame } else { all };
                for _ in 0..generator.count(*min, *max) {
                    value.extend(generator.pick(&alphabet).map(|byte| char::from(*byte)));
                }
            }
            Node::Group { choices, min, max } => {
                for _ in 0..generator.count(*min, *max) {
                    if let Some(choice) = generator.pick(choices).cloned() {
                        sequence(&choice, generator, value);
                    }
                }
            }
        }
    }
}

/// SplitMix64: small, seeded, good enough for test data and for nothing else.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn count(&mut self, min: u32, max: u32) -> u64 {
        let spread = u64::from(max.saturating_sub(min)).min(SPREAD);
        u64::from(min) + self.next() % (spread + 1)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = self.next().checked_rem(items.len() as u64)?;
        items.get(usize::try_from(index).ok()?)
    }
}
