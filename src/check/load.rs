//! Findings of loading: includes that fail, what OpenClaw rewrites while it loads, keys that never arrive.

use crate::finding::Finding;
use crate::project::{Config, Path};
use crate::rules::{Catalog, Violation};

pub(super) fn check(config: &Config, catalog: &Catalog) -> Vec<Finding> {
    let includes = config.include_problems.iter().map(|problem| {
        let mut violation = Violation::new(problem.outcome, problem.origin).param("written", problem.written.clone());
        violation.config_path = Some(Path::root());
        ("config/include", violation)
    });
    let rewrites = config.rewrites.iter().map(|rewrite| {
        let violation = Violation::new(rewrite.outcome, rewrite.origin).at_path(rewrite.path.clone());
        ("config/load-rewrite", violation.param("path", rewrite.path.to_string()))
    });
    let lost = config.proto_keys.iter().map(|origin| ("config/lost-key", Violation::new("default", *origin)));
    includes.chain(rewrites).chain(lost).filter_map(|(rule, violation)| catalog.finding(rule, violation)).collect()
}
