//! Broken texts: which mistakes are told apart, where, and that one mistake is one error.

use openclaw_lint::source::Span;
use openclaw_lint::syntax::json5::{Document, ErrorKind, Member, NodeId, NodeKind, Options, parse};

/// The name of each error and the text under its span.
fn errors(text: &str) -> Vec<(&'static str, &str)> {
    let document = parse(text, &Options::default());
    document.errors().iter().map(|error| (error.kind.name(), error.span.slice(text))).collect()
}

/// What the first error's related span covers.
fn related(text: &str) -> (u32, &str) {
    let document = parse(text, &Options::default());
    let span = document.errors()[0].related.expect("a related place");
    (span.start, span.slice(text))
}

fn string_at<'d>(document: &'d Document, key: &str) -> Option<&'d str> {
    let member = document.member(document.root()?, key)?;
    match &document.node(member.value).kind {
        NodeKind::String(value) => Some(value),
        _ => None,
    }
}

#[test]
fn seven_mistakes_give_seven_errors() {
    let text = "{\n  a: 1\n  b: True,\n  c: yes,\n  d: [1,,2],\n  e: \"unterminated,\n  f: [1 2],\n  g: 010,\n}\n";
    let wanted = [
        ("missing-comma", "b"),
        ("unquoted-value", "True"),
        ("unquoted-value", "yes"),
        ("extra-comma", ","),
        ("unterminated-string", "\"unterminated"),
        ("missing-comma", "2"),
        ("leading-zero", "010"),
    ];
    assert_eq!(errors(text), wanted);
    let document = parse(text, &Options::default());
    assert_eq!(string_at(&document, "e"), Some("unterminated"), "what is readable stays in the tree");
    assert!(document.member(document.root().unwrap(), "g").is_some());
}

#[test]
fn one_mistake_is_one_error() {
    let cases: &[(&str, &str, &str)] = &[
        // commas, colons, keys
        ("{ a: 1 b: 2 }", "missing-comma", "b"),
        ("{\n  a: \"x\"\n  \"b\": 2\n}", "missing-comma", "\"b\""),
        ("[1 2]", "missing-comma", "2"),
        ("[{} {}]", "missing-comma", "{"),
        ("{ \"a\" 1 }", "missing-colon", "1"),
        ("{ a = 1 }", "wrong-separator", "="),
        ("{ a => 1 }", "wrong-separator", "=>"),
        ("{ a: 1; b: 2 }", "wrong-separator", ";"),
        ("{ a: , b: 1 }", "missing-value", "a"),
        ("{ a: 1, b: }", "missing-value", "b"),
        ("{ a, b: 1 }", "missing-value", "a"),
        ("{a:\nb: 1}", "missing-value", "a"),
        ("{ a: // why\n  b: { c: 1 },\n}", "missing-value", "a"),
        ("{\n  \"a\":\n  \"b\": 1\n}", "missing-value", "\"a\""),
        ("{\r\n  'a':\r\n  'b': [],\r\n  c: 1\r\n}", "missing-value", "'a'"),
        ("{ a: {\n  b:\n  c: 1 }, d: 2 }", "missing-value", "b"),
        ("{ a:\n  b\n}", "unquoted-value", "b"),
        ("{ a:\n  b:80\n}", "unquoted-value", "b:80"),
        ("{ a:\n  https://x.test/y\n}", "unquoted-value", "https://x.test/y"),
        ("{ {a: 1} }", "missing-key", "{"),
        ("{ : 1, b: 2 }", "missing-key", ":"),
        ("[,1]", "leading-comma", ","),
        ("{,}", "leading-comma", ","),
        ("[1,,,2]", "extra-comma", ",,"),
        ("{a: 1,,}", "extra-comma", ","),
        ("{ my-key: 1 }", "key-needs-quotes", "my-key"),
        ("{ 1a: 1 }", "key-needs-quotes", "1a"),
        ("{ 10: 1 }", "key-needs-quotes", "10"),
        ("{ a.b: 1 }", "key-needs-quotes", "a.b"),
        ("{ \\x41: 1 }", "bad-key-escape", "\\x41"),
        ("{ a\\u{41}: 1 }", "bad-key-escape", "a\\u"),
        ("[\"a\": 1]", "key-in-array", "\"a\":"),
        // unquoted text
        ("{ a: True, b: 1 }", "unquoted-value", "True"),
        ("{ a: yes b: 1 }", "unquoted-value", "yes"),
        ("{ a: hello big world }", "unquoted-value", "hello big world"),
        ("{ a: https://x.test/y?z=1, b: 1 }", "unquoted-value", "https://x.test/y?z=1"),
        ("{ a: don't panic }", "unquoted-value", "don't panic"),
        ("{ a: 10.0.0.1:80 }", "unquoted-value", "10.0.0.1:80"),
        ("{ a: 30m }", "unquoted-value", "30m"),
        ("{ a: call(1, 2) }", "unquoted-value", "call(1, 2)"),
        ("{ a: true-ish }", "unquoted-value", "true-ish"),
        ("FOO=bar", "unquoted-value", "FOO=bar"),
        // templates
        ("{ a: {{ .Values.x }}, b: 1 }", "template-placeholder", "{{ .Values.x }}"),
        ("{ a: ${A}, b: 1 }", "template-placeholder", "${A}"),
        ("{ a: $A, b: 1 }", "template-placeholder", "$A"),
        ("{ a: <your key>, b: 1 }", "template-placeholder", "<your key>"),
        ("{ {{ key }}: 1 }", "template-placeholder", "{{ key }}"),
        ("{\n  {{#if x}}\n  b: 1\n}", "template-placeholder", "{{#if x}}"),
        ("{ a: 1,\n  {% if x %}\n  b: 1\n}", "template-placeholder", "{% if x %}"),
        // comments
        ("{\n  # one\n  # two\n  a: 1\n}", "hash-comment", "# one\n  # two"),
        ("{ a: 1, /* b: 2 }", "unterminated-comment", "/*"),
        ("{\n<<<<<<< ours\n  a: 1,\n=======\n  a: 2,\n>>>>>>> theirs\n}", "conflict-marker", "<<<<<<< ours"),
        // strings
        ("{ a: `x` }", "backtick-string", "`x`"),
        ("{ a: “x” }", "smart-quotes", "“x”"),
        ("{ ‘a’: 1 }", "smart-quotes", "‘a’"),
        ("{ a: \"x”, b: 1 }", "smart-quotes", "\"x”"),
        ("{\n  a: 'x,\n  b: 1\n}", "unterminated-string", "'x"),
        ("{\n  \"a: \"x\",\n  b: 1\n}", "unterminated-string", "\""),
        ("{\n  a\": \"x\",\n  b: 1\n}", "unterminated-string", "\""),
        ("[\n  \"x,\n  \"y\"\n]", "unterminated-string", "\"x"),
        ("{ a: \"x\ny\", b: 1 }", "line-break-in-string", "\n"),
        ("{ a: \"say \"hi\" now\", b: 1 }", "unexpected-text", "hi"),
        ("'\\1'", "bad-escape", "\\1"),
        ("'\\01'", "bad-escape", "\\0"),
        ("'\\xZZ'", "bad-hex-escape", "\\x"),
        ("'\\u12'", "bad-unicode-escape", "\\u12"),
        // numbers
        ("[-010]", "leading-zero", "-010"),
        ("[1_000]", "bad-number", "1_000"),
        ("[0x]", "bad-number", "0x"),
        ("[0b11]", "bad-number", "0b11"),
        ("[1e]", "bad-number", "1e"),
        ("[+ 5]", "bad-number", "+ 5"),
        ("[--1]", "bad-number", "--1"),
        ("[.]", "bad-number", "."),
        // brackets and the end
        ("{ a: [1, 2 }", "unclosed", "}"),
        ("[{a: 1, {b: 2}]", "unclosed", "{"),
        ("{ a: 1", "unclosed", ""),
        ("{\n  a: [\"x\",\n  b: 2,\n}", "unclosed", "b"),
        ("{\n  a: [\"x\"\n  b: 2,\n}", "unclosed", "b"),
        ("[{a: 1], {b: 2}]", "wrong-bracket", "]"),
        ("{ a: 1 ] }", "stray-bracket", "]"),
        ("{ a: { b: 1 } }, c: 2 }", "stray-bracket", "}"),
        ("{ a: 1 } b", "text-after-document", "b"),
        ("a: { b: 1 }", "missing-braces", "a"),
        ("// nothing\n", "empty-document", ""),
        ("{ a: 1\u{200b}, b: 2 }", "unexpected-character", "\u{200b}"),
        ("\0{\0", "unexpected-character", "\0"),
        // once wrong
        ("[010: 1]", "key-in-array", "010:"),
        ("[{ a: 1 {{x}} }]", "template-placeholder", "{{x}}"),
        ("{\r  a: [\r    1,\r  b: 2\r}", "unclosed", "b"),
    ];
    for (text, name, place) in cases {
        assert_eq!(errors(text), [(*name, *place)], "{text}");
    }
}

/// Recovery reads some text twice, and may complain about the same place in between.
#[test]
fn no_error_is_told_twice() {
    assert_eq!(errors("{{x}}: 1"), [("template-placeholder", "{{x}}"), ("missing-braces", "{{x}}")]);
    assert_eq!(errors("“a”: 1"), [("smart-quotes", "“a”"), ("missing-braces", "“a”")]);
    assert_eq!(errors("010: 1"), [("missing-braces", "010"), ("key-needs-quotes", "010")]);
}

#[test]
fn the_related_span_shows_the_other_end() {
    assert_eq!(related("{ a: [1, 2 }"), (5, "["));
    assert_eq!(related("{ a: 1 b: 2 }"), (5, "1"));
    assert_eq!(related("{ 'a' 1 }"), (2, "'a'"));
    assert_eq!(related("{ a: 1 } b"), (7, "}"));
    assert_eq!(related("{ a: 'x\ny' }"), (5, "'"));
    let indented = "{\n  a: {\n    b: 1,\n  c: 2,\n}";
    assert_eq!(related(indented), (7, "{"), "the bracket whose partner is indented less, not the outermost");
}

#[test]
fn values_beside_a_mistake_stay_usable() {
    let text = "{\n  a: 'one' b: 'two',\n  c: oops,\n  d: `three`,\n  e: “four”,\n  'f: 'five',\n  g: 'six'\n";
    let document = parse(text, &Options::default());
    for (key, value) in [("a", "one"), ("b", "two"), ("d", "three"), ("e", "four"), ("g", "six")] {
        assert_eq!(string_at(&document, key), Some(value), "{key}");
    }
    let broken = document.member(document.root().unwrap(), "c").unwrap();
    let node = document.node(broken.value);
    assert_eq!((&node.kind, node.span.slice(text)), (&NodeKind::Error, "oops"));
}

#[test]
fn a_key_below_one_without_a_value_is_a_member() {
    assert_eq!(errors("{ a:\n b:\n c: 1 }"), [("missing-value", "a"), ("missing-value", "b")]);
    assert_eq!(errors("{ a:\n x-y: 1 }"), [("missing-value", "a"), ("key-needs-quotes", "x-y")]);
    assert_eq!(errors("{ a:\n '\\1': 1 }"), [("missing-value", "a"), ("bad-escape", "\\1")]);
    let text = "{\n  a:\n  b: 'one',\n  'c':\n  'd': 'two',\n}";
    let document = parse(text, &Options::default());
    let root = document.root().unwrap();
    for (key, value) in [("b", "one"), ("d", "two")] {
        assert_eq!(string_at(&document, key), Some(value), "{key}");
    }
    for key in ["a", "c"] {
        let node = document.node(document.member(root, key).unwrap().value);
        assert_eq!((&node.kind, node.span.slice(text)), (&NodeKind::Error, ""));
    }
    assert!(matches!(&document.node(root).kind, NodeKind::Object(members) if members.len() == 4));
}

#[test]
fn what_is_closed_early_ends_with_its_last_entry() {
    for (text, list) in
        [("{\n  a: [\n  b: 2\n}", "["), ("{\n  a: [ 1,\n  b: 2\n}", "[ 1"), ("{\n  a: [ x\n  b: 2\n}", "[ x")]
    {
        let document = parse(text, &Options::default());
        let value = document.member(document.root().unwrap(), "a").unwrap().value;
        assert_eq!(document.node(value).span.slice(text), list, "{text}");
    }
}

#[test]
fn nothing_readable_means_no_root() {
    for text in ["", " \n", "// only\n", "oops", "{{ template }}"] {
        let document = parse(text, &Options::default());
        assert_eq!((document.root(), document.is_valid()), (None, false), "{text}");
    }
}

#[test]
fn messages_never_quote_the_text() {
    let secret = "zebra4711";
    let around = [
        "{ a: S }",
        "{ a: 'S }",
        "{ a: 'S' 'S' }",
        "{ S-S: 1 }",
        "{ a: \"\\1S\n }",
        "{ a: `S` }",
        "[S: 1]",
        "{ a: <S> }",
        "{ a: 'x' S }",
        "S",
        "{ a: 0xS }",
        "{} S",
        "{ a: ${S} }",
        "{ a: “S” }",
        "{ S 1 }",
        "# S",
    ];
    for pattern in around {
        let text = pattern.replace('S', secret);
        let document = parse(&text, &Options::default());
        assert!(!document.errors().is_empty(), "{pattern}");
        for error in document.errors() {
            let help = error.help().map(|help| help.to_string()).unwrap_or_default();
            let words = [error.message().to_string(), help];
            assert!(words.iter().all(|words| !words.contains("zebra")), "{pattern}: {words:?}");
            assert!(!words[0].is_empty(), "{pattern}");
        }
    }
}

#[test]
fn depth_is_limited_with_one_error_and_without_a_stack() {
    for text in ["[".repeat(1_000_000), "{a:".repeat(500_000), "[{a:".repeat(300_000)] {
        let document = parse(&text, &Options::default());
        let kinds: Vec<_> = document.errors().iter().map(|error| error.kind).collect();
        assert_eq!(kinds, [ErrorKind::TooDeep(512)]);
    }
    let shallow = parse("[[1], {}, 2]", &Options { max_depth: 1, ..Options::default() });
    let places: Vec<_> = shallow.errors().iter().map(|error| (error.span.start, error.span.end)).collect();
    assert_eq!(places, [(1, 2), (6, 7)]);
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(512), &Options::default()).is_valid());
    assert!(!parse(&nested(513), &Options::default()).is_valid());
    let deeper = Options { max_depth: 100_000, ..Options::default() };
    assert!(parse(&nested(100_000), &deeper).is_valid());
}

#[test]
fn errors_are_capped_and_the_verdict_is_not() {
    let text = format!("[{}]", "oops,".repeat(1000));
    assert_eq!(parse(&text, &Options::default()).errors().len(), 100);
    let none = parse(&text, &Options { max_errors: 0, ..Options::default() });
    assert!(none.errors().is_empty() && !none.is_valid());
}

/// Time in proportion to the length: texts that make recovery look ahead or back again and again. A quadratic step would
/// run for minutes here; nothing is timed.
#[test]
fn repeated_mistakes_do_not_multiply() {
    let many = 10_000;
    let patterns = [
        "\"",
        "'\n",
        "\"\n'",
        "{",
        "]",
        "}",
        "[}",
        "{]",
        ",",
        ":",
        "a",
        "a ",
        "a:",
        "<",
        "${",
        "{{",
        "{%",
        "“",
        "`",
        "#\n",
        "//",
        "/*",
        "\\",
        "<<<<<<<\n",
        "[\"a\":",
        "[{a:1],",
        "{a:1},",
        "a b:",
        "a:\n",
        "'a':\n",
        "(",
        "((\n",
        "'a",
        "\"a\" b",
        "\u{200b}",
        "\0",
        "=",
        ";",
        "\n]",
        " }",
        "[\n'a':",
        "-",
        "0x",
        "$",
        "@",
    ];
    for pattern in patterns {
        for prefix in ["", "[", "{", "{a:", "[\"", "{\n  a: [\n"] {
            let text = format!("{prefix}{}", pattern.repeat(many));
            let document = parse(&text, &Options::default());
            let whole = Span::new(0, u32::try_from(text.len()).unwrap());
            assert!(document.errors().iter().all(|error| whole.contains(error.span)), "{prefix}{pattern}");
        }
    }
}

/// Every kind of mistake, in the words that a person reads: what is wrong, and what to write instead.
#[test]
fn each_mistake_has_its_words() {
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "",
            "empty-document",
            "the file holds no value",
            "an empty configuration is written `{}`; OpenClaw refuses a file with nothing in it",
        ),
        (
            "[[[[]]]]",
            "too-deep",
            "more than 3 brackets are open inside each other",
            "no configuration nests like this: look for a generator that repeats itself, or a bracket never closed",
        ),
        (
            "1 2",
            "text-after-document",
            "there is text after the end of the document",
            "a file holds one value: remove the rest, or the closing bracket that comes too early",
        ),
        (
            "a: 1",
            "missing-braces",
            "the document begins with a key, not with `{`",
            "put `{` before the first key and `}` after the last value",
        ),
        ("[1 [2]]", "missing-comma", "a comma is missing before this", "put `,` after the entry before it"),
        (
            "[‘é’ 1]",
            "smart-quotes",
            "typographic quotes do not make a string",
            "replace them with straight ones, \"...\" or '...'; word processors and chats change them",
        ),
        ("{a 1}", "missing-colon", "a colon is missing between key and value", "write `key: value`"),
        (
            "{a; b: 1}",
            "missing-value",
            "this key has no value",
            "write `key: value`; use `null` for nothing, or remove the key",
        ),
        ("{a; b: 1}", "wrong-separator", "`;` stands where JSON5 wants `,`", "write `,` instead"),
        ("{a = 1}", "wrong-separator", "`=` stands where JSON5 wants `:`", "write `:` instead"),
        (
            "{{}: 1}",
            "missing-key",
            "a key is missing here",
            "an object holds `key: value` pairs; a list of values is written `[ ]`",
        ),
        ("[,]", "leading-comma", "a comma stands before the first entry", "remove the comma"),
        (
            "[1,,]",
            "extra-comma",
            "there is nothing between these commas",
            "remove the extra comma: JSON5 allows one after each entry, and no empty slots",
        ),
        (
            "{a-b: 1}",
            "key-needs-quotes",
            "this key needs quotes",
            "put it in quotes: a bare key has letters, digits, `$` and `_` only, and does not begin with a digit",
        ),
        (
            "{a\\: 1}",
            "bad-key-escape",
            "this `\\` escape is not allowed in an unquoted key",
            "put the key in quotes; unquoted, only `\\u` with four hexadecimal digits that give a letter is allowed",
        ),
        (
            "['a': 1]",
            "key-in-array",
            "a key cannot stand directly inside `[ ]`",
            "wrap `key: value` in `{ }`, or close the array before it",
        ),
        ("[x]", "unquoted-value", "this text needs quotes", "put it in quotes: \"...\""),
        (
            "[True]",
            "unquoted-word",
            "`True` is not a value in JSON5",
            "write `true`, or \"True\" in quotes if the text is meant",
        ),
        (
            "[undefined]",
            "unquoted-word",
            "`undefined` is not a value in JSON5",
            "leave the key out, or write `null`; text goes in quotes",
        ),
        (
            "[${X}]",
            "template-placeholder",
            "a template placeholder stands outside a string",
            "fill in the template first, or put the placeholder in quotes",
        ),
        (
            "[1,\n=======\n]",
            "conflict-marker",
            "a merge conflict is not resolved",
            "keep one of the two sides, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`",
        ),
        ("[1, # x\n]", "hash-comment", "`#` does not begin a comment in JSON5", "write `//` instead of `#`"),
        ("/*", "unterminated-comment", "this comment is never closed", "close it with `*/`"),
        ("`a`", "backtick-string", "back-ticks do not make a string in JSON5", "use \"...\" or '...'"),
        (
            "'a",
            "unterminated-string",
            "this string is not closed before its line ends",
            "add the closing quote, or the one missing earlier on the line; a quote inside a string is written `\\\"`",
        ),
        (
            "'a\nb'",
            "line-break-in-string",
            "a string cannot go on over a line break",
            "write `\\n` for a line break, or end the line with `\\` to go on without one",
        ),
        (
            "'\\1'",
            "bad-escape",
            "a backslash before a digit is not an escape",
            "write `\\\\` for a backslash, or `\\xHH` for a character by its code",
        ),
        (
            "'\\x'",
            "bad-hex-escape",
            "`\\x` needs two hexadecimal digits",
            "write `\\xHH`, or `\\\\x` for a backslash and an x",
        ),
        (
            "'\\u'",
            "bad-unicode-escape",
            "`\\u` needs four hexadecimal digits",
            "write `\\uHHHH`, or `\\\\u` for a backslash and a u",
        ),
        (
            "010",
            "leading-zero",
            "a number cannot begin with a zero and another digit",
            "remove the zero, or put the digits in quotes if they are a name; octal does not exist in JSON5",
        ),
        ("1e", "bad-number", "this is not a number", "write a whole number after `e`, as in `1e3`"),
        ("+ 1", "bad-number", "this is not a number", "write digits directly after one sign or point"),
        (
            "0x",
            "bad-number",
            "this is not a number",
            "write `0x` with digits 0-9 and a-f only, or put the text in quotes",
        ),
        ("0b1", "bad-number", "this is not a number", "write the number in decimal, or in hexadecimal with `0x`"),
        ("1_0", "bad-number", "this is not a number", "write the digits without `_`"),
        ("{a: 1", "unclosed", "the object is not closed: `}` is missing", "put `}` behind the object's last entry"),
        ("[1", "unclosed", "the array is not closed: `]` is missing", "put `]` behind the array's last entry"),
        ("[1}", "wrong-bracket", "`}` cannot close what `[` opened", "write `]` here"),
        ("{a: 1]", "wrong-bracket", "`]` cannot close what `{` opened", "write `}` here"),
        (
            "{a: 1], b: 2}",
            "stray-bracket",
            "one `]` too many",
            "remove it, or look for an opening bracket that is missing",
        ),
        ("[1}, 2]", "stray-bracket", "one `}` too many", "remove it, or look for an opening bracket that is missing"),
        (
            "{a: 1 b}",
            "unexpected-text",
            "this text does not belong to the value before it",
            "remove it or add a comma; a quote inside a string is written with a backslash before it",
        ),
        ("[1 *]", "unexpected-character", "`*` cannot stand here", "remove it, or put the text in quotes"),
        (
            "[1 \u{1}]",
            "unexpected-character",
            "the character U+0001 cannot stand here",
            "remove it, or put the text in quotes",
        ),
        (
            "[1 \u{200b}]",
            "unexpected-character",
            "a zero-width space, U+200B, cannot stand here",
            "remove it, or put the text in quotes",
        ),
        (
            "[1 \0]",
            "unexpected-character",
            "a NUL character (is the file UTF-16?), U+0000, cannot stand here",
            "remove it, or put the text in quotes",
        ),
        (
            "[1 \u{85}]",
            "unexpected-character",
            "a NEXT LINE character, U+0085, cannot stand here",
            "remove it, or put the text in quotes",
        ),
        (
            "[1 €]",
            "unexpected-character",
            "the character U+20AC cannot stand here",
            "remove it, or put the text in quotes",
        ),
        (
            "[1 \u{fffd}]",
            "unexpected-character",
            "a replacement character (is the file UTF-8?), U+FFFD, cannot stand here",
            "remove it, or put the text in quotes",
        ),
        (
            "[1 ¬]",
            "unexpected-character",
            "the character U+00AC cannot stand here",
            "remove it, or put the text in quotes",
        ),
    ];
    for (text, name, message, help) in cases {
        let document = parse(text, &Options { max_depth: 3, ..Options::default() });
        let error = document.errors().iter().find(|error| error.name() == *name).expect(text);
        let told = error.help().map(|help| help.to_string()).unwrap_or_default();
        assert_eq!((error.message().to_string().as_str(), told.as_str()), (*message, *help), "{text}");
    }
}

/// Only where one text is surely meant.
#[test]
fn what_belongs_there_instead() {
    for (text, instead) in [
        ("{a = 1}", Some(":")),
        ("[1; 2]", Some(",")),
        ("[True]", Some("true")),
        ("[infinity]", Some("Infinity")),
        ("[undefined]", None),
        ("[x]", None),
        ("[1 2]", None),
    ] {
        assert_eq!(parse(text, &Options::default()).errors()[0].instead().as_deref(), instead, "{text}");
    }
}

#[test]
fn the_second_place_explains_the_first() {
    for (text, message, start, place) in [
        ("[1 2]", "the comma belongs after this", 1, "1"),
        ("['é' 2]", "the comma belongs after this", 4, "'"),
        ("[‘é’ 2]", "the comma belongs after this", 6, "’"),
        ("{'a' 1}", "the colon belongs after this key", 1, "'a'"),
        ("[[1]", "opened here", 0, "["),
        ("{a: {b: 1}", "opened here", 0, "{"),
        ("[{a: 1, {b: 2}]", "opened here", 1, "{"),
        ("{\n  a: [\n    1,\n  b: 2\n}", "opened here", 7, "["),
        ("[{a: 1]", "opened here", 1, "{"),
        ("[1}", "opened here", 0, "["),
        // A bracket that is indented less than what opens it was meant for another.
        ("{\n  a: [\n    1,\n    2,\n],\n  c: 2,\n", "opened here", 7, "["),
        ("{\n  a: {\n    b: 1,\n},\n  c: [\n    2\n  ]\n", "opened here", 7, "{"),
        ("{\n  a: [\n    1\n  ],\n  b: {\n  }\n", "opened here", 0, "{"),
        ("{\r  a: {\r    b: 1,\r},\r  c: 2\r", "opened here", 7, "{"),
        ("'a\nb'", "the string begins here", 0, "'"),
        ("{a: 1} b", "the document ends here", 5, "}"),
        ("{a: 1}, b: 2", "this still belongs inside", 8, "b"),
        ("{a: 1} 'b': 2", "this still belongs inside", 7, "'b'"),
    ] {
        let document = parse(text, &Options::default());
        let error = document.errors().iter().find(|error| error.related.is_some()).expect(text);
        let span = error.related.unwrap_or_default();
        assert_eq!((error.related_message(), span.start, span.slice(text)), (Some(message), start, place), "{text}");
    }
    for text in ["[1,,2]", "[True]", "{a: 1]"] {
        let error = parse(text, &Options::default()).errors()[0];
        assert_eq!(error.related_message().is_some(), error.related.is_some(), "{text}");
    }
}

#[test]
fn some_mistakes_cast_doubt_on_the_brackets() {
    for (text, doubt) in [
        ("{a: 1}", false),
        ("{a: True}", false),
        ("[1 2]", false),
        ("{a: 1} b", false),
        ("'a\nb'", false),
        ("'a", true),
        ("[1, /*", true),
        ("[“a”]", true),
        ("[1", true),
        ("[1}", true),
        ("]1", true),
        ("[[[[", true),
    ] {
        let document = parse(text, &Options { max_depth: 3, ..Options::default() });
        assert_eq!(document.brackets_in_doubt(), doubt, "{text}");
    }
}

/// Looking around is bounded, so that it stays cheap: what is too far away is not seen.
#[test]
fn how_far_recovery_looks() {
    let x = |count: usize| "x".repeat(count);
    let names = |text: &str| -> Vec<_> { parse(text, &Options::default()).errors().iter().map(|e| e.name()).collect() };
    assert_eq!(names(&format!("[{{{{{}}}}}]", x(510))), ["template-placeholder"]);
    assert_ne!(names(&format!("[{{{{{}}}}}]", x(511))), ["template-placeholder"]);
    // Parentheses hold commas.
    assert_eq!(errors(&format!("[({},)]", x(509))), [("unquoted-value", &*format!("({},)", x(509)))]);
    assert_eq!(errors(&format!("[({},)]", x(510)))[0], ("unquoted-value", &*format!("({}", x(510))));
    // An odd quote explains what came before it on its line.
    assert_eq!(names(&format!("[[yes, 1{}'\n]", " ".repeat(247))), ["unterminated-string"]);
    assert_eq!(names(&format!("[[yes, 1{}'\n]", " ".repeat(260))), ["unquoted-word", "unterminated-string"]);
    assert_eq!(names("[[yes,\r1 '\r]"), ["unquoted-word", "unterminated-string"]);
    // The line of a bracket shows what is outside it.
    let outdented = |pad: usize| format!("    {{\n{}  a: [\n    1,\n  b: 2\n}}", " ".repeat(pad));
    assert_eq!(names(&outdented(0)), ["unclosed"]);
    assert_eq!(names(&outdented(250)), ["unclosed"]);
    assert_eq!(names(&outdented(252)), ["key-in-array", "unclosed"]);
    // A key that is longer than any key.
    let needs_quotes = |len: usize| names(&format!("{{{}-: 1}}", x(len - 1)));
    assert_eq!(needs_quotes(512), ["key-needs-quotes"]);
    assert_ne!(needs_quotes(513), ["key-needs-quotes"]);
}

// ---- what is kept beside a mistake -----------------------------------------------------------------------------------

/// The value in short: `!` where none could be read.
fn value(document: &Document, id: NodeId) -> String {
    let all = |parts: Vec<String>| parts.join(",");
    match &document.node(id).kind {
        NodeKind::Null => "null".to_owned(),
        NodeKind::Bool(value) => value.to_string(),
        NodeKind::Number(value) => value.to_string(),
        NodeKind::String(value) => format!("'{value}'"),
        NodeKind::Array(items) => format!("[{}]", all(items.iter().map(|item| value(document, *item)).collect())),
        NodeKind::Object(members) => {
            let member = |m: &Member| format!("{}:{}", m.key, value(document, m.value));
            format!("{{{}}}", all(members.iter().map(member).collect()))
        }
        NodeKind::Error => "!".to_owned(),
    }
}

/// Rows of a text, its errors with what stands under them, and the value that is left.
fn recovers(cases: &[(&str, &str, &str)]) {
    for (text, mistakes, kept) in cases {
        let document = parse(text, &Options::default());
        let told: Vec<_> = document.errors().iter().map(|e| format!("{} {}", e.name(), e.span.slice(text))).collect();
        let left = document.root().map_or_else(String::new, |root| value(&document, root));
        assert_eq!((told.join(" | ").as_str(), left.as_str()), (*mistakes, *kept), "{text:?}");
    }
}

/// The text behind a bracket tells which one was meant; if it does not, the indentation does.
#[test]
fn brackets_that_do_not_pair() {
    recovers(&[
        ("[[1 {}]]", "missing-comma {", "[[1,{}]]"),
        ("[{a: 1]", "unclosed ]", "[{a:1}]"),
        ("[{a: 1]]", "wrong-bracket ]", "[{a:1}]"),
        ("[{a: 1], 2]", "wrong-bracket ]", "[{a:1},2]"),
        ("[{a: 1], b: 2}]", "unclosed ]", "[{a:1}]"),
        ("[{a: 1], /* c */ b: 2}]", "unclosed ]", "[{a:1}]"),
        ("[{a: 1] x]", "unclosed ]", "[{a:1}]"),
        ("{a: [1}", "unclosed }", "{a:[1]}"),
        ("{a: [1}, b: 2}", "wrong-bracket }", "{a:[1],b:2}"),
        ("{a: {b: [1}}", "unclosed }", "{a:{b:[1]}}"),
        ("{a: {b: [1}}}", "unclosed }", "{a:{b:[1]}}"),
        ("{a: [{b: 1]}", "unclosed ]", "{a:[{b:1}]}"),
        ("{a: [{b: 1], c: 2}", "unclosed ]", "{a:[{b:1}],c:2}"),
        ("{a: [{b: 1],}", "unclosed ]", "{a:[{b:1}]}"),
        ("{a: [{b: 1], 2]}", "wrong-bracket ]", "{a:[{b:1},2]}"),
        ("{a: [\n  {\n    b: 1\n  ],\n]}", "wrong-bracket ]", "{a:[{b:1}]}"),
        ("{a: [\n  {\n    b: 1\n],\n}", "unclosed ]", "{a:[{b:1}]}"),
        ("{a: [\n  {\n    b: 1\n  ],\n}", "wrong-bracket ]", "{a:[{b:1}]}"),
        ("[{a: [1}, {b: 2}]", "unclosed }", "[{a:[1]},{b:2}]"),
        ("{a: 1]", "wrong-bracket ]", "{a:1}"),
        ("{a: 1], b: 2}", "stray-bracket ]", "{a:1,b:2}"),
        ("{a: [1]], b: 2}", "stray-bracket ]", "{a:[1],b:2}"),
        ("{a: {b: 1]}", "stray-bracket ]", "{a:{b:1}}"),
        ("{a: {b: 1]]}", "wrong-bracket ] | stray-bracket ]", "{a:{b:1}}"),
        ("[1}", "wrong-bracket }", "[1]"),
        ("[1}, 2]", "stray-bracket }", "[1,2]"),
        ("[1} 2]", "wrong-bracket }", "[1]"),
        ("[[1}]", "stray-bracket }", "[[1]]"),
        ("[[1}, 2]", "stray-bracket }", "[[1,2]]"),
        ("]1", "stray-bracket ]", "1"),
        ("}1", "stray-bracket }", "1"),
        ("]]]1", "stray-bracket ]]]", "1"),
        ("}}{a: 1}", "stray-bracket }}", "{a:1}"),
        ("}]1", "stray-bracket } | stray-bracket ]", "1"),
        ("1]", "text-after-document ]", "1"),
        ("1}", "text-after-document }", "1"),
        ("[]]", "text-after-document ]", "[]"),
        ("{}}", "text-after-document }", "{}"),
        ("{}]", "text-after-document ]", "{}"),
        ("[] []", "text-after-document [", "[]"),
        ("{} {}", "text-after-document {", "{}"),
        ("{}, a: 1", "stray-bracket }", "{a:1}"),
        ("{}, a: 1}", "stray-bracket }", "{a:1}"),
        ("{} a: 1", "stray-bracket }", "{a:1}"),
        ("{a: 1}, b: 2}, c: 3}", "stray-bracket }", "{a:1,b:2}"),
        ("{a: 1} 'b': 2", "stray-bracket }", "{a:1,b:2}"),
        ("{a: 1}\n// c\nb: 2}", "stray-bracket }", "{a:1,b:2}"),
        ("[1], b: 2", "text-after-document ,", "[1]"),
        ("1, b: 2", "text-after-document ,", "1"),
        ("'a': 1", "missing-braces 'a'", "{a:1}"),
        ("'a': 1, b: 2", "missing-braces 'a'", "{a:1,b:2}"),
        ("\"a\": {b: 1}}", "missing-braces \"a\"", "{a:{b:1}}"),
        ("a: 1", "missing-braces a", "{a:1}"),
        ("a: 1, b: 2}", "missing-braces a", "{a:1,b:2}"),
        ("1: 2", "missing-braces 1 | key-needs-quotes 1", "{1:2}"),
        ("a-b: 1", "missing-braces a-b | key-needs-quotes a-b", "{a-b:1}"),
        ("x y: 1", "unquoted-value x | text-after-document y", ""),
        ("true: 1", "text-after-document :", "true"),
        ("[1]: 2", "text-after-document :", "[1]"),
        ("{}: 2", "text-after-document :", "{}"),
        (": 1", "unexpected-character :", "1"),
        ("{\n  a: {\n    b: [1\n  }\n}", "unclosed }", "{a:{b:[1]}}"),
        ("{\n  a: [\n    {b: 1\n  ]\n}", "unclosed ]", "{a:[{b:1}]}"),
        ("{\n  a: [\n    {\n      b: 1\n    ]\n  ]\n}", "wrong-bracket ]", "{a:[{b:1}]}"),
        ("{\n  a: [\n    {\n      b: 1\n  ]\n}", "unclosed ]", "{a:[{b:1}]}"),
        ("[[{a: 1], 2], 3]", "unclosed ]", "[[{a:1}],2]"),
        ("[{a: [1}, 2]", "unclosed }", "[{a:[1]},2]"),
        ("{a: [{b: 1],\n]}", "unclosed ] | stray-bracket ]", "{a:[{b:1}]}"),
        ("[{a: 1], #c\nb: 2}]", "unclosed ]", "[{a:1}]"),
        ("[{a: 1], 'b': 2}]", "unclosed ]", "[{a:1}]"),
        ("[{a: 1],]", "wrong-bracket ]", "[{a:1}]"),
        ("{a: [1},}", "wrong-bracket }", "{a:[1]}"),
        ("010: 1", "missing-braces 010 | key-needs-quotes 010", "{010:1}"),
        ("1e: 1", "missing-braces 1e | key-needs-quotes 1e", "{1e:1}"),
        ("{{x}}: 1", "template-placeholder {{x}} | missing-braces {{x}}", "{{{x}}:1}"),
    ]);
}

/// The text may end, or go on with what belongs outside.
#[test]
fn what_is_never_closed() {
    recovers(&[
        ("{\n  a: [\n    1,\n  b: 2\n}", "unclosed b", "{a:[1],b:2}"),
        ("{\n  a: [\n    1\n  b: 2\n}", "unclosed b", "{a:[1],b:2}"),
        ("{\n  a: [\n    1,\n  'b': 2\n}", "unclosed 'b'", "{a:[1],b:2}"),
        ("{\n  a: [1,\n  b: 2\n}", "unclosed b", "{a:[1],b:2}"),
        ("{\n  a: [\n  b: 2\n}", "unclosed b", "{a:[],b:2}"),
        ("{\n  a: [\n    b: 2\n}", "key-in-array b: | unclosed }", "{a:[2]}"),
        ("{\n  a: [\n    b: 2\n  ]\n}", "key-in-array b:", "{a:[2]}"),
        ("{\n  a: [x,\n  b: 2\n}", "unquoted-value x | unclosed b", "{a:[!],b:2}"),
        ("{\n  a: [x\n  b: 2\n}", "unquoted-value x | unclosed b", "{a:[!],b:2}"),
        ("[\n  1\n  b: 2\n]", "missing-comma b | key-in-array b:", "[1,2]"),
        ("[[\n  1\n  b: 2\n]]", "missing-comma b | key-in-array b:", "[[1,2]]"),
        ("{a: [\n1\nb: 2}", "unclosed b", "{a:[1],b:2}"),
        ("{a: [1\n'b': 2}", "unclosed '", "{a:[1],b:2}"),
        ("{a: [1\n'b']}", "missing-comma 'b'", "{a:[1,'b']}"),
        ("{a: [1\n[b: 2]}", "missing-comma [ | key-in-array b: | unclosed }", "{a:[1,[2]]}"),
        ("[{a: 1 {b: 2}]", "unclosed {", "[{a:1},{b:2}]"),
        ("[{a: 1, {b: 2}]", "unclosed {", "[{a:1},{b:2}]"),
        ("[{a: 1,\n{b: 2}]", "unclosed {", "[{a:1},{b:2}]"),
        ("{a: {b: 1 {c: 2}}", "unexpected-character { | unclosed ", "{a:{b:1}}"),
        ("{a: {b: 1, {c: 2}}", "missing-key { | unclosed ", "{a:{b:1}}"),
        ("{a: [1", "unclosed ", "{a:[1]}"),
        ("{a: [1,", "unclosed ", "{a:[1]}"),
        ("{a: [1, {b:", "unclosed ", "{a:[1,{b:!}]}"),
        ("{a: {b: 1", "unclosed ", "{a:{b:1}}"),
        ("{a", "unclosed ", "{a:!}"),
        ("{a:", "unclosed ", "{a:!}"),
        ("{'a'", "unclosed ", "{a:!}"),
        ("{a: 1,", "unclosed ", "{a:1}"),
        ("[", "unclosed ", "[]"),
        ("[1", "unclosed ", "[1]"),
        ("[{", "unclosed ", "[{}]"),
        ("[{a", "unclosed ", "[{a:!}]"),
        ("[{a:[", "unclosed ", "[{a:[]}]"),
        ("{\n  a: {\n    b: 1,\n  c: 2,\n}", "unclosed ", "{a:{b:1,c:2}}"),
        ("{\n  a: [\n    1,\n    2,\n],\n  c: 2,\n", "unclosed ", "{a:[1,2],c:2}"),
        ("{\n  a: {\n    b: 1,\n},\n  c: [\n    2\n  ]\n", "unclosed ", "{a:{b:1},c:[2]}"),
        ("{\n  a: [\n    1\n  ],\n  b: {\n  }\n", "unclosed ", "{a:[1],b:{}}"),
        ("{ a: { b: {\n} }", "unclosed ", "{a:{b:{}}}"),
        ("{\n\ta: [\n\t\t1,\n\tb: 2\n}", "unclosed b", "{a:[1],b:2}"),
        ("{\r  a: [\r    1,\r  b: 2\r}", "unclosed b", "{a:[1],b:2}"),
        ("{\n    a: [\n    1,\n  b: 2\n}", "unclosed b", "{a:[1],b:2}"),
        ("{\n  a: [\n    1,\n    b: 2\n}", "key-in-array b: | unclosed }", "{a:[1,2]}"),
        ("{\n  a: [\n    1,\n  b\n}", "unquoted-value b | unclosed }", "{a:[1,!]}"),
        ("{\n  a: [\n    {c: 1},\n  b: 2\n}", "unclosed b", "{a:[{c:1}],b:2}"),
        ("[\n  [\n    1,\n  b: 2\n]", "key-in-array b: | unclosed ", "[[1,2]]"),
        ("{\n  a: [\n    x\n  b: 2\n}", "unquoted-value x | unclosed b", "{a:[!],b:2}"),
        ("{\n  a: [\n    '1',\n  '': 2\n}", "unclosed ''", "{a:['1'],:2}"),
    ]);
}

#[test]
fn commas_and_colons_between_entries() {
    recovers(&[
        ("{a: 1; b: 2}", "wrong-separator ;", "{a:1,b:2}"),
        ("[1; 2]", "wrong-separator ;", "[1,2]"),
        ("[1: 2]", "key-in-array 1:", "[2]"),
        ("['a': 1]", "key-in-array 'a':", "[1]"),
        ("['a': 1, 'b': 2]", "key-in-array 'a': | key-in-array 'b':", "[1,2]"),
        ("['a':, 1]", "key-in-array 'a': | missing-value ,", "[!,1]"),
        ("['a':]", "key-in-array 'a': | missing-value ]", "[!]"),
        ("[a: 1]", "key-in-array a:", "[1]"),
        ("[10: 1]", "key-in-array 10:", "[1]"),
        ("[true: 1]", "unexpected-character :", "[true]"),
        ("[{}: 1]", "unexpected-character :", "[{}]"),
        ("[[1]: 2]", "unexpected-character :", "[[1]]"),
        ("[:]", "unexpected-character : | missing-value ]", "[!]"),
        ("[1, :]", "unexpected-character : | missing-value ]", "[1,!]"),
        ("['a' : {b: 1}]", "key-in-array 'a' :", "[{b:1}]"),
        ("[a b: 1]", "unquoted-value a | key-in-array b:", "[!,1]"),
        ("{a: 1 b: 2 c: 3}", "missing-comma b | missing-comma c", "{a:1,b:2,c:3}"),
        ("{a: 1\n2: 3}", "missing-comma 2 | key-needs-quotes 2", "{a:1,2:3}"),
        ("{a: 1\n'b': 2}", "missing-comma 'b'", "{a:1,b:2}"),
        ("{a: 1\n'b'}", "missing-comma 'b' | missing-value 'b'", "{a:1,b:!}"),
        ("{a: 1\nb}", "missing-comma b | missing-value b", "{a:1,b:!}"),
        // Where nothing is indented, lines do not tell what is outside of an object.
        ("{\na: {\nb: 1\nc: 2\n}\n}", "missing-comma c", "{a:{b:1,c:2}}"),
        // What is no text is no key, on whatever line.
        ("{a:\n['x']: 1}", "unexpected-character :", "{a:['x']}"),
        ("{a:\n[]: 1, c: 2}", "unexpected-character :", "{a:[],c:2}"),
        ("{a: 1 b}", "unexpected-text b", "{a:1}"),
        ("{a: 1 'b'}", "unexpected-text 'b'", "{a:1}"),
        ("{a: 1 'b' c: 2}", "unexpected-text 'b'", "{a:1}"),
        ("{a: 1 + 2}", "unexpected-character +", "{a:1}"),
        ("{a: 1 + 2, b: 3}", "unexpected-character +", "{a:1,b:3}"),
        ("{a: 'x' + 'y', b: 3}", "unexpected-character +", "{a:'x',b:3}"),
        ("{a: 'x' 'y', b: 3}", "unexpected-text 'y'", "{a:'x',b:3}"),
        ("{a: 'x' y, b: 3}", "unexpected-text y", "{a:'x',b:3}"),
        ("{a: 1 [2], b: 3}", "unexpected-character [", "{a:1,b:3}"),
        ("{a: 1 {b: 2}, c: 3}", "unexpected-character {", "{a:1,c:3}"),
        ("{a: 1 ) b: 2}", "unexpected-character )", "{a:1}"),
        ("{a: 1 ) x\n b: 2}", "unexpected-character )", "{a:1,b:2}"),
        ("{a: 1 ~ ~\n b: 2}", "unexpected-character ~", "{a:1,b:2}"),
        ("{a: 1 ~ 'x'\n b: 2}", "unexpected-character ~", "{a:1,b:2}"),
        ("{a: 1 ~ [2, 3], b: 4}", "unexpected-character ~", "{a:1,b:4}"),
        ("{a: 1 ~ 'x, b: 4}", "unterminated-string 'x, b: 4}", "{a:1}"),
        ("{a: 1 ~ 'x', b: 4}", "unexpected-character ~", "{a:1,b:4}"),
        ("{a: 1 'x, b: 4}", "unterminated-string 'x, b: 4}", "{a:1}"),
        ("{a: 1 'x\n b: 4}", "unterminated-string 'x", "{a:1,b:4}"),
        ("{a: 1 $ 2}", "unexpected-text $", "{a:1}"),
        ("{a: 1 _b}", "unexpected-text _b", "{a:1}"),
        ("{a: 1 é}", "unexpected-text é", "{a:1}"),
        ("[1 a]", "missing-comma a | unquoted-value a", "[1,!]"),
        ("[1 'a']", "missing-comma 'a'", "[1,'a']"),
        ("[1 'a]", "unterminated-string 'a]", "[1]"),
        ("[1\n'a]", "unterminated-string 'a]", "[1,'a]']"),
        ("[1\n'a']", "missing-comma 'a'", "[1,'a']"),
        ("[1 +2]", "missing-comma +2", "[1,2]"),
        ("[1 + 2]", "unexpected-character +", "[1]"),
        ("[1 -x]", "unexpected-character -", "[1]"),
        ("[1 -.5]", "missing-comma -.5", "[1,-0.5]"),
        ("[1 -I]", "missing-comma -I | unquoted-value -I", "[1,!]"),
        ("[1 -N]", "missing-comma -N | unquoted-value -N", "[1,!]"),
        ("[1 .5]", "missing-comma .5", "[1,0.5]"),
        ("[1 [2]]", "missing-comma [", "[1,[2]]"),
        ("[1 {a: 2}]", "missing-comma {", "[1,{a:2}]"),
        ("[1 <a>]", "missing-comma <a> | template-placeholder <a>", "[1,!]"),
        ("[1 `a`]", "missing-comma ` | backtick-string `a`", "[1,'a']"),
        ("[1 “a”]", "missing-comma “a” | smart-quotes “a”", "[1,'a']"),
        ("[1 ‘a’]", "missing-comma ‘a’ | smart-quotes ‘a’", "[1,'a']"),
        ("[1 ~]", "unexpected-character ~", "[1]"),
        ("[1 ~ 2, 3]", "unexpected-character ~", "[1,3]"),
        ("[1 é]", "missing-comma é | unquoted-value é", "[1,!]"),
        ("[1 _]", "missing-comma _ | unquoted-value _", "[1,!]"),
        ("[1 $]", "missing-comma $ | unquoted-value $", "[1,!]"),
        ("[1 *]", "unexpected-character *", "[1]"),
        ("[1 \u{1} 2]", "unexpected-character \u{1}", "[1]"),
        ("[x 1]", "unquoted-value x 1", "[!]"),
        ("[x\n1]", "unquoted-value x | missing-comma 1", "[!,1]"),
        ("[x 'a']", "unquoted-value x", "[!,'a']"),
        ("[x, 'a']", "unquoted-value x", "[!,'a']"),
        ("{a: x 'b': 1}", "unquoted-value x", "{a:!,b:1}"),
        ("{a: x\n'b': 1}", "unquoted-value x | missing-comma 'b'", "{a:!,b:1}"),
        ("{a: x\nb: 1}", "unquoted-value x | missing-comma b", "{a:!,b:1}"),
        ("{a: x b: 1}", "unquoted-value x", "{a:!,b:1}"),
        ("[010: 1]", "key-in-array 010:", "[1]"),
        ("[1e: 1]", "key-in-array 1e:", "[1]"),
        ("{a:[\n{b:1}: 2]}", "unexpected-character :", "{a:[{b:1}]}"),
        ("{-\r\n b:1}", "missing-key -", "{b:1}"),
        ("[1\n)]", "unexpected-character )", "[1]"),
        ("[1\n*, 2]", "unexpected-character *", "[1,2]"),
        ("[1\n\"]", "unterminated-string \"]", "[1,']']"),
        ("[1 'a' b: 2]", "missing-comma 'a' | missing-comma b | key-in-array b:", "[1,'a',2]"),
        ("{;a: \"x\"\n \"b\": 2}", "missing-key ;", "{b:2}"),
        ("{a: 1 ~ ~ b: 2\n c: 3}", "unexpected-character ~", "{a:1,c:3}"),
        ("{a: 1 ~ {b: 2} c\n d: 3}", "unexpected-character ~", "{a:1,d:3}"),
        ("{a: 1 ~ 'x' 'y'\n d: 3}", "unexpected-character ~", "{a:1,d:3}"),
        ("[1 ~ [2 ~ 3] 4, 5]", "unexpected-character ~", "[1,5]"),
        ("[1 ~ {'}': ']'}, 5]", "unexpected-character ~", "[1,5]"),
        ("[1 ~ [[2], {b: [3]}], 5]", "unexpected-character ~", "[1,5]"),
        ("[1 ~ [é€], 5]", "unexpected-character ~", "[1,5]"),
        ("[1 ~ [// ]\n], 5]", "unexpected-character ~", "[1,5]"),
        ("[1 ~ ['x], 5]", "unexpected-character ~ | unclosed ", "[1]"),
        ("{a: 1 ~ \"x\\\"y\", b: 2}", "unexpected-character ~", "{a:1,b:2}"),
        ("{a: 1 ~ \"x€\", b: 2}", "unexpected-character ~", "{a:1,b:2}"),
        ("{a: 1 'b\\'' : 2}", "missing-comma 'b\\''", "{a:1,b':2}"),
        ("{a: 1 'b€' : 2}", "missing-comma 'b€'", "{a:1,b€:2}"),
    ]);
}

#[test]
fn commas_without_an_entry() {
    recovers(&[
        ("[,]", "leading-comma ,", "[]"),
        ("[,,1]", "leading-comma ,,", "[1]"),
        ("{,a: 1}", "leading-comma ,", "{a:1}"),
        ("[1,,]", "extra-comma ,", "[1]"),
        ("[1, , 2]", "extra-comma ,", "[1,2]"),
        ("[1,// c\n,2]", "extra-comma ,", "[1,2]"),
        ("{a: 1,, b: 2}", "extra-comma ,", "{a:1,b:2}"),
        ("{a: 1, , , b: 2}", "extra-comma , ,", "{a:1,b:2}"),
        ("[[],,[]]", "extra-comma ,", "[[],[]]"),
        ("[, // c\n 1]", "leading-comma ,", "[1]"),
    ]);
}

#[test]
fn keys() {
    recovers(&[
        ("{'a' 1}", "missing-colon 1", "{a:1}"),
        ("{a 1}", "missing-colon 1", "{a:1}"),
        ("{a 'x'}", "missing-colon 'x'", "{a:'x'}"),
        ("{a {b: 1}}", "missing-colon {", "{a:{b:1}}"),
        ("{a [1]}", "missing-colon [", "{a:[1]}"),
        ("{a; b: 1}", "missing-value a | wrong-separator ;", "{a:!,b:1}"),
        ("{a, b}", "missing-value a | missing-value b", "{a:!,b:!}"),
        ("{a = 1}", "wrong-separator =", "{a:1}"),
        ("{a => 1}", "wrong-separator =>", "{a:1}"),
        ("{a => {b: 1}}", "wrong-separator =>", "{a:{b:1}}"),
        ("{a=1}", "wrong-separator =", "{a:1}"),
        ("{a==1}", "wrong-separator = | unexpected-character =", "{a:1}"),
        ("{'a'= 1}", "wrong-separator =", "{a:1}"),
        ("{:1}", "missing-key :", "{}"),
        ("{: 1, b: 2}", "missing-key :", "{b:2}"),
        ("{:}", "missing-key :", "{}"),
        ("{a: 1, : 2}", "missing-key :", "{a:1}"),
        ("{[1]: 2}", "missing-key [", "{}"),
        ("{[1]: 2, b: 3}", "missing-key [", "{b:3}"),
        ("{[1] b: 3}", "missing-key [", "{b:3}"),
        ("{{} b: 3}", "missing-key {", "{b:3}"),
        ("{{a: 1}}", "template-placeholder {{a: 1}}", ""),
        ("{{a: 1}, b: 2}", "missing-key {", "{b:2}"),
        ("{(a): 1}", "key-needs-quotes (a)", "{(a):1}"),
        ("{a.b: 1}", "key-needs-quotes a.b", "{a.b:1}"),
        ("{a/b: 1}", "key-needs-quotes a/b", "{a/b:1}"),
        ("{a//b: 1\n}", "missing-value a", "{a:!}"),
        ("{a/*b*/: 1}", "", "{a:1}"),
        ("{a b: 1}", "missing-colon b | unquoted-value b", "{a:!}"),
        ("{a b c: 1}", "missing-colon b | unquoted-value b", "{a:!,c:1}"),
        ("{1: 1}", "key-needs-quotes 1", "{1:1}"),
        ("{-1: 1}", "key-needs-quotes -1", "{-1:1}"),
        ("{+: 1}", "key-needs-quotes +", "{+:1}"),
        ("{~: 1}", "key-needs-quotes ~", "{~:1}"),
        ("{~}", "missing-key ~", "{}"),
        ("{~, a: 1}", "missing-key ~", "{a:1}"),
        ("{@a: 1}", "key-needs-quotes @a", "{@a:1}"),
        ("{@a}", "missing-key @a", "{}"),
        ("{`a`: 1}", "backtick-string `a`", "{a:1}"),
        ("{“a”: 1}", "smart-quotes “a”", "{a:1}"),
        ("{“a\" : 1}", "smart-quotes “a\"", "{a:1}"),
        ("{‘a': 1}", "smart-quotes ‘a'", "{a:1}"),
        ("{‘a’ 1}", "smart-quotes ‘a’ | missing-colon 1", "{a:1}"),
        ("{«a»: 1}", "smart-quotes «a»", "{a:1}"),
        ("{‚a‘: 1}", "smart-quotes ‚a‘", "{a:1}"),
        ("{„a“: 1}", "smart-quotes „a“", "{a:1}"),
        ("{é: 1}", "", "{é:1}"),
        ("{é-è: 1}", "key-needs-quotes é-è", "{é-è:1}"),
        ("{€: 1}", "key-needs-quotes €", "{€:1}"),
        ("{€}", "missing-key €", "{}"),
        ("{€ a: 1}", "missing-key €", "{}"),
        ("{\u{200b}a: 1}", "unexpected-character \u{200b}", "{a:1}"),
        ("{\u{200b}\u{200b}a: 1}", "unexpected-character \u{200b}\u{200b}", "{a:1}"),
        ("{\u{1}: 1}", "unexpected-character \u{1} | missing-key :", "{}"),
        ("{\\: 1}", "bad-key-escape \\", "{\\:1}"),
        ("{\\}", "bad-key-escape \\", "{}"),
        ("{a\\: 1}", "bad-key-escape a\\", "{a\\:1}"),
        ("{a\\x41: 1}", "bad-key-escape a\\x41", "{a\\x41:1}"),
        ("{a\\u004: 1}", "bad-key-escape a\\u004", "{a\\u004:1}"),
        ("{\\u0031: 1}", "bad-key-escape \\u0031", "{\\u0031:1}"),
        ("{a\\u0031: 1}", "", "{a1:1}"),
        ("{\\u0061\\x: 1}", "bad-key-escape \\u0061\\x", "{\\u0061\\x:1}"),
        ("{a\\}", "bad-key-escape a\\", "{}"),
        ("{a\\ b: 1}", "bad-key-escape a\\", "{}"),
        ("{a: 1, ]}", "stray-bracket ]", "{a:1}"),
        ("{]", "wrong-bracket ]", "{}"),
        ("{a: 1, ] b: 2}", "wrong-bracket ] | stray-bracket ]", "{a:1,b:2}"),
        ("[{]]", "wrong-bracket ]", "[{}]"),
        ("{a:: 1}", "unexpected-character :", "{a:1}"),
        ("{a: : 1}", "unexpected-character :", "{a:1}"),
        ("{a: = 1}", "unexpected-character =", "{a:1}"),
        ("{a: ; 1}", "unexpected-character ;", "{a:1}"),
        ("{a: > 1}", "unexpected-character >", "{a:1}"),
        ("{a: ) 1}", "unexpected-character )", "{a:1}"),
        ("{a: ,}", "missing-value a", "{a:!}"),
        ("{a: }", "missing-value a", "{a:!}"),
        ("{a: ]}", "missing-value a | stray-bracket ]", "{a:!}"),
        ("{a: , b: }", "missing-value a | missing-value b", "{a:!,b:!}"),
        ("{a:\nb: 1}", "missing-value a", "{a:!,b:1}"),
        ("{a: \u{200b}1}", "unexpected-character \u{200b}", "{a:1}"),
        ("{a: \u{200b}\u{200b}1}", "unexpected-character \u{200b}\u{200b}", "{a:1}"),
        ("{a: 1\u{200b}}", "unexpected-character \u{200b}", "{a:1}"),
        ("[\u{200b}]", "unexpected-character \u{200b} | missing-value ]", "[!]"),
        ("\u{200b}1", "unexpected-character \u{200b}", "1"),
        ("\0", "unexpected-character \0", ""),
        ("\0{}", "unexpected-character \0", ""),
        ("[\0]", "unexpected-character \0 | missing-value ]", "[!]"),
        ("[\0,\0]", "unexpected-character \0 | missing-value , | unexpected-character \0 | missing-value ]", "[!,!]"),
        ("\u{fffd}1", "unexpected-character \u{fffd}", ""),
        ("[\u{fffd}]", "unexpected-character \u{fffd} | missing-value ]", "[!]"),
        ("=1", "unexpected-character =", "1"),
        (":1", "unexpected-character :", "1"),
        (";1", "unexpected-character ;", "1"),
        (">1", "unexpected-character >", "1"),
        (")1", "unexpected-character )", "1"),
        (",1", "unexpected-character ,", "1"),
        (",,1", "unexpected-character ,,", "1"),
        ("{a//b: 1\n, c: 2}", "missing-value a", "{a:!,c:2}"),
    ]);
}

/// Either the string goes on below, or its quote was forgotten; an odd quote explains what it shifts.
#[test]
fn strings_that_a_line_cuts() {
    recovers(&[
        ("'a\nb'", "line-break-in-string \n", "'a\nb'"),
        ("'a\r\nb'", "line-break-in-string \r\n", "'a\r\nb'"),
        ("'a\rb'", "line-break-in-string \r", "'a\rb'"),
        ("{a: 'x\ny', b: 1}", "line-break-in-string \n", "{a:'x\ny',b:1}"),
        ("{a: 'x\ny'}", "line-break-in-string \n", "{a:'x\ny'}"),
        ("['x\ny']", "line-break-in-string \n", "['x\ny']"),
        ("['x\ny'\n]", "line-break-in-string \n", "['x\ny']"),
        ("'x\ny' // c", "line-break-in-string \n", "'x\ny'"),
        ("'x\ny'\t", "line-break-in-string \n", "'x\ny'"),
        ("'x\ny' x", "unterminated-string 'x | text-after-document y", "'x'"),
        ("{'x\ny': 1}", "line-break-in-string \n", "{x\ny:1}"),
        ("{'x\n': 1}", "unterminated-string 'x | unterminated-string ': 1}", "{x:': 1}'}"),
        ("{'x\n  ': 1}", "unterminated-string 'x | unterminated-string ': 1}", "{x:': 1}'}"),
        ("{'x\ny' 1}", "unterminated-string 'x | unterminated-string ' 1}", "{x:!}"),
        ("{a: 'x\nb: 'y', c: 1}", "unterminated-string 'x", "{a:'x',b:'y',c:1}"),
        ("{a: 'x,\nb: 'y', c: 1}", "unterminated-string 'x", "{a:'x',b:'y',c:1}"),
        ("{a: 'x\n'y', c: 1}", "unterminated-string 'x | missing-value 'y'", "{a:'x',y:!,c:1}"),
        ("{a: 'x\nb = 'y'}", "unterminated-string 'x | wrong-separator =", "{a:'x',b:'y'}"),
        ("['x\n['y']]", "unterminated-string 'x", "['x',['y']]"),
        ("['x\n{'y': 1}]", "unterminated-string 'x", "['x',{y:1}]"),
        ("['x\n('y']", "unterminated-string 'x", "['x']"),
        ("['x\n\\'y']", "unterminated-string 'x", "['x']"),
        ("{a: 'x ,  \n b: 1}", "unterminated-string 'x ", "{a:'x ',b:1}"),
        ("{a: 'x\n}", "unterminated-string 'x", "{a:'x'}"),
        ("{a: 'x\r\n b: 1}", "unterminated-string 'x", "{a:'x',b:1}"),
        ("{a: \"x\n b: 1}", "unterminated-string \"x", "{a:'x',b:1}"),
        ("{a: \"x”, b: 1}", "smart-quotes \"x”", "{a:'x',b:1}"),
        ("{a: \"x“, b: 1}", "smart-quotes \"x“", "{a:'x',b:1}"),
        ("{a: 'x’, b: 1}", "smart-quotes 'x’", "{a:'x',b:1}"),
        ("{a: \"x’, b: 1}", "unterminated-string \"x’, b: 1}", "{a:'x’, b: 1}'}"),
        ("{a: 'x”, b: 1}", "unterminated-string 'x”, b: 1}", "{a:'x”, b: 1}'}"),
        ("{a: \"x»}", "smart-quotes \"x»", "{a:'x'}"),
        ("{a: \"“, b: 1}", "smart-quotes \"“", "{a:'',b:1}"),
        ("\"é”", "smart-quotes \"é”", "'é'"),
        ("\"\\n”", "smart-quotes \"\\n”", "'\n'"),
        ("\"\\q\ny\"", "line-break-in-string \n", "'q\ny'"),
        ("\"\\1\ny\"", "bad-escape \\1 | line-break-in-string \n", "'1\ny'"),
        ("'\\1’", "smart-quotes '\\1’ | bad-escape \\1", "'1'"),
        ("'\\x4, \n1", "unterminated-string '\\x4 | bad-hex-escape \\x4 | text-after-document ,", "'\u{fffd}'"),
        ("\"a\\\nb”", "smart-quotes \"a\\\nb”", "'ab'"),
        ("'", "unterminated-string '", "''"),
        ("'\\", "unterminated-string '\\", "''"),
        ("'\\\r\n", "unterminated-string '\\", "''"),
        ("'a\\", "unterminated-string 'a\\", "'a'"),
        ("[',]", "unterminated-string ',]", "[',]']"),
        ("{a: ',\nb: 1}", "unterminated-string '", "{a:'',b:1}"),
        ("{a\": 1,\nb: 2}", "unterminated-string \": 1", "{a:': 1',b:2}"),
        ("{\"a: 1,\nb: 2}", "unterminated-string \"a: 1", "{a: 1:!,b:2}"),
        ("{\"a: \"x\",\nb: 2}", "unterminated-string \"", "{a: :!,b:2}"),
        ("{a\": \"x\",\nb: 2}", "unterminated-string \"", "{a:': ',b:2}"),
        ("{a: x\", b: 1}", "unterminated-string \", b: 1}", "{a:!}"),
        ("{a: x y\", b: 1}", "unterminated-string \", b: 1}", "{a:!}"),
        ("{a b\", c: 1}", "unterminated-string \", c: 1}", "{a:!}"),
        ("{a-b: 1, c\": 1}", "unterminated-string \": 1}", "{a-b:1,c:': 1}'}"),
        ("{a: ~\", b: 1}", "unterminated-string \", b: 1}", "{a:!}"),
        ("{a: 1 x\", b: 1}", "unterminated-string \", b: 1}", "{a:1}"),
        ("{a: 1 b: 2, c: 3 \"}", "unterminated-string \"}", "{a:1,b:2,c:3}"),
        ("[1 2, 3 \"]", "unterminated-string \"]", "[1,2,3]"),
        ("{a: yes, b: \"x\", c\": 1}", "unterminated-string \": 1}", "{a:!,b:'x',c:': 1}'}"),
        ("{a: yes,\n b: \"x\", c\": 1}", "unquoted-word yes | unterminated-string \": 1}", "{a:!,b:'x',c:': 1}'}"),
        ("{a: 010, b\": 1}", "leading-zero 010 | unterminated-string \": 1}", "{a:!,b:': 1}'}"),
        ("{\\x: 1, b\": 1}", "bad-key-escape \\x | unterminated-string \": 1}", "{\\x:1,b:': 1}'}"),
        ("{a: 'say 'hi' now', b: 1}", "unexpected-text hi", "{a:'say ',b:1}"),
        ("{a: \"say \"hi\" now\", b: 1}", "unexpected-text hi", "{a:'say ',b:1}"),
        ("{a: \"say \"hi\"\", b: 1}", "unexpected-text hi", "{a:'say ',b:1}"),
        ("{a: \"x\" \"y\": 1}", "missing-comma \"y\"", "{a:'x',y:1}"),
        ("{a: 'it's', b: 1}", "unterminated-string ', b: 1}", "{a:'it'}"),
    ]);
}

#[test]
fn strings_in_other_quotes() {
    recovers(&[
        ("`a`", "backtick-string `a`", "'a'"),
        ("`a\nb`", "backtick-string `a\nb`", "'a\nb'"),
        ("`a\r\nb`", "backtick-string `a\r\nb`", "'a\r\nb'"),
        ("`a", "unquoted-value ` | text-after-document a", ""),
        ("`a'", "unquoted-value ` | text-after-document a", ""),
        ("{a: `x\ny`, b: 1}", "backtick-string `x\ny`", "{a:'x\ny',b:1}"),
        ("{a: `x\\n`, b: 1}", "backtick-string `x\\n`", "{a:'x\n',b:1}"),
        ("“a”", "smart-quotes “a”", "'a'"),
        ("“a\"", "smart-quotes “a\"", "'a'"),
        ("“a'”", "smart-quotes “a'”", "'a''"),
        ("“a", "unquoted-value “a", ""),
        ("“a\n”", "unquoted-value “a | text-after-document ”", ""),
        ("„a“", "smart-quotes „a“", "'a'"),
        ("«a»", "smart-quotes «a»", "'a'"),
        ("»a«", "smart-quotes »a«", "'a'"),
        ("‟a”", "smart-quotes ‟a”", "'a'"),
        ("‘a’", "smart-quotes ‘a’", "'a'"),
        ("‘a'", "smart-quotes ‘a'", "'a'"),
        ("‘a\"’", "smart-quotes ‘a\"’", "'a\"'"),
        ("‚a‘", "smart-quotes ‚a‘", "'a'"),
        ("‛a’", "smart-quotes ‛a’", "'a'"),
        ("“a‘”", "smart-quotes “a‘”", "'a‘'"),
        ("‘a”’", "smart-quotes ‘a”’", "'a”'"),
        ("['“a”']", "", "['“a”']"),
        ("“a”: 1", "smart-quotes “a” | missing-braces “a”", "{a:1}"),
        ("`a`: 1", "backtick-string `a` | missing-braces `a`", "{a:1}"),
        ("{\n a: [\n “b”: 1}", "smart-quotes “b”", "{a:[],b:1}"),
        ("'\\1': 1", "missing-braces '\\1' | bad-escape \\1", "{1:1}"),
    ]);
}

#[test]
fn comments() {
    recovers(&[
        ("# a\n1", "hash-comment # a", "1"),
        ("#a\n#b\n1", "hash-comment #a\n#b", "1"),
        ("#a\n\n  #b\r\n#c\n1", "hash-comment #a\n\n  #b\r\n#c", "1"),
        ("#a\u{2028}1", "hash-comment #a", "1"),
        ("# “a\n1", "hash-comment # “a", "1"),
        ("#", "hash-comment #", ""),
        ("#a\n", "hash-comment #a", ""),
        ("1 # a", "hash-comment # a", "1"),
        ("[1 # a\n, 2]", "hash-comment # a", "[1,2]"),
        ("{a: 1 # b\n}", "hash-comment # b", "{a:1}"),
        ("[1 #a\n#b\n]", "hash-comment #a\n#b", "[1]"),
        ("/*", "unterminated-comment /*", ""),
        ("[1, /* 2]", "unterminated-comment /*", "[1]"),
        ("{a: 1 /*, b: 2}", "unterminated-comment /*", "{a:1}"),
        ("1/*", "unterminated-comment /*", "1"),
        ("// “a\n1", "", "1"),
        ("//\u{2028} 1", "", "1"),
        ("//a\u{2029}1", "", "1"),
        ("/ 1", "unquoted-value / 1", ""),
        ("[/]", "unquoted-value /", "[!]"),
        ("[1 / 2]", "unexpected-character /", "[1]"),
        ("[1 /]", "unexpected-character /", "[1]"),
        ("{a: x // y\n}", "unquoted-value x", "{a:!}"),
        ("{a: x/*y*/}", "unquoted-value x", "{a:!}"),
        ("{a: x/y}", "unquoted-value x/y", "{a:!}"),
        ("{a: x /y}", "unquoted-value x /y", "{a:!}"),
        ("{a: /x/y}", "unquoted-value /x/y", "{a:!}"),
        ("{a: //x\n}", "missing-value a", "{a:!}"),
        ("{a: /*x*/ y}", "unquoted-value y", "{a:!}"),
    ]);
}

#[test]
fn marks_of_a_merge() {
    recovers(&[
        ("<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n", "conflict-marker <<<<<<< a | text-after-document 2", "1"),
        ("{\n<<<<<<< a\na: 1,\n=======\na: 2,\n>>>>>>> b\n}", "conflict-marker <<<<<<< a", "{a:1,a:2}"),
        (
            "{\n<<<<<<< a\na: 1,\n||||||| c\na: 3,\n=======\na: 2,\n>>>>>>> b\n}",
            "conflict-marker <<<<<<< a",
            "{a:1,a:3,a:2}",
        ),
        ("{\n  <<<<<<< a\n}", "missing-key <<<<<<<", "{}"),
        ("{a: 1, <<<<<<< a\n}", "missing-key <<<<<<<", "{a:1}"),
        ("{a: 1,\n=======\n}", "conflict-marker =======", "{a:1}"),
        ("{a: 1,\n======\n}", "missing-key =", "{a:1}"),
        ("{a: 1,\n||||||| x\n}", "conflict-marker ||||||| x", "{a:1}"),
        ("{a: 1,\n>>>>>>> x\n}", "conflict-marker >>>>>>> x", "{a:1}"),
        ("[1,\r<<<<<<< x\r2]", "conflict-marker <<<<<<< x", "[1,2]"),
        ("[1\n=======\n2]", "conflict-marker ======= | missing-comma 2", "[1,2]"),
        ("|", "unquoted-value |", ""),
        ("[|]", "unquoted-value |", "[!]"),
        ("[>]", "unexpected-character > | missing-value ]", "[!]"),
        ("[=]", "unexpected-character = | missing-value ]", "[!]"),
        ("[<]", "unquoted-value <", "[!]"),
        ("[1 =]", "unexpected-character =", "[1]"),
    ]);
}

#[test]
fn placeholders_of_templates() {
    recovers(&[
        ("{a: {{ x }}, b: 1}", "template-placeholder {{ x }}", "{a:!,b:1}"),
        ("{a: {{x}}y, b: 1}", "template-placeholder {{x}}y", "{a:!,b:1}"),
        ("{a: x{{y}}, b: 1}", "template-placeholder x{{y}}", "{a:!,b:1}"),
        ("{a: x{{y}}z w, b: 1}", "template-placeholder x{{y}}z w", "{a:!,b:1}"),
        ("{a: x{{y, b: 1}", "unquoted-value x | unclosed ", "{a:!}"),
        ("{a: {{{ x }}}, b: 1}", "template-placeholder {{{ x }}}", "{a:!,b:1}"),
        ("{a: {{{ x }}, b: 1}", "template-placeholder {{{ x }}", "{a:!,b:1}"),
        ("{a: {{\"x\": 1}}, b: 1}", "missing-key {", "{a:{},b:1}"),
        ("{a: {{ \"x\": 1}}, b: 1}", "missing-key {", "{a:{},b:1}"),
        ("{a: {{'x': 1}}, b: 1}", "missing-key {", "{a:{},b:1}"),
        ("{a: {{ \"x\" }}, b: 1}", "template-placeholder {{ \"x\" }}", "{a:!,b:1}"),
        ("{a: {{x: 1}}, b: 1}", "template-placeholder {{x: 1}}", "{a:!,b:1}"),
        ("{a: {{\nx}}}", "missing-key {", "{a:{}}"),
        ("{a: {{x", "missing-key { | unclosed ", "{a:{}}"),
        ("{a: {% x %}, b: 1}", "template-placeholder {% x %}", "{a:!,b:1}"),
        ("{a: {%x}, b: 1}", "missing-key %x", "{a:{},b:1}"),
        ("{a: ${X}, b: 1}", "template-placeholder ${X}", "{a:!,b:1}"),
        ("{a: ${X}/y, b: 1}", "template-placeholder ${X}/y", "{a:!,b:1}"),
        ("{a: x${X}, b: 1}", "template-placeholder x${X}", "{a:!,b:1}"),
        ("{a: ${X, b: 1}", "template-placeholder ${X, b: 1} | unclosed ", "{a:!}"),
        ("{a: ${X:-y z}, b: 1}", "template-placeholder ${X:-y z}", "{a:!,b:1}"),
        ("{a: $X, b: 1}", "template-placeholder $X", "{a:!,b:1}"),
        ("{a: $X1_Y, b: 1}", "template-placeholder $X1_Y", "{a:!,b:1}"),
        ("{a: $x, b: 1}", "unquoted-value $x", "{a:!,b:1}"),
        ("{a: $, b: 1}", "unquoted-value $", "{a:!,b:1}"),
        ("{a: $X-y, b: 1}", "unquoted-value $X-y", "{a:!,b:1}"),
        ("{a: __X__, b: 1}", "template-placeholder __X__", "{a:!,b:1}"),
        ("{a: __x__, b: 1}", "unquoted-value __x__", "{a:!,b:1}"),
        ("{a: __X_, b: 1}", "unquoted-value __X_", "{a:!,b:1}"),
        ("{a: @@X@@, b: 1}", "template-placeholder @@X@@", "{a:!,b:1}"),
        ("{a: @X@, b: 1}", "template-placeholder @X@", "{a:!,b:1}"),
        ("{a: @x@, b: 1}", "unquoted-value @x@", "{a:!,b:1}"),
        ("{a: %X%, b: 1}", "template-placeholder %X%", "{a:!,b:1}"),
        ("{a: %X, b: 1}", "unquoted-value %X", "{a:!,b:1}"),
        ("{a: <x>, b: 1}", "template-placeholder <x>", "{a:!,b:1}"),
        ("{a: <x y z>, b: 1}", "template-placeholder <x y z>", "{a:!,b:1}"),
        ("{a: <>, b: 1}", "unquoted-value <>", "{a:!,b:1}"),
        ("{a: <x, b: 1}", "unquoted-value <x", "{a:!,b:1}"),
        ("{a: <'x'>, b: 1}", "unquoted-value <", "{a:!,b:1}"),
        ("{a: <x{y>, b: 1}", "unquoted-value <x | unclosed ", "{a:!}"),
        ("{a: <x<y>, b: 1}", "unquoted-value <x<y>", "{a:!,b:1}"),
        ("{a: <% x %>, b: 1}", "template-placeholder <% x %>", "{a:!,b:1}"),
        ("{a: <%= x > y %>, b: 1}", "template-placeholder <%= x > y %>", "{a:!,b:1}"),
        ("{a: <x>y, b: 1}", "template-placeholder <x>y", "{a:!,b:1}"),
        ("{{{x}}: 1}", "template-placeholder {{{x}} | missing-braces {{{x}}", "{{{{x}}:1}"),
        ("{{{x}}-y: 1}", "template-placeholder {{{x}}-y | missing-braces {{{x}}-y", "{{{{x}}-y:1}"),
        ("{x-{{y}}: 1}", "template-placeholder x-{{y}}", "{x-{{y}}:1}"),
        ("{${X}: 1}", "template-placeholder ${X}", "{${X}:1}"),
        ("{$X: 1}", "", "{$X:1}"),
        ("{$X-Y: 1}", "key-needs-quotes $X-Y", "{$X-Y:1}"),
        ("{__X__: 1}", "", "{__X__:1}"),
        ("{__X__-y: 1}", "key-needs-quotes __X__-y", "{__X__-y:1}"),
        ("{@@X@@: 1}", "template-placeholder @@X@@", "{@@X@@:1}"),
        ("{%X%: 1}", "template-placeholder %X%", "{%X%:1}"),
        ("{<x>: 1}", "template-placeholder <x>", "{<x>:1}"),
        ("{{%x%}: 1}", "template-placeholder {%x%}", "{{%x%}:1}"),
        ("{\n{{#if x}}\n  a: 1\n{{/if}}\n}", "template-placeholder {{#if x}} | template-placeholder {{/if}}", "{a:1}"),
        ("{\n{%if x%}\n  a: 1,\n{%end%}\n}", "template-placeholder {%if x%} | template-placeholder {%end%}", "{a:1}"),
        ("{a: 1,\n{{x}}\n b: 2}", "template-placeholder {{x}}", "{a:1,b:2}"),
        ("{a: 1\n{{x}}\n, b: 2}", "template-placeholder {{x}}", "{a:1,b:2}"),
        ("{a: 1\n{{x}}\n b: 2}", "template-placeholder {{x}}", "{a:1,b:2}"),
        ("{a: 1\n${X}\n b: 2}", "template-placeholder ${X}", "{a:1,b:2}"),
        ("{a: 1\n<x>\n b: 2}", "template-placeholder <x>", "{a:1,b:2}"),
        ("{a: 1, {{x}}}", "template-placeholder {{x}}", "{a:1}"),
        ("{a: 1, {{x}} }", "template-placeholder {{x}}", "{a:1}"),
        ("{a: 1 {{x}}: 2}", "missing-comma {{x}} | template-placeholder {{x}}", "{a:1,{{x}}:2}"),
        ("{a: 1 ${x}: 2}", "missing-comma ${x} | template-placeholder ${x}", "{a:1,${x}:2}"),
        ("[{{x}}, 1]", "template-placeholder {{x}}", "[!,1]"),
        ("[1, {{x}}]", "template-placeholder {{x}}", "[1,!]"),
        ("[1 {{x}}]", "missing-comma {{x}} | template-placeholder {{x}}", "[1,!]"),
        ("[{a: 1, {{x}}: 2}]", "template-placeholder {{x}}", "[{a:1,{{x}}:2}]"),
        ("[{a: 1, {{x}} }]", "template-placeholder {{x}}", "[{a:1}]"),
        ("[{a: 1 {{x}} }]", "template-placeholder {{x}}", "[{a:1}]"),
        ("{{x}}", "template-placeholder {{x}}", ""),
        ("${X}", "template-placeholder ${X}", ""),
        ("<x>", "template-placeholder <x>", ""),
        ("{{x}}: 1", "template-placeholder {{x}} | missing-braces {{x}}", "{{{x}}:1}"),
        ("[{{x}}: 1]", "template-placeholder {{x}} | key-in-array {{x}}:", "[1]"),
        ("[{a: 1 {{x}}: 2}]", "missing-comma {{x}} | template-placeholder {{x}}", "[{a:1,{{x}}:2}]"),
        ("[{\"x\": {{y}}}]", "template-placeholder {{y}}", "[{x:!}]"),
        ("{{{{w}}}", "template-placeholder {{{{w}}}", ""),
        ("{a: {{{{w}}}, b: 1}", "template-placeholder {{{{w}}}", "{a:!,b:1}"),
        ("{a:1,{{x}}\0}", "template-placeholder {{x}}", "{a:1}"),
        ("{a: 1 {{x}} b}", "template-placeholder {{x}}", "{a:1}"),
        ("{a: {{}}, b: 1}", "template-placeholder {{}}", "{a:!,b:1}"),
        ("{a: {{{}}}, b: 1}", "template-placeholder {{{}}}", "{a:!,b:1}"),
        ("{a: ${}, b: 1}", "template-placeholder ${}", "{a:!,b:1}"),
        ("{a: {%%}, b: 1}", "template-placeholder {%%}", "{a:!,b:1}"),
        ("{a: <<a>, b: 1}", "unquoted-value <<a>", "{a:!,b:1}"),
        ("{a: <%>, b: 1}", "unquoted-value <%>", "{a:!,b:1}"),
    ]);
}

#[test]
fn text_without_quotes() {
    recovers(&[
        ("{a: hello, b: 1}", "unquoted-value hello", "{a:!,b:1}"),
        ("{a: hello world, b: 1}", "unquoted-value hello world", "{a:!,b:1}"),
        ("{a: hello  world , b: 1}", "unquoted-value hello  world", "{a:!,b:1}"),
        ("{a: hello\tworld\n}", "unquoted-value hello\tworld", "{a:!}"),
        ("{a: hello b: 1}", "unquoted-value hello", "{a:!,b:1}"),
        ("{a: hello b : 1}", "unquoted-value hello", "{a:!,b:1}"),
        ("{a: hello b-c: 1}", "unquoted-value hello | key-needs-quotes b-c", "{a:!,b-c:1}"),
        ("{a: hello 'b': 1}", "unquoted-value hello", "{a:!,b:1}"),
        ("{a: hello http://x, b: 1}", "unquoted-value hello http://x", "{a:!,b:1}"),
        ("{a: http://x/y?z=1&w=2#f, b: 1}", "unquoted-value http://x/y?z=1&w=2#f", "{a:!,b:1}"),
        ("{a: http://x:80, b: 1}", "unquoted-value http://x:80", "{a:!,b:1}"),
        ("{a: x:80, b: 1}", "unquoted-value x:80", "{a:!,b:1}"),
        ("{a: x: 80, b: 1}", "unquoted-value x", "{a:!,b:1}"),
        ("{a: x::y, b: 1}", "unquoted-value x", "{a:!,b:1}"),
        ("{a: x:, b: 1}", "unquoted-value x", "{a:!,b:1}"),
        ("{a: x:\n b: 1}", "unquoted-value x", "{a:!,b:1}"),
        ("{a: 12:30, b: 1}", "unquoted-value 12:30", "{a:!,b:1}"),
        ("{a: 12:30:45, b: 1}", "unquoted-value 12:30:45", "{a:!,b:1}"),
        ("{a: 10.0.0.1:80, b: 1}", "unquoted-value 10.0.0.1:80", "{a:!,b:1}"),
        ("{a: [::1], b: 1}", "unexpected-character ::", "{a:[1],b:1}"),
        ("{a: don't, b: 1}", "unquoted-value don't", "{a:!,b:1}"),
        ("{a: don' t, b: 1}", "unterminated-string ' t, b: 1}", "{a:!}"),
        ("{a: 't, b: 1}", "unterminated-string 't, b: 1}", "{a:'t, b: 1}'}"),
        ("{a: é'é, b: 1}", "unquoted-value é'é", "{a:!,b:1}"),
        ("{a: x', b: 1}", "unterminated-string ', b: 1}", "{a:!}"),
        ("{a: x'y', b: 1}", "unterminated-string ', b: 1}", "{a:!}"),
        ("{a: x\"y, b: 1}", "unterminated-string \"y, b: 1}", "{a:!}"),
        ("{a: f(1, 2), b: 1}", "unquoted-value f(1, 2)", "{a:!,b:1}"),
        ("{a: f(1, 2\n b: 1}", "unquoted-value f(1 | missing-key 2", "{a:!,b:1}"),
        ("{a: f(1, b: 1}", "unquoted-value f(1", "{a:!,b:1}"),
        ("{a: (1), b: 1}", "unquoted-value (1)", "{a:!,b:1}"),
        ("{a: x (y, z) w, b: 1}", "unquoted-value x (y, z) w", "{a:!,b:1}"),
        ("{a: x;y, b: 1}", "unquoted-value x | wrong-separator ; | missing-value y", "{a:!,y:!,b:1}"),
        ("{a: x; b: 1}", "unquoted-value x | wrong-separator ;", "{a:!,b:1}"),
        ("{a: x{y}, b: 1}", "unquoted-value x", "{a:!,b:1}"),
        ("{a: x[0], b: 1}", "unquoted-value x", "{a:!,b:1}"),
        ("{a: x]}", "unquoted-value x | stray-bracket ]", "{a:!}"),
        ("{a: x`y`}", "unquoted-value x", "{a:!}"),
        ("{a: x\u{a0}y}", "unquoted-value x", "{a:!}"),
        ("{a: x\u{200b}y}", "unquoted-value x", "{a:!}"),
        ("{a: x # c\n}", "unquoted-value x | hash-comment # c", "{a:!}"),
        ("{a: x #c\n}", "unquoted-value x | hash-comment #c", "{a:!}"),
        ("{a: x#c\n}", "unquoted-value x#c", "{a:!}"),
        ("{a: x /* c */}", "unquoted-value x", "{a:!}"),
        ("{a: x // c\n}", "unquoted-value x", "{a:!}"),
        ("{a: x\\y}", "unquoted-value x\\y", "{a:!}"),
        ("{a: x = y}", "unquoted-value x = y", "{a:!}"),
        ("{a: x => y}", "unquoted-value x => y", "{a:!}"),
        ("{a: *}", "unquoted-value *", "{a:!}"),
        ("{a: *, b: 1}", "unquoted-value *", "{a:!,b:1}"),
        ("{a: &x, b: 1}", "unquoted-value &x", "{a:!,b:1}"),
        ("{a: !x, b: 1}", "unquoted-value !x", "{a:!,b:1}"),
        ("{a: é, b: 1}", "unquoted-value é", "{a:!,b:1}"),
        ("{a: 😀, b: 1}", "unquoted-value 😀", "{a:!,b:1}"),
        ("{a: -x, b: 1}", "unquoted-value -x", "{a:!,b:1}"),
        ("{a: x y: 1}", "unquoted-value x", "{a:!,y:1}"),
        ("{a: x y z: 1}", "unquoted-value x y", "{a:!,z:1}"),
        ("{a: x y: 1 z}", "unquoted-value x | unexpected-text z", "{a:!,y:1}"),
        ("{a: x \"y\": 1}", "unquoted-value x", "{a:!,y:1}"),
        ("{a: true false, b: 1}", "unexpected-text false", "{a:true,b:1}"),
        ("{a: truex, b: 1}", "unquoted-value truex", "{a:!,b:1}"),
        ("{a: true1, b: 1}", "unquoted-value true1", "{a:!,b:1}"),
        ("{a: true-x, b: 1}", "unquoted-value true-x", "{a:!,b:1}"),
        ("{a: true.x, b: 1}", "unquoted-value true.x", "{a:!,b:1}"),
        ("{a: true:1, b: 1}", "unquoted-value true:1", "{a:!,b:1}"),
        ("{a: true'x', b: 1}", "unterminated-string ', b: 1}", "{a:!}"),
        ("{a: true/x, b: 1}", "unquoted-value true/x", "{a:!,b:1}"),
        ("{a: true// x\n}", "", "{a:true}"),
        ("{a: true/*x*/, b: 1}", "", "{a:true,b:1}"),
        ("{a: true#x\n}", "unquoted-value true#x", "{a:!}"),
        ("{a: true;b: 1}", "wrong-separator ;", "{a:true,b:1}"),
        ("{a: true(x), b: 1}", "unquoted-value true(x)", "{a:!,b:1}"),
        ("{a: true{x}}", "unexpected-character {", "{a:true}"),
        ("{a: nullé}", "unquoted-value nullé", "{a:!}"),
        ("{a: NaNx}", "unquoted-value NaNx", "{a:!}"),
        ("{a: Infinityx}", "unquoted-value Infinityx", "{a:!}"),
        ("{a: Infinit}", "unquoted-value Infinit", "{a:!}"),
        ("{a: 1x, b: 1}", "unquoted-value 1x", "{a:!,b:1}"),
        ("{a: 1 x, b: 1}", "unexpected-text x", "{a:1,b:1}"),
        ("{a: 1'x', b: 1}", "unterminated-string ', b: 1}", "{a:!}"),
        ("{a: 1s b: 1}", "unquoted-value 1s", "{a:!,b:1}"),
        ("FOO=bar", "unquoted-value FOO=bar", ""),
        ("FOO", "unquoted-value FOO", ""),
        ("a b c", "unquoted-value a b c", ""),
        ("a,b", "unquoted-value a | text-after-document ,", ""),
        ("a=b\nc=d", "unquoted-value a=b | text-after-document c", ""),
    ]);
}

#[test]
fn numbers_that_are_none() {
    recovers(&[
        ("[+ 5]", "bad-number + 5", "[!]"),
        ("[+]", "bad-number +", "[!]"),
        ("[-]", "bad-number -", "[!]"),
        ("[+-1]", "bad-number +-1", "[!]"),
        ("[++1.5]", "bad-number ++1.5", "[!]"),
        ("[-.]", "bad-number -.", "[!]"),
        ("[.]", "bad-number .", "[!]"),
        ("[..]", "unquoted-value ..", "[!]"),
        ("[...]", "unquoted-value ...", "[!]"),
        ("[1.2.3]", "unquoted-value 1.2.3", "[!]"),
        ("[1..2]", "unquoted-value 1..2", "[!]"),
        ("[1.e]", "bad-number 1.e", "[!]"),
        ("[1e]", "bad-number 1e", "[!]"),
        ("[1e+]", "bad-number 1e+", "[!]"),
        ("[1E-]", "bad-number 1E-", "[!]"),
        ("[1e5.5]", "bad-number 1e5.5", "[!]"),
        ("[1e1e1]", "unquoted-value 1e1e1", "[!]"),
        ("[.5e]", "bad-number .5e", "[!]"),
        ("[1.2.3e]", "unquoted-value 1.2.3e", "[!]"),
        ("[.e1]", "bad-number .e1", "[!]"),
        ("[e1]", "unquoted-value e1", "[!]"),
        ("[1-2]", "unquoted-value 1-2", "[!]"),
        ("[2024-01-02]", "unquoted-value 2024-01-02", "[!]"),
        ("[+49-30-1]", "unquoted-value +49-30-1", "[!]"),
        ("[555-1234]", "unquoted-value 555-1234", "[!]"),
        ("[1.2.3.4]", "unquoted-value 1.2.3.4", "[!]"),
        ("[.5.5]", "unquoted-value .5.5", "[!]"),
        ("[010]", "leading-zero 010", "[!]"),
        ("[00]", "leading-zero 00", "[!]"),
        ("[08.5]", "leading-zero 08.5", "[!]"),
        ("[0.1.2]", "unquoted-value 0.1.2", "[!]"),
        ("[-010]", "leading-zero -010", "[!]"),
        ("[01a]", "unquoted-value 01a", "[!]"),
        ("[0x]", "bad-number 0x", "[!]"),
        ("[0X]", "bad-number 0X", "[!]"),
        ("[0xg]", "bad-number 0xg", "[!]"),
        ("[0xfg]", "bad-number 0xfg", "[!]"),
        ("[0x1.5]", "unquoted-value 0x1.5", "[!]"),
        ("[0x-1]", "unquoted-value 0x-1", "[!]"),
        ("[-0x]", "bad-number -0x", "[!]"),
        ("[0b1]", "bad-number 0b1", "[!]"),
        ("[0B1]", "bad-number 0B1", "[!]"),
        ("[0b]", "bad-number 0b", "[!]"),
        ("[0b2]", "bad-number 0b2", "[!]"),
        ("[0b1.1]", "unquoted-value 0b1.1", "[!]"),
        ("[0o7]", "bad-number 0o7", "[!]"),
        ("[0O7]", "bad-number 0O7", "[!]"),
        ("[0o]", "bad-number 0o", "[!]"),
        ("[0ox]", "unquoted-value 0ox", "[!]"),
        ("[1_000]", "bad-number 1_000", "[!]"),
        ("[1_000.5]", "bad-number 1_000.5", "[!]"),
        ("[1_]", "bad-number 1_", "[!]"),
        ("[_1]", "unquoted-value _1", "[!]"),
        ("[1_0e5]", "unquoted-value 1_0e5", "[!]"),
        ("[0_1]", "bad-number 0_1", "[!]"),
        ("[.1_0]", "unquoted-value .1_0", "[!]"),
        ("[1n]", "unquoted-value 1n", "[!]"),
        ("[1a]", "unquoted-value 1a", "[!]"),
        ("[5m]", "unquoted-value 5m", "[!]"),
        ("[1,000.5]", "leading-zero 000.5", "[1,!]"),
        ("[+a]", "unquoted-value +a", "[!]"),
        ("[-Infinit]", "unquoted-value -Infinit", "[!]"),
        ("[- 5]", "bad-number - 5", "[!]"),
        ("[-  5]", "bad-number -  5", "[!]"),
        ("[--5]", "bad-number --5", "[!]"),
        ("[- x]", "unquoted-value - x", "[!]"),
        ("[+.x]", "unquoted-value +.x", "[!]"),
        ("[1 000]", "missing-comma 000 | leading-zero 000", "[1,!]"),
    ]);
}

#[test]
fn a_last_comma_is_told_behind_invisible_characters_too() {
    for text in ["{ a: 1, }", "{ a: 1, \u{200b} }", "{ a: 1,\u{200b}\u{200b}}"] {
        let document = parse(text, &Options::default());
        assert_eq!(document.trailing_commas(), [Span::new(6, 7)], "{text:?}");
    }
}
