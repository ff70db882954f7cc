//! The schema's steps, up and down, one at a time for everybody.
//!
//! A session advisory lock lets one runner work; each file is one transaction unless its first line
//! says `-- no-transaction`. What was applied is kept in `schema_migrations` with the SHA-256 of the
//! file, so that an edited file is found. The files themselves are compiled in.

mod files;

use jiff::Timestamp;
use tokio_postgres::Client;

use super::DbError;

pub use files::{MIGRATIONS, Migration};

/// Lets one runner work; an arbitrary number of our own.
const RUNNER_LOCK: i64 = 0x006d_6967_7261_7465;

/// A migration that waits longer for a table lock gives up: everybody else would queue behind it.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '5s'; SET statement_timeout = 0";

const BOOKKEEPING: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version     integer     NOT NULL CONSTRAINT schema_migrations_pkey PRIMARY KEY,
    title       text        NOT NULL,
    checksum    text        NOT NULL,
    applied_at  timestamptz NOT NULL,
    duration_ms bigint      NOT NULL
)";

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
    pub problem: Option<String>,
}

/// Steps through the migrations on a connection of its own.
#[derive(Debug)]
pub struct Runner<'a> {
    client: Client,
    migrations: &'a [Migration],
}

impl<'a> Runner<'a> {
    /// A runner over `migrations`, usually [`MIGRATIONS`]; the connection must be nobody else's.
    pub const fn new(client: Client, migrations: &'a [Migration]) -> Self {
        Self { client, migrations }
    }

    /// Applies every migration that is missing. Returns their names.
    pub async fn up(&self, now: Timestamp) -> Result<Vec<String>, MigrationError> {
        self.locked(async {
            self.verified().await?;
            let applied = self.applied().await?.len();
            let mut done = Vec::new();
            for migration in self.migrations.iter().skip(applied) {
                self.apply(migration, now).await?;
                done.push(migration.title.to_owned());
            }
            Ok(done)
        })
        .await
    }

    /// Takes back the newest `steps` migrations. Returns their names.
    pub async fn down(&self, steps: usize) -> Result<Vec<String>, MigrationError> {
        self.locked(async {
            self.verified().await?;
            let applied = self.applied().await?.len();
            let mut done = Vec::new();
            for migration in self.migrations.iter().take(applied).rev().take(steps) {
                self.revert(migration).await?;
                done.push(migration.title.to_owned());
            }
            Ok(done)
        })
        .await
    }

    /// Every migration, known or applied, by number.
    pub async fn status(&self) -> Result<Vec<Status>, MigrationError> {
        let applied = if self.has_bookkeeping().await? { self.applied().await? } else { Vec::new() };
        let mut all: Vec<Status> =
            self.migrations.iter().enumerate().map(|(index, migration)| migration.status(applied.get(index))).collect();
        all.extend(applied.iter().skip(self.migrations.len()).map(|row| Status {
            version: row.version,
            title: row.title.clone(),
            applied_at: Some(row.applied_at),
            problem: Some("it was applied by a newer version of the code".to_owned()),
        }));
        Ok(all)
    }

    /// Compares what is applied with the files.
    pub async fn verify(&self) -> Result<(), MigrationError> {
        self.verified().await
    }

    async fn verified(&self) -> Result<(), MigrationError> {
        let problems: Vec<String> = self
            .status()
            .await?
            .into_iter()
            .filter_map(|status| Some(format!("{}: {}", status.title, status.problem?)))
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(MigrationError::Mismatch(problems)) }
    }

    async fn locked<T>(&self, work: impl Future<Output = Result<T, MigrationError>>) -> Result<T, MigrationError> {
        self.client.batch_execute(LOCK_TIMEOUT).await?;
        let row = self.client.query_one("SELECT pg_try_advisory_lock($1)", &[&RUNNER_LOCK]).await?;
        if !row.try_get::<_, bool>(0)? {
            return Err(MigrationError::Busy);
        }
        self.client.batch_execute(BOOKKEEPING).await?;
        let outcome = work.await;
        // A broken connection has lost the lock already; the outcome says what broke it.
        let _ = self.client.query_one("SELECT pg_advisory_unlock($1)", &[&RUNNER_LOCK]).await;
        outcome
    }

    async fn has_bookkeeping(&self) -> Result<bool, MigrationError> {
        let row = self.client.query_one("SELECT to_regclass('schema_migrations') IS NOT NULL", &[]).await?;
        Ok(row.try_get(0)?)
    }

    async fn applied(&self) -> Result<Vec<Applied>, MigrationError> {
        let statement = "SELECT version, title, checksum, applied_at FROM schema_migrations ORDER BY version";
        let rows = self.client.query(statement, &[]).await?;
        rows.iter()
            .map(|row| {
                Ok(Applied {
                    version: row.try_get(0)?,
                    title: row.try_get(1)?,
                    checksum: row.try_get(2)?,
                    applied_at: row.try_get(3)?,
                })
            })
            .collect()
    }

    async fn apply(&self, migration: &Migration, now: Timestamp) -> Result<(), MigrationError> {
        let watch = crate::clock::Stopwatch::start();
        let is_one_transaction = !migration.runs_outside_transaction();
        if is_one_transaction {
            self.client.batch_execute("BEGIN").await?;
        }
        self.run(&migration.up_file(), migration.up).await?;
        self.client
            .execute(
                "INSERT INTO schema_migrations (version, title, checksum, applied_at, duration_ms)
                 VALUES ($1, $2, $3, $4, $5)",
                &[&migration.version, &migration.title, &migration.checksum(), &now, &watch.elapsed_ms()],
            )
            .await?;
        if is_one_transaction {
            self.client.batch_execute("COMMIT").await?;
        }
        Ok(())
    }

    async fn revert(&self, migration: &Migration) -> Result<(), MigrationError> {
        self.client.batch_execute("BEGIN").await?;
        self.run(&migration.down_file(), migration.down).await?;
        self.client.execute("DELETE FROM schema_migrations WHERE version = $1", &[&migration.version]).await?;
        self.client.batch_execute("COMMIT").await?;
        Ok(())
    }

    async fn run(&self, file: &str, sql: &str) -> Result<(), MigrationError> {
        let Err(source) = self.client.batch_execute(sql).await else { return Ok(()) };
        // Outside a transaction this only warns.
        let _ = self.client.batch_execute("ROLLBACK").await;
        Err(failure(file, sql, source))
    }
}

struct Applied {
    version: i32,
    title: String,
    checksum: String,
    applied_at: Timestamp,
}

impl Migration {
    fn status(&self, applied: Option<&Applied>) -> Status {
        let problem = applied.and_then(|row| {
            if row.version != self.version {
                Some(format!("{} is applied in its place", row.title))
            } else if row.checksum != self.checksum() {
                Some("its file was edited after it was applied; restore the file and add a new migration".to_owned())
            } else {
                None
            }
        });
        Status {
            version: self.version,
            title: self.title.to_owned(),
            applied_at: applied.filter(|row| row.version == self.version).map(|row| row.applied_at),
            problem,
        }
    }
}

fn failure(file: &str, sql: &str, source: tokio_postgres::Error) -> MigrationError {
    let advice = if files::runs_outside_transaction(sql) {
        "It runs outside a transaction: look at what it left, then run it again"
    } else {
        "Nothing of it was kept; mend it and run it again"
    };
    let said = source.as_db_error();
    let line = said.and_then(|error| match error.position() {
        Some(tokio_postgres::error::ErrorPosition::Original(at)) => Some(line_at(sql, *at)),
        _ => None,
    });
    let text = said.map_or_else(|| source.to_string(), |error| error.message().to_owned());
    let message = line.map_or_else(|| text.clone(), |line| format!("line {line}: {text}"));
    MigrationError::Failed { file: file.to_owned(), message, advice, source }
}

/// The line, from 1, of the character at `position`, from 1.
fn line_at(sql: &str, position: u32) -> usize {
    let before = sql.chars().take(position.saturating_sub(1) as usize);
    before.filter(|c| *c == '\n').count() + 1
}
