//! The harness: what tests that need servers share.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a helper that cannot do its work fails the test"
)]

pub mod database;
pub mod proxy;
