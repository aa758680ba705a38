//! A bar on standard error for runs that take a while, at a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use openclaw_lint::language::Phrase;

use super::output;
use super::voice::Voice;

/// Fewer files than this are done before a bar could be read.
const BAR_FROM: usize = 500;

/// A bar over `files` files; hidden for short runs and where no terminal watches.
pub(super) fn bar(files: usize, voice: &Voice) -> ProgressBar {
    if files < BAR_FROM || !output::stderr_is_terminal() {
        return ProgressBar::hidden();
    }
    let template = voice.say(&Phrase::new("{wide_bar} {pos}/{len} files"));
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr()).with_style(style)
}
