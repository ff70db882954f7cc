//! Integration tests.

#[cfg(test)]
mod cache;
#[cfg(test)]
mod tidy;
