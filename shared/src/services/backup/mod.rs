//! Backups: made, listed, verified, restored, and thrown away when nobody needs them any more.
//!
//! A backup is there when its manifest is, which is written last and signed. It is proven when it was
//! restored and the copy said the same as the manifest; the proofs lie beside the backup, because the
//! database may be what was lost. Reads the database over the wire protocol alone.

mod catalog;
mod create;
mod daily;
mod drill;
mod error;
mod order;
mod packing;
mod proof;
mod queue;
mod reading;
mod restore;
mod seal;
mod sweep;
mod table;
mod verify;

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::app::App;
use crate::config::DatabaseSettings;
use crate::storage::{self, BlobStore};

pub use catalog::{Entry, State, find, list};
pub use create::{Created, WARN_FROM_PCT, create};
pub use daily::{Daily, DailyError, last_drill, run_daily, run_weekly};
pub use drill::{drill, scratch_prefix};
pub use error::{BackupError, Damage};
pub use order::{RestoreOrder, carry_out};
pub use proof::{Proof, ProofKind};
pub use restore::{Content, Progress, Restored, Selection, Stage, Target, restore};
pub use sweep::{Swept, sweep};
pub use verify::{Findings, verify_light};

/// Connections that read or write rows at the same time: as many as there are processors to pack with.
pub const WORKERS: usize = 2;

/// What all of it needs: the store, what signs manifests, the database.
#[derive(Debug, Clone)]
pub struct Vault {
    /// Where backups lie.
    pub store: Arc<dyn BlobStore>,
    /// The first signs, all are believed.
    pub keys: Arc<[SecretString]>,
}

impl Vault {
    /// The vault that a process was told of.
    pub fn of(app: &App) -> Result<Self, BackupError> {
        let settings = app.config.backups.as_ref().ok_or(BackupError::NotDeclared)?;
        Ok(Self {
            store: storage::open(&settings.place),
            keys: settings.signing_keys.clone().into(),
        })
    }
}

/// Work that is given up when the time for it is over, if there is an end to it.
async fn within<T>(
    patience: Option<Duration>,
    work: impl Future<Output = Result<T, BackupError>>,
) -> Result<T, BackupError> {
    match patience {
        None => work.await,
        Some(patience) => tokio::time::timeout(patience, work)
            .await
            .unwrap_or(Err(BackupError::OutOfTime)),
    }
}

/// The database that a process was told of.
fn database(app: &App) -> Result<&DatabaseSettings, BackupError> {
    app.config.database.as_ref().ok_or(BackupError::NotDeclared)
}
