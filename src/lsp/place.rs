//! Where in a config a place of its text is.

use crate::project::{Path, Segment};
use crate::source::Span;
use crate::syntax::json5::{Document, Member, NodeId, NodeKind};

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A key.
    Key,
    /// A value that is no object and no list.
    Value,
    /// The inside of an object or list, where a member or an item may come.
    Inside,
}

/// A place in a config.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The path of the member that it is about; for [`Part::Inside`] that of the object or list.
    pub(super) path: Path,
    pub(super) part: Part,
    /// The key, the value, or nothing.
    pub(super) span: Span,
    /// The node of the value, or of the object or list.
    pub(super) node: NodeId,
}

/// The innermost thing at a byte offset. `None` outside of the document's value.
pub(super) fn at(document: &Document, offset: u32) -> Option<Place> {
    let root = document.root()?;
    touches(document.node(root).span, offset).then(|| below(document, root, Path::root(), offset))
}

/// Whether an offset is in a span or at one of its ends: a cursor between two characters touches both.
pub(super) const fn touches(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

fn below(document: &Document, node: NodeId, path: Path, offset: u32) -> Place {
    let span = document.node(node).span;
    let inside = |path| Place { path, part: Part::Inside, span: Span::at(offset), node };
    match &document.node(node).kind {
        NodeKind::Object(members) => {
            let Some(member) = members.iter().find(|member| touches(reach(document, member), offset)) else {
                return inside(path);
            };
            let path = path.key(&member.key);
            if touches(member.key_span, offset) {
                return Place { path, part: Part::Key, span: member.key_span, node: member.value };
            }
            below_value(document, member.value, path, offset)
        }
        NodeKind::Array(items) => {
            let at = items.iter().position(|item| touches(document.node(*item).span, offset));
            match at.and_then(|index| Some((index, *items.get(index)?))) {
                Some((index, item)) => below_value(document, item, with_index(path, index), offset),
                None => inside(path),
            }
        }
        _ => Place { path, part: Part::Value, span, node },
    }
}

/// The end of an object is behind its bracket: a place right there is not inside of it, but at it.
fn below_value(document: &Document, value: NodeId, path: Path, offset: u32) -> Place {
    let node = document.node(value);
    let is_container = matches!(node.kind, NodeKind::Object(_) | NodeKind::Array(_));
    if is_container && (offset <= node.span.start || offset >= node.span.end) {
        return Place { path, part: Part::Value, span: node.span, node: value };
    }
    below(document, value, path, offset)
}

fn with_index(mut path: Path, index: usize) -> Path {
    path.push(Segment::Index(index));
    path
}

/// A member from its key to the end of its value; of one whose value is missing, to its colon and the blanks behind it.
fn reach(document: &Document, member: &Member) -> Span {
    let value = document.node(member.value);
    Span::new(member.key_span.start, member.span.end.max(value.span.end))
}

/// The member at a path, the last of equal keys.
pub(super) fn member<'d>(document: &'d Document, path: &Path) -> Option<&'d Member> {
    let key = path.last_key()?;
    let parent = node(document, &path.parent()?)?;
    document.member(parent, key)
}

/// The node at a path.
pub(super) fn node(document: &Document, path: &Path) -> Option<NodeId> {
    path.segments().iter().try_fold(document.root()?, |at, segment| match (segment, &document.node(at).kind) {
        (Segment::Key(key), _) => document.member(at, key).map(|member| member.value),
        (Segment::Index(index), NodeKind::Array(items)) => items.get(*index).copied(),
        (Segment::Index(_), _) => None,
    })
}

/// The keys of the object at a path.
pub(super) fn keys<'d>(document: &'d Document, path: &Path) -> Vec<&'d Member> {
    match node(document, path).map(|id| &document.node(id).kind) {
        Some(NodeKind::Object(members)) => members.iter().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::json5;

    fn place(text: &str) -> (String, Part) {
        let offset = u32::try_from(text.find('|').expect("a cursor")).expect("small");
        let document = json5::parse(&text.replace('|', ""), &json5::Options::default());
        let place = at(&document, offset).expect("a place");
        (place.path.to_string(), place.part)
    }

    #[test]
    fn places_have_paths() {
        assert_eq!(place("{ gate|way: { port: 1 } }"), ("gateway".to_owned(), Part::Key));
        assert_eq!(place("{ gateway: { port: 1|8 } }"), ("gateway.port".to_owned(), Part::Value));
        assert_eq!(place("{ gateway: { port: 1, | } }"), ("gateway".to_owned(), Part::Inside));
        assert_eq!(place("{ a: [{ b: \"x|\" }] }"), ("a.0.b".to_owned(), Part::Value));
        assert_eq!(place("{ a: [ | ] }"), ("a".to_owned(), Part::Inside));
        assert_eq!(place("{ | }"), (Path::root().to_string(), Part::Inside));
    }
}
