//! Strategies are rows: how often they decide, on which trend, with which weights.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::agents::AgentKind;
use super::market::Timeframe;

/// A strategy's name in addresses and rows: lower-case words joined by hyphens, at most 40 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StrategyId(String);

/// The text is no strategy id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a strategy id is 1 to 40 lower-case letters, digits and hyphens, such as hodl-wave")]
pub struct StrategyIdError;

impl StrategyId {
    /// The strategy that answers when none is named.
    pub fn hodl_wave() -> Self {
        Self("hodl-wave".to_owned())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StrategyId {
    type Err = StrategyIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.is_empty() || text.len() > 40 || !text.chars().all(is_word) {
            return Err(StrategyIdError);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for StrategyId {
    type Error = StrategyIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<StrategyId> for String {
    fn from(id: StrategyId) -> Self {
        id.0
    }
}

impl fmt::Display for StrategyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much each agent counts: each 0..=1 with at most 4 decimals, together exactly 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawWeights", into = "RawWeights")]
pub struct Weights {
    macro_: Decimal,
    onchain: Decimal,
    ta: Decimal,
}

#[derive(Serialize, Deserialize)]
struct RawWeights {
    #[serde(rename = "macro")]
    macro_: Decimal,
    onchain: Decimal,
    ta: Decimal,
}

/// The numbers are not weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("weights are three numbers from 0 to 1 with at most 4 decimals that add up to exactly 1")]
pub struct WeightsError;

impl Weights {
    /// Weights in the order macro, on-chain, technical.
    pub fn new(macro_: Decimal, onchain: Decimal, ta: Decimal) -> Result<Self, WeightsError> {
        let valid = |w: Decimal| w >= Decimal::ZERO && w <= Decimal::ONE && w.normalize().scale() <= 4;
        if ![macro_, onchain, ta].into_iter().all(valid) || macro_ + onchain + ta != Decimal::ONE {
            return Err(WeightsError);
        }
        Ok(Self { macro_, onchain, ta })
    }

    /// The weight of one agent.
    pub const fn of(&self, agent: AgentKind) -> Decimal {
        match agent {
            AgentKind::Macro => self.macro_,
            AgentKind::Onchain => self.onchain,
            AgentKind::Ta => self.ta,
        }
    }
}

impl TryFrom<RawWeights> for Weights {
    type Error = WeightsError;

    fn try_from(raw: RawWeights) -> Result<Self, Self::Error> {
        Self::new(raw.macro_, raw.onchain, raw.ta)
    }
}

impl From<Weights> for RawWeights {
    fn from(weights: Weights) -> Self {
        Self {
            macro_: weights.macro_,
            onchain: weights.onchain,
            ta: weights.ta,
        }
    }
}

/// How often a strategy decides: a whole number of minutes that divides a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct IntervalMinutes(i32);

/// The number is no interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an interval is a whole number of minutes that divides a day")]
pub struct IntervalError;

impl TryFrom<i32> for IntervalMinutes {
    type Error = IntervalError;

    fn try_from(minutes: i32) -> Result<Self, Self::Error> {
        Self::new(minutes).ok_or(IntervalError)
    }
}

impl From<IntervalMinutes> for i32 {
    fn from(interval: IntervalMinutes) -> Self {
        interval.0
    }
}

impl IntervalMinutes {
    /// An interval; `None` unless it is at least a minute and divides a day evenly.
    pub fn new(minutes: i32) -> Option<Self> {
        (minutes > 0 && 1440 % minutes == 0).then_some(Self(minutes))
    }

    /// Minutes.
    pub const fn minutes(self) -> i32 {
        self.0
    }

    /// As a duration.
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.0))
    }

    /// The newest boundary at or before `now`: a multiple of the interval from 00:00 UTC.
    pub fn boundary_at_or_before(self, now: Timestamp) -> Timestamp {
        let step = self.duration().as_secs();
        let second = now.as_second().div_euclid(step) * step;
        // Inside the range of timestamps because it is at most one day before a valid one; the
        // very first day of that range has no earlier boundary.
        Timestamp::from_second(second).unwrap_or(Timestamp::MIN)
    }
}

/// Strategies are run every ten minutes, two minutes after each. Source: DOMAIN "Decision", step 0.
const RUN_EVERY: i64 = 600;
const RUN_OFFSET: i64 = 120;

/// When strategies are run next: at `now`, if that is such a time.
pub fn next_run_at_or_after(now: Timestamp) -> Timestamp {
    let begun = (now.as_millisecond() - RUN_OFFSET * 1000 - 1).div_euclid(RUN_EVERY * 1000);
    let second = (begun + 1) * RUN_EVERY + RUN_OFFSET;
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

/// A strategy as its row says; part of the record of every execution, because rows may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strategy {
    /// Its id.
    pub id: StrategyId,
    /// Its name for people.
    pub name: String,
    /// How often it decides.
    #[serde(rename = "interval_minutes")]
    pub interval: IntervalMinutes,
    /// The timeframe the technical agent reads.
    pub trend_timeframe: Timeframe,
    /// The agents' weights.
    pub weights: Weights,
    /// Share of equity a BUY uses up to the high-conviction threshold, 0..=0.05.
    pub buy_fraction: Decimal,
    /// Share of equity a BUY uses above conviction 80, 0..=0.05.
    pub buy_fraction_high: Decimal,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2024-03-01T12:02:00Z", "2024-03-01T12:02:00Z")]
    #[case("2024-03-01T12:02:00.001Z", "2024-03-01T12:12:00Z")]
    #[case("2024-03-01T12:01:59.999Z", "2024-03-01T12:02:00Z")]
    #[case("2024-03-01T23:55:00Z", "2024-03-02T00:02:00Z")]
    fn the_next_run_is_at_minute_two_of_a_ten(#[case] now: Timestamp, #[case] expected: Timestamp) {
        assert_eq!(next_run_at_or_after(now), expected);
    }

    #[test]
    fn weights_must_be_shares_of_one_with_four_decimals() {
        let weights = |values: [&str; 3]| {
            let [macro_, onchain, ta] = values.map(|value| value.parse().unwrap());
            Weights::new(macro_, onchain, ta)
        };
        assert!(weights(["0.4", "0.4", "0.2"]).is_ok());
        assert!(weights(["1", "0", "0"]).is_ok());
        for wrong in [
            ["0.4", "0.4", "0.1999"],
            ["1.2", "-0.4", "0.2"],
            ["0.33333", "0.33333", "0.33334"],
        ] {
            assert!(weights(wrong).is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn a_boundary_is_a_multiple_at_most_one_interval_back(
            second in 0_i64..4_000_000_000,
            minutes in prop::sample::select(vec![1, 10, 60, 240, 720, 1440]),
        ) {
            let interval = IntervalMinutes::new(minutes).unwrap();
            let now = Timestamp::from_second(second).unwrap();
            let boundary = interval.boundary_at_or_before(now);
            let age = now.duration_since(boundary);
            prop_assert!(!age.is_negative() && age < interval.duration());
            prop_assert_eq!(boundary.as_second() % i64::from(minutes * 60), 0);
        }
    }
}
