//! Files with a made-up market, for tests that need to know every candle.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tempfile::NamedTempFile;

const FOUR_HOURS: i64 = 4 * 3600;

/// A file of four-hour candles; deleted with this value.
#[derive(Debug)]
pub struct MarketFile {
    file: NamedTempFile,
    rows: Vec<(i64, String)>,
}

impl MarketFile {
    /// Candles from the beginning of one day to the beginning of another. Prices swing and rise; the
    /// same days always have the same ones.
    pub fn four_hourly(from: &str, to: &str) -> Self {
        let (from, to) = (midnight(from), midnight(to));
        let rows = (from..to)
            .step_by(usize::try_from(FOUR_HOURS).unwrap_or(1))
            .map(|second| (second, row(second)));
        let mut made = Self {
            file: NamedTempFile::new().expect("a file"),
            rows: rows.collect(),
        };
        made.write();
        made
    }

    /// The same file without the candles that open at these times.
    #[must_use]
    pub fn without(mut self, open_times: &[&str]) -> Self {
        let gone: Vec<i64> = open_times.iter().map(|time| second(time)).collect();
        self.rows.retain(|(open_time, _)| !gone.contains(open_time));
        self.write();
        self
    }

    /// The same file with one candle's figures (open, high, low, close, volume) put in.
    #[must_use]
    pub fn with(mut self, open_time: &str, figures: &str) -> Self {
        let time = second(open_time);
        self.rows.retain(|(known, _)| *known != time);
        self.rows.push((time, format!("{},{figures}", shown(time))));
        self.rows.sort();
        self.write();
        self
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    fn write(&mut self) {
        let mut text = "Open Time,Open,High,Low,Close,Volume\n".to_owned();
        for (_, row) in &self.rows {
            let _ = writeln!(text, "{row}");
        }
        std::fs::write(self.file.path(), text).expect("a written file");
    }
}

/// Whole dollars and cents, so that text and number are the same everywhere.
fn row(second: i64) -> String {
    let close = |index: i64| 2_000_000 + (index % 97) * 1_500 - (index % 31) * 2_100 + index * 11;
    let index = second / FOUR_HOURS - 70_000;
    let (open, close) = (close(index - 1), close(index));
    let (high, low) = (open.max(close) + 900, open.min(close) - 800);
    let volume = 1_000 + index.rem_euclid(13) * 70;
    let price = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    format!(
        "{},{},{},{},{},{volume}.5",
        shown(second),
        price(open),
        price(high),
        price(low),
        price(close)
    )
}

fn midnight(day: &str) -> i64 {
    let day: Date = day.parse().expect("a day");
    day.to_zoned(TimeZone::UTC)
        .expect("a day")
        .timestamp()
        .as_second()
}

fn second(time: &str) -> i64 {
    time.parse::<Timestamp>().expect("a time").as_second()
}

fn shown(second: i64) -> String {
    let time = Timestamp::from_second(second).expect("a time").to_string();
    time.replace('T', " ").trim_end_matches('Z').to_owned()
}
