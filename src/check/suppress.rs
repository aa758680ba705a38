//! Comments that silence findings: `// openclaw-lint-ignore rule/id: reason`, in env files with `#`.
//!
//! A comment behind something speaks of its own line, one that stands alone of the next line that has something on it;
//! `openclaw-lint-ignore-file` of the whole file. What OpenClaw would do with the file, no comment changes.

use memchr::memmem;

use crate::finding::Finding;
use crate::language::Language;
use crate::policy::is_named;
use crate::project::{Origin, Project};
use crate::rules::{Catalog, Violation};
use crate::schema::suggest;
use crate::source::{FileId, SourceFile, Sources, Span};

const RULE: &str = "lint/suppression";
const WORD: &str = "openclaw-lint-ignore";
const WHOLE_FILE: &str = "-file";

/// One rule that one comment silences.
struct Directive<'a> {
    file: FileId,
    /// Where the rule is named.
    span: Span,
    /// The rule as named: an id, an alias, or `group/*`.
    rule: &'a str,
    /// The line it speaks of, from 1; `None`: the whole file.
    line: Option<u32>,
    used: bool,
}

/// Takes away what comments silence, and reports comments that silence nothing or give no reason.
pub(super) fn apply(
    findings: &mut Vec<Finding>,
    project: &Project,
    sources: &Sources,
    catalog: &Catalog,
    language: Language,
) {
    let mut violations = Vec::new();
    let mut directives = Vec::new();
    for (file, comments) in comments(project) {
        let Some(source) = sources.get(file) else { continue };
        if memmem::find(source.text().as_bytes(), WORD.as_bytes()).is_some() {
            for span in comments {
                read(file, source, span, catalog, &mut directives, &mut violations);
            }
        }
    }
    if directives.is_empty() && violations.is_empty() {
        return;
    }
    findings.retain(|finding| {
        let Some(source) = sources.get(finding.primary.file) else { return true };
        let line = source.lines().line_of(finding.primary.span.start);
        let silenced = directives.iter_mut().filter(|directive| {
            directive.file == finding.primary.file
                && directive.line.is_none_or(|spoken_of| spoken_of == line)
                && is_named(&finding.rule, directive.rule, catalog)
        });
        // All that fit are used, not only the first.
        silenced.fold(true, |_, directive| {
            directive.used = true;
            false
        })
    });
    let unused = directives.iter().filter(|directive| !directive.used).map(|directive| {
        let place = Origin { file: directive.file, span: directive.span };
        Violation::new("unused", place).param("rule", directive.rule)
    });
    violations.extend(unused);
    findings.extend(violations.into_iter().filter_map(|violation| catalog.finding(RULE, violation, language)));
}

/// The comments of all files of a project.
fn comments(project: &Project) -> Vec<(FileId, Vec<Span>)> {
    let configs = project
        .configs
        .iter()
        .map(|config| (config.file, config.document.comments().iter().map(|comment| comment.span).collect::<Vec<_>>()));
    let files = project.env_files.iter().map(|file| (file.file, file.parsed.comments.clone()));
    configs.chain(files).collect()
}

/// Reads one comment; most are none of ours.
fn read<'a>(
    file: FileId,
    source: &'a SourceFile,
    comment: Span,
    catalog: &Catalog,
    directives: &mut Vec<Directive<'a>>,
    violations: &mut Vec<Violation>,
) {
    let text = source.slice(comment);
    let body = text.trim_start_matches(['/', '*', '#']).trim_start();
    let Some(rest) = body.strip_prefix(WORD) else { return };
    let (whole, rest) = rest.strip_prefix(WHOLE_FILE).map_or((false, rest), |rest| (true, rest));
    // `openclaw-lint-ignored` is a word of somebody's.
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '-') {
        return;
    }
    let (rules, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let reason = reason.trim_end_matches("*/").trim();
    let names: Vec<&str> =
        rules.trim_end_matches("*/").split([',', ' ', '\t']).filter(|name| !name.is_empty()).collect();
    let of = |outcome| Violation::new(outcome, Origin { file, span: comment });
    if names.is_empty() {
        violations.push(of("no-rule"));
        return;
    }
    if reason.is_empty() {
        violations.push(of("no-reason"));
        return;
    }
    let line = (!whole).then(|| line_spoken_of(source, comment));
    for name in names {
        // Both are parts of one text.
        let start = comment.start + u32::try_from(name.as_ptr().addr() - text.as_ptr().addr()).unwrap_or(0);
        let span = Span::new(start, start + u32::try_from(name.len()).unwrap_or(0));
        if is_known(name, catalog) {
            directives.push(Directive { file, span, rule: name, line, used: false });
        } else {
            let ids = catalog.rules().map(|rule| rule.id);
            let near = suggest::nearest(name, ids).unwrap_or_default();
            let violation = Violation::new("unknown-rule", Origin { file, span });
            violations.push(violation.param("rule", name).param("suggestion", near));
        }
    }
}

fn is_known(name: &str, catalog: &Catalog) -> bool {
    match name.strip_suffix("/*") {
        Some(group) => catalog.rules().any(|rule| rule.id.split_once('/').is_some_and(|(own, _)| own == group)),
        None => catalog.rule(name).is_some(),
    }
}

/// The line of a comment behind something; else the next line that has more than a comment on it.
fn line_spoken_of(source: &SourceFile, comment: Span) -> u32 {
    let lines = source.lines();
    let own = lines.line_of(comment.start);
    let text = |line| lines.line_span(source.text(), line).map(|span| source.slice(span).trim()).unwrap_or_default();
    let before = lines.line_span(source.text(), own).map(|line| source.slice(Span::new(line.start, comment.start)));
    if before.is_some_and(|before| !before.trim().is_empty()) {
        return own;
    }
    let last = lines.line_of(comment.end.saturating_sub(1));
    let after = lines.line_span(source.text(), last).map(|line| source.slice(Span::new(comment.end, line.end)));
    if after.is_some_and(|after| !after.trim().is_empty()) {
        return last;
    }
    let is_comment = |line: &str| line.is_empty() || line.starts_with("//") || line.starts_with('#');
    (last + 1..=lines.line_count()).find(|line| !is_comment(text(*line))).unwrap_or(last + 1)
}
