//! JSON5 text to a spanned tree, with every mistake that can be told apart. No meaning of any key or value enters here.
//!
//! What is accepted is exactly what release 2.2.3 of the npm package `json5` accepts, because that is what OpenClaw
//! reads its configuration with. What is refused still gives a tree: everything readable is in it, and
//! [`NodeKind::Error`] stands where a value could not be read.
//!
//! - `lexer`: white space, comments, strings, and where unquoted text ends;
//! - `identifier`, `number`, `string`: one kind of token each;
//! - `parser`: the grammar, with a stack of its own instead of recursion;
//! - `recovery`: what to report, and where to go on, when the grammar does not fit;
//! - `tree`, `error`: what comes out.

mod error;
mod identifier;
mod identifier_table;
mod lexer;
mod number;
mod parser;
mod recovery;
mod string;
mod tree;

pub use error::{Bracket, ErrorKind, NumberFault, SyntaxError, Word};
pub use parser::{MAX_DEPTH, Options, parse};
pub use tree::{
    Comment, CommentKind, Document, Duplicate, KeyStyle, LineBreak, Member, Node, NodeId, NodeKind, literal_subspan,
};
