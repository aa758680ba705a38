//! The authentication report: which provider has a credential, from where, and what is wrong with it. Values never enter;
//! every text is scrubbed like those of the other formats.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::text::{one_line, wrap};
use super::touching::Touching;
use super::{FindingView, Redacted, Report};
use crate::credentials::table;
use crate::language::{Language, Phrase};
use crate::project::Origin;
use crate::rules::{Credential, Layer, State};
use crate::source::{FileId, Span};

/// Columns before what is said of a provider.
const INDENT: usize = 2;

/// Providers that a reader of the troubleshooting guide looks for, be they there or not.
const EXPECTED: &[&str] = &["anthropic", "openai", "google", "microsoft-foundry"];

/// What the report says, ready for JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthReport {
    #[serde(skip)]
    language: Language,
    schema_version: u32,
    /// RFC 3339, UTC.
    timestamp: String,
    /// The release that was linted for.
    target: String,
    /// One entry for each provider, those with trouble first.
    pub providers: Vec<ProviderStatus>,
    /// One entry for each variable that holds or should hold a credential.
    pub variables: Vec<VariableStatus>,
}

/// A provider.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderStatus {
    /// Its id.
    pub provider: String,
    /// How it stands with its credential.
    pub status: &'static str,
    /// Where the credential comes from that is used.
    pub source: Option<Source>,
    /// Others, which it hides.
    pub shadowed: Vec<Source>,
    /// What is wrong, by rule.
    pub problems: Vec<Problem>,
    /// Asks the provider whether the key is good; prints 200 or 401.
    pub verify: Option<String>,
}

/// A variable.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariableStatus {
    /// Its name.
    pub name: String,
    /// `set`, `unset`, `empty`, `invalid_format`, `placeholder` or `ignored`.
    pub status: &'static str,
    /// Where it is set.
    pub source: Option<Source>,
}

/// Where a credential stands.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// `process`, the name of an env file, or `config`.
    pub layer: String,
    /// Variable or path.
    pub slot: String,
    /// The file.
    pub file: Option<String>,
    /// Its line, from 1.
    pub line: Option<u32>,
}

/// A finding about a credential.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    rule: String,
    message: String,
    help: Option<String>,
}

/// How a report about authentication is to be made.
#[derive(Clone, Copy, Debug)]
pub struct AuthOptions<'a> {
    /// Seconds since 1970 UTC.
    pub now: i64,
    /// Hide account names in paths; the home folder, if known, becomes `~`.
    pub redact_paths: bool,
    /// The home folder.
    pub home: Option<&'a str>,
}

struct Maker<'r> {
    report: &'r Report,
    redacted: &'r Redacted<'r>,
    /// Findings by file and line.
    by_line: HashMap<(FileId, u32), OfLine<'r>>,
    options: AuthOptions<'r>,
}

/// The findings of one line.
struct OfLine<'r> {
    by_place: Touching<&'r FindingView>,
    /// Of an env file, by the name that the line assigns.
    by_name: HashMap<&'r str, Vec<&'r FindingView>>,
}

impl<'r> OfLine<'r> {
    fn new(findings: Vec<&'r FindingView>) -> Self {
        let mut by_name: HashMap<&str, Vec<&FindingView>> = HashMap::new();
        for finding in &findings {
            if let Some(name) = &finding.env_key {
                by_name.entry(name.exact()).or_default().push(finding);
            }
        }
        let by_place = Touching::new(findings.into_iter().map(|finding| (finding.place.span(), finding)));
        Self { by_place, by_name }
    }

    /// Those of an assignment are all about its value; others must touch the place.
    fn of(&self, variable: Option<&str>, span: Span) -> Vec<&'r FindingView> {
        match variable.and_then(|name| self.by_name.get(name)) {
            Some(findings) => findings.clone(),
            None => self.by_place.at(span),
        }
    }
}

/// Puts the report together.
#[must_use]
pub fn auth_report(report: &Report, credentials: &[Credential], options: AuthOptions<'_>) -> AuthReport {
    let redacted = Redacted::new(report);
    let mut by_line: HashMap<(FileId, u32), Vec<&FindingView>> = HashMap::new();
    for finding in &redacted.findings {
        by_line.entry((finding.place.file, finding.place.start.line)).or_default().push(finding);
    }
    let by_line = by_line.into_iter().map(|(line, findings)| (line, OfLine::new(findings))).collect();
    let maker = Maker { report, redacted: &redacted, by_line, options };
    let mut by_provider: BTreeMap<&str, Vec<&Credential>> = BTreeMap::new();
    for id in EXPECTED {
        by_provider.entry(id).or_default();
    }
    for credential in credentials {
        by_provider.entry(&credential.provider).or_default().push(credential);
    }
    let mut providers: Vec<ProviderStatus> =
        by_provider.into_iter().map(|(id, credentials)| maker.provider(id, credentials)).collect();
    providers.sort_by_key(|provider| match provider.status {
        "configured" => 1,
        "not_configured" => 2,
        _ => 0,
    });
    let timestamp = jiff::Timestamp::from_second(options.now).map(|now| now.to_string()).unwrap_or_default();
    let variables = maker.variables(credentials);
    let target = maker.redacted.target.exact().to_owned();
    AuthReport { language: report.language, schema_version: 1, timestamp, target, providers, variables }
}

impl Maker<'_> {
    fn provider(&self, id: &str, mut credentials: Vec<&Credential>) -> ProviderStatus {
        let name = self.text(id);
        // What is there goes before what is missing; then the order of the layers.
        credentials.sort_by_key(|credential| (credential.state == State::Missing, credential.layer.clone()));
        let Some((first, others)) = credentials.split_first() else {
            return ProviderStatus {
                provider: name,
                status: "not_configured",
                source: None,
                shadowed: Vec::new(),
                problems: Vec::new(),
                verify: None,
            };
        };
        let findings: Vec<&FindingView> = credentials.iter().flat_map(|credential| self.findings(credential)).collect();
        let expired = findings.iter().any(|finding| finding.rule.exact() == "credentials/jwt-expired");
        let shadowing = findings.iter().any(|finding| finding.rule.exact() == "env/shadowed-credential");
        let status = match first.state {
            State::Configured if expired => "expired",
            State::Configured if shadowing => "shadowed",
            State::Configured => "configured",
            State::Missing => "missing",
            State::Placeholder => "placeholder",
            State::InvalidFormat => "invalid_format",
        };
        let mut problems: Vec<Problem> = Vec::new();
        let mut seen: HashSet<(&str, &str)> = HashSet::new();
        for finding in findings {
            if seen.insert((finding.rule.exact(), finding.message.exact())) {
                problems.push(Problem {
                    rule: finding.rule.exact().to_owned(),
                    message: self.path(finding.message.exact()),
                    help: finding.help.as_ref().map(|help| self.path(help.exact())),
                });
            }
        }
        // Further keys to rotate through are used as well.
        let rotates = |other: &Credential| {
            other.variable.as_deref().and_then(|name| table().env_role(name)).is_some_and(|role| role.rotation)
        };
        let hidden = others
            .iter()
            .filter(|other| other.state != State::Missing && other.place != first.place && !rotates(other));
        ProviderStatus {
            provider: name,
            status,
            source: (first.state != State::Missing).then(|| self.source(first)),
            shadowed: hidden.map(|other| self.source(other)).collect(),
            problems,
            verify: first.verify.clone(),
        }
    }

    /// Findings that stand where the credential does.
    fn findings(&self, credential: &Credential) -> Vec<&FindingView> {
        let Some(place) = credential.place else { return Vec::new() };
        let line = self.by_line.get(&(place.file, self.line(place)));
        line.map(|line| line.of(credential.variable.as_deref(), place.span)).unwrap_or_default()
    }

    fn variables(&self, credentials: &[Credential]) -> Vec<VariableStatus> {
        let mut found: BTreeMap<&str, VariableStatus> = BTreeMap::new();
        for credential in credentials {
            let Some(name) = credential.variable.as_deref() else { continue };
            let in_config = credential.layer == Layer::Config;
            let status = match credential.state {
                State::Missing if in_config => "unset",
                State::Missing => "empty",
                State::Placeholder => "placeholder",
                State::InvalidFormat => "invalid_format",
                State::Configured => "set",
            };
            let status =
                VariableStatus { name: self.text(name), status, source: (!in_config).then(|| self.source(credential)) };
            match found.get(name) {
                // The first that names a variable sets it; a place that only wants it does not.
                Some(known) if known.status != "unset" => {}
                _ => {
                    found.insert(name, status);
                }
            }
        }
        for id in EXPECTED {
            for name in table().provider(id).iter().flat_map(|provider| provider.env.iter().take(2)) {
                found.entry(name).or_insert_with(|| VariableStatus {
                    name: (*name).to_owned(),
                    status: "unset",
                    source: None,
                });
            }
        }
        let ignored = self.redacted.findings.iter().filter_map(|finding| self.ignored(finding));
        let mut all: BTreeMap<String, VariableStatus> =
            found.into_iter().map(|(name, status)| (name.to_owned(), status)).collect();
        for status in ignored {
            match all.get(&status.name) {
                // Another place sets it, and that one counts.
                Some(known) if known.status != "unset" && !same_place(known, &status) => {}
                _ => {
                    all.insert(status.name.clone(), status);
                }
            }
        }
        all.into_values().collect()
    }

    /// The variable of a finding that says that OpenClaw does not read it from there, if a credential is expected in it.
    fn ignored(&self, finding: &FindingView) -> Option<VariableStatus> {
        if !IGNORED.contains(&finding.rule.exact()) {
            return None;
        }
        let in_env_file = finding.env_key.as_ref().map(|key| key.exact());
        let in_config = || finding.pointer.as_ref()?.exact().rsplit('/').next();
        let name = in_env_file.or_else(in_config)?;
        let wanted = table().env_role(name).is_some_and(|role| role.kind.is_secret());
        if !wanted && !table().misread_names().iter().any(|known| known.name == name) {
            return None;
        }
        let place = Origin { file: finding.place.file, span: finding.place.span() };
        let file = self.report.sources.get(place.file);
        Some(VariableStatus {
            name: self.text(name),
            status: "ignored",
            source: Some(Source {
                layer: if in_env_file.is_some() { file.map_or("", |file| base_name(file.name())) } else { "config" }
                    .to_owned(),
                slot: self.text(name),
                file: file.map(|file| self.path(&self.report.secrets.scrub_path(file.name()))),
                line: Some(self.line(place)),
            }),
        })
    }

    fn source(&self, credential: &Credential) -> Source {
        let layer = match &credential.layer {
            Layer::Process => "process".to_owned(),
            Layer::EnvFile(_, name) => self.text(name),
            Layer::Config => "config".to_owned(),
        };
        let file = credential.place.and_then(|place| self.report.sources.get(place.file));
        Source {
            layer,
            slot: self.text(&credential.slot),
            file: file.map(|file| self.path(&self.report.secrets.scrub_path(file.name()))),
            line: credential.place.map(|place| self.line(place)),
        }
    }

    fn line(&self, place: Origin) -> u32 {
        self.report.sources.get(place.file).map_or(1, |source| source.lines().line_of(place.span.start))
    }

    fn text(&self, text: &str) -> String {
        self.report.secrets.scrub(text).into_owned()
    }

    /// Without the account's name, if that is asked for.
    fn path(&self, text: &str) -> String {
        if !self.options.redact_paths {
            return text.to_owned();
        }
        let text = match self.options.home.filter(|home| home.len() > 1) {
            Some(home) => text.replace(home, "~"),
            None => text.to_owned(),
        };
        ["/home/", "/Users/", "\\Users\\"].iter().fold(text, |text, parent| without_account(&text, parent))
    }
}

/// Rules about variables that are set where OpenClaw does not look, or under a name that it does not know.
const IGNORED: &[&str] = &["env/ignored-variable", "env/misspelt-name", "env/workspace-variable"];

fn same_place(a: &VariableStatus, b: &VariableStatus) -> bool {
    let place = |status: &VariableStatus| status.source.as_ref().map(|source| (source.file.clone(), source.line));
    place(a) == place(b)
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Replaces the folder after `parent` by `~`.
fn without_account(text: &str, parent: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(parent) {
        let end = after.find(['/', '\\', '`', ' ', '\'', '"']).unwrap_or(after.len());
        out.push_str(before);
        out.push_str(parent);
        out.push('~');
        rest = after.get(end..).unwrap_or_default();
    }
    out + rest
}

impl AuthReport {
    /// Whether a provider that is set up cannot authenticate.
    #[must_use]
    pub fn has_trouble(&self) -> bool {
        self.providers
            .iter()
            .any(|provider| matches!(provider.status, "missing" | "invalid_format" | "placeholder" | "expired"))
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        super::json::to_json(self)
    }

    /// A table for people, and below it what is wrong and how to ask the provider.
    #[must_use]
    pub fn to_text(&self, width: usize) -> String {
        let title = Phrase::new("authentication, OpenClaw {target}, {time}").with("target", &self.target);
        let mut out = format!("{}\n\n", self.language.say(&title.with("time", &self.timestamp)));
        let row = |provider: &ProviderStatus| {
            let from = provider.source.as_ref().map(|source| self.place(source)).unwrap_or_default();
            [provider.provider.clone(), self.word(provider.status), from]
        };
        let rows: Vec<[String; 3]> = self.providers.iter().map(row).collect();
        self.table(&mut out, ["provider", "status", "from"], &rows);
        out.push('\n');
        let row = |variable: &VariableStatus| {
            let from = variable.source.as_ref().map(|source| match (&source.file, source.line) {
                (Some(file), Some(line)) => format!("{file}:{line}"),
                _ => self.language.text(&source.layer).to_owned(),
            });
            [variable.name.clone(), self.word(variable.status), from.unwrap_or_default()]
        };
        let rows: Vec<[String; 3]> = self.variables.iter().map(row).collect();
        self.table(&mut out, ["variable", "status", "from"], &rows);
        for provider in &self.providers {
            self.details(&mut out, provider, width.max(40));
        }
        out
    }

    fn word(&self, english: &str) -> String {
        self.language.text(english).to_owned()
    }

    fn place(&self, source: &Source) -> String {
        match (&source.file, source.line) {
            (Some(file), Some(line)) => format!("{file}:{line} {}", source.slot),
            _ => format!("{} {}", self.language.text(&source.layer), source.slot),
        }
    }

    /// What is wrong with a provider's credential, and how to ask whether it is good.
    fn details(&self, out: &mut String, provider: &ProviderStatus, width: usize) {
        let mut lines: Vec<String> = Vec::new();
        for problem in &provider.problems {
            lines.push(format!("[{}] {}", problem.rule, problem.message));
            lines.extend(problem.help.as_ref().map(|help| format!("{}: {help}", self.language.text("help"))));
        }
        let hidden = |source| self.language.say(&Phrase::new("not used: {place}").with("place", self.place(source)));
        lines.extend(provider.shadowed.iter().map(hidden));
        // The command stays on one line, to be copied.
        let verify = provider.verify.as_ref().map(|command| {
            let phrase = Phrase::new("check the key: {command}").with("command", command);
            format!("  {}\n", one_line(&self.language.say(&phrase)))
        });
        if lines.is_empty() && (verify.is_none() || provider.source.is_none()) {
            return;
        }
        let name = one_line(&provider.provider);
        out.push_str(&format!("\n{name}: {}\n", self.language.text(provider.status)));
        for line in lines.iter().flat_map(|line| wrap(&one_line(line), width - INDENT, width - INDENT)) {
            out.push_str(&format!("{:INDENT$}{line}\n", ""));
        }
        out.extend(verify);
    }

    fn table(&self, out: &mut String, head: [&str; 3], rows: &[[String; 3]]) {
        let rows: Vec<[String; 3]> = rows.iter().map(|row| row.each_ref().map(|cell| one_line(cell))).collect();
        table_of(out, head.map(|name| self.word(name)), &rows);
    }
}

/// Columns get no wider than this.
const WIDEST: usize = 60;

/// Columns as wide as their widest cell, without blanks at the ends of lines.
fn table_of(out: &mut String, head: [String; 3], rows: &[[String; 3]]) {
    let all = || std::iter::once(&head).chain(rows);
    let widest = |pick: fn(&[String; 3]) -> &String| all().map(|row| pick(row).width()).max().unwrap_or(0);
    // A name of thousands of characters does not move the others.
    let (first, second) = (widest(|[cell, _, _]| cell).min(WIDEST), widest(|[_, cell, _]| cell).min(WIDEST));
    for [a, b, c] in all() {
        let pad = |cell: &str, to: usize| " ".repeat(to.saturating_sub(cell.width()) + 2);
        let line = format!("{a}{}{b}{}{c}", pad(a, first), pad(b, second));
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_names_leave_paths() {
        assert_eq!(
            without_account("/home/ada/.openclaw/.env and `/home/bo`", "/home/"),
            "/home/~/.openclaw/.env and `/home/~`"
        );
        assert_eq!(without_account("C:\\Users\\ada\\x", "\\Users\\"), "C:\\Users\\~\\x");
        assert_eq!(without_account("nothing here", "/home/"), "nothing here");
    }
}
