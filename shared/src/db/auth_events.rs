//! What happened to accounts and sessions, and what operators did. Only added to; the database refuses everything else.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use db_queries::queries::accounts as queries;

use super::DbError;
use crate::domain::identity::{SessionId, UserId};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthEventKind {
    /// A user signed in: a new session.
    SignedIn,
    /// Somebody came with a code, and was refused.
    SignInRefused,
    /// A refresh token was presented long after it was replaced: its session was ended.
    ReuseDetected,
    /// A session was ended by whoever was signed in with it.
    LoggedOut,
    /// A session was ended by its user from another one, or by an operator.
    SessionRevoked,
    /// What the user may administer was changed.
    RoleChanged,
    /// The user's plan was changed.
    TierChanged,
    /// The user fetched all that is theirs.
    Exported,
    /// The account was erased.
    Erased,
    /// An operator locked scheduled orders.
    LockSet,
    /// An operator lifted that lock.
    LockLifted,
    /// An operator set the mode of operation.
    ModeSet,
}

impl AuthEventKind {
    /// As the row has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::ReuseDetected => "reuse_detected",
            Self::LoggedOut => "logged_out",
            Self::SessionRevoked => "session_revoked",
            Self::RoleChanged => "role_changed",
            Self::TierChanged => "tier_changed",
            Self::Exported => "exported",
            Self::Erased => "erased",
            Self::LockSet => "lock_set",
            Self::LockLifted => "lock_lifted",
            Self::ModeSet => "mode_set",
        }
    }
}

/// Something that happened. Holds no address, token or e-mail.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthEvent {
    /// Its id.
    pub id: Uuid,
    /// To whom; nobody when it is not known.
    pub user: Option<UserId>,
    /// To which session.
    pub session: Option<SessionId>,
    /// What.
    pub kind: AuthEventKind,
    /// Who did it: `user`, `system`, or `operator: <name>`.
    pub actor: String,
    /// What else there is to know, an object.
    pub detail: Value,
}

/// Writes an event down, in the transaction of what it tells of.
pub async fn append(transaction: &Transaction<'_>, event: &AuthEvent, now: Timestamp) -> Result<(), DbError> {
    queries::append_auth_event()
        .bind(
            transaction,
            &event.id,
            &event.user.map(UserId::uuid),
            &event.session.map(SessionId::uuid),
            &event.kind.as_str(),
            &event.actor.as_str(),
            &event.detail,
            &now,
        )
        .await?;
    Ok(())
}
