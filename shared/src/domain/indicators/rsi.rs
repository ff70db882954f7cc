//! Relative strength index, Wilder's.

use super::Ema;
use super::ema::Averages;

const PERIOD: u32 = 14;

/// RSI(14): the share of gains in all moves, each smoothed by Wilder's average. 0 while nothing has moved yet.
#[derive(Debug, Clone)]
pub struct Rsi {
    previous: Option<f64>,
    gain: Ema,
    loss: Ema,
}

impl Default for Rsi {
    fn default() -> Self {
        Self {
            previous: None,
            gain: Ema::wilder(PERIOD),
            loss: Ema::wilder(PERIOD),
        }
    }
}

impl Rsi {
    /// Takes the next close and gives the index after it, 0..=100.
    #[inline]
    pub fn push(&mut self, close: f64) -> Option<f64> {
        let change = close - self.previous.replace(close)?;
        let (gain, loss) = (self.gain.push(gain_of(change)), self.loss.push(gain_of(-change)));
        Some(index(gain?, loss?))
    }

    /// The averages of gain and loss, whose [`index`] is the value.
    pub(super) fn running(&self) -> Option<Averages<2>> {
        Some(self.gain.running()?.and(self.loss.running()?))
    }
}

/// The loss is the gain of the opposite change.
#[inline]
pub(super) fn gain_of(change: f64) -> f64 {
    if change > 0.0 { change } else { 0.0 }
}

#[inline]
pub(super) fn index(gain: f64, loss: f64) -> f64 {
    let moved = gain + loss;
    if moved > 0.0 { 100.0 * (gain / moved) } else { 0.0 }
}
