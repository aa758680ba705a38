//! `docs/SUMMARY.md`, the contents of the site. Which page stands where is said here; a page that is in `docs/` and not here is
//! a mistake, and one that is here and not in `docs/` is left out, so that pages may come and go.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use openclaw_lint::language::Language;
use openclaw_lint::rules::Catalog;

use crate::Result;

const FOLDER: &str = "docs";
const FILE: &str = "docs/SUMMARY.md";

/// Parts of the site, with their pages. The part without a name comes first.
const PARTS: &[(&str, &[(&str, &str)])] = &[
    ("", &[("openclaw-lint", "introduction.md")]),
    (
        "Use",
        &[
            ("Install", "install.md"),
            ("Quick start", "quick-start.md"),
            ("Editors", "editors.md"),
            ("Git hooks", "git.md"),
            ("In the pipeline", "ci.md"),
            ("Upgrading OpenClaw", "upgrade.md"),
            ("After an HTTP 401", "after-a-401.md"),
            ("Writing rules", "writing-rules.md"),
            ("As a library", "library.md"),
        ],
    ),
    (
        "Background",
        &[
            ("Security", "security.md"),
            ("Beside OpenClaw's own tools", "comparison.md"),
            ("Agreement with OpenClaw", "agreement.md"),
            ("Performance", "performance.md"),
            ("The guide's checks", "guide-coverage.md"),
            ("Architecture", "architecture.md"),
            ("Fuzzing", "fuzzing.md"),
            ("Mutation testing", "mutants.md"),
            ("Dependencies", "dependencies.md"),
            ("Changes", "changes.md"),
        ],
    ),
];

/// Pages in Chinese; those of the rules follow them.
const CHINESE: &[(&str, &str)] = &[("HTTP 401 之后", "after-a-401.zh-CN.md")];

/// Writes the contents, or with `check` says that they are not as they would be written.
pub(crate) fn run(check: bool) -> Result<()> {
    let text = contents()?;
    if !check {
        fs::write(FILE, text)?;
    } else if fs::read_to_string(FILE).ok().as_ref() != Some(&text) {
        return Err(format!("{FILE} is not up to date, run `cargo run -p xtask --bin xtask -- rule-pages`").into());
    }
    Ok(())
}

fn contents() -> Result<String> {
    let mut text = String::from("<!-- Made by `xtask rule-pages` from `xtask/src/summary.rs`. -->\n\n# Summary\n");
    let mut listed = BTreeSet::from(["SUMMARY.md".to_owned()]);
    for (part, pages) in PARTS {
        text.push_str(&if part.is_empty() { "\n".to_owned() } else { format!("\n# {part}\n\n") });
        let bullet = if part.is_empty() { "" } else { "- " };
        for (title, page) in *pages {
            add(&mut text, &mut listed, bullet, title, page);
        }
    }
    text.push_str("\n# Rules\n\n");
    rules(&mut text, &mut listed, "All rules", "rules");
    let folder = format!("rules/{}", Language::Chinese.tag());
    if Path::new(FOLDER).join(&folder).is_dir() {
        text.push_str("\n# 简体中文\n\n");
        for (title, page) in CHINESE {
            add(&mut text, &mut listed, "- ", title, page);
        }
        rules(&mut text, &mut listed, "所有规则", &folder);
    }
    let missing: Vec<String> = pages()?.into_iter().filter(|page| !listed.contains(page)).collect();
    if missing.is_empty() {
        Ok(text)
    } else {
        Err(format!("xtask/src/summary.rs does not say where these pages of {FOLDER} stand: {}", missing.join(", "))
            .into())
    }
}

/// A line for a page that is there.
fn add(text: &mut String, listed: &mut BTreeSet<String>, bullet: &str, title: &str, page: &str) {
    if Path::new(FOLDER).join(page).is_file() {
        text.push_str(&format!("{bullet}[{title}]({page})\n"));
        listed.insert(page.to_owned());
    }
}

fn rules(text: &mut String, listed: &mut BTreeSet<String>, title: &str, folder: &str) {
    add(text, listed, "- ", title, &format!("{folder}/README.md"));
    for rule in Catalog::bundled().rules() {
        add(text, listed, "  - ", rule.id, &format!("{folder}/{}.md", rule.id));
    }
}

/// All pages that are there.
fn pages() -> Result<Vec<String>> {
    let mut pages = Vec::new();
    for entry in walkdir::WalkDir::new(FOLDER).sort_by_file_name() {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "md") {
            let path = entry.path().strip_prefix(FOLDER)?.iter().map(|part| part.to_string_lossy());
            pages.push(path.collect::<Vec<_>>().join("/"));
        }
    }
    Ok(pages)
}
