//! Dated values that are not candles: on-chain metrics, rates, indices, sentiment.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::market::UnknownName;
use super::rejection::Rejection;

/// A series of dated values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Market value to realised value, Z-score (BTC).
    MvrvZScore,
    /// Network value to transactions ratio (BTC).
    Nvt,
    /// Net flow into exchanges, BTC a day; negative when coins leave.
    ExchangeNetFlow,
    /// Coins held by long-term holders, BTC. Rules read its change over 30 days.
    LongTermHolderSupply,
    /// Active addresses a day (BTC). Rules read its change over 30 days.
    ActiveAddresses,
    /// FRED `DFF`: effective federal funds rate, %.
    FedFundsRate,
    /// FRED `DTWEXBGS`: broad dollar index.
    DollarIndex,
    /// FRED `DGS10`: ten-year treasury yield, %.
    TenYearYield,
    /// FRED `M2SL`: money supply, billions of USD, monthly.
    MoneySupply,
    /// Alternative.me Fear & Greed index, 0..=100.
    FearGreed,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Self; 10] = [
        Self::MvrvZScore,
        Self::Nvt,
        Self::ExchangeNetFlow,
        Self::LongTermHolderSupply,
        Self::ActiveAddresses,
        Self::FedFundsRate,
        Self::DollarIndex,
        Self::TenYearYield,
        Self::MoneySupply,
        Self::FearGreed,
    ];

    /// The name in the database and in answers, the same as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MvrvZScore => "mvrv_z_score",
            Self::Nvt => "nvt",
            Self::ExchangeNetFlow => "exchange_net_flow",
            Self::LongTermHolderSupply => "long_term_holder_supply",
            Self::ActiveAddresses => "active_addresses",
            Self::FedFundsRate => "fed_funds_rate",
            Self::DollarIndex => "dollar_index",
            Self::TenYearYield => "ten_year_yield",
            Self::MoneySupply => "money_supply",
            Self::FearGreed => "fear_greed",
        }
    }

    /// The lowest and the highest value that this series can plausibly have, in its unit. Wide on
    /// purpose: it is there for slips (a wrong unit, a wrong series, a zero for nothing), not for
    /// surprising markets.
    const fn plausible(self) -> (i64, i64) {
        match self {
            Self::MvrvZScore => (-5, 20),
            Self::Nvt => (1, 10_000),
            Self::ExchangeNetFlow => (-1_000_000, 1_000_000),
            Self::LongTermHolderSupply => (1_000_000, 21_000_000),
            Self::ActiveAddresses => (10_000, 100_000_000),
            Self::FedFundsRate | Self::TenYearYield => (-5, 30),
            Self::DollarIndex => (50, 300),
            Self::MoneySupply => (1_000, 200_000),
            Self::FearGreed => (0, 100),
        }
    }

    /// Refuses a value that may not be stored: of the future, or not plausible.
    pub fn accept(self, observed_at: Timestamp, value: Decimal, now: Timestamp) -> Result<(), Rejection> {
        Rejection::unless_past(observed_at, now)?;
        let (lowest, highest) = self.plausible();
        let is_plausible = value >= Decimal::from(lowest) && value <= Decimal::from(highest);
        is_plausible.then_some(()).ok_or(Rejection::Implausible)
    }

    /// How long after its date a value of this series is assumed to have become known, when it is
    /// back-filled and nobody saw it arrive. Source: DOMAIN "Market inputs".
    pub const fn publication_lag(self) -> SignedDuration {
        match self {
            Self::MvrvZScore
            | Self::Nvt
            | Self::ExchangeNetFlow
            | Self::LongTermHolderSupply
            | Self::ActiveAddresses => SignedDuration::from_hours(25),
            Self::FedFundsRate | Self::TenYearYield => SignedDuration::from_hours(2 * 24),
            Self::DollarIndex => SignedDuration::from_hours(10 * 24),
            Self::MoneySupply => SignedDuration::from_hours(60 * 24),
            Self::FearGreed => SignedDuration::ZERO,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Metric {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|metric| metric.as_str() == text)
            .ok_or_else(|| UnknownName::new("metric", text))
    }
}

/// One value of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Which series.
    pub metric: Metric,
    /// The instant it is dated: 00:00 UTC of its date, or the source's own timestamp.
    pub observed_at: Timestamp,
    /// The value, in the series' unit.
    pub value: Decimal,
    /// When it became known: our first fetch, or date + publication lag when back-filled.
    pub available_at: Timestamp,
    /// Who said so: `glassnode`, `blockchain.info`, `fred`, `alternative.me`, `sample`, `csv`.
    pub source: String,
    /// FRED's vintage: the date from which this value of the observation was the published one.
    pub realtime_start: Option<Date>,
    /// Made from its two neighbours because the source has a hole there.
    pub is_interpolated: bool,
}
