//! "Not filled in yet": tells template text from keys.
//!
//! Values enter, verdicts leave; no value is kept. The words and brackets are data (`placeholders` in the table). The
//! tests hold every rule to zero hits on random keys of all formats, which is why most rules look at the whole value
//! and none looks for a short word inside a long random body.

use super::table::{Placeholders, table};

/// Why a value counts as a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceholderReason {
    /// Template brackets, as in `<your key>` or `{{KEY}}`.
    Template,
    /// A reference in a form that OpenClaw takes literally, as in `op://...`, `${lower}` or the path of a file.
    UnsupportedReference,
    /// Cut with an ellipsis, as in `sk-...`.
    Ellipsis,
    /// Masked, as in `sk-****`.
    Masked,
    /// Words instead of a key, as in `your-api-key-here`.
    Words,
    /// One character over and over.
    Repeated,
    /// A sequence from the keyboard or the alphabet.
    Sequence,
    /// A vendor's documented sample.
    Sample,
    /// The variable's own name.
    SelfName,
    /// Too short to be a key.
    TooShort,
    /// A gateway secret that OpenClaw refuses by name.
    KnownWeak,
}

/// How much a slot tells about the values it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// A vendor issues the value.
    Issued,
    /// The user makes the value up, and it should be hard to guess.
    Chosen,
    /// Anything may be meant: local servers take `none`, `dummy` or `x` as a key.
    Lenient,
}

/// Shortest body of an issued key, in characters after its prefix.
const MIN_BODY: usize = 8;
/// Longer values are never template text.
const MAX_TEMPLATE: usize = 512;

/// Judges a trimmed, non-empty value. `matched`: it has a firm format of its slot, so loose signs do not count.
pub(crate) fn find(value: &str, strictness: Strictness, matched: bool) -> Option<PlaceholderReason> {
    use PlaceholderReason as Reason;
    if value.len() > MAX_TEMPLATE {
        return None;
    }
    let facts = table().placeholders();
    let body = body_of(value, facts);
    let issued = strictness == Strictness::Issued;
    if is_template(value, facts) || (body != value && is_template(body, facts)) {
        let literal = value.starts_with("${") || value.starts_with("$(");
        return Some(if literal { Reason::UnsupportedReference } else { Reason::Template });
    }
    if facts.schemes.iter().any(|scheme| value.starts_with(scheme)) || value.starts_with("$env:") {
        return Some(Reason::UnsupportedReference);
    }
    if issued && !matched && is_path(value) {
        return Some(Reason::UnsupportedReference);
    }
    if !matched && is_cut(value, issued) {
        return Some(Reason::Ellipsis);
    }
    if is_masked(value, issued) {
        return Some(Reason::Masked);
    }
    if is_note(value, facts, strictness) || (issued && !matched && has_lone_word(value, facts)) {
        return Some(Reason::Words);
    }
    if strictness == Strictness::Lenient {
        return None;
    }
    if facts.sample_prefixes.iter().any(|p| value.starts_with(p))
        || facts.sample_suffixes.iter().any(|s| value.ends_with(s))
    {
        return Some(Reason::Sample);
    }
    if is_repeated(body, issued) {
        return Some(Reason::Repeated);
    }
    (is_sequence(body, issued, facts)).then_some(Reason::Sequence)
}

/// Whether an issued key would have a longer body than this.
pub(crate) fn is_too_short(value: &str) -> bool {
    body_of(value, table().placeholders()).chars().count() < MIN_BODY
}

/// Whether showing the text gives nothing away: words, brackets, masks and single repeated characters only.
pub(crate) fn is_harmless(value: &str) -> bool {
    let facts = table().placeholders();
    let body = body_of(value, facts);
    let inner = unwrap(body, facts).or_else(|| unwrap(value, facts)).unwrap_or(body);
    let inner = inner.trim_end_matches(['.', '\u{2026}', '*', '\u{2022}']);
    inner.chars().count() <= 2
        || inner.chars().all(|c| inner.starts_with(c))
        || is_note(inner, facts, Strictness::Chosen)
        || (unwrap(value, facts).is_some() && words(inner, facts).is_some())
}

/// What follows the longest vendor prefix that leaves anything.
fn body_of<'a>(value: &'a str, facts: &Placeholders) -> &'a str {
    let prefixes = facts.vendor_prefixes.iter().filter(|prefix| begins(value, prefix));
    let rest = prefixes.filter_map(|prefix| value.strip_prefix(prefix));
    let body = rest.min_by_key(|rest| rest.len()).unwrap_or(value);
    if body.is_empty() { value } else { body }
}

fn unwrap<'a>(value: &'a str, facts: &Placeholders) -> Option<&'a str> {
    let pairs = facts.wrappers.iter();
    pairs.filter_map(|(open, close)| value.strip_prefix(open)?.strip_suffix(close)).min_by_key(|inner| inner.len())
}

fn is_template(value: &str, facts: &Placeholders) -> bool {
    // Inside brackets stands a name or a note, never JSON and never random text with other signs.
    let named = |c: char| c.is_alphanumeric() || " _-./:|,'!?+#\u{2026}\u{3002}\u{FF0C}".contains(c);
    let shell = value.starts_with("${") || value.starts_with("$(");
    let wrapped = unwrap(value, facts).is_some_and(|inner| {
        let start = inner.trim_matches(|c: char| "{}<>[]()$ ".contains(c));
        !start.is_empty() && (shell || start.chars().all(named))
    });
    wrapped || (value.contains("{{") && value.contains("}}") && !value.contains('"'))
}

/// A path of a file. Base64 may begin with a slash as well; it has no folders that every machine has, and no home.
fn is_path(value: &str) -> bool {
    const FOLDERS: &[&str] =
        &["/Users/", "/etc/", "/home/", "/mnt/", "/opt/", "/root/", "/run/", "/srv/", "/tmp/", "/usr/", "/var/"];
    let named = |c: char| c.is_ascii_alphanumeric() || "._-/~ ".contains(c);
    value.chars().all(named) && FOLDERS.iter().chain(&["~/", "./", "../"]).any(|start| value.starts_with(start))
}

fn is_cut(value: &str, issued: bool) -> bool {
    let dots = ["...", "\u{2026}"];
    if issued { dots.iter().any(|d| value.contains(d)) } else { dots.iter().any(|d| value.ends_with(d)) }
}

fn is_masked(value: &str, issued: bool) -> bool {
    let mask = |c: char| matches!(c, '*' | '\u{2022}' | '\u{25CF}' | '\u{00B7}' | '\u{2588}' | '\u{FF0A}');
    let (mut run, mut longest, mut others) = (0usize, 0usize, 0usize);
    for c in value.chars() {
        run = if mask(c) { run + 1 } else { 0 };
        others += usize::from(!mask(c));
        longest = longest.max(run);
    }
    longest >= 3 && (issued || others == 0)
}

/// Text that consists of words, with a phrase that gives it away or with nothing but words of the trade.
fn is_note(value: &str, facts: &Placeholders, strictness: Strictness) -> bool {
    if facts.contains.iter().any(|piece| holds(value, piece)) {
        return true;
    }
    let body = body_of(value, facts);
    let Some(words) = words(body, facts).or_else(|| words(value, facts)).filter(|words| !words.is_empty()) else {
        return false;
    };
    let line = format!(" {} ", words.join(" "));
    let says = |phrase: &&&str| holds(&line, phrase) && line.contains(&format!(" {phrase} "));
    if facts.phrases.iter().any(|phrase| says(&phrase)) {
        return true;
    }
    let last = words.iter().rev().find(|word| !is_number(word));
    if words.iter().any(|word| word == "your") && last.is_some_and(|word| facts.nouns.contains(&word.as_str())) {
        return true;
    }
    if strictness == Strictness::Lenient {
        return false;
    }
    let known = |word: &String| is_number(word) || lists(&facts.vocabulary, word);
    words.iter().any(|word| is_filler(word)) || (words.iter().all(known) && !words.iter().all(|word| is_number(word)))
}

/// As `contains`, without the preparation that only pays for long texts.
fn holds(text: &str, piece: &str) -> bool {
    let (text, Some((first, rest))) = (text.as_bytes(), piece.as_bytes().split_first()) else { return false };
    memchr::memchr_iter(*first, text).any(|at| text.get(at + 1..).is_some_and(|after| after.starts_with(rest)))
}

/// As `starts_with`. Of many words nearly all begin otherwise: the first byte is compared before anything is called.
fn begins(text: &str, word: &str) -> bool {
    text.as_bytes().first() == word.as_bytes().first() && text.starts_with(word)
}

/// As `contains` of a list.
fn lists(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| known.len() == word.len() && begins(known, word))
}

/// `xxx`, `yyy`: one letter three times or more.
fn is_filler(word: &str) -> bool {
    word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic() && Some(byte) == word.bytes().next())
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits a text that people would read as words, in lower case; `None` when any piece looks random.
fn words(value: &str, facts: &Placeholders) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for piece in value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|piece| !piece.is_empty()) {
        let (letters, digits) = piece.split_at(piece.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        // `api03` and `v1` are words of the trade.
        let lower = if piece.len() <= 16 { piece.to_ascii_lowercase() } else { String::new() };
        if lists(&facts.vocabulary, &lower) {
            all.push(lower);
            continue;
        }
        if digits.len() > 4 || letters.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        for hump in humps(letters)? {
            match_vocabulary(&hump, facts, &mut all);
        }
        if !digits.is_empty() {
            all.push(digits.to_owned());
        }
    }
    value.is_ascii().then_some(all)
}

/// `yourApiKey` to `your`, `api`, `key`; `None` when upper and lower case change as in random text.
fn humps(letters: &str) -> Option<Vec<String>> {
    let lower = letters.to_ascii_lowercase();
    let rest = letters.get(1..).unwrap_or("");
    let uniform =
        !letters.contains(|c: char| c.is_ascii_uppercase()) || !letters.contains(|c: char| c.is_ascii_lowercase());
    if letters.is_empty() {
        return Some(Vec::new());
    }
    if uniform || !rest.contains(|c: char| c.is_ascii_uppercase()) {
        return Some(vec![lower]);
    }
    let mut humps: Vec<String> = Vec::new();
    for c in letters.chars() {
        match humps.last_mut() {
            Some(hump) if c.is_ascii_lowercase() => hump.push(c),
            _ => humps.push(c.to_ascii_lowercase().to_string()),
        }
    }
    humps.iter().all(|hump| hump.len() > 1).then_some(humps)
}

/// Adds a run of letters as the words it is joined from (`yourapikey`), or whole when it is not.
fn match_vocabulary(run: &str, facts: &Placeholders, into: &mut Vec<String>) {
    if lists(&facts.vocabulary, run) || run.len() > 48 {
        into.push(run.to_owned());
        return;
    }
    // back[i]: length of the word that ends at i on some way from the start.
    let mut back = vec![0usize; run.len() + 1];
    for at in 0..run.len() {
        let reached = at == 0 || back.get(at).is_some_and(|length| *length > 0);
        let Some(rest) = run.get(at..).filter(|_| reached) else { continue };
        for word in facts.vocabulary.iter().filter(|word| word.len() > 1 && begins(rest, word)) {
            if let Some(slot) = back.get_mut(at + word.len()) {
                *slot = (*slot).max(word.len());
            }
        }
    }
    let start = into.len();
    let mut end = run.len();
    while let Some(length) = back.get(end).copied().filter(|length| *length > 0 && end > 0) {
        into.insert(start, run.get(end - length..end).unwrap_or("").to_owned());
        end -= length;
    }
    if end > 0 {
        into.truncate(start);
        into.push(run.to_owned());
    }
}

fn has_lone_word(value: &str, facts: &Placeholders) -> bool {
    let mut pieces = value.split(|c: char| !c.is_ascii_alphanumeric());
    pieces.any(|piece| facts.lone_words.iter().any(|word| piece.eq_ignore_ascii_case(word)))
}

/// Thresholds: a run of 8 in 128 random hexadecimal digits has a chance of one in two million; `x` is in no
/// hexadecimal key, so 5 are enough. `A` runs are what zero bytes look like in base64.
fn is_repeated(body: &str, issued: bool) -> bool {
    if body.len() > 5 && body.bytes().all(|byte| byte.is_ascii_digit()) && issued {
        return body.bytes().all(|byte| Some(byte) == body.bytes().next());
    }
    let (mut seen, mut count) = (0u128, 0usize);
    let (mut last, mut run, mut suspicious) = (None, 0usize, false);
    for byte in body.bytes() {
        run = if last == Some(byte) { run + 1 } else { 1 };
        last = Some(byte);
        let limit = match byte {
            b'x' | b'X' => 5,
            b'A' | b'=' => 16,
            _ => 8,
        };
        suspicious |= run >= limit;
        if byte.is_ascii_alphanumeric() {
            seen |= 1u128 << byte;
            count += 1;
        }
    }
    let distinct = seen.count_ones();
    (distinct == 1 && count > 1) || (count >= 16 && distinct < 5) || (issued && suspicious)
}

fn is_sequence(body: &str, issued: bool, facts: &Placeholders) -> bool {
    let lower = body.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    if issued && bytes.len() > 5 && bytes.iter().all(u8::is_ascii_digit) {
        return is_climb_only(bytes);
    }
    is_climb_only(bytes)
        || facts.sequences.iter().any(|walk| if issued { lower.contains(walk) } else { lower == **walk })
        || (issued && (longest_climb(bytes, 1) >= 8 || longest_climb(bytes, 2) >= 5))
}

/// Whether `b` follows `a` in the alphabet or on the digit row.
fn follows(a: u8, b: u8) -> bool {
    a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() && (b == a.wrapping_add(1) || (a == b'9' && b == b'0'))
}

/// Longest run in which every character follows the one `stride` places before, up or down; for a stride of two, in
/// both interleaved rows (`a1b2c3`).
fn longest_climb(bytes: &[u8], stride: usize) -> usize {
    let (mut up, mut down, mut longest) = (0usize, 0usize, 0usize);
    for (a, b) in bytes.iter().zip(bytes.iter().skip(stride)) {
        up = if follows(*a, *b) { up + 1 } else { 0 };
        down = if follows(*b, *a) { down + 1 } else { 0 };
        longest = longest.max(up).max(down);
    }
    if stride == 1 { longest + 1 } else { longest / 2 + 1 }
}

/// Made of climbs of three and more, and of nothing else: `abc123def456`.
fn is_climb_only(bytes: &[u8]) -> bool {
    let letters: Vec<u8> = bytes.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    if letters.len() < 3 {
        return false;
    }
    let mut run = 1;
    for (a, b) in letters.iter().zip(letters.iter().skip(1)) {
        if follows(*a, *b) {
            run += 1;
        } else if run < 3 {
            return false;
        } else {
            run = 1;
        }
    }
    run >= 3
}
