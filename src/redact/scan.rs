//! Where text looks like a secret without a parser's help: beside references, after a telling name, in URLs, in PEM
//! blocks. Plain text enters and byte ranges leave; every scan takes linear time.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;

use crate::credentials;

/// Words before a credential in a header or a CLI argument.
const SCHEMES: &[&str] = &["bearer", "basic", "token", "bot", "apikey", "digest"];

/// Longest name that is looked at before a `:` or `=`, in bytes.
const MAX_NAME: usize = 64;

/// The parts of a value in a secret place that are no reference: what has to be hidden.
pub(super) fn secret_parts(value: &str) -> Vec<Range<usize>> {
    let start = value.len() - value.trim_start().len();
    let end = value.trim_end().len().max(start);
    let body = start + scheme_length(value.get(start..end).unwrap_or(""));
    let mut parts = Vec::new();
    let mut from = body;
    let mut at = body;
    while let Some(rest) = value.get(at..end).filter(|rest| !rest.is_empty()) {
        let reference = reference_length(rest, at == body);
        if reference == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        push_part(value, from..at, &mut parts);
        at += reference;
        from = at;
    }
    push_part(value, from..end, &mut parts);
    parts
}

fn push_part(value: &str, range: Range<usize>, parts: &mut Vec<Range<usize>>) {
    let Some(part) = value.get(range.clone()) else { return };
    let start = range.start + part.len() - part.trim_start().len();
    let end = range.start + part.trim_end().len();
    if part.contains(char::is_alphanumeric) && !is_marker(part.trim()) {
        parts.push(start..end);
    }
}

fn scheme_length(value: &str) -> usize {
    let Some((word, rest)) = value.split_once(' ') else { return 0 };
    let known = SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme));
    if known { value.len() - rest.trim_start().len() } else { 0 }
}

/// Values that stand for a credential: OpenClaw's own words, and names of variables.
fn is_marker(value: &str) -> bool {
    let table = credentials::table();
    let markers = table.markers();
    let named = |prefix: &str| value.strip_prefix(prefix).is_some_and(is_tame);
    markers.exact.contains(&value)
        || table.sentinels().contains(&value)
        || markers.prefix.iter().any(|prefix| named(prefix))
        || named("__env__:")
        || table.env_role(value).is_some()
}

/// Length of the reference that `text` begins with, 0 for none. `<...>` and `$NAME` count only at a value's start.
fn reference_length(text: &str, first: bool) -> usize {
    let is_name = |inner: &str| inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let braced = |open: &str, close: &str| {
        let inner = text.strip_prefix(open)?;
        let closes = |at: &usize| inner.get(*at..).is_some_and(|rest| rest.starts_with(close));
        let length = inner.char_indices().map(|(at, _)| at).take(MAX_NAME).find(closes)?;
        let inner = inner.get(..length).filter(|inner| is_tame(inner) && (open != "${" || is_name(inner)))?;
        Some(open.len() + inner.len() + close.len())
    };
    if !text.starts_with(['$', '{', '<']) {
        return 0;
    }
    if let Some(length) = braced("${", "}").or_else(|| braced("{{", "}}")) {
        return length;
    }
    if let Some(length) = default_length(text) {
        return length;
    }
    if !first {
        return 0;
    }
    let name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if let Some(rest) = text.strip_prefix('$') {
        let plain = rest.starts_with(|c: char| c.is_ascii_uppercase()) && rest.chars().all(name) && rest.len() <= 128;
        return if plain { text.len() } else { 0 };
    }
    braced("<", ">").filter(|length| *length == text.len()).unwrap_or(0)
}

/// The visible beginning of `${NAME:-fallback}`: OpenClaw takes it literally, and the fallback may be the secret.
fn default_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("${")?;
    let name = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let operator =
        [":-", ":=", "-", "="].iter().find(|op| inner.get(name..).is_some_and(|rest| rest.starts_with(**op)))?;
    inner.get(..name).filter(|name| !name.is_empty() && is_tame(name)).map(|name| 2 + name.len() + operator.len())
}

/// Whether no run of letters and digits in `text` looks drawn at random.
fn is_tame(text: &str) -> bool {
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    runs.into_iter().all(|run| {
        let has = |test: fn(&u8) -> bool| run.as_bytes().iter().any(test);
        run.len() < 16 || !(has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase))
    })
}

/// Answers of [`credentials::is_secret_key`]: files repeat their few names many times.
#[derive(Default)]
pub(super) struct Names<'t>(HashMap<&'t str, bool>);

impl<'t> Names<'t> {
    /// Whether the value under this name is secret.
    pub(super) fn is_telling(&mut self, name: &'t str) -> bool {
        // Of most names that is said sooner than they are looked up.
        credentials::may_be_secret(name) && *self.0.entry(name).or_insert_with(|| credentials::is_secret_key(name))
    }
}

/// Values after a telling name: `apiKey: "..."`, `TOKEN=...`, `?key=...`, `Authorization: Bearer ...`.
pub(super) fn assignments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut names = Names::default();
    let mut next = 0;
    for at in memchr::memchr2_iter(b':', b'=', text.as_bytes()) {
        if at < next || !name_before(text, at).is_some_and(|name| names.is_telling(name)) {
            continue;
        }
        let (value, quoted) = value_after(text, at + 1);
        next = value.end.max(at + 1);
        let Some(content) = text.get(value.clone()) else { continue };
        let equals = text.as_bytes().get(at) == Some(&b'=');
        let number = !content.is_empty() && content.bytes().all(|byte| byte.is_ascii_digit());
        if quoted || number || is_strong(content) || equals && content.contains(char::is_alphabetic) {
            let parts = secret_parts(content).into_iter();
            found.extend(parts.map(|part| value.start + part.start..value.start + part.end));
        }
    }
    found
}

/// The name that ends before the separator at `at`, quotes and blanks between them allowed.
fn name_before(text: &str, at: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let before = |from: usize| bytes.get(from.saturating_sub(MAX_NAME)..from).unwrap_or_default().iter().rev();
    let is_gap = |byte: u8| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b'\\');
    let end = at - before(at).take_while(|byte| is_gap(**byte)).count();
    let start = end - before(end).take_while(|byte| is_name(**byte)).count();
    let name = text.get(start..end)?;
    // Names are ASCII here, and short.
    let dot = name.bytes().rposition(|byte| byte == b'.').map_or(0, |at| at + 1);
    let dashes = name.bytes().skip(dot).take_while(|byte| *byte == b'-').count();
    let name = name.get(dot + dashes..)?;
    (!name.is_empty()).then_some(name)
}

/// The value that begins at or after `from` on the same line, without quotes; and whether it had some.
fn value_after(text: &str, from: usize) -> (Range<usize>, bool) {
    let rest = text.get(from..).unwrap_or("");
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let start = from + blanks;
    let rest = text.get(start..).unwrap_or("");
    // In text that was quoted once more, the quote follows a backslash.
    let slash = usize::from(rest.starts_with('\\'));
    let quote = rest.get(slash..).and_then(|rest| rest.chars().next()).filter(|c| matches!(c, '"' | '\'' | '`'));
    if let Some(quote) = quote {
        let start = start + slash + 1;
        return (start..start + quoted_length(text.get(start..).unwrap_or(""), quote), true);
    }
    let bare =
        |rest: &str| rest.find(|c: char| c.is_whitespace() || ",;&\"'`(){}[]<>|".contains(c)).unwrap_or(rest.len());
    let mut length = bare(rest);
    if SCHEMES.iter().any(|scheme| rest.get(..length).is_some_and(|word| word.eq_ignore_ascii_case(scheme))) {
        let after = rest.get(length..).unwrap_or("");
        let token = after.trim_start_matches([' ', '\t']);
        length += after.len() - token.len() + bare(token);
    }
    // A reference in braces is one piece.
    if rest.starts_with("${") || rest.starts_with("{{") || rest.starts_with('<') {
        length = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
    }
    (start..start + length, false)
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\n' | '\r' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at,
            _ => {}
        }
    }
    text.len()
}

/// Whether an unquoted word is too odd for prose.
fn is_strong(word: &str) -> bool {
    let has = |test: fn(char) -> bool| word.contains(test);
    word.len() >= 8 && has(char::is_alphabetic) && (has(|c| c.is_ascii_digit()) || word.len() >= 20)
}

fn colons(text: &str) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b':', text.as_bytes())
}

/// Passwords (and lone tokens) before the `@` of a URL.
pub(super) fn userinfo(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains("://") {
        return found;
    }
    for at in colons(text).filter(|at| text.get(*at..).is_some_and(|rest| rest.starts_with("://"))) {
        let start = at + 3;
        let rest = text.get(start..).unwrap_or("");
        let end = rest.find(|c: char| c.is_whitespace() || "/\"'`<>\\".contains(c)).unwrap_or(rest.len());
        let Some((info, _)) = rest.get(..end).and_then(|authority| authority.rsplit_once('@')) else { continue };
        let (skip, secret) = match info.split_once(':') {
            Some((user, password)) => (user.len() + 1, password),
            None if info.len() >= 8 => (0, info),
            None => continue,
        };
        let parts = secret_parts(secret).into_iter();
        found.extend(parts.map(|part| start + skip + part.start..start + skip + part.end));
    }
    found
}

const PRIVATE_KEY: &str = "PRIVATE KEY-----";

/// Bodies of PEM private keys, also where line breaks are written `\n`.
pub(super) fn private_keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut next = 0;
    static HEAD: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(PRIVATE_KEY));
    if !text.contains(PRIVATE_KEY) {
        return found;
    }
    for begin in HEAD.find_iter(text.as_bytes()) {
        let start = begin + PRIVATE_KEY.len();
        if begin < next {
            continue;
        }
        let rest = text.get(start..).unwrap_or("");
        let end = start + memmem::find(rest.as_bytes(), b"-----").unwrap_or(rest.len());
        found.push(start..end);
        // The closing line holds the same words.
        next = end + "-----END ENCRYPTED PRIVATE KEY-----".len();
    }
    found
}
