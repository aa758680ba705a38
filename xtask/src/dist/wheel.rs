//! The wheel for PyPI: the program as a script, for every Python 3. Its form: the "Binary distribution format" of the Python
//! packaging specifications.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::{File, Files, NAME, Parts, Result, pack, plain};

/// The wheel's file name and bytes.
pub(super) fn build(parts: &Parts) -> Result<(String, Vec<u8>)> {
    let tags = parts.platform.wheel_tags(&parts.binary)?;
    let stem = format!("{}-{}", NAME.replace('-', "_"), parts.facts.version);
    let (data, info) = (format!("{stem}.data"), format!("{stem}.dist-info"));
    let mut files = Files::new();
    let program = File { bytes: parts.binary.clone(), executable: true };
    files.insert(format!("{data}/scripts/{}", parts.platform.program()), program);
    for (name, page) in &parts.manual {
        files.insert(format!("{data}/data/share/man/man1/{name}"), plain(page.bytes.clone()));
    }
    let licences: Vec<(&String, &File)> = parts.papers.iter().filter(|(name, _)| name.contains("LICENSE")).collect();
    for (name, text) in &licences {
        files.insert(format!("{info}/licenses/{name}"), plain(text.bytes.clone()));
    }
    let names = licences.iter().map(|(name, _)| name.as_str());
    files.insert(format!("{info}/METADATA"), plain(metadata(parts, names)));
    files.insert(format!("{info}/WHEEL"), plain(wheel(&tags)));
    let record = record(&files, &format!("{info}/RECORD"));
    files.insert(format!("{info}/RECORD"), plain(record));
    Ok((format!("{stem}-py3-none-{}.whl", tags.join(".")), pack::zip(&files)?))
}

fn metadata<'a>(parts: &Parts, licences: impl Iterator<Item = &'a str>) -> String {
    let facts = &parts.facts;
    let mut text = format!(
        "Metadata-Version: 2.4\nName: {NAME}\nVersion: {}\nSummary: {}\nKeywords: {}\nLicense-Expression: {}\n",
        facts.version,
        facts.description,
        facts.keywords.join(","),
        facts.license
    );
    for name in licences {
        let _ = writeln!(text, "License-File: {name}");
    }
    if let Some(repository) = &facts.repository {
        let _ = writeln!(text, "Project-URL: Source, {repository}");
    }
    text.push_str("Requires-Python: >=3.7\nDescription-Content-Type: text/markdown; charset=UTF-8\n\n");
    let readme = parts.papers.get("README.md").map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
    text + &readme.unwrap_or_default()
}

fn wheel(tags: &[String]) -> String {
    let generator = format!("{NAME} xtask dist");
    let mut text = format!("Wheel-Version: 1.0\nGenerator: {generator}\nRoot-Is-Purelib: false\n");
    for tag in tags {
        let _ = writeln!(text, "Tag: py3-none-{tag}");
    }
    text
}

/// A line for each file with its checksum, and one without for itself.
fn record(files: &Files, own: &str) -> String {
    let mut text = String::new();
    for (path, file) in files {
        let sum = URL_SAFE_NO_PAD.encode(Sha256::digest(&file.bytes));
        let _ = writeln!(text, "{path},sha256={sum},{}", file.bytes.len());
    }
    text + own + ",,\n"
}
