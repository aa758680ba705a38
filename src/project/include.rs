//! `$include`: other files in the place of an object, as OpenClaw resolves it before anything else
//! (confined to the folder of the top file, ten levels deep, 2 MiB a file).

use std::collections::HashMap;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use crate::host::{FileType, Host, lexical};
use crate::source::{FileId, Sources, Span};
use crate::syntax::json5::{self, Document, NodeId};

use super::config::value_of;
use super::{Kind, Member, Members, Origin, Value};

/// The key.
const INCLUDE: &str = "$include";
/// Nested includes beyond this many levels fail.
const DEEPEST: usize = 10;
/// Larger included files fail, in bytes.
pub const LARGEST: u64 = 2 * 1024 * 1024;
/// Paths of this many characters or more fail.
const LONGEST_PATH: usize = 4096;
/// Includes that are followed for one config, and bytes that they bring in: files that include each other twice grow
/// exponentially.
const MOST_FILES: usize = 20_000;
const MOST_BYTES: usize = 32 << 20;
/// Levels of brackets in a config with its includes, as in a single file: what walks over values recurses.
const DEEPEST_VALUE: usize = json5::MAX_DEPTH as usize;

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
    /// Whether there were more than are read.
    overflowed: bool,
}

/// What may still be read or followed for one config.
#[derive(Debug)]
pub struct Budget {
    files: usize,
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { files: MOST_FILES, bytes: MOST_BYTES }
    }
}

impl Budget {
    /// Takes a file of so many bytes off; false when it is too much.
    pub fn take(&mut self, bytes: usize) -> bool {
        match (self.files.checked_sub(1), self.bytes.checked_sub(bytes)) {
            (Some(files), Some(left)) => {
                (self.files, self.bytes) = (files, left);
                true
            }
            _ => false,
        }
    }
}

impl Library {
    /// Remembers that something was left out.
    pub fn overflow(&mut self) {
        self.overflowed = true;
    }

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
    /// Levels of brackets around the value that is looked at.
    depth: usize,
    budget: Budget,
    /// Whether the problem that the budget is spent has been reported.
    stopped: bool,
    sites: Vec<IncludeSite>,
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
            depth: 0,
            budget: Budget::default(),
            stopped: false,
            sites: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Resolves the includes of a value.
    #[must_use]
    pub fn resolve(mut self, mut value: Value) -> (Value, Vec<IncludeSite>, Vec<IncludeProblem>) {
        self.value(&mut value);
        (value, self.sites, self.problems)
    }

    fn value(&mut self, value: &mut Value) {
        self.depth += 1;
        match &mut value.kind {
            Kind::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Kind::Object(members) => {
                let others = members.iter_mut().filter(|member| &*member.key != INCLUDE);
                others.for_each(|member| self.value(&mut member.value));
                if members.find(INCLUDE).is_some() {
                    let members = std::mem::take(members);
                    *value = self.object(members.into(), value.origin);
                }
            }
            _ => {}
        }
        self.depth -= 1;
    }

    /// An object with an include in it, its other members resolved.
    fn object(&mut self, members: Vec<Member>, origin: Origin) -> Value {
        let (mut include, mut siblings) = (None, Vec::with_capacity(members.len()));
        for member in members {
            if &*member.key == INCLUDE {
                include = Some(member.value);
            } else {
                siblings.push(member);
            }
        }
        let siblings = Value::new(Kind::Object(siblings.into()), origin);
        let Some(include) = include else { return siblings };
        let Some(included) = self.included(&include, origin) else { return siblings };
        if siblings.members().is_empty() {
            return included;
        }
        if !matches!(included.kind, Kind::Object(_)) {
            self.fail("sibling", &include, String::new());
            return siblings;
        }
        merged(vec![included, siblings])
    }

    fn included(&mut self, include: &Value, origin: Origin) -> Option<Value> {
        match &include.kind {
            Kind::String(written) => self.file(include, written),
            Kind::Array(items) => {
                let mut all = vec![Value::new(Kind::Object(Members::default()), origin)];
                for item in items {
                    let part = match item.as_str() {
                        Some(written) => self.file(item, written)?,
                        None => return self.fail("bad-value", item, item.type_name().to_owned()),
                    };
                    if !matches!(part.kind, Kind::Object(_)) {
                        return self.fail("not-object", item, String::new());
                    }
                    all.push(part);
                }
                Some(merged(all))
            }
            _ => self.fail("bad-value", include, include.type_name().to_owned()),
        }
    }

    /// The value of an included file, its own includes resolved.
    fn file(&mut self, site: &Value, written: &str) -> Option<Value> {
        if self.stopped {
            return None;
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
        let Some((file, source)) = found else {
            let outcome = if self.library.overflowed && !self.library.knows(&path) { "too-many" } else { "unreadable" };
            self.stopped = outcome == "too-many";
            return self.fail(outcome, site, written.to_owned());
        };
        if !self.budget.take(source.text().len()) {
            self.stopped = true;
            return self.fail("too-many", site, written.to_owned());
        }
        let document = json5::parse(source.text(), &json5::Options::default());
        self.sites.push(IncludeSite { file, origin: site.origin });
        let value = value_of(file, &document, &mut Vec::new()).filter(|_| document.is_valid());
        let Some(mut value) = value else { return self.fail("unparsable", site, written.to_owned()) };
        // It stands in the place of the object that includes it.
        let around = self.depth.saturating_sub(1);
        if around + depth_of(&document) > DEEPEST_VALUE {
            return self.fail("too-nested", site, written.to_owned());
        }
        let depth = std::mem::replace(&mut self.depth, around);
        self.chain.push(path);
        self.value(&mut value);
        self.chain.pop();
        self.depth = depth;
        Some(value)
    }

    fn fail(&mut self, outcome: &'static str, site: &Value, written: String) -> Option<Value> {
        self.problems.push(IncludeProblem { outcome, origin: site.origin, written });
        None
    }
}

/// Levels of brackets in a document. A container stands before what it holds, and ends after it.
fn depth_of(document: &Document) -> usize {
    let (mut open, mut deepest): (Vec<u32>, usize) = (Vec::new(), 0);
    for (_, node) in document.nodes() {
        while open.last().is_some_and(|end| *end <= node.span.start) {
            open.pop();
        }
        if matches!(node.kind, json5::NodeKind::Object(_) | json5::NodeKind::Array(_)) {
            open.push(node.span.end);
            deepest = deepest.max(open.len());
        }
    }
    deepest
}

/// Values as one, the later on the earlier: objects are merged member by member, arrays joined, and of anything else the
/// later value wins. All at once: one by one, many files would take time in the square of their number.
fn merged(mut values: Vec<Value>) -> Value {
    let nothing = || Value::new(Kind::Null, Origin { file: FileId(u32::MAX), span: Span::at(0) });
    let Some(origin) = values.last().map(|last| last.origin) else { return nothing() };
    // What stands before a value of another type is lost.
    let kind = values.last().map(|last| std::mem::discriminant(&last.kind));
    let others = values.iter().rposition(|value| Some(std::mem::discriminant(&value.kind)) != kind);
    let mut rest = values.drain(others.map_or(0, |at| at + 1)..);
    match rest.as_slice().first().map(|first| &first.kind) {
        Some(Kind::Object(_)) if rest.len() > 1 => {
            let mut groups: Vec<(Member, Vec<Value>)> = Vec::new();
            let mut places: HashMap<Arc<str>, usize> = HashMap::new();
            for value in rest {
                let Kind::Object(members) = value.kind else { continue };
                for mut member in Vec::from(members) {
                    let value = std::mem::replace(&mut member.value, nothing());
                    let place = *places.entry(Arc::clone(&member.key)).or_insert(groups.len());
                    match groups.get_mut(place) {
                        Some((known, values)) => {
                            known.key_origin = member.key_origin;
                            values.push(value);
                        }
                        None => groups.push((member, vec![value])),
                    }
                }
            }
            let members = groups.into_iter().map(|(member, values)| Member { value: merged(values), ..member });
            Value::new(Kind::Object(members.collect()), origin)
        }
        Some(Kind::Array(_)) if rest.len() > 1 => {
            let items = rest.filter_map(|value| match value.kind {
                Kind::Array(items) => Some(items),
                _ => None,
            });
            Value::new(Kind::Array(items.flatten().collect()), origin)
        }
        _ => rest.next_back().unwrap_or_else(nothing),
    }
}
