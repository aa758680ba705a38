//! What the formats look like, on a report made by hand that has everything unpleasant in it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a helper that fails fails the test")]

use std::path::Path as FsPath;
use std::sync::LazyLock;

use openclaw_lint::finding::{Edit, Finding, Fix, Safety, Severity};
use openclaw_lint::project::Path;
use openclaw_lint::redact::{Secrets, mark_config, mark_env};
use openclaw_lint::report::{FileReport, Format, Options, Report, RuleInfo, Verdict, render};
use openclaw_lint::source::{FileId, SourceFile, Sources, Span};
use openclaw_lint::syntax::{dotenv, json5};
use serde_json::Value;

/// Nobody's key: a format and a pattern.
fn key(prefix: &str) -> String {
    format!("{prefix}{}", "Ab3dEf9h".repeat(12))
}

fn span(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap_or_else(|| panic!("{part} is in the text"));
    Span::new(u32::try_from(start).unwrap(), u32::try_from(start + part.len()).unwrap())
}

struct Builder {
    report: Report,
}

impl Builder {
    fn new() -> Self {
        let report = Report {
            language: openclaw_lint::language::Language::English,
            target: "2026.9.6".to_owned(),
            sources: Sources::default(),
            secrets: Secrets::default(),
            files: Vec::new(),
            findings: Vec::new(),
        };
        Self { report }
    }

    fn file(&mut self, name: &str, text: &str, verdict: Verdict) -> FileId {
        let env = name.ends_with(".env");
        let file = self.report.sources.add(SourceFile::new(name, text));
        let source = self.report.sources.get(file).unwrap();
        if env {
            mark_env(&mut self.report.secrets, file, source, &dotenv::parse(text));
        } else {
            let document = json5::parse(text, &json5::Options::default());
            mark_config(&mut self.report.secrets, file, source, &document);
        }
        let kind = if env { "env" } else { "config" };
        self.report.files.push(FileReport { file, kind, layout: (!env).then_some("openclaw"), verdict });
        file
    }

    fn add(&mut self, finding: Finding) {
        self.report.findings.push(finding);
    }
}

fn path(keys: &[&str]) -> Path {
    keys.iter().fold(Path::root(), |path, key| path.key(key))
}

fn sample() -> Report {
    let mut it = Builder::new();
    let (error, warning, info) = (Severity::Error, Severity::Warning, Severity::Info);

    let config = format!(
        "// 网关配置 🦞\r\n{{\r\n\tgateway: {{\r\n\t\tauth: {{ tokn: \"{}\", 模式: \"token\" }},\r\n\t\tport: \"18789\",\r\n\t}},\r\n\tagents: {{ list: [{{ id: \"main\" }}, {{ id: \"ma\u{1b}[31min\u{202e}\" }}] }},\r\n\tmodels: {{}},\r\n\tlogging: {{}},\r\n\tgateway: {{ port: 1 }},\r\n}}\r\n",
        key("sk-ant-api03-"),
    );
    let a = it.file("agents/openclaw.json", &config, Verdict::Refused);
    let env = format!(
        "# 生产环境\nOPENAI_API_KEY={}\nexport OPENAI_API_KEY='{}'\nOPENCLAW_GATEWAY_PORT = 18790\n",
        key("sk-proj-"),
        key("sk-")
    );
    let b = it.file("agents/.env", &env, Verdict::Unknown);
    let minified = format!(
        "{{\"list\":[{}],\"tokn\":\"{}\",\"rest\":[{}]}}",
        "1,".repeat(450_000),
        key("gsk_"),
        "2,".repeat(50_000)
    );
    let c = it.file("dist/openclaw.min.json", &minified, Verdict::Migrates);
    let d = it.file("empty/openclaw.json5", "", Verdict::Refused);
    it.file("ok/openclaw.json", "{}\n", Verdict::Accepted);

    let mut unknown = Finding::new("schema/unknown-key", error, "`tokn` is not a key of `gateway.auth`", a, span(&config, "tokn"))
        .help("write `token`; a gateway that finds an unknown key does not start, and a service manager will restart it for ever")
        .at_path(path(&["gateway", "auth", "tokn"]), path(&["gateway", "auth"]))
        .related(b, span(&env, "OPENCLAW_GATEWAY_PORT"), "the port is set here as well")
        .blocking();
    unknown.url = Some("https://example.org/rules/schema/unknown-key".to_owned());
    unknown.fix = Some(Fix {
        title: "rename `tokn` to `token`".to_owned(),
        safety: Safety::Safe,
        of_gateway: false,
        edits: vec![Edit { file: a, span: span(&config, "tokn"), new_text: "token".to_owned() }],
    });
    it.add(unknown);
    it.add(
        Finding::new(
            "schema/type",
            error,
            "`gateway.port` has to be a number, not a string",
            a,
            span(&config, "\"18789\""),
        )
        .help("write 18789 without quotes")
        .at_path(path(&["gateway", "port"]), path(&["gateway", "port"]))
        .blocking(),
    );
    it.add(
        Finding::new(
            "style/键",
            info,
            "键“模式”会被忽略：OpenClaw 只认识英文键名，请把它改成 `mode`，否则网关启动时会拒绝整个文件。",
            a,
            span(&config, "模式"),
        )
        .at_path(path(&["gateway", "auth", "模式"]), path(&["gateway", "auth"])),
    );
    it.add(
        Finding::new(
            "agents/odd-id",
            warning,
            format!("the id ma\u{1b}[31min\u{202e} has invisible characters; secret: {}", key("sk-ant-api03-")),
            a,
            span(&config, "\"ma\u{1b}[31min\u{202e}\""),
        )
        .related(a, span(&config, "\"main\""), "looks like this one")
        .at_path(path(&["agents", "list", "1", "id"]), path(&["agents", "list", "1", "id"])),
    );
    let again = u32::try_from(config.rfind("gateway").unwrap()).unwrap();
    it.add(
        Finding::new(
            "syntax/duplicate-key",
            warning,
            "`gateway` is given twice; the last one wins",
            a,
            span(&config, "gateway"),
        )
        .related(a, Span::new(again, again + 7), "this one is used")
        .at_path(path(&["gateway"]), path(&["gateway"])),
    );
    it.add(
        Finding::new(
            "env/shadowed-credential",
            warning,
            "`OPENAI_API_KEY` is set twice",
            b,
            span(&env, "OPENAI_API_KEY"),
        )
        .related(
            b,
            Span::new(
                u32::try_from(env.rfind("OPENAI_API_KEY").unwrap()).unwrap(),
                u32::try_from(env.rfind("OPENAI_API_KEY").unwrap() + 14).unwrap(),
            ),
            "this later line wins",
        )
        .help("delete one of the two"),
    );
    let mut far = Finding::new("schema/unknown-key", error, "`tokn` is not a key here", c, span(&minified, "\"tokn\""))
        .at_path(path(&["tokn"]), Path::root())
        .related(c, span(&minified, "list"), "the object begins here");
    far.fix = Some(Fix {
        title: "put the key in".to_owned(),
        safety: Safety::Safe,
        of_gateway: false,
        edits: vec![Edit { file: c, span: span(&minified, "\"tokn\""), new_text: format!("\"{}\"", key("gsk_")) }],
    });
    far.url = Some("https://example.org/rules/schema/unknown-key".to_owned());
    it.add(far);
    let end = u32::try_from(minified.len()).unwrap();
    it.add(Finding::new("syntax/end", info, "the file does not end with a line break", c, Span::at(end)));
    it.add(
        Finding::new("syntax/empty", error, "the file is empty", d, Span::at(0)).help("write at least `{}`").blocking(),
    );
    it.report
}

fn rules() -> Vec<RuleInfo> {
    let rule = |id: &str, severity| RuleInfo {
        id: id.to_owned(),
        summary: "A key that OpenClaw does not know.".to_owned(),
        help: "OpenClaw refuses a file with a key that it does not know.".to_owned(),
        url: Some(format!("https://example.org/rules/{id}")),
        severity,
    };
    vec![rule("schema/unknown-key", Severity::Error), rule("schema/never-fires", Severity::Warning)]
}

fn show(format: Format, width: usize, change: impl FnOnce(&mut Options<'_>)) -> String {
    let rules = rules();
    let mut options = Options { width, rules: &rules, ..Options::default() };
    change(&mut options);
    static SAMPLE: LazyLock<Report> = LazyLock::new(sample);
    render(format, &SAMPLE, &options)
}

#[test]
fn full() {
    insta::assert_snapshot!("full_80", show(Format::Full, 80, |_| {}));
    insta::assert_snapshot!("full_120", show(Format::Full, 120, |_| {}));
    insta::assert_snapshot!("full_ascii", show(Format::Full, 80, |options| options.unicode = false));
    insta::assert_snapshot!(
        "full_color",
        show(Format::Full, 80, |options| {
            options.color = true;
            options.links = true;
        })
        .replace('\x1b', "^[")
    );
}

#[test]
fn concise() {
    insta::assert_snapshot!("concise", show(Format::Concise, 80, |_| {}));
}

#[test]
fn json() {
    insta::assert_snapshot!("json", show(Format::Json, 80, |_| {}));
}

#[test]
fn sarif() {
    insta::assert_snapshot!("sarif", show(Format::Sarif, 80, |_| {}));
    insta::assert_snapshot!("github", show(Format::Github, 80, |_| {}));
    insta::assert_snapshot!("gitlab", show(Format::Gitlab, 80, |_| {}));
}

#[test]
fn jsonl() {
    insta::assert_snapshot!("jsonl", show(Format::Jsonl, 80, |_| {}));
}

#[test]
fn junit() {
    insta::assert_snapshot!("junit", show(Format::Junit, 80, |_| {}));
}

#[test]
fn full_lines_fit_and_hold_nothing_that_a_terminal_obeys() {
    for width in [60, 80, 120] {
        let text = show(Format::Full, width, |_| {});
        assert!(!text.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'));
        for line in text.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{line}");
        }
    }
    assert!(show(Format::Full, 80, |options| options.unicode = false).is_ascii());
    assert!(show(Format::Concise, 80, |options| options.unicode = false).is_ascii());
}

#[test]
fn a_clean_run_says_so() {
    let mut it = Builder::new();
    it.file("openclaw.json", "{}", Verdict::Accepted);
    let clean = render(Format::Full, &it.report, &Options::default());
    assert_eq!(clean, "OpenClaw 2026.9.6 would accept openclaw.json\n\nno findings in 1 file\n");
    assert_eq!(render(Format::Concise, &Builder::new().report, &Options::default()), "no files to check\n");
}

#[test]
fn many_accepted_files_are_counted() {
    let mut it = Builder::new();
    for n in 0..20 {
        it.file(&format!("{n}/openclaw.json"), "{}", Verdict::Accepted);
    }
    it.file("z/openclaw.json", "{", Verdict::Refused);
    let text = render(Format::Full, &it.report, &Options::default());
    let want = "OpenClaw 2026.9.6 would\n  refuse  z/openclaw.json\n  accept  20 files\n\nno findings in 21 files; 1 file would be refused\n";
    assert_eq!(text, want);
}

#[test]
fn a_file_that_nobody_marked_is_redacted_all_the_same() {
    let mut it = Builder::new();
    let text = format!("{{ apiKey: '{}' }}", key("sk-ant-api03-"));
    let file = it.report.sources.add(SourceFile::new("x.json", &*text));
    it.add(Finding::new("a/b", Severity::Info, "look", file, span(&text, "apiKey")));
    for format in Format::all() {
        assert!(!render(format, &it.report, &Options::default()).contains("Ab3dEf9h"), "{format:?}");
    }
}

#[test]
fn a_fix_whose_text_was_scrubbed_is_not_offered() {
    let json: serde_json::Value = serde_json::from_str(&show(Format::Json, 80, |_| {})).unwrap();
    let fix = &json["findings"][6]["fix"];
    assert_eq!((fix["safety"].as_str(), fix["edits"][0]["newText"].as_str()), (Some("display-only"), Some("\"•••\"")));
    assert!(!show(Format::Sarif, 80, |_| {}).contains("put the key in"));
}

#[test]
fn formats_are_found_by_name_and_repeat_themselves_byte_by_byte() {
    for format in Format::all() {
        assert_eq!(Format::from_name(format.name()), Some(format));
        assert_eq!(show(format, 80, |_| {}), show(format, 80, |_| {}));
    }
    assert_eq!(Format::from_name("xml"), None);
}

fn validate(schema: &FsPath, output: &str) {
    let schema = std::fs::read_to_string(schema).unwrap();
    // One pattern of the SARIF schema has a stray bracket, which JavaScript forgives.
    let schema = serde_json::from_str(&schema.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}?$")).unwrap();
    let instance = serde_json::from_str(output).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(&instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn json_keeps_its_contract() {
    let schema = FsPath::new(env!("CARGO_MANIFEST_DIR")).join("schemas/report.json");
    validate(&schema, &show(Format::Json, 80, |_| {}));
    validate(&schema, &render(Format::Json, &Builder::new().report, &Options::default()));
}

#[test]
fn a_jsonl_line_keeps_the_contract_too() {
    let schema = std::fs::read_to_string(FsPath::new(env!("CARGO_MANIFEST_DIR")).join("schemas/report.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let line = serde_json::json!({ "$schema": schema["$schema"], "$ref": "#/$defs/line", "$defs": schema["$defs"] });
    let validator = jsonschema::validator_for(&line).unwrap();
    let output = show(Format::Jsonl, 80, |_| {});
    let mut lines: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        assert!(validator.is_valid(line), "{line:#}");
        let mut more = line.clone();
        more["surprise"] = true.into();
        assert!(!validator.is_valid(&more), "{more:#}");
    }
    // Together the lines say what the one object says.
    let whole: Value = serde_json::from_str(&show(Format::Json, 80, |_| {})).unwrap();
    let mut run = lines.pop().unwrap();
    assert_eq!(run.as_object_mut().unwrap().remove("type"), Some("run".into()));
    let (mut findings, mut files, mut counts) = (Vec::new(), Vec::new(), [0, 0, 0]);
    for mut line in lines {
        match line.as_object_mut().unwrap().shift_remove("type").unwrap().as_str().unwrap() {
            "finding" => findings.push(line),
            _ => {
                for (total, name) in counts.iter_mut().zip(["errors", "warnings", "infos"]) {
                    *total += line.as_object_mut().unwrap().shift_remove(name).unwrap().as_u64().unwrap();
                }
                // All findings of the file have been there.
                assert_eq!(counts.iter().sum::<u64>(), findings.len() as u64);
                files.push(line);
            }
        }
    }
    assert_eq!(whole["findings"], Value::from(findings));
    assert_eq!(whole["files"], Value::from(files));
    for (total, name) in counts.iter().zip(["errors", "warnings", "infos"]) {
        assert_eq!(whole["summary"][name], *total);
    }
    run["files"] = whole["files"].clone();
    run["findings"] = whole["findings"].clone();
    assert_eq!(run, whole);
}

/// What `jenkins-junit.xsd` allows: an element, its attributes (`!`: needed), its children in their order (`?` once at most,
/// `*` any number), and whether it has text.
const JUNIT: &[(&str, &[&str], &[&str], bool)] = &[
    ("testsuites", &["name", "time", "tests", "failures", "disabled", "errors"], &["testsuite*"], false),
    (
        "testsuite",
        &[
            "!name",
            "!tests",
            "failures",
            "errors",
            "time",
            "disabled",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
        ],
        &["properties?", "testcase*", "system-out?", "system-err?"],
        false,
    ),
    (
        "testcase",
        &["!name", "assertions", "time", "classname", "status"],
        &["skipped?", "error*", "failure*", "system-out*", "system-err*"],
        false,
    ),
    ("failure", &["type", "message"], &[], true),
    ("skipped", &["message"], &[], true),
];

/// An element with its attributes, children and text, as a reader sees them.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn count(&self, name: &str) -> usize {
        self.get(name).parse().unwrap()
    }
}

fn parse_xml(xml: &str) -> Element {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut stack = vec![Element::default()];
    loop {
        let event = reader.read_event().unwrap();
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => {
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).unwrap().into_owned();
                    (attribute.key.as_ref().to_owned(), value)
                });
                let name = start.name().as_ref().to_owned();
                stack.push(Element { name, attributes: attributes.collect(), ..Element::default() });
                if empty {
                    let done = stack.pop().unwrap();
                    stack.last_mut().unwrap().children.push(done);
                }
            }
            Event::End(_) => {
                let done = stack.pop().unwrap();
                stack.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => stack.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let text = quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_else(|| panic!("{name:?}"));
                stack.last_mut().unwrap().text.push_str(text);
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    let root = stack.pop().unwrap();
    assert!(stack.is_empty() && root.children.len() == 1 && root.text.trim().is_empty());
    root.children.into_iter().next().unwrap()
}

fn check_junit(element: &Element) {
    let (_, attributes, order, text) =
        JUNIT.iter().find(|(name, ..)| *name == element.name).unwrap_or_else(|| panic!("an element {}", element.name));
    for (name, _) in &element.attributes {
        assert!(attributes.iter().any(|known| known.trim_start_matches('!') == name), "{} {name}", element.name);
    }
    for needed in attributes.iter().filter_map(|name| name.strip_prefix('!')) {
        assert!(!element.get(needed).is_empty(), "{} has {needed}", element.name);
    }
    assert!(*text || element.text.trim().is_empty(), "{}: {}", element.name, element.text);
    let place = |child: &Element| {
        order.iter().position(|known| known.trim_end_matches(['?', '*']) == child.name).expect("a known child")
    };
    let places: Vec<usize> = element.children.iter().map(place).collect();
    assert!(places.is_sorted(), "{places:?}");
    for pair in places.windows(2) {
        assert!(pair[0] != pair[1] || order[pair[0]].ends_with('*'));
    }
    element.children.iter().for_each(check_junit);
}

#[test]
fn junit_has_the_shape_that_its_readers_know_and_counts_right() {
    for fail_on in [None, Some(Severity::Error), Some(Severity::Warning), Some(Severity::Info)] {
        let root = parse_xml(&show(Format::Junit, 80, |options| options.fail_on = fail_on));
        check_junit(&root);
        let of = |suite: &Element, outcome: &str| {
            suite.children.iter().filter(|test| test.children.iter().any(|child| child.name == outcome)).count()
        };
        for suite in &root.children {
            assert_eq!(suite.count("tests"), suite.children.len());
            assert_eq!(suite.count("failures"), of(suite, "failure"));
            assert_eq!(suite.count("skipped"), of(suite, "skipped"));
            let mut names: Vec<&str> = suite.children.iter().map(|test| test.get("name")).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), suite.children.len(), "names are distinct");
        }
        assert_eq!(root.count("tests"), root.children.iter().map(|suite| suite.count("tests")).sum::<usize>());
        let severities = [Severity::Error, Severity::Warning, Severity::Info];
        let failing = severities.into_iter().filter(|severity| fail_on.is_some_and(|mildest| *severity >= mildest));
        let failures: usize = failing.map(|severity| sample().count(severity)).sum();
        assert_eq!(root.count("failures"), failures);
    }
}

#[test]
fn junit_of_odd_texts_is_xml_and_loses_nothing_visible() {
    let mut it = Builder::new();
    let text = "{ a: 1 }";
    let file = it.file("<a & \"b\" 'c'>.json", text, Verdict::Accepted);
    let odd = "]]> <![CDATA[ & &amp; <b attr=\"1\"> \u{0} \u{fffe} \u{ffff} \u{1f600} \n\t end";
    it.add(Finding::new("a/b", Severity::Error, odd, file, span(text, "a")).help(odd));
    let root = parse_xml(&render(Format::Junit, &it.report, &Options::default()));
    check_junit(&root);
    let suite = &root.children[0];
    assert_eq!(suite.get("name"), "<a & \"b\" 'c'>.json");
    let failure = &suite.children[0].children[0];
    let shown = "]]> <![CDATA[ & &amp; <b attr=\"1\"> ␀ \u{fffd} \u{fffd} \u{1f600} ␊␉ end";
    assert_eq!(failure.get("message"), shown);
    assert_eq!(failure.text, format!("<a & \"b\" 'c'>.json:1:3: error[a/b] {shown}\nhelp: {shown}"));
}

#[test]
fn the_page_has_every_finding_and_loads_nothing() {
    let html = show(Format::Html, 80, |_| {});
    let report = sample();
    assert_eq!(html.matches("<article class=\"finding ").count(), report.findings.len());
    assert_eq!(html.matches("<section class=\"file\"").count(), 4, "files with findings");
    assert!(html.contains("<code>ok/openclaw.json</code>"), "files without are listed");
    // The rule that occurs has its page, the other has not.
    assert!(html.contains("id=\"rule-schema-unknown-key\"") && !html.contains("never-fires"));
    // Attributes that load something: none but the icon, which is empty.
    let loads = html.matches(" src=").count() + html.matches("<link ").count() + html.matches("@import").count();
    assert_eq!((loads, html.contains("<link rel=\"icon\" href=\"data:,\">")), (1, true));
    assert!(html.contains("default-src 'none'; style-src 'sha256-"));
    assert!(!html.contains("unsafe-inline") && !html.contains(" style=") && !html.contains(" onclick="));
    // Only the part of a file of a megabyte that is about something.
    assert!(html.len() < 100_000, "{} bytes", html.len());
}

#[test]
fn the_page_speaks_the_language_of_its_report() {
    let mut report = sample();
    report.language = openclaw_lint::language::Language::Chinese;
    let html = render(Format::Html, &report, &Options { rules: &rules(), ..Options::default() });
    assert!(html.contains("<html lang=\"zh-CN\">") && html.contains("跳到问题列表"));
    for english in
        ["Skip to", "all rules", ">Errors<", ">Warnings<", ">Infos<", "findings shown", "Made by", "To its first"]
    {
        assert!(!html.split_once("<body>").unwrap().1.split_once("<script>").unwrap().0.contains(english), "{english}");
    }
}

#[test]
fn a_large_file_is_shown_in_part() {
    let mut it = Builder::new();
    let text = "{}\n".repeat(5_000);
    let file = it.file("openclaw.json", &text, Verdict::Refused);
    it.add(Finding::new("a/b", Severity::Error, "x", file, Span::new(3_000, 3_002)));
    it.add(Finding::new("a/b", Severity::Error, "y", file, Span::new(9_000, 9_002)));
    let html = render(Format::Html, &it.report, &Options::default());
    for gap in ["Lines 1 to 997 are", "Lines 1005 to 2997 are", "Lines 3005 to 5000 are"] {
        assert!(html.contains(gap), "{gap}");
    }
    assert_eq!(html.matches("class=\"l\"").count(), 14);
    // A smaller one is there whole, what is far from findings folded.
    let mut it = Builder::new();
    let file = it.file("openclaw.json", &"{}\n".repeat(100), Verdict::Refused);
    it.add(Finding::new("a/b", Severity::Error, "x", file, Span::new(30, 32)));
    let html = render(Format::Html, &it.report, &Options::default());
    assert_eq!(html.matches("class=\"l\"").count(), 100);
    for fold in ["Lines 1 to 7, without", "Lines 15 to 100, without"] {
        assert!(html.contains(fold), "{fold}");
    }
}

/// The fields of GitLab's code quality report: all that it reads must be there and of these types; see "Code Quality" in
/// its documentation.
#[test]
fn gitlab_reads_every_issue() {
    let issues: Vec<Value> = serde_json::from_str(&show(Format::Gitlab, 80, |_| {})).unwrap();
    assert_eq!(issues.len(), sample().findings.len());
    let mut prints = std::collections::HashSet::new();
    for issue in &issues {
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        assert!(text(&issue["description"]).is_some() && text(&issue["check_name"]).is_some(), "{issue:#}");
        assert!(prints.insert(text(&issue["fingerprint"]).unwrap()), "fingerprints are distinct");
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(severities.contains(&issue["severity"].as_str().unwrap()));
        let path = text(&issue["location"]["path"]).unwrap();
        assert!(!path.starts_with("./") && !path.starts_with('/'), "relative to the repository: {path}");
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
    }
}

/// Reads a workflow command as the runner of GitHub Actions does (`ActionCommand.TryParseV2`).
fn runner_reads(line: &str) -> (String, Vec<(String, String)>, String) {
    let unescape = |text: &str, also: &[(&str, &str)]| {
        let mut text = text.replace("%0D", "\r").replace("%0A", "\n");
        for (escaped, character) in also {
            text = text.replace(escaped, character);
        }
        text.replace("%25", "%")
    };
    let rest = line.trim_start().strip_prefix("::").unwrap();
    let (head, data) = rest.split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties.split(',').filter_map(|property| property.trim().split_once('='));
    let properties =
        properties.map(|(name, value)| (name.to_owned(), unescape(value, &[("%3A", ":"), ("%2C", ",")]))).collect();
    (name.to_owned(), properties, unescape(data, &[]))
}

#[test]
fn github_gets_back_what_was_said() {
    let mut it = Builder::new();
    let text = "{ a: 1,\n b: 2 }";
    let file = it.file("odd, a:b%2C=100%.json", text, Verdict::Accepted);
    let odd = "50% of a::error::b, c=d %0A %25 %2525";
    it.add(Finding::new("a/b", Severity::Warning, odd, file, span(text, "a: 1,\n b")).help(odd));
    it.add(Finding::new("c/d", Severity::Info, "x", file, span(text, "a")));
    let output = render(Format::Github, &it.report, &Options::default());
    let commands: Vec<_> = output.lines().map(runner_reads).collect();
    let property = |(_, properties, _): &(String, Vec<(String, String)>, String), name: &str| {
        properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let (first, second) = (&commands[0], &commands[1]);
    assert_eq!((first.0.as_str(), second.0.as_str(), commands.len()), ("warning", "notice", 2));
    assert_eq!(first.2, format!("{odd}\n{odd}"));
    assert_eq!(property(first, "file").unwrap(), "odd, a:b%2C=100%.json");
    assert_eq!((property(first, "line").unwrap(), property(first, "endLine").unwrap()), ("1".into(), "2".into()));
    assert_eq!(property(first, "col"), None, "columns are for one line only");
    assert_eq!((property(second, "col"), property(second, "endColumn")), (Some("3".into()), Some("4".into())));
    assert_eq!(property(second, "title").unwrap(), "c/d");
    // All properties are ones that the runner knows.
    let known = ["file", "line", "endLine", "col", "endColumn", "title"];
    assert!(commands.iter().all(|(_, properties, _)| properties.iter().all(|(name, _)| known.contains(&&**name))));
}

#[test]
fn sarif_keeps_to_the_standard() {
    let schema = FsPath::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sarif-schema-2.1.0.json");
    validate(&schema, &show(Format::Sarif, 80, |_| {}));
    validate(&schema, &render(Format::Sarif, &Builder::new().report, &Options::default()));
}

#[test]
fn fingerprints_survive_lines_that_move() {
    let prints = |report: &Report| {
        let sarif: serde_json::Value =
            serde_json::from_str(&render(Format::Sarif, report, &Options::default())).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap().clone();
        results
            .iter()
            .map(|r| r["partialFingerprints"]["openclawLint/v1"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let build = |before: &str| {
        let mut it = Builder::new();
        let text = format!("{before}A=1\nA=2\n");
        let file = it.file("a.env", &text, Verdict::Unknown);
        let first = span(&text, "A=1");
        it.add(Finding::new("a/b", Severity::Info, "x", file, first));
        it.add(Finding::new("a/b", Severity::Info, "x", file, Span::new(first.start + 4, first.end + 4)));
        it.report
    };
    let (short, long) = (prints(&build("")), prints(&build("# more\n\n")));
    assert_eq!(short, long);
    assert_ne!(short[0], short[1]);
}
