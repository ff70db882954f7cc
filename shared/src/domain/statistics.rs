//! How well a portfolio did: Sharpe, Sortino, drawdown, win rate.
//!
//! They are ratios, not money: calculated in `f64` and rounded half-even to four decimals, as
//! indicators are. What cannot be told is `None`. Source: DOMAIN "Statistics".

use rust_decimal::Decimal;
use serde::Serialize;

use super::rounding::decimal_from_f64;
use super::wire;

/// Ratios of fewer daily returns say nothing.
pub const FEWEST_RETURNS: usize = 30;

/// Decimals of a ratio.
const PLACES: u32 = 4;

/// Crypto is traded every day of the year.
const DAYS_A_YEAR: f64 = 365.0;

/// A deviation below this is the rounding of `f64`, and no deviation.
const NOTHING: f64 = 1e-12;

/// The figures of a portfolio over a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Statistics {
    /// Time-weighted return from the beginning to the end, in percent: money that was paid in or
    /// taken out does not count.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub return_pct: Option<Decimal>,
    /// The deepest fall from a peak, at 00:00 UTC, in percent.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub max_drawdown_pct: Option<Decimal>,
    /// Sharpe ratio; null under 30 daily returns, or when they do not vary.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub sharpe: Option<Decimal>,
    /// Sortino ratio; null under 30 daily returns, or when none is negative.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub sortino: Option<Decimal>,
    /// Sells with a profit out of all sells, 0 to 1; null without a sell.
    #[serde(serialize_with = "wire::optional_number")]
    #[cfg_attr(feature = "http", schema(value_type = Option<f64>))]
    pub win_rate: Option<Decimal>,
    /// How many daily returns that is.
    pub daily_returns: usize,
    /// How many sells.
    pub sells: u64,
}

/// Sells, and those with a profit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sells {
    /// All of them.
    pub all: u64,
    /// Those whose realised result is more than nothing.
    pub won: u64,
}

impl Sells {
    /// Their share, 0..=1.
    pub fn win_rate(self) -> Option<Decimal> {
        let rate = Decimal::from(self.won).checked_div(Decimal::from(self.all))?;
        Some(super::rounding::half_even(rate, PLACES).normalize())
    }
}

/// A ratio or a percentage as it is told.
pub fn told(value: f64) -> Option<Decimal> {
    decimal_from_f64(value, PLACES)
}

/// The mean of daily returns over their sample standard deviation, for a year. Risk-free is 0.
pub fn sharpe(returns: &[f64]) -> Option<Decimal> {
    let mean = mean(returns)?;
    let squares: f64 = returns.iter().map(|r| (r - mean).powi(2)).sum();
    // At least thirty of them.
    annualised(mean, (squares / (count(returns) - 1.0)).sqrt())
}

/// The mean of daily returns over their downside deviation, for a year: √(Σ min(r, 0)² / n).
pub fn sortino(returns: &[f64]) -> Option<Decimal> {
    let mean = mean(returns)?;
    let squares: f64 = returns.iter().map(|r| r.min(0.0).powi(2)).sum();
    annualised(mean, (squares / count(returns)).sqrt())
}

fn annualised(mean: f64, deviation: f64) -> Option<Decimal> {
    if deviation < NOTHING {
        return None;
    }
    told(mean / deviation * DAYS_A_YEAR.sqrt())
}

/// `None` under [`FEWEST_RETURNS`].
fn mean(returns: &[f64]) -> Option<f64> {
    let sum: f64 = returns.iter().sum();
    (returns.len() >= FEWEST_RETURNS).then(|| sum / count(returns))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "days of a portfolio are far fewer than 2^52"
)]
fn count(returns: &[f64]) -> f64 {
    returns.len() as f64
}

/// How far below its highest value a series is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Drawdown {
    peak: f64,
    deepest: Option<f64>,
}

impl Drawdown {
    /// The fall from the peak at the next value of the series, in percent, positive.
    pub fn next(&mut self, value: f64) -> f64 {
        self.peak = self.peak.max(value);
        let fall = if self.peak > 0.0 {
            (1.0 - value / self.peak) * 100.0
        } else {
            0.0
        };
        self.deepest = Some(self.deepest.unwrap_or(0.0).max(fall));
        fall
    }

    /// The deepest so far, in percent.
    pub fn deepest_pct(self) -> Option<Decimal> {
        self.deepest.and_then(told)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// 2 % up and 1 % down, by turns.
    fn swings(days: usize) -> Vec<f64> {
        (0..days)
            .map(|day| if day % 2 == 0 { 0.02 } else { -0.01 })
            .collect()
    }

    #[test]
    fn ratios_are_those_worked_out_by_hand() {
        // Mean 0.005; Σ (r - mean)² = 30 × 0.015²; sample sd = 0.015 × √(30/29) = 0.0152564…
        // 0.005 / 0.0152564 × √365 = 6.26125…
        assert_eq!(sharpe(&swings(30)), Some(decimal("6.2613")));
        // √(15 × 0.01² / 30) = 0.00707107; 0.005 / 0.00707107 × √365 = 13.50925…
        assert_eq!(sortino(&swings(30)), Some(decimal("13.5093")));
    }

    #[test]
    fn fewer_than_thirty_returns_have_no_ratio() {
        assert_eq!(sharpe(&swings(29)), None);
        assert_eq!(sortino(&swings(29)), None);
    }

    #[test]
    fn returns_that_do_not_vary_have_no_sharpe_and_gains_alone_no_sortino() {
        assert_eq!(sharpe(&[0.01; 40]), None);
        assert_eq!(sharpe(&[0.0; 40]), None);
        assert_eq!(sortino(&[0.01; 40]), None);
        assert_eq!(sharpe(&[-0.013; 41]), None);
        assert!(sortino(&[-0.013; 41]).unwrap() < Decimal::ZERO);
    }

    #[test]
    fn a_fall_is_measured_from_the_highest_value_before_it() {
        let mut drawdown = Drawdown::default();
        let series: Vec<_> = [100.0, 120.0, 90.0, 110.0, 150.0, 149.0]
            .into_iter()
            .map(|value| told(drawdown.next(value)).unwrap().to_string())
            .collect();
        assert_eq!(series, ["0", "0", "25", "8.3333", "0", "0.6667"]);
        assert_eq!(drawdown.deepest_pct(), Some(decimal("25")));
        assert_eq!(Drawdown::default().deepest_pct(), None);
    }

    #[test]
    fn a_win_rate_needs_a_sell() {
        assert_eq!(Sells { all: 0, won: 0 }.win_rate(), None);
        assert_eq!(Sells { all: 3, won: 2 }.win_rate(), Some(decimal("0.6667")));
        assert_eq!(Sells { all: 3, won: 0 }.win_rate(), Some(decimal("0")));
    }

    proptest! {
        #[test]
        fn ratios_have_the_sign_of_the_mean_and_ignore_the_order(
            mut returns in prop::collection::vec(-0.2_f64..0.2, 30..200),
        ) {
            let (before, downside) = (sharpe(&returns), sortino(&returns));
            let sum: f64 = returns.iter().sum();
            for ratio in [before, downside].into_iter().flatten() {
                prop_assert!(ratio.is_zero() || ratio.is_sign_positive() == (sum > 0.0));
            }
            returns.sort_by(f64::total_cmp);
            let near = |a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
                (Some(a), Some(b)) => (a - b).abs() <= Decimal::new(1, 4),
                (a, b) => a == b,
            };
            prop_assert!(near(before, sharpe(&returns)));
            prop_assert!(near(downside, sortino(&returns)));
        }

        #[test]
        fn a_fall_is_between_nothing_and_everything(series in prop::collection::vec(0.0_f64..1e6, 1..100)) {
            let mut drawdown = Drawdown::default();
            let falls: Vec<f64> = series.iter().map(|value| drawdown.next(*value)).collect();
            prop_assert!(falls.iter().all(|fall| (0.0..=100.0).contains(fall)));
            let deepest = falls.iter().copied().fold(0.0, f64::max);
            prop_assert_eq!(drawdown.deepest_pct(), told(deepest));
        }
    }
}
