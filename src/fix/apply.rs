//! Fixes applied to one file, round by round, each round kept only when the file is better for it.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::finding::{Edit, Finding, Fix, Safety};
use crate::report::Report;
use crate::source::FileId;
use crate::syntax::{dotenv, json5};

/// Fixes can make room for others; more rounds than this have not been seen to help.
const ROUNDS: usize = 60;

/// Up to so many fixes are tried one by one at once; of more, parts are tried first.
const FEW: usize = 32;

/// Most texts that are checked in a round: each is a whole run.
const MOST_TRIES: usize = 64;

/// A file after its fixes.
#[derive(Debug)]
pub struct Mended {
    /// The new text.
    pub text: String,
    /// Titles of the fixes that were applied, in order. They name keys, never values.
    pub applied: Vec<String>,
    /// How many were not applied because the file would have been worse, or because they touch the same place.
    pub refused: usize,
}

/// Applies the fixes of a file that are at least this safe. `check` lints a text in the place of the file and names the
/// file in its report; it is called for each round, and for single fixes where a round fails.
pub fn mend(text: &str, allowed: Safety, check: impl Fn(&str) -> (Report, FileId)) -> Mended {
    let mut mended = Mended { text: text.to_owned(), applied: Vec::new(), refused: 0 };
    for _ in 0..ROUNDS {
        let (report, file) = check(&mended.text);
        let fixes = fixes(&report, file, allowed);
        if fixes.is_empty() {
            mended.refused = 0;
            break;
        }
        let together = compatible(&fixes);
        let text = edited(&mended.text, together.iter().flat_map(|fix| &fix.edits));
        if is_better((&mended.text, &report, file), &text, allowed, &check) {
            mended.text = text;
            mended.applied.extend(together.iter().map(|fix| fix.title.clone()));
            continue;
        }
        // One of them does harm: they are tried in ever smaller groups, and one by one.
        let others = others(&report, file, allowed);
        let parts = parts(&together).chain(fixes.iter().chain(&others).map(std::slice::from_ref)).take(MOST_TRIES);
        let part = parts.into_iter().find_map(|part| {
            let text = edited(&mended.text, part.iter().flat_map(|fix| &fix.edits));
            is_better((&mended.text, &report, file), &text, allowed, &check).then_some((text, part))
        });
        // Those of the part are mended; the next round tries the others again, if there is one.
        mended.refused = fixes.len() - part.as_ref().map_or(0, |(_, part)| part.len());
        let Some((text, part)) = part else { break };
        mended.text = text;
        mended.applied.extend(part.iter().map(|fix| fix.title.clone()));
    }
    // A way that looked good and led nowhere is not taken.
    let (before, first) = check(text);
    let (after, last) = check(&mended.text);
    let (was, is) = (Wrong::of(&before, first, allowed), Wrong::of(&after, last, allowed));
    let is_config = after.files.iter().any(|file| file.file == last && file.kind == "config");
    let was_broken = is_config && !is_json5(text);
    let is_broken = is_config && mended.text != text && !is_json5(&mended.text);
    // Nor is one that leads back.
    let circular = mended.text == text && !mended.applied.is_empty();
    if is_broken || circular || !was_broken && is.blocking.len() > was.blocking.len() {
        return Mended { text: text.to_owned(), applied: Vec::new(), refused: mended.applied.len() };
    }
    mended
}

const fn is_allowed(fix: &Fix, allowed: Safety) -> bool {
    match (fix.safety, allowed) {
        (Safety::Safe, _) | (Safety::Unsafe, Safety::Unsafe | Safety::DisplayOnly) => true,
        (Safety::Unsafe, Safety::Safe) | (Safety::DisplayOnly, _) => false,
    }
}

fn fixes(report: &Report, file: FileId, allowed: Safety) -> Vec<&Fix> {
    usable(report.findings.iter().filter_map(|finding| finding.fix.as_ref()), file, allowed)
}

/// The second and later ways to mend findings.
fn others(report: &Report, file: FileId, allowed: Safety) -> Vec<&Fix> {
    usable(report.findings.iter().flat_map(|finding| &finding.other_fixes), file, allowed)
}

fn usable<'r>(fixes: impl Iterator<Item = &'r Fix>, file: FileId, allowed: Safety) -> Vec<&'r Fix> {
    let here = |fix: &&Fix| !fix.edits.is_empty() && fix.edits.iter().all(|edit| edit.file == file);
    fixes.filter(|fix| is_allowed(fix, allowed)).filter(here).collect()
}

/// Fixes that do not touch each other, the first in the file first. Those left out come in the next round.
pub(crate) fn compatible<'f>(fixes: &[&'f Fix]) -> Vec<&'f Fix> {
    let reach = |fix: &Fix| {
        let start = fix.edits.iter().map(|edit| edit.span.start).min().unwrap_or(0);
        (start, fix.edits.iter().map(|edit| edit.span.end).max().unwrap_or(0))
    };
    let mut sorted: Vec<&Fix> = fixes.to_vec();
    sorted.sort_by_key(|fix| reach(fix));
    let (mut taken, mut until) = (Vec::new(), None);
    for fix in sorted {
        let (start, end) = reach(fix);
        if until.is_none_or(|until| start > until) {
            taken.push(fix);
            until = Some(end);
        }
    }
    taken
}

/// Halves, quarters and so on of many fixes, each in turn; none of few.
fn parts<'t, 'f>(fixes: &'t [&'f Fix]) -> impl Iterator<Item = &'t [&'f Fix]> {
    let sizes = std::iter::successors(Some(fixes.len().div_ceil(2)), |size| Some(size.div_ceil(2)));
    sizes.take_while(|size| *size > FEW / 2).flat_map(|size| fixes.chunks(size))
}

/// A text after edits that do not overlap.
pub(crate) fn edited<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let (mut out, mut done) = (String::with_capacity(text.len() + 64), 0);
    for edit in edits {
        out.push_str(text.get(done..edit.span.start as usize).unwrap_or_default());
        out.push_str(&edit.new_text);
        done = edit.span.end as usize;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Whether a text is one step further: something that was wrong is right, what is wrong now and was not can be mended in
/// its turn, all comments are there, and the file is still what it was: JSON5 in the eyes of two parsers, or an env file
/// with as many entries.
fn is_better(
    before: (&str, &Report, FileId),
    text: &str,
    allowed: Safety,
    check: &impl Fn(&str) -> (Report, FileId),
) -> bool {
    let (old_text, old, old_file) = before;
    let (new, file) = check(text);
    let (was, is) = (Wrong::of(old, old_file, allowed), Wrong::of(&new, file, allowed));
    let kind = new.files.iter().find(|known| known.file == file).map(|known| known.kind);
    let whole = match kind {
        Some("env") => variables(text) >= variables(old_text),
        _ => (is_json5(text) || mistakes(text) < mistakes(old_text)) && keeps_comments(old_text, text),
    };
    let progress = is.findings < was.findings || !was.blocking.is_subset(&is.blocking);
    // Two fixes that make the same object would each write its key.
    let doubled = is.duplicates > was.duplicates;
    // What a broken text hides comes to light when it is mended.
    let repaired = kind != Some("env") && mistakes(text) < mistakes(old_text);
    whole && progress && !doubled && (repaired || is.stuck.is_subset(&was.blocking))
}

/// How often the parser has to recover.
fn mistakes(text: &str) -> usize {
    json5::parse(text, &json5::Options::default()).errors().len()
}

/// How many variables an env file sets.
fn variables(text: &str) -> usize {
    let parsed = dotenv::parse(text);
    parsed.entries.iter().filter(|entry| entry.loaded).map(|entry| &entry.key).collect::<BTreeSet<_>>().len()
}

/// What is wrong with a file.
struct Wrong {
    findings: usize,
    /// Keys that stand twice in an object.
    duplicates: usize,
    /// What OpenClaw refuses it for: rule and path.
    blocking: BTreeSet<(String, String)>,
    /// Those that no fix is known for.
    stuck: BTreeSet<(String, String)>,
}

impl Wrong {
    fn of(report: &Report, file: FileId, allowed: Safety) -> Self {
        let own: Vec<&Finding> = report.findings.iter().filter(|found| found.primary.file == file).collect();
        let name = |found: &&Finding| {
            let path = found.path.as_ref().map(ToString::to_string).unwrap_or_default();
            (found.rule.clone(), path)
        };
        let has_fix = |found: &Finding| {
            found.fix.iter().chain(&found.other_fixes).any(|fix| is_allowed(fix, allowed) && !fix.edits.is_empty())
        };
        let blocking = || own.iter().filter(|found| found.blocking);
        Self {
            findings: own.len(),
            duplicates: own.iter().filter(|found| found.rule == "syntax/duplicate-key").count(),
            blocking: blocking().map(name).collect(),
            stuck: blocking().filter(|found| !has_fix(found)).map(name).collect(),
        }
    }
}

/// In the eyes of our parser and of another one.
fn is_json5(text: &str) -> bool {
    let document = json5::parse(text, &json5::Options::default());
    document.is_valid() && ::json5::from_str::<serde::de::IgnoredAny>(text.trim_start_matches('\u{feff}')).is_ok()
}

/// Whether each comment is still there, be it inside a larger one.
fn keeps_comments(old: &str, new: &str) -> bool {
    let document = json5::parse(old, &json5::Options::default());
    let lines = document.comments().iter().flat_map(|comment| comment.span.slice(old).lines()).map(str::trim);
    // They keep their order, so that each is looked for behind the one before: one walk over the text for all of them.
    let mut from = 0;
    lines.filter(|line| !line.is_empty()).all(|line| {
        let here = new.get(from..).and_then(|rest| memmem::find(rest.as_bytes(), line.as_bytes()));
        if let Some(at) = here {
            from += at + line.len();
        }
        here.is_some() || memmem::find(new.as_bytes(), line.as_bytes()).is_some()
    })
}
