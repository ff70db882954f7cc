//! A refresh token gets its successor and a new access token, once; the tabs beside it get the same.
//!
//! While changes are not possible it is not replaced: its owner gets an access token all the same.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use serde_json::json;

use super::{AuthError, Granted, SYSTEM, Signed, Transport, deny, event, grant};
use crate::app::App;
use crate::db::auth_events::{self, AuthEventKind};
use crate::db::sessions::{self, EndReason, TokenSession};
use crate::db::{self, DbError};
use crate::domain::modes::Mode;
use crate::domain::sessions::{RefreshToken, Worth, over_at, worth};

/// Length of the nonce that leads from a token to its successor, bytes.
const NONCE: usize = 32;

/// Replaces a refresh token; where nothing may be changed, or nothing can be, it stays as it is.
///
/// A token that was replaced within the last ten seconds gets the current one: several tabs refresh
/// at once, and answers get lost. One that was replaced before that was copied by somebody: its whole
/// session ends.
/// A token counts only on the way on which it travels: a browser's own scripts cannot read its cookie, and
/// must not get what is in it by sending it in a body.
pub async fn refresh(
    app: &App,
    presented: &RefreshToken,
    transport: Transport,
) -> Result<Granted, AuthError> {
    let now = app.clock.now();
    let is_set_read_only = app.modes.mode(now).await == Mode::ReadOnly;
    if is_set_read_only || app.modes.refused_by_database(now).is_some() {
        return keep(app, presented, transport, now).await;
    }
    match rotate(app, presented, transport, now).await {
        Err(AuthError::Database(DbError::ReadOnly(_))) => {
            app.modes.database_refused(now);
            keep(app, presented, transport, now).await
        }
        rotated => rotated,
    }
}

async fn rotate(
    app: &App,
    presented: &RefreshToken,
    transport: Transport,
    now: Timestamp,
) -> Result<Granted, AuthError> {
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let locked = sessions::lock_of_token(&transaction, &presented.hash()).await?;
    let mut session = living(locked, transport, now)?;
    let current = match judged(&transaction, &session, presented, now).await? {
        Worth::Replaced(current) => current,
        Worth::Current => {
            session.last_used_at = now;
            replace(app, &transaction, &session, presented, now).await?
        }
        Worth::Reused => {
            end_reused(app, &transaction, &session, now).await?;
            transaction.commit().await.map_err(DbError::from)?;
            deny(app, &[session.id]).await;
            return Err(AuthError::Reused);
        }
        Worth::Unknown => return Err(AuthError::NoSession),
    };
    transaction.commit().await.map_err(DbError::from)?;
    grant(app, signed(session), current, now).await
}

/// The same without a change: the current token goes on. A copied one gets nothing; its session ends if
/// that can be written, and else when a token of it comes back.
async fn keep(
    app: &App,
    presented: &RefreshToken,
    transport: Transport,
    now: Timestamp,
) -> Result<Granted, AuthError> {
    let mut connection = app.db.get().await?;
    let reading = db::begin_reading(&mut connection).await?;
    let found = sessions::find_of_token(&reading, &presented.hash()).await?;
    let session = living(found, transport, now)?;
    let current = match judged(&reading, &session, presented, now).await? {
        Worth::Replaced(current) => current,
        Worth::Current => presented.clone(),
        Worth::Reused => {
            drop(reading);
            let transaction = db::begin(&mut connection).await?;
            let ended = end_reused(app, &transaction, &session, now).await;
            let ended = match ended {
                Ok(()) => transaction
                    .commit()
                    .await
                    .map_err(|error| DbError::from(error).into()),
                Err(error) => Err(error),
            };
            if let Err(error) = ended {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    session_id = %session.id,
                    "a refresh token was used before, and its session cannot be ended now"
                );
            }
            deny(app, &[session.id]).await;
            return Err(AuthError::Reused);
        }
        Worth::Unknown => return Err(AuthError::NoSession),
    };
    drop(reading);
    grant(app, signed(session), current, now).await
}

/// A session that lives, and whose refresh token travels this way.
fn living(
    found: Option<TokenSession>,
    transport: Transport,
    now: Timestamp,
) -> Result<TokenSession, AuthError> {
    let session = found.ok_or(AuthError::NoSession)?;
    let is_over = session.has_ended || over_at(session.last_used_at, session.expires_at) <= now;
    if is_over || session.transport != transport {
        return Err(AuthError::NoSession);
    }
    Ok(session)
}

async fn judged(
    transaction: &Transaction<'_>,
    session: &TokenSession,
    presented: &RefreshToken,
    now: Timestamp,
) -> Result<Worth, AuthError> {
    let links = sessions::list_links(transaction, session.id, &presented.hash(), now).await?;
    Ok(worth(presented, &links, now))
}

fn signed(session: TokenSession) -> Signed {
    Signed {
        session: session.id,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
        account: session.account,
    }
}

async fn replace(
    app: &App,
    transaction: &Transaction<'_>,
    session: &TokenSession,
    presented: &RefreshToken,
    now: Timestamp,
) -> Result<RefreshToken, AuthError> {
    let nonce: [u8; NONCE] = app.random.bytes()?;
    let successor = presented.successor(&nonce);
    sessions::replace_token(
        transaction,
        session.id,
        &presented.hash(),
        &nonce,
        &successor.hash(),
        now,
    )
    .await?;
    Ok(successor)
}

async fn end_reused(
    app: &App,
    transaction: &Transaction<'_>,
    session: &TokenSession,
    now: Timestamp,
) -> Result<(), AuthError> {
    sessions::end(transaction, session.id, EndReason::Reuse, now).await?;
    let reused = event(
        app,
        AuthEventKind::ReuseDetected,
        session.account.id,
        Some(session.id),
        SYSTEM,
        json!({}),
    );
    auth_events::append(transaction, &reused, now).await?;
    Ok(())
}
