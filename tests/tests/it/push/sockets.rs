//! What a connection goes through.

use jiff::SignedDuration;
use serde_json::json;
use shared::services::push::sockets::{connect, disconnect, hear};

use super::{Stage, json_of};

async fn minute_by_minute(stage: &Stage, minutes: i64) {
    for _ in 0..minutes {
        stage.bundle.advance(SignedDuration::from_mins(1));
        tend(stage).await;
    }
}

async fn tend(stage: &Stage) -> shared::services::push::Tended {
    let time = std::time::Duration::from_secs(20);
    shared::services::push::tend(&stage.app, time).await.unwrap()
}

#[tokio::test]
async fn the_fourth_connection_of_a_user_closes_the_oldest_and_nobody_elses() {
    let stage = Stage::set().await;
    let (ann, ben) = (stage.person("ann").await, stage.person("ben").await);
    ben.connects(&stage.app, "bens").await;
    for name in ["first", "second", "third", "fourth"] {
        stage.bundle.advance(SignedDuration::from_secs(1));
        ann.connects(&stage.app, name).await;
    }

    assert_eq!(stage.gateway.closed(), ["first"]);
    let open = stage
        .bundle
        .rows("SELECT id FROM push_connections ORDER BY connected_at")
        .await;
    assert_eq!(open, ["(bens)", "(second)", "(third)", "(fourth)"]);
}

#[tokio::test]
async fn eight_connections_at_the_same_time_leave_three() {
    let stage = Stage::set().await;
    let ann = stage.person("ann").await;
    let mut tickets = Vec::new();
    for number in 0..8 {
        tickets.push((format!("c{number}"), ann.ticket(&stage.app).await));
    }

    let opening = tickets
        .iter()
        .map(|(name, ticket)| connect(&stage.app, name, ticket));
    for outcome in futures_util::future::join_all(opening).await {
        outcome.unwrap();
    }

    assert_eq!(stage.number("SELECT count(*) FROM push_connections").await, 3);
    assert_eq!(stage.gateway.closed().len(), 5);
}

#[tokio::test]
async fn a_client_is_answered_and_told_what_it_did_wrong() {
    let stage = Stage::set().await;
    stage.connected("ann").await;
    let say = async |text: &str| hear(&stage.app, "ann", text).await.unwrap();

    assert_eq!(say("ping").await, "pong");
    assert_eq!(
        json_of(&say(r#"{"action":"ping"}"#).await),
        json!({"action": "pong"})
    );
    let refusal = json_of(&say(r#"{"action":"trade"}"#).await);
    assert_eq!(
        (&refusal["action"], &refusal["code"]),
        (&json!("error"), &json!("VALIDATION_ERROR"))
    );
    assert!(
        refusal["message"].as_str().unwrap().contains("`trade`"),
        "{refusal}"
    );

    stage.bundle.postgres().refuse();
    assert_eq!(
        say("ping").await,
        "pong",
        "whoever only asks whether we are there is answered"
    );
    let refusal = json_of(&say(r#"{"action":"since","seq":0}"#).await);
    assert_eq!(refusal["code"], "SERVICE_UNAVAILABLE");
}

#[tokio::test]
async fn what_was_missed_comes_in_order_and_nothing_else() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    stage.trades(&ann, 5).await;
    stage.bundle.advance(SignedDuration::from_mins(3));
    ann.connects(&stage.app, "again").await;

    let reply = hear(&stage.app, "again", r#"{"action":"since","seq":2}"#)
        .await
        .unwrap();

    assert_eq!(
        json_of(&reply),
        json!({"action": "since", "seq": 5, "reset": false})
    );
    assert_eq!(stage.gateway.seqs_of("again"), [3, 4, 5]);
    let reply = hear(&stage.app, "again", r#"{"action":"since","seq":5}"#)
        .await
        .unwrap();
    assert_eq!(
        json_of(&reply),
        json!({"action": "since", "seq": 5, "reset": false})
    );
    assert_eq!(stage.gateway.posted_to("again").len(), 3);
}

#[tokio::test]
async fn who_missed_more_than_is_kept_is_told_to_read_anew() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    stage.trades(&ann, 130).await;
    stage.deliver().await;
    tend(&stage).await;
    stage.bundle.advance(SignedDuration::from_secs(1));
    ann.connects(&stage.app, "again").await;

    let early = hear(&stage.app, "again", r#"{"action":"since","seq":29}"#)
        .await
        .unwrap();
    let sent = stage.gateway.seqs_of("again");
    let just = hear(&stage.app, "again", r#"{"action":"since","seq":30}"#)
        .await
        .unwrap();
    let unknown = hear(&stage.app, "again", r#"{"action":"since","seq":999}"#)
        .await
        .unwrap();

    assert_eq!(sent, (31..=130).collect::<Vec<i64>>());
    assert_eq!(json_of(&early)["reset"], true);
    assert_eq!(json_of(&just)["reset"], false);
    assert_eq!(json_of(&unknown)["reset"], true, "a number that was never told");
    assert_eq!(stage.number("SELECT count(*) FROM push_outbox").await, 100);
}

#[tokio::test]
async fn who_was_away_so_long_that_nothing_was_written_is_told_to_read_anew() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    stage.trades(&ann, 2).await;
    stage.bundle.advance(SignedDuration::from_hours(24));
    stage.trades(&ann, 1).await;
    assert_eq!(
        stage.number("SELECT count(*) FROM push_outbox").await,
        2,
        "nobody is told"
    );

    ann.connects(&stage.app, "again").await;
    let reply = hear(&stage.app, "again", r#"{"action":"since","seq":2}"#)
        .await
        .unwrap();

    assert_eq!(json_of(&reply)["reset"], true);
    stage.trades(&ann, 1).await;
    stage.deliver().await;
    assert_eq!(stage.gateway.seqs_of("again"), [4], "no number is given twice");
}

#[tokio::test]
async fn a_number_that_is_missing_in_the_middle_is_noticed() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    stage.trades(&ann, 4).await;
    stage.bundle.advance(SignedDuration::from_hours(20));
    stage.trades(&ann, 1).await;
    stage.bundle.advance(SignedDuration::from_hours(6));
    stage.trades(&ann, 1).await;
    assert_eq!(
        stage.number("SELECT max(seq) FROM push_outbox").await,
        5,
        "nobody is told of the last"
    );

    ann.connects(&stage.app, "again").await;
    let reply = hear(&stage.app, "again", r#"{"action":"since","seq":4}"#)
        .await
        .unwrap();

    assert_eq!(stage.gateway.seqs_of("again"), [5]);
    assert_eq!(
        json_of(&reply),
        json!({"action": "since", "seq": 6, "reset": true})
    );
}

#[tokio::test]
async fn an_idle_connection_is_closed_by_minute_seven_and_one_that_pings_is_not() {
    let stage = Stage::set().await;
    stage.person("ann").await.connects(&stage.app, "idle").await;
    let ben = stage.person("ben").await;
    ben.connects(&stage.app, "pings").await;

    minute_by_minute(&stage, 4).await;
    assert_eq!(stage.gateway.closed(), [""; 0]);
    hear(&stage.app, "pings", "ping").await.unwrap();
    minute_by_minute(&stage, 3).await;

    assert_eq!(stage.gateway.closed(), ["idle"]);
    assert_eq!(
        stage.bundle.rows("SELECT id FROM push_connections").await,
        ["(pings)"]
    );
}

#[tokio::test]
async fn a_connection_ends_after_two_hours_and_with_its_session() {
    let stage = Stage::set().await;
    let ann = stage.person("ann").await;
    ann.connects(&stage.app, "old").await;
    for _ in 0..30 {
        stage.bundle.advance(SignedDuration::from_mins(4));
        hear(&stage.app, "old", "ping").await.unwrap();
    }
    ann.connects(&stage.app, "new").await;
    tend(&stage).await;
    assert_eq!(stage.gateway.closed(), ["old"]);

    let client = stage.bundle.database().client().await;
    let end = "UPDATE sessions SET ended_at = created_at, end_reason = 'logout'";
    client.execute(end, &[]).await.unwrap();
    tend(&stage).await;
    assert_eq!(stage.gateway.closed(), ["old", "new"]);
}

#[tokio::test]
async fn the_connections_of_an_erased_user_are_closed_and_nobody_elses() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    stage.connected("ben").await;
    let client = stage.bundle.database().client().await;
    let erase = "DELETE FROM users WHERE id = $1";
    client.execute(erase, &[&ann.id.uuid()]).await.unwrap();

    tend(&stage).await;

    assert_eq!(stage.gateway.closed(), ["ann"]);
    assert_eq!(stage.number("SELECT count(*) FROM push_connections").await, 1);
}

#[tokio::test]
async fn a_connection_that_cannot_be_closed_stays_on_the_list_and_is_closed_later() {
    let stage = Stage::set().await;
    stage.person("ann").await.connects(&stage.app, "idle").await;
    stage.gateway.breaks("idle", tests::gateway::Fault::Broken);
    minute_by_minute(&stage, 6).await;
    assert_eq!(stage.number("SELECT count(*) FROM push_connections").await, 1);

    stage.gateway.mends("idle");
    minute_by_minute(&stage, 1).await;

    assert_eq!(stage.gateway.closed(), ["idle"]);
    assert_eq!(stage.number("SELECT count(*) FROM push_connections").await, 0);
}

#[tokio::test]
async fn a_connection_that_ended_is_forgotten_and_one_that_is_not_on_the_list_is_closed() {
    let stage = Stage::set().await;
    stage.connected("ann").await;
    disconnect(&stage.app, "ann").await.unwrap();
    disconnect(&stage.app, "ann").await.unwrap();
    assert_eq!(stage.number("SELECT count(*) FROM push_connections").await, 0);

    assert_eq!(hear(&stage.app, "ann", "ping").await, None);
    assert_eq!(stage.gateway.closed(), ["ann"]);
}
