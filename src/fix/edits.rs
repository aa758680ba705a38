//! What a rule wants done, as edits of the text.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::finding::{Action, Edit, Finding, Fix, Plan, Safety};
use crate::project::{Config, Path, Project, Segment, agent_id};
use crate::schema::{self, Release};
use crate::source::{FileId, Sources, Span};
use crate::syntax::dotenv;
use crate::syntax::json5::{Document, KeyStyle, Member, NodeId, NodeKind};

use super::sheet::Sheet;

/// Turns the plans of findings into fixes. A plan that cannot be carried out in this text gives none.
pub(crate) fn resolve(findings: &mut [Finding], project: &Project, sources: &Sources, release: &Release) {
    let mut files: HashMap<FileId, Option<Written<'_>>> = HashMap::new();
    for finding in findings {
        let plans = std::mem::take(&mut finding.plans);
        let place = finding.primary.clone();
        let path = finding.path.clone();
        let written = files.entry(place.file).or_insert_with(|| Written::of(place.file, project, sources));
        let Some(written) = &*written else { continue };
        let edits = |plan: &Plan| match written {
            Written::Config(config, sheet) if plan.action == Action::Migrate => {
                migrate(path.as_ref()?, config, sheet, release)
            }
            Written::Config(_, sheet) => in_config(plan, sheet, place.span),
            Written::Env(file, sheet) => in_env_file(plan, file, sheet, place.span),
        };
        let fix = |plan: &Plan| {
            let edit = |(span, new_text)| Edit { file: place.file, span, new_text };
            let edits = edits(plan)?.into_iter().map(edit).collect();
            Some(Fix { title: plan.title.clone(), safety: plan.safety, of_gateway: plan.of_gateway, edits })
        };
        let mut fixes = plans.iter().filter_map(fix);
        finding.fix = fixes.next();
        finding.other_fixes = fixes.collect();
        if finding.migrates && finding.fix_of_gateway().is_none() {
            let plan = plans.iter().find(|plan| plan.of_gateway);
            finding.lossy_fix = plan.and_then(|plan| written.sheet().lossy(|| fix(plan))).map(Box::new);
        }
        let has_safe = finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
        if finding.blocking && !finding.migrates && !has_safe {
            drop_invalid(finding, written, release);
        }
    }
}

/// A file that can be edited.
enum Written<'a> {
    Config(&'a Config, Sheet<'a>),
    Env(&'a dotenv::EnvFile, Sheet<'a>),
}

/// Env files have no tree.
static NO_TREE: LazyLock<Document> = LazyLock::new(Document::default);

impl<'a> Written<'a> {
    fn of(file: FileId, project: &'a Project, sources: &'a Sources) -> Option<Self> {
        let source = sources.get(file)?;
        if let Some(config) = project.configs.iter().find(|config| config.file == file) {
            return Some(Self::Config(config, Sheet::of_file(source, &config.document)));
        }
        let env_file = project.env_files.iter().find(|known| known.file == file)?;
        Some(Self::Env(&env_file.parsed, Sheet::of_file(source, &NO_TREE)))
    }

    const fn sheet(&self) -> &Sheet<'a> {
        match self {
            Self::Config(_, sheet) | Self::Env(_, sheet) => sheet,
        }
    }
}

/// Some keys the gateway drops when their values will not do: so does the fix.
fn drop_invalid(finding: &mut Finding, written: &Written<'_>, release: &Release) -> Option<()> {
    let Written::Config(_, sheet) = written else { return None };
    let document = sheet.document;
    let (path, only) = schema::dropped(finding.path.as_ref()?, &finding.rule, release)?;
    let mut node = document.root()?;
    let mut span = None;
    for segment in path.segments() {
        (node, span) = match (segment, &document.node(node).kind) {
            (Segment::Key(key), _) => sheet.member(node, key).map(|member| (member.value, Some(member.span)))?,
            (Segment::Index(index), NodeKind::Array(items)) => {
                let item = *items.get(*index)?;
                (item, Some(document.node(item).span))
            }
            _ => return None,
        };
    }
    let span = span?;
    let dropped = match &document.node(node).kind {
        _ if only.is_empty() => true,
        NodeKind::Object(members) => members.iter().all(|member| only.iter().any(|known| **known == *member.key)),
        _ => false,
    };
    if !dropped {
        return None;
    }
    let removed = sheet.with_line(sheet.with_comma(span));
    let edits = vec![Edit { file: finding.primary.file, span: removed, new_text: String::new() }];
    let title = format!("remove `{path}`, as the gateway would");
    let removal = Fix { title, safety: Safety::Unsafe, of_gateway: true, edits };
    finding.migrates = true;
    if sheet.has_comment(span) {
        finding.lossy_fix = Some(Box::new(removal));
        return Some(());
    }
    let ours = finding.fix.replace(removal);
    finding.other_fixes.splice(0..0, ours);
    Some(())
}

pub(super) type Edits = Vec<(Span, String)>;

/// Only names are replaced in env files: their values are credentials more often than not.
pub(super) fn in_env_file(plan: &Plan, file: &dotenv::EnvFile, sheet: &Sheet<'_>, place: Span) -> Option<Edits> {
    let text = sheet.text;
    match plan.action {
        Action::Rename if is_variable(&plan.text) => Some(vec![(place, plan.text.clone())]),
        Action::Cut => Some(vec![(place, String::new())]),
        Action::Hash => Some(vec![(Span::at(sheet.line_around(place).0), "# ".to_owned())]),
        Action::Remove => {
            let after = file.entries.partition_point(|entry| entry.span.start <= place.start);
            let entry = file.entries.get(after.checked_sub(1)?).filter(|entry| entry.span.contains(place))?;
            Some(vec![(sheet.with_line(entry.span), String::new())])
        }
        Action::Split => {
            let before = text.get(..place.start as usize)?;
            let start = u32::try_from(before.trim_end_matches([' ', '\t']).len()).ok()?;
            Some(vec![(Span::new(start, place.start), sheet.line_break().to_owned())])
        }
        _ => None,
    }
}

fn is_variable(name: &str) -> bool {
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    first && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

pub(super) fn in_config(plan: &Plan, sheet: &Sheet<'_>, place: Span) -> Option<Edits> {
    let (text, document) = (sheet.text, sheet.document);
    match plan.action {
        Action::Rename => rename(sheet, place, &plan.text),
        Action::Replace => match sheet.value_at(place) {
            Some(NodeKind::String(_)) => Some(vec![(place, string(&plan.text, sheet.slice(place)))]),
            Some(_) => None,
            None => rename(sheet, place, &plan.text),
        },
        Action::Wrap => {
            sheet.value_at(place)?;
            let style = key_style(document);
            if let Some((name, literal)) = plan.text.split_once(": ") {
                return Some(vec![(place, format!("{{ {}: {literal} }}", key(name, style)))]);
            }
            let (before, after) = (format!("{{ {}: ", key(&plan.text, style)), " }".to_owned());
            Some(vec![(Span::at(place.start), before), (Span::at(place.end), after)])
        }
        Action::Move => {
            let (object, member) = sheet.member_at(place)?;
            let (target, rest) = deepest(sheet, &plan.text)?;
            if target == object {
                return in_place(document, member, &rest);
            }
            if sheet.has_comment(member.span) {
                return None;
            }
            let value = sheet.slice(document.node(member.value).span);
            let removed = sheet.with_line(sheet.with_comma(member.span));
            let inserted = insert(sheet, &plan.text, value, member.key_style)?;
            (!removed.contains(inserted.0)).then(|| vec![(removed, String::new()), inserted])
        }
        Action::KeyBy => {
            let (name, by) = plan.text.split_once(": ")?;
            let (object, member) = sheet.member_at(place)?;
            // The list may keep its name.
            let taken = sheet.member(object, name).is_some_and(|there| there.key_span != member.key_span);
            let mut edits = key_by(sheet, member, by).filter(|_| !taken)?;
            if *member.key != *name {
                edits.push((member.key_span, key(name, member.key_style)));
            }
            Some(edits)
        }
        Action::Spread => {
            let (object, member) = sheet.member_at(place)?;
            spread(sheet, object, member, &plan.text)
        }
        Action::Cut => Some(vec![(place, String::new())]),
        Action::CutRest => {
            let rest = text.get(place.start as usize..)?;
            let noise = |c: char| c.is_whitespace() || matches!(c, '}' | ']' | ',' | ';');
            let end = u32::try_from(text.len()).ok()?;
            let fresh = text.get(..place.start as usize)?.ends_with(['\n', '\r']);
            let new = if fresh { String::new() } else { sheet.line_break().to_owned() };
            rest.chars().all(noise).then(|| vec![(Span::new(place.start, end), new)])
        }
        Action::Write if plan.text.is_empty() => None,
        Action::Write => Some(vec![(place, plan.text.clone())]),
        Action::Quote => {
            let written = sheet.slice(place);
            let plain = !written.contains(['"', '\\', '\n', '\r']) && !written.is_empty();
            plain.then(|| vec![(Span::at(place.start), "\"".to_owned()), (Span::at(place.end), "\"".to_owned())])
        }
        Action::Comma => Some(vec![(Span::at(sheet.last_token(place.start)?), ",".to_owned())]),
        // It needs to know the path; the others are for env files.
        Action::Migrate | Action::Hash | Action::Split => None,
        Action::Insert => insert_all(sheet, &plan.text),
        Action::Drop => {
            let (object, _) = sheet.member_at(place)?;
            drop_members(sheet, object, &plan.text)
        }
        Action::Merge => {
            let (_, member) = sheet.member_at(place)?;
            merge(sheet, member.value, &plan.text)
        }
        Action::Convert => {
            // Findings about objects and lists underline their key.
            let inside = sheet.member_at(place).map(|(_, member)| document.node(member.value).span);
            let place = inside.filter(|_| sheet.value_at(place).is_none()).unwrap_or(place);
            convert(sheet, &plan.text, sheet.value_at(place)?, place)
        }
        Action::Remove => remove(sheet, place),
        Action::CommentOut => {
            let (_, member) = sheet.member_at(place)?;
            let gone = || sheet.is_lossy().then(|| remove(sheet, place))?;
            comment_out(sheet, member.span).or_else(gone)
        }
    }
}

/// The member gone; `None` where a comment in it would be lost.
fn remove(sheet: &Sheet<'_>, place: Span) -> Option<Edits> {
    let (_, member) = sheet.member_at(place)?;
    let gone = || vec![(sheet.with_line(sheet.with_comma(member.span)), String::new())];
    (!sheet.has_comment(member.span)).then(gone)
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
fn deepest<'p>(sheet: &Sheet<'_>, path: &'p str) -> Option<(NodeId, Vec<&'p str>)> {
    let document = sheet.document;
    let keys: Vec<&str> = path.split('.').collect();
    let (mut object, mut depth) = (document.root()?, 0);
    let below = |object, key: &&str| match &document.node(object).kind {
        NodeKind::Array(items) => items.get(key.parse::<usize>().ok()?).copied(),
        _ => Some(sheet.member(object, key)?.value),
    };
    while let Some(next) = keys.get(depth).and_then(|key| below(object, key)) {
        (object, depth) = (next, depth + 1);
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

/// What the table of migrations says of a path, or of the members of the object there.
fn migrate(path: &Path, config: &Config, sheet: &Sheet<'_>, release: &Release) -> Option<Edits> {
    let root = config.root.as_ref()?;
    let mut edits = Edits::new();
    for (path, steps) in schema::migration(path, root, release) {
        let name = path.last_key()?;
        let key = root.at(&path.parent()?)?.member(name)?.key_origin;
        let (object, member) = sheet.member_at(key.span).filter(|_| key.file == config.file)?;
        edits.extend(spread(sheet, object, member, &steps)?);
    }
    (!edits.is_empty()).then_some(edits)
}

/// The parts of a member written where each belongs, and the member gone. `None` where something stands in the way, or a
/// comment would be lost.
fn spread(sheet: &Sheet<'_>, object: NodeId, member: &Member, steps: &str) -> Option<Edits> {
    let document = sheet.document;
    if sheet.has_comment(member.span) {
        return None;
    }
    let mut groups: Vec<(NodeId, Branch)> = Vec::new();
    for step in steps.lines() {
        let mut fields = step.split('\t');
        let (part, to, literal) = (fields.next()?, fields.next()?, fields.next()?);
        let optional = to.strip_prefix('?');
        let Some((at, rest)) = deepest(sheet, optional.unwrap_or(to)) else {
            optional?;
            continue;
        };
        let mut keys = part.split('.').filter(|key| !key.is_empty());
        let value = keys.try_fold(member.value, |at, key| sheet.member(at, key).map(|member| member.value))?;
        let value = if literal.is_empty() { sheet.slice(document.node(value).span) } else { literal };
        if !groups.iter().any(|(group, _)| *group == at) {
            groups.push((at, Branch::default()));
        }
        let (_, branch) = groups.iter_mut().find(|(group, _)| *group == at)?;
        branch.put(&rest, value)?;
    }
    let removed = sheet.with_line(sheet.with_comma(member.span));
    let stays = groups.iter().any(|(group, _)| *group == object);
    let mut edits = Vec::new();
    for (at, branch) in &groups {
        let members = branch.members(member.key_style);
        if *at == object {
            edits.push((member.span, members.join(", ")));
            continue;
        }
        let inserted = insert_into(sheet, *at, &members)?;
        edits.push((!removed.contains(inserted.0)).then_some(inserted)?);
    }
    if !stays {
        edits.push((removed, String::new()));
    }
    Some(edits)
}

/// Members to be written: objects on the way to several of them are made once.
#[derive(Default)]
struct Branch {
    children: Vec<(String, Child)>,
    places: HashMap<String, usize>,
}

enum Child {
    Value(String),
    Branch(Branch),
}

impl Branch {
    /// Adds a value at a path; `None` when something is there.
    fn put(&mut self, keys: &[&str], value: &str) -> Option<()> {
        let (first, rest) = keys.split_first()?;
        let at = self.places.get(*first).copied();
        if rest.is_empty() {
            return at.is_none().then(|| self.add(first, Child::Value(value.to_owned()))).map(|_| ());
        }
        let at = at.unwrap_or_else(|| self.add(first, Child::Branch(Self::default())));
        match &mut self.children.get_mut(at)?.1 {
            Child::Branch(branch) => branch.put(rest, value),
            Child::Value(_) => None,
        }
    }

    fn add(&mut self, key: &str, child: Child) -> usize {
        let at = self.children.len();
        self.children.push((key.to_owned(), child));
        self.places.insert(key.to_owned(), at);
        at
    }

    fn members(&self, style: KeyStyle) -> Vec<String> {
        let written = |(name, child): &(String, Child)| match child {
            Child::Value(value) => format!("{}: {value}", key(name, style)),
            Child::Branch(branch) => format!("{}: {{ {} }}", key(name, style), branch.members(style).join(", ")),
        };
        self.children.iter().map(written).collect()
    }
}

/// Another name for a key, unless a neighbour has it.
fn rename(sheet: &Sheet<'_>, place: Span, name: &str) -> Option<Edits> {
    let (object, member) = sheet.member_at(place)?;
    sheet.member(object, name).is_none().then(|| vec![(member.key_span, key(name, member.key_style))])
}

/// The members of lines such as `a.b: 1`.
fn insert_all(sheet: &Sheet<'_>, lines: &str) -> Option<Edits> {
    let document = sheet.document;
    let mut edits = Edits::new();
    for line in lines.lines() {
        let (path, value) = line.split_once(": ")?;
        let optional = path.strip_prefix('?');
        let path = optional.unwrap_or(path);
        // What it belongs to must be written here: it may come from a rewrite or another file.
        let (parent, _) = path.rsplit_once('.')?;
        let parents = parent.split('.').try_fold(document.root()?, |at, key| Some(sheet.member(at, key)?.value));
        parents?;
        match insert(sheet, path, value, key_style(document)) {
            Some(edit) => edits.push(edit),
            None => optional.map(|_| ())?,
        }
    }
    Some(edits)
}

/// Members of an object removed, by their keys; `None` when none is there, or a comment would go with them.
fn drop_members(sheet: &Sheet<'_>, object: NodeId, keys: &str) -> Option<Edits> {
    let going = sheet.members(object).iter().filter(|member| keys.split(' ').any(|key| *member.key == *key));
    let spans: Vec<Span> = going.map(|member| member.span).collect();
    let removed = |span: Span| (sheet.with_line(sheet.with_comma(span)), String::new());
    (!spans.is_empty() && !spans.iter().any(|span| sheet.has_comment(*span)))
        .then(|| spans.into_iter().map(removed).collect())
}

/// One list of an object appended to another, which keeps its place.
fn merge(sheet: &Sheet<'_>, object: NodeId, keys: &str) -> Option<Edits> {
    let document = sheet.document;
    let (from, into) = keys.split_once(": ")?;
    let (from, into) = (sheet.member(object, from)?, sheet.member(object, into)?);
    let NodeKind::Array(items) = &document.node(from.value).kind else { return None };
    let NodeKind::Array(others) = &document.node(into.value).kind else { return None };
    let written = |id: &NodeId| sheet.slice(document.node(*id).span);
    let last = document.node(*others.last()?).span;
    let there: HashSet<&str> = others.iter().map(written).collect();
    let new = items.iter().map(written).filter(|item| !there.contains(item));
    let new: String = new.map(|item| format!(", {item}")).collect();
    let mut edits = drop_members(sheet, object, &from.key)?;
    edits.push((Span::at(last.end), new));
    Some(edits)
}

/// A value put at a path, in the style of the object it goes into; objects on the way are made. `None` when something
/// stands there already.
pub(super) fn insert(sheet: &Sheet<'_>, path: &str, value: &str, style: KeyStyle) -> Option<(Span, String)> {
    let (object, rest) = deepest(sheet, path)?;
    let mut branch = Branch::default();
    branch.put(&rest, value)?;
    insert_into(sheet, object, &branch.members(style))
}

/// Members written behind those that an object has.
fn insert_into(sheet: &Sheet<'_>, object: NodeId, new: &[String]) -> Option<(Span, String)> {
    let NodeKind::Object(members) = &sheet.node(object).kind else { return None };
    let span = sheet.node(object).span;
    let Some(previous) = members.last() else {
        return Some((Span::at(span.start + 1), format!(" {} ", new.join(", "))));
    };
    let after = sheet.with_comma(previous.span);
    let (start, _) = sheet.line_around(previous.span);
    let indent = sheet.part(start, previous.span.start);
    // Then the object begins before the line.
    let separator =
        if indent.trim_end().is_empty() { format!("{}{indent}", sheet.line_break()) } else { " ".to_owned() };
    let new = new.join(&format!(",{separator}"));
    Some(if after == previous.span {
        (Span::at(after.end), format!(",{separator}{new}"))
    } else {
        (Span::at(after.end), format!("{separator}{new},"))
    })
}

/// A list of objects as an object that has one member of each as its key; the second of two with the same gets a number, as
/// OpenClaw does it. `None` where an item has no such member. ` as agent-id` behind the member: as OpenClaw reads ids of
/// agents; one without is called `agent`.
fn key_by(sheet: &Sheet<'_>, list: &Member, by: &str) -> Option<Edits> {
    let document = sheet.document;
    let NodeKind::Array(items) = &document.node(list.value).kind else { return None };
    let (by, of_agents) = by.strip_suffix(" as agent-id").map_or((by, false), |by| (by, true));
    let span = document.node(list.value).span;
    // One without an end has a bracket only.
    if span.len() < 2 || !sheet.slice(span).ends_with(']') {
        return None;
    }
    // As the file writes its colons, and the first item its brackets.
    let spaced = sheet.part(list.key_span.end, span.start).ends_with(char::is_whitespace);
    let colon = if spaced { ": " } else { ":" };
    let begins_with_blank = |at: u32| sheet.part(at, span.end).starts_with(char::is_whitespace);
    let airy = items.first().is_some_and(|first| begins_with_blank(document.node(*first).span.start + 1));
    let ends_with_blank = sheet.part(span.start, span.end - 1).ends_with(char::is_whitespace);
    let open = if airy && !begins_with_blank(span.start + 1) { "{ " } else { "{" };
    let close = if airy && !ends_with_blank { " }" } else { "}" };
    let mut edits = vec![
        (Span::new(span.start, span.start + 1), open.to_owned()),
        (Span::new(span.end - 1, span.end), close.to_owned()),
    ];
    let mut names: HashSet<String> = HashSet::new();
    // The number that is tried first for a name: those before are taken.
    let mut next: HashMap<String, usize> = HashMap::new();
    for item in items {
        let is_object = matches!(document.node(*item).kind, NodeKind::Object(_));
        if of_agents && !is_object && sheet.is_lossy() {
            edits.push((sheet.with_line(sheet.with_comma(document.node(*item).span)), String::new()));
            continue;
        }
        let id = sheet.member(*item, by);
        let written = id.and_then(|id| match &document.node(id.value).kind {
            NodeKind::String(name) => Some(&**name),
            _ => None,
        });
        let name = match written {
            Some(name) if !of_agents => name.to_owned(),
            Some(name) if !name.trim().is_empty() => agent_id(name),
            _ if of_agents && is_object => "agent".to_owned(),
            _ => return None,
        };
        let number = next.entry(name.clone()).or_insert(1);
        let numbered = |number: usize| if number < 2 { name.clone() } else { format!("{name}-{number}") };
        while names.contains(&numbered(*number)) {
            *number += 1;
        }
        let name = numbered(*number);
        edits.push((Span::at(document.node(*item).span.start), key(&name, list.key_style) + colon));
        names.insert(name);
        edits.extend(id.map(|id| (sheet.with_line(sheet.with_comma(id.span)), String::new())));
    }
    Some(edits)
}

/// How the file writes its keys: as it writes the first one.
pub(super) fn key_style(document: &Document) -> KeyStyle {
    match document.root().map(|root| &document.node(root).kind) {
        Some(NodeKind::Object(members)) => members.first().map_or(KeyStyle::Bare, |member| member.key_style),
        _ => KeyStyle::Bare,
    }
}

/// A value of another type with the same meaning.
fn convert(sheet: &Sheet<'_>, expected: &str, value: &NodeKind, place: Span) -> Option<Edits> {
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
        // An object of switches that became one: its own `enabled` decides, else any of them.
        ("boolean", NodeKind::Object(members)) => {
            let is_on = |member: &Member| matches!(sheet.node(member.value).kind, NodeKind::Bool(true));
            let own = members.iter().find(|member| &*member.key == "enabled").map(is_on);
            let on = own.unwrap_or_else(|| members.iter().any(is_on));
            (!sheet.has_comment(place)).then(|| vec![(place, on.to_string())])
        }
        ("string", NodeKind::Number(_)) => Some(vec![(start, "\"".to_owned()), (end, "\"".to_owned())]),
        ("array", NodeKind::String(_) | NodeKind::Number(_) | NodeKind::Bool(_) | NodeKind::Object(_)) => {
            Some(vec![(start, "[".to_owned()), (end, "]".to_owned())])
        }
        _ => None,
    }
}

/// A member as a comment: `//` before each of its lines when it has them to itself, else `/* */` around it.
fn comment_out(sheet: &Sheet<'_>, member: Span) -> Option<Edits> {
    let whole = sheet.with_comma(member);
    let (start, end) = sheet.line_around(whole);
    let part = |from: u32, to: u32| sheet.part(from, to);
    let tail = part(whole.end, end).trim_start();
    if part(start, whole.start).trim_end().is_empty() && (tail.is_empty() || tail.starts_with("//")) {
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
        Sheet::new(text, &document).member_at(place).unwrap().1.span
    }

    fn commented(text: &str, key: &str) -> String {
        let document = json5::parse(text, &json5::Options::default());
        applied(text, comment_out(&Sheet::new(text, &document), member(text, key)).unwrap())
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
            let sheet = Sheet::new(text, &document);
            let span = sheet.with_line(sheet.with_comma(member(text, key)));
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
        for bare in ["_a", "$a", "a_1", "a$"] {
            assert_eq!(key(bare, KeyStyle::Bare), bare);
        }
        for other in ["", "2a", "-a", "a.b"] {
            assert_eq!(key(other, KeyStyle::Bare), format!("\"{other}\""));
        }
        assert_eq!(key("token", KeyStyle::Single), "'token'");
        assert_eq!(string("it's", "'x'"), "'it\\'s'");
    }
}
