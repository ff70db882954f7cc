//! What the database says was applied, against what this version of the code knows.

use jiff::Timestamp;

use super::{Migration, MigrationError};

/// A migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its number.
    pub version: i32,
    /// Its number and name.
    pub title: String,
    /// When it was applied here.
    pub applied_at: Option<Timestamp>,
    /// What is wrong with it.
    pub problem: Option<Problem>,
}

impl Status {
    /// Whether it runs outside a transaction, was begun and has not ended.
    pub(super) const fn is_half_made(&self) -> bool {
        matches!(self.problem, Some(Problem::HalfMade))
    }
}

/// What can be wrong with a migration that the database knows, or should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The file's checksum or name is not the one that was applied.
    #[error("its file was edited after it was applied; restore the file and add a new migration")]
    Edited,
    /// A later one was applied without it.
    #[error("it was never applied, but later ones were; give it the next free number")]
    Skipped,
    /// The database has it, this version of the code does not.
    #[error("it was applied, but this version has no file of it; run the version that has")]
    Unknown,
    /// It runs outside a transaction, was begun and has not ended.
    #[error(
        "it was begun and has not ended; unless it is still running, `up` takes it back and runs it again"
    )]
    HalfMade,
}

/// A row of `schema_migrations`.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) version: i32,
    pub(super) title: String,
    pub(super) checksum: String,
    pub(super) begun_at: Timestamp,
    pub(super) is_whole: bool,
}

impl Stored {
    fn problem(&self, known: &[Migration]) -> Option<Problem> {
        let Some(migration) = known.iter().find(|migration| migration.version == self.version) else {
            return Some(Problem::Unknown);
        };
        if !self.is_whole {
            // It was never whole, so its file may still be mended.
            return Some(Problem::HalfMade);
        }
        (migration.title != self.title || migration.checksum() != self.checksum).then_some(Problem::Edited)
    }
}

/// Every migration, known or applied, by number.
pub(super) fn compare(known: &[Migration], stored: &[Stored]) -> Vec<Status> {
    let newest = stored.iter().map(|row| row.version).max();
    let of_stored = stored.iter().map(|row| Status {
        version: row.version,
        title: row.title.clone(),
        applied_at: row.is_whole.then_some(row.begun_at),
        problem: row.problem(known),
    });
    let is_missing = |migration: &&Migration| stored.iter().all(|row| row.version != migration.version);
    let of_missing = known.iter().filter(is_missing).map(|migration| Status {
        version: migration.version,
        title: migration.title.to_owned(),
        applied_at: None,
        problem: newest
            .is_some_and(|newest| migration.version < newest)
            .then_some(Problem::Skipped),
    });
    let mut all: Vec<Status> = of_stored.chain(of_missing).collect();
    all.sort_by_key(|status| status.version);
    all
}

/// An error that names every problem, if there is one.
pub(super) fn refuse(all: impl IntoIterator<Item = Status>) -> Result<(), MigrationError> {
    let problems: Vec<String> = all
        .into_iter()
        .filter_map(|status| Some(format!("{}: {}", status.title, status.problem?)))
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(MigrationError::Mismatch(problems))
    }
}

/// An error that names every problem that `matters`, if there is one.
pub(super) fn refuse_problems(
    known: &[Migration],
    stored: &[Stored],
    matters: impl Fn(&Status) -> bool,
) -> Result<(), MigrationError> {
    refuse(
        compare(known, stored)
            .into_iter()
            .filter(|status| matters(status)),
    )
}
