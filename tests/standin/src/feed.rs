//! The candles and the sentiment that are served, as they would be seen now.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use rust_decimal::Decimal;

use crate::csv::{self, CsvError};
use crate::{Options, sample};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const WEEK_MS: i64 = 7 * DAY_MS;

/// The length of a candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Interval {
    /// One hour.
    H1,
    /// Four hours.
    H4,
    /// One day.
    D1,
}

impl Interval {
    /// Milliseconds.
    pub const fn ms(self) -> i64 {
        match self {
            Self::H1 => HOUR_MS,
            Self::H4 => 4 * HOUR_MS,
            Self::D1 => DAY_MS,
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "1h" => Self::H1,
            "4h" => Self::H4,
            "1d" => Self::D1,
            _ => return None,
        })
    }
}

/// A candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CandleRow {
    /// When it opens, milliseconds since 1970.
    pub open_time_ms: i64,
    /// First price.
    pub open: Decimal,
    /// Highest price.
    pub high: Decimal,
    /// Lowest price.
    pub low: Decimal,
    /// Last price.
    pub close: Decimal,
    /// Units traded.
    pub volume: Decimal,
}

type Series = BTreeMap<i64, CandleRow>;

/// Everything that is served of prices and sentiment.
#[derive(Debug)]
pub struct Feed {
    files: HashMap<(String, Interval), Series>,
    from_file: HashSet<String>,
    sentiment: Option<BTreeMap<i64, u8>>,
    candles_shift_ms: i64,
    sentiment_shift_ms: i64,
    changes: Mutex<Changes>,
}

#[derive(Debug, Default)]
struct Changes {
    removed: HashSet<(String, Interval, i64)>,
    planted: HashMap<(String, Interval), Series>,
    generated: HashMap<(String, Interval), Series>,
}

impl Changes {
    /// Makes the sample market of a symbol up to the day after `now`, unless it is there.
    fn generate(&mut self, symbol: &str, now: i64) {
        let at = |interval| (symbol.to_owned(), interval);
        let reaches = |(last, _): (&i64, _)| *last + HOUR_MS > now;
        let made = self.generated.get(&at(Interval::H1));
        if made.is_some_and(|hours| hours.last_key_value().is_some_and(reaches)) {
            return;
        }
        // Whole days, so that the longest candle is complete whatever the hour.
        let until = now.div_euclid(DAY_MS) * DAY_MS + 2 * DAY_MS;
        let rows = sample::hours(symbol, until).into_iter();
        let hours: Series = rows.map(|row| (row.open_time_ms, row)).collect();
        for longer in [Interval::H4, Interval::D1] {
            self.generated.insert(at(longer), aggregated(&hours, longer));
        }
        self.generated.insert(at(Interval::H1), hours);
    }
}

impl Feed {
    /// Reads the files and moves them in time if asked to.
    pub fn load(options: &Options) -> Result<Self, CsvError> {
        let now = options.clock.now_ms();
        let read = options
            .candles
            .iter()
            .map(|(symbol, path)| Ok((symbol.clone(), csv::candles(path)?)));
        let read: Vec<(String, Vec<CandleRow>)> = read.collect::<Result<_, CsvError>>()?;
        let ends = read
            .iter()
            .filter_map(|(_, rows)| Some(rows.last()?.open_time_ms + Interval::H4.ms()));
        let candles_shift_ms = if options.shift_files {
            ends.min().map_or(0, |end| shift_ms(end, now))
        } else {
            0
        };
        let mut files = HashMap::new();
        let mut from_file = HashSet::new();
        for (symbol, rows) in read {
            let moved = rows.into_iter().map(|row| {
                let open_time_ms = row.open_time_ms + candles_shift_ms;
                (open_time_ms, CandleRow { open_time_ms, ..row })
            });
            let four_hours: Series = moved.collect();
            files.insert(
                (symbol.clone(), Interval::D1),
                aggregated(&four_hours, Interval::D1),
            );
            files.insert((symbol.clone(), Interval::H4), four_hours);
            from_file.insert(symbol);
        }
        let days = options.sentiment.as_deref().map(csv::sentiment).transpose()?;
        let end = days.as_ref().and_then(|days| Some(days.last()?.0 + DAY_MS));
        let sentiment_shift_ms = match end {
            Some(end) if options.shift_files => shift_ms(end, now),
            _ => 0,
        };
        let moved = |(day, value)| (day + sentiment_shift_ms, value);
        let sentiment = days.map(|days| days.into_iter().map(moved).collect());
        Ok(Self {
            files,
            from_file,
            sentiment,
            candles_shift_ms,
            sentiment_shift_ms,
            changes: Mutex::default(),
        })
    }

    /// Whether a symbol's candles come from a file.
    pub(crate) fn is_from_file(&self, symbol: &str) -> bool {
        self.from_file.contains(symbol)
    }

    /// How far the candle files were moved, in days.
    pub(crate) const fn candles_shift_days(&self) -> i64 {
        self.candles_shift_ms / DAY_MS
    }

    /// How far the sentiment file was moved, in days.
    pub(crate) const fn sentiment_shift_days(&self) -> i64 {
        self.sentiment_shift_ms / DAY_MS
    }

    pub(crate) fn remove(&self, symbol: &str, interval: Interval, open_times_ms: &[i64]) {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.removed.extend(
            open_times_ms
                .iter()
                .map(|time| (symbol.to_owned(), interval, *time)),
        );
    }

    pub(crate) fn restore(&self) {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.removed.clear();
    }

    pub(crate) fn plant(&self, symbol: &str, interval: Interval, row: CandleRow) {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes
            .removed
            .remove(&(symbol.to_owned(), interval, row.open_time_ms));
        changes
            .planted
            .entry((symbol.to_owned(), interval))
            .or_default()
            .insert(row.open_time_ms, row);
    }

    /// Candles with open times in `from..=to` as seen at `now`, oldest first, at most `limit` from the start.
    ///
    /// What has not opened is hidden; the one still forming shows its open and nothing else.
    pub(crate) fn candles(
        &self,
        symbol: &str,
        interval: Interval,
        (from, to): (i64, i64),
        now: i64,
        limit: usize,
    ) -> Vec<CandleRow> {
        let key = (symbol.to_owned(), interval);
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_from_file(symbol) {
            changes.generate(symbol, now);
        }
        let changes = &*changes;
        let empty = Series::new();
        let base = self
            .files
            .get(&key)
            .or_else(|| changes.generated.get(&key))
            .unwrap_or(&empty);
        let planted = changes.planted.get(&key).unwrap_or(&empty);
        let to = to.min(now);
        if from > to {
            return Vec::new();
        }
        let mut merged: BTreeMap<i64, CandleRow> = BTreeMap::new();
        let is_there = |row: &CandleRow| {
            !changes
                .removed
                .contains(&(key.0.clone(), interval, row.open_time_ms))
        };
        merged.extend(
            base.range(from..=to)
                .map(|(time, row)| (*time, *row))
                .filter(|(_, row)| is_there(row))
                .take(limit),
        );
        merged.extend(planted.range(from..=to).map(|(time, row)| (*time, *row)));
        merged
            .into_values()
            .take(limit)
            .map(|row| as_seen(row, interval, now))
            .collect()
    }

    /// The newest candle that has opened.
    pub(crate) fn newest(&self, symbol: &str, now: i64) -> Option<CandleRow> {
        let interval = if self.is_from_file(symbol) {
            Interval::H4
        } else {
            Interval::H1
        };
        let from = now - WEEK_MS;
        self.candles(symbol, interval, (from, now), now, usize::MAX).pop()
    }

    /// Sentiment by day, as seen at `now`, newest first; `None` when it is generated.
    pub(crate) fn sentiment(&self, now: i64) -> Option<Vec<(i64, u8)>> {
        let days = self.sentiment.as_ref()?;
        Some(
            days.range(..=now)
                .rev()
                .map(|(day, value)| (*day, *value))
                .collect(),
        )
    }
}

/// The smallest number of whole weeks, not negative, that puts `end` at least 24 h after `now`.
pub(crate) fn shift_ms(end: i64, now: i64) -> i64 {
    let missing = now + DAY_MS - end;
    if missing <= 0 {
        0
    } else {
        (missing + WEEK_MS - 1).div_euclid(WEEK_MS) * WEEK_MS
    }
}

fn as_seen(row: CandleRow, interval: Interval, now: i64) -> CandleRow {
    if row.open_time_ms + interval.ms() <= now {
        return row;
    }
    CandleRow {
        high: row.open,
        low: row.open,
        close: row.open,
        volume: Decimal::ZERO,
        ..row
    }
}

/// Longer candles from shorter ones: each from what there is of it.
pub(crate) fn aggregated(shorter: &Series, interval: Interval) -> Series {
    let mut longer = Series::new();
    for row in shorter.values() {
        let open_time_ms = row.open_time_ms.div_euclid(interval.ms()) * interval.ms();
        longer
            .entry(open_time_ms)
            .and_modify(|candle: &mut CandleRow| {
                candle.high = candle.high.max(row.high);
                candle.low = candle.low.min(row.low);
                candle.close = row.close;
                candle.volume += row.volume;
            })
            .or_insert(CandleRow { open_time_ms, ..*row });
    }
    longer
}
