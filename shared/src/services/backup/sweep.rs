//! What nobody needs any more is thrown away, and what was never finished.

use jiff::SignedDuration;
use serde::Serialize;

use super::catalog::by_backup;
use super::create::MANIFEST;
use super::{BackupError, Vault, list};
use crate::app::App;
use crate::domain::backups::{Held, PREFIX, object_key, unneeded};

/// An upload that began longer ago belongs to a run that died: none may run for so long.
const ABANDONED: SignedDuration = SignedDuration::from_hours(24);

/// What was thrown away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Backups, by name.
    pub deleted: Vec<String>,
    /// Objects that were begun and never completed.
    pub uploads: usize,
    /// Backups that are kept.
    pub kept: usize,
}

/// Deletes what the rules of keeping let go. The manifest goes first: a backup that is half deleted is no
/// backup any more.
pub async fn sweep(app: &App, vault: &Vault) -> Result<Swept, BackupError> {
    let now = app.clock.now();
    let held: Vec<Held> = list(vault).await?.iter().map(super::Entry::held).collect();
    let gone = unneeded(&held, now);
    let objects = by_backup(vault.store.list(PREFIX).await?);
    for id in &gone {
        vault.store.delete(&object_key(*id, MANIFEST)).await?;
        for object in objects.get(id).into_iter().flatten() {
            vault.store.delete(&object.key).await?;
        }
    }
    let mut uploads = 0;
    for upload in vault.store.uploads(PREFIX).await? {
        let is_old = upload
            .begun_at
            .is_none_or(|begun_at| now.duration_since(begun_at) > ABANDONED);
        if is_old {
            vault.store.abort(&upload).await?;
            uploads += 1;
        }
    }
    Ok(Swept {
        deleted: gone.iter().map(ToString::to_string).collect(),
        uploads,
        kept: held.len() - gone.len(),
    })
}
