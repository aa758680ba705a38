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
