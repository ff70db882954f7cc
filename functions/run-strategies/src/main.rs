//! The door of `run-strategies`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&run_strategies::FUNCTION, run_strategies::run)
}
