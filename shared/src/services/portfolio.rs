//! A user's portfolio as it is now: free cash, subscriptions, holdings, what they are worth.
//!
//! Holdings are valued at the last closed prices of now. What has no price has no value, and is
//! listed; nothing is made up. The last answer is kept in Redis and served as `stale` while the
//! database is gone. Changes nothing.

use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::cache::{CacheError, Key};
use crate::db::portfolios::{self, LastDecision, OpenSubscription};
use crate::db::{self, DbError, subscriptions};
use crate::domain::decision::ClosingPrice;
use crate::domain::identity::{DecisionId, SubscriptionId, UserId};
use crate::domain::market::Asset;
use crate::domain::money::{Money, Quantity};
use crate::domain::paper::{Book, BookError, Holding, Prices};
use crate::domain::strategy::StrategyId;
use crate::domain::subscriptions::Status;
use crate::domain::wire::{self, Utc};
use crate::services::subscriptions::{ShownWeights, book, last_closes, prices_of};

/// How long a portfolio outlives a database that is gone. Source: DOMAIN "Operations".
const KEEP: Duration = Duration::from_hours(24);

/// No answer takes longer than that, from reading to keeping.
const ANSWERING: Duration = Duration::from_mins(1);

/// Why a portfolio cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PortfolioError {
    /// The user is gone.
    #[error("there is no portfolio")]
    NoPortfolio,
    /// A stored book does not add up.
    #[error("a stored book cannot be read")]
    Book(#[from] BookError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// A portfolio.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownPortfolio {
    /// The time whose last closed prices it is valued at.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub as_of: Utc,
    /// The database is gone and this is the last that is known.
    pub stale: bool,
    /// How long ago it was known, in seconds; 0 unless stale.
    pub age_seconds: i64,
    /// What no subscription holds, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub free_cash: Money,
    /// The strategies that are followed, in the order in which that was begun.
    pub subscriptions: Vec<PortfolioSubscription>,
    /// All of it together.
    pub totals: PortfolioTotals,
    /// Assets that are held and have no price: what depends on them is null.
    #[cfg_attr(feature = "http", schema(value_type = Vec<String>))]
    pub unpriced: Vec<Asset>,
}

/// All of a portfolio together.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct PortfolioTotals {
    /// What it was opened with, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub opened_with: Money,
    /// All cash, free or in subscriptions.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cash: Money,
    /// What the holdings have cost, with fees.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub total_cost: Money,
    /// What the holdings are worth; null when a price is missing.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub holdings_value: Option<Money>,
    /// Cash and holdings.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub equity: Option<Money>,
    /// What the holdings are worth more than they have cost.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub unrealised_pnl: Option<Money>,
    /// Equity less what it was opened with: the profit and loss of everything that ever was.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub pnl: Option<Money>,
}

/// A strategy that is followed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct PortfolioSubscription {
    /// Its id.
    #[cfg_attr(feature = "http", schema(value_type = uuid::Uuid))]
    pub id: SubscriptionId,
    /// Which strategy.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub strategy_id: StrategyId,
    /// `active` or `paused`.
    pub status: Status,
    /// Weights of its own; null for the strategy's.
    pub weights: Option<ShownWeights>,
    /// It takes part in decisions as of this time or later.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub active_since: Utc,
    /// When it was begun.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub created_at: Utc,
    /// What came from the portfolio, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub paid_in: Money,
    /// What went back to it.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub taken_out: Money,
    /// What is not invested.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cash: Money,
    /// What is held.
    pub holdings: Vec<ShownHolding>,
    /// Cash and holdings; null when a price is missing.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub equity: Option<Money>,
    /// Profit and loss of all sales.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub realised_pnl: Money,
    /// What the holdings are worth more than they have cost.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub unrealised_pnl: Option<Money>,
    /// The newest decision that had orders for it; null before the first.
    pub last_decision: Option<ShownDecision>,
}

/// The newest decision that had orders for a subscription.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownDecision {
    /// Its id.
    #[cfg_attr(feature = "http", schema(value_type = uuid::Uuid))]
    pub id: DecisionId,
    /// T.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub as_of: Utc,
    /// Conviction, 0 to 100.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub conviction: Option<Decimal>,
    /// BUY or SELL.
    pub signal: Option<String>,
    /// `traded`, or why it was not.
    pub outcome: String,
}

impl From<LastDecision> for ShownDecision {
    fn from(last: LastDecision) -> Self {
        Self {
            id: last.id,
            as_of: last.as_of.into(),
            conviction: last.conviction,
            signal: last.signal,
            outcome: last.outcome,
        }
    }
}

/// What is held of an asset.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownHolding {
    /// BTC or ETH.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub asset: Asset,
    /// Units of it, as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub quantity: Quantity,
    /// What they have cost with fees, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub total_cost: Money,
    /// The same for one unit, rounded to eight decimals; null when nothing is held.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub average_cost: Option<Money>,
    /// The last closed price; null when there is none.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub price: Option<Money>,
    /// When its candle closed.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>, format = DateTime))]
    pub price_at: Option<Utc>,
    /// Quantity × price.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub value: Option<Money>,
    /// Value less total cost.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub unrealised_pnl: Option<Money>,
}

/// A user's portfolio; from the cache, marked stale, when the database is gone.
pub async fn read(app: &App, user: UserId) -> Result<ShownPortfolio, PortfolioError> {
    match load(app, user).await {
        Ok(portfolio) => {
            keep(app, user, &portfolio).await;
            Ok(portfolio)
        }
        Err(PortfolioError::Database(error)) if error.is_unavailable() => {
            remembered(app, user).await.ok_or(PortfolioError::Database(error))
        }
        Err(error) => Err(error),
    }
}

async fn load(app: &App, user: UserId) -> Result<ShownPortfolio, PortfolioError> {
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    let transaction = db::begin_reading(&mut connection).await?;
    let portfolio = portfolios::find(&transaction, user).await?;
    let portfolio = portfolio.ok_or(PortfolioError::NoPortfolio)?;
    let opening = portfolios::find_opening(&transaction, user).await?;
    let open = portfolios::list_open(&transaction, user).await?;
    let ids: Vec<SubscriptionId> = open.iter().map(|subscription| subscription.id).collect();
    let held = subscriptions::list_holdings(&transaction, &ids).await?;
    let closes = last_closes(&transaction, now).await?;
    let books = open
        .iter()
        .map(|subscription| book(subscription.totals, subscription.id, &held))
        .collect::<Result<Vec<Book>, BookError>>()?;
    let shown: Vec<PortfolioSubscription> = open
        .into_iter()
        .zip(&books)
        .map(|(subscription, book)| subscription_of(subscription, book, &closes))
        .collect();
    let unpriced = Asset::ALL.into_iter().filter(|asset| {
        let is_held = books
            .iter()
            .any(|book| !book.holding(*asset).quantity().is_zero());
        is_held && closes.iter().all(|(priced, _)| priced != asset)
    });
    let opened_with = opening.map_or(Money::ZERO, |(_, amount)| amount);
    Ok(ShownPortfolio {
        as_of: now.into(),
        stale: false,
        age_seconds: 0,
        free_cash: portfolio.free_cash,
        totals: totals_of(opened_with, portfolio.free_cash, &shown),
        subscriptions: shown,
        unpriced: unpriced.collect(),
    })
}

fn subscription_of(
    subscription: OpenSubscription,
    book: &Book,
    closes: &[(Asset, ClosingPrice)],
) -> PortfolioSubscription {
    let prices = prices_of(closes);
    let holdings: Vec<ShownHolding> = book
        .held()
        .map(|(asset, holding)| holding_of(asset, holding, closes, &prices))
        .collect();
    PortfolioSubscription {
        id: subscription.id,
        strategy_id: subscription.strategy,
        status: subscription.status,
        weights: subscription.weights.map(ShownWeights::from),
        active_since: subscription.active_since.into(),
        created_at: subscription.created_at.into(),
        paid_in: subscription.totals.paid_in,
        taken_out: subscription.totals.taken_out,
        cash: subscription.totals.cash,
        equity: book.equity(&prices),
        realised_pnl: subscription.totals.realised,
        unrealised_pnl: holdings.iter().map(|holding| holding.unrealised_pnl).sum(),
        holdings,
        last_decision: subscription.last.map(ShownDecision::from),
    }
}

fn holding_of(
    asset: Asset,
    holding: Holding,
    closes: &[(Asset, ClosingPrice)],
    prices: &Prices,
) -> ShownHolding {
    let close = closes.iter().find(|(of, _)| *of == asset);
    let price = prices.of(asset);
    let value = price.and_then(|price| holding.worth(price).ok());
    ShownHolding {
        asset,
        quantity: holding.quantity(),
        total_cost: holding.total_cost(),
        average_cost: holding.average_cost(),
        price: price.and_then(|price| Money::new(price.value()).ok()),
        price_at: close
            .filter(|_| price.is_some())
            .map(|(_, close)| close.closed_at),
        value,
        unrealised_pnl: value.map(|value| value - holding.total_cost()),
    }
}

fn totals_of(opened_with: Money, free_cash: Money, shown: &[PortfolioSubscription]) -> PortfolioTotals {
    let holdings = || shown.iter().flat_map(|subscription| &subscription.holdings);
    let cash = free_cash + shown.iter().map(|subscription| subscription.cash).sum();
    let holdings_value: Option<Money> = holdings().map(|holding| holding.value).sum();
    let equity = holdings_value.map(|value| cash + value);
    PortfolioTotals {
        opened_with,
        cash,
        total_cost: holdings().map(|holding| holding.total_cost).sum(),
        holdings_value,
        equity,
        unrealised_pnl: holdings().map(|holding| holding.unrealised_pnl).sum(),
        pnl: equity.map(|equity| equity - opened_with),
    }
}

/// Keeps the answer for a time without a database. A cache that is down loses nothing now.
async fn keep(app: &App, user: UserId, portfolio: &ShownPortfolio) {
    let Ok(bytes) = serde_json::to_vec(portfolio) else {
        return;
    };
    let key = user.to_string();
    let kept = async {
        app.cache.set(&Key::Portfolio(&key), &bytes, KEEP).await?;
        // Read before its user was erased, and kept after: whoever comes last clears up.
        if app.cache.get(&Key::Erased(&key)).await?.is_some() {
            app.cache.delete(&Key::Portfolio(&key)).await?;
        }
        Ok::<(), CacheError>(())
    };
    if let Err(error) = kept.await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a portfolio could not be kept in the cache"
        );
    }
}

async fn remembered(app: &App, user: UserId) -> Option<ShownPortfolio> {
    let key = user.to_string();
    let bytes = app.cache.get(&Key::Portfolio(&key)).await.ok().flatten()?;
    let known: ShownPortfolio = serde_json::from_slice(&bytes).ok()?;
    let age = app.clock.now().duration_since(Timestamp::from(known.as_of));
    Some(ShownPortfolio {
        stale: true,
        age_seconds: age.as_secs(),
        ..known
    })
}

/// Forgets what is kept of a user: the account is erased.
pub async fn forget(app: &App, user: UserId) {
    let key = user.to_string();
    let forgotten = async {
        app.cache.set(&Key::Erased(&key), b"1", ANSWERING).await?;
        app.cache.delete(&Key::Portfolio(&key)).await
    };
    if let Err(error) = forgotten.await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a portfolio could not be forgotten; it expires within a day"
        );
    }
}
