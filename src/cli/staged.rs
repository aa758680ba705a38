//! `check --staged`: the files that the next commit changes, as it would have them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use openclaw_lint::check::{Input, Settings};
use openclaw_lint::discover::{self, FoundFile, Kind, Request, classify};
use openclaw_lint::host::{Host, lexical};
use openclaw_lint::language::Phrase;
use openclaw_lint::policy::Policies;
use openclaw_lint::report::Report;

use super::args::Check;
use super::check::{conclude, env_files_beside, is_usage, judge, read_all, request, settings, unread};
use super::git::{Repository, Staged, StagedHost, current_dir};
use super::voice::Voice;
use super::{CLEAN, Outcome, Trouble, files_from};

/// Says where a config includes a file that cannot be: the mistake may be in the other file.
const INCLUDE: &str = "config/include";
/// Findings about the linter's own configuration.
const OWN: &str = "lint/config";

pub(super) fn run(arguments: &Check, voice: &Voice, matches: Option<&ArgMatches>) -> Outcome {
    let current = current_dir()?;
    let named = named(arguments, &current)?;
    if arguments.files_from.is_some() && named.is_empty() {
        return Ok(CLEAN);
    }
    let repository = Repository::here()?;
    let staged = Staged::read(&repository)?;
    let host = StagedHost::new(&repository, &staged, current);
    let inside: Vec<PathBuf> = named.iter().filter_map(|path| host.inside(path)).collect();
    let wanted = |file: &Path| {
        let is_named = named.is_empty() || inside.iter().any(|path| file.starts_with(path));
        is_named && (is_ours(file) || !arguments.include.is_empty() || inside.iter().any(|path| file == path))
    };
    let (changed, head_is_known) = staged.changed(&repository, wanted)?;
    if !head_is_known {
        voice.note(&Phrase::new("the last commit cannot be read here: every file of the index counts as changed"));
    }
    if changed.is_empty() {
        return Ok(CLEAN);
    }
    let change = Change { host: &host, files: changed.iter().map(|file| repository.work_tree.join(file)).collect() };
    let paths = if named.is_empty() { vec![repository.work_tree.clone()] } else { named };
    let inputs = inputs(arguments, &change, paths)?;
    let settings = with_policies(arguments, &inputs, &host, voice)?;
    let names = change.names(&inputs);
    let mut report = judge(arguments, inputs, &settings, voice, &host)?;
    narrow(&mut report, &names);
    if report.files.is_empty() && report.findings.is_empty() {
        return Ok(CLEAN);
    }
    conclude(arguments, report, &settings.policies, voice, matches)
}

/// The paths that were named, absolute.
fn named(arguments: &Check, current: &Path) -> Result<Vec<PathBuf>, Trouble> {
    if arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Trouble(Phrase::new("standard input is not in git's index: `-` does not go with --staged")));
    }
    let listed = arguments.files_from.as_deref().map(|list| files_from::read(list, false)).transpose()?;
    let paths = arguments.paths.iter().chain(listed.iter().flatten());
    Ok(paths.map(|path| lexical(&current.join(path))).collect())
}

/// Whether a file may be one of ours, or included by one.
fn is_ours(file: &Path) -> bool {
    let json = file.extension().is_some_and(|ending| ending == "json" || ending == "json5");
    json || file.file_name().and_then(|name| name.to_str()).is_some_and(|name| classify(name).is_some())
}

/// What the next commit changes.
struct Change<'a> {
    host: &'a StagedHost<'a>,
    /// Absolute, of the files that may be ours.
    files: HashSet<PathBuf>,
}

impl Change<'_> {
    /// Whether it changes a file: the link that it is, or what it leads to.
    fn has(&self, path: &Path) -> bool {
        self.files.contains(path) || self.host.canonicalize(path).is_some_and(|real| self.files.contains(&real))
    }

    /// The names that changed files have in reports.
    fn names(&self, inputs: &[Input]) -> HashSet<String> {
        let current = self.host.current_dir().unwrap_or_default();
        // As included files are shown.
        let shown = |file: &PathBuf| file.strip_prefix(&current).unwrap_or(file).display().to_string();
        let inputs = inputs.iter().filter(|input| self.has(&input.path)).map(|input| input.shown.clone());
        self.files.iter().map(shown).chain(inputs).collect()
    }
}

/// The changed files, and those without which they cannot be judged.
fn inputs(arguments: &Check, change: &Change<'_>, paths: Vec<PathBuf>) -> Result<Vec<Input>, Trouble> {
    let host = change.host;
    let paths = paths.into_iter().filter(|path| host.exists(path)).collect();
    // What is in the index is nothing that git ignores.
    let found = discover::discover(host, &Request { no_ignore: true, ..request(arguments, paths) });
    if let Some(problem) = found.problems.iter().find(|problem| is_usage(&problem.kind)) {
        return Err(Trouble(problem.phrase()));
    }
    let beside = env_files_beside(&found.files, arguments.max_file_size, host);
    let (changed, others): (Vec<FoundFile>, Vec<FoundFile>) =
        found.files.into_iter().partition(|file| change.has(&file.path));
    let projects: HashSet<&Path> = changed.iter().filter_map(|file| project(&file.path)).collect();
    let (mut users, mut neighbours) = (Vec::new(), Vec::new());
    // A file that is none of ours may be included from its folder and from those above it.
    let parts = change.files.iter().filter(|file| !changed.iter().any(|known| known.path == **file));
    let above: HashSet<&Path> = parts.flat_map(|file| file.ancestors().skip(1)).collect();
    for file in others {
        if file.name.kind == Kind::Config && file.path.parent().is_some_and(|folder| above.contains(folder)) {
            users.push(file);
        } else if project(&file.path).is_some_and(|folder| projects.contains(folder) || above.contains(folder)) {
            neighbours.push(file);
        }
    }
    let read = |files| read_all(files, arguments.max_file_size, host);
    let problems = found.problems.into_iter().filter(|problem| change.has(&problem.path)).map(unread);
    let mut inputs: Vec<Input> = problems.chain(read(changed)).chain(read(users)).collect();
    let neighbours = read(neighbours).into_iter().map(|input| Input { context: true, ..input });
    let known: HashSet<PathBuf> = inputs.iter().map(|input| input.path.clone()).collect();
    inputs.extend(neighbours.chain(beside).filter(|input| !known.contains(&input.path)));
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    inputs.dedup_by(|a, b| a.path == b.path);
    Ok(inputs)
}

/// The folder whose files are judged together: a state folder belongs to the one around it.
fn project(file: &Path) -> Option<&Path> {
    let folder = file.parent()?;
    let is_hidden = folder.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    if is_hidden { folder.parent() } else { Some(folder) }
}

fn with_policies(
    arguments: &Check,
    inputs: &[Input],
    host: &StagedHost<'_>,
    voice: &Voice,
) -> Result<Settings, Trouble> {
    let mut settings = settings(arguments, voice, host)?;
    if !arguments.no_config {
        let folders = inputs.iter().map(|input| input.path.parent().unwrap_or(Path::new("")));
        settings.policies = Policies::find(folders, &arguments.rules, &host.lenient());
    }
    settings.language = voice.settle(&settings.policies);
    Ok(settings)
}

/// What is said of files that the commit leaves alone is not its business.
fn narrow(report: &mut Report, names: &HashSet<String>) {
    let sources = &report.sources;
    let is_changed = |file| sources.get(file).is_some_and(|source| names.contains(source.name()));
    report.findings.retain(|finding| {
        // Configs that may use a changed file are among the inputs for this.
        is_changed(finding.primary.file) || finding.rule == INCLUDE || finding.rule == OWN
    });
    report.files.retain(|file| is_changed(file.file));
}
