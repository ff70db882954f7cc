//! What the answers of agents cost, and what a day of them may cost.
//!
//! Sums only: what a token costs is the models' price list, and who may spend is the database's to say.

use std::ops::AddAssign;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rust_decimal::Decimal;

use super::rounding::half_even;

/// Above this a UTC day is dearer than planned, USD. Source: DOMAIN "Operations", alarms.
pub const DAILY_BUDGET: Decimal = Decimal::from_parts(10, 0, 0, false, 0);

/// The longest span that a report covers: executions and logs are kept two years.
pub const LONGEST_SPAN: u16 = 731;

/// The UTC day that a time is in.
pub fn utc_day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// Days of a report, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first one.
    pub first: Date,
    /// The last one.
    pub last: Date,
}

impl Span {
    /// `days` days of which `last` is the last one: at least one, at most [`LONGEST_SPAN`].
    pub fn ending(last: Date, days: u16) -> Self {
        let before = i64::from(days.clamp(1, LONGEST_SPAN)) - 1;
        let back = SignedDuration::from_hours(24 * before);
        Self {
            first: last.saturating_sub(back),
            last,
        }
    }
}

/// What a number of attempts used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Rows: model calls, answers used again, rules.
    pub attempts: i64,
    /// Attempts that gave no answer.
    pub failures: i64,
    /// Attempts that used an earlier answer again.
    pub cache_hits: i64,
    /// Attempts with an answer that is a model's, new or used again.
    pub model_answers: i64,
    /// Tokens of prompts that no cache served or kept.
    pub input_tokens: i64,
    /// Tokens of prompts that were written to a provider's cache.
    pub cache_write_tokens: i64,
    /// Tokens of prompts that were read from a provider's cache.
    pub cached_tokens: i64,
    /// Tokens of answers.
    pub output_tokens: i64,
    /// USD, exact.
    pub cost: Decimal,
}

impl Usage {
    /// Tokens of all kinds, each counted once.
    pub fn tokens_used(&self) -> i64 {
        self.input_tokens + self.cache_write_tokens + self.cached_tokens + self.output_tokens
    }

    /// How many of the models' answers were used again and not asked for, in percent with one decimal.
    /// None when no model answered.
    pub fn cache_hit_rate_pct(&self) -> Option<Decimal> {
        let rate = (Decimal::from(self.cache_hits) * Decimal::ONE_HUNDRED)
            .checked_div(Decimal::from(self.model_answers))?;
        Some(half_even(rate, 1))
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.attempts += other.attempts;
        self.failures += other.failures;
        self.cache_hits += other.cache_hits;
        self.model_answers += other.model_answers;
        self.input_tokens += other.input_tokens;
        self.cache_write_tokens += other.cache_write_tokens;
        self.cached_tokens += other.cached_tokens;
        self.output_tokens += other.output_tokens;
        self.cost += other.cost;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_as_many_days_as_asked_for() {
        let last: Date = "2026-03-01".parse().unwrap();

        assert_eq!(Span::ending(last, 1).first, last);
        assert_eq!(Span::ending(last, 30).first, "2026-01-31".parse().unwrap());
        assert_eq!(Span::ending(last, 0).first, last);
        assert_eq!(Span::ending(last, u16::MAX), Span::ending(last, LONGEST_SPAN));
    }

    #[test]
    fn rules_are_no_answers_of_models() {
        let usage = Usage {
            attempts: 9,
            cache_hits: 1,
            model_answers: 3,
            ..Usage::default()
        };

        assert_eq!(usage.cache_hit_rate_pct(), Some("33.3".parse().unwrap()));
        assert_eq!(Usage::default().cache_hit_rate_pct(), None);
    }

    #[test]
    fn a_day_is_utcs() {
        assert_eq!(
            utc_day("2026-03-01T23:59:59.999999Z".parse().unwrap()),
            "2026-03-01".parse().unwrap()
        );
    }
}
