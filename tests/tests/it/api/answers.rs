//! What each route answers, whole. Snapshots: a changed answer is a change of the API.

use insta::assert_json_snapshot;
use jiff::SignedDuration;
use tests::bundle::{Answer, Bundle};
use tests::market_file::MarketFile;

fn data(answer: &Answer) -> serde_json::Value {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

#[tokio::test]
async fn scores_history_and_one_execution_in_full() {
    let bundle = Bundle::start().await;
    bundle.decide().await;

    let newest = data(&bundle.get("/api/v1/agents/scores").await);
    assert_json_snapshot!("scores", newest, { ".data.execution_id" => "[id]" });

    let by_name = data(&bundle.get("/api/v1/agents/scores?strategy_id=swing-4h").await);
    assert_eq!(by_name["data"]["strategy_id"], "swing-4h");

    let history = data(&bundle.get("/api/v1/agents/scores/history").await);
    assert_json_snapshot!("scores_history", history, { ".data.items[].execution_id" => "[id]" });

    let id = newest["data"]["execution_id"].as_str().unwrap();
    let full = data(&bundle.get(&format!("/api/v1/agents/executions/{id}")).await);
    assert_json_snapshot!("execution", full, {
        ".data.execution_id" => "[id]",
        ".data.attempts[].latency_ms" => "[latency]",
    });
}

#[tokio::test]
async fn candles_indicators_and_prices() {
    let bundle = Bundle::start().await;
    bundle.collect().await;

    let candles = data(
        &bundle
            .get("/api/v1/market/BTCUSDT/candles?timeframe=4h&limit=3")
            .await,
    );
    assert_json_snapshot!("candles", candles);
    let indicators = data(
        &bundle
            .get("/api/v1/market/BTCUSDT/indicators?timeframe=4h&limit=2")
            .await,
    );
    assert_json_snapshot!("indicators", indicators);
    let weeks = data(
        &bundle
            .get("/api/v1/market/ETHUSDT/indicators?timeframe=1w&limit=1")
            .await,
    );
    // 2024-03-01 is a Friday: the newest whole week began on Monday, 02-19.
    assert_eq!(weeks["data"]["items"][0]["open_time"], "2024-02-19T00:00:00Z");
    let price = data(&bundle.get("/api/v1/market/ETHUSDT").await);
    assert_json_snapshot!("price", price);
}

#[tokio::test]
async fn the_quality_of_what_is_stored() {
    let file = MarketFile::four_hourly("2022-06-01", "2024-04-01")
        .without(&["2024-02-27T08:00:00Z", "2024-02-27T12:00:00Z"])
        .with("2024-02-29T08:00:00Z", "40000,40000,39000,39500,10");
    let bundle = Bundle::with().candles(file).start().await;
    bundle.collect().await;
    let lost = "DELETE FROM market_data WHERE asset = 'BTC' AND timeframe = '4h' AND open_time = '2024-02-28T04:00Z'";
    let client = bundle.database().client().await;
    client.batch_execute(lost).await.unwrap();
    bundle.advance(SignedDuration::from_mins(10));

    let quality = data(&bundle.get("/api/v1/market/BTCUSDT/quality").await);

    assert_json_snapshot!("quality", quality);
}

#[tokio::test]
async fn before_the_first_run_there_is_nothing_and_the_answer_says_when_there_will_be() {
    let bundle = Bundle::start().await;

    let scores = bundle.get("/api/v1/agents/scores").await;
    assert_eq!(scores.status, 404);
    assert_json_snapshot!("no_scores_yet", scores.json());
    let candles = data(&bundle.get("/api/v1/market/BTCUSDT/candles").await);
    assert_json_snapshot!("no_candles_yet", candles);
    let price = data(&bundle.get("/api/v1/market/BTCUSDT").await);
    assert_json_snapshot!("no_price_yet", price);
    let quality = data(&bundle.get("/api/v1/market/BTCUSDT/quality").await);
    assert_json_snapshot!("no_quality_yet", quality);
}

#[tokio::test]
async fn health_readiness_and_the_description() {
    let bundle = Bundle::start().await;

    for (path, expected) in [
        ("/health", r#"{"status":"healthy"}"#),
        ("/health/live", r#"{"status":"alive"}"#),
        (
            "/health/ready",
            r#"{"status":"ready","database":"connected","redis":"connected"}"#,
        ),
    ] {
        let answer = bundle.get(path).await;
        assert_eq!(
            (
                answer.status.as_u16(),
                String::from_utf8_lossy(&answer.body).as_ref()
            ),
            (200, expected)
        );
    }
    let description = bundle.get("/openapi.json").await.json();
    assert!(description["paths"]["/api/v1/agents/scores"]["get"]["responses"]["429"].is_object());
    let page = bundle.get("/docs").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    assert!(
        !String::from_utf8_lossy(&page.body).contains("https://"),
        "the page loads nothing from elsewhere"
    );
}

#[tokio::test]
async fn pages_of_candles_meet_without_gap_or_overlap() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    let mut seen = Vec::new();
    let mut next = Some(String::new());
    while let Some(cursor) = next {
        let page = data(
            &bundle
                .get(&format!(
                    "/api/v1/market/BTCUSDT/candles?timeframe=1d&limit=300{cursor}"
                ))
                .await,
        );
        let items = page["data"]["items"].as_array().unwrap();
        seen.extend(
            items
                .iter()
                .map(|item| item["open_time"].as_str().unwrap().to_owned()),
        );
        next = page["data"]["next_cursor"]
            .as_str()
            .map(|cursor| format!("&cursor={cursor}"));
    }
    // 2022-06-01 to 2024-02-29, every day.
    assert_eq!(seen.len(), 639);
    assert!(seen.is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn from_and_to_are_inclusive_and_in_open_times() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    let path = "/api/v1/market/BTCUSDT/candles?from=2024-02-01T00:00:00Z&to=2024-02-01T08:00:00Z";
    let page = data(&bundle.get(path).await);
    let times: Vec<_> = page["data"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["open_time"].clone())
        .collect();
    assert_eq!(
        times,
        [
            "2024-02-01T08:00:00Z",
            "2024-02-01T04:00:00Z",
            "2024-02-01T00:00:00Z"
        ]
    );
}

#[tokio::test]
async fn a_skipped_execution_shows_the_last_decision() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    // On-chain values are carried for a week, rates for three, candles for three of their own lengths.
    bundle.advance(SignedDuration::from_hours(24 * 40));
    for service in standin::Service::ALL {
        bundle
            .upstream()
            .fail(service, &standin::Fault::Status(503, None), 1000);
    }
    bundle.run("run-strategies").await.unwrap();

    let newest = data(&bundle.get("/api/v1/agents/scores").await);
    assert_eq!(newest["data"]["decision"], serde_json::Value::Null);
    assert_eq!(newest["data"]["last_decision"]["as_of"], "2024-03-01T12:00:00Z");
    let reason = newest["data"]["skip_reason"].as_str().unwrap();
    assert!(reason.starts_with("No decision: only "), "{reason}");
    assert_eq!(newest["data"]["as_of"], "2024-04-10T12:00:00Z");
}
