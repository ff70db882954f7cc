//! What has to be posted where, and what became of it.
//!
//! A user's stream is held by one deliverer at a time, so that events keep their order and are not
//! posted twice. Each connection has a place of its own in the stream: one that fails does not make
//! the others hear things again.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use db_queries::queries::push as queries;

use crate::db::{Db, DbError};
use crate::domain::identity::UserId;
use crate::domain::push::{KEPT, KEPT_FOR, Message};

/// Events posted to one connection in one go; the rest follows in the next.
pub const AT_ONCE: usize = 32;

/// A connection with which something did not work is left alone for this long: until the next run of
/// the schedule, roughly.
const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(50);

/// A user's stream that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    /// Whose.
    pub user: UserId,
    /// The last event when it was claimed.
    pub last_seq: i64,
}

/// Takes hold, until `until`, of at most about `most` streams with something to deliver.
pub async fn claim(db: &Db, most: i64, until: Timestamp, now: Timestamp) -> Result<Vec<Claimed>, DbError> {
    let connection = db.get().await?;
    let rows = queries::claim_streams()
        .bind(&connection, &now, &most, &until)
        .all()
        .await?;
    let claimed = rows.into_iter().map(|row| Claimed {
        user: row.user_id.into(),
        last_seq: row.last_seq,
    });
    Ok(claimed.collect())
}

/// What one connection has to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The connection.
    pub connection: String,
    /// Whose it is.
    pub user: UserId,
    /// Since when it is open.
    pub connected_at: Timestamp,
    /// The messages as they are sent, oldest first, at most [`AT_ONCE`].
    pub messages: Vec<Written>,
}

/// An event, written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its number.
    pub seq: i64,
    /// Its text.
    pub text: String,
}

/// What the connections of these streams have to be posted. One that has been sent everything is
/// listed too, without messages.
pub async fn list_due(db: &Db, claimed: &[Claimed], now: Timestamp) -> Result<Vec<Due>, DbError> {
    let connection = db.get().await?;
    let users: Vec<Uuid> = claimed.iter().map(|stream| stream.user.uuid()).collect();
    let last_seqs: Vec<i64> = claimed.iter().map(|stream| stream.last_seq).collect();
    let most = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let rows = queries::events_to_post()
        .bind(&connection, &users, &last_seqs, &most, &now)
        .map(|row| {
            let event = row.seq.zip(row.event).zip(row.data).zip(row.created_at);
            let written = event.map(|(((seq, event), data), at)| written(seq, event, data.0, at));
            (row.id.to_owned(), row.user_id, row.connected_at, written)
        })
        .all()
        .await?;
    let mut due: Vec<Due> = Vec::new();
    for (id, user, connected_at, written) in rows {
        let is_next = due.last().is_none_or(|last| last.connection != id);
        if is_next {
            due.push(Due {
                connection: id,
                user: user.into(),
                connected_at,
                messages: Vec::new(),
            });
        }
        if let Some((last, written)) = due.last_mut().zip(written) {
            last.messages.push(written.map_err(unwritable)?);
        }
    }
    Ok(due)
}

/// The events of a user after `after`, up to `up_to`, that are kept: oldest first.
pub async fn list_kept(db: &Db, user: UserId, after: i64, up_to: i64) -> Result<Vec<Written>, DbError> {
    let connection = db.get().await?;
    let newest_first = queries::kept_events()
        .bind(&connection, &user.uuid(), &after, &up_to, &KEPT)
        .map(|row| written(row.seq, row.event, row.data.0, row.created_at))
        .all()
        .await?;
    let events = newest_first.into_iter().rev().collect::<Result<Vec<_>, _>>();
    events.map_err(unwritable)
}

fn written(
    seq: i64,
    event: &str,
    data: &serde_json::value::RawValue,
    created_at: Timestamp,
) -> Result<Written, serde_json::Error> {
    let message = Message {
        event,
        seq,
        data,
        timestamp: created_at.into(),
    };
    let text = serde_json::to_string(&message)?;
    Ok(Written { seq, text })
}

fn unwritable(error: serde_json::Error) -> DbError {
    DbError::row("event", error)
}

/// What became of a connection's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was sent everything.
    Sent,
    /// There was no time, or too much was asked of the gateway: no fault of the connection.
    Waits,
    /// A post failed.
    Failed,
    /// It is gone.
    Gone,
}

/// What became of one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The connection.
    pub connection: String,
    /// The last event it was sent.
    pub sent_seq: i64,
    /// Whether that was all.
    pub outcome: Outcome,
}

/// Writes down what became of connections, forgets those that are gone, and lets go of the streams,
/// each dealt with up to the number beside it and held until the time beside that. What is beyond the
/// last hundred of a user is deleted.
pub async fn settle(
    db: &Db,
    connections: &[Settled],
    streams: &[(UserId, i64, Timestamp)],
    now: Timestamp,
) -> Result<(), DbError> {
    let connection = db.get().await?;
    let (gone, open): (Vec<&Settled>, Vec<&Settled>) = connections
        .iter()
        .partition(|settled| settled.outcome == Outcome::Gone);
    let gone: Vec<&str> = gone.iter().map(|settled| settled.connection.as_str()).collect();
    let ids: Vec<&str> = open.iter().map(|settled| settled.connection.as_str()).collect();
    let seqs: Vec<i64> = open.iter().map(|settled| settled.sent_seq).collect();
    let outcomes: Vec<&str> = open.iter().map(|settled| settled.outcome.as_str()).collect();
    let users: Vec<Uuid> = streams.iter().map(|(user, ..)| user.uuid()).collect();
    let delivered: Vec<i64> = streams.iter().map(|(_, seq, _)| *seq).collect();
    let held: Vec<Timestamp> = streams.iter().map(|(.., until)| *until).collect();
    if !gone.is_empty() {
        queries::forget_connections().bind(&connection, &gone).await?;
    }
    queries::settle_connections()
        .bind(&connection, &ids, &seqs, &outcomes, &(now + RETRY_AFTER), &now)
        .await?;
    queries::settle_streams()
        .bind(&connection, &users, &delivered, &held)
        .await?;
    queries::prune_streams().bind(&connection, &users, &KEPT).await?;
    Ok(())
}

/// Deletes events that are older than a day, the oldest first and at most `most`; tells how many.
pub async fn prune(db: &Db, now: Timestamp, most: i64) -> Result<u64, DbError> {
    let connection = db.get().await?;
    Ok(queries::prune_old_events()
        .bind(&connection, &(now - KEPT_FOR), &most)
        .await?)
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Waits => "waits",
            Self::Failed => "failed",
            Self::Gone => "gone",
        }
    }
}
