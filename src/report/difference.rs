//! The difference between two texts of a file, such as before and after its fixes, for a terminal: without what is secret in
//! either, and without characters that a terminal would obey.

use similar::TextDiff;

use crate::redact::{MARK, Secrets, mark_config, mark_env};
use crate::source::{FileId, SourceFile};
use crate::syntax::{dotenv, json5};

use super::Report;
use super::text::{one_line, visible};

/// Lines around a change.
const CONTEXT: usize = 3;

/// A unified difference between the text of a file in one report and its text in another, under a name; nothing where
/// nothing that may be shown differs, or a report has no such file.
#[must_use]
pub fn difference(name: &str, (before, old): (&Report, FileId), (after, new): (&Report, FileId)) -> String {
    let (Some(source), Some(changed)) = (before.sources.get(old), after.sources.get(new)) else { return String::new() };
    let is_env = before.files.iter().any(|file| file.file == old && file.kind == "env");
    let name = one_line(&before.secrets.scrub_path(name));
    let name = name.trim_start_matches('/');
    // What is secret in one of them is secret in the other.
    let shown = |report: &Report, file, source| {
        let text = redacted(report, file, source, is_env);
        visible(&after.secrets.scrub(&before.secrets.scrub(&text))).into_owned()
    };
    let (old, new) = (shown(before, old, source), shown(after, new, changed));
    let diff = TextDiff::from_lines(old.as_str(), new.as_str());
    diff.unified_diff().context_radius(CONTEXT).header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

/// A text with a mark for each secret, and its line breaks.
fn redacted(report: &Report, file: FileId, source: &SourceFile, is_env: bool) -> String {
    let mut own = Secrets::default();
    let secrets = if report.secrets.knows(file) {
        &report.secrets
    } else {
        // Where nothing was found nobody has looked.
        if is_env {
            mark_env(&mut own, file, source, &dotenv::parse(source.text()));
        } else {
            mark_config(&mut own, file, source, &json5::parse(source.text(), &json5::Options::default()));
        }
        &own
    };
    let text = source.text();
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for span in secrets.spans(file) {
        out.push_str(text.get(done..span.start as usize).unwrap_or_default());
        out.push_str(MARK);
        out.extend(span.slice(text).chars().filter(|c| *c == '\n'));
        done = span.end as usize;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
