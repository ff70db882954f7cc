//! No statement of ours reads a whole table, unless it says `-- cold`.
//!
//! Every statement of `shared/src/db/queries` is prepared and explained with its generic plan, over
//! tables with ten thousand rows and with sequential scans priced out: one that is still there means
//! that no index fits. What a statement costs is not measured here.

mod rows;
mod statements;

use std::collections::HashMap;

use serde_json::Value;
use shared::db::admin::ensure_partitions;
use shared::domain::market::Timeframe;
use statements::{Query, queries};
use tests::database::Database;
use tokio_postgres::{Client, SimpleQueryMessage};

/// A database with so many rows that a scan of them is a mistake.
async fn filled() -> (Database, Client) {
    let database = Database::fresh().await;
    let (from, to) = (rows::FIRST.parse().unwrap(), rows::LAST.parse().unwrap());
    let db = database.db();
    for timeframe in Timeframe::STORED {
        ensure_partitions(&db, timeframe, from, to).await.unwrap();
    }
    let client = database.client().await;
    client.batch_execute(rows::FILL).await.unwrap();
    client
        .batch_execute("ANALYZE; SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
        .await
        .unwrap();
    (database, client)
}

/// The plan that serves every call.
async fn plan(client: &Client, query: &Query) -> Value {
    let prepared = client
        .batch_execute(&format!("PREPARE explained AS {}", query.sql))
        .await;
    prepared.unwrap_or_else(|error| panic!("{}: {error:?}", query.name));
    let types =
        "SELECT coalesce(parameter_types::text[], '{}') FROM pg_prepared_statements WHERE name = 'explained'";
    let types: Vec<String> = client.query_one(types, &[]).await.unwrap().get(0);
    let values: Vec<String> = types
        .iter()
        .zip(&query.parameters)
        .map(|(of, name)| value(of, name))
        .collect();
    let arguments = if values.is_empty() {
        String::new()
    } else {
        format!("({})", values.join(", "))
    };
    let explained = client
        .simple_query(&format!("EXPLAIN (FORMAT JSON) EXECUTE explained{arguments}"))
        .await;
    let explained = explained.unwrap_or_else(|error| panic!("{}: {error:?}", query.name));
    client.batch_execute("DEALLOCATE explained").await.unwrap();
    let text = explained.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    serde_json::from_str(text.unwrap()).unwrap()
}

/// A value that is in the tables: with NULL the executor would leave every partition out of the plan.
fn value(of: &str, name: &str) -> String {
    let text = match (of, name) {
        ("text", "asset") => "BTC",
        ("text", "timeframe") => "1h",
        ("text", _) => "swing-4h",
        ("timestamp with time zone" | "date", _) => "2026-01-15",
        ("uuid", _) => "00000000-0000-7000-8000-000000000001",
        ("jsonb", _) => "{}",
        ("boolean", _) => "true",
        (array, _) if array.ends_with("[]") => "{}",
        _ => "1",
    };
    format!("'{text}'::{of}")
}

/// The first column of every index.
type Leading = HashMap<String, String>;

async fn leading_columns(client: &Client) -> Leading {
    let columns = "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid, 1, true) FROM pg_index";
    client
        .query(columns, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect()
}

/// What a plan reads from the first row to the last: tables, and indexes whose first column is not
/// in the condition.
fn whole_scans(plan: &Value, leading: &Leading) -> Vec<String> {
    let mut found = Vec::new();
    match plan {
        Value::Array(parts) => found.extend(parts.iter().flat_map(|part| whole_scans(part, leading))),
        Value::Object(node) => {
            let text = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or_default();
            let (kind, table, index) = (text("Node Type"), text("Relation Name"), text("Index Name"));
            if kind == "Seq Scan" {
                found.push(format!("all of {table}"));
            } else if !index.is_empty() && !text("Index Cond").contains(&leading[index]) {
                found.push(format!("all of {index}"));
            }
            found.extend(node.values().flat_map(|part| whole_scans(part, leading)));
        }
        _ => {}
    }
    found
}

#[tokio::test]
async fn every_statement_that_is_not_cold_finds_its_rows_by_an_index() {
    let (_database, client) = filled().await;
    let leading = leading_columns(&client).await;
    let mut wrong = Vec::new();
    for query in queries() {
        let scans = whole_scans(&plan(&client, &query).await, &leading);
        if !query.is_cold && !scans.is_empty() {
            wrong.push(format!("{}: {}", query.name, scans.join(", ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "statements that read a whole table or index:\n{}",
        wrong.join("\n")
    );
}

#[tokio::test]
async fn a_statement_without_an_index_would_be_found() {
    let (_database, client) = filled().await;
    let leading = leading_columns(&client).await;
    let scans = async |sql: &str| whole_scans(&plan(&client, &Query::new("probe", sql)).await, &leading);

    let unindexed = scans("SELECT count(*) FROM data_collection_logs WHERE endpoint = :endpoint").await;
    let nested = scans("SELECT (SELECT max(volume) FROM market_data WHERE open_time > :from)").await;
    let second_column = scans("SELECT volume FROM market_data WHERE timeframe = :timeframe").await;
    let walked = scans("SELECT key FROM system_flags WHERE notice = :notice ORDER BY key").await;
    let indexed = scans("SELECT 1 FROM data_collection_logs WHERE data_source = :source").await;

    assert_eq!(unindexed, ["all of data_collection_logs"]);
    assert!(
        nested.contains(&"all of market_data_1h_2026_01_pkey".to_owned()),
        "{nested:?}"
    );
    assert!(
        second_column.contains(&"all of market_data_1h_2026_01_pkey".to_owned()),
        "{second_column:?}"
    );
    assert_eq!(walked, ["all of system_flags_pkey"]);
    assert_eq!(indexed, [""; 0]);
}

#[tokio::test]
async fn every_table_holds_the_rows_that_make_a_scan_dear() {
    let (_database, client) = filled().await;
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
                  AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'schema_migrations' ORDER BY 1";
    for row in client.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        let count = format!("SELECT count(*) FROM {table}");
        let count: i64 = client.query_one(&count, &[]).await.unwrap().get(0);
        // Their keys are assets, timeframes and services: there are no more rows than these.
        let least = match table.as_str() {
            "price_comparisons" => 2,
            "live_prices" => 4,
            "market_audits" => 6,
            _ => 10_000,
        };
        assert!(
            count >= least,
            "{table} has {count} rows: fill it in explain/rows.rs"
        );
    }
}
