//! One run over the files of a folder, on a thread of its own, and what it says in the words of the protocol.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};
use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    Message, TextEdit, Uri,
};
use lsp_server::RequestId;

use crate::check::{self, Content, Input, Settings};
use crate::discover::{self, Kind, NameInfo, is_state_directory};
use crate::finding::{Safety, Severity};
use crate::host::Host;
use crate::language::Language;
use crate::policy::Policies;
use crate::project::Layout;
use crate::report::{FindingView, FixView, Place, Redacted, Report};
use crate::rules::Catalog;
use crate::schema::Release;
use crate::source::{FileId, Span};

use super::actions;
use super::documents::{Documents, name_of, path_named};
use super::overlay::Overlay;
use super::text::Text;

/// Larger files are not read, as on the command line.
const LARGEST: u64 = 32 << 20;

/// How files are judged; what the options of the command line are to `check`.
#[derive(Clone)]
pub(super) struct Options {
    pub(super) release: &'static Release,
    /// Whether a newer release than the newest known one may know more keys.
    pub(super) mild: bool,
    pub(super) layout: Option<Layout>,
    pub(super) process_env: Option<BTreeMap<String, String>>,
    pub(super) host_checks: bool,
    /// The language that somebody chose, which goes before that of the linter's configuration.
    pub(super) chosen: Option<Language>,
    /// The language otherwise.
    pub(super) language: Language,
}

/// A folder as it is in this moment.
pub(super) struct Job {
    pub(super) folder: PathBuf,
    pub(super) generation: u64,
    pub(super) documents: Documents,
    pub(super) options: Arc<Options>,
}

/// What the thread is asked for.
pub(super) enum Task {
    Lint(Job),
    /// Every safe fix of a document, for a request.
    Mend(RequestId, PathBuf, Job),
}

/// What came of it.
pub(super) enum Done {
    Linted { folder: PathBuf, generation: u64, linted: Linted },
    Mended { request: RequestId, path: PathBuf, edits: Vec<TextEdit> },
}

/// Findings by file.
#[derive(Default)]
pub(super) struct Linted {
    pub(super) files: BTreeMap<PathBuf, Vec<Found>>,
    /// Files that are included and belong to no folder of their own.
    pub(super) included: BTreeSet<PathBuf>,
}

/// A finding.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) span: Span,
    pub(super) diagnostic: Diagnostic,
    pub(super) rule: String,
    pub(super) fixes: Vec<Repair>,
}

/// A fix that may be offered.
#[derive(Clone)]
pub(super) struct Repair {
    pub(super) title: String,
    pub(super) safety: Safety,
    pub(super) edits: Vec<(PathBuf, TextEdit)>,
}

/// Works until there are no more tasks. Of several lints of a folder only the last is done: the others are of the past.
pub(super) fn work(tasks: &Receiver<Task>, results: &Sender<Done>, machine: &dyn Host) {
    while let Ok(first) = tasks.recv() {
        let mut waiting: Vec<Task> = vec![first];
        for task in tasks.try_iter() {
            if let Task::Lint(job) = &task {
                waiting.retain(|other| !matches!(other, Task::Lint(other) if other.folder == job.folder));
            }
            waiting.push(task);
        }
        for task in waiting {
            let done = match task {
                Task::Lint(job) => {
                    let linted = lint(&job, machine);
                    Done::Linted { folder: job.folder, generation: job.generation, linted }
                }
                Task::Mend(request, path, job) => {
                    let edits = actions::mended(&path, &job, machine).unwrap_or_default();
                    Done::Mended { request, path, edits }
                }
            };
            if results.send(done).is_err() {
                return;
            }
        }
    }
}

/// The folders whose findings a file has a part in: its own, and the state folders beside it for the `.env` of the folder
/// in which OpenClaw is started.
pub(super) fn folders_of(path: &Path, documents: &Documents, machine: &dyn Host) -> Vec<PathBuf> {
    let Some(folder) = path.parent().filter(|folder| folder.is_absolute()) else { return Vec::new() };
    let mut folders = vec![folder.to_path_buf()];
    if path.file_name().is_some_and(|name| name == ".env") {
        let overlay = Overlay { documents, machine };
        let entries = overlay.list(folder).unwrap_or_default();
        let states = entries.iter().filter(|entry| entry.name.to_str().is_some_and(is_state_directory));
        folders.extend(states.map(|entry| folder.join(&entry.name)).filter(|state| overlay.is_dir(state)));
    }
    folders
}

/// The folders above a file that is no config of its own, whose configs may include it.
pub(super) fn folders_including(path: &Path, documents: &Documents, machine: &dyn Host) -> Vec<PathBuf> {
    /// Parts of a config stand in a folder beside or below it.
    const ABOVE: usize = 3;
    if !path.is_absolute() || info(path).is_some() {
        return Vec::new();
    }
    let overlay = Overlay { documents, machine };
    let has_config = |folder: &&Path| {
        let entries = overlay.list(folder).unwrap_or_default();
        let mut kinds = entries.iter().filter_map(|entry| discover::classify(entry.name.to_str()?));
        kinds.any(|info| info.kind == Kind::Config)
    };
    path.ancestors().skip(1).take(ABOVE).filter(has_config).map(Path::to_path_buf).collect()
}

/// The files that are linted together with a folder's configs, by path.
pub(super) fn files_of(folder: &Path, overlay: &Overlay<'_>) -> BTreeSet<PathBuf> {
    let listed = overlay.list(folder).unwrap_or_default().into_iter().map(|entry| folder.join(entry.name));
    let opened = overlay.documents.paths().filter(|path| path.parent() == Some(folder)).map(Path::to_path_buf);
    let is_ours = |path: &PathBuf| info(path).is_some();
    let mut files: BTreeSet<PathBuf> =
        listed.chain(opened).filter(is_ours).filter(|path| overlay.is_file(path)).collect();
    let configs = files.iter().filter(|path| info(path).is_some_and(|info| info.kind == Kind::Config));
    let beside: Vec<PathBuf> = configs.flat_map(|config| discover::env_files_beside(overlay, config)).collect();
    files.extend(beside);
    files
}

/// What the name of a file says, be it Unicode or not.
fn info(path: &Path) -> Option<NameInfo> {
    discover::classify(&path.file_name()?.to_string_lossy())
}

/// The inputs of a run over these files.
pub(super) fn inputs(files: &BTreeSet<PathBuf>, overlay: &Overlay<'_>) -> Vec<Input> {
    let read = |path: &PathBuf| {
        let info = info(path)?;
        let content = Content::Bytes(overlay.read(path, LARGEST).ok()?);
        Some(Input { path: path.clone(), shown: name_of(path), info, content, context: false })
    };
    files.iter().filter_map(read).collect()
}

/// The settings of a run over a folder.
pub(super) fn settings(folder: &Path, options: &Options, overlay: &Overlay<'_>) -> Settings {
    let policies = Policies::find(std::iter::once(folder), &[], overlay);
    let language = options.chosen.or_else(|| policies.language()).unwrap_or(options.language);
    Settings {
        layout: options.layout,
        mild: options.mild,
        now: overlay.now_unix_seconds(),
        process_env: options.process_env.clone(),
        host_checks: options.host_checks,
        policies,
        language,
        ..Settings::new(options.release)
    }
}

fn lint(job: &Job, machine: &dyn Host) -> Linted {
    let overlay = Overlay { documents: &job.documents, machine };
    let files = files_of(&job.folder, &overlay);
    let report = check::run(
        inputs(&files, &overlay),
        &settings(&job.folder, &job.options, &overlay),
        Catalog::bundled(),
        &overlay,
    );
    let mut linted = Speaker::new(&report, &job.documents).linted();
    let named: BTreeSet<PathBuf> = report.sources.iter().map(|(_, source)| path_named(source.name())).collect();
    linted.included = named.difference(&files).cloned().collect();
    for file in files {
        linted.files.entry(file).or_default();
    }
    linted
}

/// A report in the protocol's words. Everything it says comes from the redacted view.
struct Speaker<'r> {
    report: &'r Report,
    documents: &'r Documents,
    texts: BTreeMap<u32, Text>,
}

impl<'r> Speaker<'r> {
    fn new(report: &'r Report, documents: &'r Documents) -> Self {
        let text = |id: FileId, text: &str| (id.0, Text::new(text.to_owned(), documents.encoding()));
        // The text of a file that nothing is said of is not needed.
        let mut used: BTreeSet<u32> = BTreeSet::new();
        for finding in &report.findings {
            let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.file.0);
            used.extend(finding.related.iter().map(|label| label.file.0).chain([finding.primary.file.0]).chain(edits));
        }
        let texts =
            report.sources.iter().filter(|(id, _)| used.contains(&id.0)).map(|(id, source)| text(id, source.text()));
        Self { report, documents, texts: texts.collect() }
    }

    fn path(&self, file: FileId) -> PathBuf {
        self.report.sources.get(file).map(|source| path_named(source.name())).unwrap_or_default()
    }

    fn location(&self, place: &Place) -> Option<Location> {
        let text = self.texts.get(&place.file.0)?;
        Some(Location { uri: self.documents.uri(&self.path(place.file)), range: text.range(place.span()) })
    }

    fn linted(&self) -> Linted {
        let mut linted = Linted::default();
        for finding in Redacted::new(self.report).findings {
            if let Some(found) = self.found(&finding) {
                linted.files.entry(self.path(finding.place.file)).or_default().push(found);
            }
        }
        linted
    }

    fn found(&self, finding: &FindingView) -> Option<Found> {
        let help = finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        let related = finding.related.iter().filter_map(|label| {
            let location = self.location(&label.place)?;
            Some(DiagnosticRelatedInformation { location, message: label.message.to_string() })
        });
        let related: Vec<_> = related.collect();
        let diagnostic = Diagnostic {
            range: self.location(&finding.place)?.range,
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
                Severity::Info => DiagnosticSeverity::Information,
            }),
            code: Some(Code::String(finding.rule.to_string())),
            code_description: finding.url.as_ref().map(|url| CodeDescription { href: Uri(url.exact().to_owned()) }),
            source: Some(super::NAME.to_owned()),
            message: Message::String(format!("{}{help}", finding.message)),
            tags: tag(finding).map(|tag| vec![tag]),
            related_information: (!related.is_empty()).then_some(related),
            data: None,
        };
        let fixes = finding.fix.iter().chain(&finding.other_fixes).filter_map(|fix| self.repair(fix)).collect();
        Some(Found { span: finding.place.span(), diagnostic, rule: finding.rule.exact().to_owned(), fixes })
    }

    /// A fix that would have to show a credential is none: it was scrubbed, and is for display only.
    fn repair(&self, fix: &FixView) -> Option<Repair> {
        if fix.safety == Safety::DisplayOnly || fix.edits.is_empty() {
            return None;
        }
        let edit = |edit: &crate::report::EditView| {
            let range = self.location(&edit.place)?.range;
            Some((self.path(edit.place.file), TextEdit { range, new_text: edit.new_text.exact().to_owned() }))
        };
        let edits = fix.edits.iter().map(edit).collect::<Option<_>>()?;
        Some(Repair { title: fix.title.to_string(), safety: fix.safety, edits })
    }
}

/// Rules about what has no effect: editors show it faded.
const UNNECESSARY: [&str; 4] =
    ["syntax/duplicate-key", "env/duplicate-key", "env/unused-credential", "lint/suppression"];

fn tag(finding: &FindingView) -> Option<DiagnosticTag> {
    if UNNECESSARY.contains(&finding.rule.exact()) {
        return Some(DiagnosticTag::Unnecessary);
    }
    finding.migrates.then_some(DiagnosticTag::Deprecated)
}
