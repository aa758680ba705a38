//! `rule-pages`: a page for each rule, made from its file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use openclaw_lint::language::Language;
use openclaw_lint::report::joined;
use openclaw_lint::rules::model::Rule;
use openclaw_lint::rules::{AfterRefusal, Catalog, Example};

use crate::Result;

/// Where the pages are.
const FOLDER: &str = "docs/rules";

/// The page about an HTTP 401 in each language, seen from `docs/`.
const fn refusal_page(language: Language) -> &'static str {
    match language {
        Language::English => "after-a-401.md",
        Language::Chinese => "after-a-401.zh-CN.md",
    }
}

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

/// The pages in English, and in `zh-CN/` those in Chinese.
fn pages() -> BTreeMap<PathBuf, String> {
    let chinese = Path::new(FOLDER).join(Language::Chinese.tag());
    let about_refusals =
        Language::ALL.iter().map(|language| (Path::new("docs").join(refusal_page(*language)), refusals(*language)));
    let english = pages_in(Path::new(FOLDER), Language::English);
    english.into_iter().chain(pages_in(&chinese, Language::Chinese)).chain(about_refusals).collect()
}

/// What to do after an HTTP 401, and which rules look for what.
fn refusals(language: Language) -> String {
    let page = AfterRefusal::read(language);
    let (other, intro, rules, folder) = match language {
        Language::English => (
            "English | [简体中文](after-a-401.zh-CN.md)",
            "Made from [`rules/after-401.json5`](../rules/after-401.json5) by `xtask rule-pages`.",
            "Rules: ",
            "rules",
        ),
        Language::Chinese => (
            "[English](after-a-401.md) | 简体中文",
            "由 `xtask rule-pages` 根据 [`rules/after-401.json5`](../rules/after-401.json5) 生成。",
            "规则：",
            "rules/zh-CN",
        ),
    };
    let mut text = format!("# {}\n\n{other}\n\n{intro}\n\n{}\n", page.title, page.intro);
    let catalog = Catalog::bundled();
    for (at, step) in page.steps.iter().enumerate() {
        text.push_str(&format!("\n## {}. {}\n\n{}\n\n```sh\n", at + 1, step.title, step.text));
        step.commands.iter().for_each(|command| text.push_str(&format!("{command}\n")));
        text.push_str("```\n");
        let of_step = |rule: &&Rule| {
            let after = catalog.documentation(rule.id).and_then(|documentation| documentation.after.as_deref());
            after.and_then(|after| page.step_of(after)) == Some(at)
        };
        let mut links: Vec<String> =
            catalog.rules().filter(of_step).map(|rule| format!("[`{0}`]({folder}/{0}.md)", rule.id)).collect();
        links.dedup();
        if !links.is_empty() {
            text.push_str(&format!("\n{rules}{}\n", links.join(", ")));
        }
    }
    text
}

fn pages_in(folder: &Path, language: Language) -> BTreeMap<PathBuf, String> {
    let catalog = Catalog::bundled();
    let mut pages = BTreeMap::new();
    let mut index = String::from(match language {
        Language::English => {
            "# Rules\n\nEnglish | [简体中文](zh-CN/README.md)\n\nMade from the files in [`rules/`](../../rules) by `xtask rule-pages`.\n"
        }
        Language::Chinese => {
            "# 规则\n\n[English](../README.md) | 简体中文\n\n由 `xtask rule-pages` 根据 [`rules/`](../../../rules) 中的文件生成。\n"
        }
    });
    let head = if language == Language::English { "rule | severity" } else { "规则 | 级别" };
    let mut group = "";
    for rule in catalog.rules() {
        let own = rule.id.split('/').next().unwrap_or_default();
        if own != group {
            group = own;
            index.push_str(&format!("\n## {group}\n\n| {head} | |\n| --- | --- | --- |\n"));
        }
        let words = rule.words();
        let severity = language.text(words.severity.name());
        index.push_str(&format!("| [`{0}`]({0}.md) | {severity} | {1} |\n", rule.id, rule.summary(language)));
        pages.insert(folder.join(format!("{}.md", rule.id)), page(catalog, rule, language));
    }
    pages.insert(folder.join("README.md"), index);
    pages
}

fn page(catalog: &Catalog, rule: &Rule, language: Language) -> String {
    let words = rule.words();
    let Some(documentation) = catalog.documentation_in(rule.id, language) else { return String::new() };
    let say =
        |english: &'static str, chinese: &'static str| if language == Language::English { english } else { chinese };
    let blocking = words.blocking || words.outcomes.values().any(|outcome| outcome.blocking == Some(true));
    let mut text = format!("# {}\n\n{}{}\n\n", rule.id, rule.summary(language), say(".", "。"));
    text.push_str(&format!("{}{}", say("Severity: ", "级别："), language.text(words.severity.name())));
    if blocking {
        text.push_str(say(", and OpenClaw refuses the file", "，且 OpenClaw 拒绝该文件"));
    }
    text.push_str(&format!(" · {} {}", say("since", "始于"), documentation.since));
    if !words.aliases.is_empty() {
        text.push_str(&format!(" · {} `{}`", say("also known as", "别名"), words.aliases.join("`, `")));
    }
    let docs = documentation.docs.trim();
    // A line break of Markdown is a blank, which Chinese has none of.
    let joined = || docs.split("\n\n").map(joined).collect::<Vec<_>>().join("\n\n");
    let docs = if language == Language::English { docs.to_owned() } else { joined() };
    text.push_str(&format!("\n\n{docs}\n\n## {}\n\n", say("What it says", "报告内容")));
    // All checks of a rule share its words, each with those that it can use.
    let checks = catalog.checks().iter().filter(|check| check.id == rule.id);
    let translated = rule.translation(language).map(|translation| &translation.outcomes);
    let outcomes: BTreeMap<&String, &String> = checks
        .flat_map(|check| &check.words().outcomes)
        .map(|(name, outcome)| {
            (name, translated.and_then(|all| all.get(name)).map_or(&outcome.message, |own| &own.message))
        })
        .collect();
    for message in outcomes.values() {
        text.push_str(&format!("- {message}\n"));
    }
    for (title, examples) in [("Reported", &documentation.examples.bad), ("Not reported", &documentation.examples.good)]
    {
        text.push_str(&format!("\n## {}\n", language.text(title)));
        examples.iter().for_each(|example| show(&mut text, example));
    }
    if let Some(after) = &documentation.after {
        let page = AfterRefusal::read(language);
        let up = if language == Language::English { "../.." } else { "../../.." };
        let file = refusal_page(language);
        let step = page.step_of(after).and_then(|at| Some((at + 1, &page.steps.get(at)?.title)));
        if let Some((number, title)) = step {
            text.push_str(&match language {
                Language::English => format!("\n[{}]({up}/{file}), step {number}: {title}.\n", page.title),
                Language::Chinese => format!("\n[{}]({up}/{file})，第 {number} 步：{title}。\n", page.title),
            });
        }
    }
    for link in &words.links {
        text.push_str(&format!("\n{} <{link}>{}\n", say("See", "参见"), say(".", "。")));
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
