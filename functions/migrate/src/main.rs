//! The door of `migrate`.
fn main() {}
