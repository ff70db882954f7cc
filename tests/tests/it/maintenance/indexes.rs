//! Bloated indexes become small, half-made ones whole; nothing that is valid is ever dropped.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use shared::db::admin::{self, Apart, Ended};
use tests::paper::Stage;

use super::*;

const BLOATED: [&str; 3] = [
    "data_collection_logs_by_source",
    "data_collection_logs_by_time",
    "data_collection_logs_pkey",
];

#[tokio::test]
async fn bloated_indexes_are_built_anew_and_become_small() {
    let stage = Stage::start().await;
    bloat(&stage).await;
    let all = indexes(stage.client()).await;
    let mut before = Vec::new();
    for index in BLOATED {
        before.push(size(stage.client(), index).await);
    }

    let report = maintained(&stage, &LIMITS).await;

    for (index, before) in BLOATED.into_iter().zip(before) {
        let after = size(stage.client(), index).await;
        assert!(after * 3 < before, "{index}: {before} -> {after}");
        let told = entry(&report, "rebuilt", "index", index);
        assert_eq!(
            (&told["bytes_before"], &told["bytes_after"], &told["outcome"]),
            (&json!(before), &json!(after), &json!("done"))
        );
        // The estimate was not far off.
        let needed = told["needed_bytes"].as_i64().unwrap();
        assert!(
            (after * 2 / 3..=after * 3 / 2).contains(&needed),
            "{index}: {needed}, {after}"
        );
    }
    assert_eq!(report["rebuilt"].as_array().unwrap().len(), 3, "{report:#}");
    assert_eq!(indexes(stage.client()).await, all);

    stage.app().clock.advance(SignedDuration::from_hours(24));
    assert_eq!(maintained(&stage, &LIMITS).await["rebuilt"], json!([]));
}

#[tokio::test]
async fn an_index_that_hardly_became_smaller_is_not_built_again_for_a_month() {
    let stage = Stage::start().await;
    bloat(&stage).await;
    let in_vain = json!({"rebuilt": [{"index": BLOATED[0], "bytes_before": 1000, "bytes_after": 950}]});
    let earlier = stage.app().clock.now() - SignedDuration::from_hours(24 * 20);
    let insert = "INSERT INTO maintenance_reports VALUES ($1, $1, $2)";
    stage
        .client()
        .execute(insert, &[&earlier, &in_vain])
        .await
        .unwrap();
    let before = size(stage.client(), BLOATED[0]).await;

    let report = maintained(&stage, &LIMITS).await;

    assert_eq!(
        entry(&report, "rebuilt", "index", BLOATED[0])["outcome"],
        "in_vain"
    );
    assert_eq!(entry(&report, "rebuilt", "index", BLOATED[1])["outcome"], "done");
    assert_eq!(size(stage.client(), BLOATED[0]).await, before);
    stage.app().clock.advance(SignedDuration::from_hours(24 * 11));
    let report = maintained(&stage, &LIMITS).await;
    assert_eq!(entry(&report, "rebuilt", "index", BLOATED[0])["outcome"], "done");
}

/// A unique index over what is not: PostgreSQL leaves it invalid.
async fn half_made(stage: &Stage, name: &str) {
    let sql = format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON data_collection_logs (data_source)");
    stage.client().batch_execute(&sql).await.unwrap_err();
}

#[tokio::test]
async fn invalid_indexes_are_repaired_and_told_where_that_cannot_be() {
    let stage = Stage::start().await;
    let given = "INSERT INTO data_collection_logs
                 SELECT gen_random_uuid(), 'source', '/', 'ok', 200, 1, n, NULL, '2024-03-01Z' FROM generate_series(1, 2) AS n;
                 CREATE INDEX in_use_ccnew ON users (name);";
    stage.client().batch_execute(given).await.unwrap();
    let all = indexes(stage.client()).await;
    half_made(&stage, "once_a_source").await;
    half_made(&stage, "data_collection_logs_by_time_ccnew").await;
    half_made(&stage, "data_collection_logs_by_time_ccold1").await;

    let failed = run(stage.app(), &LIMITS).await.unwrap_err().to_string();

    assert!(failed.contains("index once_a_source"), "{failed}");
    let report_of_first = report(&stage).await;
    let invalid: Vec<String> = indexes(stage.client())
        .await
        .into_iter()
        .filter(|index| !all.contains(index))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(invalid, ["once_a_source"], "{report_of_first:#}");
    let dropped = entry(
        &report_of_first,
        "repaired",
        "index",
        "data_collection_logs_by_time_ccold1",
    );
    assert_eq!(
        (&dropped["is_leftover"], &dropped["outcome"]),
        (&json!(true), &json!("done"))
    );

    // Somebody takes the second one away.
    let mend = "DELETE FROM data_collection_logs WHERE items = 2";
    stage.client().batch_execute(mend).await.unwrap();
    stage.app().clock.advance(SignedDuration::from_hours(24));
    let report = maintained(&stage, &LIMITS).await;
    assert_eq!(
        entry(&report, "repaired", "index", "once_a_source")["outcome"],
        "done"
    );
    let mut expected = all;
    expected.push(("once_a_source".to_owned(), true));
    expected.sort();
    assert_eq!(indexes(stage.client()).await, expected);
}

#[tokio::test]
async fn a_rebuilding_that_is_cut_short_leaves_what_the_next_run_takes_away() {
    let stage = Stage::start().await;
    bloat(&stage).await;
    let all = indexes(stage.client()).await;
    let apart = Apart::connect(&stage.database().settings(), Duration::from_secs(3))
        .await
        .unwrap();
    let mut reader = stage.database().client().await;
    let reading = reader.transaction().await.unwrap();
    reading
        .query("SELECT 1 FROM data_collection_logs LIMIT 1", &[])
        .await
        .unwrap();

    // It waits for the reader, with its copy begun.
    let cut = admin::reindex(&apart, BLOATED[0], Duration::from_millis(500)).await;

    assert_eq!(cut.unwrap(), Ended::OutOfTime);
    let left: Vec<(String, bool)> = indexes(stage.client())
        .await
        .into_iter()
        .filter(|index| !all.contains(index))
        .collect();
    assert_eq!(left, [("data_collection_logs_by_source_ccnew".to_owned(), false)]);
    reading.commit().await.unwrap();
    let report = maintained(&stage, &LIMITS).await;
    assert_eq!(entry(&report, "repaired", "index", &left[0].0)["outcome"], "done");
    assert_eq!(indexes(stage.client()).await, all);
}

#[tokio::test]
async fn an_index_that_somebody_builds_now_is_left_alone() {
    let stage = Stage::start().await;
    let mut writer = stage.database().client().await;
    let writing = writer.transaction().await.unwrap();
    let row = "INSERT INTO data_collection_logs
               SELECT gen_random_uuid(), 'source', '/', 'ok', 200, 1, 1, NULL, '2024-03-01Z'";
    writing.execute(row, &[]).await.unwrap();
    let builder = stage.database().client().await;
    let building = tokio::spawn(async move {
        let sql = "CREATE INDEX CONCURRENTLY new_one_ccnew ON data_collection_logs (items)";
        builder.batch_execute(sql).await
    });
    while !indexes(stage.client())
        .await
        .contains(&("new_one_ccnew".to_owned(), false))
    {
        tokio::task::yield_now().await;
    }

    let report = maintained(&stage, &IMPATIENT).await;

    assert_eq!(
        entry(&report, "repaired", "index", "new_one_ccnew")["outcome"],
        "being_built"
    );
    // VACUUM and CREATE INDEX keep each other out.
    assert_eq!(
        entry(&report, "vacuumed", "table", "data_collection_logs")["outcome"],
        "locked"
    );
    writing.commit().await.unwrap();
    building.await.unwrap().unwrap();
    assert!(
        indexes(stage.client())
            .await
            .contains(&("new_one_ccnew".to_owned(), true))
    );
}

#[tokio::test]
async fn unused_and_redundant_indexes_are_told_and_stay() {
    let stage = Stage::start().await;
    let before = maintained(&stage, &LIMITS).await;
    assert_eq!(before["redundant"], json!([]), "our own schema has none");
    let given = "CREATE INDEX probe_same ON data_collection_logs (data_source, created_at);
                 CREATE INDEX probe_prefix ON trades (user_id);
                 CREATE INDEX probe_other_rows ON trades (user_id) WHERE side = 'buy';
                 CREATE INDEX probe_used ON users (name);
                 CREATE UNIQUE INDEX probe_unique ON users (email, google_sub);
                 SET enable_seqscan = off;
                 SELECT 1 FROM users WHERE name = 'ann';";
    // A session of its own: what it scanned is told when it ends.
    let client = stage.database().client().await;
    client.batch_execute(given).await.unwrap();
    drop(client);
    let scans = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'probe_used'";
    while number(stage.client(), scans).await == 0 {
        tokio::task::yield_now().await;
    }
    let all = indexes(stage.client()).await;

    stage.app().clock.advance(SignedDuration::from_hours(24));
    let report = maintained(&stage, &LIMITS).await;

    let redundant: Vec<(&str, &str, bool)> = report["redundant"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| {
            (
                of["index"].as_str().unwrap(),
                of["covered_by"].as_str().unwrap(),
                of["is_duplicate"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        redundant,
        [
            ("probe_same", "data_collection_logs_by_source", true),
            ("probe_prefix", "trades_by_user", false)
        ]
    );
    let unused = report["unused"].as_array().unwrap();
    let is_unused = |name: &str| unused.iter().any(|of| of["index"] == name);
    assert!(is_unused("probe_same") && is_unused("probe_other_rows"));
    assert!(!is_unused("probe_used") && !is_unused("probe_unique") && !is_unused("trades_once"));
    assert_eq!(indexes(stage.client()).await, all);
}
