//! `collect-prices`.
