//! Backups: how they are called and laid out, what a manifest says, what is kept, whose row is whose.
//!
//! Pure: reads and writes nothing, checks no signature.

mod copy_text;
mod id;
mod manifest;
mod owners;
mod retention;
mod tally;

pub use copy_text::{Filter, MalformedRow, field};
pub use id::{BackupId, BackupIdError, PREFIX, is_proof, object_key, proof_file};
pub use manifest::{
    AfterData, FORMAT, FileDigest, Kind, Manifest, MigrationStep, Part, PartitionDump, SequenceDump,
    TableDump,
};
pub use owners::{OWNERS, Owner, Owns};
pub use retention::{Held, Kept, kept, unneeded};
pub use tally::{ContentHash, Tally};
