//! How much of its grid a series covers, as a whole and day by day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Range, expected_open_times, ranges};
use crate::domain::market::Timeframe;

/// The coverage of a series between two places of its grid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Places of the grid.
    pub expected: usize,
    /// Places with a stored candle.
    pub stored: usize,
    /// Pieces for which the exchange itself has no candle, oldest first.
    pub holes: Vec<Range>,
    /// Pieces that are neither stored nor known to be holes: they are still to be asked for.
    pub missing: Vec<Range>,
    /// The days that lack a candle, oldest first.
    pub incomplete_days: Vec<Day>,
}

/// A UTC day that lacks a candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// Places of the grid in it.
    pub expected: usize,
    /// Places with a stored candle.
    pub stored: usize,
    /// Places for which the exchange itself has none.
    pub holes: usize,
}

impl Coverage {
    /// The coverage of `first..=last`, both on the grid, where candles are stored at `stored` and the
    /// exchange has none at `holes`. What lies outside does not count.
    pub fn of(
        timeframe: Timeframe,
        (first, last): (Timestamp, Timestamp),
        stored: impl IntoIterator<Item = Timestamp>,
        holes: impl IntoIterator<Item = Timestamp>,
    ) -> Self {
        let stored: BTreeSet<Timestamp> = stored.into_iter().collect();
        let known: BTreeSet<Timestamp> = holes.into_iter().collect();
        let mut days: BTreeMap<Date, Day> = BTreeMap::new();
        let (mut holes, mut missing) = (Vec::new(), Vec::new());
        let mut expected = 0;
        for place in expected_open_times(timeframe, first, last) {
            let date = place.to_zoned(TimeZone::UTC).date();
            let day = days.entry(date).or_insert(Day {
                date,
                expected: 0,
                stored: 0,
                holes: 0,
            });
            expected += 1;
            day.expected += 1;
            if stored.contains(&place) {
                day.stored += 1;
            } else if known.contains(&place) {
                day.holes += 1;
                holes.push(place);
            } else {
                missing.push(place);
            }
        }
        Self {
            expected,
            stored: expected - holes.len() - missing.len(),
            holes: ranges(timeframe, &holes),
            missing: ranges(timeframe, &missing),
            incomplete_days: days
                .into_values()
                .filter(|day| day.stored < day.expected)
                .collect(),
        }
    }

    /// Stored of expected places in percent, 2 decimals, rounded down: 100 only when none is missing.
    /// Nothing when no place is expected.
    pub fn percent(&self) -> Option<Decimal> {
        let stored = Decimal::from(self.stored) * Decimal::ONE_HUNDRED;
        let share = stored.checked_div(Decimal::from(self.expected))?;
        Some(share.round_dp_with_strategy(2, RoundingStrategy::ToZero))
    }
}
