//! Runs the examples of rule files.
//!
//! In examples `«…»` marks what must be underlined. `@{provider.kind}` is a synthetic key of a format of the provider
//! table (`@{provider.kind/short}` the same with its last characters missing, `@{provider.kind/2}` a second one),
//! `@{random.N}` letters and digits, `@{jwt.NAME}` a token, `@{char.HEX}` a character, `@{bytes.HEX}` and
//! `@{problem.NAME}` a whole file that is no text or cannot be read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::credentials::{self, synthetic};
use openclaw_lint::discover::{self, ProblemKind};
use openclaw_lint::host::MemoryHost;
use openclaw_lint::language::Language;
use openclaw_lint::policy::Policies;
use openclaw_lint::report::Report;
use openclaw_lint::rules::{Catalog, Example};
use openclaw_lint::schema::Store;
use serde_json::{Value, json};

/// The moment of every run here: 2026-11-18.
pub(crate) const NOW: i64 = 1_795_000_000;

/// The text of a file of an example, and the marked ranges in it.
pub(crate) struct Marked {
    pub content: Text,
    pub marks: Vec<(u32, u32)>,
}

pub(crate) enum Text {
    Plain(String),
    Bytes(Vec<u8>),
    Problem(ProblemKind),
}

pub(crate) fn marked(text: &str) -> Marked {
    if let Some(special) = text.strip_prefix("@{bytes.").or_else(|| text.strip_prefix("@{problem.")) {
        let name = special.strip_suffix('}').expect("nothing stands after a file that is no text");
        let content = if text.starts_with("@{bytes") { Text::Bytes(hex(name)) } else { Text::Problem(problem(name)) };
        return Marked { content, marks: Vec::new() };
    }
    let (mut plain, mut marks, mut open) = (String::new(), Vec::new(), None);
    let text = expand(text);
    for c in text.chars() {
        let at = u32::try_from(plain.len()).unwrap();
        match c {
            '«' => open = Some(at),
            '»' => marks.push((open.take().expect("« before »"), at)),
            c => plain.push(c),
        }
    }
    assert!(open.is_none(), "a mark is not closed: {text}");
    Marked { content: Text::Plain(plain), marks }
}

/// Replaces `@{…}`.
pub(crate) fn expand(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, from)) = rest.split_once("@{") {
        let (name, after) = from.split_once('}').expect("`@{` is closed");
        out.push_str(before);
        out.push_str(&stand_in(name));
        rest = after;
    }
    out + rest
}

fn stand_in(name: &str) -> String {
    let (group, kind) = name.split_once('.').expect("`@{group.name}`");
    match group {
        "jwt" => token(kind),
        "random" => random(kind.parse().expect("`@{random.N}`")),
        "char" => char::from_u32(u32::from_str_radix(kind, 16).unwrap()).unwrap().to_string(),
        provider => key(provider, kind),
    }
}

fn key(provider: &str, kind: &str) -> String {
    let (kind, which) = kind.split_once('/').unwrap_or((kind, ""));
    let (short, seed) = (which == "short", which.parse().unwrap_or(7));
    let provider = credentials::table().provider(provider).unwrap_or_else(|| panic!("no provider {provider}"));
    let slug = |text: &str| {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("-")
    };
    let kinds: Vec<String> = provider.formats().iter().map(|format| slug(format.kind)).collect();
    let format = provider.formats().iter().find(|format| slug(format.kind) == kind);
    let format = format.unwrap_or_else(|| panic!("{} has no {kind}, but {kinds:?}", provider.id));
    let mut key = synthetic::key(format, seed);
    if short {
        key.truncate(key.len() - 9);
    }
    key
}

/// Letters and digits as a generator of keys makes them, always the same.
fn random(count: usize) -> String {
    let alphabet: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    let mut state = 0x9e37_79b9_u64 + count as u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        alphabet[(state >> 33) as usize % alphabet.len()]
    };
    (0..count).map(|_| next()).collect()
}

/// Unsigned nonsense with the claims that the name asks for.
fn token(name: &str) -> String {
    let day = 86_400;
    let (alg, claims) = match name {
        "valid" => ("RS256", json!({ "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 3600 })),
        "expired" => ("RS256", json!({ "iat": NOW - 3 * day - 3600, "exp": NOW - 3 * day })),
        "future" => ("RS256", json!({ "nbf": NOW + day, "exp": NOW + 2 * day })),
        "milliseconds" => ("RS256", json!({ "exp": (NOW + day) * 1000 })),
        "unsigned" => ("none", json!({ "exp": NOW + day })),
        "never" => ("RS256", json!({ "iat": NOW - day, "exp": NOW - 2 * day })),
        other => panic!("no token {other}"),
    };
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signature = if alg == "none" { String::new() } else { URL_SAFE_NO_PAD.encode([0x5a_u8; 48]) };
    format!("{}.{}.{signature}", part(json!({ "alg": alg, "typ": "JWT" })), part(claims))
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn problem(name: &str) -> ProblemKind {
    match name {
        "permission" => ProblemKind::Permission,
        "directory" => ProblemKind::DirectoryInsteadOfFile,
        "not-found" => ProblemKind::Missing,
        other => panic!("no problem {other}"),
    }
}

/// Files of one folder, ready to be checked together.
pub(crate) struct Folder {
    pub host: MemoryHost,
    pub inputs: Vec<Input>,
    pub settings: Settings,
}

impl Folder {
    pub(crate) fn new<'t>(files: impl IntoIterator<Item = (&'t str, Text)>, language: Language) -> Self {
        let mut host = MemoryHost::new("/home/claw/.openclaw");
        host.now = NOW;
        let mut inputs = Vec::new();
        for (name, text) in files {
            let content = match text {
                Text::Plain(text) => {
                    host = host.with_file(name, text.clone());
                    Content::Bytes(text.into_bytes())
                }
                Text::Bytes(bytes) => {
                    host = host.with_file(name, bytes.clone());
                    Content::Bytes(bytes)
                }
                Text::Problem(problem) => Content::Problem(problem),
            };
            // Parts are read by the configs that include them.
            if !name.contains(".part.")
                && !name.starts_with(".git")
                && !name.starts_with("openclaw-lint")
                && !name.starts_with("own.")
            {
                let info = discover::classify_explicit(name.rsplit('/').next().unwrap_or(name));
                inputs.push(Input { path: PathBuf::from(name), shown: name.to_owned(), info, content, context: false });
            }
        }
        let release = Store::bundled().latest().expect("a bundled release");
        let policies = Policies::find(std::iter::once(Path::new("")), &[], &host);
        let settings = Settings { now: NOW, host_checks: true, policies, language, ..Settings::new(release) };
        Self { host, inputs, settings }
    }
}

/// Checks files of one folder together.
pub(crate) fn run<'t>(files: impl IntoIterator<Item = (&'t str, Text)>, language: Language) -> Report {
    let Folder { host, inputs, settings } = Folder::new(files, language);
    check::run(inputs, &settings, Catalog::bundled(), &host)
}

/// Where a finding about a file as a whole stands does not matter.
pub(crate) const ANYWHERE: (u32, u32) = (u32::MAX, u32::MAX);

/// The report on an example, and the marked ranges by file.
pub(crate) fn run_example(example: &Example, language: Language) -> (Report, HashMap<String, Vec<(u32, u32)>>) {
    let (mut texts, mut marks) = (Vec::new(), HashMap::new());
    for (name, text) in &example.files {
        let Marked { content, marks: found } = marked(text);
        let whole = !matches!(content, Text::Plain(_));
        texts.push((name.as_str(), content));
        let whole = whole && !name.starts_with(".git/");
        marks.insert(name.clone(), if whole { vec![ANYWHERE] } else { found });
    }
    (run(texts, language), marks)
}
