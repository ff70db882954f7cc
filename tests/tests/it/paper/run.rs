//! `run-strategies` over a collected market: decided, recorded and traded in one run.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use shared::db::locks;
use shared::domain::decision::LockReason;
use shared::services::decide;
use tests::bundle::Bundle;

/// Four followers of `hodl-wave`: with its weights, with others, paused, and one who came after T.
const FOLLOWERS: &str = "
    INSERT INTO users SELECT md5(name)::uuid, name, name || '@example.com', NULL, 'user', 'free', now(), now()
    FROM unnest(ARRAY['own', 'others', 'paused', 'late']) AS name;
    INSERT INTO subscriptions
        (id, user_id, strategy_id, status, weight_macro, weight_onchain, weight_ta, paid_in, taken_out, cash, realised,
         active_since, created_at)
    SELECT id, id, 'hodl-wave', CASE google_sub WHEN 'paused' THEN 'paused' ELSE 'active' END,
           CASE google_sub WHEN 'others' THEN 0.25 END, CASE google_sub WHEN 'others' THEN 0.25 END,
           CASE google_sub WHEN 'others' THEN 0.5 END, 5000, 0, 5000, 0,
           CASE google_sub WHEN 'late' THEN '2024-03-01T12:01:00Z' ELSE '2024-03-01T12:00:00Z' END::timestamptz, now()
    FROM users";

const DECISIONS: &str = "
    SELECT strategy_id, is_own, trim_scale(weight_ta), conviction, signal, trim_scale(position), trim_scale(price_btc),
           status, reason, subscriptions, trades
    FROM decisions ORDER BY strategy_id, is_own DESC, weight_ta";

const TRADES: &str = "
    SELECT google_sub, asset, side, trim_scale(quantity), trim_scale(fill), trim_scale(cash_after), as_of
    FROM trades LEFT JOIN users ON users.id = user_id ORDER BY google_sub, asset";

#[tokio::test]
async fn a_run_decides_for_every_vector_and_trades_what_is_to_be_traded() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    bundle
        .database()
        .client()
        .await
        .batch_execute(FOLLOWERS)
        .await
        .unwrap();

    let summary = bundle.run("run-strategies").await.unwrap();

    assert_eq!(
        summary["trading"],
        json!({ "traded": 1, "expired": 0, "blocked": 0, "left": 0, "subscriptions": 2, "trades": 3 })
    );
    assert_eq!(
        bundle.rows(DECISIONS).await,
        [
            "(hodl-wave,t,0.2,74.17,BUY,0.005,24817,traded,,2,3)",
            "(hodl-wave,f,0.5,63.85,HOLD,0,24817,nothing,,0,0)",
            "(swing-4h,t,0.5,68.45,HOLD,0,24817,nothing,,0,0)",
        ]
    );
    // 0.005 of 5,000 is 25: floored to its step the ETH leg is below ten, so BTC gets it all.
    // The reference portfolio's 50 are 30 and 20.
    assert_eq!(
        bundle.rows(TRADES).await,
        [
            "(own,BTC,buy,0.001,24829.4085,4975.14576209,\"2024-03-01 12:00:00+00\")",
            "(,BTC,buy,0.0012,24829.4085,9970.17491451,\"2024-03-01 12:00:00+00\")",
            "(,ETH,buy,0.0008,24829.4085,9950.29152418,\"2024-03-01 12:00:00+00\")",
        ]
    );
    let reference =
        "SELECT strategy_id, trim_scale(paid_in), active_since FROM subscriptions WHERE user_id IS NULL
                     ORDER BY strategy_id";
    assert_eq!(
        bundle.rows(reference).await,
        [
            "(hodl-wave,10000,\"2024-03-01 12:00:00+00\")",
            "(swing-4h,10000,\"2024-03-01 12:00:00+00\")",
        ]
    );

    // Delivered again, for another of its times: nothing is decided and nothing traded.
    bundle.advance(SignedDuration::from_mins(10));
    let again = bundle.run("run-strategies").await.unwrap();
    assert_eq!(
        (&again["not_due"], &again["trading"]["trades"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(bundle.rows(TRADES).await.len(), 3);
}

#[tokio::test]
async fn what_is_decided_under_a_lock_is_recorded_and_never_traded() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    let db = &bundle.app().db;
    let before = bundle.now() - SignedDuration::from_mins(5);
    locks::set(db, LockReason::Operator, "a test", None, before)
        .await
        .unwrap();

    bundle.run("run-strategies").await.unwrap();
    locks::lift(db, LockReason::Operator, bundle.now()).await.unwrap();
    bundle.advance(SignedDuration::from_mins(10));
    bundle.run("run-strategies").await.unwrap();

    assert_eq!(
        bundle.rows(DECISIONS).await,
        [
            "(hodl-wave,t,0.2,74.17,BUY,0.005,24817,blocked,operator,0,0)",
            "(swing-4h,t,0.5,68.45,HOLD,0,24817,nothing,,0,0)",
        ]
    );
    assert_eq!(bundle.rows(TRADES).await.len(), 0);
}

#[tokio::test]
async fn what_a_run_has_no_time_to_trade_is_traded_by_the_next() {
    let bundle = Bundle::start().await;
    bundle.collect().await;

    let first = decide::run_due(bundle.app(), bundle.now(), Some(Duration::ZERO))
        .await
        .unwrap();
    assert_eq!(
        (first.executed.len(), first.trading.left, first.trading.trades),
        (2, 1, 0)
    );
    bundle.advance(SignedDuration::from_mins(10));
    let next = bundle.run("run-strategies").await.unwrap();

    assert_eq!(
        (&next["trading"]["traded"], &next["trading"]["trades"]),
        (&json!(1), &json!(2))
    );
}

#[tokio::test]
async fn an_execution_that_is_skipped_still_records_the_prices() {
    let bundle = Bundle::start().await;
    // Prices alone: two of three agents have nothing to say.
    bundle.run("collect-prices").await.unwrap();

    bundle.run("run-strategies").await.unwrap();

    let shown = "SELECT is_own, conviction, signal, trim_scale(price_btc), status, reason FROM decisions
                 WHERE strategy_id = 'hodl-wave'";
    assert_eq!(
        bundle.rows(shown).await,
        ["(t,,,24817,nothing,\"only 1 of 3 agents answered, a decision needs 2\")"]
    );
}
