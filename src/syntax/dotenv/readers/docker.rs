//! `docker run --env-file`: one line, one value, nothing taken off. (A development version takes one pair of quotes off;
//! no release that we ran does.)

use super::{Lines, RejectReason, Seen};

/// Longest line that Docker's line scanner takes, in bytes.
const MAX_LINE: usize = 64 * 1024 - 1;

pub(super) fn read(lines: &Lines<'_>) -> Result<Seen, RejectReason> {
    let line = lines.body.split('\n').next().unwrap_or_default();
    if lines.indent.len() + lines.entry.key.len() + 1 + line.len() > MAX_LINE {
        return Err(RejectReason::LineTooLong);
    }
    Ok(Seen::literal(line.strip_suffix('\r').unwrap_or(line)))
}
