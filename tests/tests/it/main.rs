//! Integration tests.

mod cache;
