//! Technical indicators, to TA-Lib's definition, start-up values included.
//!
//! EMA(21), EMA(55), RSI(14), MACD(12, 26, 9), Bollinger(20, 2) and ATR(14). There is one
//! definition of the arithmetic: a [`Panel`] is pushed one bar after the other, and a whole series
//! ([`Columns::over`]) goes through the same steps in blocks, so both agree to the last bit.
//! Figures are `f64`: they are judged, not booked. Source: DOMAIN "Technical indicators".

mod atr;
mod bollinger;
mod columns;
mod ema;
mod macd;
mod rsi;
#[cfg(test)]
mod tests;

pub use atr::Atr;
pub use bollinger::{Bands, Bollinger};
pub use columns::{Column, Columns};
pub use ema::Ema;
pub use macd::{Macd, MacdValues};
pub use rsi::Rsi;

/// One closed bar, in USDT.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
}

/// Every indicator after one bar; `None` while the series is too short for it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Values {
    /// EMA(21), USDT.
    pub ema21: Option<f64>,
    /// EMA(55), USDT.
    pub ema55: Option<f64>,
    /// RSI(14), 0..=100.
    pub rsi14: Option<f64>,
    /// MACD(12, 26, 9), USDT.
    pub macd: Option<MacdValues>,
    /// Bollinger(20, 2), USDT.
    pub bollinger: Option<Bands>,
    /// ATR(14), USDT.
    pub atr14: Option<f64>,
}

/// All indicators of one series, incremental: as much memory as their windows.
#[derive(Debug, Clone)]
pub struct Panel {
    ema21: Ema,
    ema55: Ema,
    rsi14: Rsi,
    macd: Macd,
    bollinger: Bollinger,
    atr14: Atr,
}

impl Default for Panel {
    fn default() -> Self {
        Self {
            ema21: Ema::new(21),
            ema55: Ema::new(55),
            rsi14: Rsi::default(),
            macd: Macd::default(),
            bollinger: Bollinger::default(),
            atr14: Atr::default(),
        }
    }
}

impl Panel {
    /// Takes the next bar and gives the values after it.
    #[inline]
    pub fn push(&mut self, bar: Bar) -> Values {
        Values {
            ema21: self.ema21.push(bar.close),
            ema55: self.ema55.push(bar.close),
            rsi14: self.rsi14.push(bar.close),
            macd: self.macd.push(bar.close),
            bollinger: self.bollinger.push(bar.close),
            atr14: self.atr14.push(bar),
        }
    }

    /// The values after the last of `bars`; `None` without any.
    pub fn after(bars: impl IntoIterator<Item = Bar>) -> Option<Values> {
        let mut panel = Self::default();
        bars.into_iter().map(|bar| panel.push(bar)).last()
    }
}
