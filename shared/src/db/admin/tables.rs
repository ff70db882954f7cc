//! VACUUM and ANALYZE, table by table, and how large the tables are.
//!
//! Sizes are those that the catalog remembers from the last VACUUM: asking for real ones would wait for
//! whoever has locked a table.

use std::time::Duration;

use serde::Serialize;

use super::{Apart, Ended, OUR_SCHEMA, quoted};
use crate::db::DbError;

/// A table, as the statistics know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// It has no rows of its own, only partitions.
    pub is_partitioned: bool,
    /// Its size with what is stored beside it, without indexes.
    pub bytes: i64,
    /// Rows.
    pub live: i64,
    /// Rows that nobody sees any more and that still take room.
    pub dead: i64,
}

/// The tables: those with the largest share of dead rows first, partitioned ones last.
pub async fn list_tables(apart: &Apart) -> Result<Vec<Table>, DbError> {
    let sql = format!(
        "SELECT relation.relname::text, relation.relkind = 'p',
                (relation.relpages + coalesce(beside.relpages, 0)) * current_setting('block_size')::bigint,
                coalesce(known.n_live_tup, 0), coalesce(known.n_dead_tup, 0)
         FROM pg_class AS relation
         LEFT JOIN pg_class AS beside ON beside.oid = relation.reltoastrelid
         LEFT JOIN pg_stat_user_tables AS known ON known.relid = relation.oid
         WHERE relation.relnamespace = {OUR_SCHEMA}
           AND (relation.relkind = 'r' OR relation.relkind = 'p' AND NOT relation.relispartition)
         ORDER BY relation.relkind = 'p',
                  coalesce(known.n_dead_tup::float8 / nullif(known.n_dead_tup + known.n_live_tup, 0), 0) DESC,
                  known.n_dead_tup DESC NULLS LAST, relation.relname"
    );
    let rows = apart.catalog().await?.query(&sql, &[]).await?;
    let table = |row: &tokio_postgres::Row| {
        Ok(Table {
            name: row.try_get(0)?,
            is_partitioned: row.try_get(1)?,
            bytes: row.try_get(2)?,
            live: row.try_get(3)?,
            dead: row.try_get(4)?,
        })
    };
    rows.iter().map(table).collect()
}

/// VACUUM (ANALYZE); for a partitioned table ANALYZE alone, which nobody else does for it: its partitions
/// are tables of the list themselves.
pub async fn vacuum(apart: &Apart, table: &Table, patience: Duration) -> Result<Ended, DbError> {
    let verb = if table.is_partitioned {
        "ANALYZE"
    } else {
        "VACUUM (ANALYZE)"
    };
    apart
        .attempt(&format!("{verb} {}", quoted(&table.name)), patience)
        .await
}

/// How much room a table takes, its partitions counted as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableSize {
    /// Which table.
    pub table: String,
    /// Rows with what is stored beside them.
    pub bytes: i64,
    /// Its indexes.
    pub index_bytes: i64,
}

/// The largest tables, the largest first.
pub async fn list_largest_tables(apart: &Apart, most: i64) -> Result<Vec<TableSize>, DbError> {
    let sql = format!(
        "WITH sizes AS (
             SELECT coalesce(pg_partition_root(relation.oid), relation.oid) AS root,
                    relation.relpages + coalesce(beside.relpages, 0) AS pages,
                    (SELECT coalesce(sum(index.relpages), 0) FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
                     WHERE indrelid IN (relation.oid, beside.oid)) AS index_pages
             FROM pg_class AS relation LEFT JOIN pg_class AS beside ON beside.oid = relation.reltoastrelid
             WHERE relation.relnamespace = {OUR_SCHEMA} AND relation.relkind = 'r'
         )
         SELECT root.relname::text, (sum(pages) * current_setting('block_size')::bigint)::bigint AS bytes,
                (sum(index_pages) * current_setting('block_size')::bigint)::bigint AS index_bytes
         FROM sizes JOIN pg_class AS root ON root.oid = sizes.root
         GROUP BY root.relname
         ORDER BY sum(pages + index_pages) DESC, 1
         LIMIT $1"
    );
    let rows = apart.catalog().await?.query(&sql, &[&most]).await?;
    let size = |row: &tokio_postgres::Row| {
        Ok(TableSize {
            table: row.try_get(0)?,
            bytes: row.try_get(1)?,
            index_bytes: row.try_get(2)?,
        })
    };
    rows.iter().map(size).collect()
}

/// How much room the database takes, with everything in it.
pub async fn database_bytes(apart: &Apart) -> Result<i64, DbError> {
    let sql = "SELECT pg_database_size(current_database())";
    Ok(apart.catalog().await?.query_one(sql, &[]).await?.try_get(0)?)
}
