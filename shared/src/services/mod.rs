//! The use cases: each reads like the sentence that describes it.
//!
//! They call `db`, `cache` and `sources` directly, hand the facts to `domain`, and write down what
//! came of it. They know no HTTP and no Lambda.

#[cfg(feature = "sources")]
pub mod collect;
#[cfg(feature = "sources")]
pub mod decide;
pub mod jobs;
pub mod market;
pub mod readiness;
pub mod scores;
