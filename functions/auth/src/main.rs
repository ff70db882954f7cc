//! The door of `auth`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&auth::FUNCTION, |app| {
        shared::http::door(app, auth::FUNCTION.name, auth::router(), &[])
    })
}
