//! Stopping: whatever is locked, at a young price, and never in the middle of a trade.

use super::*;

const BTC_4H: (Asset, Timeframe) = (Asset::Btc, Timeframe::H4);

/// A bundle with Ann, who holds BTC since 16:00 with a price of that time.
async fn invested(bundle: &Bundle) {
    follow(&bundle.sign_up("ann").await, "5000").await;
    decided(bundle, "2024-03-01T16:00:00Z", Order::buy("0.05", "50000", "-")).await;
    closed(bundle, BTC_4H, "2024-03-01T16:00:00Z", "50000").await;
}

#[tokio::test]
async fn a_price_that_is_a_day_old_sells_nothing() {
    let bundle = Bundle::start().await;
    invested(&bundle).await;

    travel(&bundle, "2024-03-02T16:00:00Z");
    let ann = bundle.sign_up("ann").await;
    let answer = ann.ask(Method::DELETE, SUBSCRIPTION, None).await;
    let (status, code, message) = refused(&answer);
    assert_eq!((status, code.as_str()), (409, "CONFLICT"));
    assert!(message.starts_with("BTC cannot be sold right now"), "{message}");
    assert_eq!(
        answer.json()["error"]["details"],
        json!({ "asset": "BTC", "closed_at": "2024-03-01T16:00:00Z" })
    );
    assert_eq!(
        bundle
            .rows("SELECT status FROM subscriptions WHERE user_id IS NOT NULL")
            .await,
        ["(active)"]
    );
    assert_adds_up(&bundle).await;

    // A second younger than a day will do.
    closed(&bundle, BTC_4H, "2024-03-01T20:00:00Z", "52000").await;
    travel(&bundle, "2024-03-02T19:59:59Z");
    let ann = bundle.sign_up("ann").await;
    let stopped = data(&ann.ask(Method::DELETE, SUBSCRIPTION, None).await);
    assert_eq!(stopped["fills"][0]["price"], "52000");
    assert_adds_up(&bundle).await;
}

#[tokio::test]
async fn a_price_that_no_asset_can_have_sells_nothing() {
    let bundle = Bundle::start().await;
    invested(&bundle).await;
    closed(&bundle, BTC_4H, "2024-03-01T20:00:00Z", "100000001").await;
    travel(&bundle, "2024-03-01T20:01:00Z");
    let ann = bundle.sign_up("ann").await;

    let answer = ann.ask(Method::DELETE, SUBSCRIPTION, None).await;

    let (status, code, message) = refused(&answer);
    assert_eq!((status, code.as_str()), (409, "CONFLICT"));
    assert!(message.starts_with("BTC cannot be sold right now"), "{message}");
    assert_adds_up(&bundle).await;

    closed(&bundle, BTC_4H, "2024-03-02T00:00:00Z", "52000").await;
    travel(&bundle, "2024-03-02T00:01:00Z");
    let ann = bundle.sign_up("ann").await;
    let stopped = data(&ann.ask(Method::DELETE, SUBSCRIPTION, None).await);
    assert_eq!(stopped["fills"][0]["price"], "52000");
}

#[tokio::test]
async fn a_stop_sells_whatever_is_locked_and_one_without_holdings_needs_no_price() {
    let bundle = Bundle::start().await;
    invested(&bundle).await;
    execute(
        &bundle,
        "INSERT INTO locks VALUES ('operator', '2024-03-01T16:01:00Z', NULL, 'a test')",
    )
    .await;
    let ann = bundle.sign_up("ann").await;
    let stopped = data(&ann.ask(Method::DELETE, SUBSCRIPTION, None).await);
    assert_eq!(stopped["fills"].as_array().unwrap().len(), 1);

    let bob = bundle.sign_up("bob").await;
    execute(&bundle, "DELETE FROM market_data").await;
    follow(&bob, "2500").await;
    let stopped = data(&bob.ask(Method::DELETE, SUBSCRIPTION, None).await);
    assert_eq!(
        (&stopped["returned"], &stopped["fills"]),
        (&json!("2500"), &json!([]))
    );
    let twice = bob.ask(Method::DELETE, SUBSCRIPTION, None).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
    assert_adds_up(&bundle).await;
}

#[tokio::test]
async fn a_stop_waits_for_the_trade_that_holds_its_subscription() {
    let bundle = Bundle::start().await;
    invested(&bundle).await;
    let ann = bundle.sign_up("ann").await;
    let mut chunk = bundle.database().client().await;
    let transaction = chunk.transaction().await.unwrap();
    let sql = "SELECT id FROM subscriptions WHERE user_id IS NOT NULL FOR UPDATE";
    transaction.query_one(sql, &[]).await.unwrap();

    let stop = ann.ask(Method::DELETE, SUBSCRIPTION, None);
    let trade = async {
        let waiting =
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while bundle.rows(waiting).await.is_empty() {}
        // What a stop that had read the book before would miss.
        transaction
            .batch_execute(
                "UPDATE subscriptions SET cash = cash + 10, paid_in = paid_in + 10 WHERE user_id IS NOT NULL;
                 UPDATE portfolios SET free_cash = free_cash - 10;
                 INSERT INTO portfolio_entries
                 SELECT gen_random_uuid(), user_id, 'paid_in', id, -10, 4990, now() FROM subscriptions WHERE user_id IS NOT NULL;",
            )
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    };
    let (stopped, ()) = futures_util::join!(stop, trade);

    let stopped = data(&stopped);
    assert_eq!(stopped["subscription"]["paid_in"], "5010");
    assert_eq!(
        amount(&stopped["subscription"]["free_cash"]),
        Decimal::from(10_000) + amount(&stopped["subscription"]["realised_pnl"])
    );
    assert_adds_up(&bundle).await;
}
