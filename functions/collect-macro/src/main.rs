//! The door of `collect-macro`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&collect_macro::FUNCTION, collect_macro::run)
}
