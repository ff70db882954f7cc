//! The door of `health`.
fn main() {}
