//! What became of a key: where it moved (`rules/migrations.json5`). Asked only when a release does not know a key.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::language::{Param, Phrase};
use crate::project::{Kind, Member, Path, Value};

use super::accept;
use super::lifetime::{is_item, keys, texts};
use super::store::{Release, SchemaRef, Store};

static PACKED: &str = include_str!(concat!(env!("OUT_DIR"), "/migrations.json"));

static MIGRATIONS: LazyLock<Table> = LazyLock::new(|| Table::new(serde_json::from_str(PACKED).unwrap_or_default()));

/// The lines, with an index: a path is compared with those only that begin as it does.
struct Table {
    lines: Vec<Migration>,
    by_first: HashMap<String, Vec<usize>>,
}

impl Table {
    fn new(mut lines: Vec<Migration>) -> Self {
        let mut by_first: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, line) in lines.iter_mut().enumerate() {
            line.steps = line.from.split('.').map(Box::from).collect();
            let first = line.steps.first().map(ToString::to_string).unwrap_or_default();
            by_first.entry(first).or_default().push(at);
        }
        Self { lines, by_first }
    }

    /// The lines that may fit a path, in their order. No line begins with a star, a test sees to that.
    fn for_path<'k>(&'static self, keys: &[&'k str]) -> impl Iterator<Item = &'static Migration> + use<'k> {
        let lines = keys.first().and_then(|first| self.by_first.get(*first));
        lines.into_iter().flatten().filter_map(|at| self.lines.get(*at))
    }
}

/// One line of the table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Migration {
    from: String,
    /// The keys of `from`.
    #[serde(skip)]
    steps: Vec<Box<str>>,
    to: Option<String>,
    #[serde(rename = "keyBy")]
    key_by: Option<String>,
    wrap: Option<String>,
    values: BTreeMap<String, String>,
    #[serde(rename = "as")]
    written_as: BTreeMap<String, String>,
    times: Option<f64>,
    add: BTreeMap<String, String>,
    forgotten: bool,
    #[serde(rename = "byHand")]
    by_hand: bool,
    accepted: bool,
    drops: Vec<String>,
    only: Vec<String>,
    into: Option<String>,
    by: Option<By>,
    taken: Taken,
    #[serde(rename = "oneSwitch")]
    one_switch: bool,
}

/// What the gateway does when something stands at the new place already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Taken {
    /// That counts; an object gets what it has not.
    #[default]
    Filled,
    /// That counts, as it is.
    Kept,
    /// The old value changes it.
    Changed,
}

/// A part of the new place that a neighbour of the old one names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct By {
    key: String,
    /// Without that one: the only key of this neighbour, an object.
    #[serde(rename = "onlyOf")]
    only_of: Option<String>,
    or: String,
    #[serde(default)]
    names: BTreeMap<String, String>,
}

/// What the table says of a path.
#[derive(Debug, PartialEq)]
pub(super) enum Fate {
    /// It stands elsewhere now.
    Moved(String),
    /// It stands elsewhere, and no gateway moves it there.
    Misplaced(String),
    /// It stands elsewhere now, as an object that has this member of its items as keys, in the words of
    /// [`crate::finding::Action::KeyBy`].
    Keyed(String, &'static str),
    /// Something stands at these places already, and counts.
    Superseded(Vec<String>),
    /// It, or what is in it, stands in several places now, or is written otherwise.
    Spread(Spread),
    /// The gateway writes what was in it anew, in another form, at this place.
    Rewritten(String),
    /// The same, but something in it, by its path, does not fit there.
    Unfit(String, Path),
    /// It is gone.
    Removed,
    /// It is gone; what is in it belongs to these places, to which no gateway moves it.
    Scattered(Vec<String>),
    /// It is gone, and the newest releases have forgotten that it was there.
    Forgotten,
}

/// Where the parts of a value went.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Spread {
    /// One by one.
    pub(super) steps: Vec<Step>,
    /// Whether a part of it is gone.
    pub(super) lossy: bool,
    /// Whether there is a part that no gateway moves.
    pub(super) by_hand: bool,
    /// The places of parts where something stands already, which counts.
    pub(super) kept: Vec<String>,
    /// Where the gateway writes a part of it anew, in another form.
    rewritten: Option<String>,
    /// Where the parts belong of what is gone, if somebody writes them there.
    hints: Vec<String>,
}

/// One member that is to be written.
#[derive(Debug, PartialEq)]
pub(super) struct Step {
    /// The part of the old value that goes there: keys joined by dots; empty for the value itself.
    pub(super) part: String,
    /// Where it goes.
    pub(super) to: String,
    /// What is written there, in JSON5, unless the part itself.
    pub(super) literal: Option<String>,
    /// Whether it is only to be there: what stands there already stays.
    pub(super) unless_there: bool,
    taken: Taken,
}

impl Spread {
    /// The steps for [`crate::finding::Action::Spread`].
    pub(super) fn encode(&self) -> String {
        let line = |step: &Step| {
            let mark = if step.unless_there { "?" } else { "" };
            format!("{}\t{mark}{}\t{}", step.part, step.to, step.literal.as_deref().unwrap_or_default())
        };
        self.steps.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Leaves out what the gateway leaves out: where something stands already, that counts. `value` is what moves.
    fn settle(&mut self, value: &Value, root: &Value) {
        for step in std::mem::take(&mut self.steps) {
            let moved = step.part.split('.').filter(|key| !key.is_empty()).try_fold(value, |value, key| value.get(key));
            self.settle_step(step, moved, root);
        }
    }

    fn settle_step(&mut self, step: Step, moved: Option<&Value>, root: &Value) {
        let Some(there) = value_at(root, &step.to).filter(|_| !step.unless_there) else {
            self.steps.push(step);
            return;
        };
        let is_object = |value: &&Value| matches!(value.kind, Kind::Object(_));
        let object = moved.filter(|moved| is_object(moved) && is_object(&there) && step.literal.is_none());
        match (step.taken, object) {
            (Taken::Changed, _) => self.rewritten = Some(step.to),
            (Taken::Filled, Some(object)) => {
                for member in object.members() {
                    let (part, to) = (part_of(&step.part, member), format!("{}.{}", step.to, member.key));
                    self.settle_step(Step { part, to, literal: None, ..step }, Some(&member.value), root);
                }
            }
            _ => self.kept.push(step.to),
        }
    }

    /// Where the parts went, for words: `a` and `b`.
    pub(super) fn targets(&self) -> Param {
        const SHOWN: usize = 3;
        let moves = self.steps.iter().any(|step| !step.unless_there);
        let named = self.steps.iter().filter(|step| !moves || !step.unless_there);
        let mut moved: Vec<String> = named.map(|step| format!("`{}`", step.to)).collect();
        let rest = moved.len().saturating_sub(SHOWN);
        if rest > 0 {
            let shown = Param::list(moved.into_iter().take(SHOWN), ", ");
            return Phrase::new("{values} and {count} more").with("values", shown).with("count", rest).into();
        }
        match moved.pop() {
            Some(last) if !moved.is_empty() => Param::list([Param::list(moved, ", "), last.into()], " and "),
            last => last.unwrap_or_default().into(),
        }
    }
}

/// Where a key went, if the target release has the place. `root` is the config that it stands in.
pub(super) fn fate(path: &Path, root: &Value, target: &Release) -> Option<Fate> {
    let texts = texts(path);
    let keys = keys(&texts);
    if let Some(line) = moving(&keys) {
        if let (Some(member), Some(to)) = (&line.key_by, &line.to) {
            if !exists(&to_keys(&line.from, to, &keys), target) {
                return None;
            }
            let to = filled(&line.from, to, &keys);
            let free = value_at(root, &to).is_none();
            return Some(if free { Fate::Keyed(to, member) } else { Fate::Superseded(vec![to]) });
        }
    } else if !has_lines_below(&keys) {
        return None;
    }
    let mut spread = Spread::default();
    let (parent, value) = (root.at(&path.parent()?)?, root.at(path)?);
    collect(&keys, "", value, parent, target, &mut spread)?;
    if !spread.by_hand {
        spread.settle(value, root);
    }
    if let Some(place) = spread.rewritten {
        let wrong = misfit(&place, path, value, target);
        return Some(wrong.map_or(Fate::Rewritten(place.clone()), |wrong| Fate::Unfit(place, wrong)));
    }
    match spread.steps.as_slice() {
        [] if !spread.kept.is_empty() => Some(Fate::Superseded(spread.kept)),
        [] if moving(&keys).is_some_and(|line| line.forgotten) => Some(Fate::Forgotten),
        [] if !spread.hints.is_empty() => Some(Fate::Scattered(spread.hints)),
        [] => Some(Fate::Removed),
        [only] if only.part.is_empty() && only.literal.is_none() => {
            let fate = if spread.by_hand { Fate::Misplaced } else { Fate::Moved };
            Some(fate(only.to.clone()))
        }
        _ => Some(Fate::Spread(spread)),
    }
}

/// What [`crate::finding::Action::Migrate`] has to do at a path: the members it is about, and the steps for each.
pub(crate) fn migration(path: &Path, root: &Value, target: &Release) -> Vec<(Path, String)> {
    let steps = |path: &Path| match fate(path, root, target)? {
        Fate::Moved(to) => Some(format!("\t{to}\t")),
        Fate::Spread(spread) => Some(spread.encode()),
        // It only goes.
        Fate::Superseded(_) => Some(String::new()),
        Fate::Misplaced(_)
        | Fate::Keyed(..)
        | Fate::Rewritten(_)
        | Fate::Unfit(..)
        | Fate::Removed
        | Fate::Scattered(_)
        | Fate::Forgotten => None,
    };
    if moving(&keys(&texts(path))).is_some() {
        return steps(path).into_iter().map(|steps| (path.clone(), steps)).collect();
    }
    let members = root.at(path).map(Value::members).unwrap_or_default();
    members.iter().map(|member| path.key(&member.key)).filter_map(|path| Some((path.clone(), steps(&path)?))).collect()
}

/// The first release whose gateway migrates when it starts.
const FIRST: [u32; 3] = [2026, 8, 1];

/// What the gateway drops because of a finding of this rule at a path: the path itself or one above it, with the only keys
/// that may be in it, if it drops no others.
pub(crate) fn dropped(path: &Path, rule: &str, target: &Release) -> Option<(Path, &'static [String])> {
    if target.version.core() < FIRST {
        return None;
    }
    let texts = texts(path);
    let keys = keys(&texts);
    let drops = |line: &&Migration| line.drops.iter().any(|known| known == rule);
    let dropping: Vec<&Migration> = MIGRATIONS.for_path(&keys).filter(drops).collect();
    let dropping_at = |length: usize| {
        let line = keys.get(..length).and_then(|keys| dropping.iter().find(|line| line.fits(keys)))?;
        Some((length, *line))
    };
    let (length, line) = (0..=keys.len()).rev().find_map(dropping_at)?;
    let mut above = path.clone();
    while above.segments().len() > length {
        above.pop();
    }
    Some((above, &line.only))
}

/// The line that says where the value at exactly this path went.
fn moving(keys: &[&str]) -> Option<&'static Migration> {
    let moves = |line: &&Migration| !line.stays();
    MIGRATIONS.for_path(keys).find(|line| moves(line) && line.fits(keys))
}

/// What becomes of a value, part by part; `None` when the table does not know of one, or the target has not the place.
fn collect(
    keys: &[&str],
    part: &str,
    value: &Value,
    parent: &Value,
    target: &Release,
    spread: &mut Spread,
) -> Option<()> {
    let Some(line) = moving(keys) else {
        let members = value.members();
        if members.is_empty() || !has_lines_below(keys) {
            return None;
        }
        return members.iter().try_for_each(|member| {
            collect(&below(keys, member), &part_of(part, member), &member.value, value, target, spread)
        });
    };
    spread.lossy |= line.to.is_none();
    spread.by_hand |= line.by_hand;
    if line.key_by.is_some() {
        return None;
    }
    let by = line.neighbour(parent);
    let place = |to: &str| {
        let to = filled(&line.from, to, keys).replace("{by}", &by);
        exists(&to.split('.').collect::<Vec<_>>(), target).then_some(to)
    };
    if let Some(into) = &line.into {
        spread.rewritten = Some(place(into)?);
        return Some(());
    }
    // Members with lines of their own go where these say, the others with the whole.
    if let (Some(to), true) = (&line.to, has_lines_below(keys) && !value.members().is_empty()) {
        return value.members().iter().try_for_each(|member| {
            let (keys, part) = (below(keys, member), part_of(part, member));
            if moving(&keys).is_some() {
                return collect(&keys, &part, &member.value, value, target, spread);
            }
            let to = place(&format!("{to}.{}", member.key))?;
            spread.steps.push(Step { part, to, literal: None, unless_there: false, taken: line.taken });
            Some(())
        });
    }
    if line.to.is_none() && line.add.is_empty() && has_lines_below(keys) {
        collect_rest(keys, part, value, target, spread);
    }
    if let Some(to) = &line.to {
        let (part, literal) = (part.to_owned(), line.literal(value, &by));
        spread.steps.push(Step { part, to: place(to)?, literal, unless_there: false, taken: line.taken });
    }
    for (to, text) in &line.add {
        let literal = (text != "{value}").then(|| text.clone());
        let unless_there = literal.is_some();
        spread.steps.push(Step { part: part.to_owned(), to: place(to)?, literal, unless_there, taken: line.taken });
    }
    Some(())
}

/// What is left of something that is gone: the members, at any depth, with lines of their own.
fn collect_rest(keys: &[&str], part: &str, value: &Value, target: &Release, spread: &mut Spread) {
    for member in value.members() {
        let (keys, part) = (below(keys, member), part_of(part, member));
        match moving(&keys) {
            Some(line) if line.by_hand => {
                let place = line.to.as_ref().map(|to| filled(&line.from, to, &keys));
                spread.hints.extend(place.filter(|place| takes(target, place)));
            }
            Some(_) => {
                // Without a place for it in the target it is gone with the rest.
                let _ = collect(&keys, &part, &member.value, value, target, spread);
            }
            None if has_lines_below(&keys) => collect_rest(&keys, &part, &member.value, target, spread),
            None => {}
        }
    }
}

impl Migration {
    /// Whether the key is still one, and something else is said of it.
    fn stays(&self) -> bool {
        self.wrap.is_some() || !self.values.is_empty() || !self.drops.is_empty() || self.one_switch
    }

    /// Whether it speaks of exactly this path.
    fn fits(&self, keys: &[&str]) -> bool {
        self.steps.len() == keys.len() && self.leads_along(keys)
    }

    /// Whether it speaks of something inside this path.
    fn is_below(&self, keys: &[&str]) -> bool {
        self.steps.len() > keys.len() && self.leads_along(keys)
    }

    fn leads_along(&self, keys: &[&str]) -> bool {
        // The ends differ more than the beginnings.
        self.steps.iter().zip(keys).rev().all(|(step, key)| &**step == "*" || &**step == *key)
    }

    /// How a value is written at its new place, unless as it is. `by` is the value of the neighbour, if one matters.
    fn literal(&self, value: &Value, by: &str) -> Option<String> {
        if let Some(factor) = self.times {
            return value.as_f64().map(|number| (number * factor).to_string());
        }
        let text = text_of(value).unwrap_or_default();
        let written = |name: &str| self.written_as.get(name);
        written(&format!("{by} {text}")).or_else(|| written(&text)).or_else(|| written("*")).cloned()
    }

    /// What the neighbour that matters says; empty when none does.
    fn neighbour(&self, parent: &Value) -> String {
        let Some(by) = &self.by else { return String::new() };
        let only = || match parent.get(by.only_of.as_ref()?)?.members() {
            [only] => Some(only.key.to_string()),
            _ => None,
        };
        let named = parent.get(&by.key).and_then(text_of).or_else(only).unwrap_or_else(|| by.or.clone());
        by.names.get(&named).cloned().unwrap_or(named)
    }
}

/// A string or a boolean, as text.
fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| Some(value.as_bool()?.to_string()))
}

/// Whether a release has a place for something.
fn exists(keys: &[&str], target: &Release) -> bool {
    has_place(Store::bundled().root(target), keys)
}

/// Whether a release has a place for something at a path, keys joined by dots.
pub fn takes(release: &Release, path: &str) -> bool {
    exists(&path.split('.').collect::<Vec<_>>(), release)
}

/// Whether a schema lets something stand at a path, be it under a key that users choose.
fn has_place(schema: SchemaRef<'_>, keys: &[&str]) -> bool {
    let Some((key, rest)) = keys.split_first() else { return true };
    if let Some(child) = schema.property(key) {
        return has_place(child, rest);
    }
    let node = schema.node();
    let object = node.get("properties").is_some() || node.get("type").and_then(|kind| kind.as_str()) == Some("object");
    let others = match schema.subschema("additionalProperties") {
        Some(child) => child.node().as_bool().unwrap_or_else(|| has_place(child, rest)),
        None => object || node.as_bool() == Some(true) || node.as_object().is_some_and(serde_json::Map::is_empty),
    };
    let items = || is_item(key) && schema.subschema("items").is_some_and(|items| has_place(items, rest));
    let branches = || {
        let all = ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|keyword| schema.branches(keyword));
        all.into_iter().any(|branch| has_place(branch, keys))
    };
    others || items() || branches()
}

fn to_keys<'t>(from: &str, to: &'t str, keys: &[&'t str]) -> Vec<&'t str> {
    let mut stars = from.split('.').zip(keys).filter(|(step, _)| *step == "*").map(|(_, key)| *key);
    to.split('.').map(|step| if step == "*" { stars.next().unwrap_or("*") } else { step }).collect()
}

/// What in the items of a list surely does not fit into the list at a place: it would be refused there. `at` is where it is now.
fn misfit(place: &str, at: &Path, value: &Value, target: &Release) -> Option<Path> {
    let steps: Vec<&str> = place.split('.').collect();
    let root = Store::bundled().root(target);
    let list = steps.iter().try_fold(root, |schema, step| schema.property(step))?;
    let items = list.subschema("items")?;
    let moves = |key: &str| {
        let keys: Vec<&str> = steps.iter().copied().chain(["*", key]).collect();
        moving(&keys).is_some() || has_lines_below(&keys)
    };
    let wrong = |member: &Member| match items.property(&member.key) {
        _ if moves(&member.key) => false,
        Some(schema) => accept::verdict(schema, &member.value) == Some(false),
        None => items.is_closed(),
    };
    value.items().iter().enumerate().find_map(|(index, item)| {
        let member = item.members().iter().find(|member| wrong(member))?;
        Some(at.index(index).key(&member.key))
    })
}

/// The value at a place as the table writes it: keys and numbers joined by dots.
fn value_at<'v>(root: &'v Value, place: &str) -> Option<&'v Value> {
    place
        .split('.')
        .try_fold(root, |value, key| value.get(key).or_else(|| value.items().get(key.parse::<usize>().ok()?)))
}

fn below<'k>(keys: &[&'k str], member: &'k Member) -> Vec<&'k str> {
    keys.iter().copied().chain([&*member.key]).collect()
}

fn part_of(part: &str, member: &Member) -> String {
    if part.is_empty() { member.key.to_string() } else { format!("{part}.{}", member.key) }
}

fn has_lines_below(keys: &[&str]) -> bool {
    MIGRATIONS.for_path(keys).any(|line| line.is_below(keys))
}

/// The key of the object that a plain value now stands in, and how it is written there, unless as it is.
pub(super) fn wrapper(path: &Path, value: &Value) -> Option<(&'static str, Option<String>)> {
    let texts = texts(path);
    let keys = keys(&texts);
    let line = MIGRATIONS.for_path(&keys).find(|line| line.wrap.is_some() && line.fits(&keys))?;
    let literal = line.literal(value, "");
    let fits = value.as_str().is_some() || literal.is_some();
    Some((line.wrap.as_deref()?, literal)).filter(|_| fits)
}

/// Whether an object of switches became one switch there.
pub(super) fn is_one_switch(path: &Path) -> bool {
    let texts = texts(path);
    let keys = keys(&texts);
    MIGRATIONS.for_path(&keys).any(|line| line.one_switch && line.fits(&keys))
}

/// The new word for an old value, and whether the gateway writes it.
pub(super) fn value(path: &Path, old: &str) -> Option<(&'static str, bool)> {
    let texts = texts(path);
    let keys = keys(&texts);
    let mut lines = MIGRATIONS.for_path(&keys).filter(|line| line.fits(&keys));
    lines.find_map(|line| Some((line.values.get(old)?.as_str(), !line.by_hand)))
}

/// `to` with its stars replaced by what stands for those of `from`, in order.
fn filled(from: &str, to: &str, keys: &[&str]) -> String {
    to_keys(from, to, keys).join(".")
}

#[cfg(test)]
mod tests {
    use super::super::lifetime::{Seen, knows};
    use super::*;
    use crate::language::Language;

    fn path(text: &str) -> Path {
        text.split('.').fold(Path::root(), |path, key| path.key(key))
    }

    #[test]
    fn every_line_leads_to_a_place_that_the_newest_release_has() {
        let store = Store::bundled();
        let newest = store.latest().unwrap();
        let root = store.root(newest);
        assert!(MIGRATIONS.lines.len() > 300, "the table is read");
        assert!(MIGRATIONS.lines.iter().all(|line| line.steps.first().is_some_and(|step| &**step != "*")));
        let channels: Vec<&str> = root.property("channels").unwrap().properties().map(|(name, _)| name).collect();
        // Some keys are those of a few channels only, and some channels have no accounts: one that fits both will do.
        let is_there = |text: &str, channel: &str| {
            let text = text
                .replacen("channels.*", &format!("channels.{channel}"), 1)
                .replace("byChannel.*", &format!("byChannel.{channel}"))
                .replace("{by}", if text.starts_with("talk") { "elevenlabs" } else { "brave" });
            exists(&text.split('.').collect::<Vec<_>>(), newest)
        };
        for line in &MIGRATIONS.lines {
            let anywhere = |text: &str| channels.iter().chain(&["*"]).any(|name| is_there(text, name));
            for to in line.to.iter().chain(&line.into).chain(line.add.keys()) {
                assert!(anywhere(to), "{} leads to {to}, which is not there", line.from);
            }
            let stays = line.stays() || line.accepted;
            if stays || !line.from.contains("channels.*") {
                let keys: Vec<&str> = line.from.split('.').collect();
                let known = knows(root, &keys, &mut Seen::default()) || stays && anywhere(&line.from);
                assert!(known == stays || line.from == "env.*", "{}", line.from);
            }
            if let Some(wrap) = &line.wrap {
                assert!(anywhere(&format!("{}.{wrap}", line.from)), "{}", line.from);
            }
        }
    }

    #[test]
    fn what_stands_at_the_new_place_already_counts() {
        let newest = Store::bundled().latest().unwrap();
        let fate = |text: &str, at: &str| fate_in(text, at, newest);
        let superseded = |places: &[&str]| Some(Fate::Superseded(places.iter().map(ToString::to_string).collect()));
        let steps = |fate: Option<Fate>| match fate {
            Some(Fate::Spread(spread)) => (spread.encode(), spread.kept),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            fate("{ agents: { list: [{ id: 'a' }], entries: {} } }", "agents.list"),
            superseded(&["agents.entries"])
        );
        assert_eq!(fate("{ env: { A: '1', vars: { A: '2' } } }", "env.A"), superseded(&["env.vars.A"]));
        // An object gets what it has not.
        let failure = |alert: &str| {
            let text =
                format!("{{ cron: {{ failureDestination: {{ to: 'a', mode: 'announce' }}, failureAlert: {alert} }} }}");
            fate(&text, "cron.failureDestination")
        };
        let (lines, kept) = steps(failure("{ to: 'b' }"));
        assert_eq!((lines.as_str(), kept), ("mode\tcron.failureAlert.mode\t", vec!["cron.failureAlert.to".to_owned()]));
        assert_eq!(
            failure("{ to: 'b', mode: 'webhook' }"),
            superseded(&["cron.failureAlert.to", "cron.failureAlert.mode"])
        );
        // Some objects the gateway leaves as they are, into some texts it writes.
        let model = "{ agents: { defaults: { imageGenerationModel: { primary: 'a', timeoutMs: 5 }, mediaModels: { image: {} } } } }";
        assert_eq!(
            fate(model, "agents.defaults.imageGenerationModel"),
            superseded(&["agents.defaults.mediaModels.image"])
        );
        let typing = "{ session: { typingMode: 'never' }, agents: { defaults: { typingMode: 'instant' } } }";
        let rewritten = Fate::Rewritten("agents.defaults.typingMode".to_owned());
        assert_eq!(fate(typing, "session.typingMode"), Some(rewritten));
    }

    #[test]
    fn what_does_not_fit_at_the_new_place_is_named() {
        let newest = Store::bundled().latest().unwrap();
        for (item, wrong) in [
            ("{ provider: 'deepgram', model: 'nova-3' }", None),
            ("{ provider: 'deepgram', deepgram: { punctuate: true } }", None),
            ("{ type: 'cli', command: ['whisper'] }", Some("command")),
            ("{ type: 'shell', command: 'whisper' }", Some("type")),
            ("{ command: 'whisper', argss: [] }", Some("argss")),
        ] {
            let text = format!("{{ tools: {{ media: {{ audio: {{ models: [{{ type: 'cli' }}, {item}] }} }} }} }}");
            let place = "tools.media.models".to_owned();
            let expected = match wrong {
                None => Fate::Rewritten(place),
                Some(key) => Fate::Unfit(place, path("tools.media.audio.models").index(1).key(key)),
            };
            assert_eq!(fate_in(&text, "tools.media.audio.models", newest), Some(expected), "{item}");
        }
    }

    #[test]
    fn the_only_neighbour_names_a_part_of_the_new_place() {
        let newest = Store::bundled().latest().unwrap();
        for (beside, provider) in [
            ("", "elevenlabs"),
            ("providers: {}", "elevenlabs"),
            ("providers: { openai: {} }", "openai"),
            ("providers: { openai: {}, google: {} }", "elevenlabs"),
            ("provider: 'google', providers: { openai: {} }", "google"),
        ] {
            let text = format!("{{ talk: {{ voiceId: 'v', {beside} }} }}");
            let moved = Fate::Moved(format!("talk.providers.{provider}.voiceId"));
            assert_eq!(fate_in(&text, "talk.voiceId", newest), Some(moved), "{beside}");
        }
    }

    #[test]
    fn keys_and_words_and_plain_values_have_new_ones() {
        let newest = Store::bundled().latest().unwrap();
        assert_eq!(
            fate_in(
                r#"{ agents: { entries: { main: { memorySearch: {} } } } }"#,
                "agents.entries.main.memorySearch",
                newest
            ),
            Some(Fate::Moved("agents.entries.main.memory.search".into()))
        );
        assert_eq!(value(&path("gateway.bind"), "0.0.0.0"), Some(("lan", true)));
        assert_eq!(value(&path("models.providers.x.api"), "openai-chat"), Some(("openai-completions", false)));
        assert_eq!(wrapper_of("\"partial\""), Some(("mode", None)));
        assert_eq!(wrapper_of("false"), Some(("mode", Some("\"off\"".to_owned()))));
        assert_eq!(wrapper_of("5"), None);
    }

    fn value_of(text: &str) -> Value {
        let document = crate::syntax::json5::parse(text, &crate::syntax::json5::Options::default());
        crate::project::plain(crate::source::FileId(0), &document).unwrap()
    }

    fn wrapper_of(text: &str) -> Option<(&'static str, Option<String>)> {
        wrapper(&path("channels.telegram.streaming"), &value_of(text))
    }

    fn fate_in(text: &str, at: &str, target: &Release) -> Option<Fate> {
        fate(&path(at), &value_of(text), target)
    }

    fn spread_in(text: &str, at: &str) -> Spread {
        match fate_in(text, at, Store::bundled().latest().unwrap()) {
            Some(Fate::Spread(spread)) => spread,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn parts_of_an_object_go_where_their_lines_say() {
        let spread = spread_in("{ web: { enabled: true, heartbeatSeconds: 5 } }", "web");
        assert_eq!(spread.encode(), "enabled\tchannels.whatsapp.enabled\t");
        assert!(spread.lossy);
        let spread = spread_in(
            "{ agents: { defaults: { sandbox: { perSession: true } } } }",
            "agents.defaults.sandbox.perSession",
        );
        assert_eq!(spread.encode(), "\tagents.defaults.sandbox.scope\t\"session\"");
        assert!(!spread.lossy);
    }

    #[test]
    fn what_is_left_of_something_gone_is_kept() {
        let spread = spread_in("{ canvasHost: { enabled: false, port: 1 } }", "canvasHost");
        assert_eq!(spread.encode(), "enabled\tplugins.entries.canvas.config.host.enabled\t");
        assert!(spread.lossy);
        let overlays = "{ agents: { defaults: { promptOverlays: { gpt5: { personality: 'off' } } } } }";
        let spread = spread_in(overlays, "agents.defaults.promptOverlays");
        assert_eq!(spread.encode(), "gpt5.personality\tplugins.entries.openai.config.personality\t");
        let newest = Store::bundled().latest().unwrap();
        assert_eq!(fate_in("{ canvasHost: { port: 1 } }", "canvasHost", newest), Some(Fate::Removed));
        assert_eq!(
            fate_in("{ channels: { telegram: { dm: { policy: 'open' } } } }", "channels.telegram.dm", newest),
            Some(Fate::Scattered(vec!["channels.telegram.dmPolicy".to_owned()]))
        );
    }

    #[test]
    fn a_neighbour_names_the_place() {
        let search =
            |text: &str| spread_in(&format!("{{ tools: {{ web: {{ search: {text} }} }} }}"), "tools.web.search.apiKey");
        let encoded = "\tplugins.entries.google.config.webSearch.apiKey\t\n\t?plugins.entries.google.enabled\ttrue";
        assert_eq!(search("{ provider: \"gemini\", apiKey: \"${K}\" }").encode(), encoded);
        let targets = search("{ apiKey: \"${K}\" }").targets();
        assert_eq!(targets.in_language(Language::English), "`plugins.entries.brave.config.webSearch.apiKey`");
    }

    #[test]
    fn what_the_table_does_not_know_is_not_moved() {
        let newest = Store::bundled().latest().unwrap();
        assert_eq!(fate_in("{ web: { enabled: true, other: 1 } }", "web", newest), None);
        assert_eq!(fate_in("{ web: { reconnect: {} } }", "web", newest), Some(Fate::Removed));
    }
}
