//! What stops scheduled orders until its cause ends.

use deadpool_postgres::Transaction;
use jiff::Timestamp;

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
    let reason = LockReason::ALL
        .into_iter()
        .find(|reason| reason.as_str() == row.reason)
        .ok_or_else(|| DbError::row("lock", format!("unknown reason {}", row.reason)))?;
    Ok(Lock {
        reason,
        detail: row.detail,
        since: Some(row.since.into()),
        until: row.until.map(Into::into),
    })
}
