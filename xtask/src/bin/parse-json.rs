//! Reads and parses the JSON files of a tree with `serde_json` on all cores, and does nothing else: the ceiling that
//! checks of trees are compared with.
#![allow(clippy::print_stdout, reason = "a command-line program")]

use std::path::PathBuf;

use rayon::prelude::*;

fn main() {
    let folders = std::env::args_os().skip(1);
    let files: Vec<PathBuf> = folders
        .flat_map(walkdir::WalkDir::new)
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    let parsed = files.par_iter().filter(|file| {
        let bytes = std::fs::read(file).unwrap_or_default();
        serde_json::from_slice::<serde_json::Value>(&bytes).is_ok()
    });
    println!("{} of {} files parsed", parsed.count(), files.len());
}
