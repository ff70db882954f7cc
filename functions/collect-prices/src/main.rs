//! The door of `collect-prices`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&collect_prices::FUNCTION, collect_prices::run)
}
