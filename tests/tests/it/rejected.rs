//! Rows that cannot be stored: counted in the summary, kept with their reason, shown with the
//! quality, and never in a series.

use jiff::SignedDuration;
use serde_json::{Value, json};
use standin::{Fault, Service};
use tests::bundle::Bundle;

/// A page of four-hour candles of which three are good: the first, the third and the last but one.
const PAGE: &str = r#"[
    [1709251200000,"61000","62000","60000","61500","10"],
    [1709251200000,"61000","62000","60000","61600","10"],
    [1709265600000,"61000","60000","62000","61500","10"],
    [1709265600000,"61000","62000","60000","61500","10"],
    [1709280000000,"0","62000","0","61500","10"],
    [1709280000000,"61000","62000","-60000","61500","10"],
    [1709280000000,"61000","62000","60000","61500","-10"],
    [1709280000000,"61000","62000","60000","much","10"],
    [1709280000000,"1e15","1e15","1e15","1e15","10"],
    [1709281800000,"61000","62000","60000","61500","10"],
    [1709280000000,"61000","62000","60000","61500","10"],
    [1709308800000,"61000","62000","60000","61500","10"],
    ["soon"]
]"#;

fn series<'a>(summary: &'a Value, asset: &str, timeframe: &str) -> &'a Value {
    let all = summary["series"].as_array().unwrap();
    all.iter()
        .find(|series| series["asset"] == asset && series["timeframe"] == timeframe)
        .unwrap()
}

#[tokio::test]
async fn every_kind_of_bad_candle_is_counted_and_kept_and_the_good_ones_are_stored() {
    let bundle = Bundle::start().await;
    bundle.upstream().fail(Service::Binance, &Fault::Body(PAGE), 1000);

    let summary = bundle.run("collect-prices").await.unwrap();

    let kept = "SELECT reason, count(*), min(times) = max(times) FROM rejected_observations \
                WHERE series = 'BTC 4h' GROUP BY 1 ORDER BY 1";
    assert_eq!(
        bundle.rows(kept).await,
        [
            "(duplicate,1,t)",
            "(future,1,t)",
            "(implausible,1,t)",
            "(off_grid,1,t)",
            "(price,2,t)",
            "(range,1,t)",
            "(shape,2,t)",
            "(volume,1,t)"
        ]
    );
    let times = bundle
        .rows("SELECT sum(times) FROM rejected_observations WHERE series = 'BTC 4h'")
        .await;
    let counted = &series(&summary, "BTC", "4h")["rejected"];
    assert_eq!(times, [format!("({counted})")]);
    let payload =
        "SELECT payload, dated FROM rejected_observations WHERE series = 'BTC 4h' AND reason = 'range'";
    assert_eq!(
        bundle.rows(payload).await,
        [r#"("[1709265600000,""61000"",""60000"",""62000"",""61500"",""10""]","2024-03-01 04:00:00+00")"#]
    );
    let stored = "SELECT open_time, trim_scale(close) FROM market_data WHERE asset = 'BTC' AND timeframe = '4h' ORDER BY 1";
    assert_eq!(
        bundle.rows(stored).await,
        [
            "(\"2024-03-01 00:00:00+00\",61500)",
            "(\"2024-03-01 04:00:00+00\",61500)",
            "(\"2024-03-01 08:00:00+00\",61500)"
        ]
    );
    let quality = bundle.get("/api/v1/market/BTCUSDT/quality").await.json();
    let shown = quality["data"]["series"].as_array().unwrap();
    let four_hours = shown.iter().find(|series| series["timeframe"] == "4h").unwrap();
    assert_eq!(&four_hours["rejected"], counted);
}

#[tokio::test]
async fn bad_values_of_a_metric_are_counted_kept_and_counted_again() {
    const INDEX: &str = r#"{"name":"Fear and Greed Index","data":[
        {"value":"40","value_classification":"Fear","timestamp":"1709251200"},
        {"value":"41","value_classification":"Fear","timestamp":"1709251200"},
        {"value":"101","value_classification":"Greed","timestamp":"1709164800"},
        {"value":"50","value_classification":"Neutral","timestamp":"1709337600"},
        {"value":"high","value_classification":"Greed","timestamp":"1709078400"}
    ],"metadata":{"error":null}}"#;
    let bundle = Bundle::start().await;
    bundle.upstream().fail(Service::FearGreed, &Fault::Body(INDEX), 2);

    for _ in 0..2 {
        let summary = bundle.run("collect-sentiment").await.unwrap();
        assert_eq!(summary["failures"], json!([]));
        assert_eq!(summary["series"][0]["rejected"], 4);
        bundle.advance(SignedDuration::from_hours(1));
    }

    let kept = "SELECT series, reason, times, dated FROM rejected_observations ORDER BY reason";
    assert_eq!(
        bundle.rows(kept).await,
        [
            "(fear_greed,duplicate,2,\"2024-03-01 00:00:00+00\")",
            "(fear_greed,future,2,\"2024-03-02 00:00:00+00\")",
            "(fear_greed,implausible,2,\"2024-02-29 00:00:00+00\")",
            "(fear_greed,shape,2,)"
        ]
    );
    let stored = bundle.rows("SELECT value FROM indicator_observations").await;
    assert_eq!(stored, ["(40.00000000)"]);
    let quality = bundle.get("/api/v1/market/BTCUSDT/quality").await.json();
    let inputs = quality["data"]["inputs"].as_array().unwrap();
    let index = inputs
        .iter()
        .find(|input| input["input"] == "fear_greed")
        .unwrap();
    assert_eq!(index["rejected"], 8);
}

#[tokio::test]
async fn rows_that_are_no_candles_at_all_are_a_failure_and_not_an_exchange_without_candles() {
    let bundle = Bundle::start().await;
    bundle
        .upstream()
        .fail(Service::Binance, &Fault::Body(r#"["a",2]"#), 1000);

    let summary = bundle.run("collect-prices").await.unwrap();

    let failures = summary["failures"].as_array().unwrap();
    let of_btc = failures
        .iter()
        .find(|failure| failure["what"] == "BTC 4h")
        .unwrap();
    let why = of_btc["why"].as_str().unwrap();
    assert!(why.contains("none of its 2 rows is a candle"), "{why}");
    assert_eq!(summary["series"], json!([]));
    let kept = "SELECT reason, payload FROM rejected_observations WHERE series = 'BTC 4h' ORDER BY payload";
    assert_eq!(bundle.rows(kept).await, [r#"(shape,"""a""")"#, "(shape,2)"]);
}

#[tokio::test]
async fn an_answer_of_which_no_row_can_be_used_is_a_failure_and_its_rows_are_kept() {
    let useless = r#"{"data":[{"value":"101","timestamp":"1709251200"}],"metadata":{"error":null}}"#;
    let bundle = Bundle::start().await;
    bundle
        .upstream()
        .fail(Service::FearGreed, &Fault::Body(useless), 1);

    let summary = bundle.run("collect-sentiment").await.unwrap();

    let why = summary["failures"][0]["why"].as_str().unwrap();
    assert!(why.contains("none of its 1 rows can be stored"), "{why}");
    let kept = bundle.rows("SELECT reason FROM rejected_observations").await;
    assert_eq!(kept, ["(implausible)"]);
    assert_eq!(bundle.rows("SELECT * FROM indicator_observations").await, [""; 0]);
}
