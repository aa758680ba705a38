//! Code actions: fixes of findings, all safe fixes of a document, and a comment that silences a finding with its reason.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    CodeAction, CodeActionKind, DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, Range, SnippetTextEdit,
    StringValue, TextDocumentEdit, TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};
use similar::{DiffOp, TextDiff};

use crate::check::{self, Content};
use crate::finding::Safety;
use crate::fix::mend;
use crate::host::Host;
use crate::language::{Language, Phrase};
use crate::report::Report;
use crate::rules::Catalog;
use crate::source::{FileId, Span};
use crate::syntax::json5::NodeKind;

use super::around::Around;
use super::documents::{Document, Documents, name_of};
use super::lint::{self, Found, Job, Repair};
use super::overlay::Overlay;
use super::text::Text;

/// The kind of "fix everything that is safe" of this server; clients may ask for the kinds above it too.
pub(super) const FIX_ALL: &str = "source.fixAll.openclaw-lint";

/// Whether one of the kinds that a client asks for holds a kind: `source` holds `source.fixAll`.
pub(super) fn is_wanted(kind: &str, only: Option<&[CodeActionKind]>) -> bool {
    only.is_none_or(|only| {
        only.iter().map(CodeActionKind::as_str).any(|wanted| {
            wanted.is_empty() || kind.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    })
}

/// Where actions are asked for.
pub(super) struct Asked<'a> {
    pub(super) path: &'a Path,
    pub(super) document: &'a Document,
    pub(super) range: Range,
    pub(super) around: &'a Around,
    /// Whether the client fills in places that are left open.
    pub(super) snippets: bool,
    pub(super) language: Language,
}

/// The fixes of findings that touch a range, certain ones first.
pub(super) fn fixes(asked: &Asked<'_>, findings: &[Found], documents: &Documents) -> Vec<CodeAction> {
    let here = findings.iter().filter(|found| touch(found.diagnostic.range, asked.range));
    let offered = here.flat_map(|found| found.fixes.iter().enumerate().map(move |(at, fix)| (found, at, fix)));
    let mut offered: Vec<_> = offered.collect();
    offered.sort_by_key(|(_, at, fix)| (*at, fix.safety != Safety::Safe));
    let action = |(found, at, fix): (&Found, usize, &Repair)| CodeAction {
        title: fix.title.clone(),
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![found.diagnostic.clone()]),
        is_preferred: Some(at == 0 && fix.safety == Safety::Safe),
        edit: Some(edit_of(&fix.edits, documents)),
        ..CodeAction::default()
    };
    offered.into_iter().map(action).collect()
}

fn edit_of(edits: &[(PathBuf, TextEdit)], documents: &Documents) -> WorkspaceEdit {
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for (path, edit) in edits {
        changes.entry(documents.uri(path)).or_default().push(edit.clone());
    }
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

fn touch(one: Range, other: Range) -> bool {
    let key = |position: gen_lsp_types::Position| (position.line, position.character);
    key(one.start) <= key(other.end) && key(other.start) <= key(one.end)
}

/// For each finding that touches a range, the comment that silences it; the reason is for the person to write.
pub(super) fn silences(asked: &Asked<'_>, findings: &[Found]) -> Vec<CodeAction> {
    let Some(lines) = Lines::of(asked) else { return Vec::new() };
    let text = asked.document.text.as_str();
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut seen = HashSet::new();
    let here = findings.iter().filter(|found| touch(found.diagnostic.range, asked.range));
    here.filter_map(|found| {
        let start = lines.before(found.span);
        if !seen.insert((start, found.rule.as_str())) {
            return None;
        }
        let line = text.get(start as usize..)?;
        let indent = line.get(..line.len() - line.trim_start_matches([' ', '\t']).len())?;
        Some(silence(asked, found, Insertion { start, indent, mark: lines.mark, newline }))
    })
    .collect()
}

/// A line of its own.
struct Insertion<'t> {
    /// The byte offset of the line that it goes before.
    start: u32,
    indent: &'t str,
    /// What begins a comment.
    mark: &'t str,
    newline: &'t str,
}

fn silence(asked: &Asked<'_>, found: &Found, insertion: Insertion<'_>) -> CodeAction {
    let Insertion { start, indent, mark, newline } = insertion;
    let (document, language) = (asked.document, asked.language);
    let reason = language.text("say why here");
    let range = document.text.range(Span::at(start));
    let before = format!("{indent}{mark} openclaw-lint-ignore {}: ", found.rule);
    let edit = if asked.snippets {
        let text = before.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}");
        let snippet = StringValue { value: format!("{text}${{1:{reason}}}{newline}") };
        Edit::SnippetTextEdit(SnippetTextEdit { range, snippet, annotation_id: None })
    } else {
        Edit::TextEdit(TextEdit { range, new_text: format!("{before}{reason}{newline}") })
    };
    let edit = match edit {
        Edit::TextEdit(edit) => WorkspaceEdit {
            changes: Some(HashMap::from([(document.uri.clone(), vec![edit])])),
            ..WorkspaceEdit::default()
        },
        snippet => WorkspaceEdit {
            document_changes: Some(vec![DocumentChange::TextDocumentEdit(TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    version: Some(document.version),
                    text_document_identifier: TextDocumentIdentifier { uri: document.uri.clone() },
                },
                edits: vec![snippet],
            })]),
            ..WorkspaceEdit::default()
        },
    };
    CodeAction {
        title: language.say(&Phrase::new("silence `{rule}` here, with a reason").with("rule", &found.rule)),
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![found.diagnostic.clone()]),
        edit: Some(edit),
        ..CodeAction::default()
    }
}

/// The lines of a document before which a comment can stand.
struct Lines<'a> {
    text: &'a Text,
    /// What goes on over the end of a line and holds no comment: strings, comments, values; in source order.
    blocks: Vec<Span>,
    /// How comments begin.
    mark: &'static str,
}

impl<'a> Lines<'a> {
    fn of(asked: &Asked<'a>) -> Option<Self> {
        let text = &asked.document.text;
        let (mut blocks, mark): (Vec<Span>, _) = if let Some(config) = asked.around.config(asked.path) {
            let strings = config
                .document
                .nodes()
                .filter(|(_, node)| !matches!(node.kind, NodeKind::Object(_) | NodeKind::Array(_)))
                .map(|(_, node)| node.span);
            (strings.chain(config.document.comments().iter().map(|comment| comment.span)).collect(), "//")
        } else {
            let file = asked.around.env_file(asked.path)?;
            (file.parsed.entries.iter().map(|entry| entry.span).collect(), "#")
        };
        blocks.retain(|block| text.slice(*block).contains(['\n', '\r']));
        blocks.sort_unstable();
        Some(Self { text, blocks, mark })
    }

    /// The start of the line of a place. A line that begins inside of a block is none: the one where that begins is.
    fn before(&self, place: Span) -> u32 {
        let start = self.text.line_start(place.start);
        let after = self.blocks.partition_point(|block| block.start < start);
        let block = after.checked_sub(1).and_then(|at| self.blocks.get(at)).filter(|block| start < block.end);
        block.map_or(start, |block| self.text.line_start(block.start))
    }
}

/// The edits that leave a document with every safe fix applied; `None` when nothing can be done, or when an edit would have
/// to hold a credential.
pub(super) fn mended(path: &Path, job: &Job, machine: &dyn Host) -> Option<Vec<TextEdit>> {
    let document = job.documents.get(path)?;
    let overlay = Overlay { documents: &job.documents, machine };
    let files = lint::files_of(&job.folder, &overlay);
    let settings = lint::settings(&job.folder, &job.options, &overlay);
    let inputs = lint::inputs(&files, &overlay);
    let shown = name_of(path);
    let check = |text: &str| -> (Report, FileId) {
        let mut inputs = inputs.clone();
        for input in inputs.iter_mut().filter(|input| input.path == path) {
            input.content = Content::Bytes(text.as_bytes().to_vec());
        }
        let report = check::run(inputs, &settings, Catalog::bundled(), &overlay);
        let file = report.sources.iter().find(|(_, source)| source.name() == shown).map(|(id, _)| id);
        (report, file.unwrap_or(FileId(u32::MAX)))
    };
    let old = document.text.as_str();
    let new = mend(old, Safety::Safe, check).text;
    let edits = difference(&document.text, &new);
    let (report, _) = check(old);
    let is_clean = |edit: &TextEdit| report.secrets.scrub(&edit.new_text) == edit.new_text;
    edits.iter().all(is_clean).then_some(edits)
}

/// Small edits that make one text of another, so that cursors and folds of the editor stay.
fn difference(old: &Text, new: &str) -> Vec<TextEdit> {
    let text = old.as_str();
    let lines = TextDiff::from_lines(text, new);
    let (old_starts, new_starts) = (starts(lines.iter_old_slices()), starts(lines.iter_new_slices()));
    let mut edits = Vec::new();
    for op in lines.ops() {
        let Some((before, after)) = reach(op, &old_starts, &new_starts) else { continue };
        let (Some(was), Some(is)) = (text.get(before.clone()), new.get(after.clone())) else { continue };
        let words = TextDiff::from_words(was, is);
        let (was_starts, is_starts) = (starts(words.iter_old_slices()), starts(words.iter_new_slices()));
        for op in words.ops() {
            let Some((from, to)) = reach(op, &was_starts, &is_starts) else { continue };
            let offset = |at: usize| u32::try_from(before.start + at).unwrap_or(u32::MAX);
            let range = old.range(Span::new(offset(from.start), offset(from.end)));
            edits.push(TextEdit { range, new_text: is.get(to).unwrap_or_default().to_owned() });
        }
    }
    edits
}

/// Where each piece starts, and where the last one ends.
fn starts<'t>(pieces: impl Iterator<Item = &'t str>) -> Vec<usize> {
    let mut at = 0;
    let ends = pieces.map(|piece| {
        at += piece.len();
        at
    });
    std::iter::once(0).chain(ends.collect::<Vec<_>>()).collect()
}

/// The bytes of both texts that a change is about.
fn reach(op: &DiffOp, old: &[usize], new: &[usize]) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    if matches!(op, DiffOp::Equal { .. }) {
        return None;
    }
    let bytes =
        |pieces: std::ops::Range<usize>, starts: &[usize]| Some(*starts.get(pieces.start)?..*starts.get(pieces.end)?);
    Some((bytes(op.old_range(), old)?, bytes(op.new_range(), new)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::text::Encoding;

    #[test]
    fn kinds_hold_those_below_them() {
        let wanted = |kind: &str, only: &[&str]| {
            let only: Vec<CodeActionKind> = only.iter().map(|kind| CodeActionKind::from((*kind).to_owned())).collect();
            is_wanted(kind, Some(&only))
        };
        assert!(is_wanted(FIX_ALL, None));
        assert!(wanted(FIX_ALL, &["source.fixAll"]));
        assert!(wanted(FIX_ALL, &["source"]));
        assert!(wanted(FIX_ALL, &[""]));
        assert!(!wanted(FIX_ALL, &["source.fix", "quickfix"]));
        assert!(!wanted("quickfix", &[]));
    }

    #[test]
    fn edits_touch_only_what_changed() {
        let old = Text::new("{\n  a: 1, bb: 2,\n  c: 3,\n}\n".to_owned(), Encoding::Utf16);
        let edits = difference(&old, "{\n  a: 1, dd: 2,\n  c: 3,\n  e: 4,\n}\n");
        let shown: Vec<_> =
            edits.iter().map(|edit| (edit.range.start.line, edit.range.start.character, &*edit.new_text)).collect();
        assert_eq!(shown, [(1, 8, "dd:"), (3, 0, "  e: 4,\n")]);
    }
}
