//! The server's state, what changes it, and what is sent without being asked for.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, select};
use gen_lsp_types::{
    Diagnostic, DiagnosticRefreshRequest, DidChangeConfigurationNotification, DidChangeTextDocumentNotification,
    DidChangeWatchedFilesNotification, DidCloseTextDocumentNotification, DidOpenTextDocumentNotification,
    DidSaveTextDocumentNotification, DocumentDiagnosticRequest, InitializeParams, LogMessageNotification,
    LogMessageParams, MessageType, PublishDiagnosticsNotification, PublishDiagnosticsParams, RegistrationRequest,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, ReqQueue, RequestId, Response};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::discover;
use crate::host::Host;
use crate::language::Language;
use crate::policy::NAMES;
use crate::project::Layout;
use crate::schema::Store;
use crate::source::Span;

use super::Start;
use super::client::Client;
use super::documents::{Documents, path_of};
use super::lint::{self, Done, Found, Job, Linted, Options, Task};
use super::overlay::Overlay;
use super::requests;

/// What the client may set: `initializationOptions`, or `openclaw-lint` in its settings.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Preferences {
    openclaw_version: Option<String>,
    layout: Option<String>,
    lang: Option<String>,
    process_env: Option<bool>,
    host_checks: Option<bool>,
}

/// A folder with open documents.
#[derive(Default)]
struct Folder {
    /// Counts changes.
    wanted: u64,
    /// The change that the findings are of.
    done: u64,
    linted: Linted,
}

/// A request that waits until the findings of its document are those of its text.
pub(super) struct Waiting {
    pub(super) request: lsp_server::Request,
    pub(super) path: PathBuf,
}

impl Waiting {
    fn is_for_diagnostics(&self) -> bool {
        self.request.method == <DocumentDiagnosticRequest as gen_lsp_types::Request>::METHOD.as_str()
    }
}

pub(super) struct Server<'s> {
    connection: &'s Connection,
    pub(super) machine: &'s dyn Host,
    pub(super) client: Client,
    start: Start,
    locale: Option<String>,
    pub(super) options: Arc<Options>,
    pub(super) documents: Documents,
    folders: BTreeMap<PathBuf, Folder>,
    queue: ReqQueue<(), ()>,
    tasks: Sender<Task>,
    waiting: Vec<Waiting>,
    /// Requests whose answer the other thread makes.
    mending: Vec<RequestId>,
    /// What was sent last, by file.
    sent: BTreeMap<PathBuf, Vec<Diagnostic>>,
    /// The mark of what was last asked for, by file; `None`: the client is going to ask again by itself.
    asked: BTreeMap<PathBuf, Option<String>>,
    generation: u64,
}

impl<'s> Server<'s> {
    pub(super) fn new(
        connection: &'s Connection,
        machine: &'s dyn Host,
        client: Client,
        start: Start,
        params: &InitializeParams,
        tasks: Sender<Task>,
    ) -> Self {
        let options = Arc::new(options(&start, &Preferences::default(), params.locale.as_deref()));
        let mut server = Self {
            connection,
            machine,
            client,
            start,
            locale: params.locale.clone(),
            options,
            documents: Documents::new(client.encoding),
            folders: BTreeMap::new(),
            queue: ReqQueue::default(),
            tasks,
            waiting: Vec::new(),
            mending: Vec::new(),
            sent: BTreeMap::new(),
            asked: BTreeMap::new(),
            generation: 0,
        };
        if let Some(preferences) = &params.initialization_options {
            server.prefer(preferences.clone());
        }
        server
    }

    /// Reads and answers until the client says goodbye or goes away; whether it said so as it should.
    pub(super) fn run(mut self, results: &Receiver<Done>) -> bool {
        loop {
            select! {
                recv(self.connection.receiver) -> message => match message {
                    Ok(Message::Request(request)) if request.method == "shutdown" => return self.goodbye(request.id),
                    Ok(Message::Request(request)) => {
                        self.queue.incoming.register(request.id.clone(), ());
                        requests::answer(&mut self, request);
                    }
                    Ok(Message::Notification(notification)) if notification.method == "exit" => return false,
                    Ok(Message::Notification(notification)) => self.notice(notification),
                    Ok(Message::Response(response)) => {
                        self.queue.outgoing.complete(response.id);
                    }
                    Err(_) => return false,
                },
                recv(results) -> done => match done {
                    Ok(Done::Linted { folder, generation, linted }) => self.linted(&folder, generation, linted),
                    Ok(Done::Mended { request, path, edits }) => {
                        self.mending.retain(|known| *known != request);
                        let result = requests::mended(&self, &path, edits);
                        self.reply(Response::new_ok(request, result));
                    }
                    Err(_) => return false,
                },
            }
        }
    }

    /// Answers `shutdown` and waits for `exit`. What else the client still says, such as answers of its own that were on
    /// their way, changes nothing any more.
    fn goodbye(mut self, request: RequestId) -> bool {
        self.give_up();
        self.send(Message::Response(Response::new_ok(request, ())));
        for message in &self.connection.receiver {
            match message {
                Message::Notification(notification) if notification.method == "exit" => return true,
                Message::Request(request) => {
                    let message = format!("{} comes after `shutdown`", request.method);
                    self.send(Message::Response(Response::new_err(
                        request.id,
                        ErrorCode::InvalidRequest as i32,
                        message,
                    )));
                }
                Message::Notification(_) | Message::Response(_) => {}
            }
        }
        false
    }

    /// A client that says goodbye need not wait for what it asked before.
    fn give_up(&mut self) {
        let waiting = std::mem::take(&mut self.waiting).into_iter().map(|waiting| waiting.request.id);
        for id in waiting.chain(std::mem::take(&mut self.mending)) {
            if let Some(response) = self.queue.incoming.cancel(id) {
                self.send(Message::Response(response));
            }
        }
    }

    fn send(&self, message: Message) {
        // A client that is gone is seen at the next message.
        let _ = self.connection.sender.send(message);
    }

    /// Answers a request, unless it was cancelled.
    pub(super) fn reply(&mut self, response: Response) {
        if self.queue.incoming.complete(&response.id).is_some() {
            self.send(Message::Response(response));
        }
    }

    fn ask<R: gen_lsp_types::Request>(&mut self, params: R::Params) {
        let request = self.queue.outgoing.register(R::METHOD.as_str().to_owned(), params, ());
        self.send(Message::Request(request));
    }

    fn tell<N: gen_lsp_types::Notification>(&self, params: N::Params) {
        self.send(Message::Notification(Notification::new(N::METHOD.as_str().to_owned(), params)));
    }

    fn notice(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" if self.client.watches => self.ask::<RegistrationRequest>(Client::watched()),
            "textDocument/didOpen" => self.with::<DidOpenTextDocumentNotification>(params, |server, params| {
                let document = params.text_document;
                let path = server.documents.open(document.uri, document.version, document.text);
                // From now on the client asks; what was sent before would be there twice.
                if server.client.pulls && server.sent.remove(&path).is_some_and(|sent| !sent.is_empty()) {
                    server.publish_now(&path, Vec::new());
                }
                server.refolder();
                server.changed(&path);
            }),
            "textDocument/didChange" => self.with::<DidChangeTextDocumentNotification>(params, |server, params| {
                let document = &params.text_document;
                let uri = &document.text_document_identifier.uri;
                if let Some(path) = server.documents.change(uri, document.version, params.content_changes) {
                    server.asked.insert(path.clone(), None);
                    server.changed(&path);
                }
            }),
            "textDocument/didClose" => self.with::<DidCloseTextDocumentNotification>(params, |server, params| {
                let path = server.documents.close(&params.text_document.uri);
                server.asked.remove(&path);
                server.refolder();
                server.changed(&path);
            }),
            "textDocument/didSave" => self.with::<DidSaveTextDocumentNotification>(params, |server, params| {
                let path = path_of(&params.text_document.uri);
                server.changed_on_disk(&path);
            }),
            "workspace/didChangeWatchedFiles" => {
                self.with::<DidChangeWatchedFilesNotification>(params, |server, params| {
                    server.refolder();
                    for change in &params.changes {
                        server.changed_on_disk(&path_of(&change.uri));
                    }
                });
            }
            "workspace/didChangeConfiguration" => {
                self.with::<DidChangeConfigurationNotification>(params, |server, params| {
                    let all = params.settings;
                    let own = ["openclaw-lint", "openclawLint"].into_iter().find_map(|name| all.get(name));
                    server.prefer(own.cloned().unwrap_or(all));
                });
            }
            "$/cancelRequest" => {
                let id = params.get("id").and_then(|id| serde_json::from_value::<RequestId>(id.clone()).ok());
                if let Some(response) = id.and_then(|id| self.queue.incoming.cancel(id)) {
                    self.waiting.retain(|waiting| waiting.request.id != response.id);
                    self.send(Message::Response(response));
                }
            }
            _ => {}
        }
    }

    /// Notifications whose parameters cannot be read are as if they had not come.
    fn with<N: gen_lsp_types::Notification>(&mut self, params: Json, act: impl FnOnce(&mut Self, N::Params)) {
        match serde_json::from_value(params) {
            Ok(params) => act(self, params),
            // What serde says may quote the text of a document.
            Err(_) => self.log(MessageType::Warning, format!("{}: its parameters cannot be read", N::METHOD.as_str())),
        }
    }

    fn log(&self, kind: MessageType, message: String) {
        self.tell::<LogMessageNotification>(LogMessageParams { kind, message });
    }

    fn prefer(&mut self, settings: Json) {
        let Ok(preferences) = serde_json::from_value::<Option<Preferences>>(settings) else {
            self.log(MessageType::Warning, format!("{}: these settings cannot be read", super::NAME));
            return;
        };
        self.options = Arc::new(options(&self.start, &preferences.unwrap_or_default(), self.locale.as_deref()));
        self.all_changed();
    }

    /// The folders that open documents are linted in; those that are no longer needed lose their findings.
    fn refolder(&mut self) {
        let mut needed: BTreeSet<PathBuf> = BTreeSet::new();
        for path in self.documents.paths() {
            needed.extend(lint::folders_of(path, &self.documents, self.machine));
            needed.extend(lint::folders_including(path, &self.documents, self.machine));
        }
        let gone: Vec<PathBuf> = self.folders.keys().filter(|folder| !needed.contains(*folder)).cloned().collect();
        let lost = gone.into_iter().filter_map(|folder| self.folders.remove(&folder));
        let lost: BTreeSet<PathBuf> = lost.flat_map(|folder| folder.linted.files.into_keys()).collect();
        for folder in needed {
            if !self.folders.contains_key(&folder) {
                self.folders.insert(folder.clone(), Folder::default());
                self.lint(&folder);
            }
        }
        self.show(&lost);
        // What waited for the findings of a folder that is gone waits for nothing.
        self.answer_waiting();
    }

    fn lint(&mut self, path: &Path) {
        self.generation += 1;
        let generation = self.generation;
        if let Some(folder) = self.folders.get_mut(path) {
            folder.wanted = generation;
            let job = self.job(path, generation);
            // The thread ends only after this one.
            let _ = self.tasks.send(Task::Lint(job));
        }
    }

    fn job(&self, folder: &Path, generation: u64) -> Job {
        Job {
            folder: folder.to_path_buf(),
            generation,
            documents: self.documents.clone(),
            options: Arc::clone(&self.options),
        }
    }

    /// Folders whose findings a file has a part in.
    fn concerned(&self, path: &Path) -> Vec<PathBuf> {
        let own = lint::folders_of(path, &self.documents, self.machine);
        let has = |folder: &Folder| folder.linted.files.contains_key(path) || folder.linted.included.contains(path);
        let concerned = self.folders.iter().filter(|(name, folder)| own.contains(name) || has(folder));
        concerned.map(|(name, _)| name.clone()).collect()
    }

    fn changed(&mut self, path: &Path) {
        for folder in self.concerned(path) {
            self.lint(&folder);
        }
    }

    fn changed_on_disk(&mut self, path: &Path) {
        let is_own = path.file_name().is_some_and(|name| NAMES.iter().any(|known| name == *known));
        // Packs may have any name, and may silence or add what they like.
        let is_known =
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| discover::classify(name).is_some());
        if is_own || !is_known && self.concerned(path).is_empty() {
            self.all_changed();
        } else {
            self.changed(path);
        }
    }

    fn all_changed(&mut self) {
        let all: Vec<PathBuf> = self.folders.keys().cloned().collect();
        for folder in all {
            self.lint(&folder);
        }
    }

    fn linted(&mut self, path: &Path, generation: u64, linted: Linted) {
        let Some(folder) = self.folders.get_mut(path).filter(|folder| folder.wanted == generation) else { return };
        let before = std::mem::replace(&mut folder.linted, linted);
        folder.done = generation;
        let files: BTreeSet<PathBuf> = before.files.into_keys().chain(folder.linted.files.keys().cloned()).collect();
        self.show(&files);
        self.answer_waiting();
    }

    /// Tries again what waits; what is still not known waits on.
    fn answer_waiting(&mut self) {
        for waiting in std::mem::take(&mut self.waiting) {
            requests::answer(self, waiting.request);
        }
    }

    /// Whether the findings of a document are those of its text.
    pub(super) fn is_fresh(&self, path: &Path) -> bool {
        self.concerned(path).iter().filter_map(|name| self.folders.get(name)).all(|folder| folder.wanted == folder.done)
    }

    pub(super) fn wait(&mut self, request: lsp_server::Request, path: PathBuf) {
        self.waiting.push(Waiting { request, path });
    }

    /// The findings of a file, from every folder that it has a part in.
    pub(super) fn found(&self, path: &Path) -> Vec<Found> {
        let mut all: Vec<Found> = Vec::new();
        // Equal ones stand at the same place.
        let mut places: HashMap<Span, Vec<usize>> = HashMap::new();
        for found in self.folders.values().filter_map(|folder| folder.linted.files.get(path)).flatten() {
            let here = places.entry(found.span).or_default();
            let is_known = |at: &usize| all.get(*at).is_some_and(|known| known.diagnostic == found.diagnostic);
            if !here.iter().any(is_known) {
                here.push(all.len());
                all.push(found.clone());
            }
        }
        all.sort_by_key(|found| found.span.start);
        all
    }

    pub(super) fn diagnostics(&self, path: &Path) -> Vec<Diagnostic> {
        self.found(path).into_iter().map(|found| found.diagnostic).collect()
    }

    /// Sends what has changed, and tells a client that asks that it may ask again.
    fn show(&mut self, files: &BTreeSet<PathBuf>) {
        let mut refresh = false;
        for path in files {
            if self.client.pulls && self.documents.get(path).is_some() {
                // Those that wait for something else, such as actions, do not bring the client what is found.
                let waits = self.waiting.iter().any(|waiting| waiting.path == *path && waiting.is_for_diagnostics());
                let known = self.asked.get(path).and_then(Option::as_ref);
                refresh |= !waits && known.is_some_and(|known| *known != mark(&self.diagnostics(path)));
                continue;
            }
            let diagnostics = self.diagnostics(path);
            // Nothing is not sent for what never had anything, unless it is open: the client may wait for it.
            let before = self.sent.get(path);
            let same = before.map_or(diagnostics.is_empty() && self.documents.get(path).is_none(), |before| {
                *before == diagnostics && self.documents.get(path).is_none()
            });
            if !same {
                self.publish_now(path, diagnostics.clone());
                self.sent.insert(path.clone(), diagnostics);
            }
        }
        if refresh {
            self.ask::<DiagnosticRefreshRequest>(());
        }
    }

    fn publish_now(&self, path: &Path, diagnostics: Vec<Diagnostic>) {
        self.tell::<PublishDiagnosticsNotification>(PublishDiagnosticsParams {
            uri: self.documents.uri(path),
            version: self.documents.get(path).map(|document| document.version),
            diagnostics,
        });
    }

    /// Remembers what the client was told when it asked, and gives it a mark.
    pub(super) fn was_told(&mut self, path: &Path, diagnostics: &[Diagnostic]) -> String {
        let mark = mark(diagnostics);
        self.asked.insert(path.to_path_buf(), Some(mark.clone()));
        mark
    }

    pub(super) fn overlay(&self) -> Overlay<'_> {
        Overlay { documents: &self.documents, machine: self.machine }
    }

    /// Starts on all safe fixes of a document; the answer comes when they are there.
    pub(super) fn mend(&mut self, request: RequestId, path: PathBuf) {
        self.mending.push(request.clone());
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let job = self.job(&folder, self.generation);
        let _ = self.tasks.send(Task::Mend(request, path, job));
    }
}

/// The same for equal diagnostics.
fn mark(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn options(start: &Start, preferences: &Preferences, locale: Option<&str>) -> Options {
    let store = Store::bundled();
    let version = preferences.openclaw_version.as_deref().and_then(|version| version.parse().ok());
    let release = version
        .and_then(|version| store.nearest(&version).filter(|release| release.version.cmp_core(&version).is_le()));
    let layout = match preferences.layout.as_deref() {
        Some("openclaw") => Some(Layout::OpenClaw),
        Some("guide") => Some(Layout::Guide),
        Some(_) => None,
        None => start.layout,
    };
    let language = preferences.lang.as_deref().and_then(Language::from_tag).or(start.language);
    let process_env = preferences.process_env.unwrap_or(start.process_env);
    Options {
        release: release.unwrap_or(start.release),
        mild: start.mild && release.is_none(),
        layout,
        process_env: process_env.then(|| start.environment.clone()),
        host_checks: preferences.host_checks.unwrap_or(start.host_checks),
        chosen: language,
        language: language.unwrap_or_else(|| locale.map(Language::of_locale).unwrap_or_default()),
    }
}
