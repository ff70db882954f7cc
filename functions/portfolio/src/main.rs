//! The door of `portfolio`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&portfolio::FUNCTION, |app| {
        shared::http::door(app, portfolio::FUNCTION.name, portfolio::router(), &[])
    })
}
