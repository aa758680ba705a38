//! A bar on standard error for runs that take a while, at a terminal only.

use std::sync::atomic::{AtomicUsize, Ordering};

use openclaw_lint::language::Phrase;
use unicode_width::UnicodeWidthStr;

use super::output;
use super::voice::Voice;

/// Fewer files than this are done before a bar could be read.
const BAR_FROM: usize = 500;

/// It is drawn anew so many times.
const STEPS: usize = 200;

/// How much is done of a run over many files. It goes when this goes.
pub(super) struct Bar<'v> {
    files: usize,
    done: AtomicUsize,
    /// Columns of the terminal; `None` where nothing is drawn.
    width: Option<usize>,
    voice: &'v Voice,
}

impl<'v> Bar<'v> {
    /// A bar over `files` files; none is drawn for short runs and where no terminal watches.
    pub(super) fn new(files: usize, voice: &'v Voice) -> Self {
        let width = if files < BAR_FROM { None } else { output::stderr_columns() };
        Self { files, done: AtomicUsize::new(0), width, voice }
    }

    /// Some more files are done.
    pub(super) fn advance(&self, files: usize) {
        let before = self.done.fetch_add(files, Ordering::Relaxed);
        let step = |done: usize| done * STEPS / self.files.max(1);
        if let Some(width) = self.width.filter(|_| step(before) != step(before + files)) {
            let done = before + files;
            let count = Phrase::new("{done} of {files} files").with("done", done).with("files", self.files);
            output::show(&drawn(done, self.files, &self.voice.say(&count), width));
        }
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        if let Some(width) = self.width {
            output::show(&format!("\r{}\r", " ".repeat(width.saturating_sub(1))));
        }
    }
}

/// One line that leaves the last column free: some terminals begin a new line there.
fn drawn(done: usize, files: usize, count: &str, width: usize) -> String {
    let room = width.saturating_sub(count.width() + 4);
    let full = (room * done / files.max(1)).min(room);
    if room == 0 { String::new() } else { format!("\r[{}{}] {count}", "=".repeat(full), " ".repeat(room - full)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_fits_its_line() {
        assert_eq!(drawn(0, 600, "0 of 600 files", 24), "\r[      ] 0 of 600 files");
        assert_eq!(drawn(300, 600, "300 of 600 files", 30), "\r[=====     ] 300 of 600 files");
        assert_eq!(drawn(600, 600, "600/600 个文件", 30), "\r[============] 600/600 个文件");
        for width in 0..40 {
            let line = drawn(599, 600, "已检查 599/600 个文件", width);
            assert!(line.trim_start_matches('\r').width() < width.max(1), "{width}: {line}");
        }
    }
}
