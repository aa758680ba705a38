//! Arguments. What each option means to a user stands in its doc comment: it is the help text.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use openclaw_lint::language::Language;

use super::format::{Wanted, WantedParser};

/// Lints OpenClaw configuration: every openclaw*.json variant and the env files beside it.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// `check` alone. Most runs are one, and its own options are a fifth of all that are to be described to clap.
#[derive(Debug, Parser)]
pub(crate) struct CheckAlone {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(flatten)]
    pub(crate) check: Check,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The language of messages and help; default: what openclaw-lint.json5 says, else the locale
    #[arg(long, global = true, value_name = "LANGUAGE", ignore_case = true, value_parser = language())]
    pub(crate) lang: Option<Language>,
}

fn language() -> impl TypedValueParser<Value = Language> {
    let tags = Language::ALL.iter().map(|language| language.tag());
    PossibleValuesParser::new(tags).map(|tag| Language::from_tag(&tag).unwrap_or_default())
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check configs and env files
    ///
    /// Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage, unreadable input or an internal error.
    Check(Box<Check>),
    /// Apply fixes in place: those that are certain, with --unsafe also those to look at
    ///
    /// Exit codes: 0 no error is left, 1 errors are left, 2 as for check.
    Fix(Fix),
    /// List all rules
    Rules(Rules),
    /// Explain a rule
    Explain(Explain),
    /// Report which provider has a credential and from where, without showing any
    ///
    /// Exit codes: 0 every provider that is set up has one, 1 one is missing or cannot work, 2 as for check.
    Auth(Auth),
    /// Say before an upgrade of OpenClaw what it will refuse, rewrite, or do otherwise
    ///
    /// Exit codes: 0 every config is accepted as it stands, 1 one is refused or rewritten, 2 as for check.
    Upgrade(Upgrade),
    /// Write a config in the layout of the HTTP 401 guide as OpenClaw reads it
    ///
    /// Exit codes: 0 OpenClaw accepts the result, 1 it does not yet, 2 as for check.
    Convert(Convert),
    /// Serve an editor: findings while typing, fixes, completion, over standard input and output
    ///
    /// Exit codes: 0 the editor said goodbye, 1 it went away without, 2 it did not speak the Language Server Protocol.
    Lsp(Lsp),
    /// Write a commented openclaw-lint.json5 into the current folder
    Init,
    /// Git's pre-commit hook, which checks what is staged
    Hook {
        #[command(subcommand)]
        action: HookAction,
    },
    /// The schemas of OpenClaw releases that this program knows
    Schema {
        #[command(subcommand)]
        action: SchemaAction,
    },
    /// Print a script that completes this program's commands, options and values in a shell
    Completions(Completions),
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: Shell,
}

/// What the editor's settings do not say.
#[derive(Debug, Args)]
pub(crate) struct Lsp {
    /// Speak over standard input and output, which is the only way; editors pass it
    #[arg(long)]
    pub(crate) stdio: bool,

    /// The OpenClaw release to lint for: `latest`, `auto` (the newest that is known) or a version
    #[arg(long, value_name = "VERSION", default_value = "auto")]
    pub(crate) openclaw_version: String,

    /// The layout of the configs
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) layout: LayoutChoice,

    /// Let the process environment count as the top layer of variables
    #[arg(long)]
    pub(crate) process_env: bool,

    /// Also look at programs of this machine that configs name, as the gateway would
    #[arg(long)]
    pub(crate) host_checks: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HookAction {
    /// Write the hook of this repository; one that is there already stays as it is
    Install,
    /// Remove the hook that install wrote
    Uninstall,
    /// Print the hook
    Print,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SchemaAction {
    /// List the releases, oldest first
    List,
    /// Print a release's JSON Schema, for the `$schema` of a config or an editor's settings
    Print(SchemaPrint),
}

#[derive(Debug, Args)]
pub(crate) struct SchemaPrint {
    /// The OpenClaw release: `latest`, `auto` (the newest that is known) or a version
    #[arg(long, value_name = "VERSION", default_value = "auto")]
    pub(crate) openclaw_version: String,

    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Files and folders; `-` reads standard input. Default: the current folder
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Also check the files of this list: a name a line, or names that end in NUL; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,

    /// Check what is staged in git, as the next commit would have it, and report on what it changes. Default: the repository
    #[arg(long, conflicts_with_all = ["user", "workspace", "stdin_filename"])]
    pub(crate) staged: bool,

    /// Output format, with `=FILE` into a file; may be given several times
    #[arg(long, short, value_name = "FORMAT[=FILE]", default_value = "full", value_parser = WantedParser)]
    pub(crate) format: Vec<Wanted>,

    /// Write the preceding --format to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Vec<PathBuf>,

    /// Fail (exit 1) when a finding is at least this severe
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: FailOn,

    /// The OpenClaw release to lint for: `latest`, `auto` (the newest that is known) or a version; may be given several times
    #[arg(long, value_name = "VERSION", default_value = "auto")]
    pub(crate) openclaw_version: Vec<String>,

    /// Judge by this JSON Schema, as `openclaw config schema` prints it, instead of the release's own
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,

    /// Judge by the schema that this program prints with `config schema`, such as `openclaw`: it knows its plugins
    #[arg(long, value_name = "PROGRAM", conflicts_with = "schema")]
    pub(crate) schema_from: Option<PathBuf>,

    /// The layout of the configs
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) layout: LayoutChoice,

    /// Also check the files that OpenClaw would read for this account
    #[arg(long)]
    pub(crate) user: bool,

    /// The OpenClaw profile for --user
    #[arg(long, value_name = "NAME", requires = "user")]
    pub(crate) profile: Option<String>,

    /// Let the process environment count as the top layer of variables
    #[arg(long)]
    pub(crate) process_env: bool,

    /// The folder in which OpenClaw is started: its .env goes before the state folder's
    #[arg(long, value_name = "FOLDER")]
    pub(crate) workspace: Option<PathBuf>,

    /// Also look at programs of this machine that configs name, as the gateway would
    #[arg(long)]
    pub(crate) host_checks: bool,

    /// Only files that match one of these globs
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<String>,

    /// No files that match one of these globs
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    /// Also check files that git ignores
    #[arg(long)]
    pub(crate) no_ignore: bool,

    /// The name to show for standard input; it also decides what kind of file it is
    #[arg(long, value_name = "NAME")]
    pub(crate) stdin_filename: Option<String>,

    /// Refuse files larger than this: bytes, or with K, M, G (powers of 1024)
    #[arg(long, value_name = "SIZE", default_value = "32M", value_parser = size)]
    pub(crate) max_file_size: u64,

    /// Further files with rules of your own
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    /// Do not read openclaw-lint.json5
    #[arg(long)]
    pub(crate) no_config: bool,

    /// Leave out findings that this file knows
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write all findings of now into such a file, and leave with 0
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Exit with 0 when there is no file to check
    #[arg(long)]
    pub(crate) allow_empty: bool,

    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Debug, Args)]
pub(crate) struct Fix {
    /// Files and folders. Default: the current folder
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Also apply fixes that may not be what you meant; look at the difference
    #[arg(long = "unsafe")]
    pub(crate) unsafe_fixes: bool,

    /// Show the difference, without credentials, and write nothing
    #[arg(long)]
    pub(crate) diff: bool,

    /// List the fixes and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Move the credentials of configs into this env file, such as .env, and refer to them as `${NAME}`
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets_to: Option<PathBuf>,

    /// Keep a copy of each changed file, with `.bak` behind its name
    #[arg(long)]
    pub(crate) backup: bool,

    /// The OpenClaw release to fix for: `latest`, `auto` (the newest that is known) or a version
    #[arg(long, value_name = "VERSION", default_value = "auto")]
    pub(crate) openclaw_version: String,

    /// Exit with 0 when there is no file to fix
    #[arg(long)]
    pub(crate) allow_empty: bool,
}

impl Fix {
    /// The arguments of a `check` over the same files.
    pub(crate) fn as_check(&self) -> Check {
        let mut check = Check::default_for(self.paths.clone());
        check.openclaw_version = vec![self.openclaw_version.clone()];
        check.allow_empty = self.allow_empty;
        check
    }
}

#[derive(Debug, Args)]
pub(crate) struct Upgrade {
    /// Files and folders. Default: the current folder
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// The OpenClaw release of today: a version, or `auto` for the one that wrote the config (`meta.lastTouchedVersion`)
    #[arg(long, value_name = "VERSION", default_value = "auto")]
    pub(crate) from: String,

    /// The release to come: `latest` or a version
    #[arg(long, value_name = "VERSION", default_value = "latest")]
    pub(crate) to: String,

    /// How to print it
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: UpgradeFormat,

    /// Write the report to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Apply the fixes in place
    #[arg(long)]
    pub(crate) write: bool,

    /// With --write: also fixes that may not be what you meant
    #[arg(long = "unsafe", requires = "write")]
    pub(crate) unsafe_fixes: bool,

    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum UpgradeFormat {
    /// For a terminal
    Text,
    /// One JSON object
    Json,
    /// For a pull request
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// The config; it is not changed
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Write the result to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Add the credentials of the config to an env file, such as ~/.openclaw/.env
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Option<PathBuf>,

    /// The OpenClaw release to write for: `latest`, `auto` (the newest that is known) or a version
    #[arg(long, value_name = "VERSION", default_value = "auto")]
    pub(crate) openclaw_version: String,
}

#[derive(Debug, Args)]
pub(crate) struct Auth {
    /// Files and folders. Default: the current folder
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// How to print it
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ListFormat,

    /// Also write it as JSON to a file
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Hide account names in paths, so that the report can be shared
    #[arg(long)]
    pub(crate) redact_paths: bool,

    /// Also look at the files that OpenClaw would read for this account
    #[arg(long)]
    pub(crate) user: bool,

    /// Let the process environment count as the top layer of variables
    #[arg(long)]
    pub(crate) process_env: bool,

    /// The folder in which OpenClaw is started: its .env goes before the state folder's
    #[arg(long, value_name = "FOLDER")]
    pub(crate) workspace: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) look: Look,
}

impl Auth {
    /// The arguments of a `check` over the same files.
    pub(crate) fn as_check(&self) -> Check {
        let mut check = Check::default_for(self.paths.clone());
        (check.user, check.process_env) = (self.user, self.process_env);
        check.workspace.clone_from(&self.workspace);
        check
    }
}

#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// Only rules of this group, such as `credentials`
    #[arg(value_name = "GROUP")]
    pub(crate) group: Option<String>,

    /// How to list them
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table
    Text,
    /// A JSON array
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The rule's id or one of its aliases
    #[arg(value_name = "RULE")]
    pub(crate) rule: String,

    /// How to show it
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: PageFormat,

    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// A page for people
    Text,
    /// A JSON object
    Json,
}

impl Check {
    /// What `check PATH...` would get without options.
    pub(crate) fn default_for(paths: Vec<PathBuf>) -> Self {
        let mut check = <Self as clap::FromArgMatches>::from_arg_matches(
            &<Self as Args>::augment_args(clap::Command::new("check")).get_matches_from(["check"]),
        )
        .unwrap_or_else(|error| error.exit());
        check.paths = paths;
        check
    }
}

/// How output looks.
#[derive(Debug, Args)]
pub(crate) struct Look {
    /// Colour: `auto` follows the terminal and NO_COLOR
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,

    /// Columns to fill; default: the terminal's
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub(crate) width: Option<u16>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LayoutChoice {
    /// Read it off each file's keys
    Auto,
    /// What OpenClaw releases read
    Openclaw,
    /// The troubleshooting guide's
    Guide,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Findings with source excerpts
    Full,
    /// One line a finding
    Concise,
    /// One JSON object
    Json,
    /// One JSON object a line: findings, files, and the run at the end
    Jsonl,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// Test results as JUnit writes them
    Junit,
    /// One page for a browser, with everything in it
    Html,
}

impl Format {
    /// The same for the report.
    pub(crate) const fn of_report(self) -> openclaw_lint::report::Format {
        use openclaw_lint::report::Format;
        match self {
            Self::Full => Format::Full,
            Self::Concise => Format::Concise,
            Self::Json => Format::Json,
            Self::Jsonl => Format::Jsonl,
            Self::Sarif => Format::Sarif,
            Self::Github => Format::Github,
            Self::Gitlab => Format::Gitlab,
            Self::Junit => Format::Junit,
            Self::Html => Format::Html,
        }
    }
}

/// `4096`, `512K`, `32M`, `1G`
fn size(text: &str) -> Result<u64, String> {
    let (digits, factor) = match text
        .trim_end_matches(['b', 'B', 'i'])
        .split_at_checked(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len())
    {
        Some((digits, unit)) => match unit.to_ascii_uppercase().as_str() {
            "" => (digits, 1),
            "K" => (digits, 1 << 10),
            "M" => (digits, 1 << 20),
            "G" => (digits, 1 << 30),
            _ => return Err("write bytes, or a number with K, M or G".to_owned()),
        },
        None => return Err("write bytes, or a number with K, M or G".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "write bytes, or a number with K, M or G".to_owned())?;
    // Spans are 32 bits wide: larger files cannot be addressed.
    number.checked_mul(factor).filter(|size| *size < u64::from(u32::MAX)).ok_or_else(|| "must be below 4G".to_owned())
}
