//! `EnvironmentFile=`: quotes can be opened again after blanks, a backslash takes the next character as it is, and a `#`
//! after the value is part of it.

use super::{DifferenceKind, Lines, RejectReason, Seen};

/// Characters that lose their backslash inside double quotes.
const ESCAPABLE: [char; 4] = ['"', '\\', '`', '$'];

pub(super) fn read(lines: &Lines<'_>) -> Result<Seen, RejectReason> {
    let mut reader = Reader { chars: lines.body.chars(), seen: Seen::default() };
    reader.value()?;
    Ok(reader.seen)
}

struct Reader<'a> {
    chars: std::str::Chars<'a>,
    seen: Seen,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<(), RejectReason> {
        while let Some(c) = self.chars.next() {
            match c {
                ' ' | '\t' => {}
                '\'' => self.single()?,
                '"' => self.double()?,
                _ => {
                    self.bare(c);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Text without quotes: up to the end of the line, quotes inside as they are.
    fn bare(&mut self, first: char) {
        let mut kept = self.seen.value.len();
        let mut next = Some(first);
        while let Some(c) = next {
            match c {
                '\n' | '\r' => break,
                '\\' => {
                    self.escaped();
                    kept = self.seen.value.len();
                }
                ' ' | '\t' => self.seen.value.push(c),
                _ => {
                    self.seen.value.push(c);
                    kept = self.seen.value.len();
                }
            }
            next = self.chars.next();
        }
        self.seen.value.truncate(kept);
    }

    fn escaped(&mut self) {
        match self.chars.next() {
            Some(c) if !matches!(c, '\n' | '\r') => self.seen.value.push(c),
            _ => self.seen.note(DifferenceKind::LineContinued),
        }
    }

    fn single(&mut self) -> Result<(), RejectReason> {
        for c in self.chars.by_ref() {
            match c {
                '\'' => return Ok(()),
                _ => self.seen.value.push(c),
            }
        }
        Err(RejectReason::OpenQuote)
    }

    fn double(&mut self) -> Result<(), RejectReason> {
        while let Some(c) = self.chars.next() {
            match c {
                '"' => return Ok(()),
                '\\' => match self.chars.next() {
                    Some(escaped) if ESCAPABLE.contains(&escaped) => self.seen.value.push(escaped),
                    Some('\n') => self.seen.note(DifferenceKind::LineContinued),
                    None => {}
                    Some(other) => self.seen.value.extend(['\\', other]),
                },
                _ => self.seen.value.push(c),
            }
        }
        Err(RejectReason::OpenQuote)
    }
}
