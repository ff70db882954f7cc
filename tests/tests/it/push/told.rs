//! What is written down for whom, and when it counts.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared::app::App;
use shared::db::{push, strategies};
use shared::domain::identity::UserId;
use shared::domain::money::Money;
use shared::domain::strategy::StrategyId;
use shared::services::push::tell::everyone;
use shared::services::subscriptions;
use tests::paper::{self, Order};

use super::{Person, Stage, events, tell};

/// Appends in transactions of random sizes, some of which are rolled back.
async fn appends(app: App, users: Vec<UserId>, seed: u64) {
    let mut state = seed;
    for _ in 0..25 {
        // A linear congruential step: any numbers will do, the same ones every time.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut connection = app.db.get().await.unwrap();
        let transaction = connection.transaction().await.unwrap();
        let told: Vec<UserId> = (0..(state >> 33) % 6)
            .map(|n| users[usize::try_from((state >> 40).wrapping_add(n * 7)).unwrap() % users.len()])
            .collect();
        push::append(&transaction, &events(&told), app.clock.now())
            .await
            .unwrap();
        if state >> 61 == 0 {
            transaction.rollback().await.unwrap();
        } else {
            transaction.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn numbers_have_no_gap_and_no_repetition_whoever_writes_at_the_same_time() {
    let stage = Stage::set().await;
    let mut users = Vec::new();
    for name in ["ann", "ben", "cleo"] {
        users.push(stage.connected(name).await.id);
    }

    let writers = (0..8).map(|seed| tokio::spawn(appends(stage.app.clone(), users.clone(), seed)));
    for writer in futures_util::future::join_all(writers).await {
        writer.unwrap();
    }

    let holes = "SELECT count(*) FROM push_streams s
                 WHERE s.last_seq <> (SELECT count(*) FROM push_outbox o WHERE o.user_id = s.user_id)
                    OR s.last_seq <> (SELECT max(seq) FROM push_outbox o WHERE o.user_id = s.user_id)";
    assert_eq!(stage.number(holes).await, 0);
    assert!(stage.number("SELECT count(*) FROM push_outbox").await > 300);
}

#[tokio::test]
async fn nothing_is_told_before_the_commit_and_nothing_of_what_is_rolled_back() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    let mut connection = stage.app.db.get().await.unwrap();

    let transaction = connection.transaction().await.unwrap();
    push::append(&transaction, &events(&[ann.id]), stage.app.clock.now())
        .await
        .unwrap();
    stage.deliver().await;
    assert_eq!(stage.gateway.tries(), 0, "not committed");
    transaction.rollback().await.unwrap();
    stage.deliver().await;
    assert_eq!(stage.gateway.tries(), 0, "rolled back");

    let transaction = connection.transaction().await.unwrap();
    push::append(&transaction, &events(&[ann.id]), stage.app.clock.now())
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    stage.deliver().await;
    assert_eq!(stage.gateway.seqs_of("ann"), [1]);
}

#[tokio::test]
async fn events_are_written_for_those_who_were_connected_within_a_day() {
    let stage = Stage::set().await;
    let (ann, never) = (stage.connected("ann").await, stage.person("never").await);

    stage.bundle.advance(SignedDuration::from_hours(23));
    tell(&stage.app, &[ann.id, never.id]).await;
    assert_eq!(stage.number("SELECT count(*) FROM push_outbox").await, 1);
    stage.bundle.advance(SignedDuration::from_hours(2));
    tell(&stage.app, &[ann.id]).await;
    assert_eq!(stage.number("SELECT count(*) FROM push_outbox").await, 1);
}

async fn follows(stage: &Stage, person: &Person, strategy: &str, status: &str) {
    let client = stage.bundle.database().client().await;
    let row =
        "INSERT INTO subscriptions VALUES ($1, $2, $3, $4, NULL, NULL, NULL, 5000, 0, 5000, 0, now(), now(),
               CASE WHEN $4 = 'stopped' THEN now() END, NULL, NULL)";
    client
        .execute(
            row,
            &[&stage.app.ids.next(), &person.id.uuid(), &strategy, &status],
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn followers_are_told_of_an_execution_once_when_it_is_recorded() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    let ben = stage.connected("ben").await;
    let cleo = stage.connected("cleo").await;
    stage.connected("dan").await;
    follows(&stage, &ann, "hodl-wave", "active").await;
    follows(&stage, &ann, "swing-4h", "stopped").await;
    follows(&stage, &ben, "swing-4h", "paused").await;
    follows(&stage, &cleo, "hodl-wave", "stopped").await;
    stage.bundle.collect().await;

    for delivery in 0..2 {
        let now = stage.app.clock.now();
        let summary = shared::services::decide::run_due(&stage.app, now, None)
            .await
            .unwrap();
        assert_eq!(summary.executed.len(), if delivery == 0 { 2 } else { 0 });
    }

    let told = |name: &str| {
        let messages = stage.gateway.posted_to(name);
        let shown = messages.iter().map(|message| {
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            (text(&message["event"]), text(&message["data"]["strategy_id"]))
        });
        shown.collect::<Vec<_>>()
    };
    let both = |strategy: &str| {
        ["agent:scores", "decision:made"].map(|event| (event.to_owned(), strategy.to_owned()))
    };
    assert_eq!(told("ann"), both("hodl-wave"));
    assert_eq!(told("ben"), both("swing-4h"), "who pauses is told too");
    assert_eq!(told("cleo"), []);
    assert_eq!(told("dan"), []);

    let messages = stage.gateway.posted_to("ann");
    assert_eq!(messages[0]["data"]["agents"]["ta"]["model"], "rules");
    let decision = &messages[1]["data"]["decision"];
    let served = stage.bundle.get("/api/v1/agents/scores").await.json();
    assert_eq!(
        decision["conviction_score"],
        served["data"]["decision"]["conviction_score"]
    );
    assert_eq!(
        messages[1]["data"]["execution_id"],
        served["data"]["execution_id"]
    );
}

#[tokio::test]
async fn a_trade_is_told_by_the_run_that_made_it() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    let id: StrategyId = "hodl-wave".parse().unwrap();
    subscriptions::follow(&stage.app, ann.id, &id, Money::usd(5000), None)
        .await
        .unwrap();
    let strategy = strategies::find(&stage.app.db, &id).await.unwrap().unwrap();
    let as_of: Timestamp = "2024-03-01T16:00:00Z".parse().unwrap();
    let now = as_of + SignedDuration::from_mins(2);
    stage.bundle.advance(now.duration_since(stage.app.clock.now()));
    paper::decide(&stage.app, &strategy, as_of, Order::buy("0.05", "50000", "-"))
        .await
        .unwrap();
    stage.bundle.collect().await;

    let summary = shared::services::decide::run_due(&stage.app, now, None).await;

    assert_eq!(summary.unwrap().trading.trades, 2, "hers, and the strategy's own");
    let told = stage.gateway.posted_to("ann");
    let events: Vec<&str> = told
        .iter()
        .map(|message| message["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["portfolio:update", "trade:executed", "portfolio:update"]);
}

#[tokio::test]
async fn an_execution_is_recorded_and_answered_while_nothing_can_be_delivered() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    follows(&stage, &ann, "hodl-wave", "active").await;
    stage.gateway.breaks("ann", tests::gateway::Fault::Hangs);
    stage.bundle.collect().await;

    let now = stage.app.clock.now();
    let summary = shared::services::decide::run_due(&stage.app, now, Some(Duration::from_secs(30))).await;

    assert_eq!(summary.unwrap().executed.len(), 2);
    stage.gateway.mends("ann");
    stage.bundle.advance(SignedDuration::from_mins(1));
    stage.deliver().await;
    assert_eq!(stage.gateway.seqs_of("ann"), [1, 2]);
}

#[tokio::test]
async fn a_notice_reaches_everybody_who_is_connected() {
    let stage = Stage::set().await;
    for name in ["ann", "ben"] {
        stage.connected(name).await;
    }
    stage.person("never").await;

    let told = everyone(&stage.app, &json!({"text": "Maintenance at 12:30 UTC."}))
        .await
        .unwrap();
    stage.deliver().await;

    assert_eq!(told, 2);
    for name in ["ann", "ben"] {
        let messages = stage.gateway.posted_to(name);
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0]["event"], "system:notice");
        assert_eq!(messages[0]["data"], json!({"text": "Maintenance at 12:30 UTC."}));
    }
}
