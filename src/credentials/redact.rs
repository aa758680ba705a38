//! Finds what must not be shown, anywhere in arbitrary text: broken files, comments, prose.
//!
//! Text enters, byte ranges leave. One pass: a bit set over byte pairs picks the places where a known prefix could
//! start, and four kinds of bytes (`:`, `=`, `.`, the end of a long run) are looked at more closely. Every decision
//! reads a bounded window, so the time is linear in the text. Generous on purpose: a hidden word costs a reader a
//! moment, a shown key costs its owner the key.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use super::judge::is_plain_reference;
use super::placeholder::is_harmless;
use super::secret_key::{is_secret_key, mentions_secret};
use super::table::table;

/// Bytes that a decision may read ahead.
const WINDOW: usize = 64;
/// Bytes that a decision may read back.
const BACK: usize = 96;
/// Longer values are hidden without asking whether they are placeholders.
const MAX_HARMLESS: usize = 512;
/// Unbroken letters and digits of this length are taken for a key.
const LONG_RUN: usize = 32;
/// Shorter headers of JWTs do not say how they are signed.
const MIN_HEADER: usize = 12;
/// Without a boundary in front, a prefix must be this long and needs this much behind it: `lark-...` is no `ark-` key.
const INNER_PREFIX: usize = 6;
const INNER_BODY: usize = 20;

/// Byte ranges of everything that looks like a secret, ordered and apart from each other.
#[must_use]
pub fn find_secrets(text: &str) -> Vec<Range<usize>> {
    let scan = Scan { text, bytes: text.as_bytes(), names: RefCell::default() };
    let mut found = scan.run();
    found.sort_unstable_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The prefixes of known keys by their first two bytes, the longest first.
const PREFIXES: &[&str] = include!(concat!(env!("OUT_DIR"), "/redaction_prefixes.rs"));
/// Stand inside keys.
const MARKERS: [&str; 3] = ["T3BlbkFJ", "JQQJ99", "Q~"];
/// Authorization schemes, in any case; the key follows.
const SCHEMES: [&str; 3] = ["bearer ", "basic ", "bearer%20"];
const PEM: &str = "-----BEGIN ";

/// A bit for each two bytes that one of these literals begins with.
static PAIRS: [u64; 1024] = pairs();

const fn pairs() -> [u64; 1024] {
    let mut pairs = [0; 1024];
    add(&mut pairs, PREFIXES, false);
    add(&mut pairs, &MARKERS, false);
    add(&mut pairs, &SCHEMES, true);
    add(&mut pairs, &[PEM], false);
    pairs
}

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn add(pairs: &mut [u64; 1024], literals: &[&str], in_any_case: bool) {
    let mut at = 0;
    while at < literals.len() {
        let literal = literals[at].as_bytes();
        let (a, b) = (literal[0], literal[1]);
        let (upper_a, upper_b) = (a.to_ascii_uppercase(), b.to_ascii_uppercase());
        let forms = if in_any_case { [(a, b), (a, upper_b), (upper_a, b), (upper_a, upper_b)] } else { [(a, b); 4] };
        let mut form = 0;
        while form < forms.len() {
            let (word, bit) = place(forms[form].0, forms[form].1);
            pairs[word] |= bit;
            form += 1;
        }
        at += 1;
    }
}

const fn place(a: u8, b: u8) -> (usize, u64) {
    let pair = (a as usize) << 8 | b as usize;
    (pair >> 6, 1 << (pair & 63))
}

/// Where the prefixes with each first byte begin in [`PREFIXES`], and their end.
static STARTS: [usize; 257] = starts();

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn starts() -> [usize; 257] {
    let mut starts = [0; 257];
    let mut first = 0;
    while first < 256 {
        let mut at = starts[first];
        while at < PREFIXES.len() && PREFIXES[at].as_bytes()[0] as usize == first {
            at += 1;
        }
        first += 1;
        starts[first] = at;
    }
    starts
}

/// The prefixes that begin with these two bytes.
fn prefixes(a: u8, b: u8) -> impl Iterator<Item = &'static str> {
    let start = |byte: usize| STARTS.get(byte).copied().unwrap_or(0);
    let of_first = PREFIXES.get(start(a.into())..start(usize::from(a) + 1)).unwrap_or_default();
    of_first.iter().filter(move |prefix| prefix.as_bytes().get(1) == Some(&b)).copied()
}

/// Whether a literal begins with these two bytes.
fn begins(literal: &str, a: u8, b: u8) -> bool {
    literal.as_bytes().first_chunk() == Some(&[a, b])
}

/// Whether a known prefix can begin with these two bytes.
pub(crate) fn may_start(a: u8, b: u8) -> bool {
    has(&PAIRS, a, b)
}

/// What the scanner asks about each byte, by a table.
static CLASSES: [u8; 256] = classes();
const LETTER: u8 = 1;
const TOKEN: u8 = 2;

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler; no byte is above 255")]
const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        classes[byte as usize] = match byte {
            _ if byte.is_ascii_alphanumeric() => LETTER | TOKEN,
            b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'~' | b'%' | b':' => TOKEN,
            _ => 0,
        };
        if byte == u8::MAX {
            return classes;
        }
        byte += 1;
    }
}

fn is(class: u8, byte: u8) -> bool {
    CLASSES.get(usize::from(byte)).is_some_and(|classes| classes & class != 0)
}

fn is_letter(byte: u8) -> bool {
    is(LETTER, byte)
}

fn is_token(byte: u8) -> bool {
    is(TOKEN, byte)
}

/// A bit for each two bytes of which the first is no letter, or with which something may begin: the scanner stops there.
static STOPS: [u64; 1024] = stops();

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler; no byte is above 255")]
const fn stops() -> [u64; 1024] {
    let (mut stops, classes) = (pairs(), classes());
    let mut word = 0;
    while word < stops.len() {
        // A word holds the pairs of a quarter of all second bytes.
        if classes[word / 4] & LETTER == 0 {
            stops[word] = u64::MAX;
        }
        word += 1;
    }
    stops
}

fn has(set: &[u64; 1024], a: u8, b: u8) -> bool {
    let (word, bit) = place(a, b);
    set.get(word).is_some_and(|pairs| pairs & bit != 0)
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// Answers of [`is_secret_key`]: files repeat their few names many times.
    names: RefCell<HashMap<&'a str, bool>>,
}

impl<'a> Scan<'a> {
    fn run(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let (mut at, mut run) = (0, 0);
        while let Some(byte) = self.bytes.get(at).copied() {
            let next = self.bytes.get(at + 1).copied().unwrap_or(0);
            let leads = may_start(byte, next);
            if is_letter(byte) {
                if !leads {
                    // Nearly every byte ends here.
                    at += 1 + self.plain(at + 1);
                    continue;
                }
            } else if at - run >= LONG_RUN {
                found.extend(self.long_run(run, at));
            } else if !leads && !matches!(byte, b':' | b'=' | b'.') {
                at += 1;
                if byte == b' ' {
                    // Indentation.
                    at += self.bytes.get(at..).unwrap_or_default().iter().take_while(|next| **next == b' ').count();
                }
                run = at;
                continue;
            }
            let mut hit = if leads { self.lead(at, byte, next) } else { None };
            if !is_letter(byte) {
                hit = hit.or_else(|| self.anchor(at, byte, next));
                run = at + 1;
            }
            match hit {
                Some(range) if range.end > at => {
                    at = range.end;
                    run = at;
                    found.push(range);
                }
                Some(range) => {
                    found.push(range);
                    at += 1;
                }
                None => at += 1,
            }
        }
        found.extend(self.long_run(run, at));
        found
    }

    /// How many letters and digits come next with which nothing begins; the last byte of the text is left.
    fn plain(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.windows(2).take_while(|pair| matches!(pair, [a, b] if !has(&STOPS, *a, *b))).count()
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// Bytes before `at`, nearest first, at most [`BACK`].
    fn before(&self, at: usize) -> impl Iterator<Item = u8> {
        let head = self.bytes.get(at.saturating_sub(BACK)..at).unwrap_or_default();
        head.iter().rev().copied()
    }

    /// How many bytes from `at` on satisfy `test`, at most `limit`.
    fn span(&self, at: usize, limit: usize, test: impl Fn(u8) -> bool) -> usize {
        self.bytes.iter().skip(at).take(limit).take_while(|byte| test(**byte)).count()
    }

    fn lead(&self, at: usize, byte: u8, next: u8) -> Option<Range<usize>> {
        let mut known = prefixes(byte, next).filter(|prefix| self.starts(at, prefix));
        let mut markers = MARKERS.iter().filter(|marker| begins(marker, byte, next) && self.starts(at, marker));
        let (a, b) = (byte.to_ascii_lowercase(), next.to_ascii_lowercase());
        let mut schemes = SCHEMES.iter().filter(|scheme| begins(scheme, a, b));
        known
            .find_map(|prefix| self.after_prefix(at, prefix))
            .or_else(|| markers.find_map(|_| self.around_marker(at)))
            .or_else(|| if begins(PEM, byte, next) { self.pem(at) } else { None })
            .or_else(|| schemes.find_map(|scheme| self.after_scheme(at, scheme)))
    }

    fn starts(&self, at: usize, literal: &str) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(literal.as_bytes()))
    }

    fn after_prefix(&self, at: usize, prefix: &str) -> Option<Range<usize>> {
        let start = at + prefix.len();
        let body = self.bytes.get(start..start + self.span(start, WINDOW, is_token))?;
        let solid = body.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
        // An escaped line break in front of a key (`\nsk-...`) is a boundary too.
        let mut before = self.before(at);
        let boundary = match before.next() {
            Some(b'n' | b'r' | b't') => before.next() == Some(b'\\'),
            Some(byte) => !byte.is_ascii_alphanumeric(),
            None => true,
        };
        let enough = if boundary { table().redaction().min_body } else { INNER_BODY };
        if solid < enough || (!boundary && prefix.len() < INNER_PREFIX) || !looks_random(body) {
            return None;
        }
        self.token(at, start)
    }

    /// From `start` over all token characters that follow `from`, unless it is a placeholder.
    fn token(&self, start: usize, from: usize) -> Option<Range<usize>> {
        let mut end = from + self.span(from, usize::MAX, is_token);
        while end > from && matches!(self.byte(end - 1), b'.' | b':') {
            end -= 1;
        }
        self.unless_harmless(start..end)
    }

    fn unless_harmless(&self, range: Range<usize>) -> Option<Range<usize>> {
        let value = self.text.get(range.clone())?;
        (value.len() > MAX_HARMLESS || !is_harmless(value)).then_some(range)
    }

    fn around_marker(&self, at: usize) -> Option<Range<usize>> {
        let back = self.before(at).take_while(|byte| is_token(*byte)).count();
        let forward = self.span(at, WINDOW, is_token);
        (back >= 4 && back + forward >= 30).then(|| self.token(at - back, at)).flatten()
    }

    fn after_scheme(&self, at: usize, scheme: &str) -> Option<Range<usize>> {
        let start = at + scheme.len();
        self.bytes.get(at..start).filter(|written| written.eq_ignore_ascii_case(scheme.as_bytes()))?;
        let body = self.bytes.get(start..start + self.span(start, WINDOW, is_token))?;
        // "Basic authentication" and "bearer token" are prose.
        (body.len() >= 8 && looks_random(body)).then(|| self.token(start, start)).flatten()
    }

    /// A private key up to its end line, or to the end of the text when that is missing.
    fn pem(&self, at: usize) -> Option<Range<usize>> {
        let rest = self.text.get(at..).filter(|rest| rest.starts_with(PEM))?;
        let head = rest.get(..rest.len().min(64)).or_else(|| rest.get(..PEM.len()))?;
        if !head.contains("PRIVATE KEY") {
            return None;
        }
        let finder = memchr::memmem::find(rest.as_bytes(), b"-----END ");
        let end =
            finder.and_then(|end| Some(end + 9 + memchr::memmem::find(rest.as_bytes().get(end + 9..)?, b"-----")? + 5));
        Some(at..at + end.unwrap_or(rest.len()))
    }

    fn long_run(&self, run: usize, at: usize) -> Option<Range<usize>> {
        if at.saturating_sub(run) < LONG_RUN {
            return None;
        }
        let body = self.bytes.get(run..at)?;
        let digit = body.iter().any(u8::is_ascii_digit) && body.iter().any(u8::is_ascii_alphabetic);
        if digit { self.unless_harmless(run..at) } else { None }
    }

    fn anchor(&self, at: usize, byte: u8, next: u8) -> Option<Range<usize>> {
        match byte {
            b':' if next == b'/' && self.byte(at + 2) == b'/' => self.userinfo(at + 3),
            b':' => self.telegram(at).or_else(|| self.assigned(at, byte)),
            b'=' => self.assigned(at, byte),
            b'.' => self.dotted(at),
            _ => None,
        }
    }

    /// `scheme://user:PASS@host`, and `scheme://TOKEN@host` when the token is long.
    fn userinfo(&self, start: usize) -> Option<Range<usize>> {
        let url =
            self.bytes.get(start..start + self.span(start, WINDOW * 8, |b| b > b' ' && !b"\"'<>`,".contains(&b)))?;
        let path = url.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(url.len());
        let authority = url.get(..path)?;
        let colon = authority.iter().position(|byte| *byte == b':');
        // A password with an unescaped slash pushes the @ behind it; a port does not.
        let port =
            colon.and_then(|colon| authority.get(colon + 1..)).is_none_or(|rest| rest.iter().all(u8::is_ascii_digit));
        let area = if authority.contains(&b'@') || port { authority } else { url };
        let at_sign = area.iter().rposition(|byte| *byte == b'@')?;
        match colon.filter(|colon| *colon < at_sign) {
            Some(colon) if colon + 1 < at_sign => self.unless_plain(start + colon + 1..start + at_sign),
            None if at_sign >= 16 => self.unless_plain(start..start + at_sign),
            _ => None,
        }
    }

    fn unless_plain(&self, range: Range<usize>) -> Option<Range<usize>> {
        let value = self.text.get(range.clone())?;
        if is_plain_reference(value) { None } else { self.unless_harmless(range) }
    }

    /// A bot id, a colon, 35 characters.
    fn telegram(&self, at: usize) -> Option<Range<usize>> {
        let id = self.before(at).take_while(u8::is_ascii_digit).count();
        let body = self.span(at + 1, WINDOW, |b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        ((5..=16).contains(&id) && body >= 30).then(|| self.token(at - id, at + 1)).flatten()
    }

    /// Discord's three parts, those of a JWT, and 32 hexadecimal digits with a dot and a secret.
    fn dotted(&self, at: usize) -> Option<Range<usize>> {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let opens_object = |at: usize| self.bytes.get(at..).is_some_and(|rest| rest.starts_with(b"ey"));
        // Header and claims, each an object in base64, which need not begin with `eyJ`: there may be a blank in it.
        if opens_object(at + 1) {
            let header = self.before(at).take_while(|byte| part(*byte)).count();
            let random = self.bytes.get(at - header..at).is_some_and(looks_random);
            if header >= MIN_HEADER && random && (header == BACK || opens_object(at - header)) {
                return self.token(at - header, at);
            }
        }
        let after = self.span(at + 1, 48, part);
        if after == 6 && self.byte(at + 7) == b'.' {
            let (first, third) = (self.before(at).take_while(|b| part(*b)).count(), self.span(at + 8, 48, part));
            return ((18..=40).contains(&first) && third >= 20).then(|| self.token(at - first, at)).flatten();
        }
        let hex = if after >= 14 { self.before(at).take_while(u8::is_ascii_hexdigit).count() } else { 0 };
        (hex >= 32).then(|| self.token(at - hex, at)).flatten()
    }

    fn is_secret(&self, name: &'a str) -> bool {
        *self.names.borrow_mut().entry(name).or_insert_with(|| is_secret_key(name))
    }

    /// The value behind a name that keeps secrets: `"apiKey": "..."`, `TOKEN=...`, `?api_key=...`.
    fn assigned(&self, at: usize, sign: u8) -> Option<Range<usize>> {
        let name = self.name_before(at)?;
        let line_start = matches!(self.byte_before(name.start), None | Some(b'\n'));
        let name_text = self.text.get(name.clone())?;
        // Nearly all names end here.
        if !mentions_secret(name_text) {
            return None;
        }
        let name_text =
            name_text.rsplit(['.', ' ']).next().filter(|name| mentions_secret(name) && self.is_secret(name))?;
        let start =
            at + 1 + self.span(at + 1, 16, |b| b == b' ' || b == b'\t' || (sign == b':' && (b == b'\n' || b == b'\r')));
        let escaped = usize::from(self.byte(start) == b'\\');
        let quote = self.byte(start + escaped);
        // In prose, `NAME=` is quoted as a whole: nothing is assigned.
        if start == at + 1 && quote == b'`' && self.byte_before(name.start) == Some(b'`') {
            return None;
        }
        if b"\"'`".contains(&quote) {
            return self.unless_plain(self.quoted(start + escaped + 1, quote, escaped == 1));
        }
        if b"{[$<".contains(&quote) && !line_start {
            return None;
        }
        let whole_line = sign == b'=' && line_start && name_text.contains(|c: char| c.is_ascii_uppercase());
        let stop = |b: u8| if whole_line { b == b'\n' || b == b'\r' } else { b <= b' ' || b"\"'`,;&)}]".contains(&b) };
        let ahead = self.bytes.get(start..start + self.span(start, WINDOW, |b| !stop(b)))?;
        let telling =
            if sign == b':' { ahead.len() >= 8 && ahead.iter().any(u8::is_ascii_digit) } else { ahead.len() >= 2 };
        if !telling {
            return None;
        }
        let end = start + self.span(start, usize::MAX, |b| !stop(b));
        let value = self.text.get(start..end)?;
        let plain = matches!(value, "true" | "false" | "null" | "undefined") || value.starts_with("//");
        if !plain { self.unless_plain(start..end) } else { None }
    }

    fn byte_before(&self, at: usize) -> Option<u8> {
        self.before(at).next()
    }

    /// The name in front of a sign, without quotes and blanks.
    fn name_before(&self, at: usize) -> Option<Range<usize>> {
        let gap = self.before(at).take_while(|b| b" \t\"'`\\".contains(b)).count().min(6);
        let end = at - gap;
        let length = self.before(end).take_while(|b| b.is_ascii_alphanumeric() || b"_.-".contains(b)).count();
        (length > 1).then(|| end - length..end)
    }

    /// Up to the closing quote, or to the end of the line when there is none.
    fn quoted(&self, start: usize, quote: u8, escaped: bool) -> Range<usize> {
        let mut end = start;
        while let Some(byte) = self.bytes.get(end).copied() {
            match byte {
                b'\\' if escaped && self.byte(end + 1) == quote => break,
                b'\\' if matches!(self.byte(end + 1), b'\r' | b'\n') => end += 2,
                b'\\' if !self.byte(end + 1).is_ascii() => end += 1,
                b'\\' => end += 2,
                b'\n' if quote != b'`' => break,
                _ if byte == quote => break,
                _ => end += 1,
            }
        }
        start..end.min(self.bytes.len())
    }
}

/// Digits, mixed case or a long unbroken run: not a hyphenated phrase.
fn looks_random(body: &[u8]) -> bool {
    let (upper, lower) = (body.iter().any(u8::is_ascii_uppercase), body.iter().any(u8::is_ascii_lowercase));
    let unbroken = || body.split(|byte| !byte.is_ascii_alphanumeric()).any(|run| run.len() >= 16);
    body.iter().any(u8::is_ascii_digit) || (upper && lower && body.len() >= 12) || unbroken()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::credentials::{synthetic, table};

    fn shown(text: &str) -> String {
        let mut text = text.to_owned();
        for range in find_secrets(&text).into_iter().rev() {
            text.replace_range(range, "#");
        }
        text
    }

    /// Formats that text alone gives away; the others need their name beside them.
    fn telling() -> impl Iterator<Item = &'static crate::credentials::KeyFormat> {
        let all = table().providers().iter().filter(|p| !p.self_hosted).flat_map(|p| p.formats());
        all.filter(|f| f.distinctive && f.is_firm() && f.prefix.len() != 2)
    }

    #[test]
    fn telling_formats_are_hidden_wherever_they_stand() {
        for format in telling() {
            for seed in 0..60 {
                // A full stop at the end counts as the sentence's.
                let key = synthetic::key(format, seed).trim_end_matches('.').to_owned();
                for (before, after) in [
                    ("", ""),
                    ("see ", " there"),
                    ("x = [\"", "\", 1]"),
                    ("// old: ", ", gone"),
                    ("broken '", "\n{{"),
                    ("a\\n", "\\nb"),
                ] {
                    let text = format!("{before}{key}{after}");
                    let ranges = find_secrets(&text);
                    let whole = before.len()..before.len() + key.len();
                    let covered = ranges
                        .iter()
                        .any(|r| r.start <= whole.start && r.end >= whole.end.min(r.end) && r.end + 1 >= whole.end);
                    assert!(covered, "{} {} in {before}|{after}: {ranges:?} {whole:?}", format.kind, format.prefix);
                }
            }
        }
    }

    #[test]
    fn values_of_secret_names_are_hidden_whatever_they_are() {
        for text in [
            "\"apiKey\": \"V\"",
            "apiKey: 'V',",
            "\"client_secret\" : \"V\" }",
            "PASSWORD=V",
            "export MY_TOKEN=\"V\"",
            "?api_key=V&x=1",
            "{\\\"token\\\": \\\"V\\\"}",
            "botToken:\n  \"V\"",
        ] {
            for value in ["hunter2x", "correct-horse9", "0123456789abcdef0123456789abcde1", "pa$$w0rd!"] {
                assert!(!shown(&text.replace('V', value)).contains(value), "{text} {value}");
            }
        }
        assert_eq!(shown("PASSWORD=a b #c\nX=1"), "PASSWORD=#\nX=1");
        assert_eq!(shown("\"token\": \"unterminated9\nnext"), "\"token\": \"#\nnext");
    }

    #[test]
    fn urls_headers_and_pem_blocks() {
        assert_eq!(shown("http://user:s3cret@proxy:8080/x"), "http://user:#@proxy:8080/x");
        assert_eq!(shown("http://user:s/3cret@proxy"), "http://user:#@proxy");
        assert_eq!(shown("http://proxy:8080/@scope"), "http://proxy:8080/@scope");
        assert_eq!(shown("http://${USER}:${PASS}@proxy"), "http://${USER}:${PASS}@proxy");
        assert_eq!(shown("authorization BEARER abcDEF123456"), "authorization BEARER #");
        let jwt = format!("eyAi{}.eyAi{}.{}", "YWxnIjog".repeat(3), "c3ViIjog".repeat(3), "c2ln".repeat(6));
        assert_eq!(shown(&format!("see {jwt} there")), "see # there");
        assert_eq!(shown("eyeglasses-shop.eyewear.example"), "eyeglasses-shop.eyewear.example");
        let pem = format!("a -----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY----- b", "QUJD".repeat(9));
        assert_eq!(shown(&pem), "a # b");
        assert_eq!(shown("-----BEGIN PRIVATE KEY-----\nabc"), "#");
        assert_eq!(shown("-----BEGIN CERTIFICATE-----\nabc"), "-----BEGIN CERTIFICATE-----\nabc");
    }

    #[test]
    fn references_placeholders_and_prose_are_shown() {
        for text in [
            "\"apiKey\": \"${OPENAI_API_KEY}\"",
            "apiKey: \"$OPENAI_API_KEY\"",
            "\"token\": \"YOUR_BOT_TOKEN\"",
            "OPENAI_API_KEY=sk-your-key-here",
            "apiKey: \"<your key>\"",
            "\"apiKey\": \"sk-...\"",
            "\"apiKey\": \"{{ANTHROPIC_API_KEY}}\"",
            "\"apiKey\": \"ollama-local\"",
            "\"Authorization\": \"Bearer ${TOKEN}\"",
            "// the token: see the manual, it is long",
            "task-management, risk-assessment and disk-encryption-tooling",
            "maxTokens: 128000",
            "\"tokenFile\": \"/etc/openclaw/token\"",
            "\"apiKey\": { source: \"env\", id: \"OPENAI_API_KEY\" }",
            "https://api.openai.com/v1",
            "model: \"claude-sonnet-4-5-20250929\"",
            "basic authentication or bearer token",
            "/srv/openclaw-lark-6Q49pc/lark-2026.3.26.tgz",
            "key_derivation_function",
            "apiKey: null",
            "gateway: { port: 18789 }",
            "secret: true",
            "\"apiKey\": \"\"",
            "add `API_KEY=`, without a value, and `API_TOKEN=`, with none",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn repetitive_text_ends_soon() {
        for unit in [
            "sk-",
            "ask-",
            "eyJ",
            "Q~",
            "a.",
            "1:",
            "token:",
            "token=\"",
            "://a:",
            "-----BEGIN PRIVATE KEY-----",
            "x",
            "\\",
            "bearer ",
            "a@",
            "\"token\": \"xx",
        ] {
            // Quadratic time would take minutes here.
            let _ = find_secrets(&unit.repeat(200_000 / unit.len()));
        }
    }

    proptest! {
        #[test]
        fn ranges_are_apart_ordered_and_on_character_boundaries(text in "(\\PC|sk-|token=|\"|:|://|@|\\\\|\n|[0-9a-f]{20}|-----BEGIN PRIVATE KEY){0,30}") {
            let mut end = 0;
            for (index, range) in find_secrets(&text).into_iter().enumerate() {
                prop_assert!(range.start > end || (index == 0 && range.start == 0));
                prop_assert!(text.get(range.clone()).is_some_and(|t| !t.is_empty()));
                end = range.end;
            }
        }
    }
}
