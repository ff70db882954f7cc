//! The door of `trades`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&trades::FUNCTION, |app| {
        shared::http::door(app, trades::FUNCTION.name, trades::router(), &[])
    })
}
