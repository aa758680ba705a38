//! `$include`: other files in the place of an object, as OpenClaw resolves it before anything else
//! (confined to the folder of the top file, ten levels deep, 2 MiB a file).

use std::collections::HashMap;
use std::path::{Path as FilePath, PathBuf};

use crate::host::{FileType, Host, lexical};
use crate::source::{FileId, Sources};
use crate::syntax::json5::{self, Document, NodeId};

use super::config::value_of;
use super::{Kind, Member, Origin, Value};

/// The outcome of an include that is not followed any more.
const TOO_MANY: &str = "too-many";
/// The key.
const INCLUDE: &str = "$include";
/// Nested includes beyond this many levels fail.
const DEEPEST: usize = 10;
/// Larger included files fail, in bytes.
pub const LARGEST: u64 = 2 * 1024 * 1024;
/// So many files, and bytes of them, are followed for one config; one file counts each time. A few files that include each
/// other twice are otherwise more than any machine can hold.
const MOST_FILES: usize = 1_000;
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Paths of this many characters or more fail.
const LONGEST_PATH: usize = 4096;

/// A file that was included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncludeSite {
    /// The included file.
    pub file: FileId,
    /// The string that names it.
    pub origin: Origin,
}

/// An include that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncludeProblem {
    /// What is wrong: the name of an outcome.
    pub outcome: &'static str,
    /// Where the include is written.
    pub origin: Origin,
    /// The path as written, or the type of a value that is no path.
    pub written: String,
}

/// Included files that have been read, by absolute path.
#[derive(Debug, Default)]
pub struct Library {
    files: HashMap<PathBuf, Option<FileId>>,
}

impl Library {
    /// Remembers a file; `None` when it could not be read.
    pub fn insert(&mut self, path: PathBuf, file: Option<FileId>) {
        self.files.insert(path, file);
    }

    /// Whether the path has been tried.
    #[must_use]
    pub fn knows(&self, path: &FilePath) -> bool {
        self.files.contains_key(path)
    }

    fn get(&self, path: &FilePath) -> Option<FileId> {
        self.files.get(path).copied().flatten()
    }
}

/// Where included files may lie.
#[derive(Clone, Debug)]
pub struct Confinement {
    /// The folder of the top file and `OPENCLAW_INCLUDE_ROOTS`, absolute, links resolved where they exist.
    pub roots: Vec<PathBuf>,
}

impl Confinement {
    /// Around a top file (absolute path), with further roots.
    #[must_use]
    pub fn around(host: &dyn Host, top: &FilePath, further: &[PathBuf]) -> Self {
        let folder = top.parent().map(PathBuf::from).unwrap_or_default();
        let given = std::iter::once(folder).chain(further.iter().filter(|root| root.is_absolute()).cloned());
        let real = |root: PathBuf| [host.canonicalize(&root), Some(root)];
        Self { roots: given.flat_map(real).flatten().collect() }
    }

    fn allows(&self, path: &FilePath) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }
}

/// The absolute path of an include, or the outcome that says why there is none.
///
/// # Errors
/// `bad-path`, `escapes`, `hard-link` or `not-found`.
pub fn locate(
    host: &dyn Host,
    confinement: &Confinement,
    folder: &FilePath,
    written: &str,
) -> Result<PathBuf, &'static str> {
    if written.contains('\0') || written.chars().count() >= LONGEST_PATH || written.is_empty() {
        return Err("bad-path");
    }
    let path = lexical(&folder.join(written));
    if !confinement.allows(&path) {
        return Err("escapes");
    }
    let real = host.canonicalize(&path).ok_or("not-found")?;
    if !confinement.allows(&real) {
        return Err("escapes");
    }
    // Another name of the file may lie anywhere.
    if host.metadata(&real).is_ok_and(|found| found.file_type == FileType::File && found.names > 1) {
        return Err("hard-link");
    }
    Ok(path)
}

/// The paths that a document includes, wherever `$include` stands in it, and the strings that name them.
#[must_use]
pub fn written(document: &Document) -> Vec<(NodeId, &str)> {
    let string = |id: NodeId| match &document.node(id).kind {
        json5::NodeKind::String(text) => Some((id, &**text)),
        _ => None,
    };
    let mut found = Vec::new();
    for (_, node) in document.nodes() {
        let json5::NodeKind::Object(members) = &node.kind else { continue };
        for member in members.iter().filter(|member| &*member.key == INCLUDE) {
            match &document.node(member.value).kind {
                json5::NodeKind::Array(items) => found.extend(items.iter().filter_map(|item| string(*item))),
                _ => found.extend(string(member.value)),
            }
        }
    }
    found
}

/// Replaces the includes of one config. Problems are collected; the object of a failed include keeps its other members.
#[derive(Debug)]
pub struct Resolver<'a> {
    host: &'a dyn Host,
    sources: &'a Sources,
    library: &'a Library,
    confinement: Confinement,
    /// Files that are being included, outermost first.
    chain: Vec<PathBuf>,
    sites: Vec<IncludeSite>,
    /// Bytes of all that was included.
    bytes: usize,
    problems: Vec<IncludeProblem>,
}

impl std::fmt::Debug for dyn Host + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Host")
    }
}

impl<'a> Resolver<'a> {
    /// A resolver for the config at `top` (absolute).
    #[must_use]
    pub fn new(
        host: &'a dyn Host,
        sources: &'a Sources,
        library: &'a Library,
        confinement: Confinement,
        top: PathBuf,
    ) -> Self {
        Self {
            host,
            sources,
            library,
            confinement,
            chain: vec![top],
            sites: Vec::new(),
            bytes: 0,
            problems: Vec::new(),
        }
    }

    /// Resolves the includes of a value.
    #[must_use]
    pub fn resolve(mut self, value: Value) -> (Value, Vec<IncludeSite>, Vec<IncludeProblem>) {
        let value = self.value(value);
        (value, self.sites, self.problems)
    }

    fn value(&mut self, mut value: Value) -> Value {
        match value.kind {
            Kind::Array(items) => {
                value.kind = Kind::Array(items.into_iter().map(|item| self.value(item)).collect());
                value
            }
            Kind::Object(members) => self.object(members, value.origin),
            kind => {
                value.kind = kind;
                value
            }
        }
    }

    fn object(&mut self, members: Vec<Member>, origin: Origin) -> Value {
        let (mut include, mut siblings) = (None, Vec::with_capacity(members.len()));
        for mut member in members {
            if &*member.key == INCLUDE {
                include = Some(member.value);
            } else {
                member.value = self.value(member.value);
                siblings.push(member);
            }
        }
        let siblings = Value::new(Kind::Object(siblings), origin);
        let Some(include) = include else { return siblings };
        let Some(included) = self.included(&include, origin) else { return siblings };
        if siblings.members().is_empty() {
            return included;
        }
        if !matches!(included.kind, Kind::Object(_)) {
            self.fail("sibling", &include, String::new());
            return siblings;
        }
        merge(included, siblings)
    }

    fn included(&mut self, include: &Value, origin: Origin) -> Option<Value> {
        match &include.kind {
            Kind::String(written) => self.file(include, written),
            Kind::Array(items) => {
                let mut all = Value::new(Kind::Object(Vec::new()), origin);
                for item in items {
                    let part = match item.as_str() {
                        Some(written) => self.file(item, written)?,
                        None => return self.fail("bad-value", item, item.type_name().to_owned()),
                    };
                    if !matches!(part.kind, Kind::Object(_)) {
                        return self.fail("not-object", item, String::new());
                    }
                    all = merge(all, part);
                }
                Some(all)
            }
            _ => self.fail("bad-value", include, include.type_name().to_owned()),
        }
    }

    /// The value of an included file, its own includes resolved.
    fn file(&mut self, site: &Value, written: &str) -> Option<Value> {
        if self.sites.len() >= MOST_FILES || self.bytes > MOST_BYTES {
            let is_said = self.problems.last().is_some_and(|problem| problem.outcome == TOO_MANY);
            return if is_said { None } else { self.fail(TOO_MANY, site, written.to_owned()) };
        }
        let folder = self.chain.last().and_then(|file| file.parent()).map(PathBuf::from).unwrap_or_default();
        let path = match locate(self.host, &self.confinement, &folder, written) {
            Ok(path) => path,
            Err(outcome) => return self.fail(outcome, site, written.to_owned()),
        };
        if self.chain.contains(&path) {
            return self.fail("cycle", site, written.to_owned());
        }
        if self.chain.len() > DEEPEST {
            return self.fail("too-deep", site, written.to_owned());
        }
        let found = self.library.get(&path).and_then(|file| Some((file, self.sources.get(file)?)));
        let Some((file, source)) = found else { return self.fail("unreadable", site, written.to_owned()) };
        let document = json5::parse(source.text(), &json5::Options::default());
        self.sites.push(IncludeSite { file, origin: site.origin });
        self.bytes += source.text().len();
        let value = value_of(file, &document, &mut Vec::new()).filter(|_| document.is_valid());
        let Some(value) = value else { return self.fail("unparsable", site, written.to_owned()) };
        self.chain.push(path);
        let value = self.value(value);
        self.chain.pop();
        Some(value)
    }

    fn fail(&mut self, outcome: &'static str, site: &Value, written: String) -> Option<Value> {
        self.problems.push(IncludeProblem { outcome, origin: site.origin, written });
        None
    }
}

/// Objects are merged member by member, arrays joined, and of anything else the later value wins.
fn merge(earlier: Value, later: Value) -> Value {
    match (earlier.kind, later.kind) {
        (Kind::Object(mut members), Kind::Object(more)) => {
            for member in more {
                match members.iter_mut().find(|known| known.key == member.key) {
                    Some(known) => {
                        let nothing = Value::new(Kind::Null, known.value.origin);
                        let before = std::mem::replace(&mut known.value, nothing);
                        known.value = merge(before, member.value);
                        known.key_origin = member.key_origin;
                    }
                    None => members.push(member),
                }
            }
            Value::new(Kind::Object(members), later.origin)
        }
        (Kind::Array(mut items), Kind::Array(more)) => {
            items.extend(more);
            Value::new(Kind::Array(items), later.origin)
        }
        (_, kind) => Value { kind, origin: later.origin, raw: later.raw, unresolved: later.unresolved },
    }
}
