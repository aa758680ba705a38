//! JSONPath (RFC 9535) over values with origins.
//!
//! Nearly all rules use child steps and wildcards only; those are walked directly. Everything else (descendants, slices,
//! filters) goes through `serde_json_path` on a copy and comes back by location.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde_json_path::JsonPath as Query;

use crate::bundled::{Items, Kept};
use crate::project::{Kind, Origin, Path, Segment, Value};

use super::steps::{Step, simple_steps};

/// Brackets within brackets. The library recurses, and takes twice as long for each filter within a filter.
const DEEPEST: usize = 8;

/// Steps to all descendants (`..`). Each multiplies the nodes by the depth of the config.
const MOST_DESCENTS: usize = 2;

/// A compiled JSONPath.
#[derive(Debug)]
pub struct JsonPath(Form);

#[derive(Debug)]
enum Form {
    /// Child steps and wildcards.
    Steps(Items<Step>),
    /// Anything else of the standard.
    Query(Query),
}

impl JsonPath {
    /// Compiles a path.
    ///
    /// # Errors
    /// What is wrong with it, in the words of the JSONPath library. Some that are right take longer than anyone would wait:
    /// so deep ones, and such with more than two descents, are refused too.
    pub fn parse(text: &str) -> Result<Self, String> {
        let form = match simple_steps(text) {
            Some(steps) => Form::Steps(steps.into()),
            None if !is_bounded(text) => return Err("nested too deep, or too many `..`".to_owned()),
            None => Form::Query(Query::parse(text).map_err(|error| error.to_string())?),
        };
        Ok(Self(form))
    }

    /// All nodes under `root` that it selects, in document order of the steps.
    #[must_use]
    pub fn select<'v>(&self, root: &'v Value) -> Vec<Selected<'v>> {
        match &self.0 {
            Form::Steps(steps) => {
                let mut found = Vec::new();
                walk((root, None), steps, &mut Vec::new(), &mut found);
                found
            }
            Form::Query(query) => {
                let json = root.to_json();
                let pointers =
                    query.query_located(&json).locations().map(|at| at.to_json_pointer()).collect::<Vec<_>>();
                let paths = pointers.iter().map(|pointer| Path::from_pointer(root, pointer));
                let selected = |path: Path| {
                    let value = root.at(&path)?;
                    let key = key_origin(root, &path);
                    Some(Selected { path, key, value })
                };
                paths.filter_map(selected).collect()
            }
        }
    }
}

/// A path as a rule file has it.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub struct WrittenPath {
    text: Cow<'static, str>,
    compiled: Compiled,
}

#[derive(Debug)]
enum Compiled {
    /// It is the name of a list, and no path.
    List,
    /// By the build.
    Already(JsonPath),
    /// When a config is first asked for it, and then kept, since a run asks every config.
    Later(Kept<OnceLock<Option<JsonPath>>>),
}

impl WrittenPath {
    /// The name of a list, in a table.
    pub(super) const fn list(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), compiled: Compiled::List }
    }

    /// A path of a table that is compiled when it is asked for.
    #[allow(dead_code, reason = "what the build writes for a path that is not simple; no rule has one now")]
    pub(super) const fn bundled(text: &'static str, kept: &'static OnceLock<Option<JsonPath>>) -> Self {
        Self { text: Cow::Borrowed(text), compiled: Compiled::Later(Kept::Bundled(kept)) }
    }

    /// A simple path of a table.
    pub(super) const fn simple(text: &'static str, steps: Items<Step>) -> Self {
        Self { text: Cow::Borrowed(text), compiled: Compiled::Already(JsonPath(Form::Steps(steps))) }
    }

    /// The path; `None` when it does not compile: then the rule file is broken, which the loader has refused.
    #[must_use]
    pub fn path(&self) -> Option<&JsonPath> {
        match &self.compiled {
            Compiled::List => None,
            Compiled::Already(path) => Some(path),
            Compiled::Later(path) => path.get_or_init(|| JsonPath::parse(&self.text).ok()).as_ref(),
        }
    }
}

impl From<String> for WrittenPath {
    fn from(text: String) -> Self {
        Self { text: text.into(), compiled: Compiled::Later(Kept::default()) }
    }
}

impl Deref for WrittenPath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

fn is_bounded(text: &str) -> bool {
    let (mut depth, mut deepest, mut descents) = (0_usize, 0, 0);
    let (mut quote, mut chars) = (None, text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '\\' if quote.is_some() => {
                chars.next();
            }
            '\'' | '"' if quote == Some(c) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(c),
            _ if quote.is_some() => {}
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            '.' if chars.peek() == Some(&'.') => descents += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest <= DEEPEST && descents <= MOST_DESCENTS
}

/// A node that a path selects.
#[derive(Clone, Debug)]
pub struct Selected<'v> {
    /// Where it is.
    pub path: Path,
    /// Where its key is written; items of arrays have none.
    pub key: Option<Origin>,
    /// The node itself.
    pub value: &'v Value,
}

/// Where the key of the value at `path` is written.
pub(super) fn key_origin(root: &Value, path: &Path) -> Option<Origin> {
    let parent = root.at(&path.parent()?)?;
    match path.segments().last()? {
        Segment::Key(key) => parent.member(key).map(|member| member.key_origin),
        Segment::Index(_) => None,
    }
}

/// A step that was taken, to be made a segment of a path when it has led somewhere.
#[derive(Clone, Copy)]
enum Taken<'t> {
    Key(&'t Arc<str>),
    Index(usize),
}

fn path_of(taken: &[Taken<'_>]) -> Path {
    let mut path = Path::root();
    for step in taken {
        path.push(match step {
            Taken::Key(key) => Segment::Key(Arc::clone(key)),
            Taken::Index(index) => Segment::Index(*index),
        });
    }
    path
}

fn walk<'v>(
    (value, key): (&'v Value, Option<Origin>),
    steps: &[Step],
    taken: &mut Vec<Taken<'v>>,
    found: &mut Vec<Selected<'v>>,
) {
    let Some((step, rest)) = steps.split_first() else {
        found.push(Selected { path: path_of(taken), key, value });
        return;
    };
    let mut into = |step: Taken<'v>, child: &'v Value, key: Option<Origin>| {
        taken.push(step);
        walk((child, key), rest, taken, found);
        taken.pop();
    };
    match (step, &value.kind) {
        (Step::Key(key), Kind::Object(_)) => {
            if let Some(member) = value.member(key) {
                into(Taken::Key(&member.key), &member.value, Some(member.key_origin));
            }
        }
        (Step::Any, Kind::Object(members)) => {
            members.iter().for_each(|member| into(Taken::Key(&member.key), &member.value, Some(member.key_origin)));
        }
        (Step::Any, Kind::Array(items)) => {
            items.iter().enumerate().for_each(|(index, item)| into(Taken::Index(index), item, None));
        }
        (Step::Index(index), Kind::Array(items)) => {
            if let Some(item) = items.get(*index) {
                into(Taken::Index(*index), item, None);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_would_take_too_long_are_refused() {
        let nested = |depth: usize| format!("$[?{}@.a{}]", "(".repeat(depth), ")".repeat(depth));
        for (text, fits) in [
            ("$..a..b", true),
            ("$..a..b..c", false),
            ("$.a..b.c..d.e", true),
            (&nested(7), true),
            (&nested(8), false),
            ("$[?(@.a)][?(@.a)][?(@.a)][?(@.a)][?(@.a)]", true),
            // What stands in quotes leads nowhere.
            ("$['..']..a..b", true),
            ("$['[[[[[[[[[[(((']..a", true),
            ("$[\"..'..\"]..a..b", true),
            ("$['\\'..']..a..b", true),
            ("$['a b']..a..b..c", false),
            ("$[\"'\"]..a..b..c", false),
            ("$['\\\\']..a..b..c", false),
        ] {
            assert_eq!(JsonPath::parse(text).is_ok(), fits, "{text}");
        }
    }
}
