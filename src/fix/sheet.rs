//! A text that is to be edited, with its tree, indexed: each question about a place of it takes the time of a search, so
//! that a hundred thousand fixes of one file take as long as a hundred thousand searches.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

use crate::source::{LineIndex, SourceFile, Span};
use crate::syntax::json5::{Comment, Document, Member, Node, NodeId, NodeKind};

/// Objects with more members than this have an index of their keys.
const WIDE: usize = 32;

/// Where keys and values stand in a document with errors.
struct Places {
    /// Object and index of the member.
    keys: HashMap<Span, (NodeId, usize)>,
    values: HashMap<Span, (NodeId, usize)>,
    nodes: HashMap<Span, NodeId>,
}

pub(super) struct Sheet<'a> {
    pub(super) text: &'a str,
    pub(super) document: &'a Document,
    /// The file of the text, which knows its lines.
    source: Option<&'a SourceFile>,
    /// Whether comments may go.
    lossy: Cell<bool>,
    lines: OnceCell<LineIndex>,
    line_break: OnceCell<&'static str>,
    places: OnceCell<Places>,
    wide: RefCell<HashMap<NodeId, HashMap<&'a str, usize>>>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(text: &'a str, document: &'a Document) -> Self {
        Self {
            text,
            document,
            source: None,
            lossy: Cell::new(false),
            lines: OnceCell::new(),
            line_break: OnceCell::new(),
            places: OnceCell::new(),
            wide: RefCell::default(),
        }
    }

    /// The sheet of a file.
    pub(super) fn of_file(source: &'a SourceFile, document: &'a Document) -> Self {
        Self { source: Some(source), ..Self::new(source.text(), document) }
    }

    pub(super) fn node(&self, id: NodeId) -> &'a Node {
        self.document.node(id)
    }

    pub(super) fn slice(&self, span: Span) -> &'a str {
        span.slice(self.text)
    }

    pub(super) fn part(&self, from: u32, to: u32) -> &'a str {
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }

    /// Members of an object; none of anything else.
    pub(super) fn members(&self, object: NodeId) -> &'a [Member] {
        match &self.document.node(object).kind {
            NodeKind::Object(members) => members,
            _ => &[],
        }
    }

    /// The member of an object that counts for a key: the last one.
    pub(super) fn member(&self, object: NodeId, key: &str) -> Option<&'a Member> {
        let members = self.members(object);
        if members.len() <= WIDE {
            return self.document.member(object, key);
        }
        let mut wide = self.wide.borrow_mut();
        let index =
            wide.entry(object).or_insert_with(|| (0..).zip(members).map(|(at, member)| (&*member.key, at)).collect());
        members.get(*index.get(key)?)
    }

    /// The member whose key or value is at a place.
    pub(super) fn member_at(&self, place: Span) -> Option<(NodeId, &'a Member)> {
        if let Some(places) = self.places() {
            let (object, at) = places.keys.get(&place).or_else(|| places.values.get(&place))?;
            return Some((*object, self.members(*object).get(*at)?));
        }
        let mut at = self.document.root()?;
        while let Some((child, member)) = self.child_around(at, place) {
            if let Some(member) = member.filter(|member| member.key_span == place || self.node(child).span == place) {
                return Some((at, member));
            }
            at = child;
        }
        None
    }

    pub(super) fn value_at(&self, place: Span) -> Option<&'a NodeKind> {
        if let Some(places) = self.places() {
            return Some(&self.node(*places.nodes.get(&place)?).kind);
        }
        let mut at = self.document.root()?;
        while self.node(at).span != place {
            at = self.child_around(at, place)?.0;
        }
        Some(&self.node(at).kind)
    }

    /// The child of a node in which a place can be, with its member if it has a key: the last that begins no later.
    fn child_around(&self, node: NodeId, place: Span) -> Option<(NodeId, Option<&'a Member>)> {
        match &self.node(node).kind {
            NodeKind::Object(members) => {
                let after = members.partition_point(|member| member.span.start <= place.start);
                members.get(after.checked_sub(1)?).map(|member| (member.value, Some(member)))
            }
            NodeKind::Array(items) => {
                let after = items.partition_point(|item| self.node(*item).span.start <= place.start);
                items.get(after.checked_sub(1)?).map(|item| (*item, None))
            }
            _ => None,
        }
    }

    /// `None` for a document without errors, in which the tree itself leads to any place. What recovery kept may hang on no
    /// tree, and what is unreadable is empty: there each place is looked up.
    fn places(&self) -> Option<&Places> {
        if self.document.errors().is_empty() {
            return None;
        }
        Some(self.places.get_or_init(|| {
            let mut places = Places { keys: HashMap::new(), values: HashMap::new(), nodes: HashMap::new() };
            for (id, node) in self.document.nodes() {
                // Of several the first: what is unreadable is empty, and may share its place.
                places.nodes.entry(node.span).or_insert(id);
                if let NodeKind::Object(members) = &node.kind {
                    for (at, member) in members.iter().enumerate() {
                        places.keys.entry(member.key_span).or_insert((id, at));
                        places.values.entry(self.document.node(member.value).span).or_insert((id, at));
                    }
                }
            }
            places
        }))
    }

    /// The comments within a span.
    pub(super) fn comments_in(&self, span: Span) -> &'a [Comment] {
        let comments = self.document.comments();
        let first = comments.partition_point(|comment| comment.span.start < span.start);
        let rest = comments.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|comment| comment.span.end <= span.end)).unwrap_or_default()
    }

    /// Whether a comment in a span stands in the way of an edit.
    pub(super) fn has_comment(&self, span: Span) -> bool {
        !self.lossy.get() && !self.comments_in(span).is_empty()
    }

    /// Whether edits may lose comments.
    pub(super) const fn is_lossy(&self) -> bool {
        self.lossy.get()
    }

    /// Asks for edits that may lose comments.
    pub(super) fn lossy<T>(&self, edits: impl FnOnce() -> T) -> T {
        self.lossy.set(true);
        let found = edits();
        self.lossy.set(false);
        found
    }

    /// How the file ends its lines.
    pub(super) fn line_break(&self) -> &'static str {
        self.line_break.get_or_init(|| if self.text.contains("\r\n") { "\r\n" } else { "\n" })
    }

    /// The start of the line of an offset, and the end of the line (before its break).
    pub(super) fn line_around(&self, at: Span) -> (u32, u32) {
        let lines = self.lines();
        let line = |offset| lines.line_span(self.text, lines.line_of(offset)).unwrap_or(at);
        let (start, end) = (line(at.start).start, line(at.end).end);
        (start, end.max(at.end))
    }

    /// The line of a byte, from 1.
    pub(super) fn line_of(&self, offset: u32) -> u32 {
        self.lines().line_of(offset)
    }

    fn lines(&self) -> &LineIndex {
        match self.source {
            Some(source) => source.lines(),
            None => self.lines.get_or_init(|| LineIndex::new(self.text)),
        }
    }

    /// The whole lines of a span that has them to itself, with the line break; else the span and blanks behind it.
    pub(super) fn with_line(&self, span: Span) -> Span {
        let (start, end) = self.line_around(span);
        // Each looks from the span outwards: a long line is not walked over for each place in it.
        let alone =
            self.part(start, span.start).trim_end().is_empty() && self.part(span.end, end).trim_start().is_empty();
        if alone {
            let rest = self.text.get(end as usize..).unwrap_or_default();
            let line_break = if rest.starts_with("\r\n") { 2 } else { u32::from(!rest.is_empty()) };
            return Span::new(start, end + line_break);
        }
        let rest = self.part(span.end, end);
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        Span::new(span.start, span.end + u32::try_from(blanks).unwrap_or(0))
    }

    /// A member and the comma after it, when nothing but blanks is between them; comments in between keep their place.
    pub(super) fn with_comma(&self, member: Span) -> Span {
        let rest = self.text.get(member.end as usize..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start().len();
        let is_comma = rest.get(blanks..).is_some_and(|rest| rest.starts_with(','));
        let comma = member.end + u32::try_from(blanks).unwrap_or(0);
        if is_comma { Span::new(member.start, comma + 1) } else { member }
    }

    /// The end of the last text before `at` that is neither blank nor in a comment.
    pub(super) fn last_token(&self, at: u32) -> Option<u32> {
        let comments = self.document.comments();
        let mut at = at;
        loop {
            let before = self.text.get(..at as usize)?.trim_end();
            at = u32::try_from(before.len()).ok().filter(|at| *at > 0)?;
            // They do not overlap: their ends ascend as well.
            let found = comments.binary_search_by_key(&at, |comment| comment.span.end);
            match found.ok().and_then(|index| comments.get(index)) {
                Some(comment) => at = comment.span.start,
                None => return Some(at),
            }
        }
    }
}
