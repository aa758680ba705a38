//! `check` in parts: a tree of any size is reported while it is read, and no more of it is kept than a few folders.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use openclaw_lint::check::{self, Input, Settings, territory};
use openclaw_lint::discover::{self, Discovered, FoundFile, Problem};
use openclaw_lint::finding::Severity;
use openclaw_lint::host::RealHost;
use openclaw_lint::policy::Policies;
use openclaw_lint::report::{self, Format, Options, Report, Totals};
use openclaw_lint::rules::Catalog;
use rayon::prelude::*;

use super::args::Check;
use super::check::{env_files_beside, is_usage, nothing_found, read_file, request, settings, threshold, unread};
use super::format::Wanted;
use super::output::{self, Terminal};
use super::voice::Voice;
use super::{CLEAN, FINDINGS, Outcome, TROUBLE, Trouble, files_from};

/// This many names of a list are looked at together, and this many folders are checked before their findings are written.
const TOGETHER: usize = 64;

/// Fewer are checked on one thread: starting workers costs more than it saves.
const PARALLEL_FROM: usize = 4;

/// The format, if this run can be reported in parts: it goes to standard output alone, and nothing needs the whole.
pub(super) fn format(arguments: &Check, wanted: &[Wanted]) -> Option<Format> {
    let [Wanted { format, file: None }] = wanted else { return None };
    let whole = arguments.staged
        || arguments.user
        || arguments.workspace.is_some()
        || arguments.baseline.is_some()
        || arguments.write_baseline.is_some()
        || arguments.openclaw_version.len() > 1
        || arguments.paths.iter().any(|path| path.as_os_str() == "-");
    Some(format.of_report()).filter(|format| !whole && format.has_parts())
}

/// Checks and reports territory by territory.
pub(super) fn run(arguments: &Check, format: Format, voice: &Voice) -> Outcome {
    let mut stream = Stream {
        arguments,
        format,
        voice,
        settings: settings(arguments, voice, &RealHost)?,
        told: HashSet::new(),
        totals: Totals::default(),
        worst: None,
        unread: false,
    };
    let read = match &arguments.files_from {
        None => stream.paths(arguments.paths.clone())?,
        Some(list) => stream.list(files_from::open(list, false)?)?,
    };
    if read.is_continue() {
        if stream.totals == Totals::default() && !stream.unread {
            return nothing_found(arguments);
        }
        let (target, language) = (stream.settings.release.version.to_string(), stream.settings.language);
        output::print(&report::render_end(format, &target, language, &stream.totals).unwrap_or_default())?;
    }
    Ok(stream.exit_code())
}

struct Stream<'a> {
    arguments: &'a Check,
    format: Format,
    voice: &'a Voice,
    settings: Settings,
    /// Names of files of the linter's own whose mistakes were reported.
    told: HashSet<String>,
    totals: Totals,
    worst: Option<Severity>,
    unread: bool,
}

/// What was said of a territory.
struct Part {
    text: String,
    totals: Totals,
    worst: Option<Severity>,
    unread: bool,
}

impl Stream<'_> {
    /// Names as they come in. The order of a list stays, as far as its parts go; names of one folder should follow one
    /// another.
    fn list(&mut self, names: files_from::Names) -> Result<ControlFlow<()>, Trouble> {
        let mut together: Vec<PathBuf> = Vec::new();
        for name in self.arguments.paths.clone().into_iter().map(Ok).chain(names) {
            let name = name?;
            let full = together.len() >= TOGETHER;
            if full && together.last().is_some_and(|last| territory(last) != territory(&name)) {
                let part = std::mem::take(&mut together);
                if self.paths(part)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            together.push(name);
        }
        if together.is_empty() { Ok(ControlFlow::Continue(())) } else { self.paths(together) }
    }

    fn paths(&mut self, paths: Vec<PathBuf>) -> Result<ControlFlow<()>, Trouble> {
        let found = discover::discover(&RealHost, &request(self.arguments, paths));
        if let Some(problem) = found.problems.iter().find(|problem| is_usage(&problem.kind)) {
            return Err(Trouble(problem.phrase()));
        }
        let entries = entries(found);
        let mut rest = entries.chunk_by(|a, b| territory(path(a)) == territory(path(b))).peekable();
        while rest.peek().is_some() {
            let some: Vec<&[Entry]> = rest.by_ref().take(TOGETHER).collect();
            self.configure(&some);
            let part = |territory: &&[Entry]| self.part(territory);
            let parts: Vec<Part> = if some.len() < PARALLEL_FROM {
                some.iter().map(part).collect()
            } else {
                some.par_iter().map(part).collect()
            };
            for part in std::iter::once(self.mistakes()).chain(parts) {
                self.totals.add(part.totals);
                self.worst = self.worst.max(part.worst);
                self.unread |= part.unread;
                if output::print_part(&part.text)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The linter's own configuration for some folders.
    fn configure(&mut self, territories: &[&[Entry]]) {
        if !self.arguments.no_config {
            let paths = territories.iter().copied().flatten().map(path);
            let folders = paths.map(|path| path.parent().unwrap_or(Path::new("")));
            self.settings.policies = Policies::find(folders, &self.arguments.rules, &RealHost);
        }
        self.settings.language = self.voice.settle(&self.settings.policies);
    }

    fn part(&self, territory: &[Entry]) -> Part {
        let limit = self.arguments.max_file_size;
        let files: Vec<FoundFile> = territory.iter().filter_map(|entry| entry.as_ref().ok().cloned()).collect();
        let problems = territory.iter().filter_map(|entry| entry.as_ref().err().cloned());
        let mut inputs: Vec<Input> = problems.map(unread).collect();
        inputs.extend(env_files_beside(&files, limit, &RealHost));
        inputs.extend(files.into_iter().map(|file| read_file(file, limit, &RealHost)));
        self.say(&check::run_part(inputs, &self.settings, Catalog::bundled(), &RealHost))
    }

    /// What is wrong with the linter's own files, each once.
    fn mistakes(&mut self) -> Part {
        let mut report = check::policy_mistakes(&self.settings);
        let Report { sources, findings, .. } = &mut report;
        let name = |file| sources.get(file).map(|source| source.name().to_owned()).unwrap_or_default();
        findings.retain(|finding| !self.told.contains(&name(finding.primary.file)));
        self.told.extend(findings.iter().map(|finding| name(finding.primary.file)));
        self.say(&report)
    }

    fn say(&self, report: &Report) -> Part {
        let terminal = Terminal::detect(&self.arguments.look, report.language);
        let options =
            Options { width: terminal.width, color: terminal.color, unicode: terminal.unicode, ..Options::default() };
        Part {
            text: report::render_part(self.format, report, &options).unwrap_or_default(),
            totals: Totals::of(report),
            worst: report.findings.iter().map(|finding| finding.severity).max(),
            unread: report.findings.iter().any(check::is_unread),
        }
    }

    fn exit_code(&self) -> u8 {
        let limit = threshold(self.arguments.fail_on);
        match (self.unread, limit.is_some_and(|limit| self.worst >= Some(limit))) {
            (true, _) => TROUBLE,
            (false, true) => FINDINGS,
            (false, false) => CLEAN,
        }
    }
}

/// What was found at a path: a file, or why there is none.
type Entry = Result<FoundFile, Problem>;

fn path(entry: &Entry) -> &Path {
    match entry {
        Ok(file) => &file.path,
        Err(problem) => &problem.path,
    }
}

/// What was found, territory by territory.
fn entries(found: Discovered) -> Vec<Entry> {
    let mut entries: Vec<Entry> = found.problems.into_iter().map(Err).collect();
    entries.extend(found.files.into_iter().map(Ok));
    entries.sort_by(|a, b| territory(path(a)).cmp(territory(path(b))));
    entries
}
