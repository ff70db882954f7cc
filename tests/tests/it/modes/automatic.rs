//! The database refuses writes: the process finds out by itself, and that it is over too.

use std::time::Duration;

use futures_util::future::join_all;
use shared::clock::Stopwatch;

use super::*;

/// Every new row of a table fails as on a full disk.
const FULL: &str = "
    CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
    END
    $$;
    CREATE TRIGGER disk_is_full BEFORE INSERT ON portfolio_entries EXECUTE FUNCTION disk_is_full()";

async fn execute(bundle: &Bundle, sql: &str) {
    bundle.database().client().await.batch_execute(sql).await.unwrap();
}

async fn deposits(bundle: &Bundle) -> usize {
    bundle
        .rows("SELECT 1 FROM portfolio_entries WHERE amount = -1")
        .await
        .len()
}

#[tokio::test]
async fn a_failover_turns_changes_off_and_on_again_without_anybody_doing_anything() {
    let bundle = Bundle::start().await;
    let (ada, ann) = (admin(&bundle).await, follower(&bundle, "ann").await);
    refuse_writes(&bundle, true).await;

    let first = deposit(&ann).await;
    assert_eq!(refused(&first), closed("READ_ONLY", "2"));
    assert_eq!(first.json()["error"]["details"]["mode"], "read_only");
    assert_eq!(ann.get(PORTFOLIO).await.json()["data"]["stale"], false);
    let shown = bundle.get_as(&ada, MODE).await.json();
    assert_eq!(shown["data"]["mode"], "normal", "nobody set one");
    assert_eq!(shown["data"]["database_takes_writes"], false);

    // It is well again, and not asked for two seconds.
    refuse_writes(&bundle, false).await;
    bundle.advance(SignedDuration::from_millis(1_999));
    assert_eq!(refused(&deposit(&ann).await), closed("READ_ONLY", "1"));
    bundle.advance(SignedDuration::from_millis(1));
    assert_eq!(deposit(&ann).await.status, 200);
    assert_eq!(deposit(&ann).await.status, 200);
    assert_eq!(deposits(&bundle).await, 2);
}

#[tokio::test]
async fn on_a_full_disk_one_change_at_a_time_is_tried_every_two_seconds() {
    let bundle = Bundle::start().await;
    let ann = follower(&bundle, "ann").await;
    execute(&bundle, FULL).await;
    for _ in 0..3 {
        // The one that is let through is refused by the database, the others are not let through.
        let answers = join_all((0..4).map(|_| deposit(&ann))).await;
        assert!(answers.iter().all(|answer| refused(answer).1 == "READ_ONLY"));
        bundle.advance(seconds(2));
    }

    execute(&bundle, "DROP TRIGGER disk_is_full ON portfolio_entries").await;
    // The one that is let through waits for somebody; meanwhile the door stays closed.
    let client = bundle.database().client().await;
    client
        .batch_execute("BEGIN; LOCK TABLE portfolio_entries IN SHARE MODE")
        .await
        .unwrap();
    let waiting = {
        let bundle = &bundle;
        let ann = &ann;
        async move {
            let (tried, others) = tokio::join!(deposit(ann), async {
                while bundle
                    .rows("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'portfolio_entries'::regclass")
                    .await
                    .is_empty()
                {
                    tokio::task::yield_now().await;
                }
                let others = join_all((0..3).map(|_| deposit(ann))).await;
                client.batch_execute("COMMIT").await.unwrap();
                others
            });
            (tried, others)
        }
    };
    let (tried, others) = waiting.await;
    assert!(
        others
            .iter()
            .all(|answer| refused(answer) == closed("READ_ONLY", "1"))
    );
    assert_eq!(tried.status, 200, "{}", tried.json());
    assert_eq!(deposit(&ann).await.status, 200);
    assert_eq!(deposits(&bundle).await, 2);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_says_nothing_about_the_database() {
    let bundle = Bundle::start().await;
    let ann = follower(&bundle, "ann").await;
    refuse_writes(&bundle, true).await;
    assert_eq!(refused(&deposit(&ann).await), closed("READ_ONLY", "2"));
    bundle.advance(seconds(2));

    let wrong = ann
        .send(Method::PATCH, SUBSCRIPTION, json!({ "deposit": "-1" }))
        .await;
    let anonymous = bundle
        .send(Method::PATCH, SUBSCRIPTION, |request| {
            request.json(&json!({ "deposit": "1" }))
        })
        .await;
    // Neither opened the door, nor does either keep the next one from being tried.
    let tried = deposit(&ann).await;

    assert_eq!((wrong.status.as_u16(), anonymous.status.as_u16()), (400, 401));
    assert_eq!(refused(&tried), closed("READ_ONLY", "2"));
    refuse_writes(&bundle, false).await;
    bundle.advance(seconds(2));
    assert_eq!(deposit(&ann).await.status, 200);
}

#[tokio::test]
async fn a_database_that_is_gone_is_no_database_that_refuses() {
    let bundle = Bundle::start().await;
    let ann = follower(&bundle, "ann").await;
    bundle.postgres().refuse();

    let gone = deposit(&ann).await;
    assert_eq!(refused(&gone), closed("SERVICE_UNAVAILABLE", "10"));

    bundle.postgres().pass();
    assert_eq!(deposit(&ann).await.status, 200, "nothing had to be waited for");
}

#[tokio::test]
async fn a_mode_can_be_set_as_soon_as_the_database_takes_it() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    refuse_writes(&bundle, true).await;
    let wanted = json!({ "mode": "read_only", "notice": NOTICE });

    assert_eq!(
        refused(&set(&bundle, &ada, wanted.clone()).await),
        closed("READ_ONLY", "2")
    );

    refuse_writes(&bundle, false).await;
    bundle.advance(seconds(2));
    assert_eq!(set(&bundle, &ada, wanted).await.status, 200);
}

#[tokio::test]
async fn a_database_that_hangs_holds_nobody_up_for_the_sake_of_the_mode() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let scores = async || {
        let watch = Stopwatch::start();
        assert_eq!(bundle.get("/api/v1/agents/scores").await.status, 200);
        watch.elapsed()
    };
    scores().await;
    bundle.postgres().stall();

    bundle.advance(seconds(4));
    let first = scores().await;
    bundle.advance(seconds(4));
    let second = scores().await;
    let known = scores().await;

    assert!(
        first < Duration::from_secs(2),
        "a second is waited once: {first:?}"
    );
    assert!(second < Duration::from_millis(900), "then a quarter: {second:?}");
    assert!(
        known < Duration::from_millis(200),
        "then nothing for four: {known:?}"
    );
}
