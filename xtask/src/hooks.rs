//! `hooks`: what pre-commit reads of this repository, with the names of files that the program knows.

use std::fs;

use openclaw_lint::discover::{FilePatterns, file_patterns};

use crate::Result;

/// Where pre-commit looks for it.
const FILE: &str = ".pre-commit-hooks.yaml";

/// Writes the file, or with `check` says whether it is as it would be written.
pub(crate) fn run(check: bool) -> Result<()> {
    let text = text(&file_patterns());
    if !check {
        fs::write(FILE, text)?;
        println!("{FILE} written");
    } else if fs::read_to_string(FILE).ok().as_ref() == Some(&text) {
        println!("{FILE} is up to date");
    } else {
        return Err(format!("{FILE} is not up to date, run `cargo run -p xtask --bin xtask -- hooks`").into());
    }
    Ok(())
}

/// A hook by its id, what it looks at, and how pre-commit gets the program.
struct Hook {
    id: &'static str,
    looks_at: &'static str,
    description: &'static str,
    language: &'static str,
}

const HOOKS: [Hook; 4] = [
    Hook {
        id: "openclaw-lint",
        looks_at: "configs",
        description: "Lint OpenClaw configuration; pre-commit builds the linter with cargo",
        language: "rust",
    },
    Hook {
        id: "openclaw-lint-env",
        looks_at: "env_files",
        description: "Lint env files of OpenClaw; pre-commit builds the linter with cargo",
        language: "rust",
    },
    Hook {
        id: "openclaw-lint-system",
        looks_at: "configs",
        description: "Lint OpenClaw configuration with the openclaw-lint on the PATH",
        language: "system",
    },
    Hook {
        id: "openclaw-lint-env-system",
        looks_at: "env_files",
        description: "Lint env files of OpenClaw with the openclaw-lint on the PATH",
        language: "system",
    },
];

fn text(patterns: &FilePatterns) -> String {
    let mut text = String::from(
        "# For https://pre-commit.com. Made by `xtask hooks` from the names that src/discover knows; see docs/git.md.\n",
    );
    for hook in &HOOKS {
        let files = if hook.looks_at == "configs" { &patterns.configs } else { &patterns.env_files };
        // Files of one folder are judged together: one process has to see them all.
        text += &format!(
            "- id: {}\n  name: {0}\n  description: {}\n  entry: openclaw-lint check\n  language: {}\n  require_serial: true\n  \
             files: {}\n  exclude: {}\n",
            hook.id,
            quoted(hook.description),
            hook.language,
            quoted(files),
            quoted(&patterns.exclude),
        );
    }
    text
}

/// A text of YAML in which a backslash is one.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
