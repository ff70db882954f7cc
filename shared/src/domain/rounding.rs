//! The one place where a calculated number becomes a recorded decimal.

use rust_decimal::{Decimal, RoundingStrategy};

/// Rounds half-even ("banker's rounding") to `places` decimals. Source: DOMAIN, everywhere.
pub fn half_even(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven)
}

/// A calculated `f64` as a decimal, rounded half-even to `places` decimals.
///
/// The binary value is taken exactly before rounding, so that a tie is one only when the computed
/// number really lies in the middle. `None` when it is not finite or too large for a decimal.
pub fn decimal_from_f64(value: f64, places: u32) -> Option<Decimal> {
    Decimal::from_f64_retain(value).map(|exact| half_even(exact, places).normalize())
}
