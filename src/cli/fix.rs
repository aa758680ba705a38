//! `fix`: applies what findings propose, file by file, and writes only what has been checked again.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::credentials::table;
use openclaw_lint::discover::{Kind, Role};
use openclaw_lint::finding::{Safety, Severity};
use openclaw_lint::fix::{Mended, Place, Variable, extract, mend};
use openclaw_lint::host::RealHost;
use openclaw_lint::language::Phrase;
use openclaw_lint::report::{Report, difference};
use openclaw_lint::rules::Catalog;
use openclaw_lint::source::{FileId, Sources};
use openclaw_lint::syntax::dotenv;

use super::args::Fix;
use super::check::prepare;
use super::voice::Voice;
use super::{CLEAN, FINDINGS, Outcome, TROUBLE, Trouble, env_file, output};

pub(super) fn run(arguments: &Fix, voice: &Voice) -> Outcome {
    let host = RealHost;
    let Some((inputs, settings)) = prepare(&arguments.as_check(), voice, &host)? else { return Ok(CLEAN) };
    let allowed = if arguments.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let (mut out, mut left, mut trouble, mut count, mut files, mut refused) = (String::new(), 0, false, 0, 0, 0);
    for at in 0..inputs.len() {
        let Some(input) = inputs.get(at).filter(|input| !input.context) else { continue };
        let Some((mark, text)) = text_of(input) else { continue };
        let beside: Vec<&Input> = inputs.iter().filter(|other| other.path.parent() == input.path.parent()).collect();
        let check = |text: &str| lint(text, input, &beside, &settings, &host);
        let (referring, variables) = match &arguments.secrets_to {
            Some(file) => without_secrets(text, input, (&beside, &settings, &host), file)?,
            None => (text.to_owned(), Vec::new()),
        };
        let mut mended = mend(&referring, allowed, check);
        for variable in &variables {
            let phrase =
                Phrase::new("refer to `{variable}` instead of the credential").with("variable", &variable.name);
            mended.applied.push(voice.say(&phrase));
        }
        refused += mended.refused;
        let (after, file) = check(&mended.text);
        trouble |= after.findings.iter().any(check::is_unread);
        left += after.findings.iter().filter(|f| f.primary.file == file && f.severity == Severity::Error).count();
        if mended.text == text {
            continue;
        }
        (count, files) = (count + mended.applied.len(), files + 1);
        if arguments.diff {
            let (before, old) = check(text);
            out.push_str(&difference((&before, old), (&after, file)));
        } else {
            list(&mut out, input, &mended, &after);
        }
        if !arguments.diff && !arguments.dry_run {
            // First where they go, then where they were: they are never nowhere.
            if let Some(file) = arguments.secrets_to.as_ref().filter(|_| !variables.is_empty()) {
                env_file::add(file, &variables)?;
            }
            write(&input.path, &format!("{mark}{}", mended.text), arguments.backup)?;
        }
    }
    if !arguments.diff {
        let tally = Tally { fixes: count, files, errors: left, refused };
        summarize(&mut out, &tally, arguments.dry_run, voice);
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

/// What a run did.
struct Tally {
    fixes: usize,
    files: usize,
    /// Errors that are left.
    errors: usize,
    /// Fixes that were tried and not kept.
    refused: usize,
}

fn summarize(out: &mut String, tally: &Tally, dry: bool, voice: &Voice) {
    let files = Phrase::count(tally.files, "1 file", "{count} files");
    let fixes = Phrase::count(tally.fixes, "1 fix", "{count} fixes");
    let summary = Phrase::new(match (tally.fixes, dry) {
        (0, _) => "nothing to fix",
        (_, true) => "{fixes} would be applied in {files}",
        (_, false) => "{fixes} applied in {files}",
    });
    let left = Phrase::count(tally.errors, "; 1 error is left", "; {count} errors are left");
    let left = if tally.errors > 0 { voice.say(&left) } else { String::new() };
    let _ = writeln!(out, "{}{left}", voice.say(&summary.with("fixes", fixes).with("files", files)));
    if tally.refused > 0 {
        let refused = Phrase::count(
            tally.refused,
            "1 fix was not applied: the file would have been worse, or two of them meet",
            "{count} fixes were not applied: the file would have been worse, or two of them meet",
        );
        let _ = writeln!(out, "{}", voice.say(&refused));
    }
}

/// A byte order mark, which stays, and the text. Other encodings are not written.
fn text_of(input: &Input) -> Option<(&'static str, &str)> {
    let Content::Bytes(bytes) = &input.content else { return None };
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest)))
}

/// A config with references in the place of its credentials, and the variables that hold them.
fn without_secrets(
    text: &str,
    input: &Input,
    (beside, settings, host): (&[&Input], &Settings, &RealHost),
    file: &Path,
) -> Result<(String, Vec<Variable>), Trouble> {
    if input.info.kind != Kind::Config || !matches!(input.info.role, Role::Live | Role::Variant(_)) {
        return Ok((text.to_owned(), Vec::new()));
    }
    let inputs = beside.iter().map(|other| (*other).clone()).collect();
    let (report, credentials) = check::audit(inputs, settings, Catalog::bundled(), host);
    let own = file_of(&report.sources, &input.shown);
    let places = credentials.into_iter().filter_map(|credential| {
        let place = credential.place.filter(|place| place.file == own)?;
        let usual = || usual_name(&credential.provider, &credential.slot);
        Some(Place { span: place.span, variable: credential.variable.or_else(usual), path: credential.slot })
    });
    let env = env_file::read(file)?;
    let known = dotenv::parse(&env);
    let value = |name: &str| {
        let entry = known.entries.iter().rev().find(|entry| *entry.key == *name)?;
        Some(entry.value.to_string())
    };
    Ok(extract(text, &places.collect::<Vec<_>>(), value))
}

/// The variable that a provider's credential usually stands in: the one that ends like the key does, else the first.
fn usual_name(provider: &str, path: &str) -> Option<String> {
    let names = &table().provider(provider)?.env;
    let key = path.rsplit('.').next().unwrap_or_default().to_ascii_uppercase();
    let alike = |name: &&&str| name.rsplit('_').next().is_some_and(|last| key.ends_with(last));
    names.iter().find(alike).or_else(|| names.first()).map(|name| (*name).to_owned())
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
    let _ = writeln!(out, "{}", report.path(&input.shown));
    for title in &mended.applied {
        let _ = writeln!(out, "  {}", report.text(title));
    }
}

/// Writes beside the file and puts the new one in its place, so that nobody ever sees half of it. Links and permissions
/// stay.
fn write(path: &Path, text: &str, backup: bool) -> Result<(), Trouble> {
    let trouble = |error: &dyn std::fmt::Display| Trouble::of_file("cannot write {file}: {error}", path, error);
    let target = fs::canonicalize(path).map_err(|error| trouble(&error))?;
    let folder = target.parent().map(PathBuf::from).unwrap_or_default();
    let permissions = fs::metadata(&target).map_err(|error| trouble(&error))?.permissions();
    if permissions.readonly() {
        return Err(trouble(&Phrase::new("it is read-only")));
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
