//! Backups: made beside writers, proven, restored with ours and with stock tools, and damaged on purpose.

mod commands;
mod consistent;
mod daily;
mod damage;
mod killed;
mod ordered;
mod restored;
mod stock;
mod storage;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use shared::domain::backups::BackupId;
use shared::domain::identity::UserId;
use shared::services::backup::RestoreOrder;
use shared::services::trade;
use tests::database::{Database, settings_of};
use tests::paper::{Order, Stage};
use tokio_postgres::Client;

/// A database with books, trades, candles in partitions, documents, logs with triggers over them, awkward
/// texts, and rows in every table.
async fn filled() -> Stage {
    let stage = Stage::start().await;
    for n in 0..4 {
        stage
            .follower(&format!("user-{n}"), "hodl-wave", &format!("{}", 2500 * (n + 1)))
            .await;
    }
    for n in 0..3 {
        stage.app().clock.advance(SignedDuration::from_hours(4));
        let as_of = stage.app().clock.now();
        let order = if n == 2 {
            Order::sell("61000", "2900")
        } else {
            Order::buy("0.05", "60000.5", "3000.25")
        };
        stage.decide("hodl-wave", as_of, order).await;
        trade::pending(stage.app(), None).await.unwrap();
    }
    stage.client().batch_execute(REST).await.unwrap();
    stage
}

const REST: &str = r#"
CREATE SEQUENCE by_hand;
SELECT nextval('by_hand') FROM generate_series(1, 7);
CREATE TABLE market_data_1d_2024 PARTITION OF market_data_1d FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE market_data_4h_2024 PARTITION OF market_data_4h FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE market_data_1h_2024_01 PARTITION OF market_data_1h FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
INSERT INTO market_data
SELECT asset, timeframe, timestamptz '2024-01-01 00:00Z' + n * step, 100 + n, 101 + n, 99 + n, 100.00000001 + n, n, false,
       'binance', now(), now()
FROM generate_series(0, 20) AS n, unnest(ARRAY['BTC', 'ETH']) AS asset,
     (VALUES ('1d', interval '1 day'), ('4h', interval '4 h'), ('1h', interval '1 h')) AS frames (timeframe, step);
INSERT INTO agent_execution_logs
    (id, execution_id, strategy_id, agent_type, provider, model, status, input_tokens, output_tokens, cached_tokens, tokens_used,
     cost, latency_ms, cache_hit, error, created_at)
SELECT gen_random_uuid(), gen_random_uuid(), 'hodl-wave', 'macro', 'anthropic', 'm', 'ok', 10, 5, 0, 15, 0.0000012345, 12, false,
       CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE E'tab\there, line\nthere, back\\slash \\N, "quotes", ümläut 😀, '' end' END,
       timestamptz '2024-03-01' + n * interval '1 min'
FROM generate_series(1, 50) AS n;
INSERT INTO data_collection_logs (id, data_source, endpoint, status, http_status, latency_ms, items, created_at)
SELECT gen_random_uuid(), 'fred', '/x', 'ok', 200, 3, 0, timestamptz '2024-03-01' + n * interval '1 h' FROM generate_series(1, 30) AS n;
INSERT INTO sessions (id, user_id, transport, user_agent, created_at, last_used_at, expires_at)
SELECT gen_random_uuid(), id, 'cookie', E'agent \\ "x"', now(), now(), now() + interval '1 day' FROM users;
INSERT INTO refresh_tokens (hash, session_id, created_at) SELECT sha256(id::text::bytea), id, now() FROM sessions;
INSERT INTO auth_events (id, user_id, kind, actor, detail, created_at)
SELECT gen_random_uuid(), id, 'signed_in', 'user', '{"a": "b\tc\\d"}', now() FROM users;
"#;

/// A database that a test restored into; it goes with this value.
struct Copy {
    admin: Client,
    name: String,
    url: String,
}

impl Copy {
    /// Where a database of this name would be, on the server of another one.
    async fn named(source: &Database, suffix: &str) -> Self {
        let name = format!("{}_{suffix}", source.name());
        Self {
            admin: source.client().await,
            url: source.url().replace(source.name(), &name),
            name,
        }
    }

    async fn client(&self) -> Client {
        shared::db::connect_once(&settings_of(&self.url)).await.unwrap()
    }

    async fn is_there(&self) -> bool {
        let found = format!("SELECT count(*) FROM pg_database WHERE datname = '{}'", self.name);
        count(&self.admin, &found).await == 1
    }

    /// Drops it. A test that fails before leaves it to the server's end.
    async fn drop(self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        self.admin.batch_execute(&drop).await.unwrap();
    }
}

/// The order to restore over a database, said twice.
fn replacing(name: &str) -> RestoreOrder {
    RestoreOrder {
        database: Some(name.to_owned()),
        overwrite: true,
        confirm: Some(name.to_owned()),
        ..RestoreOrder::default()
    }
}

async fn user_of(stage: &Stage, name: &str) -> UserId {
    let row = stage
        .client()
        .query_one("SELECT id FROM users WHERE google_sub = $1", &[&name])
        .await
        .unwrap();
    row.get::<_, uuid::Uuid>(0).into()
}

/// Rows by table, without events that wait: they are no part of a user's data.
fn without_events(mut rows: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    rows.retain(|table, _| !table.contains("push_"));
    rows
}

async fn count(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap().get(0)
}

/// Names of what is in the store for a backup, without those of proofs.
fn files(shelf: &tests::backups::Shelf, id: BackupId) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(shelf.folder_of(id))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
