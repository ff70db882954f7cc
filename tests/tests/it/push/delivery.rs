//! Events arrive in order, once as a rule, and are not kept for ever.

use std::cell::Cell;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::identity::UserId;
use shared::services::push::deliver;

use super::Stage;

#[tokio::test]
async fn every_connection_of_a_user_gets_each_event_in_order_in_exactly_four_members() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    ann.connects(&stage.app, "other").await;
    stage.connected("ben").await;

    for _ in 0..3 {
        stage.trades(&ann, 15).await;
    }
    let delivered = stage.deliver().await;

    let numbers: Vec<i64> = (1..=45).collect();
    assert_eq!(stage.gateway.seqs_of("ann"), numbers);
    assert_eq!(stage.gateway.seqs_of("other"), numbers);
    assert_eq!(stage.gateway.posted_to("ben"), [] as [serde_json::Value; 0]);
    assert_eq!(delivered.posted, 90);
    let first = &stage.gateway.posted_to("ann")[1];
    assert_eq!(
        *first,
        json!({"event": "trade:executed", "seq": 2, "data": {"number": 1}, "timestamp": "2024-03-01T12:02:22Z"})
    );

    assert_eq!(stage.deliver().await.posted, 0, "nothing is sent twice");
    stage.trades(&ann, 1).await;
    stage.deliver().await;
    assert_eq!(stage.gateway.seqs_of("ann").last(), Some(&46));
}

#[tokio::test]
async fn a_connection_gets_what_comes_after_it_was_opened() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    stage.trades(&ann, 3).await;
    ann.connects(&stage.app, "late").await;
    stage.trades(&ann, 1).await;

    stage.deliver().await;

    assert_eq!(stage.gateway.seqs_of("ann"), [1, 2, 3, 4]);
    assert_eq!(stage.gateway.seqs_of("late"), [4]);
}

#[tokio::test]
async fn deliverers_at_the_same_time_send_each_event_once() {
    let stage = Stage::set().await;
    let mut names = Vec::new();
    for number in 0..20 {
        let name = format!("user-{number}");
        let person = stage.person(&name).await;
        person.connects(&stage.app, &name).await;
        stage.trades(&person, 5).await;
        names.push(name);
    }
    stage.gateway.takes(Duration::from_millis(5));

    let deliverers = (0..6).map(|_| stage.deliver());
    join_all(deliverers).await;

    for name in &names {
        assert_eq!(stage.gateway.seqs_of(name), [1, 2, 3, 4, 5], "{name}");
    }
}

#[tokio::test]
async fn writers_and_deliverers_at_the_same_time_wait_for_each_other_and_fail_nobody() {
    const ROUNDS: i64 = 30;
    const WRITERS: i64 = 8;
    let stage = Stage::set().await;
    let mut users = stage.crowd(50).await;
    let writing = Cell::new(WRITERS);

    let writer = async |order: Vec<UserId>| {
        for _ in 0..ROUNDS {
            super::tell(&stage.app, &order).await;
        }
        writing.set(writing.get() - 1);
    };
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            users.rotate_left(7);
            writer(users.clone())
        })
        .collect();
    let deliverer = async || {
        while writing.get() > 0 {
            stage.deliver().await;
        }
        stage.deliver().await;
    };
    let deliverers: Vec<_> = (0..4).map(|_| deliverer()).collect();
    tokio::join!(join_all(writers), join_all(deliverers));
    stage.deliver().await;

    let all: Vec<i64> = (1..=ROUNDS * WRITERS).collect();
    for number in 0..50 {
        assert_eq!(stage.gateway.seqs_of(&number.to_string()), all, "{number}");
    }
}

#[tokio::test]
async fn what_a_deliverer_that_died_had_in_hand_is_delivered_by_the_next() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    let ben = stage.connected("ben").await;
    stage.trades(&ann, 20).await;
    stage.trades(&ben, 1).await;
    stage.gateway.takes(Duration::from_millis(20));

    let app = stage.app.clone();
    let dying = tokio::spawn(async move { deliver(&app, Duration::from_secs(20)).await });
    while stage.gateway.posted_to("ann").len() < 5 {
        tokio::task::yield_now().await;
    }
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    stage.gateway.takes(Duration::ZERO);
    assert_eq!(stage.deliver().await.posted, 0, "it may be at work still");
    stage.bundle.advance(SignedDuration::from_secs(16));
    stage.deliver().await;

    let seen = stage.gateway.seqs_of("ann");
    let mut known = 0;
    for seq in seen {
        assert!(seq <= known + 1, "{seq} after {known}: one was left out");
        known = known.max(seq);
    }
    assert_eq!(
        known, 20,
        "all that is new comes, in order; what came before may come again"
    );
    assert_eq!(stage.gateway.seqs_of("ben").last(), Some(&1));
}

#[tokio::test]
async fn a_user_without_a_connection_keeps_nobody_busy() {
    let stage = Stage::set().await;
    let ann = stage.person("ann").await;
    ann.ticket(&stage.app).await;
    stage.trades(&ann, 3).await;

    assert_eq!(stage.deliver().await.users, 1);
    assert_eq!(stage.deliver().await.users, 0);
    assert_eq!(
        stage.number("SELECT count(*) FROM push_outbox").await,
        3,
        "they are kept for `since`"
    );
}

#[tokio::test]
async fn events_are_kept_for_a_day() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    stage.trades(&ann, 3).await;
    stage.bundle.advance(SignedDuration::from_hours(23));
    stage.trades(&ann, 1).await;
    stage
        .bundle
        .advance(SignedDuration::from_hours(1) + SignedDuration::from_secs(1));

    let summary = stage.bundle.run("deliver-push").await.unwrap();

    assert_eq!(summary["pruned"], 3);
    assert_eq!(stage.number("SELECT min(seq) FROM push_outbox").await, 4);
}

#[tokio::test]
async fn a_stream_that_is_being_written_is_not_waited_for() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    let ben = stage.connected("ben").await;
    stage.trades(&ann, 1).await;
    stage.trades(&ben, 1).await;
    let mut connection = stage.app.db.get().await.unwrap();
    let trading = connection.transaction().await.unwrap();
    shared::db::push::append(&trading, &super::events(&[ann.id]), stage.app.clock.now())
        .await
        .unwrap();

    stage.deliver().await;
    assert_eq!(stage.gateway.seqs_of("ben"), [1]);
    assert_eq!(stage.gateway.seqs_of("ann"), [0_i64; 0], "its writer delivers");

    trading.commit().await.unwrap();
    stage.deliver().await;
    assert_eq!(stage.gateway.seqs_of("ann"), [1, 2]);
}
