//! A folder, and the real program in it. A program that does not end within [`PATIENCE`] is killed, and the test fails: what
//! is tested is made so large that work in the square of it would not be done by then.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Generous: a slow machine that builds something else at the same time is no reason to fail.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Lab {
    folder: PathBuf,
    /// Goes with the lab, unless the folder is somebody else's.
    _made: Option<tempfile::TempDir>,
}

impl Lab {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let made = tempfile::tempdir().unwrap();
        let lab = Self { folder: made.path().to_path_buf(), _made: Some(made) };
        for (name, text) in files {
            lab.write(name, text);
        }
        lab
    }

    /// In a folder that is there.
    pub fn within(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), _made: None }
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    /// Names in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The program in the folder, with an English UTF-8 environment and nothing else.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_openclaw-lint"));
        command.args(arguments).current_dir(self.path());
        command.env_clear().env("LC_ALL", "C.UTF-8").env("HOME", self.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Done {
        ended(self.command(arguments))
    }
}

/// How a run ended.
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Done {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", start(&self.out), self.err))
    }

    /// Rules of the findings, each once, with their number.
    pub fn rules(&self) -> Vec<(String, usize)> {
        let json = self.json();
        let mut counts = std::collections::BTreeMap::<String, usize>::new();
        for finding in json["findings"].as_array().unwrap() {
            *counts.entry(finding["rule"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        counts.into_iter().collect()
    }
}

/// The beginning of a long text.
pub fn start(text: &str) -> String {
    text.chars().take(2_000).collect()
}

pub fn ended(mut command: Command) -> Done {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    finish(child)
}

/// With something on standard input.
pub fn fed(mut command: Command, input: Vec<u8>) -> Done {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // The program may stop reading: that is its business.
    let feeder = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let done = finish(child);
    feeder.join().unwrap();
    done
}

pub fn finish(mut child: Child) -> Done {
    let reader = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.into_iter().for_each(|mut pipe| drop(pipe.read_to_end(&mut bytes)));
            bytes
        })
    };
    let out = reader(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let err = reader(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("no end in sight after {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    Done::of(Output { status, stdout: out.join().unwrap(), stderr: err.join().unwrap() })
}

/// Nothing that a terminal would obey or not show: of controls, line breaks and tabs only.
pub fn assert_tame(text: &str) {
    let wild = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
    };
    let found = text.char_indices().find(|(_, c)| wild(*c));
    assert!(found.is_none(), "{found:?} in {}", start(&text.escape_debug().to_string()));
}
