//! A run of a scheduled job counts once, however often it is delivered.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared::db::Db;
use shared::db::job_runs::{self, Begun, Company, RunKey, Turn};
use tests::database::Database;

use super::{hours, noon, rows};

fn key() -> RunKey<'static> {
    RunKey {
        job: "collect-prices",
        scheduled_at: noon(),
    }
}

fn lease() -> Timestamp {
    noon() + hours(1)
}

async fn begin(db: &Db, now: Timestamp) -> Begun {
    ours(turn(db, key(), Company::Welcome, now).await)
}

/// A turn with a lease of an hour.
async fn turn(db: &Db, key: RunKey<'_>, company: Company, now: Timestamp) -> Turn {
    job_runs::begin(db, key, company, now + hours(1), now)
        .await
        .unwrap()
}

fn ours(turn: Turn) -> Begun {
    match turn {
        Turn::Ours(begun) => begun,
        Turn::Theirs { until } => panic!("left to another run until {until}"),
    }
}

#[tokio::test]
async fn a_run_that_is_done_gives_its_result_to_every_later_delivery() {
    let database = Database::fresh().await;
    let db = database.db();
    let result = json!({ "candles": { "inserted": 12 } });
    assert_eq!(begin(&db, noon()).await, Begun::Started { attempt: 1 });

    assert!(job_runs::finish(&db, key(), 1, &result, noon()).await.unwrap());

    assert_eq!(begin(&db, noon()).await, Begun::AlreadyDone(result.clone()));
    assert_eq!(begin(&db, noon() + hours(48)).await, Begun::AlreadyDone(result));
    assert!(
        !job_runs::finish(&db, key(), 1, &json!(null), noon())
            .await
            .unwrap()
    );
    assert!(!job_runs::fail(&db, key(), 1, "too late", noon()).await.unwrap());
}

#[tokio::test]
async fn a_run_at_work_is_left_to_whoever_is_at_it_until_its_lease_is_over() {
    let database = Database::fresh().await;
    let db = database.db();
    assert_eq!(begin(&db, noon()).await, Begun::Started { attempt: 1 });

    assert_eq!(begin(&db, noon()).await, Begun::Running);
    assert_eq!(
        begin(&db, lease()).await,
        Begun::Running,
        "the lease includes its last moment"
    );
    let over = lease() + SignedDuration::from_micros(1);
    assert_eq!(begin(&db, over).await, Begun::Started { attempt: 2 });
    assert_eq!(
        begin(&db, over).await,
        Begun::Running,
        "the new one has a lease of its own"
    );
}

#[tokio::test]
async fn an_attempt_that_was_taken_over_can_neither_finish_nor_fail() {
    let database = Database::fresh().await;
    let db = database.db();
    begin(&db, noon()).await;
    let later = lease() + hours(1);
    assert_eq!(begin(&db, later).await, Begun::Started { attempt: 2 });

    assert!(
        !job_runs::finish(&db, key(), 1, &json!("the first's"), later)
            .await
            .unwrap()
    );
    assert!(!job_runs::fail(&db, key(), 1, "the first's", later).await.unwrap());

    assert_eq!(begin(&db, later).await, Begun::Running);
    assert!(
        job_runs::finish(&db, key(), 2, &json!("the second's"), later)
            .await
            .unwrap()
    );
    assert_eq!(begin(&db, later).await, Begun::AlreadyDone(json!("the second's")));
}

#[tokio::test]
async fn a_failed_run_is_run_again_at_once() {
    let database = Database::fresh().await;
    let db = database.db();
    let client = database.client().await;
    let row = "SELECT status, attempts, started_at, finished_at, error FROM job_runs";
    begin(&db, noon()).await;

    assert!(
        job_runs::fail(&db, key(), 1, "the exchange is gone", noon())
            .await
            .unwrap()
    );

    let failed = json!({ "status": "failed", "attempts": 1, "started_at": "2026-03-01T12:00:00+00:00",
        "finished_at": "2026-03-01T12:00:00+00:00", "error": "the exchange is gone" });
    assert_eq!(rows(&client, row).await, [failed]);
    assert_eq!(begin(&db, noon() + hours(1)).await, Begun::Started { attempt: 2 });
    let running = json!({ "status": "running", "attempts": 2, "started_at": "2026-03-01T13:00:00+00:00",
        "finished_at": null, "error": null });
    assert_eq!(rows(&client, row).await, [running]);
}

#[tokio::test]
async fn a_result_of_nothing_is_a_result() {
    let database = Database::fresh().await;
    let db = database.db();
    begin(&db, noon()).await;

    assert!(
        job_runs::finish(&db, key(), 1, &json!(null), noon())
            .await
            .unwrap()
    );

    assert_eq!(begin(&db, noon()).await, Begun::AlreadyDone(json!(null)));
}

#[tokio::test]
async fn another_time_and_another_job_are_other_runs() {
    let database = Database::fresh().await;
    let db = database.db();
    begin(&db, noon()).await;
    let others = [
        RunKey {
            job: "collect-macro",
            scheduled_at: noon(),
        },
        RunKey {
            job: "collect-prices",
            scheduled_at: noon() + hours(1),
        },
    ];

    for other in others {
        let begun = turn(&db, other, Company::Welcome, noon()).await;
        assert_eq!(begun, Turn::Ours(Begun::Started { attempt: 1 }));
    }
}

#[tokio::test]
async fn of_twenty_deliveries_at_once_exactly_one_starts() {
    let database = Database::fresh().await;
    let db = database.db();

    for (now, attempt) in [(noon(), 1), (lease() + hours(1), 2)] {
        let begun = join_all((0..20).map(|_| begin(&db, now))).await;

        let count = |wanted: &Begun| begun.iter().filter(|begun| *begun == wanted).count();
        assert_eq!(
            (count(&Begun::Started { attempt }), count(&Begun::Running)),
            (1, 19),
            "{begun:?}"
        );
    }
}

fn minutes_later(minutes: i64) -> RunKey<'static> {
    RunKey {
        scheduled_at: noon() + SignedDuration::from_mins(minutes),
        ..key()
    }
}

const STARTED: Turn = Turn::Ours(Begun::Started { attempt: 1 });

#[tokio::test]
async fn alone_a_run_leaves_while_one_for_another_time_may_be_at_work() {
    let database = Database::fresh().await;
    let db = database.db();
    assert_eq!(turn(&db, key(), Company::Unwelcome, noon()).await, STARTED);
    let theirs = Turn::Theirs { until: lease() };

    assert_eq!(
        turn(&db, minutes_later(5), Company::Unwelcome, noon()).await,
        theirs
    );
    assert_eq!(
        turn(&db, minutes_later(5), Company::Unwelcome, lease()).await,
        theirs,
        "the lease includes its last moment"
    );
    let written = "SELECT count(*) AS runs FROM job_runs";
    assert_eq!(
        rows(&database.client().await, written).await,
        [json!({ "runs": 1 })],
        "who leaves writes nothing"
    );
    let other_job = RunKey {
        job: "collect-macro",
        ..minutes_later(5)
    };
    assert_eq!(turn(&db, other_job, Company::Unwelcome, noon()).await, STARTED);
    assert_eq!(
        turn(&db, minutes_later(5), Company::Welcome, noon()).await,
        STARTED,
        "who works alone is not in the way of who does not"
    );
}

#[tokio::test]
async fn alone_a_run_begins_as_soon_as_the_other_one_is_done_or_has_failed() {
    let database = Database::fresh().await;
    let db = database.db();
    turn(&db, key(), Company::Unwelcome, noon()).await;
    job_runs::finish(&db, key(), 1, &json!(null), noon())
        .await
        .unwrap();

    assert_eq!(
        turn(&db, minutes_later(5), Company::Unwelcome, noon()).await,
        STARTED
    );
    job_runs::fail(&db, minutes_later(5), 1, "the exchange is gone", noon())
        .await
        .unwrap();
    assert_eq!(
        turn(&db, minutes_later(10), Company::Unwelcome, noon()).await,
        STARTED
    );
}

#[tokio::test]
async fn alone_a_run_is_not_kept_out_by_one_that_was_killed_once_its_lease_ran_out() {
    let database = Database::fresh().await;
    let db = database.db();
    turn(&db, key(), Company::Unwelcome, noon()).await;
    let over = lease() + SignedDuration::from_micros(1);

    assert_eq!(
        turn(&db, minutes_later(5), Company::Unwelcome, over).await,
        STARTED
    );
    assert_eq!(
        turn(&db, key(), Company::Unwelcome, over).await,
        Turn::Theirs {
            until: over + hours(1)
        },
        "the killed one's time comes again after the one at work"
    );
}

#[tokio::test]
async fn a_delivery_of_its_own_run_is_no_company() {
    let database = Database::fresh().await;
    let db = database.db();
    turn(&db, key(), Company::Unwelcome, noon()).await;

    let again = turn(&db, key(), Company::Unwelcome, noon()).await;

    assert_eq!(again, Turn::Ours(Begun::Running));
}

#[tokio::test]
async fn of_eight_runs_for_different_times_that_begin_at_once_one_works_and_seven_leave() {
    let database = Database::fresh().await;
    let db = database.db();

    let turns = join_all((0..8).map(|n| turn(&db, minutes_later(n), Company::Unwelcome, noon()))).await;

    let count = |wanted: &Turn| turns.iter().filter(|turn| *turn == wanted).count();
    let theirs = Turn::Theirs { until: lease() };
    assert_eq!((count(&STARTED), count(&theirs)), (1, 7), "{turns:?}");
}
