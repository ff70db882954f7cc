//! Indexes that are half made, unused or to be built anew.
//!
//! None is dropped but an invalid one that an interrupted REINDEX left behind.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::{Apart, Ended, OUR_SCHEMA, quoted};
use crate::db::DbError;

/// An index that no query uses and that every write may still have to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidIndex {
    /// Its name.
    pub name: String,
    /// The table it is of.
    pub table: String,
    /// An interrupted REINDEX left it; the index that it was to replace is there.
    pub is_leftover: bool,
    /// Somebody may be building an index of this table at this moment.
    pub is_at_work: bool,
}

/// The invalid ones, leftovers first: another attempt to build an index must not leave one more.
pub async fn list_invalid_indexes(apart: &Apart) -> Result<Vec<InvalidIndex>, DbError> {
    // What somebody else builds is shown without its table to who may not see it: it may be any.
    let sql = format!(
        "SELECT index.relname::text, heap.relname::text, index.relname ~ '_cc(new|old)[0-9]*$' AS is_leftover,
                EXISTS (
                    SELECT FROM pg_stat_progress_create_index AS progress
                    WHERE progress.datname = current_database() AND (progress.relid = heap.oid OR progress.relid IS NULL)
                ) AS is_at_work
         FROM pg_index
         JOIN pg_class AS index ON index.oid = indexrelid
         JOIN pg_class AS heap ON heap.oid = indrelid
         WHERE index.relnamespace = {OUR_SCHEMA} AND index.relkind = 'i' AND NOT indisvalid
         ORDER BY is_leftover DESC, index.relname"
    );
    let rows = apart.catalog().await?.query(&sql, &[]).await?;
    let index = |row: &tokio_postgres::Row| {
        Ok(InvalidIndex {
            name: row.try_get(0)?,
            table: row.try_get(1)?,
            is_leftover: row.try_get(2)?,
            is_at_work: row.try_get(3)?,
        })
    };
    rows.iter().map(index).collect()
}

/// Drops an index, unless it has become valid since it was listed.
///
/// Whoever builds it now holds a lock that this waits for, and afterwards it has another name.
pub async fn drop_invalid_index(apart: &Apart, name: &str, patience: Duration) -> Result<Ended, DbError> {
    let sql = format!(
        "SELECT EXISTS (SELECT FROM pg_index JOIN pg_class ON oid = indexrelid
         WHERE relnamespace = {OUR_SCHEMA} AND relname = $1 AND NOT indisvalid)"
    );
    let row = apart.catalog().await?.query_one(&sql, &[&name]).await?;
    if !row.try_get::<_, bool>(0)? {
        return Ok(Ended::Done);
    }
    let sql = format!("DROP INDEX CONCURRENTLY IF EXISTS {}", quoted(name));
    apart.attempt(&sql, patience).await
}

/// Builds an index anew beside the old one and then takes its place, without keeping anybody from
/// reading or writing. Needs room for both. Cut short, it leaves an invalid index behind.
pub async fn reindex(apart: &Apart, name: &str, patience: Duration) -> Result<Ended, DbError> {
    let sql = format!("REINDEX INDEX CONCURRENTLY {}", quoted(name));
    apart.attempt(&sql, patience).await
}

/// The size of an index when it was last built or vacuumed; nothing when there is none of this name.
pub async fn index_bytes(apart: &Apart, name: &str) -> Result<Option<i64>, DbError> {
    let sql = format!(
        "SELECT relpages * current_setting('block_size')::bigint FROM pg_class
         WHERE relnamespace = {OUR_SCHEMA} AND relname = $1"
    );
    let row = apart.catalog().await?.query_opt(&sql, &[&name]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// An index that was not scanned since the statistics count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// Its name.
    pub index: String,
    /// The table it is of.
    pub table: String,
    /// Its size.
    pub bytes: i64,
}

/// Indexes that were never scanned, the largest first, and since when scans are counted; nothing when
/// they were never reset. Those that keep a promise (unique, a constraint's) are needed unscanned, and
/// those of partitions go with their parent.
pub async fn list_unused_indexes(apart: &Apart) -> Result<(Option<Timestamp>, Vec<Unused>), DbError> {
    let sql = format!(
        "SELECT index.relname::text, heap.relname::text, index.relpages * current_setting('block_size')::bigint
         FROM pg_stat_user_indexes AS known
         JOIN pg_index USING (indexrelid)
         JOIN pg_class AS index ON index.oid = indexrelid
         JOIN pg_class AS heap ON heap.oid = indrelid
         WHERE known.idx_scan = 0 AND index.relnamespace = {OUR_SCHEMA} AND indisvalid AND NOT indisunique
           AND NOT index.relispartition AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
         ORDER BY index.relpages DESC, index.relname"
    );
    let client = apart.catalog().await?;
    let rows = client.query(&sql, &[]).await?;
    let since = "SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()";
    let since = client.query_one(since, &[]).await?.try_get(0)?;
    let unused = |row: &tokio_postgres::Row| {
        Ok(Unused {
            index: row.try_get(0)?,
            table: row.try_get(1)?,
            bytes: row.try_get(2)?,
        })
    };
    let unused = rows.iter().map(unused).collect::<Result<_, DbError>>()?;
    Ok((since, unused))
}
