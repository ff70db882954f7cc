//! What to do, and with how much.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Breaker, Conviction, Risk};
use crate::domain::market::UnknownName;
use crate::domain::strategy::Strategy;

/// A BUY needs a conviction above this.
const BUY_ABOVE: Decimal = Decimal::from_parts(70, 0, 0, false, 0);
/// A SELL follows from a conviction below this.
const SELL_BELOW: Decimal = Decimal::from_parts(40, 0, 0, false, 0);
/// Above this conviction a BUY uses the strategy's higher fraction.
const HIGH_ABOVE: Decimal = Decimal::from_parts(80, 0, 0, false, 0);
/// No BUY uses more of the equity than this: 0.05.
const FRACTION_LIMIT: Decimal = Decimal::from_parts(5, 0, 0, false, 2);
/// What a SELL does to a holding: -0.5.
const SELL_POSITION: Decimal = Decimal::from_parts(5, 0, 0, true, 1);

/// What a decision says to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Signal {
    /// Buy with a fraction of the equity.
    Buy,
    /// Sell half of what is held.
    Sell,
    /// Do nothing.
    Hold,
    /// Do nothing, and lock orders until the cause ends.
    Pause,
}

impl Signal {
    /// Every signal.
    pub const ALL: [Self; 4] = [Self::Buy, Self::Sell, Self::Hold, Self::Pause];

    /// The name in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "BUY",
            Self::Sell => "SELL",
            Self::Hold => "HOLD",
            Self::Pause => "PAUSE",
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Signal {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|signal| signal.as_str() == text)
            .ok_or_else(|| UnknownName::new("signal", text))
    }
}

/// PAUSE beats SELL beats the conviction: above 70 BUY, below 40 SELL, else HOLD.
/// Source: DOMAIN "Decision", steps 4 and 5.
pub fn signal(conviction: Conviction, breakers: &[Breaker]) -> Signal {
    let is_forced = |wanted| breakers.iter().any(|breaker| breaker.signal() == wanted);
    if is_forced(Signal::Pause) {
        Signal::Pause
    } else if is_forced(Signal::Sell) || conviction.value() < SELL_BELOW {
        Signal::Sell
    } else if conviction.value() > BUY_ABOVE {
        Signal::Buy
    } else {
        Signal::Hold
    }
}

/// The share of equity to BUY with, 0..=0.05; -0.5 for SELL; else 0.
///
/// The strategy's fraction, its higher one above conviction 80, halved when volatility is above
/// 6 %. Source: DOMAIN "Decision" and "Orders and the paper engine".
pub fn recommended_position(
    strategy: &Strategy,
    signal: Signal,
    conviction: Conviction,
    risk: &Risk,
) -> Decimal {
    let fraction = match signal {
        Signal::Sell => return SELL_POSITION,
        Signal::Hold | Signal::Pause => return Decimal::ZERO,
        Signal::Buy if conviction.value() > HIGH_ABOVE => strategy.buy_fraction_high,
        Signal::Buy => strategy.buy_fraction,
    };
    let fraction = if risk.is_volatile() {
        fraction / Decimal::TWO
    } else {
        fraction
    };
    fraction.min(FRACTION_LIMIT).normalize()
}
