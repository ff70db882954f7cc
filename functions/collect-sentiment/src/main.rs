//! The door of `collect-sentiment`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&collect_sentiment::FUNCTION, collect_sentiment::run)
}
