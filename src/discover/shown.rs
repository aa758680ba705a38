//! How a path is shown: relative to the current directory, with `/`, and with nothing in it that could move a cursor.

use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

use crate::host::Host;

/// Shows paths; knows the current directory under its given and its real name.
pub(super) struct Shown {
    current: Vec<PathBuf>,
}

impl Shown {
    pub(super) fn new(host: &dyn Host) -> Self {
        let given = host.current_dir();
        let real = given.as_deref().and_then(|dir| host.canonicalize(dir));
        Self { current: given.into_iter().chain(real).collect() }
    }

    /// The path for reports. Bytes that are not UTF-8 appear as `\xNN`; control, format and bidirectional characters as
    /// `\u{N}`. Not for opening files.
    pub(super) fn path(&self, path: &Path) -> String {
        let below = self.current.iter().find_map(|dir| path.strip_prefix(dir).ok());
        let short: PathBuf = below.unwrap_or(path).components().filter(|part| *part != Component::CurDir).collect();
        if short.as_os_str().is_empty() { ".".to_owned() } else { escape(&short) }
    }
}

/// Text with `/` for separators and escapes for what must not reach a terminal.
pub(super) fn escape(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' if cfg!(windows) => out.push('/'),
                c if is_unsafe(c) => {
                    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// Control characters, line separators, bidirectional controls and invisible marks.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryHost;

    #[test]
    fn paths_below_the_current_directory_are_relative() {
        let shown = Shown::new(&MemoryHost::new("/w").with_file("a", ""));
        assert_eq!(shown.path(Path::new("/w/x/openclaw.json")), "x/openclaw.json");
        assert_eq!(shown.path(Path::new("./x/./y")), "x/y");
        assert_eq!(shown.path(Path::new("../y")), "../y");
        assert_eq!(shown.path(Path::new("/else")), "/else");
        assert_eq!(shown.path(Path::new("/w")), ".");
    }

    #[test]
    fn nothing_unsafe_is_shown_raw() {
        assert_eq!(escape(Path::new("a\nb\u{1b}[31m\u{202e}c")), "a\\u{a}b\\u{1b}[31m\\u{202e}c");
    }
}
