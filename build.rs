//! Packs the JSON5 tables in `rules/` into strict JSON in small pieces, so that a run parses only what it needs. A broken
//! file fails the build with its name; everything deeper is checked by the tests.

#[path = "build/checks.rs"]
mod checks;
#[path = "src/project/keys.rs"]
mod keys;
#[path = "src/schema/members.rs"]
mod members;
#[path = "build/places.rs"]
mod places;
#[path = "src/rules/steps.rs"]
mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::{Map, Value};
use steps::{LAYOUTS, ROLES, Step, simple_steps};
use walkdir::{DirEntry, WalkDir};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Fields of a rule that a run does not need; they go into the documentation text.
const DOCUMENTATION: &[&str] = &["since", "confidence", "after", "docs", "examples"];

/// Fields of a rule that say what it looks at; the rest of what a run needs are its words.
const CHECK: &[&str] = &["layouts", "roles", "environments", "from", "given", "when", "then", "at", "outcome"];

/// Fields whose long texts may be written as a list of lines.
const LONG: &[&str] = &["docs", "examples"];

/// The field of a rule or a table's entry with its words in Chinese, and the fields in it that only `explain` reads.
const CHINESE: &str = "zh-CN";

/// The schemas of all releases, and which these are.
const POOL: &str = "schemas/openclaw/pool.jsonl";
const RELEASES: &str = "schemas/openclaw/releases.json";

/// Phrases of the program in Chinese, by their English.
const PHRASES: &str = "src/language/zh-CN.json5";

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed={PHRASES}");
    println!("cargo::rerun-if-changed={POOL}");
    println!("cargo::rerun-if-changed={RELEASES}");
    link_at_a_fixed_address();
    link_the_unwinder();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut providers = read(Path::new("rules/providers.json5"))?;
    compact(&mut providers, "rules/providers.json5: $")?;
    // One file a section, so that a run reads only what it needs; the whole is for checking the table.
    for (section, value) in providers.as_object().into_iter().flatten() {
        match value {
            Value::Array(list) if section == "providers" => fs::write(out.join("packed_providers.rs"), index(list))?,
            value => fs::write(out.join(format!("providers.{section}.json")), value.to_string())?,
        }
    }
    fs::write(out.join("providers.json"), providers.to_string())?;
    let prefixes = providers.pointer("/redaction/prefixes").and_then(Value::as_array);
    let mut prefixes = texts(prefixes.ok_or("rules/providers.json5: no `redaction.prefixes`")?);
    prefixes.sort_by_key(|prefix| (prefix.bytes().take(2).collect::<Vec<_>>(), std::cmp::Reverse(prefix.len())));
    fs::write(out.join("redaction_prefixes.rs"), format!("&{prefixes:?}"))?;
    let hosts = providers.pointer("/azure/hosts").and_then(Value::as_array);
    let suffixes = hosts.into_iter().flatten().filter_map(|host| host.get("suffix")?.as_str()).collect::<Vec<_>>();
    fs::write(out.join("azure_suffixes.rs"), format!("&{suffixes:?}"))?;

    let (mut rules, mut documentation, mut chinese) = (BTreeMap::new(), Map::new(), Chinese::default());
    for file in rule_files(Path::new("rules"))? {
        let Value::Object(mut rule) = read(&file)? else {
            return Err(format!("{}: not an object", file.display()).into());
        };
        let mut translation = rule.remove(CHINESE).unwrap_or_default();
        for field in LONG {
            rule.get_mut(*field).into_iter().for_each(join_lines);
        }
        translation.get_mut("docs").into_iter().for_each(join_lines);
        let id = rule.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let expected = file.with_extension("");
        if expected.strip_prefix("rules")? != Path::new(&id) {
            return Err(format!("{}: its id is `{id}`", file.display()).into());
        }
        let (docs, engine): (Map<_, _>, Map<_, _>) = rule
            .into_iter()
            .filter(|(key, _)| key != "$schema")
            .partition(|(key, _)| DOCUMENTATION.contains(&key.as_str()));
        documentation.insert(id.clone(), Value::Object(docs));
        chinese.add(&id, translation);
        rules.insert(id, engine);
    }
    fs::write(out.join("migrations.json"), read(Path::new("rules/migrations.json5"))?.to_string())?;
    fs::write(out.join("after-401.json"), read(Path::new("rules/after-401.json5"))?.to_string())?;
    let mut phrases = read(Path::new(PHRASES))?;
    for (table, fields) in [("behaviour", ["message", "help"].as_slice()), ("conversion", &["note"])] {
        let mut entries = read(&Path::new("rules").join(table).with_extension("json5"))?;
        take_phrases(&mut entries, fields, &mut phrases);
        fs::write(out.join(table).with_extension("json"), entries.to_string())?;
    }
    fs::write(out.join("phrases.zh-CN.json"), phrases.to_string())?;
    fs::write(out.join("rule-docs.zh-CN.json"), Value::Object(chinese.documentation).to_string())?;
    fs::write(out.join("rules.zh-CN.rs"), format!("&{:?}", chinese.words))?;
    let pool = fs::read_to_string(POOL)?;
    fs::write(out.join("pool.idx"), members::index(&pool))?;
    fs::write(out.join("places.rs"), places::places(&pool, &read(Path::new(RELEASES))?)?)?;
    let sets = read(Path::new("rules/sets.json5"))?;
    fs::write(out.join("sets.rs"), sets_code(&sets)?)?;
    let selectors = read(Path::new("rules/selectors.json5"))?;
    fs::write(out.join("packed_rules.rs"), packed(rules, &selectors)?)?;
    fs::write(out.join("rule-docs.json"), Value::Object(documentation).to_string())?;
    Ok(())
}

/// The table that `src/rules/sets.rs` includes.
fn sets_code(sets: &Value) -> Result<String> {
    let mut code = BTreeMap::new();
    for (name, set) in sets.as_object().into_iter().flatten() {
        let fields = set.as_object().ok_or_else(|| format!("rules/sets.json5: {name}: not an object"))?;
        if let Some(field) = fields.keys().find(|field| !["from", "names", "rows"].contains(&field.as_str())) {
            return Err(format!("rules/sets.json5: {name}: no field is called `{field}`").into());
        }
        let from = fields.get("from").and_then(Value::as_str).unwrap_or_default();
        let names = fields.get("names").and_then(Value::as_array).map_or(Vec::new(), |names| texts(names));
        let rows = fields.get("rows").and_then(Value::as_object).into_iter().flatten();
        let rows: BTreeMap<&String, String> = rows.map(|(name, facts)| (name, facts.to_string())).collect();
        let rows: Vec<_> = rows.into_iter().collect();
        code.insert(name, format!("({name:?}, Set {{ from: {from:?}, names: &{names:?}, rows: &{rows:?} }})"));
    }
    Ok(format!("&[{}]", code.into_values().collect::<Vec<_>>().join(",\n")))
}

/// What rule files say in Chinese: a text for each rule, read when it has found something, and one for `explain`.
#[derive(Default)]
struct Chinese {
    words: Vec<(String, String)>,
    documentation: Map<String, Value>,
}

impl Chinese {
    fn add(&mut self, id: &str, translation: Value) {
        let Value::Object(fields) = translation else { return };
        let (docs, words): (Map<_, _>, Map<_, _>) =
            fields.into_iter().partition(|(key, _)| DOCUMENTATION.contains(&key.as_str()));
        self.words.push((id.to_owned(), Value::Object(words).to_string()));
        self.words.sort();
        self.documentation.insert(id.to_owned(), Value::Object(docs));
    }
}

/// Moves the Chinese of a table's entries to the phrases.
fn take_phrases(entries: &mut Value, fields: &[&str], phrases: &mut Value) {
    let entries = entries.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut);
    for entry in entries {
        let Some(chinese) = entry.remove(CHINESE) else { continue };
        for field in fields {
            let (english, chinese) = (entry.get(*field).and_then(Value::as_str), chinese.get(*field));
            if let (Some(english), Some(chinese), Some(phrases)) = (english, chinese, phrases.as_object_mut()) {
                phrases.insert(english.to_owned(), chinese.clone());
            }
        }
    }
}

/// What unwinds a stack for a panic's report is a library of its own, which the system would look for and load at every start.
/// Where the C compiler has it for linking, it goes into the program; a symbol of the program goes before one of a library,
/// and a library that nothing needs is not loaded.
fn link_the_unwinder() {
    let same = env::var("HOST").ok() == env::var("TARGET").ok();
    if !same || !is_dynamic_linux() {
        return;
    }
    let answer = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    let file = answer.ok().and_then(|answer| String::from_utf8(answer.stdout).ok()).unwrap_or_default();
    // The bare name is the answer where there is none.
    if Path::new(file.trim()).is_absolute() {
        println!("cargo::rustc-link-arg-bins=-Wl,--whole-archive,{},--no-whole-archive", file.trim());
    }
}

/// A position-independent program has some 14,000 addresses to fill in at every start, in pages that nothing else would
/// touch: a sixth of a cold run. Stack, heap and libraries stay where chance puts them. Static programs are linked as their
/// builder says; other systems do not ask for it or do not allow it.
fn link_at_a_fixed_address() {
    if is_dynamic_linux() {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

fn is_dynamic_linux() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_static = env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|features| features.contains("crt-static"));
    is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && !is_static
}

/// The tables that `src/credentials/packed.rs` includes: each provider's text, and which providers a name belongs to.
fn index(providers: &[Value]) -> String {
    let (mut ids, mut variables, mut hosts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (at, provider) in providers.iter().enumerate() {
        let strings = |field: &str| match provider.get(field) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(Value::Object(map)) => map.keys().map(String::as_str).collect(),
            Some(Value::String(text)) => vec![text.as_str()],
            _ => Vec::new(),
        };
        // An id goes before an alias of another provider.
        ids.extend(strings("id").into_iter().map(|id| (id, 0, at)));
        ids.extend(strings("aliases").into_iter().map(|alias| (alias, 1, at)));
        let names = ["env", "usageEnv", "roles"].into_iter().flat_map(strings);
        variables.extend(names.filter(|name| !name.contains(|c: char| c.is_ascii_lowercase())).map(|name| (name, at)));
        let urls = ["baseUrl", "altBaseUrls"].into_iter().flat_map(strings);
        hosts.extend(urls.filter_map(host).map(|host| (host, at)));
    }
    let ids: Vec<(&str, usize)> = ids.into_iter().map(|(id, _, at)| (id, at)).collect();
    let texts: Vec<String> = providers.iter().map(Value::to_string).collect();
    [("IDS", ids), ("VARIABLES", variables.into_iter().collect()), ("HOSTS", hosts.into_iter().collect())]
        .into_iter()
        .map(|(name, entries)| format!("pub(super) static {name}: &[(&str, usize)] = &{entries:?};\n"))
        .chain([format!("pub(super) static TEXTS: &[&str] = &{texts:?};\n")])
        .collect()
}

/// The host of a URL of the table.
fn host(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split(['/', '?', '#', ':']).next()
}

/// One entry for each check of a rule, with the words that the check can use.
fn checks(mut rule: Map<String, Value>) -> Vec<Map<String, Value>> {
    let Some(Value::Array(checks)) = rule.remove("checks") else { return vec![rule] };
    let entry = |check: Value| {
        let mut entry = rule.clone();
        entry.extend(check.as_object().cloned().unwrap_or_default());
        if let Some(outcome) = entry.get("outcome").and_then(Value::as_str).map(str::to_owned) {
            let words = entry.get_mut("outcomes").and_then(Value::as_object_mut);
            words.into_iter().for_each(|words| words.retain(|name, _| *name == outcome));
        }
        entry
    };
    checks.into_iter().map(entry).collect()
}

/// The tables that `src/rules/packed.rs` includes.
fn packed(rules: BTreeMap<String, Map<String, Value>>, selectors: &Value) -> Result<String> {
    let mut code = checks::Code::default();
    let mut text = String::from("pub(super) static RULES: &[Packed] = &[\n");
    let checks =
        rules.into_iter().flat_map(|(id, rule)| checks(rule).into_iter().map(move |check| (id.clone(), check)));
    for (id, rule) in checks {
        let (mut check, words): (Map<_, _>, Map<_, _>) =
            rule.into_iter().partition(|(key, _)| CHECK.contains(&key.as_str()));
        // What OpenClaw refuses, it refuses in every file.
        let is_blocking = |words: &Value| words.get("blocking") == Some(&Value::Bool(true));
        let outcomes = words.get("outcomes").and_then(Value::as_object);
        if !check.contains_key("roles")
            && (is_blocking(&words.clone().into()) || outcomes.is_some_and(|all| all.values().any(is_blocking)))
        {
            check.insert("roles".to_owned(), vec!["live", "variant", "template", "backup"].into());
        }
        check.sort_keys();
        let gate = Gate::of_check(&check, selectors).code();
        let check = code.check(&check).map_err(|error| format!("rules/{id}.json5: {error}"))?;
        let words = Value::Object(words).to_string();
        text.push_str(&format!("    Packed {{ id: {id:?}, gate: {gate}, check: &{check}, words: {words:?} }},\n"));
    }
    text.push_str("];\n\npub(super) static SELECTORS: &[(&str, &[PackedSlot])] = &[\n");
    for (at, (name, slots)) in selectors.as_object().into_iter().flatten().enumerate() {
        let mut list = Vec::new();
        for slot in slots.as_array().into_iter().flatten() {
            let gate = Gate::of_slot(slot).code();
            let slot = code.slot(slot).map_err(|error| format!("rules/selectors.json5: {name}: {error}"))?;
            list.push(format!("    PackedSlot {{ gate: {gate}, slot: {slot} }},\n"));
        }
        text.push_str(&format!("    ({name:?}, &SLOTS_{at}),\n"));
        code.add(&format!("static SLOTS_{at}: [PackedSlot; {}] = [\n{}];\n", list.len(), list.concat()));
    }
    text.push_str("];\n");
    Ok(format!("{}\n{text}", code.text()))
}

/// What a project must have for a check to find something; see `src/rules/packed.rs`.
#[derive(Default)]
struct Gate {
    always: bool,
    configs: bool,
    env_files: bool,
    layouts: Vec<String>,
    roles: Vec<String>,
    keys: BTreeSet<Way>,
    also: Vec<Way>,
}

/// Keys one below the other, `*` for any.
type Keys = Vec<String>;

/// What a schema has to see below a value: keys, and at their end one of these texts, if any are listed.
type Sight = (Keys, Vec<String>);

/// The keys of a selector, and what is to be seen below what it selects.
type Way = (Keys, Sight);

impl Gate {
    fn of_check(check: &Map<String, Value>, selectors: &Value) -> Self {
        let list = |field: &str| check.get(field).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut gate = Self { layouts: texts(list("layouts")), roles: texts(list("roles")), ..Self::default() };
        if gate.roles.is_empty() {
            gate.roles = ["live", "variant"].map(str::to_owned).into();
        }
        let below = match check.get("then").and_then(|then| then.get("schema")) {
            Some(schema) => to_fail(schema),
            None => anything(),
        };
        for selector in list("given") {
            match selector.as_str() {
                Some(text) => match text.strip_prefix('#') {
                    Some(list) => {
                        let slots = selectors.get(list).and_then(Value::as_array);
                        slots.into_iter().flatten().for_each(|slot| gate.add_slot(slot, &below));
                    }
                    None => gate.add_path(text, &below),
                },
                None => gate.add_whole(selector),
            }
        }
        for condition in list("when").iter().filter(|condition| condition.get("none") != Some(&Value::Bool(true))) {
            let (path, schema) = (condition.get("given").and_then(Value::as_str), condition.get("schema"));
            if let (Some(path), Some(schema)) = (path, schema) {
                gate.also.push((keys_of(path), to_hold(schema)));
            }
        }
        gate
    }

    fn of_slot(slot: &Value) -> Self {
        let mut gate = Self {
            layouts: slot.get("layout").map(std::slice::from_ref).map(texts).unwrap_or_default(),
            ..Self::default()
        };
        gate.add_slot(slot, &anything());
        gate
    }

    fn add_slot(&mut self, slot: &Value, below: &BTreeSet<Sight>) {
        self.env_files |= slot.get("env").is_some();
        slot.get("path").and_then(Value::as_str).into_iter().for_each(|path| self.add_path(path, below));
    }

    fn add_whole(&mut self, selector: &Value) {
        let is = |name: &str| selector.get("whole").is_some_and(|whole| whole == name);
        self.env_files |= selector.get("env").is_some() || is("env-file");
        self.configs |= is("config");
        self.always |= is("project");
    }

    fn add_path(&mut self, path: &str, below: &BTreeSet<Sight>) {
        let keys = keys_of(path);
        self.keys.extend(below.iter().map(|below| (keys.clone(), below.clone())));
    }

    /// As Rust. Longer ways behind a shorter one in the set say nothing new.
    fn code(&self) -> String {
        let is_there =
            |keys: &[String], below: &[String]| self.keys.contains(&(keys.to_vec(), (below.to_vec(), Vec::new())));
        let says_new = |(keys, (below, values)): &&Way| {
            let shorter = (0..keys.len()).filter_map(|end| Some((keys.get(..end)?, &[][..])));
            let at = (0..below.len()).filter_map(|end| Some((keys.as_slice(), below.get(..end)?)));
            let same = (!values.is_empty()).then_some((keys.as_slice(), below.as_slice()));
            !shorter.chain(at).chain(same).any(|(keys, below)| is_there(keys, below))
        };
        let way = |(keys, (below, values)): &Way| {
            let places: Vec<u16> = keys.iter().filter(|key| *key != "*").map(|key| keys::place_of(key)).collect();
            format!("Way {{ keys: &{keys:?}, places: &{places:?}, below: &{below:?}, values: &{values:?} }}, ")
        };
        format!(
            "Gate {{ always: {}, configs: {}, env_files: {}, layouts: {}, roles: {}, keys: &[{}], also: &[{}] }}",
            self.always,
            self.configs,
            self.env_files,
            bits(&self.layouts, &LAYOUTS),
            bits(&self.roles, &ROLES),
            self.keys.iter().filter(says_new).map(way).collect::<String>(),
            self.also.iter().map(way).collect::<String>()
        )
    }
}

/// A bit for each of some names, in the order of all; all for none.
fn bits(names: &[String], all: &[&str]) -> u8 {
    let is_named = |name: &str| names.is_empty() || names.iter().any(|named| named == name);
    all.iter().rev().fold(0, |bits, name| bits << 1 | u8::from(is_named(name)))
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The keys of a path, `*` for any of them; a path that is not simple has none, and every config has that.
fn keys_of(path: &str) -> Keys {
    let key = |step| match step {
        Step::Key(key) => key.into_owned(),
        Step::Index(_) | Step::Any => "*".to_owned(),
    };
    simple_steps(path).unwrap_or_default().into_iter().map(key).collect()
}

/// What must be there, any one of these, so that a schema can refuse an object. Never less than the truth: what is not
/// understood can refuse any.
fn to_fail(schema: &Value) -> BTreeSet<Sight> {
    let Some(keywords) = schema.as_object() else {
        return if schema == &Value::Bool(true) { BTreeSet::new() } else { anything() };
    };
    let under = |key: &str, schema: &Value| -> BTreeSet<Sight> {
        to_fail(schema).into_iter().map(|sight| below(key, sight)).collect()
    };
    let of_keyword = |(keyword, value): (&String, &Value)| match keyword.as_str() {
        "properties" => value.as_object().into_iter().flatten().flat_map(|(key, schema)| under(key, schema)).collect(),
        "additionalProperties" | "items" => under("*", value),
        "allOf" => value.as_array().into_iter().flatten().flat_map(to_fail).collect(),
        "anyOf" => {
            // All of them refuse it, or it is accepted.
            let branches = value.as_array().into_iter().flatten().map(to_fail);
            branches.min_by_key(|sights| (!sights.is_disjoint(&anything()), sights.len())).unwrap_or_else(anything)
        }
        "not" => BTreeSet::from([to_hold(value)]),
        "if" => {
            let branch = |name: &str| keywords.get(name).map(to_fail).unwrap_or_default();
            // What the condition has to see, a refusal of what follows from it has to see too.
            let condition = BTreeSet::from([to_hold(value)]);
            let then = if condition == anything() || branch("then").is_empty() { branch("then") } else { condition };
            then.into_iter().chain(branch("else")).collect()
        }
        "then" | "else" => BTreeSet::new(),
        _ => anything(),
    };
    keywords.iter().flat_map(of_keyword).collect()
}

/// What is to be seen in every object that a schema accepts: of several keys that it requires, the last.
fn to_hold(schema: &Value) -> Sight {
    let required = schema.get("required").and_then(Value::as_array).and_then(|required| required.last()?.as_str());
    match required {
        Some(key) => {
            let schema = schema.get("properties").and_then(|properties| properties.get(key));
            below(key, schema.map(to_hold).unwrap_or_default())
        }
        None => {
            let one = schema.get("const").map(std::slice::from_ref);
            let listed = one.or_else(|| schema.get("enum")?.as_array().map(Vec::as_slice)).unwrap_or_default();
            let are_texts = listed.iter().all(Value::is_string);
            (Keys::new(), if are_texts { texts(listed) } else { Vec::new() })
        }
    }
}

fn below(key: &str, (keys, values): Sight) -> Sight {
    ([vec![key.to_owned()], keys].concat(), values)
}

/// Whatever is there.
fn anything() -> BTreeSet<Sight> {
    BTreeSet::from([Sight::default()])
}

/// Keys for people who read a table, of no use to the program.
const PROSE: [&str; 2] = ["note", "source"];

/// Drops prose and refuses strings that JSON would have to escape: those could not be borrowed from the binary.
fn compact(value: &mut Value, path: &str) -> Result<()> {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !PROSE.contains(&key.as_str()));
            members.iter_mut().try_for_each(|(key, member)| compact(member, &format!("{path}.{key}")))
        }
        Value::Array(items) => {
            items.iter_mut().enumerate().try_for_each(|(index, item)| compact(item, &format!("{path}[{index}]")))
        }
        Value::String(text) if text.contains(|c: char| c == '"' || c == '\\' || c.is_control()) => {
            Err(format!("{path}: write the string without double quotes, backslashes and control characters").into())
        }
        _ => Ok(()),
    }
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    json5::from_str(&text).map_err(|error| format!("{}: {error}", file.display()).into())
}

/// Turns lists of lines into texts, at any depth. Lists of anything else stay lists.
fn join_lines(value: &mut Value) {
    match value {
        Value::Array(items) => match items.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
            Some(lines) if !lines.is_empty() => *value = lines.join("\n").into(),
            _ => items.iter_mut().for_each(join_lines),
        },
        Value::Object(members) => members.values_mut().for_each(join_lines),
        _ => {}
    }
}

/// `rules/<group>/<name>.json5`; tables lie in `rules/` itself.
fn rule_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = WalkDir::new(folder).min_depth(2).max_depth(2).into_iter();
    let mut files = entries.map(|entry| entry.map(DirEntry::into_path)).collect::<std::result::Result<Vec<_>, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json5"));
    Ok(files)
}
