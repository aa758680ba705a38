//! `dist`: what a release consists of, made from one binary: an archive, npm packages, a wheel, and their checksums. The same
//! input gives the same bytes: times are fixed, names are sorted, and nothing of the machine gets in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::Result;

mod archive;
mod extras;
mod npm;
mod pack;
mod platform;
mod third_party;
mod wheel;

use platform::Platform;

/// The name of the program and of its packages.
const NAME: &str = "openclaw-lint";
/// The checksums of everything in the folder.
const SUMS: &str = "SHA256SUMS";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The program to pack; default: what `cargo build --release` left, for --target if that is given
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,

    /// What the program was built for; default: this machine
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,

    /// Where the packages go
    #[arg(long, value_name = "FOLDER", default_value = "target/dist")]
    out: PathBuf,
}

/// What the packages say about the project, from `Cargo.toml`.
struct Facts {
    version: String,
    description: String,
    license: String,
    keywords: Vec<String>,
    repository: Option<String>,
}

impl Facts {
    fn read() -> Result<Self> {
        let manifest: toml::Table = fs::read_to_string("Cargo.toml")?.parse()?;
        let package = manifest.get("package").ok_or("Cargo.toml has no package")?;
        let text = |key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let needed = |key: &str| text(key).ok_or_else(|| format!("Cargo.toml: package.{key} is missing"));
        let keywords = package.get("keywords").and_then(toml::Value::as_array).into_iter().flatten();
        Ok(Self {
            version: needed("version")?,
            description: needed("description")?,
            license: needed("license")?,
            keywords: keywords.filter_map(toml::Value::as_str).map(str::to_owned).collect(),
            repository: text("repository"),
        })
    }
}

/// A file of a package.
struct File {
    bytes: Vec<u8>,
    executable: bool,
}

/// The files of a package by their path in it, with `/` between folders.
type Files = BTreeMap<String, File>;

fn plain(bytes: impl Into<Vec<u8>>) -> File {
    File { bytes: bytes.into(), executable: false }
}

/// Everything that the packages are made from.
struct Parts {
    facts: Facts,
    platform: &'static Platform,
    binary: Vec<u8>,
    /// README, changes, licences: what stands at the top of every package.
    papers: Files,
    /// Man pages by their file names.
    manual: Files,
    /// Completions by their file names.
    completions: Files,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let target = match &args.target {
        Some(target) => target.clone(),
        None => host()?,
    };
    let platform = Platform::of(&target)?;
    let binary = args.binary.clone().unwrap_or_else(|| default_binary(args.target.as_deref(), platform));
    let binary = fs::read(&binary).map_err(|error| {
        format!("{}: {error}; `cargo build --release` makes it, `--binary` takes another", binary.display())
    })?;
    platform.fits(&binary)?;
    let facts = Facts::read()?;
    let parts = Parts {
        papers: papers(platform)?,
        manual: extras::manual(&facts.version)?,
        completions: extras::completions()?,
        facts,
        platform,
        binary,
    };
    let mut packages = BTreeMap::new();
    packages.extend([archive::build(&parts)?, wheel::build(&parts)?]);
    packages.extend(npm::build(&parts)?);
    fs::create_dir_all(&args.out)?;
    for (name, bytes) in &packages {
        fs::write(args.out.join(name), bytes)?;
        println!("{} ({} KB)", args.out.join(name).display(), bytes.len() / 1024);
    }
    write_sums(&args.out)
}

/// What rustc builds for when it is not told otherwise.
fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc does not say what it builds for")?.to_owned())
}

fn default_binary(target: Option<&str>, platform: &Platform) -> PathBuf {
    let folder = Path::new("target").join(target.unwrap_or_default()).join("release");
    folder.join(NAME).with_extension(platform.extension())
}

fn papers(platform: &Platform) -> Result<Files> {
    let mut files = Files::new();
    for name in ["README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
        files.insert(name.to_owned(), plain(fs::read(name)?));
    }
    files.insert("THIRD-PARTY-LICENSES.txt".to_owned(), plain(third_party::licences(platform.triple)?));
    Ok(files)
}

/// Checksums of all packages in the folder, those of other platforms too, as `sha256sum --check` reads them.
fn write_sums(folder: &Path) -> Result<()> {
    let mut sums = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && name != SUMS {
            sums.insert(name, hex(&Sha256::digest(fs::read(entry.path())?)));
        }
    }
    let text: String = sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
    fs::write(folder.join(SUMS), text)?;
    println!("{} ({} files)", folder.join(SUMS).display(), sums.len());
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
