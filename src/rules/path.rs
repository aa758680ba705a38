//! JSONPath (RFC 9535) over values with origins.
//!
//! Nearly all rules use child steps and wildcards only; those are walked directly. Everything else (descendants, slices,
//! filters) goes through `serde_json_path` on a copy and comes back by location.

use std::sync::Arc;

use serde_json_path::JsonPath as Query;

use crate::project::{Kind, Origin, Path, Segment, Value};

use super::steps::{Step, simple_steps};

/// A compiled JSONPath.
#[derive(Debug)]
pub struct JsonPath(Form);

#[derive(Debug)]
enum Form {
    /// Child steps and wildcards.
    Steps(Vec<Step>),
    /// Anything else of the standard.
    Query(Query),
}

impl JsonPath {
    /// Compiles a path.
    ///
    /// # Errors
    /// What is wrong with it, in the words of the JSONPath library.
    pub fn parse(text: &str) -> Result<Self, String> {
        let form = match simple_steps(text) {
            Some(steps) => Form::Steps(steps),
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
