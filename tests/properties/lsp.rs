//! The language server's loop: whatever a client says in whatever order, each request is answered once, every range lies in
//! its document, no answer holds a key, and goodbye is the end.
//!
//! The files of a bundle are the machine's; each line of `--- script` is something that the client says:
//!
//! ```text
//! open openclaw.json
//! change openclaw.json 1:2-1:5 text
//! hover openclaw.json 3:4
//! ```
//!
//! Words that are no verb, and places that are left out, stand for some verb and some place.

use std::collections::BTreeMap;
use std::time::Duration;

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use openclaw_lint::host::MemoryHost;
use openclaw_lint::lsp::{Start, serve};
use openclaw_lint::schema::Store;
use serde_json::{Value, json};

use super::bundle::{Bundle, NOW};
use super::hash;

/// Nothing takes so long, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that says more than this does not come to an end.
const MOST_MESSAGES: usize = 5_000;

/// So many lines of a script are followed.
const LONGEST: usize = 60;

pub fn check(data: &[u8]) {
    holds(&Bundle::read(data));
}

pub fn holds(bundle: &Bundle) {
    let mut host = MemoryHost::new("/w");
    host.now = NOW;
    for (name, content) in &bundle.files {
        host = host.with_file(name, content.as_str());
    }
    let start = Start {
        release: Store::bundled().latest().unwrap(),
        mild: true,
        layout: bundle.layout(),
        environment: bundle.environment.clone().unwrap_or_default().into_iter().collect(),
        process_env: bundle.environment.is_some(),
        host_checks: false,
        language: None,
    };
    let (server, client) = Connection::memory();
    std::thread::scope(|scope| {
        let running = scope.spawn(move || serve(&server, start, &host));
        Client::new(client, bundle).run();
        assert!(running.join().expect("the server ends well").expect("the protocol is kept"), "goodbye was said");
    });
}

/// A document as the client has it.
struct Open {
    version: i32,
    text: String,
}

struct Client<'b> {
    connection: Connection,
    bundle: &'b Bundle,
    encoding: String,
    open: BTreeMap<String, Open>,
    next: i32,
    /// The last version of any document: they never come twice, so that a late answer is not taken for one about a
    /// document that was closed and opened again.
    version: i32,
    /// Requests without an answer: method, and the version of the document.
    pending: BTreeMap<RequestId, (String, Option<(String, i32)>)>,
    /// The last answer, for requests that follow another.
    last: Value,
    /// The diagnostics that the client knows.
    known: Value,
    heard: usize,
}

type Verb = fn(&mut Client<'_>, &str, &str);

/// What a client can say of a file, with the rest of the line.
const VERBS: [(&str, Verb); 22] = [
    ("open", |client, file, rest| client.open(file, rest)),
    ("change", |client, file, rest| client.change(file, rest)),
    ("close", |client, file, _| client.close(file)),
    ("save", |client, file, _| client.notify("textDocument/didSave", json!({ "textDocument": id(file) }))),
    ("watch", |client, file, rest| {
        let kind = hash(rest) % 3 + 1;
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(file), "type": kind }] }));
    }),
    ("hover", |client, file, rest| client.at("textDocument/hover", file, rest, json!({}))),
    ("complete", |client, file, rest| client.at("textDocument/completion", file, rest, json!({}))),
    ("define", |client, file, rest| client.at("textDocument/definition", file, rest, json!({}))),
    ("refer", |client, file, rest| {
        client.at("textDocument/references", file, rest, json!({ "context": { "includeDeclaration": true } }));
    }),
    ("prepare", |client, file, rest| client.at("textDocument/prepareRename", file, rest, json!({}))),
    ("rename", |client, file, rest| {
        let name = rest.split_whitespace().nth(1).unwrap_or("NEW_NAME");
        client.at("textDocument/rename", file, rest, json!({ "newName": name }));
    }),
    ("link", |client, file, _| client.of("textDocument/documentLink", file, json!({}))),
    ("symbol", |client, file, _| client.of("textDocument/documentSymbol", file, json!({}))),
    ("fold", |client, file, _| client.of("textDocument/foldingRange", file, json!({}))),
    ("diagnose", |client, file, rest| client.of("textDocument/diagnostic", file, json!({ "previousResultId": rest }))),
    ("act", |client, file, rest| client.act(file, rest, &json!({ "diagnostics": client.known }))),
    ("mend", |client, file, rest| client.act(file, rest, &json!({ "diagnostics": [], "only": ["source.fixAll"] }))),
    ("resolve", |client, file, _| {
        let action = client.last.get(0).cloned();
        client.request(
            "codeAction/resolve",
            action.unwrap_or_else(|| json!({ "title": "x", "data": uri(file) })),
            None,
        );
    }),
    ("cancel", |client, _, rest| {
        let id = rest.trim().parse().unwrap_or(client.next - 1);
        client.notify("$/cancelRequest", json!({ "id": id }));
    }),
    ("prefer", |client, _, rest| {
        let settings = serde_json::from_str(rest).unwrap_or_else(|_| json!({ "openclaw-lint": { "lang": "zh-CN" } }));
        client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    }),
    ("wait", |client, _, _| client.wait()),
    ("raw", |client, method, rest| client.raw(method, rest)),
];

impl<'b> Client<'b> {
    fn new(connection: Connection, bundle: &'b Bundle) -> Self {
        Self {
            connection,
            bundle,
            encoding: String::new(),
            open: BTreeMap::new(),
            next: 1,
            version: 0,
            pending: BTreeMap::new(),
            last: Value::Null,
            known: json!([]),
            heard: 0,
        }
    }

    fn run(mut self) {
        let able = self.bundle.setting("client").unwrap_or_default().to_owned();
        let answer = self
            .asked("initialize", json!({ "capabilities": capabilities(&able), "processId": null, "rootUri": null }));
        let encoding = answer["capabilities"]["positionEncoding"].as_str().expect("an encoding is agreed on");
        encoding.clone_into(&mut self.encoding);
        self.notify("initialized", json!({}));
        for line in self.bundle.script.iter().take(LONGEST) {
            self.say(line);
        }
        if !able.contains("hasty") {
            self.wait();
        }
        self.request("shutdown", Value::Null, None);
        self.wait();
        self.notify("exit", Value::Null);
        // What comes now comes from before.
        while let Ok(message) = self.connection.receiver.recv_timeout(PATIENCE) {
            self.hear(message);
        }
    }

    fn say(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        let (verb, file, rest) = (words.next().unwrap_or(""), words.next().unwrap_or(""), words.next().unwrap_or(""));
        let known = VERBS.iter().find(|(name, _)| *name == verb).unwrap_or(&VERBS[hash(verb) % VERBS.len()]);
        let names: Vec<&String> = self.bundle.files.iter().map(|(name, _)| name).collect();
        let some = || names.get(hash(file) % names.len().max(1)).map_or("openclaw.json", |name| name.as_str());
        let is_free = verb == "raw" || file.contains(':') || names.iter().any(|name| *name == file);
        let file = if is_free { file } else { some() };
        known.1(self, file, rest);
    }

    fn open(&mut self, file: &str, rest: &str) {
        let own = self.bundle.get(file).filter(|_| rest.is_empty());
        let text = own.map_or_else(|| unescaped(rest), str::to_owned);
        let version = self.next_version();
        let document = json!({ "uri": uri(file), "languageId": "json5", "version": version, "text": text });
        self.open.insert(file.to_owned(), Open { version, text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn change(&mut self, file: &str, rest: &str) {
        let (place, new) = rest.split_once(' ').unwrap_or((rest, ""));
        let (new, encoding) = (unescaped(new), self.encoding.clone());
        let version = self.next_version();
        let Some(open) = self.open.get_mut(file) else { return };
        open.version = version;
        let change = if place == "all" {
            open.text.clone_from(&new);
            json!({ "text": new })
        } else {
            let (from, to) = place.split_once('-').unwrap_or((place, place));
            let (from, to) = (position(from, &open.text), position(to, &open.text));
            let (start, end) = (offset(&open.text, from, &encoding), offset(&open.text, to, &encoding));
            open.text.replace_range(start.min(end)..start.max(end), &new);
            json!({ "range": { "start": point(from), "end": point(to) }, "text": new })
        };
        let document = json!({ "uri": uri(file), "version": open.version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    }

    fn next_version(&mut self) -> i32 {
        self.version += 1;
        self.version
    }

    fn close(&mut self, file: &str) {
        self.open.remove(file);
        self.notify("textDocument/didClose", json!({ "textDocument": id(file) }));
    }

    fn of(&mut self, method: &str, file: &str, mut params: Value) {
        params["textDocument"] = id(file);
        let version = self.open.get(file).map(|open| (file.to_owned(), open.version));
        self.request(method, params, version);
    }

    fn at(&mut self, method: &str, file: &str, rest: &str, mut params: Value) {
        let text = self.open.get(file).map_or("", |open| open.text.as_str());
        params["position"] = point(position(rest, text));
        self.of(method, file, params);
    }

    fn act(&mut self, file: &str, rest: &str, context: &Value) {
        let text = self.open.get(file).map_or("", |open| open.text.as_str());
        let (from, to) = rest.split_once('-').unwrap_or((rest, rest));
        let range = json!({ "start": point(position(from, text)), "end": point(position(to, text)) });
        self.of("textDocument/codeAction", file, json!({ "range": range, "context": context }));
    }

    fn raw(&mut self, method: &str, rest: &str) {
        let params = serde_json::from_str(rest).unwrap_or(Value::Null);
        match method {
            // These end it, or have been said.
            "shutdown" | "exit" | "initialize" => {}
            method if method.starts_with("note:") => self.notify(method.trim_start_matches("note:"), params),
            method => self.request(method, params, None),
        }
    }

    fn request(&mut self, method: &str, params: Value, document: Option<(String, i32)>) {
        let id = RequestId::from(self.next);
        self.next += 1;
        self.pending.insert(id.clone(), (method.to_owned(), document));
        self.send(Message::Request(Request::new(id, method.to_owned(), params)));
    }

    fn asked(&mut self, method: &str, params: Value) -> Value {
        self.request(method, params, None);
        self.wait();
        self.last.clone()
    }

    fn notify(&mut self, method: &str, params: Value) {
        // The names of these end the loop.
        if method != "exit" || params.is_null() {
            self.send(Message::Notification(Notification::new(method.to_owned(), params)));
        }
    }

    fn send(&self, message: Message) {
        self.connection.sender.send(message).expect("the server listens");
    }

    /// Until everything is answered.
    fn wait(&mut self) {
        while !self.pending.is_empty() {
            let waited = self.connection.receiver.recv_timeout(PATIENCE);
            let message = waited.unwrap_or_else(|_| panic!("no answer to {:?}", self.pending));
            self.hear(message);
        }
    }

    fn hear(&mut self, message: Message) {
        self.heard += 1;
        assert!(self.heard < MOST_MESSAGES, "the server does not come to an end");
        self.bundle.is_safe(&serde_json::to_string(&message).unwrap());
        match message {
            Message::Response(response) => self.answered(response),
            Message::Notification(notification) => self.told(&notification),
            Message::Request(request) => self.send(Message::Response(Response::new_ok(request.id, Value::Null))),
        }
    }

    fn answered(&mut self, response: Response) {
        let asked = self.pending.remove(&response.id);
        let (method, document) = asked.unwrap_or_else(|| panic!("nobody asked for {response:?}"));
        let result = response.response_result.unwrap_or(Value::Null);
        if let Some((file, version)) = document
            && let Some(open) = self.open.get(&file).filter(|open| open.version == version)
        {
            let own = uri(&file);
            ranges_lie_in(&result, &own, &own, &open.text, &self.encoding);
        }
        if method == "textDocument/diagnostic" {
            self.known = result.get("items").cloned().unwrap_or_else(|| json!([]));
        }
        self.last = result;
    }

    fn told(&mut self, notification: &Notification) {
        if notification.method != "textDocument/publishDiagnostics" {
            return;
        }
        let params = &notification.params;
        let uri = params["uri"].as_str().expect("diagnostics are of a document");
        let open = uri.strip_prefix("file:///w/").and_then(|name| self.open.get(name));
        if let Some(open) = open.filter(|open| params["version"] == open.version) {
            ranges_lie_in(&params["diagnostics"], uri, uri, &open.text, &self.encoding);
        }
        self.known = params["diagnostics"].clone();
    }
}

/// Every `range` that is said of the document lies in its text, the start first.
fn ranges_lie_in(value: &Value, at: &str, document: &str, text: &str, encoding: &str) {
    match value {
        Value::Object(members) => {
            let at = members.get("uri").and_then(Value::as_str).unwrap_or(at);
            if at == document
                && let Some(range) = members.get("range").filter(|range| range.get("start").is_some())
            {
                let place = |end: &str| {
                    let number = |name: &str| range[end][name].as_u64().expect("a number") as usize;
                    let (line, column) = (number("line"), number("character"));
                    let length = text_of_line(text, line).map(|line| width(line, encoding));
                    assert!(length.is_some_and(|length| column <= length), "{range} of {text:?}");
                    (line, column)
                };
                assert!(place("start") <= place("end"), "{range}");
            }
            for (key, member) in members {
                // The edits of other documents are listed by their addresses.
                let at = if key.contains(':') { key } else { at };
                ranges_lie_in(member, at, document, text, encoding);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| ranges_lie_in(item, at, document, text, encoding)),
        _ => {}
    }
}

fn uri(file: &str) -> String {
    if file.contains(':') { file.to_owned() } else { format!("file:///w/{}", file.replace(' ', "%20")) }
}

fn id(file: &str) -> Value {
    json!({ "uri": uri(file) })
}

fn point((line, character): (u32, u32)) -> Value {
    json!({ "line": line, "character": character })
}

/// The place that a word names, or one of the text.
fn position(word: &str, text: &str) -> (u32, u32) {
    let word = word.split_whitespace().next().unwrap_or_default();
    let place = word.split_once(':').and_then(|(line, column)| Some((line.parse().ok()?, column.parse().ok()?)));
    place.unwrap_or_else(|| {
        let lines = text.lines().count().max(1);
        let line = hash(word) % lines;
        let columns = text.lines().nth(line).map_or(0, |line| line.chars().count()) + 1;
        (u32::try_from(line).unwrap(), u32::try_from(hash(word) / 7 % columns).unwrap())
    })
}

/// Lines as the protocol has them.
fn text_of_line(text: &str, line: usize) -> Option<&str> {
    let (mut rest, mut at) = (text, 0);
    loop {
        let end = rest.find(['\n', '\r']);
        let own = &rest[..end.unwrap_or(rest.len())];
        if at == line {
            return Some(own);
        }
        let end = end?;
        rest = &rest[end + if rest[end..].starts_with("\r\n") { 2 } else { 1 }..];
        at += 1;
    }
}

fn width(text: &str, encoding: &str) -> usize {
    match encoding {
        "utf-8" => text.len(),
        "utf-16" => text.encode_utf16().count(),
        _ => text.chars().count(),
    }
}

/// The byte of a place, the nearest one for places that are none.
fn offset(text: &str, (line, column): (u32, u32), encoding: &str) -> usize {
    let Some(own) = text_of_line(text, line as usize) else { return text.len() };
    let start = own.as_ptr().addr() - text.as_ptr().addr();
    let mut seen = 0;
    for (at, c) in own.char_indices() {
        if seen >= column as usize {
            return start + at;
        }
        seen += width(c.encode_utf8(&mut [0; 4]), encoding);
    }
    start + own.len()
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\r", "\r")
}

fn capabilities(able: &str) -> Value {
    let encodings: Vec<&str> = ["utf-8", "utf-16", "utf-32"].into_iter().filter(|name| able.contains(name)).collect();
    let mut document = json!({ "publishDiagnostics": { "relatedInformation": true } });
    let mut workspace = json!({ "didChangeWatchedFiles": { "dynamicRegistration": true } });
    if able.contains("pull") {
        document["diagnostic"] = json!({});
        workspace["diagnostics"] = json!({ "refreshSupport": true });
    }
    if able.contains("resolve") {
        document["codeAction"] = json!({ "dataSupport": true, "resolveSupport": { "properties": ["edit"] } });
    }
    if able.contains("snippet") {
        workspace["workspaceEdit"] = json!({ "documentChanges": true, "snippetEditSupport": true });
    }
    if able.contains("nested") {
        document["documentSymbol"] = json!({ "hierarchicalDocumentSymbolSupport": true });
    }
    json!({ "general": { "positionEncodings": encodings }, "textDocument": document, "workspace": workspace })
}
