//! `rules` and `explain`: what the rule files say, offline.

use openclaw_lint::language::{Language, Param, Phrase};
use openclaw_lint::report;
use openclaw_lint::rules::model::Rule;
use openclaw_lint::rules::{Catalog, Example};
use openclaw_lint::schema::suggest;
use unicode_width::UnicodeWidthStr;

use super::args::{Explain, ListFormat, Rules};
use super::output::{self, Terminal};
use super::voice::Voice;
use super::{CLEAN, Outcome, Trouble};

/// Columns of a severity.
const SEVERITY: usize = 7;

pub(super) fn list(arguments: &Rules, voice: &Voice) -> Outcome {
    let language = voice.language();
    let rules: Vec<&Rule> =
        Catalog::bundled().rules().filter(|rule| in_group(rule, arguments.group.as_deref())).collect();
    if rules.is_empty() {
        let phrase = Phrase::new("there is no group `{group}`; groups are {groups}");
        let phrase = phrase.with("group", arguments.group.as_deref().unwrap_or_default());
        return Err(Trouble(phrase.with("groups", Param::list(groups(), ", "))));
    }
    if arguments.format == ListFormat::Json {
        let list: Vec<serde_json::Value> = rules.iter().map(|rule| json(rule, language)).collect();
        output::print(&format!("{}\n", serde_json::to_string_pretty(&list).unwrap_or_default()))?;
        return Ok(CLEAN);
    }
    let width = Terminal::detect(&arguments.look, language).width;
    let longest = rules.iter().map(|rule| rule.id.width()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in &rules {
        let severity = language.text(rule.words().severity.name());
        let gap = " ".repeat(SEVERITY.saturating_sub(severity.width()));
        let lead = format!("{:<longest$}  {severity}{gap}  ", rule.id);
        wrap(&mut text, &lead, rule.summary(language), width);
    }
    let more = Phrase::new("{count} rules; `openclaw-lint explain RULE` tells more").with("count", rules.len());
    text.push_str(&format!("\n{}\n", language.say(&more)));
    output::print(&text)?;
    Ok(CLEAN)
}

/// A rule for programs.
fn json(rule: &Rule, language: Language) -> serde_json::Value {
    let words = rule.words();
    let documentation = Catalog::bundled().documentation_in(rule.id, language);
    let blocking = words.blocking || words.outcomes.values().any(|outcome| outcome.blocking == Some(true));
    serde_json::json!({
        "id": rule.id,
        "summary": rule.summary(language),
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
    let room = width.saturating_sub(indent);
    out.push_str(lead);
    out.push_str(&report::wrap(text, room, room).join(&format!("\n{}", " ".repeat(indent))));
    out.push('\n');
}

pub(super) fn explain(arguments: &Explain, voice: &Voice) -> Outcome {
    let catalog = Catalog::bundled();
    let Some(rule) = catalog.rule(&arguments.rule) else {
        let ids = catalog.rules().map(|rule| rule.id);
        let phrase =
            Phrase::new("there is no rule `{rule}`[[; did you mean `{near}`?]] (`openclaw-lint rules` lists them)");
        let near = suggest::nearest(&arguments.rule, ids).unwrap_or_default();
        return Err(Trouble(phrase.with("rule", &arguments.rule).with("near", near)));
    };
    let width = Terminal::detect(&arguments.look, voice.language()).width.min(100);
    output::print(&page(catalog, rule, voice.language(), width))?;
    Ok(CLEAN)
}

fn page(catalog: &Catalog, rule: &Rule, language: Language, width: usize) -> String {
    let mut text = format!("{} ({})\n\n", rule.id, language.text(rule.words().severity.name()));
    wrap(&mut text, "", rule.summary(language), width);
    let Some(documentation) = catalog.documentation_in(rule.id, language) else { return text };
    for paragraph in documentation.docs.trim().split("\n\n") {
        text.push('\n');
        let paragraph = report::joined(paragraph);
        // Lists and code keep their lines.
        if paragraph.contains('\n') {
            text.push_str(&paragraph);
            text.push('\n');
        } else {
            wrap(&mut text, "", &paragraph, width);
        }
    }
    for (title, examples) in [("Reported", &documentation.examples.bad), ("Not reported", &documentation.examples.good)]
    {
        for example in examples {
            show(&mut text, language.text(title), example);
        }
    }
    if !rule.words().aliases.is_empty() {
        let names = Param::list(&rule.words().aliases, ", ");
        text.push_str(&format!("\n{}\n", language.say(&Phrase::new("Also known as: {names}").with("names", names))));
    }
    for link in &rule.words().links {
        text.push_str(&format!("\n{}\n", language.say(&Phrase::new("See {link}").with("link", link))));
    }
    let since = Phrase::new("Since openclaw-lint {version}").with("version", &documentation.since);
    text.push_str(&format!("\n{}\n", language.say(&since)));
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
