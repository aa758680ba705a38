//! `check`: find, read, check, report.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover::{self, FoundFile, Problem, ProblemKind, Request};
use openclaw_lint::finding::Severity;
use openclaw_lint::host::{Host, RealHost};
use openclaw_lint::language::{Language, Phrase};
use openclaw_lint::policy::Policies;
use openclaw_lint::project::Layout;
use openclaw_lint::report::{self, Baseline, Options, Report, RuleInfo};
use openclaw_lint::rules::Catalog;
use openclaw_lint::rules::model::Rule;
use rayon::prelude::*;

use super::args::{Check, FailOn, Format, LayoutChoice};
use super::files_from;
use super::format::Wanted;
use super::output::{self, Terminal};
use super::progress::Bar;
use super::voice::Voice;
use super::{CLEAN, FINDINGS, Outcome, TROUBLE, Trouble, schema, staged, stream};

/// Fewer files than this are read on one thread.
const PARALLEL_FROM: usize = 8;

pub(super) fn run(arguments: &Check, voice: &Voice, matches: Option<&ArgMatches>) -> Outcome {
    // Before any work: a mistake in the options is said at once.
    let wanted = wanted(arguments, matches)?;
    if let Some(format) = stream::format(arguments, &wanted) {
        return stream::run(arguments, format, voice);
    }
    if arguments.staged {
        return staged::run(arguments, voice, matches);
    }
    let Some((inputs, settings)) = prepare(arguments, voice, &RealHost)? else { return Ok(CLEAN) };
    let report = judge(arguments, inputs, &settings, voice, &RealHost)?;
    conclude(arguments, report, &settings.policies, voice, matches)
}

/// Checks files by the releases that were asked for.
pub(super) fn judge(
    arguments: &Check,
    inputs: Vec<Input>,
    settings: &Settings,
    voice: &Voice,
    host: &dyn Host,
) -> Result<Report, Trouble> {
    let bar = Bar::new(inputs.len() * arguments.openclaw_version.len().max(1), voice);
    let watch = |files| bar.advance(files);
    Ok(match arguments.openclaw_version.as_slice() {
        [] | [_] => check::run_watched(inputs, settings, Catalog::bundled(), host, &watch),
        several => {
            let releases =
                several.iter().map(|version| schema::release(version, voice)).collect::<Result<Vec<_>, _>>()?;
            let report = check::run_several(&inputs, settings, &releases, Catalog::bundled(), host, &watch);
            report.ok_or_else(|| Trouble(Phrase::new("no release to lint for")))?
        }
    })
}

/// Takes the known findings from a report, writes it, and says how the program ends.
pub(super) fn conclude(
    arguments: &Check,
    mut report: Report,
    policies: &Policies,
    voice: &Voice,
    matches: Option<&ArgMatches>,
) -> Outcome {
    if let Some(file) = &arguments.write_baseline {
        return write_baseline(file, &report, voice);
    }
    if let Some(file) = &arguments.baseline {
        take_baseline(file, &mut report, voice)?;
    }
    write_reports(arguments, matches, &report, policies)?;
    Ok(exit_code(arguments.fail_on, &report))
}

/// Finds and reads the files, and everything that decides how they are checked; `None` when there is nothing to check and
/// that is allowed.
pub(super) fn prepare(
    arguments: &Check,
    voice: &Voice,
    host: &RealHost,
) -> Result<Option<(Vec<Input>, Settings)>, Trouble> {
    let mut settings = settings(arguments, voice, host)?;
    let (mut paths, stdin): (Vec<&PathBuf>, Vec<&PathBuf>) =
        arguments.paths.iter().partition(|path| path.as_os_str() != "-");
    let listed = arguments.files_from.as_deref().map(|list| files_from::read(list, !stdin.is_empty())).transpose()?;
    paths.extend(listed.iter().flatten());
    let mut inputs = Vec::new();
    if !stdin.is_empty() {
        inputs.push(standard_input(arguments)?);
    }
    // An empty list names no file: that is not the same as no list, which means the current folder.
    let here = stdin.is_empty() && listed.is_none();
    if here || !paths.is_empty() || arguments.user {
        let found = discover::discover(host, &request(arguments, paths.into_iter().cloned().collect()));
        if let Some(problem) = found.problems.iter().find(|problem| is_usage(&problem.kind)) {
            return Err(Trouble(problem.phrase()));
        }
        let beside = env_files_beside(&found.files, arguments.max_file_size, host);
        inputs.extend(found.problems.into_iter().map(unread));
        inputs.extend(read_all(found.files, arguments.max_file_size, host));
        inputs.extend(beside);
    }
    if let Some(folder) = &arguments.workspace {
        settings.workspace = Some(workspace(folder, &mut inputs, arguments.max_file_size, host)?);
    }
    if arguments.user && settings.workspace.is_none() && is_started_here(&inputs) {
        settings.workspace = Some(PathBuf::new());
    }
    if inputs.is_empty() {
        return nothing_found(arguments).map(|_| None);
    }
    if !arguments.no_config {
        let folders = inputs.iter().map(|input| input.path.parent().unwrap_or(Path::new("")));
        settings.policies = Policies::find(folders, &arguments.rules, host);
    }
    settings.language = voice.settle(&settings.policies);
    Ok(Some((inputs, settings)))
}

fn write_baseline(file: &Path, report: &Report, voice: &Voice) -> Outcome {
    if let Some(unread) = report.findings.iter().find(|finding| check::is_unread(finding)) {
        let phrase = Phrase::new("no baseline is written while something cannot be read ({rule})");
        return Err(Trouble(phrase.with("rule", &unread.rule)));
    }
    let baseline = Baseline::of(report);
    output::write(file, &baseline.to_json())?;
    let phrase = Phrase::new("{file}: {findings} known from now on").with("file", file.display().to_string());
    voice.note(&phrase.with("findings", findings(baseline.len())));
    Ok(CLEAN)
}

fn findings(count: usize) -> Phrase {
    Phrase::count(count, "1 finding", "{count} findings")
}

fn take_baseline(file: &Path, report: &mut Report, voice: &Voice) -> Result<(), Trouble> {
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|error| Trouble::of_file("cannot read {file}: {error}", file, &error))?;
    let shown = file.display().to_string();
    let about = |problem| Phrase::new("{file}: {problem}").with("file", &shown).with("problem", problem);
    let baseline = Baseline::parse(&text).map_err(|problem| Trouble(about(problem)))?;
    let gone = baseline.apply(report);
    if gone > 0 {
        let phrase = Phrase::new("{file}: {findings} in it no longer there; write it anew").with("file", &shown);
        voice.note(&phrase.with("findings", findings(gone)));
    }
    Ok(())
}

/// The env files beside configs that were named: their variables count, they themselves were not asked about.
pub(super) fn env_files_beside(files: &[FoundFile], limit: u64, host: &dyn Host) -> Vec<Input> {
    let configs = files.iter().filter(|file| file.explicit && file.name.kind == discover::Kind::Config);
    let mut paths: Vec<PathBuf> = configs.flat_map(|config| discover::env_files_beside(host, &config.path)).collect();
    paths.sort();
    paths.dedup();
    paths.retain(|path| !files.iter().any(|file| file.path == *path));
    let read = |path: PathBuf| {
        let info = discover::classify_explicit(&path.file_name()?.to_string_lossy());
        let content = Content::Bytes(host.read(&path, limit).ok()?);
        Some(Input { shown: path.display().to_string(), path, info, content, context: true })
    };
    paths.into_iter().filter_map(read).collect()
}

/// Whether the current folder has an env file and all configs are the account's: OpenClaw, started here, would read both.
fn is_started_here(inputs: &[Input]) -> bool {
    let of_account = |input: &Input| input.info.kind != discover::Kind::Config || input.path.is_absolute();
    inputs.iter().any(|input| input.path == Path::new(".env")) && inputs.iter().all(of_account)
}

/// The folder of `--workspace` as the inputs have it; its `.env` becomes one of them.
fn workspace(folder: &Path, inputs: &mut Vec<Input>, limit: u64, host: &RealHost) -> Result<PathBuf, Trouble> {
    let path = folder.join(".env");
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    if let Some(found) = inputs.iter().find(|input| real(&input.path).is_some_and(|known| Some(known) == real(&path))) {
        return Ok(found.path.parent().map(PathBuf::from).unwrap_or_default());
    }
    let bytes =
        host.read(&path, limit).map_err(|error| Trouble::of_file("cannot read {file}: {error}", &path, &error))?;
    let (info, shown) = (discover::classify_explicit(".env"), path.display().to_string());
    inputs.push(Input { path, shown, info, content: Content::Bytes(bytes), context: false });
    Ok(folder.to_path_buf())
}

/// Problems of the command line; all others are findings about a file.
pub(super) const fn is_usage(problem: &ProblemKind) -> bool {
    matches!(problem, ProblemKind::BadPattern(_) | ProblemKind::BadProfile | ProblemKind::NoHome)
}

pub(super) fn unread(problem: Problem) -> Input {
    let name = problem.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let info = discover::classify_explicit(&name);
    Input { path: problem.path, shown: problem.shown, info, content: Content::Problem(problem.kind), context: false }
}

pub(super) fn nothing_found(arguments: &Check) -> Outcome {
    if arguments.allow_empty {
        return Ok(CLEAN);
    }
    Err(Trouble(Phrase::new(
        "no OpenClaw config or env file found here (openclaw*.json, .env, ...); name one, or allow this with --allow-empty",
    )))
}

pub(super) fn settings(arguments: &Check, voice: &Voice, host: &dyn Host) -> Result<Settings, Trouble> {
    let wanted = arguments.openclaw_version.first().map_or("auto", String::as_str);
    let release = schema::release(wanted, voice)?;
    let process_env = arguments.process_env.then(process_env);
    Ok(Settings {
        layout: layout(arguments.layout),
        release,
        own_schema: own_schema(arguments)?,
        mild: wanted == "auto",
        now: host.now_unix_seconds(),
        process_env,
        host_checks: arguments.host_checks,
        workspace: None,
        policies: Policies::none(),
        language: Language::English,
    })
}

pub(super) const fn layout(choice: LayoutChoice) -> Option<Layout> {
    match choice {
        LayoutChoice::Auto => None,
        LayoutChoice::Openclaw => Some(Layout::OpenClaw),
        LayoutChoice::Guide => Some(Layout::Guide),
    }
}

/// The schema of `--schema` or `--schema-from`. It lives as long as the process: there is one a run.
fn own_schema(arguments: &Check) -> Result<Option<&'static serde_json::Value>, Trouble> {
    let (text, name) = match (&arguments.schema, &arguments.schema_from) {
        (Some(file), _) => {
            let text = std::fs::read_to_string(file);
            (text.map_err(|error| Trouble::of_file("cannot read {file}: {error}", file, &error))?, file)
        }
        (None, Some(program)) => (schema::printed_by(program)?, program),
        (None, None) => return Ok(None),
    };
    let schema = serde_json::from_str(&text).map_err(|error| error.to_string());
    let schema = schema.and_then(|schema| openclaw_lint::schema::normalise(&schema));
    let schema = schema.and_then(|schema| openclaw_lint::schema::Engine::new().check(&schema).map(|()| schema));
    match schema {
        Ok(schema) => Ok(Some(Box::leak(Box::new(schema)))),
        Err(error) => Err(Trouble::of_file("no JSON Schema of OpenClaw comes from {file}: {error}", name, &error)),
    }
}

/// Variables that are not Unicode are left out: no config can name them.
pub(super) fn process_env() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

pub(super) fn request(arguments: &Check, paths: Vec<PathBuf>) -> Request {
    Request {
        paths,
        include: arguments.include.clone(),
        exclude: arguments.exclude.clone(),
        no_ignore: arguments.no_ignore,
        user: arguments.user,
        profile: arguments.profile.clone(),
        max_file_size: arguments.max_file_size,
    }
}

fn standard_input(arguments: &Check) -> Result<Input, Trouble> {
    let mut bytes = Vec::new();
    let limit = arguments.max_file_size;
    let read = std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| {
        let phrase = Phrase::new("cannot read standard input: {error}");
        Trouble(phrase.with("error", Phrase::new(error.to_string())))
    })?;
    let file = discover::stdin_file(arguments.stdin_filename.as_deref());
    let size = bytes.len() as u64;
    let content =
        if size > limit { Content::Problem(ProblemKind::TooLarge { size, limit }) } else { Content::Bytes(bytes) };
    Ok(Input { path: file.path, shown: file.shown, info: file.name, content, context: false })
}

pub(super) fn read_all(files: Vec<FoundFile>, limit: u64, host: &dyn Host) -> Vec<Input> {
    let read = |file| read_file(file, limit, host);
    if files.len() < PARALLEL_FROM {
        files.into_iter().map(read).collect()
    } else {
        files.into_par_iter().map(read).collect()
    }
}

pub(super) fn read_file(file: FoundFile, limit: u64, host: &dyn Host) -> Input {
    let content = match host.read(&file.path, limit) {
        Ok(bytes) => Content::Bytes(bytes),
        Err(error) => Content::Problem(error.into()),
    };
    Input { path: file.path, shown: file.shown, info: file.name, content, context: false }
}

/// Writes the reports that were asked for; those without a file go to standard output.
fn write_reports(
    arguments: &Check,
    matches: Option<&ArgMatches>,
    report: &Report,
    policies: &Policies,
) -> Result<(), Trouble> {
    let render = |format, terminal| render(format, report, terminal, arguments.fail_on, policies);
    for Wanted { format, file } in wanted(arguments, matches)? {
        match file {
            Some(file) => output::write(&file, &render(format, Terminal::plain()))?,
            None => {
                let terminal = Terminal::detect(&arguments.look, report.language);
                output::print(&render(format, terminal))?;
            }
        }
    }
    Ok(())
}

/// Each `--output` belongs to the format before it, or to the only one.
fn wanted(arguments: &Check, matches: Option<&ArgMatches>) -> Result<Vec<Wanted>, Trouble> {
    let places = |name| matches.and_then(|matches| matches.indices_of(name)).map(Iterator::collect).unwrap_or_default();
    let (formats, outputs): (Vec<usize>, Vec<usize>) = (places("format"), places("output"));
    let mut wanted = arguments.format.clone();
    for (output, at) in arguments.output.iter().zip(outputs) {
        let before = if wanted.len() == 1 { Some(0) } else { formats.iter().rposition(|format| *format < at) };
        let free = before.and_then(|before| wanted.get_mut(before)).filter(|wanted| wanted.file.is_none());
        let Some(free) = free else {
            let phrase = Phrase::new("--output {file} has no --format before it that lacks a file");
            return Err(Trouble(phrase.with("file", output.display().to_string())));
        };
        free.file = Some(output.clone());
    }
    let mut files: Vec<&PathBuf> = wanted.iter().filter_map(|wanted| wanted.file.as_ref()).collect();
    files.sort();
    if let Some(file) = files.windows(2).find_map(|pair| pair.first().filter(|first| Some(*first) == pair.last())) {
        let phrase = Phrase::new("two formats cannot go to one file: {file}");
        return Err(Trouble(phrase.with("file", file.display().to_string())));
    }
    Ok(wanted)
}

fn render(format: Format, report: &Report, terminal: Terminal, fail_on: FailOn, policies: &Policies) -> String {
    let format = format.of_report();
    // Few formats say more of rules than their ids; reading all documentation costs time.
    let lists_rules = matches!(format, report::Format::Sarif | report::Format::Html);
    let rules = if lists_rules { rule_infos(report.language, policies) } else { Vec::new() };
    let options = Options {
        width: terminal.width,
        color: terminal.color,
        unicode: terminal.unicode,
        links: false,
        rules: &rules,
        fail_on: threshold(fail_on),
    };
    report::render(format, report, &options)
}

/// All rules, those of packs too, for the formats that list them.
fn rule_infos(language: Language, policies: &Policies) -> Vec<RuleInfo> {
    let catalog = Catalog::bundled();
    let info = |rule: &Rule| RuleInfo {
        id: rule.id.to_owned(),
        summary: rule.summary(language).to_owned(),
        help: catalog
            .documentation_in(rule.id, language)
            .map(|documentation| documentation.docs.clone())
            .unwrap_or_default(),
        url: rule.words().links.first().cloned(),
        severity: rule.words().severity,
    };
    let mut seen = HashSet::new();
    let rules = catalog.rules().chain(policies.catalogs().flat_map(Catalog::rules));
    rules.filter(|rule| seen.insert(rule.id)).map(info).collect()
}

pub(super) const fn threshold(fail_on: FailOn) -> Option<Severity> {
    match fail_on {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Info => Some(Severity::Info),
        FailOn::Never => None,
    }
}

fn exit_code(fail_on: FailOn, report: &Report) -> u8 {
    if report.findings.iter().any(check::is_unread) {
        return TROUBLE;
    }
    let reached =
        threshold(fail_on).is_some_and(|threshold| report.findings.iter().any(|finding| finding.severity >= threshold));
    if reached { FINDINGS } else { CLEAN }
}
