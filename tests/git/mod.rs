//! Scratch repositories, made with the real git.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper that fails fails the test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub const LINTER: &str = env!("CARGO_BIN_EXE_openclaw-lint");
pub const GOOD: &str = "{ gateway: { mode: \"local\" } }\n";
pub const BAD: &str = "{ gateway: { mode: \"nowhere\" } }\n";

/// A repository in a folder of its own, which goes when this goes.
pub struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    /// An empty repository.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// An empty repository that `git init` made with these options.
    pub fn with(options: &[&str]) -> Self {
        let scratch = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(scratch.path("")).unwrap();
        let mut arguments = vec!["init", "--quiet", "--initial-branch=main"];
        arguments.extend(options);
        scratch.git(&arguments);
        scratch
    }

    /// A path in the work tree.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("repository").join(file)
    }

    /// A path beside the repository.
    pub fn beside(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let file = self.path(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// Writes a file and stages it.
    pub fn stage(&self, file: &str, text: impl AsRef<[u8]>) {
        self.write(file, text);
        self.git(&["add", "--force", "--", file]);
    }

    pub fn commit(&self) {
        self.git(&["commit", "--quiet", "--no-verify", "--allow-empty-message", "--message="]);
    }

    /// What git does, which has to be able to.
    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_at(&self.path(""), arguments)
    }

    pub fn git_at(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = self.command("git", folder).args(arguments).output().expect("git is installed");
        let text = said(&output);
        assert!(output.status.success(), "git {arguments:?}: {text}");
        text
    }

    /// A program that knows nothing of this account's git, and finds the linter first.
    pub fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = Command::new(program);
        let variables = std::env::vars_os().map(|(name, _)| name);
        for name in variables.filter(|name| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        let bin = Path::new(LINTER).parent().unwrap().to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(bin).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(path).unwrap());
        command.env("HOME", self.folder.path()).env("XDG_CONFIG_HOME", self.folder.path().join("config"));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C.UTF-8");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Somebody").env(format!("GIT_{who}_EMAIL"), "somebody@example.org");
        }
        command.current_dir(folder);
        command
    }

    /// The linter with these arguments, where no git can be run.
    pub fn lint_at(&self, folder: &Path, arguments: &[&str]) -> Run {
        let mut command = self.command(LINTER, folder);
        let output = command.env("PATH", "").args(arguments).output().unwrap();
        Run { code: output.status.code(), text: said(&output) }
    }

    /// `check --staged` with a line for each finding.
    pub fn staged(&self, more: &[&str]) -> Run {
        let mut arguments = vec!["check", "--staged", "--format", "concise"];
        arguments.extend(more);
        self.lint_at(&self.path(""), &arguments)
    }

    /// What `git commit` says with its hooks, whether or not it commits.
    pub fn try_commit(&self, arguments: &[&str]) -> Run {
        let mut command = self.command("git", &self.path(""));
        let output = command.args(["commit", "--quiet", "--message=x"]).args(arguments).output().unwrap();
        Run { code: output.status.code(), text: said(&output) }
    }
}

/// How a program ended, and what it said.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub text: String,
}

impl Run {
    /// Nothing was to be said.
    #[track_caller]
    pub fn passes(&self) {
        assert_eq!(self.code, Some(0), "{}", self.text);
        assert!(!self.text.contains("error"), "{}", self.text);
    }

    /// There are errors, and they are about these files alone.
    #[track_caller]
    pub fn refuses(&self, files: &[&str]) {
        assert_eq!(self.code, Some(1), "{}", self.text);
        let found = self.text.lines().filter(|line| line.contains(": error[") || line.contains(": warning["));
        let mut found: Vec<&str> = found.filter_map(|line| line.split(':').next()).collect();
        found.dedup();
        assert_eq!(found, files, "{}", self.text);
    }

    /// It could not do its work, and says so.
    #[track_caller]
    pub fn fails(&self, words: &str) {
        assert_eq!(self.code, Some(2), "{}", self.text);
        assert!(self.text.contains(words), "{}", self.text);
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
