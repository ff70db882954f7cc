//! `automoney migrate`: the schema's steps, on the database in `DATABASE_URL`.

use std::path::Path;

use shared::clock::Clock;
use shared::config::{Config, ConfigError, DatabaseSettings, Environment, Section};
use shared::db::migrations::{MIGRATIONS, MigrationError, NewPairError, Runner, Status, new_pair};
use shared::db::{DbError, connect_once};
use shared::secrets::SecretsManager;

use crate::cli::MigrateStep;

/// Where migrations live, from the root of the repository.
const FOLDER: &str = "migrations";

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The configuration names no database.
    #[error("no database is configured")]
    NoDatabase,
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The step failed.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// No files were written for a new migration.
    #[error(transparent)]
    New(#[from] NewPairError),
}

/// Takes a step and prints what was done.
pub async fn run(environment: &Environment, step: MigrateStep) -> Result<(), MigrateError> {
    if let MigrateStep::New { name } = step {
        return create(Path::new(FOLDER), &name);
    }
    let clock = Clock::system();
    let settings = settings(environment, &clock).await?;
    let runner = Runner::new(connect_once(&settings).await?, MIGRATIONS);
    match step {
        MigrateStep::Up => print_done("applied", &runner.up(clock.now()).await?),
        MigrateStep::Down { steps, all } => {
            let steps = if all { MIGRATIONS.len() } else { steps };
            print_done("taken back", &runner.down(steps).await?);
        }
        MigrateStep::Status => runner.status().await?.iter().for_each(print_status),
        MigrateStep::Verify => {
            runner.verify().await?;
            println!(
                "the database matches the {} migrations of this version",
                MIGRATIONS.len()
            );
        }
        MigrateStep::New { .. } => {}
    }
    Ok(())
}

async fn settings(environment: &Environment, clock: &Clock) -> Result<DatabaseSettings, MigrateError> {
    let secrets = SecretsManager::new(clock.clone());
    let config = Config::load(environment, &[Section::Database], &secrets).await?;
    config.database.ok_or(MigrateError::NoDatabase)
}

fn print_done(what: &str, titles: &[String]) {
    if titles.is_empty() {
        println!("nothing to do");
    }
    for title in titles {
        println!("{what}: {title}");
    }
}

fn print_status(status: &Status) {
    let applied = status
        .applied_at
        .map_or_else(|| "not applied".to_owned(), |at| format!("applied {at:.0}"));
    let problem = status
        .problem
        .as_ref()
        .map(|problem| format!("  PROBLEM: {problem}"))
        .unwrap_or_default();
    println!("{:<32} {applied}{problem}", status.title);
}

/// Writes a pair of files with the next number; they count once they are named in the code.
fn create(folder: &Path, name: &str) -> Result<(), MigrateError> {
    let pair = new_pair(folder, name)?;
    println!("wrote {}", pair.up.display());
    println!("wrote {}", pair.down.display());
    println!("name {} in shared/src/db/migrations/files.rs", pair.title);
    Ok(())
}
