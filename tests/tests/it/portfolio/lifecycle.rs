//! A subscription from its beginning to its end, and what its owner is told.

use shared::cache::Key;

use super::*;

const BTC_4H: (Asset, Timeframe) = (Asset::Btc, Timeframe::H4);
const ETH_4H: (Asset, Timeframe) = (Asset::Eth, Timeframe::H4);

/// How many trades the first page of the list has.
async fn count_of_trades(user: &Actor<'_>) -> usize {
    let trades = shown(user, "/api/v1/trades").await;
    trades["items"].as_array().unwrap().len()
}

/// What is held and the cash are a subscription's equity; with the free cash, everything there is.
fn assert_equity_adds_up(portfolio: &Value) {
    let subscription = &portfolio["subscriptions"][0];
    let held: Decimal = subscription["holdings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| amount(&h["value"]))
        .sum();
    assert_eq!(
        amount(&subscription["equity"]),
        amount(&subscription["cash"]) + held
    );
    assert_eq!(
        amount(&portfolio["totals"]["equity"]),
        amount(&portfolio["free_cash"]) + amount(&subscription["equity"])
    );
}

#[tokio::test]
async fn the_life_of_a_subscription_adds_up_to_the_last_digit() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    let before = shown(&ann, "/api/v1/portfolio").await;
    assert_eq!(
        (
            &before["free_cash"],
            &before["totals"]["equity"],
            &before["subscriptions"]
        ),
        (&json!("10000"), &json!("10000"), &json!([]))
    );

    let followed = follow(&ann, "5000.50").await;
    assert_eq!(followed.status, StatusCode::CREATED);
    let followed = data(&followed);
    assert_eq!(
        (&followed["status"], &followed["cash"]),
        (&json!("active"), &json!("5000.5"))
    );
    assert_eq!(
        (&followed["free_cash"], &followed["weights"]),
        (&json!("4999.5"), &Value::Null)
    );

    decided(
        &bundle,
        "2024-03-01T16:00:00Z",
        Order::buy("0.05", "50000", "2500"),
    )
    .await;
    let ann = bundle.sign_up("ann").await;
    let deposited = data(&change(&ann, json!({ "deposit": "1000" })).await);
    assert_eq!(deposited["paid_in"], "6000.5");
    assert_eq!(
        data(&change(&ann, json!({ "status": "paused" })).await)["status"],
        "paused"
    );
    assert_eq!(count_of_trades(&ann).await, 2);

    // Paused: nothing is traded. Repeated: nothing is different.
    decided(
        &bundle,
        "2024-03-01T20:00:00Z",
        Order::buy("0.05", "51000", "2500"),
    )
    .await;
    let ann = bundle.sign_up("ann").await;
    let paused = data(&change(&ann, json!({ "status": "paused" })).await);
    assert_eq!(paused["active_since"], followed["active_since"]);
    assert_eq!(count_of_trades(&ann).await, 2);

    let resumed = data(&change(&ann, json!({ "status": "active" })).await);
    assert_eq!(resumed["active_since"], "2024-03-01T20:02:00Z");
    // What was decided before it was resumed is not for it, although it is active now.
    trade::pending(bundle.app(), None).await.unwrap();
    decided(&bundle, "2024-03-02T00:00:00Z", Order::sell("60000", "2000")).await;
    let ann = bundle.sign_up("ann").await;
    let weights = json!({ "macro": 0.5, "onchain": 0.25, "ta": 0.25 });
    let reweighted = data(&change(&ann, json!({ "weights": weights, "withdraw": "500.12345678" })).await);
    assert_eq!(reweighted["weights"], weights);
    assert_eq!(reweighted["active_since"], "2024-03-02T00:02:00Z");
    assert_eq!(reweighted["taken_out"], "500.12345678");

    decided(
        &bundle,
        "2024-03-02T04:00:00Z",
        Order::buy("0.05", "61000", "2100"),
    )
    .await;
    let ann = bundle.sign_up("ann").await;
    let own = shown(&ann, "/api/v1/trades").await["items"][0]["decision"].clone();
    assert_eq!(own["weights"], weights);
    closed(&bundle, BTC_4H, "2024-03-02T04:00:00Z", "61000").await;
    closed(&bundle, ETH_4H, "2024-03-02T04:00:00Z", "2100").await;
    assert_adds_up(&bundle).await;
    let middle = shown(&ann, "/api/v1/portfolio").await;
    let subscription = &middle["subscriptions"][0];
    assert_eq!(subscription["last_decision"]["outcome"], "traded");
    assert_equity_adds_up(&middle);

    let stopped = data(&ann.ask(Method::DELETE, SUBSCRIPTION, None).await);
    assert_eq!(stopped["subscription"]["status"], "stopped");
    assert_eq!(stopped["fills"].as_array().unwrap().len(), 2);
    let after = shown(&ann, "/api/v1/portfolio").await;
    assert_eq!(after["subscriptions"], json!([]));
    assert_eq!(after["free_cash"], stopped["subscription"]["free_cash"]);
    assert_eq!(
        amount(&after["totals"]["pnl"]),
        amount(&stopped["subscription"]["realised_pnl"])
    );
    assert_adds_up(&bundle).await;
    assert_eq!(follow(&ann, "2500").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn weights_given_back_are_the_strategys_and_the_same_ones_change_nothing() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    let own = json!({ "macro": 0.2, "onchain": 0.3, "ta": 0.5 });
    let body = json!({ "capital": "2500", "weights": own });
    let followed = data(&ann.send(Method::POST, SUBSCRIPTION, body).await);
    assert_eq!(followed["weights"], own);

    bundle.advance(SignedDuration::from_mins(1));
    let same = data(&change(&ann, json!({ "weights": own, "status": "active" })).await);
    assert_eq!(same["active_since"], followed["active_since"]);
    let back = data(&change(&ann, json!({ "weights": null })).await);
    assert_eq!(
        (&back["weights"], &back["active_since"]),
        (&Value::Null, &json!("2024-03-01T12:03:00Z"))
    );
}

#[tokio::test]
async fn an_owner_is_told_of_what_moved_and_nobody_else_is() {
    let bundle = Bundle::start().await;
    let (ann, bob) = (bundle.sign_up("ann").await, bundle.sign_up("bob").await);
    execute(
        &bundle,
        "INSERT INTO push_streams (user_id, last_seq, expires_at) SELECT id, 0, '2030-01-01' FROM users",
    )
    .await;
    follow(&ann, "5000").await;
    change(&ann, json!({ "withdraw": "100" })).await;
    change(&ann, json!({ "status": "paused" })).await;
    change(&ann, json!({ "status": "active" })).await;
    decided(&bundle, "2024-03-01T16:00:00Z", Order::buy("0.05", "50000", "-")).await;
    closed(&bundle, BTC_4H, "2024-03-01T16:00:00Z", "50000").await;
    let ann_again = bundle.sign_up("ann").await;
    assert!(is_ok(&ann_again.ask(Method::DELETE, SUBSCRIPTION, None).await));

    let told = bundle
        .rows(&format!(
            "SELECT event, data->>'cash' FROM push_outbox WHERE user_id = '{}' ORDER BY seq",
            ann.id
        ))
        .await;
    let kinds: Vec<&str> = told
        .iter()
        .map(|row| row.trim_matches('(').split(',').next().unwrap())
        .collect();
    let (update, executed) = ("portfolio:update", "trade:executed");
    assert_eq!(kinds, [update, update, executed, update, executed, update]);
    assert_eq!(told.last().unwrap(), "(portfolio:update,0)");
    assert_eq!(
        bundle
            .rows(&format!("SELECT 1 FROM push_outbox WHERE user_id = '{}'", bob.id))
            .await
            .len(),
        0
    );
}

#[tokio::test]
async fn an_answer_on_its_way_while_its_user_is_erased_is_not_kept() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    let name = ann.id.to_string();
    let kept = async || {
        let found = bundle.app().cache.get(&Key::Portfolio(&name)).await;
        found.unwrap().is_some()
    };
    shown(&ann, "/api/v1/portfolio").await;
    assert!(kept().await);

    // What an erasure does last; an answer that was read before it comes after it.
    shared::services::portfolio::forget(bundle.app(), ann.id).await;
    shown(&ann, "/api/v1/portfolio").await;

    assert!(!kept().await);
}

#[tokio::test]
async fn a_portfolio_outlives_the_database_for_its_owner_alone() {
    let bundle = Bundle::start().await;
    let (ann, bob) = (bundle.sign_up("ann").await, bundle.sign_up("bob").await);
    follow(&ann, "5000").await;
    let fresh = shown(&ann, "/api/v1/portfolio").await;

    bundle.postgres().refuse();
    bundle.advance(SignedDuration::from_mins(5));
    let stale = shown(&ann, "/api/v1/portfolio").await;
    assert_eq!(
        (&stale["stale"], &stale["age_seconds"]),
        (&json!(true), &json!(300))
    );
    assert_eq!(stale["subscriptions"], fresh["subscriptions"]);
    assert_eq!(stale["totals"], fresh["totals"]);
    let unknown = bob.get("/api/v1/portfolio").await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.header("retry-after")),
        (503, "10")
    );
}

#[tokio::test]
async fn a_holding_without_a_price_has_no_value_and_is_named() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    follow(&ann, "5000").await;
    decided(
        &bundle,
        "2024-03-01T16:00:00Z",
        Order::buy("0.05", "50000", "2500"),
    )
    .await;
    closed(&bundle, BTC_4H, "2024-03-01T16:00:00Z", "50000").await;

    let ann = bundle.sign_up("ann").await;
    let portfolio = shown(&ann, "/api/v1/portfolio").await;
    assert_eq!(portfolio["unpriced"], json!(["ETH"]));
    let subscription = &portfolio["subscriptions"][0];
    let [btc, eth] = subscription["holdings"].as_array().unwrap().as_slice() else {
        panic!("{subscription}");
    };
    assert_eq!(
        (&btc["price"], &btc["price_at"]),
        (&json!("50000"), &json!("2024-03-01T16:00:00Z"))
    );
    assert!(btc["value"].is_string() && eth["value"].is_null() && eth["price_at"].is_null());
    assert!(subscription["equity"].is_null() && subscription["unrealised_pnl"].is_null());
    assert!(portfolio["totals"]["equity"].is_null() && portfolio["totals"]["pnl"].is_null());
    // 0.00299 BTC at 50,025 and the fee.
    assert_eq!(
        (&btc["quantity"], &btc["total_cost"], &btc["average_cost"]),
        (&json!("0.00299"), &json!("149.72432475"), &json!("50075.025"))
    );
}
