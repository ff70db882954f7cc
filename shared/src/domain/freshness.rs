//! How old a value may be: fresh, carried over, or missing; and the observations a decision may read.
//!
//! A decision is made as of an instant T. It reads only what was known at T ([`Series`]), and every
//! value it reads says how fresh it was ([`Reading`]). Nothing here fetches, stores or looks at the
//! clock: T is always passed in. Source: DOMAIN "Market inputs".

mod series;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::market::Timeframe;
use super::observations::{Metric, Observation};
use super::quotes;
use super::wire::{self, Utc};

pub use series::{Change, Series};

/// How far a value can be trusted to describe the present. Ordered from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Freshness {
    /// As new as its source publishes.
    Fresh,
    /// Older than it should be, or interpolated, and still used.
    Carried,
    /// There was none: the agreed default stands in.
    Defaulted,
}

impl Freshness {
    /// The name in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Carried => "carried",
            Self::Defaulted => "defaulted",
        }
    }

    /// The less trustworthy of two: what a figure made of both counts as.
    #[must_use]
    pub fn or_worse(self, other: Self) -> Self {
        self.max(other)
    }
}

/// Until which age a value is fresh, and until which it is carried; after that it is missing.
///
/// Both limits belong to the better side: at exactly the limit a value is still fresh (or carried).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    fresh: SignedDuration,
    carried: SignedDuration,
}

impl Windows {
    const fn hours(fresh: i64, carried: i64) -> Self {
        Self {
            fresh: SignedDuration::from_hours(fresh),
            carried: SignedDuration::from_hours(carried),
        }
    }

    const fn days(fresh: i64, carried: i64) -> Self {
        Self::hours(fresh * 24, carried * 24)
    }

    /// The windows of a metric, counted from the date of the observation.
    ///
    /// An on-chain value is dated at the start of its day, so "48 h after its day's end" is 72 h
    /// after its date. Fear & Greed is never carried: after its window it is defaulted.
    /// Source: DOMAIN "Market inputs", the table.
    pub const fn of_metric(metric: Metric) -> Self {
        match metric {
            Metric::MvrvZScore
            | Metric::Nvt
            | Metric::ExchangeNetFlow
            | Metric::LongTermHolderSupply
            | Metric::ActiveAddresses => Self::hours(24 + 48, 7 * 24),
            Metric::FedFundsRate => Self::days(7, 21),
            Metric::DollarIndex | Metric::TenYearYield => Self::days(14, 30),
            Metric::MoneySupply => Self::days(100, 190),
            Metric::FearGreed => Self::hours(48, 48),
        }
    }

    /// The windows of a timeframe's newest closed candle, counted from its close.
    /// Source: DOMAIN "Market inputs", the table.
    pub fn of_candles(timeframe: Timeframe) -> Self {
        let length = timeframe.duration();
        Self {
            fresh: length + SignedDuration::from_mins(15),
            carried: length * 3,
        }
    }

    /// The windows of a live price, counted from its own time: it is shown or it is not, never carried.
    pub const fn of_live_prices() -> Self {
        Self {
            fresh: quotes::FRESH,
            carried: quotes::FRESH,
        }
    }

    /// Until which age a value is fresh.
    pub const fn fresh(self) -> SignedDuration {
        self.fresh
    }

    /// Until which age a value is used at all.
    pub const fn carried(self) -> SignedDuration {
        self.carried
    }

    /// What a value of this age counts as; `None` when it is missing: too old, or from after T.
    pub fn judge(self, age: SignedDuration) -> Option<Freshness> {
        if age.is_negative() {
            None
        } else if age <= self.fresh {
            Some(Freshness::Fresh)
        } else if age <= self.carried {
            Some(Freshness::Carried)
        } else {
            None
        }
    }
}

/// What an observation dated `observed_at` counts as at T; `None` when missing.
pub fn of_observation(metric: Metric, observed_at: Timestamp, as_of: Timestamp) -> Option<Freshness> {
    Windows::of_metric(metric).judge(as_of.duration_since(observed_at))
}

/// What the newest closed candle counts as at T; `None` when missing.
///
/// `closed_at` is the instant the candle ends: its open time plus its length.
pub fn of_candle(timeframe: Timeframe, closed_at: Timestamp, as_of: Timestamp) -> Option<Freshness> {
    Windows::of_candles(timeframe).judge(as_of.duration_since(closed_at))
}

/// A value as it reaches an agent or a decision, with where and when it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Which series.
    pub metric: Metric,
    /// The value, in the series' unit.
    #[serde(serialize_with = "wire::number")]
    pub value: Decimal,
    /// The instant it is dated; `None` when it is the default and was never observed.
    pub observed_at: Option<Utc>,
    /// When it became known; `None` when it is the default.
    pub available_at: Option<Utc>,
    /// How far it can be trusted.
    pub freshness: Freshness,
    /// Who said so, as stored with the observation; `default` when nobody did.
    pub source: String,
    /// Made from its two neighbours because the source has a hole there.
    pub is_interpolated: bool,
}

impl Reading {
    fn of(observation: &Observation, freshness: Freshness) -> Self {
        Self {
            metric: observation.metric,
            value: observation.value,
            observed_at: Some(observation.observed_at.into()),
            available_at: Some(observation.available_at.into()),
            freshness,
            source: observation.source.clone(),
            is_interpolated: observation.is_interpolated,
        }
    }

    /// Whether nobody observed this value: the agreed default stands in for it.
    pub fn is_defaulted(&self) -> bool {
        self.freshness == Freshness::Defaulted
    }
}

/// Fear & Greed at T, 0..=100; 50, marked as defaulted, when there is none young enough.
/// Source: DOMAIN "Market inputs".
pub fn fear_greed<'a>(observations: impl IntoIterator<Item = &'a Observation>, as_of: Timestamp) -> Reading {
    Series::at(Metric::FearGreed, observations, as_of)
        .newest()
        .unwrap_or_else(|| Reading {
            metric: Metric::FearGreed,
            value: Decimal::from(50),
            observed_at: None,
            available_at: None,
            freshness: Freshness::Defaulted,
            source: "default".to_owned(),
            is_interpolated: false,
        })
}

/// MVRV Z of Bitcoin at T; `None` when it is unknown.
pub fn mvrv_z<'a>(
    observations: impl IntoIterator<Item = &'a Observation>,
    as_of: Timestamp,
) -> Option<Reading> {
    Series::at(Metric::MvrvZScore, observations, as_of).newest()
}
