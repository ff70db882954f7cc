//! Tickets: a WebSocket cannot be opened with an access token in a header, and one in an address would
//! be written into logs. A ticket may be: it is good once, for half a minute.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::cache::{CacheError, Key};
use crate::db::DbError;
use crate::db::push::connections;
use crate::domain::identity::{SessionId, UserId};
use crate::domain::push::TICKET_LIFE;
use crate::domain::wire::Utc;
use crate::random::NoRandomness;

/// Random bytes of a ticket.
const LENGTH: usize = 32;

/// A ticket for one connection.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// Put it into the address: `/ws?ticket=…`. Good once.
    pub ticket: String,
    /// Until when.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub expires_at: Utc,
}

/// Why there is no ticket, or why one does not count.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// The user is gone, or their session has ended.
    #[error("there is no such user any more, or the session has ended")]
    NoUser,
    /// The platform is closed for maintenance.
    #[error("the platform is closed for maintenance")]
    Closed,
    /// It was never given out, was used, or is too old.
    #[error("the ticket is not good (any more)")]
    Refused,
    /// Redis keeps the tickets, and is down.
    #[error("tickets cannot be kept or found")]
    Cache(#[from] CacheError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A kept ticket cannot be written or read.
    #[error("a ticket cannot be read")]
    Form(#[from] serde_json::Error),
    /// No ticket can be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl TicketError {
    /// The client has to ask for another ticket, or to sign in again.
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::NoUser | Self::Refused)
    }

    /// Something is down; the client may try again.
    pub const fn is_unavailable(&self) -> bool {
        match self {
            Self::Cache(error) => error.is_unavailable(),
            Self::Database(error) => error.is_unavailable(),
            Self::Closed => true,
            _ => false,
        }
    }
}

/// Whom a ticket lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The user.
    pub user: UserId,
    /// The session that asked for it.
    pub session: SessionId,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    holder: Holder,
    expires_at: Timestamp,
}

/// Gives out a ticket. From now on events are written for its user, for a day at least.
pub async fn issue(app: &App, holder: Holder) -> Result<Ticket, TicketError> {
    let now = app.clock.now();
    if !connections::renew_stream(&app.db, holder.user, now).await? {
        return Err(TicketError::NoUser);
    }
    let ticket = URL_SAFE_NO_PAD.encode(app.random.bytes::<LENGTH>()?);
    let expires_at = now + TICKET_LIFE;
    let kept = serde_json::to_vec(&Kept { holder, expires_at })?;
    let keep = TICKET_LIFE.unsigned_abs();
    app.cache.set(&Key::Ticket(&hashed(&ticket)), &kept, keep).await?;
    Ok(Ticket {
        ticket,
        expires_at: expires_at.into(),
    })
}

/// Takes a ticket: whoever comes second with it is refused.
pub async fn redeem(app: &App, ticket: &str) -> Result<Holder, TicketError> {
    let found = app.cache.take(&Key::Ticket(&hashed(ticket))).await?;
    let kept: Kept = serde_json::from_slice(&found.ok_or(TicketError::Refused)?)?;
    if kept.expires_at <= app.clock.now() {
        return Err(TicketError::Refused);
    }
    Ok(kept.holder)
}

/// What a ticket is kept under: whoever reads Redis holds no ticket.
fn hashed(ticket: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, ticket.as_bytes()))
}
