//! `run-strategies`.
