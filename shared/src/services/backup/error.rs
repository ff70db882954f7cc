//! What can go wrong with a backup, and what can be wrong with one.

use crate::db::DbError;
use crate::db::migrations::MigrationError;
use crate::domain::backups::{BackupId, MalformedRow};
use crate::domain::identity::UserId;
use crate::storage::StorageError;

/// A backup that was not made, read or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// This process was told of no store, or of no database.
    #[error("this process declared no store of backups, or no database")]
    NotDeclared,
    /// The database failed.
    #[error("the database cannot be read or written")]
    Database(#[from] DbError),
    /// The store failed.
    #[error("the store of backups failed")]
    Storage(#[from] StorageError),
    /// The schema cannot be made.
    #[error("the schema cannot be made")]
    Schema(#[from] MigrationError),
    /// The time ran out.
    #[error("there was not enough time: nothing of it is kept")]
    OutOfTime,
    /// What reads or packs in the background stopped.
    #[error("a thread that packs rows stopped")]
    Interrupted,
    /// Rows cannot be packed.
    #[error("rows cannot be packed")]
    Packing(#[source] std::io::Error),
    /// The manifest cannot be written.
    #[error("the manifest cannot be written")]
    Manifest(#[from] serde_json::Error),
    /// There is no backup that could be used.
    #[error("there is no complete backup in the store")]
    None,
    /// There is no such backup.
    #[error("there is no backup {0}")]
    Unknown(BackupId),
    /// The backup is not what it says.
    #[error("the backup {backup} is damaged: {damage}")]
    Damaged {
        /// Which one.
        backup: BackupId,
        /// What is wrong.
        damage: Damage,
    },
    /// A row is none.
    #[error("a row of {table} cannot be read")]
    Row {
        /// The table.
        table: String,
        /// Why not.
        #[source]
        source: MalformedRow,
    },
    /// The backup is of another version of the schema than this program can make.
    #[error(
        "the backup has the schema's version {found}, this program knows up to {known}: use the program of that version"
    )]
    Version {
        /// The backup's.
        found: i32,
        /// Ours.
        known: i32,
    },
    /// The backup's schema was made by other files than ours.
    #[error("the backup was made with another file {0}: use the program of its version")]
    Checksum(String),
    /// The target's name is none.
    #[error("the name of a database has at most 63 bytes: {0}")]
    Name(String),
    /// The target is there.
    #[error(
        "there is a database {0} already, nothing was changed; say twice that it is to be replaced: overwrite, and confirm {0}"
    )]
    Exists(String),
    /// It was said once that the target is to be overwritten, or with another name.
    #[error("overwrite replaces what is there: say the database's name again, confirm {0}")]
    Unconfirmed(String),
    /// A table and a user at once.
    #[error("a table or a user is restored, not both at once")]
    TableAndUser,
    /// The target has another schema.
    #[error(
        "the database has the schema's version {found}, the backup {backup}: restore into a new database"
    )]
    OtherSchema {
        /// The database's.
        found: i32,
        /// The backup's.
        backup: i32,
    },
    /// There is no such table in the backup.
    #[error("the backup has no table {0}")]
    NoTable(String),
    /// There is no such user in the backup.
    #[error("the backup has no user {0}")]
    NoUser(UserId),
}

/// What is wrong with a backup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The manifest is no manifest.
    #[error("its manifest cannot be read: {0}")]
    Manifest(String),
    /// The manifest was changed, or signed by somebody else.
    #[error("its manifest has no signature that is believed")]
    Signature,
    /// The manifest is another backup's.
    #[error("its manifest is that of the backup {0}")]
    Moved(String),
    /// An object is not there.
    #[error("{file} is missing")]
    Missing {
        /// Which one.
        file: String,
    },
    /// An object has another length.
    #[error("{file} has {found} bytes instead of {expected}")]
    Length {
        /// Which one.
        file: String,
        /// As the manifest says.
        expected: u64,
        /// As it is.
        found: u64,
    },
    /// An object has other bytes.
    #[error("{file} has other bytes than when it was written")]
    Bytes {
        /// Which one.
        file: String,
    },
    /// An object cannot be unpacked.
    #[error("{file} cannot be unpacked: {why}")]
    Packing {
        /// Which one.
        file: String,
        /// Why not.
        why: String,
    },
    /// A table has other rows.
    #[error("{table} has {found} rows instead of {expected}")]
    Rows {
        /// The table.
        table: String,
        /// As the manifest says.
        expected: u64,
        /// As it is.
        found: u64,
    },
    /// A table has as many rows, but others.
    #[error("{table} has other rows than the manifest says")]
    Content {
        /// The table.
        table: String,
    },
    /// The restored schema is another one.
    #[error("the restored schema differs: {0}")]
    Schema(String),
    /// What was restored cannot be used.
    #[error("the restored database cannot be used: {0}")]
    Unusable(String),
}
