//! Files of certificates that env files and configs name, looked up on this machine. Only on demand, as [`super::programs`].

use std::path::Path;

use crate::discover::Role;
use crate::finding::Finding;
use crate::host::Host;
use crate::language::Language;
use crate::project::{Origin, Project};
use crate::rules::{Catalog, Violation};

const RULE: &str = "network/ca-file";

/// Variables that name a file of certificates. Source: the documentation of Node.js and OpenSSL, and of OpenClaw's proxy.
const NAMES: [&str; 3] = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "OPENCLAW_PROXY_CA_FILE"];

/// Paths of configs that name one. Source: OpenClaw's schema.
const PATHS: [&str; 1] = ["proxy.tls.caFile"];

pub(super) fn check(project: &Project, catalog: &Catalog, language: Language, host: &dyn Host) -> Vec<Finding> {
    let live = project.env_files.iter().filter(|file| matches!(file.role, Role::Live | Role::Variant(_)));
    let entries = live.flat_map(|file| {
        let named = file.parsed.entries.iter().filter(|entry| entry.loaded && NAMES.contains(&&*entry.key));
        named.map(|entry| (Origin { file: file.file, span: entry.value_span }, entry))
    });
    // A path of another form is reported by its text alone.
    let missing = entries.filter(|(_, entry)| {
        let path = Path::new(&*entry.value);
        path.is_absolute() && !host.is_file(path)
    });
    let violations = missing.map(|(place, entry)| Violation::new("default", place).param("key", &*entry.key));
    let configs = project.configs.iter().filter(|config| matches!(config.role, Role::Live | Role::Variant(_)));
    let in_configs = configs.flat_map(|config| {
        let named = PATHS.iter().filter_map(|path| {
            let steps: Vec<&str> = path.split('.').collect();
            let value = steps.iter().try_fold(config.root.as_ref()?, |value, key| value.get(key))?;
            let file = Path::new(value.as_str().filter(|_| !value.unresolved)?);
            let missing = file.is_absolute() && !host.is_file(file);
            let place = steps.iter().fold(crate::project::Path::root(), |place, key| place.key(key));
            missing.then(|| Violation::new("default", value.origin).at_path(place).param("key", *path))
        });
        named.collect::<Vec<_>>()
    });
    violations.chain(in_configs).filter_map(|violation| catalog.finding(RULE, violation, language)).collect()
}
