//! How long candles are kept, and for how far ahead there is room for them.
//!
//! Decides nothing about how they are stored. Source: DOMAIN "Operations", `market_data`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::domain::market::Timeframe;

/// Hourly candles are for charts and short trends; longer ones are the history that decisions read.
const HOURS_KEPT_MONTHS: i64 = 13;

/// A collector that stands still for a quarter still finds room when it goes on.
const ROOM_AHEAD_MONTHS: i64 = 3;

/// From which time on candles of a timeframe are kept at `now`, the beginning of a UTC month; `None`
/// when all of them are kept for good.
pub fn kept_since(timeframe: Timeframe, now: Timestamp) -> Option<Timestamp> {
    let months = match timeframe {
        Timeframe::H1 => HOURS_KEPT_MONTHS,
        Timeframe::H4 | Timeframe::D1 | Timeframe::W1 => return None,
    };
    let oldest = date_of(now).saturating_sub(Span::new().months(months));
    Some(midnight(oldest.first_of_month()))
}

/// Up to which time there is room for candles at `now`.
pub fn room_until(now: Timestamp) -> Timestamp {
    midnight(date_of(now).saturating_add(Span::new().months(ROOM_AHEAD_MONTHS)))
}

fn date_of(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

fn midnight(date: Date) -> Timestamp {
    date.to_zoned(TimeZone::UTC)
        .map_or(Timestamp::MIN, |midnight| midnight.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[rstest]
    #[case::within_a_month("2024-03-15T12:00:00Z", "2023-02-01T00:00:00Z")]
    #[case::the_first_instant_of_a_month("2024-03-01T00:00:00Z", "2023-02-01T00:00:00Z")]
    #[case::the_last_instant_of_a_month("2024-02-29T23:59:59Z", "2023-01-01T00:00:00Z")]
    fn hours_are_kept_for_thirteen_whole_months(#[case] now: &str, #[case] since: &str) {
        assert_eq!(kept_since(Timeframe::H1, at(now)), Some(at(since)));
    }

    #[test]
    fn longer_candles_are_kept_for_good() {
        for timeframe in [Timeframe::H4, Timeframe::D1] {
            assert_eq!(kept_since(timeframe, at("2024-03-15T12:00:00Z")), None);
        }
    }

    #[test]
    fn there_is_room_for_three_months() {
        assert_eq!(room_until(at("2024-11-30T12:00:00Z")), at("2025-02-28T00:00:00Z"));
    }

    proptest! {
        #[test]
        fn the_year_that_a_first_run_fetches_is_kept(seconds in 0_i64..4_000_000_000) {
            let now = Timestamp::from_second(seconds).unwrap();
            let year_ago = now - jiff::SignedDuration::from_hours(365 * 24);
            prop_assert!(kept_since(Timeframe::H1, now).unwrap() < year_ago);
        }
    }
}
