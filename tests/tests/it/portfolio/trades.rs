//! The list of trades, its pages and its file.

use super::*;

const TRADES: &str = "/api/v1/trades";

/// Three decisions, five trades; the two of one decision were written down at the same time.
async fn traded(bundle: &Bundle) {
    follow(&bundle.sign_up("ann").await, "10000").await;
    decided(
        bundle,
        "2024-03-01T16:00:00Z",
        Order::buy("0.05", "50000", "2500"),
    )
    .await;
    decided(bundle, "2024-03-01T20:00:00Z", Order::sell("60000", "2000")).await;
    decided(bundle, "2024-03-02T00:00:00Z", Order::buy("0.05", "60000", "-")).await;
    execute(
        bundle,
        "UPDATE decisions SET explanation = '=HYPERLINK(\"http://example.com\"), said \"nobody\"'",
    )
    .await;
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|trade| trade["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn trades_come_newest_first_with_the_decision_behind_each() {
    let bundle = Bundle::start().await;
    traded(&bundle).await;
    let ann = bundle.sign_up("ann").await;

    let page = shown(&ann, TRADES).await;
    let items = page["items"].as_array().unwrap();
    assert_eq!(
        (items.len(), &page["next_cursor"], &page["limited_to_days"]),
        (5, &Value::Null, &json!(7))
    );
    let newest = &items[0];
    assert_eq!(
        (
            &newest["asset"],
            &newest["side"],
            &newest["as_of"],
            &newest["executed_at"]
        ),
        (
            &json!("BTC"),
            &json!("buy"),
            &json!("2024-03-02T00:00:00Z"),
            &json!("2024-03-02T00:02:00Z")
        )
    );
    let decision = &newest["decision"];
    assert_eq!(
        (&decision["signal"], &decision["conviction"]),
        (&json!("BUY"), &json!(78.0))
    );
    assert_eq!(
        decision["weights"],
        json!({ "macro": 0.4, "onchain": 0.4, "ta": 0.2 })
    );
    assert_eq!(decision["position"], 0.05);
    let execution = shown(
        &ann,
        &format!(
            "/api/v1/agents/executions/{}",
            decision["execution_id"].as_str().unwrap()
        ),
    )
    .await;
    assert_eq!(execution["as_of"], decision["as_of"]);
    assert!(items[4]["realised_pnl"].is_null() && items[1]["realised_pnl"].is_string());

    for (query, expected) in [
        ("asset=ETH", 2),
        ("side=sell", 2),
        ("asset=BTC&side=buy", 2),
        ("strategy_id=swing-4h", 0),
        ("strategy_id=hodl-wave", 5),
    ] {
        let filtered = shown(&ann, &format!("{TRADES}?{query}")).await;
        assert_eq!(ids(&filtered).len(), expected, "{query}");
    }
    let bob = bundle.sign_up("bob").await;
    assert_eq!(shown(&bob, TRADES).await["items"], json!([]));
}

#[tokio::test]
async fn pages_go_through_trades_of_the_same_time_without_losing_one() {
    let bundle = Bundle::start().await;
    traded(&bundle).await;
    let ann = bundle.sign_up("ann").await;
    let all = ids(&shown(&ann, TRADES).await);

    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = shown(&ann, &format!("{TRADES}?limit=1{next}")).await;
        seen.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, all);

    let other = ann.get(&format!("{TRADES}?side=buy{next}")).await;
    assert!(refused(&other).2.contains("with the same filters"));
    // A cursor grants nothing: Bob gets his own trades, of which there are none.
    let bob = bundle.sign_up("bob").await;
    assert_eq!(
        shown(&bob, &format!("{TRADES}?limit=1{next}")).await["items"],
        json!([])
    );
}

#[tokio::test]
async fn a_file_parses_back_to_the_numbers_of_the_list_and_runs_no_formula() {
    let bundle = Bundle::start().await;
    traded(&bundle).await;
    let ann = bundle.sign_up("ann").await;
    let page = shown(&ann, TRADES).await;

    let file = ann.get(&format!("{TRADES}?format=csv")).await;
    let rows = parsed(&file.body);
    let (names, rows) = rows.split_first().unwrap();
    let items = page["items"].as_array().unwrap();
    assert_eq!((rows.len(), file.header("x-next-cursor")), (5, ""));
    for (row, trade) in rows.iter().zip(items) {
        assert_eq!(row.len(), names.len());
        for (name, field) in names.iter().zip(row) {
            let value = match name.as_str() {
                "decision_id" => &trade["decision"]["id"],
                "signal" | "execution_id" => &trade["decision"][name.as_str()],
                "explanation" => {
                    assert_eq!(
                        *field,
                        format!("'{}", trade["decision"]["explanation"].as_str().unwrap())
                    );
                    continue;
                }
                "conviction" | "position" => {
                    assert_eq!(field.parse().ok(), trade["decision"][name.as_str()].as_f64());
                    continue;
                }
                other => &trade[other],
            };
            assert_eq!(field, value.as_str().unwrap_or_default(), "{name}");
        }
    }
    let part = ann.get(&format!("{TRADES}?format=csv&limit=2")).await;
    let next = part.header("x-next-cursor").to_owned();
    assert_eq!(parsed(&part.body).len(), 3);
    let rest = ann.get(&format!("{TRADES}?format=csv&cursor={next}")).await;
    assert_eq!(parsed(&rest.body)[1][0], items[2]["id"].as_str().unwrap());
}

#[tokio::test]
async fn the_free_plan_sees_seven_days_of_trades() {
    let bundle = Bundle::start().await;
    traded(&bundle).await;
    travel(&bundle, "2024-03-08T20:00:00Z");
    let ann = bundle.sign_up("ann").await;
    assert_eq!(ids(&shown(&ann, TRADES).await).len(), 3);

    execute(&bundle, "UPDATE users SET tier = 'basic'").await;
    let all = shown(&ann, TRADES).await;
    assert_eq!((ids(&all).len(), &all["limited_to_days"]), (5, &Value::Null));
}
