//! Recorded cases: a config with the files and variables around it, and what OpenClaw's own validator said of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover;
use openclaw_lint::host::{MemoryHost, lexical};
use openclaw_lint::project::Layout;
use openclaw_lint::report::{Report, Verdict};
use openclaw_lint::rules::Catalog;
use openclaw_lint::schema::Store;
use serde::{Deserialize, Serialize};

use crate::Result;

/// The folder in which a case's config lies, as OpenClaw's state folder does in an account's home.
const STATE: &str = "/home/user/.openclaw";

/// Cases whose verdict turns on files of the machine that recorded them: programs that are there or not. They are not
/// compared.
const OF_THE_MACHINE: &[&str] = &["refine-violate/00292", "refine-violate/00293", "refine-violate/00299"];

/// A case. Paths are dot-joined, `<root>` for the whole file.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(crate) struct Case {
    /// `family/number`, or the name of a file.
    pub(crate) id: String,
    /// The release that was asked; the newest bundled one where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// What was varied.
    #[serde(default)]
    pub(crate) family: String,
    /// The config.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    /// The environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) env: Option<BTreeMap<String, String>>,
    /// Other files, by their path from the state folder: text, or `{symlink}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) files: Option<BTreeMap<String, serde_json::Value>>,
    /// Set where the config is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
    /// Whether OpenClaw accepts it.
    pub(crate) valid: bool,
    /// Where OpenClaw sees errors.
    pub(crate) issues: Vec<At>,
    /// Where it warns; only recorded for valid cases.
    #[serde(default)]
    pub(crate) warnings: Vec<At>,
    /// What becomes of it when the gateway starts, if that was asked: the name of a verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<String>,
}

/// A place that OpenClaw names.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct At {
    pub(crate) path: String,
}

/// What we say of a case.
pub(crate) struct Judgement {
    pub(crate) accepted: bool,
    /// Every path of every blocking finding.
    pub(crate) paths: BTreeSet<String>,
    /// Rule and path of each blocking finding.
    pub(crate) blocking: Vec<String>,
}

impl Case {
    /// A config about which nobody has been asked yet.
    pub(crate) fn of_text(id: String, text: String) -> Self {
        Self { id, text: Some(text), ..Self::default() }
    }

    /// What we say becomes of it when the gateway starts: the name of a verdict.
    pub(crate) fn foretell(&self) -> &'static str {
        let files = self.check().map(|report| report.files).unwrap_or_default();
        files.iter().find(|file| file.kind == "config").map_or("unknown", |file| file.verdict.name())
    }

    /// Whether another recording of the case says the same: verdict, paths of issues in any order.
    pub(crate) fn has_verdict_of(&self, other: &Self) -> bool {
        let paths = |case: &Self| case.issues.iter().map(|issue| issue.path.clone()).collect::<BTreeSet<_>>();
        self.id == other.id && self.valid == other.valid && paths(self) == paths(other)
    }

    fn is_comparable(&self) -> bool {
        self.text.is_some() && self.bytes.is_none() && !OF_THE_MACHINE.contains(&self.id.as_str())
    }

    /// Our verdict, from the library alone: nothing is read from this machine.
    /// `None` without a bundled release.
    pub(crate) fn judge(&self) -> Option<Judgement> {
        let report = self.check()?;
        let accepted = report.files.iter().find(|file| file.kind == "config");
        let accepted = accepted.is_some_and(|file| file.verdict == Verdict::Accepted);
        let findings = report.findings.iter().filter(|finding| finding.blocking);
        let mut judgement = Judgement { accepted, paths: BTreeSet::new(), blocking: Vec::new() };
        for finding in findings {
            let paths = finding.config_path.iter().chain(&finding.also_at).map(ToString::to_string);
            judgement.paths.extend(paths);
            let at = finding.config_path.clone().unwrap_or_default();
            judgement.blocking.push(format!("{} at {at}", finding.rule));
        }
        Some(judgement)
    }

    fn check(&self) -> Option<Report> {
        let text = self.text.as_deref().unwrap_or_default();
        let config = PathBuf::from(STATE).join("openclaw.json");
        let mut host = MemoryHost::new("/home/user");
        let mut inputs = vec![input(&config, text)];
        for (name, content) in self.files.iter().flatten() {
            let path = lexical(&PathBuf::from(STATE).join(name));
            if let Some(target) = content.get("symlink").and_then(serde_json::Value::as_str) {
                host = host.with_link(&path, target);
                continue;
            }
            let content = content.as_str().unwrap_or_default();
            host = host.with_file(&path, content);
            if name == ".env" || name == "../.env" {
                inputs.push(input(&path, content));
            }
        }
        let store = Store::bundled();
        let release = match &self.version {
            Some(version) => store.release(&version.parse().ok()?)?,
            None => store.latest()?,
        };
        let process_env = Some(self.env.clone().unwrap_or_default());
        let settings = Settings { layout: Some(Layout::OpenClaw), process_env, ..Settings::new(release) };
        Some(check::run(inputs, &settings, Catalog::bundled(), &host))
    }
}

fn input(path: &Path, text: &str) -> Input {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let content = Content::Bytes(text.as_bytes().to_vec());
    Input {
        path: path.to_owned(),
        shown: path.display().to_string(),
        info: discover::classify_explicit(&name),
        content,
        context: false,
    }
}

/// Cases of a file of JSON lines, perhaps gzipped, that can be compared.
pub(crate) fn read(file: &Path) -> Result<Vec<Case>> {
    let open = File::open(file)?;
    let zipped = file.extension().is_some_and(|end| end == "gz");
    let text: Box<dyn Read> = if zipped { Box::new(GzDecoder::new(open)) } else { Box::new(open) };
    // Lines end at `\n` alone: some texts hold U+2028.
    let lines = BufReader::new(text).lines();
    let cases: Result<Vec<Case>> = lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect();
    Ok(cases?.into_iter().filter(Case::is_comparable).collect())
}

/// The real configs of `folder` with their recorded verdicts.
pub(crate) fn read_corpus(folder: &Path, verdicts: &Path) -> Result<Vec<Case>> {
    let lines = std::fs::read_to_string(verdicts)?;
    let read = |line: &str| -> Result<Case> {
        let mut case: Case = serde_json::from_str(line)?;
        let bytes = std::fs::read(folder.join(&case.id))?;
        case.text = Some(String::from_utf8_lossy(&bytes).into_owned());
        case.family = case.version.as_ref().map_or_else(|| "real".to_owned(), |version| format!("real, {version}"));
        Ok(case)
    };
    lines.lines().map(read).collect()
}

/// An even sample: all of a small family, every so-manieth of a large one.
pub(crate) fn sample(cases: &[Case]) -> Vec<Case> {
    const WHOLE: usize = 40;
    const SHARE: usize = 9;
    let mut families: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        families.entry(&case.family).or_default().push(case);
    }
    let sampled = families.into_values().flat_map(|family| {
        let wanted = (family.len() / SHARE).max(WHOLE).min(family.len());
        let count = family.len();
        (0..wanted).filter_map(move |index| family.get(index * count / wanted).map(|case| (*case).clone()))
    });
    sampled.collect()
}

/// Writes cases as gzipped JSON lines. The same cases give the same bytes.
pub(crate) fn write(file: &Path, cases: &[Case]) -> Result<()> {
    let mut out = GzEncoder::new(File::create(file)?, Compression::best());
    for case in cases {
        serde_json::to_writer(&mut out, case)?;
        out.write_all(b"\n")?;
    }
    out.finish()?;
    Ok(())
}
