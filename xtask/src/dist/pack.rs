//! Containers: tar in gzip, and zip. Times and owners are fixed, names are sorted by the type of the files.

use std::io::{Cursor, Write as _};

use flate2::{Compression, GzBuilder};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{File, Files};
use crate::Result;

/// 1985-10-26 08:15 UTC, the time that npm gives the files of every package.
const TIME: u64 = 499_162_500;

const fn mode(file: &File) -> u32 {
    if file.executable { 0o755 } else { 0o644 }
}

/// A `.tar.gz` with all files in one folder.
pub(super) fn tar_gz(folder: &str, files: &Files) -> Result<Vec<u8>> {
    let gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    let mut archive = tar::Builder::new(gzip);
    for (path, file) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(mode(file));
        header.set_mtime(TIME);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(&mut header, format!("{folder}/{path}"), file.bytes.as_slice())?;
    }
    Ok(archive.into_inner()?.finish()?)
}

/// A `.zip`, which wheels are too.
pub(super) fn zip(files: &Files) -> Result<Vec<u8>> {
    let time = zip::DateTime::from_date_and_time(1985, 10, 26, 8, 15, 0)?;
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, file) in files {
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(time)
            .unix_permissions(mode(file));
        archive.start_file(path.as_str(), options)?;
        archive.write_all(&file.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}
