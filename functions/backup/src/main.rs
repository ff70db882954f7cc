//! The door of `backup`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&backup::FUNCTION, backup::run)
}
