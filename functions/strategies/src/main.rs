//! The door of `strategies`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&strategies::FUNCTION, |app| {
        shared::http::door(app, strategies::FUNCTION.name, strategies::router(), &[])
    })
}
