//! `oracle`: verdicts of OpenClaw's own validator, made anew from the npm package of a release.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::cases::{self, Case};
use crate::{Result, Shared};

/// Runs inside Node, in the folder where the packages are.
const PROGRAM: &str = include_str!("../oracle/validate.mjs");
/// The npm package `node` carries the program of this version: OpenClaw needs 24.16 or newer.
const NODE: &str = "node@24.21.0";

/// Which release is asked about what.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    shared: Shared,
    /// The release, as npm names it
    #[arg(long, default_value = "2026.9.6")]
    openclaw_version: String,
    /// A file of cases (JSON lines, perhaps gzipped) instead of the one in the shared folder
    #[arg(long)]
    cases: Option<PathBuf>,
    /// Write the cases with their new verdicts to this file, gzipped
    #[arg(long)]
    out: Option<PathBuf>,
    /// Compare with the verdicts that the cases have; differences are an error
    #[arg(long)]
    check: bool,
    /// A folder for the npm packages, kept for the next time
    #[arg(long)]
    work: Option<PathBuf>,
    /// Processes at a time
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Only so many cases, evenly chosen
    #[arg(long)]
    limit: Option<usize>,
}

/// Asks, writes, compares.
pub(crate) fn run(args: &Args) -> Result<()> {
    let default = args.shared.shared.join("oracle/cases.jsonl.gz");
    let mut asked = cases::read(args.cases.as_ref().unwrap_or(&default))?;
    if let Some(limit) = args.limit {
        let step = asked.len().div_ceil(limit.max(1)).max(1);
        asked = asked.into_iter().step_by(step).collect();
    }
    let work = args.work.clone().unwrap_or_else(|| Path::new("target/oracle").join(&args.openclaw_version));
    prepare(&work, &args.openclaw_version)?;
    let answered = ask(&work, &asked, args.jobs.max(1), &[])?;
    eprintln!("{} cases asked of OpenClaw {}", answered.len(), args.openclaw_version);
    if let Some(out) = &args.out {
        cases::write(out, &answered)?;
    }
    if args.check { compare(&asked, &answered) } else { Ok(()) }
}

/// The same cases, with what becomes of each when the gateway starts.
pub(crate) fn starts(work: &Path, version: &str, asked: &[Case], jobs: usize) -> Result<Vec<Case>> {
    prepare(work, version)?;
    ask(work, asked, jobs, &["--starts"])
}

/// Installs the packages, unless they are there.
fn prepare(work: &Path, version: &str) -> Result<()> {
    if work.join("node_modules/openclaw/dist").is_dir() && node(work).is_file() {
        return Ok(());
    }
    fs::create_dir_all(work)?;
    // Without one, npm would take the next `package.json` above.
    fs::write(work.join("package.json"), "{ \"private\": true }\n")?;
    eprintln!("installing {NODE} and openclaw@{version} in {}", work.display());
    // One after the other: the second may look for a new enough Node on the PATH.
    for package in [NODE.to_owned(), format!("openclaw@{version}")] {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(fs::canonicalize(work)?.join("node_modules/node/bin"));
        let path = std::env::join_paths(folders.chain(std::env::split_paths(&path)))?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", &package]).current_dir(work).env("PATH", path);
        let status = npm.status().map_err(|error| format!("npm: {error}; install Node.js, which brings it"))?;
        if !status.success() {
            return Err(format!("npm could not install {package}").into());
        }
    }
    Ok(())
}

fn node(work: &Path) -> PathBuf {
    work.join("node_modules/node/bin/node")
}

/// The cases with the verdicts of the installed release, in the order given.
fn ask(work: &Path, asked: &[Case], jobs: usize, options: &[&str]) -> Result<Vec<Case>> {
    let work = fs::canonicalize(work)?;
    let program = work.join("validate.mjs");
    fs::write(&program, PROGRAM)?;
    let mut running = Vec::new();
    for (job, part) in asked.chunks(asked.len().div_ceil(jobs).max(1)).enumerate() {
        running.push(start(&work, &program, job, part, options)?);
    }
    let mut answered = Vec::with_capacity(asked.len());
    for (mut child, out) in running {
        if !child.wait()?.success() {
            return Err("the validator's process failed".into());
        }
        answered.extend(cases::read(&out)?);
    }
    if answered.len() == asked.len() {
        Ok(answered)
    } else {
        Err(format!("{} cases asked, {} answered", asked.len(), answered.len()).into())
    }
}

/// Starts one process on its part of the cases; its answers are in the file when it has ended.
fn start(work: &Path, program: &Path, job: usize, part: &[Case], options: &[&str]) -> Result<(Child, PathBuf)> {
    let home = work.join(format!("home-{job}"));
    // What an earlier run left must not be seen by this one.
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir_all(&home)?;
    let (questions, answers) = (work.join(format!("asked-{job}.jsonl")), work.join(format!("answers-{job}.jsonl")));
    let mut file = File::create(&questions)?;
    for case in part {
        serde_json::to_writer(&mut file, case)?;
        file.write_all(b"\n")?;
    }
    let mut command = Command::new(node(work));
    command.arg(program).arg(work.join("node_modules/openclaw")).arg(&home).args(options).current_dir(work);
    command.stdin(Stdio::from(File::open(&questions)?)).stdout(Stdio::from(File::create(&answers)?));
    Ok((command.spawn()?, answers))
}

fn compare(before: &[Case], after: &[Case]) -> Result<()> {
    let differing: Vec<&str> =
        before.iter().zip(after).filter(|(a, b)| !a.has_verdict_of(b)).map(|(case, _)| case.id.as_str()).collect();
    println!("{} of {} verdicts differ", differing.len(), before.len());
    if differing.is_empty() { Ok(()) } else { Err(differing.join(", ").into()) }
}
