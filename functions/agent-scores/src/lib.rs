//! `agent-scores`.
