//! The door of `push-connect`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::socket(&push_connect::FUNCTION, push_connect::run)
}
