//! Properties of the JSON5 front end on generated texts, with the `json5` crate as the second opinion.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests panic")]

mod properties;

use openclaw_lint::syntax::json5::{NodeKind, Options, parse};
use properties::json5::{Plain, check, number, plain};
use proptest::prelude::*;
use serde_json::Value;

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

/// Any JSON value.
fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn printed_as(value: &Value) -> Plain {
    match value {
        Value::Null => Plain::Null,
        Value::Bool(value) => Plain::Bool(*value),
        Value::Number(value) => number(value.as_f64().unwrap()),
        Value::String(value) => Plain::Text(value.clone()),
        Value::Array(items) => Plain::List(items.iter().map(printed_as).collect()),
        Value::Object(members) => {
            Plain::Map(members.iter().map(|(key, value)| (key.clone(), printed_as(value))).collect())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_documents_are_valid_and_agree(text in document()) {
        let document = parse(&text, &Options::default());
        prop_assert!(document.is_valid(), "{:?}: {:?}", text, document.errors());
        check(text.as_bytes());
    }

    #[test]
    fn mutated_documents_agree(text in mutated()) {
        check(text.as_bytes());
    }

    #[test]
    fn token_soup_agrees(text in soup()) {
        check(text.as_bytes());
    }

    #[test]
    fn any_text_is_survived(text in any::<String>(), max_depth in 0_u32..4, max_errors in 0_usize..3) {
        check(text.as_bytes());
        let limited = parse(&text, &Options { max_depth, max_errors });
        prop_assert!(limited.errors().len() <= max_errors);
    }

    #[test]
    fn what_is_printed_reads_as_it_was(value in value(), pretty: bool) {
        let printed = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let document = parse(&printed, &Options::default());
        prop_assert!(document.is_valid(), "{printed}: {:?}", document.errors());
        prop_assert_eq!(plain(&document, document.root().unwrap()), printed_as(&value), "{}", printed);
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
