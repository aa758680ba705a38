//! What an upgrade from one release to another does to configs: two runs, and what is different.

use crate::host::Host;
use crate::project::{self, Value};
use crate::report::{Report, Upgrade, UpgradedFile};
use crate::rules::Catalog;
use crate::schema::{self, Release};
use crate::source::FileId;
use crate::syntax::json5;

use super::{Input, Settings, run};

/// Checks files by two releases. `settings` are those of the release to come.
#[must_use]
pub fn upgrade(
    inputs: Vec<Input>,
    from: &'static Release,
    settings: &Settings,
    catalog: &'static Catalog,
    host: &dyn Host,
) -> Upgrade {
    let old = Settings { release: from, ..settings.clone() };
    let before = run(inputs.clone(), &old, catalog, host);
    let after = run(inputs, settings, catalog, host);
    let files = after.files.iter().filter(|file| file.kind == "config" && file.layout == Some("openclaw"));
    let files = files.map(|file| {
        let behaviour = value(&after, file.file);
        let behaviour = behaviour.map(|root| schema::behaviour(&root, &from.version, &settings.release.version));
        UpgradedFile { file: file.file, behaviour: behaviour.unwrap_or_default() }
    });
    let files = files.collect();
    Upgrade { before, after, files }
}

/// The config as it is written.
fn value(report: &Report, file: FileId) -> Option<Value> {
    let document = json5::parse(report.sources.get(file)?.text(), &json5::Options::default());
    project::plain(file, &document)
}
