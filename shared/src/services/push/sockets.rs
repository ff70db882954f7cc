//! What a connection goes through: it is opened with a ticket, its client says something, it ends.
//!
//! The same for the gateway's sockets and those of the local process.

use std::error::Error;

use crate::app::App;
use crate::db::DbError;
use crate::db::push::{connections, deliveries};
use crate::domain::modes::Mode;
use crate::domain::push::{Reply, Said, needs_reset};
use crate::push::PushError;

use super::tickets::{self, TicketError};

/// Lets a connection in, for a ticket. With one connection too many the user's oldest is closed.
pub async fn connect(app: &App, connection: &str, ticket: &str) -> Result<(), TicketError> {
    let now = app.clock.now();
    if app.modes.mode(now).await == Mode::Maintenance {
        return Err(TicketError::Closed);
    }
    let holder = tickets::redeem(app, ticket).await?;
    let opened = connections::Opened {
        id: connection,
        user: holder.user,
        session: holder.session,
    };
    let surplus = connections::open(&app.db, opened, now).await?;
    for id in surplus.ok_or(TicketError::NoUser)? {
        close(app, &id).await;
    }
    Ok(())
}

/// A connection ended. Gateways do not always say so.
pub async fn disconnect(app: &App, connection: &str) -> Result<(), DbError> {
    connections::forget(&app.db, &[connection.to_owned()]).await
}

/// A client said something; gives what it is answered. A connection that is not on the list, because
/// it was one too many or could not be reached, is closed.
pub async fn hear(app: &App, connection: &str, text: &str) -> Option<String> {
    let said = Said::read(text);
    let known = match connections::touch(&app.db, connection, app.clock.now()).await {
        Ok(Some(known)) => known,
        Ok(None) => {
            close(app, connection).await;
            return None;
        }
        Err(error) => return answer_without_database(&said, &error),
    };
    match said {
        Said::Ping => Some("pong".to_owned()),
        Said::PingAction => shown(&Reply::Pong),
        Said::Since(seq) => shown(&resend(app, connection, known, seq).await),
        Said::Unclear(message) => shown(&Reply::Error {
            code: "VALIDATION_ERROR",
            message,
        }),
    }
}

/// Who only wants to know whether we are there is answered all the same.
fn answer_without_database(said: &Said, error: &DbError) -> Option<String> {
    tracing::warn!(error = error as &dyn Error, "a client could not be noted as seen");
    match said {
        Said::Ping => Some("pong".to_owned()),
        Said::PingAction => shown(&Reply::Pong),
        Said::Since(_) | Said::Unclear(_) => shown(&unavailable()),
    }
}

/// Posts what the client does not know yet, up to what its connection was sent: the rest is on its way
/// already.
async fn resend(app: &App, connection: &str, known: connections::Known, after: i64) -> Reply {
    let kept = match deliveries::list_kept(&app.db, known.user, after, known.sent_seq).await {
        Ok(kept) => kept,
        Err(error) => {
            tracing::warn!(error = &error as &dyn Error, "missed events cannot be read");
            return unavailable();
        }
    };
    for event in &kept {
        if let Err(error) = post(app, connection, &event.text).await {
            tracing::info!(error = &error as &dyn Error, "missed events cannot be sent");
            return unavailable();
        }
    }
    Reply::Since {
        seq: known.sent_seq,
        reset: needs_reset(after, kept.len(), known.sent_seq),
    }
}

async fn post(app: &App, connection: &str, text: &str) -> Result<(), PushError> {
    match &app.push {
        Some(push) => push.post(connection, text).await,
        None => Err(PushError::Gone),
    }
}

/// What the connection is for cannot be done right now.
fn unavailable() -> Reply {
    Reply::Error {
        code: "SERVICE_UNAVAILABLE",
        message: "This is not possible right now; try again in some seconds.".to_owned(),
    }
}

/// A reply is plain data: writing it cannot fail, and if it did there would be nothing to say.
fn shown(reply: &Reply) -> Option<String> {
    serde_json::to_string(reply).ok()
}

/// Closes a connection that is off the list already. If that fails, the gateway does it when the
/// connection is idle, or the next thing its client says.
async fn close(app: &App, connection: &str) {
    let Some(push) = &app.push else { return };
    match push.close(connection).await {
        Ok(()) | Err(PushError::Gone) => {}
        Err(error) => {
            tracing::warn!(error = &error as &dyn Error, "a connection could not be closed");
        }
    }
}
