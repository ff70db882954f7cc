//! What a simulation sets up in a database of its own, and what it reads there when it is done.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;

use db_queries::queries::simulate as queries;

use super::subscriptions::{asset, money, price};
use super::{Db, DbError};
use crate::domain::agents::AgentKind;
use crate::domain::identity::SubscriptionId;
use crate::domain::market::Asset;
use crate::domain::money::{Money, Quantity};
use crate::domain::paper::{Prices, Side};
use crate::domain::strategy::{StrategyId, Weights};

/// Lets this strategy decide, and no other.
pub async fn run_only(db: &Db, strategy: &StrategyId) -> Result<(), DbError> {
    let connection = db.get().await?;
    queries::run_one_strategy()
        .bind(&connection, &strategy.as_str())
        .await?;
    Ok(())
}

/// Gives a strategy other weights.
pub async fn reweight(db: &Db, strategy: &StrategyId, weights: &Weights) -> Result<(), DbError> {
    let connection = db.get().await?;
    let [macro_, onchain, ta] =
        [AgentKind::Macro, AgentKind::Onchain, AgentKind::Ta].map(|agent| weights.of(agent));
    queries::reweight_strategy()
        .bind(&connection, &macro_, &onchain, &ta, &strategy.as_str())
        .await?;
    Ok(())
}

/// What a strategy decided as of a boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// T.
    pub as_of: Timestamp,
    /// 0 to 100; nothing where too few agents answered.
    pub conviction: Option<Decimal>,
    /// BUY, SELL, HOLD or PAUSE.
    pub signal: Option<String>,
    /// How far it was traded.
    pub status: String,
    /// Why it was not.
    pub reason: Option<String>,
    /// The last closed prices.
    pub prices: Prices,
    /// Orders that were not placed, by reason.
    pub not_placed: BTreeMap<String, u64>,
}

/// A strategy's own decisions in a span, oldest first.
pub async fn list_decided(
    db: &Db,
    strategy: &StrategyId,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Decided>, DbError> {
    let connection = db.get().await?;
    let rows = queries::own_decisions()
        .bind(&connection, &strategy.as_str(), &from, &to)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Decided {
                as_of: row.as_of,
                conviction: row.conviction,
                signal: row.signal,
                status: row.status,
                reason: row.reason,
                prices: Prices::new(
                    row.price_btc.map(price).transpose()?,
                    row.price_eth.map(price).transpose()?,
                ),
                not_placed: serde_json::from_value(row.skipped)
                    .map_err(|error| DbError::row("decision", error))?,
            })
        })
        .collect()
}

/// A fill as it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// T of its decision.
    pub as_of: Timestamp,
    /// Of which asset.
    pub asset: Asset,
    /// Which way.
    pub side: Side,
    /// Units of the asset.
    pub quantity: Quantity,
    /// The last closed price.
    pub price: Money,
    /// That with the slippage.
    pub fill: Money,
    /// Quantity × fill.
    pub value: Money,
    /// What it took besides.
    pub fee: Money,
    /// Profit or loss; nothing for a buy.
    pub realised: Option<Money>,
    /// Cash after it.
    pub cash_after: Money,
}

/// All fills of a subscription, oldest first.
pub async fn list_filled(db: &Db, subscription: SubscriptionId) -> Result<Vec<Filled>, DbError> {
    let connection = db.get().await?;
    let rows = queries::fills_of_subscription()
        .bind(&connection, &subscription.uuid())
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Filled {
                as_of: row.as_of,
                asset: asset(&row.asset)?,
                side: [Side::Buy, Side::Sell]
                    .into_iter()
                    .find(|side| side.as_str() == row.side)
                    .ok_or_else(|| DbError::row("trade", format!("unknown side {}", row.side)))?,
                quantity: Quantity::new(row.quantity).map_err(|error| DbError::row("trade", error))?,
                price: money(row.price)?,
                fill: money(row.fill)?,
                value: money(row.value)?,
                fee: money(row.fee)?,
                realised: row.realised.map(money).transpose()?,
                cash_after: money(row.cash_after)?,
            })
        })
        .collect()
}
