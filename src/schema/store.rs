//! The bundled schemas of every OpenClaw release, read node by node as they are visited. Reads the generated files of
//! `schemas/openclaw/`; knows nothing of validation.
//!
//! The releases share most of their subschemas, so these are stored once each, one a line, in `pool.jsonl`. Inside a
//! line, `true` and `false` are written out and any other child schema is the **number** of its own line, counted from 0: a
//! schema is an object or a boolean, so a number where a schema stands cannot be anything else. A reference only ever points to an earlier
//! line, which makes the pool acyclic. Reading one line touches nothing else: an index, which `build.rs` makes, says where
//! it begins, and each of its keywords and properties. Most nodes are not even decoded.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::bytes;

use super::keywords::{Holds, holds};
use super::lazy::{Keyword, Lazy, Word};
use super::members;
use super::version::Version;

/// What a missing or broken node reads as: the schema that accepts everything.
static ANYTHING: Value = Value::Bool(true);
static NOTHING: Value = Value::Bool(false);

/// One OpenClaw release and where its schema starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The version, as OpenClaw writes it.
    pub version: Version,
    /// The pool line of the schema's root. Releases with the same root have the same schema.
    pub root: u32,
    /// [`fingerprint`] of the normalised schema.
    pub fingerprint: String,
}

#[derive(Deserialize)]
struct ReleaseFile {
    releases: Vec<Release>,
}

/// The schemas of all releases. What has been decoded is kept, and shared between threads.
pub struct Store {
    pool: &'static str,
    /// What [`members::index`] makes of the pool.
    index: Cow<'static, [u8]>,
    lines: usize,
    nodes: Lazy<Value>,
    keywords: Lazy<Keywords>,
    properties: Lazy<Properties>,
    release_list: &'static str,
    releases: OnceLock<Vec<Release>>,
    latest: OnceLock<Option<Release>>,
}

/// The keywords of one line with the texts of their values: cut, not decoded.
type Keywords = Vec<Keyword>;

/// The properties of one line. The first questions are answered from the index; for more, a list is worth its making.
#[derive(Default)]
struct Properties {
    asked: AtomicU8,
    /// By name, with what follows the colon.
    list: OnceLock<Vec<(&'static str, &'static str)>>,
}

/// So many questions go to the index.
const FEW: u8 = 16;

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("lines", &self.lines).field("releases", &self.releases().len()).finish()
    }
}

impl Store {
    /// The schemas this binary was built with. Nothing is decoded yet.
    #[must_use]
    pub fn bundled() -> &'static Self {
        static BUNDLED: OnceLock<Store> = OnceLock::new();
        // A test reads all of these files.
        BUNDLED.get_or_init(|| {
            Self::with_index(
                include_str!("../../schemas/openclaw/pool.jsonl"),
                Cow::Borrowed(include_bytes!(concat!(env!("OUT_DIR"), "/pool.idx"))),
                include_str!("../../schemas/openclaw/releases.json"),
            )
        })
    }

    /// A store of the texts of `pool.jsonl` and `releases.json`.
    ///
    /// # Errors
    /// When the release list is not readable.
    pub fn open(pool: &'static str, releases: &'static str) -> serde_json::Result<Self> {
        read_releases(releases)?;
        Ok(Self::with_index(pool, Cow::Owned(members::index(pool)), releases))
    }

    fn with_index(pool: &'static str, index: Cow<'static, [u8]>, release_list: &'static str) -> Self {
        let (releases, latest) = (OnceLock::new(), OnceLock::new());
        // The first list begins where the lines of the index end.
        let lines = (number(&index, 4).unwrap_or_default() / 8).saturating_sub(1);
        Self {
            pool,
            index,
            lines,
            nodes: Lazy::new(lines),
            keywords: Lazy::new(lines),
            properties: Lazy::new(lines),
            release_list,
            releases,
            latest,
        }
    }

    /// Every bundled release, oldest version first.
    #[must_use]
    pub fn releases(&self) -> &[Release] {
        self.releases.get_or_init(|| read_releases(self.release_list).unwrap_or_default())
    }

    /// The newest version; `None` only for an empty store.
    #[must_use]
    pub fn latest(&self) -> Option<&Release> {
        // Nearly every run asks for this one alone, and it is written last, on a line of its own.
        let last = || {
            let line = self.release_list.lines().rev().find(|line| line.contains("\"version\""))?;
            serde_json::from_str(line.trim()).ok()
        };
        self.latest.get_or_init(|| last().or_else(|| self.releases().last().cloned())).as_ref()
    }

    /// The release of exactly this version.
    #[must_use]
    pub fn release(&self, version: &Version) -> Option<&Release> {
        self.releases().iter().find(|release| release.version == *version)
    }

    /// The release to judge a file of `version` by: that very one, else the newest before it, else the oldest of all. A
    /// pre-release of a bundled release (`2026.9.6-beta.1`) counts as that release.
    #[must_use]
    pub fn nearest(&self, version: &Version) -> Option<&Release> {
        let exact = self.release(version);
        let finished = || {
            let same_core = |release: &&Release| release.version.cmp_core(version).is_eq();
            version.is_prerelease().then(|| self.releases().iter().find(same_core)).flatten()
        };
        let before = || self.releases().iter().rev().find(|release| release.version < *version);
        exact.or_else(finished).or_else(before).or_else(|| self.releases().first())
    }

    /// The schema of a release.
    #[must_use]
    pub fn root(&self, release: &Release) -> SchemaRef<'_> {
        self.at_line(release.root)
    }

    /// The number of lines in the pool.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines
    }

    /// Whether the pool holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// The text of one line of the pool, without its line break.
    #[must_use]
    pub fn line(&self, line: u32) -> Option<&'static str> {
        let line = line as usize;
        let at = |line: usize| number(&self.index, line * 8);
        self.pool.get(at(line)?..at(line + 1)?)?.strip_suffix('\n')
    }

    /// Where the keywords of a line begin in it, and where its properties do.
    fn members(&self, line: u32) -> Option<(&[Begin], &[Begin])> {
        let at = |line: usize| number(&self.index, line * 8 + 4);
        let (list, _) = self.index.get(at(line as usize)?..at(line as usize + 1)?)?.as_chunks();
        let (count, begins) = list.split_first()?;
        begins.split_at_checked(usize::from(u16::from_le_bytes(*count)))
    }

    fn at_line(&self, line: u32) -> SchemaRef<'_> {
        SchemaRef { place: Place::Line(self), line }
    }

    fn node(&self, line: u32) -> &Value {
        let decode = || self.line(line).and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Bool(true));
        self.nodes.get(line, decode).unwrap_or(&ANYTHING)
    }

    fn keywords(&self, line: u32) -> &[Keyword] {
        let cut = || {
            let (text, (keywords, _)) = self.line(line).zip(self.members(line))?;
            // Between two keywords stands a comma, behind the last one a brace.
            let next = keywords.iter().skip(1).map(|begin| position(*begin)).chain([text.len()]);
            let keyword = |(begin, next): (&Begin, usize)| {
                key_of(text, *begin).and_then(|(name, _)| {
                    let value = text.get(position(*begin) + name.len() + 3..next.checked_sub(1)?)?;
                    Some(Keyword::new((name, value)))
                })
            };
            keywords.iter().zip(next).map(keyword).collect::<Option<Keywords>>()
        };
        self.keywords.get(line, || cut().unwrap_or_default()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The text of the schema of a property, and what follows it; `None` where the line does not tell what it has.
    fn property(&self, line: u32, name: &str) -> Option<Option<&'static str>> {
        let known = self.properties.get(line, Properties::default)?;
        let find = |list: &[(&str, &'static str)]| {
            let at = list.binary_search_by_key(&name, |(known, _)| known).ok()?;
            list.get(at).map(|(_, text)| *text)
        };
        if let Some(list) = known.list.get() {
            return Some(find(list));
        }
        let (text, (_, properties)) = self.line(line).zip(self.members(line))?;
        let asked = known.asked.load(Ordering::Relaxed);
        if asked >= FEW {
            let mut list: Vec<_> = properties.iter().filter_map(|begin| key_of(text, *begin)).collect();
            list.sort_unstable_by_key(|(name, _)| *name);
            return Some(find(known.list.get_or_init(|| list)));
        }
        known.asked.store(asked + 1, Ordering::Relaxed);
        if name.contains('"') {
            return Some(None);
        }
        // With the quote behind the name no end has to be found.
        let order = |begin: &Begin| {
            let known = text.as_bytes().get(position(*begin) + 1..).unwrap_or_default();
            let (head, rest) = known.split_at_checked(name.len()).unwrap_or((known, &[]));
            head.cmp(name.as_bytes()).then_with(|| rest.first().cmp(&Some(&b'"')))
        };
        let Ok(at) = properties.binary_search_by(order) else { return Some(None) };
        Some(text.get(position(*properties.get(at)?) + name.len() + 3..))
    }
}

/// A number of the first part of the index.
fn number(index: &[u8], at: usize) -> Option<usize> {
    let (bytes, _) = index.get(at..)?.split_first_chunk()?;
    Some(u32::from_le_bytes(*bytes) as usize)
}

/// Where a member begins in its line: its quote, in bytes, little-endian.
type Begin = [u8; 2];

fn position(begin: Begin) -> usize {
    usize::from(u16::from_le_bytes(begin))
}

/// The key of a member and what follows the colon.
fn key_of(line: &'static str, begin: Begin) -> Option<(&'static str, &'static str)> {
    let key = line.get(position(begin) + 1..)?;
    let (key, value) = key.split_at_checked(bytes::find(b'"', key.as_bytes())?)?;
    Some((key, value.get(2..)?))
}

/// Oldest first.
fn read_releases(text: &str) -> serde_json::Result<Vec<Release>> {
    let ReleaseFile { mut releases } = serde_json::from_str(text)?;
    releases.sort_by(|a, b| a.version.cmp(&b.version));
    Ok(releases)
}

/// A schema in a store, or a plain one; a cheap handle that finds its children as they are asked for.
///
/// # From an error to the schema it came from
/// The schema path of a validation error names the same place in the pruned and in the whole schema, because pruning
/// keeps every index. So for an error of the pruned schema, [`SchemaRef::owner`] on the release's root gives the whole
/// schema object that raised it: all its properties for `additionalProperties`, all its values for `enum`, all its
/// branches for `anyOf`. [`SchemaRef::at`] gives the schema *at* a path (`…/anyOf/1`).
#[derive(Debug, Clone, Copy)]
pub struct SchemaRef<'s> {
    place: Place<'s>,
    /// The line that this node is written in. References from it must point before it: the bound of every recursion.
    line: u32,
}

/// Where a schema is written.
#[derive(Debug, Clone, Copy)]
enum Place<'s> {
    /// A whole line.
    Line(&'s Store),
    /// Inside a decoded line.
    Inside(&'s Store, &'s Value),
    /// In no store.
    Plain(&'s Value),
}

impl<'s> From<&'s Value> for SchemaRef<'s> {
    /// A plain schema, such as [`super::guide`].
    fn from(node: &'s Value) -> Self {
        Self { place: Place::Plain(node), line: 0 }
    }
}

impl<'s> SchemaRef<'s> {
    /// The node as stored: an object or a boolean. Child schemas in it may be line numbers: read these through
    /// [`SchemaRef::property`], [`SchemaRef::subschema`] and [`SchemaRef::branches`]; every other keyword is as it should be.
    #[must_use]
    pub fn node(self) -> &'s Value {
        match self.place {
            Place::Line(store) => store.node(self.line),
            Place::Inside(_, node) | Place::Plain(node) => node,
        }
    }

    /// The keywords of a schema object in their order; `None` for a boolean. Of a line of the store no value is decoded
    /// before it is asked for.
    pub(super) fn words(self) -> Option<impl Iterator<Item = (&'s str, Word<'s>)>> {
        let cut = match self.place {
            Place::Line(store) => store.keywords(self.line),
            Place::Inside(..) | Place::Plain(_) => &[],
        };
        let decoded = if cut.is_empty() { Some(self.node().as_object()?) } else { None };
        let decoded = decoded.into_iter().flatten().map(|(keyword, value)| (keyword.as_str(), Word::Value(value)));
        Some(cut.iter().map(|keyword| (keyword.name, Word::Cut(keyword))).chain(decoded))
    }

    /// The schema that a keyword's value is.
    pub(super) fn child(self, word: Word<'s>) -> Option<Self> {
        match word {
            Word::Value(value) => Some(self.resolve(value)),
            Word::Cut(keyword) => self.reference(keyword.text),
        }
    }

    /// The schemas that a keyword's value lists; `None` when they are not a plain list.
    pub(super) fn children(self, word: Word<'s>) -> Option<Vec<Self>> {
        match word {
            Word::Value(value) => Some(value.as_array()?.iter().map(|child| self.resolve(child)).collect()),
            Word::Cut(Keyword { text, .. }) => {
                text.strip_prefix('[')?.strip_suffix(']')?.split(',').map(|text| self.reference(text)).collect()
            }
        }
    }

    /// The schema that the text of a reference or a boolean stands for; `None` for any other text.
    fn reference(self, text: &str) -> Option<Self> {
        match (text, self.place) {
            ("true", _) => Some(Self::from(&ANYTHING)),
            ("false", _) => Some(Self::from(&NOTHING)),
            (_, Place::Plain(_)) => None,
            (text, Place::Line(store) | Place::Inside(store, _)) => {
                text.parse().ok().filter(|line| *line < self.line).map(|line| store.at_line(line))
            }
        }
    }

    /// A property found in the text of a line: `None` where the text does not tell.
    fn property_in_text(self, name: &str) -> Option<Option<Self>> {
        let Place::Line(store) = self.place else { return None };
        match store.property(self.line, name)? {
            Some(text) => self.reference(text.split([',', '}']).next()?).map(Some),
            None => Some(None),
        }
    }

    /// The schema of a keyword found in the text of a line: `None` where the text does not tell.
    fn subschema_in_text(self, keyword: &str) -> Option<Option<Self>> {
        let Place::Line(store) = self.place else { return None };
        let keywords = store.keywords(self.line);
        match keywords.iter().find(|known| known.name == keyword) {
            Some(known) if matches!(holds(keyword), Some(Holds::Schema | Holds::SchemaOrList)) => {
                self.reference(known.text).map(Some)
            }
            None if !keywords.is_empty() => Some(None),
            _ => None,
        }
    }

    /// A keyword that holds no schema: `type`, `enum`, `const`, `required`, `default`, `pattern`, …
    #[must_use]
    pub fn keyword(self, keyword: &str) -> Option<&'s Value> {
        if holds(keyword).is_some() { None } else { self.node().get(keyword) }
    }

    /// The schema of a keyword that holds one: `additionalProperties`, `items` (unless a tuple), `not`, …
    #[must_use]
    pub fn subschema(self, keyword: &str) -> Option<Self> {
        if let Some(found) = self.subschema_in_text(keyword) {
            return found;
        }
        let value = self.node().get(keyword)?;
        match holds(keyword)? {
            Holds::Schema => Some(self.resolve(value)),
            Holds::SchemaOrList if !value.is_array() => Some(self.resolve(value)),
            _ => None,
        }
    }

    /// The schemas of a keyword that holds a list: `anyOf`, `oneOf`, `allOf`, and `items` of a tuple.
    pub fn branches(self, keyword: &str) -> impl Iterator<Item = Self> + use<'s> {
        let list = match holds(keyword) {
            Some(Holds::List | Holds::SchemaOrList) => self.node().get(keyword).and_then(Value::as_array),
            _ => None,
        };
        list.into_iter().flatten().map(move |branch| self.resolve(branch))
    }

    /// The line that this node is, if it is a whole one.
    pub(super) const fn line_of_store(self) -> Option<u32> {
        match self.place {
            Place::Line(_) => Some(self.line),
            Place::Inside(..) | Place::Plain(_) => None,
        }
    }

    /// The properties that `properties` names, in the order of the schema.
    pub fn properties(self) -> impl Iterator<Item = (&'s str, Self)> + use<'s> {
        self.property_map().into_iter().flatten().map(move |(name, child)| (name.as_str(), self.resolve(child)))
    }

    /// The schema of one named property.
    #[must_use]
    pub fn property(self, name: &str) -> Option<Self> {
        match self.property_in_text(name) {
            Some(found) => found,
            None => Some(self.resolve(self.property_map()?.get(name)?)),
        }
    }

    fn property_map(self) -> Option<&'s Map<String, Value>> {
        self.node().get("properties")?.as_object()
    }

    /// Whether unknown keys are refused here.
    #[must_use]
    pub fn is_closed(self) -> bool {
        self.node().get("additionalProperties") == Some(&Value::Bool(false))
    }

    /// The schema at a JSON pointer into the schema (`/properties/gateway/anyOf/0`); `None` where no schema stands.
    #[must_use]
    pub fn at(self, schema_path: &str) -> Option<Self> {
        let (schema, rest) = self.walk(schema_path)?;
        (rest == 0).then_some(schema)
    }

    /// The schema object that the error with this schema path came from: the deepest one strictly above the path's last
    /// segment (`/properties/gateway/properties/port/maximum` gives the schema of the port). `None` for a text that is no
    /// pointer to anything below this schema.
    #[must_use]
    pub fn owner(self, schema_path: &str) -> Option<Self> {
        let (parent, _) = schema_path.rsplit_once('/')?;
        self.walk(parent).map(|(schema, _)| schema)
    }

    /// Follows a pointer as long as it leads from schema to schema. Gives the last schema and how many segments are left.
    fn walk(self, schema_path: &str) -> Option<(Self, usize)> {
        let segments = split_pointer(schema_path)?;
        let mut rest = segments.as_slice();
        let mut schema = self;
        while let Some((child, below)) = schema.step(rest) {
            (schema, rest) = (child, below);
        }
        Some((schema, rest.len()))
    }

    /// The child that the first segments lead to, and the segments below it.
    fn step(self, segments: &[String]) -> Option<(Self, &[String])> {
        let (keyword, below) = segments.split_first()?;
        let value = self.node().get(keyword)?;
        let (child, below) = match (holds(keyword)?, value) {
            (Holds::Schema, _) => (value, below),
            (Holds::SchemaOrList, Value::Object(_) | Value::Bool(_) | Value::Number(_)) => (value, below),
            (_, container) => {
                let (inner, below) = below.split_first()?;
                (member(container, inner)?, below)
            }
        };
        Some((self.resolve(child), below))
    }

    /// The whole schema below this node, references replaced: for building a full validator, for printing, for checks.
    /// A release is half a megabyte; linting prunes instead.
    #[must_use]
    pub fn expand(self) -> Value {
        let Some(keywords) = self.node().as_object() else {
            return self.node().clone();
        };
        let expand = |(keyword, value): (&String, &Value)| (keyword.clone(), self.expand_keyword(keyword, value));
        Value::Object(keywords.iter().map(expand).collect())
    }

    /// One keyword's value, references replaced.
    pub(super) fn expand_keyword(self, keyword: &str, value: &Value) -> Value {
        let child = |value: &Value| self.resolve_in(value).expand();
        match (holds(keyword), value) {
            (None, value) => value.clone(),
            (Some(Holds::List | Holds::SchemaOrList), Value::Array(list)) => list.iter().map(child).collect(),
            (Some(Holds::Map), Value::Object(map)) => {
                Value::Object(map.iter().map(|(name, value)| (name.clone(), child(value))).collect())
            }
            (Some(_), value) => child(value),
        }
    }

    fn resolve(self, child: &'s Value) -> Self {
        self.resolve_in(child)
    }

    /// A child as written in this node: itself, or the earlier line that it names.
    fn resolve_in<'c>(self, child: &'c Value) -> SchemaRef<'c>
    where
        's: 'c,
    {
        match (child, self.place) {
            (Value::Number(number), Place::Line(store) | Place::Inside(store, _)) => {
                let line = number.as_u64().and_then(|line| u32::try_from(line).ok()).filter(|line| *line < self.line);
                line.map_or(SchemaRef::from(&ANYTHING), |line| store.at_line(line))
            }
            (_, Place::Line(store) | Place::Inside(store, _)) => {
                SchemaRef { place: Place::Inside(store, child), line: self.line }
            }
            (_, Place::Plain(_)) => SchemaRef::from(child),
        }
    }
}

/// A member of an object or element of an array, by its segment of a pointer.
fn member<'v>(container: &'v Value, segment: &str) -> Option<&'v Value> {
    match container {
        Value::Array(list) => list.get(segment.parse::<usize>().ok()?),
        other => other.get(segment),
    }
}

/// The segments of a JSON pointer, unescaped; `None` when it does not start with `/`.
fn split_pointer(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let segments = pointer.strip_prefix('/')?.split('/');
    Some(segments.map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect())
}

/// 128 bits of FNV-1a over the compact text of a schema, in hexadecimal: tells an accidental change, no more.
#[must_use]
pub fn fingerprint(schema: &Value) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let text = schema.to_string();
    let hash = text.bytes().fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn open(pool: &str) -> serde_json::Result<Store> {
        let releases = r#"{"releases":[
            {"version":"2026.9.6","root":3,"fingerprint":""},
            {"version":"2026.7.1-1","root":2,"fingerprint":""},
            {"version":"2026.7.1","root":2,"fingerprint":""}]}"#;
        Store::open(pool.to_owned().leak(), releases)
    }

    fn sample() -> Store {
        let pool = concat!(
            "{\"type\":\"string\",\"default\":1}\n",
            "{\"enum\":[0,1]}\n",
            "{\"items\":[0,1],\"additionalItems\":false}\n",
            "{\"properties\":{\"a/b\":0,\"c\":{\"anyOf\":[1,true,2]}},\"additionalProperties\":1}\n",
        );
        open(pool).unwrap()
    }

    fn root(store: &Store) -> SchemaRef<'_> {
        store.root(store.latest().unwrap())
    }

    #[test]
    fn references_are_followed_and_values_are_not() {
        let string = json!({"type": "string", "default": 1});
        let values = json!({"enum": [0, 1]});
        let tuple = json!({"items": [string, values], "additionalItems": false});
        let properties = json!({"a/b": string, "c": {"anyOf": [values, true, tuple]}});
        assert_eq!(root(&sample()).expand(), json!({"properties": properties, "additionalProperties": values}));
    }

    #[test]
    fn schema_paths_lead_to_schemas_and_to_what_owns_a_keyword() {
        let store = sample();
        let root = root(&store);
        let at = |path| root.at(path).map(|schema| schema.node().clone());
        assert_eq!(at(""), Some(root.node().clone()));
        assert_eq!(at("/properties/a~1b"), Some(json!({"type": "string", "default": 1})));
        assert_eq!(at("/properties/c/anyOf/2/items/1"), Some(json!({"enum": [0, 1]})));
        assert_eq!(at("/properties/c/anyOf/2/additionalItems"), Some(json!(false)));
        assert_eq!(at("/properties/c/anyOf"), None);
        assert_eq!(at("/properties/none"), None);
        let owner = |path| root.owner(path).map(|schema| schema.node().clone());
        assert_eq!(owner("/properties/c/anyOf/0/enum"), Some(json!({"enum": [0, 1]})));
        assert_eq!(owner("/properties/c/anyOf"), at("/properties/c"));
        assert_eq!(owner("/additionalProperties"), at(""));
        assert_eq!(owner(""), None);
    }

    #[test]
    fn broken_nodes_accept_everything_and_never_recurse() {
        let store =
            open("{\"not\":0}\n{\"not\":3}\nnonsense\n{\"not\":2,\"items\":9,\"if\":1,\"then\":-1,\"else\":0.5}\n")
                .unwrap();
        let expected = json!({"not": true, "items": true, "if": {"not": true}, "then": true, "else": true});
        assert_eq!(root(&store).expand(), expected);
    }

    #[test]
    fn lines_read_the_same_cut_and_decoded() {
        let store = Store::bundled();
        for line in 0..u32::try_from(store.len()).unwrap() {
            let (schema, node) = (store.at_line(line), store.node(line).as_object().unwrap());
            let cut: Map<String, Value> = store
                .keywords(line)
                .iter()
                .map(|keyword| (keyword.name.to_owned(), serde_json::from_str(keyword.text).unwrap()))
                .collect();
            assert_eq!(&cut, node, "line {line}");
            for (name, child) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let number = schema.property_in_text(name).flatten().map(|child| u64::from(child.line));
                assert!(child.is_boolean() || number == child.as_u64(), "line {line}, {name}");
            }
            assert!(schema.property_in_text("no such key").is_none_or(|found| found.is_none()), "line {line}");
        }
    }

    #[test]
    fn the_newest_release_stands_last() {
        let store = Store::bundled();
        assert_eq!(store.latest(), store.releases().last());
    }

    #[test]
    fn the_index_of_the_build_is_that_of_the_pool() {
        let store = Store::bundled();
        assert_eq!(store.index, members::index(store.pool));
        assert_eq!(store.len(), store.pool.lines().count());
    }

    #[test]
    fn a_version_is_judged_by_the_release_before_it() {
        let store = sample();
        let nearest = |text: &str| store.nearest(&text.parse().unwrap()).map(|release| release.version.to_string());
        for (version, expected) in [
            ("2026.9.6", "2026.9.6"),
            ("2027.1.1", "2026.9.6"),
            ("2026.9.6-beta.1", "2026.9.6"),
            ("2026.9.5", "2026.7.1-1"),
            ("2026.9.5-beta.1", "2026.7.1-1"),
            ("2026.7.1", "2026.7.1"),
            ("2025.1.1", "2026.7.1"),
        ] {
            assert_eq!(nearest(version).as_deref(), Some(expected), "{version}");
        }
    }
}
