//! Properties of the JSON5 front end on generated texts, with the `json5` crate as the second opinion.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests panic")]

use std::collections::HashMap;

use openclaw_lint::source::Span;
use openclaw_lint::syntax::json5::{Document, NodeId, NodeKind, Options, parse};
use proptest::prelude::*;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value as both parsers see it; of repeated keys the last one counts.
#[derive(Debug, PartialEq)]
enum Plain {
    Null,
    Bool(bool),
    /// The bits, so that `NaN` equals itself. `-0` is `0` here, because the crate reads it as an integer.
    Number(u64),
    Text(String),
    List(Vec<Plain>),
    Map(HashMap<String, Plain>),
}

fn number(value: f64) -> Plain {
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

fn plain(document: &Document, id: NodeId) -> Plain {
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

// ---- generators ------------------------------------------------------------------------------------------------------

fn trivia() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => Just(""),
        4 => Just(" "),
        1 => prop::sample::select(vec!["\n", "\r\n", "\t", "\u{a0}", "\u{feff}", "\u{2029}", "// c '\"{\n", "/* c\n[ */", "/**/"]),
    ]
}

fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-z :,{}\\[\\]/#$<>\\t]{0,6}",
        2 => prop::sample::select(vec!["\u{e9}", "\u{540d}", "\u{1f600}", "\u{2028}", "\u{7f}", "\u{201c}"]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "\\n", "\\'", "\\\"", "\\\\", "\\x41", "\\u00e9", "\\uD83D\\uDE00", "\\\n", "\\\r\n", "\\\u{2028}", "\\v", "\\q", "\\0",
        ]).prop_map(str::to_owned),
    ];
    (prop::collection::vec(piece, 0..5), any::<bool>()).prop_map(|(pieces, double)| {
        let mut text = String::new();
        for piece in pieces {
            // `\0` must not be followed by a digit; the letters above never are.
            text.push_str(&piece);
        }
        if double { format!("\"{text}\"") } else { format!("'{text}'") }
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-d]",
        2 => "[a-zA-Z_$][a-zA-Z0-9_$]{0,8}",
        1 => prop::sample::select(vec!["\\u0061", "\u{fc}ber", "a\u{301}", "null", "__proto__"]).prop_map(str::to_owned),
        2 => string(),
    ]
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "null",
            "true",
            "false",
            "Infinity",
            "-Infinity",
            "NaN",
            "+.5",
            "5.",
            "-0",
            "0x1F",
            "1e3",
            "0"
        ])
        .prop_map(str::to_owned),
        any::<i32>().prop_map(|n| n.to_string()),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(|n| format!("{n:e}")),
        string(),
    ]
}

/// A valid document, at most five levels deep: the crate under comparison recurses without a limit.
fn document() -> impl Strategy<Value = String> {
    scalar().prop_recursive(4, 48, 6, |inner| {
        let padded = (trivia(), inner, trivia()).prop_map(|(a, value, b)| format!("{a}{value}{b}")).boxed();
        let member =
            (trivia(), key(), trivia(), padded.clone()).prop_map(|(a, key, b, value)| format!("{a}{key}{b}:{value}"));
        let wrap = |open: char, close: char| {
            move |(entries, trailing): (Vec<String>, bool)| {
                let comma = if trailing && !entries.is_empty() { "," } else { "" };
                format!("{open}{}{comma}{close}", entries.join(","))
            }
        };
        prop_oneof![
            (prop::collection::vec(padded, 0..6), any::<bool>()).prop_map(wrap('[', ']')),
            (prop::collection::vec(member, 0..6), any::<bool>()).prop_map(wrap('{', '}')),
        ]
    })
}

/// A document with some characters removed, doubled or replaced by ones that mean something.
fn mutated() -> impl Strategy<Value = String> {
    let change = (
        any::<prop::sample::Index>(),
        0..3,
        prop::sample::select("{}[]:,'\"\\/*#`.0-+xeu \nabn\u{201c}<$".chars().collect::<Vec<_>>()),
    );
    (document(), prop::collection::vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (index, action, new) in changes {
            let at = index.index(chars.len() + 1);
            match action {
                0 if at < chars.len() => {
                    chars.remove(at);
                }
                1 if at < chars.len() => chars[at] = new,
                _ => chars.insert(at, new),
            }
        }
        chars.into_iter().collect()
    })
}

/// Text of the pieces that the recovery looks at.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "'",
        "`",
        "\u{201c}",
        "\u{2019}",
        "\\",
        "\n",
        "\r\n",
        "  ",
        "a",
        "key",
        "b:",
        "true",
        "yes",
        "010",
        "1",
        "-",
        ".",
        "0x",
        "#",
        "//",
        "/*",
        "*/",
        "{{",
        "}}",
        "${",
        "<",
        ">",
        "=",
        ";",
        "(",
        ")",
        "\0",
        "\u{200b}",
        "\u{2028}",
        "\u{e9}",
        "\u{1f600}",
        "\\u0061",
        "\\uD83D",
        "<<<<<<<",
        "=======",
        "\u{feff}",
        "\u{fffd}",
        "'x'",
        "\"y\"",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

// ---- checks ----------------------------------------------------------------------------------------------------------

fn agrees_with_the_crate(text: &str) -> Result<(), TestCaseError> {
    let ours = parse(text, &Options::default());
    if !ours.lone_surrogates().is_empty() {
        // The crate refuses what a Rust string cannot hold; the npm package takes it.
        return Ok(());
    }
    let theirs = json5::from_str::<Plain>(text);
    prop_assert_eq!(ours.is_valid(), theirs.is_ok(), "{:?}: {:?} / {:?}", text, ours.errors(), theirs.as_ref().err());
    if let (Ok(theirs), Some(root)) = (theirs, ours.root()) {
        prop_assert_eq!(plain(&ours, root), theirs, "{:?}", text);
    }
    Ok(())
}

/// Spans lie in the text, on character boundaries, inside their parents, in order.
fn is_well_formed(text: &str, document: &Document) -> Result<(), TestCaseError> {
    let whole = Span::new(0, u32::try_from(text.len()).unwrap());
    let sound = |span: Span| whole.contains(span) && text.get(span.start as usize..span.end as usize).is_some();
    prop_assert_eq!(document.is_valid(), document.errors().is_empty());
    prop_assert!(
        document.errors().iter().all(|e| sound(e.span) && e.related.is_none_or(sound)),
        "{:?}",
        document.errors()
    );
    prop_assert!(document.errors().is_sorted_by_key(|e| e.span.start));
    for error in document.errors() {
        prop_assert!(!error.span.is_empty() || error.span.end == whole.end, "{:?} in {:?}", error, text);
    }
    prop_assert!(document.comments().iter().all(|comment| sound(comment.span)));
    prop_assert!(document.comments().is_sorted_by_key(|comment| comment.span));
    let facts = [document.lone_surrogates(), document.raw_separators(), document.trailing_commas()];
    prop_assert!(facts.into_iter().flatten().all(|span| sound(*span)));
    if let Some(root) = document.root() {
        nests(text, document, root, whole)?;
    }
    Ok(())
}

fn nests(text: &str, document: &Document, id: NodeId, parent: Span) -> Result<(), TestCaseError> {
    let node = document.node(id);
    prop_assert!(parent.contains(node.span), "{:?} in {parent:?} of {:?}", node, text);
    prop_assert!(text.get(node.span.start as usize..node.span.end as usize).is_some());
    let mut from = node.span.start;
    match &node.kind {
        NodeKind::Array(items) => {
            for item in items {
                prop_assert!(*item > id, "a container comes before what it holds");
                prop_assert!(document.node(*item).span.start >= from);
                from = document.node(*item).span.end;
                nests(text, document, *item, node.span)?;
            }
        }
        NodeKind::Object(members) => {
            for member in members {
                prop_assert!(node.span.contains(member.span), "{:?} in {:?} of {:?}", member, node.span, text);
                prop_assert!(member.span.start >= from && member.span.start == member.key_span.start);
                prop_assert_eq!(member.span.end, document.node(member.value).span.end);
                prop_assert!(member.value > id && member.key_span.end <= document.node(member.value).span.start);
                from = member.span.end;
                nests(text, document, member.value, node.span)?;
            }
        }
        _ => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_documents_are_valid_and_agree(text in document()) {
        let document = parse(&text, &Options::default());
        prop_assert!(document.is_valid(), "{:?}: {:?}", text, document.errors());
        is_well_formed(&text, &document)?;
        agrees_with_the_crate(&text)?;
    }

    #[test]
    fn mutated_documents_agree(text in mutated()) {
        is_well_formed(&text, &parse(&text, &Options::default()))?;
        agrees_with_the_crate(&text)?;
    }

    #[test]
    fn token_soup_agrees(text in soup()) {
        is_well_formed(&text, &parse(&text, &Options::default()))?;
        agrees_with_the_crate(&text)?;
    }

    #[test]
    fn any_text_is_survived(text in any::<String>(), max_depth in 0_u32..4, max_errors in 0_usize..3) {
        is_well_formed(&text, &parse(&text, &Options::default()))?;
        let limited = parse(&text, &Options { max_depth, max_errors });
        prop_assert!(limited.errors().len() <= max_errors);
    }

    #[test]
    fn the_source_of_a_node_parses_to_the_same_value(text in document()) {
        let document = parse(&text, &Options::default());
        for (id, node) in document.nodes() {
            let part = parse(node.span.slice(&text), &Options::default());
            prop_assert!(part.is_valid());
            prop_assert_eq!(plain(&document, id), plain(&part, part.root().unwrap()));
        }
    }

    #[test]
    fn duplicates_are_the_keys_that_occur_twice(text in document()) {
        let document = parse(&text, &Options::default());
        let mut found = document.duplicates().into_iter();
        for (id, node) in document.nodes() {
            let NodeKind::Object(members) = &node.kind else { continue };
            for (first, member) in members.iter().enumerate() {
                let same: Vec<usize> = (0..members.len()).filter(|&other| members[other].key == member.key).collect();
                if same.len() > 1 && same[0] == first {
                    let next = found.next();
                    prop_assert_eq!(next.map(|d| (d.object, d.key, d.members)), Some((id, member.key.clone(), same)));
                }
            }
        }
        prop_assert!(found.next().is_none());
    }

    /// Each character alone, in quotes, must read as that character again, and a range must be the sum of its parts.
    #[test]
    fn subspans_are_exact(text in string()) {
        let document = parse(&text, &Options::default());
        let root = document.root().unwrap();
        let NodeKind::String(value) = &document.node(root).kind else { panic!("a string") };
        let quote = &text[..1];
        let mut last = 1;
        for (at, c) in value.char_indices() {
            let span = document.subspan(&text, root, at..at + c.len_utf8());
            prop_assert!(span.start >= last, "{:?}", text);
            last = span.end;
            let alone = format!("{quote}{}{quote}", span.slice(&text));
            let part = parse(&alone, &Options::default());
            prop_assert_eq!(plain(&part, part.root().unwrap()), Plain::Text(c.to_string()), "{:?} of {:?}", alone, text);
            let rest = document.subspan(&text, root, at..value.len());
            prop_assert_eq!(rest.start, span.start);
            let whole = document.subspan(&text, root, 0..at + c.len_utf8());
            prop_assert_eq!(whole.end, span.end);
        }
        prop_assert!((last as usize) < text.len());
        prop_assert!(document.subspan(&text, root, value.len()..value.len()).is_empty());
    }
}

#[test]
fn subspans_of_keys_and_broken_strings() {
    let text = "{ s\\u0069g: 1, 'k\\x41z': 'abc\ndef', b: \"x\\ty }";
    let document = parse(text, &Options::default());
    let root = document.root().unwrap();
    let sig = document.member(root, "sig").unwrap();
    assert_eq!(document.key_subspan(text, sig, 1..2).slice(text), "\\u0069");
    let quoted = document.member(root, "kAz").unwrap();
    assert_eq!(document.key_subspan(text, quoted, 1..3).slice(text), "\\x41z");
    assert_eq!(document.subspan(text, quoted.value, 2..5).slice(text), "c\nd");
    let open = document.member(root, "b").unwrap();
    assert_eq!(document.subspan(text, open.value, 0..3).slice(text), "x\\ty");
}
