//! The use cases: each reads like the sentence that describes it.
//!
//! They call `db`, `cache` and `sources` directly, hand the facts to `domain`, and write down what
//! came of it. They know no request and no Lambda; [`answers`] alone says how their errors look to a
//! client, so that every function says it alike.

#[cfg(feature = "models")]
pub mod analyse;
#[cfg(feature = "http")]
mod answers;
#[cfg(feature = "http")]
pub mod auth;
#[cfg(feature = "backups")]
pub mod backup;
#[cfg(feature = "sources")]
pub mod collect;
pub mod costs;
#[cfg(all(feature = "models", feature = "sources"))]
pub mod decide;
pub mod gather;
pub mod history;
pub mod jobs;
pub mod locks;
pub mod maintain;
pub mod market;
pub mod modes;
pub mod operator;
pub mod partitions;
pub mod portfolio;
pub mod push;
pub mod quality;
pub mod readiness;
#[cfg(all(feature = "models", feature = "sources"))]
pub mod replay;
pub mod revisions;
pub mod rotation;
pub mod scores;
#[cfg(all(feature = "models", feature = "sources"))]
pub mod simulate;
#[cfg(all(feature = "models", feature = "sources"))]
pub mod stepping;
pub mod strategies;
pub mod subscriptions;
pub mod trade;
pub mod trades;
