//! Schema findings: errors of the validator, put so that a person can act on them. One finding a mistake, on the
//! tightest span, never a nested `anyOf`.

use std::collections::{HashMap, HashSet};

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as ErrorKind};

use crate::language::{Param, Phrase};
use crate::project::{Config, Kind, Layout, Origin, Path, Value};
use crate::rules::Violation;

use super::belongs;
use super::branch::{self, Choice};
use super::cut::{Cut, MOST_VALUES};
use super::engine::Validators;
use super::fragment::instance_path;
use super::history::{self, Fate};
use super::lifetime;
use super::official;
use super::room::{has_room, holder};
use super::suggest::nearest;
use super::{Engine, Release, SchemaRef, Store, Version, guide, prune};

/// A rule of the group `schema` and what it has to say.
pub type Issue = (&'static str, Violation);

/// Lists of valid names are given whole up to this length.
const LISTED: usize = 12;

/// What a config is judged by.
#[derive(Debug)]
pub struct Judge<'a> {
    /// The release.
    pub release: &'a Release,
    /// A schema to take instead of the release's own.
    pub schema: Option<&'a serde_json::Value>,
    /// Whether every variable is known, so that an unresolved `${VAR}` stands for itself.
    pub complete: bool,
    /// The release that wrote the config, when it is newer than the newest known one: keys that are unknown may be new.
    pub newer: Option<Version>,
}

/// Validates a config against the schema of its layout.
#[must_use]
pub fn validate(config: &Config, judge: &Judge<'_>, engine: &Engine) -> Vec<Issue> {
    let Some(root) = &config.root else { return Vec::new() };
    let schema = match config.layout {
        Layout::OpenClaw => judge.schema.map_or_else(|| Store::bundled().root(judge.release), SchemaRef::from),
        Layout::Guide => SchemaRef::from(guide()),
    };
    let pruned = prune(schema, root);
    if pruned == serde_json::Value::Bool(true) {
        return Vec::new();
    }
    // Bundled schemas are built in tests; a pruned part of one builds as well.
    let Some(validator) = Validators::shared().get(&pruned, engine) else { return Vec::new() };
    let cut = if may_have(config, MOST_VALUES) { Cut::of(root, MOST_VALUES) } else { None };
    let cut = cut.filter(|_| !validator.is_valid(root));
    let reader = Reader { root: cut.as_ref().map_or(root, |cut| &cut.root), schema, judge, layout: config.layout };
    let errors = validator.iter_errors(reader.root);
    let errors = errors.filter(|error| cut.as_ref().is_none_or(|cut| cut.tells(error)));
    let mut issues: Vec<Issue> = errors.flat_map(|error| reader.reported(&error)).collect();
    issues.extend(cut.as_ref().and_then(|cut| cut.issue(root)));
    if config.layout == Layout::Guide {
        // OpenClaw does not read this layout at all; `layout/guide` says so once.
        issues.iter_mut().for_each(|(_, violation)| violation.refuses = false);
    }
    issues
}

/// Whether a config may have more values than this: a file has no more than it has nodes.
fn may_have(config: &Config, values: usize) -> bool {
    !config.includes.is_empty() || config.document.nodes().count() > values
}

/// The schema of an object with unknown keys, and the keys that it knows.
struct Owner<'a> {
    schema: Option<SchemaRef<'a>>,
    keys: Vec<&'a str>,
    /// Which releases knew which key of the object, where there are many to ask about.
    lifetimes: Option<HashMap<&'static str, (&'static Release, &'static Release)>>,
}

/// Of more unknown keys than this in one object the releases are asked all at once.
const MANY: usize = 64;

struct Reader<'a> {
    root: &'a Value,
    schema: SchemaRef<'a>,
    judge: &'a Judge<'a>,
    layout: Layout,
}

impl Reader<'_> {
    /// The issues of one error, with the paths under which OpenClaw reports it.
    fn reported(&self, error: &ValidationError<'_>) -> Vec<Issue> {
        let mut issues = self.issues(error);
        let mut official = official::paths(error, self.root);
        let own = |violation: &Violation| violation.config_path.clone().or_else(|| violation.path.clone());
        let named: HashSet<Path> = issues.iter().filter_map(|(_, violation)| own(violation)).collect();
        let known: HashSet<&Path> = official.iter().collect();
        for (_, violation) in &mut issues {
            let path = own(violation).filter(|path| known.contains(path));
            violation.config_path = path.or_else(|| official.first().cloned());
        }
        let reported: HashSet<&Path> =
            issues.iter().filter_map(|(_, violation)| violation.config_path.as_ref()).collect();
        official.retain(|path| !named.contains(path) && !reported.contains(path));
        if let Some((_, first)) = issues.first_mut() {
            first.also_at = official;
        }
        issues
    }

    fn issues(&self, error: &ValidationError<'_>) -> Vec<Issue> {
        let path = instance_path(error.instance_path(), self.root);
        let Some(value) = self.root.at(&path) else { return Vec::new() };
        match error.kind() {
            ErrorKind::AnyOf { context } | ErrorKind::OneOfNotValid { context } => {
                self.union_issues(value, &path, context)
            }
            ErrorKind::AdditionalProperties { unexpected } => {
                let owner = self.schema.owner(error.schema_path().as_str());
                let lifetimes =
                    (unexpected.len() > MANY && self.layout == Layout::OpenClaw).then(|| lifetime::lifetimes(&path));
                let owner = Owner { schema: owner, keys: owner.map(names).unwrap_or_default(), lifetimes };
                unexpected.iter().map(|key| self.unknown_key(&owner, &path, value, key)).collect()
            }
            ErrorKind::Required { property } => {
                vec![self.missing(&path, value, &[property.as_str().unwrap_or_default()])]
            }
            ErrorKind::Type { kind } => {
                vec![self.wrong_type(&path, value, &type_names(kind), self.schema.owner(error.schema_path().as_str()))]
            }
            ErrorKind::Enum { options } => self.bad_value(&path, value, options.as_array().map_or(&[], Vec::as_slice)),
            ErrorKind::Constant { expected_value } => {
                self.bad_value(&path, value, std::slice::from_ref(expected_value))
            }
            ErrorKind::Pattern { pattern } if self.known(value) => {
                vec![self.plain("schema/pattern", "default", &path, value, &[("pattern", pattern.clone())])]
            }
            ErrorKind::Format { format } if self.known(value) => {
                vec![self.plain("schema/format", "default", &path, value, &[("format", format.clone())])]
            }
            // Where a pattern takes too long, nobody knows whether the text matches.
            ErrorKind::Pattern { .. } | ErrorKind::Format { .. } | ErrorKind::BacktrackLimitExceeded { .. } => {
                Vec::new()
            }
            ErrorKind::PropertyNames { error } => self.bad_key(&path, value, error),
            ErrorKind::OneOfMultipleValid { .. } => vec![self.plain("schema/ambiguous", "default", &path, value, &[])],
            kind => match limit(kind) {
                Some(limit) => {
                    vec![self.plain("schema/out-of-range", kind.keyword(), &path, value, &[("limit", limit)])]
                }
                None => vec![self.plain("schema/not-allowed", "default", &path, value, &[])],
            },
        }
    }

    fn union_issues(&self, value: &Value, path: &Path, context: &[Vec<ValidationError<'static>>]) -> Vec<Issue> {
        match branch::choose(self.root, path, context) {
            Choice::Types(types) => vec![self.wrong_type(path, value, &types, None)],
            Choice::Values(at, values) => match self.root.at(&at) {
                Some(value) => self.bad_value(&at, value, &values),
                None => Vec::new(),
            },
            Choice::Missing(at, names) => match self.root.at(&at) {
                Some(value) => vec![self.missing(&at, value, &names.iter().map(String::as_str).collect::<Vec<_>>())],
                None => Vec::new(),
            },
            Choice::Branch(index) => {
                let errors = context.get(index).map_or(&[][..], Vec::as_slice);
                errors.iter().flat_map(|error| self.issues(error)).collect()
            }
        }
    }

    /// Whether the value's text is what OpenClaw will see: a `${VAR}` that is set elsewhere may make it right.
    fn known(&self, value: &Value) -> bool {
        self.judge.complete || !value.unresolved
    }

    fn plain(
        &self,
        rule: &'static str,
        outcome: &str,
        path: &Path,
        value: &Value,
        params: &[(&'static str, String)],
    ) -> Issue {
        let mut violation = self.at_value(outcome, path, value);
        for (name, text) in params {
            violation = violation.param(name, text.clone());
        }
        (rule, violation)
    }

    /// A violation on a value: the value itself when it fits a line, the key of an object or array.
    fn at_value(&self, outcome: &str, path: &Path, value: &Value) -> Violation {
        let key = self.key(path);
        let container = matches!(value.kind, Kind::Object(_) | Kind::Array(_));
        let place = key.filter(|_| container).unwrap_or_else(|| value.place());
        let mut violation = Violation::new(outcome, place).at_path(path.clone()).param("path", path.to_string());
        violation.key = key;
        violation
    }

    fn key(&self, path: &Path) -> Option<Origin> {
        let parent = self.root.at(&path.parent()?)?;
        match path.segments().last()? {
            crate::project::Segment::Key(key) => parent.member(key).map(|member| member.key_origin),
            crate::project::Segment::Index(_) => None,
        }
    }

    fn unknown_key(&self, owner: &Owner<'_>, path: &Path, object: &Value, key: &str) -> Issue {
        let valid = &owner.keys;
        let place = object.member(key).map_or(object.origin, |member| member.key_origin);
        let mut violation =
            Violation::new("default", place).at_path(path.key(key)).param("key", key).param("parent", path.to_string());
        violation.config_path = Some(path.clone());
        violation.key = Some(place);
        let own = path.key(key);
        let openclaw = self.layout == Layout::OpenClaw;
        let lifetime = || match &owner.lifetimes {
            _ if !openclaw => None,
            Some(known) => known.get(key).copied(),
            None => lifetime::lifetime(&own),
        };
        let until = || {
            let last = lifetime().map(|(_, last)| last).filter(|last| last.version < self.judge.release.version);
            last.map(|last| last.version.to_string()).unwrap_or_default()
        };
        match history::fate(&own, self.root, self.judge.release).filter(|_| openclaw) {
            Some(Fate::Moved(target)) => {
                violation.outcome = "moved".to_owned();
                let violation =
                    violation.param("until", until()).param("target", target).param("from", own.to_string());
                return ("schema/unknown-key", violation);
            }
            Some(Fate::Misplaced(target)) => {
                violation.outcome = "misplaced".to_owned();
                let violation = violation.param("target", target).param("from", own.to_string());
                return ("schema/unknown-key", violation);
            }
            Some(Fate::Keyed(target, by)) => {
                violation.outcome = "keyed".to_owned();
                let name = target.rsplit('.').next().unwrap_or_default().to_owned();
                let violation = violation.param("until", until()).param("target", target).param("name", name);
                let member = by.split(' ').next().unwrap_or_default();
                return ("schema/unknown-key", violation.param("member", member).param("by", by));
            }
            Some(Fate::Superseded(places)) => {
                violation.outcome = "superseded".to_owned();
                let violation = violation.param("until", until());
                return ("schema/unknown-key", violation.param("kept", Param::list(places, "`, `")));
            }
            Some(Fate::Spread(spread)) => {
                let outcome = match (spread.by_hand, spread.kept.is_empty(), spread.lossy) {
                    (true, ..) => "misplaced-parts",
                    (false, false, _) => "filled",
                    (false, true, true) => "spread-part",
                    (false, true, false) => "spread",
                };
                violation.outcome = outcome.to_owned();
                let violation = violation.param("kept", Param::list(spread.kept.clone(), "`, `"));
                let violation = violation.param("until", until()).param("targets", spread.targets());
                let violation = violation.param("from", own.to_string());
                return ("schema/unknown-key", violation.param("steps", spread.encode()));
            }
            Some(Fate::Rewritten(target)) => {
                violation.outcome = "rewritten".to_owned();
                return ("schema/unknown-key", violation.param("until", until()).param("target", target));
            }
            Some(Fate::Unfit(target, wrong)) => {
                violation.outcome = "unfit".to_owned();
                let violation = violation.param("until", until()).param("target", target);
                return ("schema/unknown-key", violation.param("wrong", wrong.to_string()));
            }
            Some(Fate::Scattered(places)) => {
                violation.outcome = "removed-parts".to_owned();
                let violation = violation.param("until", until());
                return ("schema/unknown-key", violation.param("targets", Param::list(places, "`, `")));
            }
            Some(gone @ (Fate::Removed | Fate::Forgotten)) => {
                violation.outcome = if gone == Fate::Removed { "removed" } else { "forgotten" }.to_owned();
                return ("schema/unknown-key", violation.param("until", until()));
            }
            None => {}
        }
        if let Some(newer) = self.judge.newer.as_ref().filter(|_| openclaw && lifetime().is_none()) {
            violation.outcome = "newer".to_owned();
            let known = self.judge.release.version.to_string();
            return ("schema/unknown-key", violation.param("newer", newer.to_string()).param("known", known));
        }
        // A name of somebody's own notes is no misspelling.
        let note = key.starts_with(['_', '/', '#', '$']);
        let fits = |name: &&str| {
            let schema = owner.schema.and_then(|schema| schema.property(name));
            schema.zip(object.get(key)).is_none_or(|(schema, value)| has_room(schema, value))
        };
        let names = || valid.iter().copied().filter(|name| !note && object.get(name).is_none());
        let mut best = nearest(key, names());
        if !best.is_some_and(|best| fits(&best)) {
            let inside = || {
                let value = object.get(key).filter(|value| !note && !value.members().is_empty())?;
                let near = best.or_else(|| nearest(key, valid.iter().copied()))?;
                Some(path.key(near).key(holder(owner.schema?.property(near)?, value)?))
            };
            if let Some(target) = inside() {
                violation.outcome = "inside".to_owned();
                let violation = violation.param("target", target.to_string());
                return ("schema/unknown-key", violation.param("from", own.to_string()));
            }
            best = best.and_then(|_| nearest(key, names().filter(fits)));
        }
        if let Some(best) = best {
            violation.outcome = "suggestion".to_owned();
            return ("schema/unknown-key", violation.param("suggestion", best));
        }
        match lifetime() {
            Some((_, last)) if last.version < self.judge.release.version => {
                violation.outcome = "retired".to_owned();
                return ("schema/unknown-key", violation.param("until", last.version.to_string()));
            }
            Some((first, _)) if first.version > self.judge.release.version => {
                violation.outcome = "not-yet".to_owned();
                return ("schema/unknown-key", violation.param("since", first.version.to_string()));
            }
            _ => {}
        }
        if is_note(key) {
            violation.outcome = "note".to_owned();
            return ("schema/unknown-key", violation);
        }
        let value = object.get(key);
        let mut below =
            value.and_then(|value| Some(belongs::below(owner.schema?, path, key, value))).unwrap_or_default();
        if let [_] = below.as_slice() {
            violation.outcome = "misplaced".to_owned();
            let violation = violation.param("target", below.remove(0)).param("from", own.to_string());
            return ("schema/unknown-key", violation);
        }
        if !below.is_empty() {
            violation.outcome = "elsewhere".to_owned();
            return ("schema/unknown-key", violation.param("elsewhere", Param::list(below, "` or `")));
        }
        let bundled = openclaw && self.judge.schema.is_none();
        let known = value.filter(|_| bundled).map(|value| belongs::elsewhere(self.schema, self.root, path, key, value));
        if let Some(known) = known.filter(|known| !known.is_empty()) {
            violation.outcome = "known".to_owned();
            return ("schema/unknown-key", violation.param("known", Param::list(known, "` or `")));
        }
        if (1..=LISTED).contains(&valid.len()) {
            violation.outcome = "listed".to_owned();
            return ("schema/unknown-key", violation.param("valid", Param::list(valid.iter().copied(), "`, `")));
        }
        ("schema/unknown-key", violation)
    }

    fn missing(&self, path: &Path, object: &Value, names: &[&str]) -> Issue {
        let outcome = if names.len() > 1 { "several" } else { "default" };
        let place = self.key(path).unwrap_or_else(|| object.place());
        let mut violation = Violation::new(outcome, place).at_path(path.clone());
        if let [name] = names {
            violation.path = Some(path.key(name));
            violation.config_path = Some(path.key(name));
        }
        let violation =
            violation.param("parent", path.to_string()).param("missing", Param::list(names.iter().copied(), "`, `"));
        ("schema/missing-field", violation)
    }

    /// `owner` is the schema that asks for the type, if it is one alone.
    fn wrong_type(&self, path: &Path, value: &Value, expected: &[&'static str], owner: Option<SchemaRef<'_>>) -> Issue {
        let text = value.as_str().map(str::trim);
        let wants = |name: &str| expected.contains(&name);
        let number = text.is_some_and(|text| text.parse::<f64>().is_ok_and(f64::is_finite));
        let outcome = match text {
            Some(_) if value.raw.is_some() => "substituted",
            Some(_) if number && (wants("number") || wants("integer")) => "number-as-string",
            Some("true" | "false") if wants("boolean") => "boolean-as-string",
            None if expected == ["boolean"]
                && matches!(value.kind, Kind::Object(_))
                && history::is_one_switch(path) =>
            {
                "several-switches"
            }
            _ if expected == ["array"] && !matches!(value.kind, Kind::Object(_) | Kind::Null) => "list",
            _ => "default",
        };
        let entries = owner.filter(|_| expected == ["object"]).and_then(|owner| as_entries(owner, value));
        let outcome = match entries {
            Some("") => "names",
            Some(_) => "keyed",
            None => outcome,
        };
        let wrapper = if wants("object") && value.raw.is_none() {
            history::wrapper(path, value).filter(|_| self.layout == Layout::OpenClaw)
        } else {
            None
        };
        let outcome = if wrapper.is_some() { "wrapped" } else { outcome };
        let found = match value.as_f64() {
            Some(number) if number.fract() != 0.0 && wants("integer") => "fraction",
            _ => value.type_name(),
        };
        let mut violation = self
            .at_value(outcome, path, value)
            .param("expected", alternatives(expected))
            .param("found", Phrase::new(found))
            .param("write", written(expected));
        // There may be millions of values: only what their words ask for.
        if let Some((wrapper, literal)) = wrapper {
            let wrapped = literal.map_or_else(|| wrapper.to_owned(), |literal| format!("{wrapper}: {literal}"));
            violation = violation.param("wrapper", wrapper).param("wrapped", wrapped);
        }
        if let Some(member) = entries {
            violation = violation.param("member", member).param("key", path.last_key().unwrap_or_default().to_owned());
        }
        let objects = owner.filter(|_| expected.contains(&"object"));
        let required = objects.and_then(|owner| owner.keyword("required")?.as_array()).into_iter().flatten();
        let required: Vec<&str> = required.filter_map(serde_json::Value::as_str).collect();
        let members: Vec<&str> = objects.into_iter().flat_map(SchemaRef::properties).map(|(name, _)| name).collect();
        let members = if required.is_empty() && members.len() <= LISTED { members } else { Vec::new() };
        let violation = violation.param("required", Param::list(required, "`, `"));
        ("schema/wrong-type", violation.param("members", Param::list(members, "`, `")))
    }

    fn bad_value(&self, path: &Path, value: &Value, options: &[serde_json::Value]) -> Vec<Issue> {
        if !self.known(value) {
            return Vec::new();
        }
        let names: Vec<String> = options.iter().map(shown_option).collect();
        let strings = options.iter().filter_map(serde_json::Value::as_str);
        let written = shown_value(value, path);
        let renamed = value.as_str().filter(|_| self.layout == Layout::OpenClaw).and_then(|text| {
            let (new, by_gateway) = history::value(path, text)?;
            options.iter().any(|option| option.as_str() == Some(new)).then_some((new, by_gateway))
        });
        let by_gateway = renamed.is_some_and(|(_, by_gateway)| by_gateway);
        let renamed = renamed.map(|(new, _)| new);
        let best = renamed.or_else(|| value.as_str().and_then(|text| nearest(text, strings)));
        let listed = names.len() <= LISTED;
        let lifetime = value.as_str().filter(|_| self.layout == Layout::OpenClaw && written.is_some());
        let lifetime = lifetime.and_then(|word| lifetime::word_lifetime(path, word));
        let (mut since, mut until) = (String::new(), String::new());
        match lifetime {
            Some((first, _)) if first.version > self.judge.release.version => since = first.version.to_string(),
            Some((_, last)) if last.version < self.judge.release.version => until = last.version.to_string(),
            _ => {}
        }
        let outcome = match (&written, best) {
            (None, _) => "hidden",
            (Some(_), _) if renamed.is_none() && !since.is_empty() => "not-yet",
            (Some(_), _) if renamed.is_none() && !until.is_empty() => "retired",
            (Some(_), Some(_)) if by_gateway => "renamed",
            (Some(_), Some(_)) => "suggestion",
            (Some(_), None) if listed => "listed",
            _ => "default",
        };
        let head = Param::list(names.iter().take(LISTED), ", ");
        let more = || Phrase::new("{values} and {count} more").with("count", names.len() - LISTED);
        let allowed = if listed { head } else { more().with("values", head).into() };
        let violation =
            self.at_value(outcome, path, value).param("value", written.unwrap_or_default()).param("allowed", allowed);
        let violation = violation.param("since", since).param("until", until);
        vec![("schema/bad-value", violation.param("suggestion", best.unwrap_or_default()))]
    }

    fn bad_key(&self, path: &Path, object: &Value, error: &ValidationError<'_>) -> Vec<Issue> {
        let name = error.instance().as_str().unwrap_or_default().to_owned();
        let place = object.member(&name).map_or_else(|| object.place(), |member| member.key_origin);
        let mut violation = Violation::new("default", place).at_path(path.key(&name));
        violation.key = Some(place);
        vec![("schema/bad-key", violation.param("key", name).param("parent", path.to_string()))]
    }
}

fn names(schema: SchemaRef<'_>) -> Vec<&str> {
    schema.properties().map(|(name, _)| name).collect()
}

/// Whether a key is somebody's remark in a format without comments.
fn is_note(key: &str) -> bool {
    key.starts_with(['_', '/', '#']) || ["$comment", "comment", "comments", "note", "notes"].contains(&key)
}

pub(super) fn type_names(kind: &TypeKind) -> Vec<&'static str> {
    match kind {
        TypeKind::Single(name) => vec![name.as_str()],
        TypeKind::Multiple(names) => names.iter().map(|name| name.as_str()).collect(),
    }
}

/// The member by which the items of a list would be the entries of a map: `id` or `name`; "" for a list of names.
fn as_entries(map: SchemaRef<'_>, list: &Value) -> Option<&'static str> {
    let Kind::Array(items) = &list.kind else { return None };
    let of = map.subschema("additionalProperties")?;
    let (first, rest) = items.split_first()?;
    if first.as_str().is_some() {
        let nothing = Value { kind: Kind::Object(Vec::new().into()), ..first.clone() };
        return (rest.iter().all(|item| item.as_str().is_some()) && has_room(of, &nothing)).then_some("");
    }
    let named = |by: &&'static str| items.iter().all(|item| item.get(by).is_some_and(|name| name.as_str().is_some()));
    ["id", "name"].into_iter().find(named).filter(|_| items.iter().all(|item| has_room(of, item)))
}

/// How values of these types are written.
fn written(types: &[&'static str]) -> Param {
    let phrase = |name: &&'static str| {
        Phrase::new(match *name {
            "boolean" => "`true` or `false`",
            "integer" => "a whole number",
            "number" => "a number",
            "object" => "an object, `{ ... }`",
            "array" => "a list, `[ ... ]`",
            "string" => "a text in quotes",
            other => other,
        })
    };
    Param::list(types.iter().map(phrase), " or ")
}

fn alternatives(names: &[&'static str]) -> Param {
    let words = |names: &[&'static str]| Param::list(names.iter().map(|name| Phrase::new(*name)), ", ");
    match names {
        [] => Phrase::new("something else").into(),
        [only] => Phrase::new(*only).into(),
        [first @ .., last] => Param::list([words(first), Phrase::new(*last).into()], " or "),
    }
}

fn shown_option(option: &serde_json::Value) -> String {
    match option {
        serde_json::Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

/// A wrong value as it may be quoted: short, and not where a credential might stand.
#[must_use]
pub fn shown_value(value: &Value, path: &Path) -> Option<String> {
    const LONGEST: usize = 40;
    let secret_place = path.last_key().is_some_and(crate::credentials::is_secret_key);
    let text = match &value.kind {
        Kind::String(_) => value.as_written()?.to_owned(),
        Kind::Number(number) => number.to_string(),
        Kind::Bool(value) => value.to_string(),
        Kind::Null => "null".to_owned(),
        Kind::Array(_) | Kind::Object(_) => return Some(value.type_name().to_owned()),
    };
    let hidden = secret_place || text.chars().count() > LONGEST || crate::credentials::detect(&text).is_some();
    (!hidden).then_some(text)
}

/// The bound in an error about size or range.
fn limit(kind: &ErrorKind) -> Option<String> {
    match kind {
        ErrorKind::Maximum { limit }
        | ErrorKind::Minimum { limit }
        | ErrorKind::ExclusiveMaximum { limit }
        | ErrorKind::ExclusiveMinimum { limit } => Some(limit.to_string()),
        ErrorKind::MaxItems { limit }
        | ErrorKind::MinItems { limit }
        | ErrorKind::MaxLength { limit }
        | ErrorKind::MinLength { limit }
        | ErrorKind::MaxProperties { limit }
        | ErrorKind::MinProperties { limit } => Some(limit.to_string()),
        ErrorKind::MultipleOf { multiple_of } => Some(multiple_of.to_string()),
        ErrorKind::UniqueItems => Some(String::new()),
        _ => None,
    }
}
