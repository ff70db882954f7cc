//! What an exchange trades and how it reports it: assets, timeframes, prices, candles.
//!
//! A [`Candle`] here is always a *closed* one that is consistent in itself; the one still forming
//! is never built.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An asset the platform reads and trades, always against USDT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Asset {
    /// Bitcoin.
    Btc,
    /// Ether.
    Eth,
}

impl Asset {
    /// Every asset, in the order in which orders are placed.
    pub const ALL: [Self; 2] = [Self::Btc, Self::Eth];

    /// The ticker used in the database: `BTC`, `ETH`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Btc => "BTC",
            Self::Eth => "ETH",
        }
    }

    /// The exchange's pair: `BTCUSDT`, `ETHUSDT`.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Btc => "BTCUSDT",
            Self::Eth => "ETHUSDT",
        }
    }

    /// The asset of an exchange pair, if the platform follows it. Case matters, as at the exchange.
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|asset| asset.symbol() == symbol)
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Asset {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|asset| asset.as_str() == text)
            .ok_or_else(|| UnknownName::new("asset", text))
    }
}

/// The length of a candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Timeframe {
    /// One hour.
    #[serde(rename = "1h")]
    H1,
    /// Four hours.
    #[serde(rename = "4h")]
    H4,
    /// One day, from 00:00 UTC.
    #[serde(rename = "1d")]
    D1,
    /// One week, from Monday 00:00 UTC. Built from daily candles, never collected or stored.
    #[serde(rename = "1w")]
    W1,
}

impl Timeframe {
    /// Every timeframe, shortest first.
    pub const ALL: [Self; 4] = [Self::H1, Self::H4, Self::D1, Self::W1];

    /// The timeframes that are collected and stored, shortest first.
    pub const STORED: [Self; 3] = [Self::H1, Self::H4, Self::D1];

    /// The exchange's name of it: `1h`, `4h`, `1d`, `1w`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::H1 => "1h",
            Self::H4 => "4h",
            Self::D1 => "1d",
            Self::W1 => "1w",
        }
    }

    /// How long one candle lasts.
    pub const fn duration(self) -> SignedDuration {
        SignedDuration::from_hours(match self {
            Self::H1 => 1,
            Self::H4 => 4,
            Self::D1 => 24,
            Self::W1 => 24 * 7,
        })
    }
}

impl fmt::Display for Timeframe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Timeframe {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|timeframe| timeframe.as_str() == text)
            .ok_or_else(|| UnknownName::new("timeframe", text))
    }
}

/// The name of a series of candles in summaries and in `rejected_observations`: `BTC 4h`.
pub fn series_name((asset, timeframe): (Asset, Timeframe)) -> String {
    format!("{asset} {timeframe}")
}

/// A name that is none of those the platform knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a known {kind}")]
pub struct UnknownName {
    kind: &'static str,
    text: String,
}

impl UnknownName {
    /// An unknown `text` where a `kind` was expected.
    pub fn new(kind: &'static str, text: &str) -> Self {
        Self {
            kind,
            text: text.to_owned(),
        }
    }
}

/// A price in USDT, greater than zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Price(#[serde(serialize_with = "super::wire::plain")] Decimal);

impl Price {
    /// A price; `None` unless it is greater than zero.
    pub fn new(value: Decimal) -> Option<Self> {
        (value > Decimal::ZERO).then_some(Self(value))
    }

    /// Whether an asset of ours can cost this much: from a hundred-millionth, the smallest that is
    /// stored, to a hundred million USDT.
    pub fn is_plausible(self) -> bool {
        self.0 >= Decimal::new(1, 8) && self.0 <= Decimal::from(100_000_000)
    }

    /// USDT for one unit.
    pub const fn value(self) -> Decimal {
        self.0
    }
}

/// A traded volume in units of the asset, zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Volume(#[serde(serialize_with = "super::wire::plain")] Decimal);

impl std::ops::Add for Volume {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Volume {
    /// Nothing traded.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// A volume; `None` when negative.
    pub fn new(value: Decimal) -> Option<Self> {
        (value >= Decimal::ZERO).then_some(Self(value))
    }

    /// Whether so much can be traded within a candle: at most a hundred billion units.
    pub fn is_plausible(self) -> bool {
        self.0 <= Decimal::from(100_000_000_000_i64)
    }

    /// Units of the asset.
    pub const fn value(self) -> Decimal {
        self.0
    }
}

/// One closed candle: what was traded from `open_time` on for the length of its timeframe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candle {
    /// When it begins; a multiple of the timeframe (weeks: a Monday).
    pub open_time: Timestamp,
    /// First price.
    pub open: Price,
    /// Highest price.
    pub high: Price,
    /// Lowest price.
    pub low: Price,
    /// Last price.
    pub close: Price,
    /// Units of the asset traded.
    pub volume: Volume,
}

/// Why figures do not make a candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CandleError {
    /// A price is zero or negative.
    #[error("a price is zero or negative")]
    Price,
    /// The volume is negative.
    #[error("the volume is negative")]
    Volume,
    /// The highest price is below another one, or the lowest above.
    #[error("high and low do not enclose open and close")]
    Range,
}

impl Candle {
    /// A candle from its figures, in the exchange's order. Refuses what cannot have been traded.
    pub fn new(
        open_time: Timestamp,
        [open, high, low, close]: [Decimal; 4],
        volume: Decimal,
    ) -> Result<Self, CandleError> {
        let price = |value| Price::new(value).ok_or(CandleError::Price);
        let (open, high, low, close) = (price(open)?, price(high)?, price(low)?, price(close)?);
        let volume = Volume::new(volume).ok_or(CandleError::Volume)?;
        if high < open || high < close || low > open || low > close {
            return Err(CandleError::Range);
        }
        Ok(Self {
            open_time,
            open,
            high,
            low,
            close,
            volume,
        })
    }
}
