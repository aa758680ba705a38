//! Developer tasks: everything generated in this repository is made and checked here, and everything measured.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

mod agreement;
mod bench;
mod bench_hostile;
mod bench_lsp;
mod bench_trees;
mod cases;
mod conformance;
mod dist;
mod hooks;
mod oracle;
mod pages;
mod schemas;
mod site;
mod starts;
mod summary;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Developer tasks of openclaw-lint.
#[derive(Parser)]
#[command(name = "xtask")]
enum Task {
    /// Our JSON5 parser against the official suite and the answers of the npm package
    Conformance(conformance::Args),
    /// The bundled OpenClaw schemas
    #[command(subcommand)]
    Schemas(schemas::Command),
    /// Our verdicts beside OpenClaw's own
    Agreement(agreement::Args),
    /// Verdicts of OpenClaw's own validator, made anew from the npm package of a release
    Oracle(oracle::Args),
    /// What becomes of old configs when the gateway starts, foretold and asked of OpenClaw itself
    Starts(starts::Args),
    /// The hooks for pre-commit, .pre-commit-hooks.yaml
    Hooks {
        /// Only say whether they are up to date
        #[arg(long)]
        check: bool,
    },
    /// The pages of the rules in docs/rules, and the contents of the site
    RulePages {
        /// Only say whether they are up to date
        #[arg(long)]
        check: bool,
    },
    /// The packages of a release from a built program: archive, npm packages, wheel, checksums
    Dist(dist::Args),
    /// The site from docs/, with mdBook; every link in it is followed
    Site,
    /// For mdBook: links to what is not on the site
    BookLinks {
        /// `supports`, when mdBook asks about a renderer
        supports: Option<String>,
        /// The renderer
        renderer: Option<String>,
    },
    /// Cold runs of this linter and its peers, as ratios in one run
    BenchPeers {
        /// Runs of each command
        #[arg(long, default_value_t = 60)]
        rounds: usize,
        /// A folder with peers that are not on the PATH
        #[arg(long)]
        peers: Option<PathBuf>,
    },
    /// Checks of trees of configs beside parsing alone, as ratios in one run
    BenchTrees(bench_trees::Args),
    /// Large and hostile files: time beside serde_json, and memory
    BenchHostile {
        /// Runs of the comparison with serde_json
        #[arg(long, default_value_t = 9)]
        rounds: usize,
        /// The program to run
        #[arg(long, default_value = "target/release/openclaw-lint")]
        program: PathBuf,
    },
    /// How long after an edit in a large config its findings are there
    BenchLsp {
        /// How many edits
        #[arg(long, default_value_t = 1000)]
        edits: usize,
        /// The program to drive
        #[arg(long, default_value = "target/release/openclaw-lint")]
        program: PathBuf,
    },
}

#[derive(clap::Args)]
struct Shared {
    /// The folder with the facts that are not part of the project
    #[arg(long, env = "OPENCLAW_LINT_SHARED", default_value = "../shared")]
    shared: PathBuf,
}

fn main() -> ExitCode {
    let result = match Task::parse() {
        Task::Conformance(args) => conformance::run(&args),
        Task::Schemas(command) => schemas::run(command),
        Task::Agreement(args) => agreement::run(&args),
        Task::Oracle(args) => oracle::run(&args),
        Task::Starts(args) => starts::run(&args),
        Task::Dist(args) => dist::run(&args),
        Task::Hooks { check } => hooks::run(check),
        Task::RulePages { check } => pages::run(check).and_then(|()| summary::run(check)),
        Task::Site => site::run(),
        Task::BookLinks { supports, .. } => site::book_links(supports.as_deref()),
        Task::BenchPeers { rounds, peers } => bench::run(rounds, peers.as_deref()),
        Task::BenchTrees(args) => bench_trees::run(&args),
        Task::BenchHostile { rounds, program } => bench_hostile::run(&program, rounds),
        Task::BenchLsp { edits, program } => bench_lsp::run(&program, edits),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
