//! `rules` and `explain`: what the rule files say, offline.

use openclaw_lint::rules::model::Rule;
use openclaw_lint::rules::{Catalog, Example};
use openclaw_lint::schema::suggest;
use unicode_width::UnicodeWidthStr;

use super::args::{Explain, ListFormat, Rules};
use super::output::{self, Terminal};
use super::{CLEAN, Outcome, Trouble};

pub(super) fn list(arguments: &Rules) -> Outcome {
    let rules: Vec<&Rule> =
        Catalog::bundled().rules().filter(|rule| in_group(rule, arguments.group.as_deref())).collect();
    if rules.is_empty() {
        let groups = groups();
        let group = arguments.group.as_deref().unwrap_or_default();
        return Err(Trouble(format!("there is no group `{group}`; groups are {}", groups.join(", "))));
    }
    if arguments.format == ListFormat::Json {
        let list: Vec<serde_json::Value> = rules.iter().map(|rule| json(rule)).collect();
        output::print(&format!("{}\n", serde_json::to_string_pretty(&list).unwrap_or_default()))?;
        return Ok(CLEAN);
    }
    let width = Terminal::detect(&arguments.look).width;
    let longest = rules.iter().map(|rule| rule.id.width()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in &rules {
        let lead = format!("{:<longest$}  {:<7}  ", rule.id, rule.words().severity.name());
        wrap(&mut text, &lead, &rule.words().summary, width);
    }
    text.push_str(&format!("\n{} rules; `openclaw-lint explain RULE` tells more\n", rules.len()));
    output::print(&text)?;
    Ok(CLEAN)
}

/// A rule for programs.
fn json(rule: &Rule) -> serde_json::Value {
    let words = rule.words();
    let documentation = Catalog::bundled().documentation(rule.id);
    let blocking = words.blocking || words.outcomes.values().any(|outcome| outcome.blocking == Some(true));
    serde_json::json!({
        "id": rule.id,
        "summary": words.summary,
        "severity": words.severity.name(),
        "blocking": blocking,
        "layouts": rule.check().layouts,
        "aliases": words.aliases,
        "since": documentation.map(|documentation| documentation.since.as_str()),
        "confidence": documentation.and_then(|documentation| documentation.confidence.as_deref()),
        "docs": documentation.map(|documentation| documentation.docs.as_str()),
        "links": words.links,
    })
}

fn in_group(rule: &Rule, group: Option<&str>) -> bool {
    group.is_none_or(|group| rule.id.split_once('/').is_some_and(|(own, _)| own == group.trim_end_matches('/')))
}

fn groups() -> Vec<&'static str> {
    let mut groups: Vec<&str> =
        Catalog::bundled().rules().filter_map(|rule| Some(rule.id.split_once('/')?.0)).collect();
    groups.dedup();
    groups
}

/// Appends `lead` and the words of `text`, later lines indented under the first.
fn wrap(out: &mut String, lead: &str, text: &str, width: usize) {
    let indent = lead.width();
    let mut column = indent;
    out.push_str(lead);
    for (number, word) in text.split_whitespace().enumerate() {
        if number > 0 && column + 1 + word.width() > width {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else if number > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.width();
    }
    out.push('\n');
}

pub(super) fn explain(arguments: &Explain) -> Outcome {
    let catalog = Catalog::bundled();
    let Some(rule) = catalog.rule(&arguments.rule) else {
        let ids = catalog.rules().map(|rule| rule.id);
        let hint =
            suggest::nearest(&arguments.rule, ids).map(|id| format!("; did you mean `{id}`?")).unwrap_or_default();
        return Err(Trouble(format!("there is no rule `{}`{hint} (`openclaw-lint rules` lists them)", arguments.rule)));
    };
    let width = Terminal::detect(&arguments.look).width.min(100);
    output::print(&page(catalog, rule, width))?;
    Ok(CLEAN)
}

fn page(catalog: &Catalog, rule: &Rule, width: usize) -> String {
    let mut text = format!("{} ({})\n\n", rule.id, rule.words().severity.name());
    wrap(&mut text, "", &rule.words().summary, width);
    let Some(documentation) = catalog.documentation(rule.id) else { return text };
    for paragraph in documentation.docs.trim().split("\n\n") {
        text.push('\n');
        // Lists and code keep their lines.
        if paragraph.lines().any(|line| line.starts_with(['-', '*', ' ', '`', '|', '#'])) {
            text.push_str(paragraph);
            text.push('\n');
        } else {
            wrap(&mut text, "", paragraph, width);
        }
    }
    for (title, examples) in [("Reported", &documentation.examples.bad), ("Not reported", &documentation.examples.good)]
    {
        for example in examples {
            show(&mut text, title, example);
        }
    }
    if !rule.words().aliases.is_empty() {
        text.push_str(&format!("\nAlso known as: {}\n", rule.words().aliases.join(", ")));
    }
    for link in &rule.words().links {
        text.push_str(&format!("\nSee {link}\n"));
    }
    text.push_str(&format!("\nSince openclaw-lint {}\n", documentation.since));
    text
}

/// `«…»` marks what is reported; synthetic keys are shown as the placeholders that they are in the rule file.
fn show(out: &mut String, verdict: &str, example: &Example) {
    let title = example.title.as_deref().map(|title| format!(": {title}")).unwrap_or_default();
    out.push_str(&format!("\n{verdict}{title}\n"));
    for (name, text) in &example.files {
        out.push_str(&format!("  {name}\n"));
        for line in text.trim().lines() {
            out.push_str(&format!("    {line}\n"));
        }
    }
}
