//! Runs of scheduled jobs: at least once delivered, once counted.

use jiff::Timestamp;
use serde_json::Value;

use db_queries::queries::operations as queries;

use super::{Db, DbError, pool};

/// Which run of which job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunKey<'a> {
    /// The job's name.
    pub job: &'a str,
    /// When the schedule says it is for.
    pub scheduled_at: Timestamp,
}

/// What the row said when a run wanted to begin.
#[derive(Debug, Clone, PartialEq)]
pub enum Begun {
    /// It is ours; the number tells it from earlier and later attempts.
    Started {
        /// 1 for the first.
        attempt: i32,
    },
    /// It was done before, with this result.
    AlreadyDone(Value),
    /// Another invocation is at work on it.
    Running,
}

/// Whether runs of a job for other times stand in the way of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// They may work at the same time.
    Welcome,
    /// One works, the others leave.
    Unwelcome,
}

/// What a run found when it wanted to begin.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    /// What its own row says.
    Ours(Begun),
    /// A run for another time may still be at work, until this time at the latest.
    Theirs {
        /// When its lease runs out.
        until: Timestamp,
    },
}

/// Begins a run, or takes over one that failed or whose lease ran out. Where company is unwelcome, a
/// run for another time that may still be at work comes first.
pub async fn begin(
    db: &Db,
    key: RunKey<'_>,
    company: Company,
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<Turn, DbError> {
    let mut connection = db.get().await?;
    let transaction = pool::begin(&mut connection).await?;
    if company == Company::Unwelcome {
        // Two that look for each other at the same moment would both find nobody.
        queries::lock_job().bind(&transaction, &key.job).one().await?;
        let others = queries::runs_at_work()
            .bind(&transaction, &key.job, &key.scheduled_at, &now)
            .all()
            .await?;
        if let Some(other) = others.iter().max_by_key(|other| other.lease_until) {
            return Ok(Turn::Theirs {
                until: other.lease_until,
            });
        }
    }
    let begun = queries::begin_job_run()
        .bind(&transaction, &key.job, &key.scheduled_at, &lease_until, &now)
        .opt()
        .await?;
    transaction.commit().await?;
    if let Some(attempt) = begun {
        return Ok(Turn::Ours(Begun::Started { attempt }));
    }
    let row = queries::job_run()
        .bind(&connection, &key.job, &key.scheduled_at)
        .one()
        .await?;
    Ok(Turn::Ours(row.result.map_or(Begun::Running, Begun::AlreadyDone)))
}

/// Writes down the result of an attempt, unless it was taken over meanwhile. Tells whether it was written.
pub async fn finish(
    db: &Db,
    key: RunKey<'_>,
    attempt: i32,
    result: &Value,
    now: Timestamp,
) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let written = queries::finish_job_run()
        .bind(&connection, &now, &result, &key.job, &key.scheduled_at, &attempt)
        .await?;
    Ok(written > 0)
}

/// Writes down why an attempt failed, unless it was taken over meanwhile. Tells whether it was written.
pub async fn fail(
    db: &Db,
    key: RunKey<'_>,
    attempt: i32,
    error: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let written = queries::fail_job_run()
        .bind(&connection, &now, &error, &key.job, &key.scheduled_at, &attempt)
        .await?;
    Ok(written > 0)
}
