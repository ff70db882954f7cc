//! The sessions of a user: listed, and ended.

use serde::Serialize;
use serde_json::json;

use super::{AuthError, USER, deny, ended_lately, event};
use crate::app::App;
use crate::db::auth_events::{self, AuthEventKind};
use crate::db::sessions::{self, EndReason, Session};
use crate::db::{self, DbError};
use crate::domain::identity::{SessionId, UserId};
use crate::domain::sessions::{RefreshToken, over_at};
use crate::domain::wire::Utc;
use crate::http::User;

/// A session, as it is shown to its user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ShownSession {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub id: SessionId,
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// How its refresh token travels: `cookie` or `body`.
    #[schema(value_type = String, example = "cookie")]
    pub transport: &'static str,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Utc,
    /// When it was refreshed last.
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Utc,
    /// When it is over unless it is used before.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Utc,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

impl ShownSession {
    /// A session, shown to whoever is signed in with `current`.
    pub fn of(session: Session, current: SessionId) -> Self {
        Self {
            id: session.id,
            user_agent: session.user_agent,
            transport: session.transport.as_str(),
            created_at: session.created_at.into(),
            last_used_at: session.last_used_at.into(),
            expires_at: over_at(session.last_used_at, session.expires_at).into(),
            is_current: session.id == current,
        }
    }
}

/// Sessions of a user that live, begun before a place in the list, the newest first.
pub async fn list(
    app: &App,
    user: UserId,
    before: (jiff::Timestamp, SessionId),
    limit: i64,
) -> Result<Vec<Session>, AuthError> {
    Ok(sessions::list_page(&app.db, user, before, limit, app.clock.now()).await?)
}

/// Ends a session of a user: their own, or another one of theirs.
pub async fn end_one(app: &App, user: User, session: SessionId) -> Result<(), AuthError> {
    let (kind, reason) = if session == user.session {
        (AuthEventKind::LoggedOut, EndReason::Logout)
    } else {
        (AuthEventKind::SessionRevoked, EndReason::Revoked)
    };
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    if !sessions::end_of_user(&transaction, user.id, session, reason, now).await? {
        // Once more where it had ended: the mark may have been missed then.
        if ended_lately(&transaction, user.id, now).await?.contains(&session) {
            deny(app, &[session]).await;
        }
        return Err(AuthError::NotTheirs);
    }
    let ended = event(app, kind, user.id, Some(session), USER, json!({}));
    auth_events::append(&transaction, &ended, now).await?;
    transaction.commit().await.map_err(DbError::from)?;
    deny(app, &[session]).await;
    Ok(())
}

/// Ends all sessions of a user but the one that asks. Tells how many.
pub async fn end_others(app: &App, user: User) -> Result<usize, AuthError> {
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let keep = Some(user.session);
    let ended = sessions::end_all_of_user(&transaction, user.id, keep, EndReason::Revoked, now).await?;
    if !ended.is_empty() {
        let detail = json!({ "sessions": ended });
        let revoked = event(app, AuthEventKind::SessionRevoked, user.id, None, USER, detail);
        auth_events::append(&transaction, &revoked, now).await?;
    }
    let marked = ended_lately(&transaction, user.id, now).await?;
    transaction.commit().await.map_err(DbError::from)?;
    deny(app, &marked).await;
    Ok(ended.len())
}

/// Ends the session that a refresh token is of, whether it is the current one or not. Tells whether
/// there was one to end.
pub async fn log_out(app: &App, presented: &RefreshToken) -> Result<bool, AuthError> {
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let locked = sessions::lock_of_token(&transaction, &presented.hash()).await?;
    let Some(session) = locked else {
        return Ok(false);
    };
    let lived = over_at(session.last_used_at, session.expires_at) > now;
    let has_ended = lived && sessions::end(&transaction, session.id, EndReason::Logout, now).await?;
    if has_ended {
        let user = session.account.id;
        let ended = event(
            app,
            AuthEventKind::LoggedOut,
            user,
            Some(session.id),
            USER,
            json!({}),
        );
        auth_events::append(&transaction, &ended, now).await?;
    }
    transaction.commit().await.map_err(DbError::from)?;
    // Once more where it had ended: the mark may have been missed then.
    deny(app, &[session.id]).await;
    Ok(has_ended)
}
