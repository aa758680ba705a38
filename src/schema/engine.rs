//! The only door to the `jsonschema` crate: how a schema becomes a validator. Which schema, and what to make of the
//! errors, is decided elsewhere.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::json::{Json, SerdeJson};
use jsonschema::{Draft, PatternCache, PatternOptions, Retrieve, ValidationError, ValidationOptions, Validator};
use serde_json::Value;

use super::instance::Tree;
use super::pattern;
use super::uri;

/// Steps that one regular expression may take on one string. The patterns of OpenClaw need some hundreds; the limit is
/// for strings that are made to hurt. Beyond it the validator reports `BacktrackLimitExceeded`, which is no mismatch.
const BACKTRACK_LIMIT: usize = 100_000;

/// Validators of pruned schemas, by the text of the schema: the same mistake, in the same place, is in many files. Further ones
/// are not kept, nor those of long schemas, which many mistakes make: a run may see any number of them.
#[derive(Default)]
pub(super) struct Validators(Mutex<HashMap<Box<str>, Arc<Validator<Tree>>>>);

const KEPT: usize = 128;
const LONGEST: usize = 8 * 1024;

impl Validators {
    /// Those of the program.
    pub(super) fn shared() -> &'static Self {
        static SHARED: LazyLock<Validators> = LazyLock::new(Validators::default);
        &SHARED
    }

    /// The validator of a schema; `None` where it is none.
    pub(super) fn get(&self, schema: &Value, engine: &Engine) -> Option<Arc<Validator<Tree>>> {
        let text = schema.to_string();
        if let Some(known) = self.0.lock().ok().and_then(|known| known.get(&*text).cloned()) {
            return Some(known);
        }
        let validator = Arc::new(engine.build_for::<Tree>(schema).ok()?);
        if let Ok(mut known) = self.0.lock()
            && known.len() < KEPT
            && text.len() <= LONGEST
        {
            known.insert(text.into(), Arc::clone(&validator));
        }
        Some(validator)
    }
}

/// Builds validators that share their compiled patterns. Clones share them too: one for the whole run will do.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    patterns: PatternCache,
}

impl Engine {
    /// An engine with nothing compiled yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How every schema is compiled, for instances of the representation `F`: draft 7 whatever the schema claims, nothing
    /// fetched from file or network, patterns with look-around and a limit, `format: uri` as JavaScript parses URLs.
    #[must_use]
    pub fn options<F: Json>(&self) -> ValidationOptions<'static, Arc<dyn Retrieve>, F> {
        jsonschema::options_for::<F>()
            .with_draft(Draft::Draft7)
            .offline()
            .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT))
            .with_pattern_cache(self.patterns.clone())
            .should_validate_formats(true)
            .with_format("uri", uri::can_parse)
    }

    /// A validator over instances of the representation `F`.
    ///
    /// # Errors
    /// When `schema` is no draft-07 schema, a pattern does not compile, or a `$ref` leads out of the document.
    pub fn build_for<F: Json>(&self, schema: &Value) -> Result<Validator<F>, Box<ValidationError<'static>>> {
        self.options::<F>().build(schema).map_err(Box::new)
    }

    /// Whether a schema can be compiled.
    ///
    /// # Errors
    /// Says why not, without the values of the schema.
    pub fn check(&self, schema: &Value) -> Result<(), String> {
        if pattern::unbounded(schema) {
            return Err("a regular expression repeats something too often".to_owned());
        }
        self.build_for::<Tree>(schema).map(drop).map_err(|error| error.masked().to_string())
    }

    /// A validator over plain JSON values.
    ///
    /// # Errors
    /// As [`Engine::build_for`].
    pub fn build(&self, schema: &Value) -> Result<Validator, Box<ValidationError<'static>>> {
        self.build_for::<SerdeJson>(schema)
    }
}
