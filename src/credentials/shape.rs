//! Matches key shapes: a small, anchored subset of regular expressions, with nothing to compile.
//!
//! Patterns from `rules/` and from schemas enter, and values that someone wants judged. The subset is literals, ASCII
//! classes, `.` (printable ASCII), `\s`, `\d` and escaped punctuation, `(?:a|b)`, `(?i:a|b)` and the counts `?`, `*`, `+`,
//! `{n}`, `{n,}`, `{n,m}`, between `^` and `$`.
//!
//! Why not a regular expression engine: a cold run judges a handful of values, and building one automaton with a
//! counted class costs more than the whole judgement here (parse about a microsecond, match in one pass per node).
//! The same tree also generates synthetic keys. A test holds it equal to `fancy_regex` on every pattern of the table.

use std::fmt;

/// Longest value that is matched at all; real credentials are far shorter.
pub(crate) const MAX_VALUE: usize = 16 * 1024;
/// Groups nest at most this deep, which bounds the recursion.
const MAX_DEPTH: usize = 8;
/// Groups repeat at most this often; classes may repeat without a limit.
const MAX_GROUP_REPEAT: u32 = 16;
const UNLIMITED: u32 = u32::MAX;

/// A parsed pattern.
#[derive(Clone, PartialEq, Eq)]
pub struct Shape {
    nodes: Vec<Node>,
    min: usize,
    max: usize,
    /// Whether it is `^a|b$`, which this reads as `^(?:a|b)$` and other dialects as `^a` or `b$`.
    split: bool,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// One of these ASCII characters, `min` to `max` times.
    Set { set: Set, min: u32, max: u32 },
    /// One of these sequences, `min` to `max` times.
    Group { choices: Vec<Vec<Node>>, min: u32, max: u32 },
}

/// A set of ASCII characters, one bit each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Set(u128);

impl Set {
    const PRINTABLE: Set = Set(((1 << 127) - 1) & !((1 << 32) - 1));

    fn one(byte: u8) -> Set {
        Set(1u128.checked_shl(u32::from(byte)).unwrap_or(0))
    }

    /// `\s`, as far as ASCII goes.
    const SPACE: Set = Set((1 << 32) | (0b1_1111 << 9));

    /// The letters in either case.
    fn folded(self) -> Set {
        let letter = |byte: &u8| byte.is_ascii_alphabetic();
        self.members().filter(letter).fold(self, |set, byte| Set(set.0 | Set::one(byte ^ 0x20).0))
    }

    /// What an escape stands for.
    fn escaped(byte: u8) -> Option<Set> {
        match byte {
            b's' => Some(Set::SPACE),
            b'S' => Some(Set(!Set::SPACE.0)),
            b'd' => Some(Set::range(b'0', b'9')),
            byte if byte.is_ascii_punctuation() => Some(Set::one(byte)),
            _ => None,
        }
    }

    fn range(first: u8, last: u8) -> Set {
        (first..=last).fold(Set(0), |set, byte| Set(set.0 | Set::one(byte).0))
    }

    pub(crate) fn contains(self, byte: u8) -> bool {
        byte < 128 && self.0 >> byte & 1 != 0
    }

    /// Its members in order.
    pub(crate) fn members(self) -> impl Iterator<Item = u8> {
        (0..128u8).filter(move |byte| self.contains(*byte))
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape({} nodes, {}..={})", self.nodes.len(), self.min, self.max)
    }
}

impl Shape {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Says what in the pattern is outside the subset.
    pub fn parse(pattern: &str) -> Result<Shape, String> {
        let body = pattern
            .strip_prefix('^')
            .and_then(|rest| rest.strip_suffix('$'))
            .ok_or_else(|| format!("pattern {pattern} must start with ^ and end with $"))?;
        let mut parser = Parser { rest: body.as_bytes(), fold: false };
        let mut choices = parser.choices(0)?;
        if !parser.rest.is_empty() {
            return Err(format!("pattern {pattern} closes a group that is not open"));
        }
        let split = choices.len() > 1;
        let nodes = match (choices.pop(), choices.is_empty()) {
            (Some(only), true) => only,
            (Some(last), false) => {
                choices.push(last);
                vec![Node::Group { choices, min: 1, max: 1 }]
            }
            (None, _) => Vec::new(),
        };
        let (min, max) = sequence_length(&nodes);
        Ok(Shape { nodes, min, max, split })
    }

    /// Whether the whole value has this shape.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        let bytes = value.as_bytes();
        if bytes.len() < self.min || bytes.len() > self.max || bytes.len() > MAX_VALUE {
            return false;
        }
        if bytes.len() < Places::BITS as usize {
            let end = 1 << bytes.len();
            return short_sequence(&self.nodes, bytes, 1) & end != 0;
        }
        let mut starts = vec![false; bytes.len() + 1];
        if let Some(first) = starts.first_mut() {
            *first = true;
        }
        sequence(&self.nodes, bytes, starts).last().copied().unwrap_or(false)
    }

    /// Whether the whole value has this shape, as a regular expression of any dialect would answer; `None` for values on
    /// which dialects differ or that are too long.
    #[must_use]
    pub fn verdict(&self, value: &str) -> Option<bool> {
        let plain = value.len() <= MAX_VALUE && value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        plain.then(|| self.matches(value)).filter(|matches| *matches || !self.split)
    }

    /// Shortest and longest length in bytes; `usize::MAX` when there is no limit.
    #[must_use]
    pub fn lengths(&self) -> (usize, usize) {
        (self.min, self.max)
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

/// Places in a short value, one bit each: nearly all values are short, and lists of places would cost most of the match.
type Places = u128;

/// As [`sequence`], for values shorter than [`Places`] has bits.
fn short_sequence(nodes: &[Node], bytes: &[u8], starts: Places) -> Places {
    nodes.iter().fold(starts, |starts, node| match node {
        _ if starts == 0 => 0,
        Node::Set { set, min, max } => {
            let fits = (0..).zip(bytes).fold(0, |fits, (at, byte)| fits | Places::from(set.contains(*byte)) << at);
            short_repeat((*min, *max), starts, |at| (at & fits) << 1)
        }
        Node::Group { choices, min, max } => short_repeat((*min, *max), starts, |at| {
            choices.iter().fold(0, |next, choice| next | short_sequence(choice, bytes, at))
        }),
    })
}

/// Where one can be after at least and at most so many steps.
fn short_repeat((min, max): (u32, u32), starts: Places, step: impl Fn(Places) -> Places) -> Places {
    let (mut at, mut ends) = (starts, 0);
    for round in 0..=max {
        if round >= min {
            // Groups that may be empty stay where they are.
            if round > min && ends | at == ends {
                break;
            }
            ends |= at;
        }
        if round == max || at == 0 {
            break;
        }
        at = step(at);
    }
    ends
}

/// Where a match of `nodes` can end, given where it can start. Positions count bytes from 0.
fn sequence(nodes: &[Node], bytes: &[u8], starts: Vec<bool>) -> Vec<bool> {
    nodes.iter().fold(starts, |starts, node| match node {
        Node::Set { set, min, max } => repeat_set(*set, (*min, *max), bytes, &starts),
        Node::Group { choices, min, max } => repeat_group(choices, (*min, *max), bytes, starts),
    })
}

/// One pass: how far the set runs from each position, then the reachable interval of every start, summed up.
fn repeat_set(set: Set, (min, max): (u32, u32), bytes: &[u8], starts: &[bool]) -> Vec<bool> {
    let mut runs = vec![0usize; starts.len()];
    let mut run = 0;
    for (slot, byte) in runs.iter_mut().rev().skip(1).zip(bytes.iter().rev()) {
        run = if set.contains(*byte) { run + 1 } else { 0 };
        *slot = run;
    }
    let mut changes = vec![0i64; starts.len() + 1];
    for (start, (open, run)) in starts.iter().zip(&runs).enumerate() {
        let reach = (*run).min(max as usize);
        if *open && reach >= min as usize {
            bump(&mut changes, start + min as usize, 1);
            bump(&mut changes, start + reach + 1, -1);
        }
    }
    let mut depth = 0;
    changes
        .iter()
        .take(starts.len())
        .map(|change| {
            depth += change;
            depth > 0
        })
        .collect()
}

fn bump(changes: &mut [i64], at: usize, by: i64) {
    if let Some(slot) = changes.get_mut(at) {
        *slot += by;
    }
}

fn repeat_group(choices: &[Vec<Node>], (min, max): (u32, u32), bytes: &[u8], starts: Vec<bool>) -> Vec<bool> {
    let mut ends = vec![false; starts.len()];
    let mut current = starts;
    for round in 0..=max {
        if round >= min {
            merge(&mut ends, &current);
        }
        if round == max || !current.contains(&true) {
            break;
        }
        let mut next = vec![false; current.len()];
        for choice in choices {
            merge(&mut next, &sequence(choice, bytes, current.clone()));
        }
        current = next;
    }
    ends
}

fn merge(into: &mut [bool], from: &[bool]) {
    into.iter_mut().zip(from).for_each(|(slot, open)| *slot |= open);
}

fn sequence_length(nodes: &[Node]) -> (usize, usize) {
    nodes.iter().fold((0, 0), |(low, high): (usize, usize), node| {
        let ((short, long), min, max) = match node {
            Node::Set { min, max, .. } => ((1, 1), *min, *max),
            Node::Group { choices, min, max } => {
                let lengths = choices.iter().map(|choice| sequence_length(choice));
                let both = lengths.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
                (both.unwrap_or((0, 0)), *min, *max)
            }
        };
        let long = if max == UNLIMITED { usize::MAX } else { long.saturating_mul(max as usize) };
        (low.saturating_add(short.saturating_mul(min as usize)), high.saturating_add(long))
    })
}

struct Parser<'a> {
    rest: &'a [u8],
    /// Whether case does not count here.
    fold: bool,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn eat(&mut self, token: &[u8]) -> bool {
        self.rest.strip_prefix(token).is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }

    /// Alternatives up to the end or to an unmatched `)`, which is left in place.
    fn choices(&mut self, depth: usize) -> Result<Vec<Vec<Node>>, String> {
        if depth > MAX_DEPTH {
            return Err(String::from("groups nest too deep"));
        }
        let mut choices = vec![Vec::new()];
        while let Some(&byte) = self.rest.first() {
            if byte == b')' {
                break;
            }
            if self.eat(b"|") {
                choices.push(Vec::new());
                continue;
            }
            let node = self.node(depth)?;
            if let Some(last) = choices.last_mut() {
                last.push(node);
            }
        }
        Ok(choices)
    }

    fn node(&mut self, depth: usize) -> Result<Node, String> {
        let folds = self.eat(b"(?i:");
        if folds || self.eat(b"(?:") {
            let outside = self.fold;
            self.fold |= folds;
            let choices = self.choices(depth + 1)?;
            self.fold = outside;
            if !self.eat(b")") {
                return Err(String::from("a group is not closed"));
            }
            let (min, max) = self.count()?;
            if max > MAX_GROUP_REPEAT {
                return Err(format!("a group may repeat {MAX_GROUP_REPEAT} times at most"));
            }
            return Ok(Node::Group { choices, min, max });
        }
        let set = match self.next() {
            Some(b'.') => Set::PRINTABLE,
            Some(b'[') => self.class()?,
            Some(b'\\') => self.escape()?,
            Some(byte) if byte.is_ascii_graphic() && !b"()*+?{}\\|^$".contains(&byte) => Set::one(byte),
            Some(b' ') => Set::one(b' '),
            other => return Err(format!("{other:?} has no place here; write it as a class")),
        };
        let set = if self.fold { set.folded() } else { set };
        let (min, max) = self.count()?;
        Ok(Node::Set { set, min, max })
    }

    fn escape(&mut self) -> Result<Set, String> {
        self.next().and_then(Set::escaped).ok_or_else(|| String::from("an escape that is not known"))
    }

    fn class(&mut self) -> Result<Set, String> {
        let (mut set, negated) = (Set(0), self.eat(b"^"));
        loop {
            let first = self.next().ok_or("a class is not closed")?;
            match first {
                b']' => break,
                b'\\' => {
                    set = Set(set.0 | self.escape()?.0);
                    if self.rest.first() == Some(&b'-') && self.rest.get(1) != Some(&b']') {
                        return Err(String::from("a range in a class begins with a plain character"));
                    }
                    continue;
                }
                b'^' | b'[' => {
                    return Err(String::from("a class holds plain ASCII characters and ranges only"));
                }
                _ => {}
            }
            let last = match self.rest {
                [b'-', end, ..] if *end != b']' => {
                    let end = *end;
                    self.eat(b"-");
                    self.next();
                    end
                }
                _ => first,
            };
            if last < first || !last.is_ascii() {
                return Err(String::from("a range in a class runs backwards or leaves ASCII"));
            }
            set = Set(set.0 | Set::range(first, last).0);
        }
        let set = if self.fold { set.folded() } else { set };
        match (set == Set(0), negated) {
            (true, _) => Err(String::from("a class is empty")),
            (false, true) => Ok(Set(!set.0)),
            (false, false) => Ok(set),
        }
    }

    fn count(&mut self) -> Result<(u32, u32), String> {
        let simple = [(&b"?"[..], (0, 1)), (b"*", (0, UNLIMITED)), (b"+", (1, UNLIMITED))];
        if let Some((_, count)) = simple.into_iter().find(|(token, _)| self.eat(token)) {
            return Ok(count);
        }
        if !self.eat(b"{") {
            return Ok((1, 1));
        }
        let min = self.number().ok_or("a count needs a number")?;
        let max = if self.eat(b",") { self.number().unwrap_or(UNLIMITED) } else { min };
        if !self.eat(b"}") || max < min {
            return Err(String::from("a count is not closed or runs backwards"));
        }
        Ok((min, max))
    }

    fn number(&mut self) -> Option<u32> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        std::str::from_utf8(number).ok()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::credentials::{synthetic, table};

    fn patterns() -> Vec<&'static str> {
        let providers = table().providers().iter();
        let formats = providers.clone().flat_map(|p| p.formats().iter().map(|f| f.pattern));
        let lookalikes = providers.flat_map(|p| p.lookalikes().iter().map(|l| l.pattern));
        formats.chain(lookalikes).chain(table().owners().iter().filter_map(|o| o.pattern)).collect()
    }

    #[test]
    fn every_pattern_of_the_table_agrees_with_a_regular_expression_engine() {
        for pattern in patterns() {
            let shape = Shape::parse(pattern).unwrap();
            // `.` is printable ASCII here.
            let oracle = fancy_regex::Regex::new(&pattern.replacen(
                '.',
                "[ -~]",
                usize::from(pattern.contains(".{") || pattern.contains(".+")),
            ))
            .unwrap();
            for seed in 0..40 {
                let good = synthetic::from_shape(&shape, seed);
                assert!(shape.matches(&good), "{pattern} {good}");
                assert!(damage(&good).iter().any(|value| !shape.matches(value)), "{pattern}");
                for value in damage(&good) {
                    assert_eq!(shape.matches(&value), oracle.is_match(&value).unwrap(), "{pattern} on {value}");
                }
            }
        }
    }

    /// The value itself and near misses: cut, grown, one character changed.
    fn damage(value: &str) -> Vec<String> {
        let half = value.len() / 2;
        let (a, b) = value.split_at(half);
        let mut all =
            vec![value.to_owned(), String::new(), a.to_owned(), b.to_owned(), format!("{value}A"), format!("{value}!")];
        all.push(format!("{a}_{b}"));
        all.push(format!("{a}{}", b.get(1..).unwrap_or("")));
        all.push(format!("{a} {}", b.get(1..).unwrap_or("")));
        all.push(value.to_uppercase());
        all
    }

    #[test]
    fn patterns_outside_the_subset_are_refused_with_a_reason() {
        for bad in [
            "abc",
            "^a",
            "^(a)$",
            "^(?=a)$",
            "^[^]$",
            "^a{2$",
            "^a{3,2}$",
            "^[z-a]$",
            "^[]$",
            "^a\\b$",
            "^[\\d-a]$",
            "^(?:a)*$",
            "^(?:a$",
            "^a)$",
        ] {
            assert!(Shape::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn verdicts_agree_with_a_regular_expression_engine() {
        let texts = [
            "", " ", "a", "A", "aB1", "a b", " x ", "/a", "C:/", "c:\\x", "~", "30m", "1.5H", "24:00", "é", "K", "a\n",
        ];
        for pattern in [
            "^\\s*\\S[\\s\\S]*$",
            "^[^\\s/?#]+$",
            "^(?i:ab?\\d*)$",
            "^(?:/|[A-Za-z]:[/\\\\])[\\s\\S]*$",
            "^\\d+(?:\\.\\d+)?(?i:h|m)?$",
            "^(?i:k)$",
            "^a|b$",
            "^[^a-z]*$",
            "^(?:2[0-4]:[0-5]\\d)?$",
        ] {
            let (shape, oracle) = (Shape::parse(pattern).unwrap(), fancy_regex::Regex::new(pattern).unwrap());
            for text in texts {
                let verdict = shape.verdict(text);
                assert!(
                    verdict.is_none_or(|verdict| verdict == oracle.is_match(text).unwrap()),
                    "{pattern} on {text:?}"
                );
            }
            assert!(texts.iter().filter(|text| shape.verdict(text).is_some()).count() > 0, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn parsing_and_matching_never_panic(pattern in "\\PC{0,24}", value in "\\PC{0,64}") {
            if let Ok(shape) = Shape::parse(&pattern) {
                let _ = shape.matches(&value);
            }
        }

        #[test]
        fn small_patterns_agree_with_a_regular_expression_engine(value in "[abc-]{0,9}") {
            for pattern in ["^a{2,4}b?c*$", "^(?:ab|a|-c){1,3}b{2,}$", "^[a-c]{3}-?[a-c]+$", "^(?:a{2}|a{4})(?:b|ab){2}$", "^a|bc$"] {
                let expected = fancy_regex::Regex::new(&format!("^(?:{})$", &pattern[1..pattern.len() - 1])).unwrap();
                prop_assert_eq!(Shape::parse(pattern).unwrap().matches(&value), expected.is_match(&value).unwrap());
            }
        }
    }
}
