//! A whole series at once.
//!
//! The start of a series goes through a [`Panel`]. From there on nothing can be missing any more, so
//! the same steps run without a branch, in blocks that stay in the processor's nearest cache. It
//! never computes anything a panel would not.

use super::bollinger::{BEFORE, Bands, LANES, Lanes};
use super::ema::Averages;
use super::{Bar, MacdValues, Panel, Values, atr, macd, rsi};

/// From this many bars on every indicator has a value, and the bands begin with a new anchor.
const START: usize = BEFORE + 3 * LANES;

const COLUMNS: usize = 10;

/// Bars that are computed before the next ones are read.
const BLOCK: usize = 4 * LANES;

/// Values of a page of memory; where columns began at the same place of their pages, writing ten of
/// them in step would use the same few lines of the nearest cache.
const PAGE: usize = 4096 / size_of::<f64>();

/// How much later in its page each column begins: ten of these fit, each a whole number of lines.
const STAGGER: usize = 56;

/// One of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// EMA(21).
    Ema21,
    /// EMA(55).
    Ema55,
    /// RSI(14).
    Rsi14,
    /// MACD line.
    Macd,
    /// MACD signal line.
    MacdSignal,
    /// MACD line - signal line.
    MacdHistogram,
    /// Upper Bollinger band.
    BollingerUpper,
    /// Middle Bollinger band.
    BollingerMiddle,
    /// Lower Bollinger band.
    BollingerLower,
    /// ATR(14).
    Atr14,
}

impl Column {
    /// Every column, in the order of the values of a bar.
    pub const ALL: [Self; COLUMNS] = [
        Self::Ema21,
        Self::Ema55,
        Self::Rsi14,
        Self::Macd,
        Self::MacdSignal,
        Self::MacdHistogram,
        Self::BollingerUpper,
        Self::BollingerMiddle,
        Self::BollingerLower,
        Self::Atr14,
    ];
}

/// Every indicator for every bar of a series, a column each, as long as the series.
///
/// Where a value does not exist yet the column holds NaN; [`Columns::at`] gives `None` there.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// All columns in one piece of memory, [`stride`] apart.
    values: Vec<f64>,
    bars: usize,
}

/// From the beginning of a column to that of the next.
const fn stride(bars: usize) -> usize {
    bars.next_multiple_of(PAGE) + STAGGER
}

impl Columns {
    /// All indicators over a whole series, oldest bar first.
    pub fn over(bars: &[Bar]) -> Self {
        let mut columns = Self::default();
        columns.renew(bars);
        columns
    }

    /// The same into memory that is already there: the columns become those of another series.
    pub fn renew(&mut self, bars: &[Bar]) {
        if self.bars != bars.len() {
            self.bars = bars.len();
            self.values = vec![0.0; stride(bars.len()) * COLUMNS];
        }
        let mut pieces = self.values.chunks_exact_mut(stride(bars.len()));
        let mut columns: [&mut [f64]; COLUMNS] = std::array::from_fn(|_| {
            pieces
                .next()
                .map_or(&mut [][..], |piece| &mut piece[..bars.len()])
        });
        let mut panel = Panel::default();
        let (start, rest) = bars.split_at(START.min(bars.len()));
        for (index, bar) in start.iter().enumerate() {
            let values = row(panel.push(*bar));
            for (column, value) in columns.iter_mut().zip(values) {
                column[index] = value;
            }
        }
        if let Some(running) = Running::after(&panel) {
            running.run(rest, columns.map(|column| &mut column[START..]));
        }
    }

    /// How many bars the series had.
    pub const fn len(&self) -> usize {
        self.bars
    }

    /// Whether the series had no bar.
    pub const fn is_empty(&self) -> bool {
        self.bars == 0
    }

    /// One column, as long as the series.
    pub fn column(&self, column: Column) -> &[f64] {
        let start = column as usize * stride(self.bars);
        self.values.get(start..start + self.bars).unwrap_or_default()
    }

    /// The values after the bar at `index`; all `None` beyond the end.
    pub fn at(&self, index: usize) -> Values {
        let value = |column| {
            self.column(column)
                .get(index)
                .copied()
                .filter(|value| !value.is_nan())
        };
        Values {
            ema21: value(Column::Ema21),
            ema55: value(Column::Ema55),
            rsi14: value(Column::Rsi14),
            macd: value(Column::Macd)
                .zip(value(Column::MacdSignal))
                .zip(value(Column::MacdHistogram))
                .map(|((macd, signal), histogram)| MacdValues {
                    macd,
                    signal,
                    histogram,
                }),
            bollinger: value(Column::BollingerUpper)
                .zip(value(Column::BollingerMiddle))
                .zip(value(Column::BollingerLower))
                .map(|((upper, middle), lower)| Bands { upper, middle, lower }),
            atr14: value(Column::Atr14),
        }
    }
}

/// The values of one bar, in the order of the columns; NaN where there is none.
fn row(values: Values) -> [f64; COLUMNS] {
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
    let [ema21, ema55] = [values.ema21, values.ema55].map(|value| value.unwrap_or(f64::NAN));
    let [rsi14, atr14] = [values.rsi14, values.atr14].map(|value| value.unwrap_or(f64::NAN));
    [
        ema21, ema55, rsi14, macd, signal, histogram, upper, middle, lower, atr14,
    ]
}

/// A panel past its start.
#[derive(Clone, Copy)]
struct Running {
    /// EMA(21) and EMA(55).
    averages: Averages<2>,
    /// Average gain and loss.
    rsi14: Averages<2>,
    macd: macd::Running,
    /// The closes that windows still reach back to, oldest first.
    closes: [f64; BEFORE],
    atr14: atr::Running,
}

impl Running {
    fn after(panel: &Panel) -> Option<Self> {
        Some(Self {
            averages: panel.ema21.running()?.and(panel.ema55.running()?),
            rsi14: panel.rsi14.running()?,
            macd: panel.macd.running()?,
            closes: panel.bollinger.running()?,
            atr14: panel.atr14.running()?,
        })
    }

    fn run(mut self, bars: &[Bar], mut columns: [&mut [f64]; COLUMNS]) {
        let mut closes = [0.0; BEFORE + BLOCK];
        closes[..BEFORE].copy_from_slice(&self.closes);
        let mut start = 0;
        for bars in bars.chunks(BLOCK) {
            let [
                ema21,
                ema55,
                rsi14,
                macd,
                signal,
                histogram,
                upper,
                middle,
                lower,
                atr14,
            ] = &mut columns;
            let block = start..start + bars.len();
            for (close, bar) in closes[BEFORE..].iter_mut().zip(bars) {
                *close = bar.close;
            }
            self.averages(
                bars,
                &closes,
                [
                    &mut ema21[block.clone()],
                    &mut ema55[block.clone()],
                    &mut rsi14[block.clone()],
                    &mut macd[block.clone()],
                    &mut signal[block.clone()],
                    &mut histogram[block.clone()],
                    &mut atr14[block.clone()],
                ],
            );
            bollinger(
                &closes,
                [
                    &mut upper[block.clone()],
                    &mut middle[block.clone()],
                    &mut lower[block],
                ],
            );
            closes.copy_within(BLOCK.., 0);
            start += BLOCK;
        }
    }

    fn averages(&mut self, bars: &[Bar], closes: &[f64; BEFORE + BLOCK], columns: [&mut [f64]; 7]) {
        let [ema21, ema55, rsi14, macd, signal, histogram, atr14] = columns;
        let (ema21, ema55, rsi14) = (
            &mut ema21[..bars.len()],
            &mut ema55[..bars.len()],
            &mut rsi14[..bars.len()],
        );
        let (macd, signal) = (&mut macd[..bars.len()], &mut signal[..bars.len()]);
        let (histogram, atr14) = (&mut histogram[..bars.len()], &mut atr14[..bars.len()]);
        // What does not wait for the bar before is done apart, two or more at a time.
        let mut gains = [0.0; BLOCK];
        let mut losses = [0.0; BLOCK];
        for index in 0..BLOCK {
            let change = closes[BEFORE + index] - closes[BEFORE + index - 1];
            (gains[index], losses[index]) = (rsi::gain_of(change), rsi::gain_of(-change));
        }
        let mut running = *self;
        for (index, bar) in bars.iter().take(BLOCK).enumerate() {
            [ema21[index], ema55[index]] = running.averages.push([bar.close; 2]);
            [gains[index], losses[index]] = running.rsi14.push([gains[index], losses[index]]);
            let values = running.macd.push(bar.close);
            (macd[index], signal[index], histogram[index]) = (values.macd, values.signal, values.histogram);
            atr14[index] = running.atr14.push(*bar);
        }
        *self = running;
        for (index, place) in rsi14.iter_mut().enumerate().take(BLOCK) {
            *place = rsi::index(gains[index], losses[index]);
        }
    }
}

fn bollinger(closes: &[f64; BEFORE + BLOCK], columns: [&mut [f64]; 3]) {
    let [upper, middle, lower] = columns;
    for start in (0..upper.len()).step_by(LANES) {
        let Some(closes) = closes[start..].first_chunk() else {
            return;
        };
        let bands = Lanes::sharing(closes);
        let end = upper.len().min(start + LANES);
        copy(&bands.upper, &mut upper[start..end]);
        copy(&bands.middle, &mut middle[start..end]);
        copy(&bands.lower, &mut lower[start..end]);
    }
}

/// As many values as there are places for; the last piece of a series is a shorter one.
#[inline]
fn copy(values: &[f64; LANES], places: &mut [f64]) {
    if let Some(places) = places.first_chunk_mut() {
        *places = *values;
    } else {
        for (place, value) in places.iter_mut().zip(values) {
            *place = *value;
        }
    }
}
