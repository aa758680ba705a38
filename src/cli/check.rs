//! `check`: find, read, check, report.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use indicatif::ProgressBar;
use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover::{self, FoundFile, Problem, ProblemKind, Request};
use openclaw_lint::finding::Severity;
use openclaw_lint::host::{Host, RealHost};
use openclaw_lint::policy::Policies;
use openclaw_lint::project::Layout;
use openclaw_lint::report::{self, Baseline, Options, Report, RuleInfo};
use openclaw_lint::rules::Catalog;
use openclaw_lint::rules::model::Rule;
use rayon::prelude::*;

use super::args::{Check, FailOn, Format, LayoutChoice};
use super::output::{self, Terminal};
use super::{CLEAN, FINDINGS, Outcome, TROUBLE, Trouble, progress, schema};

/// Fewer files than this are read on one thread.
const PARALLEL_FROM: usize = 8;

pub(super) fn run(arguments: &Check, matches: Option<&ArgMatches>) -> Outcome {
    let host = RealHost;
    let Some((inputs, settings)) = prepare(arguments, &host)? else { return Ok(CLEAN) };
    let mut report = check::run(inputs, &settings, Catalog::bundled(), &host);
    if let Some(file) = &arguments.write_baseline {
        return write_baseline(file, &report);
    }
    if let Some(file) = &arguments.baseline {
        take_baseline(file, &mut report)?;
    }
    write_reports(arguments, matches, &report)?;
    Ok(exit_code(arguments.fail_on, &report))
}

/// Finds and reads the files, and everything that decides how they are checked; `None` when there is nothing to check and
/// that is allowed.
pub(super) fn prepare(arguments: &Check, host: &RealHost) -> Result<Option<(Vec<Input>, Settings)>, Trouble> {
    let mut settings = settings(arguments, host)?;
    let (paths, stdin): (Vec<&PathBuf>, Vec<&PathBuf>) =
        arguments.paths.iter().partition(|path| path.as_os_str() != "-");
    let mut inputs = Vec::new();
    if !stdin.is_empty() {
        inputs.push(standard_input(arguments)?);
    }
    if stdin.is_empty() || !paths.is_empty() || arguments.user {
        let found = discover::discover(host, &request(arguments, paths));
        if let Some(problem) = found.problems.iter().find(|problem| is_usage(&problem.kind)) {
            return Err(Trouble(problem.to_string()));
        }
        let beside = env_files_beside(&found.files, arguments.max_file_size, host);
        let bar = progress::bar(found.files.len());
        inputs.extend(found.problems.into_iter().map(unread));
        inputs.extend(read_all(found.files, arguments.max_file_size, host, &bar));
        inputs.extend(beside);
        bar.finish_and_clear();
    }
    if inputs.is_empty() {
        return nothing_found(arguments).map(|_| None);
    }
    if !arguments.no_config {
        let folders = inputs.iter().map(|input| input.path.parent().unwrap_or(Path::new("")));
        settings.policies = Policies::find(folders, &arguments.rules, host);
    }
    Ok(Some((inputs, settings)))
}

fn write_baseline(file: &Path, report: &Report) -> Outcome {
    if let Some(unread) = report.findings.iter().find(|finding| check::is_unread(finding)) {
        return Err(Trouble(format!("no baseline is written while something cannot be read ({})", unread.rule)));
    }
    let baseline = Baseline::of(report);
    output::write(file, &baseline.to_json())?;
    output::note(&format!("{}: {} known from now on", file.display(), findings(baseline.len())));
    Ok(CLEAN)
}

fn findings(count: usize) -> String {
    format!("{count} finding{}", if count == 1 { "" } else { "s" })
}

fn take_baseline(file: &Path, report: &mut Report) -> Result<(), Trouble> {
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|error| Trouble(format!("cannot read {}: {error}", file.display())))?;
    let baseline = Baseline::parse(&text).map_err(|error| Trouble(format!("{}: {error}", file.display())))?;
    let gone = baseline.apply(report);
    if gone > 0 {
        output::note(&format!("{}: {} in it no longer there; write it anew", file.display(), findings(gone)));
    }
    Ok(())
}

/// The env files beside configs that were named: their variables count, they themselves were not asked about.
fn env_files_beside(files: &[FoundFile], limit: u64, host: &RealHost) -> Vec<Input> {
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

/// Problems of the command line; all others are findings about a file.
const fn is_usage(problem: &ProblemKind) -> bool {
    matches!(problem, ProblemKind::BadPattern(_) | ProblemKind::BadProfile | ProblemKind::NoHome)
}

fn unread(problem: Problem) -> Input {
    let name = problem.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let info = discover::classify_explicit(&name);
    Input { path: problem.path, shown: problem.shown, info, content: Content::Problem(problem.kind), context: false }
}

fn nothing_found(arguments: &Check) -> Outcome {
    if arguments.allow_empty {
        return Ok(CLEAN);
    }
    Err(Trouble(
        "no OpenClaw config or env file found here (openclaw*.json, .env, ...); name one, or allow this with --allow-empty".to_owned(),
    ))
}

fn settings(arguments: &Check, host: &RealHost) -> Result<Settings, Trouble> {
    let layout = match arguments.layout {
        LayoutChoice::Auto => None,
        LayoutChoice::Openclaw => Some(Layout::OpenClaw),
        LayoutChoice::Guide => Some(Layout::Guide),
    };
    let release = schema::release(&arguments.openclaw_version)?;
    let process_env = arguments.process_env.then(process_env);
    Ok(Settings {
        layout,
        release,
        now: host.now_unix_seconds(),
        process_env,
        host_checks: arguments.host_checks,
        policies: Policies::none(),
    })
}

/// Variables that are not Unicode are left out: no config can name them.
fn process_env() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn request(arguments: &Check, paths: Vec<&PathBuf>) -> Request {
    Request {
        paths: paths.into_iter().cloned().collect(),
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
    read.map_err(|error| Trouble(format!("cannot read standard input: {error}")))?;
    let file = discover::stdin_file(arguments.stdin_filename.as_deref());
    let size = bytes.len() as u64;
    let content =
        if size > limit { Content::Problem(ProblemKind::TooLarge { size, limit }) } else { Content::Bytes(bytes) };
    Ok(Input { path: file.path, shown: file.shown, info: file.name, content, context: false })
}

fn read_all(files: Vec<FoundFile>, limit: u64, host: &RealHost, bar: &ProgressBar) -> Vec<Input> {
    let read = |file: FoundFile| {
        let content = match host.read(&file.path, limit) {
            Ok(bytes) => Content::Bytes(bytes),
            Err(error) => Content::Problem(error.into()),
        };
        bar.inc(1);
        Input { path: file.path, shown: file.shown, info: file.name, content, context: false }
    };
    if files.len() < PARALLEL_FROM {
        files.into_iter().map(read).collect()
    } else {
        files.into_par_iter().map(read).collect()
    }
}

/// Each `--output` takes the format before it; formats without one go to standard output.
fn write_reports(arguments: &Check, matches: Option<&ArgMatches>, report: &Report) -> Result<(), Trouble> {
    let places = |name| matches.and_then(|matches| matches.indices_of(name)).map(Iterator::collect).unwrap_or_default();
    let (formats, outputs): (Vec<usize>, Vec<usize>) = (places("format"), places("output"));
    for (number, format) in arguments.format.iter().enumerate() {
        let from = formats.get(number).copied().unwrap_or(0);
        let until = formats.get(number + 1).copied().unwrap_or(usize::MAX);
        let given = matches
            .is_some_and(|matches| matches.value_source("format") == Some(clap::parser::ValueSource::CommandLine));
        let mine = outputs.iter().position(|at| !given || (from..until).contains(at));
        match mine.and_then(|at| arguments.output.get(at)) {
            Some(file) => output::write(file, &render(*format, report, Terminal::plain()))?,
            None => output::print(&render(*format, report, Terminal::detect(&arguments.look)))?,
        }
    }
    Ok(())
}

fn render(format: Format, report: &Report, terminal: Terminal) -> String {
    let format = match format {
        Format::Full => report::Format::Full,
        Format::Concise => report::Format::Concise,
        Format::Json => report::Format::Json,
        Format::Sarif => report::Format::Sarif,
        Format::Github => report::Format::Github,
        Format::Gitlab => report::Format::Gitlab,
    };
    // Only SARIF lists the rules; reading all documentation costs time.
    let rules = if matches!(format, report::Format::Sarif) { rule_infos() } else { Vec::new() };
    let options = Options {
        width: terminal.width,
        color: terminal.color,
        unicode: terminal.unicode,
        links: false,
        rules: &rules,
    };
    report::render(format, report, &options)
}

/// All rules, for the formats that list them.
fn rule_infos() -> Vec<RuleInfo> {
    let catalog = Catalog::bundled();
    let info = |rule: &Rule| RuleInfo {
        id: rule.id.to_owned(),
        summary: rule.words().summary.clone(),
        help: catalog.documentation(rule.id).map(|documentation| documentation.docs.clone()).unwrap_or_default(),
        url: rule.words().links.first().cloned(),
        severity: rule.words().severity,
    };
    catalog.rules().map(info).collect()
}

fn exit_code(threshold: FailOn, report: &Report) -> u8 {
    let threshold = match threshold {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Info => Some(Severity::Info),
        FailOn::Never => None,
    };
    if report.findings.iter().any(check::is_unread) {
        return TROUBLE;
    }
    let reached =
        threshold.is_some_and(|threshold| report.findings.iter().any(|finding| finding.severity >= threshold));
    if reached { FINDINGS } else { CLEAN }
}
