//! Findings of loading: includes that fail, what OpenClaw rewrites while it loads, keys that never arrive.

use crate::finding::Finding;
use crate::language::{Language, Param, Phrase};
use crate::project::{Config, Origin, Path};
use crate::rules::{Catalog, Violation, listed};

pub(super) fn check(config: &Config, catalog: &Catalog, language: Language) -> Vec<Finding> {
    let includes = config.include_problems.iter().map(|problem| {
        // A path, or else the name of a type.
        let written = match problem.outcome {
            "bad-value" => Param::from(Phrase::new(problem.written.clone())),
            _ => problem.written.clone().into(),
        };
        let mut violation = Violation::new(problem.outcome, problem.origin).param("written", written);
        violation.config_path = Some(Path::root());
        ("config/include", violation)
    });
    let rewrites = config.rewrites.iter().map(|rewrite| {
        let violation = Violation::new(rewrite.outcome, rewrite.origin).at_path(rewrite.path.clone());
        ("config/load-rewrite", violation.param("path", rewrite.path.to_string()))
    });
    let lost = config.proto_keys.iter().map(|origin| ("config/lost-key", lost_key(config, *origin)));
    listed(includes.chain(rewrites).chain(lost), catalog, language)
}

/// Objects whose raw text OpenClaw looks at: there it reports the key. Source: `config validate` of 2026.9.6.
const WATCHED: &[&str] = &["mcp.servers", "tools.web.search"];

fn lost_key(config: &Config, origin: Origin) -> Violation {
    let object = config.root.as_ref().map(|root| root.path_around(origin)).unwrap_or_default();
    let watched = WATCHED.contains(&object.to_string().as_str());
    Violation::new(if watched { "refused" } else { "default" }, origin).at_path(object.key("__proto__"))
}
