//! From the layout of the troubleshooting guide to OpenClaw's own (`rules/conversion.json5`). Comments stay, credentials
//! become references, and what has no counterpart is listed.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::language::Phrase;
use crate::schema::{Release, takes};
use crate::source::Span;
use crate::syntax::json5::{self, Document, Member, NodeId, NodeKind};

use super::edits::{insert, key_style};
use super::sheet::Sheet;

static PACKED: &str = include_str!(concat!(env!("OUT_DIR"), "/conversion.json"));

static TABLE: LazyLock<Vec<Line>> = LazyLock::new(|| serde_json::from_str(PACKED).unwrap_or_default());

/// One line of the table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Line {
    from: String,
    to: Option<String>,
    text: Option<String>,
    add: BTreeMap<String, String>,
    variable: Option<String>,
    also: Vec<String>,
    #[serde(rename = "default")]
    usual: Option<String>,
    note: Option<String>,
}

/// A converted config.
#[derive(Debug, Default)]
pub struct Converted {
    /// Its text. No credential is in it that was at a place of the guide's.
    pub text: String,
    /// What a person has to know or do, in the order of the old file.
    pub notes: Vec<Note>,
    /// Credentials that stood in the file, for an env file.
    pub variables: Vec<Variable>,
}

/// What became of a key that has no counterpart, or not a simple one.
#[derive(Debug, PartialEq, Eq)]
pub struct Note {
    /// Its line in the old file, from 1.
    pub line: usize,
    /// Where it stood.
    pub path: String,
    /// What is to be known, or done.
    pub message: Phrase,
}

/// A credential that goes into an env file.
pub struct Variable {
    /// The name under which OpenClaw reads it.
    pub name: String,
    pub(super) value: String,
}

/// Never with the value.
impl fmt::Debug for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=...", self.name)
    }
}

impl Variable {
    /// The line of an env file, with its value: it goes into a file and nowhere else. `None` for a value that no quotes hold.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        let plain = self.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./+=:".contains(&byte));
        let quoted = !self.value.contains(['\'', '\n', '\r']);
        match (plain, quoted) {
            (true, _) => Some(format!("{}={}\n", self.name, self.value)),
            (false, true) => Some(format!("{}='{}'\n", self.name, self.value)),
            (false, false) => None,
        }
    }
}

/// Converts a config for a release. `None` when the text is no JSON5 object.
#[must_use]
pub fn convert(text: &str, release: &Release) -> Option<Converted> {
    let document = json5::parse(text, &json5::Options::default());
    let root = document.root().filter(|_| document.is_valid())?;
    let NodeKind::Object(_) = document.node(root).kind else { return None };
    let sheet = Sheet::new(text, &document);
    let mut work = Work {
        text,
        document: &document,
        sheet: &sheet,
        release,
        out: Converted::default(),
        gone: Vec::new(),
        new: Vec::new(),
    };
    work.members(root, "");
    let Work { mut out, mut gone, mut new, .. } = work;
    gone.sort_by_key(|span| span.start);
    out.text = without(&sheet, &gone);
    // A key that stands there many times is written once.
    let mut seen = HashSet::new();
    new.retain(|(path, _)| seen.insert(path.clone()));
    for (path, value) in new {
        let document = json5::parse(&out.text, &json5::Options::default());
        // What stands there already was written for OpenClaw, and stays.
        let sheet = Sheet::new(&out.text, &document);
        let Some((span, text)) = insert(&sheet, &path, &value, key_style(&document)) else { continue };
        out.text.replace_range(span.start as usize..span.end as usize, &text);
    }
    Some(out)
}

struct Work<'t> {
    text: &'t str,
    document: &'t Document,
    sheet: &'t Sheet<'t>,
    release: &'t Release,
    out: Converted,
    /// Members that go.
    gone: Vec<Span>,
    /// What is written, by path.
    new: Vec<(String, String)>,
}

impl Work<'_> {
    /// Works through an object; says whether nothing of it stays.
    fn members(&mut self, object: NodeId, path: &str) -> bool {
        let document = self.document;
        let NodeKind::Object(members) = &document.node(object).kind else { return false };
        let mut going = Vec::new();
        for member in members {
            let path = if path.is_empty() { member.key.to_string() } else { format!("{path}.{}", member.key) };
            if self.goes(member, &path) {
                going.push(member.span);
            }
        }
        let all = going.len() == members.len() && !members.is_empty();
        if !all || path.is_empty() {
            self.gone.extend(going);
        }
        all
    }

    /// Whether a member goes, after what it says has been written elsewhere or noted.
    fn goes(&mut self, member: &Member, path: &str) -> bool {
        if let Some(line) = TABLE.iter().find(|line| line.from == path) {
            self.convert(line, member, path);
            return true;
        }
        let object = matches!(self.document.node(member.value).kind, NodeKind::Object(_));
        if object && TABLE.iter().any(|line| line.from.starts_with(&format!("{path}."))) {
            return self.members(member.value, path);
        }
        if takes(self.release, path) {
            return false;
        }
        self.note(member, path, Phrase::new("OpenClaw has no such key"));
        true
    }

    fn convert(&mut self, line: &Line, member: &Member, path: &str) {
        let span = self.document.node(member.value).span;
        let written = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let value = match &self.document.node(member.value).kind {
            NodeKind::String(text) => text.as_ref(),
            _ => "",
        };
        if let Some(note) = &line.note {
            self.note(member, path, Phrase::new(note.clone()));
        }
        if let Some(variable) = &line.variable {
            self.credential(member, path, (variable, &line.also), value);
        }
        let Some(to) = &line.to else { return };
        if line.usual.as_deref() == Some(value.trim_end_matches('/')) {
            return;
        }
        let inner = value.trim_end_matches('/').replace(['"', '\\', '\n'], "");
        let text = line.text.as_ref().map(|text| text.replace("{value}", written).replace("{inner}", &inner));
        self.new.push((to.clone(), text.unwrap_or_else(|| written.to_owned())));
        self.new.extend(line.add.iter().map(|(path, text)| (path.clone(), text.clone())));
    }

    /// A credential goes to the environment, under the name that OpenClaw reads.
    fn credential(&mut self, member: &Member, path: &str, (variable, also): (&str, &[String]), value: &str) {
        let reference = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        match reference {
            Some(name) if name == variable || also.iter().any(|other| other == name) => {}
            Some(name) => {
                let phrase = Phrase::new("OpenClaw reads `{variable}`: set it instead of `{name}`");
                self.note(member, path, phrase.with("variable", variable).with("name", name));
            }
            None => {
                let phrase = Phrase::new("set the variable `{variable}`, in `~/.openclaw/.env` for example");
                self.note(member, path, phrase.with("variable", variable));
                self.out.variables.push(Variable { name: variable.to_owned(), value: value.to_owned() });
            }
        }
    }

    fn note(&mut self, member: &Member, path: &str, message: Phrase) {
        let line = self.sheet.line_of(member.key_span.start) as usize;
        self.out.notes.push(Note { line, path: path.to_owned(), message });
    }
}

/// Wider indentation is not kept before comments.
const WIDEST: usize = 1_000;

/// The text without some members. Comments in them stay, each on a line of its own.
fn without(sheet: &Sheet<'_>, members: &[Span]) -> String {
    let text = sheet.text;
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for member in members {
        let whole = sheet.with_line(sheet.with_comma(*member));
        let start = whole.start as usize;
        out.push_str(text.get(done..start).unwrap_or_default());
        let (line, _) = sheet.line_around(*member);
        let indent = sheet.part(line, member.start);
        // One of megabytes is not repeated before each comment.
        let indent = indent.get(..indent.len() - indent.trim_start().len()).filter(|indent| indent.len() <= WIDEST);
        let indent = indent.unwrap_or_default();
        for comment in sheet.comments_in(*member) {
            out.push_str(indent);
            out.push_str(sheet.slice(comment.span).trim_end());
            out.push_str(sheet.line_break());
        }
        done = whole.end as usize;
        // The comma before the last member goes with it, where the file has none behind last members.
        let closes = text.get(done..).unwrap_or_default().trim_start().starts_with('}');
        let trailing = text.get(member.end as usize..done).unwrap_or_default().contains(',');
        if closes && !trailing && out.trim_end().ends_with(',') {
            let end = out.trim_end().len();
            out.remove(end - 1);
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Store;

    fn converted(text: &str) -> Converted {
        convert(text, Store::bundled().latest().unwrap()).unwrap()
    }

    #[test]
    fn every_target_of_the_table_exists() {
        let newest = Store::bundled().latest().unwrap();
        assert!(TABLE.len() > 15);
        for line in TABLE.iter() {
            for path in line.to.iter().chain(line.add.keys()) {
                assert!(takes(newest, path), "{path}");
            }
            assert!(line.note.is_some() || line.variable.is_some() || line.to.is_some(), "{}", line.from);
        }
    }

    #[test]
    fn comments_stay_and_credentials_do_not() {
        let text = "{\n  // keys\n  secrets: {\n    anthropic: {\n      // rotated in May\n      apiKey: \"not-a-real-key\",\n    },\n  },\n  logging: { level: \"info\", http: { enabled: true } }, // quiet\n}\n";
        let out = converted(text);
        assert_eq!(out.text, "{\n  // keys\n  // rotated in May\n  logging: { level: \"info\" }, // quiet\n}\n");
        assert_eq!(format!("{:?}", out.variables), "[ANTHROPIC_API_KEY=...]");
        assert_eq!(out.variables[0].line().unwrap(), "ANTHROPIC_API_KEY=not-a-real-key\n");
        assert_eq!(out.notes.iter().map(|note| note.line).collect::<Vec<_>>(), [6, 9]);
    }

    #[test]
    fn azure_becomes_a_provider() {
        let out = converted(
            "{ secrets: { azure: { apiKey: \"${AZURE_OPENAI_KEY}\", apiBase: \"https://contoso.openai.azure.com/\", apiVersion: \"x\", deployment: 'gpt-4o' } } }",
        );
        let value: serde_json::Value = ::json5::from_str(&out.text).unwrap();
        let expected = serde_json::json!({ "models": { "providers": { "azure-openai-responses": {
            "apiKey": "${AZURE_OPENAI_API_KEY}",
            "baseUrl": "https://contoso.openai.azure.com/openai/v1",
            "api": "azure-openai-responses",
            "models": [{ "id": "gpt-4o", "name": "gpt-4o" }],
        } } } });
        assert_eq!(value, expected);
        assert!(out.notes[0].message.to_string().contains("AZURE_OPENAI_API_KEY"));
    }

    #[test]
    fn lines_of_env_files_hold_what_quotes_can_hold() {
        for (value, line) in [
            ("Ab0-_./+=:", Some("A=Ab0-_./+=:\n")),
            ("a b", Some("A='a b'\n")),
            ("a\"$b", Some("A='a\"$b'\n")),
            ("it's", None),
            ("a\nb", None),
            ("a\rb", None),
        ] {
            let variable = Variable { name: "A".to_owned(), value: value.to_owned() };
            assert_eq!(variable.line().as_deref(), line, "{value:?}");
        }
    }

    #[test]
    fn what_goes_takes_its_comma_and_leaves_its_comments() {
        for (text, expected, notes) in [
            ("{ zebra: 1, gateway: { port: 1 } }", "{ gateway: { port: 1 } }", "zebra"),
            ("{ gateway: { port: 1 }, zebra: 1 }", "{ gateway: { port: 1 } }", "zebra"),
            ("{ gateway: { port: 1 }, zebra: 1, }", "{ gateway: { port: 1 }, }", "zebra"),
            ("{ gateway: { port: 1 }, zebra: { a: 1, b: 2 } }", "{ gateway: { port: 1 } }", "zebra"),
            ("{ gateway: { port: 1, zebra: 1 } }", "{ gateway: { port: 1 } }", "gateway.zebra"),
            ("{\n\tzebra: [\n\t\t1, // one\n\t],\n}", "{\n\t// one\n}", "zebra"),
            ("{ secrets: {} }", "{ secrets: {} }", ""),
            (
                "{\n  gateway: { port: 1 }, zebra: [ // one\n    1, // two\n  ],\n}",
                "{\n  gateway: { port: 1 },   // one\n  // two\n\n}",
                "zebra",
            ),
            // Names of variables that OpenClaw reads need no word.
            ("{ secrets: { google: { apiKey: \"${GEMINI_API_KEY}\" } } }", "{ }", ""),
            ("{ secrets: { google: { apiKey: \"${GOOGLE_API_KEY}\" } } }", "{ }", ""),
            ("{ secrets: { google: { apiKey: \"${OTHER_KEY}\" } } }", "{ }", "secrets.google.apiKey"),
            ("{}", "{}", ""),
        ] {
            let out = converted(text);
            let paths: Vec<&str> = out.notes.iter().map(|note| note.path.as_str()).collect();
            assert_eq!((out.text.as_str(), paths.join(" ")), (expected, notes.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_openclaw_reads_stays() {
        let text = "{ gateway: { port: 18789, defaultProvider: \"openai\" }, zebra: 1 }";
        let out = converted(text);
        assert_eq!(out.text, "{ gateway: { port: 18789 } }");
        assert_eq!(out.notes.len(), 2);
        assert!(convert("[]", Store::bundled().latest().unwrap()).is_none());
    }
}
