//! JSONPath (RFC 9535) over values with origins.
//!
//! Nearly all rules use child steps and wildcards only; those are walked directly. Everything else (descendants, slices,
//! filters) goes through `serde_json_path` on a copy and comes back by location.

use serde_json_path::JsonPath as Query;

use crate::project::{Kind, Path, Segment, Value};

/// A compiled JSONPath.
#[derive(Debug)]
pub enum JsonPath {
    /// Child steps and wildcards.
    Steps(Vec<Step>),
    /// Anything else of the standard.
    Query(Query),
}

/// One step of a simple path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name` or `['name']`
    Key(String),
    /// `[3]`
    Index(usize),
    /// `.*` or `[*]`
    Any,
}

impl JsonPath {
    /// Compiles a path.
    ///
    /// # Errors
    /// What is wrong with it, in the words of the JSONPath library.
    pub fn parse(text: &str) -> Result<Self, String> {
        match simple_steps(text) {
            Some(steps) => Ok(Self::Steps(steps)),
            None => Query::parse(text).map(Self::Query).map_err(|error| error.to_string()),
        }
    }

    /// All nodes under `root` that it selects, in document order of the steps.
    #[must_use]
    pub fn select<'v>(&self, root: &'v Value) -> Vec<(Path, &'v Value)> {
        match self {
            Self::Steps(steps) => {
                let mut found = Vec::new();
                walk(root, steps, &mut Path::root(), &mut found);
                found
            }
            Self::Query(query) => {
                let json = root.to_json();
                let pointers =
                    query.query_located(&json).locations().map(|at| at.to_json_pointer()).collect::<Vec<_>>();
                let paths = pointers.iter().map(|pointer| Path::from_pointer(root, pointer));
                paths.filter_map(|path| root.at(&path).map(|value| (path, value))).collect()
            }
        }
    }
}

fn walk<'v>(value: &'v Value, steps: &[Step], path: &mut Path, found: &mut Vec<(Path, &'v Value)>) {
    let Some((step, rest)) = steps.split_first() else {
        found.push((path.clone(), value));
        return;
    };
    let mut into = |segment: Segment, child: &'v Value| {
        path.push(segment);
        walk(child, rest, path, found);
        path.pop();
    };
    match (step, &value.kind) {
        (Step::Key(key), Kind::Object(_)) => {
            if let Some(child) = value.get(key) {
                into(Segment::Key(key.as_str().into()), child);
            }
        }
        (Step::Any, Kind::Object(members)) => {
            members.iter().for_each(|member| into(Segment::Key(member.key.clone()), &member.value));
        }
        (Step::Any, Kind::Array(items)) => {
            items.iter().enumerate().for_each(|(index, item)| into(Segment::Index(index), item));
        }
        (Step::Index(index), Kind::Array(items)) => {
            if let Some(item) = items.get(*index) {
                into(Segment::Index(*index), item);
            }
        }
        _ => {}
    }
}

/// The steps of a path that has child steps and wildcards only.
fn simple_steps(text: &str) -> Option<Vec<Step>> {
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
