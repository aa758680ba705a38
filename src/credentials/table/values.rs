//! Values that are no credentials, and what gives one away in any text.

use serde::Deserialize;

/// Words OpenClaw writes in place of a key.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Markers {
    /// Whole values.
    #[serde(borrow)]
    pub exact: Vec<&'static str>,
    /// Beginnings.
    #[serde(borrow)]
    pub prefix: Vec<&'static str>,
    /// A beginning that counts before a provider id.
    pub provider_prefix: &'static str,
}

/// Gateway secrets that OpenClaw refuses.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WeakGateway {
    /// Whole values that make the start fail.
    #[serde(borrow)]
    pub values: Vec<&'static str>,
    /// Shorter secrets make its audit warn; in characters.
    pub min_length: usize,
}

/// What "not filled in yet" looks like; `placeholder.rs` applies it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Placeholders {
    /// Template brackets, opening and closing.
    #[serde(borrow)]
    pub wrappers: Vec<(&'static str, &'static str)>,
    /// Reference schemes of other tools.
    #[serde(borrow)]
    pub schemes: Vec<&'static str>,
    /// Word groups of a note to oneself.
    #[serde(borrow)]
    pub phrases: Vec<&'static str>,
    /// Words that make up nobody's key.
    #[serde(borrow)]
    pub vocabulary: Vec<&'static str>,
    /// What a person says that "your" is followed by.
    #[serde(borrow)]
    pub nouns: Vec<&'static str>,
    /// Words that say so by themselves.
    #[serde(borrow)]
    pub lone_words: Vec<&'static str>,
    /// Pieces in other scripts.
    #[serde(borrow)]
    pub contains: Vec<&'static str>,
    /// Keyboard walks and the like.
    #[serde(borrow)]
    pub sequences: Vec<&'static str>,
    /// Beginnings of documented samples.
    #[serde(borrow)]
    pub sample_prefixes: Vec<&'static str>,
    /// Ends of documented samples.
    #[serde(borrow)]
    pub sample_suffixes: Vec<&'static str>,
    /// Prefixes set aside before a body is judged.
    #[serde(borrow)]
    pub vendor_prefixes: Vec<&'static str>,
}

/// What gives a secret away in arbitrary text.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Redaction {
    /// Token characters needed after a prefix.
    pub min_body: usize,
    /// The prefixes.
    #[serde(borrow)]
    pub prefixes: Vec<&'static str>,
}
