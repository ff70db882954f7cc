//! Candles: written again without change, read back as they were.

use jiff::{SignedDuration, Timestamp};
use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use serde_json::json;
use shared::db::admin::ensure_partitions;
use shared::db::market_data::{self, PageOf, Place, StoredCandle, Until, Written};
use shared::db::{Db, DbError, Upserted};
use shared::domain::market::{Asset, Candle, Timeframe};
use tests::database::Database;

use super::{at, decimal, hours, noon, rows};

const SERIES: (Asset, Timeframe) = (Asset::Btc, Timeframe::H4);

fn candle(open_time: Timestamp, close: &str) -> Candle {
    let prices = ["50000", "99999.00000001", "0.00000001", close].map(decimal);
    Candle::new(open_time, prices, decimal("12.5")).unwrap()
}

/// `count` candles from noon on.
fn candles(count: i64) -> Vec<(Candle, bool)> {
    (0..count)
        .map(|n| (candle(noon() + hours(4 * n), "51000"), n % 3 == 0))
        .collect()
}

async fn prepared() -> (Database, Db) {
    let database = Database::fresh().await;
    let db = database.db();
    for timeframe in Timeframe::STORED {
        ensure_partitions(&db, timeframe, noon(), noon() + hours(24 * 400))
            .await
            .unwrap();
    }
    (database, db)
}

async fn upsert(db: &Db, candles: &[(Candle, bool)], now: Timestamp) -> Written {
    market_data::upsert(db, SERIES, candles, "binance", now)
        .await
        .unwrap()
}

/// What opened by a time, as it is told now.
fn opened_by(opened_by: Timestamp) -> Until {
    Until {
        opened_by,
        as_of: Timestamp::MAX,
    }
}

fn upserted(inserted: u64, updated: u64, unchanged: u64) -> Upserted {
    Upserted {
        inserted,
        updated,
        unchanged,
    }
}

/// Rows written without a candle that said something else before.
fn written(inserted: u64, updated: u64, unchanged: u64) -> Written {
    Written {
        rows: upserted(inserted, updated, unchanged),
        revised: 0,
    }
}

#[tokio::test]
async fn a_second_run_changes_nothing_not_even_a_time() {
    let (database, db) = prepared().await;
    let client = database.client().await;
    // ctid and xmin move when a row is written anew, whatever is in it.
    let everything =
        "SELECT *, ctid::text AS place, xmin::text AS writer FROM market_data ORDER BY open_time";
    assert_eq!(upsert(&db, &candles(5), noon()).await, written(5, 0, 0));
    let before = rows(&client, everything).await;

    assert_eq!(
        upsert(&db, &candles(5), noon() + hours(1)).await,
        written(0, 0, 5)
    );

    assert_eq!(rows(&client, everything).await, before);
    assert_eq!(
        upsert(&db, &candles(7), noon() + hours(2)).await,
        written(2, 0, 5)
    );
}

#[tokio::test]
async fn a_changed_candle_is_updated_and_what_it_said_before_is_kept_with_its_times() {
    let (database, db) = prepared().await;
    let client = database.client().await;
    let times = "SELECT close, available_at, updated_at FROM market_data ORDER BY open_time LIMIT 1";
    let kept = "SELECT open_time, close, source, available_at, replaced_at FROM market_data_revisions";
    upsert(&db, &candles(3), noon()).await;
    let mut revised = candles(3);
    revised[0].0 = candle(noon(), "52000.12345678");

    let changed = Written {
        rows: upserted(0, 1, 2),
        revised: 1,
    };
    assert_eq!(upsert(&db, &revised, noon() + hours(1)).await, changed);

    let number = |text: &str| text.parse::<serde_json::Value>().unwrap();
    let expected = json!({ "close": number("52000.12345678"), "available_at": "2026-03-01T13:00:00+00:00",
        "updated_at": "2026-03-01T13:00:00+00:00" });
    assert_eq!(rows(&client, times).await, [expected]);
    let before = json!({ "open_time": "2026-03-01T12:00:00+00:00", "close": number("51000.00000000"),
        "source": "binance", "available_at": "2026-03-01T12:00:00+00:00",
        "replaced_at": "2026-03-01T13:00:00+00:00" });
    assert_eq!(rows(&client, kept).await, std::slice::from_ref(&before));
    assert_eq!(
        upsert(&db, &revised, noon() + hours(2)).await,
        written(0, 0, 3),
        "the same again is no change"
    );
    assert_eq!(rows(&client, kept).await, [before]);
    let stored = market_data::list_until(&db, SERIES, opened_by(noon() + hours(100)))
        .await
        .unwrap();
    assert_eq!(
        stored,
        revised.iter().map(|(candle, _)| *candle).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn another_source_and_another_verdict_are_changes_too() {
    let (_database, db) = prepared().await;
    let one = candles(1);
    upsert(&db, &one, noon()).await;

    let sourced = market_data::upsert(&db, SERIES, &one, "csv", noon())
        .await
        .unwrap();
    let judged = market_data::upsert(&db, SERIES, &[(one[0].0, false)], "csv", noon())
        .await
        .unwrap();

    assert_eq!(
        (sourced, judged),
        (written(0, 1, 0), written(0, 1, 0)),
        "the candle itself says the same"
    );
    let stored = market_data::find_newest(&db, SERIES, opened_by(noon()))
        .await
        .unwrap();
    let expected = StoredCandle {
        candle: one[0].0,
        is_anomaly: false,
        source: "csv".to_owned(),
    };
    assert_eq!(stored, Some(expected));
}

#[tokio::test]
async fn nothing_to_write_writes_nothing() {
    let (_database, db) = prepared().await;

    assert_eq!(upsert(&db, &[], noon()).await, written(0, 0, 0));
}

#[tokio::test]
async fn a_candle_without_a_partition_is_an_error_of_ours_and_nothing_of_the_batch_is_kept() {
    let (_database, db) = prepared().await;
    let mut batch = candles(2);
    batch.push((candle(at("1999-01-01T00:00:00Z"), "51000"), false));

    let refused = market_data::upsert(&db, SERIES, &batch, "binance", noon())
        .await
        .unwrap_err();

    assert!(matches!(refused, DbError::Statement(_)), "{refused:?}");
    assert_eq!(
        market_data::list_places(&db, SERIES, Timestamp::UNIX_EPOCH)
            .await
            .unwrap(),
        []
    );
}

#[tokio::test]
async fn a_series_is_read_up_to_a_time_and_knows_only_itself() {
    let (_database, db) = prepared().await;
    let all = candles(4);
    upsert(&db, &all, noon()).await;
    for other in [
        (Asset::Eth, Timeframe::H4),
        (Asset::Btc, Timeframe::H1),
        (Asset::Btc, Timeframe::D1),
    ] {
        let others = [(candle(noon() + hours(24), "1"), false)];
        market_data::upsert(&db, other, &others, "binance", noon())
            .await
            .unwrap();
    }
    let until = noon() + hours(8);
    let just_before = until - SignedDuration::from_micros(1);

    let newest = async |time| {
        market_data::find_newest(&db, SERIES, opened_by(time))
            .await
            .unwrap()
    };
    let open_time = |stored: Option<StoredCandle>| stored.map(|stored| stored.candle.open_time);
    let listed = market_data::list_until(&db, SERIES, opened_by(until))
        .await
        .unwrap();

    assert_eq!(
        listed,
        all[..3].iter().map(|(candle, _)| *candle).collect::<Vec<_>>()
    );
    assert_eq!(
        market_data::list_until(&db, SERIES, opened_by(just_before))
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(open_time(newest(until).await), Some(until));
    assert_eq!(open_time(newest(just_before).await), Some(noon() + hours(4)));
    assert_eq!(open_time(newest(noon() - hours(1)).await), None);
    let place = |n: i64| Place {
        open_time: noon() + hours(4 * n),
        is_anomaly: n % 3 == 0,
    };
    let places = async |since| market_data::list_places(&db, SERIES, since).await.unwrap();
    assert_eq!(
        places(Timestamp::UNIX_EPOCH).await,
        (0..4).map(place).collect::<Vec<_>>()
    );
    assert_eq!(places(until).await, [place(2), place(3)]);
    assert_eq!(places(until + hours(5)).await, []);
}

#[tokio::test]
async fn a_candle_is_read_as_it_was_known_at_a_time() {
    let (_database, db) = prepared().await;
    let mut series = candles(3);
    upsert(&db, &series, noon()).await;
    for (change, close) in [(1, "52000"), (2, "53000")] {
        series[2].0 = candle(noon() + hours(8), close);
        upsert(&db, &series, noon() + hours(change)).await;
    }

    let closes_at = async |as_of| {
        let until = Until {
            opened_by: noon() + hours(8),
            as_of,
        };
        let newest = market_data::find_newest(&db, SERIES, until)
            .await
            .unwrap()
            .unwrap();
        let listed = market_data::list_until(&db, SERIES, until).await.unwrap();
        assert_eq!(listed.last(), Some(&newest.candle), "both read alike");
        assert_eq!(
            listed[..2],
            [series[0].0, series[1].0],
            "the others never changed"
        );
        newest.candle.close.value().normalize()
    };

    let moment = SignedDuration::from_micros(1);
    for (as_of, close) in [
        (noon(), "51000"),
        (noon() + hours(1) - moment, "51000"),
        (noon() + hours(1), "52000"),
        (noon() + hours(2) - moment, "52000"),
        (noon() + hours(2), "53000"),
        (Timestamp::MAX, "53000"),
    ] {
        assert_eq!(closes_at(as_of).await, decimal(close), "at {as_of}");
    }
}

#[tokio::test]
async fn a_close_is_found_before_a_time_and_as_it_is_told_now() {
    let (_database, db) = prepared().await;
    let mut series = candles(2);
    upsert(&db, &series, noon()).await;
    series[0].0 = candle(noon(), "52000");
    upsert(&db, &series, noon() + hours(1)).await;
    let before = async |time| {
        let close = market_data::find_close_before(&db, SERIES, time).await.unwrap();
        close.map(|close| close.value().normalize())
    };

    assert_eq!(before(noon()).await, None);
    assert_eq!(
        before(noon() + SignedDuration::from_micros(1)).await,
        Some(decimal("52000"))
    );
    assert_eq!(before(noon() + hours(4)).await, Some(decimal("52000")));
    assert_eq!(before(noon() + hours(99)).await, Some(decimal("51000")));
    let other = (Asset::Eth, Timeframe::H4);
    assert_eq!(
        market_data::find_close_before(&db, other, noon() + hours(99))
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn pages_show_every_candle_of_the_range_once_newest_first() {
    let (_database, db) = prepared().await;
    upsert(&db, &candles(12), noon()).await;
    let (from, to) = (noon() + hours(4), noon() + hours(40));

    let mut shown = Vec::new();
    let mut before = Timestamp::MAX;
    loop {
        let page = PageOf {
            from,
            to,
            before,
            limit: 4,
        };
        let page = market_data::list_page(&db, SERIES, page).await.unwrap();
        assert!(page.len() <= 4);
        let Some(last) = page.last() else { break };
        before = last.candle.open_time;
        shown.extend(page);
    }

    let mut expected: Vec<StoredCandle> = candles(12)[1..=10]
        .iter()
        .map(|(candle, is_anomaly)| StoredCandle {
            candle: *candle,
            is_anomaly: *is_anomaly,
            source: "binance".to_owned(),
        })
        .collect();
    expected.reverse();
    assert_eq!(shown, expected);
}

/// A candle at every 31st hour, so that a batch lies over many months; all eight decimals are used.
fn any_candle(slot: i64, [low, first, second, rise]: [u64; 4], volume: u64) -> Candle {
    let price = |value: u64| Decimal::new(i64::try_from(value).unwrap(), 8);
    let (low, open, close) = (low + 1, low + 1 + first, low + 1 + second);
    let high = open.max(close) + rise;
    let prices = [open, high, low, close].map(price);
    Candle::new(noon() + hours(31 * slot), prices, price(volume)).unwrap()
}

#[test]
fn any_batch_in_any_order_and_any_split_reads_back_sorted_and_equal() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let series = (Asset::Eth, Timeframe::H1);
    let (database, db) = runtime.block_on(prepared());
    let client = runtime.block_on(database.client());
    let figures = (
        prop::array::uniform4(0..1_000_000_000_000_000_u64),
        0..u64::from(u32::MAX),
    );
    let batches = btree_map(0..300_i64, figures, 0..60).prop_flat_map(|by_slot| {
        let candles: Vec<Candle> = by_slot
            .into_iter()
            .map(|(slot, (prices, volume))| any_candle(slot, prices, volume))
            .collect();
        (Just(candles.clone()), Just(candles).prop_shuffle(), 1..20_usize)
    });
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..Default::default()
    });

    let outcome = runner.run(&batches, |(sorted, shuffled, size)| {
        runtime.block_on(async {
            client.batch_execute("DELETE FROM market_data").await.unwrap();
            let mut total = Upserted::default();
            for part in shuffled.chunks(size) {
                let part: Vec<(Candle, bool)> = part.iter().map(|candle| (*candle, false)).collect();
                total += market_data::upsert(&db, series, &part, "binance", noon())
                    .await
                    .unwrap()
                    .rows;
            }
            let read = market_data::list_until(&db, series, opened_by(Timestamp::MAX))
                .await
                .unwrap();
            prop_assert_eq!(&read, &sorted);
            prop_assert_eq!(total, upserted(sorted.len() as u64, 0, 0));
            let whole: Vec<(Candle, bool)> = shuffled.iter().map(|candle| (*candle, false)).collect();
            let again = market_data::upsert(&db, series, &whole, "binance", noon())
                .await
                .unwrap();
            prop_assert_eq!(again, written(0, 0, sorted.len() as u64));
            Ok(())
        })
    });

    outcome.unwrap();
}
