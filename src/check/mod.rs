//! One run over files that have been read: projects are built, every check is made, the report is put together.
//!
//! No file, environment or clock is touched here: everything comes in through [`Input`] and [`Settings`].

mod certificates;
mod load;
mod migrate;
mod plugins;
mod programs;
mod project;
mod several;
mod suppress;
mod syntax;
mod tracked;
mod upgrade;
mod workspace;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::discover::{Kind, NameInfo, ProblemKind, Role};
use crate::finding::{Finding, Label, Severity};
use crate::fix;
use crate::host::Host;
use crate::language::{Language, Params, Phrase};
use crate::policy::{Policies, Policy};
use crate::project::{Config, Layout, Origin, Project};
use crate::redact::Secrets;
use crate::report::{FileReport, Report, Verdict};
use crate::rules::{self, Catalog, Credential, Violation, inventory};
use crate::schema::{self, Engine, Judge, Release, Version};
use crate::source::decode::{InvalidUtf8, Unparsable, decode};
use crate::source::{FileId, SourceFile, Sources, Span};

use project::Shared;

pub use several::run_several;
pub use upgrade::upgrade;
pub use workspace::territory;

/// Fewer projects than this are checked on one thread: starting workers costs more than it saves.
const PARALLEL_FROM: usize = 4;

/// One file of a run.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where it lies; files of one folder form a project.
    pub path: PathBuf,
    /// Its name in reports.
    pub shown: String,
    /// What its name says.
    pub info: NameInfo,
    /// What reading it gave.
    pub content: Content,
    /// Whether it is only there for what others need of it, such as variables: it is not reported on.
    pub context: bool,
}

/// What reading a file gave. Debug output never shows the bytes.
#[derive(Clone)]
pub enum Content {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// Why there are none.
    Problem(ProblemKind),
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Problem(problem) => write!(f, "{problem:?}"),
        }
    }
}

/// How to check.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The layout; `None`: read off each file.
    pub layout: Option<Layout>,
    /// The release to lint for.
    pub release: &'static Release,
    /// The schema to judge by instead of the release's own; normalised ([`schema::normalise`]).
    pub own_schema: Option<&'static serde_json::Value>,
    /// Whether a file that a newer release than the newest known one wrote is judged mildly: its unknown keys may be new.
    pub mild: bool,
    /// The moment of the run, in seconds since 1970 UTC.
    pub now: i64,
    /// The process environment as the top layer of variables; it is then the whole truth about unset ones.
    pub process_env: Option<BTreeMap<String, String>>,
    /// Whether to look at files of this machine that configs name, besides the included ones.
    pub host_checks: bool,
    /// The folder in which OpenClaw is started: its `.env` goes before the state folder's. `None`: the folder around a state
    /// folder.
    pub workspace: Option<PathBuf>,
    /// The linter's configuration, by folder.
    pub policies: Policies,
    /// The language of messages.
    pub language: Language,
}

impl Settings {
    /// The usual ones for a release: layouts read off the files, no process environment, this machine left alone.
    #[must_use]
    pub const fn new(release: &'static Release) -> Self {
        Self {
            layout: None,
            release,
            own_schema: None,
            mild: false,
            now: 0,
            process_env: None,
            host_checks: false,
            workspace: None,
            policies: Policies::none(),
            language: Language::English,
        }
    }
}

/// Checks files and reports. `host` is asked only for files that configs include, and for programs with `host_checks`.
#[must_use]
pub fn run(inputs: Vec<Input>, settings: &Settings, catalog: &'static Catalog, host: &dyn Host) -> Report {
    run_watched(inputs, settings, catalog, host, &|_| ())
}

/// Told of the files that have been checked since it was told last: how many they are. By any thread.
pub type Watch<'w> = &'w (dyn Fn(usize) + Sync);

/// As [`run`], and tells how far it is.
#[must_use]
pub fn run_watched(
    inputs: Vec<Input>,
    settings: &Settings,
    catalog: &'static Catalog,
    host: &dyn Host,
    watch: Watch<'_>,
) -> Report {
    let mut report = run_all(inputs, settings, catalog, host, watch, false).0;
    add_policies(&settings.policies, &mut report);
    report
}

/// As [`run`] for a part of a run; the mistakes in the linter's own configuration are left to [`policy_mistakes`].
#[must_use]
pub fn run_part(inputs: Vec<Input>, settings: &Settings, catalog: &'static Catalog, host: &dyn Host) -> Report {
    run_all(inputs, settings, catalog, host, &|_| (), false).0
}

/// The mistakes in the linter's own configuration, once for a run in parts.
#[must_use]
pub fn policy_mistakes(settings: &Settings) -> Report {
    let mut report = Report {
        target: settings.release.version.to_string(),
        language: settings.language,
        sources: Sources::default(),
        secrets: Secrets::default(),
        files: Vec::new(),
        findings: Vec::new(),
    };
    add_policies(&settings.policies, &mut report);
    report
}

/// As [`run`]; also lists the credentials of live files, without their values.
#[must_use]
pub fn audit(
    inputs: Vec<Input>,
    settings: &Settings,
    catalog: &'static Catalog,
    host: &dyn Host,
) -> (Report, Vec<Credential>) {
    let (mut report, credentials) = run_all(inputs, settings, catalog, host, &|_| (), true);
    add_policies(&settings.policies, &mut report);
    (report, credentials)
}

fn run_all(
    mut inputs: Vec<Input>,
    settings: &Settings,
    catalog: &'static Catalog,
    host: &dyn Host,
    watch: Watch<'_>,
    list: bool,
) -> (Report, Vec<Credential>) {
    inputs.sort_by(|a, b| a.shown.cmp(&b.shown));
    let mut sources = Sources::default();
    let mut groups: BTreeMap<PathBuf, Vec<Loaded>> = BTreeMap::new();
    let mut tops = Vec::new();
    let mut problems = Vec::new();
    for input in inputs {
        let (text, problem) = split(input.content);
        let readable = problem.as_ref().is_none_or(|(_, problem)| problem.readable);
        let file = sources.add(SourceFile::new(input.shown, text));
        problems.extend(problem.map(|(rule, problem)| (file, rule, problem)));
        if input.info.kind == Kind::Config && readable {
            tops.push((input.path.clone(), file));
        }
        let folder = input.path.parent().map(PathBuf::from).unwrap_or_default();
        let context = input.context;
        groups.entry(folder).or_default().push(Loaded {
            file,
            path: input.path,
            info: input.info,
            readable,
            context,
            workspace: false,
        });
    }
    let library = project::load_includes(&tops, &mut sources, settings, host);
    let shared = Shared { sources: &sources, library: &library, settings, host, known: project::known(settings) };
    workspace::place_service(&mut groups);
    workspace::place(&mut groups, settings.workspace.as_deref());
    let groups: Vec<Vec<Loaded>> = groups.into_values().collect();
    let check = |group: &Vec<Loaded>| {
        let checked = check_group(group, &shared, catalog, list);
        watch(group.len());
        checked
    };
    let checked: Vec<Checked> = if groups.len() < PARALLEL_FROM {
        groups.iter().map(check).collect()
    } else {
        groups.par_iter().map(check).collect()
    };

    let target = settings.release.version.to_string();
    let mut report = Report {
        target,
        language: settings.language,
        sources: Sources::default(),
        secrets: Secrets::default(),
        files: Vec::new(),
        findings: Vec::new(),
    };
    let mut credentials = Vec::new();
    for part in checked {
        credentials.extend(part.credentials);
        report.files.extend(part.files);
        report.findings.extend(part.findings);
        report.secrets.absorb(part.secrets);
    }
    for (file, rule, problem) in problems {
        let mut violation = Violation::new(problem.outcome, Origin { file, span: problem.span });
        violation.params = problem.params;
        report.findings.extend(catalog.finding(rule, violation, settings.language));
    }
    report.files.sort_by_key(|file| file.file);
    report.findings.sort_by(|a, b| order(a).cmp(&order(b)));
    report.findings.dedup();
    report.sources = sources;
    (report, credentials)
}

/// Adds what is wrong with configurations of the linter and their packs, in files of their own.
fn add_policies(policies: &Policies, report: &mut Report) {
    let policies = policies.all();
    if policies.iter().all(|policy| policy.problems.is_empty()) {
        return;
    }
    for problem in policies.iter().flat_map(|policy| &policy.problems) {
        let file = report.sources.add(SourceFile::new(problem.shown.clone(), problem.text.clone()));
        for violation in &problem.violations {
            let mut violation = violation.clone();
            violation.place.file = file;
            report.findings.extend(Catalog::bundled().finding("lint/config", violation, report.language));
        }
    }
    report.findings.sort_by(|a, b| order(a).cmp(&order(b)));
    report.findings.dedup();
}

/// The gateway reads no backup, and keeps some itself: what it would refuse of one breaks nothing yet.
fn ease_backups(findings: &mut [Finding], project: &Project) {
    for config in project.configs.iter().filter(|config| config.role == Role::Backup) {
        let own = findings.iter_mut().filter(|finding| finding.blocking && finding.primary.file == config.file);
        own.for_each(|finding| finding.severity = finding.severity.min(Severity::Warning));
    }
}

/// Whether a finding says that something is not there: it may be in a file that could not be included.
fn is_about_the_missing(finding: &Finding, config: &Config) -> bool {
    let there = |path| config.root.as_ref().is_some_and(|root| root.at(path).is_some());
    finding.path.iter().chain(&finding.config_path).any(|path| !there(path))
}

/// Whether a finding says that a file could not be read at all, which is trouble rather than a mistake in the file.
#[must_use]
pub fn is_unread(finding: &Finding) -> bool {
    finding.rule == "file/unreadable"
        || finding.rule == "lint/config"
        || finding.rule == "file/encoding" && finding.severity == Severity::Error
}

/// Findings stand in file order, the severe first where they share a place.
fn order(finding: &Finding) -> impl Ord + '_ {
    let primary = &finding.primary;
    (primary.file, primary.span, std::cmp::Reverse(finding.severity), &finding.rule, &finding.message)
}

/// A file of a project, its text in the sources.
#[derive(Clone)]
struct Loaded {
    file: FileId,
    path: PathBuf,
    info: NameInfo,
    readable: bool,
    context: bool,
    /// The `.env` of the folder in which OpenClaw is started.
    workspace: bool,
}

/// A problem of a file as a whole.
struct Problem {
    outcome: &'static str,
    params: Params,
    span: Span,
    /// Whether there is text to go on with.
    readable: bool,
}

/// The text of a file, and what is wrong with the file as a whole.
fn split(content: Content) -> (String, Option<(&'static str, Problem)>) {
    match content {
        Content::Bytes(bytes) => {
            let decoded = decode(bytes);
            match (decoded.facts.unparsable(), decoded.facts.invalid) {
                (Some(reason), _) => (String::new(), Some(("file/encoding", Problem::unparsable(reason)))),
                (None, Some(invalid)) => (decoded.text, Some(("file/encoding", Problem::invalid(&invalid)))),
                (None, None) => (decoded.text, None),
            }
        }
        Content::Problem(problem) => (String::new(), Some(("file/unreadable", Problem::unread(&problem)))),
    }
}

impl Problem {
    fn new(outcome: &'static str, params: Params, span: Span, readable: bool) -> Self {
        Self { outcome, params, span, readable }
    }

    fn unparsable(reason: Unparsable) -> Self {
        let outcome = match reason {
            Unparsable::Utf16 => "utf16",
            Unparsable::Binary => "binary",
        };
        Self::new(outcome, Params::default(), Span::at(0), false)
    }

    /// OpenClaw reads such a file with U+FFFD in the place of the broken bytes; so do we.
    fn invalid(invalid: &InvalidUtf8) -> Self {
        let start = u32::try_from(invalid.first_offset).unwrap_or(u32::MAX);
        let length = u32::try_from(char::REPLACEMENT_CHARACTER.len_utf8()).unwrap_or(0);
        let params = Params::default().with("count", invalid.count.to_string());
        Self::new("invalid-utf8", params, Span::new(start, start + length), true)
    }

    fn unread(problem: &ProblemKind) -> Self {
        let outcome = match problem {
            ProblemKind::Missing | ProblemKind::BrokenLink => "not-found",
            ProblemKind::Permission => "permission",
            ProblemKind::DirectoryInsteadOfFile => "directory",
            ProblemKind::NotRegular => "not-regular",
            ProblemKind::TooLarge { .. } => "too-large",
            _ => "io",
        };
        let params = Params::default().with("facts", problem.phrase());
        Self::new(outcome, params, Span::at(0), false)
    }
}

struct Checked {
    files: Vec<FileReport>,
    findings: Vec<Finding>,
    secrets: Secrets,
    credentials: Vec<Credential>,
}

fn check_group(group: &[Loaded], shared: &Shared<'_>, catalog: &Catalog, list: bool) -> Checked {
    let settings = shared.settings;
    let folder = group.first().and_then(|loaded| loaded.path.parent()).unwrap_or(Path::new(""));
    let policy = settings.policies.of(folder);
    let catalog = policy.and_then(Policy::catalog).unwrap_or(catalog);
    let context = rules::Context {
        now: settings.now,
        release: settings.release.version.clone(),
        engine: Engine::new(),
        language: settings.language,
        verdict_only: false,
    };
    let project = project::build(group, shared);
    let secrets = || project::secrets(&project, shared.sources);
    // Secrets are only needed where there is something to report. In large files they are looked for while that is found out.
    let (Judged { files, mut findings }, known) = if rules::is_large(&project, shared.sources) {
        let (judged, secrets) = rayon::join(|| judge(&project, group, shared, catalog, &context, 0), secrets);
        (judged, Some(secrets))
    } else {
        (judge(&project, group, shared, catalog, &context, 0), None)
    };
    let path = |file| group.iter().find(|loaded| loaded.file == file).map(|loaded| loaded.path.clone());
    let mut of_machine = tracked::check(&project, shared.sources, catalog, &context, shared.host, path);
    if settings.host_checks {
        of_machine.extend(certificates::check(&project, catalog, settings.language, shared.host));
    }
    fix::resolve(&mut of_machine, &project, shared.sources, settings.release);
    findings.extend(of_machine);
    ease_backups(&mut findings, &project);
    if let Some(policy) = policy {
        policy.apply(&mut findings, catalog, |finding| path_of(finding, group, shared));
    }
    suppress::apply(&mut findings, &project, shared.sources, catalog, settings.language);
    let silent: HashSet<FileId> = group.iter().filter(|loaded| loaded.context).map(|loaded| loaded.file).collect();
    findings.retain(|finding| !silent.contains(&finding.primary.file));
    name_include_sites(&mut findings, &project.configs, settings.language);
    let credentials = if list { inventory(&project, shared.sources, &context) } else { Vec::new() };
    let shown = list || !findings.is_empty();
    let secrets = if shown { known.unwrap_or_else(secrets) } else { Secrets::default() };
    if rules::is_large(&project, shared.sources) {
        // Giving back its memory takes a while, and nobody waits for it.
        rayon::spawn(move || drop(project));
    }
    Checked { files, findings, secrets, credentials }
}

/// What decides about the verdicts of a group, and the verdicts.
struct Judged {
    files: Vec<FileReport>,
    findings: Vec<Finding>,
}

/// `round`: how many migrations of the gateway have been made on the texts.
fn judge(
    project: &Project,
    group: &[Loaded],
    shared: &Shared<'_>,
    catalog: &Catalog,
    context: &rules::Context,
    round: usize,
) -> Judged {
    let of_rules = || rules::run(project, shared.sources, catalog, context);
    let of_configs = || {
        let each = project.configs.iter();
        each.flat_map(|config| config_findings(config, context, project, shared, catalog)).collect::<Vec<_>>()
    };
    let (mut findings, others) = if rules::is_large(project, shared.sources) {
        rayon::join(of_rules, of_configs)
    } else {
        (of_rules(), of_configs())
    };
    findings.extend(others);
    let torn = project.configs.iter().filter(|config| !config.include_problems.is_empty());
    let torn: HashMap<FileId, &Config> = torn.map(|config| (config.file, config)).collect();
    findings
        .retain(|finding| !torn.get(&finding.primary.file).is_some_and(|config| is_about_the_missing(finding, config)));
    let mut files = file_reports(group, project, &findings);
    if context.verdict_only {
        if files.iter().all(|file| file.verdict != Verdict::Refused) {
            // Nobody asks what would mend it.
            return Judged { files, findings: Vec::new() };
        }
        findings.retain(|finding| finding.blocking || finding.migrates);
    }
    fix::resolve(&mut findings, project, shared.sources, shared.settings.release);
    migrate::refine(&mut files, &findings, project, (group, shared, catalog, context), round);
    Judged { files, findings }
}

/// The absolute path of a finding's file; its shown name for included files.
fn path_of(finding: &Finding, group: &[Loaded], shared: &Shared<'_>) -> PathBuf {
    let own = group.iter().find(|loaded| loaded.file == finding.primary.file).map(|loaded| loaded.path.clone());
    let shown = || shared.sources.get(finding.primary.file).map(|source| PathBuf::from(source.name()));
    let path = own.or_else(shown).unwrap_or_default();
    crate::host::lexical(&shared.host.current_dir().unwrap_or_default().join(path))
}

/// What no rule file asks: the parser's errors, what OpenClaw does while it loads the file, the schema, the machine.
fn config_findings(
    config: &Config,
    context: &rules::Context,
    project: &Project,
    shared: &Shared<'_>,
    catalog: &Catalog,
) -> Vec<Finding> {
    let settings = shared.settings;
    let mut findings = syntax::check(config, catalog, settings.language);
    findings.extend(load::check(config, catalog, settings.language));
    if settings.host_checks {
        findings.extend(programs::check(config, catalog, settings.language, shared.host));
    }
    findings.extend(schema_findings(config, context, project, settings, catalog));
    findings
}

/// Where brackets are in doubt, which object a key belongs to is a guess: the schema has nothing to say. Where a part is
/// missing, a missing field may be in it.
fn schema_findings(
    config: &Config,
    context: &rules::Context,
    project: &Project,
    settings: &Settings,
    catalog: &Catalog,
) -> Vec<Finding> {
    if config.document.brackets_in_doubt() || config.is_unrendered_template() {
        return Vec::new();
    }
    let whole = config.document.is_valid() && config.include_problems.is_empty();
    let judge = Judge {
        release: settings.release,
        schema: settings.own_schema,
        complete: project.environment.is_complete(),
        newer: newer(config, settings),
    };
    let issues = schema::validate(config, &judge, &context.engine);
    let issues = issues.into_iter().filter(|(rule, _)| whole || *rule != "schema/missing-field");
    let mut findings = rules::listed(issues, catalog, settings.language);
    plugins::ease(&mut findings, config, settings.language);
    findings
}

/// The release that wrote a config, when it is newer than all that are known and that is to count.
fn newer(config: &Config, settings: &Settings) -> Option<Version> {
    if !settings.mild || settings.own_schema.is_some() {
        return None;
    }
    let written = config.root.as_ref()?.get("meta")?.get("lastTouchedVersion")?.as_str()?;
    written.parse().ok().filter(|version: &Version| version.cmp_core(&settings.release.version).is_gt())
}

/// A finding in an included file says where the file is included first.
fn name_include_sites(findings: &mut [Finding], configs: &[Config], language: Language) {
    let mut sites: HashMap<FileId, Origin> = HashMap::new();
    for site in configs.iter().flat_map(|config| &config.includes) {
        sites.entry(site.file).or_insert(site.origin);
    }
    if sites.is_empty() {
        return;
    }
    let message = language.say(&Phrase::new("included here"));
    for finding in findings {
        if let Some(origin) = sites.get(&finding.primary.file) {
            finding.related.push(Label { file: origin.file, span: origin.span, message: message.clone() });
        }
    }
}

fn file_reports(group: &[Loaded], project: &Project, findings: &[Finding]) -> Vec<FileReport> {
    let configs: HashMap<FileId, &Config> = project.configs.iter().map(|config| (config.file, config)).collect();
    let included: HashSet<FileId> =
        project.configs.iter().flat_map(|config| &config.includes).map(|site| site.file).collect();
    let blocking = findings.iter().filter(|finding| finding.blocking);
    let blocked: HashSet<FileId> = blocking.map(|finding| finding.primary.file).collect();
    let report = |loaded: &Loaded| {
        let config = configs.get(&loaded.file);
        let is_top = |config: &Config| {
            config.layout == Layout::OpenClaw && !config.is_unrendered_template() && !included.contains(&loaded.file)
        };
        let verdict = match config {
            // What is in it was not looked at.
            Some(config) if config.heavy || config.is_partial() => Verdict::Unknown,
            Some(config) if is_top(config) => {
                let mut files = config.files();
                if files.any(|file| blocked.contains(&file)) { Verdict::Refused } else { Verdict::Accepted }
            }
            _ => Verdict::Unknown,
        };
        let kind = if loaded.info.kind == Kind::Config { "config" } else { "env" };
        FileReport { file: loaded.file, kind, layout: config.map(|config| config.layout.name()), verdict }
    };
    group.iter().filter(|loaded| !loaded.context).map(report).collect()
}
