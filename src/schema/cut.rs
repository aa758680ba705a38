//! The beginning of a value. The validator keeps every error until it has seen all; a file of ten megabytes may have five
//! million of them. One that is wrong and has more values than any config is judged by its first million.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as ErrorKind;

use crate::project::{Kind, Path, Segment, Value};
use crate::rules::Violation;

use super::fragment::instance_path;
use super::validate::Issue;

/// Values that are judged where something is wrong.
pub(super) const MOST_VALUES: usize = 1_000_000;

/// A value without what comes later.
pub(super) struct Cut {
    pub(super) root: Value,
    /// The first value that is missing: the containers on the way to it are not whole.
    at: Path,
    most: usize,
}

impl Cut {
    /// `None` when a value has no more than so many in it.
    pub(super) fn of(value: &Value, most: usize) -> Option<Self> {
        if count(value) <= most {
            return None;
        }
        let (mut left, mut at) = (most, Vec::new());
        let root = head(value, &mut left, &mut at);
        at.reverse();
        let at = at.into_iter().fold(Path::root(), |mut path, segment| {
            path.push(segment);
            path
        });
        Some(Self { root, at, most })
    }

    /// Whether an error is none of the cut's own making: something may be missing in a container that it went through.
    pub(super) fn tells(&self, error: &ValidationError<'_>) -> bool {
        let path = instance_path(error.instance_path(), &self.root);
        let partial = self.at.segments().starts_with(path.segments());
        !partial || matches!(error.kind(), ErrorKind::AdditionalProperties { .. })
    }

    /// Where it was made.
    pub(super) fn issue(&self, whole: &Value) -> Option<Issue> {
        let violation = Violation::new("unjudged", whole.at(&self.at)?.place()).at_path(self.at.clone());
        let violation = violation.param("count", count(whole)).param("most", self.most);
        Some(("schema/not-allowed", violation))
    }
}

/// How many values a value is, itself included.
fn count(value: &Value) -> usize {
    let members = value.members().iter().map(|member| count(&member.value));
    1 + members.chain(value.items().iter().map(count)).sum::<usize>()
}

/// The value with as many in it as are left; `at` gets the way to the first that is not, the last step first.
fn head(value: &Value, left: &mut usize, at: &mut Vec<Segment>) -> Value {
    *left = left.saturating_sub(1);
    let kind = match &value.kind {
        Kind::Array(items) => {
            let mut kept = Vec::new();
            for (index, item) in items.iter().enumerate() {
                if !keep(Segment::Index(index), left, at) {
                    break;
                }
                kept.push(head(item, left, at));
                if !at.is_empty() {
                    at.push(Segment::Index(index));
                    break;
                }
            }
            Kind::Array(kept)
        }
        Kind::Object(members) => {
            let mut kept = Vec::new();
            for member in members.iter() {
                let step = Segment::Key(member.key.clone());
                if !keep(step.clone(), left, at) {
                    break;
                }
                let value = head(&member.value, left, at);
                kept.push(crate::project::Member { key: member.key.clone(), key_origin: member.key_origin, value });
                if !at.is_empty() {
                    at.push(step);
                    break;
                }
            }
            Kind::Object(kept.into())
        }
        other => other.clone(),
    };
    Value { kind, origin: value.origin, raw: value.raw.clone(), unresolved: value.unresolved }
}

/// Whether there is room for one more; if not, it is where the cut is.
fn keep(step: Segment, left: &usize, at: &mut Vec<Segment>) -> bool {
    if *left == 0 {
        at.push(step);
    }
    *left > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::json5;

    fn value(text: &str) -> Value {
        crate::project::plain(FileId(0), &json5::parse(text, &json5::Options::default())).unwrap()
    }

    #[test]
    fn a_value_is_cut_behind_so_many() {
        let value = value("{ a: [1, 2, { b: 3, c: 4 }], d: 5 }");
        assert!(Cut::of(&value, 8).is_none());
        let cut = Cut::of(&value, 6).unwrap();
        assert_eq!(cut.root.to_json(), serde_json::json!({ "a": [1, 2, { "b": 3 }] }));
        assert_eq!(cut.at.to_string(), "a.2.c");
        let cut = Cut::of(&value, 3).unwrap();
        assert_eq!((cut.root.to_json(), cut.at.to_string()), (serde_json::json!({ "a": [1] }), "a.1".to_owned()));
        let (rule, violation) = cut.issue(&value).unwrap();
        assert_eq!((rule, violation.path.unwrap().to_string().as_str()), ("schema/not-allowed", "a.1"));
    }
}
