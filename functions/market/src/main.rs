//! The door of `market`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&market::FUNCTION, |app| {
        shared::http::door(app, market::FUNCTION.name, market::router(), &[])
    })
}
