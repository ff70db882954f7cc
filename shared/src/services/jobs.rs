//! A scheduled job runs at least once and counts once.
//!
//! The schedule may deliver twice, and an invocation may die half-way: `job_runs` keeps one row a
//! (job, scheduled time) with a lease. A finished run answers with its stored result, a run whose
//! lease ran out is taken over, and one that is still at work is left alone.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::db::job_runs::{self, Begun};
use crate::db::DbError;

/// How much longer than its deadline a run keeps its lease: a late one may still be writing.
const LEASE_MARGIN: SignedDuration = SignedDuration::from_secs(30);

/// Why a job did not answer with a result.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Another invocation is at work on the same run; the schedule tries again later.
    #[error("this run is already being worked on until its lease ends")]
    Running,
    /// The run could not be written down.
    #[error("the run could not be recorded")]
    Database(#[from] DbError),
    /// The work itself failed.
    #[error("{job} failed")]
    Failed {
        /// Which job.
        job: String,
        /// What went wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The result is not JSON.
    #[error("the result of the run cannot be stored")]
    Result(#[from] serde_json::Error),
}

/// Which run of which job.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The job's name, that of its function.
    pub job: &'a str,
    /// When the schedule says it is for.
    pub scheduled_at: Timestamp,
    /// When this invocation ends at the latest.
    pub deadline: Timestamp,
}

/// Does `work` unless this run is already done or at work, and keeps its result.
pub async fn once<T, E>(
    app: &App,
    run: Run<'_>,
    work: impl Future<Output = Result<T, E>>,
) -> Result<Value, JobError>
where
    T: Serialize,
    E: std::error::Error + Send + Sync + 'static,
{
    let lease_until = run.deadline + LEASE_MARGIN;
    match job_runs::begin(&app.db, run.job, run.scheduled_at, lease_until, app.clock.now()).await? {
        Begun::AlreadyDone(result) => return Ok(result),
        Begun::Running => return Err(JobError::Running),
        Begun::Started { .. } => {}
    }
    match work.await {
        Ok(result) => {
            let result = serde_json::to_value(result)?;
            job_runs::finish(&app.db, run.job, run.scheduled_at, &result, app.clock.now()).await?;
            Ok(result)
        }
        Err(error) => {
            let error: Box<dyn std::error::Error + Send + Sync> = Box::new(error);
            let text = crate::telemetry::chain(error.as_ref());
            job_runs::fail(&app.db, run.job, run.scheduled_at, &text, app.clock.now()).await?;
            Err(JobError::Failed { job: run.job.to_owned(), source: error })
        }
    }
}
