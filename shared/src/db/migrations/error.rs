//! Why a migration did not succeed, and what to do about it.

use tokio_postgres::error::{ErrorPosition, SqlState};

use super::super::DbError;
use super::files::runs_outside_transaction;

/// Why the schema was not brought where it should be.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Another runner is at work.
    #[error("another migration is running; wait for it to end and run this again")]
    Busy,
    /// The applied ones are not those of this version of the code.
    #[error("the database does not match the migrations of this version: {}", .0.join("; "))]
    Mismatch(Vec<String>),
    /// A file failed; nothing of it was kept unless it says `-- no-transaction`.
    #[error("{file} failed: {message}. {advice}")]
    Failed {
        /// Which file.
        file: String,
        /// What the database said, with the line.
        message: String,
        /// What to do.
        advice: &'static str,
        /// The database's error.
        #[source]
        source: tokio_postgres::Error,
    },
}

impl From<tokio_postgres::Error> for MigrationError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The failure of `file`, which holds `sql`.
pub(super) fn failure(file: &str, sql: &str, source: tokio_postgres::Error) -> MigrationError {
    let is_lock = source.code() == Some(&SqlState::LOCK_NOT_AVAILABLE);
    let advice = match (runs_outside_transaction(sql), is_lock) {
        (true, true) => {
            "Somebody else holds a lock that it needs; run it again: what is half made is taken back first"
        }
        (true, false) => {
            "It may be half made; mend it and run it again: what is half made is taken back first"
        }
        (false, true) => "Somebody else holds a lock that it needs; nothing of it was kept, run it again",
        (false, false) => "Nothing of it was kept; mend it and run it again",
    };
    let said = source.as_db_error();
    let line = said.and_then(|error| match error.position() {
        Some(ErrorPosition::Original(at)) => Some(line_at(sql, *at)),
        _ => None,
    });
    let text = said.map_or_else(|| source.to_string(), |error| error.message().to_owned());
    let message = line.map_or_else(|| text.clone(), |line| format!("line {line}: {text}"));
    MigrationError::Failed {
        file: file.to_owned(),
        message,
        advice,
        source,
    }
}

/// The line, from 1, of the character at `position`, from 1.
fn line_at(sql: &str, position: u32) -> usize {
    let before = sql.chars().take(position.saturating_sub(1) as usize);
    before.filter(|c| *c == '\n').count() + 1
}
