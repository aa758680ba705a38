//! `set -a; . FILE` in bash: the line is a command, so the value is one shell word, and what stands after the word
//! decides whether there is an assignment at all.

use super::{DifferenceKind, Lines, RejectReason, Seen};
use crate::syntax::dotenv::scan::{byte, identifier_end};

/// Characters after `$` that start an expansion, besides those of a name.
const PARAMETERS: &[u8] = b"{(*@#?$!-[0123456789";

pub(super) fn read(lines: &Lines<'_>) -> Result<Seen, RejectReason> {
    let mut word = Word {
        bytes: lines.body.as_bytes(),
        at: 0,
        value: Vec::new(),
        open: None,
        declares: lines.entry.export && !lines.after_export.contains('\n'),
        braces_looked_at: false,
    };
    let end = word.read()?;
    let open = word.open;
    let seen = Seen { value: String::from_utf8(word.value).unwrap_or_default(), open };
    Ok(after_word(seen, lines.body, end, word.declares))
}

/// How reading a word ended, with the offset after it.
enum End {
    /// At a blank, an operator, or the end of the line.
    Word(usize),
    /// At a command substitution or a nested expansion: what follows needs a shell to tell.
    Unknown,
}

struct Word<'a> {
    bytes: &'a [u8],
    at: usize,
    value: Vec<u8>,
    open: Option<DifferenceKind>,
    /// Whether the word is an argument of `export`, where braces are expanded.
    declares: bool,
    braces_looked_at: bool,
}

impl Word<'_> {
    fn read(&mut self) -> Result<End, RejectReason> {
        self.tilde(0);
        while let Some(&c) = self.bytes.get(self.at) {
            match c {
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' => return Ok(End::Word(self.at)),
                b'(' | b')' => return Err(RejectReason::Parenthesis),
                b'\'' => self.single()?,
                b'"' => {
                    self.at += 1;
                    if !self.double()? {
                        return Ok(End::Unknown);
                    }
                }
                b'`' => return self.command(b'`'),
                b'$' if !self.dollar(true) => return Ok(End::Unknown),
                b'$' => {}
                b'\\' => self.escape(),
                _ => self.plain(c),
            }
        }
        Ok(End::Word(self.at))
    }

    fn push(&mut self, c: u8) {
        self.value.push(c);
        self.at += 1;
    }

    fn plain(&mut self, c: u8) {
        self.push(c);
        match c {
            b':' => self.tilde(self.at),
            b'{' if self.declares && !self.braces_looked_at => self.braces(),
            _ => {}
        }
    }

    fn note(&mut self, kind: DifferenceKind) {
        self.open = self.open.max(Some(kind));
    }

    /// A `~` at the start of a value or after a colon stands for a home directory.
    fn tilde(&mut self, at: usize) {
        if byte(self.bytes, at) == b'~' {
            self.note(DifferenceKind::Expanded);
        }
    }

    /// `export K={a,b}` becomes two assignments; braces without a comma or a range stay.
    fn braces(&mut self) {
        self.braces_looked_at = true;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let listed = rest.contains(&b',') || rest.windows(2).any(|pair| pair == b"..");
        if listed && rest.contains(&b'}') {
            self.note(DifferenceKind::Expanded);
        }
    }

    fn escape(&mut self) {
        self.at += 1;
        match self.bytes.get(self.at) {
            None => {
                // The entry ends here, but for bash the line below belongs to it.
                self.note(DifferenceKind::LineContinued);
            }
            Some(b'\n') => {
                self.note(DifferenceKind::LineContinued);
                self.at += 1;
            }
            Some(&c) => self.push(c),
        }
    }

    fn single(&mut self) -> Result<(), RejectReason> {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        let len = memchr::memchr(b'\'', rest).ok_or(RejectReason::OpenQuote)?;
        self.value.extend(rest.iter().take(len));
        self.at += len + 2;
        Ok(())
    }

    /// Reads up to the closing double quote; false when an expansion hides where that is.
    fn double(&mut self) -> Result<bool, RejectReason> {
        while let Some(&c) = self.bytes.get(self.at) {
            match c {
                b'"' => {
                    self.at += 1;
                    return Ok(true);
                }
                b'`' => return self.command(b'`').map(|_| false),
                b'$' if !self.dollar(false) => return Ok(false),
                b'$' => {}
                b'\\' => self.escape_in_double(),
                _ => self.push(c),
            }
        }
        Err(RejectReason::OpenQuote)
    }

    fn escape_in_double(&mut self) {
        match byte(self.bytes, self.at + 1) {
            b'\n' => {
                self.note(DifferenceKind::LineContinued);
                self.at += 2;
            }
            c @ (b'"' | b'\\' | b'`' | b'$') => {
                self.value.push(c);
                self.at += 2;
            }
            _ => self.push(b'\\'),
        }
    }

    /// A command between two `closing` bytes.
    fn command(&mut self, closing: u8) -> Result<End, RejectReason> {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        memchr::memchr(closing, rest).ok_or(RejectReason::OpenQuote)?;
        self.value.clear();
        self.note(DifferenceKind::CommandRun);
        Ok(End::Unknown)
    }

    /// Takes a `$` and the simple reference it may start; false when only a shell can tell where the reference ends.
    fn dollar(&mut self, bare: bool) -> bool {
        let next = byte(self.bytes, self.at + 1);
        let name = identifier_end(self.bytes, self.at + 1);
        if name > self.at + 1 {
            self.note(DifferenceKind::Expanded);
            self.take_to(name);
        } else if next == b'(' {
            self.note(DifferenceKind::CommandRun);
            return false;
        } else if next == b'{' {
            self.note(DifferenceKind::Expanded);
            return self.braced();
        } else if PARAMETERS.contains(&next) || (bare && next == b'\'') {
            self.note(DifferenceKind::Expanded);
            return false;
        } else if bare && next == b'"' {
            self.at += 1;
        } else {
            self.push(b'$');
        }
        true
    }

    /// `${NAME}` without anything inside that could hide its end.
    fn braced(&mut self) -> bool {
        let name = identifier_end(self.bytes, self.at + 2);
        if byte(self.bytes, name) == b'}' {
            // The brace follows as itself.
            self.take_to(name);
            return true;
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let line = rest.iter().take_while(|c| **c != b'\n').copied();
        self.value.extend(line);
        false
    }

    fn take_to(&mut self, end: usize) {
        self.value.extend(self.bytes.get(self.at..end).unwrap_or_default());
        self.at = end;
    }
}

/// What the rest of the line means for the assignment.
fn after_word(mut seen: Seen, body: &str, end: End, declares: bool) -> Seen {
    let End::Word(end) = end else { return seen };
    let rest = body.as_bytes().get(end..).unwrap_or_default();
    let skipped = rest.iter().take_while(|c| matches!(c, b' ' | b'\t')).count();
    let rest = rest.get(skipped..).unwrap_or_default();
    match rest.first() {
        // A `#` inside a word is part of it, so blanks stand before this one.
        None | Some(b'\n' | b'#') => {}
        Some(b';') => after_semicolon(&mut seen, rest),
        Some(b'<' | b'>') => seen.note(DifferenceKind::Redirected),
        Some(b'&' | b'|') => return Seen::not_set(DifferenceKind::CommandRun),
        Some(_) if declares || assigns(rest) => seen.note(DifferenceKind::WordSplit),
        Some(_) => return Seen::not_set(DifferenceKind::CommandRun),
    }
    seen
}

/// After `;` the assignment stands; any further text is a command.
fn after_semicolon(seen: &mut Seen, rest: &[u8]) {
    let line = rest.iter().skip(1).take_while(|c| **c != b'\n');
    if line.copied().find(|c| !matches!(c, b' ' | b'\t')).is_some_and(|c| c != b'#') {
        seen.note(DifferenceKind::CommandRun);
    }
}

fn assigns(bytes: &[u8]) -> bool {
    let name = identifier_end(bytes, 0);
    name > 0 && byte(bytes, name) == b'='
}
