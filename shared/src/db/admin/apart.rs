//! A connection for statements that take minutes: VACUUM, REINDEX. It is in nobody's pool.

use std::time::Duration;

use tokio::task::AbortHandle;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::config::DatabaseSettings;
use crate::db::{DbError, pool};

/// How long a look at the catalog may take.
const LOOK: Duration = Duration::from_secs(30);

/// The server looks so often whether the other end is still there, and else ends the statement.
/// Not every platform of a server can; then the statement's own time ends it.
const CHECK_CLIENT: &str = "SET client_connection_check_interval = '1s'";

/// A session that says nothing for so long is a frozen sandbox's.
const SAY_NOTHING: &str = "SET idle_session_timeout = '60s'";

/// The connection. When this is dropped it is cut, also in the middle of a statement, so that a run that
/// is ended leaves none behind that works on.
#[derive(Debug)]
pub struct Apart {
    client: Client,
    driver: AbortHandle,
}

/// How a statement ended that may be left to the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It did its work.
    Done,
    /// Somebody held a lock for longer than it waits (55P03, 40P01).
    Locked,
    /// Its time ran out, or somebody cancelled it (57014).
    OutOfTime,
}

impl Apart {
    /// Connects. Locks are waited for as long as `lock_patience`.
    pub async fn connect(settings: &DatabaseSettings, lock_patience: Duration) -> Result<Self, DbError> {
        let (client, driver) = pool::connect_apart(settings).await?;
        let apart = Self { client, driver };
        let lock = format!("SET lock_timeout = {}", lock_patience.as_millis().max(1));
        apart.client.batch_execute(&lock).await?;
        apart.client.batch_execute(SAY_NOTHING).await?;
        if let Err(error) = apart.client.batch_execute(CHECK_CLIENT).await {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "the server does not look whether its clients are there"
            );
        }
        Ok(apart)
    }

    /// Does a statement of its own transaction, for at most `patience`.
    pub(super) async fn attempt(&self, statement: &str, patience: Duration) -> Result<Ended, DbError> {
        self.limit(patience).await?;
        let Err(error) = self.client.batch_execute(statement).await else {
            return Ok(Ended::Done);
        };
        match error.code().map(SqlState::code) {
            Some("55P03" | "40P01") => Ok(Ended::Locked),
            Some("57014") => Ok(Ended::OutOfTime),
            _ => Err(error.into()),
        }
    }

    /// Whether the connection is gone.
    pub fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    /// A client to look at the catalog with.
    pub(super) async fn catalog(&self) -> Result<&Client, DbError> {
        self.limit(LOOK).await?;
        Ok(&self.client)
    }

    async fn limit(&self, patience: Duration) -> Result<(), DbError> {
        // Zero would be no limit.
        let limit = format!("SET statement_timeout = {}", patience.as_millis().max(1));
        Ok(self.client.batch_execute(&limit).await?)
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
