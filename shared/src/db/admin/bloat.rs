//! How much of an index is air, estimated from what ANALYZE and VACUUM wrote down.
//!
//! The well-known estimate: rows of the index × the room that one takes, in leaves that are filled to
//! the fill factor, against the pages that it really has. Nothing is read but the catalog, so it costs
//! nothing and waits for nobody. Its limits:
//!
//! - it is as good as the last ANALYZE, and knows nothing of an index without statistics;
//! - equal keys share their room (deduplication), so an index that is not unique may be smaller than
//!   estimated: its bloat is told too small, never too large;
//! - keys of several columns are padded to eight bytes once, not each, and long ones may be compressed;
//! - keys that come in no order leave their pages two thirds full by nature: that is air, but no bloat.
//!
//! Thresholds must leave room for that; `pgstattuple` would tell exactly, by reading every page.

use super::{Apart, OUR_SCHEMA};
use crate::db::DbError;

/// Of each page: 24 bytes of header, 16 of the B-tree's own.
const PAGE_OVERHEAD: f64 = 40.0;

/// Of each tuple: 4 bytes to find it in its page.
const POINTER: f64 = 4.0;

/// Of each tuple: its header; with a NULL somewhere in the index a bitmap follows, padded to eight bytes.
const HEADER: f64 = 8.0;
const HEADER_WITH_NULLS: f64 = 16.0;

/// Inner pages are filled to 70 % when an index is built.
const INNER_FILL: f64 = 0.7;

/// An index and the size that it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSize {
    /// Its name.
    pub index: String,
    /// The table it is of.
    pub table: String,
    /// Its size when it was last vacuumed.
    pub bytes: i64,
    /// The size that it would about have if it were built anew.
    pub needed_bytes: i64,
    /// The size of its table: what building it anew has to read.
    pub table_bytes: i64,
}

impl IndexSize {
    /// What building it anew would about give back.
    pub fn air(&self) -> i64 {
        (self.bytes - self.needed_bytes).max(0)
    }
}

/// What the catalog knows of a B-tree.
#[derive(Debug, Clone, Copy)]
struct Known {
    rows: f64,
    /// Mean bytes of a key with all its columns.
    width: f64,
    has_nulls: bool,
    fill_factor: f64,
    page: f64,
}

/// Every valid B-tree of which the statistics know enough, leaves of partitioned tables among them.
pub async fn list_index_sizes(apart: &Apart) -> Result<Vec<IndexSize>, DbError> {
    let sql = format!(
        "SELECT index.relname::text, heap.relname::text, index.relpages::bigint, heap.relpages::bigint,
                index.reltuples::float8, sum(known.avg_width * (1 - known.null_frac))::float8, max(known.null_frac) > 0,
                coalesce(substring(array_to_string(index.reloptions, ' ') FROM 'fillfactor=([0-9]+)')::float8, 90) / 100,
                current_setting('block_size')::bigint
         FROM pg_index
         JOIN pg_class AS index ON index.oid = indexrelid
         JOIN pg_class AS heap ON heap.oid = indrelid
         JOIN pg_namespace AS schema ON schema.oid = heap.relnamespace
         JOIN pg_am AS method ON method.oid = index.relam
         JOIN pg_attribute AS part ON part.attrelid = index.oid
         LEFT JOIN pg_attribute AS of_table
             ON of_table.attrelid = heap.oid AND of_table.attnum = indkey[part.attnum - 1] AND of_table.attnum > 0
         -- The statistics of an expression are kept under the index's own name.
         LEFT JOIN pg_stats AS known
             ON known.schemaname = schema.nspname AND NOT known.inherited
                AND known.tablename = CASE WHEN of_table.attname IS NULL THEN index.relname ELSE heap.relname END
                AND known.attname = coalesce(of_table.attname, part.attname)
         WHERE index.relnamespace = {OUR_SCHEMA} AND index.relkind = 'i' AND method.amname = 'btree' AND indisvalid
           AND index.relpages > 0 AND index.reltuples >= 0
         GROUP BY index.oid, index.relname, index.relpages, index.reltuples, index.reloptions, heap.relname, heap.relpages
         HAVING count(*) = count(known.avg_width)
         ORDER BY index.relname"
    );
    let rows = apart.catalog().await?.query(&sql, &[]).await?;
    rows.iter().map(size).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a page has some thousand bytes")]
fn size(row: &tokio_postgres::Row) -> Result<IndexSize, DbError> {
    let (pages, heap_pages, page): (i64, i64, i64) = (row.try_get(2)?, row.try_get(3)?, row.try_get(8)?);
    let known = Known {
        rows: row.try_get(4)?,
        width: row.try_get(5)?,
        has_nulls: row.try_get(6)?,
        fill_factor: row.try_get(7)?,
        page: page as f64,
    };
    Ok(IndexSize {
        index: row.try_get(0)?,
        table: row.try_get(1)?,
        bytes: pages * page,
        needed_bytes: needed_pages(known) * page,
        table_bytes: heap_pages * page,
    })
}

/// One page for the whole, the leaves, and the levels above them.
#[expect(clippy::cast_possible_truncation, reason = "far below what an i64 holds")]
fn needed_pages(known: Known) -> i64 {
    let header = if known.has_nulls {
        HEADER_WITH_NULLS
    } else {
        HEADER
    };
    let tuple = header + (known.width / 8.0).ceil() * 8.0 + POINTER;
    let room = known.page - PAGE_OVERHEAD;
    let in_a_page = |fill: f64| (room * fill / tuple).floor().max(1.0);
    let mut level = (known.rows / in_a_page(known.fill_factor)).ceil().max(1.0);
    let mut pages = 1.0 + level;
    // A level of one page has nothing above it.
    let fan_out = in_a_page(INNER_FILL).max(2.0);
    while level > 1.0 {
        level = (level / fan_out).ceil();
        pages += level;
    }
    pages as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: f64, width: f64) -> Known {
        Known {
            rows,
            width,
            has_nulls: false,
            fill_factor: 0.9,
            page: 8192.0,
        }
    }

    #[test]
    fn an_index_has_its_leaves_the_levels_above_and_one_page() {
        // 8 + 8 + 4 bytes: 366 in a leaf. PostgreSQL makes 2,745 pages of a million bigints.
        assert_eq!(needed_pages(of(1_000_000.0, 8.0)), 1 + 2_733 + 10 + 1);
        assert_eq!(needed_pages(of(366.0, 8.0)), 2);
        assert_eq!(needed_pages(of(367.0, 8.0)), 4);
        assert_eq!(needed_pages(of(0.0, 8.0)), 2);
    }

    #[test]
    fn nulls_and_a_looser_fill_take_more() {
        let plain = of(100_000.0, 16.0);
        let with_nulls = Known {
            has_nulls: true,
            ..plain
        };
        let loose = Known {
            fill_factor: 0.5,
            ..plain
        };
        assert!(needed_pages(with_nulls) > needed_pages(plain));
        assert!(needed_pages(loose) > needed_pages(plain));
        // A key that fills a page and more still gets one.
        assert!(needed_pages(of(10.0, 9_000.0)) > 10);
    }

    #[test]
    fn what_is_smaller_than_estimated_has_no_air() {
        let index = IndexSize {
            index: String::new(),
            table: String::new(),
            bytes: 8192,
            needed_bytes: 16_384,
            table_bytes: 0,
        };
        assert_eq!(index.air(), 0);
    }
}
