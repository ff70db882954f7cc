//! The rules of the platform, pure: no I/O, no async, no clock, no randomness.
//!
//! Data travels one way: market data ([`market`], [`observations`]) becomes indicators
//! ([`indicators`]) and readings ([`freshness`]); these become scores ([`agents`]), which a language
//! model may move ([`models`], [`voices`]); scores become a conviction and a signal ([`decision`])
//! for a [`strategy`]. [`paper`] executes orders against a book of [`money`]. Figures and formulas are
//! DOMAIN's; each rule names its source.

pub mod agents;
#[cfg(feature = "backups")]
pub mod backups;
pub mod candles;
pub mod costs;
pub mod decision;
pub mod equity;
pub mod freshness;
pub mod identity;
pub mod indicators;
pub mod market;
pub mod models;
pub mod modes;
pub mod money;
pub mod observations;
pub mod paper;
pub mod push;
pub mod quotes;
pub mod rate_limit;
pub mod rejection;
pub mod retention;
pub mod rounding;
pub mod sessions;
pub mod statistics;
pub mod strategy;
pub mod subscriptions;
pub mod tier;
pub mod voices;
pub mod wire;
