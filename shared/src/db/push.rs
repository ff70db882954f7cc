//! Events on their way to the open sockets.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use serde_json::Value;

use db_queries::queries::push as queries;

use super::DbError;
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
