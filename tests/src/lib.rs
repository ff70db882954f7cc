//! The harness: what tests that need servers share.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a helper that cannot do its work fails the test"
)]

pub mod actors;
pub mod backups;
pub mod bundle;
pub mod database;
pub mod function;
pub mod gateway;
pub mod kill;
pub mod market_file;
pub mod paper;
pub mod people;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod runtime_api;
pub mod s3;
pub mod secrets_manager;

use std::path::PathBuf;

use shared::config::Environment;

/// A program of the workspace, as it was built for the tests (`cargo build --workspace --bins`).
pub fn program(name: &str) -> PathBuf {
    let environment = Environment::process();
    let folder = environment.get("AUTOMONEY_BIN_DIR").map(PathBuf::from);
    // Run by hand: the programs are one folder above the tests' own.
    let beside = || {
        let tests = std::env::current_exe().expect("the test's own path");
        tests.ancestors().nth(2).expect("a folder above").to_owned()
    };
    folder.unwrap_or_else(beside).join(name)
}
