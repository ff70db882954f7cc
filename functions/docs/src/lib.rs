//! `docs`.
