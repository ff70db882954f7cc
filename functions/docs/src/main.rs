//! The door of `docs`.
fn main() {}
