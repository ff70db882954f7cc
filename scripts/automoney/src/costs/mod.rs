//! `automoney costs`: the cost report of the last days, as a table, as JSON, as a page.
//!
//! Works on what the database knows now, the running day included. The report of a day that ended is
//! kept by the task `cost-report`.

mod page;
mod table;

use std::path::PathBuf;

use shared::clock::Clock;
use shared::config::{Config, ConfigError, Environment, Section};
use shared::db::{Db, DbError};
use shared::domain::costs::{Span, utc_day};
use shared::secrets::SecretsManager;
use shared::services::costs;

use crate::cli::CostsOptions;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum CostsCommandError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The configuration names no database.
    #[error("no database is configured")]
    NoDatabase,
    /// The database cannot be read.
    #[error("the sums cannot be read")]
    Database(#[from] DbError),
    /// The report cannot be shown as JSON.
    #[error("the report cannot be shown")]
    Json(#[from] serde_json::Error),
    /// The page cannot be drawn.
    #[error("the page cannot be drawn")]
    Page(#[from] askama::Error),
    /// The page cannot be written.
    #[error("{path} cannot be written")]
    File {
        /// Where to.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

/// Prints the report of the last days, and writes the page where one is wanted.
pub async fn run(environment: &Environment, options: &CostsOptions) -> Result<(), CostsCommandError> {
    let clock = Clock::system();
    let secrets = SecretsManager::new(clock.clone());
    let config = Config::load(environment, &[Section::Database, Section::Budget], &secrets).await?;
    let cap = config.daily_cap_usd();
    let settings = config.database.ok_or(CostsCommandError::NoDatabase)?;
    let db = Db::connect(&settings)?;
    let now = clock.now();
    let span = Span::ending(utc_day(now), options.days);
    let report = costs::report(&db, span, cap, now).await?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", table::text(&report));
    }
    if let Some(path) = &options.html {
        let written = std::fs::write(path, page::html(&report)?);
        written.map_err(|source| CostsCommandError::File {
            path: path.clone(),
            source,
        })?;
    }
    Ok(())
}
