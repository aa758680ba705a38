//! Plugins from folders of `plugins.load.paths`: what such a plugin takes stands in its manifest there, not in the schema of a
//! release. The name of the folder says which plugin it is.

use crate::finding::{Finding, Label, Severity};
use crate::language::{Language, Phrase};
use crate::project::{Config, Origin, Segment};

/// What the bundled plugin of the same name would refuse breaks nothing for certain.
pub(super) fn ease(findings: &mut [Finding], config: &Config, language: Language) {
    let paths = config.root.as_ref().and_then(|root| root.get("plugins")?.get("load")?.get("paths"));
    let paths = paths.map(|paths| paths.items()).unwrap_or_default();
    let name =
        |path: &str| path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let loaded: Vec<(String, Origin)> =
        paths.iter().filter_map(|path| Some((name(path.as_str()?), path.place()))).collect();
    if loaded.is_empty() {
        return;
    }
    for finding in findings {
        let Some(plugin) = plugin(finding) else { continue };
        let Some((_, folder)) = loaded.iter().find(|(name, _)| name == plugin) else { continue };
        finding.blocking = false;
        finding.severity = finding.severity.min(Severity::Warning);
        let message = language.say(&Phrase::new("the plugin in this folder says what it takes"));
        finding.related.push(Label { file: folder.file, span: folder.span, message });
    }
}

/// The plugin that judges what a finding is about: a channel's, or the one whose settings it is about.
fn plugin(finding: &Finding) -> Option<&str> {
    let keys = finding.path.as_ref()?.segments();
    let key = |at: usize| match keys.get(at)? {
        Segment::Key(key) => Some(&**key),
        Segment::Index(_) => None,
    };
    match (key(0)?, key(1)?) {
        ("channels", channel) => Some(channel),
        ("plugins", "entries") if key(3) == Some("config") => key(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linter::Linter;
    use crate::report::Verdict;

    fn lint(paths: &str) -> (Verdict, Vec<(Severity, usize)>) {
        let text = format!(
            "{{ gateway: {{ mode: 'local' }}, plugins: {{ load: {{ paths: {paths} }} }}, channels: {{ feishu: {{ bogus: 1 }} }} }}"
        );
        let report = Linter::new().file("openclaw.json", text).lint();
        let of_schema = report.findings.iter().filter(|finding| finding.rule == "schema/unknown-key");
        (report.files[0].verdict, of_schema.map(|finding| (finding.severity, finding.related.len())).collect())
    }

    #[test]
    fn a_folder_of_its_name_speaks_for_a_channel() {
        for paths in ["['/opt/extensions/feishu']", "['x', 'C:\\\\\\\\extensions\\\\\\\\feishu/']"] {
            assert_eq!(lint(paths), (Verdict::Accepted, vec![(Severity::Warning, 1)]), "{paths}");
        }
        for paths in ["[]", "['/opt/extensions/memory']", "['/opt/feishu/dist']", "[7]", "'feishu'"] {
            let (verdict, findings) = lint(paths);
            assert_eq!((verdict, findings.first()), (Verdict::Refused, Some(&(Severity::Error, 0))), "{paths}");
        }
    }
}
