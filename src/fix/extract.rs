//! Credentials out of a config and into an env file: each becomes a reference.

use crate::source::Span;
use crate::syntax::json5::{self, NodeKind};

use super::Variable;

/// A credential in a config.
#[derive(Debug)]
pub struct Place {
    /// Its string, quotes and all.
    pub span: Span,
    /// The variable that OpenClaw reads by itself for it, if there is one.
    pub variable: Option<String>,
    /// Its path, dot-joined.
    pub path: String,
}

/// The text with references, and the variables that they name. `known` is asked for the value of a variable that is set
/// already: one with another value is not taken. References and what is no string stay.
#[must_use]
pub fn extract(text: &str, places: &[Place], known: impl Fn(&str) -> Option<String>) -> (String, Vec<Variable>) {
    let document = json5::parse(text, &json5::Options::default());
    let mut variables: Vec<Variable> = Vec::new();
    let mut edits: Vec<(Span, String)> = Vec::new();
    for place in places {
        let node = document.nodes().find(|(_, node)| node.span == place.span).map(|(_, node)| &node.kind);
        let Some(NodeKind::String(value)) = node else { continue };
        if value.contains("${") || value.is_empty() || edits.iter().any(|(span, _)| *span == place.span) {
            continue;
        }
        let fits = |name: &String| {
            let set = variables.iter().find(|variable| variable.name == *name).map(|variable| variable.value.clone());
            set.or_else(|| known(name)).is_none_or(|set| set == **value)
        };
        let own = name_of(&place.path);
        let numbered = (2..100).map(|number| format!("{own}_{number}"));
        let names = place.variable.iter().cloned().chain([own.clone()]).chain(numbered);
        let Some(name) = names.into_iter().find(fits) else { continue };
        edits.push((place.span, format!("\"${{{name}}}\"")));
        if !variables.iter().any(|variable| variable.name == name) {
            variables.push(Variable { name, value: value.to_string() });
        }
    }
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut out = text.to_owned();
    for (span, reference) in edits {
        out.replace_range(span.start as usize..span.end as usize, &reference);
    }
    (out, variables)
}

/// A variable's name for a path: `channels.telegram.botToken` is `CHANNELS_TELEGRAM_BOT_TOKEN`.
fn name_of(path: &str) -> String {
    let mut name = String::new();
    let mut lower = false;
    for c in path.chars() {
        if c.is_ascii_uppercase() && lower {
            name.push('_');
        }
        lower = c.is_ascii_lowercase();
        name.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, value: &str, variable: Option<&str>, path: &str) -> Place {
        let start = u32::try_from(text.find(value).unwrap()).unwrap();
        let span = Span::new(start, start + u32::try_from(value.len()).unwrap());
        Place { span, variable: variable.map(str::to_owned), path: path.to_owned() }
    }

    #[test]
    fn each_value_gets_a_variable_of_its_own() {
        let text = "{ a: 'one', b: 'two', c: '${C}' }";
        let places = [
            place(text, "'one'", Some("KEY"), "a"),
            place(text, "'two'", Some("KEY"), "models.botToken"),
            place(text, "'${C}'", None, "c"),
        ];
        let (out, variables) = extract(text, &places, |_| None);
        assert_eq!(out, "{ a: \"${KEY}\", b: \"${MODELS_BOT_TOKEN}\", c: '${C}' }");
        let lines: Vec<_> = variables.iter().filter_map(Variable::line).collect();
        assert_eq!(lines, ["KEY=one\n", "MODELS_BOT_TOKEN=two\n"]);
    }

    #[test]
    fn a_value_that_stands_twice_has_one_variable() {
        let text = "{ a: 'one', b: \"one\", c: '', d: 1 }";
        let places = [
            place(text, "'one'", Some("KEY"), "a"),
            place(text, "'one'", None, "a"),
            place(text, "\"one\"", Some("KEY"), "b"),
            place(text, "''", None, "c"),
            place(text, "1", None, "d"),
        ];
        let (out, variables) = extract(text, &places, |_| None);
        assert_eq!(out, "{ a: \"${KEY}\", b: \"${KEY}\", c: '', d: 1 }");
        assert_eq!(variables.iter().filter_map(Variable::line).collect::<Vec<_>>(), ["KEY=one\n"]);
    }

    #[test]
    fn a_variable_that_is_set_already_is_taken_when_it_has_the_value() {
        let text = "{ a: 'one' }";
        let places = [place(text, "'one'", Some("KEY"), "a")];
        let (out, _) = extract(text, &places, |name| (name == "KEY").then(|| "one".to_owned()));
        assert_eq!(out, "{ a: \"${KEY}\" }");
        let (out, _) = extract(text, &places, |name| (name == "KEY").then(|| "other".to_owned()));
        assert_eq!(out, "{ a: \"${A}\" }");
    }
}
