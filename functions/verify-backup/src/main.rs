//! The door of `verify-backup`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::task(&verify_backup::FUNCTION, verify_backup::run)
}
