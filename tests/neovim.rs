//! The real Neovim, headless, with the plugin of `editors/neovim` and the real program. The session is
//! `tests/fixtures/neovim/session.lua`. Neovims are those that `NEOVIMS` names, separated by `:`, or `nvim`; without any the
//! test says so and is over.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not as expected stops the test")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

const CONFIG: &str = "// mine\n{\n  gateway: { port: \"18789\", mode: \"local\" },\n  agnts: {},\n}\n";

/// What a session saw, by name.
type Seen = BTreeMap<String, Value>;

/// Neovims and their versions.
fn neovims() -> Vec<(String, (u64, u64))> {
    let named = std::env::var("NEOVIMS").unwrap_or_else(|_| "nvim".to_owned());
    let version = |program: &str| {
        let output = Command::new(program).arg("--version").output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let numbers = text.lines().next()?.strip_prefix("NVIM v")?;
        let mut numbers = numbers.split(['.', '-']).map_while(|number| number.parse().ok());
        Some((numbers.next()?, numbers.next()?))
    };
    named.split(':').filter_map(|program| Some((program.to_owned(), version(program)?))).collect()
}

/// Which way the server is started.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// By the plugin.
    Setup,
    /// By `vim.lsp.enable`, with what the plugin says.
    Native,
    /// By `vim.lsp.enable`, without the plugin, as the documentation has it.
    Bare,
}

/// The last block of Lua under "Neovim" in the documentation.
fn documented() -> String {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/editors.md")).unwrap();
    let (_, section) = text.split_once("\n## Neovim\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    section.rsplit_once("```lua\n").unwrap().1.split_once("```").unwrap().0.to_owned()
}

fn session(neovim: &str, way: Way) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        std::fs::write(root.join(name), text).unwrap();
    };
    write("work/openclaw.json", CONFIG);
    write("work/.env", "LOG_LEVEL=a\nLOG_LEVEL=b\n");
    write("work/parts/openclaw.json", "{ gateway: { $include: \"./gateway.json5\" } }\n");
    write("work/parts/gateway.json5", "{ mode: \"local\", prt: 1 }\n");
    write("work/elsewhere/package.json", "{}\n");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let seen = root.join("seen.jsonl");
    let programs = Path::new(env!("CARGO_BIN_EXE_openclaw-lint")).parent().unwrap().to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(programs).chain(std::env::split_paths(&path))).unwrap();
    let script = if way == Way::Bare { "bare.lua" } else { "session.lua" };
    let mut command = Command::new(neovim);
    command.args(["--headless", "--clean", "-n"]);
    if way != Way::Bare {
        command.arg("--cmd").arg(format!("set runtimepath^={}", here.join("editors/neovim").display()));
    }
    write("configuration.lua", &documented());
    command
        .arg("-c")
        .arg(format!("luafile {}", here.join("tests/fixtures/neovim").join(script).display()))
        .env("PATH", path)
        .env("CONFIGURATION", root.join("configuration.lua"))
        .env("HOME", &root)
        .env("XDG_STATE_HOME", root.join("state"))
        .env("XDG_CACHE_HOME", root.join("cache"))
        .env("LC_ALL", "C.UTF-8")
        .env("PROGRAM", env!("CARGO_BIN_EXE_openclaw-lint"))
        .env("FOLDER", root.join("work"))
        .env("SEEN", &seen)
        .stdin(Stdio::null());
    if way == Way::Native {
        command.env("NATIVE", "1");
    }
    let output = command.output().unwrap();
    let text = std::fs::read_to_string(&seen).unwrap_or_default();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{neovim}: {said}\n{text}");
    let line = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        (line["what"].as_str().unwrap().to_owned(), line["value"].clone())
    };
    text.lines().map(line).collect()
}

fn codes(found: &Value) -> Vec<&str> {
    found.as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect()
}

fn judge(seen: &Seen) {
    let named = [
        "two findings",
        "one finding",
        "chinese",
        "no finding",
        "one finding again",
        "findings of variables",
        "finding of a part",
    ];
    for what in named {
        assert_eq!(seen[what], true, "{what}: {seen:#?}");
    }
    let found = &seen["found"];
    assert_eq!(codes(found), ["schema/wrong-type", "schema/unknown-key"]);
    assert_eq!((&found[0]["line"], &found[0]["column"]), (&json!(2), &json!(19)));
    assert_eq!((&found[1]["line"], &found[1]["source"]), (&json!(3), &json!("openclaw-lint")));
    assert_eq!(seen["filetype"], "json5");
    assert!(["javascript", "json5"].contains(&seen["highlighted"].as_str().unwrap()), "{seen:#?}");
    assert!(seen["offered"].as_array().unwrap().len() >= 2, "{:?}", seen["offered"]);
    assert_eq!(seen["after the fix"][2], "  gateway: { port: 18789, mode: \"local\" },");
    assert!(seen["explained"].as_str().unwrap().contains("schema/unknown-key"), "{:?}", seen["explained"]);
    let mended: Vec<&str> = vec!["// mine", "{", "  gateway: { port: 18789, mode: \"local\" },", "  agents: {},", "}"];
    assert_eq!(seen["after all fixes"], json!(mended));
    assert_eq!(seen["written"], json!(mended));
    assert!(codes(&seen["found in variables"]).contains(&"env/duplicate-key"), "{:?}", seen["found in variables"]);
    assert_eq!(codes(&seen["found in a part"]), ["schema/unknown-key"]);
    assert_eq!(seen["clients of a package manifest"], 0);
}

#[test]
fn a_session_in_neovim() {
    let neovims = neovims();
    if neovims.is_empty() {
        println!("no Neovim here: not tested with it");
    }
    for (neovim, version) in neovims {
        judge(&session(&neovim, Way::Setup));
        if version >= (0, 11) {
            judge(&session(&neovim, Way::Native));
            let bare = session(&neovim, Way::Bare);
            assert_eq!((&bare["filetype"], &bare["count"]), (&json!("json5"), &json!(2)));
        }
    }
}
