//! JSON Schema fragments of rules.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use jsonschema::json::Json;
use jsonschema::paths::Location;
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as ErrorKind};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Schema;

use crate::bundled::Kept;
use crate::project::{Path, Segment, Value};

use super::accept::{accepts, verdict};
use super::instance::{NameBuffer, Tree};
use super::{Engine, SchemaRef, pattern};

/// A fragment. Compiling one costs more than a run has to spare, and most values fulfil it: it is compiled when a value
/// may not, and then kept.
#[derive(Debug)]
pub struct Fragment {
    /// Of a table: JSON that is read when a value is there to judge.
    text: &'static str,
    compiled: Kept<Compiled>,
}

/// What is made of a fragment when it is needed.
#[derive(Debug)]
pub(crate) struct Compiled {
    schema: OnceLock<Box<Schema>>,
    validator: OnceLock<Option<Box<Validator<Tree>>>>,
    /// On how many texts a pattern has taken too many steps.
    undecided: AtomicUsize,
}

impl Compiled {
    pub(crate) const fn new() -> Self {
        Self { schema: OnceLock::new(), validator: OnceLock::new(), undecided: AtomicUsize::new(0) }
    }
}

/// After so many texts on which a pattern takes too many steps, a fragment judges no more: each takes milliseconds.
const PATIENCE: usize = 20;

/// The keyword of a failure that is none: nobody knows whether the text matches.
pub const SLOW_PATTERN: &str = "slow-pattern";

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

impl<'de> Deserialize<'de> for Fragment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schema = Box::<Schema>::deserialize(deserializer)?.into();
        Ok(Self { text: "", compiled: Kept::Own(Box::new(Compiled { schema, ..Compiled::new() })) })
    }
}

impl Fragment {
    /// A fragment of a table, as JSON.
    pub(crate) const fn bundled(text: &'static str, compiled: &'static Compiled) -> Self {
        Self { text, compiled: Kept::Bundled(compiled) }
    }

    /// What it says. The build writes the texts, and a test compiles all of them.
    pub(crate) fn schema(&self) -> &Schema {
        self.compiled.schema.get_or_init(|| serde_json::from_str(self.text).unwrap_or_default())
    }

    /// Whether it is a JSON Schema. A test holds the bundled ones to it; of others nothing is valid and nothing fails.
    #[must_use]
    pub fn compiles(&self, engine: &Engine) -> bool {
        self.validator(engine).is_some()
    }

    fn validator(&self, engine: &Engine) -> Option<&Validator<Tree>> {
        let build = || {
            let schema = Some(self.schema()).filter(|schema| !pattern::unbounded(schema))?;
            engine.build_for(schema).ok().map(Box::new)
        };
        self.compiled.validator.get_or_init(build).as_deref()
    }

    /// Whether a value satisfies it.
    #[must_use]
    pub fn is_valid(&self, engine: &Engine, value: &Value) -> bool {
        let compiled = || self.validator(engine).is_some_and(|validator| validator.is_valid(value));
        verdict(SchemaRef::from(self.schema()), value).unwrap_or_else(compiled)
    }

    /// Whether a text satisfies it.
    #[must_use]
    pub fn allows(&self, engine: &Engine, text: &str) -> bool {
        Tree::with_string_node(&mut NameBuffer::default(), text, |node| self.is_valid(engine, node))
    }

    /// How a value fails it.
    #[must_use]
    pub fn failures(&self, engine: &Engine, value: &Value) -> Vec<Failure> {
        if accepts(SchemaRef::from(self.schema()), value) {
            return Vec::new();
        }
        if self.compiled.undecided.load(Ordering::Relaxed) >= PATIENCE {
            return vec![Failure { keyword: SLOW_PATTERN.to_owned(), path: Path::root(), params: Vec::new() }];
        }
        let errors = self.validator(engine).into_iter().flat_map(|validator| validator.iter_errors(value));
        let failures: Vec<Failure> = errors.map(|error| failure(&error, value)).collect();
        if failures.iter().any(|failure| failure.keyword == SLOW_PATTERN) {
            self.compiled.undecided.fetch_add(1, Ordering::Relaxed);
        }
        failures
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
    let keyword = match error.kind() {
        ErrorKind::BacktrackLimitExceeded { .. } => SLOW_PATTERN,
        kind => kind.keyword(),
    };
    Failure { keyword: keyword.to_owned(), path, params: params(error.kind()) }
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
