//! Texts that debug output must not show: any of them may be a credential.

use std::fmt;

/// Shows how long a text is, in bytes, and nothing else.
pub(crate) struct Hidden<'t>(pub(crate) &'t str);

impl fmt::Debug for Hidden<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text of {} bytes", self.0.len())
    }
}
