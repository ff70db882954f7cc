//! Technical indicators, to TA-Lib's definition, start-up values included.
//!
//! EMA(21), EMA(55), RSI(14), MACD(12, 26, 9), Bollinger(20, 2) and ATR(14). There is one
//! implementation: a [`Panel`] that is pushed one bar after the other. A whole series is the panel
//! driven over it ([`Columns::over`]), so both agree to the last bit.
//! Figures are `f64`: they are judged, not booked. Source: DOMAIN "Technical indicators".

mod atr;
mod bollinger;
mod ema;
mod macd;
mod rsi;
#[cfg(test)]
mod tests;

pub use atr::Atr;
pub use bollinger::{Bands, Bollinger};
pub use ema::Ema;
pub use macd::{Macd, MacdValues};
pub use rsi::Rsi;

/// Below this a sum counts as zero; TA-Lib's own threshold.
const EPSILON: f64 = 1e-14;

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

/// Every indicator for every bar of a series, a column each, as long as the series.
///
/// Where a value does not exist yet the column holds NaN; [`Columns::at`] gives `None` there.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// EMA(21).
    pub ema21: Vec<f64>,
    /// EMA(55).
    pub ema55: Vec<f64>,
    /// RSI(14).
    pub rsi14: Vec<f64>,
    /// MACD line.
    pub macd: Vec<f64>,
    /// MACD signal line.
    pub macd_signal: Vec<f64>,
    /// MACD line - signal line.
    pub macd_histogram: Vec<f64>,
    /// Upper Bollinger band.
    pub bollinger_upper: Vec<f64>,
    /// Middle Bollinger band.
    pub bollinger_middle: Vec<f64>,
    /// Lower Bollinger band.
    pub bollinger_lower: Vec<f64>,
    /// ATR(14).
    pub atr14: Vec<f64>,
}

impl Columns {
    /// All indicators over a whole series, oldest bar first.
    pub fn over(bars: impl ExactSizeIterator<Item = Bar>) -> Self {
        let mut columns = Self::with_capacity(bars.len());
        let mut panel = Panel::default();
        for bar in bars {
            columns.push(panel.push(bar));
        }
        columns
    }

    /// How many bars the series had.
    pub fn len(&self) -> usize {
        self.ema21.len()
    }

    /// Whether the series had no bar.
    pub fn is_empty(&self) -> bool {
        self.ema21.is_empty()
    }

    /// The values after the bar at `index`; all `None` beyond the end.
    pub fn at(&self, index: usize) -> Values {
        let value = |column: &[f64]| column.get(index).copied().filter(|value| !value.is_nan());
        Values {
            ema21: value(&self.ema21),
            ema55: value(&self.ema55),
            rsi14: value(&self.rsi14),
            macd: value(&self.macd)
                .zip(value(&self.macd_signal))
                .zip(value(&self.macd_histogram))
                .map(|((macd, signal), histogram)| MacdValues {
                    macd,
                    signal,
                    histogram,
                }),
            bollinger: value(&self.bollinger_upper)
                .zip(value(&self.bollinger_middle))
                .zip(value(&self.bollinger_lower))
                .map(|((upper, middle), lower)| Bands { upper, middle, lower }),
            atr14: value(&self.atr14),
        }
    }

    fn with_capacity(bars: usize) -> Self {
        let column = || Vec::with_capacity(bars);
        Self {
            ema21: column(),
            ema55: column(),
            rsi14: column(),
            macd: column(),
            macd_signal: column(),
            macd_histogram: column(),
            bollinger_upper: column(),
            bollinger_middle: column(),
            bollinger_lower: column(),
            atr14: column(),
        }
    }

    #[inline]
    fn push(&mut self, values: Values) {
        let none = MacdValues {
            macd: f64::NAN,
            signal: f64::NAN,
            histogram: f64::NAN,
        };
        let MacdValues {
            macd,
            signal,
            histogram,
        } = values.macd.unwrap_or(none);
        let none = Bands {
            upper: f64::NAN,
            middle: f64::NAN,
            lower: f64::NAN,
        };
        let Bands { upper, middle, lower } = values.bollinger.unwrap_or(none);
        self.ema21.push(values.ema21.unwrap_or(f64::NAN));
        self.ema55.push(values.ema55.unwrap_or(f64::NAN));
        self.rsi14.push(values.rsi14.unwrap_or(f64::NAN));
        self.macd.push(macd);
        self.macd_signal.push(signal);
        self.macd_histogram.push(histogram);
        self.bollinger_upper.push(upper);
        self.bollinger_middle.push(middle);
        self.bollinger_lower.push(lower);
        self.atr14.push(values.atr14.unwrap_or(f64::NAN));
    }
}
