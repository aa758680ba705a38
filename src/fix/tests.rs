//! What each action makes of a text, row by row.

use super::apply::{Mended, compatible, edited, mend};
use super::edits::{Edits, in_config, in_env_file};
use super::sheet::Sheet;
use crate::Linter;
use crate::finding::{Action, Edit, Finding, Fix, Plan, Safety, Severity};
use crate::report::Report;
use crate::source::{FileId, Span};
use crate::syntax::dotenv;
use crate::syntax::json5::{self, Document};

/// The text without the marks around a place, and the place.
fn marked(text: &str) -> (String, Span) {
    let (before, rest) = text.split_once('«').unwrap();
    let (inside, after) = rest.split_once('»').unwrap();
    let start = u32::try_from(before.len()).unwrap();
    (format!("{before}{inside}{after}"), Span::new(start, start + u32::try_from(inside.len()).unwrap()))
}

fn applied(text: &str, edits: Edits) -> String {
    let edits: Vec<Edit> = edits.into_iter().map(|(span, new_text)| Edit { file: FileId(0), span, new_text }).collect();
    edited(text, edits.iter())
}

fn plan(action: Action, with: &str) -> Plan {
    Plan { action, text: with.to_owned(), title: String::new(), safety: Safety::Safe, of_gateway: false }
}

/// What a plan makes of a config; `-` when it cannot be carried out.
fn config(action: Action, with: &str, text: &str) -> String {
    let (text, place) = marked(text);
    let document = json5::parse(&text, &json5::Options::default());
    let edits = in_config(&plan(action, with), &Sheet::new(&text, &document), place);
    edits.map_or("-".to_owned(), |edits| applied(&text, edits))
}

/// The same for an env file.
fn env(action: Action, with: &str, text: &str) -> String {
    let (text, place) = marked(text);
    let file = dotenv::parse(&text);
    let edits = in_env_file(&plan(action, with), &file, &Sheet::new(&text, &Document::default()), place);
    edits.map_or("-".to_owned(), |edits| applied(&text, edits))
}

#[test]
fn what_becomes_of_configs() {
    for (action, with, text, expected) in [
        (Action::Rename, "token", "{ gateway: { «tokn»: 1 } }", "{ gateway: { token: 1 } }"),
        (Action::Rename, "a-b", "{ «ab»: 1 }", "{ \"a-b\": 1 }"),
        (Action::Rename, "token", "{ «tokn»: 1, token: 2 }", "-"),
        (Action::Rename, "token", "{ 'x': 1, «'tokn'»: 1 }", "{ 'x': 1, 'token': 1 }"),
        (Action::Rename, "token", "{ «\"tokn\"»: 1 }", "{ \"token\": 1 }"),
        (Action::Rename, "token", "{ tokn: «1» }", "{ token: 1 }"),
        (Action::Rename, "token", "{ tokn:« »1 }", "-"),
        (Action::Replace, "loopback", "{ bind: «\"localhost\"» }", "{ bind: \"loopback\" }"),
        (Action::Replace, "it's", "{ a: «'b'» }", "{ a: 'it\\'s' }"),
        (Action::Replace, "b", "{ «a»: 1 }", "{ b: 1 }"),
        (Action::Replace, "b", "{ a: «1» }", "-"),
        (Action::Wrap, "primary", "{ model: «\"x\"» }", "{ model: { primary: \"x\" } }"),
        (Action::Wrap, "primary", "{ \"model\": «[\"x\", \"y\"]» }", "{ \"model\": { \"primary\": [\"x\", \"y\"] } }"),
        (Action::Wrap, "enabled: true", "{ a: «\"x\"» }", "{ a: { enabled: true } }"),
        (Action::Wrap, "primary", "{ «model»: \"x\" }", "-"),
        (Action::Move, "b", "{ «a»: 1 }", "{ b: 1 }"),
        (Action::Move, "a.b", "{ «a»: 1 }", "-"),
        (Action::Move, "b.c.d", "{ x: { «a»: 1 } }", "{ x: { }, b: { c: { d: 1 } } }"),
        (Action::Move, "x.b.c", "{ x: { «a»: 1 } }", "{ x: { b: { c: 1 } } }"),
        (Action::Move, "x.b", "{ x: { «a»: 1, b: 2 } }", "-"),
        (Action::Move, "y.b", "{ x: { «a»: 1, c: 2 }, y: { z: 3 } }", "{ x: { c: 2 }, y: { z: 3, b: 1 } }"),
        (
            Action::Move,
            "y.b",
            "{\n  x: {\n    «a»: 1,\n    c: 2,\n  },\n  y: {\n    z: 3,\n  },\n}",
            "{\n  x: {\n    c: 2,\n  },\n  y: {\n    z: 3,\n    b: 1,\n  },\n}",
        ),
        (Action::Move, "y.b", "{ x: { «a»: [ 1, /* why */ 2 ] }, y: {} }", "-"),
        (Action::Move, "x.a.b", "{ x: { «a»: { c: 1 } } }", "-"),
        (Action::Move, "l.0.b", "{ «a»: 1, l: [{ c: 2 }] }", "{ l: [{ c: 2, b: 1 }] }"),
        (Action::Move, "l.1.b", "{ «a»: 1, l: [{ c: 2 }] }", "-"),
        (Action::Move, "y.b", "{ 'y': 1, «'a'»: 2 }", "-"),
        (
            Action::KeyBy,
            "entries: id",
            "{ «list»: [{ id: \"a\", x: 1 }, { x: 2, id: \"b\" }] }",
            "{ entries: { a: { x: 1 }, b: { x: 2, } } }",
        ),
        (
            Action::KeyBy,
            "entries: id",
            "{ «list»: [{ id: \"a\", x: 1 }, { id: \"a\" }, { id: \"a-2\" }] }",
            "{ entries: { a: { x: 1 }, \"a-2\": { }, \"a-2-2\": { } } }",
        ),
        (
            Action::KeyBy,
            "entries: id",
            r#"{«"list"»:[{"id":"a","x":1},{"id":"b"}]}"#,
            r#"{"entries":{"a":{"x":1},"b":{}}}"#,
        ),
        (Action::KeyBy, "entries: id", "{«list»: [{id: 'a', x: 1}]}", "{entries: {a: {x: 1}}}"),
        (Action::KeyBy, "entries: id", "{ «list»: [ {id: 'a', x: 1} ] }", "{ entries: { a: {x: 1} } }"),
        (
            Action::KeyBy,
            "entries: id",
            "{\n  «list»: [{\n    id: \"a\",\n    x: 1,\n  }],\n}",
            "{\n  entries: { a: {\n    x: 1,\n  } },\n}",
        ),
        (
            Action::KeyBy,
            "entries: id",
            "{\n  «list»: [\n    { id: \"a\", x: 1 },\n  ],\n}",
            "{\n  entries: {\n    a: { x: 1 },\n  },\n}",
        ),
        (Action::KeyBy, "servers: name", "{ «servers»: [{ name: \"a\", x: 1 }] }", "{ servers: { a: { x: 1 } } }"),
        (Action::KeyBy, "entries: id", "{ «list»: [{ id: \"a\" }, { x: 1 }] }", "-"),
        (Action::KeyBy, "entries: id", "{ «list»: [{ id: 1 }] }", "-"),
        (Action::KeyBy, "entries: id", "{ «list»: [{ id: \"a\" }], entries: {} }", "-"),
        (Action::KeyBy, "entries: id", "{ «list»: {} }", "-"),
        (
            Action::KeyBy,
            "entries: id as agent-id",
            r#"{ «list»: [{ id: "My Bot" }, { id: "my-bot", x: 1 }, { x: 2 }, { id: 5 }, { id: " " }] }"#,
            r#"{ entries: { "my-bot": { }, "my-bot-2": { x: 1 }, agent: { x: 2 }, "agent-2": { }, "agent-3": { } } }"#,
        ),
        (Action::KeyBy, "entries: id as agent-id", "{ «list»: [{ id: \"a\" }, \"b\"] }", "-"),
        (Action::KeyBy, "entries", "{ «list»: [] }", "-"),
        (Action::Spread, "\tx.y\t", "{ «a»: 1, x: {} }", "{ x: { y: 1 } }"),
        (
            Action::Spread,
            "b\tx.y\t\nc\tx.z\t",
            "{ «a»: { b: 1, c: [2] }, x: { w: 0 } }",
            "{ x: { w: 0, y: 1, z: [2] } }",
        ),
        (Action::Spread, "b\ty.z\t\nc\ty.w\t", "{ «a»: { b: 1, c: 2 }, e: 3 }", "{ y: { z: 1, w: 2 }, e: 3 }"),
        (Action::Spread, "\tx\ttrue", "{ «a»: 1 }", "{ x: true }"),
        (Action::Spread, "\tx\t", "{ «a»: 1, x: 2 }", "-"),
        (Action::Spread, "\t?x\t\n\ty\t", "{ «a»: 1, x: 2 }", "{ y: 1, x: 2 }"),
        (Action::Spread, "b\tx\t", "{ «a»: 1 }", "-"),
        (Action::Spread, "\tx\t", "{ «a»: /* why */ 1 }", "-"),
        (Action::Spread, "b\tx\t\nc\tx\t", "{ «a»: { b: 1, c: 2 } }", "-"),
        (Action::Spread, "b\tx\t\nc\tx.y\t", "{ «a»: { b: 1, c: 2 } }", "-"),
        (Action::Cut, "", "{ a: 1«,,» }", "{ a: 1 }"),
        (Action::CutRest, "", "{ a: 1 }«}}\n»", "{ a: 1 }\n"),
        (Action::CutRest, "", "{ a: 1 }\n«}\n]»", "{ a: 1 }\n"),
        (Action::CutRest, "", "{ a: 1 }«} b»", "-"),
        (Action::Write, "true", "{ a: «True» }", "{ a: true }"),
        (Action::Write, "", "{ a: «True» }", "-"),
        (Action::Quote, "", "{ a: «x y» }", "{ a: \"x y\" }"),
        (Action::Quote, "", "{ a: «x\"y» }", "-"),
        (Action::Comma, "", "{ a: 1 // one\n  «b»: 2 }", "{ a: 1, // one\n  b: 2 }"),
        (Action::Comma, "", "{ a: 1 /* x */ /* y */ «b»: 2 }", "{ a: 1, /* x */ /* y */ b: 2 }"),
        (Action::Comma, "", "«a»: 1", "-"),
        (Action::Comma, "", "// c\n«a»: 1", "-"),
        (Action::Insert, "a.b: 1", "«»{ a: {} }", "{ a: { b: 1 } }"),
        (Action::Insert, "a.b: 1\na.c: \"x\"", "«»{ a: { d: 2 } }", "{ a: { d: 2, b: 1, c: \"x\" } }"),
        (Action::Insert, "a.b: 1", "«»{ a: { d: 2, } }", "{ a: { d: 2, b: 1, } }"),
        (Action::Insert, "a.b: 1", "«»{\n  a: {\n    d: 2\n  }\n}", "{\n  a: {\n    d: 2,\n    b: 1\n  }\n}"),
        (
            Action::Insert,
            "a.b: 1",
            "«»{\n  \"a\": {\n    \"d\": 2,\n  },\n}",
            "{\n  \"a\": {\n    \"d\": 2,\n    \"b\": 1,\n  },\n}",
        ),
        (Action::Insert, "a.b: 1", "«»{ a: { b: 2 } }", "-"),
        (Action::Insert, "?a.b: 1\na.c: 3", "«»{ a: { b: 2 } }", "{ a: { b: 2, c: 3 } }"),
        (Action::Insert, "a.b: 1", "«»{ }", "-"),
        (Action::Insert, "b: 1", "«»{ a: 1 }", "-"),
        (Action::Insert, "a.b: 1", "«»{ a: 1 }", "-"),
        (Action::Drop, "b c", "{ «a»: 1, b: 2, c: 3 }", "{ a: 1, }"),
        (Action::Drop, "b c", "{ «a»: 1, d: 2 }", "-"),
        (Action::Drop, "b", "{ «a»: 1, b: [/* x */] }", "-"),
        (Action::Merge, "b: c", "{ «a»: { b: [1, 2], c: [2, 3] } }", "{ a: { c: [2, 3, 1] } }"),
        (Action::Merge, "b: c", "{ «a»: { b: [1, 2], c: [] } }", "-"),
        (Action::Merge, "b: c", "{ «a»: { b: 1, c: [2] } }", "-"),
        (Action::Merge, "b: c", "{ «a»: { b: [1] } }", "-"),
        (Action::Remove, "", "{ «a»: 1, b: 2 }", "{ b: 2 }"),
        (Action::Remove, "", "{\n  «a»: 1,\n  b: 2,\n}", "{\n  b: 2,\n}"),
        (Action::Remove, "", "{\r\n  «a»: 1,\r\n  b: 2,\r\n}", "{\r\n  b: 2,\r\n}"),
        (Action::Remove, "", "{ «a»: { /* x */ } }", "-"),
        (Action::Remove, "", "{ a: 1, «b»: 2 }", "{ a: 1, }"),
        (Action::Remove, "", "{ «a»: 1 ,  b: 2 }", "{ b: 2 }"),
        (Action::Remove, "", "{ /* x */ «a»: 1, b: 2 }", "{ /* x */ b: 2 }"),
        (Action::CommentOut, "", "{\n  «a»: 1,\n}", "{\n  // a: 1,\n}"),
        (Action::CommentOut, "", "{ «a»: 1 }", "{ /* a: 1 */ }"),
        (Action::CommentOut, "", "{ «a»: \"*/\" }", "-"),
        (Action::CommentOut, "", "{\n  «a»: 1, b: 2\n}", "{\n  /* a: 1, */ b: 2\n}"),
        (Action::CommentOut, "", "{ «a»: [1,\r\n2] }", "{ /* a: [1,\r\n2] */ }"),
        (Action::CommentOut, "", "{ «a»: [1,\r2] }", "-"),
        (Action::Convert, "number", "{ a: «\"18789\"» }", "{ a: 18789 }"),
        (Action::Convert, "number", "{ a: [1, «\"2\"»] }", "{ a: [1, 2] }"),
        (Action::Convert, "integer", "{ a: «\" -1.5 \"» }", "{ a: -1.5 }"),
        (Action::Convert, "number", "{ a: «\"1e3\"» }", "-"),
        (Action::Convert, "number", "{ a: «\"x\"» }", "-"),
        (Action::Convert, "boolean", "{ a: «\"TRUE\"» }", "{ a: true }"),
        (Action::Convert, "boolean", "{ a: «\"yes\"» }", "-"),
        (Action::Convert, "boolean", "{ «a»: { enabled: false, x: true } }", "{ a: false }"),
        (Action::Convert, "boolean", "{ «a»: { x: true } }", "{ a: true }"),
        (Action::Convert, "boolean", "{ «a»: { x: false } }", "{ a: false }"),
        (Action::Convert, "boolean", "{ «a»: { x: true /* why */ } }", "-"),
        (Action::Convert, "string", "{ a: «123» }", "{ a: \"123\" }"),
        (Action::Convert, "array", "{ a: «\"x\"» }", "{ a: [\"x\"] }"),
        (Action::Convert, "array", "{ «a»: { b: 1 } }", "{ a: [{ b: 1 }] }"),
        (Action::Convert, "array", "{ a: «true» }", "{ a: [true] }"),
        (Action::Convert, "array", "{ a: «null» }", "-"),
        (Action::Convert, "object", "{ a: «1» }", "-"),
        (Action::Migrate, "", "{ «a»: 1 }", "-"),
        (Action::Hash, "", "{ «a»: 1 }", "-"),
        (Action::Split, "", "{ «a»: 1 }", "-"),
    ] {
        assert_eq!(config(action, with, text), expected, "{action:?} {with:?} of {text:?}");
    }
}

#[test]
fn what_becomes_of_env_files() {
    for (action, with, text, expected) in [
        (Action::Rename, "OPENAI_API_KEY", "«OPENAI_KEY»=x", "OPENAI_API_KEY=x"),
        (Action::Rename, "2A", "«B»=x", "-"),
        (Action::Rename, "A-B", "«B»=x", "-"),
        (Action::Rename, "_A1", "«B»=x", "_A1=x"),
        (Action::Cut, "", "A=x«\u{200b}»y", "A=xy"),
        (Action::Hash, "", "A=1\n  «B C»\nD=2", "A=1\n#   B C\nD=2"),
        (Action::Remove, "", "A=1\n«B»=2\nC=3", "A=1\nC=3"),
        (Action::Remove, "", "A=1\nB=2«»", "A=1\n"),
        (Action::Remove, "", "«# c»\nA=1", "-"),
        (Action::Split, "", "A=1 \t«B=2»", "A=1\nB=2"),
        (Action::Split, "", "A=1 «B=2»\r\n", "A=1\r\nB=2\r\n"),
        (Action::Write, "x", "A=«1»", "-"),
    ] {
        assert_eq!(env(action, with, text), expected, "{action:?} {with:?} of {text:?}");
    }
}

const CONFIG: &str = "openclaw.json";

fn lint(name: &str, text: &str) -> Report {
    Linter::new().file(name, text).lint()
}

/// A fix that writes something in the place of the only `old` of a text.
fn fix(text: &str, old: &str, new: &str) -> Fix {
    let start = u32::try_from(text.find(old).unwrap_or_default()).unwrap();
    let span = Span::new(start, start + u32::try_from(old.len()).unwrap());
    let edits = vec![Edit { file: FileId(0), span, new_text: new.to_owned() }];
    Fix { title: format!("{old} to {new}"), safety: Safety::Safe, of_gateway: false, edits }
}

/// A file that is mended where the first finding of some rules proposes something else: what it replaces, and with what.
fn mended(name: &str, text: &str, instead: &[(&str, &str, &str)]) -> Mended {
    mend(text, Safety::Safe, |text| {
        let mut report = lint(name, text);
        for (rule, old, new) in instead {
            let found = report.findings.iter_mut().find(|found| found.rule == *rule && text.contains(*old));
            if let Some(found) = found {
                found.fix = Some(fix(text, old, new));
            }
        }
        (report, FileId(0))
    })
}

/// What is mended with the fixes that there are.
fn plainly(name: &str, text: &str, allowed: Safety) -> (String, usize, usize) {
    let mended = mend(text, allowed, |text| (lint(name, text), FileId(0)));
    (mended.text, mended.applied.len(), mended.refused)
}

#[test]
fn what_is_wrong_is_mended_as_far_as_it_is_allowed() {
    let text = "// mine\n{ gateway: { mode: \"local\", bind: \"lan\", tailscale: { mode: \"serve\" }, port: \"18789\" }, agnts: {} }\n";
    let safe = text.replace("\"18789\"", "18789").replace("agnts", "agents");
    let all = safe.replace("lan", "loopback");
    assert_eq!(plainly(CONFIG, text, Safety::Safe), (safe.clone(), 2, 0));
    assert_eq!(plainly(CONFIG, text, Safety::Unsafe), (all.clone(), 3, 0));
    assert_eq!(plainly(CONFIG, text, Safety::DisplayOnly), (all.clone(), 3, 0));
    assert_eq!(plainly(CONFIG, &safe, Safety::Safe), (safe.clone(), 0, 0));
    assert_eq!(plainly(CONFIG, &all, Safety::Unsafe), (all, 0, 0));
    assert_eq!(plainly(".env", "A=1\n; one\n", Safety::Safe), ("A=1\n# ; one\n".to_owned(), 1, 0));
    assert_eq!(plainly(".env", "A=1\nA=1\n", Safety::Safe), ("A=1\n".to_owned(), 1, 0));
}

#[test]
fn broken_texts_are_repaired() {
    let whole = "{ gateway: { mode: \"local\" } }\n";
    assert_eq!(plainly(CONFIG, "{ gateway: { mode: \"local\" } }}\n", Safety::Unsafe).0, whole);
    assert_eq!(
        plainly(CONFIG, "{ gateway: { mode: \"local\" } agents: {} }\n", Safety::Unsafe).0,
        "{ gateway: { mode: \"local\" }, agents: {} }\n"
    );
    // What it hid comes to light.
    assert_eq!(
        plainly(CONFIG, "{ gateway: { mode: \"local\" } zzzzzz: {} }\n", Safety::Safe),
        ("{ gateway: { mode: \"local\" }, zzzzzz: {} }\n".to_owned(), 1, 0)
    );
    assert_eq!(
        plainly(CONFIG, "{ gateway: { mode: \"local\", port: True } }\n", Safety::Safe),
        ("{ gateway: { mode: \"local\", port: true } }\n".to_owned(), 1, 0)
    );
    // A step may leave one for the next.
    assert_eq!(
        plainly(CONFIG, "{ gateway: { mode: \"local\" };, agents: {} }\n", Safety::Unsafe).0,
        "{ gateway: { mode: \"local\" }, agents: {} }\n"
    );
    // One that is repaired in part is still broken.
    let half = "{ gateway: { mode: \"local\" } agents: }\n";
    assert_eq!(plainly(CONFIG, half, Safety::Unsafe), (half.to_owned(), 0, 1));
}

#[test]
fn a_fix_that_does_harm_is_not_applied() {
    let text = "{ gateway: { mode: \"local\", port: \"18789\" } } // why\n";
    for (old, new, why) in [
        ("\"18789\" }", "18789", "it is no JSON5 any more"),
        ("\"18789\" } } // why", "18789 } }", "a comment is lost"),
        ("\"18789\"", "\"1\"", "nothing is better"),
        ("port", "zzzzzz", "another mistake, which nothing mends"),
        ("port: \"18789\"", "mode: \"local\"", "a key stands twice"),
        ("\"18789\"", "\"18789\"", "nothing changes"),
        ("\"18789\" }", "1 }, agents: { defaults: { workspace: \"\\uD800\" } }", "one of two parsers cannot read it"),
    ] {
        let kept = mended(CONFIG, text, &[("schema/wrong-type", old, new)]);
        assert_eq!((&*kept.text, kept.applied.len(), kept.refused), (text, 0, 1), "{why}");
    }
    // One that another undoes, again and again.
    let kept = mended(CONFIG, text, &[("schema/wrong-type", "port", "prt")]);
    assert_eq!((&*kept.text, kept.applied.len()), (text, 0));
    let kept = mended(CONFIG, text, &[("schema/wrong-type", "\"18789\"", "1")]);
    assert_eq!(kept.text, text.replace("\"18789\"", "1"));
    assert_eq!((kept.applied, kept.refused), (vec!["\"18789\" to 1".to_owned()], 0));
    // Those beside it are.
    let two = "{ gateway: { mode: \"local\", port: \"18789\" }, agnts: {} }\n";
    let kept = mended(CONFIG, two, &[("schema/wrong-type", "\"18789\" }", "18789")]);
    assert_eq!((&*kept.text, kept.applied.len(), kept.refused), (&*two.replace("agnts", "agents"), 1, 1));
    // A step that needs another one is taken, unless nothing mends what it leads to.
    let kept = mended(CONFIG, text, &[("schema/wrong-type", "port: \"18789\"", "prt: 1")]);
    assert_eq!((kept.text, kept.applied.len()), (text.replace("\"18789\"", "1"), 2));
    // Comments may change places.
    let swapped = "{ gateway: { /* one */ mode: \"local\", /* two */ port: \"18789\" } }\n";
    let (old, new) =
        ("/* one */ mode: \"local\", /* two */ port: \"18789\"", "/* two */ port: 1, /* one */ mode: \"local\"");
    let kept = mended(CONFIG, swapped, &[("schema/wrong-type", old, new)]);
    assert_eq!((kept.text, kept.refused), (swapped.replace(old, new), 0));
    // Variables of env files stay.
    let env = "A=1\nB=2\nB=3\n";
    let kept = mended(".env", env, &[("env/duplicate-key", "A=1\nB=2\n", "")]);
    assert_eq!((&*kept.text, kept.refused), (env, 1));
    let kept = mended(".env", env, &[("env/duplicate-key", "B=2\n", "")]);
    assert_eq!((&*kept.text, kept.refused), ("A=1\nB=3\n", 0));
}

#[test]
fn a_way_that_leads_nowhere_is_not_taken() {
    let text = "{ gateway: { mode: \"local\", port: \"18789\" } }\n";
    // What the first step leads to has one fix, such as it is.
    let with = |new: &str, next: &dyn Fn(&str) -> Fix| {
        let check = |text: &str| {
            let mut report = lint(CONFIG, text);
            for found in &mut report.findings {
                let first = found.rule == "schema/wrong-type";
                found.fix = Some(if first { fix(text, "port: \"18789\"", new) } else { next(text) });
                found.other_fixes.clear();
            }
            (report, FileId(0))
        };
        let mended = mend(text, Safety::Safe, check);
        (mended.text, mended.applied.len(), mended.refused)
    };
    let unchanged = (text.to_owned(), 0, 1);
    assert_eq!(with("prt: 1, bnd: 2", &|text| fix(text, "gateway", "gateway")), unchanged, "two mistakes for one");
    let of_safety = |safety| move |text: &str| Fix { safety, ..fix(text, "prt", "port") };
    let mended = text.replace("\"18789\"", "1");
    assert_eq!(with("prt: 1", &of_safety(Safety::Safe)), (mended, 2, 0));
    assert_eq!(with("prt: 1", &of_safety(Safety::Unsafe)), unchanged, "its fix is not allowed");
    assert_eq!(
        with("prt: 1", &|text| Fix { edits: Vec::new(), ..fix(text, "prt", "port") }),
        unchanged,
        "it does nothing"
    );
}

/// An env file of so many variables, and fixes that write `y` for `x` in each line, with or without its end; that of one line
/// cuts it out instead.
fn many(count: usize, (harmful, other): (usize, bool), end: &str) -> (usize, usize, usize) {
    let text: String = (0..count).map(|at| format!("A{at}=x\n")).collect();
    let mended = mend(&text, Safety::Safe, |text| {
        let mut report = lint(".env", text);
        let wrong = (0..count).filter(|at| text.contains(&format!("A{at}=x\n"))).map(|at| {
            let good = fix(text, &format!("A{at}=x{end}"), &format!("A{at}=y{end}"));
            let mut found = Finding::new("acme/x", Severity::Warning, String::new(), FileId(0), good.edits[0].span);
            let harm = (at == harmful).then(|| fix(text, &format!("A{at}=x\n"), ""));
            found.other_fixes = harm.iter().filter(|_| other).map(|_| good.clone()).collect();
            found.fix = Some(harm.unwrap_or(good));
            found
        });
        report.findings = wrong.collect();
        (report, FileId(0))
    });
    assert_eq!(mended.text.matches('y').count(), mended.applied.len());
    (mended.applied.len(), mended.text.matches('x').count(), mended.refused)
}

#[test]
fn one_that_does_harm_does_not_keep_the_others_from_being_applied() {
    assert_eq!(many(120, (57, false), ""), (119, 1, 1));
    assert_eq!(many(1, (0, false), ""), (0, 1, 1));
    assert_eq!(many(1, (0, true), ""), (1, 0, 0), "the second way");
    assert_eq!(many(3, (1, true), ""), (3, 0, 0), "the second way of one of them");
    // When it takes too many rounds, those that are left are counted.
    let (applied, left, refused) = many(120, (0, false), "\n");
    assert_eq!((applied + left, refused), (120, left));
    assert!(applied > 100, "{applied}");
}

/// The first way to mend the only finding that has any: whether it is what the gateway does itself, and what it makes of the
/// text. Other ways are ours.
fn way(text: &str) -> Option<(bool, String)> {
    let report = lint(CONFIG, text);
    let others = report.findings.iter().flat_map(|found| &found.other_fixes);
    assert!(others.into_iter().all(|fix| !fix.of_gateway), "{text}");
    let fix = report.findings.iter().find_map(|found| found.fix.as_ref())?;
    Some((fix.of_gateway, edited(text, &fix.edits)))
}

#[test]
fn what_the_gateway_mends_itself_is_mended_in_its_way() {
    for (text, expected) in [
        // It drops values that will not do, unless there is a way to keep them that is safe.
        ("{ gateway: { mode: \"local\", port: 99999 } }", Some((true, "{ gateway: { mode: \"local\", } }"))),
        ("{ gateway: { mode: \"local\", port: /* c */ 99999 } }", None),
        (
            "{ gateway: { mode: \"local\", controlUi: { dangerouslyDisableDeviceAuth: \"yes\" } } }",
            Some((true, "{ gateway: { mode: \"local\", controlUi: { } } }")),
        ),
        (
            "{ gateway: { mode: \"local\", controlUi: { dangerouslyDisableDeviceAuth: \"true\" } } }",
            Some((false, "{ gateway: { mode: \"local\", controlUi: { dangerouslyDisableDeviceAuth: true } } }")),
        ),
        (
            "{ secrets: { egressProxy: { allowedHosts: [{}, \"a.example\"] } } }",
            Some((true, "{ secrets: { egressProxy: { allowedHosts: [\"a.example\"] } } }")),
        ),
        // What it moves, it moves.
        (
            "{ heartbeat: { every: \"1h\" }, agents: { defaults: {} } }",
            Some((true, "{ agents: { defaults: { heartbeat: { every: \"1h\" } } } }")),
        ),
    ] {
        assert_eq!(way(text), expected.map(|(own, text)| (own, text.to_owned())), "{text}");
    }
}

#[test]
fn what_is_not_for_this_file_is_not_applied() {
    let text = "{ gateway: { mode: \"local\", port: \"18789\" } }\n";
    let with = |change: &dyn Fn(&mut Fix)| {
        let check = |text: &str| {
            let mut report = lint(CONFIG, text);
            report.findings.iter_mut().filter_map(|found| found.fix.as_mut()).for_each(change);
            (report, FileId(0))
        };
        mend(text, Safety::Unsafe, check).text
    };
    assert_eq!(with(&|_| {}), text.replace("\"18789\"", "18789"));
    assert_eq!(with(&|fix| fix.edits.iter_mut().for_each(|edit| edit.file = FileId(1))), text);
    assert_eq!(with(&|fix| fix.edits.clear()), text);
    assert_eq!(with(&|fix| fix.safety = Safety::DisplayOnly), text);
}

#[test]
fn fixes_that_touch_each_other_wait() {
    let span = |start, end| {
        let edits = vec![Edit { file: FileId(0), span: Span::new(start, end), new_text: String::new() }];
        Fix { title: format!("{start}"), safety: Safety::Safe, of_gateway: false, edits }
    };
    let taken = |spans: &[(u32, u32)]| {
        let fixes: Vec<Fix> = spans.iter().map(|(start, end)| span(*start, *end)).collect();
        let all: Vec<&Fix> = fixes.iter().collect();
        compatible(&all).iter().map(|fix| fix.title.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(taken(&[(0, 0), (1, 2), (3, 4)]), "0 1 3");
    assert_eq!(taken(&[(3, 4), (0, 2), (1, 2)]), "0 3");
    assert_eq!(taken(&[(0, 2), (2, 4)]), "0", "they meet");
    assert_eq!(taken(&[(0, 9), (1, 2), (10, 11)]), "0 10");
}
