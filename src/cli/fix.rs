//! `fix`: applies what findings propose, file by file, and writes only what has been checked again.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::finding::{Safety, Severity};
use openclaw_lint::fix::{Mended, mend};
use openclaw_lint::host::RealHost;
use openclaw_lint::report::Report;
use openclaw_lint::rules::Catalog;
use openclaw_lint::source::{FileId, Sources};
use similar::TextDiff;

use super::args::Fix;
use super::check::prepare;
use super::{CLEAN, FINDINGS, Outcome, TROUBLE, Trouble, output};

/// Lines of context in differences.
const CONTEXT: usize = 3;

pub(super) fn run(arguments: &Fix) -> Outcome {
    let host = RealHost;
    let Some((inputs, settings)) = prepare(&arguments.as_check(), &host)? else { return Ok(CLEAN) };
    let allowed = if arguments.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let (mut out, mut left, mut trouble, mut count, mut files) = (String::new(), 0, false, 0, 0);
    for at in 0..inputs.len() {
        let Some(input) = inputs.get(at).filter(|input| !input.context) else { continue };
        let Some((mark, text)) = text_of(input) else { continue };
        let beside: Vec<&Input> = inputs.iter().filter(|other| other.path.parent() == input.path.parent()).collect();
        let check = |text: &str| lint(text, input, &beside, &settings, &host);
        let mended = mend(text, allowed, check);
        let (after, file) = check(&mended.text);
        trouble |= after.findings.iter().any(check::is_unread);
        left += after.findings.iter().filter(|f| f.primary.file == file && f.severity == Severity::Error).count();
        if mended.text == text {
            continue;
        }
        (count, files) = (count + mended.applied.len(), files + 1);
        if arguments.diff {
            let (before, _) = check(text);
            difference(&mut out, input, &before, &mended, text);
        } else {
            list(&mut out, input, &mended, &after);
        }
        if !arguments.diff && !arguments.dry_run {
            write(&input.path, &format!("{mark}{}", mended.text), arguments.backup)?;
        }
    }
    let verb = if arguments.diff || arguments.dry_run { "would be applied" } else { "applied" };
    if !arguments.diff {
        let place = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        let fixes = if count == 1 { "1 fix".to_owned() } else { format!("{count} fixes") };
        let summary = if count == 0 { "nothing to fix".to_owned() } else { format!("{fixes} {verb} in {place}") };
        let rest = match left {
            0 => String::new(),
            1 => "; 1 error is left".to_owned(),
            left => format!("; {left} errors are left"),
        };
        let _ = writeln!(out, "{summary}{rest}");
    }
    output::print(&out)?;
    Ok(if trouble {
        TROUBLE
    } else if left > 0 {
        FINDINGS
    } else {
        CLEAN
    })
}

/// A byte order mark, which stays, and the text. Other encodings are not written.
fn text_of(input: &Input) -> Option<(&'static str, &str)> {
    let Content::Bytes(bytes) = &input.content else { return None };
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest)))
}

/// The report on the files of a folder, with another text for one of them.
fn lint(text: &str, input: &Input, beside: &[&Input], settings: &Settings, host: &RealHost) -> (Report, FileId) {
    let inputs = beside.iter().map(|other| {
        let mut other = (*other).clone();
        if other.path == input.path {
            other.content = Content::Bytes(text.as_bytes().to_vec());
        }
        other
    });
    let report = check::run(inputs.collect(), settings, Catalog::bundled(), host);
    let file = file_of(&report.sources, &input.shown);
    (report, file)
}

fn file_of(sources: &Sources, shown: &str) -> FileId {
    sources.iter().find(|(_, source)| source.name() == shown).map_or(FileId(u32::MAX), |(id, _)| id)
}

fn list(out: &mut String, input: &Input, mended: &Mended, report: &Report) {
    let _ = writeln!(out, "{}", report.secrets.scrub_path(&input.shown));
    for title in &mended.applied {
        let _ = writeln!(out, "  {}", report.secrets.scrub(title));
    }
}

/// A unified difference of the redacted texts.
fn difference(out: &mut String, input: &Input, report: &Report, mended: &Mended, old: &str) {
    let (old, new) = (report.secrets.scrub(old), report.secrets.scrub(&mended.text));
    let name = report.secrets.scrub_path(&input.shown);
    let diff = TextDiff::from_lines(old.as_ref(), new.as_ref());
    let header = (format!("a/{name}"), format!("b/{name}"));
    let _ = write!(out, "{}", diff.unified_diff().context_radius(CONTEXT).header(&header.0, &header.1));
}

/// Writes beside the file and puts the new one in its place, so that nobody ever sees half of it. Links and permissions
/// stay.
fn write(path: &Path, text: &str, backup: bool) -> Result<(), Trouble> {
    let trouble = |error: &dyn std::fmt::Display| Trouble(format!("cannot write {}: {error}", path.display()));
    let target = fs::canonicalize(path).map_err(|error| trouble(&error))?;
    let folder = target.parent().map(PathBuf::from).unwrap_or_default();
    let permissions = fs::metadata(&target).map_err(|error| trouble(&error))?.permissions();
    if permissions.readonly() {
        return Err(trouble(&"it is read-only"));
    }
    if backup {
        let mut name = target.clone().into_os_string();
        name.push(".bak");
        fs::copy(&target, &name).map_err(|error| trouble(&error))?;
    }
    let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(|error| trouble(&error))?;
    file.write_all(text.as_bytes()).map_err(|error| trouble(&error))?;
    file.as_file().set_permissions(permissions).map_err(|error| trouble(&error))?;
    file.as_file().sync_all().map_err(|error| trouble(&error))?;
    file.persist(&target).map_err(|error| trouble(&error.error))?;
    Ok(())
}
