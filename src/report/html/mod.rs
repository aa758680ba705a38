//! One page for a browser, with everything in it: the redacted source with its findings, filters, and the pages of the
//! rules. It loads nothing and sends nothing; its Content-Security-Policy says so, and allows the style and the script
//! of this folder alone. Without the script everything is there, only the filters are not.

mod escape;
mod markdown;
mod source;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::summary::summary;
use super::{FileView, FindingView, LabelView, Options, Redacted, RuleInfo, TOOL, Text, Verdict, fix_remark};
use crate::finding::Severity;
use crate::language::Phrase;
use crate::source::FileId;
use escape::{escaped, inline, web};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the policy knows the two by; a test says what they have to be.
const STYLE_HASH: &str = "sha256-yE9QgZRG6LPRMCzr9X828+EUitpqrUIryvGEfIwNimk=";
const SCRIPT_HASH: &str = "sha256-122lf26vgnwxJWs2m2pTP+6SFulRejv1jDabEBNYdSI=";

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

pub(super) fn render(report: &Redacted<'_>, options: &Options<'_>) -> String {
    let mut page = Page::new(report, options.rules);
    page.head();
    page.filters();
    page.push("<main id=\"findings\" tabindex=\"-1\">\n");
    page.overview();
    for section in std::mem::take(&mut page.sections) {
        page.file(&section);
    }
    page.rules();
    page.push("</main>\n<script>");
    page.push(SCRIPT);
    page.push("</script>\n</body>\n</html>\n");
    page.out
}

/// The findings of a file, with their numbers.
struct Section<'r> {
    file: FileId,
    path: &'r Text,
    view: Option<&'r FileView>,
    findings: Vec<(usize, &'r FindingView)>,
}

struct Page<'r> {
    report: &'r Redacted<'r>,
    sections: Vec<Section<'r>>,
    /// The rules that occur and have a page, in their order.
    rules: Vec<&'r RuleInfo>,
    paged: HashSet<&'r str>,
    /// Files with findings; their lines are on the page.
    with_findings: HashSet<FileId>,
    /// What findings, given by number, say of places besides their own.
    related: HashMap<FileId, Vec<(usize, &'r LabelView)>>,
    out: String,
}

impl<'r> Page<'r> {
    fn new(report: &'r Redacted<'r>, rules: &'r [RuleInfo]) -> Self {
        let occur: HashSet<&str> = report.findings.iter().map(|finding| finding.rule.exact()).collect();
        let rules: Vec<&RuleInfo> = rules.iter().filter(|rule| occur.contains(rule.id.as_str())).collect();
        let paged = rules.iter().map(|rule| rule.id.as_str()).collect();
        let sections = sections(report);
        let with_findings = sections.iter().map(|section| section.file).collect();
        let mut related: HashMap<FileId, Vec<(usize, &LabelView)>> = HashMap::new();
        for (number, finding) in report.findings.iter().enumerate() {
            for label in &finding.related {
                related.entry(label.place.file).or_default().push((number, label));
            }
        }
        Self { report, sections, rules, paged, with_findings, related, out: String::new() }
    }

    fn push(&mut self, html: &str) {
        self.out.push_str(html);
    }

    fn word(&self, english: &'static str) -> String {
        escaped(self.report.language.text(english))
    }

    fn say(&self, phrase: &Phrase) -> String {
        inline(&self.report.language.say(phrase))
    }

    fn head(&mut self) {
        let tag = self.report.language.tag();
        let summary = escaped(&summary(&self.report.totals(), self.report.language));
        let (name, version) = TOOL;
        let title = self.word("OpenClaw configuration report");
        let skip = self.word("Skip to the findings");
        let judged = Phrase::new("Made by openclaw-lint {version}, which judges as OpenClaw {target} does.");
        let judged = self.say(&judged.with("version", version).with("target", self.report.target.shown(true)));
        let legend = self.word("Each • stands for a character of something secret.");
        let policy = format!(
            "default-src 'none'; style-src '{STYLE_HASH}'; script-src '{SCRIPT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'"
        );
        self.push(&format!(
            "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"generator\" content=\"{name} {version}\">\n<link rel=\"icon\" href=\"data:,\">\n\
             <title>{summary} - {title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#findings\">{skip}</a>\n<header>\n<h1>{title}</h1>\n\
             <p class=\"summary\">{summary}</p>\n<p class=\"quiet\">{judged}</p>\n<p class=\"quiet\">{legend}</p>\n</header>\n"
        ));
    }

    /// Shown by the script, without which they would do nothing.
    fn filters(&mut self) {
        if self.report.findings.is_empty() {
            return;
        }
        let label = self.word("Filter the findings");
        let text = self.word("Text");
        let mut html = format!(
            "<form class=\"filters\" role=\"search\" aria-label=\"{label}\" hidden>\n<div class=\"field text\">\
             <label for=\"text\">{text}</label><input type=\"search\" id=\"text\" name=\"text\" autocomplete=\"off\" \
             spellcheck=\"false\" aria-keyshortcuts=\"/\"></div>\n<fieldset><legend>{}</legend>",
            self.word("Severity")
        );
        for severity in SEVERITIES {
            let count = self.report.count(severity);
            if count > 0 {
                let name = severity.name();
                html.push_str(&format!(
                    "<label><input type=\"checkbox\" name=\"severity\" value=\"{name}\" checked>{} ({count})</label>",
                    self.word(name)
                ));
            }
        }
        html.push_str("</fieldset>\n");
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &self.report.findings {
            *rules.entry(finding.rule.exact()).or_default() += 1;
        }
        let rules = rules.into_iter().map(|(rule, count)| {
            let rule = escaped(&Text::scrubbed(rule).shown(true));
            (rule.clone(), format!("{rule} ({count})"))
        });
        html.push_str(&select("rule", &self.word("Rule"), &self.word("all rules"), rules));
        let files = self.sections.iter().map(|section| {
            let FileId(id) = section.file;
            (id.to_string(), format!("{} ({})", shown(section.path), section.findings.len()))
        });
        html.push_str(&select("file", &self.word("File"), &self.word("all files"), files));
        let template = self.word("{shown} of {count} findings shown");
        html.push_str(&format!(
            "<button type=\"reset\">{}</button>\n<div class=\"state\"><p id=\"count\" role=\"status\" \
             data-words=\"{template}\"></p><p class=\"keys\"><kbd>/</kbd> {} <kbd>j</kbd> <kbd>k</kbd> {}</p></div>\n</form>\n",
            self.word("Reset"),
            self.word("to filter,"),
            self.word("to the next and the previous finding")
        ));
        self.push(&html);
    }

    /// All files, those without findings too.
    fn overview(&mut self) {
        if self.report.files.is_empty() {
            return;
        }
        let mut counts: HashMap<FileId, [usize; 3]> = HashMap::new();
        for finding in &self.report.findings {
            let counts = counts.entry(finding.place.file).or_default();
            for (count, severity) in counts.iter_mut().zip(SEVERITIES) {
                *count += usize::from(finding.severity == severity);
            }
        }
        let title = self.word("Files");
        let target = self.report.target.shown(true);
        let fate = self.say(&Phrase::new("OpenClaw {target} would").with("target", target));
        let mut html = format!(
            "<section aria-labelledby=\"files\">\n<h2 id=\"files\">{title}</h2>\n<table class=\"files\">\n<thead><tr>\
             <th scope=\"col\">{}</th><th scope=\"col\">{fate}</th>",
            self.word("File")
        );
        for name in ["Errors", "Warnings", "Infos"] {
            html.push_str(&format!("<th scope=\"col\" class=\"number\">{}</th>", self.word(name)));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for file in &self.report.files {
            let (FileId(id), path) = (file.file, shown(&file.path));
            let path = if self.with_findings.contains(&file.file) {
                format!("<a href=\"#file-{id}\"><code>{path}</code></a>")
            } else {
                format!("<code>{path}</code>")
            };
            html.push_str(&format!("<tr><td>{path}</td><td>{}</td>", self.verdict(file)));
            for count in counts.get(&file.file).copied().unwrap_or_default() {
                html.push_str(&format!("<td class=\"number\">{count}</td>"));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody>\n</table>\n</section>\n");
        self.push(&html);
    }

    fn verdict(&self, file: &FileView) -> String {
        let verb = match file.verdict {
            Verdict::Accepted => "accept it",
            Verdict::Refused => "refuse it",
            Verdict::Migrates => "migrate it when its gateway starts",
            Verdict::Unknown => return String::new(),
        };
        format!("<span class=\"tag {}\">{}</span>", file.verdict.name(), self.word(verb))
    }

    fn file(&mut self, section: &Section<'r>) {
        let (FileId(id), path) = (section.file, shown(section.path));
        let verdict = section.view.map(|file| self.verdict(file)).unwrap_or_default();
        let fate = if verdict.is_empty() {
            String::new()
        } else {
            let target = self.report.target.shown(true);
            let fate = self.say(&Phrase::new("OpenClaw {target} would").with("target", target));
            format!(" <span class=\"quiet\">{fate}</span> {verdict}")
        };
        self.push(&format!(
            "<section class=\"file\" data-file=\"{id}\" aria-labelledby=\"file-{id}\">\n<h2 id=\"file-{id}\"><code>{path}</code>{fate}</h2>\n"
        ));
        let html = source::draw(self, section);
        self.push(&html);
        self.push("</section>\n");
    }

    fn finding(&self, number: usize, finding: &FindingView) -> String {
        let severity = finding.severity.name();
        let (FileId(file), path) = (finding.place.file, finding.place.path.shown(true).to_lowercase());
        let rule = shown(&finding.rule);
        let mut html = format!(
            "<article class=\"finding {severity}\" id=\"f{number}\" tabindex=\"-1\" data-severity=\"{severity}\" \
             data-rule=\"{rule}\" data-file=\"{file}\" data-path=\"{}\" aria-labelledby=\"h{number}\">\n\
             <h3 id=\"h{number}\"><span class=\"tag {severity}\">{}</span> <span>{}</span></h3>\n<p class=\"where\">",
            escaped(&path),
            self.word(severity),
            inline(&finding.message.shown(true))
        );
        let (line, column) = (finding.place.start.line, finding.place.start.column);
        let place = Phrase::new("line {line}, column {column}").with("line", line.to_string());
        let place = self.say(&place.with("column", column.to_string()));
        html.push_str(&format!("<a href=\"#L{file}-{line}\">{place}</a>"));
        let name = format!("<code>{rule}</code>");
        html.push_str(&if self.paged.contains(finding.rule.exact()) {
            format!("<a href=\"#rule-{}\">{name}</a>", slug(finding.rule.exact()))
        } else {
            format!("<span>{name}</span>")
        });
        if let Some(path) = finding.config_path.as_ref().or(finding.env_key.as_ref()) {
            html.push_str(&format!("<code>{}</code>", shown(path)));
        }
        if finding.blocking {
            html.push_str(&format!("<span>{}</span>", self.word("OpenClaw refuses the file because of this")));
        }
        if !finding.releases.is_empty() {
            html.push_str(&format!("<span>OpenClaw {}</span>", escaped(&finding.releases.join(", "))));
        }
        html.push_str("</p>\n");
        let fields = self.fields(finding);
        if !fields.is_empty() {
            html.push_str(&format!("<dl>{fields}</dl>\n"));
        }
        html.push_str("</article>\n");
        html
    }

    /// Help, fix, notes and the page with more.
    fn fields(&self, finding: &FindingView) -> String {
        let mut html = String::new();
        let mut field = |name: &'static str, text: &str| {
            html.push_str(&format!("<dt>{}</dt><dd>{text}</dd>", self.word(name)));
        };
        if let Some(help) = &finding.help {
            field("help", &inline(&help.shown(true)));
        }
        if let Some(fix) = &finding.fix {
            let how = self.word(fix_remark(fix.safety));
            field("fix", &format!("{}{how}", inline(&fix.title.shown(true))));
        }
        for label in &finding.related {
            field("note", &self.note(label));
        }
        if let Some(url) = finding.url.as_ref().filter(|url| web(url.exact())) {
            let url = escaped(&url.shown(true));
            field("docs", &format!("<a href=\"{url}\" rel=\"noopener noreferrer\">{url}</a>"));
        }
        html
    }

    fn note(&self, label: &LabelView) -> String {
        let (FileId(file), line) = (label.place.file, label.place.start.line);
        let place = format!("{}:{line}:{}", shown(&label.place.path), label.place.start.column);
        let words = inline(&label.message.shown(true));
        let gap = if words.is_empty() { "" } else { " " };
        if self.with_findings.contains(&label.place.file) {
            format!("<a href=\"#L{file}-{line}\">{place}</a>{gap}{words}")
        } else {
            format!("{place}{gap}{words}")
        }
    }

    /// The pages of the rules that occur.
    fn rules(&mut self) {
        if self.rules.is_empty() {
            return;
        }
        let title = self.word("Rules");
        let mut html = format!("<section aria-labelledby=\"rules\">\n<h2 id=\"rules\">{title}</h2>\n");
        for rule in &self.rules {
            let (id, slug, severity) = (escaped(&rule.id), slug(&rule.id), rule.severity.name());
            html.push_str(&format!(
                "<article class=\"rule\" id=\"rule-{slug}\" data-rule=\"{id}\" aria-labelledby=\"rule-{slug}-title\">\n\
                 <h3 id=\"rule-{slug}-title\"><code>{id}</code> <span class=\"tag {severity}\">{}</span></h3>\n\
                 <p><strong>{}</strong></p>\n{}",
                self.word(severity),
                inline(&rule.summary),
                markdown::html(&rule.help)
            ));
            if let Some(url) = rule.url.as_ref().filter(|url| web(url)) {
                let url = escaped(url);
                html.push_str(&format!("<p><a href=\"{url}\" rel=\"noopener noreferrer\">{url}</a></p>\n"));
            }
            let first = self.report.findings.iter().position(|finding| finding.rule.exact() == rule.id);
            if let Some(first) = first {
                html.push_str(&format!(
                    "<p class=\"back\"><a href=\"#f{first}\">{}</a></p>\n",
                    self.word("To its first finding")
                ));
            }
            html.push_str("</article>\n");
        }
        html.push_str("</section>\n");
        self.push(&html);
    }
}

/// Files with findings, in the order of the report.
fn sections<'r>(report: &'r Redacted<'r>) -> Vec<Section<'r>> {
    let views: HashMap<FileId, &FileView> = report.files.iter().map(|file| (file.file, file)).collect();
    let mut index: HashMap<FileId, usize> = HashMap::new();
    let mut sections: Vec<Section<'r>> = Vec::new();
    for (number, finding) in report.findings.iter().enumerate() {
        let file = finding.place.file;
        let at = *index.entry(file).or_insert_with(|| {
            let view = views.get(&file).copied();
            sections.push(Section { file, path: &finding.place.path, view, findings: Vec::new() });
            sections.len() - 1
        });
        if let Some(section) = sections.get_mut(at) {
            section.findings.push((number, finding));
        }
    }
    sections
}

/// A field with a choice, as HTML; so are its options: what they mean, and what they say.
fn select(name: &str, label: &str, all: &str, options: impl Iterator<Item = (String, String)>) -> String {
    let mut html = format!(
        "<div class=\"field choice\"><label for=\"{name}\">{label}</label><select id=\"{name}\" name=\"{name}\">\
         <option value=\"\">{all}</option>"
    );
    for (value, words) in options {
        html.push_str(&format!("<option value=\"{value}\">{words}</option>"));
    }
    html.push_str("</select></div>\n");
    html
}

fn shown(text: &Text) -> String {
    escaped(&text.shown(true))
}

/// A rule's id in an anchor.
fn slug(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use sha2::{Digest, Sha256};

    /// Else a browser would neither style the page nor run its script.
    #[test]
    fn the_policy_names_the_style_and_the_script() {
        let hash = |text: &str| {
            let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()));
            format!("sha256-{digest}")
        };
        assert_eq!((STYLE_HASH, SCRIPT_HASH), (&*hash(STYLE), &*hash(SCRIPT)));
    }

    #[test]
    fn style_and_script_cannot_end_early_and_load_nothing() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--") && !text.contains('\r'));
            assert!(!text.contains("url(") && !text.contains("@import") && !text.contains("http"));
        }
        for word in ["fetch", "XMLHttpRequest", "innerHTML", "eval", "import(", "localStorage", "cookie"] {
            assert!(!SCRIPT.contains(word), "{word}");
        }
    }
}
