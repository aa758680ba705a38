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
    fn read(project: &Path) -> Result<Self> {
        let manifest: toml::Table = fs::read_to_string(project.join("Cargo.toml"))?.parse()?;
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
    let facts = Facts::read(Path::new(""))?;
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

#[cfg(test)]
mod tests {
    use super::platform::PLATFORMS;
    use super::*;

    fn project() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn parts(triple: &str) -> Parts {
        let paper = |name: &str| (name.to_owned(), plain(name));
        Parts {
            facts: Facts::read(&project()).expect("facts"),
            platform: Platform::of(triple).expect("a platform"),
            binary: b"program".to_vec(),
            papers: [paper("README.md"), paper("LICENSE-MIT"), paper("THIRD-PARTY-LICENSES.txt")].into(),
            manual: [paper("openclaw-lint.1")].into(),
            completions: [paper("openclaw-lint.fish")].into(),
        }
    }

    /// What is in a `.tgz`: the paths with their modes, and the bytes.
    fn unpack(bytes: &[u8]) -> BTreeMap<String, (u32, Vec<u8>)> {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
        let entries = archive.entries().expect("entries").map(|entry| {
            let mut entry = entry.expect("an entry");
            let (path, mode) =
                (entry.path().expect("a path").display().to_string(), entry.header().mode().expect("a mode"));
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut bytes).expect("read");
            (path, (mode, bytes))
        });
        entries.collect()
    }

    /// `cargo binstall` finds each archive by the template in `Cargo.toml`, and the program in it.
    #[test]
    fn binstall_finds_what_is_made() {
        for platform in PLATFORMS {
            let parts = parts(platform.triple);
            let (name, bytes) = archive::build(&parts).expect("an archive");
            let manifest = fs::read_to_string(project().join("Cargo.toml")).expect("Cargo.toml");
            let manifest: toml::Table = manifest.parse().expect("TOML");
            let binstall = &manifest["package"]["metadata"]["binstall"];
            let own = if platform.os == "win32" { &binstall["overrides"]["cfg(windows)"] } else { binstall };
            let fill = |template: &toml::Value| {
                let text = template.as_str().expect("a template").to_owned();
                let extension = if platform.os == "win32" { ".exe" } else { "" };
                let facts = [
                    ("{ repo }", "https://host/project"),
                    ("{ name }", NAME),
                    ("{ bin }", NAME),
                    ("{ version }", &parts.facts.version),
                    ("{ target }", platform.triple),
                    ("{ binary-ext }", extension),
                ];
                facts.iter().fold(text, |text, (key, value)| text.replace(key, value))
            };
            assert_eq!(
                fill(&own["pkg-url"]),
                format!("https://host/project/releases/download/v{}/{name}", parts.facts.version)
            );
            let program = fill(&binstall["bin-dir"]);
            if own["pkg-fmt"].as_str() == Some("zip") {
                let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
                assert_eq!(
                    archive.by_name(&program).expect("the program").unix_mode().map(|mode| mode & 0o777),
                    Some(0o755)
                );
            } else {
                assert_eq!(unpack(&bytes)[&program], (0o755, b"program".to_vec()));
            }
        }
    }

    #[test]
    fn the_main_npm_package_is_the_same_from_every_platform_and_names_them_all() {
        let mains: Vec<Vec<u8>> = PLATFORMS
            .iter()
            .map(|platform| npm::build(&parts(platform.triple)).expect("packages").into_iter().nth(1).expect("two").1)
            .collect();
        assert!(mains.windows(2).all(|pair| pair[0] == pair[1]));
        let files = unpack(&mains[0]);
        let manifest: serde_json::Value = serde_json::from_slice(&files["package/package.json"].1).expect("JSON");
        for platform in PLATFORMS {
            let [(name, bytes), _] = npm::build(&parts(platform.triple)).expect("packages");
            let own: serde_json::Value =
                serde_json::from_slice(&unpack(&bytes)["package/package.json"].1).expect("JSON");
            let version = &manifest["optionalDependencies"][own["name"].as_str().expect("a name")];
            assert_eq!((version, &own["version"]), (&manifest["version"], &manifest["version"]), "{name}");
            assert_eq!(own["os"][0], platform.os);
        }
        assert_eq!(files["package/bin/openclaw-lint.js"].0, 0o755);
        assert!(files.contains_key("package/man/openclaw-lint.1"));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let all = || {
            let parts = parts("x86_64-pc-windows-msvc");
            let mut all = vec![archive::build(&parts).expect("an archive"), wheel::build(&parts).expect("a wheel")];
            all.extend(npm::build(&parts).expect("packages"));
            all
        };
        assert_eq!(all(), all());
        assert_eq!(
            all()[1].0,
            format!("openclaw_lint-{}-py3-none-win_amd64.whl", parts("x86_64-pc-windows-msvc").facts.version)
        );
    }

    #[test]
    fn a_program_for_another_platform_is_refused() {
        let own = fs::read(std::env::current_exe().expect("this program")).expect("read");
        let wrong = if cfg!(windows) { "aarch64-unknown-linux-gnu" } else { "aarch64-pc-windows-msvc" };
        assert!(Platform::of(wrong).expect("a platform").fits(&own).is_err());
        assert!(Platform::of("wasm32-wasip1").is_err());
    }

    #[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
    #[test]
    fn the_wheel_of_a_program_with_libraries_says_which_glibc_it_needs() {
        let own = fs::read(std::env::current_exe().expect("this program")).expect("read");
        let platform = Platform::of("x86_64-unknown-linux-gnu").expect("a platform");
        platform.fits(&own).expect("it fits");
        let tags = platform.wheel_tags(&own).expect("tags");
        let minor = tags[0].strip_prefix("manylinux_2_").and_then(|rest| rest.strip_suffix("_x86_64"));
        assert!(minor.and_then(|minor| minor.parse::<u32>().ok()).is_some_and(|minor| minor >= 17), "{tags:?}");
    }
}
