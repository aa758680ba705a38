//! Replacing `${VAR}` in the strings of a value, as OpenClaw does once after includes.

use crate::source::Sources;
use crate::syntax::json5;

use super::environment::Environment;
use super::reference::{self, Token};
use super::{Kind, Origin, Path, Segment, Value};

/// A `${VAR}` in a config.
#[derive(Clone, Debug)]
pub struct VariableUse {
    /// The variable.
    pub name: Box<str>,
    /// Where it stands.
    pub origin: Origin,
    /// The string that holds it.
    pub path: Path,
    /// Whether a layer that the linter can see gives it a value.
    pub resolved: bool,
}

/// Replaces variables in place and says which were used. A variable without a value stays as it is written.
pub(super) fn replace(root: &mut Value, sources: &Sources, environment: &Environment) -> Vec<VariableUse> {
    let mut replacer = Replacer { sources, environment, path: Path::root(), uses: Vec::new() };
    replacer.value(root);
    replacer.uses
}

struct Replacer<'a> {
    sources: &'a Sources,
    environment: &'a Environment,
    path: Path,
    uses: Vec<VariableUse>,
}

impl Replacer<'_> {
    fn value(&mut self, value: &mut Value) {
        match &mut value.kind {
            Kind::String(text) if text.contains('$') => {
                let text = text.clone();
                self.string(value, &text);
            }
            Kind::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.path.push(Segment::Index(index));
                    self.value(item);
                    self.path.pop();
                }
            }
            Kind::Object(members) => {
                for member in members.iter_mut() {
                    self.path.push(Segment::Key(member.key.clone()));
                    self.value(&mut member.value);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn string(&mut self, value: &mut Value, text: &str) {
        let mut tokens = reference::tokens(text).peekable();
        if tokens.peek().is_none() {
            return;
        }
        let (mut out, mut done) = (String::new(), 0);
        for token in tokens {
            let (name, range, known) = match token {
                Token::Reference { name, range } => {
                    let known = self.environment.value(name);
                    self.used(value, text, name, range.clone(), known.is_some());
                    value.unresolved |= known.is_none();
                    (name, range, known)
                }
                Token::Escape { name, range } => (name, range, None),
            };
            out.push_str(text.get(done..range.start).unwrap_or_default());
            match known {
                Some(known) => out.push_str(known),
                None => out.extend(["${", name, "}"]),
            }
            done = range.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        value.kind = Kind::String(out.into());
        value.raw = Some(text.into());
    }

    fn used(&mut self, value: &Value, text: &str, name: &str, range: std::ops::Range<usize>, resolved: bool) {
        let source = self.sources.get(value.origin.file).map(crate::source::SourceFile::text).unwrap_or_default();
        let span = json5::literal_subspan(source, value.origin.span, text.len(), range);
        let origin = Origin { file: value.origin.file, span };
        self.uses.push(VariableUse { name: name.into(), origin, path: self.path.clone(), resolved });
    }
}
