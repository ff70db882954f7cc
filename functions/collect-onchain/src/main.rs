//! The door of `collect-onchain`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&collect_onchain::FUNCTION, collect_onchain::run)
}
