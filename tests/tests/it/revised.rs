//! What the outside services change afterwards: the row follows, what it said before is kept, and
//! the executions that read it say so.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use standin::{CandleRow, Interval};
use tests::bundle::Bundle;

/// The newest candle that a decision at noon reads, and what the exchange changes it to.
const CHANGED: &str = "2024-03-01T08:00:00Z";
const AFTER: [&str; 5] = ["61000", "63000", "60000", "62000.5", "17"];

/// The exchange tells other figures of the changed candle from now on.
fn change_candle(bundle: &Bundle) {
    let [open, high, low, close, volume] = AFTER.map(|figure| figure.parse().unwrap());
    let row = CandleRow {
        open_time_ms: CHANGED.parse::<Timestamp>().unwrap().as_millisecond(),
        open,
        high,
        low,
        close,
        volume,
    };
    bundle.upstream().plant_candle("BTCUSDT", Interval::H4, row);
}

/// The figures of the changed candle as they are stored.
async fn stored(bundle: &Bundle, table: &str) -> Vec<String> {
    let figures = format!(
        "SELECT trim_scale(open), trim_scale(high), trim_scale(low), trim_scale(close), trim_scale(volume) \
         FROM {table} WHERE asset = 'BTC' AND timeframe = '4h' AND open_time = '{CHANGED}'"
    );
    bundle.rows(&figures).await
}

/// The newest execution of a strategy in full.
async fn newest_execution(bundle: &Bundle, strategy: &str) -> Value {
    let path = format!("/api/v1/agents/scores?strategy_id={strategy}");
    let newest = bundle.get(&path).await.json();
    let id = newest["data"]["execution_id"].as_str().unwrap();
    execution(bundle, id).await
}

async fn execution(bundle: &Bundle, id: &str) -> Value {
    let full = bundle
        .get(&format!("/api/v1/agents/executions/{id}"))
        .await
        .json();
    full["data"].clone()
}

/// `(61000,63000,…)` of a shown candle.
fn figures(shown: &Value) -> String {
    let figure = |name: &str| {
        let text = shown[name].as_str().unwrap();
        text.parse::<rust_decimal::Decimal>()
            .unwrap()
            .normalize()
            .to_string()
    };
    let all = ["open", "high", "low", "close", "volume"].map(figure);
    format!("({})", all.join(","))
}

#[tokio::test]
async fn a_changed_candle_is_updated_kept_and_told_by_the_executions_that_read_it() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let before = stored(&bundle, "market_data").await;
    let first = newest_execution(&bundle, "swing-4h").await;
    assert_eq!(first["revisions"], json!([]));

    change_candle(&bundle);
    bundle.advance(SignedDuration::from_mins(5));
    let learned = bundle.now();
    let summary = bundle.run("collect-prices").await.unwrap();

    let series = summary["series"].as_array().unwrap();
    let revised: Vec<u64> = series
        .iter()
        .map(|series| series["revised"].as_u64().unwrap())
        .collect();
    assert_eq!(revised.iter().sum::<u64>(), 1, "{summary}");
    let after = format!("({})", AFTER.join(","));
    assert_eq!(stored(&bundle, "market_data").await, std::slice::from_ref(&after));
    assert_eq!(stored(&bundle, "market_data_revisions").await, before);

    let id = first["execution_id"].as_str().unwrap();
    let told = execution(&bundle, id).await;
    let revisions = told["revisions"].as_array().unwrap();
    assert_eq!(revisions.len(), 1, "{revisions:?}");
    let revision = &revisions[0];
    assert_eq!(
        (&revision["series"], &revision["dated"], &revision["read"]),
        (&json!("BTC 4h"), &json!(CHANGED), &json!("before"))
    );
    assert_eq!(revision["replaced_at"], json!(learned.to_string()));
    assert_eq!(
        [figures(&revision["before"]), figures(&revision["after"])],
        [before[0].clone(), after]
    );
    assert_eq!(told["document"], first["document"], "the record stays as it was");

    bundle.advance(SignedDuration::from_hours(4) - SignedDuration::from_mins(5));
    bundle.decide().await;
    let second = newest_execution(&bundle, "swing-4h").await;
    assert_eq!(second["revisions"][0]["read"], "after");
}

#[tokio::test]
async fn a_late_decision_reads_the_candle_as_a_punctual_one_did() {
    let punctual = Bundle::start().await;
    punctual.decide().await;
    let late = Bundle::start().await;
    late.collect().await;
    change_candle(&late);
    late.advance(SignedDuration::from_mins(30));
    late.collect().await;
    assert_eq!(stored(&late, "market_data_revisions").await.len(), 1);

    late.run("run-strategies").await.unwrap();

    let document = "SELECT strategy_id, document FROM strategy_executions ORDER BY 1";
    assert_eq!(punctual.rows(document).await, late.rows(document).await);
}

#[tokio::test]
async fn a_changed_macro_value_is_updated_kept_and_told_by_the_execution_that_read_it() {
    const VALUE: &str =
        "FROM indicator_observations WHERE metric = 'money_supply' ORDER BY observed_at DESC LIMIT 1";
    let bundle = Bundle::start().await;
    bundle.run("collect-macro").await.unwrap();
    let revised = bundle.rows(&format!("SELECT trim_scale(value) {VALUE}")).await;
    // What FRED said first, before it revised the month.
    let first_said = format!(
        "UPDATE indicator_observations SET value = value - 7 WHERE (metric, observed_at) IN (SELECT metric, observed_at {VALUE})"
    );
    let client = bundle.database().client().await;
    client.batch_execute(&first_said).await.unwrap();
    let said = bundle.rows(&format!("SELECT trim_scale(value) {VALUE}")).await;
    for task in ["collect-prices", "collect-onchain", "collect-sentiment"] {
        bundle.run(task).await.unwrap();
    }
    bundle.run("run-strategies").await.unwrap();

    bundle.advance(SignedDuration::from_hours(1));
    let learned = bundle.now();
    let summary = bundle.run("collect-macro").await.unwrap();

    let series = summary["series"].as_array().unwrap();
    let money = series
        .iter()
        .find(|series| series["metric"] == "money_supply")
        .unwrap();
    assert_eq!(money["rows"]["updated"], 1, "{summary}");
    assert_eq!(
        bundle.rows(&format!("SELECT trim_scale(value) {VALUE}")).await,
        revised
    );
    let kept = "SELECT trim_scale(value) FROM observation_revisions WHERE metric = 'money_supply'";
    assert_eq!(bundle.rows(kept).await, said);

    let told = newest_execution(&bundle, "hodl-wave").await;
    let revisions = told["revisions"].as_array().unwrap();
    assert_eq!(revisions.len(), 1, "{revisions:?}");
    let revision = &revisions[0];
    assert_eq!(
        (&revision["series"], &revision["read"], &revision["replaced_at"]),
        (
            &json!("money_supply"),
            &json!("before"),
            &json!(learned.to_string())
        )
    );
    let value = |side: &str| format!("({})", revision[side]["value"]);
    assert_eq!(
        [value("before"), value("after")],
        [said[0].clone(), revised[0].clone()]
    );
}
