//! `--files-from`: the names of files to check, as other programs list them.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use openclaw_lint::language::Phrase;

use super::Trouble;
use super::git::path;

/// The whole list; `-` is standard input, unless that is itself to be checked.
pub(super) fn read(list: &Path, stdin_is_checked: bool) -> Result<Vec<PathBuf>, Trouble> {
    open(list, stdin_is_checked)?.collect()
}

/// The names of a list, as they come in.
pub(super) fn open(list: &Path, stdin_is_checked: bool) -> Result<Names, Trouble> {
    let trouble = |error| Trouble::of_file("cannot read {file}: {error}", list, &error);
    let reader: Box<dyn BufRead> = if list.as_os_str() != "-" {
        Box::new(BufReader::new(File::open(list).map_err(trouble)?))
    } else if stdin_is_checked {
        return Err(Trouble(Phrase::new("standard input cannot be both a file to check and the list of --files-from")));
    } else {
        Box::new(std::io::stdin().lock())
    };
    Ok(Names { reader, list: list.to_owned(), separator: None })
}

/// Names in a list. With a NUL in its beginning, NUL separates (`git diff -z`, `find -print0`): then a name may hold a line
/// break. Names are taken as they are, blanks at their ends too; only the `\r` of a Windows line goes.
pub(super) struct Names {
    reader: Box<dyn BufRead>,
    list: PathBuf,
    /// Found out at the first name.
    separator: Option<u8>,
}

impl Names {
    fn next_name(&mut self) -> std::io::Result<Option<PathBuf>> {
        let separator = match self.separator {
            Some(separator) => separator,
            None => self.begin()?,
        };
        loop {
            let mut name = Vec::new();
            if self.reader.read_until(separator, &mut name)? == 0 {
                return Ok(None);
            }
            let name = name.strip_suffix(&[separator]).unwrap_or(&name);
            let name = if separator == 0 { name } else { name.strip_suffix(b"\r").unwrap_or(name) };
            if !name.is_empty() {
                return Ok(Some(path(name)));
            }
        }
    }

    /// Looks at the beginning, takes a byte order mark away.
    fn begin(&mut self) -> std::io::Result<u8> {
        let beginning = self.reader.fill_buf()?;
        let separator = if beginning.contains(&0) { 0 } else { b'\n' };
        let marked = beginning.starts_with(b"\xEF\xBB\xBF");
        if marked {
            self.reader.consume(3);
        }
        self.separator = Some(separator);
        Ok(separator)
    }
}

impl Iterator for Names {
    type Item = Result<PathBuf, Trouble>;

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.next_name();
        name.map_err(|error| Trouble::of_file("cannot read {file}: {error}", &self.list, &error)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(bytes: &'static [u8]) -> Vec<PathBuf> {
        let names = Names { reader: Box::new(bytes), list: "list".into(), separator: None };
        names.map(|name| name.unwrap()).collect()
    }

    #[test]
    fn lines_or_nul() {
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
        let names = list(b"a\xFF.json\n");
        assert_eq!(names.iter().map(|name| name.as_os_str().as_bytes()).collect::<Vec<_>>(), [b"a\xFF.json"]);
    }
}
