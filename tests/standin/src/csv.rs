//! History from files: 4 h candles and daily sentiment.

use std::path::{Path, PathBuf};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::feed::CandleRow;

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// It cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line is wrong.
    #[error("{}, line {line}: {what}", path.display())]
    Line {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong and what is expected.
        what: &'static str,
    },
    /// There is nothing in it.
    #[error("{} holds no rows", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
    },
}

const FOUR_HOURS_MS: i64 = 4 * 3_600_000;

/// Candles of a file, oldest first. Columns: open time (UTC), open, high, low, close, volume.
pub(crate) fn candles(path: &Path) -> Result<Vec<CandleRow>, CsvError> {
    let rows = rows(path, |fields| {
        let [time, open, high, low, close, volume] = fields else {
            return Err("expected open time, open, high, low, close, volume");
        };
        let open_time_ms = instant(time).ok_or("the open time is not like 2024-03-01 04:00:00 (UTC)")?;
        if open_time_ms % FOUR_HOURS_MS != 0 {
            return Err("the open time is not on the 4 h grid");
        }
        let figure = |text: &str| {
            text.trim()
                .parse::<Decimal>()
                .map_err(|_| "a figure is not a decimal number")
        };
        Ok(CandleRow {
            open_time_ms,
            open: figure(open)?,
            high: figure(high)?,
            low: figure(low)?,
            close: figure(close)?,
            volume: figure(volume)?,
        })
    })?;
    in_order(path, rows, |row| row.open_time_ms)
}

/// Sentiment of a file: milliseconds of the day's start and the value. Columns: date, value, classification.
pub(crate) fn sentiment(path: &Path) -> Result<Vec<(i64, u8)>, CsvError> {
    let rows = rows(path, |fields| {
        let [date, value, ..] = fields else {
            return Err("expected date, value, classification");
        };
        let date: Date = date
            .trim()
            .parse()
            .map_err(|_| "the date is not like 2024-03-01")?;
        let value: u8 = value
            .trim()
            .parse()
            .map_err(|_| "the value is not a whole number from 0 to 100")?;
        let day = date
            .to_zoned(TimeZone::UTC)
            .map_err(|_| "the date is out of range")?;
        if value > 100 {
            return Err("the value is not a whole number from 0 to 100");
        }
        Ok((day.timestamp().as_millisecond(), value))
    })?;
    in_order(path, rows, |row| row.0)
}

fn rows<T>(
    path: &Path,
    parse: impl Fn(&[&str]) -> Result<T, &'static str>,
) -> Result<Vec<(usize, T)>, CsvError> {
    let text = std::fs::read_to_string(path).map_err(|source| CsvError::File {
        path: path.to_owned(),
        source,
    })?;
    let lines = text
        .lines()
        .enumerate()
        .skip(1)
        .filter(|(_, line)| !line.trim().is_empty());
    let parsed = lines.map(|(index, line)| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = index + 1;
        parse(&fields)
            .map(|row| (number, row))
            .map_err(|what| CsvError::Line {
                path: path.to_owned(),
                line: number,
                what,
            })
    });
    let parsed: Vec<(usize, T)> = parsed.collect::<Result<_, _>>()?;
    if parsed.is_empty() {
        Err(CsvError::Empty {
            path: path.to_owned(),
        })
    } else {
        Ok(parsed)
    }
}

fn in_order<T>(path: &Path, rows: Vec<(usize, T)>, time: impl Fn(&T) -> i64) -> Result<Vec<T>, CsvError> {
    for pair in rows.windows(2) {
        if let [(_, earlier), (line, later)] = pair
            && time(later) <= time(earlier)
        {
            return Err(CsvError::Line {
                path: path.to_owned(),
                line: *line,
                what: "the times must increase from line to line",
            });
        }
    }
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

fn instant(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('Z').replace('T', " ");
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}
