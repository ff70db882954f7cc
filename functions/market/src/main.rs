//! The door of `market`.
fn main() {}
