//! A decision reaches everybody who takes part, once.

use futures_util::future::join_all;
use serde_json::Value;
use shared::services::trade;
use tests::paper::{Order, Stage, T};

use super::{assert_adds_up, decisions, trades_of, whole_trades_of};

fn usual() -> Order {
    Order::buy("0.0075", "60000", "3000")
}

#[tokio::test]
async fn a_decision_buys_for_everybody_who_takes_part() {
    let stage = Stage::start().await;
    let ann = stage.follower("ann", "hodl-wave", "10000").await;
    let ben = stage.follower("ben", "hodl-wave", "2500").await;
    let other = stage.follower("eve", "swing-4h", "10000").await;
    stage.decided(usual()).await;

    let summary = trade::pending(stage.app(), None).await.unwrap();

    assert_eq!((summary.traded, summary.subscriptions, summary.trades), (1, 3, 5));
    // Worked out by hand in the engine's own tests.
    assert_eq!(
        trades_of(&stage, ann).await,
        ["buy BTC 0.00074 9955.5333778", "buy ETH 0.0099 9925.78881295"]
    );
    // 18.75: an ETH leg of 7.5 is no order, so all of it buys BTC.
    assert_eq!(
        trades_of(&stage, ben).await,
        ["buy BTC 0.00031 2481.37209070"].map(|row| row.trim_end_matches('0'))
    );
    assert_eq!(trades_of(&stage, other).await, Vec::<String>::new());
    let reference = stage
        .rows("SELECT trim_scale(cash), last_outcome FROM subscriptions WHERE user_id IS NULL")
        .await;
    assert_eq!(reference, ["(9925.78881295,traded)"]);
    assert_eq!(decisions(&stage).await, ["(traded,,3,5,{})"]);
    assert_adds_up(&stage).await;
}

#[tokio::test]
async fn whoever_owns_it_is_told_in_the_same_transaction() {
    let stage = Stage::start().await;
    let ann = stage.follower("ann", "hodl-wave", "10000").await;
    let decision = stage.decided(usual()).await;

    trade::pending(stage.app(), None).await.unwrap();

    let events = stage
        .client()
        .query("SELECT seq, event, data FROM push_outbox ORDER BY seq", &[])
        .await
        .unwrap();
    let told: Vec<(i64, String, Value)> = events
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    assert_eq!(told.len(), 2, "the reference portfolio is nobody's");
    let (seq, name, executed) = &told[0];
    assert_eq!((*seq, name.as_str()), (1, "trade:executed"));
    assert_eq!(executed["subscription_id"], ann.to_string());
    assert_eq!(executed["strategy_id"], "hodl-wave");
    assert_eq!(executed["decision"]["id"], decision.to_string());
    assert_eq!(executed["decision"]["signal"], "BUY");
    assert_eq!(executed["decision"]["conviction"], 78.0);
    assert_eq!(executed["decision"]["as_of"], T);
    assert_eq!(executed["fills"].as_array().unwrap().len(), 2);
    assert_eq!(executed["fills"][0]["asset"], "BTC");
    assert_eq!(executed["fills"][0]["side"], "buy");
    assert_eq!(executed["fills"][0]["value"], "44.4222");
    let (seq, name, update) = &told[1];
    assert_eq!((*seq, name.as_str()), (2, "portfolio:update"));
    assert_eq!(update["cash"], "9925.78881295");
    // 9925.78881295 + 0.00074 × 60,000 + 0.0099 × 3,000.
    assert_eq!(update["equity"], "9999.88881295");
    assert_eq!(update["holdings"][1]["quantity"], "0.0099");
}

#[tokio::test]
async fn a_sale_follows_a_buy_to_the_last_digit() {
    let stage = Stage::start().await;
    let ann = stage.follower("ann", "hodl-wave", "10000").await;
    stage.decided(usual()).await;
    trade::pending(stage.app(), None).await.unwrap();
    stage.app().clock.advance(jiff::SignedDuration::from_hours(4));
    let next = "2024-03-01T16:00:00Z".parse().unwrap();
    stage
        .decide("hodl-wave", next, Order::sell("66000", "2900"))
        .await;

    trade::pending(stage.app(), None).await.unwrap();

    // Bought at 60,030 and 3,001.5. Half of 0.00074 BTC at 66,000 × 0.9995 is worth 24.4; half of 0.0099 ETH, floored to
    // 0.0049, at 2,900 × 0.9995 is worth 14.2. A thousandth of each is the fee, and 37/74 and 49/99 of what was paid
    // their cost.
    assert_eq!(
        whole_trades_of(&stage, ann).await,
        [
            "(buy,BTC,0.00074,60000,60030,44.4222,0.0444222,44.4666222,,9955.5333778)",
            "(buy,ETH,0.0099,3000,3001.5,29.71485,0.02971485,29.74456485,,9925.78881295)",
            "(sell,BTC,0.00037,66000,65967,24.40779,0.02440779,22.2333111,2.15007111,9950.17219516)",
            "(sell,ETH,0.0049,2900,2898.55,14.202895,0.0142029,14.72205735,-0.53336525,9964.36088726)",
        ]
    );
    assert_adds_up(&stage).await;
}

#[tokio::test]
async fn a_decision_delivered_twice_trades_once() {
    let stage = Stage::start().await;
    stage.follower("ann", "hodl-wave", "10000").await;
    stage.decided(usual()).await;

    trade::pending(stage.app(), None).await.unwrap();
    let once = stage.state().await;
    // Decided again as well: the execution is the same one.
    stage.decided(Order::sell("1", "1")).await;
    let again = trade::pending(stage.app(), None).await.unwrap();

    assert_eq!(again, trade::TradeSummary::default());
    assert_eq!(stage.state().await, once);
}

#[tokio::test]
async fn runners_beside_one_another_take_turns() {
    let stage = Stage::start().await;
    for n in 0..40 {
        stage.follower(&format!("user-{n}"), "hodl-wave", "10000").await;
    }
    stage.decided(usual()).await;

    let runners = (0..4).map(|_| trade::pending_by(stage.app(), None, 3));
    let summaries = join_all(runners).await;

    let total: usize = summaries
        .iter()
        .map(|summary| summary.as_ref().unwrap().subscriptions)
        .sum();
    let ended: usize = summaries
        .iter()
        .map(|summary| summary.as_ref().unwrap().traded)
        .sum();
    assert_eq!((total, ended), (41, 1));
    assert_eq!(decisions(&stage).await, ["(traded,,41,82,{})"]);
    assert_adds_up(&stage).await;
}

#[tokio::test]
async fn the_size_of_a_chunk_changes_nothing() {
    let mut states = Vec::new();
    for chunk in [1, 7, 20, 21, 1000] {
        let stage = Stage::start().await;
        for n in 0..20 {
            stage
                .follower(&format!("user-{n}"), "hodl-wave", &format!("{}", 500 * (n + 1)))
                .await;
        }
        stage.decided(usual()).await;
        trade::pending_by(stage.app(), None, chunk).await.unwrap();
        states.push(
            stage
                .rows("SELECT cash, last_outcome FROM subscriptions ORDER BY cash")
                .await,
        );
        assert_adds_up(&stage).await;
    }
    states.dedup();
    assert_eq!(states.len(), 1);
}

#[tokio::test]
async fn every_vector_of_weights_has_a_decision_of_its_own() {
    let stage = Stage::start().await;
    let ann = stage.follower("ann", "hodl-wave", "10000").await;
    let ben = stage.follower("ben", "hodl-wave", "10000").await;
    let cid = stage.follower("cid", "hodl-wave", "10000").await;
    let same = stage.follower("dan", "hodl-wave", "10000").await;
    stage.reweight(ben, ["0.1", "0.1", "0.8"]).await;
    stage.reweight(cid, ["0.1", "0.1", "0.8"]).await;
    // The strategy's own, written out.
    stage.reweight(same, ["0.4", "0.4", "0.2"]).await;
    stage.decided(usual()).await;

    trade::pending_by(stage.app(), None, 2).await.unwrap();

    let shown = stage
        .rows(
            "SELECT is_own, trim_scale(weight_ta), status, subscriptions FROM decisions ORDER BY is_own DESC",
        )
        .await;
    assert_eq!(shown, ["(t,0.2,traded,3)", "(f,0.8,traded,2)"]);
    for subscription in [ann, ben, cid, same] {
        assert_eq!(trades_of(&stage, subscription).await.len(), 2);
    }
    assert_adds_up(&stage).await;
}
