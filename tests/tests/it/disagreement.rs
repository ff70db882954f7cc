//! The exchange's live price held against the reference's: when orders are locked, and when not.

use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use standin::{Fault, Interval, Service};
use tests::bundle::Bundle;

/// Lets the reference tell the exchange's price of BTC, changed by so many percent.
fn refer(bundle: &Bundle, percent: i64) {
    let now = bundle.now().as_millisecond();
    let newest = bundle
        .upstream()
        .candles("BTCUSDT", Interval::H4, now - Interval::H4.ms(), now)
        .pop()
        .unwrap();
    let price = newest.close * Decimal::from(100 + percent) / Decimal::ONE_HUNDRED;
    bundle.upstream().set_coingecko_price("BTCUSDT", Some(price));
}

/// The next run of the collector, five minutes on.
async fn next_run(bundle: &Bundle) -> Value {
    bundle.advance(SignedDuration::from_mins(5));
    bundle.run("collect-prices").await.unwrap()
}

/// The reasons of what stops scheduled orders, as the newest scores show them.
async fn locks(bundle: &Bundle) -> Vec<Value> {
    let scores = bundle.get("/api/v1/agents/scores").await.json();
    let locks = scores["data"]["locks"].as_array().unwrap();
    locks.iter().map(|lock| lock["reason"].clone()).collect()
}

async fn comparison(bundle: &Bundle) -> Value {
    let quality = bundle.get("/api/v1/market/BTCUSDT/quality").await.json();
    quality["data"]["comparison"].clone()
}

#[tokio::test]
async fn prices_apart_in_two_runs_lock_orders_until_they_agree_again() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    refer(&bundle, 2);

    next_run(&bundle).await;
    assert_eq!(locks(&bundle).await, [""; 0], "once is not twice");
    assert_eq!(
        (
            &comparison(&bundle).await["difference_pct"],
            &comparison(&bundle).await["apart_in_a_row"]
        ),
        (&json!(2.0), &json!(1))
    );

    next_run(&bundle).await;
    let since = bundle.now().to_string();
    assert_eq!(locks(&bundle).await, ["sources_disagree"]);
    let scores = bundle.get("/api/v1/agents/scores").await.json();
    let lock = &scores["data"]["locks"][0];
    assert_eq!(lock["since"], json!(since));
    assert_eq!(
        lock["detail"],
        "the live prices of BTC are 2 % apart, more than 1 %"
    );

    next_run(&bundle).await;
    let scores = bundle.get("/api/v1/agents/scores").await.json();
    assert_eq!(
        scores["data"]["locks"][0]["since"],
        json!(since),
        "it goes on as it began"
    );

    refer(&bundle, 1);
    next_run(&bundle).await;
    assert_eq!(locks(&bundle).await, [""; 0], "one percent is not more than one");
    assert_eq!(comparison(&bundle).await["apart_in_a_row"], 0);
}

#[tokio::test]
async fn two_runs_apart_with_one_between_that_agrees_lock_nothing() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    for percent in [-2, 0, -2, 0] {
        refer(&bundle, percent);
        next_run(&bundle).await;
        assert_eq!(locks(&bundle).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_silent_reference_is_not_compared_and_neither_locks_nor_lifts() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    refer(&bundle, 5);
    next_run(&bundle).await;
    let compared = comparison(&bundle).await;
    let silence = async || {
        bundle
            .upstream()
            .fail(Service::CoinGecko, &Fault::Status(503, None), 1000);
        let summary = next_run(&bundle).await;
        assert_eq!(summary["failures"][0]["what"], "reference prices", "{summary}");
        bundle.upstream().mend();
    };

    silence().await;
    silence().await;
    assert_eq!(comparison(&bundle).await, compared);
    assert_eq!(
        locks(&bundle).await,
        [""; 0],
        "silence does not count as a difference"
    );

    next_run(&bundle).await;
    assert_eq!(
        locks(&bundle).await,
        ["sources_disagree"],
        "silence does not count as agreement"
    );

    refer(&bundle, 0);
    silence().await;
    assert_eq!(locks(&bundle).await, ["sources_disagree"]);
    next_run(&bundle).await;
    assert_eq!(locks(&bundle).await, [""; 0]);
}

#[tokio::test]
async fn a_silent_exchange_is_not_compared_and_the_reference_is_shown() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    refer(&bundle, 5);
    bundle
        .upstream()
        .fail(Service::Binance, &Fault::Status(403, None), 1000);
    let before = comparison(&bundle).await;

    for _ in 0..4 {
        next_run(&bundle).await;
    }

    assert_eq!(comparison(&bundle).await, before);
    assert_eq!(locks(&bundle).await, [""; 0]);
    let made = "SELECT count(*) FROM market_data WHERE updated_at > '2024-03-01T12:02Z'";
    assert_eq!(bundle.rows(made).await, ["(0)"], "no candle is made of it");
}

#[tokio::test]
async fn a_decision_made_while_prices_disagree_records_the_lock() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    refer(&bundle, 3);
    next_run(&bundle).await;
    next_run(&bundle).await;

    bundle.advance(SignedDuration::from_hours(4) - SignedDuration::from_mins(10));
    bundle.run("run-strategies").await.unwrap();

    let recorded = "SELECT document->'verdict'->'locks'->0->>'reason' FROM strategy_executions \
                    WHERE as_of = '2024-03-01T16:00Z' AND strategy_id = 'hodl-wave'";
    assert_eq!(bundle.rows(recorded).await, ["(sources_disagree)"]);
}
