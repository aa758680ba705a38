//! `{name}` in a text, and `[[...]]` around words that need their parameters.

use super::{Language, Params};

/// Fills in parameters. Text in braces that is no parameter stays as it is (`{source, provider, id}` is prose). A part in
/// `[[...]]` is left out when a parameter in it is empty, so that one text serves places with and without a fact.
#[must_use]
pub fn fill(text: &str, params: &Params, language: Language) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("[[") {
        let Some((part, after)) = from.split_once("]]") else { break };
        fill_part(before, params, language, &mut out);
        let start = out.len();
        if !fill_part(part, params, language, &mut out) {
            out.truncate(start);
        }
        rest = after;
    }
    fill_part(rest, params, language, &mut out);
    out
}

/// Appends `text` filled in; says whether all its parameters had a value.
fn fill_part(text: &str, params: &Params, language: Language, out: &mut String) -> bool {
    let (mut rest, mut complete) = (text, true);
    while let Some((before, from)) = rest.split_once('{') {
        out.push_str(before);
        let parameter = from.split_once('}').and_then(|(name, after)| Some((params.get(name)?, after)));
        rest = match parameter {
            Some((value, after)) => {
                let value = value.in_language(language);
                complete &= !value.is_empty();
                out.push_str(&value);
                after
            }
            None => {
                out.push('{');
                from
            }
        };
    }
    out.push_str(rest);
    complete
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str, params: &Params) -> String {
        super::fill(text, params, Language::English)
    }

    #[test]
    fn known_names_are_filled_and_other_braces_stay() {
        let params = Params::default().with("key", "tokn").with("best", "token");
        assert_eq!(fill("`{key}`: did you mean `{best}`?", &params), "`tokn`: did you mean `token`?");
        assert_eq!(fill("write {source, id} or ${VAR} or {", &params), "write {source, id} or ${VAR} or {");
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        assert_eq!(fill("{a}", &Params::default().with("a", "{b}").with("b", "no")), "{b}");
    }

    #[test]
    fn a_part_without_its_fact_is_left_out() {
        let with = |check| Params::default().with("key", "K").with("check", check);
        let words = "copy `{key}` again[[; to check it, run `{check}`]]";
        assert_eq!(fill(words, &with("curl x")), "copy `K` again; to check it, run `curl x`");
        assert_eq!(fill(words, &with("")), "copy `K` again");
        assert_eq!(fill("a [[b", &with("")), "a [[b");
        assert_eq!(fill("a [[plain]] b [[{key}]]!", &with("")), "a plain b K!");
    }
}
