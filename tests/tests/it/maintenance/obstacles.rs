//! Somebody in the way, too little time, and runs that are ended anywhere.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use shared::clock::Stopwatch;
use tests::paper::Stage;

use super::*;
use tests::kill::kill_after;

/// A stage with work of every kind.
async fn neglected() -> Stage {
    let stage = Stage::start().await;
    bloat(&stage).await;
    let old = "INSERT INTO strategy_executions
               SELECT gen_random_uuid(), 'hodl-wave', '2020-01-01Z'::timestamptz + n * interval '4 hours', 'skipped', NULL,
                      NULL, '{}', '2020-01-01Z'
               FROM generate_series(1, 120) AS n";
    stage.client().batch_execute(old).await.unwrap();
    let half = "CREATE UNIQUE INDEX CONCURRENTLY data_collection_logs_by_time_ccnew ON data_collection_logs (data_source)";
    stage.client().batch_execute(half).await.unwrap_err();
    stage
}

/// Whether everything of that is done.
async fn assert_well_kept(stage: &Stage, bloated: i64) {
    let old = "SELECT count(*) FROM strategy_executions";
    assert_eq!(number(stage.client(), old).await, 0);
    let all = indexes(stage.client()).await;
    assert!(all.iter().all(|(_, is_valid)| *is_valid), "{all:?}");
    let rows = "SELECT count(*) FROM data_collection_logs";
    assert_eq!(number(stage.client(), rows).await, 3_000);
    let after = size(stage.client(), "data_collection_logs_by_time").await;
    assert!(after * 3 < bloated, "{bloated} -> {after}");
}

#[tokio::test]
async fn a_table_that_somebody_has_locked_is_left_and_the_others_are_done() {
    let stage = neglected().await;
    let bloated = size(stage.client(), "data_collection_logs_by_time").await;
    let mut somebody = stage.database().client().await;
    let held = somebody.transaction().await.unwrap();
    held.batch_execute("LOCK TABLE data_collection_logs IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let watch = Stopwatch::start();

    let told = run(stage.app(), &IMPATIENT).await.unwrap();

    assert!(watch.elapsed() < Duration::from_secs(30), "{:?}", watch.elapsed());
    let report_of_first = report(&stage).await;
    assert_eq!(
        entry(&report_of_first, "vacuumed", "table", "data_collection_logs")["outcome"],
        "locked"
    );
    let others = report_of_first["vacuumed"].as_array().unwrap();
    let left: Vec<&Value> = others
        .iter()
        .filter(|of| of["outcome"] != "done")
        .map(|of| &of["table"])
        .collect();
    assert_eq!(left, ["data_collection_logs"]);
    let expired = report_of_first["expired"].as_array().unwrap();
    let left: Vec<&Value> = expired
        .iter()
        .filter(|of| of["outcome"] != "done")
        .map(|of| &of["rows"])
        .collect();
    assert_eq!(left, ["collection_logs"]);
    assert_eq!(
        entry(&report_of_first, "expired", "rows", "executions")["deleted"],
        120
    );
    assert!(told.left >= 3, "{told:#?}");
    assert!(
        told.summary
            .iter()
            .any(|line| line.starts_with("Left to the next run: rows data_collection_logs (locked)")),
        "{told:#?}"
    );

    held.rollback().await.unwrap();
    stage.app().clock.advance(SignedDuration::from_hours(24));
    maintained(&stage, &LIMITS).await;
    assert_well_kept(&stage, bloated).await;
}

#[tokio::test]
async fn too_little_time_leaves_nothing_half_done_and_the_next_run_goes_on() {
    let stage = neglected().await;
    let bloated = size(stage.client(), "data_collection_logs_by_time").await;
    let mut before = 120;
    for ms in [0, 30, 100, 300] {
        let time = Duration::from_millis(ms);
        let watch = Stopwatch::start();
        let told = maintain(stage.app(), stage.app().clock.now(), time, &LIMITS)
            .await
            .unwrap();
        // What is not limited are looks at the catalog and the report.
        assert!(
            watch.elapsed() < time + Duration::from_secs(3),
            "{ms}: {:?}",
            watch.elapsed()
        );
        let rows = number(stage.client(), "SELECT count(*) FROM strategy_executions").await;
        assert!(rows <= before, "{rows}");
        if ms == 0 {
            assert_eq!(rows, 120);
            let report = report(&stage).await;
            assert_eq!(report["vacuumed"][0]["outcome"], "out_of_time");
            assert_eq!(report["expired"][0]["outcome"], "out_of_time");
            assert_eq!(report["repaired"][0]["outcome"], "out_of_time");
            assert!(told.left > 20, "{told:#?}");
        }
        before = rows;
        stage.app().clock.advance(SignedDuration::from_secs(1));
    }

    let report = maintained(&stage, &LIMITS).await;

    assert_well_kept(&stage, bloated).await;
    assert_eq!(report["failures"], json!([]));
}

#[tokio::test]
async fn a_run_that_is_killed_anywhere_is_made_up_for_by_later_ones() {
    for waits in [4, 12, 30, 60, 90, 120, 150, 200, 260] {
        let stage = neglected().await;
        let bloated = size(stage.client(), "data_collection_logs_by_time").await;

        let _killed = kill_after(waits, run(stage.app(), &LIMITS)).await;

        // What the killed one had begun may go on in the server for a second.
        for _ in 0..10 {
            stage.app().clock.advance(SignedDuration::from_secs(1));
            if run(stage.app(), &LIMITS).await.unwrap().left == 0 {
                break;
            }
        }
        assert_well_kept(&stage, bloated).await;
    }
}

#[tokio::test]
async fn what_a_killed_run_was_at_is_ended_by_the_server() {
    let stage = neglected().await;
    let mut reader = stage.database().client().await;
    let reading = reader.transaction().await.unwrap();
    reading
        .query("SELECT 1 FROM data_collection_logs LIMIT 1", &[])
        .await
        .unwrap();
    let at_work = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'DROP INDEX%'";

    // It waits for the reader, which would be for minutes.
    let patient = Limits {
        index_patience: Duration::from_mins(2),
        ..LIMITS
    };
    let app = stage.app().clone();
    let running = tokio::spawn(async move { run(&app, &patient).await.map(|_| ()) });
    while number(stage.client(), at_work).await == 0 {
        tokio::task::yield_now().await;
    }
    running.abort();
    let watch = Stopwatch::start();
    while number(stage.client(), at_work).await > 0 {
        tokio::task::yield_now().await;
        assert!(watch.elapsed() < Duration::from_secs(15), "it goes on");
    }
    reading.commit().await.unwrap();
}
