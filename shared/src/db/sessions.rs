//! Signed-in browsers and programs, and the hashes of their refresh tokens.

use deadpool_postgres::Transaction;
use jiff::{SignedDuration, Timestamp};

use db_queries::queries::sessions as queries;

use super::accounts::{Account, role_of, tier_of};
use super::{Db, DbError};
use crate::domain::identity::{SessionId, UserId};
use crate::domain::sessions::{IDLE, Link, REPLAY_WINDOW};

/// How far the clocks of two instances may be apart: a successor may look older than its parent.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

/// How a session's refresh token travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// In a cookie that no script can read.
    Cookie,
    /// In the bodies of requests and answers.
    Body,
}

impl Transport {
    /// As the row has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Body => "body",
        }
    }

    fn of(name: &str) -> Result<Self, DbError> {
        [Self::Cookie, Self::Body]
            .into_iter()
            .find(|transport| transport.as_str() == name)
            .ok_or_else(|| DbError::row("session", format!("unknown transport {name}")))
    }
}

/// Why a session was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// By whoever was signed in with it.
    Logout,
    /// By its user, from another session.
    Revoked,
    /// A replaced refresh token came back.
    Reuse,
    /// With its user's account.
    Erased,
    /// By an operator.
    Operator,
}

impl EndReason {
    /// As the row has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Revoked => "revoked",
            Self::Reuse => "reuse",
            Self::Erased => "erased",
            Self::Operator => "operator",
        }
    }
}

/// A session to begin.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// How its refresh token travels.
    pub transport: Transport,
    /// What the client calls itself.
    pub user_agent: Option<&'a str>,
    /// The latest end.
    pub expires_at: Timestamp,
    /// The hash of its first refresh token.
    pub token: &'a [u8],
}

/// A session that lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// How its refresh token travels.
    pub transport: Transport,
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was refreshed last.
    pub last_used_at: Timestamp,
    /// The latest end.
    pub expires_at: Timestamp,
}

/// A session as its refresh tokens are judged by it, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSession {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub account: Account,
    /// How its refresh token travels.
    pub transport: Transport,
    /// When it was refreshed last.
    pub last_used_at: Timestamp,
    /// The latest end.
    pub expires_at: Timestamp,
    /// Whether it was ended.
    pub has_ended: bool,
}

/// Begins a session.
pub async fn begin(
    transaction: &Transaction<'_>,
    session: NewSession<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    queries::insert_session()
        .bind(
            transaction,
            &session.id.uuid(),
            &session.user.uuid(),
            &session.transport.as_str(),
            &session.user_agent,
            &now,
            &session.expires_at,
        )
        .await?;
    queries::insert_refresh_token()
        .bind(transaction, &session.token, &session.id.uuid(), &now)
        .await?;
    Ok(())
}

/// Waits for the session that a token belongs to: nobody else changes it until the transaction ends.
pub async fn lock_of_token(
    transaction: &Transaction<'_>,
    hash: &[u8],
) -> Result<Option<TokenSession>, DbError> {
    let row = queries::lock_session_of_token()
        .bind(transaction, &hash)
        .opt()
        .await?;
    row.map(token_session).transpose()
}

/// The session that a token belongs to, as a transaction that writes nothing sees it.
pub async fn find_of_token(
    transaction: &Transaction<'_>,
    hash: &[u8],
) -> Result<Option<TokenSession>, DbError> {
    let row = queries::session_of_token().bind(transaction, &hash).opt().await?;
    row.map(token_session).transpose()
}

fn token_session(row: queries::LockedRow) -> Result<TokenSession, DbError> {
    Ok(TokenSession {
        id: row.id.into(),
        transport: Transport::of(&row.transport)?,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
        has_ended: row.end_reason.is_some(),
        account: Account {
            id: row.user_id.into(),
            role: role_of(&row.role)?,
            tier: tier_of(&row.tier)?,
            email: row.email,
            name: row.name,
            created_at: row.created_at,
            signed_in_at: row.signed_in_at,
        },
    })
}

/// What is kept of a session's tokens: the presented one, the current one, and all that were
/// replaced since a replay of the presented one would still be answered.
pub async fn list_links(
    transaction: &Transaction<'_>,
    session: SessionId,
    presented: &[u8],
    now: Timestamp,
) -> Result<Vec<Link>, DbError> {
    let since = now - REPLAY_WINDOW - SKEW;
    let rows = queries::recent_tokens()
        .bind(transaction, &session.uuid(), &since, &presented)
        .all()
        .await?;
    let links = rows.into_iter().map(|row| Link {
        hash: row.hash,
        replaced: row.replaced_at.zip(row.nonce),
    });
    Ok(links.collect())
}

/// Puts `successor` in the place of the current token of a locked session, which counts as a use.
pub async fn replace_token(
    transaction: &Transaction<'_>,
    session: SessionId,
    current: &[u8],
    nonce: &[u8],
    successor: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    queries::replace_refresh_token()
        .bind(transaction, &now, &nonce, &current)
        .await?;
    queries::insert_refresh_token()
        .bind(transaction, &successor, &session.uuid(), &now)
        .await?;
    queries::use_session()
        .bind(transaction, &now, &session.uuid())
        .await?;
    Ok(())
}

/// Ends a session. Tells whether it was not ended before.
pub async fn end(
    transaction: &Transaction<'_>,
    session: SessionId,
    reason: EndReason,
    now: Timestamp,
) -> Result<bool, DbError> {
    let ended = queries::end_session()
        .bind(transaction, &now, &reason.as_str(), &session.uuid())
        .await?;
    Ok(ended > 0)
}

/// Ends a session of a user. Tells whether they had it and it lived until now.
pub async fn end_of_user(
    transaction: &Transaction<'_>,
    user: UserId,
    session: SessionId,
    reason: EndReason,
    now: Timestamp,
) -> Result<bool, DbError> {
    let ended = queries::end_session_of_user()
        .bind(
            transaction,
            &now,
            &reason.as_str(),
            &session.uuid(),
            &user.uuid(),
            &(now - IDLE),
        )
        .await?;
    Ok(ended > 0)
}

/// Ends all sessions of a user that live but one, and tells which.
pub async fn end_all_of_user(
    transaction: &Transaction<'_>,
    user: UserId,
    keep: Option<SessionId>,
    reason: EndReason,
    now: Timestamp,
) -> Result<Vec<SessionId>, DbError> {
    let ended = queries::end_sessions_of_user()
        .bind(
            transaction,
            &now,
            &reason.as_str(),
            &user.uuid(),
            &keep.map(SessionId::uuid),
            &(now - IDLE),
        )
        .all()
        .await?;
    Ok(ended.into_iter().map(SessionId::from).collect())
}

/// The sessions of a user that were ended since then.
pub async fn list_ended_since(
    transaction: &Transaction<'_>,
    user: UserId,
    since: Timestamp,
) -> Result<Vec<SessionId>, DbError> {
    let ended = queries::sessions_ended_since()
        .bind(transaction, &user.uuid(), &since)
        .all()
        .await?;
    Ok(ended.into_iter().map(SessionId::from).collect())
}

/// Sessions of a user that live at `now`, begun before a place in the list, the newest first.
pub async fn list_page(
    db: &Db,
    user: UserId,
    before: (Timestamp, SessionId),
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Session>, DbError> {
    let connection = db.get().await?;
    let rows = queries::session_page()
        .bind(
            &connection,
            &user.uuid(),
            &before.0,
            &before.1.uuid(),
            &now,
            &(now - IDLE),
            &limit,
        )
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Session {
                id: row.id.into(),
                transport: Transport::of(&row.transport)?,
                user_agent: row.user_agent,
                created_at: row.created_at,
                last_used_at: row.last_used_at,
                expires_at: row.expires_at,
            })
        })
        .collect()
}
