//! What nobody needs any more is thrown away, and what was never finished.

use jiff::SignedDuration;
use serde::Serialize;

use super::create::MANIFEST;
use super::{BackupError, Entry, Vault, list};
use crate::app::App;
use crate::domain::backups::{Held, PREFIX, object_key, unneeded};

/// An upload that began longer ago belongs to a run that died: none may run for so long.
const ABANDONED: SignedDuration = SignedDuration::from_hours(24);

/// What was thrown away, and what was not.
#[derive(Debug, Serialize)]
pub struct Swept {
    /// Backups that are gone, by name.
    pub deleted: Vec<String>,
    /// Objects that were begun and never completed.
    pub uploads: usize,
    /// Backups that are kept.
    pub kept: usize,
    /// The same, as they were found.
    #[serde(skip)]
    pub left: Vec<Entry>,
}

/// Deletes what the rules of keeping let go. The manifest goes first: a backup that is half deleted is no
/// backup any more.
pub async fn sweep(app: &App, vault: &Vault) -> Result<Swept, BackupError> {
    let now = app.clock.now();
    let entries = list(vault).await?;
    let held: Vec<Held> = entries.iter().map(Entry::held).collect();
    let unneeded = unneeded(&held, now);
    let (gone, left): (Vec<Entry>, Vec<Entry>) = entries
        .into_iter()
        .partition(|entry| unneeded.contains(&entry.id));
    for entry in &gone {
        vault.store.delete(&object_key(entry.id, MANIFEST)).await?;
        for key in &entry.keys {
            vault.store.delete(key).await?;
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
        deleted: gone.iter().map(|entry| entry.id.to_string()).collect(),
        uploads,
        kept: left.len(),
        left,
    })
}
