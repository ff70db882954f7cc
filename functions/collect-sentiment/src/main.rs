//! The door of `collect-sentiment`.
fn main() {}
