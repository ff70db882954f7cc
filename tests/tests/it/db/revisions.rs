//! What stored candles and values said before their source changed them.

use jiff::Timestamp;
use rust_decimal::Decimal;
use shared::db::admin::ensure_partitions;
use shared::db::revisions::{self, Figures, Revision};
use shared::db::{Db, market_data, observations};
use shared::domain::market::{Asset, Candle, Timeframe};
use shared::domain::observations::{Metric, Observation};
use tests::database::Database;

use super::{decimal, hours, noon};

const SERIES: (Asset, Timeframe) = (Asset::Btc, Timeframe::H4);

fn figures(close: &str) -> Figures {
    ["50000", "60000", "40000", close, "12.5"].map(decimal)
}

/// The candle that opened so many hours after noon is told at a time.
async fn tell(db: &Db, series: (Asset, Timeframe), open_hours: i64, close: &str, now: Timestamp) {
    let [open, high, low, close, volume] = figures(close);
    let candle = Candle::new(noon() + hours(open_hours), [open, high, low, close], volume).unwrap();
    ensure_partitions(db, series.1, candle.open_time, candle.open_time)
        .await
        .unwrap();
    market_data::upsert(db, series, &[(candle, false)], "binance", now)
        .await
        .unwrap();
}

fn change<T>(open_hours: i64, (before, after): (T, T), replaced_hours: i64) -> Revision<T> {
    Revision {
        dated: noon() + hours(open_hours),
        before,
        after,
        replaced_at: noon() + hours(replaced_hours),
    }
}

#[tokio::test]
async fn every_change_of_a_candle_says_what_it_replaced_and_what_it_put_in_place() {
    let database = Database::fresh().await;
    let db = database.db();
    for (open_hours, close, told_hours) in [
        (0, "51000", 10),
        (4, "51000", 10),
        (4, "52000", 11),
        (0, "53000", 12),
        (0, "54000", 13),
        (0, "54000", 14),
        (8, "51000", 14),
    ] {
        tell(&db, SERIES, open_hours, close, noon() + hours(told_hours)).await;
    }
    let changes = async |opened_hours| {
        revisions::list_of_candles(&db, SERIES, noon() + hours(opened_hours))
            .await
            .unwrap()
    };

    let first = [
        change(0, (figures("51000"), figures("53000")), 12),
        change(0, (figures("53000"), figures("54000")), 13),
    ];
    let second = change(4, (figures("51000"), figures("52000")), 11);
    assert_eq!(changes(8).await, [first[0], first[1], second]);
    assert_eq!(changes(3).await, first);
    assert_eq!(changes(-1).await, []);
    assert_eq!(revisions::count_of_candles(&db, SERIES).await.unwrap(), 3);
}

#[tokio::test]
async fn a_candle_that_goes_back_to_what_it_said_has_changed_twice() {
    let database = Database::fresh().await;
    let db = database.db();
    for (told_hours, close) in [(1, "51000"), (2, "52000"), (3, "51000")] {
        tell(&db, SERIES, 0, close, noon() + hours(told_hours)).await;
    }

    let changes = revisions::list_of_candles(&db, SERIES, noon()).await.unwrap();

    let (one, other) = (figures("51000"), figures("52000"));
    assert_eq!(changes, [change(0, (one, other), 2), change(0, (other, one), 3)]);
}

#[tokio::test]
async fn changes_of_another_series_are_not_told() {
    let database = Database::fresh().await;
    let db = database.db();
    for other in [(Asset::Eth, Timeframe::H4), (Asset::Btc, Timeframe::H1)] {
        tell(&db, other, 0, "51000", noon()).await;
        tell(&db, other, 0, "52000", noon() + hours(1)).await;
    }

    assert_eq!(revisions::list_of_candles(&db, SERIES, noon()).await.unwrap(), []);
    assert_eq!(revisions::count_of_candles(&db, SERIES).await.unwrap(), 0);
}

/// A value that is told at a time.
async fn tell_value(db: &Db, metric: Metric, value: &str, now: Timestamp) {
    let observation = Observation {
        metric,
        observed_at: noon(),
        value: decimal(value),
        available_at: now,
        source: "fred".to_owned(),
        realtime_start: None,
        is_interpolated: false,
    };
    observations::upsert(db, &[observation], now).await.unwrap();
}

#[tokio::test]
async fn changes_of_the_values_that_are_asked_for_are_told_and_of_no_others() {
    let database = Database::fresh().await;
    let db = database.db();
    for (metric, value, told_hours) in [
        (Metric::MoneySupply, "20000", 1),
        (Metric::MoneySupply, "20001.5", 2),
        (Metric::MoneySupply, "20002", 3),
        (Metric::DollarIndex, "110", 1),
        (Metric::DollarIndex, "111", 2),
        (Metric::FedFundsRate, "4", 1),
    ] {
        tell_value(&db, metric, value, noon() + hours(told_hours)).await;
    }
    let asked = [
        (Metric::MoneySupply, noon()),
        (Metric::MoneySupply, noon()),
        (Metric::FedFundsRate, noon()),
        (Metric::DollarIndex, noon() + hours(24)),
    ];

    let told = revisions::list_of_values(&db, &asked).await.unwrap();

    let of_money = |values: (&str, &str), replaced_hours| {
        let values: (Decimal, Decimal) = (decimal(values.0), decimal(values.1));
        (Metric::MoneySupply, change(0, values, replaced_hours))
    };
    assert_eq!(
        told,
        [
            of_money(("20000", "20001.5"), 2),
            of_money(("20001.5", "20002"), 3)
        ]
    );
    assert_eq!(revisions::list_of_values(&db, &[]).await.unwrap(), []);
}
