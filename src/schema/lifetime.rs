//! Which releases knew a key or a word. Asked only when a release does not know one.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{LazyLock, Mutex};

use crate::project::{Path, Segment};

use super::store::{Release, SchemaRef, Store};

/// Answers of [`lifetime`], by the path: the same keys are wrong in many files, and sixty releases are asked.
static LIFETIMES: LazyLock<Mutex<HashMap<Path, Option<Lifetime>>>> = LazyLock::new(Mutex::default);

type Lifetime = (&'static Release, &'static Release);

/// Further answers are not remembered, nor those for longer keys: a run may see any number of wrong ones.
const REMEMBERED: usize = 4096;
const LONGEST: usize = 64;

/// The first and the last of the bundled releases that know a path; `None` when none does.
pub(crate) fn lifetime(path: &Path) -> Option<Lifetime> {
    if let Some(known) = LIFETIMES.lock().ok().and_then(|known| known.get(path).copied()) {
        return known;
    }
    let found = search_lifetime(path);
    let is_long = |step: &Segment| matches!(step, Segment::Key(key) if key.len() > LONGEST);
    let steps = path.segments();
    if let Ok(mut known) = LIFETIMES.lock()
        && known.len() < REMEMBERED
        && steps.len() < LONGEST
        && !steps.iter().any(is_long)
    {
        known.insert(path.clone(), found);
    }
    found
}

fn search_lifetime(path: &Path) -> Option<Lifetime> {
    let texts = texts(path);
    let keys = keys(&texts);
    let store = Store::bundled();
    let mut seen = Seen::default();
    let mut known = store.releases().iter().filter(|release| knows(store.root(release), &keys, &mut seen));
    let first = known.next()?;
    Some((first, known.next_back().unwrap_or(first)))
}

/// The same for all keys of the object at a path.
pub(super) fn lifetimes(object: &Path) -> HashMap<&'static str, (&'static Release, &'static Release)> {
    let texts = texts(object);
    let keys = keys(&texts);
    let store = Store::bundled();
    let mut found = HashMap::new();
    for release in store.releases() {
        let mut names = BTreeSet::new();
        names_at(store.root(release), &keys, &mut names);
        for name in names {
            found.entry(name).or_insert((release, release)).1 = release;
        }
    }
    found
}

/// The keys that a schema names in the object at a path: those for which [`knows`] is true.
fn names_at<'s>(schema: SchemaRef<'s>, path: &[&str], names: &mut BTreeSet<&'s str>) {
    match path.split_first() {
        None => names.extend(schema.properties().map(|(name, _)| name)),
        Some((key, rest)) => {
            let map = schema.subschema("additionalProperties").filter(|child| child.node().is_object());
            let items = schema.subschema("items").filter(|_| is_item(key));
            let children = [schema.property(key), map, items];
            children.into_iter().flatten().for_each(|child| names_at(child, rest, names));
        }
    }
    for branch in ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|keyword| schema.branches(keyword)) {
        names_at(branch, path, names);
    }
}

/// The first and the last of the bundled releases that take a word at a path; `None` when none does.
pub(super) fn word_lifetime(path: &Path, word: &str) -> Option<(&'static Release, &'static Release)> {
    let texts = texts(path);
    let keys = keys(&texts);
    let store = Store::bundled();
    let mut known = store.releases().iter().filter(|release| names_word(store.root(release), &keys, word));
    let first = known.next()?;
    Some((first, known.next_back().unwrap_or(first)))
}

/// Whether a schema lists a word at a path.
fn names_word(schema: SchemaRef<'_>, keys: &[&str], word: &str) -> bool {
    let branches = || {
        let all = ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|keyword| schema.branches(keyword));
        all.into_iter().any(|branch| names_word(branch, keys, word))
    };
    let Some((key, rest)) = keys.split_first() else {
        let node = schema.node();
        let listed =
            node.get("enum").and_then(serde_json::Value::as_array).is_some_and(|all| all.iter().any(|v| v == word));
        return listed || node.get("const").is_some_and(|value| value == word) || branches();
    };
    let below = |child: SchemaRef<'_>| names_word(child, rest, word);
    let named = schema.property(key).map(below);
    let map = || schema.subschema("additionalProperties").is_some_and(|child| child.node().is_object() && below(child));
    let items = || is_item(key) && schema.subschema("items").is_some_and(below);
    named.unwrap_or_else(|| map() || items()) || branches()
}

/// Whether a key is the place of an item of a list, or stands for it.
pub(super) fn is_item(key: &str) -> bool {
    key == "*" || key.bytes().all(|byte| byte.is_ascii_digit())
}

/// Items of lists as numbers; in the table a star stands for them, as for any key.
pub(super) fn texts(path: &Path) -> Vec<Cow<'_, str>> {
    fn text(segment: &Segment) -> Cow<'_, str> {
        match segment {
            Segment::Key(key) => Cow::Borrowed(key),
            Segment::Index(index) => Cow::Owned(index.to_string()),
        }
    }
    path.segments().iter().map(text).collect()
}

pub(super) fn keys<'t>(texts: &'t [Cow<'_, str>]) -> Vec<&'t str> {
    texts.iter().map(|text| &**text).collect()
}

/// Whether a schema names a path. Objects that take any key name none; keys that users choose (`*`) always fit a map.
pub(super) fn knows(schema: SchemaRef<'_>, keys: &[&str], seen: &mut Seen) -> bool {
    let Some((key, rest)) = keys.split_first() else { return true };
    let place = schema.line_of_store().map(|line| (line, keys.len()));
    if let Some(known) = place.and_then(|place| seen.get(&place)) {
        return *known;
    }
    let named = schema.property(key).is_some_and(|child| knows(child, rest, seen));
    let below = named
        || (!rest.is_empty() || *key == "*") && {
            let map = schema.subschema("additionalProperties").filter(|child| child.node().is_object());
            map.is_some_and(|child| knows(child, rest, seen))
                || is_item(key) && schema.subschema("items").is_some_and(|child| knows(child, rest, seen))
        };
    let known = below || {
        let mut branches = ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|keyword| schema.branches(keyword));
        branches.any(|branch| knows(branch, keys, seen))
    };
    seen.extend(place.map(|place| (place, known)));
    known
}

/// Answers of [`knows`] by line of the store and number of keys left: releases share most of their lines.
pub(super) type Seen = HashMap<(u32, usize), bool>;

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path {
        text.split('.').fold(Path::root(), |path, key| path.key(key))
    }

    #[test]
    fn keys_have_a_first_and_a_last_release() {
        let (_, last) = lifetime(&path("gateway.controlUi.allowInsecureAuth")).unwrap();
        assert!(last.version < Store::bundled().latest().unwrap().version);
        assert!(lifetime(&path("gateway.safetyScanner")).is_none());
    }

    #[test]
    fn the_keys_of_an_object_have_the_lifetimes_that_each_has_alone() {
        let mut seen = 0;
        for object in ["gateway", "agents.defaults", "channels.telegram.accounts.x", "models.providers.x.models.0"] {
            let object = path(object);
            for (name, (first, last)) in lifetimes(&object) {
                let (own_first, own_last) = lifetime(&object.key(name)).unwrap();
                assert_eq!((&first.version, &last.version), (&own_first.version, &own_last.version), "{object}.{name}");
                seen += 1;
            }
        }
        assert!(seen > 50, "{seen}");
    }
}
