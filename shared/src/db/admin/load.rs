//! A database that is filled out of a backup: emptied, loaded without its indexes, and made whole again.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt as _, Stream, StreamExt as _, pin_mut};
use tokio_postgres::Client;
use uuid::Uuid;

use super::columns::names;
use super::export::list_tables;
use super::quoted;
use crate::db::DbError;
use crate::domain::backups::{AfterData, Kind, PartitionDump, SequenceDump};

/// Losing the newest commits in a crash of the server loses nothing: a restore that did not end begins
/// anew. Indexes are sorted in little memory, whatever the server is set to: sorting in four times as much
/// took a fifth longer, see docs/BENCHMARKS.md.
pub(super) const LOADING: &str = "SET synchronous_commit = off;
SET maintenance_work_mem = '64MB';
";

/// Sets a connection up for loading and building.
pub async fn prepare_for_loading(client: &Client) -> Result<(), DbError> {
    Ok(client.batch_execute(LOADING).await?)
}

/// Makes a migrated database ready to be loaded, all or nothing: the partitions are there, no table has
/// a row, an index or a key, and nothing of ours fires when rows come.
pub async fn clear_for_loading(
    client: &Client,
    partitions: &[PartitionDump],
    after_data: &[AfterData],
) -> Result<(), DbError> {
    client.batch_execute("BEGIN").await?;
    let done = async {
        for partition in partitions {
            client.batch_execute(&create_partition(partition)).await?;
        }
        for part in after_data.iter().rev() {
            client.batch_execute(&part.drop).await?;
        }
        set_triggers(client, false).await?;
        let tables = list_tables(client).await?;
        let tables: Vec<String> = tables.iter().map(|table| quoted(table)).collect();
        client
            .batch_execute(&format!("TRUNCATE {}", tables.join(", ")))
            .await?;
        Ok::<(), DbError>(client.batch_execute("COMMIT").await?)
    };
    let outcome = done.await;
    if outcome.is_err() {
        // On a broken connection the server does it.
        let _ = client.batch_execute("ROLLBACK").await;
    }
    outcome
}

/// The statement that makes a partition, if it is not there.
pub fn create_partition(partition: &PartitionDump) -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {} PARTITION OF {} {}",
        quoted(&partition.name),
        quoted(&partition.parent),
        partition.bounds
    )
}

/// The statements that let the triggers of the tables fire, or not. Those of the server itself stay on.
pub async fn set_triggers(client: &Client, fire: bool) -> Result<(), tokio_postgres::Error> {
    let word = if fire { "ENABLE" } else { "DISABLE" };
    for table in tables_with_triggers(client).await? {
        client
            .batch_execute(&format!("ALTER TABLE {} {word} TRIGGER USER", quoted(&table)))
            .await?;
    }
    Ok(())
}

async fn tables_with_triggers(client: &Client) -> Result<Vec<String>, tokio_postgres::Error> {
    let statement = "SELECT DISTINCT relname::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                     WHERE NOT tgisinternal AND relnamespace = current_schema()::text::regnamespace ORDER BY 1";
    let rows = client.query(statement, &[]).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Loads rows in COPY's text format; tells how many. An error of the rows' source loads none of them.
pub async fn copy_in<E>(
    client: &Client,
    table: &str,
    columns: &[String],
    rows: impl Stream<Item = Result<Bytes, E>>,
) -> Result<u64, E>
where
    E: From<DbError>,
{
    let statement = format!("COPY {} ({}) FROM STDIN", quoted(table), names(columns));
    let sink = client
        .copy_in::<_, Bytes>(&statement)
        .await
        .map_err(DbError::from)?;
    pin_mut!(sink, rows);
    while let Some(piece) = rows.next().await {
        sink.send(piece?).await.map_err(DbError::from)?;
    }
    Ok(sink.finish().await.map_err(DbError::from)?)
}

/// Makes one index or constraint.
pub async fn build(client: &Client, part: &AfterData) -> Result<(), DbError> {
    Ok(client.batch_execute(&part.create).await?)
}

/// Whether an index or a constraint can stand where only some tables have rows.
pub fn stands_on(part: &AfterData, has_rows: impl Fn(&str) -> bool) -> bool {
    part.kind != Kind::ForeignKey || part.refers_to.as_deref().is_none_or(&has_rows) || !has_rows(&part.table)
}

/// Tells the planner what is in a table.
pub async fn analyse(client: &Client, table: &str) -> Result<(), DbError> {
    Ok(client
        .batch_execute(&format!("ANALYZE {}", quoted(table)))
        .await?)
}

/// Puts the sequences where they stood, and lets triggers fire.
pub async fn finish_loading(client: &Client, sequences: &[SequenceDump]) -> Result<(), DbError> {
    for sequence in sequences {
        let make = format!("CREATE SEQUENCE IF NOT EXISTS {}", quoted(&sequence.name));
        client.batch_execute(&make).await?;
        client
            .execute(
                "SELECT setval($1::text::regclass, $2, $3)",
                &[&quoted(&sequence.name), &sequence.last_value, &sequence.is_called],
            )
            .await?;
    }
    Ok(set_triggers(client, true).await?)
}

/// The table that rows wait in before they are merged; of the session alone.
const BESIDE: &str = "automoney_restored";

/// Begins a transaction in which rows are put back into a database that is in use. No statement of it takes
/// longer than `patience`, and none is waited for: whoever is cut off holds no lock for long.
pub async fn begin_putting_back(
    client: &Client,
    partitions: &[PartitionDump],
    patience: Option<Duration>,
) -> Result<(), DbError> {
    // Zero would be no limit.
    let limit = patience.map_or(0, |patience| patience.as_millis().max(1));
    let begin = format!(
        "BEGIN; SET LOCAL lock_timeout = '30s'; SET LOCAL statement_timeout = {limit};
         SET LOCAL idle_in_transaction_session_timeout = '15s'"
    );
    client.batch_execute(&begin).await?;
    for partition in partitions {
        client.batch_execute(&create_partition(partition)).await?;
    }
    Ok(set_triggers(client, false).await?)
}

/// Ends it: all of it counts, or nothing.
pub async fn end_putting_back(client: &Client, keep: bool) -> Result<(), DbError> {
    if !keep {
        return Ok(client.batch_execute("ROLLBACK").await?);
    }
    set_triggers(client, true).await?;
    Ok(client.batch_execute("COMMIT").await?)
}

/// Deletes a user with everything that hangs on them.
pub async fn delete_user(client: &Client, user: Uuid) -> Result<(), DbError> {
    client
        .execute("DELETE FROM users WHERE id = $1", &[&user])
        .await?;
    Ok(())
}

/// An empty table of the same columns for the rows of a table, instead of the last one; gives its name.
pub async fn table_beside(client: &Client, table: &str) -> Result<&'static str, DbError> {
    let make = format!(
        "DROP TABLE IF EXISTS {BESIDE}; CREATE TEMP TABLE {BESIDE} (LIKE {} INCLUDING DEFAULTS)",
        quoted(table)
    );
    client.batch_execute(&make).await?;
    Ok(BESIDE)
}

/// Takes over the rows that the table has not; tells how many.
pub async fn merge_from_beside(client: &Client, table: &str, columns: &[String]) -> Result<u64, DbError> {
    let (table, columns) = (quoted(table), names(columns));
    let merge =
        format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {BESIDE} ON CONFLICT DO NOTHING");
    Ok(client.execute(&merge, &[]).await?)
}
