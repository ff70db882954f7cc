//! Moving average convergence divergence.

use super::Ema;
use super::ema::{Average, Averages};

const FAST: u32 = 12;
const SLOW: u32 = 26;
const SIGNAL: u32 = 9;

/// MACD(12, 26, 9) after one bar, USDT.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MacdValues {
    /// EMA(12) - EMA(26).
    pub macd: f64,
    /// EMA(9) of the line.
    pub signal: f64,
    /// Line - signal.
    pub histogram: f64,
}

/// MACD(12, 26, 9). The fast average is started late, so that both begin at the slow one's first bar.
#[derive(Debug, Clone)]
pub struct Macd {
    skipped: u32,
    fast: Ema,
    slow: Ema,
    signal: Ema,
}

impl Default for Macd {
    fn default() -> Self {
        Self {
            skipped: 0,
            fast: Ema::new(FAST),
            slow: Ema::new(SLOW),
            signal: Ema::new(SIGNAL),
        }
    }
}

impl Macd {
    /// Takes the next close and gives the values after it.
    #[inline]
    pub fn push(&mut self, close: f64) -> Option<MacdValues> {
        let slow = self.slow.push(close);
        if self.skipped < SLOW - FAST {
            self.skipped += 1;
            return None;
        }
        let macd = self.fast.push(close)? - slow?;
        let signal = self.signal.push(macd)?;
        Some(MacdValues {
            macd,
            signal,
            histogram: macd - signal,
        })
    }

    pub(super) fn running(&self) -> Option<Running> {
        let fast_and_slow = self.fast.running()?.and(self.slow.running()?);
        Some(Running {
            fast_and_slow,
            signal: self.signal.running()?,
        })
    }
}

/// The three averages past their start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    fast_and_slow: Averages<2>,
    signal: Average,
}

impl Running {
    #[inline]
    pub(super) fn push(&mut self, close: f64) -> MacdValues {
        let [fast, slow] = self.fast_and_slow.push([close, close]);
        let macd = fast - slow;
        let [signal] = self.signal.push([macd]);
        MacdValues {
            macd,
            signal,
            histogram: macd - signal,
        }
    }
}
