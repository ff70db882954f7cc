//! The door of `fallback`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&fallback::FUNCTION, fallback::router)
}
