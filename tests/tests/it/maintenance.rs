//! The daily maintenance: what is over goes and nothing else, tables are vacuumed, indexes kept in shape.

mod indexes;
mod kept;
mod obstacles;
mod run;
mod tables;

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use shared::app::App;
use shared::services::maintain::{Limits, MaintainError, Maintained, maintain};
use tests::paper::Stage;
use tokio_postgres::Client;

/// Time enough for everything.
const PLENTY: Duration = Duration::from_mins(2);

/// Small batches, and thresholds that tables of a test get above.
const LIMITS: Limits = Limits {
    batch: 50,
    lock_patience: Duration::from_secs(3),
    index_patience: Duration::from_secs(3),
    bloat_pct: 50,
    bloat_bytes: 100 * 1024,
};

/// The same for a test in which somebody stands in the way.
const IMPATIENT: Limits = Limits {
    lock_patience: Duration::from_millis(300),
    index_patience: Duration::from_millis(300),
    ..LIMITS
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn run(app: &App, limits: &Limits) -> Result<Maintained, MaintainError> {
    maintain(app, app.clock.now(), PLENTY, limits).await
}

/// A run that must succeed, and its report.
async fn maintained(stage: &Stage, limits: &Limits) -> Value {
    run(stage.app(), limits).await.unwrap();
    report(stage).await
}

/// The report of the newest run.
async fn report(stage: &Stage) -> Value {
    let newest = "SELECT document FROM maintenance_reports ORDER BY scheduled_at DESC LIMIT 1";
    stage.client().query_one(newest, &[]).await.unwrap().get(0)
}

/// The entries of a list of a report whose `key` is `name`.
fn entry<'a>(report: &'a Value, list: &str, key: &str, name: &str) -> &'a Value {
    let entries = report[list].as_array().unwrap();
    let found = entries.iter().find(|entry| entry[key] == name);
    found.unwrap_or_else(|| panic!("{name} is not among {list}: {entries:#?}"))
}

/// One number.
async fn number(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap().get(0)
}

/// Every index of ours, and whether it can be used; those of partitions come and go with them.
async fn indexes(client: &Client) -> Vec<(String, bool)> {
    let sql = "SELECT relname::text, indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid
               WHERE relnamespace = 'public'::regnamespace AND NOT relispartition ORDER BY 1";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Calls to outside services within the last days before the stage's time: many, of which one in ten is
/// left, all over the indexes.
async fn bloat(stage: &Stage) {
    // A session of its own: the statistics are told when it ends.
    let client = stage.database().client().await;
    client
        .batch_execute(
            "INSERT INTO data_collection_logs
             SELECT gen_random_uuid(), 'source-' || n % 7, '/path', 'ok', 200, 10, n, NULL,
                    '2024-02-20Z'::timestamptz + n * interval '1 second'
             FROM generate_series(1, 30000) AS n;
             DELETE FROM data_collection_logs WHERE items % 10 <> 0",
        )
        .await
        .unwrap();
    drop(client);
    let dead = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'data_collection_logs'";
    while number(stage.client(), dead).await == 0 {
        tokio::task::yield_now().await;
    }
}

/// The size of one of its indexes.
async fn size(client: &Client, index: &str) -> i64 {
    number(client, &format!("SELECT pg_relation_size('{index}')")).await
}
