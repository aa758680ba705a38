//! JSON Schema fragments of rules.

use std::cell::OnceCell;

use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as ErrorKind};
use serde_json::Value as Schema;
use serde_json::value::RawValue;

use crate::project::{Path, Segment, Value};

use super::accept::{accepts, verdict};
use super::instance::Tree;
use super::{Engine, SchemaRef};

/// A fragment. Compiling one costs more than a run has to spare, and most values fulfil it: it is compiled when a value
/// may not.
#[derive(Debug)]
pub struct Fragment<'e> {
    engine: &'e Engine,
    schema: Schema,
    validator: OnceCell<Option<Validator<Tree>>>,
}

/// One way in which a value fails a fragment.
#[derive(Debug)]
pub struct Failure {
    /// The JSON Schema keyword that failed.
    pub keyword: String,
    /// The failing value, relative to the value that was checked.
    pub path: Path,
    /// Facts for messages: `missing`, `unexpected`, `allowed`, `limit`, `expected`. Never the value itself.
    pub params: Vec<(&'static str, String)>,
}

impl<'e> Fragment<'e> {
    /// Reads a fragment.
    ///
    /// # Errors
    /// It is no JSON; the text says why.
    pub fn read(engine: &'e Engine, schema: &RawValue) -> Result<Self, String> {
        let schema = serde_json::from_str(schema.get()).map_err(|error| error.to_string())?;
        Ok(Self { engine, schema, validator: OnceCell::new() })
    }

    /// The validator; `None` for what is no JSON Schema, which a test refuses in bundled rules.
    fn validator(&self) -> Option<&Validator<Tree>> {
        self.validator.get_or_init(|| self.engine.build_for(&self.schema).ok()).as_ref()
    }

    /// Whether a value satisfies it.
    #[must_use]
    pub fn is_valid(&self, value: &Value) -> bool {
        let compiled = || self.validator().is_some_and(|validator| validator.is_valid(value));
        verdict(SchemaRef::from(&self.schema), value).unwrap_or_else(compiled)
    }

    /// How a value fails it.
    #[must_use]
    pub fn failures(&self, value: &Value) -> Vec<Failure> {
        if accepts(SchemaRef::from(&self.schema), value) {
            return Vec::new();
        }
        let errors = self.validator().into_iter().flat_map(|validator| validator.iter_errors(value));
        errors.map(|error| failure(&error, value)).collect()
    }
}

fn failure(error: &ValidationError<'_>, value: &Value) -> Failure {
    Failure {
        keyword: error.kind().keyword().to_owned(),
        path: instance_path(error.instance_path(), value),
        params: params(error.kind()),
    }
}

/// The library's location as a path of ours.
pub(super) fn instance_path(location: &Location, root: &Value) -> Path {
    let mut path = Path::root();
    let mut here = Some(root);
    for segment in location.segments() {
        let step = match segment {
            LocationSegment::Property(key) => {
                here = here.and_then(|value| value.get(&key));
                Segment::Key(key.as_ref().into())
            }
            LocationSegment::Index(index) => {
                here = here.and_then(|value| value.items().get(index));
                Segment::Index(index)
            }
        };
        path.push(step);
    }
    path
}

/// The facts of an error that messages may use.
fn params(kind: &ErrorKind) -> Vec<(&'static str, String)> {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match kind {
        ErrorKind::Required { property } => vec![("missing", text(property))],
        ErrorKind::AdditionalProperties { unexpected } => vec![("unexpected", unexpected.join("`, `"))],
        ErrorKind::Enum { options } => {
            let options = options.as_array().map(|options| options.iter().map(text).collect::<Vec<_>>());
            vec![("allowed", options.unwrap_or_default().join("`, `"))]
        }
        ErrorKind::Constant { expected_value } => vec![("expected", text(expected_value))],
        ErrorKind::Maximum { limit }
        | ErrorKind::Minimum { limit }
        | ErrorKind::ExclusiveMaximum { limit }
        | ErrorKind::ExclusiveMinimum { limit } => vec![("limit", text(limit))],
        ErrorKind::MaxItems { limit }
        | ErrorKind::MinItems { limit }
        | ErrorKind::MaxLength { limit }
        | ErrorKind::MinLength { limit }
        | ErrorKind::MaxProperties { limit }
        | ErrorKind::MinProperties { limit } => vec![("limit", limit.to_string())],
        _ => Vec::new(),
    }
}
