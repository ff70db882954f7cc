//! Integration tests.

#[cfg(test)]
mod cache;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod tidy;
