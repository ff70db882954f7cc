//! `collect-sentiment`.
