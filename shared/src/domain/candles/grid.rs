//! The open times a timeframe has: multiples of it from 00:00 UTC, weeks from Monday.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::domain::market::Timeframe;

/// 1970-01-01 was a Thursday: the week before it began on Monday, 1969-12-29.
const FIRST_MONDAY: i64 = -3 * 24 * 3600;

fn origin(timeframe: Timeframe) -> i64 {
    if timeframe == Timeframe::W1 {
        FIRST_MONDAY
    } else {
        0
    }
}

/// Whether a candle of this timeframe can open at `time`.
pub fn is_on_grid(timeframe: Timeframe, time: Timestamp) -> bool {
    open_time_at(timeframe, time) == time
}

/// When the candle that holds `time` opened.
pub fn open_time_at(timeframe: Timeframe, time: Timestamp) -> Timestamp {
    let (start, step) = (origin(timeframe), timeframe.duration().as_secs());
    let second =
        (time.as_second() - start - i64::from(time.subsec_nanosecond() < 0)).div_euclid(step) * step + start;
    Timestamp::from_second(second).unwrap_or(Timestamp::MIN)
}

/// When the candle after the one that opened at `open_time` opens.
pub fn next_open_time(timeframe: Timeframe, open_time: Timestamp) -> Timestamp {
    super::end_of(timeframe, open_time)
}

/// Every open time in `first..=last`, both on the grid.
pub fn expected_open_times(
    timeframe: Timeframe,
    first: Timestamp,
    last: Timestamp,
) -> impl Iterator<Item = Timestamp> {
    let follow = move |time: &Timestamp| Some(next_open_time(timeframe, *time));
    std::iter::successors(Some(first), follow).take_while(move |time| *time <= last && *time < Timestamp::MAX)
}

/// The places of the grid between the first and the last stored candle for which none is stored.
pub fn missing_open_times(timeframe: Timeframe, stored: &[Timestamp]) -> Vec<Timestamp> {
    let stored: BTreeSet<Timestamp> = stored.iter().copied().collect();
    match (stored.first(), stored.last()) {
        (Some(first), Some(last)) => expected_open_times(timeframe, *first, *last)
            .filter(|time| !stored.contains(time))
            .collect(),
        _ => Vec::new(),
    }
}

/// Neighbouring places of the grid, as one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first open time.
    pub first: Timestamp,
    /// The last open time.
    pub last: Timestamp,
    /// How many there are.
    pub count: usize,
}

/// Open times, oldest first, joined into pieces without holes.
pub fn ranges(timeframe: Timeframe, open_times: &[Timestamp]) -> Vec<Range> {
    let mut joined: Vec<Range> = Vec::new();
    for time in open_times {
        match joined.last_mut() {
            Some(range) if next_open_time(timeframe, range.last) == *time => {
                range.last = *time;
                range.count += 1;
            }
            _ => joined.push(Range {
                first: *time,
                last: *time,
                count: 1,
            }),
        }
    }
    joined
}
