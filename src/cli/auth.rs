//! `auth`: which provider has a credential, from where, and how to ask whether it is good.

use openclaw_lint::check;
use openclaw_lint::host::{Host, RealHost};
use openclaw_lint::report::{AuthOptions, auth_report};
use openclaw_lint::rules::Catalog;

use super::args::{Auth, ListFormat};
use super::check::prepare;
use super::output::{self, Terminal};
use super::voice::Voice;
use super::{CLEAN, FINDINGS, Outcome};

pub(super) fn run(arguments: &Auth, voice: &Voice) -> Outcome {
    let host = RealHost;
    let Some((inputs, settings)) = prepare(&arguments.as_check(), voice, &host)? else { return Ok(CLEAN) };
    let (report, credentials) = check::audit(inputs, &settings, Catalog::bundled(), &host);
    let home = host.home().map(|home| home.display().to_string());
    let options = AuthOptions { now: settings.now, redact_paths: arguments.redact_paths, home: home.as_deref() };
    let auth = auth_report(&report, &credentials, options);
    if let Some(file) = &arguments.output {
        output::write(file, &auth.to_json())?;
    }
    match arguments.format {
        ListFormat::Json if arguments.output.is_none() => output::print(&auth.to_json())?,
        ListFormat::Json => {}
        ListFormat::Text => output::print(&auth.to_text(Terminal::detect(&arguments.look, settings.language).width))?,
    }
    Ok(if auth.has_trouble() { FINDINGS } else { CLEAN })
}
