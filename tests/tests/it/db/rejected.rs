//! Rows that could not be stored.

use rstest::rstest;
use serde_json::json;
use shared::db::Db;
use shared::db::rejected::{self, RejectedCount};
use shared::domain::market::CandleError;
use shared::domain::rejection::{RejectedRow, Rejection};
use tests::database::Database;

use super::{hours, noon, rows};

const SERIES: &str = "BTC 4h";

/// A row dated noon.
fn row(reason: Rejection, payload: &str) -> RejectedRow {
    RejectedRow::new(Some(noon()), reason, payload)
}

async fn counted(db: &Db, series: &[&str]) -> Vec<RejectedCount> {
    let names: Vec<String> = series.iter().map(|name| (*name).to_owned()).collect();
    let mut counts = rejected::list_counts(db, &names).await.unwrap();
    counts.sort_by(|one, other| one.series.cmp(&other.series));
    counts
}

#[tokio::test]
async fn a_row_is_kept_as_it_came_and_counted_again_when_it_is_sent_again() {
    let database = Database::fresh().await;
    let db = database.db();
    let bad = row(Rejection::OffGrid, "[1]");
    let twice = [bad.clone(), bad.clone()];

    rejected::record(&db, ("binance", SERIES), &twice, noon())
        .await
        .unwrap();
    rejected::record(&db, ("binance", SERIES), &[bad], noon() + hours(1))
        .await
        .unwrap();

    let kept = rows(&database.client().await, "SELECT * FROM rejected_observations").await;
    let expected = json!({ "data_source": "binance", "series": SERIES, "reason": "off_grid", "payload": "[1]",
        "dated": "2026-03-01T12:00:00+00:00", "times": 3, "first_seen_at": "2026-03-01T12:00:00+00:00",
        "last_seen_at": "2026-03-01T13:00:00+00:00" });
    assert_eq!(kept, [expected]);
}

#[rstest]
#[case(Rejection::Shape, "shape")]
#[case(Rejection::Figures(CandleError::Price), "price")]
#[case(Rejection::Figures(CandleError::Volume), "volume")]
#[case(Rejection::Figures(CandleError::Range), "range")]
#[case(Rejection::OffGrid, "off_grid")]
#[case(Rejection::Duplicate, "duplicate")]
#[case(Rejection::Future, "future")]
#[case(Rejection::Implausible, "implausible")]
#[tokio::test]
async fn every_reason_is_kept_by_its_word(#[case] reason: Rejection, #[case] word: &str) {
    let database = Database::fresh().await;
    let db = database.db();

    rejected::record(&db, ("binance", SERIES), &[row(reason, "[]")], noon())
        .await
        .unwrap();

    let reasons = rows(
        &database.client().await,
        "SELECT reason FROM rejected_observations",
    )
    .await;
    assert_eq!(reasons, [json!({ "reason": word })]);
}

#[tokio::test]
async fn another_source_series_reason_or_row_is_another_rejection() {
    let database = Database::fresh().await;
    let db = database.db();
    let one = row(Rejection::OffGrid, "[1]");
    let others = [row(Rejection::Future, "[1]"), row(Rejection::OffGrid, "[2]")];

    for (source, series) in [("binance", SERIES), ("csv", SERIES), ("binance", "ETH 4h")] {
        rejected::record(&db, (source, series), std::slice::from_ref(&one), noon())
            .await
            .unwrap();
    }
    rejected::record(&db, ("binance", SERIES), &others, noon())
        .await
        .unwrap();

    let kept = "SELECT count(*) AS kept, sum(times) AS times FROM rejected_observations";
    assert_eq!(
        rows(&database.client().await, kept).await,
        [json!({ "kept": 5, "times": 5 })]
    );
}

#[tokio::test]
async fn a_row_without_a_time_and_one_that_is_long_or_odd_are_kept_too() {
    let database = Database::fresh().await;
    let db = database.db();
    let long = "é".repeat(400);
    let odd = [
        RejectedRow::new(None, Rejection::Shape, "nul\0l"),
        row(Rejection::Shape, &long),
    ];

    rejected::record(&db, ("fred", "money_supply"), &odd, noon())
        .await
        .unwrap();

    let kept = "SELECT dated IS NULL AS undated, length(payload) AS characters \
                FROM rejected_observations ORDER BY 2";
    assert_eq!(
        rows(&database.client().await, kept).await,
        [
            json!({ "undated": true, "characters": 4 }),
            json!({ "undated": false, "characters": 300 })
        ]
    );
}

#[tokio::test]
async fn counts_are_by_series_over_all_sources_and_reasons() {
    let database = Database::fresh().await;
    let db = database.db();
    let bad = [row(Rejection::OffGrid, "[1]"), row(Rejection::Future, "[2]")];
    rejected::record(&db, ("binance", SERIES), &bad, noon())
        .await
        .unwrap();
    rejected::record(&db, ("csv", SERIES), &bad[..1], noon() + hours(2))
        .await
        .unwrap();
    rejected::record(&db, ("binance", "ETH 4h"), &bad[..1], noon())
        .await
        .unwrap();
    rejected::record(&db, ("binance", "BTC 1d"), &[], noon())
        .await
        .unwrap();

    let count = |series: &str, times, after_hours| RejectedCount {
        series: series.to_owned(),
        times,
        last_seen_at: noon() + hours(after_hours),
    };
    assert_eq!(
        counted(&db, &[SERIES, "ETH 4h", "BTC 1d"]).await,
        [count(SERIES, 3, 2), count("ETH 4h", 1, 0)]
    );
    assert_eq!(counted(&db, &[]).await, []);
}
