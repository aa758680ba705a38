//! Every link in the documentation that stays within the project leads to a file, and to a heading where it names one. No
//! network: addresses of others are not looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages, seen from the project's folder.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> =
        ["README.md", "README.zh-CN.md", "CHANGELOG.md", "schemas/README.md"].map(PathBuf::from).into();
    let entries = walkdir::WalkDir::new(root().join("docs")).sort_by_file_name().into_iter();
    let files = entries.map(|entry| entry.expect("an entry").into_path());
    let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    pages.extend(files.map(|file| file.strip_prefix(root()).expect("below the project").to_owned()));
    pages
}

/// What a page has to offer and to ask for.
#[derive(Default)]
struct Page {
    anchors: BTreeSet<String>,
    links: Vec<String>,
    titles: usize,
}

fn read(text: &str) -> Page {
    let (mut page, mut heading) = (Page::default(), None::<String>);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                page.titles += usize::from(level == HeadingLevel::H1);
                heading = Some(String::new());
            }
            Event::End(TagEnd::Heading(_)) => {
                let text = heading.take().unwrap_or_default();
                let (anchor, mut number) = (anchor(&text), 0);
                let mut own = anchor.clone();
                while !page.anchors.insert(own) {
                    number += 1;
                    own = format!("{anchor}-{number}");
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.links.push(dest_url.to_string())
            }
            _ => {}
        }
    }
    page
}

/// The anchor that GitHub, GitLab and mdBook give a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// `a/b/../c` as `a/c`; `None` when it leaves the project.
fn tidy(path: &Path) -> Option<PathBuf> {
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => tidy.pop().then_some(())?,
            Component::CurDir => {}
            other => tidy.push(other),
        }
    }
    Some(tidy)
}

/// What is wrong with a link of a page.
fn complaint(from: &Path, link: &str, pages: &BTreeMap<PathBuf, Page>) -> Option<String> {
    if link.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphabetic())) {
        return None;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = if path.is_empty() { Some(from.to_owned()) } else { tidy(&from.with_file_name("").join(path)) };
    let Some(target) = target else { return Some("leaves the project".to_owned()) };
    if !root().join(&target).exists() {
        return Some(format!("there is no {}", target.display()));
    }
    let anchor = anchor?;
    match pages.get(&target) {
        Some(page) if page.anchors.contains(anchor) => None,
        Some(page) => Some(format!("{} has no heading `{anchor}`, only {:?}", target.display(), page.anchors)),
        None => Some(format!("{} is no page", target.display())),
    }
}

#[test]
fn links_lead_to_files_and_headings() {
    let pages: BTreeMap<PathBuf, Page> = pages()
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(root().join(&path)).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            (path, read(&text))
        })
        .collect();
    let links: Vec<(&PathBuf, &String)> =
        pages.iter().flat_map(|(path, page)| page.links.iter().map(move |link| (path, link))).collect();
    assert!(links.len() > 200, "only {} links were found", links.len());
    let wrong: Vec<String> = links
        .into_iter()
        .filter_map(|(path, link)| Some(format!("{}: {link}: {}", path.display(), complaint(path, link, &pages)?)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The contents have no title, and the page of changes is that of `CHANGELOG.md`.
    let whole = |path: &Path| !path.ends_with("SUMMARY.md") && !path.ends_with("changes.md");
    let untitled: Vec<&PathBuf> =
        pages.iter().filter(|(path, page)| page.titles != 1 && whole(path)).map(|(path, _)| path).collect();
    assert!(untitled.is_empty(), "pages need one title each: {untitled:?}");
}

#[test]
fn wrong_links_are_noticed() {
    let page = read(
        "# One page\n\n## What's `new`?\n\n## What's new\n\n[a](#whats-new) ![b](b.svg)\n\n| [c](c.md) |\n| --- |\n",
    );
    assert_eq!(page.links, ["#whats-new", "b.svg", "c.md"]);
    assert_eq!(page.anchors.iter().collect::<Vec<_>>(), ["one-page", "whats-new", "whats-new-1"]);
    let pages = BTreeMap::from([(PathBuf::from("docs/upgrade.md"), page)]);
    let ask = |link: &str| complaint(Path::new("docs/upgrade.md"), link, &pages);
    assert_eq!(ask("#whats-new-1"), None);
    assert_eq!(ask("../README.md"), None);
    assert_eq!(ask("https://example.com/no#such"), None);
    assert!(ask("#nothing").is_some_and(|text| text.contains("no heading")));
    assert!(ask("nothing.md").is_some_and(|text| text.contains("there is no docs/nothing.md")));
    assert!(ask("../../README.md").is_some_and(|text| text.contains("leaves")));
}
