//! `rule-pages`: a page for each rule, made from its file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use openclaw_lint::rules::model::Rule;
use openclaw_lint::rules::{Catalog, Example};

use crate::Result;

/// Where the pages are.
const FOLDER: &str = "docs/rules";

/// Writes the pages, or with `check` says which are not as they would be written.
pub(crate) fn run(check: bool) -> Result<()> {
    let pages = pages();
    let present: Vec<PathBuf> = walkdir::WalkDir::new(FOLDER)
        .into_iter()
        .filter_map(std::result::Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    let stale: Vec<PathBuf> = present.into_iter().filter(|file| !pages.contains_key(file)).collect();
    if check {
        let differs = |(file, text): &(&PathBuf, &String)| fs::read_to_string(file).ok().as_ref() != Some(text);
        let wrong: Vec<String> = pages
            .iter()
            .filter(differs)
            .map(|(file, _)| file)
            .chain(&stale)
            .map(|file| file.display().to_string())
            .collect();
        if !wrong.is_empty() {
            return Err(format!(
                "not up to date, run `cargo run -p xtask --bin xtask -- rule-pages`: {}",
                wrong.join(", ")
            )
            .into());
        }
        println!("{} pages of rules are up to date", pages.len());
        return Ok(());
    }
    for file in stale {
        fs::remove_file(file)?;
    }
    for (file, text) in &pages {
        fs::create_dir_all(file.parent().unwrap_or(Path::new(FOLDER)))?;
        fs::write(file, text)?;
    }
    println!("{} pages written to {FOLDER}", pages.len());
    Ok(())
}

fn pages() -> BTreeMap<PathBuf, String> {
    let catalog = Catalog::bundled();
    let mut pages = BTreeMap::new();
    let mut index = String::from("# Rules\n\nMade from the files in [`rules/`](../../rules) by `xtask rule-pages`.\n");
    let mut group = "";
    for rule in catalog.rules() {
        let own = rule.id.split('/').next().unwrap_or_default();
        if own != group {
            group = own;
            index.push_str(&format!("\n## {group}\n\n| rule | severity | |\n| --- | --- | --- |\n"));
        }
        let words = rule.words();
        index.push_str(&format!("| [`{0}`]({0}.md) | {1} | {2} |\n", rule.id, words.severity.name(), words.summary));
        pages.insert(Path::new(FOLDER).join(format!("{}.md", rule.id)), page(catalog, rule));
    }
    pages.insert(Path::new(FOLDER).join("README.md"), index);
    pages
}

fn page(catalog: &Catalog, rule: &Rule) -> String {
    let words = rule.words();
    let Some(documentation) = catalog.documentation(rule.id) else { return String::new() };
    let blocking = words.blocking || words.outcomes.values().any(|outcome| outcome.blocking == Some(true));
    let mut text = format!("# {}\n\n{}.\n\n", rule.id, words.summary);
    text.push_str(&format!("Severity: {}", words.severity.name()));
    if blocking {
        text.push_str(", and OpenClaw refuses the file");
    }
    text.push_str(&format!(" · since {}", documentation.since));
    if !words.aliases.is_empty() {
        text.push_str(&format!(" · also known as `{}`", words.aliases.join("`, `")));
    }
    text.push_str(&format!("\n\n{}\n\n## What it says\n\n", documentation.docs.trim()));
    // All checks of a rule share its words, each with those that it can use.
    let checks = catalog.checks().iter().filter(|check| check.id == rule.id);
    let outcomes: BTreeMap<&String, &String> = checks
        .flat_map(|check| check.words().outcomes.iter().map(|(name, outcome)| (name, &outcome.message)))
        .collect();
    for message in outcomes.values() {
        text.push_str(&format!("- {message}\n"));
    }
    for (title, examples) in [("Reported", &documentation.examples.bad), ("Not reported", &documentation.examples.good)]
    {
        text.push_str(&format!("\n## {title}\n"));
        examples.iter().for_each(|example| show(&mut text, example));
    }
    for link in &words.links {
        text.push_str(&format!("\nSee <{link}>.\n"));
    }
    text
}

/// `«…»` marks what is reported; synthetic keys stay the placeholders that they are in the rule file.
fn show(text: &mut String, example: &Example) {
    if let Some(title) = &example.title {
        text.push_str(&format!("\n{}:\n", capital(title)));
    }
    for (name, content) in &example.files {
        let language = if name.contains("env") { "sh" } else { "json5" };
        text.push_str(&format!("\n`{name}`\n\n```{language}\n{}\n```\n", content.trim_end()));
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
