//! What changed its meaning between releases without being refused (`rules/behaviour.json5`).

use serde::Deserialize;

use crate::project::Value;

use super::Version;

static PACKED: &str = include_str!(concat!(env!("OUT_DIR"), "/behaviour.json"));

/// One change of behaviour.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// The first release that behaves so.
    pub since: Version,
    #[serde(default)]
    present: Option<String>,
    #[serde(default)]
    absent: Option<String>,
    #[serde(default)]
    lacks: Option<String>,
    /// What is different: one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// The changes after `from`, up to `to`, that concern a config, oldest first.
#[must_use]
pub fn behaviour(root: &Value, from: &Version, to: &Version) -> Vec<Behaviour> {
    let table: Vec<Behaviour> = serde_json::from_str(PACKED).unwrap_or_default();
    table.into_iter().filter(|change| change.since > *from && change.since <= *to && change.concerns(root)).collect()
}

impl Behaviour {
    fn concerns(&self, root: &Value) -> bool {
        let present = match &self.present {
            Some(path) => {
                find(root, path).iter().any(|value| self.lacks.as_ref().is_none_or(|item| lacks(value, item)))
            }
            None => true,
        };
        present && self.absent.as_ref().is_none_or(|path| find(root, path).is_empty())
    }
}

fn lacks(list: &Value, item: &str) -> bool {
    !list.items().iter().any(|value| value.as_str() == Some(item))
}

/// The values at a path, `*` standing for any key.
fn find<'v>(root: &'v Value, path: &str) -> Vec<&'v Value> {
    path.split('.').fold(vec![root], |values, key| {
        let below = |value: &'v Value| -> Vec<&'v Value> {
            let fits = |name: &str| key == "*" || key == name;
            value.members().iter().filter(|member| fits(&member.key)).map(|member| &member.value).collect()
        };
        values.into_iter().flat_map(below).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::json5;

    fn messages(text: &str, from: &str, to: &str) -> Vec<String> {
        let document = json5::parse(text, &json5::Options::default());
        let root = crate::project::plain(FileId(0), &document).unwrap();
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        behaviour(&root, &from, &to).into_iter().map(|change| change.message).collect()
    }

    #[test]
    fn the_table_is_read_and_its_conditions_count() {
        let table: Vec<Behaviour> = serde_json::from_str(PACKED).unwrap();
        assert!(table.len() >= 9);
        let text = "{ plugins: { allow: ['github'] }, tools: { toolSearch: false }, channels: { irc: { threadBindings: {} } } }";
        let found = messages(text, "2026.5.1", "2026.9.6");
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(messages("{}", "2026.9.5", "2026.9.6").len(), 1, "what is absent");
        assert!(messages(text, "2026.9.6", "2026.9.6").is_empty());
    }
}
