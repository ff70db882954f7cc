//! Years later: executions are gone, and a ledger still adds up, is drawn as before and says why.

use super::*;

async fn looked_at(who: &Actor<'_>) -> (Value, Value, Value) {
    let history = shown(who, "/api/v1/portfolio/history?interval=execution").await;
    (
        shown(who, "/api/v1/trades?limit=100").await,
        shown(who, "/api/v1/portfolio").await,
        history,
    )
}

#[tokio::test]
async fn a_ledger_is_the_same_after_its_executions_are_over() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    follow(&ann, "5000").await;
    let ben = bundle.sign_up("ben").await;
    follow(&ben, "4000").await;
    let own = json!({ "weights": { "macro": 0.2, "onchain": 0.3, "ta": 0.5 } });
    change(&ben, own).await;
    execute(&bundle, "UPDATE users SET tier = 'pro'").await;
    for (as_of, order) in [
        ("2024-03-01T16:00:00Z", Order::buy("0.05", "50000", "2500")),
        ("2024-03-01T20:00:00Z", Order::hold("51000", "2400")),
        ("2024-03-02T00:00:00Z", Order::sell("60000", "2000")),
        ("2024-03-02T04:00:00Z", Order::buy("0.03", "61000", "2100")),
    ] {
        decided(&bundle, as_of, order).await;
    }
    travel(&bundle, "2026-03-02T00:02:01Z");
    let ann = bundle.sign_up("ann").await;
    let before = looked_at(&ann).await;
    assert_eq!(before.0["items"].as_array().unwrap().len(), 6, "{:#}", before.0);

    bundle.run("maintain-database").await.unwrap();

    let left = "SELECT count(*) FROM strategy_executions";
    assert_eq!(bundle.rows(left).await, ["(1)"], "the last one is younger");
    assert_adds_up(&bundle).await;
    let orphans = "SELECT count(*) FROM trades LEFT JOIN decisions ON decisions.id = decision_id
                   WHERE decision_id IS NOT NULL AND decisions.id IS NULL";
    assert_eq!(bundle.rows(orphans).await, ["(0)"]);
    assert_eq!(looked_at(&ann).await, before);
    for trade in before.0["items"].as_array().unwrap() {
        assert!(trade["decision"]["explanation"].is_string(), "{trade}");
    }
}
