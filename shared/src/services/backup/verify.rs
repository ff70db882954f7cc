//! A backup is looked at without restoring it: every byte is read, every row is counted.

use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::create::RESTORE_SQL;
use super::reading::{self, ReadError};
use super::{BackupError, Damage, Proof, ProofKind, Vault, WORKERS, proof};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::domain::backups::{BackupId, Manifest};

/// Everything that is wrong with a backup; empty when it is whole.
pub type Findings = Vec<Damage>;

/// Reads all of a backup, keeps what came of it beside the backup, and gives it.
pub async fn verify_light(
    app: &App,
    vault: &Vault,
    id: BackupId,
    manifest: &Manifest,
) -> Result<Proof, BackupError> {
    let watch = Stopwatch::start();
    let findings = findings(vault, id, manifest).await?;
    proof::keep(app, vault, (id, manifest), ProofKind::Light, (findings, watch)).await
}

pub(super) async fn findings(
    vault: &Vault,
    id: BackupId,
    manifest: &Manifest,
) -> Result<Findings, BackupError> {
    let store = &*vault.store;
    let checks: Vec<BoxFuture<'_, _>> = manifest
        .tables
        .iter()
        .map(|table| reading::check(store, id, table).boxed())
        .collect();
    let checked: Vec<Option<Damage>> = stream::iter(checks)
        .buffer_unordered(WORKERS)
        .try_collect()
        .await?;
    let mut findings: Findings = checked.into_iter().flatten().collect();
    match reading::small(store, id, RESTORE_SQL, &manifest.restore_sql).await {
        Ok(_) => {}
        Err(ReadError::Damaged(damage)) => findings.push(damage),
        Err(ReadError::Failed(error)) => return Err(error),
    }
    Ok(findings)
}
