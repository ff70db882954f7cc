//! Amounts of paper money and of assets: exact decimals, eight places at most.
//!
//! Where a formula makes more places, it rounds half-even to eight by [`Money::rounded`] and nowhere
//! else. Source: DOMAIN "Orders and the paper engine".

use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::rounding::half_even;

/// Places that are kept, as in the database: `numeric(20, 8)`.
pub const PLACES: u32 = 8;

/// Twelve digits stand before the point of `numeric(20, 8)`.
const LIMIT: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);

/// The number is no amount: more than eight places, or twelve digits before the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount has at most twelve digits before the point and eight after it")]
pub struct AmountError;

fn amount(value: Decimal) -> Result<Decimal, AmountError> {
    let value = value.normalize();
    if value.scale() > PLACES || value.abs() >= LIMIT {
        return Err(AmountError);
    }
    Ok(value)
}

/// An amount of USDT, which the platform counts as USD. Negative for a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Decimal")]
pub struct Money(#[serde(serialize_with = "super::wire::plain")] Decimal);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// An amount that is exact already.
    pub fn new(value: Decimal) -> Result<Self, AmountError> {
        amount(value).map(Self)
    }

    /// An amount out of a formula, rounded half-even to eight places. Refuses more than a row can hold.
    pub fn rounded(value: Decimal) -> Result<Self, AmountError> {
        Self::new(half_even(value, PLACES))
    }

    /// Whole dollars.
    pub fn usd(dollars: u32) -> Self {
        Self(Decimal::from(dollars))
    }

    /// USDT.
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl TryFrom<Decimal> for Money {
    type Error = AmountError;

    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self((self.0 + other.0).normalize())
    }
}

impl Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self((self.0 - other.0).normalize())
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Money {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// An amount of an asset, zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Decimal")]
pub struct Quantity(#[serde(serialize_with = "super::wire::plain")] Decimal);

impl Quantity {
    /// None of it.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// An amount; refuses a negative one.
    pub fn new(value: Decimal) -> Result<Self, AmountError> {
        if value < Decimal::ZERO {
            return Err(AmountError);
        }
        amount(value).map(Self)
    }

    /// Units of the asset.
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// Whether it is none.
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl TryFrom<Decimal> for Quantity {
    type Error = AmountError;

    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_fits_its_column() {
        for fits in ["0", "-0.00000001", "999999999999.99999999", "1.500000000000"] {
            assert!(Money::new(fits.parse().unwrap()).is_ok(), "{fits}");
        }
        for too_much in ["0.000000001", "1000000000000", "-1000000000000"] {
            assert!(Money::new(too_much.parse().unwrap()).is_err(), "{too_much}");
        }
        assert!(Quantity::new("-1".parse().unwrap()).is_err());
    }

    #[test]
    fn a_formula_is_rounded_half_even() {
        let rounded = |text: &str| Money::rounded(text.parse().unwrap()).unwrap().value().to_string();
        assert_eq!(rounded("0.000000005"), "0");
        assert_eq!(rounded("0.000000015"), "0.00000002");
        assert_eq!(rounded("-1.0"), "-1");
    }

    #[test]
    fn amounts_are_written_without_trailing_zeros() {
        let sum: Money = [Money::usd(2), Money::new("0.50".parse().unwrap()).unwrap()]
            .into_iter()
            .sum();
        assert_eq!(serde_json::to_string(&sum).unwrap(), "\"2.5\"");
        assert_eq!(serde_json::from_str::<Money>("\"2.50\"").unwrap(), sum);
    }
}
