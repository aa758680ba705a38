//! The linter's own configuration and packs of rules, as their users write them: wrong ones are reported, none does harm.
//!
//! An input is a bundle, or bytes that choose the parts of a pack that fits its schema.

use arbitrary::{Arbitrary, Unstructured};
use openclaw_lint::Linter;
use openclaw_lint::report::Report;
use openclaw_lint::rules::Catalog;
use openclaw_lint::rules::model::{Assertion, Rule};
use serde_json::{Map, Value, json};

use super::bundle::{Bundle, NOW};
use super::{project, report};

pub fn check(data: &[u8]) {
    if data.starts_with(b"--- ") {
        let bundle = Bundle::read(data);
        keeps_its_word(&bundle.lint(), &bundle.lint(), &bundle);
    } else if let Ok(pack) = Pack::arbitrary_take_rest(Unstructured::new(data)) {
        let linter = pack.linter();
        keeps_its_word(&linter.lint(), &linter.lint(), &Bundle::default());
    }
}

fn keeps_its_word(first: &Report, second: &Report, bundle: &Bundle) {
    report::check(first, bundle);
    assert!(project::all_of(first) == project::all_of(second), "the second run says something else");
}

/// A config that has something for every path below.
const CONFIG: &str = r#"{
  gateway: { port: 18789, mode: "local", auth: { token: "${GATEWAY}", list: ["a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", ""] } },
  models: { providers: { "x/y~z": { baseUrl: "https://example.org:8443/v1?q=1#f", models: [{ id: "m", n: 1e400 }, null] } } },
  "": { "0": [[], {}, true], "a.b": -0.5, "钥匙": "\u0000\n\ud83d\ude00" },
}
"#;

const ENV: &str = "GATEWAY=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nX_API_KEY='b c'\n";

/// A pack of one rule.
#[derive(Arbitrary, Debug)]
struct Pack {
    given: Vec<Given>,
    when: Vec<(Path, Schema, bool)>,
    then: Then,
    outcomes: Vec<(Keyword, String, Option<String>)>,
    fixes: Vec<(u8, String, bool)>,
    at: Option<String>,
    levels: Vec<(String, u8)>,
    files: Option<String>,
}

#[derive(Arbitrary, Debug)]
enum Given {
    Path(Path),
    List(u8),
    Env(Vec<String>),
    Whole(u8),
}

#[derive(Arbitrary, Debug)]
enum Path {
    Free(String),
    Steps(Vec<Step>),
    /// Brackets within brackets, as deep as the number says.
    Deep(u16, bool),
}

#[derive(Arbitrary, Debug)]
enum Step {
    Key(Name),
    Any,
    Down,
    Index(i8),
    Slice(i8, i8, i8),
    Match(String),
}

#[derive(Arbitrary, Debug)]
enum Name {
    Known(u8),
    Free(String),
}

#[derive(Arbitrary, Debug)]
enum Then {
    Schema(Schema),
    Function(u8, Vec<(String, Scalar)>),
}

#[derive(Arbitrary, Debug)]
enum Scalar {
    Null,
    Bool(bool),
    Number(i32),
    Float(f64),
    Text(String),
    List(Vec<Scalar>),
}

#[derive(Arbitrary, Debug)]
struct Schema(Vec<Keyword>);

#[derive(Arbitrary, Debug)]
enum Keyword {
    Type(u8),
    Pattern(String),
    Repeated(String, u16, u8),
    Enum(Vec<Scalar>),
    Const(Scalar),
    Limit(u8, i16),
    Required(Vec<Name>),
    Properties(Vec<(Name, Schema)>),
    PatternProperties(Vec<(String, Schema)>),
    Names(Box<Schema>),
    One(u8, Box<Schema>),
    Several(u8, Vec<Schema>),
    Definitions(Vec<Schema>),
    Ref(u8),
    Format(u8),
    Other(String, Scalar),
}

impl Pack {
    fn linter(&self) -> Linter {
        Linter::new()
            .now(NOW)
            .file("openclaw.json", CONFIG)
            .file(".env", ENV)
            .beside("openclaw-lint.json5", self.configuration().to_string())
            .beside("own/rule.json5", self.rule().to_string())
    }

    fn configuration(&self) -> Value {
        let level = |at: &u8| ["off", "info", "warning", "error"][usize::from(*at) % 4];
        let rules: Map<String, Value> = self.levels.iter().map(|(rule, at)| (rule.clone(), level(at).into())).collect();
        let mut all = json!({ "packs": ["own/*.json5"], "rules": rules });
        if let Some(glob) = &self.files {
            all["overrides"] = json!([{ "files": [glob], "rules": rules }]);
        }
        all
    }

    fn rule(&self) -> Value {
        let mut given: Vec<Value> = self.given.iter().map(Given::json).collect();
        if given.is_empty() {
            given.push("$..*".into());
        }
        let mut outcomes = Map::from_iter([("default".to_owned(), json!({ "message": "{path} [[is {value}]]" }))]);
        for (keyword, message, help) in &self.outcomes {
            let mut words = json!({ "message": format!("{message}."), "help": help.clone().unwrap_or_default() });
            words["fixes"] = self.fixes.iter().map(fix).collect();
            outcomes.insert(keyword.name(), words);
        }
        let when = self
            .when
            .iter()
            .map(|(path, schema, none)| json!({ "given": path.text(), "schema": schema.json(0), "none": none }));
        let mut rule = json!({
            "id": "own/rule", "summary": "x", "severity": "warning", "given": given, "when": when.collect::<Vec<_>>(),
            "then": self.then.json(), "outcomes": outcomes,
        });
        if let Some(at) = &self.at {
            rule["at"] = at.clone().into();
        }
        rule
    }
}

fn fix((action, text, safe): &(u8, String, bool)) -> Value {
    let actions = [
        "rename",
        "replace",
        "wrap",
        "move",
        "key-by",
        "spread",
        "insert",
        "remove",
        "comment-out",
        "convert",
        "write",
        "quote",
        "cut",
        "cut-rest",
        "merge",
        "migrate",
        "drop",
        "comma",
        "hash",
        "split",
    ];
    let safety = if *safe { "safe" } else { "unsafe" };
    json!({ "title": "mend it", "action": actions[usize::from(*action) % actions.len()], "safety": safety, "with": text })
}

impl Given {
    fn json(&self) -> Value {
        match self {
            Self::Path(path) => path.text().into(),
            Self::List(at) => {
                ["#credentials", "#models", "#base-urls", "#proxies", "#nothing"][usize::from(*at) % 5].into()
            }
            Self::Env(names) => json!({ "env": names }),
            Self::Whole(at) => {
                let whole = ["config", "env-file", "project"][usize::from(*at) % 3];
                json!({ "whole": whole })
            }
        }
    }
}

impl Path {
    fn text(&self) -> String {
        match self {
            Self::Free(text) => format!("${text}"),
            Self::Steps(steps) => steps.iter().fold("$".to_owned(), |path, step| path + &step.text()),
            Self::Deep(depth, filters) => {
                let (open, close) = if *filters { ("[?@", "]") } else { ("(", ")") };
                let depth = usize::from(*depth);
                if *filters {
                    format!("${}{}", open.repeat(depth), close.repeat(depth))
                } else {
                    format!("$[?{}@.a{}]", open.repeat(depth), close.repeat(depth))
                }
            }
        }
    }
}

impl Step {
    fn text(&self) -> String {
        match self {
            Self::Key(name) => format!("[{}]", json!(name.text())),
            Self::Any => ".*".to_owned(),
            Self::Down => "..*".to_owned(),
            Self::Index(at) => format!("[{at}]"),
            Self::Slice(from, to, by) => format!("[{from}:{to}:{by}]"),
            Self::Match(pattern) => format!("[?search(@, {})]", json!(pattern)),
        }
    }
}

impl Name {
    fn text(&self) -> String {
        let known =
            ["gateway", "auth", "token", "list", "models", "providers", "x/y~z", "baseUrl", "", "0", "a.b", "钥匙"];
        match self {
            Self::Known(at) => known[usize::from(*at) % known.len()].to_owned(),
            Self::Free(text) => text.clone(),
        }
    }
}

impl Then {
    fn json(&self) -> Value {
        match self {
            Self::Schema(schema) => json!({ "schema": schema.json(0) }),
            Self::Function(at, options) => {
                let calls = calls();
                let (name, own) = &calls[usize::from(*at) % calls.len()];
                let mut all = own.as_object().cloned().unwrap_or_default();
                all.extend(options.iter().map(|(name, value)| (name.clone(), value.json())));
                json!({ "function": { "name": name, "options": all } })
            }
        }
    }
}

/// The functions that bundled rules call, with their options.
fn calls() -> Vec<(String, Value)> {
    let call = |rule: &Rule| match &rule.check().then {
        Assertion::Function(call) => {
            let options = call.options.as_ref().and_then(|options| serde_json::from_str(options).ok());
            Some((call.name.to_string(), options.unwrap_or(Value::Null)))
        }
        _ => None,
    };
    Catalog::bundled().checks().iter().filter_map(call).collect()
}

impl Scalar {
    fn json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(value) => (*value).into(),
            Self::Float(value) => json!(value),
            Self::Text(value) => value.clone().into(),
            Self::List(values) => values.iter().map(Self::json).collect(),
        }
    }
}

impl Schema {
    /// Deeper ones are cut: they are as any other.
    fn json(&self, depth: usize) -> Value {
        const DEEPEST: usize = 12;
        let keywords = if depth < DEEPEST { self.0.as_slice() } else { &[] };
        keywords.iter().map(|keyword| (keyword.name(), keyword.value(depth + 1))).collect()
    }
}

const ONE: [&str; 9] =
    ["not", "if", "then", "else", "contains", "additionalProperties", "items", "additionalItems", "propertyNames"];
const SEVERAL: [&str; 4] = ["anyOf", "oneOf", "allOf", "items"];
const LIMITS: [&str; 11] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

impl Keyword {
    fn name(&self) -> String {
        let name = match self {
            Self::Type(_) => "type",
            Self::Pattern(_) | Self::Repeated(..) => "pattern",
            Self::Enum(_) => "enum",
            Self::Const(_) => "const",
            Self::Limit(at, _) => LIMITS[usize::from(*at) % LIMITS.len()],
            Self::Required(_) => "required",
            Self::Properties(_) => "properties",
            Self::PatternProperties(_) => "patternProperties",
            Self::Names(_) => "propertyNames",
            Self::One(at, _) => ONE[usize::from(*at) % ONE.len()],
            Self::Several(at, _) => SEVERAL[usize::from(*at) % SEVERAL.len()],
            Self::Definitions(_) => "definitions",
            Self::Ref(_) => "$ref",
            Self::Format(_) => "format",
            Self::Other(name, _) => name,
        };
        name.to_owned()
    }

    fn value(&self, depth: usize) -> Value {
        let object = |members: &[(String, Schema)]| {
            members.iter().map(|(name, schema)| (name.clone(), schema.json(depth))).collect::<Value>()
        };
        match self {
            Self::Type(at) => {
                ["null", "boolean", "number", "integer", "string", "array", "object"][usize::from(*at) % 7].into()
            }
            Self::Pattern(pattern) => pattern.clone().into(),
            Self::Repeated(part, count, closing) => {
                let tail = ["+", "*", "{2,}", "{0,1000}", "+\\1", "(?=x)"][usize::from(*closing) % 6];
                let count = usize::from(*count) % 2000;
                format!("{}a{part}{}$", "(".repeat(count), format!("){tail}").repeat(count)).into()
            }
            Self::Enum(values) => values.iter().map(Scalar::json).collect(),
            Self::Const(value) => value.json(),
            Self::Limit(_, limit) => (*limit).into(),
            Self::Required(names) => names.iter().map(Name::text).collect(),
            Self::Properties(members) => {
                members.iter().map(|(name, schema)| (name.text(), schema.json(depth))).collect()
            }
            Self::PatternProperties(members) => object(members),
            Self::Names(schema) | Self::One(_, schema) => schema.json(depth),
            Self::Several(_, schemas) => schemas.iter().map(|schema| schema.json(depth)).collect(),
            Self::Definitions(schemas) => {
                schemas.iter().enumerate().map(|(at, schema)| (at.to_string(), schema.json(depth))).collect()
            }
            Self::Ref(at) => ["#", "#/definitions/0", "#/definitions/1", "#/nothing", "https://example.org/s", "%", ""]
                [usize::from(*at) % 7]
                .into(),
            Self::Format(at) => {
                ["uri", "email", "ipv6", "date-time", "regex", "idn-hostname", "json-pointer", "uri-template"]
                    [usize::from(*at) % 8]
                    .into()
            }
            Self::Other(_, value) => value.json(),
        }
    }
}
