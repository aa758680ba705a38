//! Comments that silence findings: `// openclaw-lint-ignore rule/id: reason`, in env files with `#`.
//!
//! A comment behind something speaks of its own line, one that stands alone of the next line that has something on it;
//! `openclaw-lint-ignore-file` of the whole file. What OpenClaw would do with the file, no comment changes.

use std::collections::HashMap;
use std::ops::Range;

use crate::finding::Finding;
use crate::language::Language;
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
}

/// What a directive comes to: file, line, and the rule's id or `group/*`.
type Said = (FileId, Option<u32>, String);

impl Directive<'_> {
    fn said(&self, catalog: &Catalog) -> Said {
        let rule = if self.rule.ends_with("/*") { None } else { catalog.rule(self.rule) };
        (self.file, self.line, rule.map_or(self.rule, |rule| rule.id).to_owned())
    }
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
        if source.text().contains(WORD) {
            let mut lines = Lines { source, known: 0..0, ended: false };
            for span in comments {
                read(file, &mut lines, span, catalog, &mut directives, &mut violations);
            }
        }
    }
    if directives.is_empty() && violations.is_empty() {
        return;
    }
    // Directives that say the same are one here: whether it silences something.
    let mut said: HashMap<Said, bool> = directives.iter().map(|directive| (directive.said(catalog), false)).collect();
    findings.retain(|finding| {
        let Some(source) = sources.get(finding.primary.file) else { return true };
        let line = source.lines().line_of(finding.primary.span.start);
        let mut silenced = false;
        let group = finding.rule.split_once('/').map_or("", |(group, _)| group);
        // All that fit are used, not only the first.
        for rule in [finding.rule.clone(), format!("{group}/*")] {
            for line in [None, Some(line)] {
                if let Some(used) = said.get_mut(&(finding.primary.file, line, rule.clone())) {
                    *used = true;
                    silenced = true;
                }
            }
        }
        !silenced
    });
    let unused =
        directives.iter().filter(|directive| said.get(&directive.said(catalog)) != Some(&true)).map(|directive| {
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
    lines: &mut Lines<'a>,
    comment: Span,
    catalog: &Catalog,
    directives: &mut Vec<Directive<'a>>,
    violations: &mut Vec<Violation>,
) {
    let text = lines.source.slice(comment);
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
    let line = (!whole).then(|| lines.spoken_of(comment));
    for name in names {
        // Both are parts of one text.
        let start = comment.start + u32::try_from(name.as_ptr().addr() - text.as_ptr().addr()).unwrap_or(0);
        let span = Span::new(start, start + u32::try_from(name.len()).unwrap_or(0));
        if is_known(name, catalog) {
            directives.push(Directive { file, span, rule: name, line });
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

/// The lines of a file.
struct Lines<'a> {
    source: &'a SourceFile,
    /// Lines that have nothing but comments, and then the one that has more: what was found last.
    known: Range<u32>,
    /// Whether there is none behind those that were looked for.
    ended: bool,
}

impl Lines<'_> {
    /// The line of a comment behind something; else the next line that has more than a comment on it.
    fn spoken_of(&mut self, comment: Span) -> u32 {
        let (source, lines) = (self.source, self.source.lines());
        let own = lines.line_of(comment.start);
        let span = |line| lines.line_span(source.text(), line).unwrap_or_default();
        // Each looks from the comment outwards: many comments may stand in one long line.
        if !source.slice(Span::new(span(own).start, comment.start)).trim_end().is_empty() {
            return own;
        }
        let last = lines.line_of(comment.end.saturating_sub(1));
        if !source.slice(Span::new(comment.end, span(last).end)).trim_start().is_empty() {
            return last;
        }
        // The comments of a long row all speak of the same line.
        if self.known.contains(&(last + 1)) {
            return self.known.end - 1;
        }
        if !self.ended {
            let is_comment = |line: &str| line.is_empty() || line.starts_with("//") || line.starts_with('#');
            let next = (last + 1..=lines.line_count()).find(|line| !is_comment(source.slice(span(*line)).trim()));
            if let Some(next) = next {
                self.known = last + 1..next + 1;
                return next;
            }
            self.ended = true;
        }
        last + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Linter;

    /// What is left of the findings: their rules, lines, and for those about comments what is underlined.
    fn left(name: &str, text: &str) -> Vec<String> {
        let report = Linter::new().file(name, text).lint();
        let row = |finding: &Finding| {
            let source = report.sources.get(finding.primary.file).unwrap();
            let line = source.lines().line_of(finding.primary.span.start);
            let under = if finding.rule == RULE { source.slice(finding.primary.span) } else { "" };
            format!("{} {line} {under}", finding.rule).trim_end().to_owned()
        };
        report.findings.iter().map(row).collect()
    }

    /// A config in which `a` and `b` are unknown keys, with what stands for `1`, `2` and `3` in their places.
    fn config(before: &str, behind: &str, between: &str) -> Vec<String> {
        left("openclaw.json", &format!("{{\n{before}\n  a: 1, {behind}\n{between}\n  b: 2,\n}}\n"))
    }

    const A: &str = "schema/unknown-key 3";
    const B: &str = "schema/unknown-key 5";

    #[test]
    fn a_comment_speaks_of_one_place() {
        let said = "openclaw-lint-ignore schema/unknown-key: why";
        assert_eq!(config("", "", ""), [A, B]);
        assert_eq!(config(&format!("// {said}"), "", ""), [B]);
        assert_eq!(config(&format!("  /* {said} */"), "", ""), [B]);
        assert_eq!(config(&format!("/* {said}\n*/"), "", ""), ["schema/unknown-key 6"]);
        assert_eq!(config("", &format!("// {said}"), ""), [B]);
        assert_eq!(config("", &format!("/* {said} */"), ""), [B]);
        assert_eq!(config("", "", &format!("// {said}")), [A]);
        assert_eq!(config("", "", &format!("\n// {said}\n\n// more\n# no comment in JSON5")).len(), 2);
        assert_eq!(config("", "", &format!("// {said}\n\n// more\n\t// and more\n")), [A]);
        assert_eq!(config("", &format!("/* {said}"), "*/"), [B]);
        assert_eq!(config("", "", &format!("/* {said} */ c: 3,")), [A, B], "of the line that it begins");
        assert_eq!(config("", "", &format!("/*\n{said} */")), [A]);
        assert_eq!(config("", "", &format!("/* so: {said} */")), [A, B], "its first word tells");
        assert_eq!(config("", "", &format!("// {said}\n// {said}")), [A], "twice is as good as once");
        let line = format!("// {said}");
        assert_eq!(config(&line, "", &line), Vec::<String>::new(), "each of its own line");
        assert_eq!(config("", "", &[line.as_str(); 4].join("\n")), ["schema/unknown-key 3"], "a long row of one line");
        let unused = "lint/suppression 2 schema/unknown-key";
        assert_eq!(left("openclaw.json", &format!("{{ a: 1 }}\n{line}\n")), ["schema/unknown-key 1", unused]);
    }

    #[test]
    fn a_whole_file_and_groups_of_rules() {
        for rules in [
            "-file schema/unknown-key:why",
            "-file schema/*: why",
            "-file\tschema/unknown-key , schema/unknown-key: why",
        ] {
            assert_eq!(config("", "", &format!("// openclaw-lint-ignore{rules}")), Vec::<String>::new(), "{rules}");
        }
        assert_eq!(config("", "", "// openclaw-lint-ignore schema/*: why"), [A]);
        assert_eq!(
            config("", "", "// openclaw-lint-ignore-file network/*: why"),
            [A, "lint/suppression 4 network/*", B]
        );
    }

    #[test]
    fn comments_that_say_too_little() {
        for (comment, expected) in [
            ("openclaw-lint-ignore", Some("// openclaw-lint-ignore")),
            ("openclaw-lint-ignore: why", Some("// openclaw-lint-ignore: why")),
            ("openclaw-lint-ignore schema/unknown-key", Some("// openclaw-lint-ignore schema/unknown-key")),
            ("openclaw-lint-ignore schema/unknown-key:  ", Some("// openclaw-lint-ignore schema/unknown-key:")),
            ("openclaw-lint-ignore schema/unknwn-key: why", Some("schema/unknwn-key")),
            ("openclaw-lint-ignore nothing/*: why", Some("nothing/*")),
            ("openclaw-lint-ignore network/tls: why", Some("network/tls")),
            ("openclaw-lint-ignored schema/unknown-key", None),
            ("openclaw-lint-ignore-files schema/unknown-key", None),
            ("openclaw-lint-ignore-line schema/unknown-key", None),
            ("see openclaw-lint-ignore schema/unknown-key: why", None),
        ] {
            let expected =
                [vec![A.to_owned()], expected.map(|under| format!("{RULE} 4 {under}")).into_iter().collect()];
            let expected: Vec<String> = [expected.concat(), vec![B.to_owned()]].concat();
            assert_eq!(config("", "", &format!("// {comment}")), expected, "{comment}");
        }
        // Each of several is judged by itself.
        assert_eq!(
            config("", "", "// openclaw-lint-ignore schema/wrong-type, schema/unknown-key, no/rule: why"),
            [A, "lint/suppression 4 schema/wrong-type", "lint/suppression 4 no/rule"]
        );
        for (rules, message) in [
            ("network/*", "nothing here is reported by `network/*`"),
            ("network/nothing", "there is no rule `network/nothing`"),
            ("nothing/*", "there is no rule `nothing/*`"),
        ] {
            let text = format!("{{}} // openclaw-lint-ignore {rules}: why");
            let report = Linter::new().file("openclaw.json", text).lint();
            let messages: Vec<_> = report.findings.iter().map(|finding| &*finding.message).collect();
            assert_eq!(messages, [message]);
        }
    }

    #[test]
    fn env_files_have_comments_too() {
        let said = "# openclaw-lint-ignore env/duplicate-key: why";
        assert_eq!(left(".env", "A=1\nA=2\n"), ["env/duplicate-key 1"]);
        assert_eq!(left(".env", &format!("A=1 {said}\nA=2\n")), Vec::<String>::new());
        assert_eq!(left(".env", &format!("{said}\n\n# more\nA=1\nA=2\n")), Vec::<String>::new());
        let unused = "lint/suppression 2 env/duplicate-key";
        assert_eq!(left(".env", &format!("A=1\n{said}\nA=2\n")), ["env/duplicate-key 1", unused]);
    }
}
