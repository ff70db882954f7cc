//! The operator's own lock, changed together with the record of who changed it.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use db_queries::queries::admin as queries;

use super::auth_events::{self, AuthEvent, AuthEventKind};
use super::{Db, DbError, pool};
use crate::domain::decision::{Lock, LockReason};
use crate::domain::identity::{SessionId, UserId};
use crate::domain::wire::Utc;

/// Who changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The administrator, where one is signed in.
    pub user: Option<UserId>,
    /// Their session.
    pub session: Option<SessionId>,
    /// What they are called: the record says `operator: <name>`.
    pub name: String,
}

/// A change: its record's id, who makes it, when.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The id of its record.
    pub id: Uuid,
    /// Who.
    pub by: &'a Actor,
    /// When.
    pub now: Timestamp,
}

/// Locks from now on, until a time where one is given. A lock that stands with other words or another
/// end ends now: what was locked before stays as it was. The same again changes nothing.
pub async fn set(
    db: &Db,
    change: Change<'_>,
    detail: &str,
    until: Option<Timestamp>,
) -> Result<Lock, DbError> {
    let mut connection = db.get().await?;
    let transaction = pool::begin(&mut connection).await?;
    let standing = standing(&transaction, change.now).await?;
    if let Some(same) = standing.filter(|lock| {
        lock.detail == detail && lock.until.map(Timestamp::from) == until.map(|until| Utc::from(until).into())
    }) {
        return Ok(same);
    }
    queries::end_operators_lock()
        .bind(&transaction, &change.now)
        .await?;
    queries::begin_operators_lock()
        .bind(&transaction, &change.now, &until, &detail)
        .await?;
    let lock = Lock {
        reason: LockReason::Operator,
        detail: detail.to_owned(),
        since: Some(change.now.into()),
        until: until.map(Into::into),
    };
    record(&transaction, change, AuthEventKind::LockSet, &lock).await?;
    transaction.commit().await?;
    Ok(lock)
}

/// Ends the lock now, and gives it as it was; nothing where there is none.
pub async fn lift(db: &Db, change: Change<'_>) -> Result<Option<Lock>, DbError> {
    let mut connection = db.get().await?;
    let transaction = pool::begin(&mut connection).await?;
    let Some(standing) = standing(&transaction, change.now).await? else {
        return Ok(None);
    };
    queries::end_operators_lock()
        .bind(&transaction, &change.now)
        .await?;
    let lifted = Lock {
        until: Some(change.now.into()),
        ..standing
    };
    record(&transaction, change, AuthEventKind::LockLifted, &lifted).await?;
    transaction.commit().await?;
    Ok(Some(lifted))
}

/// What stands; whoever comes next waits until this transaction has ended.
async fn standing(transaction: &Transaction<'_>, now: Timestamp) -> Result<Option<Lock>, DbError> {
    queries::lock_operators_lock().bind(transaction).one().await?;
    let row = queries::operators_lock().bind(transaction, &now).opt().await?;
    Ok(row.map(|row| Lock {
        reason: LockReason::Operator,
        detail: row.detail,
        since: Some(row.since.into()),
        until: row.until.map(Into::into),
    }))
}

async fn record(
    transaction: &Transaction<'_>,
    change: Change<'_>,
    kind: AuthEventKind,
    lock: &Lock,
) -> Result<(), DbError> {
    let changed = AuthEvent {
        id: change.id,
        user: change.by.user,
        session: change.by.session,
        kind,
        actor: format!("operator: {}", change.by.name),
        detail: json!({ "detail": lock.detail, "since": lock.since, "until": lock.until }),
    };
    auth_events::append(transaction, &changed, change.now).await
}
