//! The JSON5 1.0.0 specification, chapter by chapter: each case with the value it gives, or that it is refused.
//! Where the specification leaves room, the npm package `json5` 2.2.3 decides, because OpenClaw reads with it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests panic")]

use openclaw_lint::source::Span;
use openclaw_lint::syntax::json5::{
    CommentKind, Document, KeyStyle, LineBreak, NodeId, NodeKind, Options, literal_subspan, parse,
};

/// The value in a notation that keeps what JSON loses: repeated keys, `-0`, `Infinity` and `NaN`.
fn show(document: &Document, id: NodeId) -> String {
    match &document.node(id).kind {
        NodeKind::Null => "null".to_owned(),
        NodeKind::Bool(value) => value.to_string(),
        NodeKind::Number(value) => format!("{value:?}"),
        NodeKind::String(value) => format!("{value:?}"),
        NodeKind::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| show(document, *item)).collect();
            format!("[{}]", items.join(","))
        }
        NodeKind::Object(members) => {
            let members: Vec<_> = members.iter().map(|m| format!("{:?}:{}", m.key, show(document, m.value))).collect();
            format!("{{{}}}", members.join(","))
        }
        NodeKind::Error => "error".to_owned(),
    }
}

#[track_caller]
fn gives(text: &str, value: &str) {
    let document = parse(text, &Options::default());
    assert!(document.is_valid() && document.errors().is_empty(), "{text:?}: {:?}", document.errors());
    assert_eq!(show(&document, document.root().expect("a root")), value, "{text:?}");
}

#[track_caller]
fn refused(text: &str) {
    let document = parse(text, &Options::default());
    assert!(!document.is_valid() && !document.errors().is_empty(), "{text:?} is taken");
}

// ---- 2 values --------------------------------------------------------------------------------------------------------

#[test]
fn any_value_may_be_the_document() {
    for (text, value) in [
        ("null", "null"),
        ("true", "true"),
        ("false", "false"),
        ("'text'", "\"text\""),
        ("7", "7.0"),
        ("[]", "[]"),
        ("{}", "{}"),
    ] {
        gives(text, value);
    }
}

#[test]
fn literals_are_case_sensitive_and_whole() {
    for text in
        ["Null", "TRUE", "False", "nul", "nullx", "tru e", "truefalse", "undefined", "infinity", "nan", "nul\\u006c"]
    {
        refused(text);
    }
}

// ---- 3 objects -------------------------------------------------------------------------------------------------------

#[test]
fn objects_take_a_trailing_comma_and_no_other_extra() {
    gives("{a:1}", "{\"a\":1.0}");
    gives("{a:1,}", "{\"a\":1.0}");
    gives("{a:{b:{},},}", "{\"a\":{\"b\":{}}}");
    for text in [
        "{,}",
        "{,a:1}",
        "{a:1,,}",
        "{a:1,,b:2}",
        "{a:1 b:2}",
        "{a 1}",
        "{a:}",
        "{a}",
        "{:1}",
        "{a:1",
        "{",
        "}",
        "{a:1]",
    ] {
        refused(text);
    }
}

#[test]
fn repeated_keys_are_kept_in_order() {
    gives("{a:1,'a':2,\"\\u0061\":3}", "{\"a\":1.0,\"a\":2.0,\"a\":3.0}");
}

#[test]
fn keys_are_identifiers_or_strings() {
    let document = parse("{bare:1,'single':2,\"double\":3}", &Options::default());
    let NodeKind::Object(members) = &document.node(document.root().unwrap()).kind else { panic!("an object") };
    let styles: Vec<_> = members.iter().map(|member| member.key_style).collect();
    assert_eq!(styles, [KeyStyle::Bare, KeyStyle::Single, KeyStyle::Double]);
    for text in ["{1:1}", "{1a:1}", "{-1:1}", "{a-b:1}", "{a.b:1}", "{a b:1}", "{[1]:1}", "{`a`:1}", "{@a:1}", "{#a:1}"]
    {
        refused(text);
    }
}

#[test]
fn reserved_words_and_literals_are_fine_as_keys() {
    for word in ["null", "true", "Infinity", "NaN", "class", "return", "__proto__", "constructor"] {
        gives(&format!("{{{word}:1}}"), &format!("{{{word:?}:1.0}}"));
    }
}

#[test]
fn identifier_names_have_letters_of_every_script() {
    for name in [
        "$",
        "_",
        "$_$",
        "a1",
        "\u{fc}ber",
        "\u{3b1}\u{3b2}",
        "\u{540d}\u{524d}",
        "\u{5d0}",
        "\u{1d4d0}",
        "\u{2167}",
        "\u{aa}",
    ] {
        gives(&format!("{{{name}:1}}"), &format!("{{{name:?}:1.0}}"));
    }
}

#[test]
fn identifier_parts_add_marks_digits_connectors_and_joiners() {
    for part in ["\u{301}", "\u{903}", "\u{661}", "\u{203f}", "\u{200c}", "\u{200d}"] {
        let name = format!("a{part}b");
        let document = parse(&format!("{{{name}:1}}"), &Options::default());
        assert!(document.is_valid(), "{name:?}");
        assert!(document.member(document.root().unwrap(), &name).is_some());
        refused(&format!("{{{part}a:1}}"));
    }
    for name in ["\u{20ac}", "a\u{b7}b", "a\u{2028}b", "\u{1f600}", "a\u{d7}b", "a\u{180e}b", "\u{200b}a"] {
        refused(&format!("{{{name}:1}}"));
    }
    // U+A7C2 is a letter, but only since Unicode 12: OpenClaw's parser does not know it.
    refused("{\u{a7c2}:1}");
}

#[test]
fn identifier_names_take_unicode_escapes() {
    gives("{\\u0061b\\u0063:1}", "{\"abc\":1.0}");
    gives("{sig\\u03A3ma:1}", "{\"sig\u{3a3}ma\":1.0}");
    gives("{\\u0024\\u005f:1}", "{\"$_\":1.0}");
    gives("{a\\u200D:1}", "{\"a\\u{200d}\":1.0}");
    for text in [
        "{\\u0031a:1}",
        "{a\\u002d:1}",
        "{\\x61:1}",
        "{a\\n:1}",
        "{\\u006:1}",
        "{\\u{61}:1}",
        "{\\uD835\\uDCD0:1}",
        "{\\:1}",
    ] {
        refused(text);
    }
}

// ---- 4 arrays --------------------------------------------------------------------------------------------------------

#[test]
fn arrays_take_a_trailing_comma_and_no_holes() {
    gives("[]", "[]");
    gives("[1,]", "[1.0]");
    gives("[1,'a',[null,],{b:true}]", "[1.0,\"a\",[null],{\"b\":true}]");
    for text in ["[,]", "[,1]", "[1,,]", "[1,,2]", "[1 2]", "['a''b']", "[1", "[", "]", "[1}", "[a:1]", "[...a]"] {
        refused(text);
    }
}

// ---- 5 strings -------------------------------------------------------------------------------------------------------

#[test]
fn strings_have_single_or_double_quotes() {
    gives("''", "\"\"");
    gives("'it is \"it\"'", "\"it is \\\"it\\\"\"");
    gives("\"it's\"", "\"it's\"");
    for text in ["'", "\"", "'a", "'a\"", "\"a'", "`a`", "\u{201c}a\u{201d}", "'a''", "'\\'", "'\\"] {
        refused(text);
    }
}

#[test]
fn single_escapes() {
    gives("'\\'\\\"\\\\'", "\"'\\\"\\\\\"");
    gives("'\\b\\f\\n\\r\\t\\v\\0'", "\"\\u{8}\\u{c}\\n\\r\\t\\u{b}\\0\"");
}

#[test]
fn a_backslash_before_any_other_character_is_dropped() {
    gives("'\\a\\/\\C\\ \\$\\\u{e9}'", "\"a/C $\u{e9}\"");
}

#[test]
fn a_backslash_before_a_digit_is_refused_except_a_lone_zero() {
    gives("'\\0'", "\"\\0\"");
    gives("'\\0a'", "\"\\0a\"");
    for digit in 1..=9 {
        refused(&format!("'\\{digit}'"));
    }
    refused("'\\00'");
    refused("'\\09'");
}

#[test]
fn hexadecimal_and_unicode_escapes() {
    gives("'\\x41\\x7e\\xFf'", "\"A~\u{ff}\"");
    gives("'\\u0041\\u00e9\\uFfFd'", "\"A\u{e9}\u{fffd}\"");
    gives("'\\uD83D\\uDE00'", "\"\u{1f600}\"");
    for text in ["'\\x'", "'\\x4'", "'\\xg1'", "'\\u'", "'\\u004'", "'\\u00g1'", "'\\u{41}'"] {
        refused(text);
    }
}

#[test]
fn half_a_surrogate_pair_is_taken_and_told() {
    for text in ["'\\uD83D'", "'\\uDE00'", "'\\uD83Dx'", "'\\uDE00\\uD83D'"] {
        let document = parse(text, &Options::default());
        assert!(document.is_valid(), "{text}");
        assert!(!document.lone_surrogates().is_empty(), "{text}");
        assert!(show(&document, document.root().unwrap()).contains('\u{fffd}'));
    }
    assert!(parse("'\\uD83D\\uDE00'", &Options::default()).lone_surrogates().is_empty());
}

#[test]
fn line_continuations_vanish() {
    for end in ["\n", "\r", "\r\n", "\u{2028}", "\u{2029}"] {
        gives(&format!("'a\\{end}b'"), "\"ab\"");
    }
    gives("'a\\\n\\\nb'", "\"ab\"");
    gives("'a\\\n\rb'".replace('\r', "").as_str(), "\"ab\"");
    refused("'a\\\n\nb'");
}

#[test]
fn raw_line_breaks_are_refused() {
    for text in ["'a\nb'", "'a\rb'", "\"a\r\nb\"", "{a: 'b\n'}"] {
        refused(text);
    }
}

#[test]
fn raw_control_characters_are_taken() {
    gives("'\t\0\u{1}\u{1f}\u{7f}\u{85}'", "\"\\t\\0\\u{1}\\u{1f}\\u{7f}\\u{85}\"");
}

#[test]
fn raw_paragraph_and_line_separators_are_taken_and_told() {
    let document = parse("'a\u{2028}b\u{2029}c'", &Options::default());
    assert!(document.is_valid());
    let places: Vec<_> = document.raw_separators().iter().map(|span| (span.start, span.end)).collect();
    assert_eq!(places, [(2, 5), (6, 9)]);
    assert!(parse("'a\\\u{2028}b'", &Options::default()).raw_separators().is_empty(), "escaped, it is a continuation");
    assert!(
        parse("[1\u{2028},2]", &Options::default()).raw_separators().is_empty(),
        "outside strings it is white space"
    );
}

// ---- 6 numbers -------------------------------------------------------------------------------------------------------

#[test]
fn decimal_numbers() {
    for (text, value) in [
        ("0", "0.0"),
        ("123", "123.0"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("5.", "5.0"),
        ("0.", "0.0"),
        (".0", "0.0"),
        ("1e3", "1000.0"),
        ("1E+3", "1000.0"),
        ("1e-3", "0.001"),
        ("5.e3", "5000.0"),
        (".5e1", "5.0"),
        ("0e5", "0.0"),
        ("1e05", "100000.0"),
        ("1e999", "inf"),
        ("1e-999", "0.0"),
        ("9007199254740993", "9007199254740992.0"),
        ("123456789012345678901234567890", "1.2345678901234568e29"),
    ] {
        gives(text, value);
    }
    for text in [
        "00", "01", "010", "08.5", "0_1", "1_000", ".", "e5", "1e", "1e+", ".e1", "1.2.3", "1e1.5", "1e1e1", "1a",
        "1n", "0b1", "0o7",
    ] {
        refused(text);
    }
}

#[test]
fn hexadecimal_numbers() {
    gives("0x0", "0.0");
    gives("0xdecAF", "912559.0");
    gives("0XFF", "255.0");
    gives("0x1e5", "485.0");
    gives("0x20000000000001", "9007199254740992.0");
    for text in ["0x", "0xg", "0x1.5", "x1", "00x1", "0x_1", "0x1p3"] {
        refused(text);
    }
}

#[test]
fn signs() {
    for (text, value) in [
        ("+1", "1.0"),
        ("-1", "-1.0"),
        ("+.5", "0.5"),
        ("-5.", "-5.0"),
        ("-0", "-0.0"),
        ("+0", "0.0"),
        ("-0x10", "-16.0"),
        ("+0X10", "16.0"),
        ("-1e2", "-100.0"),
    ] {
        gives(text, value);
    }
    for text in ["+", "-", "++1", "--1", "+-1", "- 1", "+ 1", "-\n1", "-a", "-'1'", "-/**/1", "-010", "-true"] {
        refused(text);
    }
}

#[test]
fn infinity_and_nan() {
    for (text, value) in [
        ("Infinity", "inf"),
        ("+Infinity", "inf"),
        ("-Infinity", "-inf"),
        ("NaN", "NaN"),
        ("+NaN", "NaN"),
        ("[-NaN]", "[NaN]"),
    ] {
        gives(text, value);
    }
    for text in ["Infinit", "Infinityx", "-Infinity1", "NaNa", "nan", "-infinity", "1Infinity"] {
        refused(text);
    }
}

// ---- 7 comments ------------------------------------------------------------------------------------------------------

#[test]
fn comments_stand_between_any_tokens() {
    gives("/*a*/{/*b*/a/*c*/:/*d*/1/*e*/,/*f*/}/*g*/", "{\"a\":1.0}");
    gives("//a\n[//b\n1//c\n,//d\n]//e", "[1.0]");
    gives("1//", "1.0");
    gives("1/**/", "1.0");
    gives("/***/1/* * / **/", "1.0");
    gives("/* // */1// /* ", "1.0");
    gives("'//a' // b", "\"//a\"");
    for end in ["\n", "\r", "\r\n", "\u{2028}", "\u{2029}"] {
        gives(&format!("// a{end}1"), "1.0");
    }
    for text in
        ["", "//", "/**/", "1/", "1/*", "1/*/", "/ /1", "1 # a", "# a\n1", "/*/* */ */1", "1 <!-- a -->", "1 -- a"]
    {
        refused(text);
    }
}

#[test]
fn comments_are_kept_with_their_spans() {
    let text = "/* one */ [ // two\n 1 /* three */ ] // four";
    let document = parse(text, &Options::default());
    let comments: Vec<_> = document.comments().iter().map(|comment| (comment.kind, comment.span.slice(text))).collect();
    let kinds = [CommentKind::Block, CommentKind::Line, CommentKind::Block, CommentKind::Line];
    assert!(comments.into_iter().eq(kinds.into_iter().zip(["/* one */", "// two", "/* three */", "// four"])));
}

// ---- 8 white space ---------------------------------------------------------------------------------------------------

#[test]
fn every_white_space_of_the_table() {
    let spaces = "\t\u{b}\u{c} \u{a0}\u{feff}\n\r\u{2028}\u{2029}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\
                  \u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{202f}\u{205f}\u{3000}";
    for space in spaces.chars() {
        gives(
            &format!("{space}[{space}1{space},{space}{{{space}a{space}:{space}2{space}}}{space}]{space}"),
            "[1.0,{\"a\":2.0}]",
        );
    }
    for other in ["\u{180e}", "\u{200b}", "\u{2060}", "\u{85}", "\u{1c}", "\0", "\u{8}"] {
        refused(&format!("[1{other}]"));
        refused(&format!("{other}1"));
    }
}

#[test]
fn a_byte_order_mark_is_white_space_anywhere() {
    let document = parse("\u{feff}{\r\n}\n", &Options::default());
    assert!(document.is_valid() && document.has_bom());
    assert_eq!(document.line_break(), Some(LineBreak::CrLf));
    gives("[\u{feff}1\u{feff}]", "[1.0]");
    assert!(!parse("[\u{feff}]", &Options::default()).has_bom());
}

// ---- 9 grammar: one value, then the end ------------------------------------------------------------------------------

#[test]
fn exactly_one_value() {
    for text in ["", " \n\t", "1 2", "{}{}", "[],", "{};", "1,", "{} x", "[]]", "'a' 'b'", "null null", "{}\0"] {
        refused(text);
    }
    gives(" \n{} \n", "{}");
}

#[test]
fn the_introductory_kinds_together() {
    let text = "// all of it\n{\n  unquoted: 'single \"quotes\"',\n  lines: 'no \\\nbreak',\n  hex: 0xFf, half: .5, plus: +1,\n  \
                'trailing': ['comma',], \"strict\": \"too\",\n}\n";
    gives(
        text,
        "{\"unquoted\":\"single \\\"quotes\\\"\",\"lines\":\"no break\",\"hex\":255.0,\"half\":0.5,\"plus\":1.0,\
         \"trailing\":[\"comma\"],\"strict\":\"too\"}",
    );
    let document = parse(text, &Options::default());
    let commas: Vec<_> = document.trailing_commas().iter().map(|span| span.slice(text)).collect();
    assert_eq!(commas, [",", ","]);
}

// ---- places ----------------------------------------------------------------------------------------------------------

fn under<'t>(text: &'t str, spans: &[Span]) -> Vec<&'t str> {
    spans.iter().map(|span| span.slice(text)).collect()
}

#[test]
fn every_value_and_every_key_has_its_place() {
    let text = "// c\n{ a : [ 1 , 'x' , [] ] , \"b\" : { c: null } , 'd':true,}";
    let document = parse(text, &Options::default());
    let root = document.root().unwrap();
    let values: Vec<_> = document.nodes().map(|(id, node)| (id.index(), node.span.slice(text))).collect();
    let whole = &text[5..];
    assert_eq!(
        values,
        [
            (0, whole),
            (1, "[ 1 , 'x' , [] ]"),
            (2, "1"),
            (3, "'x'"),
            (4, "[]"),
            (5, "{ c: null }"),
            (6, "null"),
            (7, "true"),
        ]
    );
    let NodeKind::Object(members) = &document.node(root).kind else { panic!("an object") };
    let keys: Vec<_> = members.iter().map(|member| (member.key_span.slice(text), member.span.slice(text))).collect();
    assert_eq!(
        keys,
        [("a", "a : [ 1 , 'x' , [] ]"), ("\"b\"", "\"b\" : { c: null }"), ("'d'", "'d':true")],
        "from the key to the value"
    );
    assert_eq!(
        document.trailing_commas().iter().map(|comma| comma.start as usize).collect::<Vec<_>>(),
        [text.len() - 2]
    );
}

#[test]
fn the_first_line_tells_how_lines_end() {
    for (text, ends) in [
        ("1", None),
        ("[1,\u{2028}2]", None),
        ("1\n", Some(LineBreak::Lf)),
        ("\r\n1\n", Some(LineBreak::CrLf)),
        ("[1,\r2]\n", Some(LineBreak::Cr)),
        ("1\r", Some(LineBreak::Cr)),
        ("[1,\n\r2]", Some(LineBreak::Lf)),
    ] {
        assert_eq!(parse(text, &Options::default()).line_break(), ends, "{text:?}");
    }
}

#[test]
fn half_pairs_and_raw_separators_have_their_places() {
    let text = "{ '\\uD83D': ['\\uDE00x\\uD83D\\n', 'a\u{2029}€\u{2028}'] }";
    let document = parse(text, &Options::default());
    assert_eq!(under(text, document.lone_surrogates()), ["\\uD83D", "\\uDE00", "\\uD83D"]);
    assert_eq!(under(text, document.raw_separators()), ["\u{2029}", "\u{2028}"]);
}

/// Recovery goes back and reads the key again.
#[test]
fn what_is_read_twice_is_noted_once() {
    let text = "{\n  a: [\n    1,\n  '\\uD83D\u{2028}' /* c */: 2 // d\n}";
    let document = parse(text, &Options::default());
    assert_eq!(document.errors().len(), 1);
    assert_eq!(under(text, document.lone_surrogates()), ["\\uD83D"]);
    assert_eq!(under(text, document.raw_separators()), ["\u{2028}"]);
    let comments: Vec<_> = document.comments().iter().map(|comment| comment.span.slice(text)).collect();
    assert_eq!(comments, ["/* c */", "// d"]);
}

#[test]
fn the_last_of_several_members_counts() {
    let document = parse("{ a: 1, b: [2], a: 3 }", &Options::default());
    let root = document.root().unwrap();
    let member = |object, key| document.member(object, key).map(|member| show(&document, member.value));
    assert_eq!(member(root, "a").as_deref(), Some("3.0"));
    assert_eq!(member(root, "c"), None);
    let list = document.member(root, "b").unwrap().value;
    assert_eq!(member(list, "a"), None, "an array has no members");
    let elsewhere = parse("[1,2,3,4,5,6,7,8,9]", &Options::default()).nodes().last().unwrap().0;
    assert_eq!((&document.node(elsewhere).kind, document.node(elsewhere).span), (&NodeKind::Error, Span::at(0)));
}

#[test]
fn repeated_keys_are_told_by_object_and_by_first_occurrence() {
    let few = "[{ a: 1, b: 2 }, { b: 1, a: { c: 1, c: 2 }, a: 3, b: 4, b: 5 }]";
    let many: String = (0..9).map(|i| format!("k{i}: 0, ")).collect();
    let many = format!("{{ {many} k8: 1, k0: 1, {many} }}");
    for (text, told) in [
        (few, "b [0, 3, 4] a [1, 2] c [0, 1]"),
        (
            &many,
            "k0 [0, 10, 11] k1 [1, 12] k2 [2, 13] k3 [3, 14] k4 [4, 15] k5 [5, 16] k6 [6, 17] k7 [7, 18] k8 [8, 9, 19]",
        ),
        ("{ a: 1 }", ""),
        ("{ a: 1, 'a': 2 }", "a [0, 1]"),
    ] {
        let duplicates = parse(text, &Options::default()).duplicates();
        let found: Vec<_> = duplicates.iter().map(|d| format!("{} {:?}", d.key, d.members)).collect();
        assert_eq!(found.join(" "), told, "{text}");
    }
}

#[test]
fn a_part_of_a_value_leads_back_to_the_source() {
    let text = "{ k\\u0065y: 'a\\u00e9€b\\\nc', n: 12345, \"q\": '' }";
    let document = parse(text, &Options::default());
    let root = document.root().unwrap();
    let key = document.member(root, "key").unwrap();
    let value = |range| document.subspan(text, key.value, range).slice(text);
    assert_eq!(value(0..1), "a");
    assert_eq!(value(1..2), "\\u00e9", "half of what an escape gives is all of it");
    assert_eq!(value(3..6), "€");
    assert_eq!(value(4..5), "€", "a character is not cut");
    assert_eq!(value(4..7), "€b");
    assert_eq!(value(2..5), "\\u00e9€");
    assert_eq!(value(7..8), "c");
    assert_eq!(value(6..8), "b\\\nc");
    assert_eq!(value(6..99), "b\\\nc");
    assert_eq!(value(0..8), "a\\u00e9€b\\\nc");
    assert!(document.subspan(text, key.value, 4..4).is_empty());
    let literal = document.node(key.value).span;
    for range in [0..1, 1..3, 4..5, 6..8] {
        assert_eq!(literal_subspan(text, literal, 8, range.clone()), document.subspan(text, key.value, range));
    }
    let of_key = |range| document.key_subspan(text, key, range).slice(text);
    assert_eq!((of_key(0..1), of_key(1..2), of_key(1..3)), ("k", "\\u0065", "\\u0065y"));
    let quoted = document.member(root, "q").unwrap();
    assert_eq!(document.key_subspan(text, quoted, 0..1).slice(text), "q");
    assert_eq!(document.subspan(text, quoted.value, 0..1), Span::at(document.node(quoted.value).span.start + 1));
    let number = document.member(root, "n").unwrap().value;
    assert_eq!(document.subspan(text, number, 1..2).slice(text), "12345", "only strings have parts");
}

#[test]
fn debug_output_hides_strings() {
    let document = parse("[null, true, 1.5, 'zebra', ['zebra'], {a: 'zebra'}, }", &Options::default());
    let shown = format!("{:?}", document.nodes().collect::<Vec<_>>());
    assert!(!shown.contains("zebra"), "{shown}");
    for part in ["Null", "Bool(true)", "Number(1.5)", "String(", "Array(", "Object("] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}
