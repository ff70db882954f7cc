//! A run of a scheduled job counts once, however often it is delivered.

use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::json;
use shared::db::Db;
use shared::db::job_runs::{self, Begun, RunKey};
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
    job_runs::begin(db, key(), now + hours(1), now).await.unwrap()
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
    let over = lease() + jiff::SignedDuration::from_micros(1);
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
        let begun = job_runs::begin(&db, other, lease(), noon()).await.unwrap();
        assert_eq!(begun, Begun::Started { attempt: 1 });
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
