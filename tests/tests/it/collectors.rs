//! Collectors and decisions over a known market: what is stored, what is missing, what a second run does.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::db::market_gaps::{self, Gap};
use shared::domain::market::{Asset, Timeframe};
use standin::{CandleRow, Fault, Interval, Service};
use tests::bundle::Bundle;
use tests::market_file::MarketFile;

/// The candles that the real history of BTC lacks.
const HOLES: [&str; 5] = [
    "2019-03-12T04:00:00Z",
    "2019-05-15T04:00:00Z",
    "2019-05-15T08:00:00Z",
    "2019-08-15T04:00:00Z",
    "2020-02-19T12:00:00Z",
];

/// Every table a collector or a decision writes, log tables left out. Live prices are told anew at
/// the moment they are asked for: when that was is left out, and when they were compared.
const DATA: [&str; 12] = [
    "SELECT * FROM market_data ORDER BY asset, timeframe, open_time",
    "SELECT * FROM market_data_revisions ORDER BY asset, timeframe, open_time, available_at",
    "SELECT * FROM market_gaps ORDER BY asset, timeframe, open_time",
    "SELECT * FROM market_audits ORDER BY asset, timeframe",
    "SELECT asset, service, price, change_24h_pct, source FROM live_prices ORDER BY asset, service",
    "SELECT asset, exchange_price, reference_price, difference_pct, apart_in_a_row FROM price_comparisons ORDER BY asset",
    "SELECT * FROM locks ORDER BY reason, since",
    "SELECT * FROM rejected_observations ORDER BY series, data_source, reason, payload",
    "SELECT * FROM indicator_observations ORDER BY metric, observed_at",
    "SELECT * FROM observation_revisions ORDER BY metric, observed_at, available_at",
    "SELECT * FROM strategy_executions ORDER BY id",
    "SELECT * FROM agent_execution_logs ORDER BY id",
];

async fn all_data(bundle: &Bundle) -> Vec<Vec<String>> {
    let mut tables = Vec::new();
    for table in DATA {
        tables.push(bundle.rows(table).await);
    }
    tables
}

fn series<'a>(summary: &'a Value, asset: &str, timeframe: &str) -> &'a Value {
    let all = summary["series"].as_array().unwrap();
    all.iter()
        .find(|series| series["asset"] == asset && series["timeframe"] == timeframe)
        .unwrap()
}

fn holed_history() -> MarketFile {
    MarketFile::four_hourly("2019-01-01", "2020-04-01").without(&HOLES)
}

#[tokio::test]
async fn the_holes_of_the_real_history_are_found_reported_and_read_as_flat_candles() {
    let bundle = Bundle::with()
        .at("2020-03-01T00:02:00Z")
        .candles(holed_history())
        .history_since("2019-01-01")
        .start()
        .await;

    let summary = bundle.run("collect-prices").await.unwrap();

    let btc = series(&summary, "BTC", "4h");
    assert_eq!(btc["new_holes"], json!(HOLES));
    // 425 days of six candles, five of them missing.
    assert_eq!(
        (&btc["received"], &btc["rows"]["inserted"]),
        (&json!(425 * 6 - 5), &json!(425 * 6 - 5))
    );
    assert_eq!(series(&summary, "BTC", "1h")["is_offered"], false);
    let known = market_gaps::list(
        &bundle.app().db,
        (Asset::Btc, Timeframe::H4),
        Timestamp::UNIX_EPOCH,
    )
    .await
    .unwrap();
    let expected = HOLES.map(|hole| Gap {
        open_time: hole.parse().unwrap(),
        checked_at: bundle.now(),
    });
    assert_eq!(known, expected);
    let stored = "SELECT 1 FROM market_data WHERE asset = 'BTC' AND open_time = '2019-03-12T04:00Z' AND timeframe = '4h'";
    assert!(bundle.rows(stored).await.is_empty(), "no candle is made up");

    let path =
        "/api/v1/market/BTCUSDT/indicators?timeframe=4h&from=2019-05-15T00:00:00Z&to=2019-05-15T12:00:00Z";
    let shown = bundle.get(path).await.json();
    let filled: Vec<&Value> = shown["data"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["is_filled"])
        .collect();
    assert_eq!(filled, [false, true, true, false]);
}

#[tokio::test]
async fn a_known_hole_is_not_asked_for_again() {
    let bundle = Bundle::with()
        .at("2020-03-01T00:02:00Z")
        .candles(holed_history())
        .history_since("2019-01-01")
        .start()
        .await;
    bundle.run("collect-prices").await.unwrap();
    bundle.advance(SignedDuration::from_hours(4));
    bundle.upstream().take_requests();

    bundle.run("collect-prices").await.unwrap();

    let asked = bundle.upstream().take_requests();
    let of_btc = asked
        .iter()
        .filter(|path| path.contains("symbol=BTCUSDT&interval=4h"));
    assert_eq!(of_btc.count(), 1, "{asked:?}");
}

#[tokio::test]
async fn a_second_run_of_every_collector_changes_no_row() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let before = all_data(&bundle).await;
    assert!(before.iter().map(Vec::len).sum::<usize>() > 8_000);

    bundle.advance(SignedDuration::from_secs(1));
    bundle.decide().await;

    let after = all_data(&bundle).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn a_run_that_is_delivered_twice_counts_once() {
    let bundle = Bundle::start().await;
    let first = bundle.run("collect-prices").await.unwrap();
    bundle.upstream().take_requests();

    let second = bundle.run("collect-prices").await.unwrap();

    assert_eq!(first, second, "the stored result");
    assert_eq!(bundle.upstream().take_requests(), Vec::<String>::new());
}

#[tokio::test]
async fn of_two_runs_at_once_one_leaves_and_every_candle_is_stored_once() {
    let bundle = Bundle::start().await;
    let later = bundle.now() + SignedDuration::from_secs(1);

    let (one, other) = tokio::join!(
        bundle.run("collect-prices"),
        bundle.run_for("collect-prices", later)
    );

    let left = [one.unwrap(), other.unwrap()]
        .iter()
        .filter(|summary| summary["left_to_another_run_until"].is_string())
        .count();
    assert_eq!(left, 1);
    let doubled =
        "SELECT count(*) AS n FROM market_data GROUP BY asset, timeframe, open_time HAVING count(*) > 1";
    assert_eq!(bundle.rows(doubled).await, Vec::<String>::new());
    let counted = bundle
        .rows("SELECT count(*) FROM market_data WHERE timeframe = '4h' AND asset = 'ETH'")
        .await;
    // 639 days of six candles, and three of the last day.
    assert_eq!(counted, ["(3837)"]);
}

#[tokio::test]
async fn the_forming_candle_is_never_stored() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    let newest = bundle
        .rows("SELECT timeframe, max(open_time) FROM market_data GROUP BY 1 ORDER BY 1")
        .await;
    assert_eq!(
        newest,
        [
            "(1d,\"2024-02-29 00:00:00+00\")",
            "(4h,\"2024-03-01 08:00:00+00\")"
        ]
    );
}

/// A candle of BTC as the exchange would serve it.
fn candle(open_time: &str, [open, high, low, close]: [&str; 4]) -> CandleRow {
    let figure = |text: &str| text.parse().unwrap();
    CandleRow {
        open_time_ms: open_time.parse::<Timestamp>().unwrap().as_millisecond(),
        open: figure(open),
        high: figure(high),
        low: figure(low),
        close: figure(close),
        volume: figure("1"),
    }
}

#[tokio::test]
async fn what_makes_no_candle_is_rejected_the_rest_is_kept_and_a_mended_one_is_collected() {
    const BROKEN: &str = "2024-03-01T04:00:00Z";
    let bundle = Bundle::start().await;
    let stored = format!(
        "SELECT high FROM market_data WHERE asset = 'BTC' AND timeframe = '4h' AND open_time = '{BROKEN}'"
    );
    let figures = ["100", "90", "95", "100"];
    bundle
        .upstream()
        .plant_candle("BTCUSDT", Interval::H4, candle(BROKEN, figures));

    let summary = bundle.run("collect-prices").await.unwrap();

    let btc = series(&summary, "BTC", "4h");
    assert!(btc["rejected"].as_u64().unwrap() >= 1);
    assert_eq!(btc["new_holes"], json!([]), "the exchange may mend it");
    assert_eq!(btc["received"], 3836);
    assert_eq!(series(&summary, "ETH", "4h")["received"], 3837);
    assert_eq!(bundle.rows(&stored).await, Vec::<String>::new());

    let mended = ["25000", "26000", "24000", "25500"];
    bundle
        .upstream()
        .plant_candle("BTCUSDT", Interval::H4, candle(BROKEN, mended));
    bundle.advance(SignedDuration::from_hours(4));
    bundle.run("collect-prices").await.unwrap();
    assert_eq!(bundle.rows(&stored).await, ["(26000.00000000)"]);
}

#[tokio::test]
async fn a_jump_of_more_than_a_fifth_is_kept_and_marked() {
    let file = MarketFile::four_hourly("2022-06-01", "2024-04-01")
        .with("2024-03-01T08:00:00Z", "40000,40000,39000,39500,10");
    let bundle = Bundle::with().candles(file).start().await;
    bundle.collect().await;
    let marked = bundle
        .rows("SELECT open_time FROM market_data WHERE asset = 'BTC' AND is_anomaly")
        .await;
    assert_eq!(marked, ["(\"2024-03-01 08:00:00+00\")"]);
}

#[tokio::test]
async fn every_call_is_one_row_and_no_row_holds_a_key() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    let calls = bundle.upstream().take_requests();
    let rows = bundle
        .rows("SELECT data_source, endpoint, status, error FROM data_collection_logs")
        .await;
    assert_eq!(rows.len(), calls.len());
    let key = "0".repeat(32);
    assert!(
        calls.iter().any(|call| call.contains(&key)),
        "FRED's key is in its query"
    );
    assert!(
        rows.iter()
            .all(|row| !row.contains(&key) && !row.contains("stand-in")),
        "{rows:?}"
    );
}

#[tokio::test]
async fn strategies_collect_the_boundarys_prices_themselves() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    bundle.advance(SignedDuration::from_hours(4));

    bundle.run("run-strategies").await.unwrap();

    let newest = bundle.get("/api/v1/agents/scores").await.json();
    assert_eq!(newest["data"]["as_of"], "2024-03-01T16:00:00Z");
    assert_eq!(
        newest["data"]["decision"]["prices"]["BTC"]["closed_at"],
        "2024-03-01T16:00:00Z"
    );
    assert_eq!(newest["data"]["locks"], json!([]));
}

#[tokio::test]
async fn every_timeframe_must_reach_the_boundary_before_a_decision() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    // To midnight: the candles of four hours and of the day close together.
    bundle.advance(SignedDuration::from_hours(12));
    bundle.collect().await;
    let gone = "DELETE FROM market_data WHERE timeframe = '4h' AND open_time = '2024-03-01T20:00Z'";
    bundle
        .database()
        .client()
        .await
        .batch_execute(gone)
        .await
        .unwrap();

    bundle.run("run-strategies").await.unwrap();

    let newest = bundle
        .get("/api/v1/agents/scores?strategy_id=swing-4h")
        .await
        .json();
    assert_eq!(newest["data"]["as_of"], "2024-03-02T00:00:00Z");
    let id = newest["data"]["execution_id"].as_str().unwrap();
    let full = bundle
        .get(&format!("/api/v1/agents/executions/{id}"))
        .await
        .json();
    let read = &full["data"]["document"]["agents"]["ta"]["components"][0]["observed_at"];
    assert_eq!(
        read, "2024-03-02T00:00:00Z",
        "the candle that closed at the boundary"
    );
}

#[tokio::test]
async fn strategies_due_at_the_same_boundary_collect_once() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    bundle.advance(SignedDuration::from_hours(4));
    bundle
        .upstream()
        .fail(Service::Binance, &Fault::Status(403, None), 1000);
    bundle.upstream().take_requests();

    bundle.run("run-strategies").await.unwrap();

    let asked = bundle.upstream().take_requests();
    let tickers = asked
        .iter()
        .filter(|request| request.contains("ticker/24hr?symbol=BTCUSDT"));
    assert_eq!(tickers.count(), 1, "{asked:?}");
}

#[tokio::test]
async fn a_mended_candle_is_judged_against_the_one_before_and_so_is_the_one_after() {
    const MENDED: &str = "2024-03-01T04:00:00Z";
    let file = MarketFile::four_hourly("2022-06-01", "2024-04-01")
        .with("2024-03-01T00:00:00Z", "100,100,100,100,1")
        .with("2024-03-01T08:00:00Z", "69,69,69,69,1");
    let bundle = Bundle::with().candles(file).start().await;
    bundle.upstream().plant_candle(
        "BTCUSDT",
        Interval::H4,
        candle(MENDED, ["100", "90", "95", "100"]),
    );
    bundle.run("collect-prices").await.unwrap();

    bundle
        .upstream()
        .plant_candle("BTCUSDT", Interval::H4, candle(MENDED, ["70", "70", "70", "70"]));
    bundle.advance(SignedDuration::from_hours(4));
    bundle.run("collect-prices").await.unwrap();

    let marks = "SELECT close::int, is_anomaly FROM market_data WHERE asset = 'BTC' AND timeframe = '4h' \
                 AND open_time BETWEEN '2024-03-01T04:00Z' AND '2024-03-01T08:00Z' ORDER BY open_time";
    assert_eq!(bundle.rows(marks).await, ["(70,t)", "(69,f)"]);
}

#[tokio::test]
async fn after_an_outage_only_the_newest_boundary_is_decided() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    bundle.advance(SignedDuration::from_hours(24));
    bundle.decide().await;
    let decided = bundle
        .rows("SELECT DISTINCT as_of FROM strategy_executions ORDER BY 1")
        .await;
    assert_eq!(
        decided,
        ["(\"2024-03-01 12:00:00+00\")", "(\"2024-03-02 12:00:00+00\")"]
    );
}

#[tokio::test]
async fn without_macro_and_on_chain_inputs_the_execution_is_skipped_with_the_reason() {
    let bundle = Bundle::start().await;
    bundle.run("collect-prices").await.unwrap();
    bundle.run("run-strategies").await.unwrap();

    let scores = bundle.get("/api/v1/agents/scores").await.json();
    assert_eq!(scores["data"]["decision"], Value::Null);
    let reason = scores["data"]["skip_reason"].as_str().unwrap();
    assert!(
        reason.starts_with("No decision: only 1 of 3 agents answered, a decision needs 2."),
        "{reason}"
    );
    for agent in ["macro", "onchain"] {
        assert_eq!(scores["data"]["agents"][agent]["score"], Value::Null);
    }
    assert!(scores["data"]["agents"]["ta"]["score"].is_number());
}

#[tokio::test]
async fn with_one_agent_missing_the_others_decide() {
    let bundle = Bundle::start().await;
    for task in ["collect-prices", "collect-sentiment", "collect-onchain"] {
        bundle.run(task).await.unwrap();
    }
    bundle.run("run-strategies").await.unwrap();

    let scores = bundle.get("/api/v1/agents/scores").await.json();
    let weights = &scores["data"]["decision"]["weights"];
    assert_eq!(weights["macro"], 0.0);
    let onchain = weights["onchain"].as_f64().unwrap();
    assert!((onchain - 2.0 / 3.0).abs() < 1e-12, "{weights}");
}

#[tokio::test]
async fn four_strategy_runs_at_once_record_one_execution_a_strategy() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    let later = |seconds| bundle.now() + SignedDuration::from_secs(seconds);

    let runs =
        futures_util::future::join_all((0..4).map(|n| bundle.run_for("run-strategies", later(n)))).await;

    assert!(runs.iter().all(Result::is_ok));
    let counted = bundle
        .rows("SELECT strategy_id, count(*) FROM strategy_executions GROUP BY 1 ORDER BY 1")
        .await;
    assert_eq!(counted, ["(hodl-wave,1)", "(swing-4h,1)"]);
    let attempts = bundle.rows("SELECT count(*) FROM agent_execution_logs").await;
    assert_eq!(attempts, ["(6)"]);
}

#[tokio::test]
async fn what_became_known_later_does_not_change_a_late_decision() {
    let on_time = Bundle::start().await;
    on_time.decide().await;
    let late = Bundle::start().await;
    late.collect().await;
    // Fifty minutes late, with everything that was published in between.
    late.advance(SignedDuration::from_mins(50));
    late.collect().await;
    late.run("run-strategies").await.unwrap();

    let document = "SELECT strategy_id, document FROM strategy_executions ORDER BY 1";
    assert_eq!(on_time.rows(document).await, late.rows(document).await);
}

#[tokio::test]
async fn a_source_that_fails_is_named_and_the_others_are_collected() {
    let bundle = Bundle::start().await;
    bundle
        .upstream()
        .fail(Service::Glassnode, &Fault::Status(401, None), 1);

    let summary = bundle.run("collect-onchain").await.unwrap();

    let failures = summary["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1);
    assert!(
        failures[0]["why"].as_str().unwrap().contains("check the key"),
        "{failures:?}"
    );
    assert_eq!(summary["series"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_date_that_is_told_twice_is_stored_once_and_fails_nothing() {
    let twice = r#"{"name":"Fear and Greed Index","data":[
        {"value":"40","value_classification":"Fear","timestamp":"1709251200"},
        {"value":"41","value_classification":"Fear","timestamp":"1709251200"}
    ],"metadata":{"error":null}}"#;
    let bundle = Bundle::start().await;
    bundle.upstream().fail(Service::FearGreed, &Fault::Body(twice), 1);

    let summary = bundle.run("collect-sentiment").await.unwrap();

    assert_eq!(summary["failures"], json!([]));
    let stored = bundle.rows("SELECT value FROM indicator_observations").await;
    assert_eq!(stored, ["(40.00000000)"]);
}
