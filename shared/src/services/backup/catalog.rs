//! Which backups there are. One without a manifest is none: it is being made, or was never finished.

use std::collections::BTreeMap;

use super::create::MANIFEST;
use super::{BackupError, Damage, Proof, ProofKind, Vault, proof, seal};
use crate::domain::backups::{BackupId, FORMAT, Held, Manifest, PREFIX, is_proof, object_key};
use crate::storage::Object;

/// What is in the store under a backup's name.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name.
    pub id: BackupId,
    /// Whether it is one.
    pub state: State,
    /// What came of looking at it, the oldest first.
    pub proofs: Vec<Proof>,
    /// The keys of all that lies under its name.
    pub(super) keys: Vec<String>,
}

/// Whether something is a backup.
#[derive(Debug, Clone)]
pub enum State {
    /// It has a manifest that is believed.
    Complete(Box<Manifest>),
    /// It has no manifest: it is being made, or was never finished.
    Unfinished,
    /// It has a manifest that is not believed.
    Damaged(Damage),
}

impl Entry {
    /// Whether a restore of it was proven, and no later one failed.
    pub fn is_proven(&self) -> bool {
        let last = self.proofs.iter().rfind(|proof| proof.kind == ProofKind::Drill);
        last.is_some_and(|proof| proof.passed)
    }

    /// What the rules of keeping know of it.
    pub(super) fn held(&self) -> Held {
        Held {
            id: self.id,
            is_complete: !matches!(self.state, State::Unfinished),
            is_proven: self.is_proven(),
        }
    }
}

/// All that is in the store, the oldest first.
pub async fn list(vault: &Vault) -> Result<Vec<Entry>, BackupError> {
    let mut entries = Vec::new();
    for (id, objects) in by_backup(vault.store.list(PREFIX).await?) {
        entries.push(entry(vault, id, &objects).await?);
    }
    Ok(entries)
}

/// A backup by its name, or the newest complete one.
pub async fn find(vault: &Vault, wanted: Option<BackupId>) -> Result<(BackupId, Manifest), BackupError> {
    let id = match wanted {
        Some(id) => id,
        None => newest(vault).await?.ok_or(BackupError::None)?,
    };
    let damaged = |damage| BackupError::Damaged { backup: id, damage };
    let manifest = read_manifest(vault, id).await?.ok_or(BackupError::Unknown(id))?;
    Ok((id, manifest.map_err(damaged)?))
}

async fn newest(vault: &Vault) -> Result<Option<BackupId>, BackupError> {
    let held = by_backup(vault.store.list(PREFIX).await?);
    let newest = held.iter().rfind(|(id, objects)| has_manifest(**id, objects));
    Ok(newest.map(|(id, _)| *id))
}

async fn entry(vault: &Vault, id: BackupId, objects: &[Object]) -> Result<Entry, BackupError> {
    let state = match read_manifest(vault, id).await? {
        None => State::Unfinished,
        Some(Ok(manifest)) => State::Complete(Box::new(manifest)),
        Some(Err(damage)) => State::Damaged(damage),
    };
    let mut proofs = Vec::new();
    for object in objects.iter().filter(|object| is_proof(&object.key)) {
        proofs.extend(proof::read(vault, id, &object.key).await?);
    }
    proofs.sort_by_key(|proof| proof.at);
    let keys = objects.iter().map(|object| object.key.clone()).collect();
    Ok(Entry {
        id,
        state,
        proofs,
        keys,
    })
}

/// The manifest of a backup, or what is wrong with it; nothing without one.
async fn read_manifest(vault: &Vault, id: BackupId) -> Result<Option<Result<Manifest, Damage>>, BackupError> {
    let sealed = match vault.store.get(&object_key(id, MANIFEST)).await {
        Err(error) if error.is_missing() => return Ok(None),
        other => other?,
    };
    Ok(Some(believed(vault, id, &sealed)))
}

fn believed(vault: &Vault, id: BackupId, sealed: &[u8]) -> Result<Manifest, Damage> {
    let manifest: Manifest = seal::open(sealed, &vault.keys)?;
    if manifest.format != FORMAT {
        return Err(Damage::Manifest(format!(
            "it has the layout {}, this program reads {FORMAT}",
            manifest.format
        )));
    }
    if manifest.backup != id.to_string() {
        return Err(Damage::Moved(manifest.backup));
    }
    Ok(manifest)
}

fn has_manifest(id: BackupId, objects: &[Object]) -> bool {
    let key = object_key(id, MANIFEST);
    objects.iter().any(|object| object.key == key)
}

/// Objects by the backup they belong to; what lies elsewhere is nobody's.
fn by_backup(objects: Vec<Object>) -> BTreeMap<BackupId, Vec<Object>> {
    let mut found: BTreeMap<BackupId, Vec<Object>> = BTreeMap::new();
    for object in objects {
        if let Some(id) = BackupId::of_key(&object.key) {
            found.entry(id).or_default().push(object);
        }
    }
    found
}
