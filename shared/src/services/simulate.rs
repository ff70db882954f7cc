//! A strategy over a stretch of stored history: the scheduled run, boundary by boundary, on a clock that
//! is moved, and what a portfolio that had followed it would have become.
//!
//! Works in a database of its own, with rules alone: asking a model about years of history would cost as
//! much as the years did. Locks of the past are history of operations and not of the market; only those
//! that the simulated runs find themselves hold.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::app::App;
use crate::db::decisions;
use crate::db::simulate::{self as db, Decided, Filled};
use crate::db::{DbError, strategies};
use crate::domain::equity::{self, Benchmark, Moment, Movement, PointKind, ShownPoint};
use crate::domain::identity::SubscriptionId;
use crate::domain::market::Asset;
use crate::domain::money::{Money, Quantity};
use crate::domain::paper::Side;
use crate::domain::statistics::{Sells, Statistics};
use crate::domain::strategy::{Strategy, StrategyId, Weights};
use crate::domain::wire::{self, Utc};
use crate::ids;
use crate::services::stepping::{self, StepError, Stepped};

/// What is to be simulated.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Which strategy.
    pub strategy: StrategyId,
    /// The first boundary, or just before it.
    pub from: Timestamp,
    /// The last boundary, or just after it.
    pub to: Timestamp,
    /// What the portfolio begins with.
    pub capital: Money,
    /// Other weights than the strategy's.
    pub weights: Option<Weights>,
}

/// Why there is no simulation.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// There is no such strategy.
    #[error("there is no strategy {0}")]
    NoStrategy(StrategyId),
    /// The database failed.
    #[error("the simulation cannot be prepared or read")]
    Database(#[from] DbError),
    /// A boundary failed.
    #[error(transparent)]
    Step(#[from] StepError),
}

/// One fill of a simulation.
#[derive(Debug, Clone, Serialize)]
pub struct SimulatedTrade {
    /// T of its decision.
    pub as_of: Utc,
    /// Of which asset.
    pub asset: Asset,
    /// `buy` or `sell`.
    pub side: &'static str,
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
    /// Profit or loss; null for a buy.
    pub realised: Option<Money>,
    /// Cash after it.
    pub cash_after: Money,
}

/// What came of it. Nothing in it depends on when or how fast it ran.
#[derive(Debug, Clone, Serialize)]
pub struct Simulation {
    /// Which strategy.
    pub strategy_id: StrategyId,
    /// The weights that counted.
    pub weights: Weights,
    /// Who answered: always `rules`.
    pub answered_by: &'static str,
    /// The first boundary.
    pub from: Option<Utc>,
    /// The last boundary.
    pub to: Option<Utc>,
    /// What the portfolio began with.
    pub capital: Money,
    /// What it was worth in the end; null where the price of something held is unknown.
    pub final_equity: Option<Money>,
    /// Boundaries at which it was due.
    pub boundaries: usize,
    /// Those without a decision, because too few agents answered.
    pub skipped: usize,
    /// Decisions by signal.
    pub signals: BTreeMap<String, usize>,
    /// Decisions whose orders a lock stopped, by its reason.
    pub blocked: BTreeMap<String, usize>,
    /// Decisions that were to be traded and had no order to place, by why: nothing to sell, no cash.
    pub not_placed: BTreeMap<String, u64>,
    /// The figures of the span.
    pub statistics: Statistics,
    /// The same money simply held in BTC; null where BTC had no price.
    pub benchmark: Option<Benchmark>,
    /// How much of the capital the benchmark had won or lost in the end, in percent.
    #[serde(serialize_with = "wire::optional_number")]
    pub benchmark_return_pct: Option<Decimal>,
    /// Every fill, oldest first.
    pub trades: Vec<SimulatedTrade>,
    /// Equity at each boundary, oldest first.
    pub equity: Vec<ShownPoint>,
}

/// Runs it, and tells `progress` after each boundary. The app's clock must stand before the first one.
pub async fn run(
    app: &App,
    plan: &Plan,
    progress: impl FnMut(Timestamp, &Stepped),
) -> Result<Simulation, SimulateError> {
    let strategy = prepare(app, plan).await?;
    let span = (plan.from, plan.to);
    let stepped = stepping::step(app, span, progress).await?;
    let decided = db::list_decided(&app.db, &strategy.id, span).await?;
    let filled = db::list_filled(&app.db, reference(&strategy)).await?;
    Ok(summary(plan, &strategy, &stepped, &decided, &filled))
}

/// Leaves this strategy as the only one, with the weights and the capital that are asked for.
async fn prepare(app: &App, plan: &Plan) -> Result<Strategy, SimulateError> {
    let none = || SimulateError::NoStrategy(plan.strategy.clone());
    db::run_only(&app.db, &plan.strategy).await?;
    if let Some(weights) = &plan.weights {
        db::reweight(&app.db, &plan.strategy, weights).await?;
    }
    let strategy = strategies::find(&app.db, &plan.strategy)
        .await?
        .ok_or_else(none)?;
    decisions::ensure_reference(&app.db, &strategy.id, plan.capital, plan.from, app.clock.now()).await?;
    Ok(strategy)
}

/// The portfolio that is simulated: the strategy's own one.
fn reference(strategy: &Strategy) -> SubscriptionId {
    ids::of_reference(strategy.id.as_str()).into()
}

fn summary(
    plan: &Plan,
    strategy: &Strategy,
    stepped: &Stepped,
    decided: &[Decided],
    filled: &[Filled],
) -> Simulation {
    let moments: Vec<Moment> = decided.iter().map(moment).collect();
    let curve = equity::draw(plan.capital, &moments, &movements(&moments, strategy, filled));
    let equity: Vec<ShownPoint> = curve.points.iter().copied().map(ShownPoint::from).collect();
    let last = equity.last();
    let mut signals = BTreeMap::new();
    let mut blocked = BTreeMap::new();
    let mut not_placed = BTreeMap::new();
    for one in decided {
        if let Some(signal) = &one.signal {
            *signals.entry(signal.clone()).or_default() += 1;
        }
        if let Some(reason) = one.reason.as_ref().filter(|_| one.status == "blocked") {
            *blocked.entry(reason.clone()).or_default() += 1;
        }
        for (reason, count) in &one.not_placed {
            *not_placed.entry(reason.clone()).or_default() += count;
        }
    }
    Simulation {
        strategy_id: strategy.id.clone(),
        weights: strategy.weights,
        answered_by: "rules",
        from: decided.first().map(|one| one.as_of.into()),
        to: decided.last().map(|one| one.as_of.into()),
        capital: plan.capital,
        final_equity: last.and_then(|point| point.equity),
        boundaries: stepped.boundaries,
        skipped: stepped.skipped,
        signals,
        blocked,
        not_placed,
        statistics: curve.statistics,
        benchmark: curve.benchmark,
        benchmark_return_pct: curve
            .benchmark
            .zip(last.and_then(|point| point.benchmark))
            .and_then(|(begun, end)| return_pct(begun.capital, end)),
        trades: filled.iter().map(shown).collect(),
        equity,
    }
}

fn moment(decided: &Decided) -> Moment {
    Moment {
        at: decided.as_of,
        prices: decided.prices,
        shown: Some(PointKind::Execution),
        is_execution: true,
        flow: Money::ZERO,
    }
}

/// The fills of each moment; they are orders of decisions as of it.
fn movements(moments: &[Moment], strategy: &Strategy, filled: &[Filled]) -> Vec<Movement> {
    let of = |fill: &Filled| {
        let moment = moments
            .binary_search_by_key(&fill.as_of, |moment| moment.at)
            .ok()?;
        let (quantity, cash) = match fill.side {
            Side::Buy => (fill.quantity.value(), -(fill.value + fill.fee)),
            Side::Sell => (-fill.quantity.value(), fill.value - fill.fee),
        };
        let is_won = fill.realised.is_some_and(|realised| realised > Money::ZERO);
        Some(Movement {
            moment,
            is_at: true,
            subscription: reference(strategy),
            asset: fill.asset,
            quantity,
            cash,
            sells: Sells {
                all: u64::from(fill.side == Side::Sell),
                won: u64::from(is_won),
            },
        })
    };
    filled.iter().filter_map(of).collect()
}

fn return_pct(begun: Money, end: Money) -> Option<Decimal> {
    let ratio = end.value().checked_div(begun.value())?;
    Some(
        ((ratio - Decimal::ONE) * Decimal::ONE_HUNDRED)
            .round_dp(4)
            .normalize(),
    )
}

fn shown(fill: &Filled) -> SimulatedTrade {
    SimulatedTrade {
        as_of: fill.as_of.into(),
        asset: fill.asset,
        side: fill.side.as_str(),
        quantity: fill.quantity,
        price: fill.price,
        fill: fill.fill,
        value: fill.value,
        fee: fill.fee,
        realised: fill.realised,
        cash_after: fill.cash_after,
    }
}
