//! A user's trades, each with the decision behind it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::db::portfolios::{self, PageOf, TradeRow};
use crate::db::{self, DbError, strategies};
use crate::domain::identity::UserId;
use crate::domain::market::Asset;
use crate::domain::paper::Side;
use crate::domain::strategy::StrategyId;
use crate::domain::subscriptions::{FREE_HISTORY_DAYS, history_since};
use crate::domain::wire::{self, Utc};
use crate::services::subscriptions::ShownWeights;

/// Why trades cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum TradesError {
    /// The user is gone.
    #[error("there is no portfolio")]
    NoPortfolio,
    /// There is no strategy of this id.
    #[error("there is no strategy {0}")]
    NoStrategy(StrategyId),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Which trades.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this strategy alone.
    pub strategy: Option<StrategyId>,
    /// Of this asset alone.
    pub asset: Option<Asset>,
    /// Buys or sells alone.
    pub side: Option<Side>,
}

/// The place of a trade in the list: when it was executed, and its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(pub Timestamp, pub Uuid);

/// A trade.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownTrade {
    /// Its id.
    pub id: Uuid,
    /// Of which subscription.
    pub subscription_id: Uuid,
    /// Of which strategy.
    pub strategy_id: String,
    /// BTC or ETH.
    pub asset: String,
    /// `buy` or `sell`.
    pub side: String,
    /// Units of the asset, as text.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub quantity: Decimal,
    /// The last closed price, USD as text.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub price: Decimal,
    /// That with the slippage: what was paid or got for a unit.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub fill: Decimal,
    /// Quantity × fill.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub value: Decimal,
    /// A thousandth of the value.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub fee: Decimal,
    /// What the holding's cost rose by, or fell by.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cost: Decimal,
    /// Profit or loss of a sale; null for a buy.
    #[serde(serialize_with = "wire::optional_plain")]
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub realised_pnl: Option<Decimal>,
    /// The subscription's cash after it.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cash_after: Decimal,
    /// What was held of the asset after it.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub quantity_after: Decimal,
    /// What that had cost.
    #[serde(serialize_with = "wire::plain")]
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cost_after: Decimal,
    /// T of its decision, or when the user stopped.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub as_of: Utc,
    /// When it was written down.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub executed_at: Utc,
    /// The decision behind it; null where the user's stop sold.
    pub decision: Option<TradeDecision>,
    /// Its place in the list, finer than `executed_at` shows.
    #[serde(skip)]
    place: Place,
}

impl ShownTrade {
    /// Where the next page starts after it.
    pub const fn place(&self) -> Place {
        self.place
    }
}

/// The decision behind a trade.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct TradeDecision {
    /// Its id.
    pub id: Uuid,
    /// The execution, in full at `/api/v1/agents/executions/{id}`.
    pub execution_id: Uuid,
    /// T.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub as_of: Utc,
    /// The weights it was made with.
    pub weights: ShownWeights,
    /// 0 to 100.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub conviction: Option<Decimal>,
    /// BUY or SELL.
    pub signal: Option<String>,
    /// The share of equity that it buys with; -0.5 sells half.
    #[serde(serialize_with = "wire::number")]
    #[cfg_attr(feature = "http", schema(value_type = f64))]
    pub position: Decimal,
    /// Why, in one paragraph.
    pub explanation: String,
}

/// Trades, and whether the user's plan hides older ones.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Newest first.
    pub trades: Vec<ShownTrade>,
    /// How many days the plan shows; `None` for all.
    pub limited_to_days: Option<i64>,
}

/// A user's trades after a place in the list, newest first, at most `limit`.
pub async fn list(
    app: &App,
    user: UserId,
    wanted: &Wanted,
    after: Option<Place>,
    limit: i64,
) -> Result<Listed, TradesError> {
    if let Some(strategy) = &wanted.strategy
        && strategies::find(&app.db, strategy).await?.is_none()
    {
        return Err(TradesError::NoStrategy(strategy.clone()));
    }
    let mut connection = app.db.get().await?;
    let transaction = db::begin_reading(&mut connection).await?;
    let portfolio = portfolios::find(&transaction, user).await?;
    let portfolio = portfolio.ok_or(TradesError::NoPortfolio)?;
    let since = history_since(portfolio.tier, app.clock.now());
    let Place(time, id) = after.unwrap_or(Place(FAR, Uuid::max()));
    let page = PageOf {
        strategy: wanted.strategy.as_ref().map(StrategyId::as_str),
        asset: wanted.asset,
        side: wanted.side.map(Side::as_str),
        since: since.unwrap_or(Timestamp::UNIX_EPOCH),
        before: (time, id),
        limit,
    };
    let rows = portfolios::list_trades(&transaction, user, page).await?;
    Ok(Listed {
        trades: rows.into_iter().map(shown).collect(),
        limited_to_days: since.map(|_| FREE_HISTORY_DAYS),
    })
}

/// After every trade and within what PostgreSQL can hold.
const FAR: Timestamp = Timestamp::constant(253_402_207_200, 0);

fn shown(row: TradeRow) -> ShownTrade {
    let decision = decision_of(&row);
    ShownTrade {
        id: row.id,
        subscription_id: row.subscription_id,
        strategy_id: row.strategy_id,
        asset: row.asset,
        side: row.side,
        quantity: row.quantity,
        price: row.price,
        fill: row.fill,
        value: row.value,
        fee: row.fee,
        cost: row.cost,
        realised_pnl: row.realised,
        cash_after: row.cash_after,
        quantity_after: row.quantity_after,
        cost_after: row.cost_after,
        as_of: row.as_of.into(),
        executed_at: row.executed_at.into(),
        decision,
        place: Place(row.executed_at, row.id),
    }
}

fn decision_of(row: &TradeRow) -> Option<TradeDecision> {
    Some(TradeDecision {
        id: row.decision_id?,
        execution_id: row.execution_id?,
        as_of: row.as_of.into(),
        weights: ShownWeights {
            macro_: row.weight_macro?,
            onchain: row.weight_onchain?,
            ta: row.weight_ta?,
        },
        conviction: row.conviction,
        signal: row.signal.clone(),
        position: row.position?,
        explanation: row.explanation.clone()?,
    })
}
