//! The door of `rotate-jwt-key`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&rotate_jwt_key::FUNCTION, rotate_jwt_key::run)
}
