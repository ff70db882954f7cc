//! `automoney migrate`: the schema's steps, on the database in `DATABASE_URL`.

use std::path::{Path, PathBuf};

use shared::clock::Clock;
use shared::config::{Config, ConfigError, DatabaseSettings, Environment, Section};
use shared::db::migrations::{MIGRATIONS, MigrationError, Runner, Status};
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
    /// A new migration's name is not usable.
    #[error("{0:?} is no name for a migration: lower-case words joined by underscores, such as add_trades")]
    Name(String),
    /// A file cannot be written.
    #[error("{}: the file cannot be written; run this in the root of the repository", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
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

/// Writes an empty pair of files with the next number; they count once they are named in the code.
fn create(folder: &Path, name: &str) -> Result<(), MigrateError> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !name.split('_').all(is_word) {
        return Err(MigrateError::Name(name.to_owned()));
    }
    let next = MIGRATIONS.last().map_or(1, |newest| newest.version + 1);
    let pair = [
        (
            "up",
            "-- What this step adds, and why. Expand first, contract in a later step.\n",
        ),
        (
            "down",
            "-- Takes the step back. Name the backup it relies on where it drops data.\n",
        ),
    ];
    for (way, text) in pair {
        let path = folder.join(format!("{next:04}_{name}.{way}.sql"));
        let file = std::fs::File::options().write(true).create_new(true).open(&path);
        let written = file.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
        written.map_err(|source| MigrateError::File {
            path: path.clone(),
            source,
        })?;
        println!("wrote {}", path.display());
    }
    println!("name them in shared/src/db/migrations/files.rs");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_migration_is_an_empty_pair_with_the_next_number_and_never_overwrites() {
        let folder = std::env::temp_dir().join(format!("automoney-migrations-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        create(&folder, "add_trades").unwrap();
        let next = MIGRATIONS.last().unwrap().version + 1;
        for way in ["up", "down"] {
            let path = folder.join(format!("{next:04}_add_trades.{way}.sql"));
            assert!(std::fs::read_to_string(path).unwrap().starts_with("-- "));
        }
        assert!(matches!(
            create(&folder, "add_trades"),
            Err(MigrateError::File { .. })
        ));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_name_is_words_and_underscores() {
        for name in ["", "Add", "add-trades", "add__trades", "../x"] {
            assert!(
                matches!(create(Path::new("/nowhere"), name), Err(MigrateError::Name(_))),
                "{name}"
            );
        }
    }
}
