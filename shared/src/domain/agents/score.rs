//! The numbers an agent answers with: a score and a confidence.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::rounding::{decimal_from_f64, half_even};
use crate::domain::wire;

/// An agent's opinion, -1 (falls) ..= +1 (rises), with at most 4 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Decimal")]
pub struct Score(#[serde(serialize_with = "wire::number")] Decimal);

/// The number lies outside its range or has too many decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{value} is not a number from {least} to {most} with at most {places} decimals")]
pub struct OutOfRange {
    value: Decimal,
    least: Decimal,
    most: Decimal,
    places: u32,
}

fn checked(value: Decimal, least: Decimal, most: Decimal, places: u32) -> Result<Decimal, OutOfRange> {
    let value = value.normalize();
    if value < least || value > most || value.scale() > places {
        return Err(OutOfRange {
            value,
            least,
            most,
            places,
        });
    }
    Ok(value)
}

impl Score {
    /// Decimals a score has. Source: DOMAIN "Agents".
    pub const PLACES: u32 = 4;

    /// A score; refuses what is outside -1..=1 or has more than 4 decimals.
    pub fn new(value: Decimal) -> Result<Self, OutOfRange> {
        checked(value, Decimal::NEGATIVE_ONE, Decimal::ONE, Self::PLACES).map(Self)
    }

    /// The nearest score to a calculated decimal: clamped, rounded half-even to 4 decimals.
    pub fn nearest(value: Decimal) -> Self {
        Self(half_even(value.clamp(Decimal::NEGATIVE_ONE, Decimal::ONE), Self::PLACES).normalize())
    }

    /// The nearest score to a calculated `f64`; `None` when it is not finite.
    pub fn nearest_f64(value: f64) -> Option<Self> {
        if value.is_nan() {
            return None;
        }
        decimal_from_f64(value.clamp(-1.0, 1.0), Self::PLACES).map(Self)
    }

    /// The number.
    pub const fn value(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for Score {
    type Error = OutOfRange;

    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl fmt::Display for Score {
    /// Always signed, always 4 decimals: `+0.5600`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+.4}", self.0)
    }
}

/// How much of what an agent wanted to know it knew, and how freshly: 0..=1 with at most 2 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Decimal")]
pub struct Confidence(#[serde(serialize_with = "wire::number")] Decimal);

impl Confidence {
    /// Decimals a confidence has. Source: DOMAIN "Agents".
    pub const PLACES: u32 = 2;

    /// No confidence: what an abstaining agent has.
    pub const NONE: Self = Self(Decimal::ZERO);

    /// A confidence; refuses what is outside 0..=1 or has more than 2 decimals.
    pub fn new(value: Decimal) -> Result<Self, OutOfRange> {
        checked(value, Decimal::ZERO, Decimal::ONE, Self::PLACES).map(Self)
    }

    /// The nearest confidence to a calculated one: clamped, rounded half-even to 2 decimals.
    pub fn nearest(value: Decimal) -> Self {
        Self(half_even(value.clamp(Decimal::ZERO, Decimal::ONE), Self::PLACES).normalize())
    }

    /// The number.
    pub const fn value(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for Confidence {
    type Error = OutOfRange;

    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}
