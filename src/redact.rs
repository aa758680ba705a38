//! Which bytes of a file are secret, and texts without secrets. Everything that a report prints goes through here;
//! nothing here prints.
//!
//! Two nets: *spans* hide what stands in a file, whatever it looks like, and *values* learnt from those spans (together
//! with every known credential format) are taken out of any other text.

mod scan;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;

use crate::credentials;
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::dotenv::EnvFile;
use crate::syntax::json5::{Document, Member, Node, NodeId, NodeKind};

/// What stands for a secret in a text.
pub const MARK: &str = "•••";

/// Shorter values are hidden where they stand, but not looked for elsewhere: they would match everywhere.
const MIN_LEARNT: usize = 6;

/// Shorter pieces of a value with blanks in it (a list of keys, a long one on several lines) are not looked for.
const MIN_PIECE: usize = 8;

/// Up to this length a value of letters alone may be an everyday word, see [`Secrets::learn`].
const MAX_WORD: usize = 16;

/// The secrets of a run: places by file, and values.
#[derive(Default)]
pub struct Secrets {
    spans: BTreeMap<FileId, Vec<Span>>,
    /// Value to whether it may be an everyday word.
    values: HashMap<Box<str>, bool>,
    /// First bytes of a value to the lengths of the values that begin so.
    lengths: HashMap<[u8; MIN_LEARNT], BTreeSet<usize>>,
    /// The first and the last of these bytes: most places of a text are passed over by them.
    ends: [Bytes; 2],
}

/// A set of bytes.
#[derive(Clone, Copy, Default)]
struct Bytes([u64; 4]);

impl Bytes {
    const fn insert(&mut self, byte: u8) {
        let [a, b, c, d] = &mut self.0;
        let word = match byte >> 6 {
            0 => a,
            1 => b,
            2 => c,
            _ => d,
        };
        *word |= 1 << (byte & 63);
    }

    fn insert_all(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }

    const fn contains(&self, byte: u8) -> bool {
        let [a, b, c, d] = self.0;
        let word = match byte >> 6 {
            0 => a,
            1 => b,
            2 => c,
            _ => d,
        };
        word & (1 << (byte & 63)) != 0
    }
}

// Counts only: this type is made of credentials.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spans: usize = self.spans.values().map(Vec::len).sum();
        let counts = [("files", self.spans.len()), ("spans", spans), ("values", self.values.len())];
        let mut out = f.debug_struct("Secrets");
        for (name, count) in counts {
            out.field(name, &count);
        }
        out.finish()
    }
}

impl Secrets {
    /// Hides `span` of `file`.
    pub fn mark(&mut self, file: FileId, span: Span) {
        self.mark_all(file, vec![span]);
    }

    /// Hides many spans at once; cheaper than one by one. With none, the file counts as looked at.
    pub fn mark_all(&mut self, file: FileId, mut spans: Vec<Span>) {
        let known = self.spans.entry(file).or_default();
        spans.retain(|span| !span.is_empty());
        spans.append(known);
        spans.sort_unstable();
        for span in spans {
            match known.last_mut() {
                Some(last) if span.start <= last.end => *last = last.cover(span),
                _ => known.push(span),
            }
        }
    }

    /// Takes in what was found in other files.
    pub fn absorb(&mut self, other: Self) {
        for (file, spans) in other.spans {
            self.mark_all(file, spans);
        }
        self.values.extend(other.values);
        for (first, lengths) in other.lengths {
            self.lengths.entry(first).or_default().extend(lengths);
        }
        self.ends.iter_mut().zip(other.ends).for_each(|(ends, other)| ends.insert_all(other));
    }

    /// The hidden spans of a file: sorted, merged.
    #[must_use]
    pub fn spans(&self, file: FileId) -> &[Span] {
        self.spans.get(&file).map_or(&[], Vec::as_slice)
    }

    /// Whether anyone looked for secrets in this file.
    #[must_use]
    pub fn knows(&self, file: FileId) -> bool {
        self.spans.contains_key(&file)
    }

    /// Remembers a secret value, so that [`Secrets::scrub`] finds it in any text. Values under 6 bytes are not kept.
    ///
    /// A short value of letters alone (someone's password may be `lobster`) is only replaced where it stands alone:
    /// otherwise it would tear up paths and sentences, and the gaps would tell the password.
    pub fn learn(&mut self, value: &str) {
        let value = value.trim();
        self.learn_spelling(value);
        // Lists of keys, and lines of a long one.
        let separator = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
        if value.contains(separator) {
            value
                .split(separator)
                .filter(|piece| piece.len() >= MIN_PIECE)
                .for_each(|piece| self.learn_spelling(piece));
        }
        // As a message would quote it.
        if value.contains(['"', '\\', '\n', '\t', '\r']) {
            let quoted = format!("{value:?}");
            self.learn_spelling(quoted.trim_matches('"'));
        }
    }

    fn learn_spelling(&mut self, value: &str) {
        let Some(Ok(first)) = value.as_bytes().get(..MIN_LEARNT).map(<[u8; MIN_LEARNT]>::try_from) else { return };
        let letters = |c: char| c.is_alphabetic() || matches!(c, '-' | '_' | '.' | ' ');
        let word = value.chars().count() < MAX_WORD && value.chars().all(letters);
        // Everybody knows `changeme`; gaps in sentences would say that it is one of their words.
        if word && credentials::is_harmless(value) {
            return;
        }
        if self.values.insert(value.into(), word).is_none() {
            self.lengths.entry(first).or_default().insert(value.len());
            let ([begin, .., last], [begins, lasts]) = (first, &mut self.ends);
            begins.insert(begin);
            lasts.insert(last);
        }
    }

    /// The text with [`MARK`] for every learnt value and everything that looks like a credential.
    ///
    /// Takes time in proportion to the text and the number of different lengths of secrets that begin alike.
    #[must_use]
    pub fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replace(text, suspicious(text))
    }

    /// The text with [`MARK`] for every learnt value, for a text that has been through [`Secrets::scrub`] of others.
    #[must_use]
    pub fn scrub_learnt<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replace(text, Vec::new())
    }

    /// Like [`Secrets::scrub`] for the name of a file: hashes, as stores and caches put them into paths, stay.
    #[must_use]
    pub fn scrub_path<'t>(&self, path: &'t str) -> Cow<'t, str> {
        let mut found = suspicious(path);
        found.retain(|range| !path.get(range.clone()).is_some_and(is_hash));
        self.replace(path, found)
    }

    fn replace<'t>(&self, text: &'t str, mut found: Vec<Range<usize>>) -> Cow<'t, str> {
        found.extend(self.learnt_in(text));
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        found.sort_unstable_by_key(|range| (range.start, range.end));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for range in found {
            if range.start > done || out.is_empty() && range.start == 0 {
                out.push_str(text.get(done..range.start).unwrap_or(""));
                out.push_str(MARK);
            }
            done = done.max(range.end);
        }
        out.push_str(text.get(done..).unwrap_or(""));
        Cow::Owned(out)
    }

    fn learnt_in(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if self.values.is_empty() {
            return found;
        }
        let mut next = 0;
        for (at, window) in text.as_bytes().windows(MIN_LEARNT).enumerate() {
            let [begins, lasts] = &self.ends;
            let [begin, .., last] = window else { continue };
            if at < next || !begins.contains(*begin) || !lasts.contains(*last) {
                continue;
            }
            let lengths = self.lengths.get(window);
            let mut ranges = lengths.into_iter().flatten().rev().map(|length| at..at + length);
            if let Some(range) = ranges.find(|range| self.is_learnt(text, range)) {
                next = range.end;
                found.push(range);
            }
        }
        found
    }

    fn is_learnt(&self, text: &str, range: &Range<usize>) -> bool {
        let value = text.get(range.clone()).and_then(|value| self.values.get(value));
        value.is_some_and(|word| !word || stands_alone(text, range))
    }

    /// Hides and learns parts of a file's text.
    fn hide(&mut self, file: FileId, text: &str, ranges: impl IntoIterator<Item = Range<usize>>) {
        let ranges: Vec<_> = ranges.into_iter().collect();
        for range in &ranges {
            self.learn(text.get(range.clone()).unwrap_or(""));
        }
        self.mark_all(file, ranges.into_iter().map(span).collect());
    }
}

fn span(range: Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}

fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let before = text.get(..range.start).and_then(|before| before.chars().next_back());
    let mut after = text.get(range.end..).unwrap_or("").chars();
    let joined_after = match after.next() {
        // A full stop ends a sentence.
        Some('.') => after.next().is_some_and(|c| !c.is_whitespace()),
        Some(c) => joins(c),
        None => false,
    };
    !before.is_some_and(joins) && !joined_after
}

/// Lower-case letters and digits only: hexadecimal, or the base 32 of the Nix store.
fn is_hash(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// What any text gives away by itself.
fn suspicious(text: &str) -> Vec<Range<usize>> {
    let mut found = credentials::find_secrets(text);
    found.extend(scan::userinfo(text));
    found.extend(scan::private_keys(text));
    found
}

/// Finds the secrets of a text of any kind: known formats, values after telling names, URL passwords, private keys.
pub fn mark_text(secrets: &mut Secrets, file: FileId, source: &SourceFile) {
    let text = source.text();
    let mut found = suspicious(text);
    found.extend(scan::assignments(text));
    secrets.hide(file, text, found);
}

/// Finds the secrets of a config: besides what [`mark_text`] sees (comments, broken parts), strings and numbers at or below a
/// telling key and arguments after a telling flag. References and markers stay visible.
pub fn mark_config(secrets: &mut Secrets, file: FileId, source: &SourceFile, document: &Document) {
    mark_text(secrets, file, source);
    let text = source.text();
    let mut config = Config { secrets, text, found: Vec::new() };
    // Containers come before what they hold, so one pass passes secrecy down.
    let mut secret = vec![false; document.nodes().count()];
    let mut names = scan::Names::default();
    for (id, node) in document.nodes() {
        let inherited = secret.get(id.index()).copied().unwrap_or_default();
        let mut tell = |id: NodeId| secret.get_mut(id.index()).into_iter().for_each(|secret| *secret = true);
        match &node.kind {
            NodeKind::Object(members) => {
                let inherited = inherited && !is_reference_object(document, members);
                let telling = members.iter().filter(|member| inherited || names.is_telling(&member.key));
                // The name of a file that holds a secret is none.
                let telling = telling.filter(|member| &*member.key != "$include");
                telling.for_each(|member| tell(member.value));
                members.iter().for_each(|member| config.key(member));
            }
            NodeKind::Array(items) => secret_items(document, items, inherited).into_iter().for_each(tell),
            NodeKind::String(value) => config.string(value, node, inherited),
            // A password without its quotes.
            NodeKind::Number(_) if inherited => config.number(node.span),
            _ => {}
        }
    }
    let found = config.found;
    secrets.mark_all(file, found);
}

/// `{ source, provider, id }`: it says where the secret is, not what it is.
fn is_reference_object(document: &Document, members: &[Member]) -> bool {
    let string = |name: &str| {
        let member = members.iter().find(|member| &*member.key == name)?;
        match &document.node(member.value).kind {
            NodeKind::String(value) => Some(&**value),
            _ => None,
        }
    };
    let source = string("source").is_some_and(|source| ["env", "file", "exec", "store"].contains(&source));
    source && string("id").is_some()
}

/// Items that are secret: all of a secret array, and what follows a flag such as `--api-key`.
fn secret_items(document: &Document, items: &[NodeId], inherited: bool) -> Vec<NodeId> {
    if inherited {
        return items.to_vec();
    }
    let is_flag = |id: &NodeId| match &document.node(*id).kind {
        NodeKind::String(text) if text.starts_with('-') => credentials::is_secret_key(text.trim_start_matches('-')),
        _ => false,
    };
    let pairs = items.iter().zip(items.iter().skip(1));
    pairs.filter(|(flag, _)| is_flag(flag)).map(|(_, value)| *value).collect()
}

/// Shorter numbers at secret places are not looked for in texts.
const SHORTEST_NUMBER: usize = 6;

struct Config<'a> {
    secrets: &'a mut Secrets,
    text: &'a str,
    found: Vec<Span>,
}

impl Config<'_> {
    fn string(&mut self, value: &str, node: &Node, secret: bool) {
        let inner = unquoted(self.text, node.span);
        if secret {
            for part in scan::secret_parts(value) {
                self.secrets.learn(value.get(part).unwrap_or(""));
            }
            let raw = inner.slice(self.text);
            for part in scan::secret_parts(raw) {
                self.secrets.learn(raw.get(part.clone()).unwrap_or(""));
                let part = span(part);
                self.found.push(Span::new(inner.start + part.start, inner.start + part.end));
            }
        } else {
            self.escaped(value, inner);
        }
    }

    /// Short ones are only hidden where they stand: they may be a port elsewhere.
    fn number(&mut self, span: Span) {
        let raw = span.slice(self.text);
        if raw.len() >= SHORTEST_NUMBER {
            self.secrets.learn(raw);
        }
        self.found.push(span);
    }

    fn key(&mut self, member: &Member) {
        self.escaped(&member.key, member.key_span);
    }

    /// Text with escapes may spell a credential that nobody sees in the file; it is hidden as a whole.
    fn escaped(&mut self, decoded: &str, span: Span) {
        let raw = span.slice(self.text);
        if !raw.contains('\\') {
            return;
        }
        let mut found = suspicious(decoded);
        found.extend(scan::assignments(decoded));
        if found.is_empty() {
            return;
        }
        for range in found {
            self.secrets.learn(decoded.get(range).unwrap_or(""));
        }
        self.secrets.learn(raw);
        self.found.push(span);
    }
}

/// A string's span without its quotes; an unclosed string has only one.
fn unquoted(text: &str, span: Span) -> Span {
    let raw = span.slice(text);
    let Some(quote) = raw.chars().next().filter(|c| !c.is_alphanumeric()) else { return span };
    let width = u32::try_from(quote.len_utf8()).unwrap_or(1);
    let closed = raw.len() > quote.len_utf8() && raw.ends_with(quote);
    Span::new(span.start + width, if closed { span.end - width } else { span.end })
}

/// Finds the secrets of an env file: values of telling names, also commented out or on lines that set nothing, and what
/// [`mark_text`] sees.
pub fn mark_env(secrets: &mut Secrets, file: FileId, source: &SourceFile, env_file: &EnvFile) {
    mark_text(secrets, file, source);
    let text = source.text();
    let mut found = Vec::new();
    for entry in &env_file.entries {
        if !credentials::is_secret_key(&entry.key) {
            continue;
        }
        for part in scan::secret_parts(&entry.value) {
            secrets.learn(entry.value.get(part).unwrap_or(""));
        }
        let raw = entry.value_span.slice(text);
        let start = entry.value_span.start as usize;
        found.extend(scan::secret_parts(raw).into_iter().map(|part| start + part.start..start + part.end));
    }
    secrets.hide(file, text, found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{dotenv, json5};

    const FILE: FileId = FileId(0);

    /// The text with every hidden character as `•`.
    fn shown(text: &str, secrets: &Secrets) -> String {
        let hidden =
            |at: usize| secrets.spans(FILE).iter().any(|span| (span.start as usize..span.end as usize).contains(&at));
        text.char_indices().map(|(at, c)| if hidden(at) && c != '\n' { '•' } else { c }).collect()
    }

    fn config(text: &str) -> (String, Secrets) {
        let mut secrets = Secrets::default();
        let document = json5::parse(text, &json5::Options::default());
        mark_config(&mut secrets, FILE, &SourceFile::new("f", text), &document);
        (shown(text, &secrets), secrets)
    }

    fn env(text: &str) -> String {
        let mut secrets = Secrets::default();
        mark_env(&mut secrets, FILE, &SourceFile::new("f", text), &dotenv::parse(text));
        shown(text, &secrets)
    }

    #[test]
    fn strings_at_and_below_telling_keys_are_hidden() {
        assert_eq!(config("{ password: 'openclaw', mode: 'token' }").0, "{ password: '••••••••', mode: 'token' }");
        assert_eq!(config("{ apiKey: ['abc', { x: 'de' }], n: 1 }").0, "{ apiKey: ['•••', { x: '••' }], n: 1 }");
        assert_eq!(config("{ password: -0x1F, ok: true }").0, "{ password: •••••, ok: true }");
        assert_eq!(config("{ maxTokens: 40960000, token: 12345 }").0, "{ maxTokens: 40960000, token: ••••• }");
        assert_eq!(config("['--api-key', 'abc', '-v', 'def']").0, "['--api-key', '•••', '-v', 'def']");
    }

    #[test]
    fn references_stay() {
        for text in [
            "{ apiKey: '${OPENAI_API_KEY}' }",
            "{ apiKey: '$OPENAI_API_KEY' }",
            "{ apiKey: 'OPENAI_API_KEY' }",
            "{ token: '{{ gateway_token }}' }",
            "{ token: '<your token>' }",
            "{ token: { source: 'env', provider: 'default', id: 'GATEWAY_TOKEN' } }",
            "{ apiKey: { $include: './keys/anthropic.json5' } }",
            "{ headers: { Authorization: 'Bearer ${TOKEN}' } }",
            "{ apiKey: 'ollama-local', token: 'secretref-env:GATEWAY_TOKEN', password: '__OPENCLAW_REDACTED__' }",
            "// apiKey: '${KEY}'\n{}",
        ] {
            assert_eq!(config(text).0, text);
        }
    }

    #[test]
    fn only_the_reference_in_a_mixed_value_stays() {
        assert_eq!(config("{ token: 'abc${X}' }").0, "{ token: '•••${X}' }");
        assert_eq!(config("{ token: '${X:-fallback}' }").0, "{ token: '${X:-•••••••••' }");
        let braced = format!("{{ token: '${{{}}}' }}", "a1b2".repeat(8));
        assert!(!config(&braced).0.contains("a1b2"), "a key in braces is no reference");
    }

    #[test]
    fn headers_urls_comments_and_broken_parts_are_searched() {
        assert_eq!(config("{ Authorization: 'Bearer abc def' }").0, "{ Authorization: '••••••••••••••' }");
        assert_eq!(config("{ u: 'redis://u:hunter2@h/0' }").0, "{ u: 'redis://u:•••••••@h/0' }");
        assert_eq!(config("// token: \"hunter2\"\n{}").0, "// token: \"•••••••\"\n{}");
        assert_eq!(config("{ token: 'hunter2").0, "{ token: '•••••••");
        assert_eq!(config("{ a: [1 2, password = \"hunter2\" ").0, "{ a: [1 2, password = \"•••••••\" ");
    }

    #[test]
    fn env_values_are_hidden_also_commented_out_and_on_broken_lines() {
        let text = "A_TOKEN=\"hun ter\"\n# OLD_API_KEY=hunter2\nMODE=token\n my API_KEY hunter\nB_PASSWORD=${X}\n";
        let want = "A_TOKEN=\"•••••••\"\n# OLD_API_KEY=•••••••\nMODE=token\n my API_KEY hunter\nB_PASSWORD=${X}\n";
        assert_eq!(env(text), want);
    }

    #[test]
    fn learnt_values_are_found_in_any_text() {
        let (_, secrets) = config(r#"{ token: "h\u0075nter/2#x", password: "lobster" }"#);
        assert_eq!(secrets.scrub("it was hunter/2#x, really"), "it was •••, really");
        assert_eq!(secrets.scrub(r"raw h\u0075nter/2#x"), "raw •••");
        assert_eq!(secrets.scrub("`lobster` is no password"), "`•••` is no password");
        assert_eq!(secrets.scrub("in a/lobster.json"), "in a/lobster.json");
        let (_, samples) = config(r#"{ token: "secret", password: "password" }"#);
        assert_eq!(samples.scrub("make up a secret, or a password"), "make up a secret, or a password");
        assert_eq!(secrets.scrub("nothing here"), "nothing here");
        assert_eq!(format!("{secrets:?}"), "Secrets { files: 1, spans: 2, values: 4 }");
    }

    #[test]
    fn hashes_in_paths_stay() {
        let path = format!("/nix/store/{}-conf/openclaw.json", "0a1b2c3d".repeat(4));
        assert_eq!(Secrets::default().scrub_path(&path), path);
    }

    #[test]
    fn spans_are_sorted_and_merged() {
        let mut secrets = Secrets::default();
        for (start, end) in [(10, 12), (1, 3), (2, 5), (5, 6), (8, 8)] {
            secrets.mark(FILE, Span::new(start, end));
        }
        assert_eq!(secrets.spans(FILE), [Span::new(1, 6), Span::new(10, 12)]);
        assert!(secrets.spans(FileId(7)).is_empty());
    }

    #[test]
    fn repetitive_texts_are_scanned_once() {
        for piece in ["token=", "token:\"", "://", "${", "a@://", "PRIVATE KEY-----", "<", "\\", "token=token:"] {
            let text = piece.repeat(100_000 / piece.len());
            let (mut secrets, source) = (Secrets::default(), SourceFile::new("f", &*text));
            mark_config(&mut secrets, FILE, &source, &json5::parse(&text, &json5::Options::default()));
            mark_env(&mut secrets, FILE, &source, &dotenv::parse(&text));
            // Quadratic scans would take many minutes here.
            assert!(secrets.scrub(&text).chars().count() <= text.chars().count() + MARK.len());
        }
    }
}
