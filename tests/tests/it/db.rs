//! PostgreSQL as it is: the modules of `shared::db`, a file a noun, and the pool.

mod collection_logs;
mod executions;
mod flags;
mod job_runs;
mod live_prices;
mod locks;
mod market_audits;
mod market_data;
mod market_gaps;
mod observations;
mod partitions;
mod pool;
mod price_comparisons;
mod rejected;
mod revisions;
mod strategies;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;
use tokio_postgres::Client;

fn noon() -> Timestamp {
    at("2026-03-01T12:00:00Z")
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Every row that a query gives, as JSON.
async fn rows(client: &Client, query: &str) -> Vec<Value> {
    let query = format!("SELECT to_jsonb(found) FROM ({query}) AS found");
    client
        .query(&query, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect()
}
