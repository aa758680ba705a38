//! JSONPath (RFC 9535) over values with origins.
//!
//! Nearly all rules use child steps and wildcards only; those are walked directly. Everything else (descendants, slices,
//! filters) goes through `serde_json_path` on a copy and comes back by location.

use serde_json_path::JsonPath as Query;

use crate::project::{Kind, Path, Segment, Value};

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
    pub fn select<'v>(&self, root: &'v Value) -> Vec<(Path, &'v Value)> {
        match &self.0 {
            Form::Steps(steps) => {
                let mut found = Vec::new();
                walk(root, steps, &mut Vec::new(), &mut found);
                found
            }
            Form::Query(query) => {
                let json = root.to_json();
                let pointers =
                    query.query_located(&json).locations().map(|at| at.to_json_pointer()).collect::<Vec<_>>();
                let paths = pointers.iter().map(|pointer| Path::from_pointer(root, pointer));
                paths.filter_map(|path| root.at(&path).map(|value| (path, value))).collect()
            }
        }
    }
}

/// A step that was taken, to be made a segment of a path when it has led somewhere.
#[derive(Clone, Copy)]
enum Taken<'t> {
    Key(&'t str),
    Index(usize),
}

fn path_of(taken: &[Taken<'_>]) -> Path {
    let mut path = Path::root();
    for step in taken {
        path.push(match step {
            Taken::Key(key) => Segment::Key((*key).into()),
            Taken::Index(index) => Segment::Index(*index),
        });
    }
    path
}

fn walk<'v>(value: &'v Value, steps: &[Step], taken: &mut Vec<Taken<'v>>, found: &mut Vec<(Path, &'v Value)>) {
    let Some((step, rest)) = steps.split_first() else {
        found.push((path_of(taken), value));
        return;
    };
    let mut into = |step: Taken<'v>, child: &'v Value| {
        taken.push(step);
        walk(child, rest, taken, found);
        taken.pop();
    };
    match (step, &value.kind) {
        (Step::Key(key), Kind::Object(_)) => {
            if let Some(member) = value.member(key) {
                into(Taken::Key(&member.key), &member.value);
            }
        }
        (Step::Any, Kind::Object(members)) => {
            members.iter().for_each(|member| into(Taken::Key(&member.key), &member.value));
        }
        (Step::Any, Kind::Array(items)) => {
            items.iter().enumerate().for_each(|(index, item)| into(Taken::Index(index), item));
        }
        (Step::Index(index), Kind::Array(items)) => {
            if let Some(item) = items.get(*index) {
                into(Taken::Index(*index), item);
            }
        }
        _ => {}
    }
}
