//! Events on their way to the open sockets: how they are written down.

pub mod connections;
pub mod deliveries;

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use serde_json::Value;

use db_queries::queries::push as queries;

use super::{Db, DbError};
use crate::domain::identity::UserId;
use crate::domain::push::EventKind;

/// An event that a user is to be told of.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Whom.
    pub user: UserId,
    /// What happened.
    pub kind: EventKind,
    /// The event's own data.
    pub data: Value,
}

/// Writes events down in the transaction of what they tell of, numbered for each user in this order.
/// Users who have had no connection lately are told nothing. The last statement of its transaction:
/// what it locks, others wait for.
pub async fn append(
    transaction: &Transaction<'_>,
    events: &[NewEvent],
    now: Timestamp,
) -> Result<(), DbError> {
    let users: Vec<_> = events.iter().map(|event| event.user.uuid()).collect();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    let data: Vec<_> = events.iter().map(|event| &event.data).collect();
    queries::append_events()
        .bind(transaction, &users, &kinds, &data, &now)
        .await?;
    Ok(())
}

/// The same events, in this order, for all who follow a strategy. The last statement of its
/// transaction, like [`append`].
pub async fn append_for_followers(
    transaction: &Transaction<'_>,
    strategy: &str,
    events: &[(EventKind, Value)],
    now: Timestamp,
) -> Result<(), DbError> {
    if events.is_empty() {
        return Ok(());
    }
    let kinds: Vec<_> = events.iter().map(|(kind, _)| kind.as_str()).collect();
    let data: Vec<_> = events.iter().map(|(_, data)| data).collect();
    queries::append_for_followers()
        .bind(transaction, &kinds, &data, &now, &strategy)
        .await?;
    Ok(())
}

/// One event for everybody who is told of events. Tells how many that are.
pub async fn append_for_everyone(
    db: &Db,
    kind: EventKind,
    data: &Value,
    now: Timestamp,
) -> Result<u64, DbError> {
    let connection = db.get().await?;
    Ok(queries::append_for_everyone()
        .bind(&connection, &now, &kind.as_str(), data)
        .await?)
}
