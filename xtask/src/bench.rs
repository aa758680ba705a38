//! `bench-peers`: cold runs of this linter and its peers on one file, as ratios in one run.
//!
//! Commands take turns, so that a machine whose speed drifts slows all of them alike; medians are compared.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use openclaw_lint::schema::Store;

use crate::Result;

/// A config as people have it, correct under the target release.
const CONFIG: &str = include_str!("../fixtures/ordinary.json5");

struct Peer {
    name: &'static str,
    command: Vec<String>,
    /// Slow peers run less often.
    rounds: usize,
    times: Vec<Duration>,
}

/// Measures and prints a table in Markdown. `peers` may hold binaries that are not on the PATH.
pub(crate) fn run(rounds: usize, peers: Option<&Path>) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("openclaw-lint-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (config, schema) = (folder.join("openclaw.json"), folder.join("schema.json"));
    // The peers read JSON: the config is written without what only JSON5 has.
    let value: serde_json::Value = json5::from_str(CONFIG)?;
    std::fs::write(&config, serde_json::to_string_pretty(&value)?)?;
    let store = Store::bundled();
    std::fs::write(&schema, store.root(store.latest().ok_or("no schemas")?).expand().to_string())?;

    let mut runs = commands(&config, &schema, rounds, peers)?;
    for peer in &mut runs {
        time(&peer.command)?;
    }
    for round in 0..rounds {
        for peer in runs.iter_mut().filter(|peer| round < peer.rounds) {
            peer.times.push(time(&peer.command)?);
        }
    }
    table(&runs);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn commands(config: &Path, schema: &Path, rounds: usize, peers: Option<&Path>) -> Result<Vec<Peer>> {
    let own = std::env::current_exe()?;
    // Copied, as `cargo install` leaves programs: the linker's own output has its pages scattered over the disk cache.
    let copied = |program: PathBuf| {
        let copy = config.with_file_name(program.file_name().unwrap_or_default());
        std::fs::copy(&program, &copy).map_or(program, |_| copy)
    };
    let beside = |name: &str| copied(own.with_file_name(name));
    let in_package = find("openclaw-lint-static", peers).map(copied);
    let (config, schema) = (config.display().to_string(), schema.display().to_string());
    let mut runs = Vec::new();
    let mut add = |name, program: Option<PathBuf>, arguments: &[&str], rounds| match program {
        Some(program) => {
            let command =
                std::iter::once(program.display().to_string()).chain(arguments.iter().map(ToString::to_string));
            runs.push(Peer { name, command: command.collect(), rounds, times: Vec::new() });
        }
        None => eprintln!("{name}: not installed, left out"),
    };
    add("an empty process", Some(beside("empty")).filter(|file| file.exists()), &[], rounds);
    add("openclaw-lint check", Some(beside("openclaw-lint")).filter(|file| file.exists()), &["check", &config], rounds);
    add("the same, static (packages)", in_package, &["check", &config], rounds);
    add("jsonschema-cli validate", find("jsonschema-cli", peers), &["validate", &schema, "-i", &config], rounds);
    let few = rounds.min(10);
    add("check-jsonschema", find("check-jsonschema", peers), &["--schemafile", &schema, &config], few);
    add("openclaw config validate", find("openclaw", peers), &["config", "validate"], few.min(5));
    if runs.len() < 2 {
        return Err("build the workspace in the same profile first".into());
    }
    Ok(runs)
}

fn find(name: &str, peers: Option<&Path>) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = peers.map(PathBuf::from).into_iter().chain(std::env::split_paths(&path));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn time(command: &[String]) -> Result<Duration> {
    let (program, arguments) = command.split_first().ok_or("no command")?;
    let config = arguments.last().cloned().unwrap_or_default();
    let start = Instant::now();
    Command::new(program)
        .args(arguments)
        // OpenClaw validates its active file only.
        .env("OPENCLAW_CONFIG_PATH", config_path(arguments, &config))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    Ok(start.elapsed())
}

fn config_path(arguments: &[String], last: &str) -> String {
    if arguments.first().is_some_and(|first| first == "config") {
        let folder = std::env::temp_dir().join(format!("openclaw-lint-bench-{}", std::process::id()));
        return folder.join("openclaw.json").display().to_string();
    }
    last.to_owned()
}

fn table(runs: &[Peer]) {
    let median = |peer: &Peer| {
        let mut times = peer.times.clone();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    let (empty, own) = (runs.first().map(median).unwrap_or_default(), runs.get(1).map(median).unwrap_or_default());
    println!("| command | median | runs | × empty process | × openclaw-lint |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for peer in runs {
        let time = median(peer);
        let milliseconds = time.as_secs_f64() * 1e3;
        let ratio = |base: Duration| time.as_secs_f64() / base.as_secs_f64().max(f64::EPSILON);
        println!(
            "| {} | {milliseconds:.2} ms | {} | {:.1} | {:.1} |",
            peer.name,
            peer.times.len(),
            ratio(empty),
            ratio(own)
        );
    }
}
