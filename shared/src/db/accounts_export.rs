//! All that is a user's, as the export shows it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use db_queries::queries::accounts_export as queries;

use super::{DbError, Transaction};
use crate::domain::identity::{SessionId, SubscriptionId, UserId};
use crate::domain::wire::{Utc, plain};

/// Google's name of the account.
pub async fn google_sub(transaction: &Transaction<'_>, user: UserId) -> Result<Option<String>, DbError> {
    Ok(queries::export_google_sub()
        .bind(transaction, &user.uuid())
        .opt()
        .await?)
}

/// A session, ended or not.
#[derive(Debug, Clone, Serialize)]
pub struct SessionEntry {
    id: Uuid,
    transport: String,
    user_agent: Option<String>,
    created_at: Utc,
    last_used_at: Utc,
    expires_at: Utc,
    ended_at: Option<Utc>,
    end_reason: Option<String>,
}

/// Something that happened to the account.
#[derive(Debug, Clone, Serialize)]
pub struct AuthEventEntry {
    id: Uuid,
    session_id: Option<SessionId>,
    kind: String,
    actor: String,
    detail: Value,
    created_at: Utc,
}

impl std::fmt::Display for AuthEventEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            kind,
            actor,
            detail,
            created_at,
            ..
        } = self;
        write!(f, "{created_at}  {kind:<16}  {actor}  {detail}")
    }
}

/// The paper money that no subscription holds.
#[derive(Debug, Clone, Serialize)]
pub struct PortfolioEntry {
    #[serde(serialize_with = "plain")]
    free_cash: Decimal,
    created_at: Utc,
}

/// A movement of paper money.
#[derive(Debug, Clone, Serialize)]
pub struct MoneyEntry {
    id: Uuid,
    kind: String,
    subscription_id: Option<SubscriptionId>,
    #[serde(serialize_with = "plain")]
    amount: Decimal,
    #[serde(serialize_with = "plain")]
    free_cash_after: Decimal,
    created_at: Utc,
}

/// A strategy followed, with what it holds.
#[derive(Debug, Clone, Serialize)]
pub struct SubscriptionEntry {
    id: Uuid,
    strategy_id: String,
    status: String,
    /// Its own weights; nothing where they are the strategy's.
    weights: Option<WeightsEntry>,
    #[serde(serialize_with = "plain")]
    paid_in: Decimal,
    #[serde(serialize_with = "plain")]
    taken_out: Decimal,
    #[serde(serialize_with = "plain")]
    cash: Decimal,
    #[serde(serialize_with = "plain")]
    realised: Decimal,
    active_since: Utc,
    created_at: Utc,
    stopped_at: Option<Utc>,
    last_decision_id: Option<Uuid>,
    last_outcome: Option<String>,
    holdings: Vec<HoldingEntry>,
}

/// The weights of the three agents.
#[derive(Debug, Clone, Serialize)]
pub struct WeightsEntry {
    #[serde(serialize_with = "crate::domain::wire::number")]
    macro_agent: Decimal,
    #[serde(serialize_with = "crate::domain::wire::number")]
    onchain: Decimal,
    #[serde(serialize_with = "crate::domain::wire::number")]
    ta: Decimal,
}

/// What a subscription holds of an asset.
#[derive(Debug, Clone, Serialize)]
pub struct HoldingEntry {
    asset: String,
    #[serde(serialize_with = "plain")]
    quantity: Decimal,
    #[serde(serialize_with = "plain")]
    total_cost: Decimal,
}

/// A fill.
#[derive(Debug, Clone, Serialize)]
pub struct TradeEntry {
    /// Its id.
    pub id: Uuid,
    subscription_id: Uuid,
    strategy_id: String,
    decision_id: Option<Uuid>,
    asset: String,
    side: String,
    #[serde(serialize_with = "plain")]
    quantity: Decimal,
    #[serde(serialize_with = "plain")]
    price: Decimal,
    #[serde(serialize_with = "plain")]
    fill: Decimal,
    #[serde(serialize_with = "plain")]
    value: Decimal,
    #[serde(serialize_with = "plain")]
    fee: Decimal,
    #[serde(serialize_with = "plain")]
    cost: Decimal,
    /// Null for a buy.
    realised: Option<Realised>,
    #[serde(serialize_with = "plain")]
    cash_after: Decimal,
    #[serde(serialize_with = "plain")]
    quantity_after: Decimal,
    #[serde(serialize_with = "plain")]
    cost_after: Decimal,
    as_of: Utc,
    executed_at: Utc,
    /// Its place in the list, as exactly as the row has it.
    #[serde(skip)]
    pub at: Timestamp,
}

/// A profit, or a loss.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
struct Realised(#[serde(serialize_with = "plain")] Decimal);

/// What is kept for the user's open sockets.
#[derive(Debug, Clone, Serialize)]
pub struct PushEntry {
    /// Sockets that are open now.
    connections: i64,
    /// Events that are kept for a while.
    events: i64,
    /// The number of the newest one.
    last_seq: Option<i64>,
}

/// The user's sessions, the newest first.
pub async fn sessions(
    transaction: &Transaction<'_>,
    user: UserId,
    limit: i64,
) -> Result<Vec<SessionEntry>, DbError> {
    let rows = queries::export_sessions()
        .bind(transaction, &user.uuid(), &limit)
        .all()
        .await?;
    let entries = rows.into_iter().map(|row| SessionEntry {
        id: row.id,
        transport: row.transport,
        user_agent: row.user_agent,
        created_at: row.created_at.into(),
        last_used_at: row.last_used_at.into(),
        expires_at: row.expires_at.into(),
        ended_at: row.ended_at.map(Utc::from),
        end_reason: row.end_reason,
    });
    Ok(entries.collect())
}

/// What happened to the account, the newest first.
pub async fn auth_events(
    transaction: &Transaction<'_>,
    user: UserId,
    limit: i64,
) -> Result<Vec<AuthEventEntry>, DbError> {
    let rows = queries::export_auth_events()
        .bind(transaction, &user.uuid(), &limit)
        .all()
        .await?;
    let entries = rows.into_iter().map(|row| AuthEventEntry {
        id: row.id,
        session_id: row.session_id.map(SessionId::from),
        kind: row.kind,
        actor: row.actor,
        detail: row.detail,
        created_at: row.created_at.into(),
    });
    Ok(entries.collect())
}

/// The user's portfolio.
pub async fn portfolio(
    transaction: &Transaction<'_>,
    user: UserId,
) -> Result<Option<PortfolioEntry>, DbError> {
    let row = queries::export_portfolio()
        .bind(transaction, &user.uuid())
        .opt()
        .await?;
    Ok(row.map(|row| PortfolioEntry {
        free_cash: row.free_cash,
        created_at: row.created_at.into(),
    }))
}

/// The movements of the user's money, the newest first.
pub async fn portfolio_entries(
    transaction: &Transaction<'_>,
    user: UserId,
    limit: i64,
) -> Result<Vec<MoneyEntry>, DbError> {
    let rows = queries::export_portfolio_entries()
        .bind(transaction, &user.uuid(), &limit)
        .all()
        .await?;
    let entries = rows.into_iter().map(|row| MoneyEntry {
        id: row.id,
        kind: row.kind,
        subscription_id: row.subscription_id.map(SubscriptionId::from),
        amount: row.amount,
        free_cash_after: row.free_cash_after,
        created_at: row.created_at.into(),
    });
    Ok(entries.collect())
}

/// The strategies that the user follows or followed, the newest first.
pub async fn subscriptions(
    transaction: &Transaction<'_>,
    user: UserId,
) -> Result<Vec<SubscriptionEntry>, DbError> {
    let rows = queries::export_subscriptions()
        .bind(transaction, &user.uuid())
        .all()
        .await?;
    let held = queries::export_holdings()
        .bind(transaction, &user.uuid())
        .all()
        .await?;
    let holdings_of = |subscription: Uuid| {
        let holdings = held.iter().filter(|row| row.subscription_id == subscription);
        let entries = holdings.map(|row| HoldingEntry {
            asset: row.asset.clone(),
            quantity: row.quantity,
            total_cost: row.total_cost,
        });
        entries.collect()
    };
    let entries = rows.into_iter().map(|row| SubscriptionEntry {
        holdings: holdings_of(row.id),
        weights: row.weight_macro.zip(row.weight_onchain).zip(row.weight_ta).map(
            |((macro_agent, onchain), ta)| WeightsEntry {
                macro_agent,
                onchain,
                ta,
            },
        ),
        id: row.id,
        strategy_id: row.strategy_id,
        status: row.status,
        paid_in: row.paid_in,
        taken_out: row.taken_out,
        cash: row.cash,
        realised: row.realised,
        active_since: row.active_since.into(),
        created_at: row.created_at.into(),
        stopped_at: row.stopped_at.map(Utc::from),
        last_decision_id: row.last_decision_id,
        last_outcome: row.last_outcome,
    });
    Ok(entries.collect())
}

/// The user's fills before a place in the list, the newest first.
pub async fn trades(
    transaction: &Transaction<'_>,
    user: UserId,
    before: (Timestamp, Uuid),
    limit: i64,
) -> Result<Vec<TradeEntry>, DbError> {
    let rows = queries::export_trades()
        .bind(transaction, &user.uuid(), &before.0, &before.1, &limit)
        .all()
        .await?;
    let entries = rows.into_iter().map(|row| TradeEntry {
        id: row.id,
        subscription_id: row.subscription_id,
        strategy_id: row.strategy_id,
        decision_id: row.decision_id,
        asset: row.asset,
        side: row.side,
        quantity: row.quantity,
        price: row.price,
        fill: row.fill,
        value: row.value,
        fee: row.fee,
        cost: row.cost,
        realised: row.realised.map(Realised),
        cash_after: row.cash_after,
        quantity_after: row.quantity_after,
        cost_after: row.cost_after,
        as_of: row.as_of.into(),
        executed_at: row.executed_at.into(),
        at: row.executed_at,
    });
    Ok(entries.collect())
}

/// What is kept for the user's sockets.
pub async fn push(transaction: &Transaction<'_>, user: UserId) -> Result<PushEntry, DbError> {
    let row = queries::export_push()
        .bind(transaction, &user.uuid())
        .one()
        .await?;
    Ok(PushEntry {
        connections: row.connections,
        events: row.events,
        last_seq: row.last_seq,
    })
}
