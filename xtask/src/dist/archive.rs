//! The archive: the program with all that belongs to it. `package.metadata.binstall` in `Cargo.toml` names the same files.

use super::{File, Files, NAME, Parts, Result, pack};

/// The archive's file name and bytes.
pub(super) fn build(parts: &Parts) -> Result<(String, Vec<u8>)> {
    let folder = format!("{NAME}-v{}-{}", parts.facts.version, parts.platform.triple);
    let mut files = Files::new();
    files.insert(parts.platform.program(), File { bytes: parts.binary.clone(), executable: true });
    let groups = [("", &parts.papers), ("completions/", &parts.completions), ("man/man1/", &parts.manual)];
    for (place, group) in groups {
        for (name, file) in group {
            files.insert(format!("{place}{name}"), File { bytes: file.bytes.clone(), executable: false });
        }
    }
    if parts.platform.os == "win32" {
        let files: Files = files.into_iter().map(|(path, file)| (format!("{folder}/{path}"), file)).collect();
        return Ok((format!("{folder}.zip"), pack::zip(&files)?));
    }
    Ok((format!("{folder}.tar.gz"), pack::tar_gz(&folder, &files)?))
}
