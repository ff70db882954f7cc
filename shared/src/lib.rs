//! The crate that every function of the bundle shares.
//!
//! `domain` holds the rules; `db`, `cache`, `sources` and `llm` speak to the outside; `services` are
//! the use cases; `http`, `lambda` and `telemetry` are the doors and know no noun of the domain.
//! docs/ARCHITECTURE.md draws the map and lists the invariants.

pub mod app;
pub mod cache;
pub mod clock;
pub mod config;
pub mod db;
pub mod digest;
pub mod domain;
#[cfg(feature = "http")]
pub mod http;
pub mod ids;
pub mod lambda;
#[cfg(feature = "models")]
pub mod llm;
#[cfg(any(feature = "identity", feature = "models", feature = "sources"))]
pub mod net;
pub mod push;
pub mod random;
pub mod secrets;
pub mod services;
#[cfg(any(feature = "identity", feature = "sources"))]
pub mod sources;
#[cfg(feature = "backups")]
pub mod storage;
pub mod telemetry;
