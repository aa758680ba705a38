//! What holds for every text the env-file front end can meet, and a second, slow reading of the grammar to compare with.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::BTreeMap;

use fancy_regex::Regex;
use openclaw_lint::source::Span;
use openclaw_lint::syntax::dotenv::{Entry, EnvFile, Reader, Reading, parse, reading};
use proptest::prelude::*;

/// Pieces that the grammar treats in special ways, so that random rows of them reach its corners.
const PIECES: &[&str] = &[
    "A",
    "b",
    "_",
    ".",
    "-",
    "9",
    "=",
    "=",
    ":",
    ": ",
    "#",
    " #",
    "'",
    "\"",
    "`",
    "\\",
    "\\'",
    "\\\"",
    "\\`",
    "\\n",
    "\\r",
    " ",
    "\t",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\u{2028}",
    "\u{2029}",
    "\u{a0}",
    "\u{85}",
    "\u{feff}",
    "\u{200b}",
    "export ",
    "export",
    "$",
    "${X}",
    "$(",
    "é",
    "🔑",
    "\nK=",
    "\nL=",
    "\nM=\"",
    "\nN='",
    "\nO=`",
    "__proto__",
    ";",
    "“",
];

const READERS: [Reader; 4] = [Reader::Bash, Reader::Docker, Reader::Compose, Reader::Systemd];

fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat());
    prop_oneof![8 => pieces, 1 => any::<String>(), 1 => "([A-Z]{1,3}=[ -~]{0,12}\r?\n){0,6}"]
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

    fn parse(&self, text: &str) -> BTreeMap<String, String> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut object = BTreeMap::new();
        let mut from = 0;
        for start in line_starts(&text) {
            if start < from {
                continue;
            }
            let Some(found) = self.line.captures(&text[start..]).expect("within the backtracking limit") else {
                continue;
            };
            from = start + found.get(0).unwrap().end();
            let raw = found.get(2).map_or("", |value| value.as_str());
            object.insert(found[1].to_owned(), self.value(raw));
        }
        object.remove("__proto__");
        object
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

/// The text under a span, which must lie in the file and on character boundaries.
fn under(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).expect("a span lies in the file, on character boundaries")
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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn the_slow_reading_agrees(text in texts()) {
        prop_assert_eq!(as_object(&parse(&text)), Reference::new().parse(&text));
    }

    #[test]
    fn spans_nest_and_stand_in_order(text in texts()) {
        let file = parse(&text);
        for entry in &file.entries {
            let parts = parts(entry);
            prop_assert!(parts.iter().all(|part| entry.span.contains(*part)), "{entry:?}");
            prop_assert!(parts.windows(2).all(|pair| pair[0].end <= pair[1].start), "{entry:?}");
            prop_assert!(entry.raw_span.contains(entry.value_span));
            prop_assert_eq!(under(&text, entry.key_span), &*entry.key);
            under(&text, entry.raw_span);
            let (quotes, content) = (entry.raw_span.len(), entry.value_span.len());
            prop_assert_eq!(quotes - content, if entry.quote.is_some() { 2 } else { 0 });
        }
        prop_assert!(file.entries.windows(2).all(|pair| pair[0].span.end < pair[1].span.start));
        prop_assert!(file.comments.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(file.ignored.windows(2).all(|pair| pair[0].span.end < pair[1].span.start));
    }

    #[test]
    fn nothing_but_blanks_is_left_over(text in texts()) {
        let file = parse(&text);
        let mut spans: Vec<Span> = file.entries.iter().map(|entry| entry.span).collect();
        spans.extend(file.ignored.iter().map(|line| line.span));
        spans.extend(&file.comments);
        spans.sort_unstable();
        let mut at = 0;
        for span in spans {
            prop_assert!(is_blank(under(&text, Span::new(at, span.start))), "before {span:?}");
            at = at.max(span.end);
        }
        prop_assert!(is_blank(&text[at as usize..]));
    }

    #[test]
    fn a_value_without_escapes_is_the_text_under_its_span(text in texts()) {
        for entry in parse(&text).entries {
            let content = under(&text, entry.value_span);
            if !content.contains(['\\', '\r', '\u{2028}', '\u{2029}']) {
                prop_assert_eq!(&*entry.value, content);
            }
        }
    }

    #[test]
    fn duplicates_and_effective_entries_follow_the_names(text in texts()) {
        let file = parse(&text);
        for group in file.duplicates() {
            let key = &file.entries[group[0]].key;
            let same: Vec<usize> = (0..file.entries.len()).filter(|index| file.entries[*index].key == *key).collect();
            prop_assert!(group.len() > 1);
            prop_assert_eq!(group, same);
        }
        for entry in file.entries.iter().filter(|entry| entry.loaded) {
            let effective = file.effective(&entry.key).expect("a loaded entry has an effective one");
            prop_assert!(effective.span.start >= entry.span.start);
        }
    }

    #[test]
    fn hazards_and_readings_stay_in_bounds(text in texts()) {
        let file = parse(&text);
        for (index, entry) in file.entries.iter().enumerate() {
            let hazards = entry.hazards(&text);
            prop_assert!(hazards.is_sorted());
            for hazard in hazards {
                prop_assert!(!under(&text, hazard.span).is_empty(), "{hazard:?}");
            }
            for reader in READERS {
                if let Reading::Differs(difference) = reading(&text, &file, index, reader) {
                    prop_assert!(difference.value.len() <= text.len() + 1);
                }
            }
        }
    }

    #[test]
    fn the_kind_of_line_break_changes_no_value(text in texts()) {
        let unix = text.replace("\r\n", "\n").replace('\r', "\n");
        prop_assert_eq!(as_object(&parse(&text)), as_object(&parse(&unix)));
        prop_assert_eq!(as_object(&parse(&unix.replace('\n', "\r\n"))), as_object(&parse(&unix)));
    }
}
