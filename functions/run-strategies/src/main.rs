//! The door of `run-strategies`.
fn main() {}
