//! What keeps a decision from being traded, for somebody or for all.

use std::time::Duration;

use jiff::SignedDuration;
use shared::db::locks;
use shared::domain::decision::LockReason;
use shared::domain::identity::SubscriptionId;
use shared::services::trade::{self, TradeSummary};
use tests::paper::{Order, Stage, T, app_on};

use super::{assert_adds_up, decisions, trades_of, whole_trades_of};

fn usual() -> Order {
    Order::buy("0.0075", "60000", "3000")
}

const NONE: [&str; 0] = [];

#[tokio::test]
async fn a_lock_of_now_stops_a_decision_for_good() {
    let stage = Stage::start().await;
    let ann = stage.follower("ann", "hodl-wave", "10000").await;
    stage.decided(usual()).await;
    let (db, now) = (&stage.app().db, stage.app().clock.now());
    locks::set(db, LockReason::Operator, "a test", None, now)
        .await
        .unwrap();
    locks::set(db, LockReason::SourcesDisagree, "a test", None, now)
        .await
        .unwrap();

    let summary = trade::pending(stage.app(), None).await.unwrap();
    for reason in [LockReason::Operator, LockReason::SourcesDisagree] {
        locks::lift(db, reason, now).await.unwrap();
    }
    let later = trade::pending(stage.app(), None).await.unwrap();

    assert_eq!((summary.blocked, later), (1, TradeSummary::default()));
    assert_eq!(
        decisions(&stage).await,
        ["(blocked,\"operator, sources_disagree\",0,0,{})"]
    );
    assert_eq!(trades_of(&stage, ann).await, NONE);
}

#[tokio::test]
async fn a_lock_between_two_chunks_stops_the_rest() {
    let stage = Stage::start().await;
    for n in 0..5 {
        stage.follower(&format!("user-{n}"), "hodl-wave", "10000").await;
    }
    stage.decided(usual()).await;
    kill_after_first_chunk(&stage).await;
    let (db, now) = (&stage.app().db, stage.app().clock.now());
    locks::set(db, LockReason::Operator, "a test", None, now)
        .await
        .unwrap();

    trade::pending_by(stage.app(), None, 2).await.unwrap();

    assert_eq!(decisions(&stage).await, ["(blocked,operator,2,4,{})"]);
    assert_adds_up(&stage).await;
}

/// Trades chunks of two and is dropped as soon as one is there.
async fn kill_after_first_chunk(stage: &Stage) {
    let trading = trade::pending_by(stage.app(), None, 2);
    let watching = async {
        let watcher = stage.database().client().await;
        loop {
            let row = watcher
                .query_one("SELECT count(*) FROM trades", &[])
                .await
                .unwrap();
            if row.get::<_, i64>(0) > 0 {
                break;
            }
        }
    };
    // Another transaction holds the next chunk back, so that the watcher comes in time.
    let blocker = stage.database().client().await;
    blocker
        .batch_execute(
            "BEGIN; SELECT FROM subscriptions WHERE id > (SELECT id FROM subscriptions ORDER BY id OFFSET 1 LIMIT 1)
             FOR UPDATE",
        )
        .await
        .unwrap();
    tokio::select! {
        traded = trading => panic!("{traded:?}"),
        () = watching => {}
    }
    blocker.batch_execute("COMMIT").await.unwrap();
}

#[tokio::test]
async fn a_decision_is_traded_until_an_hour_after_its_time() {
    for (minutes, expected) in [
        (57, "(traded,,2,4,{})"),
        (58, "(expired,\"not traded within 60 minutes\",0,0,{})"),
    ] {
        let stage = Stage::start().await;
        stage.follower("ann", "hodl-wave", "10000").await;
        stage.decided(usual()).await;
        // The stage begins two minutes after T.
        stage.app().clock.advance(SignedDuration::from_mins(minutes));

        trade::pending(stage.app(), None).await.unwrap();

        assert_eq!(decisions(&stage).await, [expected], "{minutes} minutes later");
    }
}

#[tokio::test]
async fn whoever_pauses_or_comes_later_does_not_take_part() {
    let stage = Stage::start().await;
    let paused = stage.follower("ann", "hodl-wave", "10000").await;
    let takes_part = stage.follower("ben", "hodl-wave", "10000").await;
    let late = stage.user("cid").await;
    let at: jiff::Timestamp = T.parse().unwrap();
    let late = stage
        .subscribe(late, "hodl-wave", "10000", at + SignedDuration::from_secs(1))
        .await;
    stage.decided(usual()).await;
    let sql = format!("UPDATE subscriptions SET status = 'paused' WHERE id = '{paused}'");
    stage.client().batch_execute(&sql).await.unwrap();

    trade::pending(stage.app(), None).await.unwrap();

    assert_eq!(trades_of(&stage, paused).await, NONE);
    assert_eq!(trades_of(&stage, late).await, NONE);
    assert_eq!(trades_of(&stage, takes_part).await.len(), 2);
}

#[tokio::test]
async fn a_change_that_came_first_counts() {
    let stage = Stage::start().await;
    let paused = stage.follower("ann", "hodl-wave", "10000").await;
    let richer = stage.follower("ben", "hodl-wave", "5000").await;
    stage.decided(usual()).await;
    // A user's transaction is at work on both when the chunk comes.
    let user = stage.database().client().await;
    let sql = format!(
        "BEGIN; SELECT FROM subscriptions WHERE user_id IS NOT NULL ORDER BY id FOR UPDATE;
         UPDATE subscriptions SET status = 'paused' WHERE id = '{paused}';
         INSERT INTO holdings VALUES ('{richer}', 'BTC', 1, 50000);
         UPDATE subscriptions SET paid_in = 60000, cash = 10000 WHERE id = '{richer}'"
    );
    user.batch_execute(&sql).await.unwrap();

    let trading = trade::pending(stage.app(), None);
    let committing = async {
        let waiting = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while stage
            .client()
            .query_one(waiting, &[])
            .await
            .unwrap()
            .get::<_, i64>(0)
            == 0
        {}
        user.batch_execute("COMMIT").await.unwrap();
    };
    let (summary, ()) = tokio::join!(trading, committing);

    assert_eq!(summary.unwrap().subscriptions, 2);
    assert_eq!(trades_of(&stage, paused).await, NONE);
    // 0.0075 of 10,000 + 60,000: the holding that came while the chunk waited is part of the equity.
    // 315 of its 525 buy BTC, 210 ETH.
    assert_eq!(
        whole_trades_of(&stage, richer).await,
        [
            "(buy,BTC,0.00524,60000,60030,314.5572,0.3145572,314.8717572,,9685.1282428)",
            "(buy,ETH,0.0699,3000,3001.5,209.80485,0.20980485,210.01465485,,9475.11358795)",
        ]
    );
    let held = stage
        .rows("SELECT trim_scale(quantity) FROM holdings WHERE quantity > 1")
        .await;
    assert_eq!(held, ["(1.00524)"]);
}

/// A decision of each strategy, and who follows which: that of `hodl-wave` comes first.
async fn two_decisions(stage: &Stage) -> [SubscriptionId; 2] {
    let first = stage.follower("ann", "hodl-wave", "10000").await;
    let second = stage.follower("ben", "swing-4h", "10000").await;
    let at: jiff::Timestamp = T.parse().unwrap();
    stage.decide("hodl-wave", at, usual()).await;
    stage
        .decide("swing-4h", at + SignedDuration::from_secs(1), usual())
        .await;
    [first, second]
}

#[tokio::test]
async fn a_subscription_that_is_held_keeps_only_its_own_decision_from_being_traded() {
    let stage = Stage::start().await;
    let [held, other] = two_decisions(&stage).await;
    let url = format!("{}?options=-c%20statement_timeout%3D1000", stage.database().url());
    let impatient = app_on(&url, stage.app().clock.now()).await;
    let holder = stage.database().client().await;
    let sql = format!("BEGIN; SELECT FROM subscriptions WHERE id = '{held}' FOR UPDATE");
    holder.batch_execute(&sql).await.unwrap();

    let first = trade::pending(&impatient, None).await.unwrap();

    assert_eq!((first.left, first.traded, first.subscriptions), (1, 1, 2));
    assert_eq!(trades_of(&stage, held).await, NONE);
    assert_eq!(trades_of(&stage, other).await.len(), 2);
    assert_eq!(decisions(&stage).await, ["(pending,,0,0,{})", "(traded,,2,4,{})"]);

    holder.batch_execute("COMMIT").await.unwrap();
    let next = trade::pending(&impatient, None).await.unwrap();

    assert_eq!((next.left, next.traded, next.subscriptions), (0, 1, 2));
    assert_eq!(trades_of(&stage, held).await.len(), 2);
    assert_adds_up(&stage).await;
}

/// Lets so many attempts to write trades of `hodl-wave` end as if they had met a deadlock.
async fn deadlocks(stage: &Stage, times: u32) {
    // A sequence is not rolled back: it counts attempts.
    let sql = format!(
        "CREATE SEQUENCE attempts;
         CREATE FUNCTION deadlock() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
             IF NEW.strategy_id = 'hodl-wave' AND nextval('attempts') <= {times} THEN
                 RAISE EXCEPTION 'a deadlock' USING ERRCODE = '40P01';
             END IF;
             RETURN NEW;
         END $$;
         CREATE TRIGGER deadlock BEFORE INSERT ON trades FOR EACH ROW EXECUTE FUNCTION deadlock()"
    );
    stage.client().batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn a_chunk_that_meets_conflicts_is_tried_three_times() {
    for (conflicts, left, shown) in [
        (2, 0, ["(traded,,2,4,{})", "(traded,,2,4,{})"]),
        (3, 1, ["(pending,,0,0,{})", "(traded,,2,4,{})"]),
    ] {
        let stage = Stage::start().await;
        two_decisions(&stage).await;
        deadlocks(&stage, conflicts).await;

        let summary = trade::pending(stage.app(), None).await.unwrap();

        assert_eq!((summary.left, summary.traded), (left, 2 - left), "{conflicts}");
        assert_eq!(decisions(&stage).await, shown, "{conflicts}");
        assert_adds_up(&stage).await;
    }
}

#[tokio::test]
async fn a_hold_trades_nothing() {
    let stage = Stage::start().await;
    stage.follower("ann", "hodl-wave", "10000").await;
    stage.decided(Order::hold("60000", "3000")).await;

    let summary = trade::pending(stage.app(), None).await.unwrap();

    assert_eq!(summary, TradeSummary::default());
    assert_eq!(decisions(&stage).await, ["(nothing,,0,0,{})"]);
}

#[tokio::test]
async fn a_leg_without_a_price_is_left_out() {
    let stage = Stage::start().await;
    let ann = stage.follower("ann", "hodl-wave", "10000").await;
    let holder = stage.follower("ben", "hodl-wave", "10000").await;
    let sql = format!(
        "INSERT INTO holdings VALUES ('{holder}', 'ETH', 1, 1000);
         UPDATE subscriptions SET cash = 9000 WHERE id = '{holder}'"
    );
    stage.client().batch_execute(&sql).await.unwrap();
    stage.decided(Order::buy("0.0075", "60000", "-")).await;

    trade::pending(stage.app(), None).await.unwrap();

    assert_eq!(trades_of(&stage, ann).await, ["buy BTC 0.00074 9955.5333778"]);
    assert_eq!(trades_of(&stage, holder).await, NONE);
    assert_eq!(
        decisions(&stage).await,
        ["(traded,,3,2,\"{\"\"equity_unknown\"\": 1}\")"]
    );
}

#[tokio::test]
async fn a_book_that_does_not_add_up_stops_nobody_else() {
    let stage = Stage::start().await;
    let wrong = stage.follower("ann", "hodl-wave", "10000").await;
    let right = stage.follower("ben", "hodl-wave", "10000").await;
    let sql = format!("UPDATE subscriptions SET cash = cash + 1 WHERE id = '{wrong}'");
    stage.client().batch_execute(&sql).await.unwrap();
    stage.decided(usual()).await;

    trade::pending(stage.app(), None).await.unwrap();

    assert_eq!(trades_of(&stage, wrong).await, NONE);
    assert_eq!(trades_of(&stage, right).await.len(), 2);
    let outcome = stage
        .rows("SELECT trim_scale(cash), last_outcome FROM subscriptions WHERE cash > 10000")
        .await;
    assert_eq!(outcome, ["(10001,wrong_book)"]);
    assert_eq!(
        decisions(&stage).await,
        ["(traded,,3,4,\"{\"\"wrong_book\"\": 1}\")"]
    );
}

#[tokio::test]
async fn what_the_time_does_not_allow_is_left_to_the_next_run() {
    let stage = Stage::start().await;
    stage.follower("ann", "hodl-wave", "10000").await;
    stage.decided(usual()).await;

    let none = trade::pending(stage.app(), Some(Duration::ZERO)).await.unwrap();
    let then = trade::pending(stage.app(), Some(Duration::from_mins(1)))
        .await
        .unwrap();

    assert_eq!((none.left, none.subscriptions), (1, 0));
    assert_eq!((then.left, then.traded, then.subscriptions), (0, 1, 2));
}
