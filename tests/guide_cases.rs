//! Held-back cases for the rows of `docs/guide-coverage.md` (G1-G25), in `tests/fixtures/guide-cases*.json5`. They were
//! written from the facts about the guide, not from the rules' examples, and stand for files that nobody here has seen.
//!
//! A bad case must be reported by a rule that the row names, on a line that `«…»` marks (with `anywhere`: on any line); a
//! good one has no warning and no error. `process` is the process environment, `crlf` ends the lines with carriage returns,
//! `auth` is what the authentication report says of a provider, `help` what the advice of the finding contains.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a broken case stops the test")]
#![expect(clippy::indexing_slicing, clippy::string_slice, reason = "a broken case stops the test")]
#![allow(dead_code, reason = "the helpers are shared with other tests")]

mod examples;

use std::collections::{BTreeMap, BTreeSet};

use examples::{Folder, Marked, NOW, expand, marked};
use openclaw_lint::check;
use openclaw_lint::finding::{Finding, Severity};
use openclaw_lint::language::Language;
use openclaw_lint::report::{AuthOptions, AuthReport, Format, Options, Report, auth_report, render};
use openclaw_lint::rules::Catalog;
use serde::Deserialize;

/// Of the bad cases at least so many are found on the right line.
const WANTED_PERCENT: usize = 95;

#[derive(Deserialize)]
struct Row {
    bad: Vec<Case>,
    good: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    /// Name to lines.
    files: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    crlf: bool,
    #[serde(default)]
    anywhere: bool,
    #[serde(default)]
    process: Option<BTreeMap<String, String>>,
    #[serde(default)]
    auth: BTreeMap<String, String>,
    #[serde(default)]
    help: Vec<String>,
}

struct Run {
    report: Report,
    auth: AuthReport,
    /// File and line, from 1.
    marked: BTreeSet<(String, u32)>,
}

fn cases() -> BTreeMap<String, Row> {
    let read = |text| -> BTreeMap<String, Row> { json5::from_str(text).expect("the cases are JSON5") };
    let mut cases = read(include_str!("fixtures/guide-cases.json5"));
    for (row, more) in read(include_str!("fixtures/guide-cases-more.json5")) {
        let known = cases.get_mut(&row).expect("a row of the guide");
        known.bad.extend(more.bad);
        known.good.extend(more.good);
    }
    cases
}

impl Case {
    fn text(&self, lines: &[String]) -> String {
        lines.join(if self.crlf { "\r\n" } else { "\n" })
    }

    fn run(&self) -> Run {
        let (mut files, mut places) = (Vec::new(), Vec::new());
        for (name, lines) in &self.files {
            let Marked { content, marks } = marked(&self.text(lines));
            places.extend(marks.iter().map(|(start, _)| (name.clone(), *start)));
            files.push((name.as_str(), content));
        }
        let Folder { host, inputs, mut settings } = Folder::new(files, Language::English);
        let process = self.process.as_ref();
        settings.process_env =
            process.map(|vars| vars.iter().map(|(name, value)| (name.clone(), expand(value))).collect());
        let (report, credentials) = check::audit(inputs, &settings, Catalog::bundled(), &host);
        let auth = auth_report(&report, &credentials, AuthOptions { now: NOW, redact_paths: true, home: None });
        let line = |(name, offset): (String, u32)| {
            let source = report
                .sources
                .iter()
                .map(|(_, source)| source)
                .find(|source| source.name() == name)
                .expect("a marked file is read");
            (name, source.lines().line_of(offset))
        };
        let marked = places.into_iter().map(line).collect();
        Run { report, auth, marked }
    }

    /// The credentials that were planted.
    fn secrets(&self) -> Vec<String> {
        let texts = self
            .files
            .values()
            .map(|lines| self.text(lines))
            .chain(self.process.iter().flat_map(|vars| vars.values().cloned()));
        let mut found = Vec::new();
        for text in texts {
            for (at, _) in text.match_indices("@{") {
                let end = at + text[at..].find('}').expect("`@{` is closed");
                let name = &text[at..=end];
                // Ids of 24 characters are no credentials.
                if !name.starts_with("@{char.") && name != "@{random.24}" {
                    found.push(expand(name));
                }
            }
        }
        found
    }
}

impl Run {
    fn shown(&self) -> String {
        let one = |finding: &Finding| {
            let source = self.report.sources.get(finding.primary.file).unwrap();
            let line = source.lines().line_of(finding.primary.span.start);
            format!(
                "    {} {:?} {}:{line} {}\n      {}\n",
                finding.rule,
                finding.severity,
                source.name(),
                finding.message,
                finding.help.as_deref().unwrap_or_default()
            )
        };
        self.report.findings.iter().filter(|finding| finding.rule != "layout/guide").map(one).collect()
    }

    fn line(&self, finding: &Finding) -> (String, u32) {
        let source = self.report.sources.get(finding.primary.file).unwrap();
        (source.name().to_owned(), source.lines().line_of(finding.primary.span.start))
    }
}

/// What is wrong with the verdict on a bad case.
fn miss(case: &Case, run: &Run, rules: &[String]) -> Option<String> {
    let place = |finding: &Finding| case.anywhere || run.marked.contains(&run.line(finding));
    let named = |finding: &Finding| rules.contains(&finding.rule);
    let hits: Vec<&Finding> = run.report.findings.iter().filter(|finding| named(finding) && place(finding)).collect();
    if hits.is_empty() {
        return Some("not found".to_owned());
    }
    let advised =
        |words: &str| hits.iter().any(|finding| finding.help.as_ref().is_some_and(|help| help.contains(words)));
    if let Some(words) = case.help.iter().find(|words| !advised(words)) {
        return Some(format!("the help has no {words}"));
    }
    wrong_status(case, run)
}

fn wrong_status(case: &Case, run: &Run) -> Option<String> {
    case.auth.iter().find_map(|(provider, wanted)| {
        let found = run.auth.providers.iter().find(|known| known.provider == *provider);
        let status = found.map_or("not listed", |found| found.status);
        (status != wanted).then(|| format!("{provider} is {status} in the report, not {wanted}"))
    })
}

/// The rows of the page about the guide: which rules answer for which check.
fn coverage() -> BTreeMap<String, Vec<String>> {
    let page = include_str!("../docs/guide-coverage.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| G"));
    rows.map(|row| {
        let (name, rest) = row.split_once(' ').expect("`| G1 what it is | rules | layout |`");
        let ids =
            rest.split('`').skip(1).step_by(2).filter(|id| {
                id.split_once('/').is_some_and(|(group, _)| group.chars().all(|c| c.is_ascii_lowercase()))
            });
        (format!("G{name}"), ids.map(str::to_owned).collect())
    })
    .collect()
}

#[test]
fn the_page_about_the_guide_names_rules_that_exist_for_every_row() {
    let coverage = coverage();
    let expected: BTreeSet<String> = (1..=25).map(|row| format!("G{row}")).collect();
    assert_eq!(coverage.keys().cloned().collect::<BTreeSet<_>>(), expected);
    for (row, rules) in &coverage {
        assert!(!rules.is_empty(), "{row} names no rule");
        for rule in rules {
            assert!(Catalog::bundled().rules().any(|known| known.id == rule), "{row}: there is no {rule}");
        }
    }
    let cases = cases();
    assert_eq!(cases.keys().cloned().collect::<BTreeSet<_>>(), expected);
    for (row, Row { bad, good }) in &cases {
        assert!(bad.len() >= 4 && good.len() >= 3, "{row}: {} bad cases, {} good ones", bad.len(), good.len());
        assert!(
            bad.iter().all(|case| case.anywhere || case.files.values().flatten().any(|line| line.contains('«'))),
            "{row}: a case without a mark"
        );
    }
}

#[test]
fn bad_cases_are_found_on_the_right_line() {
    let coverage = coverage();
    let (mut total, mut misses) = (0, Vec::new());
    for (row, Row { bad, .. }) in cases() {
        for case in bad {
            total += 1;
            let run = case.run();
            if let Some(why) = miss(&case, &run, &coverage[&row]) {
                misses.push(format!("{row}, {}: {why}; marked {:?}\n{}", case.title, run.marked, run.shown()));
            }
        }
    }
    println!("{} of {total} bad cases found\n{}", total - misses.len(), misses.join("\n"));
    assert!(
        (total - misses.len()) * 100 >= total * WANTED_PERCENT,
        "{} of {total} missed:\n{}",
        misses.len(),
        misses.join("\n")
    );
}

#[test]
fn good_cases_are_silent() {
    let (mut total, mut wrong) = (0, Vec::new());
    for (row, Row { good, .. }) in cases() {
        for case in good {
            total += 1;
            let mut run = case.run();
            let status = wrong_status(&case, &run);
            // That OpenClaw does not read the guide's layout is said of every file in it.
            run.report.findings.retain(|finding| finding.rule != "layout/guide" && finding.severity > Severity::Info);
            if status.is_some() || !run.report.findings.is_empty() {
                wrong.push(format!("{row}, {}: {}\n{}", case.title, status.unwrap_or_default(), run.shown()));
            }
        }
    }
    assert!(total > 75 && wrong.is_empty(), "{} of {total}:\n{}", wrong.len(), wrong.join("\n"));
}

/// G25: whatever was planted, no format shows a piece of it.
#[test]
fn no_case_shows_a_credential() {
    let mut seen = 0;
    for (row, Row { bad, good }) in cases() {
        for case in bad.iter().chain(&good) {
            let run = case.run();
            let mut outputs: Vec<String> =
                Format::all().map(|format| render(format, &run.report, &Options::default())).collect();
            outputs.extend([run.auth.to_json(), run.auth.to_text(80)]);
            for secret in case.secrets() {
                // The first characters tell the kind of a key; two keys of one kind share them.
                let start = secret.len() / 2;
                let piece = &secret[start..start + 10.min(secret.len() - start)];
                seen += 1;
                for output in &outputs {
                    assert!(!output.contains(piece), "{row}, {}: a credential is shown\n{output}", case.title);
                }
            }
        }
    }
    assert!(seen > 150, "{seen} credentials");
}

#[test]
fn the_cases_are_no_copies_of_the_rules_examples() {
    let mut known = BTreeSet::new();
    for rule in Catalog::bundled().rules() {
        let examples = &Catalog::bundled().documentation(rule.id).unwrap().examples;
        known.extend(examples.bad.iter().flat_map(|example| example.files.values().cloned()));
    }
    let mut copies = Vec::new();
    for (row, Row { bad, .. }) in cases() {
        let copied = |case: &&Case| {
            case.files.values().map(|lines| case.text(lines)).any(|text| text.contains('«') && known.contains(&text))
        };
        copies.extend(bad.iter().filter(copied).map(|case| format!("{row}, {}", case.title)));
    }
    assert_eq!(copies, [""; 0]);
}
