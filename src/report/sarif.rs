//! SARIF 2.1.0, for code scanning. All rules of the run are listed, results carry line-free fingerprints, and paths are
//! relative to `%SRCROOT%`.

use std::collections::HashMap;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::json::to_json;
use super::{EditView, FindingView, FixView, LabelView, Options, Place, Redacted, RuleInfo, TOOL, Text};
use crate::finding::{Safety, Severity};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const SOURCE_ROOT: &str = "%SRCROOT%";
/// Name and version of the fingerprint's recipe.
const FINGERPRINT: &str = "openclawLint/v1";

/// One log with one run.
pub(super) fn render(report: &Redacted<'_>, options: &Options<'_>) -> String {
    let rules = Rules::new(report, options.rules);
    let prints = fingerprints(report);
    let root = report.language.text("The directory in which the linter was started.");
    let driver = json!({
        "name": TOOL.0,
        "version": TOOL.1,
        "semanticVersion": TOOL.1,
        "rules": rules.descriptors,
    });
    let run = Run {
        tool: json!({ "driver": driver }),
        invocations: json!([{ "executionSuccessful": true }]),
        original_uri_base_ids: json!({ SOURCE_ROOT: { "description": { "text": root } } }),
        column_kind: "unicodeCodePoints",
        newline_sequences: ["\r\n", "\n", "\r"],
        properties: json!({ "openclaw": report.target }),
        results: Results { report, prints: &prints, rules: &rules },
    };
    to_json(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Value,
    invocations: Value,
    original_uri_base_ids: Value,
    column_kind: &'static str,
    newline_sequences: [&'static str; 3],
    properties: Value,
    results: Results<'r>,
}

/// Made one by one as they are written: a hundred thousand of them as values take gigabytes.
struct Results<'r> {
    report: &'r Redacted<'r>,
    prints: &'r [String],
    rules: &'r Rules,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let results = self.report.findings.iter().zip(self.prints);
        serializer.collect_seq(results.map(|(finding, print)| result(finding, print, self.rules)))
    }
}

/// Rule descriptors and where each id stands among them.
struct Rules {
    descriptors: Vec<Value>,
    index: HashMap<String, usize>,
}

impl Rules {
    /// The rules of the run, then those that fired without being listed.
    fn new(report: &Redacted<'_>, known: &[RuleInfo]) -> Self {
        let mut rules = Self { descriptors: Vec::new(), index: HashMap::new() };
        for rule in known {
            rules.add(&rule.id, || descriptor(rule));
        }
        for finding in &report.findings {
            rules.add(finding.rule.exact(), || {
                json!({
                    "id": finding.rule,
                    "defaultConfiguration": { "level": level(finding.severity) },
                })
            });
        }
        rules
    }

    fn add(&mut self, id: &str, descriptor: impl FnOnce() -> Value) {
        if !self.index.contains_key(id) {
            self.index.insert(id.to_owned(), self.descriptors.len());
            self.descriptors.push(descriptor());
        }
    }
}

fn descriptor(rule: &RuleInfo) -> Value {
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.help },
        "defaultConfiguration": { "level": level(rule.severity) },
    });
    set(&mut descriptor, "helpUri", rule.url.as_ref().map(|url| json!(url)));
    descriptor
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn set(object: &mut Value, key: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
        object.insert(key.to_owned(), value);
    }
}

fn result(finding: &FindingView, print: &str, rules: &Rules) -> Value {
    let help = finding.help.as_ref().map(|help| format!("\n{}", help.exact())).unwrap_or_default();
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": rules.index.get(finding.rule.exact()),
        "level": level(finding.severity),
        "message": { "text": format!("{}{help}", finding.message.exact()) },
        "locations": [location(&finding.place, logical(finding))],
        "partialFingerprints": { FINGERPRINT: print },
        "properties": { "blocking": finding.blocking },
    });
    let related: Vec<_> = finding.related.iter().enumerate().map(related).collect();
    set(&mut result, "relatedLocations", (!related.is_empty()).then(|| related.into()));
    let fix = finding.fix.as_ref().filter(|fix| fix.safety != Safety::DisplayOnly && !fix.edits.is_empty());
    set(&mut result, "fixes", fix.map(|fix| json!([fix_object(fix)])));
    result
}

/// The value's place in the config, for viewers that group by it.
fn logical(finding: &FindingView) -> Option<Value> {
    let name = finding.config_path.as_ref().or(finding.env_key.as_ref())?;
    Some(json!([{ "fullyQualifiedName": name }]))
}

fn location(place: &Place, logical: Option<Value>) -> Value {
    let mut location = json!({
        "physicalLocation": { "artifactLocation": artifact(&place.path), "region": region(place) },
    });
    set(&mut location, "logicalLocations", logical);
    location
}

fn related((id, label): (usize, &LabelView)) -> Value {
    let mut location = location(&label.place, None);
    set(&mut location, "id", Some(json!(id)));
    let message = label.message.exact();
    set(&mut location, "message", (!message.is_empty()).then(|| json!({ "text": message })));
    location
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
        "byteOffset": place.start.offset,
        "byteLength": place.end.offset.saturating_sub(place.start.offset),
    })
}

fn fix_object(fix: &FixView) -> Value {
    let mut files: Vec<(&Text, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let known = files.iter_mut().find(|(path, _)| *path == &edit.place.path);
        match known {
            Some((_, replacements)) => replacements.push(replacement(edit)),
            None => files.push((&edit.place.path, vec![replacement(edit)])),
        }
    }
    let change = |(path, replacements): &(&Text, Vec<Value>)| json!({ "artifactLocation": artifact(path), "replacements": replacements });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": files.iter().map(change).collect::<Vec<_>>(),
    })
}

fn replacement(edit: &EditView) -> Value {
    json!({ "deletedRegion": region(&edit.place), "insertedContent": { "text": edit.new_text } })
}

/// A relative URI under the source root, or a `file:` URI for an absolute path.
fn artifact(path: &Text) -> Value {
    let path = path.exact().replace('\\', "/");
    let drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|c: char| c.is_ascii_alphabetic());
    if path.starts_with('/') {
        return json!({ "uri": format!("file://{}", percent_encoded(&path)) });
    }
    if drive {
        return json!({ "uri": format!("file:///{}", percent_encoded(&path)) });
    }
    let relative = path.trim_start_matches("./");
    json!({ "uri": percent_encoded(relative), "uriBaseId": SOURCE_ROOT })
}

/// RFC 3986: everything but unreserved characters and `/`. (A colon would look like a scheme.)
fn percent_encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(path: &str) -> Value {
        artifact(&Text::scrubbed(path))
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("./a b/ü#1.json"), json!({ "uri": "a%20b/%C3%BC%231.json", "uriBaseId": "%SRCROOT%" }));
        assert_eq!(uri("a\\b.json"), json!({ "uri": "a/b.json", "uriBaseId": "%SRCROOT%" }));
        assert_eq!(uri("/etc/x.env"), json!({ "uri": "file:///etc/x.env" }));
        assert_eq!(uri("C:\\x\\y.json"), json!({ "uri": "file:///C%3A/x/y.json" }));
        assert_eq!(uri("<stdin>"), json!({ "uri": "%3Cstdin%3E", "uriBaseId": "%SRCROOT%" }));
    }
}
