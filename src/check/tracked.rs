//! Credentials in files that version control keeps or would take.

use std::path::PathBuf;

use crate::discover::{Role, Tracking, tracking};
use crate::finding::Finding;
use crate::host::Host;
use crate::project::Project;
use crate::rules::{Catalog, Context, Violation, live_credentials};
use crate::source::{FileId, Sources};

const RULE: &str = "credentials/tracked";

/// Git is asked only about files that hold a credential, which few of them do.
pub(super) fn check(
    project: &Project,
    sources: &Sources,
    catalog: &Catalog,
    context: &Context,
    host: &dyn Host,
    path: impl Fn(FileId) -> Option<PathBuf>,
) -> Vec<Finding> {
    let found = live_credentials(project, sources, context).into_iter().filter_map(|(place, count)| {
        let outcome = match tracking(host, &path(place.file)?)? {
            Tracking::Tracked => "tracked",
            // A template is meant to be committed, and what stands in it has a rule of its own.
            Tracking::Untracked if !is_template(project, place.file) => "not-ignored",
            Tracking::Untracked | Tracking::Ignored => return None,
        };
        let violation = Violation::new(outcome, place).param("count", count.to_string());
        catalog.finding(RULE, violation, context.language)
    });
    found.collect()
}

fn is_template(project: &Project, file: FileId) -> bool {
    let configs = project.configs.iter().map(|config| (config.file, &config.role));
    let files = project.env_files.iter().map(|file| (file.file, &file.role));
    configs.chain(files).any(|(known, role)| known == file && *role == Role::Template)
}
