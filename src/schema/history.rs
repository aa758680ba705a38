//! What became of a key: where it moved (`rules/migrations.json5`), and which releases knew it. Asked only when a release
//! does not know a key.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::project::{Path, Segment};

use super::store::{Release, SchemaRef, Store};

static PACKED: &str = include_str!(concat!(env!("OUT_DIR"), "/migrations.json"));

static MIGRATIONS: LazyLock<Vec<Migration>> = LazyLock::new(|| serde_json::from_str(PACKED).unwrap_or_default());

/// One line of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Migration {
    from: String,
    #[serde(default)]
    to: Option<String>,
    #[serde(default, rename = "keyBy")]
    key_by: Option<String>,
    #[serde(default)]
    wrap: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

/// What the table says of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stands elsewhere now.
    Moved(String),
    /// It stands elsewhere now, as an object that has this member of its items as keys.
    Keyed(String, &'static str),
    /// It is gone.
    Removed,
}

/// Where a key went, if the target release has the place.
pub(super) fn fate(path: &Path, target: &Release) -> Option<Fate> {
    let keys = keys(path);
    let line =
        MIGRATIONS.iter().find(|line| line.wrap.is_none() && line.values.is_empty() && fits(&line.from, &keys))?;
    match &line.to {
        None => Some(Fate::Removed),
        Some(to) => {
            let to = filled(&line.from, to, &keys);
            let there: Vec<&str> = to.split('.').collect();
            let exists = knows(Store::bundled().root(target), &there);
            exists.then(|| match &line.key_by {
                Some(member) => Fate::Keyed(to, member),
                None => Fate::Moved(to),
            })
        }
    }
}

/// The key of the object that a plain value now stands in.
pub(super) fn wrapper(path: &Path) -> Option<&'static str> {
    let keys = keys(path);
    MIGRATIONS.iter().find(|line| line.wrap.is_some() && fits(&line.from, &keys))?.wrap.as_deref()
}

/// The new word for an old value.
pub(super) fn value(path: &Path, old: &str) -> Option<&'static str> {
    let keys = keys(path);
    let line = MIGRATIONS.iter().find(|line| !line.values.is_empty() && fits(&line.from, &keys))?;
    line.values.get(old).map(String::as_str)
}

/// The first and the last of the bundled releases that know a path; `None` when none does.
pub(super) fn lifetime(path: &Path) -> Option<(&'static Release, &'static Release)> {
    let keys = keys(path);
    let store = Store::bundled();
    let mut known = store.releases().iter().filter(|release| knows(store.root(release), &keys));
    let first = known.next()?;
    Some((first, known.next_back().unwrap_or(first)))
}

fn keys(path: &Path) -> Vec<&str> {
    path.segments()
        .iter()
        .map(|segment| match segment {
            Segment::Key(key) => &**key,
            Segment::Index(_) => "*",
        })
        .collect()
}

fn fits(from: &str, keys: &[&str]) -> bool {
    let mut steps = from.split('.');
    keys.iter().all(|key| steps.next().is_some_and(|step| step == "*" || step == *key)) && steps.next().is_none()
}

/// `to` with its stars replaced by what stands for those of `from`, in order.
fn filled(from: &str, to: &str, keys: &[&str]) -> String {
    let mut stars = from.split('.').zip(keys).filter(|(step, _)| *step == "*").map(|(_, key)| *key);
    let steps: Vec<&str> =
        to.split('.').map(|step| if step == "*" { stars.next().unwrap_or("*") } else { step }).collect();
    steps.join(".")
}

/// Whether a schema names a path. Objects that take any key name none; keys that users choose (`*`) always fit a map.
fn knows(schema: SchemaRef<'_>, keys: &[&str]) -> bool {
    let Some((key, rest)) = keys.split_first() else { return true };
    let below = |child: SchemaRef<'_>| knows(child, rest);
    let named = schema.property(key).is_some_and(below);
    let map = || schema.subschema("additionalProperties").is_some_and(|child| child.node().is_object() && below(child));
    let items = || schema.subschema("items").is_some_and(below);
    let branches = || {
        let all = ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|keyword| schema.branches(keyword));
        all.into_iter().any(|branch| knows(branch, keys))
    };
    named || (!rest.is_empty() || *key == "*") && (map() || items()) || branches()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path {
        text.split('.').fold(Path::root(), |path, key| path.key(key))
    }

    #[test]
    fn every_line_leads_to_a_place_that_the_newest_release_has() {
        let store = Store::bundled();
        let newest = store.root(store.latest().unwrap());
        assert!(MIGRATIONS.len() > 100, "the table is read");
        for line in MIGRATIONS.iter() {
            // Some keys are those of a few channels only: one of them stands for the star.
            let channels = ["telegram", "discord", "slack", "*"];
            let exists = |text: &str| {
                channels.iter().any(|name| {
                    let text = text.replacen("channels.*", &format!("channels.{name}"), 1);
                    knows(newest, &text.split('.').collect::<Vec<_>>())
                })
            };
            if let Some(to) = &line.to {
                assert!(exists(to), "{} leads to {to}, which is not there", line.from);
            }
            let stays = line.wrap.is_some() || !line.values.is_empty();
            assert_eq!(exists(&line.from), stays, "{}", line.from);
            if let Some(wrap) = &line.wrap {
                assert!(exists(&format!("{}.{wrap}", line.from)), "{}", line.from);
            }
        }
    }

    #[test]
    fn keys_have_a_first_and_a_last_release() {
        let (_, last) = lifetime(&path("gateway.controlUi.allowInsecureAuth")).unwrap();
        assert!(last.version < Store::bundled().latest().unwrap().version);
        assert!(lifetime(&path("gateway.safetyScanner")).is_none());
        let newest = Store::bundled().latest().unwrap();
        assert_eq!(
            fate(&path("agents.entries.main.memorySearch"), newest),
            Some(Fate::Moved("agents.entries.main.memory.search".into()))
        );
        assert_eq!(value(&path("gateway.bind"), "0.0.0.0"), Some("lan"));
        assert_eq!(wrapper(&path("channels.telegram.streaming")), Some("mode"));
    }
}
