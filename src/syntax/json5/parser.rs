//! The grammar: from the text to the tree. A stack of open brackets instead of recursion, so that depth costs nothing.

use std::sync::Arc;

use super::error::{Bracket, ErrorKind};
use super::identifier;
use super::lexer::{Lexer, is_quote, span};
use super::number;
use super::tree::{Document, KeyStyle, LineBreak, Member, Node, NodeId, NodeKind};
use crate::bytes;
use crate::source::Span;

/// Brackets open inside each other at most, unless an option says otherwise.
pub const MAX_DEPTH: u32 = 512;

/// Limits of a parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Brackets open inside each other at most. What lies deeper is skipped, with one error.
    pub max_depth: u32,
    /// Errors kept at most.
    pub max_errors: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_depth: MAX_DEPTH, max_errors: 100 }
    }
}

/// Reads a whole text. Takes time in proportion to its length, whatever it holds.
#[must_use]
pub fn parse(text: &str, options: &Options) -> Document {
    if u32::try_from(text.len()).is_err() {
        let mut lexer = Lexer::new("", options.max_errors.max(1));
        lexer.report(ErrorKind::TooLarge, Span::at(0));
        return Document { errors: lexer.faults.into_sorted(), ..Document::default() };
    }
    let mut parser = Parser::new(text, options);
    parser.run();
    parser.into_document()
}

/// What the grammar wants next.
#[derive(Clone, Copy)]
pub(super) enum State {
    /// A value.
    Value,
    /// A key or `}`; behind the comma at the offset, if any.
    Key(Option<usize>),
    /// An element or `]`; behind the comma at the offset, if any.
    Item(Option<usize>),
    /// A comma or a closing bracket; at the outermost level, the end.
    After,
    /// Nothing.
    Done,
}

/// How much of the next complaint about a separator is already explained.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quiet {
    /// Nothing.
    Off,
    /// All of it if it is on the same line.
    Line,
    /// All of it.
    Always,
}

/// An open bracket.
pub(super) struct Frame {
    pub(super) node: NodeId,
    /// Its offset.
    pub(super) open: usize,
    pub(super) bracket: Bracket,
    /// Where its entries begin in `Parser::members` or `Parser::items`.
    pub(super) base: usize,
    /// Whether the bracket is missing in the text.
    pub(super) implied: bool,
}

/// The state of one parse.
pub(super) struct Parser<'t> {
    pub(super) lexer: Lexer<'t>,
    pub(super) nodes: Vec<Node>,
    pub(super) frames: Vec<Frame>,
    /// Members of all open objects, innermost last.
    pub(super) members: Vec<Member>,
    /// Elements of all open arrays, innermost last.
    pub(super) items: Vec<NodeId>,
    pub(super) root: Option<NodeId>,
    /// The end of the last value or bracket.
    pub(super) last_end: usize,
    pub(super) quiet: Quiet,
    /// Whether the root was opened again after a bracket too many. Once only: each time costs a copy of its members.
    pub(super) reopened: bool,
    trailing_commas: Vec<Span>,
    max_depth: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, options: &Options) -> Self {
        Self {
            lexer: Lexer::new(text, options.max_errors),
            // About what a configuration needs; memory that is not touched costs nothing.
            nodes: Vec::with_capacity(text.len() / 32),
            frames: Vec::new(),
            members: Vec::new(),
            items: Vec::new(),
            root: None,
            last_end: 0,
            quiet: Quiet::Off,
            reopened: false,
            trailing_commas: Vec::new(),
            max_depth: options.max_depth as usize,
        }
    }

    fn run(&mut self) {
        let mut state = State::Value;
        loop {
            state = match state {
                State::Value => self.value(),
                State::Key(comma) => self.key(comma),
                State::Item(comma) => self.item(comma),
                State::After => self.after(),
                State::Done => return,
            }
        }
    }

    fn into_document(self) -> Document {
        let Self { mut lexer, nodes, root, trailing_commas, .. } = self;
        // Text that recovery read twice noted its facts twice.
        for facts in [&mut lexer.lone_surrogates, &mut lexer.raw_separators] {
            facts.sort_unstable();
            facts.dedup();
        }
        lexer.comments.sort_by_key(|comment| comment.span);
        lexer.comments.dedup();
        let readable = |id: &NodeId| nodes.get(id.0 as usize).is_some_and(|node| node.kind != NodeKind::Error);
        Document {
            root: root.filter(readable),
            nodes,
            comments: lexer.comments,
            valid: lexer.faults.is_empty(),
            errors: lexer.faults.into_sorted(),
            lone_surrogates: lexer.lone_surrogates,
            raw_separators: lexer.raw_separators,
            trailing_commas,
            bom: lexer.text.starts_with('\u{feff}'),
            line_break: first_line_break(lexer.text),
        }
    }

    // ---- values --------------------------------------------------------------------------------------------------

    fn value(&mut self) -> State {
        self.lexer.skip_trivia();
        let start = self.lexer.pos;
        match self.lexer.peek() {
            Some(b'"' | b'\'') => {
                let string = self.lexer.quoted();
                if string.guessed {
                    self.quiet = Quiet::Always;
                }
                self.finish(NodeKind::String(string.value), start)
            }
            Some(b'{') => self.open(Bracket::Brace),
            Some(b'[') => self.open(Bracket::Square),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => match number::scan(self.lexer.rest(start)) {
                Some((len, value)) => self.literal(NodeKind::Number(value), start, len),
                None => self.unquoted_value(start),
            },
            Some(byte) if identifier::is_ascii_start(byte) => self.word(start),
            _ => self.unreadable_value(start),
        }
    }

    fn word(&mut self, start: usize) -> State {
        let (kind, len) = match self.lexer.rest(start).as_bytes() {
            [b't', b'r', b'u', b'e', ..] => (NodeKind::Bool(true), 4),
            [b'f', b'a', b'l', b's', b'e', ..] => (NodeKind::Bool(false), 5),
            [b'n', b'u', b'l', b'l', ..] => (NodeKind::Null, 4),
            [b'N', b'a', b'N', ..] => (NodeKind::Number(f64::NAN), 3),
            bytes if bytes.starts_with(b"Infinity") => (NodeKind::Number(f64::INFINITY), 8),
            _ => return self.unquoted_value(start),
        };
        self.literal(kind, start, len)
    }

    /// A literal, unless the text goes on behind it.
    fn literal(&mut self, kind: NodeKind, start: usize, len: usize) -> State {
        let end = start + len;
        let ends = matches!(self.lexer.byte(end), None | Some(b',' | b'\n' | b'\r' | b' ' | b'}' | b']' | b'\t'));
        if !ends && self.lexer.unquoted_value_end(start) > end {
            return self.unquoted_value(start);
        }
        self.lexer.pos = end;
        self.finish(kind, start)
    }

    /// Adds the node that reaches from `start` to the cursor, and gives it to the bracket it stands in.
    pub(super) fn finish(&mut self, kind: NodeKind, start: usize) -> State {
        let id = self.add(Node { kind, span: span(start, self.lexer.pos) });
        self.attach(id, self.lexer.pos);
        State::After
    }

    pub(super) fn add(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    fn attach(&mut self, id: NodeId, end: usize) {
        self.last_end = end;
        match self.frames.last().map(|frame| frame.bracket) {
            None => self.root = Some(id),
            Some(Bracket::Square) => self.items.push(id),
            Some(Bracket::Brace) => {
                if let Some(member) = self.members.last_mut() {
                    member.value = id;
                    member.span.end = span(end, end).end;
                }
            }
        }
    }

    // ---- brackets ------------------------------------------------------------------------------------------------

    fn open(&mut self, bracket: Bracket) -> State {
        let start = self.lexer.pos;
        if bracket == Bracket::Brace && self.lexer.placeholder_end(start).is_some() {
            return self.unquoted_value(start);
        }
        if self.frames.len() >= self.max_depth {
            let limit = u32::try_from(self.max_depth).unwrap_or(u32::MAX);
            self.lexer.report(ErrorKind::TooDeep(limit), span(start, start + 1));
            self.lexer.skip_balanced();
            return self.finish(NodeKind::Error, start);
        }
        self.lexer.pos += 1;
        self.last_end = self.lexer.pos;
        self.push_frame(bracket, start, false)
    }

    /// Opens a container: its node is added now, before what it holds.
    pub(super) fn push_frame(&mut self, bracket: Bracket, open: usize, implied: bool) -> State {
        let node = self.add(Node { kind: NodeKind::Error, span: span(open, open) });
        let (base, state) = match bracket {
            Bracket::Brace => (self.members.len(), State::Key(None)),
            Bracket::Square => (self.items.len(), State::Item(None)),
        };
        self.frames.push(Frame { node, open, bracket, base, implied });
        state
    }

    /// Closes the innermost bracket with the one at the cursor.
    pub(super) fn close(&mut self, comma: Option<usize>) -> State {
        if let Some(comma) = comma {
            self.trailing_commas.push(span(comma, comma + 1));
        }
        self.lexer.pos += 1;
        self.close_frame(self.lexer.pos);
        State::After
    }

    /// Closes the innermost bracket at `end`, whatever stands there.
    pub(super) fn close_frame(&mut self, end: usize) {
        let Some(frame) = self.frames.pop() else { return };
        let kind = match frame.bracket {
            Bracket::Brace => NodeKind::Object(self.members.drain(frame.base..).collect()),
            Bracket::Square => NodeKind::Array(self.items.drain(frame.base..).collect()),
        };
        if let Some(node) = self.nodes.get_mut(frame.node.0 as usize) {
            *node = Node { kind, span: span(frame.open, end) };
        }
        self.quiet = Quiet::Off;
        self.attach(frame.node, end);
    }

    // ---- entries -------------------------------------------------------------------------------------------------

    fn item(&mut self, comma: Option<usize>) -> State {
        self.lexer.skip_trivia();
        match self.lexer.peek() {
            Some(b']') => self.close(comma),
            Some(b',') => self.extra_commas(comma),
            Some(b'}') => self.wrong_bracket(Bracket::Brace),
            None => self.unclosed(),
            Some(_) => self.value(),
        }
    }

    fn key(&mut self, comma: Option<usize>) -> State {
        self.lexer.skip_trivia();
        let start = self.lexer.pos;
        match self.lexer.peek() {
            Some(b'}') => self.close(comma),
            Some(b',') => self.extra_commas(comma),
            Some(byte) if is_quote(byte) => {
                let style = if byte == b'"' { KeyStyle::Double } else { KeyStyle::Single };
                let string = self.lexer.quoted();
                if string.guessed {
                    self.quiet = Quiet::Always;
                }
                self.colon(string.value, start, style)
            }
            _ => self.bare_key(start, comma),
        }
    }

    fn bare_key(&mut self, start: usize, comma: Option<usize>) -> State {
        let Some(name) = identifier::scan(self.lexer.rest(start)) else {
            return self.unreadable_key(start, comma);
        };
        let end = start + name.len;
        let ends = matches!(self.lexer.byte(end), Some(b':' | b' '));
        if !ends && (name.bad_escape || self.lexer.unquoted_key_end(start) > end) {
            return self.unreadable_key(start, comma);
        }
        self.lexer.pos = end;
        self.colon(name.value.into(), start, KeyStyle::Bare)
    }

    /// The colon behind the key that was read from `start` to the cursor.
    pub(super) fn colon(&mut self, key: Arc<str>, start: usize, key_style: KeyStyle) -> State {
        let key_span = span(start, self.lexer.pos);
        self.last_end = self.lexer.pos;
        // The value is put in by `attach`.
        self.members.push(Member { key, key_span, key_style, value: NodeId(u32::MAX), span: key_span });
        self.lexer.skip_trivia();
        if self.lexer.peek() == Some(b':') {
            self.lexer.pos += 1;
            return State::Value;
        }
        self.missing_colon(key_span)
    }

    fn after(&mut self) -> State {
        self.lexer.skip_trivia();
        let Some(bracket) = self.frames.last().map(|frame| frame.bracket) else {
            return self.end_of_document();
        };
        let start = self.lexer.pos;
        match (self.lexer.peek(), bracket) {
            (Some(b','), _) => {
                self.quiet = Quiet::Off;
                self.lexer.pos += 1;
                Self::next_entry(bracket, Some(start))
            }
            (Some(b'}'), Bracket::Brace) | (Some(b']'), Bracket::Square) => self.close(None),
            _ => self.missing_separator(bracket, start),
        }
    }

    pub(super) const fn next_entry(bracket: Bracket, comma: Option<usize>) -> State {
        match bracket {
            Bracket::Brace => State::Key(comma),
            Bracket::Square => State::Item(comma),
        }
    }
}

fn first_line_break(text: &str) -> Option<LineBreak> {
    let at = bytes::find2(b'\n', b'\r', text.as_bytes())?;
    match text.as_bytes().get(at..)? {
        [b'\r', b'\n', ..] => Some(LineBreak::CrLf),
        [b'\r', ..] => Some(LineBreak::Cr),
        _ => Some(LineBreak::Lf),
    }
}
