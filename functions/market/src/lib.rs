//! `market`.
