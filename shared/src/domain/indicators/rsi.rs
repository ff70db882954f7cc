//! Relative strength index, Wilder's.

use super::EPSILON;

const PERIOD: u32 = 14;
const LENGTH: f64 = 14.0;

/// RSI(14): the share of gains in all moves, each smoothed by Wilder's average. 0 while nothing moves.
#[derive(Debug, Clone, Default)]
pub struct Rsi {
    previous: Option<f64>,
    moves: u32,
    gain: f64,
    loss: f64,
}

impl Rsi {
    /// Takes the next close and gives the index after it, 0..=100.
    #[inline]
    pub fn push(&mut self, close: f64) -> Option<f64> {
        let change = close - self.previous.replace(close)?;
        let (gain, loss) = if change < 0.0 {
            (0.0, -change)
        } else {
            (change, 0.0)
        };
        if self.moves >= PERIOD {
            self.gain = (self.gain * (LENGTH - 1.0) + gain) / LENGTH;
            self.loss = (self.loss * (LENGTH - 1.0) + loss) / LENGTH;
            return Some(self.index());
        }
        self.moves += 1;
        self.gain += gain;
        self.loss += loss;
        if self.moves < PERIOD {
            return None;
        }
        self.gain /= LENGTH;
        self.loss /= LENGTH;
        Some(self.index())
    }

    fn index(&self) -> f64 {
        let moved = self.gain + self.loss;
        if moved < EPSILON {
            0.0
        } else {
            100.0 * (self.gain / moved)
        }
    }
}
