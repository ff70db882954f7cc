//! The operator's command line and the local process.
//!
//! Thin on purpose: every command calls the services that the functions call. What is printed here
//! is for people; machines read `--json` or the API.

pub mod backup;
pub mod check;
pub mod cli;
pub mod costs;
pub mod generate;
pub mod job;
pub mod local;
pub mod lock;
pub mod migrations;
pub mod mode;
pub mod notice;
pub mod registry;
pub mod replay;
pub mod simulate;
pub mod start;
mod time_left;
pub mod token;
pub mod user;
