//! What holds for every input, whatever it is: one module for each part of the linter, each with a `check` that takes bytes
//! and panics where something does not hold. The fuzz targets call it (`fuzz/`), so do tests with generated inputs, and
//! `tests/fuzz_corpus.rs` with the inputs that are kept.

#![allow(dead_code, unreachable_pub, reason = "each of its users takes its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "it fails loudly")]

pub mod bundle;
pub mod dotenv;
pub mod fix;
pub mod json5;
pub mod lsp;
pub mod packs;
pub mod project;
pub mod report;
pub mod suppress;

use openclaw_lint::source::Span;

/// A check of some bytes.
pub type Check = fn(&[u8]);

/// All of them, by the names of the fuzz targets and the folders of their inputs.
pub const CHECKS: [(&str, Check); 7] = [
    ("dotenv", dotenv::check),
    ("fix", fix::check),
    ("json5", json5::check),
    ("lsp", lsp::check),
    ("packs", packs::check),
    ("project", project::check),
    ("suppress", suppress::check),
];

/// Whether a span lies in a text and on character boundaries.
pub fn is_sound(text: &str, span: Span) -> bool {
    text.get(span.start as usize..span.end as usize).is_some()
}

/// The text under a span that lies in it.
pub fn under(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_else(|| panic!("{span:?} lies in {text:?}"))
}

/// The same number for the same text: choices that an input makes without saying so.
pub fn hash(text: &str) -> usize {
    let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    (text.bytes().fold(0xcbf2_9ce4_8422_2325, fnv) >> 16) as usize
}
