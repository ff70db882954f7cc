//! What lowers a conviction, and what overrides it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use super::Signal;
use crate::domain::freshness::{self, Freshness, Reading, of_candle};
use crate::domain::market::Timeframe;
use crate::domain::observations::Observation;
use crate::domain::wire::{self, Utc};

/// Volatility above which the conviction is lowered and a BUY halved, %.
const VOLATILITY_HIGH: Decimal = Decimal::from_parts(6, 0, 0, false, 0);
/// Volatility above which trading pauses, %.
const VOLATILITY_EXTREME: Decimal = Decimal::from_parts(10, 0, 0, false, 0);
/// Fear & Greed below which there is extreme fear.
const FEAR_EXTREME: Decimal = Decimal::from_parts(20, 0, 0, false, 0);
/// MVRV Z above which the market is overheated.
const MVRV_OVERHEATED: Decimal = Decimal::from_parts(7, 0, 0, false, 0);

/// How much BTC moves: ATR(14) / close of its newest daily candle, in percent, zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Volatility {
    #[serde(serialize_with = "wire::number")]
    percent: Decimal,
    closed_at: Utc,
    freshness: Freshness,
}

impl Volatility {
    /// The volatility at T from ATR(14) and close (USDT) of the newest closed daily candle, which
    /// ended at `closed_at`. `None`, unknown, when that candle is missing by its age or the figures
    /// make none. Source: DOMAIN "Technical indicators".
    pub fn from_daily(atr: f64, close: f64, closed_at: Timestamp, as_of: Timestamp) -> Option<Self> {
        let freshness = of_candle(Timeframe::D1, closed_at, as_of)?;
        let is_possible = atr >= 0.0 && close > 0.0;
        let percent = Decimal::from_f64_retain(atr * 100.0 / close)?.normalize();
        is_possible.then_some(Self {
            percent,
            closed_at: closed_at.into(),
            freshness,
        })
    }

    /// Percent of the price.
    pub const fn percent(&self) -> Decimal {
        self.percent
    }
}

/// What factors and breakers are judged on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Risk {
    /// BTC's volatility; `None` when unknown.
    pub volatility: Option<Volatility>,
    /// Fear & Greed, possibly the default.
    pub fear_greed: Reading,
    /// Bitcoin's MVRV Z; `None` when unknown.
    pub mvrv_z: Option<Reading>,
}

/// A condition that lowers the conviction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskFactor {
    /// Volatility above 6 %: × 0.8.
    HighVolatility,
    /// Fear & Greed below 20: × 0.7.
    ExtremeFear,
    /// MVRV Z above 7: × 0.5.
    Overheated,
}

/// A factor that is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Factor {
    /// Why.
    pub factor: RiskFactor,
    /// By how much: the conviction is multiplied by it.
    #[serde(serialize_with = "wire::number")]
    multiplier: Decimal,
}

impl Factor {
    /// What the conviction is multiplied by.
    pub const fn multiplier(&self) -> Decimal {
        self.multiplier
    }
}

impl From<RiskFactor> for Factor {
    fn from(factor: RiskFactor) -> Self {
        let tenths = match factor {
            RiskFactor::HighVolatility => 8,
            RiskFactor::ExtremeFear => 7,
            RiskFactor::Overheated => 5,
        };
        Self {
            factor,
            multiplier: Decimal::new(tenths, 1),
        }
    }
}

/// A circuit breaker that holds: it overrides the conviction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Breaker {
    /// Volatility above 10 %: PAUSE.
    VolatilityExtreme,
    /// Volatility not known: PAUSE.
    VolatilityUnknown,
    /// Fear & Greed below 20: SELL.
    ExtremeFear,
    /// MVRV Z above 7: SELL.
    Overheated,
}

impl Breaker {
    /// The signal it forces.
    pub const fn signal(self) -> Signal {
        match self {
            Self::VolatilityExtreme | Self::VolatilityUnknown => Signal::Pause,
            Self::ExtremeFear | Self::Overheated => Signal::Sell,
        }
    }
}

/// Something that could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// BTC's volatility.
    Volatility,
    /// MVRV Z: neither factor nor breaker.
    MvrvZ,
}

impl Risk {
    /// Fear & Greed and MVRV Z as they were known at T, beside the volatility at T. Observations not
    /// known at T, and those of other metrics, change nothing.
    pub fn at(volatility: Option<Volatility>, observations: &[Observation], as_of: Timestamp) -> Self {
        Self {
            volatility,
            fear_greed: freshness::fear_greed(observations, as_of),
            mvrv_z: freshness::mvrv_z(observations, as_of),
        }
    }

    /// Whether the volatility is known to be above 6 %.
    pub fn is_volatile(&self) -> bool {
        self.volatility
            .is_some_and(|volatility| volatility.percent > VOLATILITY_HIGH)
    }

    /// Below 20 as observed; a default is nobody's fear.
    fn is_extreme_fear(&self) -> bool {
        !self.fear_greed.is_defaulted() && self.fear_greed.value < FEAR_EXTREME
    }

    fn is_overheated(&self) -> bool {
        self.mvrv_z
            .as_ref()
            .is_some_and(|reading| reading.value > MVRV_OVERHEATED)
    }

    /// The factors that lower the conviction. Source: DOMAIN "Decision", step 3.
    pub fn factors(&self) -> Vec<Factor> {
        [
            (self.is_volatile(), RiskFactor::HighVolatility),
            (self.is_extreme_fear(), RiskFactor::ExtremeFear),
            (self.is_overheated(), RiskFactor::Overheated),
        ]
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, factor)| factor.into())
        .collect()
    }

    /// Every circuit breaker that holds, those that pause first. Source: DOMAIN "Decision", step 5.
    pub fn breakers(&self) -> Vec<Breaker> {
        let is_extreme = |volatility: Volatility| volatility.percent > VOLATILITY_EXTREME;
        [
            (
                self.volatility.is_some_and(is_extreme),
                Breaker::VolatilityExtreme,
            ),
            (self.volatility.is_none(), Breaker::VolatilityUnknown),
            (self.is_extreme_fear(), Breaker::ExtremeFear),
            (self.is_overheated(), Breaker::Overheated),
        ]
        .into_iter()
        .filter_map(|(holds, breaker)| holds.then_some(breaker))
        .collect()
    }

    /// What could not be judged.
    pub fn unknowns(&self) -> Vec<Unknown> {
        [
            (self.volatility.is_none(), Unknown::Volatility),
            (self.mvrv_z.is_none(), Unknown::MvrvZ),
        ]
        .into_iter()
        .filter_map(|(is_unknown, what)| is_unknown.then_some(what))
        .collect()
    }
}
