//! `fix`: applies what findings propose, file by file, and writes only what has been checked again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::credentials::table;
use openclaw_lint::discover::{Kind, Role};
use openclaw_lint::finding::{Safety, Severity};
use openclaw_lint::fix::{Mended, Place, Variable, extract, mend};
use openclaw_lint::host::RealHost;
use openclaw_lint::language::Phrase;
use openclaw_lint::report::{Report, difference, one_line};
use openclaw_lint::rules::Catalog;
use openclaw_lint::source::{FileId, Sources};
use openclaw_lint::syntax::dotenv;

use super::args::Fix;
use super::check::prepare;
use super::replace::{replace, replace_if};
use super::voice::Voice;
use super::{CLEAN, FINDINGS, Outcome, TROUBLE, Trouble, env_file, output};

pub(super) fn run(arguments: &Fix, voice: &Voice) -> Outcome {
    let host = RealHost;
    let Some((inputs, settings)) = prepare(&arguments.as_check(), voice, &host)? else { return Ok(CLEAN) };
    let allowed = if arguments.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let (mut out, mut left, mut trouble, mut count, mut files, mut refused) = (String::new(), 0, false, 0, 0, 0);
    let mut folders: BTreeMap<Option<&Path>, Vec<&Input>> = BTreeMap::new();
    for input in &inputs {
        folders.entry(input.path.parent()).or_default().push(input);
    }
    let mut first_looks: BTreeMap<Option<&Path>, Report> = BTreeMap::new();
    for input in inputs.iter().filter(|input| !input.context) {
        let (mark, text) = match text_of(input) {
            Ok(text) => text,
            Err(phrase) => {
                output::complain(&voice.say(&phrase.with("file", one_line(&input.shown))));
                trouble |= matches!(input.content, Content::Problem(_));
                continue;
            }
        };
        let beside = folders.get(&input.path.parent()).map(Vec::as_slice).unwrap_or_default();
        let check = |text: &str| lint(text, input, beside, &settings, &host);
        // One look at a folder says which of its files have nothing to mend: there may be thousands.
        if arguments.secrets_to.is_none() {
            let look = || check::run(named(beside), &settings, Catalog::bundled(), &host);
            let report = first_looks.entry(input.path.parent()).or_insert_with(look);
            let file = file_of(&report.sources, input, beside);
            if !has_fix(report, file, allowed) {
                trouble |= report.findings.iter().any(check::is_unread);
                left += errors(report, file);
                continue;
            }
        }
        let (referring, variables) = match &arguments.secrets_to {
            Some(file) => without_secrets(text, input, (beside, &settings, &host), file)?,
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
        if mended.text == text {
            left += errors(&after, file);
            continue;
        }
        if !arguments.diff && !arguments.dry_run {
            // First where they go, then where they were: they are never nowhere.
            let secrets = arguments.secrets_to.as_ref().filter(|_| !variables.is_empty());
            let moved = secrets.map_or(Ok(()), |file| env_file::add(file, &variables).map(|_| ()));
            let text = format!("{mark}{}", mended.text);
            if let Err(Trouble(phrase)) = moved.and_then(|()| write(input, &text, arguments.backup)) {
                // Other files can be mended all the same.
                output::complain(&voice.say(&phrase));
                trouble = true;
                continue;
            }
        }
        left += errors(&after, file);
        (count, files) = (count + mended.applied.len(), files + 1);
        if arguments.diff {
            let (before, old) = check(text);
            out.push_str(&difference(&input.shown, (&before, old), (&after, file)));
        } else {
            list(&mut out, input, &mended, &after);
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

/// Whether a report has a fix for a file that may be tried.
fn has_fix(report: &Report, file: FileId, allowed: Safety) -> bool {
    let own = report.findings.iter().flat_map(|finding| finding.fix.iter().chain(&finding.other_fixes));
    let mut fixes = own.filter(|fix| fix.edits.iter().any(|edit| edit.file == file));
    fixes.any(|fix| fix.safety == Safety::Safe || fix.safety == allowed)
}

fn errors(report: &Report, file: FileId) -> usize {
    report.findings.iter().filter(|found| found.primary.file == file && found.severity == Severity::Error).count()
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
fn text_of(input: &Input) -> Result<(&'static str, &str), Phrase> {
    let bytes = match &input.content {
        Content::Bytes(bytes) => bytes,
        Content::Problem(problem) => {
            return Err(Phrase::new("cannot read {file}: {error}").with("error", problem.phrase()));
        }
    };
    let text = std::str::from_utf8(bytes).map_err(|_| Phrase::new("{file} is not UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest)))
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
    let (report, credentials) = check::audit(named(beside), settings, Catalog::bundled(), host);
    let own = file_of(&report.sources, input, beside);
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
    let mut inputs = named(beside);
    for other in inputs.iter_mut().filter(|other| other.path == input.path) {
        other.content = Content::Bytes(text.as_bytes().to_vec());
    }
    let report = check::run(inputs, settings, Catalog::bundled(), host);
    let file = file_of(&report.sources, input, beside);
    (report, file)
}

/// The files of a folder under names that tell them apart: those that are not Unicode may look alike.
fn named(beside: &[&Input]) -> Vec<Input> {
    let named = beside.iter().enumerate().map(|(at, other)| Input { shown: name(at, other), ..(*other).clone() });
    named.collect()
}

/// Sorted as without the number.
fn name(at: usize, input: &Input) -> String {
    format!("{}\0{at}", input.shown)
}

fn file_of(sources: &Sources, input: &Input, beside: &[&Input]) -> FileId {
    let name = beside.iter().position(|other| other.path == input.path).map(|at| name(at, input));
    let mut files = sources.iter();
    files.find(|(_, source)| Some(source.name()) == name.as_deref()).map_or(FileId(u32::MAX), |(id, _)| id)
}

fn list(out: &mut String, input: &Input, mended: &Mended, report: &Report) {
    let _ = writeln!(out, "{}", report.path(&input.shown));
    for title in &mended.applied {
        let _ = writeln!(out, "  {}", report.text(title));
    }
}

/// Writes beside the file and puts the new one in its place, so that nobody ever sees half of it. Links, permissions and
/// owners stay. What somebody else has written meanwhile is not written over.
fn write(input: &Input, text: &str, backup: bool) -> Result<(), Trouble> {
    let path = &input.path;
    let trouble = |error: &dyn std::fmt::Display| Trouble::of_file("cannot write {file}: {error}", path, error);
    let target = fs::canonicalize(path).map_err(|error| trouble(&error))?;
    if fs::metadata(&target).map_err(|error| trouble(&error))?.permissions().readonly() {
        return Err(trouble(&Phrase::new("it is read-only")));
    }
    let Content::Bytes(read) = &input.content else { return Ok(()) };
    if backup {
        let mut name = target.clone().into_os_string();
        name.push(".bak");
        let rights = fs::metadata(&target).map_err(|error| trouble(&error))?.permissions();
        let kept = replace(Path::new(&name), read, 0o600).and_then(|()| fs::set_permissions(&name, rights));
        kept.map_err(|error| trouble(&error))?;
    }
    let mut same = true;
    let written = replace_if(&target, text.as_bytes(), 0o600, || {
        same = fs::read(&target)? == *read;
        if same { Ok(()) } else { Err(std::io::Error::other("changed")) }
    });
    match written {
        Err(_) if !same => {
            let phrase = Phrase::new("{file} has changed meanwhile: nothing is written, run `fix` again");
            Err(Trouble(phrase.with("file", one_line(&path.display().to_string()))))
        }
        other => other.map_err(|error| trouble(&error)),
    }
}
