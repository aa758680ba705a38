//! What OpenClaw removes from a credential without a word, and what it wrongly leaves in.
//!
//! Values enter as they stand in the file; the answer carries byte ranges into them. Neither the value nor the
//! cleaned copy ever shows up in `Debug`.

use std::fmt;
use std::ops::Range;

/// Why a piece of a value is not part of the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CleanReason {
    /// A line break, also U+2028 and U+2029.
    LineBreak,
    /// A character that nobody sees: zero-width, byte order mark, bidirectional control.
    Invisible,
    /// A typographic quotation mark.
    SmartQuote,
    /// Any other control character, tabs included.
    Control,
    /// Any other character beyond U+00FF.
    NonLatin1,
    /// White space at an end.
    OuterSpace,
    /// `Bearer ` in front.
    BearerPrefix,
    /// The variable's name and `=` in front.
    NamePrefix,
    /// Quotation marks around the value.
    Quotes,
}

impl CleanReason {
    /// Whether OpenClaw removes it; what it leaves in is sent and makes the request fail.
    #[must_use]
    pub fn is_silent(self) -> bool {
        !matches!(self, CleanReason::BearerPrefix | CleanReason::NamePrefix | CleanReason::Quotes)
    }
}

/// A piece of the value that is not part of the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// Bytes of the original value.
    pub range: Range<usize>,
    /// Why.
    pub reason: CleanReason,
}

/// A value without what does not belong to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The credential itself.
    pub value: String,
    /// What was taken away, in the order of the text; neighbours with one reason are joined.
    pub removed: Vec<Removed>,
}

impl fmt::Debug for Cleaned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cleaned").field("length", &self.value.len()).field("removed", &self.removed).finish()
    }
}

/// What an OpenClaw credential reader makes of `value`, and what it should have removed too.
#[must_use]
pub fn clean(value: &str) -> Cleaned {
    let mut removed = Vec::new();
    let mut kept: Vec<(usize, char)> = Vec::with_capacity(value.len());
    for (at, c) in value.char_indices() {
        match dropped(c) {
            Some(reason) => removed.push(Removed { range: at..at + c.len_utf8(), reason }),
            None => kept.push((at, c)),
        }
    }
    let mut rest = trim(&kept, &mut removed);
    // Three wrappings cover everything seen, such as `export KEY="Bearer x"`.
    for _ in 0..4 {
        let Some((inner, reason)) = unwrap(rest) else { break };
        let (outer, inner_trimmed) = (rest, trim(inner, &mut removed));
        drop_outside(outer, inner, reason, &mut removed);
        rest = inner_trimmed;
    }
    removed.sort_by_key(|piece| piece.range.start);
    Cleaned { value: rest.iter().map(|(_, c)| *c).collect(), removed: joined(removed) }
}

fn dropped(c: char) -> Option<CleanReason> {
    match c {
        '\r' | '\n' | '\u{2028}' | '\u{2029}' => Some(CleanReason::LineBreak),
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => Some(CleanReason::Invisible),
        '\u{2018}'..='\u{201F}' | '\u{FF02}' | '\u{FF07}' | '\u{2032}' | '\u{2033}' => Some(CleanReason::SmartQuote),
        c if c.is_control() => Some(CleanReason::Control),
        c if u32::from(c) > 0xFF => Some(CleanReason::NonLatin1),
        _ => None,
    }
}

fn trim<'a>(kept: &'a [(usize, char)], removed: &mut Vec<Removed>) -> &'a [(usize, char)] {
    let blank = |(_, c): &&(usize, char)| c.is_whitespace();
    let start = kept.iter().take_while(blank).count();
    let end = kept.iter().rev().take_while(blank).count().min(kept.len() - start);
    let (head, rest) = kept.split_at_checked(start).unwrap_or((kept, &[]));
    let (rest, tail) = rest.split_at_checked(rest.len() - end).unwrap_or((rest, &[]));
    removed.extend(head.iter().chain(tail).map(|piece| of(piece, CleanReason::OuterSpace)));
    rest
}

fn of((at, c): &(usize, char), reason: CleanReason) -> Removed {
    Removed { range: *at..at + c.len_utf8(), reason }
}

fn drop_outside(outer: &[(usize, char)], inner: &[(usize, char)], reason: CleanReason, removed: &mut Vec<Removed>) {
    let bounds = inner.first().map(|(at, _)| *at).zip(inner.last().map(|(at, _)| *at));
    let outside = |(at, _): &&(usize, char)| bounds.is_none_or(|(first, last)| *at < first || *at > last);
    removed.extend(outer.iter().filter(outside).map(|piece| of(piece, reason)));
}

/// One layer that people paste along with a key.
fn unwrap(text: &[(usize, char)]) -> Option<(&[(usize, char)], CleanReason)> {
    if let [(_, open), inner @ .., (_, close)] = text
        && open == close
        && matches!(open, '"' | '\'' | '`')
    {
        return Some((inner, CleanReason::Quotes));
    }
    if let Some(rest) = after_word(text, "authorization:") {
        return Some((rest, CleanReason::BearerPrefix));
    }
    if let Some(rest) = after_word(text, "bearer ") {
        return Some((rest, CleanReason::BearerPrefix));
    }
    after_name(text).map(|rest| (rest, CleanReason::NamePrefix))
}

fn after_word<'a>(text: &'a [(usize, char)], word: &str) -> Option<&'a [(usize, char)]> {
    let same = |(a, (_, b)): (char, &(usize, char))| a == b.to_ascii_lowercase();
    let rest = text.get(word.len()..).filter(|rest| !rest.is_empty())?;
    word.chars().zip(text).all(same).then_some(rest)
}

/// `NAME=value` and `export NAME=value`; the name has an underscore, and the value is long enough not to be padding.
fn after_name(text: &[(usize, char)]) -> Option<&[(usize, char)]> {
    let text = after_word(text, "export ").unwrap_or(text);
    let end = text.iter().take(80).position(|(_, c)| *c == '=')?;
    let (name, rest) = text.split_at_checked(end)?;
    let valid = |(_, c): &(usize, char)| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_';
    let rest = rest.get(1..).filter(|rest| rest.len() >= 4 && rest.first().is_some_and(|(_, c)| *c != '='))?;
    (name.iter().all(valid) && name.iter().any(|(_, c)| *c == '_')).then_some(rest)
}

fn joined(pieces: Vec<Removed>) -> Vec<Removed> {
    let mut all: Vec<Removed> = Vec::new();
    for piece in pieces {
        match all.last_mut() {
            Some(last) if last.range.end == piece.range.start && last.reason == piece.reason => {
                last.range.end = piece.range.end
            }
            _ => all.push(piece),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reasons(value: &str) -> (String, Vec<(CleanReason, &str)>) {
        let cleaned = clean(value);
        (cleaned.value, cleaned.removed.iter().map(|r| (r.reason, &value[r.range.clone()])).collect())
    }

    #[test]
    fn what_openclaw_removes_is_named() {
        use CleanReason as R;
        assert_eq!(reasons("sk-abc"), ("sk-abc".into(), vec![]));
        assert_eq!(
            reasons(" sk-\nab\u{200B}c\u{A0}"),
            (
                "sk-abc".into(),
                vec![(R::OuterSpace, " "), (R::LineBreak, "\n"), (R::Invisible, "\u{200B}"), (R::OuterSpace, "\u{A0}")]
            )
        );
        assert_eq!(
            reasons("\u{201C}sk-abc\u{201D}"),
            ("sk-abc".into(), vec![(R::SmartQuote, "\u{201C}"), (R::SmartQuote, "\u{201D}")])
        );
        assert_eq!(
            reasons("sk\tab\u{4F60}\u{7684}"),
            ("skab".into(), vec![(R::Control, "\t"), (R::NonLatin1, "\u{4F60}\u{7684}")])
        );
        assert!(R::SmartQuote.is_silent() && !R::Quotes.is_silent());
    }

    #[test]
    fn what_openclaw_leaves_in_is_named_too() {
        use CleanReason as R;
        assert_eq!(reasons("\"sk-abc\""), ("sk-abc".into(), vec![(R::Quotes, "\""), (R::Quotes, "\"")]));
        assert_eq!(reasons("Bearer sk-abc"), ("sk-abc".into(), vec![(R::BearerPrefix, "Bearer ")]));
        assert_eq!(reasons("OPENAI_API_KEY=sk-abc").0, "sk-abc");
        assert_eq!(reasons("export A_B='Bearer sk-abc'").0, "sk-abc");
        assert_eq!(reasons("Authorization: Bearer sk-abc").0, "sk-abc");
    }

    #[test]
    fn base64_padding_and_inner_blanks_stay() {
        for value in ["QUJD_A==", "QUJDA=", "a b", "Bearer", "\"", "A_B=", ""] {
            assert_eq!(clean(value).value, value);
        }
    }

    #[test]
    fn debug_shows_no_value() {
        assert!(!format!("{:?}", clean(" topsecret ")).contains("topsecret"));
    }

    proptest! {
        #[test]
        fn ranges_are_ordered_and_on_character_boundaries(value in "\\PC{0,40}|[\"' \\n=A_Bearer]{0,20}") {
            let cleaned = clean(&value);
            let mut end = 0;
            for piece in &cleaned.removed {
                prop_assert!(piece.range.start >= end && value.get(piece.range.clone()).is_some());
                end = piece.range.end;
            }
            let lost: usize = cleaned.removed.iter().map(|r| r.range.len()).sum();
            prop_assert_eq!(lost + cleaned.value.len(), value.len());
        }
    }
}
