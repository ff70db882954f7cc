//! The door of `collect-prices`.
fn main() {}
