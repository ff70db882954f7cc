//! Portfolios as they are read: what is owned now, and the ledger over time.
//!
//! Everything here reads within a transaction of [`super::begin_reading`], so that money on its way
//! between two rows is seen once.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use db_queries::client::Params as _;
use db_queries::queries::portfolios::{self as queries, OpenSubscriptionRow, SumRow};

use super::DbError;
use super::subscriptions::{asset, money, price, status, strategy, tier, weights};
use crate::domain::equity::Movement;
use crate::domain::identity::{DecisionId, SubscriptionId, UserId};
use crate::domain::market::{Asset, Price};
use crate::domain::money::Money;
use crate::domain::paper::{Prices, Totals};
use crate::domain::statistics::Sells;
use crate::domain::strategy::{StrategyId, Weights};
use crate::domain::subscriptions::Status;
use crate::domain::tier::Tier;

/// A user's portfolio without its subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portfolio {
    /// What no subscription holds.
    pub free_cash: Money,
    /// When it was opened.
    pub created_at: Timestamp,
    /// The user's plan now.
    pub tier: Tier,
}

/// A user's portfolio; `None` when the user is gone.
pub async fn find(transaction: &Transaction<'_>, user: UserId) -> Result<Option<Portfolio>, DbError> {
    let row = queries::portfolio_of()
        .bind(transaction, &user.uuid())
        .opt()
        .await?;
    row.map(|row| {
        Ok(Portfolio {
            free_cash: money(row.free_cash)?,
            created_at: row.created_at,
            tier: tier(&row.tier)?,
        })
    })
    .transpose()
}

/// An open subscription with the newest decision that had orders for it.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenSubscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Which strategy.
    pub strategy: StrategyId,
    /// Active or paused.
    pub status: Status,
    /// Weights of its own.
    pub weights: Option<Weights>,
    /// Its money.
    pub totals: Totals,
    /// It takes part in decisions as of this time or later.
    pub active_since: Timestamp,
    /// When it was begun.
    pub created_at: Timestamp,
    /// The decision, and what became of it here.
    pub last: Option<LastDecision>,
}

/// A decision as its subscription remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDecision {
    /// Its id.
    pub id: DecisionId,
    /// T.
    pub as_of: Timestamp,
    /// 0..=100.
    pub conviction: Option<Decimal>,
    /// BUY or SELL.
    pub signal: Option<String>,
    /// `traded`, or why not.
    pub outcome: String,
}

/// A user's open subscriptions in the order in which they were begun.
pub async fn list_open(
    transaction: &Transaction<'_>,
    user: UserId,
) -> Result<Vec<OpenSubscription>, DbError> {
    let rows = queries::open_subscriptions()
        .bind(transaction, &user.uuid())
        .all()
        .await?;
    rows.into_iter().map(open_subscription).collect()
}

fn open_subscription(row: OpenSubscriptionRow) -> Result<OpenSubscription, DbError> {
    let last = row
        .decision_id
        .zip(row.decision_as_of)
        .zip(row.last_outcome)
        .map(|((id, as_of), outcome)| LastDecision {
            id: id.into(),
            as_of,
            conviction: row.decision_conviction,
            signal: row.decision_signal,
            outcome,
        });
    Ok(OpenSubscription {
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
        last,
    })
}

/// The strategies that a user follows or has followed, each since when.
pub async fn list_followed(
    transaction: &Transaction<'_>,
    user: UserId,
) -> Result<Vec<(String, Timestamp)>, DbError> {
    let rows = queries::followed_strategies()
        .bind(transaction, &user.uuid())
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| (row.strategy_id, row.since)).collect())
}

/// Money that came or went at a time; negative when it went.
pub type Flow = (Timestamp, Money);

/// What a portfolio was opened with.
pub async fn find_opening(transaction: &Transaction<'_>, user: UserId) -> Result<Option<Flow>, DbError> {
    let row = queries::opening_of()
        .bind(transaction, &user.uuid())
        .opt()
        .await?;
    row.map(|row| Ok((row.created_at, money(row.amount)?)))
        .transpose()
}

/// A span of time: after `since`, up to and with `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its beginning.
    pub since: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

/// What a user's subscriptions to a strategy had been given by the beginning of a span, less what
/// they gave back; and the flows within it, at most `most`, oldest first.
pub async fn list_flows(
    transaction: &Transaction<'_>,
    (user, strategy): (UserId, &str),
    span: Span,
    most: i64,
) -> Result<(Money, Vec<Flow>), DbError> {
    let before = queries::capital_until()
        .bind(transaction, &user.uuid(), &strategy, &span.since)
        .one()
        .await?;
    let rows = queries::flows_between()
        .bind(
            transaction,
            &user.uuid(),
            &strategy,
            &span.since,
            &span.until,
            &most,
        )
        .all()
        .await?;
    let flows = rows
        .into_iter()
        .map(|row| Ok((row.created_at, money(row.amount)?)));
    Ok((
        money(before.unwrap_or_default())?,
        flows.collect::<Result<_, DbError>>()?,
    ))
}

/// Which of the strategies' own decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// All.
    Every,
    /// Those as of 00:00 UTC.
    AtMidnight,
}

/// The times of the strategies' own decisions from the beginning to the end of a span, with the
/// prices they were made at: at most `most` rows, oldest first, each time once.
pub async fn list_decided(
    transaction: &Transaction<'_>,
    strategies: &[&str],
    which: Decided,
    span: Span,
    most: i64,
) -> Result<Vec<(Timestamp, Prices)>, DbError> {
    let rows = queries::own_decisions()
        .bind(
            transaction,
            &strategies,
            &span.since,
            &span.until,
            &(which == Decided::Every),
            &most,
        )
        .all()
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.as_of, prices(row.price_btc, row.price_eth)?)))
        .collect()
}

/// The first of the strategies' own decisions at which BTC had a price, from each of these times on and
/// until `until`.
pub async fn list_first_decided(
    transaction: &Transaction<'_>,
    strategies: &[&str],
    since: &[Timestamp],
    until: Timestamp,
) -> Result<Vec<(Timestamp, Prices)>, DbError> {
    let rows = queries::first_own_decisions()
        .bind(transaction, &since, &strategies, &until)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.as_of, prices(row.price_btc, row.price_eth)?)))
        .collect()
}

fn prices(btc: Option<Decimal>, eth: Option<Decimal>) -> Result<Prices, DbError> {
    Ok(Prices::new(
        btc.map(price).transpose()?,
        eth.map(price).transpose()?,
    ))
}

/// The closes of the daily candles that opened within a span, by open time.
pub async fn list_daily_closes(
    transaction: &Transaction<'_>,
    span: Span,
) -> Result<BTreeMap<(Timestamp, Asset), Price>, DbError> {
    let assets: &[&str] = &Asset::ALL.map(Asset::as_str);
    let rows = queries::daily_closes()
        .bind(transaction, &assets, &span.since, &span.until)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| Ok(((row.open_time, asset(&row.asset)?), price(row.close)?)))
        .collect()
}

/// Whose trades.
#[derive(Debug, Clone, Copy)]
pub enum Owner<'a> {
    /// A user's, with one strategy or with all.
    User(UserId, Option<&'a str>),
    /// Those of subscriptions.
    Subscriptions(&'a [Uuid]),
}

/// What trades did between given times, the last of which ends it; at most `most` rows, in the order
/// in which a curve takes them. A trade counts as of its T, or as of what its subscription did between T
/// and the trade, where that is later.
pub async fn list_movements(
    transaction: &Transaction<'_>,
    owner: Owner<'_>,
    times: &[Timestamp],
    most: i64,
) -> Result<Vec<Movement>, DbError> {
    let Some(until) = times.last() else {
        return Ok(Vec::new());
    };
    let rows = match owner {
        Owner::User(user, strategy) => {
            queries::trade_sums_of_user()
                .bind(transaction, &times, &user.uuid(), &strategy, until, &most)
                .all()
                .await?
        }
        Owner::Subscriptions(ids) => {
            queries::trade_sums_of_subscriptions()
                .bind(transaction, &times, &ids, until, &most)
                .all()
                .await?
        }
    };
    rows.iter().map(movement).collect()
}

fn movement(row: &SumRow) -> Result<Movement, DbError> {
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(Movement {
        moment: usize::try_from(row.place).map_err(|error| DbError::row("sum of trades", error))?,
        is_at: row.is_at,
        subscription: row.subscription_id.into(),
        asset: asset(&row.asset)?,
        quantity: row.quantity,
        cash: money(row.cash)?,
        sells: Sells {
            all: count(row.sells),
            won: count(row.won),
        },
    })
}

/// A strategy's own portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its subscription.
    pub id: SubscriptionId,
    /// Whose.
    pub strategy_id: String,
    /// What it began with.
    pub paid_in: Money,
    /// The T of its first decision.
    pub since: Timestamp,
}

/// The reference portfolios of strategies that have one.
pub async fn list_references(
    transaction: &Transaction<'_>,
    strategies: &[&str],
) -> Result<Vec<Reference>, DbError> {
    let rows = queries::reference_portfolios()
        .bind(transaction, &strategies)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Reference {
                id: row.id.into(),
                strategy_id: row.strategy_id,
                paid_in: money(row.paid_in)?,
                since: row.since,
            })
        })
        .collect()
}

/// Which trades of a user.
#[derive(Debug, Clone, Copy)]
pub struct PageOf<'a> {
    /// Of this strategy alone.
    pub strategy: Option<&'a str>,
    /// Of this asset alone.
    pub asset: Option<Asset>,
    /// `buy` or `sell` alone.
    pub side: Option<&'a str>,
    /// None before this.
    pub since: Timestamp,
    /// Exclusive bound: time and id of the last trade already shown.
    pub before: (Timestamp, Uuid),
    /// Most trades, at least 1.
    pub limit: i64,
}

/// A trade with the decision behind it, as their rows have them.
pub use db_queries::queries::portfolios::TradePage as TradeRow;

/// A page of a user's trades, newest first.
pub async fn list_trades(
    transaction: &Transaction<'_>,
    user: UserId,
    page: PageOf<'_>,
) -> Result<Vec<TradeRow>, DbError> {
    let params = queries::TradePageParams {
        user_id: user.uuid(),
        since: page.since,
        before_time: page.before.0,
        before_id: page.before.1,
        strategy_id: page.strategy,
        asset: page.asset.map(Asset::as_str),
        side: page.side,
        limit: page.limit,
    };
    Ok(queries::trade_page().params(transaction, &params).all().await?)
}
