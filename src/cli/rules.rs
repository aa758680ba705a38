//! `rules` and `explain`: what the rule files say, offline.

use openclaw_lint::language::{Language, Param, Phrase};
use openclaw_lint::report::{self, visible};
use openclaw_lint::rules::model::Rule;
use openclaw_lint::rules::{AfterRefusal, Catalog, Example};
use openclaw_lint::schema::suggest;
use unicode_width::UnicodeWidthStr;

use super::args::{Explain, ListFormat, PageFormat, Rules};
use super::output::{self, Terminal};
use super::prose;
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
    output::print(&visible(&text))?;
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
        "layouts": *rule.check().layouts,
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
    if arguments.format == PageFormat::Json {
        let page = whole_json(catalog, rule, voice.language());
        output::print(&format!("{}\n", serde_json::to_string_pretty(&page).unwrap_or_default()))?;
        return Ok(CLEAN);
    }
    let width = Terminal::detect(&arguments.look, voice.language()).width.min(100);
    output::print(&visible(&page(catalog, rule, voice.language(), width)))?;
    Ok(CLEAN)
}

/// What the page says, for programs.
fn whole_json(catalog: &Catalog, rule: &Rule, language: Language) -> serde_json::Value {
    let mut page = json(rule, language);
    let after = catalog.documentation(rule.id).and_then(|documentation| documentation.after.as_deref());
    if let (Some(fields), Some(after)) = (page.as_object_mut(), after) {
        let text = AfterRefusal::read(language);
        let step = text.step_of(after).and_then(|at| text.steps.get(at)).map(|step| step.id.clone());
        fields.insert("after401".to_owned(), serde_json::json!({ "step": step, "page": text }));
    }
    page
}

fn page(catalog: &Catalog, rule: &Rule, language: Language, width: usize) -> String {
    let mut text = format!("{} ({})\n\n", rule.id, language.text(rule.words().severity.name()));
    wrap(&mut text, "", rule.summary(language), width);
    let Some(documentation) = catalog.documentation_in(rule.id, language) else { return text };
    text.push('\n');
    text.push_str(&prose::to_terminal(&documentation.docs, width));
    for (title, examples) in [("Reported", &documentation.examples.bad), ("Not reported", &documentation.examples.good)]
    {
        for example in examples {
            show(&mut text, language.text(title), example);
        }
    }
    if let Some(after) = &documentation.after {
        after_refusal(&mut text, after, language, width);
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

/// What to do after an HTTP 401, with the step that the rule belongs to.
fn after_refusal(out: &mut String, after: &str, language: Language, width: usize) {
    let page = AfterRefusal::read(language);
    let here = page.step_of(after);
    out.push_str(&format!("\n{}\n\n", page.title));
    wrap(out, "", &page.intro, width);
    for (at, step) in page.steps.iter().enumerate() {
        let mark = if here == Some(at) { language.text(" (this rule)") } else { "" };
        out.push_str(&format!("\n{}. {}{mark}\n", at + 1, step.title));
        wrap(out, "   ", &step.text, width);
        // Commands stay on one line, to be copied.
        out.extend(step.commands.iter().map(|command| format!("     {command}\n")));
    }
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
