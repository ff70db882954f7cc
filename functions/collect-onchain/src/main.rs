//! The door of `collect-onchain`.
fn main() {}
