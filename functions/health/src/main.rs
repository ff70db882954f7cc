//! The door of `health`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&health::FUNCTION, |app| {
        shared::http::door(app, health::FUNCTION.name, health::router(), &[])
    })
}
