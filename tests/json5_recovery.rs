//! Broken texts: which mistakes are told apart, where, and that one mistake is one error.

use openclaw_lint::source::Span;
use openclaw_lint::syntax::json5::{Document, ErrorKind, NodeKind, Options, parse};

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
