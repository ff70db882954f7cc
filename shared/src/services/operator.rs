//! What an operator looks at and does: runs of jobs, locks in force and past, and the one lock that is
//! theirs.
//!
//! The other locks follow their causes, see [`super::locks`]: nobody sets or lifts them by hand.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::db::job_runs::{self, Filter, JobRun};
use crate::db::locks::{self, PastLock};
use crate::db::operator_lock::{self, Change};
use crate::db::{Db, DbError};
use crate::domain::decision::Lock;
use crate::domain::wire::Utc;
use crate::services::scores;

pub use crate::db::operator_lock::Actor;

/// The longest text of a lock, in characters: every answer with scores shows it.
pub const LONGEST_DETAIL: usize = 300;

/// Why a lock is not set or not lifted.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// Its text is empty, too long, or has characters that nobody sees.
    #[error("the detail of a lock is a line of 1 to {LONGEST_DETAIL} characters")]
    Detail,
    /// It would have ended already.
    #[error("a lock ends in the future")]
    Until,
    /// There is none to lift.
    #[error("no lock of an operator is in force")]
    NotLocked,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// A run of a scheduled job.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Run {
    /// Which job.
    pub job: String,
    /// When the schedule says it is for.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub scheduled_at: Utc,
    /// `running`, `done` or `failed`.
    pub status: &'static str,
    /// How often it was begun.
    pub attempts: i32,
    /// When it was begun last.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub started_at: Utc,
    /// When it ended; null while it runs.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub finished_at: Option<Utc>,
    /// Until when a running one may be believed to be alive.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub lease_until: Utc,
    /// What it did; null unless it is done.
    #[cfg_attr(feature = "http", schema(value_type = Option<Object>))]
    pub result: Option<Value>,
    /// Why it failed; null unless it did.
    pub error: Option<String>,
}

impl From<JobRun> for Run {
    fn from(run: JobRun) -> Self {
        Self {
            job: run.job,
            scheduled_at: run.scheduled_at.into(),
            status: run.status.as_str(),
            attempts: run.attempts,
            started_at: run.started_at.into(),
            finished_at: run.finished_at.map(Into::into),
            lease_until: run.lease_until.into(),
            result: run.result,
            error: run.error,
        }
    }
}

/// A lock with its times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct LockView {
    /// `models_down`, `budget`, `stale_market`, `sources_disagree`, `breaker_pause` or `operator`.
    pub reason: &'static str,
    /// The cause in words.
    pub detail: String,
    /// Since when it locks.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub since: Option<Utc>,
    /// When it ends or has ended; null while nobody knows.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub until: Option<Utc>,
}

impl From<Lock> for LockView {
    fn from(lock: Lock) -> Self {
        Self {
            reason: lock.reason.as_str(),
            detail: lock.detail,
            since: lock.since,
            until: lock.until,
        }
    }
}

impl From<PastLock> for LockView {
    fn from(lock: PastLock) -> Self {
        Self {
            reason: lock.reason.as_str(),
            detail: lock.detail,
            since: Some(lock.since.into()),
            until: Some(lock.until.into()),
        }
    }
}

/// Runs of jobs, newest first.
pub async fn runs(db: &Db, filter: Filter<'_>, limit: i64) -> Result<Vec<JobRun>, DbError> {
    job_runs::list(db, filter, limit).await
}

/// What locks now.
pub async fn locks_in_force(app: &App) -> Result<Vec<LockView>, DbError> {
    let standing = locks::list_at(&app.db, app.clock.now()).await?;
    Ok(standing.into_iter().map(Into::into).collect())
}

/// What has locked before, newest first, beyond the lock that `before` names.
pub async fn past_locks(app: &App, before: (Timestamp, &str), limit: i64) -> Result<Vec<PastLock>, DbError> {
    locks::list_past(&app.db, before, app.clock.now(), limit).await
}

/// Locks scheduled orders until they are told otherwise, or until a time, and shows it with the newest
/// scores. The same again changes nothing.
pub async fn lock(
    app: &App,
    by: &Actor,
    detail: &str,
    until: Option<Timestamp>,
) -> Result<LockView, OperatorError> {
    let (detail, now) = (detail.trim(), app.clock.now());
    let length = detail.chars().count();
    if !(1..=LONGEST_DETAIL).contains(&length) || detail.chars().any(char::is_control) {
        return Err(OperatorError::Detail);
    }
    if until.is_some_and(|until| until <= now) {
        return Err(OperatorError::Until);
    }
    let id = app.ids.next();
    let lock = operator_lock::set(&app.db, Change { id, by, now }, detail, until).await?;
    tracing::warn!(by = by.name, detail, "an operator locks scheduled orders");
    // Also where nothing changed: whoever asks again may have been cut off before this.
    scores::remember_all(app).await?;
    Ok(lock.into())
}

/// Lifts the operator's lock and shows that with the newest scores.
pub async fn unlock(app: &App, by: &Actor) -> Result<LockView, OperatorError> {
    let (id, now) = (app.ids.next(), app.clock.now());
    let lifted = operator_lock::lift(&app.db, Change { id, by, now }).await?;
    scores::remember_all(app).await?;
    let lifted = lifted.ok_or(OperatorError::NotLocked)?;
    tracing::warn!(by = by.name, "an operator lifts the lock on scheduled orders");
    Ok(lifted.into())
}
