//! Where a key belongs that stands in a place that does not know it: a level deeper, or elsewhere in the newest release.

use crate::project::{Path, Segment, Value};

use super::room::{has_room, holds_members};
use super::store::SchemaRef;

/// Keys of the newest release that stand in few places, sorted, with these places: keys joined by dots, `*` for names that
/// users choose and for items, places apart by a blank. Made by `build.rs`.
static KNOWN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/places.rs"));

/// More places than this are no advice.
const SHOWN: usize = 3;

/// A place in a part of the config that has nothing to do with where the key stands is only advice when it is near the root.
const NEAR: usize = 4;

/// Where a key exists one level below an object (`gateway.mode` for `mode`), or as an entry of a map there
/// (`models.providers.openai` for `models.openai`): where the value has room, or the only place there is.
pub(super) fn below(owner: SchemaRef<'_>, path: &Path, key: &str, value: &Value) -> Vec<String> {
    let children = || owner.properties().filter_map(|(name, child)| Some((name, child.property(key)?)));
    let mut found: Vec<&str> = children().filter(|(_, place)| has_room(*place, value)).map(|(name, _)| name).collect();
    if found.is_empty() {
        let of = |map: SchemaRef<'_>| map.subschema("additionalProperties").is_some_and(|of| holds_members(of, value));
        found = owner.properties().filter(|(_, child)| of(*child)).map(|(name, _)| name).collect();
    }
    if found.is_empty() && children().count() == 1 {
        found.extend(children().map(|(name, _)| name));
    }
    found.truncate(if found.len() > SHOWN { 0 } else { SHOWN });
    found.into_iter().map(|name| path.key(name).key(key).to_string()).collect()
}

/// Where the newest release has a key of this name with room for the value, if it is the target (`schema` is its root) or the
/// target has the place too: the places most like the one at which the key stands, which is the member `key` at `path`.
pub(super) fn elsewhere(
    schema: SchemaRef<'_>,
    root: &Value,
    path: &Path,
    key: &str,
    value: &Value,
) -> Vec<&'static str> {
    let known = KNOWN.binary_search_by_key(&key, |(name, _)| name).ok().and_then(|at| KNOWN.get(at));
    let own: Vec<&str> = path.segments().iter().map(key_of).collect();
    let there = known.into_iter().flat_map(|(_, places)| places.split(' '));
    let mut there: Vec<(Likeness, &str)> = there
        .filter(|place| reach(schema, &steps(place)).iter().any(|schema| has_room(*schema, value)))
        .map(|place| (Likeness::of(&own, &steps(place)), place))
        .collect();
    // What a file does not have is hardly meant, if there is anything else.
    if there.iter().any(|(_, place)| is_used(root, place)) {
        there.retain(|(_, place)| is_used(root, place));
    }
    // Many accounts of a channel have what the channel itself has.
    let all: Vec<&str> = there.iter().map(|(_, place)| *place).collect();
    there.retain(|(_, place)| !all.iter().any(|other| place.replace(".accounts.*.", ".") == *other && place != other));
    let best = there.iter().map(|(likeness, _)| *likeness).max().unwrap_or_default();
    // `contextWindow` is only one thing, `agent` many.
    let alone = there.len() == 1 && key.contains(char::is_uppercase);
    there.retain(|(likeness, place)| {
        *likeness == best && (alone || best != Likeness::default() || steps(place).len() <= NEAR)
    });
    if there.len() > SHOWN { Vec::new() } else { there.into_iter().map(|(_, place)| place).collect() }
}

/// How much two places have in common: equal names right above the key, then equal names from the root on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    above: usize,
    ahead: usize,
}

impl Likeness {
    /// `own` is where the key stands, `place` leads to the key itself.
    fn of(own: &[&str], place: &[&str]) -> Self {
        let Some((_, holder)) = place.split_last() else { return Self::default() };
        let above = own.iter().rev().zip(holder.iter().rev()).take_while(|(own, step)| own == step).count();
        let ahead = own.iter().zip(holder).take_while(|(own, step)| own == step || **step == "*").count();
        Self { above, ahead }
    }
}

/// The schemas at a place.
fn reach<'s>(schema: SchemaRef<'s>, steps: &[&str]) -> Vec<SchemaRef<'s>> {
    let Some((step, rest)) = steps.split_first() else { return vec![schema] };
    let children = if *step == "*" {
        ["additionalProperties", "items"].into_iter().filter_map(|keyword| schema.subschema(keyword)).collect()
    } else {
        Vec::from_iter(schema.property(step))
    };
    let branches = ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|keyword| schema.branches(keyword));
    let below = children.into_iter().flat_map(|child| reach(child, rest));
    below.chain(branches.flat_map(|branch| reach(branch, steps))).collect()
}

/// Whether a config has the part that a place belongs to: of channels and plugins it has those that it uses.
fn is_used(root: &Value, place: &str) -> bool {
    let steps = steps(place);
    let part = match steps.as_slice() {
        ["channels", _, _, ..] => steps.get(..2),
        ["plugins", "entries", _, _, ..] => steps.get(..3),
        _ => None,
    };
    part.is_none_or(|part| part.iter().try_fold(root, |value, step| value.get(step)).is_some())
}

fn steps(place: &str) -> Vec<&str> {
    place.split('.').collect()
}

fn key_of(segment: &Segment) -> &str {
    match segment {
        Segment::Key(key) => key,
        Segment::Index(_) => "*",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::plain;
    use crate::schema::Store;
    use crate::source::FileId;
    use crate::syntax::json5;

    fn value(text: &str) -> Value {
        plain(FileId(0), &json5::parse(text, &json5::Options::default())).unwrap()
    }

    fn at(path: &str) -> Path {
        path.split('.').filter(|key| !key.is_empty()).fold(Path::default(), |path, key| path.key(key))
    }

    /// What is said of `key` at `path` in the newest release.
    fn found(root: &str, path: &str, key: &str) -> Vec<&'static str> {
        let store = Store::bundled();
        let (root, path) = (value(root), at(path));
        let schema = store.root(store.latest().unwrap());
        elsewhere(schema, &root, &path, key, root.at(&path.key(key)).unwrap())
    }

    #[test]
    fn the_table_is_sorted_and_true() {
        let store = Store::bundled();
        let schema = store.root(store.latest().unwrap());
        assert!(KNOWN.len() > 1000 && KNOWN.is_sorted_by(|(a, _), (b, _)| a < b));
        for (key, places) in KNOWN {
            for place in places.split(' ') {
                assert!(steps(place).last() == Some(key) && !reach(schema, &steps(place)).is_empty(), "{place}");
            }
        }
    }

    #[test]
    fn the_likest_places_are_named() {
        for (root, path, key, expected) in [
            (
                "{ agents: { entries: { a: { subagents: { maxConcurrent: 2 } } } } }",
                "agents.entries.a.subagents",
                "maxConcurrent",
                ["agents.defaults.subagents.maxConcurrent"].as_slice(),
            ),
            (
                "{ agents: { defaults: { identity: { name: 'Molty' } } } }",
                "agents.defaults",
                "identity",
                &["agents.entries.*.identity"],
            ),
            ("{ workspace: '~/claw' }", "", "workspace", &["agents.defaults.workspace", "agents.entries.*.workspace"]),
            (
                "{ session: { contextWindow: 200000 } }",
                "session",
                "contextWindow",
                &["models.providers.*.models.*.contextWindow"],
            ),
            (
                "{ gateway: { workspace: '~/claw' } }",
                "gateway",
                "workspace",
                &["agents.defaults.workspace", "agents.entries.*.workspace"],
            ),
            // Far away, and a common word.
            ("{ agent: 'main' }", "", "agent", &[]),
            // Of another kind.
            ("{ session: { contextWindow: { of: 1 } } }", "session", "contextWindow", &[]),
            // In too many places, and in none.
            ("{ enabled: true }", "", "enabled", &[]),
            ("{ safetyScanner: true }", "", "safetyScanner", &[]),
        ] {
            assert_eq!(found(root, path, key), expected, "{root}");
        }
    }

    #[test]
    fn channels_that_a_file_has_come_first() {
        let all = found("{ botToken: 'x' }", "", "botToken");
        assert!(all.is_empty() || all.len() > 1, "{all:?}");
        let root = "{ botToken: 'x', channels: { telegram: { enabled: true } } }";
        assert_eq!(found(root, "", "botToken"), ["channels.telegram.botToken"]);
    }

    #[test]
    fn a_level_deeper_only_where_there_is_room() {
        let store = Store::bundled();
        let schema = store.root(store.latest().unwrap());
        let below = |path: &str, key: &str, text: &str| {
            let owner = reach(schema, &steps(path).into_iter().filter(|step| !step.is_empty()).collect::<Vec<_>>());
            super::below(owner[0], &at(path), key, &value(text))
        };
        assert_eq!(below("gateway", "token", "'${TOKEN}'"), ["gateway.auth.token", "gateway.remote.token"]);
        assert_eq!(below("models", "mine", "{ baseUrl: 'http://127.0.0.1', models: [] }"), ["models.providers.mine"]);
        assert_eq!(below("mcp", "files", "{ command: 'npx', args: [] }"), ["mcp.servers.files"]);
        assert_eq!(below("agents", "writer", "{ model: 'm', workspace: 'w', tone: 'dry' }"), ["agents.entries.writer"]);
        assert_eq!(below("agents", "writer", "{ tone: 'dry', mood: 'good' }"), [""; 0]);
        assert_eq!(below("", "defaults", "{ model: 'm' }"), ["agents.defaults"]);
        assert_eq!(below("", "defaults", "{ tone: 'dry' }"), [""; 0]);
        assert_eq!(below("", "telegram", "{ bot: 'x' }"), ["channels.telegram"]);
    }
}
