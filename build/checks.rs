//! What rules look at and ask, as Rust for `src/rules/packed.rs`: a run reads none of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Result;
use crate::steps::{Step, simple_steps};

/// Tables and what refers to them.
#[derive(Default)]
pub(crate) struct Code {
    /// Type and content of a table to its name.
    tables: BTreeMap<(&'static str, Vec<String>), String>,
    /// The JSON of a check to its name. Rules that ask the same share the answer.
    checks: BTreeMap<String, String>,
    /// How many of each are filled in by a run: compiled schemas, compiled paths, options.
    compiled: usize,
    paths: usize,
    options: usize,
    text: String,
}

impl Code {
    /// The tables themselves. What a run fills in lies apart from them, each kind together.
    pub(crate) fn text(&self) -> String {
        let filled = [
            ("COMPILED", "Compiled", "Compiled::new()", self.compiled),
            ("PATHS", "OnceLock<Option<super::path::JsonPath>>", "OnceLock::new()", self.paths),
            ("OPTIONS", "ReadOptions", "OnceLock::new()", self.options),
        ];
        let table = |(name, of, new, count): (&str, &str, &str, usize)| {
            format!("static {name}: [{of}; {count}] = [const {{ {new} }}; {count}];\n")
        };
        filled.into_iter().filter(|(.., count)| *count > 0).map(table).collect::<String>() + &self.text
    }

    /// Another table.
    pub(crate) fn add(&mut self, table: &str) {
        self.text.push_str(table);
    }

    /// The name of a static `Check`.
    pub(crate) fn check(&mut self, check: &Map<String, Value>) -> Result<String> {
        let json = Value::from(check.clone()).to_string();
        if let Some(known) = self.checks.get(&json) {
            return Ok(known.clone());
        }
        let (layouts, roles) = (self.texts(check.get("layouts"))?, self.texts(check.get("roles"))?);
        let environments = self.texts(check.get("environments"))?;
        let from = optional(check.get("from"), |from| Ok(format!("Version::release({:?})", release(from)?)))?;
        let given = items(check.get("given")).map(|given| self.given(given)).collect::<Result<Vec<_>>>()?;
        let when = items(check.get("when")).map(|when| self.condition(when)).collect::<Result<Vec<_>>>()?;
        let then = self.assertion(check.get("then").unwrap_or(&Value::Null))?;
        let (at, outcome) = (optional(check.get("at"), text)?, optional(check.get("outcome"), text)?);
        let (given, when) = (self.table("Given", given), self.table("Condition", when));
        let name = format!("CHECK_{}", self.checks.len());
        self.text.push_str(&format!(
            "static {name}: Check = Check {{ layouts: {layouts}, roles: {roles}, environments: {environments}, \
             from: {from}, given: {given}, when: {when}, then: {then}, at: {at}, outcome: {outcome} }};\n"
        ));
        self.checks.insert(json, name.clone());
        Ok(name)
    }

    /// A `Slot`.
    pub(crate) fn slot(&mut self, slot: &Value) -> Result<String> {
        let path = optional(slot.get("path"), |path| self.path(path))?;
        let env = optional(slot.get("env"), |env| self.env(env))?;
        let (layout, provider) = (optional(slot.get("layout"), text)?, optional(slot.get("provider"), text)?);
        let step = optional(slot.get("providerStep"), |step| Ok(step.as_u64().ok_or("no number")?.to_string()))?;
        Ok(format!(
            "Slot {{ layout: {layout}, path: {path}, env: {env}, provider: {provider}, provider_step: {step} }}"
        ))
    }

    fn table(&mut self, of: &'static str, items: Vec<String>) -> String {
        if items.is_empty() {
            return "Items::Bundled(&[])".to_owned();
        }
        let next = format!("{}_{}", of.to_uppercase(), self.tables.len());
        let name = self.tables.entry((of, items)).or_insert_with_key(|(of, items)| {
            self.text.push_str(&format!("static {next}: [{of}; {}] = [{}];\n", items.len(), items.join(", ")));
            next
        });
        format!("Items::Bundled(&{name})")
    }

    fn texts(&mut self, list: Option<&Value>) -> Result<String> {
        let texts = items(list).map(text).collect::<Result<_>>()?;
        Ok(self.table("Text", texts))
    }

    fn given(&mut self, given: &Value) -> Result<String> {
        if given.is_string() {
            return Ok(format!("Given::Path({})", self.path(given)?));
        }
        if let Some(env) = given.get("env") {
            return Ok(format!("Given::Env {{ env: {} }}", self.env(env)?));
        }
        let whole = match given.get("whole").and_then(Value::as_str) {
            Some("config") => "Config",
            Some("env-file") => "EnvFile",
            Some("project") => "Project",
            _ => return Err(format!("{given} selects nothing").into()),
        };
        Ok(format!("Given::Whole {{ whole: Whole::{whole} }}"))
    }

    fn env(&mut self, env: &Value) -> Result<String> {
        Ok(match env.as_str() {
            Some("all") => "EnvSelector::Class(EnvClass::All)".to_owned(),
            Some("credential") => "EnvSelector::Class(EnvClass::Credential)".to_owned(),
            Some(other) => return Err(format!("there is no class `{other}` of env entries").into()),
            None => format!("EnvSelector::Names({})", self.texts(Some(env))?),
        })
    }

    fn path(&mut self, path: &Value) -> Result<String> {
        let path = path.as_str().ok_or("a path is no text")?;
        if path.starts_with('#') {
            return Ok(format!("WrittenPath::list({path:?})"));
        }
        let Some(steps) = simple_steps(path) else {
            let at = next(&mut self.paths);
            return Ok(format!("WrittenPath::bundled({path:?}, &PATHS[{at}])"));
        };
        let step = |step: &Step| match step {
            Step::Key(key) => format!("Step::Key(Cow::Borrowed({key:?}))"),
            Step::Index(index) => format!("Step::Index({index})"),
            Step::Any => "Step::Any".to_owned(),
        };
        let steps = self.table("Step", steps.iter().map(step).collect());
        Ok(format!("WrittenPath::simple({path:?}, {steps})"))
    }

    fn condition(&mut self, when: &Value) -> Result<String> {
        let given = self.path(when.get("given").unwrap_or(&Value::Null))?;
        let schema = when.get("schema").ok_or("a condition has no schema")?;
        let none = when.get("none") == Some(&Value::Bool(true));
        Ok(format!("Condition {{ given: {given}, schema: {}, none: {none} }}", self.fragment(schema)))
    }

    fn fragment(&mut self, schema: &Value) -> String {
        format!("Fragment::bundled({:?}, &COMPILED[{}])", schema.to_string(), next(&mut self.compiled))
    }

    fn assertion(&mut self, then: &Value) -> Result<String> {
        if then == "builtin" {
            return Ok("Assertion::Builtin".to_owned());
        }
        if let Some(schema) = then.get("schema") {
            return Ok(format!("Assertion::Schema({})", self.fragment(schema)));
        }
        let call = then.get("function").ok_or_else(|| format!("{then} asks nothing"))?;
        let name = text(call.get("name").unwrap_or(&Value::Null))?;
        let options = optional(call.get("options"), |options| Ok(format!("Cow::Borrowed({:?})", options.to_string())))?;
        let read = format!("Kept::Bundled(&OPTIONS[{}])", next(&mut self.options));
        Ok(format!("Assertion::Function(Call {{ name: {name}, options: {options}, read: {read} }})"))
    }
}

/// The index of one more.
fn next(count: &mut usize) -> usize {
    *count += 1;
    *count - 1
}

fn items(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

fn optional(value: Option<&Value>, code: impl FnOnce(&Value) -> Result<String>) -> Result<String> {
    Ok(match value {
        Some(value) => format!("Some({})", code(value)?),
        None => "None".to_owned(),
    })
}

fn text(value: &Value) -> Result<String> {
    let text = value.as_str().ok_or_else(|| format!("{value} is no text"))?;
    Ok(format!("Cow::Borrowed({text:?})"))
}

fn release(version: &Value) -> Result<Vec<u32>> {
    let parts = version.as_str().unwrap_or_default().split('.');
    let core = parts.map(str::parse).collect::<std::result::Result<Vec<u32>, _>>()?;
    if core.len() == 3 { Ok(core) } else { Err(format!("{version} is no plain release").into()) }
}
