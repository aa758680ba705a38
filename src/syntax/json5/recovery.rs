//! What to report, and where to go on, when the text does not fit the grammar. Only texts that OpenClaw refuses get
//! here, so nothing in this file is on the fast path; but each step must move forward, or close a bracket.

use std::mem;
use std::sync::Arc;

use super::error::{Bracket, ErrorKind, Word};
use super::lexer::{is_invisible, span};
use super::number;
use super::parser::{Frame, Parser, Quiet, State};
use super::tree::{KeyStyle, Node, NodeId, NodeKind};
use crate::source::Span;

/// What stands behind a closing bracket, as far as it tells which bracket was meant.
enum Ahead {
    End,
    Close(Bracket),
    /// A comma and what follows fits only, or best, into this container.
    Entry(Bracket),
    /// A comma that fits everywhere.
    Comma,
    Other,
}

impl Ahead {
    /// Whether it can follow a value inside `container` (`None`: outermost).
    fn fits(&self, container: Option<Bracket>) -> bool {
        match (self, container) {
            (Self::End, None) | (Self::Comma, Some(_)) => true,
            (Self::Close(bracket) | Self::Entry(bracket), Some(container)) => *bracket == container,
            _ => false,
        }
    }
}

impl Parser<'_> {
    fn one_char(&self, at: usize) -> Span {
        span(at, at + self.lexer.char_at(at).map_or(0, char::len_utf8))
    }

    fn char_before(&self, end: usize) -> Span {
        span(end - self.lexer.slice(0, end).chars().next_back().map_or(0, char::len_utf8), end)
    }

    fn report(&mut self, kind: ErrorKind, at: Span, related: Option<Span>) {
        self.lexer.faults.report(kind, at, related);
    }

    fn calm(&mut self, quiet: Quiet) {
        if self.quiet == Quiet::Off {
            self.quiet = quiet;
        }
    }

    // ---- values --------------------------------------------------------------------------------------------------

    /// A value must stand at `start`, and no character of one does.
    pub(super) fn unreadable_value(&mut self, start: usize) -> State {
        let Some(c) = self.lexer.char_at(start) else {
            return self.no_value_at_end();
        };
        if self.frames.is_empty() && matches!(c, '\0' | '\u{fffd}') {
            // Not UTF-8 at all: every further error would only say so again.
            self.report(ErrorKind::UnexpectedCharacter(c), self.one_char(start), None);
            return State::Done;
        }
        match c {
            ',' | '}' | ']' if !self.frames.is_empty() => self.no_value(start),
            ']' => self.step_over(ErrorKind::StrayBracket(Bracket::Square), start, State::Value),
            '}' => self.step_over(ErrorKind::StrayBracket(Bracket::Brace), start, State::Value),
            ',' | ':' | '=' | ';' | '>' | ')' => self.step_over(ErrorKind::UnexpectedCharacter(c), start, State::Value),
            _ if is_invisible(c) => self.step_over(ErrorKind::UnexpectedCharacter(c), start, State::Value),
            _ => match self.foreign_string(start) {
                Some(value) => self.finish(NodeKind::String(value), start),
                None => self.unquoted_value(start),
            },
        }
    }

    /// Reports the character at `start`, and repetitions of it, and goes on behind them.
    fn step_over(&mut self, kind: ErrorKind, start: usize, next: State) -> State {
        let Some(c) = self.lexer.char_at(start) else { return next };
        let count = self.lexer.rest(start).chars().take_while(|&other| other == c).count();
        let quiet = mem::replace(&mut self.quiet, Quiet::Off) != Quiet::Off;
        self.lexer.pos = start + count * c.len_utf8();
        if !quiet {
            self.report(kind, span(start, self.lexer.pos), None);
        }
        next
    }

    fn no_value_at_end(&mut self) -> State {
        if !self.frames.is_empty() {
            return self.finish_empty();
        }
        if self.lexer.faults.is_empty() {
            let end = self.lexer.text.len();
            self.report(ErrorKind::EmptyDocument, span(end, end), None);
        }
        State::Done
    }

    /// A comma or a closing bracket at `start`, where a value must stand.
    fn no_value(&mut self, start: usize) -> State {
        if mem::replace(&mut self.quiet, Quiet::Off) == Quiet::Off {
            let key = self.members.last().map(|member| member.key_span);
            let in_object = self.frames.last().is_some_and(|frame| frame.bracket == Bracket::Brace);
            let place = key.filter(|_| in_object).unwrap_or_else(|| self.one_char(start));
            self.report(ErrorKind::MissingValue, place, None);
        }
        self.finish_empty()
    }

    /// An error node of no length where the value should have been.
    fn finish_empty(&mut self) -> State {
        let pos = mem::replace(&mut self.lexer.pos, self.last_end);
        let state = self.finish(NodeKind::Error, self.last_end);
        self.lexer.pos = pos;
        state
    }

    /// A string in quotes that JSON5 does not know.
    fn foreign_string(&mut self, at: usize) -> Option<Arc<str>> {
        let (start, end, behind) = self.lexer.foreign_string(at)?;
        let kind = if self.lexer.byte(at) == Some(b'`') { ErrorKind::BacktickString } else { ErrorKind::SmartQuotes };
        self.report(kind, span(at, behind), None);
        self.lexer.pos = behind;
        Some(self.lexer.decode(start, end))
    }

    /// Text without quotes at `start`.
    pub(super) fn unquoted_value(&mut self, start: usize) -> State {
        let end = self.lexer.unquoted_value_end(start).max(start + self.one_char(start).len() as usize);
        let text = self.lexer.slice(start, end);
        let kind = match text.as_bytes().first() {
            _ if self.is_placeholder(start, text) => ErrorKind::TemplatePlaceholder,
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number::classify(text),
            _ => ErrorKind::UnquotedValue(Word::find(text)),
        };
        self.report(kind, span(start, end), None);
        self.lexer.pos = end;
        self.calm(Quiet::Line);
        self.finish(NodeKind::Error, start)
    }

    /// Whether unquoted text is something that a template engine or `envsubst` would have filled in.
    fn is_placeholder(&self, start: usize, text: &str) -> bool {
        const AROUND: [&str; 4] = ["__", "@@", "@", "%"];
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
        };
        let inner = |mark: &&str| text.strip_prefix(*mark).and_then(|rest| rest.strip_suffix(*mark));
        self.lexer.placeholder_end(start).is_some()
            || ["{{", "{%", "${"].iter().any(|mark| text.contains(mark))
            || text.strip_prefix('$').is_some_and(is_name)
            || AROUND.iter().find_map(inner).is_some_and(is_name)
    }

    // ---- keys ----------------------------------------------------------------------------------------------------

    /// A key must stand at `start`, and none that JSON5 knows does.
    pub(super) fn unreadable_key(&mut self, start: usize, comma: Option<usize>) -> State {
        let Some(c) = self.lexer.char_at(start) else { return self.unclosed() };
        if let Some(key) = self.foreign_string(start) {
            return self.colon(key, start, KeyStyle::Double);
        }
        let end = self.lexer.unquoted_key_end(start);
        if end > start && matches!(self.lexer.byte(self.lexer.trivia_end(end)), Some(b':' | b'=')) {
            return self.odd_key(start, end);
        }
        if c == '{'
            && let Some(end) = self.lexer.placeholder_end(start)
        {
            return self.placeholder_between(start, end, State::Key(comma));
        }
        match c {
            ']' => self.wrong_bracket(Bracket::Square),
            '{' if self.is_inside(Bracket::Square) => self.close_early(start),
            '{' | '[' => {
                self.report(ErrorKind::MissingKey, self.one_char(start), None);
                self.lexer.skip_balanced();
                self.go_on()
            }
            _ if is_invisible(c) => self.step_over(ErrorKind::UnexpectedCharacter(c), start, State::Key(comma)),
            _ if self.lexer.slice(start, end).contains('\\') => self.skip(ErrorKind::BadKeyEscape, span(start, end)),
            _ => self.skip(ErrorKind::MissingKey, self.lexer.token_span(start)),
        }
    }

    /// A key of unquoted text that is no identifier.
    fn odd_key(&mut self, start: usize, end: usize) -> State {
        let text = self.lexer.slice(start, end);
        let kind = match () {
            () if self.is_placeholder(start, text) => ErrorKind::TemplatePlaceholder,
            () if text.contains('\\') => ErrorKind::BadKeyEscape,
            () => ErrorKind::KeyNeedsQuotes,
        };
        self.report(kind, span(start, end), None);
        self.lexer.pos = end;
        self.colon(text.into(), start, KeyStyle::Bare)
    }

    /// The colon does not follow the key at `key_span`.
    pub(super) fn missing_colon(&mut self, key_span: Span) -> State {
        let start = self.lexer.pos;
        let quiet = self.quiet != Quiet::Off;
        match self.lexer.char_at(start) {
            None => self.finish_empty(),
            Some(',' | '}' | ']' | ';') => self.no_value(start),
            Some('=') => {
                let arrow = if self.lexer.rest(start).starts_with("=>") { 2 } else { 1 };
                let kind = ErrorKind::WrongSeparator { found: '=', expected: ':' };
                self.report(kind, span(start, start + arrow), None);
                self.lexer.pos = start + arrow;
                State::Value
            }
            Some(_) => {
                if !quiet {
                    self.report(ErrorKind::MissingColon, self.lexer.token_span(start), Some(key_span));
                }
                State::Value
            }
        }
    }

    // ---- separators ----------------------------------------------------------------------------------------------

    /// Commas with nothing before them; the first is at the cursor.
    pub(super) fn extra_commas(&mut self, comma: Option<usize>) -> State {
        let start = self.lexer.pos;
        let mut end = start;
        while self.lexer.peek() == Some(b',') {
            self.lexer.pos += 1;
            end = self.lexer.pos;
            self.lexer.skip_trivia();
        }
        let kind = if comma.is_some() { ErrorKind::ExtraComma } else { ErrorKind::LeadingComma };
        self.report(kind, span(start, end), None);
        self.go_on_with_entry()
    }

    fn go_on_with_entry(&self) -> State {
        self.frames.last().map_or(State::After, |frame| Self::next_entry(frame.bracket, None))
    }

    /// Neither a comma nor the closing bracket follows an entry.
    pub(super) fn missing_separator(&mut self, bracket: Bracket, start: usize) -> State {
        let new_line = self.lexer.has_line_break(self.last_end, start);
        let quiet = match mem::replace(&mut self.quiet, Quiet::Off) {
            Quiet::Off => false,
            Quiet::Line => !new_line,
            Quiet::Always => true,
        };
        let Some(c) = self.lexer.char_at(start) else { return self.unclosed() };
        match c {
            '}' => return self.wrong_bracket(Bracket::Brace),
            ']' => return self.wrong_bracket(Bracket::Square),
            ';' => {
                self.report(ErrorKind::WrongSeparator { found: ';', expected: ',' }, self.one_char(start), None);
                self.lexer.pos += 1;
                return self.go_on_with_entry();
            }
            ':' if bracket == Bracket::Square => return self.key_in_array(start),
            ':' => {
                if let Some(state) = self.key_below(quiet) {
                    return state;
                }
            }
            _ if bracket == Bracket::Square && new_line && self.is_key_outside(start) => {
                return self.close_early(start);
            }
            _ => {}
        }
        if bracket == Bracket::Brace
            && let Some(end) = self.lexer.placeholder_end(start)
        {
            if !self.lexer.looks_like_key(start) {
                return self.placeholder_between(start, end, State::After);
            }
        } else if c == '{' && bracket == Bracket::Brace && self.is_inside(Bracket::Square) {
            return self.close_early(start);
        }
        if self.begins_entry(bracket, start, new_line) {
            if !quiet {
                self.missing_comma(start);
            }
            return Self::next_entry(bracket, None);
        }
        if quiet {
            return self.skip_on();
        }
        self.unexpected(start)
    }

    /// A colon behind the value of a member: when it stands on a line below the member's own colon, it is the next key, and
    /// the value is missing. `quiet`: the value's end is a guess, unless it is unquoted text.
    fn key_below(&mut self, quiet: bool) -> Option<State> {
        let member = self.members.last()?;
        let (id, key) = (member.value, member.key_span);
        let value = self.nodes.last().filter(|&node| is_text(node) && id.0 as usize + 1 == self.nodes.len())?;
        let (start, is_guess) = (value.span.start as usize, quiet && value.kind != NodeKind::Error);
        let colon = self.lexer.trivia_end(key.end as usize);
        let below = self.lexer.byte(colon) == Some(b':') && self.lexer.has_line_break(colon, start);
        if is_guess || !below || value.span.is_empty() {
            return None;
        }
        self.nodes.pop();
        self.lexer.faults.retract_unquoted(u32::try_from(start).ok()?);
        self.report(ErrorKind::MissingValue, key, None);
        self.last_end = key.end as usize;
        self.finish_empty();
        self.lexer.pos = start;
        Some(State::Key(None))
    }

    fn missing_comma(&mut self, start: usize) {
        let end_of_last = self.char_before(self.last_end);
        self.report(ErrorKind::MissingComma, self.lexer.token_span(start), Some(end_of_last));
    }

    /// Whether what stands at `start` is the next entry rather than the rest of the last one.
    fn begins_entry(&self, bracket: Bracket, start: usize, new_line: bool) -> bool {
        let Some(c) = self.lexer.char_at(start) else { return false };
        let quoted = matches!(c, '"' | '\'');
        let word = c.is_alphanumeric() || matches!(c, '_' | '$');
        match bracket {
            Bracket::Brace => self.lexer.looks_like_key(start) || (new_line && (quoted || word)),
            Bracket::Square => {
                let digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'I' | 'N');
                let signed = matches!(c, '+' | '-') && self.lexer.char_at(start + 1).is_some_and(digit);
                let closed = quoted && !self.lexer.is_open_string(start);
                closed || word || signed || (quoted && new_line) || matches!(c, '{' | '[' | '.' | '<' | '`' | '“' | '‘')
            }
        }
    }

    /// A placeholder up to `end` where nothing of the kind can stand, such as a template's `{{#if …}}` line.
    fn placeholder_between(&mut self, start: usize, end: usize, next: State) -> State {
        self.report(ErrorKind::TemplatePlaceholder, span(start, end), None);
        self.lexer.pos = end;
        self.last_end = end;
        self.quiet = Quiet::Always;
        next
    }

    // ---- skipping ------------------------------------------------------------------------------------------------

    /// Text at `start` that fits nowhere.
    fn unexpected(&mut self, start: usize) -> State {
        if self.lexer.is_open_string(start) {
            // The odd quote is the mistake; reading the string reports it.
            self.lexer.quoted();
            return self.go_on();
        }
        match self.lexer.char_at(start) {
            Some(c) if c.is_alphanumeric() || matches!(c, '"' | '\'' | '_' | '$') => {
                self.skip(ErrorKind::UnexpectedText, self.lexer.token_span(start))
            }
            Some(c) => self.skip(ErrorKind::UnexpectedCharacter(c), self.one_char(start)),
            None => self.unclosed(),
        }
    }

    fn skip(&mut self, kind: ErrorKind, at: Span) -> State {
        self.report(kind, at, None);
        self.skip_on()
    }

    /// Goes to the next comma, closing bracket, or key that begins a line.
    fn skip_on(&mut self) -> State {
        loop {
            let before = self.lexer.pos;
            self.lexer.skip_trivia();
            let at = self.lexer.pos;
            let next_entry = self.lexer.has_line_break(before, at) && self.lexer.looks_like_key(at);
            match self.lexer.peek() {
                None | Some(b',' | b'}' | b']') => break,
                _ if next_entry => break,
                Some(b'{' | b'[') => self.lexer.skip_balanced(),
                Some(_) if self.lexer.is_open_string(at) => {
                    self.lexer.quoted();
                }
                Some(_) => self.lexer.pos = self.lexer.token_span(at).end as usize,
            }
        }
        self.go_on()
    }

    /// Back to the grammar, without a complaint about the next separator.
    fn go_on(&mut self) -> State {
        self.quiet = Quiet::Always;
        self.last_end = self.lexer.pos;
        State::After
    }

    // ---- brackets ------------------------------------------------------------------------------------------------

    /// Whether the innermost bracket stands directly inside one of that kind.
    fn is_inside(&self, bracket: Bracket) -> bool {
        self.frames.iter().nth_back(1).is_some_and(|frame| frame.bracket == bracket)
    }

    /// Reports `frame` as not closed at `at`, unless an earlier error may be the reason.
    fn report_unclosed(&mut self, bracket: Bracket, open: usize, at: Span) {
        let opener = self.one_char(open);
        if !self.lexer.faults.brackets_in_doubt_since(opener.start) {
            self.report(ErrorKind::Unclosed(bracket), at, Some(opener));
        }
    }

    /// Closes the innermost bracket where its last entry ends, because what stands at `start` belongs outside.
    fn close_early(&mut self, start: usize) -> State {
        if let Some(&Frame { bracket, open, .. }) = self.frames.last() {
            self.report_unclosed(bracket, open, self.one_char(start));
            self.close_frame(self.last_end);
        }
        self.go_on_with_entry()
    }

    /// The text ends and brackets are open.
    pub(super) fn unclosed(&mut self) -> State {
        let Some(inner) = self.frames.last() else { return State::Done };
        if !inner.implied {
            let (bracket, open) = self.closed_by_another(inner.node).unwrap_or((inner.bracket, inner.open));
            let end = self.lexer.text.len();
            self.report_unclosed(bracket, open, span(end, end));
        }
        while !self.frames.is_empty() {
            self.close_frame(self.last_end);
        }
        State::Done
    }

    /// The container whose closing bracket is indented less than the line that opens it: it was probably meant for
    /// another. Looks at what is inside `open`, which has no kind yet; the innermost such container counts.
    fn closed_by_another(&self, open: NodeId) -> Option<(Bracket, usize)> {
        let inside = self.nodes.get(open.index()..).unwrap_or_default();
        let mut containers = inside.iter().rev().filter_map(|node| match node.kind {
            NodeKind::Object(_) => Some((Bracket::Brace, node.span)),
            NodeKind::Array(_) => Some((Bracket::Square, node.span)),
            _ => None,
        });
        let suspect = containers.find(|(_, place)| {
            let closer = self.lexer.indent_if_first((place.end as usize).saturating_sub(1));
            let opener = self.lexer.indent_of_line(place.start as usize);
            closer.zip(opener).is_some_and(|(closer, opener)| closer < opener)
        });
        suspect.map(|(bracket, place)| (bracket, place.start as usize))
    }

    /// `found` closes at the cursor, and the other kind is open.
    pub(super) fn wrong_bracket(&mut self, found: Bracket) -> State {
        let at = self.lexer.pos;
        let Some(&Frame { bracket: expected, open, .. }) = self.frames.last() else { return State::Done };
        let ahead = self.ahead(at + 1);
        let depth = self.frames.len();
        let container = |depth: usize| depth.checked_sub(1).and_then(|i| self.frames.get(i)).map(|f| f.bracket);
        let is_typo = match self.frames.iter().rposition(|frame| frame.bracket == found) {
            Some(partner) => match (ahead.fits(container(partner)), ahead.fits(container(depth - 1))) {
                (true, false) => false,
                (false, true) => true,
                _ => self.is_indented_like(at, open),
            },
            None if ahead.fits(Some(expected)) => {
                self.report(ErrorKind::StrayBracket(found), self.one_char(at), None);
                self.lexer.pos = at + 1;
                return self.go_on();
            }
            None => true,
        };
        if is_typo {
            let kind = ErrorKind::WrongBracket { found, expected };
            self.report(kind, self.one_char(at), Some(self.one_char(open)));
            return self.close(None);
        }
        self.report_unclosed(expected, open, self.one_char(at));
        while self.frames.last().is_some_and(|frame| frame.bracket != found) {
            self.close_frame(self.last_end);
        }
        State::After
    }

    /// Whether a closing bracket begins its line, at the indentation of the line where `open` is.
    fn is_indented_like(&self, at: usize, open: usize) -> bool {
        let closer = self.lexer.indent_if_first(at);
        closer.is_some() && closer == self.lexer.indent_of_line(open)
    }

    fn ahead(&self, at: usize) -> Ahead {
        let next = self.lexer.trivia_end(at);
        match self.lexer.byte(next) {
            None => Ahead::End,
            Some(b'}') => Ahead::Close(Bracket::Brace),
            Some(b']') => Ahead::Close(Bracket::Square),
            Some(b',') => {
                let entry = self.lexer.trivia_end(next + 1);
                match self.lexer.byte(entry) {
                    None | Some(b'}' | b']') => Ahead::Comma,
                    Some(_) if self.lexer.looks_like_key(entry) => Ahead::Entry(Bracket::Brace),
                    Some(_) => Ahead::Entry(Bracket::Square),
                }
            }
            Some(_) => Ahead::Other,
        }
    }

    /// A colon at `colon` behind an element: either the array was not closed above, or a pair stands in it.
    fn key_in_array(&mut self, colon: usize) -> State {
        let key = match self.nodes.last().filter(|&node| is_text(node)) {
            Some(node) if node.span.end as usize == self.last_end && !node.span.is_empty() => node.span,
            _ => return self.skip(ErrorKind::UnexpectedCharacter(':'), self.one_char(colon)),
        };
        self.nodes.pop();
        self.items.pop();
        self.lexer.faults.retract_unquoted(key.start);
        let start = key.start as usize;
        let Some(&Frame { open, base, .. }) = self.frames.last() else { return State::After };
        if self.is_outside(start) {
            self.report_unclosed(Bracket::Square, open, key);
            let last = self.items.get(base..).and_then(|items| self.nodes.get(items.last()?.0 as usize));
            self.last_end = last.map_or(open + 1, |node| node.span.end as usize);
            self.close_frame(self.last_end);
            self.lexer.pos = start;
            return State::Key(None);
        }
        self.report(ErrorKind::KeyInArray, key.cover(self.one_char(colon)), None);
        self.lexer.pos = colon + 1;
        State::Value
    }

    /// Whether a key stands at `start` that belongs to the object around the innermost array.
    fn is_key_outside(&self, start: usize) -> bool {
        self.is_outside(start) && self.lexer.looks_like_key(start)
    }

    /// Whether `start` begins a line no deeper than the line of the innermost bracket, and that is inside an object.
    fn is_outside(&self, start: usize) -> bool {
        let indent = self.lexer.indent_if_first(start);
        let of_opener = self.frames.last().and_then(|frame| self.lexer.indent_of_line(frame.open));
        self.is_inside(Bracket::Brace) && indent.zip(of_opener).is_some_and(|(indent, opener)| indent <= opener)
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    /// The root is complete; only white space and comments may follow.
    pub(super) fn end_of_document(&mut self) -> State {
        let start = self.lexer.pos;
        let Some(c) = self.lexer.char_at(start) else { return State::Done };
        let Some(root) = self.root.and_then(|id| self.nodes.get(id.0 as usize)) else { return State::Done };
        let place = root.span;
        let is_object = matches!(root.kind, NodeKind::Object(_));
        if c == ':' && is_text(root) {
            return self.add_braces(place);
        }
        let entry = if c == ',' { self.lexer.trivia_end(start + 1) } else { start };
        let last = self.char_before(place.end as usize);
        if is_object && !self.reopened && self.lexer.looks_like_key(entry) {
            return self.reopen(last, entry);
        }
        if !self.lexer.faults.brackets_in_doubt_since(place.start) {
            self.report(ErrorKind::TextAfterDocument, self.lexer.token_span(start), Some(last));
        }
        State::Done
    }

    /// The text begins with a key: reads it as if it began with `{`.
    fn add_braces(&mut self, key: Span) -> State {
        self.nodes.clear();
        self.root = None;
        self.lexer.faults.retract_unquoted(key.start);
        self.report(ErrorKind::MissingBraces, key, None);
        self.lexer.pos = key.start as usize;
        self.last_end = self.lexer.pos;
        self.quiet = Quiet::Off;
        self.push_frame(Bracket::Brace, key.start as usize, true)
    }

    /// Members follow the root object: the bracket `last` closed it too early.
    fn reopen(&mut self, last: Span, entry: usize) -> State {
        self.reopened = true;
        self.report(ErrorKind::StrayBracket(Bracket::Brace), last, Some(self.lexer.token_span(entry)));
        let Some(node) = self.root.take() else { return State::Done };
        let Some(root) = self.nodes.get_mut(node.0 as usize) else { return State::Done };
        let open = root.span.start as usize;
        if let NodeKind::Object(members) = mem::replace(&mut root.kind, NodeKind::Error) {
            self.members = members;
        }
        self.frames.push(Frame { node, open, bracket: Bracket::Brace, base: 0, implied: false });
        self.lexer.pos = entry;
        State::Key(None)
    }
}

/// Whether the node may have been meant as a key.
const fn is_text(node: &Node) -> bool {
    matches!(node.kind, NodeKind::String(_) | NodeKind::Number(_) | NodeKind::Error)
}
