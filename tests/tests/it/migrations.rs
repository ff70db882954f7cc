//! The runner and the files it runs, on a real server.

mod files;
mod limits;
mod outside;
mod runner;
mod schema;

use jiff::Timestamp;
use shared::db::connect_once;
use shared::db::migrations::{Migration, MigrationError, Runner};
use tests::database::Database;

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

async fn runner<'a>(database: &Database, migrations: &'a [Migration]) -> Runner<'a> {
    Runner::new(connect_once(&database.settings()).await.unwrap(), migrations)
}

/// A migration that creates or changes whatever a test needs.
const fn migration(version: i32, title: &'static str, up: &'static str, down: &'static str) -> Migration {
    Migration {
        version,
        title,
        up,
        down,
    }
}

const PEOPLE: Migration = migration(
    1,
    "0001_people",
    "CREATE TABLE people (name text)",
    "DROP TABLE people",
);
const PLACES: Migration = migration(
    2,
    "0002_places",
    "CREATE TABLE places (name text)",
    "DROP TABLE places",
);

/// The problems that a mismatch names.
fn problems(outcome: Result<impl std::fmt::Debug, MigrationError>) -> Vec<String> {
    match outcome {
        Err(MigrationError::Mismatch(problems)) => problems,
        other => panic!("it should not match: {other:?}"),
    }
}
