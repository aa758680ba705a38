//! The tree that parsing gives: nodes in an arena, each with its span. The text itself is not kept here.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::error::SyntaxError;
use super::string;
use crate::source::{Hidden, Span};

/// Names a node of one [`Document`]. Ids ascend in source order, a container before what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Its place among the nodes of its document, from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The whole value, quotes and brackets included.
    pub span: Span,
}

impl fmt::Debug for NodeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(value) => f.debug_tuple("Bool").field(value).finish(),
            Self::Number(number) => f.debug_tuple("Number").field(number).finish(),
            Self::String(text) => f.debug_tuple("String").field(&Hidden(text)).finish(),
            Self::Array(items) => f.debug_tuple("Array").field(items).finish(),
            Self::Object(members) => f.debug_tuple("Object").field(members).finish(),
            Self::Error => f.write_str("Error"),
        }
    }
}

/// What a value is. Debug output does not show strings.
#[derive(Clone, PartialEq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as JavaScript reads it; `Infinity` and `NaN` included. The span's text has it as written.
    Number(f64),
    /// A string, escapes decoded.
    String(Arc<str>),
    /// Elements in source order.
    Array(Vec<NodeId>),
    /// Members in source order, repeated keys included.
    Object(Vec<Member>),
    /// Something unreadable stands here; or nothing does, and the span is empty.
    Error,
}

/// How a key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyStyle {
    /// Without quotes. Also a key that would have needed them.
    Bare,
    /// In single quotes.
    Single,
    /// In double quotes. Also in back-ticks or typographic quotes, which are errors.
    Double,
}

/// A `key: value` pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key, escapes decoded.
    pub key: Arc<str>,
    /// The key in the source, quotes included.
    pub key_span: Span,
    /// How it is written.
    pub key_style: KeyStyle,
    /// The value.
    pub value: NodeId,
    /// From the key's start to the value's end.
    pub span: Span,
}

/// A key that an object has more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The object.
    pub object: NodeId,
    /// The key.
    pub key: Arc<str>,
    /// Indices of the object's members with that key, ascending, two or more. The last one wins.
    pub members: Vec<usize>,
}

/// The two kinds of comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommentKind {
    /// `// …`
    Line,
    /// `/* … */`
    Block,
}

/// A comment and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// With its marks, without the line break that ends a line comment.
    pub span: Span,
    /// Which kind.
    pub kind: CommentKind,
}

/// The ways to end a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineBreak {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r` alone
    Cr,
}

/// What one text holds.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Option<NodeId>,
    pub(super) comments: Vec<Comment>,
    pub(super) errors: Vec<SyntaxError>,
    pub(super) valid: bool,
    pub(super) lone_surrogates: Vec<Span>,
    pub(super) raw_separators: Vec<Span>,
    pub(super) trailing_commas: Vec<Span>,
    pub(super) bom: bool,
    pub(super) line_break: Option<LineBreak>,
}

/// What [`Document::node`] gives for an id of another document.
static NO_NODE: Node = Node { kind: NodeKind::Error, span: Span { start: 0, end: 0 } };

impl Document {
    /// The one value; `None` for an empty file, or when nothing could be read.
    #[must_use]
    pub const fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// The node that `id` names. An id of another document may give an [`NodeKind::Error`] at 0.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).unwrap_or(&NO_NODE)
    }

    /// Every node in source order, also those that recovery kept but could not attach to the root.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0..).map(NodeId).zip(&self.nodes)
    }

    /// The member of `object` that counts for `key`: the last one. `None` too when `object` is not an object.
    #[must_use]
    pub fn member(&self, object: NodeId, key: &str) -> Option<&Member> {
        match &self.node(object).kind {
            NodeKind::Object(members) => members.iter().rev().find(|member| &*member.key == key),
            _ => None,
        }
    }

    /// Comments in source order.
    #[must_use]
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// Errors in source order, at most as many as the options allow.
    #[must_use]
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Whether OpenClaw's own parser would take the text, and no limit was hit.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        self.valid
    }

    /// Escapes (`\uD800` to `\uDFFF`) that are half a surrogate pair. JavaScript keeps them, UTF-8 cannot: the value
    /// has U+FFFD there.
    #[must_use]
    pub fn lone_surrogates(&self) -> &[Span] {
        &self.lone_surrogates
    }

    /// Raw U+2028 and U+2029 in strings: allowed, but JavaScript tools and editors take them for line breaks.
    #[must_use]
    pub fn raw_separators(&self) -> &[Span] {
        &self.raw_separators
    }

    /// Commas directly before a closing bracket.
    #[must_use]
    pub fn trailing_commas(&self) -> &[Span] {
        &self.trailing_commas
    }

    /// Whether an error may have shifted the structure: which object a member belongs to is then a guess.
    #[must_use]
    pub fn brackets_in_doubt(&self) -> bool {
        self.errors.iter().any(|error| error.kind.casts_doubt_on_brackets())
    }

    /// Whether the text begins with U+FEFF.
    #[must_use]
    pub const fn has_bom(&self) -> bool {
        self.bom
    }

    /// How the first line ends; `None` when there is only one.
    #[must_use]
    pub const fn line_break(&self) -> Option<LineBreak> {
        self.line_break
    }

    /// Keys that an object has more than once: by object in source order, then by first occurrence.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Duplicate> {
        let mut found = Vec::new();
        for (id, node) in self.nodes() {
            if let NodeKind::Object(members) = &node.kind {
                duplicates_of(id, members, &mut found);
            }
        }
        found
    }

    /// Where the bytes `decoded` of a string's value stand in the source `text`.
    ///
    /// Exact also with escapes and line continuations; an escape that the range cuts is taken whole. Ranges are clamped
    /// to the value. For a node that is not a string: its whole span.
    #[must_use]
    pub fn subspan(&self, text: &str, string: NodeId, decoded: Range<usize>) -> Span {
        let node = self.node(string);
        match &node.kind {
            NodeKind::String(value) => inside(text, node.span, true, value.len(), decoded),
            _ => node.span,
        }
    }

    /// The same for a key.
    #[must_use]
    pub fn key_subspan(&self, text: &str, member: &Member, decoded: Range<usize>) -> Span {
        inside(text, member.key_span, member.key_style != KeyStyle::Bare, member.key.len(), decoded)
    }
}

/// Where the bytes `decoded` of a string literal's value (`total` bytes long) stand in the source; the literal lies at
/// `literal`, quotes included. For those who kept a span but not the document.
#[must_use]
pub fn literal_subspan(text: &str, literal: Span, total: usize, decoded: Range<usize>) -> Span {
    inside(text, literal, true, total, decoded)
}

fn inside(text: &str, span: Span, quoted: bool, total: usize, decoded: Range<usize>) -> Span {
    let raw = span.slice(text);
    let quote = raw.chars().next().filter(|_| quoted).map_or(0, char::len_utf8);
    let place = string::locate(raw.get(quote..).unwrap_or(""), decoded, total);
    let offset = |at: usize| span.start + u32::try_from(quote + at).unwrap_or(0);
    Span::new(offset(place.start), offset(place.end))
}

fn duplicates_of(object: NodeId, members: &[Member], found: &mut Vec<Duplicate>) {
    // Few keys are compared sooner than they are hashed.
    const FEW: usize = 8;
    let differ = |(at, member): (usize, &Member)| members.iter().take(at).all(|other| other.key != member.key);
    if members.len() <= FEW && members.iter().enumerate().all(differ) {
        return;
    }
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(members.len());
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for (index, member) in members.iter().enumerate() {
        let earlier = match first.entry(&member.key) {
            Entry::Vacant(entry) => {
                entry.insert(index);
                continue;
            }
            Entry::Occupied(entry) => *entry.get(),
        };
        let group = *group_of.entry(earlier).or_insert_with(|| {
            groups.push((earlier, vec![earlier]));
            groups.len() - 1
        });
        if let Some((_, indices)) = groups.get_mut(group) {
            indices.push(index);
        }
    }
    groups.sort_by_key(|(first, _)| *first);
    let keyed = groups.into_iter().filter_map(|(first, indices)| Some((members.get(first)?.key.clone(), indices)));
    found.extend(keyed.map(|(key, members)| Duplicate { object, key, members }));
}
