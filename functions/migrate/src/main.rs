//! The door of `migrate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&migrate::FUNCTION, migrate::run)
}
