//! What a portfolio was worth over time, drawn from its ledger.
//!
//! The curve is derived and stored nowhere. Cash and holdings follow from the money that came and
//! went and from the trades; the [`Moment`]s bring the prices. The same walk gives the time-weighted
//! returns and the [`Benchmark`] line. A moment with a holding whose price is unknown has no value;
//! none is made up. Source: DOMAIN "Statistics".
//!
//! At one moment, in this order: what happened since the one before; money that comes or goes; the
//! orders of a decision as of this moment. A stop's sales come before the money that leaves with it.
//!
//! Orders belong to the T of their decision, which is minutes before they are traded. Money that comes
//! in between may pay for them: then they belong to the moment of that money. Whoever sums up the
//! [`Movement`]s keeps what a subscription did in its order, so that no moment has less than no cash.

mod benchmark;
mod growth;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use self::benchmark::Line;
use self::growth::Growth;
use super::identity::SubscriptionId;
use super::market::Asset;
use super::money::{Money, PLACES};
use super::paper::Prices;
use super::rounding::half_even;
use super::statistics::{Drawdown, Sells, Statistics, sharpe, sortino, told};
use super::wire;

pub use benchmark::Benchmark;

/// Why a moment is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PointKind {
    /// A strategy decided as of this time.
    Execution,
    /// 00:00 UTC.
    Day,
    /// The end of the curve.
    Now,
}

impl PointKind {
    /// The name in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Execution => "execution",
            Self::Day => "day",
            Self::Now => "now",
        }
    }
}

/// A time at which something is asked or something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// The last closed prices then.
    pub prices: Prices,
    /// Whether it is a point of the curve.
    pub shown: Option<PointKind>,
    /// Whether a strategy decided as of then: a benchmark begins at such a time.
    pub is_execution: bool,
    /// Money from outside that came, or went.
    pub flow: Money,
}

impl Moment {
    fn is_midnight(&self) -> bool {
        self.at.as_second().rem_euclid(DAY) == 0 && self.at.subsec_nanosecond() == 0
    }
}

const DAY: i64 = 24 * 60 * 60;

/// What trades of one asset did to a subscription, summed up from the moment before to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// Which moment: its place among them.
    pub moment: usize,
    /// Whether these are orders of a decision as of the moment itself.
    pub is_at: bool,
    /// Whose.
    pub subscription: SubscriptionId,
    /// Of which asset.
    pub asset: Asset,
    /// Bought less sold.
    pub quantity: Decimal,
    /// What sales brought less what buys took, with the fees.
    pub cash: Money,
    /// How many sells there were, and how many with a profit.
    pub sells: Sells,
}

/// A point of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// What it is.
    pub kind: PointKind,
    /// Cash and what is held; `None` when the price of something held is unknown.
    pub equity: Option<Money>,
    /// Cash alone.
    pub cash: Money,
    /// What the same money would be worth in BTC; `None` before it begins and after it ends.
    pub benchmark: Option<Money>,
    /// How far below the highest point so far, in percent; money from outside does not count.
    pub drawdown_pct: Option<Decimal>,
}

/// The curve with what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// The shown moments, oldest first.
    pub points: Vec<Point>,
    /// The figures of the span.
    pub statistics: Statistics,
    /// What the line beside it is.
    pub benchmark: Option<Benchmark>,
}

/// What is owned at a time: the cash of all, and each subscription's holdings.
#[derive(Debug, Default)]
struct Owned {
    cash: Money,
    holdings: BTreeMap<(SubscriptionId, Asset), Decimal>,
}

impl Owned {
    fn apply(&mut self, movement: &Movement) {
        self.cash += movement.cash;
        let key = (movement.subscription, movement.asset);
        *self.holdings.entry(key).or_default() += movement.quantity;
    }

    /// Each holding is rounded by itself, as a portfolio shows it.
    fn worth(&self, prices: &Prices) -> Option<Money> {
        let mut equity = self.cash.value();
        for ((_, asset), quantity) in &self.holdings {
            if !quantity.is_zero() {
                let worth = quantity.checked_mul(prices.of(*asset)?.value())?;
                equity = equity.checked_add(half_even(worth, PLACES))?;
            }
        }
        Money::new(equity).ok()
    }
}

/// Draws the curve. `opening` is the money from outside before the first moment; `moments` are in the
/// order of time, each time once; `movements` in the order of their moments, those of a moment itself
/// last.
pub fn draw(opening: Money, moments: &[Moment], movements: &[Movement]) -> Curve {
    let mut owned = Owned {
        cash: opening,
        ..Owned::default()
    };
    let mut growth = Growth::default();
    let (mut line, mut days, mut falls) = (Line::default(), Drawdown::default(), Drawdown::default());
    let mut sells = Sells::default();
    let mut points = Vec::new();
    let mut rest = movements.iter().peekable();
    for (place, moment) in moments.iter().enumerate() {
        while let Some(movement) = rest.next_if(|m| m.moment <= place && !(m.moment == place && m.is_at)) {
            owned.apply(movement);
            // What led to the first moment is not of the span.
            sells += if place > 0 {
                movement.sells
            } else {
                Sells::default()
            };
        }
        let before = owned.worth(&moment.prices);
        owned.cash += moment.flow;
        let ready = owned.worth(&moment.prices);
        while let Some(movement) = rest.next_if(|m| m.moment == place) {
            owned.apply(movement);
            sells += movement.sells;
        }
        let after = owned.worth(&moment.prices);

        let was_unborn = growth.is_unborn();
        growth.step(
            [before, ready, after],
            !moment.flow.is_zero(),
            moment.is_midnight(),
        );
        if was_unborn && !growth.is_unborn() {
            // The money of the beginning is the first peak.
            days.next(1.0);
            falls.next(1.0);
        }
        line.step(moment, ready, after);
        let index = after.and_then(|_| growth.index());
        if moment.is_midnight() {
            index.map(|index| days.next(index));
        }
        if let Some(kind) = moment.shown {
            points.push(Point {
                at: moment.at,
                kind,
                equity: after,
                cash: owned.cash,
                benchmark: line.worth(&moment.prices),
                drawdown_pct: index.map(|index| falls.next(index)).and_then(told),
            });
        }
    }
    Curve {
        points,
        statistics: Statistics {
            return_pct: growth.index().and_then(|index| told((index - 1.0) * 100.0)),
            max_drawdown_pct: days.deepest_pct(),
            sharpe: sharpe(growth.returns()),
            sortino: sortino(growth.returns()),
            win_rate: sells.win_rate(),
            daily_returns: growth.returns().len(),
            sells: sells.all,
        },
        benchmark: line.told(),
    }
}

impl std::ops::AddAssign for Sells {
    fn add_assign(&mut self, other: Self) {
        self.all += other.all;
        self.won += other.won;
    }
}

/// A point as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownPoint {
    /// When.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub at: wire::Utc,
    /// What it is: `execution` (T of a decision), `day` (00:00 UTC), `now` (the end).
    pub kind: PointKind,
    /// Cash and what is held, USD as text; null when the price of something held is unknown.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub equity: Option<Money>,
    /// Cash alone, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub cash: Money,
    /// The same money in BTC, USD as text; null before it begins and after it ends.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub benchmark: Option<Money>,
    /// How far below the highest point so far, in percent; money from outside does not count.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub drawdown_pct: Option<Decimal>,
}

impl From<Point> for ShownPoint {
    fn from(point: Point) -> Self {
        Self {
            at: point.at.into(),
            kind: point.kind,
            equity: point.equity,
            cash: point.cash,
            benchmark: point.benchmark,
            drawdown_pct: point.drawdown_pct,
        }
    }
}
