//! A client of the language server: the real program, its own files, and everything that it ever said.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than anything takes on a busy machine: only a server that hangs is waited for so long.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Message>,
    folder: TempDir,
    next: i32,
    versions: BTreeMap<String, i32>,
    /// Texts of open documents, as the server must have them.
    pub texts: BTreeMap<String, String>,
    /// The last diagnostics that were sent, by file, with their version.
    pub published: BTreeMap<String, (Option<i64>, Vec<Value>)>,
    /// Requests of the server.
    pub asked: Vec<Request>,
    /// Everything the server said.
    pub said: String,
    /// Versions in the order in which they were published.
    pub versions_published: Vec<i64>,
}

pub fn push() -> Value {
    json!({ "textDocument": { "publishDiagnostics": { "relatedInformation": true } } })
}

pub fn pull() -> Value {
    json!({
        "textDocument": {
            "diagnostic": {},
            "codeAction": { "dataSupport": true, "resolveSupport": { "properties": ["edit"] } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        },
        "workspace": {
            "diagnostics": { "refreshSupport": true },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "workspaceEdit": { "documentChanges": true, "snippetEditSupport": true },
        },
    })
}

impl Client {
    pub fn start(files: &[(&str, &str)], capabilities: Value) -> Self {
        Self::start_with(files, capabilities, json!({}))
    }

    /// `more`: further parameters of `initialize`.
    pub fn start_with(files: &[(&str, &str)], capabilities: Value, more: Value) -> Self {
        let mut client = Self::spawn(files);
        let mut params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = client.request("initialize", params);
        assert_eq!(answer["serverInfo"]["name"], "openclaw-lint");
        client.notify("initialized", json!({}));
        client
    }

    pub fn spawn(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_openclaw-lint"))
            .args(["lsp", "--stdio"])
            .env("LC_ALL", "C.UTF-8")
            .env("HOME", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Ok(Some(message)) = Message::read(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            stdin,
            messages,
            folder,
            next: 0,
            versions: BTreeMap::new(),
            texts: BTreeMap::new(),
            published: BTreeMap::new(),
            asked: Vec::new(),
            said: String::new(),
            versions_published: Vec::new(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    pub fn uri(&self, name: &str) -> String {
        url::Url::from_file_path(self.path(name)).unwrap().to_string()
    }

    pub fn name(&self, uri: &str) -> String {
        let path = url::Url::parse(uri).unwrap().to_file_path().unwrap();
        let path = path.strip_prefix(self.path("")).map(Path::to_path_buf).unwrap_or(path);
        path.display().to_string()
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn send(&mut self, message: Message) {
        message.write(self.stdin.as_mut().unwrap()).unwrap();
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.stdin.as_mut().unwrap().write_all(bytes).unwrap();
        self.stdin.as_mut().unwrap().flush().unwrap();
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(Message::Notification(Notification::new(method.to_owned(), params)));
    }

    /// Sends a request without waiting.
    pub fn begin(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.send(Message::Request(Request::new(id.clone(), method.to_owned(), params)));
        id
    }

    pub fn response(&mut self, id: &RequestId) -> Response {
        loop {
            if let Message::Response(response) = self.read()
                && response.id == *id
            {
                return response;
            }
        }
    }

    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        self.response(&id).response_result.unwrap_or_else(|error| panic!("{method}: {error:?}"))
    }

    pub fn refusal(&mut self, method: &str, params: Value) -> (i32, String) {
        let id = self.begin(method, params);
        let error = self.response(&id).response_result.unwrap_err();
        (error.code, error.message)
    }

    /// The next message; what is to be remembered of it is.
    pub fn read(&mut self) -> Message {
        match self.messages.recv_timeout(PATIENCE) {
            Ok(message) => {
                self.remember(&message);
                message
            }
            Err(RecvTimeoutError::Timeout) => panic!("the server says nothing; it said {}", self.said),
            Err(RecvTimeoutError::Disconnected) => panic!("the server has gone; it said {}", self.said),
        }
    }

    fn remember(&mut self, message: &Message) {
        self.said.push_str(&serde_json::to_string(message).unwrap());
        self.said.push('\n');
        match message {
            Message::Request(request) => {
                self.asked.push(request.clone());
                let answer = Response::new_ok(request.id.clone(), Value::Null);
                self.send(Message::Response(answer));
            }
            Message::Notification(notification) if notification.method == "textDocument/publishDiagnostics" => {
                let params = &notification.params;
                let name = self.name(params["uri"].as_str().unwrap());
                let version = params["version"].as_i64();
                self.versions_published.extend(version);
                self.published.insert(name, (version, params["diagnostics"].as_array().unwrap().clone()));
            }
            _ => {}
        }
    }

    /// Reads until something holds.
    pub fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        while !holds(self) {
            if let Err(RecvTimeoutError::Disconnected) = self.messages.recv_timeout(Duration::ZERO).map(|message| {
                self.remember(&message);
            }) {
                panic!("the server has gone before {what}; it said {}", self.said);
            }
            if !holds(self) {
                self.read();
            }
        }
    }

    pub fn open(&mut self, name: &str, text: &str) {
        self.versions.insert(name.to_owned(), 1);
        self.texts.insert(name.to_owned(), text.to_owned());
        let uri = self.uri(name);
        let language = if name.contains("env") { "dotenv" } else { "json5" };
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces the only place of `old`, as an editor does: with a range.
    pub fn edit(&mut self, name: &str, old: &str, new: &str) -> i32 {
        let text = self.texts[name].clone();
        let start = text.find(old).unwrap_or_else(|| panic!("{old:?} is not in {text}"));
        let range = json!({ "start": position(&text, start), "end": position(&text, start + old.len()) });
        self.texts.insert(name.to_owned(), text.replacen(old, new, 1));
        let version = self.versions.get_mut(name).unwrap();
        *version += 1;
        let version = *version;
        let uri = self.uri(name);
        self.notify(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": uri, "version": version },
                "contentChanges": [{ "range": range, "text": new }],
            }),
        );
        version
    }

    /// Replaces every occurrence of some text, in one message with an edit for each, from the first to the last.
    pub fn edit_all(&mut self, name: &str, old: &str, new: &str) -> i32 {
        let text = self.texts[name].clone();
        assert!(!old.contains('\n') && !new.contains('\n'));
        let mut edits = Vec::new();
        for (line, content) in text.split('\n').enumerate() {
            for (nth, (at, _)) in content.match_indices(old).enumerate() {
                let units = content[..at].encode_utf16().count() - nth * old.encode_utf16().count();
                let start = units + nth * new.encode_utf16().count();
                let end = start + old.encode_utf16().count();
                let range =
                    json!({ "start": { "line": line, "character": start }, "end": { "line": line, "character": end } });
                edits.push(json!({ "range": range, "text": new }));
            }
        }
        self.texts.insert(name.to_owned(), text.replace(old, new));
        let version = self.versions.get_mut(name).unwrap();
        *version += 1;
        let version = *version;
        let document = json!({ "uri": self.uri(name), "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": edits }));
        version
    }

    /// Waits until the diagnostics of a document are those of a version of it.
    pub fn published(&mut self, name: &str, version: i32) -> Vec<Value> {
        let is_there =
            |client: &Self| client.published.get(name).is_some_and(|(known, _)| *known == Some(i64::from(version)));
        self.until("diagnostics", is_there);
        self.published[name].1.clone()
    }

    /// Asks for the diagnostics of a document.
    pub fn pulled(&mut self, name: &str) -> Vec<Value> {
        let params = json!({ "textDocument": { "uri": self.uri(name) } });
        let report = self.request("textDocument/diagnostic", params);
        assert_eq!(report["kind"], "full");
        report["items"].as_array().unwrap().clone()
    }

    /// A request about the place of `|` in a part of a document's text.
    pub fn at(&mut self, method: &str, name: &str, part: &str) -> Value {
        let params = self.place(name, part);
        self.request(method, params)
    }

    pub fn place(&self, name: &str, part: &str) -> Value {
        let text = &self.texts[name];
        let (before, after) = part.split_once('|').unwrap();
        let start = text.find(&format!("{before}{after}")).unwrap_or_else(|| panic!("{part:?} is not in {text}"));
        json!({ "textDocument": { "uri": self.uri(name) }, "position": position(text, start + before.len()) })
    }

    /// The texts after a workspace edit, by file.
    pub fn applied(&self, edit: &Value) -> BTreeMap<String, String> {
        let changes = edit["changes"].as_object().unwrap();
        let change = |(uri, edits): (&String, &Value)| {
            let name = self.name(uri);
            let read = || std::fs::read_to_string(self.path(&name)).unwrap();
            let text = self.texts.get(&name).cloned().unwrap_or_else(read);
            (name, apply(&text, edits.as_array().unwrap()))
        };
        changes.iter().map(change).collect()
    }

    /// Says goodbye; the exit code.
    pub fn end(mut self) -> (i32, String) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        drop(self.stdin.take());
        let code = self.child.wait().unwrap().code().unwrap();
        (code, std::mem::take(&mut self.said))
    }

    /// Waits for the end; the exit code.
    pub fn gone(&mut self) -> i32 {
        drop(self.stdin.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Line and UTF-16 column.
pub fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": before[start..].encode_utf16().count() })
}

fn offset(text: &str, position: &Value) -> usize {
    let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
    let column = usize::try_from(position["character"].as_u64().unwrap()).unwrap();
    let start = if line == 0 { 0 } else { text.match_indices('\n').nth(line - 1).map_or(text.len(), |(at, _)| at + 1) };
    let mut units = 0;
    for (at, c) in text[start..].char_indices() {
        if units >= column {
            return start + at;
        }
        units += c.len_utf16();
    }
    text.len()
}

fn apply(text: &str, edits: &[Value]) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (offset(text, &range["start"]), offset(text, &range["end"]), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|(start, _, _)| *start);
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}

/// The rules of diagnostics.
pub fn rules(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}
