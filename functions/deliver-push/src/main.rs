//! The door of `deliver-push`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&deliver_push::FUNCTION, deliver_push::run)
}
