//! How sure the agents are that the market goes up.

use std::fmt;

use rust_decimal::Decimal;
use serde::Serialize;

use super::Factor;
use crate::domain::rounding::half_even;
use crate::domain::wire;

/// 0 (it falls) ..= 100 (it rises), with at most 2 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Conviction(#[serde(serialize_with = "wire::number")] Decimal);

impl Conviction {
    /// The conviction of a calculated number: clamped to 0..=100, rounded half-even to 2 decimals.
    pub fn nearest(value: Decimal) -> Self {
        Self(half_even(value.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED), 2).normalize())
    }

    /// The number.
    pub const fn value(self) -> Decimal {
        self.0
    }
}

impl fmt::Display for Conviction {
    /// Always with 2 decimals: `78.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

/// `(base + 1) × 50`, then the risk factors, then clamped and rounded half-even to two decimals.
/// Source: DOMAIN "Decision", steps 2 and 3.
pub fn conviction(base: Decimal, factors: &[Factor]) -> Conviction {
    let undamped = (base + Decimal::ONE) * Decimal::from(50);
    Conviction::nearest(
        factors
            .iter()
            .fold(undamped, |value, factor| value * factor.multiplier()),
    )
}
