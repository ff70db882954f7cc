//! Locks as administrators see them, and the one that is theirs to set and lift.

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use shared::domain::tier::{Role, Tier};
use tests::bundle::{Answer, Bundle};
use tests::people::Person;

use super::admin;

const LOCK: &str = "/api/v1/admin/locks/operator";

async fn set(bundle: &Bundle, person: &Person, body: Value) -> Answer {
    bundle
        .send_as(person, Method::PUT, LOCK, |request| request.json(&body))
        .await
}

async fn lift(bundle: &Bundle, person: &Person) -> Answer {
    bundle
        .send_as(person, Method::DELETE, LOCK, |request| request)
        .await
}

async fn audited(bundle: &Bundle) -> Vec<String> {
    bundle
        .rows(
            "SELECT kind, actor, user_id, detail ->> 'detail' AS detail FROM auth_events \
             WHERE kind LIKE 'lock%' ORDER BY created_at, id",
        )
        .await
}

async fn shown_with_scores(bundle: &Bundle) -> Value {
    bundle.get("/api/v1/agents/scores").await.json()["data"]["locks"].take()
}

#[tokio::test]
async fn a_lock_of_an_operator_is_shown_with_the_scores_at_once_and_so_is_its_end() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let ada = admin(&bundle).await;

    let locked = set(
        &bundle,
        &ada,
        json!({ "detail": " the exchange migrates; ask Ada " }),
    )
    .await;
    assert_eq!(locked.status, 200);
    assert_eq!(
        locked.json()["data"],
        json!({
            "reason": "operator", "detail": "the exchange migrates; ask Ada",
            "since": "2024-03-01T12:02:00Z", "until": null
        })
    );
    let shown = shown_with_scores(&bundle).await;
    assert_eq!(shown[0]["reason"], "operator");
    assert_eq!(shown[0]["detail"], "the exchange migrates; ask Ada");

    bundle.advance(SignedDuration::from_mins(1));
    let lifted = lift(&bundle, &ada).await;
    assert_eq!(lifted.json()["data"]["until"], "2024-03-01T12:03:00Z");
    assert_eq!(shown_with_scores(&bundle).await, json!([]));

    let id = ada.id();
    assert_eq!(
        audited(&bundle).await,
        [
            format!("(lock_set,\"operator: {id}\",{id},\"the exchange migrates; ask Ada\")"),
            format!("(lock_lifted,\"operator: {id}\",{id},\"the exchange migrates; ask Ada\")"),
        ]
    );
}

#[tokio::test]
async fn other_words_end_the_standing_lock_and_begin_another_so_that_the_past_stays_as_it_was() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;

    set(&bundle, &ada, json!({ "detail": "first" })).await;
    bundle.advance(SignedDuration::from_mins(1));
    // The same again changes nothing, and is no event.
    set(&bundle, &ada, json!({ "detail": "first" })).await;
    bundle.advance(SignedDuration::from_mins(1));
    set(
        &bundle,
        &ada,
        json!({ "detail": "second", "until": "2024-03-01T13:00:00Z" }),
    )
    .await;

    assert_eq!(
        bundle
            .rows("SELECT detail, since, until FROM locks WHERE reason = 'operator' ORDER BY since")
            .await,
        [
            "(first,\"2024-03-01 12:02:00+00\",\"2024-03-01 12:04:00+00\")",
            "(second,\"2024-03-01 12:04:00+00\",\"2024-03-01 13:00:00+00\")",
        ]
    );
    assert_eq!(audited(&bundle).await.len(), 2);
}

#[tokio::test]
async fn a_lock_with_an_end_ends_by_itself_and_is_past_then() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    set(
        &bundle,
        &ada,
        json!({ "detail": "an hour", "until": "2024-03-01T13:02:00Z" }),
    )
    .await;

    let during = bundle.get_as(&ada, "/api/v1/admin/locks").await.json();
    bundle.advance(SignedDuration::from_mins(61));
    // Her token has ended by then.
    let eve = bundle.person("eve", Role::Admin, Tier::Free).await;
    let after = bundle.get_as(&eve, "/api/v1/admin/locks").await.json();

    assert_eq!(during["data"]["in_force"][0]["detail"], "an hour");
    assert_eq!(during["data"]["items"], json!([]));
    assert_eq!(after["data"]["in_force"], json!([]));
    assert_eq!(after["data"]["items"][0]["until"], "2024-03-01T13:02:00Z");
    let nothing = lift(&bundle, &eve).await;
    assert_eq!(nothing.status, 404);
    assert!(nothing.refusal().1.contains("No lock of an operator"));
}

#[tokio::test]
async fn two_that_set_it_at_once_leave_one_lock_and_both_are_on_record() {
    let bundle = Bundle::start().await;
    let (ada, bob) = (
        admin(&bundle).await,
        bundle.person("bob", Role::Admin, Tier::Pro).await,
    );

    let (one, other) = tokio::join!(
        set(&bundle, &ada, json!({ "detail": "by Ada" })),
        set(&bundle, &bob, json!({ "detail": "by Bob" })),
    );

    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    let standing = bundle
        .rows("SELECT detail FROM locks WHERE reason = 'operator' AND until IS NULL")
        .await;
    assert_eq!(standing.len(), 1, "{standing:?}");
    assert_eq!(audited(&bundle).await.len(), 2);
}

#[tokio::test]
async fn every_other_reason_is_refused_and_so_is_what_makes_no_lock() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    for reason in ["budget", "stale_market", "breaker_pause", "whatever", "Operator"] {
        let path = format!("/api/v1/admin/locks/{reason}");
        for method in [Method::PUT, Method::DELETE] {
            let answer = bundle
                .send_as(&ada, method, &path, |request| {
                    request.json(&json!({ "detail": "why" }))
                })
                .await;
            let (code, message) = answer.refusal();
            assert_eq!(code, "VALIDATION_ERROR", "{reason}");
            assert!(message.contains("`reason` must be operator"), "{message}");
        }
    }
    let long = "x".repeat(301);
    for (body, says) in [
        (json!({ "detail": "" }), "`detail`"),
        (json!({ "detail": "  " }), "`detail`"),
        (json!({ "detail": "two\nlines" }), "`detail`"),
        (json!({ "detail": long }), "1 to 300"),
        (json!({}), "detail"),
        (
            json!({ "detail": "x", "until": "2024-03-01T12:02:00Z" }),
            "`until` must be a time in the future",
        ),
        (json!({ "detail": "x", "until": "tomorrow" }), "RFC 3339"),
        (json!({ "detail": "x", "reason": "budget" }), "reason"),
    ] {
        let (code, message) = set(&bundle, &ada, body.clone()).await.refusal();
        assert_eq!(code, "VALIDATION_ERROR", "{body}");
        assert!(message.contains(says), "{body}: {message}");
    }
    assert_eq!(bundle.rows("SELECT * FROM locks").await, Vec::<String>::new());
    assert_eq!(audited(&bundle).await, Vec::<String>::new());
}

#[tokio::test]
async fn past_locks_come_in_pages_newest_first() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    bundle
        .database()
        .client()
        .await
        .batch_execute(
            "INSERT INTO locks
             SELECT reason, '2024-02-01'::timestamptz + n * interval '1 day',
                    '2024-02-01'::timestamptz + n * interval '25 hours', 'n ' || n
             FROM generate_series(1, 4) AS n, (VALUES ('budget'), ('operator')) AS reasons (reason);
             INSERT INTO locks VALUES ('budget', '2024-03-01', '2024-03-02', 'now')",
        )
        .await
        .expect("locks");

    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let body = bundle
            .get_as(&ada, &format!("/api/v1/admin/locks?limit=3{cursor}"))
            .await
            .json();
        assert_eq!(body["data"]["in_force"][0]["detail"], "now");
        for lock in body["data"]["items"].as_array().expect("items") {
            seen.push(format!(
                "{} {}",
                lock["detail"].as_str().unwrap(),
                lock["reason"].as_str().unwrap()
            ));
        }
        match body["data"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let wanted: Vec<String> = (1..=4)
        .rev()
        .flat_map(|n| ["operator", "budget"].map(|reason| format!("n {n} {reason}")))
        .collect();
    assert_eq!(seen, wanted);
}
