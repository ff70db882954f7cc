//! The door of `collect-macro`.
fn main() {}
