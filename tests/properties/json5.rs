//! The JSON5 front end, with the `json5` crate as the second opinion.

use std::collections::HashMap;

use openclaw_lint::source::decode::decode;
use openclaw_lint::source::{LineIndex, Span};
use openclaw_lint::syntax::json5::{Document, NodeId, NodeKind, Options, parse};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{is_sound, under};

/// Deeper texts are ours alone: the crate recurses without a limit.
const DEEPEST: usize = 200;

/// Everything that holds for any text.
pub fn check(data: &[u8]) {
    let text = decode(data.to_vec()).text;
    let document = parse(&text, &Options::default());
    is_well_formed(&text, &document);
    let depth = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
    if depth < DEEPEST {
        agrees_with_the_crate(&text);
    }
    if document.is_valid() {
        sources_parse_to_the_same_value(&text, &document);
    }
    duplicates_are_the_keys_that_occur_twice(&document);
    subspans_are_in_order(&text, &document);
    lines_are_sound(&text);
    let options = Options { max_depth: u32::from(data.first().copied().unwrap_or(0) % 8), max_errors: 2 };
    let limited = parse(&text, &options);
    is_well_formed(&text, &limited);
    assert!(limited.errors().len() <= options.max_errors);
}

/// A value as both parsers see it; of repeated keys the last one counts.
#[derive(Debug, PartialEq)]
pub enum Plain {
    Null,
    Bool(bool),
    /// The bits, so that `NaN` equals itself. `-0` is `0` here, because the crate reads it as an integer.
    Number(u64),
    Text(String),
    List(Vec<Plain>),
    Map(HashMap<String, Plain>),
}

pub fn number(value: f64) -> Plain {
    Plain::Number(if value.is_nan() { f64::NAN.to_bits() } else { (value + 0.0).to_bits() })
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Plain;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("any value")
            }
            fn visit_unit<E>(self) -> Result<Plain, E> {
                Ok(Plain::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Plain, E> {
                Ok(Plain::Bool(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Plain, E> {
                Ok(number(value as f64))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Plain, E> {
                Ok(number(value as f64))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Plain, E> {
                Ok(number(value))
            }
            fn visit_str<E>(self, value: &str) -> Result<Plain, E> {
                Ok(Plain::Text(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Plain, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Plain::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Plain, A::Error> {
                let mut members = HashMap::new();
                while let Some((key, value)) = map.next_entry()? {
                    members.insert(key, value);
                }
                Ok(Plain::Map(members))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

pub fn plain(document: &Document, id: NodeId) -> Plain {
    match &document.node(id).kind {
        NodeKind::Null | NodeKind::Error => Plain::Null,
        NodeKind::Bool(value) => Plain::Bool(*value),
        NodeKind::Number(value) => number(*value),
        NodeKind::String(value) => Plain::Text(value.to_string()),
        NodeKind::Array(items) => Plain::List(items.iter().map(|item| plain(document, *item)).collect()),
        NodeKind::Object(members) => {
            Plain::Map(members.iter().map(|m| (m.key.to_string(), plain(document, m.value))).collect())
        }
    }
}

/// Both parsers take the same texts for the same values.
pub fn agrees_with_the_crate(text: &str) {
    let ours = parse(text, &Options::default());
    if !ours.lone_surrogates().is_empty() {
        // The crate refuses what a Rust string cannot hold; the npm package takes it.
        return;
    }
    let theirs = ::json5::from_str::<Plain>(text);
    if theirs.as_ref().is_err_and(|error| error.code() == Some(::json5::ErrorCode::OverflowParsingNumber)) {
        // The crate has no hexadecimal number of more than 128 bits; the npm package takes it.
        return;
    }
    assert_eq!(ours.is_valid(), theirs.is_ok(), "{:?}: {:?} / {:?}", text, ours.errors(), theirs.as_ref().err());
    if let (Ok(theirs), Some(root)) = (theirs, ours.root()) {
        assert_eq!(plain(&ours, root), theirs, "{:?}", text);
    }
}

/// Spans lie in the text, on character boundaries, inside their parents, in order.
pub fn is_well_formed(text: &str, document: &Document) {
    let whole = Span::new(0, u32::try_from(text.len()).unwrap());
    let sound = |span: Span| whole.contains(span) && text.get(span.start as usize..span.end as usize).is_some();
    assert_eq!(document.is_valid(), document.errors().is_empty());
    assert!(document.errors().iter().all(|e| sound(e.span) && e.related.is_none_or(sound)), "{:?}", document.errors());
    assert!(document.errors().is_sorted_by_key(|e| e.span.start));
    for error in document.errors() {
        assert!(!error.span.is_empty() || error.span.end == whole.end, "{:?} in {:?}", error, text);
    }
    assert!(document.comments().iter().all(|comment| sound(comment.span)));
    assert!(document.comments().is_sorted_by_key(|comment| comment.span));
    let facts = [document.lone_surrogates(), document.raw_separators(), document.trailing_commas()];
    assert!(facts.into_iter().flatten().all(|span| sound(*span)));
    if let Some(root) = document.root() {
        nests(text, document, root, whole);
    }
}

fn nests(text: &str, document: &Document, id: NodeId, parent: Span) {
    let node = document.node(id);
    assert!(parent.contains(node.span), "{:?} in {parent:?} of {:?}", node, text);
    assert!(text.get(node.span.start as usize..node.span.end as usize).is_some());
    let mut from = node.span.start;
    match &node.kind {
        NodeKind::Array(items) => {
            for item in items {
                assert!(*item > id, "a container comes before what it holds");
                assert!(document.node(*item).span.start >= from);
                from = document.node(*item).span.end;
                nests(text, document, *item, node.span);
            }
        }
        NodeKind::Object(members) => {
            for member in members {
                assert!(node.span.contains(member.span), "{:?} in {:?} of {:?}", member, node.span, text);
                assert!(member.span.start >= from && member.span.start == member.key_span.start);
                assert_eq!(member.span.end, document.node(member.value).span.end);
                assert!(member.value > id && member.key_span.end <= document.node(member.value).span.start);
                from = member.span.end;
                nests(text, document, member.value, node.span);
            }
        }
        _ => {}
    }
}

/// The text of a node alone is the same value; checked for some, since each is parsed again.
pub fn sources_parse_to_the_same_value(text: &str, document: &Document) {
    const MOST: usize = 40;
    for (id, node) in document.nodes().take(MOST) {
        let part = parse(under(text, node.span), &Options::default());
        assert!(part.is_valid(), "{:?} of {text:?}", under(text, node.span));
        assert_eq!(plain(document, id), plain(&part, part.root().unwrap()));
    }
}

pub fn duplicates_are_the_keys_that_occur_twice(document: &Document) {
    let mut found = document.duplicates().into_iter();
    for (id, node) in document.nodes() {
        let NodeKind::Object(members) = &node.kind else { continue };
        for (first, member) in members.iter().enumerate() {
            let same: Vec<usize> = (0..members.len()).filter(|&other| members[other].key == member.key).collect();
            if same.len() > 1 && same[0] == first {
                let next = found.next();
                assert_eq!(next.map(|d| (d.object, d.key, d.members)), Some((id, member.key.clone(), same)));
            }
        }
    }
    assert!(found.next().is_none());
}

/// Each character of a string has its place in the text, in order, and a range is the sum of its parts.
fn subspans_are_in_order(text: &str, document: &Document) {
    for (id, node) in document.nodes() {
        let NodeKind::String(value) = &node.kind else { continue };
        let mut last = node.span.start;
        for (at, c) in value.char_indices() {
            let span = document.subspan(text, id, at..at + c.len_utf8());
            assert!(is_sound(text, span) && node.span.contains(span) && span.start >= last, "{span:?} of {text:?}");
            last = span.end;
        }
        let whole = document.subspan(text, id, 0..value.len());
        assert!(node.span.contains(whole) && whole.end >= last);
    }
}

/// Lines cover a text, and a place is on its line.
fn lines_are_sound(text: &str) {
    let lines = LineIndex::new(text);
    let mut last = 0;
    for line in 1..=lines.line_count() {
        let span = lines.line_span(text, line).unwrap();
        assert!(is_sound(text, span) && span.start >= last && !under(text, span).contains(['\n', '\r']), "{line}");
        assert_eq!((lines.line_of(span.start), lines.position(text, span.start).column), (line, 1));
        last = span.end;
    }
    assert!(lines.line_span(text, lines.line_count() + 1).is_none());
}
