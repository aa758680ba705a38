//! What a rule looks at, and where it says what: rules of the user's own over small projects, row by row.

use openclaw_lint::Linter;
use openclaw_lint::finding::{Finding, Severity};
use openclaw_lint::language::Language;
use openclaw_lint::report::Report;
use openclaw_lint::schema::Store;

/// A rule with these fields beside its words.
fn pack(fields: &str) -> String {
    let outcomes = "enum: { message: '{path} is {value}, not {allowed}' }, const: { message: '{path} is {value}, not {expected}' }, \
        required: { message: '{path} ({value}) has no {missing}' }, additionalProperties: { message: '{path} has {unexpected}' }, \
        maximum: { message: '{key} is {value}, not {limit}' }, default: { message: '{key} {limit}' }";
    format!("[{{ id: 'acme/rule', summary: 'x', severity: 'warning', outcomes: {{ {outcomes} }}, {fields} }}]")
}

fn lint(fields: &str, files: &[(&str, &str)]) -> Report {
    let linter = Linter::new().beside("openclaw-lint.json5", "{ packs: ['p.json5'] }").beside("p.json5", pack(fields));
    files.iter().fold(linter, |linter, (name, text)| linter.file(name, text.replace(['«', '»'], ""))).lint()
}

fn own(report: &Report) -> Vec<&Finding> {
    let mistakes: Vec<_> = report.findings.iter().filter(|found| found.rule == "lint/config").collect();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    report.findings.iter().filter(|found| found.rule == "acme/rule").collect()
}

/// The rule is right where each file has its marks, and nowhere else.
fn marked(fields: &str, files: &[(&str, &str)]) {
    let report = lint(fields, files);
    for (name, text) in files {
        let places = own(&report)
            .into_iter()
            .map(|found| &found.primary)
            .filter(|place| report.sources.get(place.file).is_some_and(|source| source.name() == *name));
        let mut places: Vec<_> = places.map(|place| (place.span.start as usize, place.span.end as usize)).collect();
        places.sort_unstable();
        places.dedup();
        places.reverse();
        let mut shown = text.replace(['«', '»'], "");
        for (start, end) in places {
            shown.insert(end, '»');
            shown.insert(start, '«');
        }
        assert_eq!(shown, *text, "{fields} in {name}");
    }
}

fn config(fields: &str, text: &str) {
    marked(fields, &[("openclaw.json", text)]);
}

#[test]
fn selectors_lead_where_json_paths_lead() {
    let text = |given: &str| format!("given: [\"{given}\"], then: {{ schema: {{ not: {{}} }} }}");
    for (given, expected) in [
        ("$", "«{» x: { a: [1, { b: 2 }, [3]], 'b c': 4 } }"),
        ("$.x", "{ «x»: { a: [1, { b: 2 }, [3]], 'b c': 4 } }"),
        ("$['x']", "{ «x»: { a: [1, { b: 2 }, [3]], 'b c': 4 } }"),
        ("$.x.a[0]", "{ x: { a: [«1», { b: 2 }, [3]], 'b c': 4 } }"),
        ("$.x.a[1].b", "{ x: { a: [1, { b: «2» }, [3]], 'b c': 4 } }"),
        ("$.x.a[2][0]", "{ x: { a: [1, { b: 2 }, [«3»]], 'b c': 4 } }"),
        ("$.x.a[9]", "{ x: { a: [1, { b: 2 }, [3]], 'b c': 4 } }"),
        ("$.x.a[-1]", "{ x: { a: [1, { b: 2 }, «[»3]], 'b c': 4 } }"),
        ("$.x.*", "{ x: { «a»: [1, { b: 2 }, [3]], 'b c': «4» } }"),
        ("$.x.a[*]", "{ x: { a: [«1», «{» b: 2 }, «[»3]], 'b c': 4 } }"),
        ("$.x.a[*].b", "{ x: { a: [1, { b: «2» }, [3]], 'b c': 4 } }"),
        ("$.*.*[*].b", "{ x: { a: [1, { b: «2» }, [3]], 'b c': 4 } }"),
        ("$.x['b c']", "{ x: { a: [1, { b: 2 }, [3]], 'b c': «4» } }"),
        ("$..b", "{ x: { a: [1, { b: «2» }, [3]], 'b c': 4 } }"),
        ("$.x.a[?@.b]", "{ x: { a: [1, «{» b: 2 }, [3]], 'b c': 4 } }"),
        ("$.x.a[?@.b == 2].b", "{ x: { a: [1, { b: «2» }, [3]], 'b c': 4 } }"),
        ("$.x.a[1:]", "{ x: { a: [1, «{» b: 2 }, «[»3]], 'b c': 4 } }"),
        ("$.y", "{ x: { a: [1, { b: 2 }, [3]], 'b c': 4 } }"),
        ("$.x.y.z", "{ x: { a: [1, { b: 2 }, [3]], 'b c': 4 } }"),
    ] {
        config(&text(given), expected);
    }
}

#[test]
fn what_a_schema_finds_stands_where_it_is_wrong() {
    let text = |schema: &str| format!("given: ['$.x'], then: {{ schema: {schema} }}");
    for (schema, expected) in [
        ("{ type: 'number' }", "{ x: «'a'» }"),
        ("{ type: 'number' }", "{ «x»: { a: 1 } }"),
        ("{ required: ['a'] }", "{ «x»: {} }"),
        ("{ required: ['a'] }", "{ x: { a: null } }"),
        ("{ required: ['a', 'b'] }", "{ «x»: {} }"),
        ("{ properties: { a: { const: 1 } } }", "{ x: { a: «2» } }"),
        ("{ properties: { a: { items: { enum: [1, 2] } } } }", "{ x: { a: [1, «3», «'1'»] } }"),
        ("{ properties: { a: false } }", "{ x: { a: «2», b: 1 } }"),
        ("{ additionalProperties: { type: 'string' } }", "{ x: { a: «2», b: '1', «c»: [] } }"),
        ("{ not: { required: ['a', 'b'] } }", "{ «x»: { a: 1, b: 2 } }"),
        ("{ not: { required: ['a', 'b'] } }", "{ x: { a: 1 } }"),
        ("{ not: { const: 'a' } }", "{ x: «'a'» }"),
        ("{ not: { enum: ['a', 'b'] } }", "{ x: 'c' }"),
        ("{ if: { required: ['a'] }, then: { required: ['b'] } }", "{ «x»: { a: 1 } }"),
        ("{ if: { required: ['a'] }, then: { required: ['b'] } }", "{ x: { c: 1 } }"),
        ("{ if: { required: ['a'] }, then: { required: ['b'] }, else: { required: ['c'] } }", "{ «x»: { } }"),
        ("{ if: { required: ['a'], properties: { a: { const: 1 } } }, then: false }", "{ x: { a: 2 } }"),
        ("{ if: { required: ['a'], properties: { a: { const: 'q' } } }, then: false }", "{ «x»: { a: 'q' } }"),
        ("{ anyOf: [{ required: ['a'] }, { properties: { b: false } }] }", "{ «x»: { b: 1 } }"),
        ("{ anyOf: [{ required: ['a'] }, { properties: { b: false } }] }", "{ x: { c: 1 } }"),
        ("{ allOf: [{ properties: { a: false } }, { properties: { b: false } }] }", "{ x: { b: «1» } }"),
        ("{ maxItems: 1 }", "{ «x»: [1, 2] }"),
        ("{ pattern: '^a+$' }", "{ x: «'ab'» }"),
        ("{ propertyNames: { pattern: '^[a-z]+$' } }", "{ x: { a: 1, B: «2» } }"),
    ] {
        config(&text(schema), expected);
    }
    // OpenClaw names the member that is missing.
    let report = lint(&text("{ required: ['a'] }"), &[("openclaw.json", "{ x: {} }")]);
    assert_eq!(own(&report)[0].config_path.as_ref().unwrap().to_string(), "x.a");
    // What a variable stands for, nobody here knows.
    config(&text("{ type: 'string', pattern: '^a+$' }"), "{ x: '${NOBODY_SETS_IT}' }");
    config(&text("{ type: 'number', pattern: '^a+$' }"), "{ x: «'${NOBODY_SETS_IT}'» }");
}

#[test]
fn a_violation_may_be_reported_at_a_member() {
    let fields = "given: ['$.x'], at: 'a.b', then: { schema: { properties: { a: { properties: { b: { const: 1 } } } }, maxProperties: 1 } }";
    config(fields, "{ x: { a: { b: «2» } } }");
    config(fields, "{ x: { a: { «b»: {} } } }");
    config(fields, "{ «x»: { a: {}, c: 1 } }");
    let report = lint(fields, &[("openclaw.json", "{ x: { a: {}, c: 1 } }")]);
    assert_eq!(own(&report)[0].path.as_ref().unwrap().to_string(), "x.a.b");
}

#[test]
fn conditions_speak_of_the_same_config() {
    let fields = |condition: &str| format!("given: ['$.x'], when: [{condition}], then: {{ schema: {{ not: {{}} }} }}");
    for (condition, fits) in [
        ("{ given: '$.m', schema: { const: 'on' } }", true),
        ("{ given: '$.m', schema: { const: 'off' } }", false),
        ("{ given: '$.m', schema: { enum: ['off', 'on'] } }", true),
        ("{ given: '$.l[*]', schema: { const: 2 } }", true),
        ("{ given: '$.l[*]', schema: { const: 3 } }", false),
        ("{ given: '$.l', schema: { type: 'array' } }", true),
        ("{ given: '$.none', schema: true }", false),
        ("{ given: '$.none', schema: true, none: true }", true),
        ("{ given: '$.m', schema: { const: 'on' }, none: true }", false),
        ("{ given: '$.m', schema: { const: 'off' }, none: true }", true),
        ("{ given: '$.m', schema: { const: 'on' } }, { given: '$.l', schema: { maxItems: 1 } }", false),
        ("{ given: '$', schema: { required: ['m', 'l'] } }", true),
    ] {
        let expected = if fits { "{ m: 'on', l: [1, 2], x: «1» }" } else { "{ m: 'on', l: [1, 2], x: 1 }" };
        config(&fields(condition), expected);
    }
    // Another file's condition is not this one's.
    let files = [("openclaw.json", "{ m: 'on', x: «1» }"), ("openclaw.staging.json", "{ m: 'off', x: 1 }")];
    marked(&fields("{ given: '$.m', schema: { const: 'on' } }"), &files);
    // Env files have no config.
    let env = "given: [{ env: ['A'] }], when: [{ given: '$.m', schema: true }], then: { schema: { not: {} } }";
    marked(env, &[("openclaw.json", "{ m: 1 }"), (".env", "A=1\n")]);
}

#[test]
fn a_rule_takes_files_by_layout_role_environment_and_release() {
    let files = |marks: [bool; 5]| {
        let names = [
            "openclaw.json",
            "openclaw.staging.json",
            "openclaw.example.json",
            "openclaw.json.bak",
            "guide/openclaw.json",
        ];
        let text = |at: usize| {
            let value = if marks[at] { "«1»" } else { "1" };
            let rest = if at == 4 {
                ", secrets: { openai: { apiKey: '${A}' } }, providers: { default: 'openai' }"
            } else {
                ""
            };
            format!("{{ x: {value}{rest} }}")
        };
        names.into_iter().enumerate().map(|(at, name)| (name, text(at))).collect::<Vec<_>>()
    };
    let newest = format!("from: '{}',", Store::bundled().latest().unwrap().version);
    for (fields, marks) in [
        ("", [true, true, false, false, true]),
        (&newest, [true, true, false, false, true]),
        ("layouts: ['openclaw'],", [true, true, false, false, false]),
        ("layouts: ['guide'],", [false, false, false, false, true]),
        ("layouts: ['openclaw', 'guide'],", [true, true, false, false, true]),
        ("roles: ['live'],", [true, false, false, false, true]),
        ("roles: ['variant'],", [false, true, false, false, false]),
        ("roles: ['template', 'backup'],", [false, false, true, true, false]),
        ("environments: ['staging'],", [false, true, false, false, false]),
        ("environments: ['production'],", [false, false, false, false, false]),
        ("from: '2026.1.1',", [true, true, false, false, true]),
        ("from: '2999.1.1',", [false, false, false, false, false]),
    ] {
        let files = files(marks);
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        marked(&format!("{fields} given: ['$.x'], then: {{ schema: {{ not: {{}} }} }}"), &files);
    }
}

#[test]
fn env_files_are_looked_at_by_name() {
    let names = |names: &str| format!("given: [{{ env: {names} }}], then: {{ schema: {{ pattern: '^[0-9]+$' }} }}");
    for (selector, expected) in [
        ("['A_B']", "A_B=«x»\nA_C=1\nXA_B=y\n"),
        ("['A_*']", "A_B=«x»\nA_C=1\nXA_B=y\n"),
        ("['*A_B']", "A_B=«x»\nA_C=1\nXA_B=«y»\n"),
        ("['*_*']", "A_B=«x»\nA_C=1\nXA_B=«y»\n"),
        ("['B', 'XA_B']", "A_B=x\nA_C=1\nXA_B=«y»\n"),
        ("'all'", "A_B=«x»\nA_C=1\nXA_B=«y»\n"),
        ("'credential'", "A_B=x\nOPENAI_API_KEY=«y»\nOPENAI_BASE_URL=z\n"),
        ("['*']", "«A_B»=\n"),
    ] {
        marked(&names(selector), &[(".env", expected)]);
    }
    // What no program loads is not judged.
    marked(&names("'all'"), &[(".env", "A-B=x\nA=«x»\n")]);
    marked(&names("['A']"), &[(".env.example", "A=x\n")]);
    marked(&format!("roles: ['template'], {}", names("['A']")), &[(".env.example", "A=«x»\n"), (".env", "A=x\n")]);
}

#[test]
fn placeholders_of_templates_are_not_judged() {
    let fields = "roles: ['template'], given: ['$.x', '$.y', '$.z'], then: { schema: { not: {} } }";
    marked(fields, &[("openclaw.example.json", "{ x: '{{ port }}', y: '<port>', z: «'port'» }")]);
    config("given: ['$.x', '$.y'], then: { schema: { not: {} } }", "{ x: «'{{ port }}'», y: «'<port>'» }");
}

#[test]
fn a_pattern_that_takes_too_long_is_said_once_and_in_other_words() {
    let text = format!("{{ x: '{0}c', y: '{0}d', z: 'b' }}", "a".repeat(60));
    let fields =
        "given: ['$.x', '$.y', '$.z'], outcome: 'default', then: { schema: { pattern: '^(?:(a|a(?=a*))+b|a+)$' } }";
    let report = lint(fields, &[("openclaw.json", &text)]);
    let said = report.findings.iter().filter(|found| found.rule == "lint/config" || found.rule == "acme/rule");
    let said: Vec<_> = said
        .map(|found| (&*found.rule, report.sources.get(found.primary.file).unwrap().slice(found.primary.span)))
        .collect();
    assert_eq!(said, [("lint/config", &*format!("'{}c'", "a".repeat(60))), ("acme/rule", "'b'")]);
    let found = report.findings.iter().find(|found| found.rule == "lint/config").unwrap();
    assert!(found.message.contains("acme/rule") && found.message.contains("too long"), "{}", found.message);
}

#[test]
fn rules_of_one_pack_do_not_answer_for_each_other() {
    let rule = |id, schema| {
        format!(
            "{{ id: 'acme/{id}', summary: 'x', severity: 'info', given: ['$.x'], then: {{ schema: {schema} }}, outcomes: {{ default: {{ message: 'm' }} }} }}"
        )
    };
    let rules = format!("[{}, {}]", rule("one", "{ const: 1 }"), rule("two", "{ const: 2 }"));
    for (text, expected) in [("{ x: 1 }", "acme/two"), ("{ x: 2 }", "acme/one"), ("{ x: 3 }", "acme/one acme/two")] {
        let linter =
            Linter::new().beside("openclaw-lint.json5", "{ packs: ['p.json5'] }").beside("p.json5", rules.as_str());
        let report = linter.file("openclaw.json", text).lint();
        let said: Vec<_> =
            report.findings.iter().filter(|found| found.rule.starts_with("acme/")).map(|found| &*found.rule).collect();
        assert_eq!(said.join(" "), expected, "{text}");
    }
}

#[test]
fn words_have_their_facts_in_both_languages() {
    let said = |fields: &str, text: &str, language: Language| {
        let linter = Linter::new().beside("openclaw-lint.json5", "{ packs: ['p.json5'] }").beside("p.json5", fields);
        let report = linter.language(language).file("openclaw.json", text).lint();
        own(&report).into_iter().cloned().collect::<Vec<_>>()
    };
    let simple = |then: &str, text: &str| {
        let found = said(&pack(&format!("given: ['$.x'], then: {{ schema: {then} }}")), text, Language::English);
        found.iter().map(|found| found.message.trim_end().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(simple("{ enum: [1, 'a'] }", "{ x: true }"), ["x is true, not 1`, `a"]);
    assert_eq!(simple("{ const: 'a' }", "{ x: 2 }"), ["x is 2, not a"]);
    assert_eq!(simple("{ required: ['a', 'b'] }", "{ x: {} }"), ["x (object) has no a", "x (object) has no b"]);
    assert_eq!(
        simple("{ properties: { c: true }, additionalProperties: false }", "{ x: { a: 1, b: 1 } }"),
        ["x has a`, `b"]
    );
    assert_eq!(simple("{ maximum: 3 }", "{ x: 4 }"), ["x is 4, not 3"]);
    assert_eq!(simple("{ properties: { y: { minLength: 3 } } }", "{ x: { y: 'a' } }"), ["y 3"]);

    let rule = "{ id: 'acme/rule', summary: 's', severity: 'error', links: ['https://a.example/', 'https://b.example/'],
        given: ['$.x'], then: { schema: { type: 'number', maximum: 3 } },
        outcomes: {
            type: { message: 'm {path}', help: 'h', severity: 'info', atKey: true,
                fixes: [{ title: 'write {path}', action: 'write', with: '1', safety: 'safe' }, { title: 'two', action: 'write', with: '2', safety: 'unsafe' }] },
            default: { message: 'd', help: '' },
        },
        'zh-CN': { outcomes: { type: { message: '甲 {path}', help: '乙', fixes: ['丙 {path}'] } } } }";
    let found = &said(rule, "{ x: 'a' }", Language::English)[0];
    assert_eq!((&*found.message, found.help.as_deref(), found.severity), ("m x", Some("h"), Severity::Info));
    assert_eq!((found.blocking, found.url.as_deref()), (false, Some("https://a.example/")));
    assert_eq!((found.primary.span.start, found.primary.span.end), (2, 3));
    assert_eq!(found.fix.as_ref().unwrap().title, "write x");
    assert_eq!(found.other_fixes.iter().map(|fix| &*fix.title).collect::<Vec<_>>(), ["two"]);
    let found = &said(rule, "{ x: 4 }", Language::English)[0];
    assert_eq!((&*found.message, found.help.as_deref(), found.severity), ("d", None, Severity::Error));
    assert_eq!((found.blocking, found.fix.is_some(), found.primary.span.start), (false, false, 5));
    // What a pack does not say in a language, it says in English.
    let found = &said(rule, "{ x: 'a' }", Language::Chinese)[0];
    assert_eq!((&*found.message, found.help.as_deref()), ("甲 x", Some("乙")));
    assert_eq!((&*found.fix.as_ref().unwrap().title, &*found.other_fixes[0].title), ("丙 x", "two"));
    assert_eq!(said(rule, "{ x: 4 }", Language::Chinese)[0].message, "d");
}
