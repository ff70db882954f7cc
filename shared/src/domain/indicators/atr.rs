//! Average true range, Wilder's.

use super::Bar;

const PERIOD: u32 = 14;
const LENGTH: f64 = 14.0;

/// ATR(14): the mean of the first 14 true ranges, then Wilder's average.
#[derive(Debug, Clone, Default)]
pub struct Atr {
    previous_close: Option<f64>,
    ranges: u32,
    average: f64,
}

impl Atr {
    /// Takes the next bar and gives the average after it, USDT.
    #[inline]
    pub fn push(&mut self, bar: Bar) -> Option<f64> {
        let previous = self.previous_close.replace(bar.close)?;
        let range = (bar.high - bar.low)
            .max((bar.high - previous).abs())
            .max((bar.low - previous).abs());
        if self.ranges >= PERIOD {
            self.average = (self.average * (LENGTH - 1.0) + range) / LENGTH;
            return Some(self.average);
        }
        self.ranges += 1;
        self.average += range;
        if self.ranges < PERIOD {
            return None;
        }
        self.average /= LENGTH;
        Some(self.average)
    }
}
