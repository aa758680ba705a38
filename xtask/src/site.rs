//! The site: `site` builds it with mdBook and follows every link in it; `book-links` is the preprocessor that `book.toml` names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::{Result, summary};

/// Where `book.toml` puts the site.
const SITE: &str = "target/site";

/// Files outside of `docs/` that the site has a page for.
const PAGES: &[(&str, &str)] = &[("../README.md", "introduction.md"), ("../CHANGELOG.md", CHANGES)];

/// The page that includes `CHANGELOG.md`, whose links count from there.
const CHANGES: &str = "changes.md";

/// Builds the site. A warning of mdBook is an error, and so is a link that leads nowhere.
pub(crate) fn run() -> Result<()> {
    summary::run(true)?;
    let output = Command::new("mdbook")
        .arg("build")
        .output()
        .map_err(|error| format!("mdbook: {error}; `cargo install mdbook --locked` installs it"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || ["WARN", "ERROR"].iter().any(|word| said.contains(word)) {
        return Err(format!("mdbook build: {said}").into());
    }
    let pages = read_pages(Path::new(SITE))?;
    let (mut links, mut wrong) = (0, Vec::new());
    for (path, page) in &pages {
        links += page.links.len();
        let complaints = page
            .links
            .iter()
            .filter_map(|link| Some(format!("{}: {link}: {}", path.display(), complaint(path, link, &pages)?)));
        wrong.extend(complaints);
    }
    if !wrong.is_empty() {
        return Err(format!("links of the site that lead nowhere:\n{}", wrong.join("\n")).into());
    }
    println!("{SITE}: {} pages, {links} links", pages.len());
    Ok(())
}

/// A page of the site.
struct Html {
    anchors: BTreeSet<String>,
    links: BTreeSet<String>,
}

fn read_pages(folder: &Path) -> Result<BTreeMap<PathBuf, Html>> {
    let mut pages = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "html") {
            let text = fs::read_to_string(path)?;
            let values = |name: &str| attributes(&text, name).into_iter().collect::<BTreeSet<String>>();
            let links = ["href", "src"].into_iter().flat_map(values).collect();
            pages.insert(path.to_owned(), Html { anchors: values("id"), links });
        }
    }
    Ok(pages)
}

/// The values of an attribute, as mdBook writes it.
fn attributes(html: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    let values = html.split(&start).skip(1).filter_map(|rest| rest.split('"').next());
    values.map(|value| value.replace("&amp;", "&").replace("&#x27;", "'")).collect()
}

/// What is wrong with a link of a page.
fn complaint(from: &Path, link: &str, pages: &BTreeMap<PathBuf, Html>) -> Option<String> {
    // The page for what is not there is shown at any address: its links count from the root.
    if link.contains("://")
        || link.starts_with("mailto:")
        || link.starts_with("javascript:")
        || from.ends_with("404.html")
    {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { from.to_owned() } else { tidy(&from.with_file_name("").join(path)) };
    if !target.starts_with(SITE) || !target.exists() {
        return Some("there is no such file".to_owned());
    }
    let anchors = pages.get(&target).map(|page| &page.anchors);
    let found = anchor.is_empty() || anchors.is_some_and(|anchors| anchors.contains(anchor));
    (!found).then(|| "there is no such heading".to_owned())
}

fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir if tidy.file_name().is_some() => drop(tidy.pop()),
            Component::CurDir => {}
            other => tidy.push(other),
        }
    }
    tidy
}

/// The preprocessor. Pages link to files of the project that are not on the site, which works where the project is browsed:
/// there such a link leads to the project's home, and as long as it has none, only its words stay.
pub(crate) fn book_links(supports: Option<&str>) -> Result<()> {
    if supports.is_some() {
        // Every renderer.
        return Ok(());
    }
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let mut input: Value = serde_json::from_str(&input)?;
    let manifest: toml::Table = fs::read_to_string("Cargo.toml")?.parse()?;
    let home = manifest.get("package").and_then(|package| package.get("repository")?.as_str());
    let book = input.get_mut(1).ok_or("this is not what mdBook sends to a preprocessor")?;
    rewrite(book, home);
    println!("{}", serde_json::to_string(book)?);
    Ok(())
}

/// Every chapter, at any depth.
fn rewrite(value: &mut Value, home: Option<&str>) {
    match value {
        Value::Object(fields) => {
            let path = fields.get("path").and_then(Value::as_str).map(PathBuf::from);
            if let (Some(path), Some(Value::String(content))) = (path, fields.get_mut("content")) {
                *content = with_links(content, &path, home);
            }
            fields.values_mut().for_each(|inner| rewrite(inner, home));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| rewrite(inner, home)),
        _ => {}
    }
}

/// A page with its links as the site needs them.
fn with_links(content: &str, page: &Path, home: Option<&str>) -> String {
    let mut result = String::with_capacity(content.len());
    let (mut done, mut open) = (0, None);
    for (event, range) in Parser::new_ext(content, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => open = Some((dest_url, range, None::<usize>, 0)),
            Event::End(TagEnd::Link) => {
                let Some((link, range, Some(start), end)) = open.take() else { continue };
                if let (Some(new), Some(words)) = (destination(&link, page, home), content.get(start..end)) {
                    result.push_str(content.get(done..range.start).unwrap_or_default());
                    result.push_str(&if new.is_empty() { words.to_owned() } else { format!("[{words}]({new})") });
                    done = range.end;
                }
            }
            _ => {
                if let Some((_, _, start, end)) = &mut open {
                    start.get_or_insert(range.start);
                    *end = range.end;
                }
            }
        }
    }
    result + content.get(done..).unwrap_or_default()
}

/// Another destination for a link: `None` where it stays, empty where there is none.
fn destination(link: &str, page: &Path, home: Option<&str>) -> Option<String> {
    if link.contains("://") || link.starts_with('#') || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) =
        link.split_once('#').map_or((link, String::new()), |(path, anchor)| (path, format!("#{anchor}")));
    let folder = if page == Path::new(CHANGES) { Path::new("..") } else { page.parent().unwrap_or(Path::new("")) };
    let target = tidy(&folder.join(path)).to_string_lossy().replace('\\', "/");
    let own = target.strip_prefix("../docs/").unwrap_or(&target);
    let own = PAGES.iter().find(|(outside, _)| *outside == own).map_or(own, |(_, own)| own);
    if let Some(outside) = own.strip_prefix("../") {
        return Some(home.map(|home| format!("{home}/blob/HEAD/{outside}{anchor}")).unwrap_or_default());
    }
    let up = "../".repeat(page.components().count().saturating_sub(1));
    // mdBook calls the page of a folder so.
    let own = own.strip_suffix("README.md").map_or_else(|| own.to_owned(), |folder| format!("{folder}index.md"));
    Some(format!("{up}{own}{anchor}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_out_of_the_site_lead_to_the_projects_home_or_lose_their_link() {
        let text = "See [`a`](../../rules/x.json5), [b](b.md#c), [changes](../../CHANGELOG.md) and <https://x.org>.\n\n```\n[no](../../link)\n```\n";
        let page = Path::new("rules/auth.md");
        assert_eq!(
            with_links(text, page, None),
            "See `a`, [b](../rules/b.md#c), [changes](../changes.md) and <https://x.org>.\n\n```\n[no](../../link)\n```\n"
        );
        assert!(
            with_links(text, page, Some("https://host/p"))
                .starts_with("See [`a`](https://host/p/blob/HEAD/rules/x.json5), [b]")
        );
        assert_eq!(with_links("[g](docs/g.md) [l](LICENSE)", Path::new(CHANGES), None), "[g](g.md) l");
        assert_eq!(with_links("[r](rules/README.md#x)", Path::new("a.md"), None), "[r](rules/index.md#x)");
    }

    #[test]
    fn links_that_lead_nowhere_are_noticed() {
        let html = "<h1 id=\"title\">x</h1> <a href=\"#title\"></a> <a class=\"x\" href=\"../no.html\"></a>";
        let values = |name| attributes(html, name).into_iter().collect::<BTreeSet<_>>();
        let page = Html { anchors: values("id"), links: values("href") };
        assert_eq!(page.links.iter().collect::<Vec<_>>(), ["#title", "../no.html"]);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let pages = BTreeMap::from([(path.clone(), page)]);
        assert_eq!(complaint(&path, "https://x.org/no", &pages), None);
        assert!(complaint(&path, "../no.html", &pages).is_some());
    }
}
