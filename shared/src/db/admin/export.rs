//! A consistent view of a whole database, for as many connections as read it.
//!
//! Only what any client may do: no program of the server's own is needed. The session is set up as stock
//! dumps are, so that the text of a value does not depend on whoever reads it.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio_postgres::{Client, CopyOutStream};

use super::columns::{columns, names};
use super::quoted;
use super::schema::schema_lines;
use crate::config::DatabaseSettings;
use crate::db::{DbError, connect_once};
use crate::domain::backups::{AfterData, Kind, MigrationStep, PartitionDump, SequenceDump};

/// What stock dumps set: one spelling of every value; no limit of time; an error instead of rows that a
/// policy hides. The last one is there from PostgreSQL 17 on.
const SESSION: &str = "SET datestyle = ISO; SET intervalstyle = postgres; SET extra_float_digits = 3;
SET bytea_output = hex; SET standard_conforming_strings = on; SET row_security = off;
SET synchronize_seqscans = off; SET statement_timeout = 0; SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'transaction_timeout'";

/// Whoever changes a table now may take a moment; a snapshot waits no longer, because others would queue
/// behind it.
const LOCK_PATIENCE: &str = "SET LOCAL lock_timeout = '10s'";

/// Pages of a table that are read in one go: 64 MiB.
const STRETCH: u32 = 8192;

/// A connection that writes values as dumps do, without limits of time.
pub async fn connect_for_copies(settings: &DatabaseSettings) -> Result<Client, DbError> {
    let client = connect_once(settings).await?;
    client.batch_execute(SESSION).await?;
    Ok(client)
}

/// The state of a database at one moment. It lasts as long as this value.
#[derive(Debug)]
pub struct Snapshot {
    client: Client,
    name: String,
    /// When it was taken, by the server's clock.
    pub taken_at: Timestamp,
}

/// A table as it is read: its rows may lie in several leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTable {
    /// Its name.
    pub name: String,
    /// The columns that are read, in order; what the database computes itself is not.
    pub columns: Vec<String>,
    /// What it takes up on disk without its indexes, in bytes.
    pub bytes: u64,
    /// Where its rows lie.
    pub stretches: Vec<Stretch>,
}

/// Pages of a table, or of a leaf of it, that are read in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The table or leaf.
    pub relation: String,
    /// From this page on.
    pub from: u32,
    /// Up to before this page; to the end without one.
    pub to: Option<u32>,
}

/// A relation as the catalog has it.
struct Relation {
    name: String,
    parent: Option<String>,
    is_partitioned: bool,
    partition_key: Option<String>,
    bounds: Option<String>,
    pages: u32,
    bytes: u64,
}

impl Snapshot {
    /// Locks every table against being dropped or rebuilt, and takes the snapshot then: what it shows is
    /// what can be read.
    pub async fn take(settings: &DatabaseSettings) -> Result<Self, DbError> {
        let client = connect_for_copies(settings).await?;
        let tables = list_tables(&client).await?;
        client
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await?;
        client.batch_execute(LOCK_PATIENCE).await?;
        lock(&client, &tables).await?;
        let row = client
            .query_one("SELECT pg_export_snapshot(), clock_timestamp()", &[])
            .await?;
        let snapshot = Self {
            name: row.try_get(0)?,
            taken_at: row.try_get(1)?,
            client,
        };
        // A partition that came between the two is seen and must not go either.
        lock(&snapshot.client, &list_tables(&snapshot.client).await?).await?;
        Ok(snapshot)
    }

    /// Another connection that sees the same.
    pub async fn reader(&self, settings: &DatabaseSettings) -> Result<Reader, DbError> {
        let client = connect_for_copies(settings).await?;
        client
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await?;
        // The name is the server's own: digits, letters and dashes.
        let see = format!("SET TRANSACTION SNAPSHOT '{}'", self.name.replace('\'', ""));
        client.batch_execute(&see).await?;
        Ok(Reader { client })
    }

    /// Every table, the largest first: the last one to be read is then a small one.
    pub async fn tables(&self) -> Result<Vec<SourceTable>, DbError> {
        let relations = relations(&self.client).await?;
        let roots: HashMap<&str, &str> = relations
            .iter()
            .map(|relation| (relation.name.as_str(), root(relation, &relations)))
            .collect();
        let mut tables = Vec::new();
        for relation in relations.iter().filter(|relation| relation.parent.is_none()) {
            let leaves: Vec<&Relation> = relations
                .iter()
                .filter(|leaf| {
                    !leaf.is_partitioned && roots.get(leaf.name.as_str()) == Some(&&*relation.name)
                })
                .collect();
            tables.push(SourceTable {
                name: relation.name.clone(),
                columns: columns(&self.client, &relation.name).await?,
                bytes: leaves.iter().map(|leaf| leaf.bytes).sum(),
                stretches: leaves.iter().flat_map(|leaf| stretches(leaf)).collect(),
            });
        }
        tables.sort_by(|one, other| {
            other
                .bytes
                .cmp(&one.bytes)
                .then_with(|| one.name.cmp(&other.name))
        });
        Ok(tables)
    }

    /// The partitions there are, parents before their children.
    pub async fn partitions(&self) -> Result<Vec<PartitionDump>, DbError> {
        let relations = relations(&self.client).await?;
        let mut partitions: Vec<(usize, PartitionDump)> = relations
            .iter()
            .filter_map(|relation| {
                let key = relation
                    .partition_key
                    .as_ref()
                    .map_or_else(String::new, |key| format!(" PARTITION BY {key}"));
                let dump = PartitionDump {
                    name: relation.name.clone(),
                    parent: relation.parent.clone()?,
                    bounds: format!("{}{key}", relation.bounds.as_deref()?),
                };
                Some((depth(relation, &relations), dump))
            })
            .collect();
        partitions.sort_by(|one, other| (one.0, &one.1.name).cmp(&(other.0, &other.1.name)));
        Ok(partitions.into_iter().map(|(_, dump)| dump).collect())
    }

    /// Indexes and constraints that are made after the rows are there, in that order.
    pub async fn after_data(&self) -> Result<Vec<AfterData>, DbError> {
        let rows = self.client.query(AFTER_DATA, &[]).await?;
        let mut found = Vec::new();
        for row in rows {
            let kind = match row.try_get::<_, &str>(0)? {
                "index" => Kind::Index,
                "key" => Kind::Key,
                _ => Kind::ForeignKey,
            };
            let (table, name): (String, String) = (row.try_get(1)?, row.try_get(2)?);
            let definition: String = row.try_get(4)?;
            let (drop, create) = match kind {
                // An index of a partitioned table is made with those of its leaves.
                Kind::Index => (
                    format!("DROP INDEX IF EXISTS {}", quoted(&name)),
                    definition.replacen(" ON ONLY ", " ON ", 1),
                ),
                Kind::Key | Kind::ForeignKey => (
                    format!(
                        "ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}",
                        quoted(&table),
                        quoted(&name)
                    ),
                    format!(
                        "ALTER TABLE {} ADD CONSTRAINT {} {definition}",
                        quoted(&table),
                        quoted(&name)
                    ),
                ),
            };
            found.push(AfterData {
                kind,
                table,
                name,
                refers_to: row.try_get(3)?,
                drop,
                create,
            });
        }
        found.sort_by(|one, other| {
            (one.kind, &one.table, &one.name).cmp(&(other.kind, &other.table, &other.name))
        });
        Ok(found)
    }

    /// The steps of the schema that were applied.
    pub async fn migrations(&self) -> Result<Vec<MigrationStep>, DbError> {
        applied_steps(&self.client).await
    }

    /// The schema as lines.
    pub async fn schema(&self) -> Result<Vec<String>, DbError> {
        schema_lines(&self.client).await
    }

    /// Where the sequences stand. They are in no snapshot: asked for after the rows, none stands before
    /// a number that is in a row.
    pub async fn sequences(&self) -> Result<Vec<SequenceDump>, DbError> {
        let statement = "SELECT relname::text FROM pg_class
                         WHERE relkind = 'S' AND relnamespace = current_schema()::text::regnamespace ORDER BY 1";
        let mut found = Vec::new();
        for row in self.client.query(statement, &[]).await? {
            let name: String = row.try_get(0)?;
            let state = format!("SELECT last_value, is_called FROM {}", quoted(&name));
            let state = self.client.query_one(&state, &[]).await?;
            found.push(SequenceDump {
                name,
                last_value: state.try_get(0)?,
                is_called: state.try_get(1)?,
            });
        }
        Ok(found)
    }

    /// The database's name, the server's version, and what all of it takes up on disk in bytes.
    pub async fn about(&self) -> Result<(String, String, u64), DbError> {
        let statement = "SELECT current_database()::text, current_setting('server_version'), \
                         pg_database_size(current_database())";
        let row = self.client.query_one(statement, &[]).await?;
        let bytes: i64 = row.try_get(2)?;
        Ok((row.try_get(0)?, row.try_get(1)?, bytes.unsigned_abs()))
    }
}

/// A connection that sees a snapshot.
#[derive(Debug)]
pub struct Reader {
    client: Client,
}

impl Reader {
    /// The rows of a stretch in COPY's text format.
    pub async fn copy_out(&self, columns: &[String], stretch: &Stretch) -> Result<CopyOutStream, DbError> {
        let (columns, relation) = (names(columns), quoted(&stretch.relation));
        let condition = match (stretch.from, stretch.to) {
            (0, None) => None,
            (0, Some(to)) => Some(format!("ctid < '({to},0)'")),
            (from, None) => Some(format!("ctid >= '({from},0)'")),
            (from, Some(to)) => Some(format!("ctid >= '({from},0)' AND ctid < '({to},0)'")),
        };
        let statement = match condition {
            None => format!("COPY {relation} ({columns}) TO STDOUT"),
            Some(pages) => format!("COPY (SELECT {columns} FROM ONLY {relation} WHERE {pages}) TO STDOUT"),
        };
        Ok(self.client.copy_out(&statement).await?)
    }
}

/// The steps of the schema that were applied, in order.
pub async fn applied_steps(client: &Client) -> Result<Vec<MigrationStep>, DbError> {
    let statement = "SELECT version, title, checksum FROM schema_migrations ORDER BY version";
    let rows = client.query(statement, &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(MigrationStep {
                version: row.try_get(0)?,
                title: row.try_get(1)?,
                checksum: row.try_get(2)?,
            })
        })
        .collect()
}

/// The names of all tables and partitions of the schema.
pub(super) async fn list_tables(client: &Client) -> Result<Vec<String>, DbError> {
    let statement = "SELECT relname::text FROM pg_class
                     WHERE relkind IN ('r', 'p') AND relpersistence <> 't'
                       AND relnamespace = current_schema()::text::regnamespace
                     ORDER BY relname";
    let rows = client.query(statement, &[]).await?;
    let names = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>();
    Ok(names?)
}

async fn lock(client: &Client, tables: &[String]) -> Result<(), DbError> {
    if tables.is_empty() {
        return Ok(());
    }
    let lock = format!("LOCK TABLE ONLY {} IN ACCESS SHARE MODE", {
        let names: Vec<String> = tables.iter().map(|table| quoted(table)).collect();
        names.join(", ONLY ")
    });
    Ok(client.batch_execute(&lock).await?)
}

async fn relations(client: &Client) -> Result<Vec<Relation>, DbError> {
    let statement = "SELECT c.relname::text, p.relname::text, c.relkind = 'p', pg_get_partkeydef(c.oid),
                            pg_get_expr(c.relpartbound, c.oid),
                            CASE c.relkind WHEN 'p' THEN 0 ELSE pg_relation_size(c.oid) END
                                / current_setting('block_size')::bigint,
                            CASE c.relkind WHEN 'p' THEN 0 ELSE pg_table_size(c.oid) END
                     FROM pg_class AS c
                     LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
                     LEFT JOIN pg_class AS p ON p.oid = i.inhparent
                     WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
                       AND c.relnamespace = current_schema()::text::regnamespace
                     ORDER BY c.relname";
    let rows = client.query(statement, &[]).await?;
    rows.iter()
        .map(|row| {
            let (pages, bytes): (i64, i64) = (row.try_get(5)?, row.try_get(6)?);
            Ok(Relation {
                name: row.try_get(0)?,
                parent: row.try_get(1)?,
                is_partitioned: row.try_get(2)?,
                partition_key: row.try_get(3)?,
                bounds: row.try_get(4)?,
                pages: u32::try_from(pages).unwrap_or(u32::MAX),
                bytes: bytes.unsigned_abs(),
            })
        })
        .collect()
}

fn parent<'a>(relation: &Relation, all: &'a [Relation]) -> Option<&'a Relation> {
    let name = relation.parent.as_deref()?;
    all.iter().find(|other| other.name == name)
}

fn root<'a>(relation: &'a Relation, all: &'a [Relation]) -> &'a str {
    parent(relation, all).map_or(&relation.name, |parent| root(parent, all))
}

fn depth(relation: &Relation, all: &[Relation]) -> usize {
    parent(relation, all).map_or(0, |parent| 1 + depth(parent, all))
}

/// Cuts a leaf so that each stretch is about 64 MiB, values that lie outside of its pages included.
fn stretches(leaf: &Relation) -> Vec<Stretch> {
    let whole = u64::from(STRETCH) * 8192;
    let count = u32::try_from(leaf.bytes.div_ceil(whole))
        .unwrap_or(u32::MAX)
        .clamp(1, leaf.pages.max(1));
    let step = leaf.pages.div_ceil(count).max(1);
    (0..count)
        .map(|n| n.saturating_mul(step))
        .filter(|from| *from == 0 || *from < leaf.pages)
        .map(|from| Stretch {
            relation: leaf.name.clone(),
            from,
            // The last one has no end: a row that grew beyond the size read before is not lost.
            to: Some(from.saturating_add(step)).filter(|to| *to < leaf.pages),
        })
        .collect()
}

/// Indexes, keys and foreign keys that are not part of another one: those of leaves come with their parent's.
///
/// A key is made of its index where it can be: two connections can make two indexes of one table at a time,
/// but not two keys. It cannot be of a partitioned table, of an exclusion, and where it is deferrable.
const AFTER_DATA: &str = "
WITH of_index AS (
    SELECT con.oid, con.conindid, CASE con.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END AS word
    FROM pg_constraint AS con JOIN pg_class AS t ON t.oid = con.conrelid
    WHERE con.contype IN ('p', 'u') AND t.relkind = 'r' AND NOT con.condeferrable
)
SELECT CASE con.contype WHEN 'f' THEN 'foreign key' ELSE 'key' END, t.relname::text, con.conname::text, r.relname::text,
       coalesce((SELECT format('%s USING INDEX %I', word, con.conname) FROM of_index WHERE of_index.oid = con.oid),
                pg_get_constraintdef(con.oid))
FROM pg_constraint AS con
JOIN pg_class AS t ON t.oid = con.conrelid
LEFT JOIN pg_class AS r ON r.oid = con.confrelid AND con.contype = 'f'
WHERE con.contype IN ('p', 'u', 'x', 'f') AND con.conparentid = 0
  AND t.relnamespace = current_schema()::text::regnamespace
UNION ALL
SELECT 'index', t.relname::text, i.relname::text, NULL, pg_get_indexdef(x.indexrelid)
FROM pg_index AS x
JOIN pg_class AS i ON i.oid = x.indexrelid
JOIN pg_class AS t ON t.oid = x.indrelid
WHERE t.relnamespace = current_schema()::text::regnamespace AND t.relkind IN ('r', 'p')
  AND NOT i.relispartition AND x.indisvalid
  AND NOT EXISTS (SELECT FROM pg_constraint AS con WHERE con.conindid = x.indexrelid AND con.contype IN ('p', 'u', 'x')
                  AND con.oid NOT IN (SELECT oid FROM of_index))";

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(pages: u32, bytes: u64) -> Relation {
        Relation {
            name: "t".to_owned(),
            parent: None,
            is_partitioned: false,
            partition_key: None,
            bounds: None,
            pages,
            bytes,
        }
    }

    #[test]
    fn every_page_is_in_one_stretch_and_the_last_has_no_end() {
        let mib = 1 << 20;
        for (pages, bytes) in [
            (0, 0),
            (1, 8192),
            (8192, 64 * mib),
            (8193, 65 * mib),
            (100_000, 800 * mib),
            // Few pages whose values lie elsewhere.
            (10, 6400 * mib),
            (3, 129 * mib),
        ] {
            let found = stretches(&leaf(pages, bytes));
            assert_eq!(found.first().map(|stretch| stretch.from), Some(0), "{pages}");
            assert_eq!(found.last().map(|stretch| stretch.to), Some(None), "{pages}");
            for pair in found.windows(2) {
                assert_eq!(pair[0].to, Some(pair[1].from), "{pages}");
                assert!(pair[0].from < pair[1].from);
            }
        }
        assert_eq!(stretches(&leaf(100_000, 800 * mib)).len(), 13);
        assert_eq!(stretches(&leaf(10, 6400 * mib)).len(), 10);
    }
}
