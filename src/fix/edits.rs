//! What a rule wants done, as edits of the text.

use crate::finding::{Action, Edit, Finding, Fix, Plan};
use crate::project::{Config, Project};
use crate::source::{SourceFile, Sources, Span};
use crate::syntax::json5::{Document, KeyStyle, Member, NodeId, NodeKind};

/// Turns the plans of findings into fixes. A plan that cannot be carried out in this text gives none.
pub(crate) fn resolve(findings: &mut [Finding], project: &Project, sources: &Sources) {
    for finding in findings {
        let plans = std::mem::take(&mut finding.plans);
        let place = finding.primary.clone();
        let Some(source) = sources.get(place.file) else { continue };
        let config = project.configs.iter().find(|config| config.file == place.file);
        let is_env_file = project.env_files.iter().any(|file| file.file == place.file);
        let edits = |plan: &Plan| match config {
            Some(config) => in_config(plan, config, source, place.span),
            None if is_env_file => in_env_file(plan, place.span),
            None => None,
        };
        let edit = |(span, new_text)| Edit { file: place.file, span, new_text };
        let fixes = plans.into_iter().filter_map(|plan| Some((edits(&plan)?, plan)));
        let mut fixes = fixes.map(|(edits, plan)| Fix {
            title: plan.title,
            safety: plan.safety,
            edits: edits.into_iter().map(edit).collect(),
        });
        finding.fix = fixes.next();
        finding.other_fixes = fixes.collect();
    }
}

type Edits = Vec<(Span, String)>;

/// Only names are replaced in env files: their values are credentials more often than not.
fn in_env_file(plan: &Plan, place: Span) -> Option<Edits> {
    match plan.action {
        Action::Rename if is_variable(&plan.text) => Some(vec![(place, plan.text.clone())]),
        _ => None,
    }
}

fn is_variable(name: &str) -> bool {
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    first && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn in_config(plan: &Plan, config: &Config, source: &SourceFile, place: Span) -> Option<Edits> {
    let document = &config.document;
    let text = source.text();
    match plan.action {
        Action::Rename => {
            let (object, member) = member_at(document, place)?;
            let taken = siblings(document, object).iter().any(|other| *other.key == *plan.text);
            (!taken).then(|| vec![(member.key_span, key(&plan.text, member.key_style))])
        }
        Action::Replace => {
            let node = value_at(document, place)?;
            let written = source.slice(place);
            let NodeKind::String(_) = node else { return None };
            Some(vec![(place, string(&plan.text, written))])
        }
        Action::Wrap => {
            value_at(document, place)?;
            let (before, after) = (format!("{{ {}: ", key(&plan.text, KeyStyle::Bare)), " }".to_owned());
            Some(vec![(Span::at(place.start), before), (Span::at(place.end), after)])
        }
        Action::Move => {
            let (object, member) = member_at(document, place)?;
            let (target, rest) = deepest(document, &plan.text)?;
            if target == object {
                return in_place(document, member, &rest);
            }
            let has_comment = document.comments().iter().any(|comment| member.span.contains(comment.span));
            let value = source.slice(document.node(member.value).span);
            let removed = with_line(text, with_comma(text, document, member.span));
            let inserted = insert(text, document, &plan.text, value, member.key_style)?;
            let apart = !removed.contains(inserted.0) && inserted.0 != Span::at(removed.start);
            (!has_comment && apart).then(|| vec![(removed, String::new()), inserted])
        }
        Action::KeyBy => {
            let (name, by) = plan.text.split_once(": ")?;
            let (object, member) = member_at(document, place)?;
            let taken = siblings(document, object).iter().any(|other| *other.key == *name);
            let mut edits = key_by(source, document, member, by).filter(|_| !taken)?;
            edits.push((member.key_span, key(name, member.key_style)));
            Some(edits)
        }
        Action::Insert => {
            let (path, value) = plan.text.split_once(": ")?;
            // What it belongs to must be written here: it may come from a rewrite or another file.
            let (parent, _) = path.rsplit_once('.')?;
            let parents = parent.split('.').try_fold(document.root()?, |at, key| Some(document.member(at, key)?.value));
            parents?;
            Some(vec![insert(text, document, path, value, key_style(document))?])
        }
        Action::Convert => convert(&plan.text, value_at(document, place)?, place),
        Action::Remove => {
            let (_, member) = member_at(document, place)?;
            // Comments in it would be lost.
            let has_comment = document.comments().iter().any(|comment| member.span.contains(comment.span));
            (!has_comment).then(|| vec![(with_line(text, with_comma(text, document, member.span)), String::new())])
        }
        Action::CommentOut => {
            let (_, member) = member_at(document, place)?;
            comment_out(text, document, member.span)
        }
    }
}

fn siblings(document: &Document, object: NodeId) -> &[Member] {
    match &document.node(object).kind {
        NodeKind::Object(members) => members,
        _ => &[],
    }
}

/// The member whose key or value is at a place.
fn member_at(document: &Document, place: Span) -> Option<(NodeId, &Member)> {
    document.nodes().find_map(|(id, node)| {
        let NodeKind::Object(members) = &node.kind else { return None };
        let at = |member: &&Member| member.key_span == place || document.node(member.value).span == place;
        members.iter().find(at).map(|member| (id, member))
    })
}

fn value_at(document: &Document, place: Span) -> Option<&NodeKind> {
    document.nodes().find(|(_, node)| node.span == place).map(|(_, node)| &node.kind)
}

/// A key in the style of the one that it replaces, as far as it allows that.
fn key(name: &str, style: KeyStyle) -> String {
    let bare = !name.is_empty()
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$');
    match style {
        KeyStyle::Bare if bare => name.to_owned(),
        KeyStyle::Single => quoted(name, '\''),
        KeyStyle::Bare | KeyStyle::Double => quoted(name, '"'),
    }
}

/// A string in the quotes of the one that it replaces.
fn string(text: &str, written: &str) -> String {
    quoted(text, if written.starts_with('\'') { '\'' } else { '"' })
}

fn quoted(text: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for c in text.chars() {
        if c == quote || c == '\\' {
            out.push('\\');
        }
        out.push(c);
    }
    out.push(quote);
    out
}

/// The innermost object on the way to a path that is written already, and the keys that are left. `None` when something
/// stands at the path, or on the way is no object.
fn deepest<'p>(document: &Document, path: &'p str) -> Option<(NodeId, Vec<&'p str>)> {
    let keys: Vec<&str> = path.split('.').collect();
    let (mut object, mut depth) = (document.root()?, 0);
    while let Some(member) = keys.get(depth).and_then(|key| document.member(object, key)) {
        (object, depth) = (member.value, depth + 1);
    }
    let rest = keys.get(depth..).filter(|rest| !rest.is_empty())?.to_vec();
    matches!(document.node(object).kind, NodeKind::Object(_)).then_some((object, rest))
}

/// A member that moves deeper into its own object: another key, and objects around the value.
fn in_place(document: &Document, member: &Member, keys: &[&str]) -> Option<Edits> {
    let (first, inner) = keys.split_first()?;
    let span = document.node(member.value).span;
    let before: String = inner.iter().map(|name| format!("{{ {}: ", key(name, member.key_style))).collect();
    let after = " }".repeat(inner.len());
    let mut edits = vec![(member.key_span, key(first, member.key_style))];
    if !inner.is_empty() {
        edits.extend([(Span::at(span.start), before), (Span::at(span.end), after)]);
    }
    Some(edits)
}

/// A value put at a path, in the style of the object it goes into; objects on the way are made. `None` when something
/// stands there already.
fn insert(text: &str, document: &Document, path: &str, value: &str, style: KeyStyle) -> Option<(Span, String)> {
    let (object, rest) = deepest(document, path)?;
    let NodeKind::Object(members) = &document.node(object).kind else { return None };
    let (last, parents) = rest.split_last()?;
    let mut new = format!("{}: {value}", key(last, style));
    for parent in parents.iter().rev() {
        new = format!("{}: {{ {new} }}", key(parent, style));
    }
    let span = document.node(object).span;
    let Some(previous) = members.last() else {
        return Some((Span::at(span.start + 1), format!(" {new} ")));
    };
    let after = with_comma(text, document, previous.span);
    let (start, _) = line_around(text, previous.span);
    let indent = text.get(start as usize..previous.span.start as usize).unwrap_or_default();
    let own_line = indent.trim().is_empty() && start > span.start;
    let separator = if own_line { format!("{}{indent}", line_break(text)) } else { " ".to_owned() };
    Some(if after == previous.span {
        (Span::at(after.end), format!(",{separator}{new}"))
    } else {
        (Span::at(after.end), format!("{separator}{new},"))
    })
}

/// A list of objects as an object that has one member of each as its key. `None` where an item has no such member, or two
/// have the same.
fn key_by(source: &SourceFile, document: &Document, list: &Member, by: &str) -> Option<Edits> {
    let text = source.text();
    let NodeKind::Array(items) = &document.node(list.value).kind else { return None };
    let span = document.node(list.value).span;
    let mut edits = vec![
        (Span::new(span.start, span.start + 1), "{".to_owned()),
        (Span::new(span.end - 1, span.end), "}".to_owned()),
    ];
    let mut names: Vec<&str> = Vec::new();
    for item in items {
        let id = document.member(*item, by)?;
        let NodeKind::String(name) = &document.node(id.value).kind else { return None };
        if names.contains(&&**name) {
            return None;
        }
        names.push(name);
        edits.push((Span::at(document.node(*item).span.start), format!("{}: ", key(name, list.key_style))));
        edits.push((with_line(text, with_comma(text, document, id.span)), String::new()));
    }
    Some(edits)
}

/// How the file writes its keys: as it writes the first one.
fn key_style(document: &Document) -> KeyStyle {
    let root = document.root().map(|root| siblings(document, root)).unwrap_or_default();
    root.first().map_or(KeyStyle::Bare, |member| member.key_style)
}

/// How the file ends its lines.
fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// A value of another type with the same meaning.
fn convert(expected: &str, value: &NodeKind, place: Span) -> Option<Edits> {
    let (start, end) = (Span::at(place.start), Span::at(place.end));
    match (expected, value) {
        ("number" | "integer", NodeKind::String(text)) => {
            let number = text.trim();
            let plain = number.parse::<f64>().is_ok_and(f64::is_finite)
                && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
            plain.then(|| vec![(place, number.to_owned())])
        }
        ("boolean", NodeKind::String(text)) => {
            let word = text.trim().to_ascii_lowercase();
            matches!(word.as_str(), "true" | "false").then(|| vec![(place, word)])
        }
        ("string", NodeKind::Number(_)) => Some(vec![(start, "\"".to_owned()), (end, "\"".to_owned())]),
        ("array", NodeKind::String(_) | NodeKind::Number(_) | NodeKind::Bool(_) | NodeKind::Object(_)) => {
            Some(vec![(start, "[".to_owned()), (end, "]".to_owned())])
        }
        _ => None,
    }
}

/// The offset of the first byte from `at` on that is neither blank, line break nor in a comment.
fn next_token(text: &str, document: &Document, at: u32) -> u32 {
    let mut at = at;
    loop {
        let comment = document.comments().iter().find(|comment| comment.span.start == at);
        if let Some(comment) = comment {
            at = comment.span.end;
            continue;
        }
        match text.get(at as usize..).and_then(|rest| rest.chars().next()) {
            Some(c) if c.is_whitespace() => at += u32::try_from(c.len_utf8()).unwrap_or(1),
            _ => return at,
        }
    }
}

/// A member and the comma after it, when nothing but blanks is between them; comments in between keep their place.
fn with_comma(text: &str, document: &Document, member: Span) -> Span {
    let comma = next_token(text, document, member.end);
    let between = text.get(member.end as usize..comma as usize).unwrap_or_default();
    let is_comma = text.get(comma as usize..).is_some_and(|rest| rest.starts_with(','));
    if is_comma && between.trim().is_empty() { Span::new(member.start, comma + 1) } else { member }
}

/// The start of the line of an offset, and the end of the line (before its break).
fn line_around(text: &str, at: Span) -> (u32, u32) {
    let is_break = |c: char| matches!(c, '\n' | '\r');
    let before = text.get(..at.start as usize).unwrap_or_default();
    let after = text.get(at.end as usize..).unwrap_or_default();
    let start = before.rfind(is_break).map_or(0, |found| found + 1);
    let end = after.find(is_break).unwrap_or(after.len());
    (u32::try_from(start).unwrap_or(0), at.end + u32::try_from(end).unwrap_or(0))
}

/// The whole lines of a span that has them to itself, with the line break; else the span and blanks behind it.
fn with_line(text: &str, span: Span) -> Span {
    let (start, end) = line_around(text, span);
    let part = |from: u32, to: u32| text.get(from as usize..to as usize).unwrap_or_default();
    if part(start, span.start).trim().is_empty() && part(span.end, end).trim().is_empty() {
        let rest = text.get(end as usize..).unwrap_or_default();
        let line_break = if rest.starts_with("\r\n") { 2 } else { u32::from(!rest.is_empty()) };
        return Span::new(start, end + line_break);
    }
    let rest = part(span.end, end);
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    Span::new(span.start, span.end + u32::try_from(blanks).unwrap_or(0))
}

/// A member as a comment: `//` before each of its lines when it has them to itself, else `/* */` around it.
fn comment_out(text: &str, document: &Document, member: Span) -> Option<Edits> {
    let whole = with_comma(text, document, member);
    let (start, end) = line_around(text, whole);
    let part = |from: u32, to: u32| text.get(from as usize..to as usize).unwrap_or_default();
    let tail = part(whole.end, end).trim();
    if part(start, whole.start).trim().is_empty() && (tail.is_empty() || tail.starts_with("//")) {
        let mut edits = vec![(Span::at(whole.start), "// ".to_owned())];
        let lines = part(whole.start, whole.end);
        for (at, _) in lines.match_indices('\n') {
            let from = whole.start + u32::try_from(at).ok()? + 1;
            let line = part(from, end);
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            edits.push((Span::at(from + u32::try_from(indent).ok()?), "// ".to_owned()));
        }
        return Some(edits);
    }
    let inside = part(whole.start, whole.end);
    // A comment cannot hold another one, and a line comment inside would end with its line anyway.
    if inside.contains("*/") || inside.contains('\r') && !inside.contains('\n') {
        return None;
    }
    Some(vec![(Span::at(whole.start), "/* ".to_owned()), (Span::at(whole.end), " */".to_owned())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::json5;

    fn applied(text: &str, edits: Edits) -> String {
        let mut edits = edits;
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut out = text.to_owned();
        for (span, new_text) in edits {
            out.replace_range(span.start as usize..span.end as usize, &new_text);
        }
        out
    }

    fn member(text: &str, key: &str) -> Span {
        let start = u32::try_from(text.find(key).unwrap()).unwrap();
        let document = json5::parse(text, &json5::Options::default());
        let place = Span::new(start, start + u32::try_from(key.len()).unwrap());
        member_at(&document, place).unwrap().1.span
    }

    fn commented(text: &str, key: &str) -> String {
        let document = json5::parse(text, &json5::Options::default());
        applied(text, comment_out(text, &document, member(text, key)).unwrap())
    }

    #[test]
    fn members_become_comments() {
        assert_eq!(
            commented("{\n  a: 1,\n  b: {\n    c: 2, // why\n  }, // after\n}", "b"),
            "{\n  a: 1,\n  // b: {\n    // c: 2, // why\n  // }, // after\n}"
        );
        assert_eq!(commented("{ a: 1, b: 2 }", "a"), "{ /* a: 1, */ b: 2 }");
        assert_eq!(commented("{ a: 1, b: 2 }", "b"), "{ a: 1, /* b: 2 */ }");
        assert_eq!(commented("{\r\n  a: [\r\n    1,\r\n  ],\r\n}", "a"), "{\r\n  // a: [\r\n    // 1,\r\n  // ],\r\n}");
    }

    #[test]
    fn removed_members_take_their_line_and_nothing_else() {
        let removed = |text: &str, key: &str| {
            let document = json5::parse(text, &json5::Options::default());
            let span = with_line(text, with_comma(text, &document, member(text, key)));
            applied(text, vec![(span, String::new())])
        };
        assert_eq!(removed("{\n  a: 1,\n  b: 2,\n}", "a"), "{\n  b: 2,\n}");
        assert_eq!(removed("{ a: 1, b: 2 }", "a"), "{ b: 2 }");
        assert_eq!(removed("{\n  a: 1, // one\n  b: 2\n}", "a"), "{\n  // one\n  b: 2\n}");
        assert_eq!(removed("{ a: 1 /* x */, b: 2 }", "a"), "{ /* x */, b: 2 }", "the check after it refuses this");
    }

    #[test]
    fn keys_and_strings_keep_their_quotes() {
        assert_eq!(key("token", KeyStyle::Bare), "token");
        assert_eq!(key("a-b", KeyStyle::Bare), "\"a-b\"");
        assert_eq!(key("token", KeyStyle::Single), "'token'");
        assert_eq!(string("it's", "'x'"), "'it\\'s'");
    }
}
