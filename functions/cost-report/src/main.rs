//! The door of `cost-report`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&cost_report::FUNCTION, cost_report::run)
}
