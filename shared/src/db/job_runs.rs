//! Runs of scheduled jobs: at least once delivered, once counted.

use jiff::Timestamp;
use serde_json::Value;

use db_queries::queries::admin::{self as admin_queries, RunRow};
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

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStatus {
    /// At work, or dead with a lease that runs out.
    Running,
    /// It has a result.
    Done,
    /// It has an error, and is run again by the next delivery.
    Failed,
}

impl RunStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Running, Self::Done, Self::Failed];

    /// The name in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// A run as it is written down.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRun {
    /// The job's name.
    pub job: String,
    /// When the schedule says it is for.
    pub scheduled_at: Timestamp,
    /// How far it has come.
    pub status: RunStatus,
    /// How often it was begun.
    pub attempts: i32,
    /// When it was begun last.
    pub started_at: Timestamp,
    /// Until when that attempt may be believed to be alive.
    pub lease_until: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Its result.
    pub result: Option<Value>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Which runs a page has, and beyond which one: of one job, in one status, or any.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// Of this job only.
    pub job: Option<&'a str>,
    /// In this status only.
    pub status: Option<RunStatus>,
    /// The time and the job of the last run of the page before.
    pub before: (Timestamp, &'a str),
}

/// Runs by their scheduled time, newest first.
pub async fn list(db: &Db, filter: Filter<'_>, limit: i64) -> Result<Vec<JobRun>, DbError> {
    let connection = db.get().await?;
    let statuses: Vec<&str> = RunStatus::ALL
        .into_iter()
        .filter(|status| filter.status.is_none_or(|wanted| wanted == *status))
        .map(RunStatus::as_str)
        .collect();
    let (before, job_before) = filter.before;
    let rows = match filter.job {
        Some(job) => {
            admin_queries::job_run_page_of_job()
                .bind(&connection, &job, &before, &statuses, &limit)
                .all()
                .await?
        }
        None => {
            admin_queries::job_run_page()
                .bind(&connection, &before, &job_before, &statuses, &limit)
                .all()
                .await?
        }
    };
    rows.into_iter().map(run).collect()
}

fn run(row: RunRow) -> Result<JobRun, DbError> {
    let status = RunStatus::ALL
        .into_iter()
        .find(|status| status.as_str() == row.status)
        .ok_or_else(|| DbError::row("job run", format!("unknown status {}", row.status)))?;
    Ok(JobRun {
        job: row.job,
        scheduled_at: row.scheduled_at,
        status,
        attempts: row.attempts,
        started_at: row.started_at,
        lease_until: row.lease_until,
        finished_at: row.finished_at,
        result: row.result,
        error: row.error,
    })
}
