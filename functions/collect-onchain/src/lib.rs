//! `collect-onchain`.
