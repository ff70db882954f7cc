//! `health`.
