//! The door of `push-ticket`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&push_ticket::FUNCTION, |app| {
        shared::http::door(app, push_ticket::FUNCTION.name, push_ticket::router(), &[])
    })
}
