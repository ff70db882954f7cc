//! Whole tables from one database to another, as a stream: nothing is held in memory.

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _, pin_mut};
use tokio_postgres::{Client, IsolationLevel, Transaction};

use super::columns::{columns, names};
use super::{ensure_partitions, quoted};
use crate::db::{Db, DbError};
use crate::domain::market::{Timeframe, UnknownName};

/// What a decision reads: the market, the observations, and what both said before they were changed.
const HISTORY: [&str; 5] = [
    "market_data",
    "market_data_revisions",
    "market_gaps",
    "indicator_observations",
    "observation_revisions",
];

/// Copies every strategy and all market history into an empty database of the same schema, as they are
/// at one moment. Tells how many rows that is.
pub async fn copy_history(from: &mut Client, to: &Client, to_db: &Db) -> Result<u64, DbError> {
    // As large as it is: nothing of this is in anybody's way, also not while one side waits for the other.
    let patience = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";
    for client in [&*from, to] {
        client.batch_execute(patience).await?;
    }
    let transaction = from
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?;
    make_room(&transaction, to_db).await?;
    to.batch_execute("DELETE FROM strategies").await?;
    let mut rows = copy(&transaction, to, "strategies").await?;
    for table in HISTORY {
        rows += copy(&transaction, to, table).await?;
    }
    Ok(rows)
}

/// Whether a database has candles from before a time.
pub async fn has_history(client: &Client, before: jiff::Timestamp) -> Result<bool, DbError> {
    let row = client
        .query_one(
            "SELECT EXISTS (SELECT FROM market_data WHERE open_time < $1)",
            &[&before],
        )
        .await?;
    Ok(row.try_get(0)?)
}

/// Partitions for everything that comes.
async fn make_room(from: &Transaction<'_>, to: &Db) -> Result<(), DbError> {
    let spans = from
        .query(
            "SELECT timeframe, min(open_time), max(open_time) FROM market_data GROUP BY timeframe",
            &[],
        )
        .await?;
    for span in spans {
        let name: String = span.try_get(0)?;
        let timeframe: Timeframe = name
            .parse()
            .map_err(|error: UnknownName| DbError::row("candle", error))?;
        ensure_partitions(to, timeframe, span.try_get(1)?, span.try_get(2)?).await?;
    }
    Ok(())
}

async fn copy(from: &Transaction<'_>, to: &Client, table: &str) -> Result<u64, DbError> {
    let columns = names(&columns(to, table).await?);
    let table = quoted(table);
    let out = format!("COPY (SELECT {columns} FROM {table}) TO STDOUT (FORMAT binary)");
    let stream = from.copy_out(&out).await?;
    let sink = to
        .copy_in::<_, Bytes>(&format!("COPY {table} ({columns}) FROM STDIN (FORMAT binary)"))
        .await?;
    pin_mut!(stream, sink);
    while let Some(part) = stream.next().await {
        sink.send(part?).await?;
    }
    Ok(sink.finish().await?)
}
