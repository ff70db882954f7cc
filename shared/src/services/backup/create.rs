//! A backup is made: one snapshot, all tables, then what it says about itself.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt as _, try_join_all};
use serde::Serialize;

use super::table::TableJob;
use super::{BackupError, Vault, WORKERS, database, seal, within};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::admin::{Snapshot, restore_script};
use crate::db::migrations::MIGRATIONS;
use crate::digest::sha256;
use crate::domain::backups::{BackupId, FORMAT, FileDigest, Manifest, MigrationStep, object_key};
use crate::domain::wire::Utc;
use crate::storage::BlobStore;

/// The largest database, in bytes on disk, that is counted on to be backed up and read back within twelve
/// minutes in a Lambda of 1,769 MB: four fifths of what one processor managed with a local store, see
/// docs/BENCHMARKS.md.
const FITS_A_LAMBDA: u64 = 60 << 30;

/// From this share of it on a backup warns, in percent; the alarm does too.
pub const WARN_FROM_PCT: u64 = 70;

/// The name of the manifest's object.
pub(super) const MANIFEST: &str = "manifest.json";

/// The name of the script for stock tools.
pub(super) const RESTORE_SQL: &str = "restore.sql";

/// A backup that was made.
#[derive(Debug, Clone, Serialize)]
pub struct Created {
    /// Its name.
    pub backup: String,
    /// The moment whose state it has.
    pub snapshot_at: Utc,
    /// Tables.
    pub tables: usize,
    /// Rows of all tables.
    pub rows: u64,
    /// What the database takes up on disk, in bytes.
    pub database_bytes: u64,
    /// Length of all rows as text, in bytes.
    pub text_bytes: u64,
    /// What is in the store, in bytes.
    pub stored_bytes: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// What the database is of the largest that fits, in percent.
    pub fits_pct: u64,
}

/// Makes a backup within `patience`, if any is given. One that fails leaves nothing that anybody would take
/// for one.
pub async fn create(app: &App, vault: &Vault, patience: Option<Duration>) -> Result<Created, BackupError> {
    let watch = Stopwatch::start();
    let id = BackupId::begun_at(app.clock.now());
    let snapshot = Snapshot::take(database(app)?).await?;
    let tables = snapshot.tables().await?;
    let jobs: Vec<TableJob> = tables
        .into_iter()
        .map(|table| TableJob::new(table, &id.prefix()))
        .collect();

    let left = patience.map(|patience| patience.saturating_sub(watch.elapsed()));
    match within(left, write(app, vault, id, &snapshot, &jobs)).await {
        Ok(manifest) => Ok(created(id, &manifest, watch.elapsed_ms())),
        Err(error) => {
            give_up(&*vault.store, &jobs).await;
            Err(error)
        }
    }
}

async fn write(
    app: &App,
    vault: &Vault,
    id: BackupId,
    snapshot: &Snapshot,
    jobs: &[TableJob],
) -> Result<Manifest, BackupError> {
    let store = &*vault.store;
    // A schema that this program cannot make would be found out only after the rows.
    schema_steps(&snapshot.migrations().await?)?;
    let readers: Vec<BoxFuture<'_, _>> = (0..WORKERS)
        .map(|_| read_tables(app, snapshot, jobs, store).boxed())
        .collect();
    try_join_all(readers).await?;
    for job in jobs {
        job.complete_empty(store).await?;
    }
    let mut manifest = describe(id, snapshot, jobs).await?;
    let script = script(id, &manifest)?;
    manifest.restore_sql = FileDigest {
        bytes: script.len() as u64,
        sha256: sha256(&script),
    };
    store.put(&object_key(id, RESTORE_SQL), script).await?;
    // Last: from here on it is a backup.
    let sealed = seal::seal(&manifest, &vault.keys)?;
    store.put(&object_key(id, MANIFEST), sealed).await?;
    Ok(manifest)
}

/// One connection goes through the tables and helps with each that is not yet read.
async fn read_tables(
    app: &App,
    snapshot: &Snapshot,
    jobs: &[TableJob],
    store: &dyn BlobStore,
) -> Result<(), BackupError> {
    let reader = snapshot.reader(database(app)?).await?;
    for job in jobs {
        job.work(&reader, store).await?;
    }
    Ok(())
}

async fn describe(id: BackupId, snapshot: &Snapshot, jobs: &[TableJob]) -> Result<Manifest, BackupError> {
    let (database, server_version, database_bytes) = snapshot.about().await?;
    Ok(Manifest {
        format: FORMAT,
        backup: id.to_string(),
        snapshot_at: snapshot.taken_at,
        database,
        server_version,
        database_bytes,
        migrations: snapshot.migrations().await?,
        tables: jobs.iter().map(TableJob::dump).collect(),
        partitions: snapshot.partitions().await?,
        sequences: snapshot.sequences().await?,
        after_data: snapshot.after_data().await?,
        schema: snapshot.schema().await?,
        restore_sql: FileDigest {
            bytes: 0,
            sha256: String::new(),
        },
    })
}

/// The script for stock tools; the schema is in it.
fn script(id: BackupId, manifest: &Manifest) -> Result<Bytes, BackupError> {
    let steps = schema_steps(&manifest.migrations)?;
    Ok(Bytes::from(restore_script(id, manifest, &steps)))
}

/// The files of the schema's steps, if they are those that were applied.
pub(super) fn schema_steps(applied: &[MigrationStep]) -> Result<Vec<&'static str>, BackupError> {
    applied
        .iter()
        .map(
            |step| match MIGRATIONS.iter().find(|known| known.version == step.version) {
                Some(known) if known.checksum() == step.checksum => Ok(known.up),
                Some(known) => Err(BackupError::Checksum(known.up_file())),
                None => Err(BackupError::Version {
                    found: step.version,
                    known: MIGRATIONS.last().map_or(0, |known| known.version),
                }),
            },
        )
        .collect()
}

/// What was begun is taken back as well as possible; what stays is swept by a later run.
async fn give_up(store: &dyn BlobStore, jobs: &[TableJob]) {
    for upload in jobs.iter().filter_map(TableJob::begun) {
        if let Err(error) = store.abort(upload).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                key = upload.key,
                "what was begun could not be taken back; it is swept later"
            );
        }
    }
}

/// How much a database is of the largest that fits, in percent.
const fn fits_pct(database_bytes: u64) -> u64 {
    database_bytes.saturating_mul(100) / FITS_A_LAMBDA
}

fn created(id: BackupId, manifest: &Manifest, duration_ms: i64) -> Created {
    let fits_pct = fits_pct(manifest.database_bytes);
    if fits_pct >= WARN_FROM_PCT {
        tracing::warn!(
            fits_pct,
            database_bytes = manifest.database_bytes,
            "the database will soon be too large for a backup in one run; see docs/RUNBOOK.md"
        );
    }
    Created {
        backup: id.to_string(),
        snapshot_at: manifest.snapshot_at.into(),
        tables: manifest.tables.len(),
        rows: manifest.rows(),
        database_bytes: manifest.database_bytes,
        text_bytes: manifest.text_bytes(),
        stored_bytes: manifest.bytes(),
        duration_ms,
        fits_pct,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_tenths_of_what_fits_are_warned_of() {
        let gib = |gib: u64| fits_pct(gib << 30);
        assert!(gib(41) < WARN_FROM_PCT && gib(42) == WARN_FROM_PCT);
        assert_eq!((gib(0), gib(60)), (0, 100));
        assert!(fits_pct(u64::MAX) > 100);
    }
}
