//! What a backup says about itself: enough to restore it, and to find out whether it is whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::tally::ContentHash;

/// The layout this code writes; it reads no other.
pub const FORMAT: u32 = 1;

/// Everything about a backup but the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout: [`FORMAT`].
    pub format: u32,
    /// The backup's own name: a manifest that was moved says so.
    pub backup: String,
    /// When the snapshot was taken: the state of all tables is that of this moment.
    pub snapshot_at: Timestamp,
    /// The database it is of.
    pub database: String,
    /// The server's version, such as `15.9`.
    pub server_version: String,
    /// What the database took up on disk, indexes included, in bytes.
    pub database_bytes: u64,
    /// The steps of the schema that were applied, in order.
    pub migrations: Vec<MigrationStep>,
    /// The tables, the largest first.
    pub tables: Vec<TableDump>,
    /// Leaves of partitioned tables, parents before their children.
    pub partitions: Vec<PartitionDump>,
    /// Sequences and where they stood.
    pub sequences: Vec<SequenceDump>,
    /// Indexes and constraints, which are made when the rows are there, in this order.
    pub after_data: Vec<AfterData>,
    /// The schema as lines, to compare another one with.
    pub schema: Vec<String>,
    /// The script that restores it with stock tools.
    pub restore_sql: FileDigest,
}

/// One step of the schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MigrationStep {
    /// Its number.
    pub version: i32,
    /// Its number and name.
    pub title: String,
    /// SHA-256 of its file.
    pub checksum: String,
}

/// A file's length and hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

/// One table's rows: an object that `gunzip -c` turns into COPY's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDump {
    /// The table.
    pub table: String,
    /// Its object, below the backup.
    pub file: String,
    /// The columns of a row, in order.
    pub columns: Vec<String>,
    /// How many rows.
    pub rows: u64,
    /// The hash of all rows, whatever their order.
    pub content_hash: ContentHash,
    /// Length of the text, in bytes.
    pub text_bytes: u64,
    /// The object's length and hash.
    #[serde(flatten)]
    pub digest: FileDigest,
    /// The pieces of the object, in order. Each begins and ends with a gzip member and a row, so that
    /// several can be read at once.
    pub parts: Vec<Part>,
}

/// A piece of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its length in bytes.
    pub bytes: u64,
    /// The rows in it.
    pub rows: u64,
}

/// A leaf or a branch of a partitioned table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionDump {
    /// Its name.
    pub name: String,
    /// The table it is a part of.
    pub parent: String,
    /// What lies in it: `FOR VALUES …`.
    pub bounds: String,
}

/// A sequence and where it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceDump {
    /// Its name.
    pub name: String,
    /// Its last value.
    pub last_value: i64,
    /// Whether that value was given out.
    pub is_called: bool,
}

/// What an index or a constraint is, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An index; of a key too, where the key can be made of it.
    Index,
    /// A primary key, a unique or an exclusion constraint.
    Key,
    /// A foreign key.
    ForeignKey,
}

/// An index or a constraint that is made when the rows are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterData {
    /// Which kind.
    pub kind: Kind,
    /// The table it is of.
    pub table: String,
    /// Its name.
    pub name: String,
    /// The table that a foreign key points to.
    pub refers_to: Option<String>,
    /// The statement that takes it away.
    pub drop: String,
    /// The statement that makes it.
    pub create: String,
}

impl Manifest {
    /// The dump of a table.
    pub fn table(&self, name: &str) -> Option<&TableDump> {
        self.tables.iter().find(|dump| dump.table == name)
    }

    /// The number of the newest step of the schema; 0 without one.
    pub fn schema_version(&self) -> i32 {
        self.migrations.last().map_or(0, |step| step.version)
    }

    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|dump| dump.rows).sum()
    }

    /// Bytes of all objects of rows.
    pub fn bytes(&self) -> u64 {
        self.tables.iter().map(|dump| dump.digest.bytes).sum()
    }

    /// Length of all rows as text, in bytes.
    pub fn text_bytes(&self) -> u64 {
        self.tables.iter().map(|dump| dump.text_bytes).sum()
    }
}
