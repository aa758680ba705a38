//! `convert`: a config in the layout of the troubleshooting guide, written for OpenClaw.

use std::fmt::Write as _;
use std::path::PathBuf;

use openclaw_lint::check::{self, Content, Input, Settings};
use openclaw_lint::discover;
use openclaw_lint::fix::{Converted, convert};
use openclaw_lint::host::{Host, RealHost};
use openclaw_lint::language::Phrase;
use openclaw_lint::redact::{self, Secrets};
use openclaw_lint::report::{Verdict, one_line};
use openclaw_lint::rules::Catalog;
use openclaw_lint::source::{FileId, SourceFile};
use openclaw_lint::syntax::json5;

use super::args::Convert;
use super::voice::Voice;
use super::{CLEAN, FINDINGS, Outcome, Trouble, env_file, output, schema};

/// Larger files are no configs.
const LARGEST: u64 = 1 << 25;

pub(super) fn run(arguments: &Convert, voice: &Voice) -> Outcome {
    let host = RealHost;
    let release = schema::release(&arguments.openclaw_version, voice)?;
    let shown = one_line(&arguments.file.display().to_string());
    let about = |phrase: &'static str| Phrase::new(phrase).with("file", shown.to_string());
    let bytes = host.read(&arguments.file, LARGEST);
    let bytes = bytes.map_err(|error| Trouble(about("cannot read {file}: {error}").with("error", error.phrase())))?;
    let text = String::from_utf8(bytes).map_err(|_| Trouble(about("{file} is not UTF-8")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let converted = convert(text, release)
        .ok_or_else(|| Trouble(about("{file} is not a JSON5 object; `openclaw-lint check` says where")))?;
    let (of_text, of_result) = (secrets(text), secrets(&converted.text));
    if arguments.output.is_none() && !of_result.spans(FILE).is_empty() {
        return Err(Trouble(about(
            "what becomes of {file} still holds a credential: write it to a file, with --output",
        )));
    }
    let left = match &arguments.env_file {
        Some(file) => env_file::add(file, &converted.variables)?,
        None => converted.variables.len(),
    };
    match &arguments.output {
        Some(file) => output::write(file, &converted.text)?,
        None => output::print(&converted.text)?,
    }
    output::note(of_text.scrub(notes(&converted, &shown, left, voice).trim_end()).as_ref());
    let settings = Settings { language: voice.language(), ..Settings::new(release) };
    let blocking = refusals(&converted.text, &settings, &host);
    if blocking.is_empty() {
        return Ok(CLEAN);
    }
    let phrase = Phrase::new("OpenClaw {version} refuses the result:").with("version", release.version.to_string());
    output::note(&format!("{}\n{}", voice.say(&phrase), blocking.join("\n")));
    Ok(FINDINGS)
}

const FILE: FileId = FileId(0);

fn secrets(text: &str) -> Secrets {
    let mut secrets = Secrets::default();
    let document = json5::parse(text, &json5::Options::default());
    redact::mark_config(&mut secrets, FILE, &SourceFile::new("", text), &document);
    secrets
}

fn notes(converted: &Converted, shown: &str, left: usize, voice: &Voice) -> String {
    let mut out = String::new();
    for note in &converted.notes {
        let _ = writeln!(out, "{shown}:{}: `{}`: {}", note.line, one_line(&note.path), voice.say(&note.message));
    }
    if left > 0 {
        let phrase = Phrase::new("{count} of them stay in {file} alone: --env-file FILE writes them into an env file");
        let _ = writeln!(out, "{}", voice.say(&phrase.with("count", left).with("file", shown)));
    }
    out
}

/// What OpenClaw would refuse the result for.
fn refusals(text: &str, settings: &Settings, host: &RealHost) -> Vec<String> {
    let input = Input {
        path: PathBuf::from("openclaw.json"),
        shown: "openclaw.json".to_owned(),
        info: discover::classify_explicit("openclaw.json"),
        content: Content::Bytes(text.as_bytes().to_vec()),
        context: false,
    };
    let report = check::run(vec![input], settings, Catalog::bundled(), host);
    let refused = report.files.iter().any(|file| file.verdict == Verdict::Refused);
    let blocking = report.findings.iter().filter(|finding| finding.blocking && refused);
    blocking.map(|finding| report.text(&finding.message).to_string()).collect()
}
