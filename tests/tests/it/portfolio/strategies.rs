//! The list of strategies with what their own portfolios did.

use super::*;

const STRATEGIES: &str = "/api/v1/strategies";

#[tokio::test]
async fn strategies_show_what_their_reference_portfolios_did_and_nothing_of_their_followers() {
    let bundle = Bundle::start().await;
    let nobody = data(&bundle.get(STRATEGIES).await);
    follow(&bundle.sign_up("ann").await, "10000").await;
    decided(&bundle, "2024-03-01T16:00:00Z", Order::buy("0.05", "50000", "-")).await;
    closed(
        &bundle,
        (Asset::Btc, Timeframe::D1),
        "2024-03-02T00:00:00Z",
        "60000",
    )
    .await;
    travel(&bundle, "2024-03-02T00:02:00.001Z");

    let list = data(&bundle.get(STRATEGIES).await);
    let [hodl, swing] = list["items"].as_array().unwrap().as_slice() else {
        panic!("{list}");
    };
    assert_eq!(
        (&hodl["id"], &hodl["interval_minutes"], &hodl["trend_timeframe"]),
        (&json!("hodl-wave"), &json!(240), &json!("1w"))
    );
    assert_eq!(
        hodl["weights"],
        json!({ "macro": 0.4, "onchain": 0.4, "ta": 0.2 })
    );
    assert_eq!(hodl["next_run_at"], "2024-03-02T04:02:00Z");
    assert_eq!(nobody["items"][0]["next_run_at"], "2024-03-01T12:02:00Z");
    assert_eq!(swing["performance"], Value::Null);
    // As worked out in the tests of the history.
    assert_eq!(
        hodl["performance"],
        json!({
            "since": "2024-03-01T16:00:00Z", "capital": "10000", "equity": "10059.45060025",
            "statistics": {
                "return_pct": 0.5945, "max_drawdown_pct": 0.0, "sharpe": null, "sortino": null,
                "win_rate": null, "daily_returns": 0, "sells": 0
            }
        })
    );
    assert!(!list.to_string().contains("follower"));
}

#[tokio::test]
async fn the_list_outlives_the_database() {
    let bundle = Bundle::start().await;
    let fresh = data(&bundle.get(STRATEGIES).await);
    assert_eq!(fresh["stale"], false);
    bundle.postgres().refuse();
    bundle.advance(SignedDuration::from_secs(59));
    assert_eq!(data(&bundle.get(STRATEGIES).await)["stale"], false);

    bundle.advance(SignedDuration::from_mins(10));
    let stale = data(&bundle.get(STRATEGIES).await);
    assert_eq!(
        (&stale["stale"], &stale["age_seconds"]),
        (&json!(true), &json!(659))
    );
    assert_eq!(stale["items"], fresh["items"]);
}
