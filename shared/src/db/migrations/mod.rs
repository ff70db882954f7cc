//! The schema's steps, up and down, one at a time for everybody.
//!
//! A session advisory lock lets one runner work; each file is one transaction unless its first line
//! says `-- no-transaction`. What was applied is kept in `schema_migrations` with the SHA-256 of the
//! file, so that an edited file is found. The files themselves are compiled in. It takes no backup
//! and knows no data: what a step destroys is said in the file.

mod error;
mod files;
mod pair;
mod status;

use jiff::Timestamp;
use tokio_postgres::Client;

pub use error::MigrationError;
pub use files::{MIGRATIONS, Migration};
pub use pair::{NewPairError, Pair, new_pair};
use status::Stored;
pub use status::{Problem, Status};

/// Lets one runner work; an arbitrary number of our own.
const RUNNER_LOCK: i64 = 0x006d_6967_7261_7465;

/// A migration that waits longer for a table lock gives up: everybody else would queue behind it.
/// What it does once it has its locks may take long.
const LIMITS: &str = "SET lock_timeout = '5s'; SET statement_timeout = 0";

/// `duration_ms` is null from the moment a step outside a transaction begins until it has ended.
pub(super) const BOOKKEEPING: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version     integer     NOT NULL CONSTRAINT schema_migrations_pkey PRIMARY KEY,
    title       text        NOT NULL,
    checksum    text        NOT NULL,
    applied_at  timestamptz NOT NULL,
    duration_ms bigint
)";

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

    /// Applies every migration that is missing. Returns their names. A step outside a transaction
    /// that did not end is taken back with its own down file first, and then taken anew.
    pub async fn up(&self, now: Timestamp) -> Result<Vec<String>, MigrationError> {
        self.locked(async {
            let stored = self.stored().await?;
            status::refuse_problems(self.migrations, &stored, |status| !status.is_half_made())?;
            let mut done = Vec::new();
            for migration in self.migrations {
                match stored.iter().find(|row| row.version == migration.version) {
                    Some(row) if row.is_whole => continue,
                    Some(_) => self.revert(migration).await?,
                    None => {}
                }
                self.apply(migration, now).await?;
                done.push(migration.title.to_owned());
            }
            Ok(done)
        })
        .await
    }

    /// Takes back the newest `steps` migrations, half-made ones too. Returns their names.
    pub async fn down(&self, steps: usize) -> Result<Vec<String>, MigrationError> {
        self.locked(async {
            let stored = self.stored().await?;
            status::refuse_problems(self.migrations, &stored, |status| !status.is_half_made())?;
            let is_stored =
                |migration: &&Migration| stored.iter().any(|row| row.version == migration.version);
            let mut done = Vec::new();
            for migration in self.migrations.iter().rev().filter(is_stored).take(steps) {
                self.revert(migration).await?;
                done.push(migration.title.to_owned());
            }
            if done.len() == stored.len() {
                self.client.batch_execute("DROP TABLE schema_migrations").await?;
            }
            Ok(done)
        })
        .await
    }

    /// Every migration, known or applied, by number.
    pub async fn status(&self) -> Result<Vec<Status>, MigrationError> {
        let row = self
            .client
            .query_one("SELECT to_regclass('schema_migrations') IS NOT NULL", &[])
            .await?;
        let stored = if row.try_get(0)? {
            self.stored().await?
        } else {
            Vec::new()
        };
        Ok(status::compare(self.migrations, &stored))
    }

    /// Compares what is applied with the files: an edited, missing, unknown or half-made one is an
    /// error, one that is yet to be applied is not.
    pub async fn verify(&self) -> Result<(), MigrationError> {
        status::refuse(self.status().await?)
    }

    async fn locked<T>(
        &self,
        work: impl Future<Output = Result<T, MigrationError>>,
    ) -> Result<T, MigrationError> {
        self.client.batch_execute(LIMITS).await?;
        let row = self
            .client
            .query_one("SELECT pg_try_advisory_lock($1)", &[&RUNNER_LOCK])
            .await?;
        if !row.try_get::<_, bool>(0)? {
            return Err(MigrationError::Busy);
        }
        let outcome = async {
            self.client.batch_execute(BOOKKEEPING).await?;
            work.await
        }
        .await;
        // A broken connection has lost the lock already; the outcome says what broke it.
        let _ = self
            .client
            .query_one("SELECT pg_advisory_unlock($1)", &[&RUNNER_LOCK])
            .await;
        outcome
    }

    async fn stored(&self) -> Result<Vec<Stored>, MigrationError> {
        let statement = "SELECT version, title, checksum, applied_at, duration_ms IS NOT NULL
                         FROM schema_migrations ORDER BY version";
        let rows = self.client.query(statement, &[]).await?;
        rows.iter()
            .map(|row| {
                Ok(Stored {
                    version: row.try_get(0)?,
                    title: row.try_get(1)?,
                    checksum: row.try_get(2)?,
                    begun_at: row.try_get(3)?,
                    is_whole: row.try_get(4)?,
                })
            })
            .collect()
    }

    async fn apply(&self, migration: &Migration, now: Timestamp) -> Result<(), MigrationError> {
        let watch = crate::clock::Stopwatch::start();
        let begin = async || {
            let insert = "INSERT INTO schema_migrations (version, title, checksum, applied_at) VALUES ($1, $2, $3, $4)";
            let row = (migration.version, migration.title, migration.checksum());
            self.client.execute(insert, &[&row.0, &row.1, &row.2, &now]).await
        };
        let end = async || {
            let update = "UPDATE schema_migrations SET duration_ms = $2 WHERE version = $1";
            self.client
                .execute(update, &[&migration.version, &watch.elapsed_ms()])
                .await
        };
        self.step(&migration.up_file(), migration.up, begin, end).await
    }

    async fn revert(&self, migration: &Migration) -> Result<(), MigrationError> {
        let begin = async || {
            let update = "UPDATE schema_migrations SET duration_ms = NULL WHERE version = $1";
            self.client.execute(update, &[&migration.version]).await
        };
        let end = async || {
            let delete = "DELETE FROM schema_migrations WHERE version = $1";
            self.client.execute(delete, &[&migration.version]).await
        };
        self.step(&migration.down_file(), migration.down, begin, end)
            .await
    }

    /// Runs one file between the two entries in the book: all or nothing, or, outside a transaction,
    /// so that a step which did not end is known as such.
    async fn step(
        &self,
        file: &str,
        sql: &str,
        begin: impl AsyncFnOnce() -> Result<u64, tokio_postgres::Error>,
        end: impl AsyncFnOnce() -> Result<u64, tokio_postgres::Error>,
    ) -> Result<(), MigrationError> {
        // An earlier file may have changed the session's limits.
        self.client.batch_execute(LIMITS).await?;
        let is_one_transaction = !files::runs_outside_transaction(sql);
        if is_one_transaction {
            self.client.batch_execute("BEGIN").await?;
        }
        let outcome = async {
            begin().await?;
            self.client
                .batch_execute(sql)
                .await
                .map_err(|source| error::failure(file, sql, source))?;
            end().await?;
            if is_one_transaction {
                // What was deferred fails only now.
                let committed = self.client.batch_execute("COMMIT").await;
                committed.map_err(|source| error::failure(file, sql, source))?;
            }
            Ok(())
        }
        .await;
        if is_one_transaction && outcome.is_err() {
            // On a broken connection the server does it.
            let _ = self.client.batch_execute("ROLLBACK").await;
        }
        outcome
    }
}
