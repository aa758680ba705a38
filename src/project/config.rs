//! From a parsed config to the value that OpenClaw would see.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::discover::Role;
use crate::source::{FileId, Sources};
use crate::syntax::json5::{Document, NodeId, NodeKind};

use super::environment::Environment;
use super::include::{IncludeProblem, IncludeSite};
use super::keys::Keys;
use super::rewrite::{self, Rewrite};
use super::substitute::{self, VariableUse};
use super::{Kind, Layout, Member, Origin, Value, layout};

/// A config file as the checks see it.
#[derive(Debug)]
pub struct Config {
    /// Its id.
    pub file: FileId,
    /// Its file name without folders.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The layout it is linted in.
    pub layout: Layout,
    /// Pointers of keys of the other layout.
    pub foreign_keys: Vec<&'static str>,
    /// The tree as written.
    pub document: Document,
    /// The value that OpenClaw would see; `None` when nothing could be read.
    pub root: Option<Value>,
    /// Uses of variables, in the order of the value.
    pub references: Vec<VariableUse>,
    /// Files that were included, with the place of the `$include`.
    pub includes: Vec<IncludeSite>,
    /// Includes that failed.
    pub include_problems: Vec<IncludeProblem>,
    /// What OpenClaw changes silently or with a warning while it loads the file.
    pub rewrites: Vec<Rewrite>,
    /// Places of keys named `__proto__`: their values never arrive.
    pub proto_keys: Vec<Origin>,
    /// Whether the paths of its values are longer together than anything can be said about: then there is no
    /// `root`.
    pub heavy: bool,
    keys: OnceLock<Keys>,
}

/// Bytes that the paths of all values may have together. Each finding names its path several times: a hundred thousand
/// values below a key of a megabyte are not worth a hundred gigabytes. An ordinary file of 32 MB has half of it.
const HEAVIEST: usize = 512 << 20;

/// Brackets within brackets, at most.
const DEEPEST: usize = 512;

/// The bytes of the paths of a value and of all in it, `before` it one of so many; counted only as far as [`HEAVIEST`].
fn weight(value: &Value, before: usize) -> usize {
    let members = value.members().iter().map(|member| (&member.value, member.key.len().max(STEP)));
    let items = value.items().iter().map(|item| (item, STEP));
    let inside = members.chain(items).try_fold(before, |sum, (child, step)| {
        let sum = sum + weight(child, before + step + 1);
        (sum <= HEAVIEST).then_some(sum)
    });
    inside.unwrap_or(HEAVIEST + 1)
}

/// Bytes that a step of a path takes at least, however short its key.
const STEP: usize = 16;

/// A document and how it was read, for [`Config::new`].
#[derive(Debug)]
pub struct Written {
    /// The file.
    pub file: FileId,
    /// Its file name without folders.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Its tree.
    pub document: Document,
}

/// How configs are turned into values.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The layout, when it is not to be read off the keys.
    pub layout: Option<Layout>,
    /// Keys of the target release that decide which rewrites it makes.
    pub known: rewrite::Known,
}

impl Config {
    /// Builds the value of a document: includes are resolved by `include`, then variables are replaced, then OpenClaw's
    /// own rewrites are made.
    #[must_use]
    pub fn new(
        written: Written,
        sources: &Sources,
        environment: &Environment,
        options: &Options,
        include: impl FnOnce(Value) -> (Value, Vec<IncludeSite>, Vec<IncludeProblem>),
    ) -> Self {
        let Written { file, name, role, document } = written;
        let mut proto_keys = Vec::new();
        let as_written = value_of(file, &document, &mut proto_keys);
        let (root, includes, include_problems) = match as_written {
            Some(value) => {
                let (value, sites, problems) = include(value);
                (Some(value), sites, problems)
            }
            None => (None, Vec::new(), Vec::new()),
        };
        let length = |file| sources.get(file).map_or(0, |source| source.text().len());
        // No path is longer than the file and its steps together: what cannot be too heavy is not weighed.
        let heaviest = document.nodes().count().saturating_mul(length(file) + DEEPEST * (STEP + 1));
        let light = includes.is_empty() && heaviest <= HEAVIEST;
        let heavy = !light && root.as_ref().is_some_and(|root| weight(root, 0) > HEAVIEST);
        let root = root.filter(|_| !heavy);
        let detection = root.as_ref().map(layout::detect);
        let detected = detection.as_ref().map_or(Layout::OpenClaw, |detection| detection.layout);
        let mut config = Self {
            file,
            name,
            role,
            layout: options.layout.unwrap_or(detected),
            foreign_keys: detection.map(|detection| detection.foreign).unwrap_or_default(),
            document,
            root,
            references: Vec::new(),
            includes,
            include_problems,
            rewrites: Vec::new(),
            proto_keys,
            heavy,
            keys: OnceLock::new(),
        };
        if let Some(root) = &mut config.root {
            config.references = substitute::replace(root, sources, &own_variables(root, environment));
            if config.layout == Layout::OpenClaw {
                config.rewrites = rewrite::apply(root, options.known);
            }
        }
        config
    }

    /// Whether this is a template whose placeholders keep it from being JSON5: OpenClaw will only ever see what is made
    /// from it.
    #[must_use]
    pub fn is_unrendered_template(&self) -> bool {
        self.role == Role::Template && !self.document.is_valid()
    }

    /// The keys in it, at any depth; gathered at the first question.
    pub(crate) fn keys(&self) -> &Keys {
        self.keys.get_or_init(|| {
            let mut keys = Keys::default();
            self.root.iter().for_each(|root| gather(&mut keys, root));
            keys
        })
    }

    /// Whether includes of it were left out that OpenClaw may follow.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.include_problems.iter().any(|problem| matches!(problem.outcome, "too-many" | "too-nested"))
    }

    /// Its file, and those that it includes; one that is included twice comes twice.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        std::iter::once(self.file).chain(self.includes.iter().map(|site| site.file))
    }
}

fn gather(keys: &mut Keys, value: &Value) {
    for member in value.members() {
        keys.add(&member.key);
        gather(keys, &member.value);
    }
    value.items().iter().for_each(|item| gather(keys, item));
}

/// The environment with the config's own `env.vars` (and the older flat form): literal values fill what is missing or
/// blank. Values with references and blank ones do not count.
fn own_variables(root: &Value, environment: &Environment) -> Environment {
    let mut environment = environment.clone();
    let env = root.get("env");
    for object in env.and_then(|env| env.get("vars")).into_iter().chain(env) {
        for member in object.members() {
            let literal = member.value.as_str().filter(|text| !text.contains("${") && !text.trim().is_empty());
            if let Some(value) = literal {
                environment.fill(&member.key, value);
            }
        }
    }
    environment
}

/// The value of a document as it is written. The walk is as deep as the document, which the parser bounds.
#[must_use]
pub(super) fn value_of(file: FileId, document: &Document, proto_keys: &mut Vec<Origin>) -> Option<Value> {
    Builder { file, document, proto_keys }.value(document.root()?)
}

/// The value of a document of the linter's own: nothing is replaced in it.
#[must_use]
pub fn plain(file: FileId, document: &Document) -> Option<Value> {
    value_of(file, document, &mut Vec::new())
}

struct Builder<'d> {
    file: FileId,
    document: &'d Document,
    proto_keys: &'d mut Vec<Origin>,
}

impl Builder<'_> {
    /// The value of a node; `None` where it could not be read.
    fn value(&mut self, id: NodeId) -> Option<Value> {
        let node = self.document.node(id);
        let kind = match &node.kind {
            NodeKind::Error => return None,
            NodeKind::Null => Kind::Null,
            NodeKind::Bool(value) => Kind::Bool(*value),
            NodeKind::Number(number) => Kind::Number(*number),
            NodeKind::String(text) => Kind::String(text.clone()),
            NodeKind::Array(items) => Kind::Array(items.iter().filter_map(|item| self.value(*item)).collect()),
            NodeKind::Object(members) => Kind::Object(self.members(members).into()),
        };
        Some(Value::new(kind, Origin { file: self.file, span: node.span }))
    }

    /// The last of equal keys wins and keeps the place of the first, as in JavaScript; `__proto__` never arrives.
    fn members(&mut self, members: &[crate::syntax::json5::Member]) -> Vec<Member> {
        // Few keys are compared sooner than they are hashed.
        const FEW: usize = 24;
        let many = members.len() > FEW;
        let mut kept: Vec<Member> = Vec::with_capacity(members.len());
        let mut places: HashMap<&str, usize> = HashMap::new();
        for member in members {
            let key_origin = Origin { file: self.file, span: member.key_span };
            if &*member.key == "__proto__" {
                self.proto_keys.push(key_origin);
                continue;
            }
            let Some(value) = self.value(member.value) else { continue };
            let member_now = Member { key: member.key.clone(), key_origin, value };
            let earlier = if many {
                places.get(&*member.key).copied()
            } else {
                kept.iter().position(|known| *known.key == *member.key)
            };
            match earlier.and_then(|place| kept.get_mut(place)) {
                Some(earlier) => *earlier = member_now,
                None => {
                    if many {
                        places.insert(&member.key, kept.len());
                    }
                    kept.push(member_now);
                }
            }
        }
        kept
    }
}
