//! Where the newest release has each key, as Rust for `src/schema/belongs.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Result;

/// A key that stands in more places than this tells nobody where it belongs.
const MOST: usize = 16;

/// Keys with their places. `releases` is sorted, the newest last.
pub(crate) fn places(pool: &str, releases: &Value) -> Result<String> {
    let newest = releases.get("releases").and_then(Value::as_array).and_then(|releases| releases.last());
    let root = newest.and_then(|release| release.get("root")).ok_or("no newest release")?;
    let mut walk = Walk { lines: pool.lines().collect(), places: BTreeMap::new() };
    walk.schema(root, &mut Vec::new())?;
    let few = walk.places.into_iter().filter(|(_, places)| places.len() <= MOST);
    let few: Vec<(String, String)> = few.map(|(key, places)| (key, Vec::from_iter(places).join(" "))).collect();
    Ok(format!("&{few:?}"))
}

struct Walk<'p> {
    lines: Vec<&'p str>,
    places: BTreeMap<String, BTreeSet<String>>,
}

impl Walk<'_> {
    fn schema(&mut self, schema: &Value, path: &mut Vec<String>) -> Result<()> {
        if let Some(line) = schema.as_u64() {
            let text = usize::try_from(line).ok().and_then(|line| self.lines.get(line)).ok_or("no such line")?;
            return self.schema(&serde_json::from_str(text)?, path);
        }
        for (key, child) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            // Dots and blanks are what the table is cut at.
            if !key.contains(['.', ' ']) {
                self.step(key, child, path)?;
                let place = path.iter().map(String::as_str).chain([key.as_str()]).collect::<Vec<_>>().join(".");
                self.places.entry(key.clone()).or_default().insert(place);
            }
        }
        for keyword in ["additionalProperties", "items"] {
            for child in schema.get(keyword).into_iter().filter(|child| !child.is_array()) {
                self.step("*", child, path)?;
            }
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            for branch in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                self.schema(branch, path)?;
            }
        }
        Ok(())
    }

    fn step(&mut self, key: &str, child: &Value, path: &mut Vec<String>) -> Result<()> {
        path.push(key.to_owned());
        self.schema(child, path)?;
        path.pop();
        Ok(())
    }
}
