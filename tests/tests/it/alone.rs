//! One run of a collector works at a time; what a killed one left undone, the next one completes.

use std::pin::pin;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::{Value, json};
use standin::{Fault, Interval, Service};
use tests::bundle::Bundle;

/// Longer than the lease of a run whose end nobody saw.
const LEASE: SignedDuration = SignedDuration::from_mins(16);

/// When the lease of a run that began now ends.
fn lease_end(bundle: &Bundle) -> Value {
    let end = bundle.now() + SignedDuration::from_secs(15 * 60 + 30);
    json!(end.to_string())
}

/// What a run says that left.
fn left_until(end: &Value) -> Value {
    json!({ "left_to_another_run_until": end })
}

/// Lets other tasks go on until `is_so`.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    while !is_so().await {
        tokio::task::yield_now().await;
    }
}

async fn count(bundle: &Bundle, table: &str) -> u64 {
    let counted = bundle.rows(&format!("SELECT count(*) FROM {table}")).await;
    counted[0].trim_matches(['(', ')']).parse().unwrap()
}

#[rstest]
#[case("collect-prices")]
#[case("collect-onchain")]
#[case("collect-macro")]
#[case("collect-sentiment")]
#[tokio::test]
async fn a_second_collector_leaves_while_the_first_is_at_work_and_asks_nobody(#[case] task: &str) {
    let bundle = Bundle::start().await;
    // The first cannot end before it has written its calls down.
    let holding = bundle.database().client().await;
    holding
        .batch_execute("BEGIN; LOCK TABLE data_collection_logs")
        .await
        .unwrap();
    let mut asked = Vec::new();
    let second = async {
        until(async || {
            asked.extend(bundle.upstream().take_requests());
            !asked.is_empty()
        })
        .await;
        let later = bundle.now() + SignedDuration::from_secs(1);
        let second = bundle.run_for(task, later).await;
        holding.batch_execute("ROLLBACK").await.unwrap();
        second
    };

    let (first, second) = tokio::join!(bundle.run(task), second);

    assert_eq!(second.unwrap(), left_until(&lease_end(&bundle)));
    assert_eq!(first.unwrap()["failures"], json!([]));
    asked.extend(bundle.upstream().take_requests());
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all, "asked for by one of them only");
}

#[tokio::test]
async fn of_four_collectors_at_the_same_moment_one_works_and_the_next_one_is_not_kept_out() {
    let bundle = Bundle::start().await;
    let times = (0..4).map(|n| bundle.now() + SignedDuration::from_secs(n));

    let runs = futures_util::future::join_all(times.map(|time| bundle.run_for("collect-prices", time))).await;

    let left = left_until(&lease_end(&bundle));
    let summaries: Vec<Value> = runs.into_iter().map(Result::unwrap).collect();
    let worked: Vec<&Value> = summaries.iter().filter(|summary| **summary != left).collect();
    assert_eq!(worked.len(), 1, "{summaries:?}");
    assert_eq!(worked[0]["failures"], json!([]));

    bundle.advance(SignedDuration::from_mins(5));
    let next = bundle.run("collect-prices").await.unwrap();
    assert_eq!(next["failures"], json!([]));
}

/// Every candle with what is said of it, but not when.
const CANDLES: &str = "SELECT asset, timeframe, open_time, open, high, low, close, volume, is_anomaly, source \
                       FROM market_data ORDER BY asset, timeframe, open_time";

/// What is stored is what the exchange has: no candle less, and none more.
async fn check_against_the_exchange(bundle: &Bundle, symbol: &str, asset: &str) {
    let since: Timestamp = "2022-06-01T00:00:00Z".parse().unwrap();
    let length = Interval::H4.ms();
    let newest_closed = (bundle.now().as_millisecond().div_euclid(length) - 1) * length;
    let upstream = bundle.upstream();
    let has = upstream.candles(symbol, Interval::H4, since.as_millisecond(), newest_closed);
    let stored = format!(
        "SELECT extract(epoch FROM open_time)::bigint FROM market_data \
         WHERE asset = '{asset}' AND timeframe = '4h' ORDER BY open_time"
    );
    let expected: Vec<String> = has
        .iter()
        .map(|row| format!("({})", row.open_time_ms / 1000))
        .collect();
    assert!(expected.len() > 3000);
    assert_eq!(bundle.rows(&stored).await, expected);
}

#[tokio::test]
async fn a_collector_killed_half_way_is_completed_by_the_next_run_without_duplicate_or_hole() {
    let undisturbed = Bundle::start().await;
    undisturbed.run("collect-prices").await.unwrap();
    let complete = undisturbed.rows(CANDLES).await;
    let bundle = Bundle::start().await;
    // Eight answers to begin with, and some of ten pages; whoever asks after that waits.
    let answered = 13;
    bundle
        .upstream()
        .fail_after(Service::Binance, answered, &Fault::Hang, 1000);
    {
        let mut killed = pin!(bundle.run("collect-prices"));
        tokio::select! {
            () = until(async || count(&bundle, "market_data").await > 0) => {}
            done = &mut killed => panic!("done: {done:?}"),
        }
    }
    let half = count(&bundle, "market_data").await;
    assert!(half < u64::try_from(complete.len()).unwrap(), "{half}");
    let end = lease_end(&bundle);
    bundle.upstream().mend();

    bundle.advance(SignedDuration::from_mins(5));
    assert_eq!(
        bundle.run("collect-prices").await.unwrap(),
        left_until(&end),
        "nobody knows yet that it was killed"
    );
    bundle.advance(LEASE);
    let summary = bundle.run("collect-prices").await.unwrap();

    assert_eq!(summary["failures"], json!([]));
    assert_eq!(bundle.rows(CANDLES).await, complete);
    for (symbol, asset) in [("BTCUSDT", "BTC"), ("ETHUSDT", "ETH")] {
        check_against_the_exchange(&bundle, symbol, asset).await;
    }
    assert_eq!(count(&bundle, "market_gaps").await, 0);
    assert_eq!(count(&bundle, "market_data_revisions").await, 0);
}
