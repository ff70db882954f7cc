//! A backup becomes a database again: whole, one table of it, or one user.
//!
//! What is restored whole comes under another name first, and gets its own when it is complete: a database
//! that somebody uses is never half restored, and one that is replaced stays until its successor is there.

use std::time::Duration;

use serde::Serialize;
use tokio_postgres::Client;

use super::create::schema_steps;
use super::{BackupError, Vault, database, within};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::config::DatabaseSettings;
use crate::db::admin;
use crate::domain::backups::{BackupId, Manifest};
use crate::domain::identity::UserId;

mod existing;
mod filling;
mod user;

pub(super) use filling::Filling;

/// PostgreSQL cuts longer names off.
const LONGEST_NAME: usize = 63;

/// What of a backup is restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Whole,
    /// Some of it.
    Some(Selection),
}

/// A part of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// The rows of one table.
    Table(String),
    /// What belongs to one user, and what that points to.
    User(UserId),
}

/// Where it is restored to, on the server of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A database of this name, which is not there yet.
    New(String),
    /// A database of this name, whatever is in it: somebody said so twice.
    Overwrite(String),
}

/// How far a restore is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is at.
    pub stage: Stage,
    /// How much of it is done: bytes of rows, or indexes and keys.
    pub done: u64,
    /// Of how much.
    pub all: u64,
}

/// What a restore does one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The schema is made.
    Schema,
    /// Rows are loaded.
    Rows,
    /// Indexes and keys are made, and the planner is told what is there.
    Indexes,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The backup.
    pub backup: String,
    /// The database.
    pub database: String,
    /// Rows by table, without the tables that got none.
    pub rows: Vec<(String, u64)>,
    /// Keys to other tables that could not be made, because those were not restored.
    pub left_out: Vec<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// Restores within `patience`, if any is given: when it is over, nothing of it is left. `told` is called now
/// and then with how far it is.
pub async fn restore(
    app: &App,
    vault: &Vault,
    (id, manifest): (BackupId, &Manifest),
    content: &Content,
    target: &Target,
    patience: Option<Duration>,
    told: &(dyn Fn(Progress) + Sync),
) -> Result<Restored, BackupError> {
    let watch = Stopwatch::start();
    schema_steps(&manifest.migrations)?;
    if target.name().len() > LONGEST_NAME {
        return Err(BackupError::Name(target.name().to_owned()));
    }
    let settings = database(app)?;
    let server = connect_to_server(settings).await?;
    let name = target.name();
    let left = || patience.map(|patience| patience.saturating_sub(watch.elapsed()));
    let work = Filling {
        app,
        vault,
        id,
        manifest,
        told,
    };
    let (rows, left_out) = match (target, content, admin::has_database(&server, name).await?) {
        (Target::New(_), _, true) => return Err(BackupError::Exists(name.to_owned())),
        (Target::Overwrite(_), Content::Some(selection), true) => {
            let there = settings.with_database(name);
            let putting = existing::put_back(vault, (id, manifest), selection, (&there, left()));
            (within(left(), putting).await?, Vec::new())
        }
        (_, _, is_there) => {
            let filled = fill_beside(&work, &server, content, left).await?;
            let aside = is_there.then(|| format!("automoney_replaced_{}", app.ids.next().simple()));
            let placed = put_in_place(settings, &filled.database, name, aside.as_deref()).await;
            if let Err(error) = placed {
                take_back(settings, &filled.database).await;
                return Err(error);
            }
            (filled.rows, filled.left_out)
        }
    };
    Ok(Restored {
        backup: id.to_string(),
        database: name.to_owned(),
        rows,
        left_out,
        duration_ms: watch.elapsed_ms(),
    })
}

impl Stage {
    /// What is being done, in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "making the schema",
            Self::Rows => "loading rows",
            Self::Indexes => "making indexes and keys",
        }
    }
}

impl Target {
    /// The database's name.
    pub fn name(&self) -> &str {
        match self {
            Self::New(name) | Self::Overwrite(name) => name,
        }
    }
}

/// The database that every server has, or the configured one where nobody may use that. Statements have no
/// limit of time: to drop a database the server writes down what changed in all of them.
pub(super) async fn connect_to_server(settings: &DatabaseSettings) -> Result<Client, BackupError> {
    match admin::connect_for_copies(&settings.with_database("postgres")).await {
        Err(error) if error.is_of_database() => Ok(admin::connect_for_copies(settings).await?),
        connected => Ok(connected?),
    }
}

/// Gives a database that was filled its name. One that has the name is called `aside` in the same moment, and
/// dropped then. Over new connections: those from before may have been idle for hours.
async fn put_in_place(
    settings: &DatabaseSettings,
    filled: &str,
    name: &str,
    aside: Option<&str>,
) -> Result<(), BackupError> {
    let server = connect_to_server(settings).await?;
    let Some(aside) = aside else {
        return Ok(admin::rename_database(&server, filled, name).await?);
    };
    let second = connect_to_server(settings).await?;
    admin::replace_database((&server, &second), name, filled, aside).await?;
    take_back(settings, aside).await;
    Ok(())
}

/// Drops a database that nobody needs any more. That it cannot be dropped changes nothing about the outcome.
pub(super) async fn take_back(settings: &DatabaseSettings, database: &str) {
    let dropped = async {
        let server = connect_to_server(settings).await?;
        Ok::<(), BackupError>(admin::drop_database(&server, database).await?)
    };
    if let Err(error) = dropped.await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            database,
            "a database is left behind that may be dropped"
        );
    }
}

/// A database that was filled.
struct Filled {
    database: String,
    /// By table, without those that got none.
    rows: Vec<(String, u64)>,
    /// Keys that cannot stand.
    left_out: Vec<String>,
}

/// Fills a new database of a name of its own, so that two restores to one target do not meet before the end.
/// One that cannot be filled is dropped.
async fn fill_beside(
    work: &Filling<'_>,
    server: &Client,
    content: &Content,
    left: impl Fn() -> Option<Duration>,
) -> Result<Filled, BackupError> {
    let settings = database(work.app)?;
    let database = format!("automoney_restoring_{}", work.app.ids.next().simple());
    admin::create_database(server, &database).await?;
    let copy = settings.with_database(&database);
    // Boxed: the future is deep.
    match within(left(), Box::pin(work.fill(&copy, content))).await {
        Ok((rows, left_out)) => Ok(Filled {
            database,
            rows,
            left_out,
        }),
        Err(error) => {
            take_back(settings, &database).await;
            Err(error)
        }
    }
}
