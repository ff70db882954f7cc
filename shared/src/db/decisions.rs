//! What executions decided for each vector of weights, and how far that was traded.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use db_queries::queries::decisions::{self as queries, LockDecision};

use super::executions::Execution;
use super::{Db, DbError};
use crate::domain::agents::AgentKind;
use crate::domain::decision::{Conviction, Signal};
use crate::domain::identity::DecisionId;
use crate::domain::market::{Asset, Price, UnknownName};
use crate::domain::money::Money;
use crate::domain::paper::Prices;
use crate::domain::strategy::{StrategyId, StrategyIdError, Weights};
use crate::ids;

/// How far a decision was traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not to its end.
    Pending,
    /// All that take part were dealt with.
    Traded,
    /// There was nothing to trade.
    Nothing,
    /// A lock stopped it for good.
    Blocked,
    /// It was not traded in time.
    Expired,
}

impl Status {
    /// The name in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Traded => "traded",
            Self::Nothing => "nothing",
            Self::Blocked => "blocked",
            Self::Expired => "expired",
        }
    }
}

/// What an execution decided for one vector of weights.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDecision {
    /// The weights.
    pub weights: Weights,
    /// Whether they are the strategy's own.
    pub is_own: bool,
    /// Conviction and signal; none where the weights leave too little to decide on.
    pub decided: Option<(Conviction, Signal)>,
    /// The share of equity to buy with, -0.5 to sell half, 0 to do nothing.
    pub position: Decimal,
    /// All of it in one paragraph.
    pub explanation: String,
    /// Pending, or why there is nothing to trade.
    pub status: Status,
    /// Why it is not to be traded.
    pub reason: Option<String>,
}

/// The decisions of one execution.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decisions {
    /// The prices of T, which all of them use.
    pub prices: Prices,
    /// One for each vector of weights.
    pub made: Vec<NewDecision>,
}

/// The weights of their own that those have who take part in a strategy's decision as of a time, each
/// vector once. They are settled once that time has come: whoever is re-weighted or
/// resumed later takes part later.
pub async fn list_vectors(db: &Db, strategy: &StrategyId, as_of: Timestamp) -> Result<Vec<Weights>, DbError> {
    let connection = db.get().await?;
    let rows = queries::vectors_taking_part()
        .bind(&connection, &strategy.as_str(), &as_of)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| weights([row.weight_macro, row.weight_onchain, row.weight_ta]))
        .collect()
}

/// Gives a strategy its reference portfolio, which takes part from `as_of` on, unless it has one.
pub async fn ensure_reference(
    db: &Db,
    strategy: &StrategyId,
    capital: Money,
    as_of: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    let connection = db.get().await?;
    let id = ids::of_reference(strategy.as_str());
    queries::ensure_reference()
        .bind(
            &connection,
            &id,
            &strategy.as_str(),
            &capital.value(),
            &as_of,
            &now,
        )
        .await?;
    Ok(())
}

/// Writes the decisions of an execution in its transaction; all use the same prices.
pub(super) async fn record(
    transaction: &Transaction<'_>,
    execution: &Execution,
    Decisions { prices, made }: &Decisions,
) -> Result<(), DbError> {
    let vectors: Vec<_> = made.iter().map(|decision| parts(&decision.weights)).collect();
    let weight = |n: usize| -> Vec<Decimal> { vectors.iter().map(|vector| vector[n]).collect() };
    let price = |asset| prices.of(asset).map(Price::value);
    queries::record_decisions()
        .bind(
            transaction,
            &execution.id,
            &execution.strategy_id.as_str(),
            &execution.as_of,
            &price(Asset::Btc),
            &price(Asset::Eth),
            &execution.created_at,
            &vectors
                .iter()
                .map(|vector| ids::of_decision(execution.id, *vector))
                .collect::<Vec<_>>(),
            &made.iter().map(|decision| decision.is_own).collect::<Vec<_>>(),
            &weight(0),
            &weight(1),
            &weight(2),
            &made
                .iter()
                .map(|decision| decision.decided.map(|(conviction, _)| conviction.value()))
                .collect::<Vec<_>>(),
            &made
                .iter()
                .map(|decision| decision.decided.map(|(_, signal)| signal.as_str()))
                .collect::<Vec<_>>(),
            &made.iter().map(|decision| decision.position).collect::<Vec<_>>(),
            &made
                .iter()
                .map(|decision| decision.explanation.as_str())
                .collect::<Vec<_>>(),
            &made
                .iter()
                .map(|decision| decision.status.as_str())
                .collect::<Vec<_>>(),
            &made
                .iter()
                .map(|decision| decision.reason.as_deref())
                .collect::<Vec<_>>(),
        )
        .await?;
    Ok(())
}

/// The decisions that are not traded to their end, the oldest T first.
pub async fn list_pending(db: &Db) -> Result<Vec<DecisionId>, DbError> {
    let connection = db.get().await?;
    let rows = queries::pending_decisions().bind(&connection).all().await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// A pending decision, locked.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Its id.
    pub id: DecisionId,
    /// Which strategy.
    pub strategy_id: StrategyId,
    /// T.
    pub as_of: Timestamp,
    /// Whose weights.
    pub weights: Weights,
    /// Whether they are the strategy's own.
    pub is_own: bool,
    /// How sure the agents are.
    pub conviction: Conviction,
    /// What to do.
    pub signal: Signal,
    /// The share of equity to buy with.
    pub position: Decimal,
    /// The prices of T.
    pub prices: Prices,
    /// The last subscription that was dealt with.
    pub done_up_to: Option<Uuid>,
    /// Orders that were not placed, by reason.
    pub skipped: BTreeMap<String, u64>,
}

/// Locks a decision until the transaction ends, if it is still pending then.
pub async fn lock_pending(transaction: &Transaction<'_>, id: DecisionId) -> Result<Option<Pending>, DbError> {
    let row = queries::lock_decision()
        .prepare(transaction)
        .await?
        .bind(transaction, &id.uuid())
        .opt()
        .await?;
    row.filter(|row| row.status == Status::Pending.as_str())
        .map(pending)
        .transpose()
}

/// What a chunk adds to a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The last subscription that was looked at; none when there was none left.
    pub done_up_to: Option<Uuid>,
    /// Subscriptions that were dealt with.
    pub subscriptions: usize,
    /// Fills.
    pub trades: usize,
    /// When its last subscription was dealt with, if that was in this chunk.
    pub finished_at: Option<Timestamp>,
}

/// Moves a locked decision on.
pub async fn advance(
    transaction: &Transaction<'_>,
    id: DecisionId,
    progress: Progress,
    skipped: &BTreeMap<String, u64>,
) -> Result<(), DbError> {
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let status = match progress.finished_at {
        Some(_) => Status::Traded,
        None => Status::Pending,
    };
    let skipped = serde_json::to_value(skipped).map_err(|error| DbError::row("decision", error))?;
    queries::advance_decision()
        .prepare(transaction)
        .await?
        .bind(
            transaction,
            &progress.done_up_to,
            &count(progress.subscriptions),
            &count(progress.trades),
            &skipped,
            &status.as_str(),
            &progress.finished_at,
            &id.uuid(),
        )
        .await?;
    Ok(())
}

/// Ends a locked decision that is not to be traded any further.
pub async fn give_up(
    transaction: &Transaction<'_>,
    id: DecisionId,
    status: Status,
    reason: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    queries::give_up_decision()
        .bind(transaction, &status.as_str(), &reason, &now, &id.uuid())
        .await?;
    Ok(())
}

/// Weights in the order of their columns.
pub(super) fn parts(weights: &Weights) -> [Decimal; 3] {
    [AgentKind::Macro, AgentKind::Onchain, AgentKind::Ta].map(|agent| weights.of(agent))
}

fn weights([macro_, onchain, ta]: [Decimal; 3]) -> Result<Weights, DbError> {
    Weights::new(macro_, onchain, ta).map_err(|error| DbError::row("weights", error))
}

fn pending(row: LockDecision) -> Result<Pending, DbError> {
    let (conviction, signal) = row
        .conviction
        .zip(row.signal)
        .ok_or_else(|| DbError::row("decision", "a pending one has a signal"))?;
    Ok(Pending {
        id: row.id.into(),
        strategy_id: row
            .strategy_id
            .parse()
            .map_err(|error: StrategyIdError| DbError::row("decision", error))?,
        as_of: row.as_of,
        weights: weights([row.weight_macro, row.weight_onchain, row.weight_ta])?,
        is_own: row.is_own,
        conviction: Conviction::nearest(conviction),
        signal: signal
            .parse()
            .map_err(|error: UnknownName| DbError::row("decision", error))?,
        position: row.position.normalize(),
        prices: Prices::new(
            row.price_btc.and_then(Price::new),
            row.price_eth.and_then(Price::new),
        ),
        done_up_to: row.done_up_to,
        skipped: serde_json::from_value(row.skipped).map_err(|error| DbError::row("decision", error))?,
    })
}
