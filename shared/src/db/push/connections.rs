//! Who is connected: opened with a ticket, seen, closed.

use jiff::Timestamp;

use db_queries::queries::push as queries;

use crate::db::{Db, DbError, pool};
use crate::domain::identity::{SessionId, UserId};
use crate::domain::push::{CONNECTION_LIFE, IDLE, MOST_CONNECTIONS, OVERDUE, PATIENCE, STREAM_LIFE};

/// How many connections one round of closing or forgetting takes: closing one costs a call of the gateway.
const MOST_TO_CLOSE: i64 = 1_000;

/// Lets events be written for a user from now on, for a day. False when there is no such user.
pub async fn renew_stream(db: &Db, user: UserId, now: Timestamp) -> Result<bool, DbError> {
    let connection = db.get().await?;
    let renewed = queries::renew_stream()
        .bind(&connection, &(now + STREAM_LIFE), &user.uuid(), &now)
        .opt()
        .await?;
    Ok(renewed.is_some())
}

/// What a new connection is.
#[derive(Debug, Clone, Copy)]
pub struct Opened<'a> {
    /// The gateway's name of it.
    pub id: &'a str,
    /// Whose it is.
    pub user: UserId,
    /// With which session.
    pub session: SessionId,
}

/// Writes a connection down and takes the surplus ones of its user off the list: their ids. Nothing
/// when there is no such user, or their session has ended. A trade of this user that is being written down is waited for.
pub async fn open(db: &Db, opened: Opened<'_>, now: Timestamp) -> Result<Option<Vec<String>>, DbError> {
    let mut connection = db.get().await?;
    let transaction = pool::begin(&mut connection).await?;
    let user = opened.user.uuid();
    let renewed = queries::renew_stream()
        .bind(&transaction, &(now + STREAM_LIFE), &user, &now)
        .opt()
        .await?;
    let Some(last_seq) = renewed else {
        return Ok(None);
    };
    let opened = queries::open_connection()
        .bind(
            &transaction,
            &opened.id,
            &user,
            &opened.session.uuid(),
            &now,
            &(now + CONNECTION_LIFE),
            &last_seq,
        )
        .await?;
    if opened == 0 {
        return Ok(None);
    }
    let surplus = queries::close_surplus()
        .bind(&transaction, &user, &MOST_CONNECTIONS)
        .all()
        .await?;
    transaction.commit().await?;
    Ok(Some(surplus))
}

/// A connection that is on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whose it is.
    pub user: UserId,
    /// The last event it was sent.
    pub sent_seq: i64,
}

/// Notes that a client said something; nothing when its connection is not on the list any more.
pub async fn touch(db: &Db, id: &str, now: Timestamp) -> Result<Option<Known>, DbError> {
    let connection = db.get().await?;
    let row = queries::touch_connection()
        .bind(&connection, &now, &id)
        .opt()
        .await?;
    Ok(row.map(|row| Known {
        user: row.user_id.into(),
        sent_seq: row.sent_seq,
    }))
}

/// Takes connections off the list.
pub async fn forget(db: &Db, ids: &[String]) -> Result<(), DbError> {
    if ids.is_empty() {
        return Ok(());
    }
    let connection = db.get().await?;
    queries::forget_connections().bind(&connection, &ids).await?;
    Ok(())
}

/// Takes connections off the list whose time has been over for so long that the gateway has ended them,
/// whatever came of closing them; tells how many.
pub async fn forget_overdue(db: &Db, now: Timestamp) -> Result<u64, DbError> {
    let connection = db.get().await?;
    Ok(queries::forget_overdue()
        .bind(&connection, &(now - OVERDUE), &MOST_TO_CLOSE)
        .await?)
}

/// Connections to be closed: idle, at the end of their time, out of reach for too long, or of a
/// session or a user that is no more.
pub async fn list_to_close(db: &Db, now: Timestamp) -> Result<Vec<String>, DbError> {
    let connection = db.get().await?;
    let mut ids = queries::connections_to_close()
        .bind(
            &connection,
            &(now - IDLE),
            &MOST_TO_CLOSE,
            &now,
            &(now - PATIENCE),
        )
        .all()
        .await?;
    let ended = queries::connections_without_right()
        .bind(&connection, &now, &MOST_TO_CLOSE)
        .all()
        .await?;
    ids.extend(ended);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
