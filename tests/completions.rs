//! The completions of every shell name every command, and each shell reads its own: asked for real where it is installed.

#![expect(clippy::print_stderr, reason = "a shell that is absent is said")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

fn program(arguments: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_openclaw-lint"));
    let output = program.args(arguments).env("LC_ALL", "C.UTF-8").output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What `--help` lists.
fn commands() -> Vec<String> {
    let help = program(&["--help"]);
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // The second line of a long help begins further right.
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// A shell with a script on its standard input; `None`, said aloud, where it is not installed.
fn shell(name: &str, arguments: &[&str], script: &str) -> Option<Output> {
    let mut command = Command::new(name);
    command.args(arguments).env("LC_ALL", "C.UTF-8").env("HOME", "/nonexistent");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        eprintln!("skipped: there is no {name} here");
        return None;
    };
    child.stdin.take().expect("its standard input").write_all(script.as_bytes()).expect("the script");
    Some(child.wait_with_output().expect("the shell ends"))
}

/// That a shell reads a script without complaint, and offers these words.
fn offers(name: &str, arguments: &[&str], script: &str, words: &[String]) {
    let Some(output) = shell(name, arguments, script) else { return };
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && errors.is_empty(), "{name}: {errors}");
    let offered: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    for word in words {
        assert!(offered.contains(&word.as_str()), "{name} does not offer `{word}`: {text}");
    }
}

#[test]
fn the_completions_of_every_shell_name_every_command() {
    let commands = commands();
    assert!(commands.iter().any(|name| name == "check") && commands.iter().any(|name| name == "completions"));
    for name in SHELLS {
        let script = program(&["completions", name]);
        for command in &commands {
            assert!(script.contains(command.as_str()), "{name}: nothing about `{command}`");
        }
        assert!(script.contains("openclaw-version"), "{name}: options are missing");
    }
}

#[test]
fn each_shell_reads_its_completions() {
    for name in ["bash", "zsh", "fish"] {
        let script = program(&["completions", name]);
        if let Some(output) = shell(name, &["-n"], &script) {
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name}");
        }
    }
}

#[test]
fn bash_offers_commands_and_values() {
    let script = program(&["completions", "bash"]);
    let registered = script.split_once("complete -F ").expect("a function is registered").1;
    let function = registered.split_whitespace().next().expect("its name");
    let ask = |words: &str, count: usize| {
        format!(
            "{script}\nCOMP_WORDS=({words} '')\nCOMP_CWORD={count}\n{function} openclaw-lint '' \"${{COMP_WORDS[{}]}}\"\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            count - 1
        )
    };
    offers("bash", &["--norc"], &ask("openclaw-lint", 1), &commands());
    let formats = ["full", "json", "sarif"].map(str::to_owned);
    offers("bash", &["--norc"], &ask("openclaw-lint check --format", 3), &formats);
}

#[test]
fn fish_offers_commands_and_values() {
    let script = program(&["completions", "fish"]);
    let home = tempfile::tempdir().expect("a folder");
    let start = format!("set -gx HOME {}\n{script}\n", home.path().display());
    let ask = |line: &str| format!("{start}complete -C '{line}'\n");
    offers("fish", &["--no-config"], &ask("openclaw-lint "), &commands());
    let formats = ["full", "json", "sarif"].map(str::to_owned);
    offers("fish", &["--no-config"], &ask("openclaw-lint check --format "), &formats);
}

#[test]
fn zsh_loads_its_completion_as_a_function() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("_openclaw-lint"), program(&["completions", "zsh"])).expect("written");
    let folder = folder.path().display();
    let script = format!(
        "fpath=({folder} $fpath)\nautoload -Uz compinit && compinit -u -d {folder}/dump\nprint -r -- $_comps[openclaw-lint]\n"
    );
    offers("zsh", &["-f"], &script, &["_openclaw-lint".to_owned()]);
}

#[test]
fn completions_speak_the_language_of_the_run() {
    let script = program(&["--lang", "zh-CN", "completions", "zsh"]);
    assert!(script.contains("列出所有规则"), "{script}");
    assert!(!script.contains("List all rules"));
    let script = program(&["completions", "zsh"]);
    assert!(script.contains("List all rules"));
}
