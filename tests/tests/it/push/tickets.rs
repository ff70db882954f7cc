//! A ticket opens one connection, for its user, within half a minute.

use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use shared::cache::Key;
use shared::services::push::sockets as service;
use shared::services::push::tickets::{TicketError, redeem};
use tests::bundle::{Answer, Bundle};

use super::{Person, Stage};

async fn asks(bundle: &Bundle, token: Option<&str>) -> Answer {
    bundle
        .send(Method::POST, "/api/v1/push/ticket", |request| match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
        .await
}

#[tokio::test]
async fn a_ticket_is_given_to_who_is_signed_in_and_lets_in_once() {
    let bundle = Bundle::start().await;
    let ann = Person::arrives(&bundle, "ann").await;

    assert_eq!(asks(&bundle, None).await.refusal().0, "UNAUTHORIZED");
    let answer = asks(&bundle, Some(&ann.token)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let data = answer.json()["data"].clone();
    assert_eq!(data["expires_at"], "2024-03-01T12:02:30Z");
    let ticket = data["ticket"].as_str().unwrap();
    assert_eq!(ticket.len(), 43, "32 random bytes");

    assert_eq!(redeem(bundle.app(), ticket).await.unwrap(), ann.holder());
    let again = redeem(bundle.app(), ticket).await;
    assert!(matches!(again, Err(TicketError::Refused)), "{again:?}");
}

#[tokio::test]
async fn of_ten_who_come_with_the_same_ticket_one_gets_in() {
    let stage = Stage::set().await;
    let ann = stage.person("ann").await;
    let ticket = ann.ticket(&stage.app).await;
    let names: Vec<String> = (0..10).map(|number| format!("c{number}")).collect();

    let attempts = names
        .iter()
        .map(|name| service::connect(&stage.app, name, &ticket));
    let outcomes = futures_util::future::join_all(attempts).await;

    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(stage.number("SELECT count(*) FROM push_connections").await, 1);
}

#[tokio::test]
async fn a_ticket_is_good_for_thirty_seconds() {
    let stage = Stage::set().await;
    let ann = stage.person("ann").await;
    let (in_time, late) = (ann.ticket(&stage.app).await, ann.ticket(&stage.app).await);

    stage.bundle.advance(SignedDuration::from_millis(29_999));
    assert!(redeem(&stage.app, &in_time).await.is_ok());
    stage.bundle.advance(SignedDuration::from_millis(1));
    assert!(matches!(
        redeem(&stage.app, &late).await,
        Err(TicketError::Refused)
    ));
}

#[tokio::test]
async fn a_ticket_opens_a_connection_of_its_own_user_and_session() {
    let stage = Stage::set().await;
    let (ann, ben) = (stage.person("ann").await, stage.person("ben").await);
    let (of_ann, of_ben) = (ann.ticket(&stage.app).await, ben.ticket(&stage.app).await);

    service::connect(&stage.app, "one", &of_ben).await.unwrap();
    service::connect(&stage.app, "two", &of_ann).await.unwrap();

    let rows = stage
        .bundle
        .rows("SELECT id, user_id, session_id FROM push_connections ORDER BY id")
        .await;
    assert_eq!(
        rows,
        [
            format!("(one,{},{})", ben.id, ben.session),
            format!("(two,{},{})", ann.id, ann.session)
        ]
    );
}

#[tokio::test]
async fn what_redis_keeps_is_no_ticket() {
    let stage = Stage::set().await;
    let ann = stage.person("ann").await;
    let ticket = ann.ticket(&stage.app).await;

    let kept = stage.app.cache.get(&Key::Ticket(&ticket)).await.unwrap();

    assert_eq!(kept, None, "it is kept under its hash alone");
    for wrong in ["", "x", &ticket[1..], &ticket.to_uppercase()] {
        let refused = redeem(&stage.app, wrong).await;
        assert!(matches!(refused, Err(TicketError::Refused)), "{wrong:?}");
    }
}

#[tokio::test]
async fn while_redis_or_the_database_is_down_a_client_is_told_when_to_come_back() {
    let bundle = Bundle::start().await;
    let ann = Person::arrives(&bundle, "ann").await;

    bundle.redis().refuse();
    let without_redis = asks(&bundle, Some(&ann.token)).await;
    bundle.redis().pass();
    bundle.postgres().refuse();
    let without_database = asks(&bundle, Some(&ann.token)).await;
    bundle.postgres().pass();
    let with_both = asks(&bundle, Some(&ann.token)).await;

    for answer in [without_redis, without_database] {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.refusal().0, "SERVICE_UNAVAILABLE");
        assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
    }
    assert_eq!(with_both.status, StatusCode::OK);
}

#[tokio::test]
async fn a_ticket_ends_with_its_session() {
    let stage = Stage::set().await;
    let ann = stage.person("ann").await;
    let ticket = ann.ticket(&stage.app).await;
    let client = stage.bundle.database().client().await;
    let end = "UPDATE sessions SET ended_at = created_at, end_reason = 'logout'";
    client.execute(end, &[]).await.unwrap();

    let refused = service::connect(&stage.app, "one", &ticket).await.unwrap_err();

    assert!(refused.is_refusal(), "{refused}");
    assert_eq!(stage.number("SELECT count(*) FROM push_connections").await, 0);
}

#[tokio::test]
async fn who_was_erased_gets_no_ticket_and_no_connection() {
    let stage = Stage::set().await;
    let ann = stage.person("ann").await;
    let ticket = ann.ticket(&stage.app).await;
    let client = stage.bundle.database().client().await;
    client.execute("DELETE FROM users", &[]).await.unwrap();

    let refused = service::connect(&stage.app, "one", &ticket).await.unwrap_err();
    assert!(refused.is_refusal(), "{refused}");
    assert_eq!(
        asks(&stage.bundle, Some(&ann.token)).await.status,
        StatusCode::UNAUTHORIZED
    );
}
