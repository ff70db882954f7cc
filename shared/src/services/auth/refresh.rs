//! A refresh token gets its successor and a new access token, once; the tabs beside it get the same.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use serde_json::json;

use super::{AuthError, Granted, SYSTEM, Signed, Transport, deny, event, grant};
use crate::app::App;
use crate::db::auth_events::{self, AuthEventKind};
use crate::db::sessions::{self, EndReason, LockedSession};
use crate::db::{self, DbError};
use crate::domain::sessions::{RefreshToken, Worth, over_at, worth};

/// Length of the nonce that leads from a token to its successor, bytes.
const NONCE: usize = 32;

/// Replaces a refresh token.
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
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let hash = presented.hash();
    let locked = sessions::lock_of_token(&transaction, &hash).await?;
    let mut session = locked.ok_or(AuthError::NoSession)?;
    let is_over = session.has_ended || over_at(session.last_used_at, session.expires_at) <= now;
    if is_over || session.transport != transport {
        return Err(AuthError::NoSession);
    }
    let links = sessions::list_links(&transaction, session.id, &hash, now).await?;
    let current = match worth(presented, &links, now) {
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

    let signed = Signed {
        session: session.id,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
        account: session.account,
    };
    grant(app, signed, current, now).await
}

async fn replace(
    app: &App,
    transaction: &Transaction<'_>,
    session: &LockedSession,
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
    session: &LockedSession,
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
