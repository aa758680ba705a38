//! A process that does nothing: the floor that cold runs are compared with.

fn main() {}
