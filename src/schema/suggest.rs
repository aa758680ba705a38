//! "Did you mean": the nearest of a set of names.

use strsim::damerau_levenshtein;

/// The name that `wrong` most likely stands for: the same letters in another spelling (`api_key` for `apiKey`), a short
/// edit, or one being the beginning of the other. `None` rather than a wild guess; the first of equally near names wins.
#[must_use]
pub fn nearest<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = fold(wrong);
    let scored = names
        .into_iter()
        .filter(|name| *name != wrong)
        .filter_map(|name| Some((distance(&folded, &fold(name))?, name)));
    scored.min_by_key(|(score, _)| *score).map(|(_, name)| name)
}

/// Case and separators do not count.
fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.')).flat_map(char::to_lowercase).collect()
}

/// How far apart two folded names are; `None` when too far for a suggestion.
fn distance(wrong: &str, name: &str) -> Option<usize> {
    const LONGEST: usize = 64;
    let length = wrong.chars().count().max(name.chars().count());
    if length > LONGEST || wrong.is_empty() || name.is_empty() {
        return None;
    }
    let allowed = match length {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    // Two three-letter names are always near one another: ask for a shared beginning or end.
    let related = wrong.chars().next() == name.chars().next() || wrong.chars().last() == name.chars().last();
    // Most names are out of reach by their length alone.
    if !related || wrong.chars().count().abs_diff(name.chars().count()) > allowed {
        return None;
    }
    let edits = damerau_levenshtein(wrong, name);
    (edits <= allowed && edits < length).then_some(edits)
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
        assert_eq!(nearest("port", ["port"]), None, "the name itself is no suggestion");
    }
}
