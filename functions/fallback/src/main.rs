//! The door of `fallback`.
fn main() {}
