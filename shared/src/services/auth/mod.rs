//! Who is signed in: accounts, sessions, and the tokens that speak for them.
//!
//! A session is a family of refresh tokens, of which one is current. An access token carries what its
//! user was at the time it was made, for fifteen minutes. Ending a session marks it denied in Redis
//! for as long; while Redis is down that mark is missing, and the access tokens run out by themselves.

mod account;
mod answers;
mod export;
mod operator;
mod refresh;
mod sessions;
mod sign_in;

use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;

pub use account::{Me, erase, me};
pub use export::{Export, ExportCursor, export};
pub use operator::{
    EndedByOperator, Operator, OperatorError, Target, end_sessions, find_user, list_users, look_at, set_role,
    set_tier,
};
pub use refresh::refresh;
pub use sessions::{ShownSession, end_one, end_others, list, log_out};
#[cfg(feature = "identity")]
pub use sign_in::with_google;
pub use sign_in::{Client, register, sign_in};

use crate::app::App;
use crate::cache::Key;
use crate::db::accounts::Account;
use crate::db::auth_events::{AuthEvent, AuthEventKind};
use crate::db::{self, DbError, Transaction};
use crate::domain::identity::{SessionId, UserId};
use crate::domain::modes::Closure;
use crate::domain::sessions::{RefreshToken, over_at};
use crate::domain::tier::{Role, Tier};
use crate::http::auth::LIFETIME;
use crate::http::{Identity, TokenError, User};
use crate::random::NoRandomness;
#[cfg(feature = "identity")]
use crate::sources::google::GoogleError;

pub use crate::db::accounts::Person;
pub use crate::db::accounts_export::AuthEventEntry;
pub use crate::db::sessions::Transport;

/// Who did something, where it was the user.
const USER: &str = "user";
/// Who did something, where it was nobody in particular.
const SYSTEM: &str = "system";

/// Why somebody is not signed in, or not any longer.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Google did not say whose account it is.
    #[cfg(feature = "identity")]
    #[error("the sign-in with Google came to nothing")]
    Google(#[from] GoogleError),
    /// No session has this refresh token, or its session is over.
    #[error("the refresh token is of no session that lives")]
    NoSession,
    /// The refresh token was replaced long ago; its session was ended.
    #[error("the refresh token was used before")]
    Reused,
    /// The user of the token is no more.
    #[error("the account is no more")]
    NoAccount,
    /// The user has no such session that lives.
    #[error("the user has no such session")]
    NotTheirs,
    /// Changes are stopped, and signing in somebody new would be one.
    #[error("nobody new signs in now")]
    ClosedToNew(Closure),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// No secret could be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The access token could not be signed.
    #[error("the access token cannot be signed")]
    Sign(#[from] TokenError),
    /// This process declared no sign-in section.
    #[error("this process has no key to sign tokens with")]
    NoKey,
}

/// What whoever signed in or refreshed goes on with.
#[derive(Debug)]
pub struct Granted {
    /// Whose it is.
    pub account: Account,
    /// The session.
    pub session: SessionId,
    /// Speaks for the user.
    pub access_token: SecretString,
    /// Until when it does.
    pub access_until: Timestamp,
    /// Gets the next access token.
    pub refresh_token: RefreshToken,
    /// When the session is over unless it is used before.
    pub refresh_until: Timestamp,
}

/// A session that an access token is made for.
struct Signed {
    account: Account,
    session: SessionId,
    last_used_at: Timestamp,
    expires_at: Timestamp,
}

/// Makes an access token to go with a session's refresh token.
async fn grant(
    app: &App,
    signed: Signed,
    refresh_token: RefreshToken,
    now: Timestamp,
) -> Result<Granted, AuthError> {
    let keys = app.keys.as_ref().ok_or(AuthError::NoKey)?;
    let identity = Identity {
        user: User {
            id: signed.account.id,
            session: signed.session,
            tier: signed.account.tier,
            role: signed.account.role,
        },
        token_id: app.ids.next(),
        session_ends: Some(signed.expires_at),
    };
    let access_token = SecretString::from(keys.sign(&identity, now).await?);
    Ok(Granted {
        session: signed.session,
        access_until: identity.token_ends(now),
        access_token,
        refresh_token,
        refresh_until: over_at(signed.last_used_at, signed.expires_at),
        account: signed.account,
    })
}

/// An event to write down.
fn event(
    app: &App,
    kind: AuthEventKind,
    user: UserId,
    session: Option<SessionId>,
    actor: &str,
    detail: Value,
) -> AuthEvent {
    AuthEvent {
        id: app.ids.next(),
        user: Some(user),
        session,
        kind,
        actor: actor.to_owned(),
        detail,
    }
}

/// The sessions of a user that have ended but may still have access tokens: also those whose mark was
/// missed when they ended.
async fn ended_lately(
    transaction: &Transaction<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<SessionId>, DbError> {
    db::sessions::list_ended_since(transaction, user, now - LIFETIME).await
}

/// Turns away the access tokens of sessions that have ended, for as long as there may be any, and tells
/// whether that could be done. Without Redis they are good until they run out, which is not worth
/// failing for.
async fn deny(app: &App, ended: &[SessionId]) -> bool {
    let keep = Duration::try_from(LIFETIME).unwrap_or_default();
    let marks = ended.iter().map(|session| async move {
        let key = Key::Denied(*session);
        app.cache.set(&key, b"1", keep).await
    });
    let failed = join_all(marks).await.into_iter().find_map(Result::err);
    if let Some(error) = &failed {
        tracing::warn!(
            error = error as &dyn std::error::Error,
            "the access tokens of an ended session are good until they run out"
        );
    }
    failed.is_none()
}

/// A user, as they are shown to themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ShownUser {
    /// The user's id.
    #[schema(value_type = uuid::Uuid)]
    pub id: UserId,
    /// The address that Google told last.
    pub email: String,
    /// The name that Google told last.
    pub name: Option<String>,
    /// Their plan.
    #[schema(value_type = String, example = "free")]
    pub tier: Tier,
    /// What they may administer.
    #[schema(value_type = String, example = "user")]
    pub role: Role,
}

impl From<&Account> for ShownUser {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id,
            email: account.email.clone(),
            name: account.name.clone(),
            tier: account.tier,
            role: account.role,
        }
    }
}
