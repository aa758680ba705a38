//! "Did you mean": the nearest of a set of names.

use strsim::damerau_levenshtein;

/// The name that `wrong` most likely stands for: the same letters in another spelling (`api_key` for `apiKey`), a short
/// edit, or one being the beginning of the other. `None` rather than a wild guess; the first of equally near names wins.
#[must_use]
pub fn nearest<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = fold(wrong);
    let outline = Outline::of(&folded);
    let scored = names
        .into_iter()
        .filter(|name| *name != wrong && outline.may_be_near(&Outline::of(name)))
        .filter_map(|name| Some((distance(&folded, &fold(name))?, name)));
    scored.min_by_key(|(score, _)| *score).map(|(_, name)| name)
}

/// Case and separators do not count.
fn fold(name: &str) -> String {
    folded(name).collect()
}

fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.')).flat_map(char::to_lowercase)
}

/// What of a folded name is known without making it.
#[derive(Default)]
struct Outline {
    length: usize,
    first: Option<char>,
    last: Option<char>,
}

impl Outline {
    fn of(name: &str) -> Self {
        let mut outline = Self::default();
        let mut add = |c: char| {
            outline.length += 1;
            outline.first = outline.first.or(Some(c));
            outline.last = Some(c);
        };
        if name.is_ascii() {
            let bytes = name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ' | b'.'));
            bytes.for_each(|byte| add(byte.to_ascii_lowercase().into()));
        } else {
            folded(name).for_each(add);
        }
        outline
    }

    /// Most names are out of reach by their length alone. And two three-letter names are always near one another: a shared
    /// beginning or end is asked for.
    fn may_be_near(&self, name: &Self) -> bool {
        let related = self.first == name.first || self.last == name.last;
        let length = self.length.max(name.length);
        related && self.length.abs_diff(name.length) <= allowed(length)
    }
}

/// Edits between names of which the longer has so many characters.
const fn allowed(length: usize) -> usize {
    match length {
        0..=4 => 1,
        5..=7 => 2,
        _ => 3,
    }
}

/// How far apart two folded names are that may be near by their outlines; `None` when too far for a suggestion.
fn distance(wrong: &str, name: &str) -> Option<usize> {
    const LONGEST: usize = 64;
    let length = wrong.chars().count().max(name.chars().count());
    if length > LONGEST || wrong.is_empty() || name.is_empty() {
        return None;
    }
    let edits = damerau_levenshtein(wrong, name);
    (edits <= allowed(length) && edits < length).then_some(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_variants_and_small_edits_are_found() {
        let names = ["token", "tokens", "mode", "password", "apiKey", "fallbacks", "allowFrom"];
        assert_eq!(nearest("tokn", names), Some("token"));
        assert_eq!(nearest("api_key", names), Some("apiKey"));
        assert_eq!(nearest("fallback", names), Some("fallbacks"));
        assert_eq!(nearest("allowform", names), Some("allowFrom"));
        assert_eq!(nearest("MODE", names), Some("mode"));
    }

    #[test]
    fn far_names_get_no_suggestion() {
        let names = ["port", "bind", "mode"];
        assert_eq!(nearest("telegram", names), None);
        assert_eq!(nearest("x", names), None);
        assert_eq!(nearest("host", names), None, "half of the letters are others");
        assert_eq!(nearest("port", ["port"]), None, "the name itself is no suggestion");
    }
}
