//! The language server, driven as an editor does: the real program, over standard input and output.

#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a server that does not answer stops the test"
)]

#[path = "lsp/client.rs"]
mod client;

use client::{Client, pull, push, rules};
use serde_json::{Value, json};

const BAD: &str = "// mine\n{\n  gateway: { port: \"18789\", mode: \"local\" },\n  agnts: {},\n}\n";

/// Credentials of the right shape, made here.
fn key() -> String {
    format!("sk-ant-api03-{}AA", "Zq3".repeat(31))
}

#[test]
fn findings_come_while_one_types() {
    let mut client = Client::start(&[], push());
    client.open("openclaw.json", BAD);
    let found = client.published("openclaw.json", 1);
    assert_eq!(rules(&found), ["schema/wrong-type", "schema/unknown-key"]);
    let first = &found[0];
    assert_eq!(
        first["range"],
        json!({ "start": { "line": 2, "character": 19 }, "end": { "line": 2, "character": 26 } })
    );
    assert_eq!((&first["severity"], &first["source"]), (&json!(1), &json!("openclaw-lint")));
    assert!(first["codeDescription"]["href"].as_str().unwrap().starts_with("https://docs.openclaw.ai/"), "{first}");
    assert!(first["message"].as_str().unwrap().contains('\n'), "message and help: {first}");
    client.edit("openclaw.json", "\"18789\"", "18789");
    let version = client.edit("openclaw.json", "  agnts: {},\n", "");
    assert_eq!(client.published("openclaw.json", version), Vec::<Value>::new());
    assert_eq!(client.end().0, 0);
}

#[test]
fn what_is_old_is_never_shown() {
    let mut client = Client::start(&[], push());
    client.open("openclaw.json", BAD);
    let mut version = 1;
    for round in 0..40 {
        let (old, new) = if round % 2 == 0 { ("agnts", "agents") } else { ("agents", "agnts") };
        version = client.edit("openclaw.json", old, new);
    }
    let found = client.published("openclaw.json", version);
    assert_eq!(rules(&found), ["schema/wrong-type", "schema/unknown-key"]);
    assert!(client.versions_published.is_sorted(), "{:?}", client.versions_published);
    // A change that is older than what is known changes nothing.
    let uri = client.uri("openclaw.json");
    let late = json!({ "textDocument": { "uri": uri, "version": 3 }, "contentChanges": [{ "text": "{}" }] });
    client.notify("textDocument/didChange", late);
    let version = client.edit("openclaw.json", "\"18789\"", "18789");
    assert_eq!(rules(&client.published("openclaw.json", version)), ["schema/unknown-key"]);
}

/// An editor replaces a word everywhere with an edit for each place, in one message.
#[test]
fn thousands_of_edits_in_one_message() {
    let comment = "/* 钥匙 😀 word, word */\n".repeat(3_000);
    let mut client = Client::start(&[], push());
    client.open("openclaw.json", &format!("{comment}{{ gateway: {{ mode: \"local\", word: 1 }} }}\n"));
    client.published("openclaw.json", 1);
    let version = client.edit_all("openclaw.json", "word", "ports");
    let found = client.published("openclaw.json", version);
    assert_eq!(rules(&found), ["schema/unknown-key"]);
    let place = json!({ "start": { "line": 3_000, "character": 28 }, "end": { "line": 3_000, "character": 33 } });
    assert_eq!(found[0]["range"], place, "{found:?}");
}

#[test]
fn columns_are_in_the_unit_that_was_agreed_on() {
    for (offered, agreed, column) in [
        (json!(["utf-8", "utf-16"]), "utf-8", 27),
        (json!(["utf-16"]), "utf-16", 23),
        (json!(["utf-32", "utf-16"]), "utf-32", 22),
        (json!(["utf-7"]), "utf-16", 23),
    ] {
        let mut client = Client::spawn(&[]);
        let capabilities = json!({ "general": { "positionEncodings": offered } });
        let answer =
            client.request("initialize", json!({ "processId": null, "rootUri": null, "capabilities": capabilities }));
        assert_eq!(answer["capabilities"]["positionEncoding"], agreed);
        client.notify("initialized", json!({}));
        client.open("openclaw.json", "{ /* 钥😀 */ gateway: { ports: 1 } }");
        let found = client.published("openclaw.json", 1);
        let found = found.iter().find(|found| found["code"] == "schema/unknown-key").unwrap();
        assert_eq!(found["range"]["start"]["character"], column, "{agreed}: {found:?}");
    }
}

#[test]
fn a_client_that_asks_is_answered_and_told_to_ask_again() {
    let env = format!("ANTHROPIC_API_KEY={}\n", key());
    let config = "{ gateway: { mode: \"local\" }, models: { providers: { anthropic: { baseUrl: \"https://api.anthropic.com\", apiKey: \"${MY_KEY}\", models: [] } } } }";
    let mut client = Client::start(&[], pull());
    client.open("openclaw.json", config);
    client.open(".env", &env);
    let found = client.pulled("openclaw.json");
    assert!(rules(&found).contains(&"env/undefined-reference"), "{found:?}");
    let known =
        client.request("textDocument/diagnostic", json!({ "textDocument": { "uri": client.uri("openclaw.json") } }));
    let params =
        json!({ "textDocument": { "uri": client.uri("openclaw.json") }, "previousResultId": known["resultId"] });
    assert_eq!(client.request("textDocument/diagnostic", params)["kind"], "unchanged");
    // The variable is set in the other file: the config has one finding less.
    client.edit(".env", "ANTHROPIC_API_KEY", "MY_KEY");
    client.until("a refresh", |client| {
        client.asked.iter().any(|request| request.method == "workspace/diagnostic/refresh")
    });
    assert!(!rules(&client.pulled("openclaw.json")).contains(&"env/undefined-reference"));
    let (code, said) = client.end();
    assert_eq!(code, 0);
    assert!(!said.contains("Zq3Zq3"), "a credential in {said}");
    assert!(!said.contains("publishDiagnostics"), "diagnostics of open documents were sent as well");
}

#[test]
fn a_client_that_waits_for_actions_is_told_to_ask_again() {
    let mut client = Client::start_with(&[], pull(), json!({ "locale": "zh-cn" }));
    // Large enough for a moment's work.
    let many: String = (0..5_000).map(|at| format!("  key{at}: {{ a: 1 }},\n")).collect();
    client.open("openclaw.json", &format!("{{\n{many}}}\n"));
    assert!(!client.pulled("openclaw.json")[0]["message"].as_str().unwrap().is_ascii());
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "openclaw-lint": { "lang": "en" } } }));
    // What editors ask whenever the cursor stands somewhere.
    let place = client.place("openclaw.json", "ke|y1:")["position"].clone();
    let params = json!({
        "textDocument": { "uri": client.uri("openclaw.json") },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [] },
    });
    let actions = client.begin("textDocument/codeAction", params);
    assert!(client.response(&actions).response_result.is_ok());
    client.until("a refresh", |client| {
        client.asked.iter().any(|request| request.method == "workspace/diagnostic/refresh")
    });
    assert!(client.pulled("openclaw.json")[0]["message"].as_str().unwrap().is_ascii());
}

#[test]
fn a_client_that_cannot_be_told_to_ask_again_is_sent_what_is_found() {
    // Neovim 0.11.
    let capabilities = json!({ "textDocument": { "diagnostic": {}, "publishDiagnostics": {} } });
    let mut client = Client::spawn(&[]);
    let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
    let answer = client.request("initialize", params);
    assert_eq!(answer["capabilities"]["diagnosticProvider"], Value::Null);
    client.notify("initialized", json!({}));
    client.open("openclaw.json", BAD);
    assert_eq!(rules(&client.published("openclaw.json", 1)), ["schema/wrong-type", "schema/unknown-key"]);
}

#[test]
fn quick_fixes_mend() {
    let mut client = Client::start(&[], push());
    client.open("openclaw.json", BAD);
    let found = client.published("openclaw.json", 1);
    let params = json!({
        "textDocument": { "uri": client.uri("openclaw.json") },
        "range": found[0]["range"],
        "context": { "diagnostics": [found[0].clone()], "only": ["quickfix"] },
    });
    let actions = client.request("textDocument/codeAction", params);
    let fix = &actions[0];
    assert_eq!((&fix["kind"], &fix["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(fix["diagnostics"][0]["code"], "schema/wrong-type");
    let texts = client.applied(&fix["edit"]);
    assert_eq!(texts["openclaw.json"], BAD.replace("\"18789\"", "18789"));
    // The comment that silences it stands above, indented.
    let silence =
        actions.as_array().unwrap().iter().find(|action| action["title"].as_str().unwrap().contains("silence"));
    let text = client.applied(&silence.unwrap()["edit"])["openclaw.json"].clone();
    assert!(text.contains("{\n  // openclaw-lint-ignore schema/wrong-type: say why here\n  gateway:"), "{text}");
    client.edit(
        "openclaw.json",
        "  gateway",
        "  // openclaw-lint-ignore schema/wrong-type: of another program\n  gateway",
    );
    let version = client.edit("openclaw.json", "agnts", "agents");
    assert_eq!(rules(&client.published("openclaw.json", version)), Vec::<&str>::new());
}

#[test]
fn silencing_comments_stand_where_comments_can() {
    let mut client = Client::start(&[], pull());
    client.open("openclaw.json", "{\n  logging: { file: 'a\\\nb', levl: \"debug\" },\n}\n");
    client.open(".env", "A=1\nOPENAI_API_KEY=\"sk-x\n\"\n");
    for (name, line, expected) in
        [("openclaw.json", 2, "{\n  // openclaw-lint-ignore"), (".env", 1, "A=1\n# openclaw-lint-ignore")]
    {
        client.pulled(name);
        let params = json!({
            "textDocument": { "uri": client.uri(name) },
            "range": { "start": { "line": line, "character": 0 }, "end": { "line": line, "character": 40 } },
            "context": { "diagnostics": [], "only": ["quickfix"] },
        });
        let actions = client.request("textDocument/codeAction", params);
        let silence =
            actions.as_array().unwrap().iter().find(|action| action["title"].as_str().unwrap().contains("silence"));
        let silence = silence.unwrap_or_else(|| panic!("{name}: {actions}"));
        let edit = &silence["edit"]["documentChanges"][0]["edits"][0];
        let snippet = edit["snippet"]["value"].as_str().unwrap();
        assert!(snippet.contains("${1:"), "{snippet}");
        let start = usize::try_from(edit["range"]["start"]["line"].as_u64().unwrap()).unwrap();
        let mut lines: Vec<&str> = client.texts[name].split('\n').collect();
        lines.insert(start, snippet.trim_end());
        assert!(lines.join("\n").starts_with(expected), "{name}: {}", lines.join("\n"));
    }
}

#[test]
fn all_safe_fixes_at_once() {
    for capabilities in [push(), pull()] {
        let resolves = capabilities["textDocument"]["codeAction"].is_object();
        let mut client = Client::start(&[], capabilities);
        client.open("openclaw.json", BAD);
        let params = json!({
            "textDocument": { "uri": client.uri("openclaw.json") },
            "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } },
            "context": { "diagnostics": [], "only": ["source.fixAll"] },
        });
        let actions = client.request("textDocument/codeAction", params);
        assert_eq!(actions.as_array().unwrap().len(), 1, "{actions}");
        let mut action = actions[0].clone();
        assert_eq!(action["kind"], "source.fixAll.openclaw-lint");
        assert_eq!(action["edit"].is_null(), resolves);
        if resolves {
            action = client.request("codeAction/resolve", action);
        }
        let expected = BAD.replace("\"18789\"", "18789").replace("agnts", "agents");
        assert_eq!(client.applied(&action["edit"])["openclaw.json"], expected);
    }
}

fn hovered(client: &mut Client, name: &str, part: &str) -> String {
    client.at("textDocument/hover", name, part)["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn hover_tells_what_a_key_is_and_where_a_value_comes_from() {
    let config = "{\n  gateway: { bind: \"lan\", port: 18789, auth: { token: \"${OPENCLAW_GATEWAY_TOKEN}\" } },\n  models: { providers: { anthropic: { apiKey: \"${ANTHROPIC_API_KEY}\" } } },\n}\n";
    let env = format!("OPENCLAW_GATEWAY_TOKEN={}\nANTHROPIC_API_KEY={}\n", "Zq3".repeat(16), key());
    let mut client = Client::start(&[(".env", &env)], push());
    client.open("openclaw.json", config);
    let bind = hovered(&mut client, "openclaw.json", "bi|nd");
    assert!(bind.starts_with("**`gateway.bind`**") && bind.contains("`\"loopback\"`"), "{bind}");
    let port = hovered(&mut client, "openclaw.json", "po|rt");
    assert!(port.contains("integer") && port.contains("in every release since"), "{port}");
    let token = hovered(&mut client, "openclaw.json", "${OPENCLAW_GATE|WAY_TOKEN}");
    assert!(token.contains("from `.env:1`"), "{token}");
    let name = hovered(&mut client, "openclaw.json", "${ANTHROPIC|_API_KEY}");
    assert!(name.contains("a credential of Anthropic") && name.contains("from `.env:2`"), "{name}");
    assert!(!client.end().1.contains("Zq3Zq3"));
}

fn labels(items: &Value) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn completion_knows_keys_values_ids_and_variables() {
    let config = "{\n  gateway: { bin: 1, auth: { mode: \"\" }, },\n  agents: { entries: { writer: {}, coder: {} } },\n  bindings: [{ agentId: \"\" }],\n  env: { vars: { A: \"${}\" } },\n}\n";
    let mut client = Client::start(&[(".env", "MY_TOKEN=x\n")], push());
    client.open("openclaw.json", config);
    let keys = client.at("textDocument/completion", "openclaw.json", "bin|:");
    assert!(labels(&keys).contains(&"bind".to_owned()) && !labels(&keys).contains(&"auth".to_owned()), "{keys}");
    let bind = keys.as_array().unwrap().iter().find(|item| item["label"] == "bind").unwrap();
    assert_eq!(bind["textEdit"]["newText"], "bind");
    let inside = client.at("textDocument/completion", "openclaw.json", "{ mode: \"\" },| }");
    assert!(labels(&inside).contains(&"port".to_owned()), "{inside}");
    let modes = client.at("textDocument/completion", "openclaw.json", "mode: \"|\"");
    assert!(labels(&modes).contains(&"token".to_owned()) && labels(&modes).contains(&"password".to_owned()), "{modes}");
    let agents = client.at("textDocument/completion", "openclaw.json", "agentId: \"|\"");
    assert_eq!(labels(&agents), ["writer", "coder"]);
    let variables = client.at("textDocument/completion", "openclaw.json", "\"${|}\"");
    assert_eq!(labels(&variables), ["MY_TOKEN"]);
    client.open(".env", "MY_TOKEN=x\nANTHR\n");
    let names = client.at("textDocument/completion", ".env", "ANTHR|");
    let key = names.as_array().unwrap().iter().find(|item| item["label"] == "ANTHROPIC_API_KEY").unwrap();
    assert_eq!((&key["textEdit"]["newText"], &key["detail"]), (&json!("ANTHROPIC_API_KEY="), &json!("Anthropic")));
}

fn places(client: &Client, locations: &Value) -> Vec<String> {
    let place = |location: &Value| {
        let start = &location["range"]["start"];
        format!("{}:{}:{}", client.name(location["uri"].as_str().unwrap()), start["line"], start["character"])
    };
    let mut places: Vec<String> = locations.as_array().unwrap().iter().map(place).collect();
    places.sort();
    places
}

#[test]
fn from_names_to_what_they_name_and_back() {
    let config = "{\n  $include: [\"./parts/agents.json5\"],\n  agents: { entries: { writer: {} } },\n  bindings: [{ agentId: \"writer\", match: { channel: \"telegram\" } }],\n  channels: { telegram: { botToken: \"${BOT_TOKEN}\" } },\n}\n";
    let files = [(".env", "X=1\nBOT_TOKEN=abc\n"), ("parts/agents.json5", "{}\n")];
    let mut client = Client::start(&files, push());
    client.open("openclaw.json", config);
    let found = client.at("textDocument/definition", "openclaw.json", "${BOT|_TOKEN}");
    assert_eq!(places(&client, &found), [".env:1:0"]);
    let found = client.at("textDocument/definition", "openclaw.json", "agentId: \"wri|ter\"");
    assert_eq!(places(&client, &found), ["openclaw.json:2:23"]);
    let found = client.at("textDocument/definition", "openclaw.json", "./parts|/agents");
    assert_eq!(places(&client, &found), ["parts/agents.json5:0:0"]);
    let params = client.place("openclaw.json", "{ wri|ter: {}");
    let mut params = params;
    params["context"] = json!({ "includeDeclaration": true });
    let found = client.request("textDocument/references", params);
    assert_eq!(places(&client, &found), ["openclaw.json:3:24"]);
    let mut params = client.place("openclaw.json", "${BOT|_TOKEN}");
    params["context"] = json!({ "includeDeclaration": true });
    let found = client.request("textDocument/references", params.clone());
    assert_eq!(places(&client, &found), [".env:1:0", "openclaw.json:4:39"]);
    let links =
        client.request("textDocument/documentLink", json!({ "textDocument": { "uri": client.uri("openclaw.json") } }));
    assert_eq!(client.name(links[0]["target"].as_str().unwrap()), "parts/agents.json5");
    // Renaming reaches the env file, which is not open.
    let prepared = client.at("textDocument/prepareRename", "openclaw.json", "${BOT|_TOKEN}");
    assert_eq!(prepared["placeholder"], "BOT_TOKEN");
    params["newName"] = json!("TELEGRAM_TOKEN");
    let edit = client.request("textDocument/rename", params.clone());
    let texts = client.applied(&edit);
    assert_eq!(texts[".env"], "X=1\nTELEGRAM_TOKEN=abc\n");
    assert!(texts["openclaw.json"].contains("\"${TELEGRAM_TOKEN}\""));
    params["newName"] = json!("not a name");
    assert!(client.refusal("textDocument/rename", params).1.contains("capital letters"));
}

#[test]
fn the_shape_of_a_document() {
    let config = "// one\n// two\n{\n  gateway: {\n    port: 1,\n  },\n  agents: {\n    entries: { a: {} },\n  },\n}\n";
    for capabilities in [push(), pull()] {
        let nested = capabilities["textDocument"]["documentSymbol"].is_object();
        let mut client = Client::start(&[], capabilities);
        client.open("openclaw.json", config);
        let params = json!({ "textDocument": { "uri": client.uri("openclaw.json") } });
        let symbols = client.request("textDocument/documentSymbol", params.clone());
        if nested {
            assert_eq!(symbols[0]["children"][0]["name"], "port");
        } else {
            let names: Vec<&str> =
                symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap()).collect();
            assert_eq!(names, ["gateway", "port", "agents", "entries", "a"]);
            assert_eq!(symbols[1]["containerName"], "gateway");
        }
        let folds = client.request("textDocument/foldingRange", params);
        let lines = |fold: &Value| (fold["startLine"].as_u64().unwrap(), fold["endLine"].as_u64().unwrap());
        let mut folds: Vec<_> = folds.as_array().unwrap().iter().map(lines).collect();
        folds.sort_unstable();
        assert_eq!(folds, [(0, 1), (2, 8), (3, 4), (6, 7)]);
        client.open(".env", "A=1\nexport B=2\n");
        let params = json!({ "textDocument": { "uri": client.uri(".env") } });
        let symbols = client.request("textDocument/documentSymbol", params);
        assert_eq!(symbols[1]["name"], "B");
    }
}

#[test]
fn files_that_change_on_disk_are_looked_at_again() {
    let config = "{ gateway: { mode: \"local\", auth: { token: \"${GATE_TOKEN}\" } } }";
    let mut client = Client::start(&[], pull());
    client.until("registration", |client| {
        client.asked.iter().any(|request| request.method == "client/registerCapability")
    });
    client.open("openclaw.json", config);
    assert!(!rules(&client.pulled("openclaw.json")).contains(&"env/unused-credential"));
    client.write(".env", "GATE_TOKEN=\nGATE_TOKEN=\n");
    let change = |client: &Client, name: &str| json!({ "changes": [{ "uri": client.uri(name), "type": 1 }] });
    let params = change(&client, ".env");
    client.notify("workspace/didChangeWatchedFiles", params);
    client.until("findings of a file that is not open", |client| client.published.contains_key(".env"));
    assert!(rules(&client.published[".env"].1).contains(&"env/duplicate-key"), "{:?}", client.published);
    // The linter's own configuration counts from the moment that it is written.
    client.write("openclaw-lint.json5", "{ rules: { \"env/duplicate-key\": \"off\" } }");
    let params = change(&client, "openclaw-lint.json5");
    client.notify("workspace/didChangeWatchedFiles", params);
    let is_silent = |client: &Client| !rules(&client.published[".env"].1).contains(&"env/duplicate-key");
    client.until("silence", is_silent);
    // A document that is opened is asked about: what was sent of it is taken back.
    client.open(".env", "GATE_TOKEN=\n");
    client.until("nothing", |client| client.published[".env"].1.is_empty());
    // With the last document its findings go.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": client.uri(".env") } }));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": client.uri("openclaw.json") } }));
    client.until("nothing", |client| client.published.values().all(|(_, found)| found.is_empty()));
}

#[test]
fn an_included_file_has_its_findings() {
    let files = [("openclaw.json", "{ gateway: { $include: \"./parts/gateway.json5\" } }")];
    let mut client = Client::start(&files, push());
    client.open("parts/gateway.json5", "{ mode: \"local\", prt: 1 }");
    let found = client.published("parts/gateway.json5", 1);
    assert_eq!(rules(&found), ["schema/unknown-key"]);
    let version = client.edit("parts/gateway.json5", "prt", "port");
    assert_eq!(client.published("parts/gateway.json5", version), Vec::<Value>::new());
}

#[test]
fn settings_of_the_client_count() {
    let more = json!({ "initializationOptions": { "openclawVersion": "2026.3.1" }, "locale": "zh-cn" });
    let mut client = Client::start_with(&[], push(), more);
    client.open("openclaw.json", BAD);
    let found = client.published("openclaw.json", 1);
    assert!(
        found[0]["message"].as_str().unwrap().contains('，') || found[0]["message"].as_str().unwrap().contains('应'),
        "{found:?}"
    );
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "openclaw-lint": { "lang": "en" } } }));
    client.until("English", |client| {
        client.published["openclaw.json"].1.iter().all(|found| found["message"].as_str().unwrap().is_ascii())
    });
}

#[test]
fn requests_can_be_cancelled() {
    let mut client = Client::start(&[], pull());
    // Large enough for a moment's work.
    let many: String = (0..20_000).map(|at| format!("  key{at}: {{ a: 1 }},\n")).collect();
    client.open("openclaw.json", &format!("{{\n{many}}}\n"));
    let id = client.begin("textDocument/diagnostic", json!({ "textDocument": { "uri": client.uri("openclaw.json") } }));
    client.notify("$/cancelRequest", json!({ "id": id }));
    let error = client.response(&id).response_result.unwrap_err();
    assert_eq!(error.code, -32800);
    // And what comes next is answered.
    assert!(hovered(&mut client, "openclaw.json", "ke|y1:").is_empty());
}

#[test]
fn what_cannot_be_read_is_refused_and_nothing_stops() {
    let mut client = Client::start(&[], pull());
    assert_eq!(client.refusal("textDocument/unheardOf", json!({})).0, -32601);
    let (code, message) = client.refusal("textDocument/hover", json!({ "position": key() }));
    assert!(code == -32602 && !message.contains("Zq3"), "{message}");
    client.notify("textDocument/didChange", json!({ "text": 1 }));
    client.notify("textDocument/didOpen", json!({}));
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "openclaw-lint": { "lang": 7 } } }));
    // A document that is not open, a place that is not there, an address that is no file.
    assert_eq!(
        client.request(
            "textDocument/hover",
            json!({ "textDocument": { "uri": "file:///no/such" }, "position": { "line": 0, "character": 0 } })
        ),
        Value::Null
    );
    client.open("openclaw.json", BAD);
    let far = json!({ "textDocument": { "uri": client.uri("openclaw.json") }, "position": { "line": 900, "character": 900 } });
    client.request("textDocument/hover", far.clone());
    client.request("textDocument/completion", far.clone());
    client.request("textDocument/definition", far);
    let document = json!({ "uri": "untitled:Untitled-1", "languageId": "json5", "version": 1, "text": "{ a: " });
    client.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let params = json!({ "textDocument": { "uri": "untitled:Untitled-1" } });
    assert_eq!(client.request("textDocument/diagnostic", params)["items"], json!([]));
    assert_eq!(rules(&client.pulled("openclaw.json")).len(), 2);
    assert_eq!(client.end().0, 0);
}

#[test]
fn the_exit_code_tells_how_it_ended() {
    let mut client = Client::start(&[], push());
    client.notify("exit", Value::Null);
    assert_eq!(client.gone(), 1);
    let mut client = Client::start(&[], push());
    assert_eq!(client.gone(), 1);
    let mut client = Client::spawn(&[]);
    client.raw(b"GET / HTTP/1.1\r\n\r\n");
    assert_eq!(client.gone(), 2);
}
