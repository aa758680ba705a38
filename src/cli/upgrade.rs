//! `upgrade`: what another release of OpenClaw makes of these configs.

use openclaw_lint::check::{self, Content, Input};
use openclaw_lint::host::RealHost;
use openclaw_lint::language::Phrase;
use openclaw_lint::project::plain;
use openclaw_lint::report::{one_line, upgrade_report};
use openclaw_lint::rules::Catalog;
use openclaw_lint::source::{FileId, SourceFile};
use openclaw_lint::syntax::json5;

use super::args::{Check, Fix, Upgrade, UpgradeFormat};
use super::check::prepare;
use super::output::{self, Terminal};
use super::voice::Voice;
use super::{CLEAN, FINDINGS, Outcome, TROUBLE, Trouble, fix, schema};

pub(super) fn run(arguments: &Upgrade, voice: &Voice) -> Outcome {
    let host = RealHost;
    let mut check = Check::default_for(arguments.paths.clone());
    check.openclaw_version = vec![arguments.to.clone()];
    let Some((inputs, settings)) = prepare(&check, voice, &host)? else { return Ok(CLEAN) };
    let from = match arguments.from.as_str() {
        "auto" => last_touched(&inputs).ok_or_else(|| {
            Trouble(Phrase::new(
                "no config says which release wrote it (`meta.lastTouchedVersion`); say it with --from",
            ))
        })?,
        version => version.to_owned(),
    };
    let from = schema::release(&from, voice)?;
    if from.version > settings.release.version {
        let phrase = Phrase::new("{to} is no upgrade of {from}").with("to", settings.release.version.to_string());
        return Err(Trouble(phrase.with("from", from.version.to_string())));
    }
    let upgrade = check::upgrade(inputs, from, &settings, Catalog::bundled(), &host);
    let report = upgrade_report(&upgrade);
    let text = match arguments.format {
        UpgradeFormat::Text => report.to_text(Terminal::detect(&arguments.look, settings.language).width),
        UpgradeFormat::Json => report.to_json(),
        UpgradeFormat::Markdown => report.to_markdown(),
    };
    match &arguments.output {
        Some(file) => output::write(file, &text)?,
        None => output::print(&text)?,
    }
    let unread = upgrade.after.findings.iter().filter(|finding| check::is_unread(finding));
    let unread: Vec<_> = unread.collect();
    for finding in &unread {
        let file = upgrade.after.sources.get(finding.primary.file).map(SourceFile::name).unwrap_or_default();
        let phrase = Phrase::new("{file}: {problem}").with("problem", upgrade.after.secrets.scrub(&finding.message));
        voice.note(&phrase.with("file", one_line(&upgrade.after.secrets.scrub_path(file))));
    }
    // Nobody knows what becomes of those; the others can be mended.
    if !unread.is_empty() && !arguments.write {
        return Ok(TROUBLE);
    }
    if arguments.write {
        let fixes = Fix {
            paths: arguments.paths.clone(),
            unsafe_fixes: arguments.unsafe_fixes,
            diff: false,
            dry_run: false,
            backup: false,
            secrets_to: None,
            openclaw_version: arguments.to.clone(),
            allow_empty: false,
        };
        return fix::run(&fixes, voice);
    }
    Ok(if report.safe { CLEAN } else { FINDINGS })
}

/// The newest release that wrote one of the configs.
fn last_touched(inputs: &[Input]) -> Option<String> {
    let written = |input: &Input| {
        let Content::Bytes(bytes) = &input.content else { return None };
        let document = json5::parse(std::str::from_utf8(bytes).ok()?, &json5::Options::default());
        let root = plain(FileId(0), &document)?;
        let version = root.get("meta")?.get("lastTouchedVersion")?.as_str()?;
        version.parse::<openclaw_lint::schema::Version>().ok()
    };
    inputs.iter().filter_map(written).max().map(|version| version.to_string())
}
