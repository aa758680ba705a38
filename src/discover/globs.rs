//! The include and exclude patterns of a request.

use glob::{MatchOptions, Pattern};

use crate::language::Phrase;

use super::{Problem, ProblemKind};

/// Longer patterns are refused: matching recurses with their length.
const MAX_PATTERN: usize = 1024;

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

/// Compiled patterns.
pub(super) struct Globs(Vec<Pattern>);

impl Globs {
    /// Compiles `patterns`; those that cannot work become problems.
    pub(super) fn new(patterns: &[String], problems: &mut Vec<Problem>) -> Self {
        let mut compiled = Vec::new();
        for pattern in patterns {
            match compile(pattern) {
                Ok(usable) => compiled.push(usable),
                Err(reason) => problems.push(Problem::of_pattern(pattern, ProblemKind::BadPattern(reason))),
            }
        }
        Self(compiled)
    }

    /// Whether a pattern matches the path from the root (with `/`) or the file name.
    pub(super) fn matches(&self, relative: &str, name: &str) -> bool {
        self.0.iter().any(|pattern| pattern.matches_with(relative, OPTIONS) || pattern.matches_with(name, OPTIONS))
    }
}

fn compile(pattern: &str) -> Result<Pattern, Phrase> {
    if pattern.len() > MAX_PATTERN {
        return Err(Phrase::new("it is longer than {limit} bytes").with("limit", MAX_PATTERN));
    }
    let has_braces = pattern.find('{').is_some_and(|at| pattern.get(at..).is_some_and(|rest| rest.contains('}')));
    if has_braces {
        // They would be matched as plain characters, and so never.
        return Err(Phrase::new("braces are not supported; write one pattern for each alternative"));
    }
    let usual = pattern.strip_prefix("./").unwrap_or(pattern);
    Pattern::new(usual.trim_end_matches('/')).map_err(|error| Phrase::new(error.msg))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_paths_and_names() {
        let globs = Globs::new(&["./dist/".into(), "deploy/*.conf".into(), "**/fixtures/**".into()], &mut Vec::new());
        assert!(globs.matches("a/dist", "dist") && globs.matches("deploy/x.conf", "x.conf"));
        assert!(!globs.matches("deploy/a/x.conf", "x.conf"), "a star stays in its directory");
        assert!(globs.matches("t/fixtures/a/openclaw.json", "openclaw.json"));
    }

    #[test]
    fn patterns_that_cannot_work_are_reported() {
        let mut problems = Vec::new();
        let bad = ["a[".to_owned(), "a**b".into(), "openclaw.{a,b}.json".into(), "*".repeat(2000)];
        Globs::new(&bad, &mut problems);
        assert_eq!(problems.len(), bad.len());
    }
}
