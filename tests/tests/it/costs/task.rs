//! The daily task: the report of the day that ended, kept once, and its spend as a metric.

use jiff::SignedDuration;
use serde_json::json;
use shared::db::costs::find_report;
use shared::domain::agents::AgentKind;
use shared::ids::Ids;
use tests::bundle::Bundle;
use tests::database::Database;
use tests::function::Function;

use super::{answer, at, call, day, of};

#[tokio::test]
async fn the_day_that_ended_is_reported_and_kept() {
    let bundle = Bundle::with().at("2024-03-02T00:10:00Z").start().await;
    let (db, ids) = (bundle.database().db(), Ids::random());
    for (cost, when) in [("10.5", "2024-03-01T23:50:00Z"), ("1", "2024-03-02T00:02:00Z")] {
        let attempt = answer(&ids, AgentKind::Macro, cost);
        call(&db, &ids, of(ids.next(), "hodl-wave"), &attempt, at(when)).await;
    }

    let result = bundle.run("cost-report").await.unwrap();

    let told =
        json!({ "day": "2024-03-01", "cost_usd": "10.5", "unsettled_usd": "0", "is_above_budget": true });
    assert_eq!(result, told);
    let kept = find_report(&db, day("2024-03-01")).await.unwrap().unwrap();
    assert_eq!(
        (&kept["first_day"], &kept["last_day"]),
        (&json!("2024-02-01"), &json!("2024-03-01"))
    );
    assert_eq!(kept["total"]["cost_usd"], "10.5");
    assert_eq!(kept["days_above_budget"], json!(["2024-03-01"]));
    assert_eq!(
        bundle.run("cost-report").await.unwrap(),
        told,
        "the stored result"
    );
    assert_eq!(find_report(&db, day("2024-03-02")).await.unwrap(), None);
}

#[tokio::test]
async fn the_function_tells_the_days_spend_in_a_line_that_the_platform_reads_as_a_metric() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::random());
    let when = at("2024-03-01T12:00:00Z");
    let attempt = answer(&ids, AgentKind::Macro, "10.0000000001");
    call(&db, &ids, of(ids.next(), "hodl-wave"), &attempt, when).await;
    let environment = [
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", database.url().to_owned()),
        // A metric is told however little is logged.
        ("LOG_LEVEL", "error".to_owned()),
    ];
    let function = Function::start("cost-report", &environment).await;
    let event = json!({ "job": "cost-report", "scheduled_at": when + SignedDuration::from_hours(24) });

    function.answer("one", event).await;

    let log = function.log().await;
    let [line] = log.as_slice() else {
        panic!("one line: {log:?}")
    };
    assert_eq!(line["ModelSpendUsd"], 10.000_000_000_1);
    assert_eq!(line["Environment"], "test");
    let end = at("2024-03-01T23:59:59.999Z").as_millisecond();
    assert_eq!(
        line["_aws"],
        json!({
            "Timestamp": end,
            "CloudWatchMetrics": [{
                "Namespace": "AutoMoney",
                "Dimensions": [["Environment"]],
                "Metrics": [{ "Name": "ModelSpendUsd", "Unit": "None" }],
            }],
        })
    );
}
