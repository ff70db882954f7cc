//! Whole series: the full grid that indicators run over, and weeks built from days.

use jiff::Timestamp;

use super::{end_of, is_on_grid, next_open_time, open_time_at};
use crate::domain::indicators::Bar;
use crate::domain::market::{Candle, Price, Timeframe, Volume};

/// A candle on the full grid: the exchange's own, or a flat one where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridCandle {
    /// The candle.
    pub candle: Candle,
    /// It stands for one or more missing ones.
    pub is_filled: bool,
}

impl GridCandle {
    /// As the indicators read it.
    pub fn bar(&self) -> Bar {
        let figure = |price: Price| f64::try_from(price.value()).unwrap_or(f64::NAN);
        Bar {
            high: figure(self.candle.high),
            low: figure(self.candle.low),
            close: figure(self.candle.close),
        }
    }
}

/// Candles, oldest first, with a flat one in each hole: the previous close, volume 0.
/// Source: DOMAIN "Technical indicators".
pub fn on_full_grid(timeframe: Timeframe, candles: &[Candle]) -> Vec<GridCandle> {
    let mut full: Vec<GridCandle> = Vec::with_capacity(candles.len());
    for candle in candles {
        while let Some(last) = full.last() {
            let expected = next_open_time(timeframe, last.candle.open_time);
            if expected >= candle.open_time {
                break;
            }
            full.push(GridCandle {
                candle: flat(expected, last.candle.close),
                is_filled: true,
            });
        }
        full.push(GridCandle {
            candle: *candle,
            is_filled: false,
        });
    }
    full
}

fn flat(open_time: Timestamp, price: Price) -> Candle {
    Candle {
        open_time,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: Volume::ZERO,
    }
}

/// Weeks, Monday 00:00 UTC to Monday, from daily candles, oldest first.
///
/// Only weeks that had ended by `as_of`. Holes between days are flat; a first week whose Monday is
/// before the history began is left out, because its open is unknown.
pub fn weeks_of_days(days: &[Candle], as_of: Timestamp) -> Vec<GridCandle> {
    let full = on_full_grid(Timeframe::D1, days);
    let starts_on_monday = full
        .iter()
        .position(|day| is_on_grid(Timeframe::W1, day.candle.open_time))
        .unwrap_or(full.len());
    let mut weeks: Vec<GridCandle> = Vec::with_capacity(full.len() / 7);
    for day in &full[starts_on_monday..] {
        let monday = open_time_at(Timeframe::W1, day.candle.open_time);
        match weeks.last_mut() {
            Some(week) if week.candle.open_time == monday => extend(week, day),
            _ => weeks.push(*day),
        }
    }
    let last_day = full.last().map(|day| end_of(Timeframe::D1, day.candle.open_time));
    weeks.retain(|week| {
        let end = end_of(Timeframe::W1, week.candle.open_time);
        end <= as_of && last_day.is_some_and(|last| end <= last)
    });
    weeks
}

fn extend(week: &mut GridCandle, day: &GridCandle) {
    week.candle.high = week.candle.high.max(day.candle.high);
    week.candle.low = week.candle.low.min(day.candle.low);
    week.candle.close = day.candle.close;
    week.candle.volume = week.candle.volume + day.candle.volume;
    week.is_filled = week.is_filled && day.is_filled;
}
