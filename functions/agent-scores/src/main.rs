//! The door of `agent-scores`.
fn main() {}
