//! The shape of a document: symbols and folds. Names only, never values.

use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, FoldingRange, FoldingRangeKind, Location, SymbolInformation, SymbolKind, Uri,
};

use crate::syntax::json5::{Document, Member, NodeId, NodeKind};

use super::around::{ConfigFile, EnvFile};
use super::shown;
use super::text::Text;

pub(super) fn symbols(config: &ConfigFile) -> Vec<DocumentSymbol> {
    let root = config.document.root();
    root.map(|root| members(&config.document, root, &config.text)).unwrap_or_default()
}

fn members(document: &Document, node: NodeId, text: &Text) -> Vec<DocumentSymbol> {
    match &document.node(node).kind {
        NodeKind::Object(members) => members.iter().map(|member| of_member(document, member, text)).collect(),
        NodeKind::Array(items) => {
            let objects =
                items.iter().enumerate().filter(|(_, item)| matches!(document.node(**item).kind, NodeKind::Object(_)));
            objects.map(|(index, item)| of_item(document, index, *item, text)).collect()
        }
        _ => Vec::new(),
    }
}

#[expect(deprecated, reason = "the protocol's type has the field")]
fn symbol(
    name: &str,
    kind: SymbolKind,
    range: gen_lsp_types::Range,
    selection: gen_lsp_types::Range,
) -> DocumentSymbol {
    DocumentSymbol {
        name: shown(name).into_owned(),
        detail: None,
        kind,
        tags: None,
        deprecated: None,
        range,
        selection_range: selection,
        children: None,
    }
}

fn of_member(document: &Document, member: &Member, text: &Text) -> DocumentSymbol {
    let kind = match document.node(member.value).kind {
        NodeKind::Object(_) => SymbolKind::Object,
        NodeKind::Array(_) => SymbolKind::Array,
        NodeKind::String(_) => SymbolKind::String,
        NodeKind::Number(_) => SymbolKind::Number,
        NodeKind::Bool(_) => SymbolKind::Boolean,
        NodeKind::Null | NodeKind::Error => SymbolKind::Null,
    };
    // A name of nothing is not allowed.
    let name = if member.key.is_empty() { "\"\"" } else { &*member.key };
    let children = members(document, member.value, text);
    let symbol = symbol(name, kind, text.range(member.span), text.range(member.key_span));
    DocumentSymbol { children: (!children.is_empty()).then_some(children), ..symbol }
}

fn of_item(document: &Document, index: usize, item: NodeId, text: &Text) -> DocumentSymbol {
    let range = text.range(document.node(item).span);
    let children = members(document, item, text);
    let symbol = symbol(&index.to_string(), SymbolKind::Object, range, range);
    DocumentSymbol { children: (!children.is_empty()).then_some(children), ..symbol }
}

pub(super) fn variables(file: &EnvFile) -> Vec<DocumentSymbol> {
    let of = |entry: &crate::syntax::dotenv::Entry| {
        symbol(&entry.key, SymbolKind::Variable, file.text.range(entry.span), file.text.range(entry.key_span))
    };
    file.parsed.entries.iter().filter(|entry| !entry.key.is_empty()).map(of).collect()
}

/// Objects, lists and block comments of more than one line, and runs of line comments.
pub(super) fn folds(config: &ConfigFile) -> Vec<FoldingRange> {
    let (document, text) = (&config.document, &config.text);
    let lines = |span: crate::source::Span| (text.position(span.start).line, text.position(span.end).line);
    let fold = |(start, end): (u32, u32), kind| FoldingRange::new(start, None, end, None, kind, None);
    let containers = document.nodes().filter(|(_, node)| matches!(node.kind, NodeKind::Object(_) | NodeKind::Array(_)));
    // The line of the closing bracket stays to be seen.
    let containers = containers.map(|(_, node)| lines(node.span)).filter(|(start, end)| end > &(start + 1));
    let mut folds: Vec<FoldingRange> = containers.map(|(start, end)| fold((start, end - 1), None)).collect();
    let mut run: Option<(u32, u32)> = None;
    for comment in document.comments() {
        let (start, end) = lines(comment.span);
        run = match run {
            Some((first, last)) if start == last + 1 => Some((first, end)),
            other => {
                folds.extend(
                    other.filter(|(first, last)| last > first).map(|run| fold(run, Some(FoldingRangeKind::Comment))),
                );
                Some((start, end))
            }
        };
    }
    folds.extend(run.filter(|(first, last)| last > first).map(|run| fold(run, Some(FoldingRangeKind::Comment))));
    folds
}

/// Symbols without children, for clients that know no others; each with the name of what holds it.
#[expect(deprecated, reason = "the protocol's type has the field")]
pub(super) fn flat(symbols: Vec<DocumentSymbol>, uri: &Uri) -> Vec<SymbolInformation> {
    let mut waiting: Vec<(DocumentSymbol, Option<String>)> =
        symbols.into_iter().rev().map(|symbol| (symbol, None)).collect();
    let mut all = Vec::new();
    while let Some((symbol, container_name)) = waiting.pop() {
        let children = symbol.children.unwrap_or_default();
        waiting.extend(children.into_iter().rev().map(|child| (child, Some(symbol.name.clone()))));
        let location = Location { uri: uri.clone(), range: symbol.range };
        let base = BaseSymbolInformation { name: symbol.name, kind: symbol.kind, tags: None, container_name };
        all.push(SymbolInformation { deprecated: None, location, base_symbol_information: base });
    }
    all
}
