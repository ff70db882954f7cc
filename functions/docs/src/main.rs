//! The door of `docs`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&docs::FUNCTION, |app| {
        shared::http::door(app, docs::FUNCTION.name, docs::router(), &[])
    })
}
