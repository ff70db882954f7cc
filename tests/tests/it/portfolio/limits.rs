//! What each plan allows, and who comes second.

use super::*;

const SWING: &str = "/api/v1/strategies/swing-4h/subscription";

#[tokio::test]
async fn of_two_follows_at_once_the_free_plan_lets_one_through() {
    let bundle = Bundle::start().await;
    for name in ["ann", "bob", "cem", "dan", "eve"] {
        let user = bundle.sign_up(name).await;
        let body = || json!({ "capital": "2500" });
        let (first, second) = futures_util::join!(
            user.send(Method::POST, SUBSCRIPTION, body()),
            user.send(Method::POST, SWING, body())
        );
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 403]);
        let refusal = if first.status == 403 { &first } else { &second };
        let body = refusal.json();
        assert_eq!(
            body["error"]["message"],
            "The plan free allows 1 subscription at a time; stop one, or change the plan."
        );
        assert_eq!(body["error"]["details"], json!({ "tier": "free", "limit": 1 }));
        assert_eq!(shown(&user, "/api/v1/portfolio").await["free_cash"], "7500");
    }
    assert_adds_up(&bundle).await;
}

#[tokio::test]
async fn of_two_follows_of_one_strategy_at_once_one_is_a_conflict() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    execute(&bundle, "UPDATE users SET tier = 'pro'").await;

    let (first, second) = futures_util::join!(follow(&ann, "2500"), follow(&ann, "2500"));

    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_adds_up(&bundle).await;
}

#[tokio::test]
async fn basic_follows_three_and_pro_any_number_by_the_plan_of_now() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    execute(
        &bundle,
        "INSERT INTO strategies SELECT name, name, 240, '4h', 0.4, 0.4, 0.2, 0.005, 0.0075, true, now()
         FROM (VALUES ('third'), ('fourth')) AS given (name);
         UPDATE users SET tier = 'basic'",
    )
    .await;
    let mut statuses = Vec::new();
    for strategy in ["hodl-wave", "swing-4h", "third", "fourth"] {
        let path = format!("/api/v1/strategies/{strategy}/subscription");
        let answer = ann.send(Method::POST, &path, json!({ "capital": "2500" })).await;
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(statuses, [201, 201, 201, 403]);

    // The token says free all the time; the row counts.
    execute(&bundle, "UPDATE users SET tier = 'pro'").await;
    let path = "/api/v1/strategies/fourth/subscription";
    let last = ann.send(Method::POST, path, json!({ "capital": "2500" })).await;
    assert_eq!(last.status, StatusCode::CREATED);
    assert_adds_up(&bundle).await;
}

#[tokio::test]
async fn two_devices_that_withdraw_the_same_cash_get_it_once() {
    let bundle = Bundle::start().await;
    let ann = bundle.sign_up("ann").await;
    follow(&ann, "2500").await;

    let take = || change(&ann, json!({ "withdraw": "2000" }));
    let (first, second) = futures_util::join!(take(), take());

    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    assert_eq!(shown(&ann, "/api/v1/portfolio").await["free_cash"], "9500");
    assert_adds_up(&bundle).await;
}
