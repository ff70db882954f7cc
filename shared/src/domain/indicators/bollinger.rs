//! Bollinger bands.

use super::EPSILON;

const PERIOD: usize = 20;
const LENGTH: f64 = 20.0;
const DEVIATIONS: f64 = 2.0;

/// Bollinger(20, 2) after one bar, USDT.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// Mean + 2 population standard deviations.
    pub upper: f64,
    /// Mean of the last 20 closes.
    pub middle: f64,
    /// Mean - 2 population standard deviations.
    pub lower: f64,
}

/// Bollinger(20, 2) from running sums of closes and their squares.
///
/// The order of additions is TA-Lib's: in a window that hardly moves, the difference of two large
/// sums is rounding, and any other order would round differently.
#[derive(Debug, Clone)]
pub struct Bollinger {
    window: [f64; PERIOD],
    next: usize,
    seen: usize,
    sum: f64,
    squares: f64,
}

impl Default for Bollinger {
    fn default() -> Self {
        Self {
            window: [0.0; PERIOD],
            next: 0,
            seen: 0,
            sum: 0.0,
            squares: 0.0,
        }
    }
}

impl Bollinger {
    /// Takes the next close and gives the bands after it.
    #[inline]
    pub fn push(&mut self, close: f64) -> Option<Bands> {
        self.sum += close;
        self.squares += close * close;
        self.window[self.next] = close;
        self.next = if self.next + 1 == PERIOD { 0 } else { self.next + 1 };
        if self.seen + 1 < PERIOD {
            self.seen += 1;
            return None;
        }
        let middle = self.sum / LENGTH;
        let variance = self.squares / LENGTH - middle * middle;
        let oldest = self.window[self.next];
        self.sum -= oldest;
        self.squares -= oldest * oldest;
        let deviation = if variance < EPSILON { 0.0 } else { variance.sqrt() };
        let half = deviation * DEVIATIONS;
        Some(Bands {
            upper: middle + half,
            middle,
            lower: middle - half,
        })
    }
}
