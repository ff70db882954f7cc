//! The door of `admin`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&admin::FUNCTION, |app| {
        shared::http::door(app, admin::FUNCTION.name, admin::router(), &[])
    })
}
