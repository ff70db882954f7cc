//! All that is a user's, in one answer.
//!
//! A function's answer has six megabytes at most. So it holds the newest ten thousand trades, and its
//! `next_cursor` asks for those before; of sessions, events and movements it holds the newest thousand.
//! All of it is of one moment: what is held is what the trades say.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{AuthError, Me, USER, event};
use crate::app::App;
use crate::db::accounts_export::{
    self as db_export, AuthEventEntry, MoneyEntry, PortfolioEntry, PushEntry, SessionEntry,
    SubscriptionEntry, TradeEntry,
};
use crate::db::auth_events::{self, AuthEventKind};
use crate::db::{self, DbError};
use crate::http::User;

/// Trades in an answer at most: about four megabytes.
const MOST_TRADES: usize = 10_000;

/// Sessions, events and movements of money in an answer at most, of each.
const MOST_OTHERS: i64 = 1_000;

/// A place in the list of trades: those before it are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportCursor(Timestamp, Uuid);

/// All that is a user's.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Export {
    /// Who it is.
    pub user: Me,
    /// Google's name of the account.
    google_sub: Option<String>,
    /// The sessions, ended ones too, the newest first; a thousand at most.
    #[schema(value_type = Vec<Object>)]
    sessions: Vec<SessionEntry>,
    /// What happened to the account, the newest first; a thousand at most.
    #[schema(value_type = Vec<Object>)]
    auth_events: Vec<AuthEventEntry>,
    /// The paper money that no strategy has.
    #[schema(value_type = Option<Object>)]
    portfolio: Option<PortfolioEntry>,
    /// The movements of it, the newest first; a thousand at most.
    #[schema(value_type = Vec<Object>)]
    portfolio_entries: Vec<MoneyEntry>,
    /// Every strategy followed, stopped ones too, with what is held.
    #[schema(value_type = Vec<Object>)]
    subscriptions: Vec<SubscriptionEntry>,
    /// What is kept for open sockets, counted.
    #[schema(value_type = Object)]
    push: PushEntry,
    /// The fills, the newest first.
    #[schema(value_type = Vec<Object>)]
    trades: Vec<TradeEntry>,
    /// Where the trades before these are; only the function that answers knows how it is written.
    #[serde(skip)]
    pub next: Option<ExportCursor>,
    /// Asks for the trades before these; null when these are all.
    pub next_cursor: Option<String>,
}

/// Gathers all that is a user's, trades before a place in the list.
pub async fn export(app: &App, user: User, before: Option<ExportCursor>) -> Result<Export, AuthError> {
    let who = super::me(app, user).await?;
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    if before.is_none() {
        write_down(app, &mut connection, user, now).await?;
    }
    let reading = db::begin_reading(&mut connection).await?;
    let ExportCursor(time, id) = before.unwrap_or(ExportCursor(Timestamp::MAX, Uuid::max()));
    let rows = i64::try_from(MOST_TRADES).unwrap_or(i64::MAX).saturating_add(1);
    let mut trades = db_export::trades(&reading, user.id, (time, id), rows).await?;
    let has_more = trades.len() > MOST_TRADES;
    trades.truncate(MOST_TRADES);
    let last = trades.last().map(|trade| ExportCursor(trade.at, trade.id));
    Ok(Export {
        user: who,
        google_sub: db_export::google_sub(&reading, user.id).await?,
        sessions: db_export::sessions(&reading, user.id, MOST_OTHERS).await?,
        auth_events: db_export::auth_events(&reading, user.id, MOST_OTHERS).await?,
        portfolio: db_export::portfolio(&reading, user.id).await?,
        portfolio_entries: db_export::portfolio_entries(&reading, user.id, MOST_OTHERS).await?,
        subscriptions: db_export::subscriptions(&reading, user.id).await?,
        push: db_export::push(&reading, user.id).await?,
        trades,
        next: last.filter(|_| has_more),
        next_cursor: None,
    })
}

/// Writes down that a user fetched what is theirs. Where nothing can be written they get it all the same:
/// it is reading.
async fn write_down(
    app: &App,
    connection: &mut db::Connection,
    user: User,
    now: Timestamp,
) -> Result<(), AuthError> {
    if app.modes.refused_by_database(now).is_some() {
        tracing::warn!("an export is not written down: the database takes no writes");
        return Ok(());
    }
    let exported = event(
        app,
        AuthEventKind::Exported,
        user.id,
        Some(user.session),
        USER,
        json!({}),
    );
    let written = async {
        let transaction = db::begin(connection).await?;
        auth_events::append(&transaction, &exported, now).await?;
        transaction.commit().await.map_err(DbError::from)
    };
    match written.await {
        Err(error @ DbError::ReadOnly(_)) => {
            app.modes.database_refused(now);
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "an export is not written down"
            );
            Ok(())
        }
        written => Ok(written?),
    }
}
