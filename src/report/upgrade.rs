//! The report before an upgrade: what will be refused, what OpenClaw will rewrite, what will behave otherwise.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use serde::Serialize;

use super::text::{one_line, wrap};
use super::{FileView, FindingView, Redacted, Report, Verdict};
use crate::language::{Language, Phrase};
use crate::schema::Behaviour;
use crate::source::FileId;

/// Columns before the words of a change.
const INDENT: usize = 6;

/// Two runs over the same files.
#[derive(Debug)]
pub struct Upgrade {
    /// By the release of today.
    pub before: Report,
    /// By the release to come.
    pub after: Report,
    /// The configs.
    pub files: Vec<UpgradedFile>,
}

/// A config before and after.
#[derive(Debug)]
pub struct UpgradedFile {
    /// Its id in the later run.
    pub file: FileId,
    /// What will behave otherwise.
    pub behaviour: Vec<Behaviour>,
}

/// The report, ready for JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpgradeReport {
    #[serde(skip)]
    language: Language,
    schema_version: u32,
    from: String,
    to: String,
    /// Whether every config is accepted as it stands.
    pub safe: bool,
    files: Vec<FileUpgrade>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FileUpgrade {
    #[serde(skip)]
    shown: String,
    path: String,
    verdict_before: &'static str,
    verdict_after: &'static str,
    refused: Vec<Change>,
    migrated: Vec<Change>,
    behaviour: Vec<Change>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    /// Whether `openclaw-lint fix` does it: `safe`, `unsafe` or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'static str>,
    /// Whether the release of today refuses it as well.
    already: bool,
}

/// Puts the report together.
#[must_use]
pub fn upgrade_report(upgrade: &Upgrade) -> UpgradeReport {
    let (before, after) = (Redacted::new(&upgrade.before), Redacted::new(&upgrade.after));
    let language = after.language;
    let name = |finding: &FindingView| {
        let place = finding.pointer.as_ref().map(|text| text.exact().to_owned());
        (finding.place.path.exact().to_owned(), finding.rule.exact().to_owned(), place)
    };
    let known: BTreeSet<_> = before.findings.iter().map(name).collect();
    let change = |finding: &FindingView| Change {
        rule: Some(finding.rule.exact().to_owned()),
        since: None,
        line: Some(finding.place.start.line),
        column: Some(finding.place.start.column),
        message: finding.message.exact().to_owned(),
        help: finding.help.as_ref().map(|text| text.exact().to_owned()),
        fix: finding.fix.as_ref().map(|fix| fix.safety.name()),
        already: known.contains(&name(finding)),
    };
    let views: HashMap<FileId, &FileView> = after.files.iter().map(|view| (view.file, view)).collect();
    let olds: HashMap<&str, &FileView> = before.files.iter().map(|old| (old.path.exact(), old)).collect();
    let mut by_file: HashMap<FileId, Vec<&FindingView>> = HashMap::new();
    for finding in &after.findings {
        by_file.entry(finding.place.file).or_default().push(finding);
    }
    let files = upgrade.files.iter().filter_map(|file| {
        let view = views.get(&file.file)?;
        let old = olds.get(view.path.exact());
        let own = || by_file.get(&file.file).into_iter().flatten().copied();
        let blocking = |migrates: bool| own().filter(|f| f.blocking && f.migrates == migrates).map(change).collect();
        let silent = own().filter(|finding| !finding.blocking && !known.contains(&name(finding))).map(change);
        let behaviour = file.behaviour.iter().map(|behaviour| Change {
            rule: None,
            since: Some(behaviour.since.to_string()),
            line: None,
            column: None,
            message: language.text(&behaviour.message).to_owned(),
            help: Some(language.text(&behaviour.help).to_owned()),
            fix: None,
            already: false,
        });
        Some(FileUpgrade {
            shown: view.path.shown(true),
            path: view.path.exact().to_owned(),
            verdict_before: old.map_or(Verdict::Unknown, |old| old.verdict).name(),
            verdict_after: view.verdict.name(),
            refused: blocking(false),
            migrated: blocking(true),
            behaviour: behaviour.chain(silent).collect(),
        })
    });
    let files: Vec<FileUpgrade> = files.collect();
    let safe = files.iter().all(|file| matches!(file.verdict_after, "accepted" | "unknown"));
    let version = |redacted: &Redacted<'_>| redacted.target.exact().to_owned();
    UpgradeReport { language, schema_version: 1, from: version(&before), to: version(&after), safe, files }
}

impl UpgradeReport {
    /// One JSON object with a line break.
    #[must_use]
    pub fn to_json(&self) -> String {
        super::json::to_json(self)
    }

    /// For a person at a terminal.
    #[must_use]
    pub fn to_text(&self, width: usize) -> String {
        let title = Phrase::new("From OpenClaw {from} to {to}").with("from", &self.from).with("to", &self.to);
        let mut out = self.language.say(&title) + "\n";
        for file in &self.files {
            let _ = writeln!(out, "\n{}", self.verdicts(file, &file.shown));
            for (title, changes) in file.sections() {
                let _ = writeln!(out, "  {}", self.language.text(title));
                for change in changes {
                    let room = width.max(40) - INDENT;
                    let lines = wrap(&change.line(self.language), room, room).join(&format!("\n{:INDENT$}", ""));
                    let _ = writeln!(out, "    - {lines}");
                }
            }
        }
        let _ = writeln!(out, "\n{}", wrap(&self.conclusion(), width.max(40), width.max(40)).join("\n"));
        out
    }

    /// For a pull request.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let title = Phrase::new("OpenClaw {from} to {to}").with("from", &self.from).with("to", &self.to);
        let mut out = format!("## {}\n\n{}\n", self.language.say(&title), self.conclusion());
        for file in &self.files {
            let _ = writeln!(out, "\n### {}", self.verdicts(file, &format!("`{}`", file.shown)));
            for (title, changes) in file.sections() {
                let _ = writeln!(out, "\n**{}**\n", self.language.text(title));
                for change in changes {
                    let _ = writeln!(out, "- {}", change.line(self.language).replace('<', "&lt;"));
                }
            }
        }
        out
    }

    fn verdicts(&self, file: &FileUpgrade, name: &str) -> String {
        let phrase = Phrase::new("{file}: {now} now, {then} then").with("file", name);
        let phrase = phrase.with("now", Phrase::new(file.verdict_before)).with("then", Phrase::new(file.verdict_after));
        self.language.say(&phrase)
    }

    fn conclusion(&self) -> String {
        if self.safe {
            return self.language.text("Safe: every config is accepted as it stands.").to_owned();
        }
        let with = |verdict: &str| self.files.iter().filter(|file| file.verdict_after == verdict).count();
        let fixable = self.files.iter().flat_map(|file| file.refused.iter().chain(&file.migrated));
        let (fixed, all) =
            fixable.fold((0, 0), |(fixed, all), change| (fixed + usize::from(change.fix.is_some()), all + 1));
        let phrase = Phrase::new(
            "Not safe: {refused} refused, {rewritten} rewritten without comments. `openclaw-lint upgrade --write` mends what is certain, with --unsafe also what to look at: {fixed} of {all}.",
        );
        let phrase = phrase.with("refused", with("refused")).with("rewritten", with("migrates"));
        self.language.say(&phrase.with("fixed", fixed).with("all", all))
    }
}

impl FileUpgrade {
    fn sections(&self) -> impl Iterator<Item = (&'static str, &Vec<Change>)> {
        let migrates = self.verdict_after == Verdict::Migrates.name();
        let old = if migrates {
            "rewritten by the gateway when it starts, without comments"
        } else {
            "refused, and known to `openclaw doctor --fix`, which drops comments"
        };
        let all = [("refused", &self.refused), (old, &self.migrated), ("different without a word", &self.behaviour)];
        all.into_iter().filter(|(_, changes)| !changes.is_empty())
    }
}

impl Change {
    /// `line 3: message; help (who does it)`.
    fn line(&self, language: Language) -> String {
        let words = Phrase::new(match self.advice() {
            Some(_) => "{place}{message}; {advice}",
            None => "{place}{message}",
        });
        let words = words.with("place", self.place()).with("message", &self.message);
        one_line(&language.say(&words.with("advice", self.advice())))
    }

    fn place(&self) -> Option<Phrase> {
        match (self.line, &self.since) {
            (Some(line), _) => Some(Phrase::new("line {line}: ").with("line", line.to_string())),
            (None, Some(since)) => Some(Phrase::new("since {since}: ").with("since", since)),
            (None, None) => None,
        }
    }

    fn advice(&self) -> Option<Phrase> {
        let help = self.help.as_deref().unwrap_or_default();
        let phrase = Phrase::new(match (self.fix, self.already) {
            (Some("safe"), _) => "{help} (`fix` does it)",
            (Some("unsafe"), _) => "{help} (`fix --unsafe` does it)",
            (_, true) => "{help} (refused today as well)",
            _ if help.is_empty() => return None,
            _ => "{help}",
        });
        Some(phrase.with("help", help))
    }
}
