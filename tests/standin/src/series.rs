//! The sample market's dated values: on-chain metrics, rates, sentiment. Smooth, plausible, invented.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::sample::unit;

const DAY_MS: i64 = 86_400_000;

/// A wave of `length` days around a middle, with a little noise, as the days since 1970 go by.
struct Wave {
    middle: f64,
    height: f64,
    length: f64,
    phase: f64,
    noise: f64,
    seed: u64,
}

impl Wave {
    #[expect(clippy::cast_precision_loss, reason = "days since 1970 are far below 2^52")]
    fn at(&self, day: i64) -> f64 {
        let turn = (day as f64 / self.length + self.phase) * std::f64::consts::TAU;
        let noise = unit(self.seed, day.unsigned_abs(), 7) - 0.5;
        self.middle + self.height * turn.sin() + self.noise * noise
    }
}

const fn wave(seed: u64, [middle, height, length, phase, noise]: [f64; 5]) -> Wave {
    Wave {
        middle,
        height,
        length,
        phase,
        noise,
        seed,
    }
}

/// Glassnode's metric at a path below `v1/metrics/`, on a day since 1970.
pub(crate) fn glassnode(path: &str, day: i64) -> Option<f64> {
    let value = match path {
        "market/mvrv_z_score" => wave(11, [2.6, 2.9, 1278.0, 0.15, 0.2]).at(day),
        "indicators/nvt" => wave(12, [70.0, 24.0, 190.0, 0.4, 6.0]).at(day),
        "transactions/transfers_volume_exchanges_net" => {
            wave(13, [-500.0, 9500.0, 75.0, 0.1, 4000.0]).at(day)
        }
        "supply/lth_sum" => wave(14, [14_200_000.0, 620_000.0, 410.0, 0.0, 1500.0]).at(day),
        "addresses/active_count" => wave(15, [930_000.0, 120_000.0, 160.0, 0.3, 60_000.0]).at(day),
        _ => return None,
    };
    Some((value * 1e4).round() / 1e4)
}

/// blockchain.info's chart on a day since 1970.
pub(crate) fn chart(name: &str, day: i64) -> Option<f64> {
    let value = match name {
        "n-unique-addresses" => wave(21, [540_000.0, 70_000.0, 160.0, 0.3, 30_000.0]).at(day),
        "market-cap" => wave(22, [9e11, 4e11, 1278.0, 0.15, 1e10]).at(day),
        "estimated-transaction-volume-usd" => wave(23, [1.4e10, 3e9, 190.0, 0.2, 1e9]).at(day),
        _ => return None,
    };
    Some(value.round())
}

/// A FRED series: how its values look and when they are published.
pub(crate) struct FredSeries {
    wave: Wave,
    places: i32,
    lag_days: i64,
    is_monthly: bool,
    business_days_only: bool,
}

pub(crate) fn fred(id: &str) -> Option<FredSeries> {
    let (wave, places, lag_days, is_monthly, business_days_only) = match id {
        "DFF" => (wave(31, [2.9, 2.2, 1500.0, 0.2, 0.0]), 2, 1, false, false),
        "DTWEXBGS" => (wave(32, [118.0, 7.0, 520.0, 0.6, 0.5]), 4, 6, false, true),
        "DGS10" => (wave(33, [3.1, 1.3, 1700.0, 0.1, 0.06]), 2, 1, false, true),
        "M2SL" => (
            wave(34, [20_500.0, 900.0, 1600.0, 0.35, 20.0]),
            1,
            55,
            true,
            false,
        ),
        _ => return None,
    };
    Some(FredSeries {
        wave,
        places,
        lag_days,
        is_monthly,
        business_days_only,
    })
}

impl FredSeries {
    /// Dates and values from `since` on, as published by `now_ms`, newest first; `.` where there is none.
    pub(crate) fn rows(&self, since: Date, now_ms: i64) -> Vec<(Date, String)> {
        let last = date_of(now_ms - self.lag_days * DAY_MS);
        let mut rows = Vec::new();
        let mut date = since.max(jiff::civil::date(2016, 1, 1));
        while date <= last {
            let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
            let listed = if self.is_monthly {
                date.day() == 1
            } else {
                !(self.business_days_only && weekend)
            };
            if listed {
                rows.push((date, self.value(date)));
            }
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        rows.reverse();
        rows
    }

    fn value(&self, date: Date) -> String {
        let holiday = matches!((date.month(), date.day()), (1, 1) | (7, 4) | (12, 25));
        if self.business_days_only && holiday {
            return ".".to_owned();
        }
        let places = usize::try_from(self.places).unwrap_or(0);
        format!("{:.places$}", self.wave.at(day_of(date)))
    }
}

/// Fear & Greed on a day since 1970, 3..=97.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 3..=97 before"
)]
pub(crate) fn fear_greed(day: i64) -> u8 {
    wave(41, [50.0, 36.0, 120.0, 0.0, 22.0])
        .at(day)
        .clamp(3.0, 97.0)
        .round() as u8
}

pub(crate) fn date_of(ms: i64) -> Date {
    let timestamp = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    timestamp.to_zoned(TimeZone::UTC).date()
}

fn day_of(date: Date) -> i64 {
    let start = date
        .to_zoned(TimeZone::UTC)
        .map_or(0, |zoned| zoned.timestamp().as_second());
    start.div_euclid(86_400)
}
