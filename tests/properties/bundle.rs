//! Several files as one text: each begins with a line `--- name`. Inputs can so be read, written by hand and made smaller by
//! a fuzzer. Nothing is no bundle: text before the first such line is `openclaw.json`.
//!
//! `--- environment` holds `NAME=value` lines of the process, `--- settings` the lines `release`, `layout`, `language` and
//! `now`. `@{provider.kind}` in a file is a synthetic key of a format of the provider table, as in the examples of rules;
//! what names no format stands for one nevertheless.

use std::collections::BTreeSet;
use std::path::Path;

use openclaw_lint::Linter;
use openclaw_lint::credentials::{KeyFormat, find_secrets, synthetic, table};
use openclaw_lint::discover;
use openclaw_lint::language::Language;
use openclaw_lint::project::Layout;
use openclaw_lint::report::Report;

use super::hash;

/// The moment of every run: 2026-11-18.
pub const NOW: i64 = 1_795_000_000;

/// So many neighbouring characters give a key away.
const RECOGNISABLE: usize = 8;

/// More files or bytes than this teach nothing new and take long.
const MOST_FILES: usize = 12;
const MOST_BYTES: usize = 64 * 1024;

/// What an input says.
#[derive(Default)]
pub struct Bundle {
    /// Name and content.
    pub files: Vec<(String, String)>,
    pub environment: Option<Vec<(String, String)>>,
    pub settings: String,
    /// The lines of `--- script`, for the language server.
    pub script: Vec<String>,
    /// Pieces of keys that nothing may show.
    pub telltales: BTreeSet<String>,
}

impl Bundle {
    pub fn read(data: &[u8]) -> Self {
        let text = String::from_utf8_lossy(data);
        let mut bundle = Self::default();
        let (mut keys, mut known) = (Vec::new(), String::new());
        for (name, content) in parts(&text) {
            // What stands anywhere as it is, in names too, is no piece of a key that was made up.
            known.push_str(&file_name(name));
            known.push_str(content);
            let content = expand(content, &mut keys);
            match name {
                "settings" => bundle.settings = content,
                "script" => bundle.script = content.lines().map(str::to_owned).collect(),
                "environment" => bundle.environment = Some(variables(&content)),
                name => bundle.add(&file_name(name), content),
            }
        }
        let contents = || bundle.files.iter().map(|(_, content)| content.as_str());
        let (plain, others): (Vec<_>, Vec<_>) =
            keys.iter().partition(|key| contents().all(|content| key.is_plain_in(content)));
        // What a key that nobody sees has in common with one that everybody does may be shown.
        known.extend(others.iter().map(|key| key.key.as_str()));
        for key in plain {
            bundle.telltales.extend(key.telltales().filter(|piece| !known.contains(*piece)).map(str::to_owned));
        }
        bundle
    }

    fn add(&mut self, name: &str, content: String) {
        let length: usize = self.files.iter().map(|(_, content)| content.len()).sum();
        if self.files.len() < MOST_FILES && length + content.len() < MOST_BYTES {
            self.files.retain(|(known, _)| known != name);
            self.files.push((name.to_owned(), content));
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.files.iter().find(|(known, _)| known == name).map(|(_, content)| content.as_str())
    }

    /// The same with another text for a file.
    #[must_use]
    pub fn with(&self, name: &str, content: &str) -> Self {
        let mut files = self.files.clone();
        files.iter_mut().filter(|(known, _)| known == name).for_each(|(_, own)| content.clone_into(own));
        Self {
            files,
            environment: self.environment.clone(),
            settings: self.settings.clone(),
            script: self.script.clone(),
            telltales: self.telltales.clone(),
        }
    }

    pub fn setting(&self, name: &str) -> Option<&str> {
        let lines = self.settings.lines();
        lines.filter_map(|line| line.split_once(' ')).find(|(known, _)| *known == name).map(|(_, value)| value.trim())
    }

    pub fn language(&self) -> Language {
        self.setting("language").and_then(Language::from_tag).unwrap_or(Language::English)
    }

    pub fn layout(&self) -> Option<Layout> {
        self.setting("layout").map(|layout| if layout == "guide" { Layout::Guide } else { Layout::OpenClaw })
    }

    pub fn linter(&self) -> Linter {
        self.linter_of(self.files.iter())
    }

    /// The linter that was told of the files in another order.
    pub fn linter_from_behind(&self) -> Linter {
        self.linter_of(self.files.iter().rev())
    }

    fn linter_of<'b>(&self, files: impl Iterator<Item = &'b (String, String)>) -> Linter {
        let mut linter = Linter::new().now(NOW).language(self.language());
        for (name, content) in files {
            linter = if is_linted(name) {
                linter.file(name, content.as_str())
            } else {
                linter.beside(name, content.as_str())
            };
        }
        if let Some(layout) = self.layout() {
            linter = linter.layout(layout);
        }
        if let Some(environment) = &self.environment {
            linter = linter.environment(environment.iter().cloned());
        }
        let release = self.setting("release").map(|release| linter.clone().release(release));
        release.and_then(Result::ok).unwrap_or(linter)
    }

    pub fn lint(&self) -> Report {
        self.linter().lint()
    }

    /// Names of the files to report on.
    pub fn linted(&self) -> Vec<&str> {
        self.files.iter().map(|(name, _)| name.as_str()).filter(|name| is_linted(name)).collect()
    }

    /// Nothing that is shown may hold a piece of a key.
    pub fn is_safe(&self, shown: &str) {
        for piece in &self.telltales {
            assert!(!shown.contains(piece.as_str()), "{piece:?} is shown:\n{shown}");
        }
    }
}

/// Files whose names say what they are; the rest is included, or ours.
fn is_linted(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    discover::classify(last).is_some()
}

fn parts(text: &str) -> Vec<(&str, &str)> {
    let mut parts = Vec::new();
    let (mut name, mut start, mut at) = ("openclaw.json", 0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(next) = line.strip_prefix("--- ") {
            if at > 0 {
                parts.push((name, &text[start..at]));
            }
            (name, start) = (next.trim(), at + line.len());
        }
        at += line.len();
    }
    parts.push((name, &text[start..]));
    parts
}

/// A name that files can have: relative, short, without what no system takes.
fn file_name(name: &str) -> String {
    let tame = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '~' | ' ');
    let name: String = name.chars().filter(|c| tame(*c)).take(60).collect();
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | "." | "..")).take(6).collect();
    if parts.is_empty() { "openclaw.json".to_owned() } else { parts.join("/") }
}

fn variables(text: &str) -> Vec<(String, String)> {
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A planted key, and another one of its format: what both share is no secret.
struct Key {
    key: String,
    other: String,
}

impl Key {
    /// Whether everyone would see a key wherever it stands: between quotes, blanks and line breaks, and known by its shape.
    fn is_plain_in(&self, text: &str) -> bool {
        let known = find_secrets(&self.key).first() == Some(&(0..self.key.len()));
        let parts = |c: char| matches!(c, '"' | '\'' | '`' | ' ' | '\n' | '\r' | '\t');
        known
            && text.match_indices(&self.key).all(|(at, key)| {
                let before = text[..at].chars().next_back();
                let after = text[at + key.len()..].chars().next();
                before.is_none_or(|c| parts(c) || c == '=') && after.is_none_or(parts)
            })
    }

    fn telltales(&self) -> impl Iterator<Item = &str> {
        let windows = self.key.char_indices().filter_map(|(at, _)| self.key.get(at..at + RECOGNISABLE));
        windows.filter(|window| !self.other.contains(window))
    }
}

fn expand(text: &str, keys: &mut Vec<Key>) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, from)) = rest.split_once("@{") {
        out.push_str(before);
        let Some((name, after)) = from.split_once('}') else {
            out.push_str("@{");
            rest = from;
            continue;
        };
        let format = format(name);
        let key = Key { key: synthetic::key(format, 7), other: synthetic::key(format, 8) };
        out.push_str(&key.key);
        keys.push(key);
        rest = after;
    }
    out + rest
}

fn format(name: &str) -> &'static KeyFormat {
    let (provider, kind) = name.split_once('.').unwrap_or((name, ""));
    let kind = kind.split('/').next().unwrap_or_default();
    let own = table().provider(provider).and_then(|provider| {
        provider.formats().iter().find(|format| slug(format.kind) == kind).or_else(|| provider.formats().first())
    });
    own.unwrap_or_else(|| {
        let all: Vec<&KeyFormat> = table().providers().iter().flat_map(|provider| provider.formats()).collect();
        all[hash(name) % all.len()]
    })
}

fn slug(text: &str) -> String {
    let text = text.to_lowercase();
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The file that a path of a report names.
pub fn named<'b>(bundle: &'b Bundle, path: &str) -> Option<&'b str> {
    bundle.get(Path::new(path).strip_prefix("/").unwrap_or(Path::new(path)).to_str()?)
}
