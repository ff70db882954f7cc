//! The cost report as a route.

use serde_json::Value;
use tests::bundle::Bundle;

use super::admin;

#[tokio::test]
async fn the_report_has_the_days_that_were_asked_for_and_the_running_one_against_its_cap() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let ada = admin(&bundle).await;

    let month = bundle.get_as(&ada, "/api/v1/admin/costs").await.json();
    let week = bundle.get_as(&ada, "/api/v1/admin/costs?days=7").await.json();

    assert_eq!(month["data"]["first_day"], "2024-02-01");
    assert_eq!(week["data"]["first_day"], "2024-02-24");
    assert_eq!(week["data"]["last_day"], "2024-03-01");
    assert_eq!(week["data"]["today"]["cap_usd"], "15");
    // Three agents of two strategies, rules only.
    assert_eq!(week["data"]["total"]["attempts"], 6);
    assert_eq!(week["data"]["total"]["cost_usd"], "0");
    let sources = week["data"]["by_source"].as_array().expect("sources");
    assert!(sources.iter().any(|source| source["data_source"] == "binance"));
    let strategies: Vec<&Value> = week["data"]["by_strategy"]
        .as_array()
        .expect("strategies")
        .iter()
        .map(|strategy| &strategy["strategy_id"])
        .collect();
    assert_eq!(strategies, ["hodl-wave", "swing-4h"]);
}

#[tokio::test]
async fn a_span_that_no_report_has_is_refused() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    for days in ["0", "732", "x", ""] {
        let answer = bundle
            .get_as(&ada, &format!("/api/v1/admin/costs?days={days}"))
            .await;
        let (code, message) = answer.refusal();
        assert_eq!(code, "VALIDATION_ERROR", "{days}");
        assert!(message.contains("from 1 to 731"), "{days}: {message}");
    }
}
