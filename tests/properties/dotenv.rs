//! The env-file front end, with a second, slow reading of the grammar to compare with.

use std::collections::BTreeMap;

use fancy_regex::Regex;
use openclaw_lint::source::Span;
use openclaw_lint::source::decode::decode;
use openclaw_lint::syntax::dotenv::{Entry, EnvFile, Reader, Reading, parse, reading};

use super::under;

const READERS: [Reader; 4] = [Reader::Bash, Reader::Docker, Reader::Compose, Reader::Systemd];

/// Longer texts are not read by the slow reading: it backtracks.
const SLOW: usize = 2048;

thread_local! {
    static REFERENCE: Reference = Reference::new();
}

/// Everything that holds for any text.
pub fn check(data: &[u8]) {
    let text = decode(data.to_vec()).text;
    let file = parse(&text);
    if text.len() < SLOW
        && let Some(slowly) = REFERENCE.with(|reference| reference.parse(&text))
    {
        assert_eq!(as_object(&file), slowly, "{text:?}");
    }
    spans_nest_and_stand_in_order(&text, &file);
    nothing_but_blanks_is_left_over(&text, &file);
    values_without_escapes_are_the_text(&text, &file);
    duplicates_and_effective_entries_follow_the_names(&file);
    hazards_and_readings_stay_in_bounds(&text, &file);
    the_kind_of_line_break_changes_no_value(&text);
}

/// The regular expression of the reference in this library's syntax, JavaScript's classes spelled out.
struct Reference {
    line: Regex,
    quotes: Regex,
}

impl Reference {
    fn new() -> Self {
        let s = r"[\t\n\x0b\x0c\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}]";
        let end = r"(?=[\n\u{2028}\u{2029}]|\z)";
        let quoted = |q: char| format!(r"{s}*{q}(?:\\{q}|[^{q}])*{q}");
        let value = format!(r"({}|{}|{}|[^#\r\n]+)?", quoted('\''), quoted('"'), quoted('`'));
        let head = format!(r"\A{s}*(?:export{s}+)?([A-Za-z0-9_.-]+)(?:{s}*={s}*?|:{s}+?)");
        let line = format!(r"{head}{value}{s}*(?:#[^\n\r\u{{2028}}\u{{2029}}]*)?{end}");
        let quotes = format!("(?:\\A|(?<=[\\n\\u{{2028}}\\u{{2029}}]))(['\"`])((?s:.)*)\\1{end}");
        Self { line: Regex::new(&line).unwrap(), quotes: Regex::new(&quotes).unwrap() }
    }

    /// `None`: it gave up.
    fn parse(&self, text: &str) -> Option<BTreeMap<String, String>> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut object = BTreeMap::new();
        let mut from = 0;
        for start in line_starts(&text) {
            if start < from {
                continue;
            }
            let Some(found) = self.line.captures(&text[start..]).ok()? else {
                continue;
            };
            from = start + found.get(0).unwrap().end();
            let raw = found.get(2).map_or("", |value| value.as_str());
            object.insert(found[1].to_owned(), self.value(raw));
        }
        object.remove("__proto__");
        Some(object)
    }

    fn value(&self, raw: &str) -> String {
        let blank = |c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}';
        let raw = raw.trim_matches(blank);
        let value = self.quotes.replace_all(raw, "${2}").into_owned();
        if raw.starts_with('"') { value.replace("\\n", "\n").replace("\\r", "\r") } else { value }
    }
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    let breaks = text.char_indices().filter(|(_, c)| matches!(c, '\n' | '\u{2028}' | '\u{2029}'));
    std::iter::once(0).chain(breaks.map(|(at, c)| at + c.len_utf8()))
}

fn as_object(file: &EnvFile) -> BTreeMap<String, String> {
    let pairs = file.entries.iter().filter(|entry| &*entry.key != "__proto__");
    pairs.map(|entry| (entry.key.to_string(), entry.value.to_string())).collect()
}

fn parts(entry: &Entry) -> Vec<Span> {
    [Some(entry.key_span), Some(entry.separator_span), Some(entry.raw_span), entry.comment]
        .into_iter()
        .flatten()
        .collect()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c == '\u{feff}')
}

fn spans_nest_and_stand_in_order(text: &str, file: &EnvFile) {
    for entry in &file.entries {
        let parts = parts(entry);
        assert!(parts.iter().all(|part| entry.span.contains(*part)), "{entry:?} of {text:?}");
        assert!(parts.windows(2).all(|pair| pair[0].end <= pair[1].start), "{entry:?} of {text:?}");
        assert!(entry.raw_span.contains(entry.value_span));
        assert_eq!(under(text, entry.key_span), &*entry.key);
        under(text, entry.raw_span);
        let (quotes, content) = (entry.raw_span.len(), entry.value_span.len());
        assert_eq!(quotes - content, if entry.quote.is_some() { 2 } else { 0 });
    }
    assert!(file.entries.windows(2).all(|pair| pair[0].span.end < pair[1].span.start), "{text:?}");
    assert!(file.comments.windows(2).all(|pair| pair[0].end < pair[1].start), "{text:?}");
    assert!(file.ignored.windows(2).all(|pair| pair[0].span.end < pair[1].span.start), "{text:?}");
}

fn nothing_but_blanks_is_left_over(text: &str, file: &EnvFile) {
    let mut spans: Vec<Span> = file.entries.iter().map(|entry| entry.span).collect();
    spans.extend(file.ignored.iter().map(|line| line.span));
    spans.extend(&file.comments);
    spans.sort_unstable();
    let mut at = 0;
    for span in spans {
        assert!(is_blank(under(text, Span::new(at, span.start))), "before {span:?} of {text:?}");
        at = at.max(span.end);
    }
    assert!(is_blank(&text[at as usize..]), "{text:?}");
}

fn values_without_escapes_are_the_text(text: &str, file: &EnvFile) {
    for entry in &file.entries {
        let content = under(text, entry.value_span);
        if !content.contains(['\\', '\r', '\u{2028}', '\u{2029}']) {
            assert_eq!(&*entry.value, content, "{text:?}");
        }
    }
}

fn duplicates_and_effective_entries_follow_the_names(file: &EnvFile) {
    for group in file.duplicates() {
        let key = &file.entries[group[0]].key;
        let same: Vec<usize> = (0..file.entries.len()).filter(|index| file.entries[*index].key == *key).collect();
        assert!(group.len() > 1);
        assert_eq!(group, same);
    }
    for entry in file.entries.iter().filter(|entry| entry.loaded) {
        let effective = file.effective(&entry.key).expect("a loaded entry has an effective one");
        assert!(effective.span.start >= entry.span.start);
    }
}

fn hazards_and_readings_stay_in_bounds(text: &str, file: &EnvFile) {
    for (index, entry) in file.entries.iter().enumerate() {
        let hazards = entry.hazards(text);
        assert!(hazards.is_sorted());
        for hazard in hazards {
            assert!(!under(text, hazard.span).is_empty(), "{hazard:?} of {text:?}");
        }
        for reader in READERS {
            if let Reading::Differs(difference) = reading(text, file, index, reader) {
                assert!(difference.value.len() <= text.len() + 1, "{reader:?} of {text:?}");
            }
        }
    }
}

fn the_kind_of_line_break_changes_no_value(text: &str) {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    assert_eq!(as_object(&parse(text)), as_object(&parse(&unix)));
    assert_eq!(as_object(&parse(&unix.replace('\n', "\r\n"))), as_object(&parse(&unix)));
}
