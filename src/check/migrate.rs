//! Whether OpenClaw's gateway would mend a refused config by itself when it starts. Its migrations are those of
//! `rules/migrations.json5`; rules mark the outcomes that they mend.

use std::collections::HashMap;

use crate::discover::Kind;
use crate::finding::{Edit, Finding, Fix};
use crate::fix;
use crate::project::{Config, Project};
use crate::report::{FileReport, Verdict};
use crate::rules::{self, Catalog};
use crate::source::{FileId, SourceFile, Sources};

use super::project::{self, Shared};
use super::{Loaded, judge};

/// The first release whose gateway migrates when it starts.
const FIRST: [u32; 3] = [2026, 8, 1];

/// One migration makes room for another; more rounds than this have not been seen to help.
const ROUNDS: usize = 6;

/// Refused files that the gateway would rewrite get that verdict.
pub(super) fn refine(
    files: &mut [FileReport],
    findings: &[Finding],
    project: &Project,
    around: (&[Loaded], &Shared<'_>, &Catalog, &rules::Context),
    round: usize,
) {
    let (_, shared, ..) = around;
    if round >= ROUNDS || shared.settings.release.version.core() < FIRST {
        return;
    }
    let mut own: HashMap<FileId, Vec<&Finding>> = HashMap::new();
    for finding in findings {
        own.entry(finding.primary.file).or_default().push(finding);
    }
    let configs: HashMap<FileId, &Config> = project.configs.iter().map(|config| (config.file, config)).collect();
    for report in files.iter_mut().filter(|report| report.verdict == Verdict::Refused) {
        let findings = own.get(&report.file).map(Vec::as_slice).unwrap_or_default();
        let text = configs.get(&report.file).and_then(|config| migrated(config, findings, shared.sources));
        if text.is_some_and(|text| is_mended(report.file, text, around, round)) {
            report.verdict = Verdict::Migrates;
        }
    }
}

/// The text after the migrations of one round; `None` when a finding blocks that none of them mends.
fn migrated(config: &Config, findings: &[&Finding], sources: &Sources) -> Option<String> {
    // The gateway leaves files alone that include others, and those that it cannot read.
    if !config.includes.is_empty() || !config.include_problems.is_empty() || !config.document.is_valid() {
        return None;
    }
    if findings.iter().any(|finding| finding.blocking && !finding.migrates) {
        return None;
    }
    // Some need another to go first: what is written into a member that is still called otherwise.
    let fixes: Vec<&Fix> = findings.iter().filter_map(|finding| finding.fix_of_gateway()).collect();
    let edits: Vec<&Edit> = fix::compatible(&fixes).into_iter().flat_map(|fix| &fix.edits).collect();
    let own = edits.iter().all(|edit| edit.file == config.file);
    (own && !edits.is_empty()).then(|| fix::edited(sources.get(config.file).map_or("", SourceFile::text), edits))
}

/// Whether nothing blocks any more with this text in the place of the file.
fn is_mended(
    file: FileId,
    text: String,
    (group, shared, catalog, context): (&[Loaded], &Shared<'_>, &Catalog, &rules::Context),
    round: usize,
) -> bool {
    let mut sources = Sources::default();
    let (mut loaded, mut this) = (Vec::new(), None);
    let mut text = Some(text);
    // What blocks a config is its own, and what env files give it: of a thousand configs beside it none is checked again.
    for other in group.iter().filter(|other| other.file == file || other.info.kind == Kind::Env) {
        let Some(source) = shared.sources.get(other.file) else { continue };
        let own = other.file == file;
        let content = text.take_if(|_| own).unwrap_or_else(|| source.text().to_owned());
        let id = sources.add(SourceFile::new(source.name(), content));
        this = this.or_else(|| own.then_some(id));
        loaded.push(Loaded { file: id, ..other.clone() });
    }
    let shared = Shared { sources: &sources, ..*shared };
    let context = rules::Context { verdict_only: true, ..context.clone() };
    let project = project::build(&loaded, &shared);
    let judged = judge(&project, &loaded, &shared, catalog, &context, round + 1);
    let verdict = judged.files.iter().find(|report| Some(report.file) == this).map(|report| report.verdict);
    matches!(verdict, Some(Verdict::Accepted | Verdict::Migrates))
}
