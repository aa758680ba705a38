//! How long after an edit its findings are there: the real language server over standard input and output, a large config
//! with a finding, one character at a time.

use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

use crate::Result;

/// The size of the config.
const BYTES: usize = 200 * 1024;
/// What the issue asks for, at the 99th percentile.
const LIMIT: Duration = Duration::from_millis(10);

/// A config of that size that OpenClaw would accept, but for what is typed: agents, groups with their members, models and
/// tool servers, as large installations have them.
fn config() -> String {
    let mut parts = [String::new(), String::new(), String::new(), String::new()];
    for at in 0.. {
        if parts.iter().map(String::len).sum::<usize>() >= BYTES {
            break;
        }
        let [agents, groups, models, servers] = &mut parts;
        agents.push_str(&format!(
            "      // Looks after customer {at}.\n      \"support-{at}\": {{\n        name: \"Support {at}\",\n        workspace: \"~/agents/support-{at}\",\n        model: {{ primary: \"anthropic/claude-sonnet-4-6\", fallbacks: [\"openai/gpt-5.4\"] }},\n        tools: {{ profile: \"messaging\", deny: [\"exec\", \"process\"] }},\n        identity: {{ name: \"Support {at}\", emoji: \"🦞\" }},\n      }},\n"
        ));
        groups.push_str(&format!(
            "        \"-100{:07}\": {{ requireMention: true, allowFrom: [\"{}\", \"{}\", \"{}\"] }},\n",
            at + 1_000_000,
            at + 10_000_000,
            at + 20_000_000,
            at + 30_000_000,
        ));
        if at % 8 == 0 {
            models.push_str(&format!(
                "      \"team-{at}\": {{\n        baseUrl: \"https://models-{at}.example.com/v1\",\n        apiKey: \"${{TEAM_{at}_KEY}}\",\n        api: \"openai-completions\",\n        models: [{{ id: \"large-{at}\", name: \"Large {at}\", contextWindow: 128000, maxTokens: 8192, input: [\"text\", \"image\"] }}],\n      }},\n"
            ));
            servers.push_str(&format!(
                "      \"docs-{at}\": {{ transport: \"streamable-http\", url: \"https://docs-{at}.example.com/mcp\" }},\n"
            ));
        }
    }
    let [agents, groups, models, servers] = parts;
    format!(
        "// Made for a measurement.\n{{\n  gateway: {{ mode: \"local\", port: 18789, bind: \"loopback\" }},\n  logging: {{ level: \"info\" }},\n  agents: {{\n    entries: {{\n      main: {{ default: true }},\n{agents}    }},\n  }},\n  channels: {{\n    telegram: {{\n      botToken: \"${{TELEGRAM_BOT_TOKEN}}\",\n      groupPolicy: \"allowlist\",\n      groups: {{\n{groups}      }},\n    }},\n  }},\n  models: {{\n    providers: {{\n{models}    }},\n  }},\n  mcp: {{\n    servers: {{\n{servers}    }},\n  }},\n}}\n"
    )
}

pub(crate) fn run(program: &Path, edits: usize) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("openclaw-lint-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let measured = measure(program, &folder, edits);
    std::fs::remove_dir_all(&folder)?;
    let mut times = measured?;
    times.sort_unstable();
    let at = |part: f64| {
        let index = (times.len() as f64 * part) as usize;
        times.get(index.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
    };
    let (median, high, worst) = (at(0.5), at(0.99), at(1.0));
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{} KB, {} edits, findings after: median {:.2} ms, 99th percentile {:.2} ms, worst {:.2} ms",
        BYTES / 1024,
        times.len(),
        milliseconds(median),
        milliseconds(high),
        milliseconds(worst),
    );
    if high > LIMIT {
        return Err(format!("the 99th percentile is above {} ms", milliseconds(LIMIT)).into());
    }
    Ok(())
}

fn measure(program: &Path, folder: &Path, edits: usize) -> Result<Vec<Duration>> {
    let mut child =
        Command::new(program).args(["lsp", "--stdio"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("no pipes to the server".into());
    };
    let mut stdout = BufReader::new(stdout);
    let mut write = |message: Message| message.write(&mut stdin);
    let notify = |method: &str, params: Value| Message::Notification(Notification::new(method.to_owned(), params));
    let request =
        |id: i32, method: &str, params: Value| Message::Request(Request::new(id.into(), method.to_owned(), params));
    let uri = format!("file://{}", folder.join("openclaw.json").display());
    write(request(1, "initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} })))?;
    write(notify("initialized", json!({})))?;
    let text = config();
    let line = text.lines().position(|line| line.contains("logging")).ok_or("no line to edit")?;
    let column = text.lines().nth(line).and_then(|line| line.find("info")).ok_or("no word to edit")?;
    let document = json!({ "uri": uri, "languageId": "json5", "version": 0, "text": text });
    write(notify("textDocument/didOpen", json!({ "textDocument": document })))?;
    await_version(&mut stdout, 0)?;
    let mut times = Vec::with_capacity(edits);
    for version in 1..=edits {
        // A letter is typed behind the level, and taken away again.
        let (end, text) = if version % 2 == 1 { (column, "x") } else { (column + 1, "") };
        let range =
            json!({ "start": { "line": line, "character": column }, "end": { "line": line, "character": end } });
        let start = Instant::now();
        write(notify(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": uri, "version": version },
                "contentChanges": [{ "range": range, "text": text }],
            }),
        ))?;
        let found = await_version(&mut stdout, version)?;
        times.push(start.elapsed());
        let expected = if version % 2 == 1 { 1 } else { 0 };
        let errors = found.iter().filter(|found| found.get("severity") == Some(&json!(1))).count();
        if errors != expected {
            return Err(format!("{errors} errors after edit {version}, not {expected}").into());
        }
    }
    write(request(2, "shutdown", Value::Null))?;
    while !matches!(Message::read(&mut stdout)?, Some(Message::Response(_)) | None) {}
    write(notify("exit", Value::Null))?;
    stdin.flush()?;
    drop(stdin);
    child.wait()?;
    Ok(times)
}

/// The diagnostics of a version.
fn await_version(stdout: &mut BufReader<std::process::ChildStdout>, version: usize) -> Result<Vec<Value>> {
    loop {
        let Some(message) = Message::read(stdout)? else { return Err("the server has gone".into()) };
        if let Message::Notification(notification) = message
            && notification.params.get("version") == Some(&json!(version))
        {
            let found = notification.params.get("diagnostics").and_then(Value::as_array);
            return Ok(found.cloned().unwrap_or_default());
        }
    }
}
