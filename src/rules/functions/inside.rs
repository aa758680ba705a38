//! `inside-folder`: a path or address that must lie within a folder that its own object names.

use std::path::Path as FilePath;
use std::sync::Arc;

use serde::Deserialize;

use crate::host::lexical;
use crate::rules::Violation;
use crate::rules::model::Call;
use crate::rules::select::Node;

use super::names::{member, nodes};
use super::{Function, Input, options};

/// Outcomes `form` (no path within the folder, no web address) and `escapes`; parameter `path`.
pub(super) const INSIDE: Function = Function { name: "inside-folder", options: OPTIONS, run };

const OPTIONS: &str = r#"{
    "type": "object",
    "additionalProperties": false,
    "required": ["member", "folder"],
    "properties": { "member": { "type": "string" }, "folder": { "type": "string" } }
}"#;

#[derive(Default, Deserialize)]
struct Options {
    /// The path's key in each target, keys joined by dots.
    member: String,
    /// The folder's key there.
    folder: String,
}

fn run(given: &Call, input: &Input<'_>) -> Vec<Violation> {
    let options: Arc<Options> = options(given);
    let complete = input.project.environment.is_complete();
    nodes(input).filter_map(|node| violation(node, &options, complete)).collect()
}

fn violation(node: &Node<'_>, options: &Options, complete: bool) -> Option<Violation> {
    let value = member(node.value, &options.member).filter(|value| complete || !value.unresolved)?;
    let folder = member(node.value, &options.folder);
    let outcome = judge(value.as_str()?.trim(), folder.and_then(|folder| folder.as_str()))?;
    let path = options.member.split('.').fold(node.path.clone(), |path, key| path.key(key));
    Some(Violation::new(outcome, value.origin).at_path(path.clone()).param("path", path.to_string()))
}

fn judge(text: &str, folder: Option<&str>) -> Option<&'static str> {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https" | "data") => return None,
        // A drive letter is no scheme.
        Some(scheme) if scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            return Some("form");
        }
        _ => {}
    }
    if text.starts_with('~') {
        return Some("form");
    }
    if text.starts_with('/') {
        let within =
            folder.is_some_and(|folder| lexical(FilePath::new(text)).starts_with(lexical(FilePath::new(folder))));
        return (!within).then_some("form");
    }
    lexical(FilePath::new(text)).starts_with("..").then_some("escapes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_judged_by_their_text() {
        for right in
            ["", "a.png", "./a.png", "a/../b.png", "https://a.example/x.png", "data:image/png;base64,AA", "C:\\x.png"]
        {
            assert_eq!(judge(right, None), None, "{right}");
        }
        for wrong in ["~/x.png", "/etc/x.png", "file:///x.png", "ftp://h/x.png"] {
            assert_eq!(judge(wrong, None), Some("form"), "{wrong}");
        }
        assert_eq!(judge("../x.png", None), Some("escapes"));
        assert_eq!(judge("a/../../x.png", None), Some("escapes"));
        assert_eq!(judge("/srv/w/a.png", Some("/srv/w")), None);
        assert_eq!(judge("/srv/w/../a.png", Some("/srv/w")), Some("form"));
    }
}
