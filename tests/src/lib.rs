//! The harness: what tests that need servers share.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a helper that cannot do its work fails the test"
)]

pub mod bundle;
pub mod database;
pub mod market_file;
pub mod proxy;
pub mod runtime_api;
