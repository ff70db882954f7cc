//! Average true range, Wilder's.

use super::ema::Average;
use super::{Bar, Ema};

const PERIOD: u32 = 14;

/// ATR(14): the mean of the first 14 true ranges, then Wilder's average.
#[derive(Debug, Clone)]
pub struct Atr {
    previous_close: Option<f64>,
    range: Ema,
}

impl Default for Atr {
    fn default() -> Self {
        Self {
            previous_close: None,
            range: Ema::wilder(PERIOD),
        }
    }
}

impl Atr {
    /// Takes the next bar and gives the average after it, USDT.
    #[inline]
    pub fn push(&mut self, bar: Bar) -> Option<f64> {
        let previous_close = self.previous_close.replace(bar.close)?;
        self.range.push(true_range(bar, previous_close))
    }

    pub(super) fn running(&self) -> Option<Running> {
        Some(Running {
            previous_close: self.previous_close?,
            range: self.range.running()?,
        })
    }
}

/// The average past its start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    previous_close: f64,
    range: Average,
}

impl Running {
    #[inline]
    pub(super) fn push(&mut self, bar: Bar) -> f64 {
        let range = true_range(bar, self.previous_close);
        self.previous_close = bar.close;
        let [average] = self.range.push([range]);
        average
    }
}

#[inline]
fn true_range(bar: Bar, previous_close: f64) -> f64 {
    // Plain comparisons are one instruction each; `f64::max` also looks for NaN.
    let larger = |a: f64, b: f64| if a > b { a } else { b };
    larger(
        larger(bar.high - bar.low, (bar.high - previous_close).abs()),
        (bar.low - previous_close).abs(),
    )
}
