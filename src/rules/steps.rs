//! The simple JSONPaths that nearly all rules use: child steps and wildcards. Read by `build.rs` too, and so without any
//! knowledge of the rest of the program.

/// One step of a simple path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `.name` or `['name']`
    Key(String),
    /// `[3]`
    Index(usize),
    /// `.*` or `[*]`
    Any,
}

/// The steps of a path that has child steps and wildcards only; `None` for any other.
#[must_use]
pub(crate) fn simple_steps(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = dotted(rest).or_else(|| bracketed(rest))?;
        steps.push(step);
        rest = after;
    }
    Some(steps)
}

fn dotted(text: &str) -> Option<(Step, &str)> {
    let text = text.strip_prefix('.')?;
    if let Some(after) = text.strip_prefix('*') {
        return Some((Step::Any, after));
    }
    let name_ends = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, after) = text.split_at(name_ends);
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well.then(|| (Step::Key(name.to_owned()), after))
}

fn bracketed(text: &str) -> Option<(Step, &str)> {
    let (inside, after) = text.strip_prefix('[')?.split_once(']')?;
    if inside == "*" {
        return Some((Step::Any, after));
    }
    if !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((Step::Index(inside.parse().ok()?), after));
    }
    let quote = inside.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let name = inside.strip_prefix(quote)?.strip_suffix(quote)?;
    let plain = !name.contains(['\'', '"', '\\']);
    plain.then(|| (Step::Key(name.to_owned()), after))
}
