//! Connections and servers that do not work.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use shared::clock::Stopwatch;
use shared::services::push::tell::everyone;
use shared::services::push::{deliver_after_commit, tend};
use tests::gateway::Fault;

use super::Stage;

#[tokio::test]
async fn a_connection_that_is_gone_is_forgotten_and_the_others_are_told() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    ann.connects(&stage.app, "other").await;
    stage.bundle.advance(SignedDuration::from_secs(11));
    stage.gateway.breaks("ann", Fault::Gone);
    stage.trades(&ann, 3).await;

    let delivered = stage.deliver().await;

    assert_eq!((delivered.gone, delivered.posted), (1, 3));
    assert_eq!(stage.gateway.tries(), 4, "nothing more is posted to who is gone");
    assert_eq!(
        stage.bundle.rows("SELECT id FROM push_connections").await,
        ["(other)"]
    );
}

#[tokio::test]
async fn a_connection_that_the_gateway_does_not_know_yet_is_not_forgotten() {
    let stage = Stage::set().await;
    let ann = stage.person("ann").await;
    ann.connects(&stage.app, "ann").await;
    stage.gateway.breaks("ann", Fault::Gone);
    stage.trades(&ann, 1).await;

    let delivered = stage.deliver().await;
    assert_eq!((delivered.gone, delivered.left), (0, 1));

    stage.gateway.mends("ann");
    stage.bundle.advance(SignedDuration::from_mins(1));
    stage.deliver().await;
    assert_eq!(stage.gateway.seqs_of("ann"), [1]);
}

#[tokio::test]
async fn too_many_at_once_is_tried_again_after_the_pause_that_was_asked_for() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    let ben = stage.connected("ben").await;
    let throttled = |retry_after| Fault::Throttled {
        times: 2,
        retry_after,
    };
    stage.gateway.breaks("ann", throttled(Some(1)));
    stage.gateway.breaks("ben", throttled(None));
    stage.trades(&ann, 2).await;
    stage.trades(&ben, 2).await;

    let watch = Stopwatch::start();
    let delivered = stage.deliver().await;

    assert_eq!(delivered.posted, 4);
    assert_eq!(stage.gateway.seqs_of("ann"), [1, 2]);
    assert_eq!(stage.gateway.seqs_of("ben"), [1, 2]);
    assert!(watch.elapsed() >= Duration::from_secs(2), "{:?}", watch.elapsed());
}

#[tokio::test]
async fn what_is_throttled_for_too_long_waits_for_the_next_run() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    let throttled = Fault::Throttled {
        times: 1,
        retry_after: Some(600),
    };
    stage.gateway.breaks("ann", throttled);
    stage.trades(&ann, 2).await;

    let time = Duration::from_secs(2);
    let delivered = shared::services::push::deliver(&stage.app, time).await.unwrap();
    assert_eq!((delivered.posted, delivered.left), (0, 1));

    stage.bundle.advance(SignedDuration::from_mins(1));
    stage.deliver().await;
    assert_eq!(stage.gateway.seqs_of("ann"), [1, 2]);
}

#[tokio::test]
async fn one_that_fails_is_tried_again_without_repeating_to_the_others_and_closed_in_the_end() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    ann.connects(&stage.app, "fails").await;
    stage.gateway.breaks("fails", Fault::Broken);

    for minute in 1..=5 {
        stage.trades(&ann, 1).await;
        stage.deliver().await;
        assert_eq!(stage.gateway.seqs_of("ann"), (1..=minute).collect::<Vec<i64>>());
        stage.bundle.advance(SignedDuration::from_mins(1));
    }
    stage.gateway.mends("fails");
    stage.deliver().await;
    assert_eq!(
        stage.gateway.seqs_of("fails"),
        [1, 2, 3, 4, 5],
        "it comes in order when it works"
    );
    assert_eq!(stage.gateway.seqs_of("ann"), [1, 2, 3, 4, 5]);

    stage.gateway.breaks("fails", Fault::Deaf);
    stage.trades(&ann, 1).await;
    stage.deliver().await;
    stage.bundle.advance(SignedDuration::from_mins(6));
    for name in ["ann", "fails"] {
        shared::services::push::sockets::hear(&stage.app, name, "ping")
            .await
            .unwrap();
    }
    tend(&stage.app, Duration::from_secs(20)).await.unwrap();
    assert_eq!(
        stage.gateway.closed(),
        ["fails"],
        "its client comes back and asks"
    );
    assert_eq!(stage.gateway.seqs_of("ann"), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn connections_that_hang_hold_up_nobody_else() {
    let stage = Stage::set().await;
    // More that hang than there are places for posts.
    stage.crowd(200).await;
    for number in (0..200).filter(|number| number % 4 != 0) {
        stage.gateway.breaks(&number.to_string(), Fault::Hangs);
    }
    everyone(&stage.app, &json!({})).await.unwrap();
    let before = stage.gateway.posted().len();

    let watch = Stopwatch::start();
    let delivered = stage.deliver().await;
    let all = watch.elapsed();

    assert_eq!((delivered.posted, delivered.left), (50, 150));
    let posted = stage.gateway.posted();
    let (first, last) = (posted[before].after, posted[posted.len() - 1].after);
    assert!(
        all >= Duration::from_secs(2),
        "those that hang are waited for: {all:?}"
    );
    assert!(
        last.saturating_sub(first) < Duration::from_secs(1),
        "{:?}",
        last.saturating_sub(first)
    );
}

#[tokio::test]
async fn a_connection_on_a_pause_delays_nobody_elses_events() {
    let stage = Stage::set().await;
    let (ann, ben, cid) = (
        stage.connected("ann").await,
        stage.connected("ben").await,
        stage.connected("cid").await,
    );
    paused(&stage, "ann");
    // Each post takes a while, so that cid's turn is over long before ben's first.
    stage.gateway.takes(Duration::from_millis(5));
    stage.trades(&ann, 1).await;
    stage.trades(&ben, 40).await;
    stage.trades(&cid, 1).await;

    stage.deliver().await;

    assert_eq!(stage.gateway.seqs_of("ben"), (1..=40).collect::<Vec<i64>>());
    assert_eq!(stage.gateway.posted().last().unwrap().connection, "ann");
}

#[tokio::test]
async fn what_is_written_while_a_connection_is_on_a_pause_does_not_wait_for_it() {
    let stage = Stage::set().await;
    let (ann, ben) = (stage.connected("ann").await, stage.connected("ben").await);
    paused(&stage, "ann");
    stage.trades(&ann, 1).await;

    tokio::join!(stage.deliver(), async {
        while stage.gateway.tries() == 0 {
            tokio::task::yield_now().await;
        }
        stage.trades(&ben, 1).await;
    });

    let order: Vec<String> = stage
        .gateway
        .posted()
        .into_iter()
        .map(|posted| posted.connection)
        .collect();
    assert_eq!(order, ["ben", "ann"]);
}

/// The next post to this connection is refused for three seconds.
fn paused(stage: &Stage, name: &str) {
    let fault = Fault::Throttled {
        times: 1,
        retry_after: Some(3),
    };
    stage.gateway.breaks(name, fault);
}

#[tokio::test]
async fn connections_that_hang_when_they_are_closed_hold_up_nobody_else() {
    let stage = Stage::set().await;
    let users = stage.crowd(200).await;
    for number in 10..200 {
        stage.gateway.breaks(&number.to_string(), Fault::Hangs);
    }
    super::tell(&stage.app, &users[..10]).await;
    let before = stage.gateway.elapsed();

    // Less than a close that hangs takes to fail.
    let tended = tend(&stage.app, Duration::from_millis(2_400)).await.unwrap();

    assert_eq!((tended.closed, tended.delivered.posted), (10, 10));
    let posted = stage.gateway.posted();
    let last = posted.last().unwrap().after.saturating_sub(before);
    assert!(
        last < Duration::from_secs(1),
        "events come before closing: {last:?}"
    );
    assert_eq!(stage.number("SELECT count(*) FROM push_connections").await, 190);
}

#[tokio::test]
async fn a_connection_that_can_never_be_closed_is_forgotten_when_its_time_has_long_been_over() {
    let stage = Stage::set().await;
    stage.person("ann").await.connects(&stage.app, "ann").await;
    stage.gateway.breaks("ann", Fault::Broken);
    let open = async || stage.number("SELECT count(*) FROM push_connections").await;

    stage.bundle.advance(SignedDuration::from_mins(130));
    tend(&stage.app, Duration::from_secs(20)).await.unwrap();
    assert_eq!(open().await, 1, "ten minutes after its end it is still tried");
    stage.bundle.advance(SignedDuration::from_secs(1));
    tend(&stage.app, Duration::from_secs(20)).await.unwrap();
    assert_eq!(open().await, 0);
}

#[tokio::test]
async fn what_is_old_is_deleted_in_batches_even_when_nothing_can_be_delivered() {
    let stage = Stage::set().await;
    let users = stage.crowd(1).await;
    let client = stage.bundle.database().client().await;
    let old = "INSERT INTO push_outbox (user_id, seq, event, data, created_at)
               SELECT $1, n, 'system:notice', '{}', '2024-01-01' FROM generate_series(1, 20001) AS n";
    client.execute(old, &[&users[0].uuid()]).await.unwrap();
    let breaks = "ALTER TABLE push_streams RENAME COLUMN held_until TO another";
    client.batch_execute(breaks).await.unwrap();

    tend(&stage.app, Duration::from_secs(20)).await.unwrap_err();

    assert_eq!(stage.number("SELECT count(*) FROM push_outbox").await, 0);
}

#[tokio::test]
async fn a_writer_is_never_failed_by_what_it_tells() {
    let stage = Stage::set().await;
    let ann = stage.connected("ann").await;
    stage.trades(&ann, 1).await;

    stage.bundle.postgres().refuse();
    deliver_after_commit(&stage.app, None).await;
    stage.bundle.postgres().pass();
    stage.gateway.breaks("ann", Fault::Hangs);
    let watch = Stopwatch::start();
    deliver_after_commit(&stage.app, Some(Duration::from_millis(300))).await;
    assert!(watch.elapsed() < Duration::from_secs(1), "{:?}", watch.elapsed());
    deliver_after_commit(&stage.app, Some(Duration::ZERO)).await;

    stage.gateway.mends("ann");
    stage.bundle.advance(SignedDuration::from_mins(1));
    stage.deliver().await;
    assert_eq!(stage.gateway.seqs_of("ann"), [1]);
}
