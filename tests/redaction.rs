//! No format prints a credential: keys of every provider's shape, planted at random places, in files and in texts.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a helper that fails fails the test")]

mod properties;

use openclaw_lint::credentials::{KeyFormat, find_secrets, synthetic, table};
use openclaw_lint::finding::{Edit, Finding, Fix, Safety, Severity};
use openclaw_lint::language::Language;
use openclaw_lint::project::Path;
use openclaw_lint::redact::{Secrets, mark_config, mark_env};
use openclaw_lint::report::{FileReport, Format, Options, Report, Verdict, render};
use openclaw_lint::source::{FileId, SourceFile, Sources, Span};
use openclaw_lint::syntax::{dotenv, json5};
use properties::bundle::Bundle;
use proptest::prelude::*;
use rayon::prelude::*;

/// So many neighbouring characters give a key away.
const RECOGNISABLE: usize = 8;

/// Places in a config whose name says that a secret follows: any value is hidden there.
const TELLING: &[&str] = &[
    r#"{ models: { providers: { x: { apiKey: "KEY", baseUrl: "https://h/v1" } } } }"#,
    "{\n\t\"gateway\": {\"auth\": {\"token\":\"KEY\"}} }",
    "{ channels: { telegram: { botToken: 'KEY' } }, }",
    "{ apiKey: [\"first\", \"KEY\"] }",
    "{ clientSecret: { nested: { deep: 'KEY' } } }",
    r#"{ mcp: { args: ["-y", "server", "--api-key", "KEY"] } }"#,
    r#"{ mcp: { args: ["--api-key=KEY", "x"] } }"#,
    r#"{ mcp: { args: ["-e", "SOME_API_KEY=KEY"] } }"#,
    r#"{ env: { vars: { OPENAI_API_KEY: "KEY" } } }"#,
    r#"{ headers: { Authorization: "Bearer KEY" } }"#,
    r#"{ headers: { "x-api-key": "KEY" } }"#,
    "{ password: 'KEY\\\n' }",
    "{ // apiKey: \"KEY\",\n }",
    "/* { \"token\": \"KEY\" } */ {}",
    "{ apiKey: \"KEY",
    "{ a: [1 2,, apiKey = \"KEY\" ",
    "{{{ \"apiKey\" \"x\", \"secretKey\": \"KEY\"\n]",
    r#"{ apiKey: "prefix ${NAME} KEY" }"#,
    r#"{ a: "{\"apiKey\": \"KEY\"}" }"#,
];

/// Places where only the key's own shape can tell.
const SILENT: &[&str] = &[
    r#"{ note: "KEY" }"#,
    "{ list: [1, 'KEY', 2] }",
    r#"{ "KEY": 1 }"#,
    "// KEY\n{}",
    "{ a: /* old: KEY */ 1 }",
    "{ a: KEY }",
    "KEY",
    "{ a: 'see KEY there' }",
    "{ a: `KEY` }",
];

/// Strings in which a key may be spelled with escapes.
const ESCAPABLE: [&str; 2] = [TELLING[0], TELLING[14]];

/// URLs, for keys without characters that end a URL's part.
const URLS: &[&str] = &[r#"{ u: "https://user:KEY@host/p" }"#, r#"{ u: "https://h/p?api_key=KEY&x=1" }"#];

const ENV_TELLING: &[&str] = &[
    "OPENAI_API_KEY=KEY\n",
    "export GATEWAY_TOKEN=\"KEY\" # note",
    "A=1\n# OLD_API_KEY=KEY\nB=2",
    "#SLACK_BOT_TOKEN='KEY'",
    "MY_SECRET = 'KEY'\r\nX=1\r\n",
    "MY_PASSWORD=`first\nKEY\nlast`\n",
    "MY_TOKEN: KEY\n",
    "1BAD-API_KEY=KEY\n",
];

const ENV_SILENT: &[&str] = &["A=KEY\n", "KEY\n", "# KEY\n", "export A='KEY'\n", "A=1 # KEY\n"];

#[derive(Clone, Debug)]
struct Case {
    template: &'static str,
    env: bool,
    telling: bool,
    key: String,
    /// Another key of the format: what both share is no secret.
    other: String,
    escaped: bool,
    width: usize,
}

fn cases() -> impl Strategy<Value = Case> {
    let formats: Vec<_> = table().providers().iter().flat_map(|provider| provider.formats()).collect();
    let places = |list: &'static [&'static str], env, telling| list.iter().map(move |place| (*place, env, telling));
    let places: Vec<_> = places(TELLING, false, true)
        .chain(places(SILENT, false, false))
        .chain(places(URLS, false, true))
        .chain(places(ENV_TELLING, true, true))
        .chain(places(ENV_SILENT, true, false))
        .collect();
    let width = prop_oneof![Just(40_usize), Just(80), Just(200)];
    (0..formats.len(), 0..places.len(), 0_u64..1_000_000, any::<bool>(), width).prop_map(
        move |(format, place, seed, escaped, width)| {
            let (format, (template, env, telling)) = (formats[format], places[place]);
            let key = synthetic::key(format, seed);
            Case { template, env, telling, other: synthetic::key(format, seed + 1), key, escaped, width }
        },
    )
}

fn find(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap_or(0);
    Span::new(u32::try_from(start).unwrap(), u32::try_from(start + part.len()).unwrap())
}

/// The key as it stands in the file: now and then with an escape for its first character.
fn spelling(case: &Case) -> String {
    match case.key.chars().next() {
        Some(first) if case.escaped && ESCAPABLE.contains(&case.template) => {
            format!("\\u{:04x}{}", u32::from(first), &case.key[first.len_utf8()..])
        }
        _ => case.key.clone(),
    }
}

fn report(case: &Case) -> Report {
    let spelling = spelling(case);
    let text = case.template.replace("KEY", "\0").replace("API_\0", "API_KEY").replace('\0', &spelling);
    let (mut sources, mut secrets) = (Sources::default(), Secrets::default());
    let file = sources.add(SourceFile::new("dir/openclaw.json", &*text));
    let source = sources.get(file).unwrap();
    if case.env {
        mark_env(&mut secrets, file, source, &dotenv::parse(&text));
    } else {
        mark_config(&mut secrets, file, source, &json5::parse(&text, &json5::Options::default()));
    }
    let findings = vec![on_the_key(case, file, &text, &spelling), beside(file, &text, &spelling)];
    let files = vec![FileReport { file, kind: "config", layout: None, verdict: Verdict::Refused }];
    Report { target: "2026.9.6".to_owned(), language: Language::English, sources, secrets, files, findings }
}

fn on_the_key(case: &Case, file: FileId, text: &str, spelling: &str) -> Finding {
    let (key, place) = (&case.key, find(text, spelling));
    let path = Path::root().key("a").key(key);
    let mut finding = Finding::new("a/b", Severity::Error, format!("the key {key} is wrong"), file, place)
        .help(format!("do not write \"{key}\", nor {spelling}"))
        .at_path(path.clone(), path)
        .related(file, place, format!("{key:?} again"));
    finding.url = Some(format!("https://example.org/?q={key}"));
    finding.fix = Some(Fix {
        title: format!("delete {key}"),
        safety: Safety::Safe,
        of_gateway: false,
        edits: vec![Edit { file, span: place, new_text: format!("'{key}'") }],
    });
    finding
}

/// A place before the key, of no width, so that the key is in the clipped part.
fn beside(file: FileId, text: &str, spelling: &str) -> Finding {
    let place = Span::at(find(text, spelling).start);
    Finding::new("a/c", Severity::Info, "look", file, place).related(file, Span::at(0), "here")
}

/// Pieces of a key that another key of the format does not have.
fn telltales<'k>(key: &'k str, other: &str) -> Vec<&'k str> {
    let starts = key.char_indices().map(|(at, _)| at);
    let windows = starts.filter_map(|at| key.get(at..at + RECOGNISABLE));
    windows.filter(|window| !other.contains(window)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_format_prints_a_credential(case in cases()) {
        let url_breaks = URLS.contains(&case.template) && case.key.contains(['/', '@', '?', '#', '%', '&', '+']);
        let whole = 0..case.key.len();
        let known = find_secrets(&case.key).first() == Some(&whole);
        prop_assume!(!url_breaks && (case.telling || known));
        let report = report(&case);
        let options = |color, unicode| Options { width: case.width, color, unicode, ..Options::default() };
        for format in Format::all() {
            for options in [options(true, true), options(false, false)] {
                let output = render(format, &report, &options);
                for piece in telltales(&case.key, &case.other) {
                    prop_assert!(!output.contains(piece), "{format:?} shows {piece:?}\n{output}");
                }
            }
        }
    }
}

/// Files in which a key is wrong, in an included file, behind a variable, in the linter's own configuration, and where a fix
/// would change its line.
const DOORS: &str = r#"--- openclaw.json
{
  $include: ["./parts/models.json5"],
  gateway: { port: "18789", auth: { token: "KEY", mode: "nowhere" } },
  channels: { telegram: { botToken: "${MY_TOKEN}", botTokn: 1 } },
  hooks: { token: "KEY", tokn: 1, },
  hooks: { token: "KEY" },
}
--- parts/models.json5
{ models: { providers: { openai: { apiKey: "KEY", baseUrl: "https://h/v1", apiKy: 1 } } } }
--- .env
MY_TOKEN=KEY
MY_TOKEN='KEY'
OPENAI_API_KEY= KEY # old
--- openclaw-lint.json5
{ rules: { token: "KEY" }, apiKey: "KEY" }
"#;

/// What an editor asks for.
const SCRIPT: &str = "--- script\nopen openclaw.json\nopen .env\nopen parts/models.json5\nwait\nact openclaw.json 0:0-99:0\n\
    hover openclaw.json 4:36\nhover openclaw.json 3:40\nhover .env 0:3\nhover parts/models.json5 0:50\ncomplete openclaw.json 3:46\n\
    complete .env 2:3\nsymbol openclaw.json\nsymbol .env\nrename .env 0:2 OTHER\nmend openclaw.json\nmend .env\nchange openclaw.json 3:2-3:3 x\n";

/// A key of every provider, through includes and variables; what fixes say and what a difference shows, and all that
/// the language server says.
#[test]
fn no_key_leaves_by_another_door() {
    let formats: Vec<&KeyFormat> =
        table().providers().iter().filter_map(|provider| provider.formats().first()).collect();
    formats.par_iter().enumerate().for_each(|(at, format)| {
        let (key, other) = (synthetic::key(format, 7), synthetic::key(format, 8));
        let text = format!("{DOORS}{SCRIPT}").replace("KEY", "\0").replace("API_\0", "API_KEY").replace('\0', &key);
        let mut bundle = Bundle::read(text.as_bytes());
        bundle.telltales = telltales(&key, &other).into_iter().map(str::to_owned).collect();
        properties::project::holds(&bundle);
        // These take longer, and do not ask whose key it is.
        match at % 8 {
            0 => properties::fix::holds(&bundle),
            1 => properties::lsp::holds(&bundle),
            _ => {}
        }
    });
}

/// Neither do the trees, should one ever be printed by a debugger, a panic or a log.
#[test]
fn debug_output_has_no_values() {
    let secret = "corret-cavallo-batteria-graffetta";
    let config = format!("{{ a: [\"{secret}\", {{ b: '{secret}' }}] }} // {secret}");
    let env = format!("A={secret}\nexport B='{secret}' # {secret}\nC: \"{secret}\"\n{secret}\n");
    let document = openclaw_lint::syntax::json5::parse(&config, &Default::default());
    let entries = openclaw_lint::syntax::dotenv::parse(&env);
    for output in [format!("{document:?}"), format!("{entries:?}"), format!("{entries:#?}")] {
        assert!(!output.contains("cavallo"), "{output}");
    }
    assert!(format!("{document:?}").contains("text of 33 bytes"));
}
