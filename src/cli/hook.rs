//! `hook`: git's pre-commit hook for those who have no program that keeps hooks. Never touches somebody's own.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use openclaw_lint::language::Phrase;

use super::args::HookAction;
use super::git::Repository;
use super::voice::Voice;
use super::{CLEAN, Outcome, Trouble, output};

const SCRIPT: &str = include_str!("hook.sh");

/// What a hook of one's own has to run.
const LINE: &str = "openclaw-lint check --staged || exit $?";

/// What stands where git looks for the hook.
enum Found {
    Nothing,
    /// What this program writes.
    Ours,
    /// Something else that runs the linter.
    Calls,
    /// One that the program `pre-commit` wrote.
    PreCommit,
    Others,
}

pub(super) fn run(action: &HookAction, voice: &Voice) -> Outcome {
    if matches!(action, HookAction::Print) {
        return output::print(SCRIPT).map(|()| CLEAN);
    }
    let repository = Repository::here()?;
    let file = repository.hooks()?.join("pre-commit");
    let (done, found) = (|text| Phrase::new(text).with("file", shown(&file, &repository)), look(&file)?);
    let done = match (action, found) {
        (HookAction::Install, Found::Nothing) => {
            write(&file)?;
            if is_shared(&file, &repository) {
                voice.note(&done(
                    "{file} is not of this repository alone: every repository that uses this folder runs it",
                ));
            }
            done("{file} written: each commit checks what it changes")
        }
        (HookAction::Install, Found::Ours) => {
            allow(&file).map_err(|error| Trouble::of_file("cannot write {file}: {error}", &file, &error))?;
            done("{file} is there already")
        }
        (HookAction::Install, Found::Calls) => done("{file} runs openclaw-lint already; it stays as it is"),
        (HookAction::Install, Found::PreCommit) => {
            return Err(Trouble(done(
                "{file} is the hook of pre-commit; add openclaw-lint to .pre-commit-config.yaml instead",
            )));
        }
        (HookAction::Install, Found::Others) => {
            let phrase = done("{file} is a hook of your own and stays as it is; add this line to it: {line}");
            return Err(Trouble(phrase.with("line", LINE)));
        }
        (_, Found::Ours) => {
            fs::remove_file(&file).map_err(|error| Trouble::of_file("cannot write {file}: {error}", &file, &error))?;
            done("{file} removed")
        }
        (_, Found::Calls) => {
            return Err(Trouble(done("{file} is not as this program wrote it: take openclaw-lint out of it by hand")));
        }
        (_, Found::Nothing | Found::PreCommit | Found::Others) => done("{file} does not run openclaw-lint"),
    };
    voice.note(&done);
    Ok(CLEAN)
}

fn look(file: &Path) -> Result<Found, Trouble> {
    let text = match fs::read(file) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).replace("\r\n", "\n"),
        // A link that leads nowhere is somebody's, too.
        Err(error) if error.kind() == ErrorKind::NotFound && file.is_symlink() => return Ok(Found::Others),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(Trouble::of_file("cannot read {file}: {error}", file, &error)),
    };
    let mut commands = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    Ok(if text == SCRIPT {
        Found::Ours
    } else if commands.any(|line| line.contains("openclaw-lint")) {
        Found::Calls
    } else if text.contains("https://pre-commit.com") {
        Found::PreCommit
    } else {
        Found::Others
    })
}

/// Never writes over a file.
fn write(file: &Path) -> Result<(), Trouble> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let written = fs::create_dir_all(folder)
        .and_then(|()| options.open(file))
        .and_then(|mut file| file.write_all(SCRIPT.as_bytes()))
        .and_then(|()| allow(file));
    written.map_err(|error| Trouble::of_file("cannot write {file}: {error}", file, &error))
}

/// Makes a file one that can be run: by those who can read it.
#[cfg(unix)]
fn allow(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file)?.permissions().mode();
    fs::set_permissions(file, fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))
}

/// There are no such rights here; git runs the hook without.
#[cfg(not(unix))]
fn allow(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Whether other repositories have the same folder of hooks.
fn is_shared(file: &Path, repository: &Repository) -> bool {
    ![&repository.work_tree, &repository.common_dir].into_iter().any(|folder| file.starts_with(folder))
}

fn shown(file: &Path, repository: &Repository) -> String {
    let short: PathBuf = file.strip_prefix(&repository.work_tree).unwrap_or(file).to_owned();
    short.display().to_string()
}
