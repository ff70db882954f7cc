//! Subscriptions as their users change them, and the money that moves between them and the portfolio.
//!
//! Who changes one locks in this order: the subscription, the user's portfolio, push streams. What
//! decisions write into them is in [`super::ledger`].

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use db_queries::client::Params as _;
use db_queries::queries::subscriptions::{
    self as queries, ChangeSubscriptionParams, InsertSubscriptionParams, MoveMoneyParams, SubscriptionRow,
};

use super::DbError;
use crate::domain::agents::AgentKind;
use crate::domain::candles;
use crate::domain::decision::ClosingPrice;
use crate::domain::identity::{DecisionId, SubscriptionId, UserId};
use crate::domain::market::{Asset, Price, Timeframe, UnknownName};
use crate::domain::money::{AmountError, Money, Quantity};
use crate::domain::paper::{BookError, Holding, Totals};
use crate::domain::strategy::{StrategyId, StrategyIdError, Weights};
use crate::domain::subscriptions::Status;
use crate::domain::tier::Tier;

/// A user's paper money that no subscription holds, locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purse {
    /// How much.
    pub free_cash: Money,
    /// The user's plan now.
    pub tier: Tier,
}

/// A strategy that a user follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Which strategy.
    pub strategy: StrategyId,
    /// Whether it takes part.
    pub status: Status,
    /// Weights of its own; the strategy's when there are none.
    pub weights: Option<Weights>,
    /// Its money.
    pub totals: Totals,
    /// It takes part in decisions as of this time or later.
    pub active_since: Timestamp,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
    /// The newest decision with orders, and what became of them here.
    pub last: Option<(DecisionId, String)>,
}

/// Locks a user's portfolio; `None` when the user is gone.
pub async fn lock_purse(transaction: &Transaction<'_>, user: UserId) -> Result<Option<Purse>, DbError> {
    let row = queries::lock_portfolio()
        .bind(transaction, &user.uuid())
        .opt()
        .await?;
    row.map(|row| {
        Ok(Purse {
            free_cash: money(row.free_cash)?,
            tier: tier(&row.tier)?,
        })
    })
    .transpose()
}

/// The strategies that a user follows now, active or paused.
pub async fn list_open(transaction: &Transaction<'_>, user: UserId) -> Result<Vec<String>, DbError> {
    let ids = queries::open_subscriptions_of()
        .bind(transaction, &user.uuid())
        .all()
        .await?;
    Ok(ids)
}

/// Whether there is such a strategy and it decides.
pub async fn is_followable(transaction: &Transaction<'_>, strategy: &StrategyId) -> Result<bool, DbError> {
    let row = queries::followable_strategy()
        .bind(transaction, &strategy.as_str())
        .opt()
        .await?;
    Ok(row.is_some())
}

/// Begins a subscription, active from now on.
pub async fn insert(transaction: &Transaction<'_>, user: UserId, new: &Subscription) -> Result<(), DbError> {
    let [weight_macro, weight_onchain, weight_ta] = parts(new.weights);
    let params = InsertSubscriptionParams {
        id: new.id.uuid(),
        user_id: user.uuid(),
        strategy_id: new.strategy.as_str(),
        weight_macro,
        weight_onchain,
        weight_ta,
        capital: new.totals.paid_in.value(),
        now: new.created_at,
    };
    queries::insert_subscription()
        .params(transaction, &params)
        .await?;
    Ok(())
}

/// Locks a user's open subscription to a strategy, waiting for whoever holds it.
pub async fn lock_open(
    transaction: &Transaction<'_>,
    user: UserId,
    strategy: &StrategyId,
) -> Result<Option<Subscription>, DbError> {
    let row = queries::lock_subscription()
        .bind(transaction, &user.uuid(), &strategy.as_str())
        .opt()
        .await?;
    row.map(subscription).transpose()
}

/// What is held by subscriptions, in the order of their ids and assets. A statement of its own after
/// the lock: joined to it, it would see what was held before the wait.
pub async fn list_holdings(
    transaction: &Transaction<'_>,
    subscriptions: &[SubscriptionId],
) -> Result<Vec<(SubscriptionId, Asset, Holding)>, DbError> {
    let ids: Vec<Uuid> = subscriptions.iter().map(|id| id.uuid()).collect();
    let rows = queries::holdings_of_subscriptions()
        .bind(transaction, &ids)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            let unreadable = |error: BookError| DbError::row("holding", error);
            let quantity = Quantity::new(row.quantity).map_err(|error| unreadable(error.into()))?;
            let holding = Holding::new(quantity, money(row.total_cost)?).map_err(unreadable)?;
            Ok((row.subscription_id.into(), asset(&row.asset)?, holding))
        })
        .collect()
}

/// Writes what a locked subscription has become.
pub async fn update(transaction: &Transaction<'_>, changed: &Subscription) -> Result<(), DbError> {
    let [weight_macro, weight_onchain, weight_ta] = parts(changed.weights);
    let params = ChangeSubscriptionParams {
        status: changed.status.as_str(),
        weight_macro,
        weight_onchain,
        weight_ta,
        paid_in: changed.totals.paid_in.value(),
        taken_out: changed.totals.taken_out.value(),
        cash: changed.totals.cash.value(),
        realised: changed.totals.realised.value(),
        active_since: changed.active_since,
        stopped_at: changed.stopped_at,
        id: changed.id.uuid(),
    };
    queries::change_subscription()
        .params(transaction, &params)
        .await?;
    Ok(())
}

/// Money on its way between a portfolio and a subscription.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// Whose portfolio.
    pub user: UserId,
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// What it adds to the free cash; negative where it is paid in.
    pub amount: Money,
    /// The free cash after it.
    pub free_cash_after: Money,
}

/// Moves money, and writes down that it moved. The portfolio is locked by then.
pub async fn move_money(transaction: &Transaction<'_>, entry: Entry, now: Timestamp) -> Result<(), DbError> {
    let kind = if entry.amount.is_negative() {
        "paid_in"
    } else {
        "taken_out"
    };
    let params = MoveMoneyParams {
        free_cash_after: entry.free_cash_after.value(),
        user_id: entry.user.uuid(),
        id: entry.id,
        kind,
        subscription_id: entry.subscription.uuid(),
        amount: entry.amount.value(),
        now,
    };
    queries::move_money().params(transaction, &params).await?;
    Ok(())
}

/// The newest stored close of each asset and timeframe at each time.
pub async fn list_closes(
    transaction: &Transaction<'_>,
    times: &[Timestamp],
) -> Result<Vec<(Timestamp, Asset, ClosingPrice)>, DbError> {
    let wanted: Vec<(Timestamp, Asset, Timeframe)> = times
        .iter()
        .flat_map(|at| Asset::ALL.map(|asset| (*at, asset)))
        .flat_map(|(at, asset)| Timeframe::STORED.map(|timeframe| (at, asset, timeframe)))
        .collect();
    let ats: Vec<_> = wanted.iter().map(|(at, ..)| *at).collect();
    let assets: Vec<_> = wanted.iter().map(|(_, asset, _)| asset.as_str()).collect();
    let timeframes: Vec<_> = wanted.iter().map(|(.., timeframe)| timeframe.as_str()).collect();
    let opened_by: Vec<_> = wanted
        .iter()
        .map(|(at, _, timeframe)| candles::newest_closed_by(*timeframe, *at))
        .collect();
    let rows = queries::closes_at()
        .bind(transaction, &ats, &assets, &timeframes, &opened_by)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            let timeframe: Timeframe = row
                .timeframe
                .parse()
                .map_err(|error: UnknownName| DbError::row("candle", error))?;
            let close = ClosingPrice {
                price: price(row.close)?,
                timeframe,
                closed_at: candles::end_of(timeframe, row.open_time).into(),
            };
            Ok((row.at, asset(&row.asset)?, close))
        })
        .collect()
}

fn subscription(row: SubscriptionRow) -> Result<Subscription, DbError> {
    Ok(Subscription {
        id: row.id.into(),
        strategy: strategy(&row.strategy_id)?,
        status: status(&row.status)?,
        weights: weights([row.weight_macro, row.weight_onchain, row.weight_ta])?,
        totals: Totals {
            paid_in: money(row.paid_in)?,
            taken_out: money(row.taken_out)?,
            cash: money(row.cash)?,
            realised: money(row.realised)?,
        },
        active_since: row.active_since,
        created_at: row.created_at,
        stopped_at: row.stopped_at,
        last: row.last_decision_id.map(DecisionId::from).zip(row.last_outcome),
    })
}

fn parts(weights: Option<Weights>) -> [Option<Decimal>; 3] {
    AgentKind::ALL.map(|agent| weights.map(|weights| weights.of(agent)))
}

pub(super) fn weights(parts: [Option<Decimal>; 3]) -> Result<Option<Weights>, DbError> {
    let [Some(macro_), Some(onchain), Some(ta)] = parts else {
        return Ok(None);
    };
    let weights = Weights::new(macro_.normalize(), onchain.normalize(), ta.normalize());
    weights.map(Some).map_err(|error| DbError::row("weights", error))
}

pub(super) fn money(value: Decimal) -> Result<Money, DbError> {
    Money::new(value).map_err(|error: AmountError| DbError::row("amount", error))
}

pub(super) fn price(value: Decimal) -> Result<Price, DbError> {
    Price::new(value.normalize()).ok_or_else(|| DbError::row("price", "it is not positive"))
}

pub(super) fn asset(text: &str) -> Result<Asset, DbError> {
    text.parse()
        .map_err(|error: UnknownName| DbError::row("asset", error))
}

pub(super) fn status(text: &str) -> Result<Status, DbError> {
    text.parse()
        .map_err(|error: UnknownName| DbError::row("subscription", error))
}

pub(super) fn strategy(text: &str) -> Result<StrategyId, DbError> {
    text.parse()
        .map_err(|error: StrategyIdError| DbError::row("subscription", error))
}

pub(super) fn tier(text: &str) -> Result<Tier, DbError> {
    Tier::named(text).ok_or_else(|| DbError::row("user", "an unknown tier"))
}
