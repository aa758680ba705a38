//! `bench-trees`: checks of many configs beside reading and parsing the same files with `serde_json`, in one run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Result;

/// Keys whose texts may differ between installations without a change of the verdict.
const PERSONAL: &[&str] = &["name", "description", "workspace", "prompt", "systemPrompt", "title", "label"];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The configs of the larger tree; the smaller has a tenth
    #[arg(long, default_value_t = 10_000)]
    configs: usize,
    /// Measurements of each command
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// The program
    #[arg(long, default_value = "target/release/openclaw-lint")]
    program: PathBuf,
    #[command(flatten)]
    shared: crate::Shared,
}

struct Run {
    name: String,
    command: Vec<String>,
    configs: usize,
    times: Vec<Duration>,
    /// Kilobytes at most in memory; none where nobody says.
    peak: Option<u64>,
}

/// Writes both trees, measures, prints a table in Markdown.
pub(crate) fn run(args: &Args) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("openclaw-lint-trees-{}", std::process::id()));
    let measured = measure(args, &folder);
    std::fs::remove_dir_all(&folder)?;
    measured
}

fn measure(args: &Args, folder: &Path) -> Result<()> {
    let models = models(&args.shared.shared)?;
    let mut runs = Vec::new();
    let own = std::env::current_exe()?;
    for configs in [args.configs / 10, args.configs] {
        let tree = folder.join(configs.to_string());
        let bytes = plant(&tree, &models, configs)?;
        println!(
            "{configs} configs, made of {}, {:.1} kB each on average",
            models.len(),
            bytes as f64 / 1e3 / configs as f64
        );
        let tree = tree.display().to_string();
        let mut add = |name: &str, program: &Path, arguments: &[&str]| {
            let command =
                std::iter::once(program.display().to_string()).chain(arguments.iter().map(ToString::to_string));
            runs.push(Run {
                name: name.to_owned(),
                command: command.collect(),
                configs,
                times: Vec::new(),
                peak: None,
            });
        };
        add("serde_json, read and parse", &own.with_file_name("parse-json"), &[&tree]);
        for format in ["jsonl", "concise", "json"] {
            add(&format!("check --format {format}"), &args.program, &["check", "--format", format, &tree]);
        }
    }
    for round in 0..=args.rounds {
        for run in &mut runs {
            let (time, peak) = time(&run.command)?;
            // The first warms the files up.
            if round > 0 {
                run.times.push(time);
            }
            run.peak = run.peak.max(peak);
        }
    }
    table(&mut runs);
    Ok(())
}

/// Real configs as JSON, or the examples where there are none.
fn models(shared: &Path) -> Result<Vec<Value>> {
    let corpus = shared.join("corpus");
    let folder = if corpus.is_dir() { corpus } else { PathBuf::from("examples") };
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(&folder)
        .into_iter()
        .filter_map(std::result::Result::ok)
        .filter(|entry| entry.file_type().is_file() && entry.file_name().to_string_lossy().contains(".json"))
        .map(walkdir::DirEntry::into_path)
        .collect();
    paths.sort();
    let parse = |path: &PathBuf| json5::from_str::<Value>(&std::fs::read_to_string(path).ok()?).ok();
    let models: Vec<Value> = paths.iter().filter_map(parse).filter(Value::is_object).collect();
    if models.is_empty() { Err("no configs to multiply".into()) } else { Ok(models) }
}

/// Writes the tree: a folder for each config, a hundred in a folder. Returns the bytes.
fn plant(tree: &Path, models: &[Value], configs: usize) -> Result<usize> {
    let mut bytes = 0;
    for (at, model) in (0..configs).zip(models.iter().cycle()) {
        let mut config = model.clone();
        personalise(&mut config, at);
        let folder = tree.join(format!("{:03}", at / 100)).join(format!("{at:06}"));
        std::fs::create_dir_all(&folder)?;
        let text = serde_json::to_string_pretty(&config)?;
        bytes += text.len();
        std::fs::write(folder.join("openclaw.json"), text)?;
    }
    Ok(bytes)
}

fn personalise(value: &mut Value, at: usize) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(text) if PERSONAL.contains(&key.as_str()) => text.push_str(&format!(" {at}")),
                    value => personalise(value, at),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| personalise(item, at)),
        _ => {}
    }
}

/// How long a command takes, and its peak memory in kilobytes where GNU time is there to say.
fn time(command: &[String]) -> Result<(Duration, Option<u64>)> {
    const TIME: &str = "/usr/bin/time";
    let report = std::env::temp_dir().join(format!("openclaw-lint-peak-{}", std::process::id()));
    let (program, arguments) = command.split_first().ok_or("no command")?;
    let measures = Path::new(TIME).exists();
    let mut process = Command::new(if measures { TIME } else { program });
    if measures {
        process.args(["-f", "%M", "-o"]).arg(&report).arg(program);
    }
    let start = Instant::now();
    let mut child =
        process.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    // Read, as a consumer would, and thrown away.
    let mut output = child.stdout.take().ok_or("no output")?;
    std::io::copy(&mut output, &mut std::io::sink())?;
    let status = child.wait()?;
    let time = start.elapsed();
    // Findings are exit code 1.
    if !matches!(status.code(), Some(0 | 1)) {
        return Err(format!("{program} left with {status}").into());
    }
    let peak = std::fs::read_to_string(&report).ok().and_then(|text| text.lines().last()?.trim().parse().ok());
    let _ = std::fs::remove_file(&report);
    Ok((time, peak))
}

fn table(runs: &mut [Run]) {
    println!("| command | configs | median | configs a second | of serde_json's throughput | peak memory |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    let mut base = 0.0;
    for run in runs {
        run.times.sort_unstable();
        let seconds = run.times.get(run.times.len() / 2).copied().unwrap_or_default().as_secs_f64();
        if run.name.starts_with("serde_json") {
            base = seconds;
        }
        let peak = run.peak.map_or_else(|| "?".to_owned(), |kilobytes| format!("{:.1} MB", kilobytes as f64 / 1024.0));
        println!(
            "| {} | {} | {:.0} ms | {:.0} | {:.0} % | {peak} |",
            run.name,
            run.configs,
            seconds * 1e3,
            run.configs as f64 / seconds,
            100.0 * base / seconds,
        );
    }
}
