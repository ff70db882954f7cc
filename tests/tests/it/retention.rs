//! Hours are kept for thirteen months, longer candles for good, and nothing dropped is asked for again.

use jiff::SignedDuration;
use serde_json::json;
use tests::bundle::Bundle;

const HOURS: &str = "SELECT min(open_time) FROM market_data WHERE timeframe = '1h'";

// A year of hours is worked on while connections are made: one thread could not do both in time.
#[tokio::test(flavor = "multi_thread")]
async fn hours_that_are_over_are_dropped_and_not_asked_for_again() {
    let bundle = Bundle::with()
        .sample_market()
        .at("2024-01-31T12:02:00Z")
        .history_since("2024-01-01")
        .start()
        .await;
    let summary = bundle.run("collect-prices").await.unwrap();
    assert_eq!(summary["failures"], json!([]));
    let first = bundle.rows(HOURS).await;
    let days = "SELECT count(*) FROM market_data WHERE timeframe <> '1h' AND open_time < '2024-01-31'";
    let longer = bundle.rows(days).await;

    // On 2 March 2024 January 2023 lies more than thirteen months back.
    bundle.advance(SignedDuration::from_hours(24 * 31));
    let summary = bundle.run("collect-prices").await.unwrap();
    assert_eq!(summary["partitions_dropped"], json!(["market_data_1h_2023_01"]));

    let second = bundle.rows(HOURS).await;
    assert_eq!(
        (first, second),
        (
            vec!["(\"2023-01-31 12:00:00+00\")".to_owned()],
            vec!["(\"2023-02-01 00:00:00+00\")".to_owned()]
        )
    );
    assert_eq!(bundle.rows(days).await, longer);
    // A whole audit is due a day later.
    bundle.advance(SignedDuration::from_hours(25));
    let summary = bundle.run("collect-prices").await.unwrap();
    assert_eq!(summary["failures"], json!([]));
    assert_eq!(bundle.rows(HOURS).await, ["(\"2023-02-01 00:00:00+00\")"]);
    let quality = bundle.get("/api/v1/market/BTCUSDT/quality").await.json();
    let hours = &quality["data"]["series"][0];
    assert_eq!(
        (&hours["timeframe"], &hours["missing"]),
        (&json!("1h"), &json!(0))
    );
}
