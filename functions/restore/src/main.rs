//! The door of `restore`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&restore::FUNCTION, restore::run)
}
