//! VACUUM and ANALYZE really happen, and what takes room is told.

use std::collections::BTreeSet;

use serde_json::json;
use shared::db::admin::ensure_partitions;
use shared::domain::market::Timeframe;
use tests::paper::Stage;

use super::*;

#[tokio::test]
async fn every_table_is_vacuumed_the_one_with_most_dead_rows_first() {
    let stage = Stage::start().await;
    let (from, to) = (at("2024-01-01T00:00:00Z"), at("2024-02-01T00:00:00Z"));
    ensure_partitions(&stage.app().db, Timeframe::H1, from, to)
        .await
        .unwrap();
    bloat(&stage).await;

    let report = maintained(&stage, &LIMITS).await;

    let vacuumed = report["vacuumed"].as_array().unwrap();
    assert_eq!(vacuumed[0]["table"], "data_collection_logs");
    assert_eq!(vacuumed[0]["dead"], 27_000);
    let left: Vec<&Value> = vacuumed.iter().filter(|of| of["outcome"] != "done").collect();
    assert_eq!(left, [&Value::Null; 0]);
    let in_report: BTreeSet<&str> = vacuumed.iter().filter_map(|of| of["table"].as_str()).collect();
    assert!(in_report.contains("market_data_1h_2024_01"));
    // Nobody else analyses a partitioned table: its partitions alone say nothing of the whole.
    assert!(in_report.contains("market_data"));
    let known =
        "SELECT relname::text, n_dead_tup, vacuum_count > 0 AND analyze_count > 0 FROM pg_stat_user_tables
                 WHERE relname IN ('data_collection_logs', 'trades', 'market_data_1h_2024_01') ORDER BY 1";
    assert_eq!(
        stage.rows(known).await,
        [
            "(data_collection_logs,0,t)",
            "(market_data_1h_2024_01,0,t)",
            "(trades,0,t)"
        ]
    );
}

#[tokio::test]
async fn room_that_dead_rows_took_is_used_again() {
    let stage = Stage::start().await;
    bloat(&stage).await;
    maintained(&stage, &LIMITS).await;
    let before = size(stage.client(), "data_collection_logs").await;

    let more = "INSERT INTO data_collection_logs
                SELECT gen_random_uuid(), 'source', '/path', 'ok', 200, 10, n, NULL, '2024-03-01Z'
                FROM generate_series(1, 20000) AS n";
    stage.client().batch_execute(more).await.unwrap();

    assert_eq!(size(stage.client(), "data_collection_logs").await, before);
}

#[tokio::test]
async fn the_report_says_what_takes_room() {
    let stage = Stage::start().await;
    bloat(&stage).await;

    let report = maintained(&stage, &LIMITS).await;

    let largest = &report["largest"][0];
    assert_eq!(largest["table"], "data_collection_logs");
    let real = "SELECT pg_table_size('data_collection_logs')";
    let real = number(stage.client(), real).await;
    let told = largest["bytes"].as_i64().unwrap();
    // Maps of free room are not counted.
    assert!((real - 100_000..=real).contains(&told), "{told} of {real}");
    assert!(report["database_bytes"].as_i64().unwrap() > told);
    let summary = report["summary"].as_array().unwrap();
    assert!(
        summary[0].as_str().unwrap().contains("data_collection_logs"),
        "{summary:#?}"
    );
    assert_eq!(report["failures"], json!([]));
}
