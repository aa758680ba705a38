//! Files written whole or not at all: beside their place first, then into it. A full disk, an interrupt or a crash leaves
//! what was there before.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Puts `bytes` into a file, links followed; one that is new gets `mode` on Unix, as far as the umask lets it.
pub(super) fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    replace_if(path, bytes, mode, || Ok(()))
}

/// The same, unless `ready` objects when everything is written and has yet to get its name.
pub(super) fn replace_if(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    mut ready: impl FnMut() -> io::Result<()>,
) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let old = fs::metadata(&target).ok();
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Those who may write to a file now may do so later, and nobody else before.
    let mode = if old.is_some() { 0o600 } else { mode };
    if let Some(mut file) = nameless(folder, mode) {
        fill(&mut file, bytes, old.as_ref())?;
        ready()?;
        // An interrupt between these two steps leaves the file beside its place: there is no shorter way.
        if let Some(beside) = named(&file, &target) {
            let done = fs::rename(&beside, &target);
            if done.is_err() {
                let _ = fs::remove_file(&beside);
            }
            return done;
        }
    }
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    let mut file = builder.tempfile_in(folder)?;
    fill(file.as_file_mut(), bytes, old.as_ref())?;
    ready()?;
    file.persist(&target).map(|_| ()).map_err(|error| error.error)
}

/// The content, and the owner and rights of the file that it replaces.
fn fill(file: &mut File, bytes: &[u8], old: Option<&Metadata>) -> io::Result<()> {
    file.write_all(bytes)?;
    if let Some(old) = old {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            let own = file.metadata()?;
            if (own.uid(), own.gid()) != (old.uid(), old.gid()) {
                // Root mends the file of an account, which has to read it afterwards. Others may not give files away.
                let _ = fchown(&*file, Some(old.uid()), Some(old.gid()));
            }
        }
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()
}

/// A file without a name, which is gone when the program is, however it ends. `None` where there is no such thing.
#[cfg(target_os = "linux")]
fn nameless(folder: &Path, mode: u32) -> Option<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = i32::try_from(rustix::fs::OFlags::TMPFILE.bits()).ok()?;
    OpenOptions::new().write(true).mode(mode).custom_flags(flags).open(folder).ok()
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &Path, _: u32) -> Option<File> {
    None
}

/// Gives such a file a name beside its place.
#[cfg(target_os = "linux")]
fn named(file: &File, target: &Path) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;
    const TRIES: u32 = 16;
    let own = format!("/proc/self/fd/{}", file.as_raw_fd());
    let here = rustix::fs::CWD;
    let names = (0..TRIES).map(|number| {
        let mut name = OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(format!(".{}-{number}", std::process::id()));
        target.with_file_name(name)
    });
    let link = |name: &PathBuf| {
        rustix::fs::linkat(here, own.as_str(), here, name, rustix::fs::AtFlags::SYMLINK_FOLLOW).is_ok()
    };
    names.into_iter().find(link)
}

#[cfg(not(target_os = "linux"))]
fn named(_: &File, _: &Path) -> Option<PathBuf> {
    None
}

/// Adds the bytes at the end of a file that only its owner may read, all of them or none.
pub(super) fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let old = match fs::read(path) {
        Ok(old) => old,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    replace(path, &[old.as_slice(), bytes].concat(), 0o600)
}
