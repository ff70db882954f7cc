//! What is refused, and what a client is told to change.

use super::*;

#[tokio::test]
async fn a_follow_that_cannot_be_is_refused_with_what_to_change() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    let cases = [
        (
            json!({ "capital": "2499.99" }),
            "Parameter `capital` must be at least 2500 USD.",
        ),
        (
            json!({ "capital": "10000.00000001" }),
            "The portfolio has 10000 USD in cash and not 10000.00000001; ask for less.",
        ),
        (
            json!({ "capital": 2500 }),
            "an amount is a decimal string above zero",
        ),
        (
            json!({ "capital": "-2500" }),
            "an amount is a decimal string above zero",
        ),
        (
            json!({ "capital": "2500.000000001" }),
            "an amount is a decimal string above zero",
        ),
        (
            json!({ "capital": "1e4" }),
            "an amount is a decimal string above zero",
        ),
        (json!({}), "missing field `capital`"),
        (json!({ "capital": "2500", "more": 1 }), "unknown field `more`"),
        (
            json!({ "capital": "2500", "weights": { "macro": 0.5, "onchain": 0.5, "ta": 0.1 } }),
            "add up to exactly 1",
        ),
        (
            json!({ "capital": "2500", "weights": { "macro": 0.33333, "onchain": 0.33333, "ta": 0.33334 } }),
            "at most 4 decimals",
        ),
        (
            json!({ "capital": "2500", "weights": { "macro": 1.5, "onchain": -0.5, "ta": 0 } }),
            "from 0 to 1",
        ),
    ];
    for (body, why) in cases {
        let answer = ann.send(Method::POST, SUBSCRIPTION, body.clone()).await;
        let (status, _, message) = refused(&answer);
        assert_eq!(status, 400, "{body}");
        assert!(message.contains(why), "{body}: {message}");
    }
    let poor = follow(&ann, "20000").await;
    assert_eq!(poor.refusal().0, "INSUFFICIENT_BALANCE");
    assert_eq!(
        poor.json()["error"]["details"],
        json!({ "required": "20000", "available": "10000" })
    );
    assert_eq!(bundle.rows("SELECT 1 FROM subscriptions").await.len(), 0);
}

#[tokio::test]
async fn an_unknown_strategy_is_another_refusal_than_one_that_is_not_followed() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    let bob = bundle.sign_up("bob").await;
    follow(&bob, "2500").await;
    let unknown = "/api/v1/strategies/nothing/subscription";
    let body = |method: &Method| match *method {
        Method::POST => Some(json!({ "capital": "2500" })),
        Method::PATCH => Some(json!({ "status": "paused" })),
        _ => None,
    };
    for method in [Method::POST, Method::PATCH, Method::DELETE] {
        let answer = ann.ask(method.clone(), unknown, body(&method)).await;
        assert_eq!(refused(&answer).1, "STRATEGY_NOT_FOUND", "{method}");
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    // Bob follows it; for Ann that is as if nobody did.
    for method in [Method::PATCH, Method::DELETE] {
        let answer = ann.ask(method.clone(), SUBSCRIPTION, body(&method)).await;
        let not_hers = (
            404,
            "NOT_FOUND".to_owned(),
            "You do not follow hodl-wave.".to_owned(),
        );
        assert_eq!(refused(&answer), not_hers, "{method}");
    }
    let malformed = ann
        .ask(Method::DELETE, "/api/v1/strategies/No!/subscription", None)
        .await;
    assert_eq!(refused(&malformed).1, "VALIDATION_ERROR");
    assert_eq!(
        bundle.rows("SELECT status FROM subscriptions").await,
        ["(active)"]
    );
}

#[tokio::test]
async fn a_change_that_cannot_be_is_refused_and_leaves_everything() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    follow(&ann, "2500").await;
    let cases = [
        (json!({}), "Send what is to change"),
        (json!({ "deposit": "1", "withdraw": "1" }), "not both at once"),
        (json!({ "status": "stopped" }), "unknown variant `stopped`"),
        (json!({ "withdraw": "0" }), "above zero"),
        (
            json!({ "withdraw": "2500.00000001", "status": "paused" }),
            "The subscription has 2500 USD in cash and not 2500.00000001",
        ),
        (
            json!({ "deposit": "7500.00000001", "status": "paused" }),
            "The portfolio has 7500 USD in cash and not 7500.00000001",
        ),
        (json!({ "weights": { "macro": 1 } }), "missing field"),
    ];
    for (body, why) in cases {
        let answer = change(&ann, body.clone()).await;
        let (status, _, message) = refused(&answer);
        assert_eq!(status, 400, "{body}");
        assert!(message.contains(why), "{body}: {message}");
    }
    let again = follow(&ann, "2500").await;
    assert_eq!(
        refused(&again),
        (
            409,
            "CONFLICT".to_owned(),
            "You follow hodl-wave already; change that subscription, or stop it first.".to_owned()
        )
    );
    assert_eq!(
        bundle.rows("SELECT status, cash FROM subscriptions").await,
        ["(active,2500.00000000)"]
    );
    assert_adds_up(&bundle).await;
}

#[tokio::test]
async fn nothing_of_it_is_for_strangers() {
    let bundle = Bundle::start().await;
    for (method, path) in [
        (Method::POST, SUBSCRIPTION),
        (Method::PATCH, SUBSCRIPTION),
        (Method::DELETE, SUBSCRIPTION),
        (Method::GET, "/api/v1/portfolio"),
        (Method::GET, "/api/v1/portfolio/history"),
        (Method::GET, "/api/v1/trades"),
    ] {
        let answer = bundle.send(method.clone(), path, |request| request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    assert_eq!(bundle.get("/api/v1/strategies").await.status, StatusCode::OK);
}

#[tokio::test]
async fn wrong_parameters_of_the_lists_are_named() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    for (query, why) in [
        (
            "portfolio/history?interval=hour",
            "Parameter `interval` must be one of day, execution.",
        ),
        (
            "portfolio/history?format=xml",
            "Parameter `format` must be one of json, csv.",
        ),
        (
            "portfolio/history?from=2024-03-02T00:00:00Z&to=2024-03-01T00:00:00Z",
            "Parameter `from` must not be after `to`.",
        ),
        (
            "portfolio/history?strategy_id=No!",
            "Parameter `strategy_id` must be 1 to 40 lower-case letters",
        ),
        (
            "portfolio/history?from=yesterday",
            "Parameter `from` must be an RFC 3339 time",
        ),
        ("trades?asset=DOGE", "Parameter `asset` must be one of BTC, ETH."),
        ("trades?side=up", "Parameter `side` must be one of buy, sell."),
        (
            "trades?limit=101",
            "Parameter `limit` must be a whole number from 1 to 100.",
        ),
        (
            "trades?cursor=abc",
            "Parameter `cursor` must be a `next_cursor` of an earlier answer",
        ),
    ] {
        let answer = ann.get(&format!("/api/v1/{query}")).await;
        let (status, code, message) = refused(&answer);
        assert_eq!((status, code.as_str()), (400, "VALIDATION_ERROR"), "{query}");
        assert!(message.starts_with(why), "{query}: {message}");
    }
    for path in [
        "portfolio/history?strategy_id=nothing",
        "trades?strategy_id=nothing",
    ] {
        let answer = ann.get(&format!("/api/v1/{path}")).await;
        assert_eq!(refused(&answer).1, "STRATEGY_NOT_FOUND", "{path}");
    }
    let never = ann.get("/api/v1/portfolio/history?strategy_id=hodl-wave").await;
    assert_eq!(refused(&never).2, "You have never followed hodl-wave.");
}
