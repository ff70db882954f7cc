//! What the stand-in promises about time, files, the sample market and the models.

mod models;

use std::io::Write;
use std::sync::LazyLock;

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::feed::{aggregated, shift_ms};
use crate::{CandleRow, Clock, Feed, Interval, Options, sample};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// 2024-03-01T00:02:00Z.
const NOW: i64 = 1_709_251_320_000;

/// The stand-in's time in these tests.
static SAMPLE_CLOCK: LazyLock<Clock> = LazyLock::new(|| Clock::fixed(NOW));
/// The sample market as of [`NOW`], made once: a property asks it hundreds of times.
static SAMPLE: LazyLock<Feed> = LazyLock::new(|| sample_at(NOW));
/// Its hours.
static ETHER_HOURS: LazyLock<Vec<CandleRow>> = LazyLock::new(|| sample::hours("ETHUSDT", NOW));

fn sample_at(now: i64) -> Feed {
    Feed::load(&Options {
        clock: Clock::fixed(now),
        ..Options::default()
    })
    .unwrap()
}

#[test]
fn the_sample_market_is_the_same_whenever_it_is_asked() {
    let early = sample_at(NOW).candles("BTCUSDT", Interval::H4, (0, NOW - 10 * DAY), NOW, usize::MAX);
    let late = sample_at(NOW + 400 * DAY).candles(
        "BTCUSDT",
        Interval::H4,
        (0, NOW - 10 * DAY),
        NOW + 400 * DAY,
        usize::MAX,
    );
    assert!(early.len() > 10_000);
    assert_eq!(early, late);
}

#[test]
fn the_future_is_hidden_and_the_forming_candle_shows_only_its_open() {
    let rows = sample_at(NOW).candles("ETHUSDT", Interval::H4, (NOW - DAY, i64::MAX), NOW, usize::MAX);
    let forming = rows.last().unwrap();
    assert_eq!(forming.open_time_ms, NOW.div_euclid(4 * HOUR) * 4 * HOUR);
    assert_eq!(
        (forming.high, forming.low, forming.close),
        (forming.open, forming.open, forming.open)
    );
    assert_eq!(forming.volume, Decimal::ZERO);
}

#[test]
fn longer_candles_are_made_of_the_hours() {
    let feed = sample_at(NOW);
    let hours = feed.candles(
        "BTCUSDT",
        Interval::H1,
        (NOW - 60 * DAY, NOW - 31 * DAY),
        NOW,
        usize::MAX,
    );
    let day_start = (NOW - 40 * DAY).div_euclid(DAY) * DAY;
    let day = feed.candles("BTCUSDT", Interval::D1, (day_start, day_start), NOW, 1)[0];
    let within: Vec<&CandleRow> = hours
        .iter()
        .filter(|row| row.open_time_ms.div_euclid(DAY) * DAY == day_start)
        .collect();
    assert_eq!(within.len(), 24);
    assert_eq!((day.open, day.close), (within[0].open, within[23].close));
    assert_eq!(Some(day.high), within.iter().map(|row| row.high).max());
    assert_eq!(day.volume, within.iter().map(|row| row.volume).sum());
}

#[test]
fn files_move_by_whole_weeks_just_far_enough() {
    let end = NOW - 100 * DAY;
    let shift = shift_ms(end, NOW);
    assert_eq!(shift % (7 * DAY), 0);
    assert!(end + shift >= NOW + DAY && end + shift - 7 * DAY < NOW + DAY);
    assert_eq!(shift_ms(NOW + DAY, NOW), 0);
    assert_eq!(shift_ms(NOW + DAY - 1, NOW), 7 * DAY);
}

fn file(text: &str) -> (std::path::PathBuf, impl Drop + use<>) {
    struct Remove(std::path::PathBuf);
    impl Drop for Remove {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }
    static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    let path = std::env::temp_dir().join(format!("standin-{}-{number}.csv", std::process::id()));
    std::fs::File::create(&path)
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    (path.clone(), Remove(path))
}

#[test]
fn a_file_serves_four_hours_and_days_but_no_hours() {
    let (path, _guard) = file(
        "Open Time,Open,High,Low,Close,Volume\n2024-02-01 00:00:00,10,12,9,11,5\n2024-02-01 08:00:00,11,15,11,14,7\n",
    );
    let options = Options {
        candles: vec![("BTCUSDT".to_owned(), path)],
        clock: Clock::fixed(NOW),
        ..Options::default()
    };
    let feed = Feed::load(&options).unwrap();
    let all = |interval| feed.candles("BTCUSDT", interval, (0, i64::MAX), NOW, usize::MAX);
    assert_eq!(all(Interval::H4).len(), 2);
    assert_eq!(all(Interval::H1), []);
    let day = all(Interval::D1)[0];
    assert_eq!(
        (day.open, day.high, day.low, day.close, day.volume),
        (10.into(), 15.into(), 9.into(), 14.into(), 12.into())
    );
}

#[test]
fn a_wrong_line_is_named() {
    for (line, part) in [
        ("2024-02-01 00:00:00,10,12,9,eleven,5", "line 2: a figure"),
        (
            "2024-02-01 01:00:00,10,12,9,11,5",
            "line 2: the open time is not on the 4 h grid",
        ),
        ("2024-02-01 00:00:00,10,12", "line 2: expected open time"),
    ] {
        let (path, _guard) = file(&format!("Open Time,Open,High,Low,Close,Volume\n{line}\n"));
        let options = Options {
            candles: vec![("BTCUSDT".to_owned(), path)],
            ..Options::default()
        };
        let error = Feed::load(&options).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_removed_candle_is_gone_and_a_planted_one_is_there() {
    let feed = sample_at(NOW);
    let time = (NOW - 5 * DAY).div_euclid(DAY) * DAY;
    feed.remove("BTCUSDT", Interval::D1, &[time]);
    assert_eq!(feed.candles("BTCUSDT", Interval::D1, (time, time), NOW, 10), []);
    let one = Decimal::ONE;
    let row = CandleRow {
        open_time_ms: time,
        open: one,
        high: one,
        low: one,
        close: one,
        volume: one,
    };
    feed.plant("BTCUSDT", Interval::D1, row);
    assert_eq!(
        feed.candles("BTCUSDT", Interval::D1, (time, time), NOW, 10),
        [row]
    );
}

#[test]
fn the_sample_market_swings_enough_to_matter() {
    let rows = sample::hours("BTCUSDT", NOW);
    let highest = rows.iter().map(|row| row.high).max().unwrap();
    let lowest = rows.iter().map(|row| row.low).min().unwrap();
    assert!(highest > lowest * Decimal::TWO && highest < Decimal::from(1_000_000));
    assert!(
        rows.iter()
            .all(|row| row.low <= row.open && row.open <= row.high && row.low > Decimal::ZERO)
    );
}

proptest! {
    #[test]
    fn walking_page_by_page_sees_each_candle_once(limit in 1_usize..300, days in 20_i64..60) {
        let feed = &*SAMPLE;
        let (mut from, mut seen) = (NOW - days * DAY, Vec::new());
        loop {
            let page = feed.candles("BTCUSDT", Interval::H4, (from, i64::MAX), NOW, limit);
            let Some(last) = page.last() else { break };
            from = last.open_time_ms + 1;
            seen.extend(page);
        }
        prop_assert_eq!(seen, feed.candles("BTCUSDT", Interval::H4, (NOW - days * DAY, i64::MAX), NOW, usize::MAX));
    }

    #[test]
    fn a_shift_never_leaves_a_file_in_the_past(age_days in -20_i64..3000, minutes in 0_i64..1440) {
        let end = NOW - age_days * DAY - minutes * 60_000;
        let shift = shift_ms(end, NOW);
        prop_assert!(shift >= 0 && shift % (7 * DAY) == 0 && end + shift >= NOW + DAY);
        prop_assert!(shift == 0 || end + shift - 7 * DAY < NOW + DAY);
    }

    #[test]
    fn aggregates_keep_the_extremes_and_the_volume(start in 0_usize..50_000) {
        let hours = &*ETHER_HOURS;
        let slice: std::collections::BTreeMap<i64, CandleRow> =
            hours[start.min(hours.len() - 200)..].iter().take(200).map(|row| (row.open_time_ms, *row)).collect();
        let longer = aggregated(&slice, Interval::H4);
        prop_assert_eq!(longer.values().map(|row| row.volume).sum::<Decimal>(), slice.values().map(|row| row.volume).sum());
        prop_assert_eq!(longer.values().map(|row| row.high).max(), slice.values().map(|row| row.high).max());
        prop_assert_eq!(longer.values().map(|row| row.low).min(), slice.values().map(|row| row.low).min());
    }
}
