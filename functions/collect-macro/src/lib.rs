//! `collect-macro`.
