//! The curve, its benchmark and its figures, against numbers worked out by hand.

use super::*;

const HISTORY: &str = "/api/v1/portfolio/history";
const BTC_1D: (Asset, Timeframe) = (Asset::Btc, Timeframe::D1);
const BTC_4H: (Asset, Timeframe) = (Asset::Btc, Timeframe::H4);

/// Ann follows with all she has at 12:02 and buys at 16:00, at 50,000: 0.00599 BTC at 50,025 are
/// 299.64975, the fee is 0.29964975. The first of March ends at 60,000; of the second nothing is
/// known; on the third at 08:00 BTC is at 45,000.
async fn three_days(bundle: &Bundle) {
    follow(&bundle.sign_up("ann").await, "10000").await;
    decided(bundle, "2024-03-01T16:00:00Z", Order::buy("0.05", "50000", "-")).await;
    closed(bundle, BTC_1D, "2024-03-02T00:00:00Z", "60000").await;
    closed(bundle, BTC_4H, "2024-03-03T08:00:00Z", "45000").await;
    travel(bundle, "2024-03-03T08:02:00Z");
}

/// `at kind equity benchmark drawdown` of every point.
fn points(history: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let points = history["points"].as_array().unwrap();
    let fields = ["at", "kind", "equity", "benchmark", "drawdown_pct"];
    points
        .iter()
        .map(|point| fields.map(|field| text(&point[field])).join(" "))
        .collect()
}

const EXECUTIONS: [&str; 4] = [
    "2024-03-01T16:00:00Z execution 9999.55060025 9985.0175075 0.0045",
    "2024-03-02T00:00:00Z day 10059.45060025 11982.0175075 0.0",
    "2024-03-03T00:00:00Z day null null null",
    "2024-03-03T08:02:00Z now 9969.60060025 8986.5175075 0.8932",
];

#[tokio::test]
async fn a_small_ledger_gives_the_points_that_are_worked_out_by_hand() {
    let bundle = Bundle::start().await;
    three_days(&bundle).await;
    let ann = bundle.sign_up("ann").await;

    let of_all = shown(&ann, &format!("{HISTORY}?interval=execution")).await;
    assert_eq!(points(&of_all), EXECUTIONS);
    assert_eq!(of_all["from"], "2024-03-01T12:02:00Z");
    assert_eq!(
        of_all["benchmark"],
        json!({ "began_at": "2024-03-01T16:00:00Z", "capital": "10000" })
    );
    // 9,969.60060025 out of 10,000; at midnight it stood at its peak.
    assert_eq!(
        of_all["statistics"],
        json!({
            "return_pct": -0.304, "max_drawdown_pct": 0.0, "sharpe": null, "sortino": null,
            "win_rate": null, "daily_returns": 0, "sells": 0
        })
    );

    let of_strategy = shown(
        &ann,
        &format!("{HISTORY}?interval=execution&strategy_id=hodl-wave"),
    )
    .await;
    assert_eq!(points(&of_strategy), EXECUTIONS);
    assert_eq!(of_strategy["statistics"], of_all["statistics"]);

    // Days alone: the same values, the same beginning of the benchmark, the same figures.
    for query in ["", "?strategy_id=hodl-wave"] {
        let days = shown(&ann, &format!("{HISTORY}{query}")).await;
        assert_eq!(points(&days), EXECUTIONS[1..], "{query}");
        assert_eq!(days["benchmark"], of_all["benchmark"], "{query}");
        assert_eq!(days["statistics"], of_all["statistics"], "{query}");
    }
    let portfolio = shown(&ann, "/api/v1/portfolio").await;
    assert_eq!(portfolio["totals"]["equity"], "9969.60060025");
}

#[tokio::test]
async fn a_file_has_the_numbers_of_the_answer() {
    let bundle = Bundle::start().await;
    three_days(&bundle).await;
    let ann = bundle.sign_up("ann").await;

    let file = ann.get(&format!("{HISTORY}?interval=execution&format=csv")).await;
    assert!(file.header("content-type").starts_with("text/csv"));
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"portfolio-history.csv\""
    );
    assert_eq!(file.header("cache-control"), "no-store");
    let rows = parsed(&file.body);
    assert_eq!(
        rows[0],
        ["at", "kind", "equity", "cash", "benchmark", "drawdown_pct"]
    );
    let answer = shown(&ann, &format!("{HISTORY}?interval=execution")).await;
    let shown_points = answer["points"].as_array().unwrap();
    assert_eq!(rows.len(), shown_points.len() + 1);
    for (row, point) in rows[1..].iter().zip(shown_points) {
        assert_eq!(row[0], point["at"].as_str().unwrap());
        assert_eq!(row[1], point["kind"].as_str().unwrap());
        assert_eq!(row[2], point["equity"].as_str().unwrap_or_default());
        assert_eq!(row[3], point["cash"].as_str().unwrap());
        assert_eq!(row[4], point["benchmark"].as_str().unwrap_or_default());
        assert_eq!(row[5].parse().ok(), point["drawdown_pct"].as_f64());
    }
}

#[tokio::test]
async fn deposits_withdrawals_and_a_stop_are_no_gain_and_the_curve_ends_at_what_is_left() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    follow(&ann, "5000").await;
    change(&ann, json!({ "deposit": "1000" })).await;
    bundle.advance(SignedDuration::from_mins(1));
    change(&ann, json!({ "withdraw": "2500" })).await;
    decided(&bundle, "2024-03-01T16:00:00Z", Order::buy("0.05", "50000", "-")).await;
    closed(&bundle, BTC_4H, "2024-03-01T16:00:00Z", "50000").await;
    let ann = bundle.sign_up("ann").await;
    bundle.advance(SignedDuration::from_mins(1));
    change(&ann, json!({ "deposit": "4000" })).await;
    bundle.advance(SignedDuration::from_mins(1));
    let path = format!("{HISTORY}?interval=execution&strategy_id=hodl-wave");

    // 0.05 × 3,500 × 0.6 are 105: 0.00209 BTC at 50,025, 104.55225 with a fee of 0.10455225, worth 104.5.
    let open = shown(&ann, &path).await;
    assert_eq!(
        points(&open),
        [
            "2024-03-01T16:00:00Z execution 3499.84319775 3494.744012 0.0045",
            "2024-03-01T16:04:00Z now 7499.84319775 7488.76097475 0.0045"
        ]
    );
    assert_eq!(open["benchmark"]["capital"], "3500");
    assert_eq!(open["statistics"]["return_pct"], -0.0045);

    let stopped = data(&ann.ask(Method::DELETE, SUBSCRIPTION, None).await);
    bundle.advance(SignedDuration::from_mins(1));
    let closed_curve = shown(&ann, &path).await;
    assert_eq!(closed_curve["points"][1]["equity"], "0");
    assert_eq!(closed_curve["points"][1]["benchmark"], Value::Null);
    assert_eq!(closed_curve["statistics"]["sells"], 1);
    assert_eq!(closed_curve["statistics"]["win_rate"], 0.0);
    // The whole portfolio goes on with what came back.
    let whole = shown(&ann, HISTORY).await;
    assert_eq!(whole["points"][0]["equity"], stopped["subscription"]["free_cash"]);
    let portfolio = shown(&ann, "/api/v1/portfolio").await;
    assert_eq!(whole["points"][0]["equity"], portfolio["totals"]["equity"]);
}

#[tokio::test]
async fn the_free_plan_sees_seven_days_and_is_told_so() {
    let bundle = Bundle::start().await;
    three_days(&bundle).await;
    travel(&bundle, "2024-03-12T00:00:01Z");
    let ann = bundle.sign_up("ann").await;

    let cut = shown(&ann, &format!("{HISTORY}?from=2024-03-01T00:00:00Z")).await;
    assert_eq!(
        (&cut["from"], &cut["limited_to_days"]),
        (&json!("2024-03-05T00:00:01Z"), &json!(7))
    );
    assert_eq!(cut["points"][0]["at"], "2024-03-06T00:00:00Z");
    let recent = shown(&ann, &format!("{HISTORY}?from=2024-03-10T00:00:00Z")).await;
    assert_eq!(recent["limited_to_days"], Value::Null);
    let before = shown(&ann, &format!("{HISTORY}?to=2024-03-03T00:00:00Z")).await;
    assert_eq!(
        (&before["points"], &before["limited_to_days"]),
        (&json!([]), &json!(7))
    );

    execute(&bundle, "UPDATE users SET tier = 'basic'").await;
    let all = shown(&ann, HISTORY).await;
    assert_eq!(
        (&all["from"], &all["limited_to_days"]),
        (&json!("2024-03-01T12:02:00Z"), &Value::Null)
    );
    assert_eq!(all["points"][0]["at"], "2024-03-02T00:00:00Z");
}

#[tokio::test]
async fn daily_figures_come_from_whole_days_and_a_span_that_is_too_long_is_refused() {
    let bundle = Bundle::start().await;
    follow(&bundle.sign_up("ann").await, "10000").await;
    execute(&bundle, "UPDATE users SET tier = 'pro'").await;
    decided(&bundle, "2024-03-01T16:00:00Z", Order::buy("0.05", "50000", "-")).await;
    // By turns 60,000 and 40,000 for 31 midnights: thirty returns.
    for day in 0..31 {
        let end = at("2024-03-02T00:00:00Z") + SignedDuration::from_hours(24 * day);
        let price = if day % 2 == 0 { "60000" } else { "40000" };
        closed(&bundle, BTC_1D, &end.to_string(), price).await;
    }
    travel(&bundle, "2024-04-01T00:02:00Z");
    let ann = bundle.sign_up("ann").await;

    let history = shown(&ann, HISTORY).await;
    let statistics = &history["statistics"];
    assert_eq!(statistics["daily_returns"], 30);
    // 10,059.45060025 and 9,939.65060025 by turns: falls of 1.1909 %, rises of 1.2053 %.
    assert_eq!(statistics["max_drawdown_pct"], 1.1909);
    assert_eq!(statistics["sharpe"], 0.1133);
    assert_eq!(statistics["sortino"], 0.1622);
    assert_eq!(history["points"].as_array().unwrap().len(), 32);

    execute(&bundle, "UPDATE portfolios SET created_at = '2001-01-01'").await;
    let endless = ann.get(HISTORY).await;
    let (status, code, message) = refused(&endless);
    assert_eq!((status, code.as_str()), (400, "VALIDATION_ERROR"));
    assert!(message.contains("at most 5000 points"), "{message}");
}
