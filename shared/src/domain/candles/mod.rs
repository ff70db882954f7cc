//! Candles on their grid: open times, closed or forming, holes, flat fills, weeks, anomalies.
//!
//! The exchange decides what exists; nothing here makes a candle up. A hole is only ever filled for
//! the indicators, flat and marked, and never stored. Source: DOMAIN "Market inputs".

mod audit;
mod coverage;
mod grid;
mod retention;
mod series;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::market::{Candle, Price, Timeframe};
use super::rejection::Rejection;

pub use audit::{Audit, Page};
pub use coverage::{Coverage, Day};
pub use grid::{
    Range, expected_open_times, is_on_grid, missing_open_times, next_open_time, open_time_at, ranges,
};
pub use retention::{kept_since, room_until};
pub use series::{GridCandle, on_full_grid, weeks_of_days};

/// An exchange may still change a candle this shortly after its end. Source: UPSTREAMS "Binance".
const SETTLING: SignedDuration = SignedDuration::from_secs(5);

/// A larger move between consecutive closes is marked. Source: DOMAIN "Market inputs".
const ANOMALY_PCT: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// When a candle ends: the first instant that no longer belongs to it.
pub fn end_of(timeframe: Timeframe, open_time: Timestamp) -> Timestamp {
    open_time
        .saturating_add(timeframe.duration())
        .unwrap_or(Timestamp::MAX)
}

/// Whether a candle that opened at `open_time` is final for a request made at `now`: its last
/// millisecond lies more than five seconds back.
pub fn is_closed(timeframe: Timeframe, open_time: Timestamp, now: Timestamp) -> bool {
    let last_millisecond = end_of(timeframe, open_time) - SignedDuration::from_millis(1);
    last_millisecond < now - SETTLING
}

/// The newest open time whose candle is final for a request made at `now`.
pub fn newest_closed(timeframe: Timeframe, now: Timestamp) -> Timestamp {
    let newest = newest_closed_by(timeframe, now);
    if is_closed(timeframe, newest, now) {
        newest
    } else {
        newest
            .saturating_sub(timeframe.duration())
            .unwrap_or(Timestamp::MIN)
    }
}

/// The newest open time whose candle had closed before T: a decision as of T may read it.
pub fn newest_closed_by(timeframe: Timeframe, as_of: Timestamp) -> Timestamp {
    let forming = open_time_at(timeframe, as_of);
    forming
        .saturating_sub(timeframe.duration())
        .unwrap_or(Timestamp::MIN)
}

/// Refuses a candle that may not be stored: off the grid, of the future, or with figures that no
/// asset of ours can have. Its own consistency is [`Candle::new`]'s.
pub fn accept(timeframe: Timeframe, candle: &Candle, now: Timestamp) -> Result<(), Rejection> {
    if !is_on_grid(timeframe, candle.open_time) {
        return Err(Rejection::OffGrid);
    }
    Rejection::unless_past(candle.open_time, now)?;
    let prices = [candle.open, candle.high, candle.low, candle.close];
    let is_plausible = prices.into_iter().all(Price::is_plausible) && candle.volume.is_plausible();
    is_plausible.then_some(()).ok_or(Rejection::Implausible)
}

/// Whether a close moved more than 20 % from the one before. Kept and marked, never dropped.
pub fn is_anomaly(previous_close: Price, close: Price) -> bool {
    let moved = (close.value() - previous_close.value()).abs() * Decimal::ONE_HUNDRED;
    moved > ANOMALY_PCT * previous_close.value()
}

/// Candles with the mark of an anomaly each, oldest first, continuing from `previous_close`.
pub fn with_anomalies(mut previous_close: Option<Price>, candles: &[Candle]) -> Vec<(Candle, bool)> {
    let mut marked = Vec::with_capacity(candles.len());
    for candle in candles {
        let anomaly = previous_close.is_some_and(|previous| is_anomaly(previous, candle.close));
        previous_close = Some(candle.close);
        marked.push((*candle, anomaly));
    }
    marked
}
