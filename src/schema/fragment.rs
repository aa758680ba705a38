//! JSON Schema fragments of rules.

use jsonschema::json::Json;
use jsonschema::paths::Location;
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as ErrorKind};
use serde_json::value::RawValue;

use crate::project::{Path, Segment, Value};

use super::Engine;
use super::instance::Tree;

/// A compiled fragment.
#[derive(Debug)]
pub struct Fragment(Validator<Tree>);

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

impl Fragment {
    /// Compiles a fragment.
    ///
    /// # Errors
    /// It is no JSON Schema; the text says why.
    pub fn compile(engine: &Engine, schema: &RawValue) -> Result<Self, String> {
        let schema = serde_json::from_str(schema.get()).map_err(|error| error.to_string())?;
        engine.build_for(&schema).map(Self).map_err(|error| error.masked().to_string())
    }

    /// Whether a value satisfies it.
    #[must_use]
    pub fn is_valid(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// Whether a text satisfies it.
    #[must_use]
    pub fn allows(&self, text: &str) -> bool {
        Tree::with_string_node(&mut Default::default(), text, |node| self.is_valid(node))
    }

    /// How a value fails it.
    #[must_use]
    pub fn failures(&self, value: &Value) -> Vec<Failure> {
        self.0.iter_errors(value).map(|error| failure(&error, value)).collect()
    }
}

fn failure(error: &ValidationError<'_>, value: &Value) -> Failure {
    let mut path = instance_path(error.instance_path(), value);
    // What is wrong with a name is wrong at its member.
    if let ErrorKind::PropertyNames { error } = error.kind()
        && let Some(name) = error.instance().as_str()
    {
        path.push(Segment::Key(name.into()));
    }
    Failure { keyword: error.kind().keyword().to_owned(), path, params: params(error.kind()) }
}

/// The library's location as a path of ours. Its own segments take a key of digits for an index and drop an empty key.
pub(super) fn instance_path(location: &Location, root: &Value) -> Path {
    Path::from_pointer(root, location.as_str())
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
