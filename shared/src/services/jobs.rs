//! A scheduled job is delivered at least once and counts once.
//!
//! The schedule may deliver twice, and an invocation may die half-way: `job_runs` keeps one row a
//! (job, scheduled time) with a lease. A finished run answers with its stored result, a run that
//! failed or whose lease ran out is taken over, and one that is still at work is left alone. Collectors
//! also leave when a run for another time is at work: it collects the same.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::db::DbError;
use crate::db::job_runs::{self, Begun, Company, RunKey, Turn};
use crate::domain::wire::Utc;
use crate::telemetry;

/// How much longer than its deadline a run keeps its lease: a late one may still be writing.
const LEASE_MARGIN: SignedDuration = SignedDuration::from_secs(30);

/// The lease of a run whose end is not known: the longest a Lambda may run.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// Why a job did not answer with a result.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Another invocation is at work on the same run; the schedule tries again later.
    #[error("another invocation is at work on this run")]
    Running,
    /// Another invocation took the run over while this one worked; what it wrote counts.
    #[error("this run took longer than its lease and was taken over")]
    TakenOver,
    /// The run could not be written down.
    #[error("the run could not be written down")]
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

/// Does `work` unless this run is already done or at work, and keeps its result.
///
/// `ends_at` is when the platform ends this invocation, if that is known.
pub async fn once<T, E>(
    app: &App,
    run: (&str, Timestamp),
    ends_at: Option<Timestamp>,
    work: impl Future<Output = Result<T, E>>,
) -> Result<Value, JobError>
where
    T: Serialize,
    E: std::error::Error + Send + Sync + 'static,
{
    take_turn(app, run, Company::Welcome, ends_at, Box::pin(work)).await
}

/// The same, and alone: while a run of the job for another time is at work, this one leaves and says
/// so. That is no failure, because the other one does the same work.
pub async fn once_alone<T, E>(
    app: &App,
    run: (&str, Timestamp),
    ends_at: Option<Timestamp>,
    work: impl Future<Output = Result<T, E>>,
) -> Result<Value, JobError>
where
    T: Serialize,
    E: std::error::Error + Send + Sync + 'static,
{
    take_turn(app, run, Company::Unwelcome, ends_at, Box::pin(work)).await
}

// The work is boxed: a future that is handed on is held once by each that hands it on.
async fn take_turn<T, E>(
    app: &App,
    (job, scheduled_at): (&str, Timestamp),
    company: Company,
    ends_at: Option<Timestamp>,
    work: impl Future<Output = Result<T, E>>,
) -> Result<Value, JobError>
where
    T: Serialize,
    E: std::error::Error + Send + Sync + 'static,
{
    let key = RunKey { job, scheduled_at };
    let now = app.clock.now();
    let lease_until = ends_at.unwrap_or_else(|| now + LONGEST) + LEASE_MARGIN;
    let attempt = match job_runs::begin(&app.db, key, company, lease_until, now).await? {
        Turn::Theirs { until } => {
            tracing::info!(job, %until, "another run of this job is at work; this one leaves");
            return Ok(json!({ "left_to_another_run_until": Utc::from(until) }));
        }
        Turn::Ours(Begun::AlreadyDone(result)) => return Ok(result),
        Turn::Ours(Begun::Running) => return Err(JobError::Running),
        Turn::Ours(Begun::Started { attempt }) => attempt,
    };
    match work.await {
        Ok(result) => {
            let result = serde_json::to_value(result)?;
            let is_ours = job_runs::finish(&app.db, key, attempt, &result, app.clock.now()).await?;
            if is_ours {
                Ok(result)
            } else {
                Err(JobError::TakenOver)
            }
        }
        Err(error) => {
            let text = telemetry::chain(&error).join(": ");
            job_runs::fail(&app.db, key, attempt, &text, app.clock.now()).await?;
            Err(JobError::Failed {
                job: job.to_owned(),
                source: Box::new(error),
            })
        }
    }
}
