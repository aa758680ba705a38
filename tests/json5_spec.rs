//! The JSON5 1.0.0 specification, chapter by chapter: each case with the value it gives, or that it is refused.
//! Where the specification leaves room, the npm package `json5` 2.2.3 decides, because OpenClaw reads with it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests panic")]

use openclaw_lint::syntax::json5::{Document, KeyStyle, LineBreak, NodeId, NodeKind, Options, parse};

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
    let comments: Vec<_> = document.comments().iter().map(|comment| comment.span.slice(text)).collect();
    assert_eq!(comments, ["/* one */", "// two", "/* three */", "// four"]);
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
