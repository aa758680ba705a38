//! `--files-from`: the names of files to check, as other programs list them.

use std::io::Read;
use std::path::{Path, PathBuf};

use openclaw_lint::language::Phrase;

use super::Trouble;
use super::git::path;

/// Reads a list; `-` is standard input, unless that is itself to be checked.
pub(super) fn read(list: &Path, stdin_is_checked: bool) -> Result<Vec<PathBuf>, Trouble> {
    let trouble = |error| Trouble::of_file("cannot read {file}: {error}", list, &error);
    if list.as_os_str() != "-" {
        return Ok(names(&std::fs::read(list).map_err(trouble)?));
    }
    if stdin_is_checked {
        return Err(Trouble(Phrase::new("standard input cannot be both a file to check and the list of --files-from")));
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(trouble)?;
    Ok(names(&bytes))
}

/// With a NUL anywhere, NUL separates (`git diff -z`, `find -print0`): then a name may hold a line break. Names are taken
/// as they are, blanks at their ends too; only the `\r` of a Windows line goes.
fn names(list: &[u8]) -> Vec<PathBuf> {
    let nul = list.contains(&0);
    let separator = if nul { 0 } else { b'\n' };
    let list = list.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(list);
    let names = list.split(|byte| *byte == separator);
    let names = names.map(|name| if nul { name } else { name.strip_suffix(b"\r").unwrap_or(name) });
    names.filter(|name| !name.is_empty()).map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_or_nul() {
        let list = |bytes: &[u8]| names(bytes);
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(list(b"a.json\nb c.json\r\n\n\xC3\xBC.env"), paths(&["a.json", "b c.json", "ü.env"]));
        assert_eq!(list(b"a\nb.json\0 c\0\0"), paths(&["a\nb.json", " c"]));
        assert_eq!(list(b"\xEF\xBB\xBFa\n"), paths(&["a"]));
        assert!(list(b"").is_empty() && list(b"\n").is_empty() && list(b"\0").is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn names_need_not_be_unicode() {
        use std::os::unix::ffi::OsStrExt;
        let names = names(b"a\xFF.json\n");
        assert_eq!(names.iter().map(|name| name.as_os_str().as_bytes()).collect::<Vec<_>>(), [b"a\xFF.json"]);
    }
}
