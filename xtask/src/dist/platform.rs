//! The platforms that there are packages for, and what cargo, npm and Python call them.

use object::elf::FileHeader64;
use object::read::elf::{Dyn as _, FileHeader as _};
use object::{Architecture, BinaryFormat, Endianness, FileKind, Object as _};

use crate::Result;

/// The oldest glibc that a wheel claims: the one of "manylinux2014".
const OLDEST_GLIBC: u32 = 17;

/// A platform.
#[derive(Debug)]
pub(super) struct Platform {
    /// As cargo calls it.
    pub(super) triple: &'static str,
    /// `os` in a package.json.
    pub(super) os: &'static str,
    /// `cpu` in a package.json.
    pub(super) cpu: &'static str,
    /// `libc` in a package.json.
    pub(super) libc: Option<&'static str>,
    /// As Python calls its processor.
    python_cpu: &'static str,
}

const fn platform(
    triple: &'static str,
    os: &'static str,
    cpu: &'static str,
    libc: Option<&'static str>,
    python_cpu: &'static str,
) -> Platform {
    Platform { triple, os, cpu, libc, python_cpu }
}

/// All of them, in the order in which packages name them.
pub(super) const PLATFORMS: &[Platform] = &[
    platform("aarch64-apple-darwin", "darwin", "arm64", None, "arm64"),
    platform("x86_64-apple-darwin", "darwin", "x64", None, "x86_64"),
    platform("aarch64-unknown-linux-gnu", "linux", "arm64", Some("glibc"), "aarch64"),
    platform("aarch64-unknown-linux-musl", "linux", "arm64", Some("musl"), "aarch64"),
    platform("x86_64-unknown-linux-gnu", "linux", "x64", Some("glibc"), "x86_64"),
    platform("x86_64-unknown-linux-musl", "linux", "x64", Some("musl"), "x86_64"),
    platform("aarch64-pc-windows-msvc", "win32", "arm64", None, "arm64"),
    platform("x86_64-pc-windows-msvc", "win32", "x64", None, "amd64"),
];

impl Platform {
    /// By its triple.
    pub(super) fn of(triple: &str) -> Result<&'static Self> {
        let known = || PLATFORMS.iter().map(|platform| platform.triple).collect::<Vec<_>>().join(", ");
        PLATFORMS
            .iter()
            .find(|platform| platform.triple == triple)
            .ok_or_else(|| format!("there are no packages for {triple}, only for {}", known()).into())
    }

    /// `linux-x64`, `linux-x64-musl`, `win32-arm64`
    pub(super) fn npm_name(&self) -> String {
        let libc = self.libc.filter(|libc| *libc == "musl").map(|libc| format!("-{libc}"));
        format!("{}-{}{}", self.os, self.cpu, libc.unwrap_or_default())
    }

    /// The extension of a program.
    pub(super) fn extension(&self) -> &'static str {
        if self.os == "win32" { "exe" } else { "" }
    }

    /// The file name of the program.
    pub(super) fn program(&self) -> String {
        if self.os == "win32" { format!("{}.exe", super::NAME) } else { super::NAME.to_owned() }
    }

    /// That a program is one for this platform: a wrong `--target` would make packages that nobody can run.
    pub(super) fn fits(&self, binary: &[u8]) -> Result<()> {
        let file = object::File::parse(binary).map_err(|error| format!("this is no program: {error}"))?;
        let format = match self.os {
            "darwin" => BinaryFormat::MachO,
            "win32" => BinaryFormat::Pe,
            _ => BinaryFormat::Elf,
        };
        let architecture = if self.cpu == "arm64" { Architecture::Aarch64 } else { Architecture::X86_64 };
        if (file.format(), file.architecture()) == (format, architecture) {
            return Ok(());
        }
        Err(format!("this program is {:?} for {:?}, not for {}", file.format(), file.architecture(), self.triple)
            .into())
    }

    /// The platform tags of a wheel, sorted. A program without libraries runs with every C library; another one needs
    /// the newest glibc of which it uses something.
    pub(super) fn wheel_tags(&self, binary: &[u8]) -> Result<Vec<String>> {
        let cpu = self.python_cpu;
        Ok(match (self.os, self.libc) {
            // The oldest systems that Rust supports.
            ("darwin", _) if self.cpu == "arm64" => vec![format!("macosx_11_0_{cpu}")],
            ("darwin", _) => vec![format!("macosx_10_12_{cpu}")],
            ("win32", _) => vec![format!("win_{cpu}")],
            _ if is_static(binary)? => vec![
                format!("manylinux2014_{cpu}"),
                format!("manylinux_2_{OLDEST_GLIBC}_{cpu}"),
                format!("musllinux_1_1_{cpu}"),
            ],
            (_, Some("musl")) => vec![format!("musllinux_1_2_{cpu}")],
            _ => vec![format!("manylinux_2_{}_{cpu}", glibc(binary)?.max(OLDEST_GLIBC))],
        })
    }
}

/// Whether a program for Linux needs no shared library.
fn is_static(binary: &[u8]) -> Result<bool> {
    let header = FileHeader64::<Endianness>::parse(binary)?;
    let (endian, mut needs) = (header.endian()?, false);
    let sections = header.sections(endian, binary)?;
    if let Some((entries, _)) = sections.dynamic(endian, binary)? {
        needs = entries.iter().any(|entry| entry.tag(endian) == object::elf::DT_NEEDED);
    }
    Ok(!needs)
}

/// The minor version of the newest `GLIBC_2.x` that a program refers to.
fn glibc(binary: &[u8]) -> Result<u32> {
    if FileKind::parse(binary)? != FileKind::Elf64 {
        return Err("this is no 64-bit program for Linux".into());
    }
    let header = FileHeader64::<Endianness>::parse(binary)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, binary)?;
    let Some((mut needs, link)) = sections.gnu_verneed(endian, binary)? else { return Ok(0) };
    let strings = sections.strings(endian, binary, link)?;
    let mut newest = 0;
    while let Some((_, mut versions)) = needs.next()? {
        while let Some(version) = versions.next()? {
            let name = String::from_utf8_lossy(version.name(endian, strings)?);
            let minor = name.strip_prefix("GLIBC_2.").and_then(|rest| rest.split('.').next()?.parse().ok());
            newest = newest.max(minor.unwrap_or(0));
        }
    }
    Ok(newest)
}
