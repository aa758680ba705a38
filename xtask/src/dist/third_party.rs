//! The licences of everything that is linked into the program: they ask to be passed on with it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::NAME;
use crate::Result;

/// How the files begin that hold a licence or what it asks to be passed on.
const PAPERS: &[&str] = &["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT", "UNLICENSE"];

/// Every linked crate, and below each licence text the crates it comes with.
pub(super) fn licences(triple: &str) -> Result<String> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", triple])
        .output()?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let linked = linked(&metadata)?;
    let mut text = format!("{NAME} is built with these libraries, each under its own licence:\n\n");
    let mut papers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in &linked {
        let field = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default();
        let name = format!("{} {}", field("name"), field("version"));
        text.push_str(&format!("{name} ({}) {}\n", field("license"), field("repository")));
        let folder = Path::new(field("manifest_path")).parent().unwrap_or(Path::new("."));
        for paper in papers_in(folder)? {
            papers.entry(paper).or_default().insert(name.clone());
        }
    }
    let mut papers: Vec<(String, BTreeSet<String>)> = papers.into_iter().collect();
    papers.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    for (paper, names) in papers {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        text.push_str(&format!("\n{}\n{names}:\n\n{paper}\n", "=".repeat(80)));
    }
    Ok(text)
}

/// The packages that the program is linked with, sorted by name and version.
fn linked(metadata: &Value) -> Result<Vec<&Value>> {
    let list = |value: Option<&'_ Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let nodes: BTreeMap<String, Value> =
        list(metadata.pointer("/resolve/nodes")).into_iter().map(|node| (text(&node, "id"), node)).collect();
    let packages = metadata.get("packages").and_then(Value::as_array).ok_or("cargo metadata names no packages")?;
    let own =
        packages.iter().find(|package| text(package, "name") == NAME).ok_or("cargo metadata lacks the program")?;
    let own = text(own, "id");
    let (mut seen, mut queue) = (BTreeSet::from([own.clone()]), VecDeque::from([own.clone()]));
    while let Some(id) = queue.pop_front() {
        for dependency in list(nodes.get(&id).and_then(|node| node.get("deps"))) {
            // `null` is an ordinary dependency, neither for tests nor for building.
            let ordinary = list(dependency.get("dep_kinds")).iter().any(|kind| kind.get("kind") == Some(&Value::Null));
            let id = text(&dependency, "pkg");
            if ordinary && seen.insert(id.clone()) {
                queue.push_back(id);
            }
        }
    }
    seen.remove(&own);
    let mut linked: Vec<&Value> = packages.iter().filter(|package| seen.contains(&text(package, "id"))).collect();
    linked.sort_by_key(|package| (text(package, "name"), text(package, "version")));
    Ok(linked)
}

/// The licence texts in a crate, without the differences that nobody sees.
fn papers_in(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_uppercase();
        if entry.file_type()?.is_file() && PAPERS.iter().any(|paper| name.starts_with(paper)) {
            files.push(entry.path());
        }
    }
    files.sort();
    let mut papers = Vec::new();
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(file)?).into_owned();
        papers.push(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned());
    }
    Ok(papers)
}
