//! What OpenClaw would see: values with their origins, layouts, layers of variables. No checks are made here.

mod value;

pub use value::{Kind, Member, Origin, Path, Segment, Value};
