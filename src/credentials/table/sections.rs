//! The texts of the table's sections, read when they are asked for.

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Azure, GuideProvider, KnownEnv, Markers, Misread, Owner, Placeholders, Redaction, Verify, WeakGateway};

/// The text of one section, as `build.rs` wrote it.
macro_rules! section {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/providers.", $name, ".json"))
    };
}

pub(super) const EMBEDDED: Sections = Sections {
    owners: section!("owners"),
    markers: section!("markers"),
    sentinels: section!("sentinels"),
    weak_gateway: section!("weakGateway"),
    placeholders: section!("placeholders"),
    shared_pairs: section!("sharedPairs"),
    verify: section!("verify"),
    misread_names: section!("misreadNames"),
    known_env: section!("knownEnv"),
    azure: section!("azure"),
    guide: section!("guide"),
    redaction: section!("redaction"),
};

/// The JSON text of each section, not yet parsed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sections {
    pub(super) owners: &'static str,
    pub(super) markers: &'static str,
    pub(super) sentinels: &'static str,
    pub(super) weak_gateway: &'static str,
    pub(super) placeholders: &'static str,
    pub(super) shared_pairs: &'static str,
    pub(super) verify: &'static str,
    pub(super) misread_names: &'static str,
    pub(super) known_env: &'static str,
    pub(super) azure: &'static str,
    pub(super) guide: &'static str,
    pub(super) redaction: &'static str,
}

/// A whole table in one JSON text, cut at its top level.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Whole {
    #[serde(borrow)]
    pub(super) providers: &'static RawValue,
    #[serde(borrow)]
    owners: &'static RawValue,
    #[serde(borrow)]
    markers: &'static RawValue,
    #[serde(borrow)]
    sentinels: &'static RawValue,
    #[serde(borrow)]
    weak_gateway: &'static RawValue,
    #[serde(borrow)]
    placeholders: &'static RawValue,
    #[serde(borrow)]
    shared_pairs: &'static RawValue,
    #[serde(borrow)]
    verify: &'static RawValue,
    #[serde(borrow)]
    misread_names: &'static RawValue,
    #[serde(borrow)]
    known_env: &'static RawValue,
    #[serde(borrow)]
    azure: &'static RawValue,
    #[serde(borrow)]
    guide: &'static RawValue,
    #[serde(borrow)]
    redaction: &'static RawValue,
}

impl From<Whole> for Sections {
    fn from(whole: Whole) -> Sections {
        Sections {
            owners: whole.owners.get(),
            markers: whole.markers.get(),
            sentinels: whole.sentinels.get(),
            weak_gateway: whole.weak_gateway.get(),
            placeholders: whole.placeholders.get(),
            shared_pairs: whole.shared_pairs.get(),
            verify: whole.verify.get(),
            misread_names: whole.misread_names.get(),
            known_env: whole.known_env.get(),
            azure: whole.azure.get(),
            guide: whole.guide.get(),
            redaction: whole.redaction.get(),
        }
    }
}

impl Sections {
    pub(super) fn check(&self) -> Result<(), String> {
        let s = self;
        let named = |name: &str, result: Result<(), String>| result.map_err(|error| format!("section {name}: {error}"));
        named("owners", read::<Vec<Owner>>(s.owners).map(drop))?;
        named("markers", read::<Markers>(s.markers).map(drop))?;
        named("sentinels", read::<Vec<&str>>(s.sentinels).map(drop))?;
        named("weakGateway", read::<WeakGateway>(s.weak_gateway).map(drop))?;
        named("placeholders", read::<Placeholders>(s.placeholders).map(drop))?;
        named("sharedPairs", read::<Vec<Vec<&str>>>(s.shared_pairs).map(drop))?;
        named("verify", read::<Vec<Verify>>(s.verify).map(drop))?;
        named("misreadNames", read::<Vec<Misread>>(s.misread_names).map(drop))?;
        named("knownEnv", read::<KnownEnv>(s.known_env).map(drop))?;
        named("azure", read::<Azure>(s.azure).map(drop))?;
        named("guide", read::<Vec<GuideProvider>>(s.guide).map(drop))?;
        named("redaction", read::<Redaction>(s.redaction).map(drop))
    }
}

pub(super) fn read<T: Deserialize<'static>>(section: &'static str) -> Result<T, String> {
    serde_json::from_str(section).map_err(|error| error.to_string())
}

/// The build refuses a table that is not JSON and the tests one that does not fit; an empty section is the answer that
/// cannot panic.
pub(super) fn lazily<'a, T: Deserialize<'static> + Default>(cell: &'a OnceLock<T>, section: &'static str) -> &'a T {
    cell.get_or_init(|| read(section).unwrap_or_default())
}
