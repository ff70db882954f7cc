//! The door of `maintain-database`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&maintain_database::FUNCTION, maintain_database::run)
}
