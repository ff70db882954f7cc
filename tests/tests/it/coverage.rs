//! After a back-fill the database holds exactly what the exchange has: every closed candle with the
//! same figures, every hole as a hole, and nothing else, however often the runs before were cut short.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use standin::{CandleRow, Fault, Interval, Service};
use tests::bundle::{Bundle, Setup};
use tests::market_file::MarketFile;

const NOW: &str = "2024-03-01T12:02:00Z";

/// Two pages of four-hour candles.
const SINCE: &str = "2023-07-15";

/// The series as the stand-in and as the database name them.
const SERIES: [(&str, &str, Interval, &str); 6] = [
    ("BTCUSDT", "BTC", Interval::H1, "1h"),
    ("BTCUSDT", "BTC", Interval::H4, "4h"),
    ("BTCUSDT", "BTC", Interval::D1, "1d"),
    ("ETHUSDT", "ETH", Interval::H1, "1h"),
    ("ETHUSDT", "ETH", Interval::H4, "4h"),
    ("ETHUSDT", "ETH", Interval::D1, "1d"),
];

/// An exchange with holes, and runs that are told to wait in the middle of their work.
#[derive(Debug, Clone)]
struct Story {
    /// For each series, how many places before the newest one the exchange has no candle.
    holes: Vec<BTreeSet<u16>>,
    /// After how many requests each run is told to wait; the last run is not.
    interruptions: Vec<u8>,
}

fn story() -> impl Strategy<Value = Story> {
    // Close together at the end, anywhere, and beyond the beginning.
    let back = prop_oneof![0_u16..12, 0_u16..400, 0_u16..9000];
    let holes = proptest::collection::btree_set(back, 0..25);
    let interruptions = proptest::collection::vec(0_u8..25, 0..4);
    (proptest::collection::vec(holes, SERIES.len()), interruptions)
        .prop_map(|(holes, interruptions)| Story { holes, interruptions })
}

/// Tells stories over one market; each begins with an empty database.
fn hold(setup: Setup, cases: u32) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let bundle = runtime.block_on(setup.at(NOW).history_since(SINCE).start());
    make_market(&bundle);
    let mut runner = TestRunner::new(Config {
        cases,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&story(), |story| runtime.block_on(tell(&bundle, &story)));
    // The pool's connections end within the runtime they began in.
    runtime.block_on(async move { drop(bundle) });
    outcome.unwrap();
}

/// Lets the stand-in make its market before a run waits for an answer.
fn make_market(bundle: &Bundle) {
    for (symbol, _, interval, _) in SERIES {
        bundle.upstream().candles(symbol, interval, 0, 0);
    }
}

#[test]
fn candles_of_files_with_holes_are_stored_as_they_are() {
    hold(
        Bundle::with().candles(MarketFile::four_hourly(SINCE, "2024-04-01")),
        20,
    );
}

#[test]
fn the_sample_market_with_its_hours_is_stored_as_it_is() {
    hold(Bundle::with().sample_market(), 4);
}

async fn tell(bundle: &Bundle, story: &Story) -> Result<(), TestCaseError> {
    begin_anew(bundle).await;
    for ((symbol, _, interval, _), holes) in SERIES.iter().zip(&story.holes) {
        let newest = newest_closed(bundle, *interval);
        let gone: Vec<i64> = holes
            .iter()
            .map(|back| newest - i64::from(*back) * interval.ms())
            .collect();
        bundle.upstream().remove_candles(symbol, *interval, &gone);
    }
    for requests in &story.interruptions {
        let wait = Fault::Status(429, Some(1));
        bundle
            .upstream()
            .fail_after(Service::Binance, usize::from(*requests), &wait, 100);
        run(bundle).await;
        bundle.upstream().mend();
        bundle.advance(SignedDuration::from_secs(1));
    }
    prop_assert_eq!(&run(bundle).await["failures"], &json!([]));
    let mut quality = Vec::new();
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        let told = bundle.get(&format!("/api/v1/market/{symbol}/quality")).await;
        quality.push(told.json()["data"].clone());
    }
    for (symbol, asset, interval, timeframe) in SERIES {
        let closed = bundle.upstream().candles(
            symbol,
            interval,
            since(bundle, interval),
            newest_closed(bundle, interval),
        );
        let stored = bundle.rows(&candles_of(asset, timeframe)).await;
        let expected: Vec<String> = closed.iter().map(shown).collect();
        prop_assert_eq!(stored, expected, "{} {}", asset, timeframe);
        let holes = bundle.rows(&holes_of(asset, timeframe)).await;
        let expected: Vec<String> = absent(bundle, interval, &closed)
            .iter()
            .map(|time| at(*time))
            .collect();
        prop_assert_eq!(&holes, &expected, "{} {}", asset, timeframe);
        check_quality(&quality, (symbol, timeframe), (closed.len(), expected.len()))?;
    }
    Ok(())
}

async fn begin_anew(bundle: &Bundle) {
    let tables = "TRUNCATE market_data, market_gaps, market_audits, market_data_revisions, job_runs";
    let client = bundle.database().client().await;
    client.batch_execute(tables).await.unwrap();
    bundle.upstream().mend();
    bundle.upstream().restore_candles();
}

/// Runs the collector for a time of its own.
async fn run(bundle: &Bundle) -> Value {
    bundle.advance(SignedDuration::from_secs(1));
    bundle.run("collect-prices").await.unwrap()
}

fn newest_closed(bundle: &Bundle, interval: Interval) -> i64 {
    (bundle.now().as_millisecond().div_euclid(interval.ms()) - 1) * interval.ms()
}

/// From when on a series is collected: hours for a year.
fn since(bundle: &Bundle, interval: Interval) -> i64 {
    if interval == Interval::H1 {
        let year_ago = bundle.now() - SignedDuration::from_hours(365 * 24);
        year_ago.as_millisecond().div_euclid(interval.ms()) * interval.ms()
    } else {
        format!("{SINCE}T00:00:00Z")
            .parse::<Timestamp>()
            .unwrap()
            .as_millisecond()
    }
}

/// The places from the first candle to the newest closed one that have none.
fn absent(bundle: &Bundle, interval: Interval, closed: &[CandleRow]) -> Vec<i64> {
    let there: BTreeSet<i64> = closed.iter().map(|row| row.open_time_ms).collect();
    let Some(first) = there.first() else {
        return Vec::new();
    };
    let step = usize::try_from(interval.ms()).unwrap();
    (*first..=newest_closed(bundle, interval))
        .step_by(step)
        .filter(|place| !there.contains(place))
        .collect()
}

fn candles_of(asset: &str, timeframe: &str) -> String {
    format!(
        "SELECT extract(epoch FROM open_time)::bigint, trim_scale(open), trim_scale(high), trim_scale(low), \
         trim_scale(close), trim_scale(volume) \
         FROM market_data WHERE asset = '{asset}' AND timeframe = '{timeframe}' ORDER BY open_time"
    )
}

fn shown(row: &CandleRow) -> String {
    let figures: Vec<String> = [row.open, row.high, row.low, row.close, row.volume]
        .iter()
        .map(|figure: &Decimal| figure.normalize().to_string())
        .collect();
    format!("({},{})", row.open_time_ms / 1000, figures.join(","))
}

fn holes_of(asset: &str, timeframe: &str) -> String {
    format!(
        "SELECT extract(epoch FROM open_time)::bigint FROM market_gaps \
         WHERE asset = '{asset}' AND timeframe = '{timeframe}' ORDER BY open_time"
    )
}

fn at(open_time_ms: i64) -> String {
    format!("({})", open_time_ms / 1000)
}

/// What the API says of a series is what was counted here.
fn check_quality(
    quality: &[Value],
    (symbol, timeframe): (&str, &str),
    (stored, holes): (usize, usize),
) -> Result<(), TestCaseError> {
    let of_asset = quality.iter().find(|told| told["symbol"] == symbol).unwrap();
    let series = of_asset["series"].as_array().unwrap();
    let told = series
        .iter()
        .find(|series| series["timeframe"] == timeframe)
        .unwrap();
    let counted =
        ["expected", "stored", "exchange_holes", "missing"].map(|name| told[name].as_u64().unwrap());
    let (stored, holes) = (u64::try_from(stored).unwrap(), u64::try_from(holes).unwrap());
    prop_assert_eq!(
        counted,
        [stored + holes, stored, holes, 0],
        "{} {}",
        symbol,
        timeframe
    );
    Ok(())
}
