//! Docker Compose: a comment needs a space before its `#`, double quotes know the usual escapes, and references are
//! replaced everywhere but in single quotes.

use super::{DifferenceKind, Lines, RejectReason, Seen};
use crate::syntax::dotenv::scan::{byte, identifier_end, name_end};

/// Blanks that may stand before a value; the line feed is none.
const BLANKS: [char; 7] = ['\t', '\u{b}', '\u{c}', '\r', ' ', '\u{85}', '\u{a0}'];

pub(super) fn read(lines: &Lines<'_>) -> Result<Seen, RejectReason> {
    let body = lines.body.trim_start_matches(BLANKS);
    let mut chars = body.chars();
    match chars.next() {
        Some(quote @ ('\'' | '"')) => quoted(chars.as_str(), quote),
        _ => unquoted(body),
    }
}

fn unquoted(body: &str) -> Result<Seen, RejectReason> {
    let line = body.split('\n').next().unwrap_or_default();
    let code = line.split(" #").next().unwrap_or_default();
    expand(code.trim_end())
}

fn quoted(content: &str, quote: char) -> Result<Seen, RejectReason> {
    let mut value = String::new();
    let mut escape = false;
    for (at, c) in content.char_indices() {
        if c == quote && !escape {
            rest_is_statement(content.get(at + 1..).unwrap_or_default())?;
            return if quote == '"' { expand(&unescape(&value)) } else { Ok(Seen::literal(&value)) };
        }
        if c == '\\' && !escape {
            escape = true;
            continue;
        }
        if escape && c != quote {
            value.push('\\');
        }
        escape = false;
        value.push(c);
    }
    Err(RejectReason::OpenQuote)
}

/// What follows a closing quote is read as a statement of its own; it must at least begin like one.
fn rest_is_statement(rest: &str) -> Result<(), RejectReason> {
    let line = rest.split('\n').next().unwrap_or_default().trim();
    let after_name = byte(line.as_bytes(), name_end(line.as_bytes(), 0));
    let fine = line.is_empty() || line.starts_with('#') || matches!(after_name, 0 | b'=' | b':');
    if fine { Ok(()) } else { Err(RejectReason::TextAfterQuote) }
}

/// Escapes of double quotes. `\$` becomes `$$`, which [`expand`] turns into `$`.
fn unescape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let meaning = if c == '\\' { chars.clone().next().and_then(escape_meaning) } else { None };
        match meaning {
            Some(meaning) => {
                chars.next();
                value.push_str(meaning);
            }
            None => value.push(c),
        }
    }
    value
}

fn escape_meaning(c: char) -> Option<&'static str> {
    const ESCAPES: [(char, &str); 10] = [
        ('a', "\u{7}"),
        ('b', "\u{8}"),
        ('f', "\u{c}"),
        ('n', "\n"),
        ('r', "\r"),
        ('t', "\t"),
        ('v', "\u{b}"),
        ('$', "$$"),
        ('"', "\""),
        ('\\', "\\"),
    ];
    ESCAPES.iter().find_map(|(escape, meaning)| (*escape == c).then_some(*meaning))
}

/// Marks references, undoes `$$`, and refuses a `$` that is neither.
fn expand(text: &str) -> Result<Seen, RejectReason> {
    let mut seen = Seen::default();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('$')) {
        let dollar = at + found;
        seen.value.push_str(text.get(at..=dollar).unwrap_or_default());
        at = dollar + 1;
        match byte(text.as_bytes(), at) {
            b'$' => {
                at += 1;
                seen.note(DifferenceKind::Expanded);
            }
            b'{' => seen.note(DifferenceKind::Expanded),
            _ if identifier_end(text.as_bytes(), at) > at => seen.note(DifferenceKind::Expanded),
            _ => return Err(RejectReason::InvalidReference),
        }
    }
    seen.value.push_str(text.get(at..).unwrap_or_default());
    Ok(seen)
}
