//! The rules as printed: which inputs there are, what share each has, which line turns its figure
//! into a component score.
//!
//! A table, not an engine: figures are made by the agents' modules. Source: DOMAIN "Agents".

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::score::OutOfRange;
use crate::domain::wire;

/// An input of a rule engine, with one share and one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Net flow into exchange-traded funds, million USD a day. No feed of it exists.
    EtfNetFlow,
    /// Change of the fed funds rate over 90 days, percentage points.
    PolicyRate,
    /// Change of the broad dollar index over 90 days, %.
    Dollar,
    /// Change of M2 over a year, %.
    MoneySupply,
    /// MVRV Z-score.
    MvrvZScore,
    /// Net flow into exchanges, BTC a day; negative when coins leave.
    ExchangeNetFlow,
    /// Change of long-term holders' supply over 30 days, %.
    LongTermHolders,
    /// Change of the active addresses over 30 days, %.
    ActiveAddresses,
    /// Network value to transactions.
    Nvt,
    /// (EMA21 - EMA55) / price, %.
    EmaTrend,
    /// RSI(14), 0..=100.
    Rsi,
    /// MACD histogram in units of ATR(14).
    Macd,
    /// Where the price lies between the Bollinger bands: -1 lower, 0 middle, +1 upper.
    Bollinger,
}

/// Inputs of the macro agent.
pub const MACRO: [Input; 4] = [
    Input::EtfNetFlow,
    Input::PolicyRate,
    Input::Dollar,
    Input::MoneySupply,
];

/// Inputs of the on-chain agent.
pub const ONCHAIN: [Input; 5] = [
    Input::MvrvZScore,
    Input::ExchangeNetFlow,
    Input::LongTermHolders,
    Input::ActiveAddresses,
    Input::Nvt,
];

/// Inputs of the technical agent, for each asset.
pub const TA: [Input; 4] = [Input::EmaTrend, Input::Rsi, Input::Macd, Input::Bollinger];

/// An agent abstains when inputs with more than this share are missing, in percent.
pub const MISSING_LIMIT_PCT: u32 = 20;

impl Input {
    /// The name in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EtfNetFlow => "etf_net_flow",
            Self::PolicyRate => "policy_rate",
            Self::Dollar => "dollar",
            Self::MoneySupply => "money_supply",
            Self::MvrvZScore => "mvrv_z_score",
            Self::ExchangeNetFlow => "exchange_net_flow",
            Self::LongTermHolders => "long_term_holders",
            Self::ActiveAddresses => "active_addresses",
            Self::Nvt => "nvt",
            Self::EmaTrend => "ema_trend",
            Self::Rsi => "rsi",
            Self::Macd => "macd",
            Self::Bollinger => "bollinger",
        }
    }

    /// The name in sentences.
    pub const fn title(self) -> &'static str {
        match self {
            Self::EtfNetFlow => "ETF net flow",
            Self::PolicyRate => "policy rate",
            Self::Dollar => "dollar",
            Self::MoneySupply => "money supply",
            Self::MvrvZScore => "MVRV Z",
            Self::ExchangeNetFlow => "exchange net flow",
            Self::LongTermHolders => "long-term holders",
            Self::ActiveAddresses => "active addresses",
            Self::Nvt => "NVT",
            Self::EmaTrend => "EMA trend",
            Self::Rsi => "RSI",
            Self::Macd => "MACD",
            Self::Bollinger => "Bollinger",
        }
    }

    /// Its share of the agent's score (technical: of each asset's), as printed.
    pub const fn share(self) -> Share {
        Share(match self {
            Self::EtfNetFlow | Self::MvrvZScore => 35,
            Self::PolicyRate => 30,
            Self::Dollar => 20,
            Self::MoneySupply | Self::Macd | Self::Bollinger => 15,
            Self::ExchangeNetFlow | Self::LongTermHolders | Self::Rsi => 25,
            Self::ActiveAddresses => 10,
            Self::Nvt => 5,
            Self::EmaTrend => 45,
        })
    }

    /// Whether its absence counts towards abstaining. The ETF flow's never does.
    pub const fn is_owed(self) -> bool {
        !matches!(self, Self::EtfNetFlow)
    }

    /// The corners of its line: (figure, component score), by rising figure; level outside them.
    pub const fn corners(self) -> &'static [(f64, f64)] {
        match self {
            Self::EtfNetFlow => &[(-100.0, -1.0), (100.0, 1.0)],
            Self::PolicyRate => &[(-0.5, 1.0), (0.5, -1.0)],
            Self::Dollar => &[(-3.0, 1.0), (3.0, -1.0)],
            Self::MoneySupply => &[(0.0, -1.0), (6.0, 1.0)],
            Self::MvrvZScore => &[(1.0, 1.0), (3.0, 0.0), (7.0, -1.0)],
            Self::ExchangeNetFlow => &[(-10_000.0, 1.0), (10_000.0, -1.0)],
            Self::LongTermHolders => &[(-2.0, -1.0), (2.0, 1.0)],
            Self::ActiveAddresses => &[(-10.0, -1.0), (10.0, 1.0)],
            Self::Nvt => &[(45.0, 1.0), (95.0, -1.0)],
            Self::EmaTrend => &[(-5.0, -1.0), (5.0, 1.0)],
            Self::Rsi => &[(30.0, 1.0), (40.0, 0.0), (60.0, 0.0), (70.0, -1.0)],
            Self::Macd => &[(-1.0, -1.0), (1.0, 1.0)],
            Self::Bollinger => &[(-1.0, 1.0), (1.0, -1.0)],
        }
    }

    /// The component score of a figure, -1..=1, unrounded; `None` when the figure is not finite.
    pub fn judge(self, figure: f64) -> Option<f64> {
        figure.is_finite().then(|| along(self.corners(), figure))
    }

    /// The figure in words, with its unit.
    pub fn describe(self, figure: f64) -> String {
        // Adding zero turns the -0 of a small negative figure into 0.
        let shown = |places: i32| {
            let unit = 10_f64.powi(places);
            (figure * unit).round() / unit + 0.0
        };
        match self {
            Self::EtfNetFlow => format!("ETF net flow {:+.0} M USD a day", shown(0)),
            Self::PolicyRate => format!("policy rate {:+.2} points in 90 days", shown(2)),
            Self::Dollar => format!("dollar {:+.2} % in 90 days", shown(2)),
            Self::MoneySupply => format!("money supply {:+.2} % in a year", shown(2)),
            Self::MvrvZScore => format!("MVRV Z {:.2}", shown(2)),
            Self::ExchangeNetFlow => format!("exchange net flow {:+.0} BTC a day", shown(0)),
            Self::LongTermHolders => format!("long-term holders {:+.2} % in 30 days", shown(2)),
            Self::ActiveAddresses => format!("active addresses {:+.2} % in 30 days", shown(2)),
            Self::Nvt => format!("NVT {:.1}", shown(1)),
            Self::EmaTrend => format!("EMA21 to EMA55 {:+.2} % of price", shown(2)),
            Self::Rsi => format!("RSI {:.1}", shown(1)),
            Self::Macd => format!("MACD histogram {:+.2} ATR", shown(2)),
            Self::Bollinger => format!("Bollinger position {:+.2}", shown(2)),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The value at `x` of the line through `corners`, level before the first and after the last.
fn along(corners: &[(f64, f64)], x: f64) -> f64 {
    let mut last = f64::NAN;
    for pair in corners.windows(2) {
        let [(x0, y0), (x1, y1)] = *pair else { continue };
        if x <= x0 {
            return y0;
        }
        if x < x1 {
            return y0 + (y1 - y0) * ((x - x0) / (x1 - x0));
        }
        last = y1;
    }
    last
}

/// A printed share: whole percent, shown as a fraction (`0.35`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "Fraction", try_from = "Decimal")]
pub struct Share(u8);

#[derive(Serialize)]
struct Fraction(#[serde(serialize_with = "wire::number")] Decimal);

impl Share {
    /// Whole percent.
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// As a fraction of one, exact.
    pub fn fraction(self) -> Decimal {
        Decimal::new(i64::from(self.0), 2)
    }
}

impl From<Share> for Fraction {
    fn from(share: Share) -> Self {
        Self(share.fraction())
    }
}

impl TryFrom<Decimal> for Share {
    type Error = OutOfRange;

    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        let fraction = super::Confidence::new(value)?.value();
        // 0..=1 with at most 2 decimals: 0..=100 whole percent.
        Ok(Self(u8::try_from(fraction * Decimal::ONE_HUNDRED).unwrap_or(0)))
    }
}
