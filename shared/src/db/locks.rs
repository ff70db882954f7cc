//! What stops scheduled orders until its cause ends.

use deadpool_postgres::Transaction;
use jiff::Timestamp;

use db_queries::queries::admin as admin_queries;
use db_queries::queries::operations::{self as queries, LocksAt};

use super::{Db, DbError};
use crate::domain::decision::{Lock, LockReason};

/// Locks for a reason from `now` on, until a time where that is known. Tells whether it was not
/// locked before.
pub async fn set(
    db: &Db,
    reason: LockReason,
    detail: &str,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let written = queries::set_lock()
        .bind(&connection, &reason.as_str(), &now, &until, &detail)
        .await?;
    Ok(written > 0)
}

/// Ends a lock at `now`. Tells whether there was one.
pub async fn lift(db: &Db, reason: LockReason, now: Timestamp) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let written = queries::lift_lock()
        .bind(&connection, &now, &reason.as_str())
        .await?;
    Ok(written > 0)
}

/// What locked at a time.
pub async fn list_at(db: &Db, at: Timestamp) -> Result<Vec<Lock>, DbError> {
    let connection = db.get().await?;
    let rows = queries::locks_at().bind(&connection, &at).all().await?;
    rows.into_iter().map(lock).collect()
}

/// The same, within the transaction that depends on it.
pub async fn list_within(transaction: &Transaction<'_>, at: Timestamp) -> Result<Vec<Lock>, DbError> {
    let rows = queries::locks_at().bind(transaction, &at).all().await?;
    rows.into_iter().map(lock).collect()
}

fn lock(row: LocksAt) -> Result<Lock, DbError> {
    Ok(Lock {
        reason: reason(&row.reason)?,
        detail: row.detail,
        since: Some(row.since.into()),
        until: row.until.map(Into::into),
    })
}

/// A lock that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastLock {
    /// Why.
    pub reason: LockReason,
    /// The cause in words.
    pub detail: String,
    /// Since when it locked.
    pub since: Timestamp,
    /// When it ended.
    pub until: Timestamp,
}

/// Locks that have ended by `now`, newest first, beyond the one that `before` names.
pub async fn list_past(
    db: &Db,
    (before, reason_before): (Timestamp, &str),
    now: Timestamp,
    limit: i64,
) -> Result<Vec<PastLock>, DbError> {
    let connection = db.get().await?;
    let rows = admin_queries::past_locks()
        .bind(&connection, &before, &reason_before, &now, &limit)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PastLock {
                reason: reason(&row.reason)?,
                detail: row.detail,
                since: row.since,
                until: row.until,
            })
        })
        .collect()
}

fn reason(name: &str) -> Result<LockReason, DbError> {
    let known = LockReason::ALL.into_iter().find(|reason| reason.as_str() == name);
    known.ok_or_else(|| DbError::row("lock", format!("unknown reason {name}")))
}
