//! Integration tests.

#[cfg(test)]
mod cache;
